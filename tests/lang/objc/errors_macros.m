// What is wrong in the use of a macro is shown at its use.
#define CALL(object, message) [object message]
#define LENGTH(s) ((s).lengthh)
#define PAIR(a, b) a, b
@implementation LangTest
- (void)main
{
    NSString *s = @"";
    int n;

    n = LENGTH(s); // error: lengthh
    n = PAIR(1); // error: the macro 'PAIR' takes 2 arguments, 1 given
    [self i:n];
    CALL(selv, main); // error: selv
}
#error stop here // error: #error: stop here
@end
