// References: locals, families, temporaries, arguments, returns, loops, ivars.
@implementation LangTest
- (id)object
{
    LangCounted *local = [[LangCounted alloc] initWithValue:5];
    return local;
}
- (id)newObject
{
    return [[LangCounted alloc] initWithValue:6];
}
- (id)newFromLocal
{
    id x = [LangCounted make];
    return x;
}
- (id)pass:(id)x
{
    x = [x other];
    return x;
}
- (void)main
{
    LangCounted *a = [[LangCounted alloc] initWithValue:1], *b = a, *c;
    id copy = [a copy];

    [self i:[a value]];                              // expect: 1
    [self i:[copy value]];                           // expect: 101
    a = nil;
    [self i:[b value]];                              // expect: 1
    b = [[LangCounted alloc] initWithValue:2];
    [self i:[[[LangCounted alloc] initWithValue:3] value]]; // expect: 3
    [[LangCounted alloc] initWithValue:4];
    [LangCounted new];
    [self i:[[self object] value]];                  // expect: 5
    [self i:[[self newObject] value]];               // expect: 6
    [self i:[[self newFromLocal] value]];            // expect: 1
    [self i:[[self pass:b] value]];                  // expect: 1
    for (int i = 0; i < 10; i++) {
        id inner = [[LangCounted alloc] initWithValue:i];
        if (i == 2)
            continue;
        if (i == 5)
            break;
        c = inner;
    }
    [self i:[c value]];                              // expect: 4
    c = [[LangCounted alloc] initFailing];
    [self i:c == nil];                               // expect: 1
    _object = [b newOther];
    _object = [b newOther];
    [self i:[_object value]];                        // expect: 2
    c = YES ? [b newOther] : b;
    c = NO ? [b newOther] : b;
    [self i:[c value]];                              // expect: 2
    c = [b newOther] ?: b;
    [self i:[c value]];                              // expect: 2
    while ([[[LangCounted alloc] initWithValue:0] value])
        ;
    if ([[[LangCounted alloc] initWithValue:1] value] && [[b copy] value])
        [self p:@"both"];                            // expect: both
    [[NSMutableArray alloc] initWithObjects:a, [b copy], nil];
    [self i:[[[b copy] other] value] + [[b newOther] value]]; // expect: 3
}
@end
