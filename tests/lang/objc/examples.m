// The examples of the language's specification, in the Objective-C dialect.
@class ExampleA, ExampleB;
@protocol ExampleP, ExampleQ;
;;
#pragma mark -
typedef enum : long { ExampleOne = 1, ExampleTwo } ExampleKind;
typedef union { int i; float f; } Both;
typedef struct Pair { int a; double b; } Pair;
@interface ExampleA : NSObject
@property int x;
@property (nonatomic, copy) int (^chain)(int);
- (id)initWithA:(id)a b:(id)b;
@end
@interface ExampleB : ExampleA {
    id _a, _b;
}
- (NSString *)both;
@end
@implementation ExampleA
- (id)initWithA:(id)a b:(id)b { return [super init]; };
- (int)readX; { return _x; }
@end
@implementation ExampleB
- (id)initWithA:(id)a b:(id)b
{
    self = [super initWithA:a b:b];
    _a = a;
    _b = b;
    return self;
}
- (NSString *)both { return [NSString stringWithFormat:@"%@%@", _a, _b]; }
- (id)add:(int)n { self.x += n; return self; }
- (int (^)(int))maker { return ^(int n) { return n + self.x; }; }
@end
@implementation LangBase
- (NSString *)inherited { return [NSString stringWithFormat:@"%@/%@", NSStringFromSelector(_cmd), [self ORGinherited]]; }
@end
@implementation LangTest
- (BOOL)isOdd:(int)n { return n; }
- (NSString *)description { return super.description; }
- (void)main
{
    ExampleB *b = [[ExampleB alloc] initWithA:@"p" b:@"q"];
    ExampleB *nothing = nil;
    Both u;
    Pair *heap = malloc(sizeof *heap);
    int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
    unsigned two = 2;
    signed char c = 127;
    int a, total = 0;
    NSError *err = nil;
    BOOL odd;

    [self i:[@'A' intValue]];                        // expect: 65
    [self d:1e3 + 5.f];                              // expect: 1005
    [self i:017];                                    // expect: 15
    [self i:later(4)];                               // expect: 8
    [self p:[b both]];                               // expect: pq
    b.x = 3;
    [self i:b->_x + [b readX]];                      // expect: 6
    [b setValue:@7 forKey:@"x"];
    [self i:b.maker(2)];                             // expect: 9
    b.chain = ^(int n) { return n * 2; };
    [self i:b.chain(4) + b.maker(1)];                // expect: 16
    [self i:[[b add:1] add:2] == b];                 // expect: 1
    [self i:b.x];                                    // expect: 10
    [self i:-6 / two];                               // expect: 2147483645
    [self d:1.0 / 0];                                // expect: inf
    c++;
    [self i:c];                                      // expect: -128
    a = 2;
    [self i:sizeof(a) + sizeof(Pair) + _Alignof(double) + offsetof(Pair, b)]; // expect: 36
    [self i:(int8_t)300 * 10000 + (int)3.9 * 1000 + (unsigned char)-1]; // expect: 443255
    [self i:nothing.x == 0 && nothing.both == nil];  // expect: 1
    [self i:(a > 1 ? b.x : (3))];                    // expect: 10
    odd = [self isOdd:10];
    [self i:odd];                                    // expect: 1
    [self i:[self fails:YES error:&err]];            // expect: 0
    [self i:err != nil];                             // expect: 1
    u.f = 1.0f;
    [self i:u.i == 0x3f800000];                      // expect: 1
    grid[1][2] += 10;
    [self i:grid[1][2] + grid[0][1]];                // expect: 18
    heap->a = 5;
    heap->b = 0.5;
    [self d:heap->a * heap->b];                      // expect: 2.5
    free(heap);
    for (int i = 0; i < 5; i++) {
        switch (i) {
        case 1:
            continue;
        default:
            total += 100;
            break;
        case 2 ... 3:
            total++;
        }
    }
    [self i:total];                                  // expect: 202
    do { total--; } while (total > 200)
    [self i:total];                                  // expect: 200
    [self p:[[LangLeaf new] inherited]];             // expect: inherited/inherited
    [self i:ExampleTwo + (ExampleKind)3];            // expect: 5
    [self s:@encode(Pair)];                          // expect: {Pair=id}
    const char *(*name)(SEL) = sel_getName;
    [self s:name(_cmd)];                             // expect: main
    [self i:[[self description] hasPrefix:@"<LangTest"]]; // expect: 1
    [self i:(a = 4, a + 1)];                         // expect: 5
    void (^typed)(id, ...) = nil;
    [self i:typed == nil];                           // expect: 1
    NSMutableDictionary *d = [@{@"k": @1} mutableCopy];
    d[@"j"] = @2;
    [self i:[d[@"j"] intValue] + [d[@"k"] intValue]]; // expect: 3
    __auto_type last = @"end";
    [self p:last];                                   // expect: end
}
@end
const char *sel_getName(SEL sel);
static int later(int n) { return n * 2; }
void *malloc(size_t size);
void free(void *memory);
