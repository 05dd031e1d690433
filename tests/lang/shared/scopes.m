// Names hide outer ones; enums, typedefs and constants.
enum colour { RED, GREEN = 5, BLUE };
typedef enum { SMALL = -1, LARGE = 1 << 4 } size;
typedef int number;
typedef NSString *text;
typedef NS_ENUM(NSUInteger, Kind) { KindOne = 1, KindTwo };
@implementation LangTest
- (void)main
{
    number x = 1;
    text t = @"typed";
    enum colour c = BLUE;
    Kind k = KindTwo;

    {
        number x = 2;
        [self i:x];       // expect: 2
        {
            int x = 3;
            [self i:x];   // expect: 3
        }
    }
    [self i:x];           // expect: 1
    [self p:t];           // expect: typed
    [self i:c + GREEN + RED]; // expect: 11
    [self i:SMALL + LARGE];   // expect: 15
    [self i:k];           // expect: 2
    for (int x = 9; x < 10; x++)
        [self i:x];       // expect: 9
    [self i:INT_MAX];     // expect: 2147483647
    [self s:@encode(NSRange)]; // expect: {_NSRange=QQ}
    const int fixed = 4;
    [self i:fixed * 2];   // expect: 8
    struct ring { struct ring *next; int n; } r = {&r, 7}, *rp = &r; // its own name in its initialiser
    [self i:rp->next->next->n]; // expect: 7
    for (int i = 0; i < 2; i++) {
        long wide[2] = {sizeof wide}, *inside = &wide[1];
        void *itself = &itself;
        id object = object ?: @"kept by nobody";
        [self i:inside[-1] + inside[0]]; // expect: 16
        [self i:itself == (void *)&itself]; // expect: 1
        // expect: 16
        // expect: 1
    }
    __auto_type guessed = 2.5;
    [self d:guessed];     // expect: 2.5
}
@end
