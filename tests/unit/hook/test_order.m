/* SPDX-License-Identifier: MIT */
/* In which order advice runs, and what removal, priority and inheritance make of it. */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const char *
greeting(void)
{
    HookBase *object = [HookBase new];

    hook_trace_clear();
    [object greet];
    [object release];
    return hook_trace;
}

static void
hooks_run_around_the_method_in_the_order_added(void **state)
{
    mend_token *a = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "a");
    mend_token *c = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "c");
    mend_token *b = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "b");
    mend_token *d = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "d");

    assert_string_equal(greeting(), "ab.cd");
    hook_off(a);
    assert_string_equal(greeting(), "b.cd");
    hook_off(d);
    assert_string_equal(greeting(), "b.c");
    hook_off(b);
    assert_string_equal(greeting(), ".c");
    hook_off(c);
    assert_string_equal(greeting(), ".");
}

static void
a_higher_priority_runs_earlier_and_further_outside(void **state)
{
    mend_token *tokens[] = {
        hook_on_with_priority("HookBase", "greet", MEND_BEFORE, hook_writes, "a", 0),
        hook_on_with_priority("HookBase", "greet", MEND_BEFORE, hook_writes, "b", 5),
        hook_on_with_priority("HookBase", "greet", MEND_BEFORE, hook_writes, "c", -5),
        hook_on_with_priority("HookBase", "greet", MEND_INSTEAD, hook_wraps, "[]", 5),
        hook_on_with_priority("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()", 0),
        hook_on_with_priority("HookBase", "greet", MEND_AFTER, hook_writes, "y", 0),
        hook_on_with_priority("HookBase", "greet", MEND_AFTER, hook_writes, "x", 1),
    };

    assert_string_equal(greeting(), "bac[(.)]xy");
    for (int i = 0; i < 7; i++)
        hook_off(tokens[i]);
    assert_string_equal(greeting(), ".");
}

static void
the_newest_instead_is_outermost(void **state)
{
    mend_token *inner = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    mend_token *outer = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "[]");

    assert_string_equal(greeting(), "[(.)]");
    hook_off(inner);
    assert_string_equal(greeting(), "[.]");
    hook_off(outer);
    assert_string_equal(greeting(), ".");
}

static void
an_instead_that_does_not_proceed_hides_the_rest_but_not_after(void **state)
{
    mend_token *inner = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    mend_token *outer = hook_on("HookBase", "greet", MEND_INSTEAD, hook_writes, "x");
    mend_token *after = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "a");

    assert_string_equal(greeting(), "xa");
    hook_off(outer);
    assert_string_equal(greeting(), "(.)a");
    hook_off(inner);
    hook_off(after);
}

static void
proceeds_twice(mend_call *call, void *data)
{
    hook_mark('2');
    assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
    assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
}

static void
proceeding_twice_runs_everything_below_twice(void **state)
{
    mend_token *inner = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    mend_token *outer = hook_on("HookBase", "greet", MEND_INSTEAD, proceeds_twice, NULL);

    assert_string_equal(greeting(), "2(.)(.)");
    hook_off(inner);
    hook_off(outer);
}

static void
skips(mend_call *call, void *data)
{
    hook_mark('s');
    assert_int_equal(mend_call_skip(call, NULL), MEND_OK);
}

static void
before_advice_can_skip_the_method_alone_and_among_others(void **state)
{
    mend_token *first = hook_on("HookBase", "greet", MEND_BEFORE, skips, NULL), *rest[3];

    assert_string_equal(greeting(), "s");
    rest[0] = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "b");
    assert_string_equal(greeting(), "sb");
    rest[1] = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "a");
    rest[2] = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    assert_string_equal(greeting(), "sba");
    hook_off(first);
    assert_string_equal(greeting(), "b(.)a");
    for (int i = 0; i < 3; i++)
        hook_off(rest[i]);
}

static void
a_disabled_hook_waits_until_it_is_enabled(void **state)
{
    mend_token *before = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "b");
    mend_token *instead = hook_on("HookBase", "greet", MEND_INSTEAD, hook_wraps, "()");
    mend_token *after = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "a");

    assert_int_equal(mend_hook_disable(instead, NULL), MEND_OK);
    assert_int_equal(mend_hook_disable(instead, NULL), MEND_OK);
    assert_string_equal(greeting(), "b.a");
    assert_int_equal(mend_hook_disable(after, NULL), MEND_OK);
    assert_string_equal(greeting(), "b.");
    assert_int_equal(mend_hook_disable(before, NULL), MEND_OK);
    assert_string_equal(greeting(), ".");
    assert_int_equal(mend_hook_enable(instead, NULL), MEND_OK);
    assert_string_equal(greeting(), "(.)");
    hook_off(before); /* also while it is disabled */
    hook_off(instead);
    hook_off(after);
    assert_int_equal(mend_hook_enable(after, NULL), MEND_NOT_INSTALLED);
}

