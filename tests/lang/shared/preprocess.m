// Macros and conditionals in a patch.
#import <Foundation/Foundation.h>
#include "nowhere.h"
#pragma mark - Constants
#define LIMIT 3
#define SEND(object, message) [(id)(object) message]
enum { CHOSEN_BIT = (5 < 8 ? (1 << 5) << 8 : 0), OTHER_BIT = MEND ? 7 : 1 / 1 };
#define SQUARE(x) ((x) * (x))
#define NAME(prefix, n) prefix##n
#define TEXT(x) @#x
#define SHOW(format, ...) [self p:[NSString stringWithFormat:format, ##__VA_ARGS__]]
#define EACH(i, n) for (int i = 0; i < (n); i++)

#if defined(DEBUG) && DEBUG
#error this is no debugging patch
#elif MEND && __OBJC__
#define CHOSEN 1
#else
#define CHOSEN 0
#endif

static int NAME(twice, Of)(int x)
{
    return 2 * x;
}

@implementation LangTest
#pragma mark -
- (void)main
{
    int NAME(a, 1) = LIMIT;

    [self i:SQUARE(a1 + 1)]; // expect: 16
    [self p:TEXT(a + b)]; // expect: a + b
    [self i:CHOSEN_BIT + OTHER_BIT]; // expect: 8199
    [self i:[SEND(@"four", self) length]]; // expect: 4
    SHOW(@"plain"); // expect: plain
    SHOW(@"%d %d", twiceOf(4), CHOSEN); // expect: 8 1
    EACH(k, 2)
        [self i:k];
        // expect: 0
        // expect: 1
#pragma mark inside a body
#ifdef NOT_THERE
    this is ` no code at all
#endif
    [self i:__LINE__]; // expect: 47
    [self p:[NSString stringWithUTF8String:__PRETTY_FUNCTION__]]; // expect: -[LangTest main]
#undef LIMIT
#ifndef LIMIT
    [self p:@"gone"]; // expect: gone
#endif
}
@end
