// Wrong arguments.
int one(int a);
double two(double a, double b) { return a + b; }
@implementation LangTest
- (void)main
{
    [self i:sqrt(1, 2)];                 // error: 'sqrt' takes 1 argument, not 2
    [self d:two(1)];                     // error: 'two' takes 2 arguments, not 1
    [self p:[LangTest describe:@"x"]];   // error: argument 1 of 'describe:': the object 'NSString *' is not a number
    [self addInt:1 to:@2];               // error: argument 2 of 'addInt:to:'
    [self lengthOf:3];                   // error: 'int' cannot become 'struct LangSpan'
    NSLog(@"%@ %d", 3, 4);               // error: '%@' prints an object, and this is 'int'
    NSLog(@"%d %d", 3);                  // warning: the format asks for more values
    [self i:one(1)];                     // error: the program has no symbol 'one'
    [LangTest number];                   // error: 'LangTest' has no method '+number'
    [self performSelectr:@selector(x)];  // error: has no method '-performSelectr:'; did you mean 'performSelector:'?
}
@end
