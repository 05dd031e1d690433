// Integer division by zero raises.
@implementation LangTest
- (void)main
{
    int zero = 0;

    [self p:@"before"]; // expect: before
    [self i:1 / zero];  // raises: MendErrorDivideByZero
    [self p:@"after"];
}
@end
