// init methods of a patch: self comes with a reference and goes out with one.
@implementation LangCounted
- (id)initWithValue:(int)value
{
    self = [super init];
    if (!self)
        return nil;
    _value = value * 2;
    return self;
}
- (id)initTwice:(int)value
{
    if (value < 0)
        return nil;
    return [self initWithValue:value];
}
- (id)initByOther
{
    return [[LangCounted alloc] initWithValue:50];
}
- (id)initOriginal:(int)v
{
    if ((self = [self ORGinitWithValue:v]))
        _value++;
    return self;
}
@end
@implementation LangTest
- (void)main
{
    LangCounted *a = [[LangCounted alloc] initWithValue:4], *b = [[LangCounted alloc] initTwice:5], *c;

    [self i:[a value]];      // expect: 8
    [self i:[b value]];      // expect: 10
    c = [[LangCounted alloc] initTwice:-1];
    [self i:c == nil];       // expect: 1
    [self i:[[[LangCounted alloc] initByOther] value]]; // expect: 100
    [self i:[[[LangCounted alloc] initOriginal:3] value]]; // expect: 4
}
@end