static const char *
sharing(Class cls)
{
    HookBase *object = [cls new];

    hook_trace_clear();
    [object shared];
    [object release];
    return hook_trace;
}

static void
hooks_of_a_class_and_of_its_superclass_both_run(void **state)
{
    mend_token *child = hook_on("HookChild", "shared", MEND_BEFORE, hook_writes, "1");
    mend_token *parent = hook_on("HookBase", "shared", MEND_INSTEAD, hook_wraps, "[]");

    assert_string_equal(sharing([HookChild class]), "1c[p]");
    assert_string_equal(sharing([HookGrandchild class]), "1c[p]");
    assert_string_equal(sharing([HookBase class]), "[p]");
    hook_off(child);
    assert_string_equal(sharing([HookChild class]), "c[p]");
    hook_off(parent);
    assert_string_equal(sharing([HookChild class]), "cp");
}

static const char *
inheriting(Class cls)
{
    HookBase *object = [cls new];

    hook_trace_clear();
    object->value = 30;
    assert_int_equal([object inherited:12], 42);
    [object release];
    return hook_trace;
}

static void
an_inherited_method_is_hooked_on_the_class_alone(void **state)
{
    void *plain = hook_imp("HookBase", "inherited:");
    mend_token *child = hook_on("HookChild", "inherited:", MEND_BEFORE, hook_writes, "1");
    mend_token *parent;

    assert_string_equal(inheriting([HookChild class]), "1b");
    assert_string_equal(inheriting([HookGrandchild class]), "1b");
    assert_string_equal(inheriting([HookBase class]), "b");
    assert_ptr_equal(hook_imp("HookBase", "inherited:"), plain);

    parent = hook_on("HookBase", "inherited:", MEND_INSTEAD, hook_wraps, "()"); /* later than the child */
    assert_string_equal(inheriting([HookChild class]), "1(b)");
    hook_off(child);
    assert_string_equal(inheriting([HookChild class]), "(b)");
    hook_off(parent);
    assert_string_equal(inheriting([HookGrandchild class]), "b");
    assert_ptr_equal(hook_imp("HookChild", "inherited:"), plain);
}

static void
class_methods_are_hooked_apart_from_instance_methods(void **state)
{
    mend_token *own = hook_on("HookBase", "+count", MEND_BEFORE, hook_writes, "1");
    mend_token *child = hook_on("HookChild", "+count", MEND_AFTER, hook_writes, "2");

    hook_trace_clear();
    assert_int_equal([HookBase count], 7);
    assert_int_equal([HookChild count], 7);
    assert_string_equal(hook_trace, "1.1.2");
    hook_off(own);
    hook_off(child);
    hook_trace_clear();
    assert_int_equal([HookChild count], 7);
    assert_string_equal(hook_trace, ".");
}

static void
the_last_removal_gives_the_very_same_implementation_back(void **state)
{
    void *before = hook_imp("HookBase", "greet");
    mend_token *one = hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "1");
    mend_token *two = hook_on("HookBase", "greet", MEND_AFTER, hook_writes, "2");

    assert_ptr_not_equal(hook_imp("HookBase", "greet"), before);
    hook_off(one);
    assert_ptr_not_equal(hook_imp("HookBase", "greet"), before);
    hook_off(two);
    assert_ptr_equal(hook_imp("HookBase", "greet"), before);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hooks_run_around_the_method_in_the_order_added),
        cmocka_unit_test(a_higher_priority_runs_earlier_and_further_outside),
        cmocka_unit_test(the_newest_instead_is_outermost),
        cmocka_unit_test(an_instead_that_does_not_proceed_hides_the_rest_but_not_after),
        cmocka_unit_test(proceeding_twice_runs_everything_below_twice),
        cmocka_unit_test(before_advice_can_skip_the_method_alone_and_among_others),
        cmocka_unit_test(a_disabled_hook_waits_until_it_is_enabled),
        cmocka_unit_test(hooks_of_a_class_and_of_its_superclass_both_run),
        cmocka_unit_test(an_inherited_method_is_hooked_on_the_class_alone),
        cmocka_unit_test(class_methods_are_hooked_apart_from_instance_methods),
        cmocka_unit_test(the_last_removal_gives_the_very_same_implementation_back),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
