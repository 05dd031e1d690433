// Long else-if chains and nested expressions.
@implementation LangTest
- (int)pick:(int)n
{
    if (n == 0) return 0; else if (n == 1) return 10; else if (n == 2) return 20; else if (n == 3) return 30;
    else if (n == 4) return 40; else if (n == 5) return 50; else if (n == 6) return 60; else if (n == 7) return 70;
    else if (n == 8) { return 80; } else { return -1; }
}
- (void)main
{
    int a = 1;

    [self i:[self pick:7] + [self pick:8] + [self pick:9]];    // expect: 149
    [self i:((((((((((a + 1) * 2) + 1) * 2) + 1) * 2) + 1) * 2) + 1) * 2)]; // expect: 94
    [self i:a ? a ? a ? a ? 5 : 4 : 3 : 2 : 1];                // expect: 5
    [self p:[[[[[@"x" uppercaseString] lowercaseString] uppercaseString] description] lowercaseString]]; // expect: x
    [self i:[self pick:[self pick:[self pick:[self pick:0]]]]]; // expect: 0
    [self i:[self addInt:[self addInt:[self addInt:1 to:2] to:3] to:[self addInt:4 to:5]]]; // expect: 15
}
@end
