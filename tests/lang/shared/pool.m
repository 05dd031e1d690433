// @autoreleasepool lets go at its end, also by break and return.
@implementation LangTest
- (int)number
{
    @autoreleasepool {
        return [[LangCounted make] value];
    }
}
- (void)main
{
    @autoreleasepool {
        [LangCounted make];
    }
    for (int i = 0; i < 5; i++) {
        @autoreleasepool {
            [[LangCounted make] value];
            if (i == 3)
                break;
        }
    }
    [self i:[self number]]; // expect: 1
}
@end
