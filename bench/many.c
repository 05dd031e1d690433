/* SPDX-License-Identifier: MIT */
/*
 * Figures about many hooks: the time and the memory of hooking thousands of methods of libgnustep-base in one
 * group, and of one hook put and removed.
 *
 * Memory is what malloc hands out and does not get back, so the runtime's tables count too. Inherited methods
 * are told apart: there the runtime's tables of each class must grow. Time is this thread's processor time.
 */
#include "bench.h"

#include <malloc.h>
#include <mend/hook.h>
#include <mend/pointcut.h>
#include <objc/runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN = 10000, INHERITED = 2000, TOGGLES = 2001, CLASSES = 500, METHODS = 200 };

struct pick {
    Class cls;
    const char *selector;
};

static struct pick picks[OWN];
static double many_time, many_bytes;

static void
count(mend_call *call, void *data)
{
    (void)call;
    ++*(unsigned long *)data;
}

static const mend_hook_spec counting = {.position = MEND_BEFORE, .advice = count, .data = &bench_counter};

static bool
of_the_bench(Class cls)
{
    return strncmp(class_getName(cls), "Bench", 5) == 0;
}

/* Own methods of classes and metaclasses, in the runtime's order. */
static int
pick_own_of(Class cls, int n)
{
    unsigned count;
    Method *methods = class_copyMethodList(cls, &count);

    for (unsigned i = 0; i < count && n < OWN; i++)
        picks[n++] = (struct pick){cls, sel_getName(method_getName(methods[i]))};
    free(methods);
    return n;
}

static int
pick_own(void)
{
    static Class classes[4096];
    int count = objc_getClassList(classes, 4096), n = 0;

    for (int i = 0; i < count && i < 4096 && n < OWN; i++)
        if (!of_the_bench(classes[i])) {
            n = pick_own_of(classes[i], n);
            n = pick_own_of(object_getClass((id)classes[i]), n);
        }
    return n;
}

/* NSObject's methods on classes that inherit them. */
static int
pick_inherited(void)
{
    static Class classes[4096];
    int count = objc_getClassList(classes, 4096), n = 0;
    Class root = objc_getClass("NSObject");
    unsigned methods;
    Method *all = class_copyMethodList(root, &methods);

    for (int i = 0; i < count && i < 4096 && n < INHERITED; i++)
        for (unsigned m = 0; m < methods && m < 64 && n < INHERITED; m++)
            if (classes[i] != root && !of_the_bench(classes[i]) &&
                class_getInstanceMethod(classes[i], method_getName(all[m])) == all[m])
                picks[n++] = (struct pick){classes[i], sel_getName(method_getName(all[m]))};
    free(all);
    return n;
}

/* Refused selectors are skipped, as a pattern skips them. Gives how many were staged. */
static int
stage(mend_group *group, int n)
{
    int staged = 0;

    for (int i = 0; i < n; i++) {
        mend_target target = {.cls = picks[i].cls, .selector = picks[i].selector};

        staged += mend_group_add(group, &target, &counting, NULL) == MEND_OK;
    }
    return staged;
}

/* The library may have fewer methods than wanted: the time is given for `wanted` of them. */
static bool
measure_many(int n, int wanted)
{
    mend_group *group;
    size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    double start = bench_processor();
    int staged;

    if (mend_group_new(&group, NULL) != MEND_OK)
        return false;
    staged = stage(group, n);
    if (mend_group_commit(group, NULL) != MEND_OK) {
        mend_group_free(group);
        return false;
    }
    many_time = (bench_processor() - start) * 1e3 * wanted / staged;
    many_bytes = (double)(mallinfo2().uordblks + mallinfo2().hblkhd - before) / staged;
    printf("  (%d of the %d found were hooked, the others are refused selectors; time for %d)\n", staged, n,
           wanted);
    mend_group_free(group);
    return true;
}

bool
measure_many_own_time(double *value)
{
    bool ok = measure_many(pick_own(), OWN);

    *value = many_time;
    return ok;
}

bool
measure_many_own_bytes(double *value)
{
    *value = many_bytes;
    return true;
}

bool
measure_many_inherited_time(double *value)
{
    bool ok = measure_many(pick_inherited(), INHERITED);

    *value = many_time;
    return ok;
}

bool
measure_many_inherited_bytes(double *value)
{
    *value = many_bytes;
    return true;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

bool
measure_toggle(double *value)
{
    static double took[TOGGLES];
    mend_target target = {.class_name = "BenchAlpha", .selector = "step"};

    for (int i = 0; i < TOGGLES; i++) {
        double start = bench_now();
        mend_token *token;

        if (mend_hook_add(&target, &counting, &token, NULL) != MEND_OK)
            return false;
        mend_hook_remove(token, NULL);
        took[i] = (bench_now() - start) * 1e6;
    }
    qsort(took, TOGGLES, sizeof *took, by_value);
    *value = took[TOGGLES / 2];
    return true;
}

static void
nothing(id self, SEL sel)
{
    (void)self;
    (void)sel;
}

/* Half of them below another, half of the methods class methods. */
static void
generate_classes(void)
{
    static Class made[CLASSES];
    char name[40];

    for (int c = 0; c < CLASSES; c++) {
        snprintf(name, sizeof name, "BenchMany%d", c);
        made[c] = objc_allocateClassPair(c % 2 ? made[c / 2] : (Class)objc_getClass("NSObject"), name, 0);
        for (int m = 0; m < METHODS; m++) {
            snprintf(name, sizeof name, "method%d", m);
            class_addMethod(m % 2 ? made[c] : object_getClass((id)made[c]), sel_registerName(name), (IMP)(void (*)(void))nothing,
                            "v16@0:8");
        }
        objc_registerClassPair(made[c]);
    }
}

bool
measure_pattern(double *value)
{
    mend_pointcut *pointcut;
    double start;

    generate_classes();
    start = bench_processor();
    if (mend_pointcut_new("*[BenchMany* method*]", &counting, 0, &pointcut, NULL) != MEND_OK ||
        mend_pointcut_commit(pointcut, NULL) != MEND_OK)
        return false;
    *value = (bench_processor() - start) * 1e3;
    mend_pointcut_free(pointcut);
    return true;
}
