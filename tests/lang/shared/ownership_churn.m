// Many short-lived objects: every one goes when its scope ends.
@implementation LangTest
- (void)spin:(id)ignored
{
    @autoreleasepool {
        for (int i = 0; i < 200; i++) {
            LangCounted *c = [[LangCounted alloc] initWithValue:i];
            id d = [c copy];

            if ([d value] != i + 100)
                [NSException raise:@"Wrong" format:@"%d", i];
        }
    }
}
- (void)main
{
    [self spin:nil];
    [self p:@"done"]; // expect: done
}
@end
