// Floating point: float, double, long double.
@implementation LangTest
- (void)main
{
    float f = 1.5f;
    double d = 0.1;
    long double l = 2;
    int i = 3;

    [self d:f * 2];          // expect: 3
    [self d:d + 0.2];        // expect: 0.3
    [self d:7 / 2.0];        // expect: 3.5
    [self d:i / 2];          // expect: 1
    [self d:1.0 / 0];        // expect: inf
    [self d:-1.0 / 0];       // expect: -inf
    l = l / 3;
    [self d:l];              // expect: 0.666667
    [self d:l * 3 - 2];      // expect: 0
    f = 16777216;
    f = f + 1;
    [self d:f - 16777216];   // expect: 0
    d = i;
    d /= 2;
    [self d:d];              // expect: 1.5
    i = 7.9;
    [self i:i];              // expect: 7
    i += 0.5;
    [self i:i];              // expect: 7
    [self i:d > 1];          // expect: 1
    [self i:(d != d)];       // expect: 0
    d = 0.0 / 0.0;
    [self i:d != d];         // expect: 1
    [self i:d == d];         // expect: 0
    [self i:!(d < 1)];       // expect: 1
    if (d < 1)
        [self p:@"less"];
    else
        [self p:@"not less"]; // expect: not less
    [self i:(int)1e30];      // expect: 2147483647
    [self d:sizeof(long double)]; // expect: 16
}
@end
