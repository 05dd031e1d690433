// Missing returns give zero; empty bodies are fine.
typedef struct LangPair { int a; double b; } LangPair;
@implementation LangTest
- (int)number
{
}
- (NSString *)name
{
}
- (LangPair)pairOf:(int)a and:(double)b
{
}
- (double)half:(float)x
{
    if (x > 100)
        return 1;
}
- (void)explode {}
- (void)main
{
    [self explode];
    [self i:[self number]];             // expect: 0
    [self i:[self name] == nil];        // expect: 1
    [self d:[self pairOf:1 and:2].b];   // expect: 0
    [self d:[self half:3]];             // expect: 0
    ;
    {}
    return;
}
@end
