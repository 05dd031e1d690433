/* SPDX-License-Identifier: MIT */
/*
 * Classes made while the test runs, with methods that return a number: what a send returns tells which body
 * ran.
 */
#ifndef MN_TESTS_RUNTIME_FAMILIES_H
#define MN_TESTS_RUNTIME_FAMILIES_H

#include "runtime/create.h"
#include "runtime/gcc_abi.h"
#include "runtime/install.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FAMILY_TYPES "q16@0:8"

/* f(n) is a method that returns n. */
#define RETURNING(n)                                                                                         \
    __attribute__((unused)) static long returns_##n(id self, SEL _cmd)                                       \
    {                                                                                                        \
        return n;                                                                                            \
    }
RETURNING(1)
RETURNING(2)
RETURNING(3)
RETURNING(50)
RETURNING(99)

static inline long
send_long(id object, SEL sel)
{
    return ((long (*)(id, SEL))objc_msg_lookup(object, sel))(object, sel);
}

static inline SEL
fresh_selector(const char *stem)
{
    static unsigned number;
    char name[96];

    snprintf(name, sizeof(name), "%s_%u", stem, number++);
    return mn_selector(name);
}

/* Two new selectors whose IMPs stand in one bucket. */
static inline void
fresh_pair(SEL *a, SEL *b)
{
    do {
        *a = fresh_selector("pair");
        *b = fresh_selector("pair");
    } while (gcc_sel_bucket(*a) != gcc_sel_bucket(*b));
}

static inline Class
fresh_class(Class super)
{
    static unsigned number;
    char name[64];
    Class cls;

    snprintf(name, sizeof(name), "Family%u", number++);
    assert_int_equal(mn_class_new(super, name, &cls, NULL), MEND_OK);
    return cls;
}

static inline void
give(Class cls, SEL sel, void *imp)
{
    assert_int_equal(mn_class_add_method(cls, sel, (IMP)imp, FAMILY_TYPES, NULL), MEND_OK);
}

static inline void
enrol(Class cls)
{
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
}

/* Lives as long as the program: threads may hold it. */
static inline id
instance(Class cls)
{
    static id kept[16384];
    static unsigned count;

    return kept[count++ % 16384] = class_createInstance(cls, 0);
}

/* An installed change, which the test reverts. */
static inline struct mn_change
change_of(Class cls, SEL sel, void *imp)
{
    return (struct mn_change){.cls = cls, .sel = sel, .imp = (IMP)imp, .types = FAMILY_TYPES};
}

static inline void
install(struct mn_change *change)
{
    mend_error err = {0};

    if (mn_install_one(change, &err) != MEND_OK)
        fail_msg("install: %s", err.message);
}

static inline void
revert(struct mn_change *change)
{
    mend_error err = {0};

    if (mn_install_revert_one(change, &err) != MEND_OK)
        fail_msg("revert: %s", err.message);
}

#endif
