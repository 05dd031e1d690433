// Conditions, aliases, +load, @protocol, @available, casts of references, C functions by name, literals as places.
@compatibility_alias Counted LangCounted;
@If(0)
@implementation LangBase
- (NSString *)chain { return @"never"; }
@end
@If([$systemVersion doubleValue] > 1)
static int chosen = 5;
static int loads;
@protocol NSCopying;
@interface LangLoaded : NSObject
@end
@implementation LangLoaded
+ (void)load { loads += 10; }
@end
typedef struct { int x, y[3]; } P;
static int sum(const int *v, int n) { int s = 0; for (int i = 0; i < n; i++) s += v[i]; return s; }
static int twice(int n) { return n * 2; }
static int apply(int (*f)(int), int n) { return f(n); }
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));
int atoi(const char *text);
@implementation LangTest
@If(NO)
- (int)number { return 1; }
- (void)main
{
    Counted *c = [[Counted alloc] initWithValue:4];
    [self i:[c value] + chosen];                     // expect: 9
    [self i:loads];                                  // expect: 10
    [self p:[[LangBase new] chain]];                 // expect: base
    [self i:[c conformsToProtocol:@protocol(NSCopying)]]; // expect: 1
    [self i:@available(Linux 2.6, iOS 99.0, *)];     // expect: 1
    [self i:@available(Linux 99.0, *)];              // expect: 0
    [self i:$systemVersion.length > 0];              // expect: 1
    void *p = (__bridge_retained void *)c;
    c = nil;
    [self i:[LangCounted alive]];                    // expect: 1
    @autoreleasepool {
        LangCounted *back = (__bridge_transfer LangCounted *)p;
        [self i:[back value]];                       // expect: 4
    }
    [self i:[LangCounted alive]];                    // expect: 0
    int (*find)(const char *) = CFunction("atoi");
    [self i:find("12") + atoi("3")];                 // expect: 15
    @try {
        find = CFunction(@"no_such");
    } @catch (NSException *e) {
        [self p:[e name]];                           // expect: MFRuntimeErrorNotFoundCFunction
    }
    P *q = &(P){1, {2, 3}};
    int *v = (int[]){5, 1, 4};
    q->x += 10;
    [self i:q->x + q->y[1] + sum(v, 3)];             // expect: 24
    qsort(v, 3, sizeof *v, compare);
    [self i:v[0] * 100 + v[1] * 10 + v[2]];          // expect: 145
    [self i:apply(twice, 4) + apply(&twice, 1)];     // expect: 10
    int (*table[])(int) = {twice, twice};
    [self i:table[1](8)];                            // expect: 16
    int r[6] = {[1 ... 3] = 7, 9};
    [self i:r[0] + r[1] + r[3] + r[4] + r[5]];       // expect: 23
    IMP imp = [self methodForSelector:@selector(addInt:to:)];
    [self i:((int (*)(id, SEL, int, int))imp)(self, @selector(addInt:to:), 3, 4)]; // expect: 7
}
@end
