// A function's parameter may be called self, as in GNUstep base.
static NSUInteger lengthOf(NSString *self, NSString *other);

static NSUInteger
lengthOf(NSString *self, NSString *other)
{
    return [self length] + [other length];
}
@implementation LangTest
- (void)main
{
    [self i:(int)lengthOf(@"four", @"seven..")]; // expect: 11
}
@end
