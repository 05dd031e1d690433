// Pointers, arrays, out parameters.
@implementation LangTest
- (void)main
{
    int n = 3, v[4] = {10, 20, 30}, *p = v, m[2][3] = {{1, 2, 3}, {4, 5, 6}};
    short s = -1, *sp = &s;
    NSError *err = nil;
    void *raw = malloc(16);
    int *ints = calloc(4, sizeof *ints); // no warning: a void * becomes any pointer
    char text[8] = "abc";
    unsigned char byte = 255, *bp = &byte;

    [self countInto:&n];
    [self i:n];                   // expect: 10
    [self i:v[1] + v[3]];         // expect: 20
    p += 2;
    [self i:*p];                  // expect: 30
    [self i:p - v];               // expect: 2
    [self i:p[-1]];               // expect: 20
    *p = 5;
    [self i:v[2]];                // expect: 5
    [self i:m[1][2] + m[0][1]];   // expect: 8
    n = 1;
    m[n][n] = 50;
    [self i:m[1][1]];             // expect: 50
    *sp -= 1;
    [self i:s];                   // expect: -2
    ++*bp;
    [self i:byte];                // expect: 0
    [self i:[self fails:NO error:&err]]; // expect: 1
    [self i:err == nil];          // expect: 1
    [self i:[self fails:YES error:&err]]; // expect: 0
    [self i:[err code]];          // expect: 42
    [self i:[self fails:YES error:NULL]]; // expect: 0
    memset(raw, 1, 4);
    [self i:*(int *)raw];         // expect: 16843009
    free(raw);
    [self i:ints[3]];             // expect: 0
    free(ints);
    text[1] = 'X';
    [self s:text];                // expect: aXc
    [self i:p > v];               // expect: 1
    [self i:p != NULL];           // expect: 1
    [self i:sizeof v / sizeof v[0]]; // expect: 4
    for (p = v; p < v + 4; p++)
        n += *p;
    [self i:n];                   // expect: 36
}
@end
