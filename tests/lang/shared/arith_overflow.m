// Wrap-around at the edges, as gcc -fwrapv.
@implementation LangTest
- (void)main
{
    int min = -2147483647 - 1, m1 = -1;
    long lmin = LONG_MIN;
    unsigned long top = ULONG_MAX;

    [self i:min / m1];    // expect: -2147483648
    [self i:min % m1];    // expect: 0
    [self i:lmin / m1];   // expect: -9223372036854775808
    [self i:-min];        // expect: -2147483648
    [self u:top + 2];     // expect: 1
    [self u:top / 10];    // expect: 1844674407370955161
    [self u:top % 10];    // expect: 5
    [self i:min * 2];     // expect: 0
    [self d:top];         // expect: 1.84467e+19
    [self i:top > 5];     // expect: 1
    [self i:lmin < 0];    // expect: 1
    [self i:2147483647 + 1]; // warning: does not fit
    
    // expect: 2147483648
}
@end
