/* SPDX-License-Identifier: MIT */
/* Classes to hook, a trace of what ran, and short ways to put hooks on them. */
#ifndef MN_TESTS_HOOK_FIXTURE_H
#define MN_TESTS_HOOK_FIXTURE_H

#include <mend/hook.h>
#include <stdbool.h>
#include <stddef.h>

/* What ran on this thread, one letter each; a method writes '.', advice its own letter. */
extern _Thread_local char hook_trace[256];
void hook_mark(char letter);
void hook_trace_clear(void);

/* Advice that writes the letter its data points at (a string). */
void hook_writes(mend_call *call, void *letter);

/* The same, then proceeds, then writes the second letter. */
void hook_wraps(mend_call *call, void *letters);

/* Puts advice on a method ("+name" for the class side) and fails the test when that fails. */
mend_token *hook_on(const char *class_name, const char *selector, mend_position position, mend_advice advice,
                    void *data);
mend_token *hook_on_with_priority(const char *class_name, const char *selector, mend_position position,
                                  mend_advice advice, void *data, int priority);
mend_status hook_try(const char *class_name, const char *selector, mend_position position, unsigned options,
                     mend_error *err);
void hook_off(mend_token *token);

/* The state to come back to: what the engine holds once everything is collected. */
mend_hook_stats hook_baseline(void);
void hook_assert_baseline(const mend_hook_stats *before);

/* The function a class runs for a selector now ("+name" for the class side). */
void *hook_imp(const char *class_name, const char *selector);

/* For main: the argument "mdwe" forbids the process to make memory executable, "nobarrier" takes membarrier away. */
void hook_test_main(int argc, char **argv);

#ifdef __OBJC__
#import <Foundation/Foundation.h>

typedef struct {
    double x, y, width, height;
} HookRect;
typedef struct {
    int a;
    float b;
} HookSmall;
typedef struct {
    long a;
    double b;
} HookMixed;

@interface HookBase : NSObject
{
  @public
    int value;
}
- (void)greet;
- (int)add:(int)a to:(int)b;
- (long)inherited:(long)a;
- (void)shared;
+ (int)count;
+ (int)count:(int)a;
@end

@interface HookChild : HookBase
@end

@interface HookGrandchild : HookChild
@end

/* One method a type, returning its argument changed. */
@interface HookTypes : NSObject
- (char)takeChar:(char)a;
- (unsigned char)takeUChar:(unsigned char)a;
- (short)takeShort:(short)a;
- (int)takeInt:(int)a;
- (long)takeLong:(long)a;
- (unsigned long long)takeULongLong:(unsigned long long)a;
- (float)takeFloat:(float)a;
- (double)takeDouble:(double)a;
- (long double)takeLongDouble:(long double)a;
- (BOOL)takeBool:(BOOL)a;
- (id)takeObject:(id)a;
- (SEL)takeSelector:(SEL)a;
- (Class)takeClass:(Class)a;
- (const char *)takeText:(const char *)a;
- (HookSmall)takeSmall:(HookSmall)a;
- (HookMixed)takeMixed:(HookMixed)a;
- (HookRect)takeRect:(HookRect)a;
- (double)takeMany:(int)a :(double)b :(long)c :(float)d :(long)e :(long)f :(long)g :(HookRect)h :(double)i;
- (int)sum:(int)count, ...;
@end
#endif
#endif
