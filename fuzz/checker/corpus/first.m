// The smallest program: a replaced method prints.
@implementation LangTest
- (void)main
{
    [self p:@"hello"]; // expect: hello
    [self i:1 + 2 * 3]; // expect: 7
}
@end
