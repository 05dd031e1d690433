/* SPDX-License-Identifier: MIT */
/* NSObject's count of owners: the word itself is changed, by the same locked instructions NSObject uses. */
#include "runtime/count.h"

#include "runtime/override.h"
#include "runtime/plain.h"

static enum { UNTRIED, HOLDS, DOES_NOT_HOLD } fact; /* under the runtime's mutex */
static IMP root_retain, root_release;

static inline long *
word(id object)
{
    return (long *)(void *)object - 1;
}

static long
read_word(id object)
{
    return __atomic_load_n(word(object), __ATOMIC_ACQUIRE);
}

/* Retained and released by NSObject, an object's word shows it. */
static bool
word_counts(id object)
{
    bool counts;

    if (object == nil || read_word(object) != 0)
        return false;
    mn_run_void(root_retain, object, MN_SELECTOR("retain"));
    counts = read_word(object) == 1;
    mn_run_void(root_release, object, MN_SELECTOR("release"));
    return counts && read_word(object) == 0;
}

static void
try_fact(void)
{
    Class root = mn_class_named("NSObject");
    struct mn_method retain;
    id object;

    if (root == Nil)
        return; /* may be loaded later */
    fact = DOES_NOT_HOLD;
    root_release = mn_override_beneath(root, MN_OVERRIDE_RELEASE);
    if (root_release == NULL || !mn_method_own(root, MN_SELECTOR("retain"), &retain))
        return;
    root_retain = retain.imp;
    object = mn_send(mn_send((id)root, MN_SELECTOR("alloc")), MN_SELECTOR("init"));
    if (word_counts(object))
        fact = HOLDS;
    mn_send_void(object, MN_SELECTOR("release"));
}

bool
mn_count_by_word(Class cls)
{
    struct mn_method retain;

    if (fact == UNTRIED)
        try_fact();
    return fact == HOLDS && mn_method_find(cls, MN_SELECTOR("retain"), &retain) &&
           retain.imp == root_retain && mn_override_beneath(cls, MN_OVERRIDE_RELEASE) == root_release;
}

/* NSObject gives up beyond 0xfffffe owners; a weak load that meets such an object counts on. */
bool
mn_count_retain(id object)
{
    long count = read_word(object);

    while (count >= 0)
        if (__atomic_compare_exchange_n(word(object), &count, count + 1, true, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            return true;
    return false;
}

bool
mn_count_release_but_last(id object)
{
    long count = read_word(object);

    while (count > 0)
        if (__atomic_compare_exchange_n(word(object), &count, count - 1, true, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            return true;
    return false;
}

bool
mn_count_shared(id object)
{
    return read_word(object) > 0;
}
