// Statements outside classes run once, when the patch goes live.
@implementation LangTest
- (int)number
{
    return [super isProxy] + _number + 1;
}
- (void)main
{
    [self i:[self number]]; // expect: 1
}
@end
int loops = 0;
for (int i = 0; i < 3; i++)
    loops += i;
if (loops != 3)
    [NSException raise:@"Wrong" format:@"%d", loops];
