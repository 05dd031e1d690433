// Every loop.
@implementation LangTest
- (void)main
{
    int i, sum = 0;
    long s = 0;

    for (i = 0; i < 10; i++)
        sum += i;
    [self i:sum];           // expect: 45
    while (sum > 40)
        sum--;
    [self i:sum];           // expect: 40
    do {
        sum++;
    } while (sum < 30);
    [self i:sum];           // expect: 41
    for (;;) {
        if (++sum > 50)
            break;
        if (sum % 2)
            continue;
        s += sum;
    }
    [self i:s];             // expect: 230
    for (int k = 0, m = 10; k < m; k++, m--)
        s = k;
    [self i:s];             // expect: 4
    for (i = 3; i--;)
        [self i:i];         // expect: 2
    // expect: 1
    // expect: 0
    for (unsigned u = 3; u > 0; u -= 1) {
        int inner = 5;
        inner += u;
        s = inner;
    }
    [self i:s];             // expect: 6
    for (i = 0; i < 3; i++) {
        int fresh;
        [self i:fresh];     // expect: 0
        // expect: 0
        // expect: 0
        fresh = 9;
    }
    while (NO)
        [self p:@"never"];
    for (double d = 0; d < 1; d += 0.25)
        s++;
    [self i:s];             // expect: 10
    for (i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            if (j == 1)
                continue;
            if (i == 2)
                break;
            s += 100 * i + j;
        }
    [self i:s];             // expect: 214
}
@end
