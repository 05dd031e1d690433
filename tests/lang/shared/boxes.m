// Boxed values and collections.
@implementation LangTest
- (void)main
{
    int n = 3;
    NSDictionary *d = @{@"a": @1, @"b": @[@2, @"two"]};
    NSMutableDictionary *m = [NSMutableDictionary dictionary];
    NSMutableArray *list = [@[@1, @2] mutableCopy];

    [self p:@(n * 2)];              // expect: 6
    [self p:@1.5];                  // expect: 1.5
    [self p:@YES];                  // expect: 1
    [self p:@-4];                   // expect: -4
    [self p:@'A'];                  // expect: 65
    [self i:[@(n) intValue]];       // expect: 3
    [self p:d[@"a"]];               // expect: 1
    [self p:d[@"b"][1]];            // expect: two
    [self i:[d count]];             // expect: 2
    [self i:d[@"none"] == nil];     // expect: 1
    m[@"k"] = @"v";
    m[@"n"] = @(n);
    [self p:m[@"k"]];               // expect: v
    list[0] = @"first";
    list[2] = @"appended";
    [self p:list];                  // expect: (first, 2, appended)
    [self i:[@[] count] + [@{} count]]; // expect: 0
    [self p:@[@[@1], @{}][0]];      // expect: (1)
    [self p:@(NSMakeRange(2, 3))];  // expect: {location=2, length=3}
    [self i:[@(4294967296) longValue]]; // expect: 4294967296
    [self p:@("c string")];         // expect: c string
    [self i:[@(2.75) intValue]];    // expect: 2
}
@end
