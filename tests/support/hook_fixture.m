/* SPDX-License-Identifier: MIT */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <objc/runtime.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE              65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

_Thread_local char hook_trace[256];

void
hook_mark(char letter)
{
    size_t n = strlen(hook_trace);

    if (n + 1 < sizeof hook_trace)
        hook_trace[n] = letter;
}

void
hook_trace_clear(void)
{
    memset(hook_trace, 0, sizeof hook_trace);
}

void
hook_writes(mend_call *call, void *letter)
{
    hook_mark(*(const char *)letter);
}

void
hook_wraps(mend_call *call, void *letters)
{
    hook_mark(((const char *)letters)[0]);
    mend_call_proceed(call, NULL);
    hook_mark(((const char *)letters)[1]);
}

static mend_target
target_of(const char *class_name, const char *selector)
{
    mend_target target = {.class_name = class_name, .selector = selector};

    if (*selector == '+') {
        target.selector++;
        target.class_side = 1;
    }
    return target;
}

mend_token *
hook_on_with_priority(const char *class_name, const char *selector, mend_position position, mend_advice advice,
                      void *data, int priority)
{
    mend_target target = target_of(class_name, selector);
    mend_hook_spec spec = {.position = position, .advice = advice, .data = data, .priority = priority};
    mend_token *token;
    mend_error err;

    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("hooking %s %s: %s", class_name, selector, err.message);
    assert_non_null(token);
    return token;
}

mend_token *
hook_on(const char *class_name, const char *selector, mend_position position, mend_advice advice, void *data)
{
    return hook_on_with_priority(class_name, selector, position, advice, data, 0);
}

mend_status
hook_try(const char *class_name, const char *selector, mend_position position, unsigned options, mend_error *err)
{
    mend_target target = target_of(class_name, selector);
    mend_hook_spec spec = {.position = position, .advice = hook_writes, .data = "?", .options = options};
    mend_token *token = (mend_token *)&target;
    mend_status st = mend_hook_add(&target, &spec, &token, err);

    if (st == MEND_OK)
        hook_off(token);
    else
        assert_null(token);
    return st;
}

void
hook_off(mend_token *token)
{
    mend_error err;

    if (mend_hook_remove(token, &err) != MEND_OK)
        fail_msg("removing: %s", err.message);
}

mend_hook_stats
hook_baseline(void)
{
    mend_hook_stats stats;

    mend_hook_collect();
    mend_hook_get_stats(&stats);
    return stats;
}

/* Methods and trampolines may have become more, with their share of the bytes; nothing else. */
void
hook_assert_baseline(const mend_hook_stats *before)
{
    mend_hook_stats now = hook_baseline();
    size_t per_method = now.methods ? 256 * (now.methods - before->methods) : 0;

    assert_int_equal(now.hooks, before->hooks);
    assert_int_equal(now.chains, before->chains);
    assert_int_equal(now.retired, before->retired);
    assert_int_equal(now.unreleased, before->unreleased);
    assert_in_range(now.bytes, before->bytes, before->bytes + per_method);
}

void *
hook_imp(const char *class_name, const char *selector)
{
    mend_target target = target_of(class_name, selector);
    Class cls = objc_getClass(class_name);

    if (target.class_side)
        cls = object_getClass((id)cls);
    return (void *)class_getMethodImplementation(cls, sel_registerName(target.selector));
}

/* As on a kernel without membarrier: the system call does not exist. */
static void
take_membarrier_away(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        puts("seccomp is not allowed here; running with membarrier");
}

void
hook_test_main(int argc, char **argv)
{
    [NSAutoreleasePool new];
    if (argc > 1 && strcmp(argv[1], "mdwe") == 0 && prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0)
        puts("this kernel has no PR_SET_MDWE; running without");
    if (argc > 1 && strcmp(argv[1], "nobarrier") == 0)
        take_membarrier_away();
}

@implementation HookBase
- (void)greet
{
    hook_mark('.');
}
- (int)add:(int)a to:(int)b
{
    hook_mark('.');
    return a + b;
}
- (long)inherited:(long)a
{
    hook_mark('b');
    return a + value;
}
- (void)shared
{
    hook_mark('p');
}
+ (int)count
{
    hook_mark('.');
    return 7;
}
+ (int)count:(int)a
{
    return a + 1;
}
@end

@implementation HookChild
- (void)shared
{
    hook_mark('c');
    [super shared];
}
@end

@implementation HookGrandchild
@end

@implementation HookTypes
- (char)takeChar:(char)a { return a + 1; }
- (unsigned char)takeUChar:(unsigned char)a { return a + 1; }
- (short)takeShort:(short)a { return a + 1; }
- (int)takeInt:(int)a { return a + 1; }
- (long)takeLong:(long)a { return a + 1; }
- (unsigned long long)takeULongLong:(unsigned long long)a { return a + 1; }
- (float)takeFloat:(float)a { return a + 1; }
- (double)takeDouble:(double)a { return a + 1; }
- (long double)takeLongDouble:(long double)a { return a + 1; }
- (BOOL)takeBool:(BOOL)a { return !a; }
- (id)takeObject:(id)a { return a; }
- (SEL)takeSelector:(SEL)a { return a; }
- (Class)takeClass:(Class)a { return a; }
- (const char *)takeText:(const char *)a { return a + 1; }
- (HookSmall)takeSmall:(HookSmall)a { return (HookSmall){a.a + 1, a.b + 1}; }
- (HookMixed)takeMixed:(HookMixed)a { return (HookMixed){a.a + 1, a.b + 1}; }
- (HookRect)takeRect:(HookRect)a { return (HookRect){a.x + 1, a.y + 1, a.width + 1, a.height + 1}; }
- (double)takeMany:(int)a :(double)b :(long)c :(float)d :(long)e :(long)f :(long)g :(HookRect)h :(double)i
{
    return a + b + c + d + e + f + g + h.x + h.y + h.width + h.height + i;
}
- (int)sum:(int)count, ...
{
    va_list list;
    int sum = 0;

    va_start(list, count);
    while (count-- > 0)
        sum += va_arg(list, int);
    va_end(list);
    return sum;
}
@end
