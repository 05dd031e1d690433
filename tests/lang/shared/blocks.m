// Blocks: literals, captures, nesting, calls, Foundation.
typedef int (^IntBlock)(int);
typedef struct { int x; double y; } Point2;

@implementation LangTest
- (int)apply:(IntBlock)block to:(int)n
{
    return block(n) + block(n + 1);
}
- (id)maker:(int)base
{
    return ^(int n) { return base + n; };
}
- (IntBlock)adder:(int)base
{
    return ^(int n) { return base + n; };
}
- (void (^)(void))counterInto:(int *)out
{
    __block int count = 0;
    return ^{ count++; *out = count; };
}
- (void)main
{
    int k = 10;
    IntBlock addK = ^(int n) { return n + k; };
    void (^nothing)(void) = ^{ };
    double (^halve)(double, float) = ^double(double a, float b) { return a / b; };
    NSString * (^join)(NSString *, id) = ^NSString *(NSString *a, id b) { return [NSString stringWithFormat:@"%@-%@", a, b]; };

    nothing();
    k = 20;
    [self i:addK(1)];                                // expect: 11
    [self d:halve(9, 2)];                            // expect: 4.5
    [self p:join(@"a", @3)];                         // expect: a-3
    [self i:[self apply:addK to:5]];                 // expect: 31
    [self i:^{ return 7; }()];                       // expect: 7
    [self i:(k > 1 ? addK : addK)(2)];               // expect: 12

    // shared by assignment, without __block
    int total = 0;
    void (^add)(int) = ^(int n) { total += n; };
    add(3);
    add(4);
    [self i:total];                                  // expect: 7
    total = 100;
    add(1);
    [self i:total];                                  // expect: 101

    // __block, also of an object
    __block NSString *text = @"a";
    void (^grow)(NSString *) = ^(NSString *more) { text = [text stringByAppendingString:more]; };
    grow(@"b");
    grow(@"c");
    [self p:text];                                   // expect: abc

    // nested three deep, through the middle
    int outer = 1;
    int (^(^nest)(int))(int) = ^(int a) { return ^(int b) { return outer * 100 + a * 10 + b; }; };
    [self i:nest(2)(3)];                             // expect: 123

    // recursive
    __block int (^fact)(int) = ^(int n) { return n < 2 ? 1 : n * fact(n - 1); };
    [self i:fact(5)];                                // expect: 120
    fact = nil;

    // a variable a round
    NSMutableArray *list = [NSMutableArray array];
    for (int i = 0; i < 3; i++) {
        int mine = i * i;
        [list addObject:^{ return mine; }];
    }
    for (IntBlock each in list)
        [self i:((int (^)(void))each)()];            // expect: 0
                                                     // expect: 1
                                                     // expect: 4
    // structures and wide values
    Point2 p = {3, 0.5};
    double (^area)(Point2) = ^(Point2 q) { return p.x * q.y + q.x * p.y; };
    p.x = 0;
    [self d:area((Point2){4, 2})];                   // expect: 8
    Point2 (^swap)(Point2) = ^Point2(Point2 q) { Point2 r = {(int)q.y, q.x}; return r; };
    [self i:swap((Point2){5, 9}).x];                 // expect: 9

    // Foundation calls
    [@[@1, @2, @3, @4] enumerateObjectsUsingBlock:^(id v, NSUInteger i, BOOL *stop) {
        [self p:v];                                  // expect: 1
                                                     // expect: 2
        if (i == 1)
            *stop = YES;
    }];
    NSArray *sorted = [@[@3, @1, @2] sortedArrayUsingComparator:^NSComparisonResult(id a, id b) { return [a compare:b]; }];
    [self p:[sorted componentsJoinedByString:@","]]; // expect: 1,2,3

    // returned, kept, called later
    int seen = 0;
    void (^counter)(void) = [self counterInto:&seen];
    counter();
    counter();
    [self i:seen];                                   // expect: 2
    [self i:[self adder:5](6)];                      // expect: 11
    [self i:((IntBlock)[self maker:50])(6)];         // expect: 56
    IntBlock copied = [addK copy];
    [self i:copied(0)];                              // expect: 10
    [self i:nothing == nil];                         // expect: 0

    // ivars and self
    _number = 5;
    void (^bump)(void) = ^{ _number++; self->_number += 10; };
    bump();
    [self i:_number];                                // expect: 16
    _object = ^{ return 33; };
    [self i:((int (^)(void))_object)()];             // expect: 33
    _object = nil;
    static int (^kept)(int);
    if (!kept)
        kept = ^(int n) { return n * 2; };
    [self i:kept(21)];                               // expect: 42
    __block int arr[3] = {1, 2, 3};
    void (^fill)(void) = ^{ for (int i = 0; i < 3; i++) arr[i] *= 2; };
    fill();
    [self i:arr[0] + arr[1] + arr[2]];               // expect: 12
    [self i:({ int t = 4; t * t; })];                // expect: 16
}
@end
