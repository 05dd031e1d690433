// Every way out of a scope: early returns, breaks, exceptions, out-parameters, conditionals, structures, arrays.
typedef struct { int n; } Plain;
@interface LangKeeper : NSObject {
    LangCounted *_first;
    id _second;
}
@property (nonatomic, strong) LangCounted *kept;
@property (nonatomic, copy) LangCounted *copied;
@property (nonatomic, assign) LangCounted *lent;
- (id)initWith:(LangCounted *)first fail:(BOOL)fail;
- (LangCounted *)first;
@end
static LangCounted *fresh(int n)
{
    return [[LangCounted alloc] initWithValue:n];
}
static int peek(LangCounted *c)
{
    c = [c copy];
    return [c value];
}
@implementation LangKeeper
- (id)initWith:(LangCounted *)first fail:(BOOL)fail
{
    if (!(self = [super init]))
        return nil;
    _first = first;
    _second = [[LangCounted alloc] initWithValue:9];
    if (fail) {
        self = nil;
        return self;
    }
    self.kept = _second;
    return self;
}
- (LangCounted *)first
{
    return _first;
}
- (void)swap
{
    id t = _first;

    _first = _second;
    _second = t;
}
@end
@implementation LangTest
- (id)early:(int)n
{
    id a = fresh(n), b;

    if (n == 0)
        return nil;
    for (int i = 0; i < n; i++) {
        id c = fresh(i);

        switch (i) {
        case 1:
            continue;
        case 3:
            return c;
        case 5: {
            id d = fresh(5);
            b = d;
            break;
        }
        default:
            b = [c copy];
        }
        if (i == 7)
            break;
    }
    return b ?: a;
}
- (void)make:(id *)out and:(LangCounted **)other
{
    *out = fresh(1);
    if (other)
        *other = [*out copy];
    *out = fresh(2);
}
- (BOOL)fails:(BOOL)fail error:(NSError **)error
{
    if (fail && error)
        *error = [NSError errorWithDomain:@"d" code:7 userInfo:@{@"c": fresh(3)}];
    return !fail;
}
- (id)thrown:(id)x
{
    id local = fresh(4), list = @[fresh(5), x];

    for (id y in list)
        if (y == x)
            @throw [NSException exceptionWithName:@"Through" reason:[NSString stringWithFormat:@"%d", [local value]] userInfo:nil];
    return list;
}
- (void)main
{
    LangKeeper *k = [[LangKeeper alloc] initWith:fresh(1) fail:NO], *none;
    id o = nil, p = nil, q;
    NSError *error = nil;
    id four[3] = {fresh(1), fresh(2)};
    LangCounted *c;

    [self i:[[k first] value]];          // expect: 1
    [k swap];
    [self i:[[k first] value]];          // expect: 9
    k.kept = fresh(3);
    k.copied = k.kept;
    [self i:k.copied.value];             // expect: 103
    k.kept = k.copied;
    k.kept = k.kept;
    [self i:[k.kept value]];             // expect: 103
    k.lent = k.kept;
    k.kept = nil;
    [self i:k.lent == k.copied];         // expect: 1
    none = [[LangKeeper alloc] initWith:fresh(2) fail:YES];
    [self i:none == nil];                // expect: 1
    [self i:[[self early:0] value]];     // expect: 0
    [self i:[[self early:2] value]];     // expect: 100
    [self i:[[self early:9] value]];     // expect: 3
    [self make:&o and:&p];
    [self i:[o value] + [p value]];      // expect: 103
    [self make:&o and:NULL];
    [self i:[o value]];                  // expect: 2
    [self fails:YES error:&error];
    [self i:[[[error userInfo] objectForKey:@"c"] value]]; // expect: 3
    [self fails:YES error:&error];
    [self fails:YES error:NULL];
    [self i:peek(o) + peek(fresh(1))];   // expect: 203
    four[2] = four[0];
    four[0] = fresh(6);
    four[1] = nil;
    [self i:[four[0] value] + [four[2] value]]; // expect: 7
    q = o = p = fresh(8);
    q = (p = nil, o);
    [self i:[q value]];                  // expect: 8
    c = [(o ? [o copy] : fresh(1)) copy];
    [self i:c.value];                    // expect: 208
    c = c;
    c = [c copy] && c ? c : nil;
    (void)fresh(1);
    fresh(2), fresh(3);
    [fresh(4) value];
    [self i:(fresh(5), 5)];              // expect: 5
    for (c = fresh(0); [c value] < 300; c = [c copy])
        ;
    [self i:[c value]];                  // expect: 300
    for (c in @[fresh(1), fresh(2)])
        if ([c value] == 2)
            break;
    [self i:[c value]];                  // expect: 2
    do {
        id inner = fresh(3);
        if ([inner value] == 3)
            break;
    } while (fresh(1));
    @autoreleasepool {
        id inner = [LangCounted make];
        o = inner;
        p = [LangCounted make];
    }
    [self i:[o value] + [p value]];      // expect: 2
    _object = fresh(1);
    _object = [self thrown:fresh(2)];    // raises: Through
}
@end
