// Integer arithmetic with C's conversions.
@implementation LangTest
- (void)main
{
    int a = 7, b = 2, z = -7;
    unsigned u = 3;
    long big = 2147483647;
    signed char c = 127;
    unsigned char uc = 255;
    short s = 32767;

    [self i:a / b];         // expect: 3
    [self i:z / b];         // expect: -3
    [self i:z % b];         // expect: -1
    [self i:a % b];         // expect: 1
    [self i:a - b * 3];     // expect: 1
    [self i:big + 1];       // expect: 2147483648
    a = 2147483647;
    a = a + 1;
    [self i:a];             // expect: -2147483648
    c++;
    [self i:c];             // expect: -128
    uc += 1;
    [self i:uc];            // expect: 0
    s += 1;
    [self i:s];             // expect: -32768
    [self i:-1 < u];        // expect: 0
    [self u:z / u];         // expect: 1431655763
    [self i:(int8_t)300];   // expect: 44
    [self i:(int)3.9];      // expect: 3
    [self i:(unsigned char)-1]; // expect: 255
    [self i:(int)-3.9];     // expect: -3
    u = 0;
    u--;
    [self u:u];             // expect: 4294967295
    [self i:sizeof(a)];     // expect: 4
    [self i:sizeof(long)];  // expect: 8
    [self i:017];           // expect: 15
    [self i:'A'];           // expect: 65
}
@end
