// goto in all directions, labels, statics.
static int calls = 5;
static NSString *const title = @"title";
int fileLevel[] = {1, 2, 3};

static int next(void)
{
    static int n = 100;
    return n++;
}
static NSMutableArray *shared(void)
{
    static NSMutableArray *list = [NSMutableArray new];
    return list;
}
@implementation LangTest
static long between = 7;
- (int)find:(int)wanted
{
    int i, j;

    for (i = 0; i < 5; i++)
        for (j = 0; j < 5; j++)
            if (i * j == wanted)
                goto found;
    return -1;
found:
    return i * 10 + j;
}
- (void)main
{
    int n = 0;
    [self i:[self find:6]];                          // expect: 23
    [self i:[self find:7]];                          // expect: -1
again:
    n++;
    {
        LangCounted *c = [[LangCounted alloc] initWithValue:n];
        if ([c value] < 3)
            goto again;
        if (n == 3)
            goto out;
    }
    [self p:@"never"];
out:
    [self i:n];                                      // expect: 3
    switch (n) {
    case 1 ... 2:
        goto low;
    case 3:
        goto high;
    }
low:
    [self p:@"low"];
high:
    [self p:@"high"];                                // expect: high
    [self i:next()];                                 // expect: 100
    [self i:next()];                                 // expect: 101
    [shared() addObject:@1];
    [shared() addObject:@2];
    [self i:[shared() count]];                       // expect: 2
    calls++;
    [self i:calls];                                  // expect: 6
    [self p:title];                                  // expect: title
    [self i:fileLevel[1] + (int)sizeof(fileLevel)];  // expect: 14
    [self i:between];                                // expect: 7
    [self i:later];                                  // expect: 9
    static struct { int a; char b[8]; } s = {4, "xyz"};
    s.a++;
    [self i:s.a];                                    // expect: 5
    [self s:s.b];                                    // expect: xyz
    for (int i = 0; i < 2; i++) {
        static int kept = 3;
        kept *= 2;
        [self i:kept];                               // expect: 6
                                                     // expect: 12
    }
    goto end;
end:;
}
@end
int later = 9;
