// Methods a patch adds, called statically and dynamically.
@implementation LangTest
- (int)twice:(int)n
{
    return 2 * n;
}
- (double)mean:(double)a with:(float)b
{
    return (a + b) / 2;
}
+ (LangTest *)fresh
{
    return [[self alloc] init];
}
- (void)main
{
    id any = [LangTest fresh];

    [self i:[self twice:21]];                        // expect: 42
    [self d:[any mean:1 with:2]];                    // expect: 1.5
    [self i:[any twice:4]];                          // expect: 8
    [self i:[any respondsToSelector:@selector(twice:)]]; // expect: 1
    [self i:[self recurse:10]];                      // expect: 55
}
- (int)recurse:(int)n
{
    return n < 2 ? n : [self recurse:n - 1] + [self recurse:n - 2];
}
@end
