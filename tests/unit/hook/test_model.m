/* SPDX-License-Identifier: MIT */
/*
 * Random sequences of everything one can do with hooks, compared with a model: a plain list of what was added, and
 * the few rules of <mend/hook.h> written down a second time.
 *
 * Three classes in a line share a selector; the second does not implement it. A call of the third must run, from the
 * outside in, what the model says: hooks on the third, then (being inherited) hooks on the second, then on the first.
 *
 * MEND_SEED repeats a run; MEND_SCALE makes it longer.
 */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <objc/runtime.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CLASSES = 3, HOOKS_MAX = 12, STEPS = 200000 };

@interface HookModelA : NSObject
- (void)walk;
@end
@interface HookModelB : HookModelA
@end
@interface HookModelC : HookModelB
@end

@implementation HookModelA
- (void)walk
{
    hook_mark('.');
}
@end
@implementation HookModelB
@end
@implementation HookModelC
- (void)walk
{
    hook_mark(':');
    [super walk];
}
@end

static const char *const class_names[CLASSES] = {"HookModelA", "HookModelB", "HookModelC"};

/* ---- The model ---- */

enum kind { PLAIN, SKIPPING, WRAPPING, HIDING, TWICE };

struct model_hook {
    mend_token *token;
    int class_index, priority, order;
    mend_position position;
    enum kind kind;
    bool disabled;
    char letters[3];
};

static struct model_hook hooks[HOOKS_MAX];
static int hook_count, next_order;
static char expected[256];
static uint64_t random_state;

static unsigned
pick(unsigned n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % n;
}

static void
expect(char letter)
{
    size_t n = strlen(expected);

    if (n + 1 < sizeof expected)
        expected[n] = letter;
}

/* Whether a runs before b, or outside it. */
static bool
goes_first(const struct model_hook *a, const struct model_hook *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return a->position == MEND_INSTEAD ? a->order > b->order : a->order < b->order;
}

/* The hooks of a class and position in force, in turn. */
static int
in_turn(int class_index, mend_position position, const struct model_hook **turn)
{
    int n = 0;

    for (int i = 0; i < hook_count; i++)
        if (hooks[i].class_index == class_index && hooks[i].position == position && !hooks[i].disabled) {
            int at = n++;

            for (; at > 0 && goes_first(&hooks[i], turn[at - 1]); at--)
                turn[at] = turn[at - 1];
            turn[at] = &hooks[i];
        }
    return n;
}

static void model_call(int class_index);

static void
model_method(int class_index)
{
    if (class_index == 0)
        expect('.');
    else if (class_index == 1)
        model_call(0); /* inherited */
    else {
        expect(':');
        model_call(1);
    }
}

static void
model_instead(int class_index, const struct model_hook *const *turn, int count)
{
    if (count == 0) {
        model_method(class_index);
        return;
    }
    expect(turn[0]->letters[0]);
    if (turn[0]->kind == HIDING)
        return;
    model_instead(class_index, turn + 1, count - 1);
    if (turn[0]->kind == TWICE)
        model_instead(class_index, turn + 1, count - 1);
    expect(turn[0]->letters[1]);
}

static void
model_call(int class_index)
{
    const struct model_hook *turn[HOOKS_MAX];
    int n = in_turn(class_index, MEND_BEFORE, turn);
    bool skipped = false;

    for (int i = 0; i < n; i++) {
        expect(turn[i]->letters[0]);
        skipped |= turn[i]->kind == SKIPPING;
    }
    if (!skipped)
        model_instead(class_index, turn, in_turn(class_index, MEND_INSTEAD, turn));
    n = in_turn(class_index, MEND_AFTER, turn);
    for (int i = 0; i < n; i++)
        expect(turn[i]->letters[0]);
}

/* ---- The real thing ---- */

static void
skips(mend_call *call, void *letters)
{
    hook_writes(call, letters);
    mend_call_skip(call, NULL);
}

static void
proceeds_twice(mend_call *call, void *letters)
{
    hook_mark(((const char *)letters)[0]);
    mend_call_proceed(call, NULL);
    mend_call_proceed(call, NULL);
    hook_mark(((const char *)letters)[1]);
}

static const mend_advice advices[] = {
    [PLAIN] = hook_writes, [SKIPPING] = skips, [WRAPPING] = hook_wraps, [HIDING] = hook_writes, [TWICE] = proceeds_twice};

static void
compare(void)
{
    for (int c = 0; c < CLASSES; c++) {
        id object = class_createInstance(objc_getClass(class_names[c]), 0);

        hook_trace_clear();
        [object walk];
        object_dispose(object);
        memset(expected, 0, sizeof expected);
        model_call(c);
        assert_string_equal(hook_trace, expected);
    }
}

static void
add_one(void)
{
    static const mend_position positions[] = {MEND_BEFORE, MEND_INSTEAD, MEND_AFTER};
    static char letters[HOOKS_MAX * 64][3]; /* what a call that is still inside may look at stays */
    static int used;
    struct model_hook *h = &hooks[hook_count];
    char *mine = letters[used++ % (HOOKS_MAX * 64)];

    if (hook_count == HOOKS_MAX)
        return;
    *h = (struct model_hook){.class_index = (int)pick(CLASSES),
                             .priority = (int)pick(3) - 1,
                             .order = next_order++,
                             .position = positions[pick(3)]};
    h->kind = h->position == MEND_AFTER    ? PLAIN
              : h->position == MEND_BEFORE ? (pick(8) ? PLAIN : SKIPPING)
                                           : (pick(8) ? WRAPPING : HIDING + pick(2));
    mine[0] = h->letters[0] = (char)('a' + h->order % 26);
    mine[1] = h->letters[1] = (char)('A' + h->order % 26);
    h->token = hook_on_with_priority(class_names[h->class_index], "walk", h->position, advices[h->kind], mine,
                                     h->priority);
    hook_count++;
}

static void
remove_one(void)
{
    int i = (int)pick((unsigned)hook_count);

    hook_off(hooks[i].token);
    assert_int_equal(mend_hook_remove(hooks[i].token, NULL), MEND_NOT_INSTALLED);
    hooks[i] = hooks[--hook_count];
}

static void
turn_one(void)
{
    struct model_hook *h = &hooks[pick((unsigned)hook_count)];

    h->disabled = !h->disabled;
    assert_int_equal(h->disabled ? mend_hook_disable(h->token, NULL) : mend_hook_enable(h->token, NULL), MEND_OK);
}

static void
step(void)
{
    unsigned what = pick(10);

    if (hook_count == 0 || what < 4)
        add_one();
    else if (what < 8)
        remove_one();
    else if (what < 9)
        turn_one();
    else
        mend_hook_collect();
}

static void
random_sequences_agree_with_the_model(void **state)
{
    const char *seed = getenv("MEND_SEED"), *scale = getenv("MEND_SCALE");
    long steps = STEPS * (scale ? atol(scale) : 1);
    mend_hook_stats before = hook_baseline();

    random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
    print_message("MEND_SEED=%llu\n", (unsigned long long)random_state);
    for (long i = 0; i < steps; i++) {
        step();
        compare();
    }
    while (hook_count > 0)
        remove_one();
    compare();
    hook_assert_baseline(&before);
    print_message("%ld steps\n", steps);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_sequences_agree_with_the_model)};

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
