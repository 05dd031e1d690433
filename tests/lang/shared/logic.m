// Truth, short circuit, conditional.
@implementation LangTest
- (BOOL)isOdd:(int)n
{
    [self i:n];
    return n;
}
- (void)main
{
    int a = 0, b = 2;
    id nothing = nil;

    [self i:!a];                             // expect: 1
    [self i:!b];                             // expect: 0
    [self i:a && [self isOdd:9]];            // expect: 0
    [self i:b || [self isOdd:9]];            // expect: 1
    [self i:b && [self isOdd:10]];           // expect: 10
    // expect: 1
    [self i:a ? 1 : 2];                      // expect: 2
    [self d:b ? 1 : 2.5];                    // expect: 1
    [self p:nothing ?: @"else"];             // expect: else
    [self i:nothing == nil];                 // expect: 1
    [self i:nothing ? 1 : 0];                // expect: 0
    if (!nothing)
        [self p:@"nil is false"];            // expect: nil is false
    if (@0 && @"" && @[])
        [self p:@"objects are true"];        // expect: objects are true
    [self i:0.0 || 0];                       // expect: 0
    [self i:0.5 && 1];                       // expect: 1
    [self i:(a || b) && !(a && b)];          // expect: 1
    [self i:(1, 2, 3)];                      // expect: 3
    a = b > 1 ? b < 3 ? 10 : 20 : 30;
    [self i:a];                              // expect: 10
    [self i:[self isOdd:3] == YES];          // expect: 3
    // expect: 1
}
@end
