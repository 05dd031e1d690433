// ++, --, compound assignment and their values.
@implementation LangTest
- (void)main
{
    int a = 5, b;
    double d = 1.5;
    int v[3] = {1, 2, 3}, *p = v;

    b = a++;
    [self i:b];    // expect: 5
    [self i:a];    // expect: 6
    b = ++a;
    [self i:b];    // expect: 7
    b = a-- - --a;
    [self i:a];    // expect: 5
    d++;
    [self d:d];    // expect: 2.5
    [self d:--d];  // expect: 1.5
    [self i:*p++]; // expect: 1
    [self i:*p];   // expect: 2
    [self i:++*p]; // expect: 3
    [self i:v[1]]; // expect: 3
    a = b = 3;
    [self i:a + b]; // expect: 6
    [self i:(a += 4)]; // expect: 7
    v[2] *= 5;
    [self i:v[2]]; // expect: 15
    a = 10;
    a -= 3;
    a *= 2;
    a /= 4;
    [self i:a];    // expect: 3
}
@end
