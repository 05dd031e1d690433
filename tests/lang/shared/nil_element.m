// nil in a collection literal raises as natively.
@implementation LangTest
- (void)main
{
    id x = nil;

    [self p:@"before"]; // expect: before
    [self p:@[@1, x]];  // raises: NSInvalidArgumentException
}
@end
