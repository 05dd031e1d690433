// C functions: of the program by prototype or built in, and of the patch.
int atoi(const char *text);
static int square(int n);
double mix(double a, int b) { return a * 10 + b; }
int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static void fill(int *out) { *out = 77; }
NSString *name(id x) { return [x description]; }
static int square(int n) { return n * n; }
@implementation LangTest
- (void)main
{
    int out = 0;

    [self d:sqrt(2) * sqrt(2)];        // expect: 2
    [self d:floor(2.7) + pow(2, 10)];  // expect: 1026
    [self i:atoi("12")];               // expect: 12
    [self i:square(12)];               // expect: 144
    [self d:mix(1.5, 2)];              // expect: 17
    [self i:fib(15)];                  // expect: 610
    fill(&out);
    [self i:out];                      // expect: 77
    [self p:name(@[])];                // expect: ()
    [self i:abs(-4)];                  // expect: 4
    [self i:MAX(3, 9) + MIN(2, 1)];    // expect: 10
    [self d:fabs(-1.5)];               // expect: 1.5
    [self i:NSNotFound == NSIntegerMax]; // expect: 1
    [self d:M_PI];                     // expect: 3.14159
    [self p:NSStringFromClass([LangTest class])]; // expect: LangTest
}
@end
