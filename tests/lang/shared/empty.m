// Missing returns give zero; empty bodies are fine.
typedef struct LangPair { int a; double b; } LangPair;
@implementation LangTest
- (int)number
{
} // warning: can end here without returning a value
- (NSString *)name
{
} // warning: can end here without returning a value
- (LangPair)pairOf:(int)a and:(double)b
{
} // warning: can end here without returning a value
- (double)half:(float)x
{
    if (x > 100)
        return 1;
} // warning: can end here without returning a value
- (int)addInt:(int)a to:(int)b
{
    if (a > b)
        return; // warning: 'return' without a value: the result is 'int'
    else
        return b;
}
- (BOOL)isOdd:(int)n
{
    for (;;) {
        switch (n) {
        case 0: return NO;
        case 1: return YES;
        default: n -= 2;
        }
    }
}
- (char)asChar:(int)n
{
    switch (n) { case 1: return 'a'; default: do { return 'b'; } while (0); }
}
- (unsigned short)asShort:(int)n
{
    while (1) {
        if (n++ > 5)
            break;
    }
} // warning: can end here without returning a value
- (void)explode {}
- (void)main
{
    [self explode];
    [self i:[self number]];             // expect: 0
    [self i:[self name] == nil];        // expect: 1
    [self d:[self pairOf:1 and:2].b];   // expect: 0
    [self d:[self half:3]];             // expect: 0
    [self i:[self addInt:3 to:2]];      // expect: 0
    [self i:[self isOdd:7]];            // expect: 1
    [self i:[self asChar:2]];           // expect: 98
    ;
    {}
    return;
}
@end
