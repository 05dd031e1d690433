// What cannot be converted.
struct s { int a; };
struct t { double a; };
struct LangSpan { long start, stop; };
@implementation LangTest
- (void)main
{
    struct s s = {1};
    struct t t = s;          // error: initialiser: 'struct s' cannot become 'struct t'
    int n = s;               // error: initialiser: 'struct s' cannot become 'int'
    id o = 3;                // error: the number 'int' is not an object; write @(...)
    n = @3;                  // error: the object 'NSNumber *' is not a number
    o = "text";              // error: a C string is not an object
    n = [self main];         // error: there is no value here
    n = *n;                  // error: '*' needs a pointer to a complete type, not 'int'
    n();                     // error: 'int' cannot be called
    if (s)                   // error: 'struct s' has no truth value
        n = 1;
    n = s + 1;               // error: '+' cannot combine 'struct s' and 'int'
    n = 2.5 % 2;             // error: '%' cannot combine 'double' and 'int'
    3 = n;                   // error: this cannot be assigned to
    n.x = 3;                 // error: needs an object or a structure, not 'int'
    [n foo];                 // error: 'int' cannot receive a message
    const int fixed = 1;
    fixed = 2;               // error: this is const
    s.b = 1;                 // error: 'struct s' has no field 'b'
    struct later *l = NULL;
    l->a = 1;                // error: 'struct later' is not defined here
    NSString *str = @[];     // warning: a 'NSArray *' is used as 'NSString *'
    char *p = &n;            // warning: becomes 'char *' without a cast
    self.span.start = 3;     // error: this cannot be assigned to; assign the whole structure
}
@end
