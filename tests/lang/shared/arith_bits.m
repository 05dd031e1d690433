// Bit operators and shifts.
@implementation LangTest
- (void)main
{
    int a = 12, b = 10, n = -16;
    unsigned u = 0xf0000000;
    long w = 1;

    [self i:a & b];    // expect: 8
    [self i:a | b];    // expect: 14
    [self i:a ^ b];    // expect: 6
    [self i:~a];       // expect: -13
    [self i:a << 3];   // expect: 96
    [self i:n >> 2];   // expect: -4
    [self u:u >> 4];   // expect: 251658240
    [self i:w << 40];  // expect: 1099511627776
    [self u:~u];       // expect: 268435455
    a <<= 2;
    [self i:a];        // expect: 48
    a >>= 1;
    [self i:a];        // expect: 24
    a |= 3;
    [self i:a];        // expect: 27
    a &= ~1;
    [self i:a];        // expect: 26
    a ^= 5;
    [self i:a];        // expect: 31
    a %= 7;
    [self i:a];        // expect: 3
}
@end
