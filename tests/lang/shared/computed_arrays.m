// Arrays whose length is computed: their memory goes with their scope, on every way out.
@implementation LangTest
- (int)sum:(int)n
{
    int a[n + 1], b[n];
    int total = 0;

    for (int i = 0; i <= n; i++)
        a[i] = i * i;
    for (int i = 0; i < n; i++)
        b[i] = a[i] + 1;
    for (int i = 0; i < n; i++)
        total += b[i];
    return total * 1000 + (int)(sizeof(a) + sizeof b);
}
- (int)rounds:(int)n
{
    int total = 0;

    for (int i = 0; i < n; i++) {
        long row[i][3];

        if (i == 2)
            continue;
        if (i == 5)
            break;
        for (int k = 0; k < i; k++)
            row[k][2] = k;
        total += i ? (int)row[i - 1][2] + (int)sizeof(row) : 0;
    }
    return total;
}
- (void)throwing:(int)n
{
    char text[n];

    text[0] = 'x';
    @throw [NSException exceptionWithName:@"Out" reason:[NSString stringWithFormat:@"%c %zu", text[0], sizeof(text)] userInfo:nil];
}
- (int)failing:(long)n
{
    char text[n];

    return (int)sizeof text;
}
- (void)main
{
    id objects[[self sum:1] > 0 ? 3 : 1];
    unsigned n = 2;
    short words[n];
    short *end = words + n;

    [self i:[self sum:4]]; // expect: 18036
    [self i:[self rounds:9]]; // expect: 197
    objects[0] = @"first";
    objects[2] = @"last";
    [self p:[[NSArray arrayWithObjects:objects count:1] objectAtIndex:0]]; // expect: first
    [self i:(int)(end - words) + (objects[1] == nil)]; // expect: 3
    @try {
        [self throwing:7];
    } @catch (NSException *e) {
        [self p:[e reason]]; // expect: x 7
    }
    [self i:[self failing:0]]; // expect: 0
    @try {
        [self failing:-1];
    } @catch (NSException *e) {
        [self p:[e name]]; // expect: MendErrorBounds
    }
}
@end
