// Exceptions of callees pass through; what the frame held is released.
@implementation LangTest
- (void)main
{
    LangCounted *a = [[LangCounted alloc] initWithValue:1];
    id list = @[[[LangCounted alloc] initWithValue:2], a];

    [self i:[list count]];  // expect: 2
    [self explode];         // raises: LangException
    [self p:a];
}
@end
