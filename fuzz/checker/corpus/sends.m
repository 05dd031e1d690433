// Sends: arguments and results of every kind.
@implementation LangTest
- (void)main
{
    LangPair p = [self pairOf:3 and:4.5];
    LangSpan span = {10, 25};
    LangBig big = [self bigOf:p span:span tag:'x'];
    id any = self;
    Class c = [LangTest class];
    SEL sel = @selector(number);

    [self i:[self addInt:2 to:3]];           // expect: 5
    [self d:[self half:3]];                  // expect: 1.5
    [self i:[self isOdd:3]];                 // expect: 1
    [self i:[self asChar:200]];              // expect: -56
    [self i:[self asShort:-1]];              // expect: 65535
    [self i:p.a];                            // expect: 3
    [self d:p.b];                            // expect: 4.5
    [self i:[self lengthOf:span]];           // expect: 15
    [self i:big.second.stop];                // expect: 25
    [self d:big.first.b];                    // expect: 4.5
    [self i:big.tag];                        // expect: 120
    [self i:[LangTest classNumber]];         // expect: 11
    [self p:[LangTest describe:4]];          // expect: <4>
    [self i:[any addInt:1 to:1]];            // expect: 2
    [self i:[c classNumber]];                // expect: 11
    [self i:[self sumOf:3, 1, 2, 3]];        // warning: variable
    // expect: 6
    [self p:NSStringFromSelector(sel)];      // expect: number
    [self i:[self respondsToSelector:sel]];  // expect: 1
    [self i:[nil length]];                   // expect: 0
    [self d:[(LangTest *)nil half:3]];       // expect: 0
    [self i:[(LangTest *)nil pairOf:1 and:2].a]; // expect: 0
    [self p:[[[self class] alloc] init] ? @"made" : @"not"]; // expect: made
    [self i:[[self name] length]];           // expect: 0
    [self p:[any performSelector:@selector(describe:)  withObject:nil] ? @"" : @"never"]; // raises: NSInvalidArgumentException
}
@end
typedef struct LangPair { int a; double b; } LangPair;
typedef struct { long start, stop; } LangSpan;
typedef struct { LangPair first; LangSpan second; char tag; } LangBig;
