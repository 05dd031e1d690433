// dealloc: the body first, then the original, once, wherever the call is written.
@implementation LangCounted
- (void)dealloc
{
    [super dealloc];
    [NSString stringWithFormat:@"still %d", _value];
    if (_value == 1)
        return;
    _value = 0;
}
@end
@implementation LangTest
- (void)main
{
    id a = [[LangCounted alloc] initWithValue:1], b = [[LangCounted alloc] initWithValue:2];

    [self i:[a value] + [b value]]; // expect: 3
}
@end
