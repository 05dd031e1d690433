/* SPDX-License-Identifier: MIT */
/*
 * Rows of the back end for CPUs without one: the same advice by a second libmend, built with -DMEND_ABI=libffi, beside
 * the native one in this process. $MEND_BENCH_LIBFFI is its file (bench/run); without it the rows are left out.
 */
#include "bench.h"

#include <dlfcn.h>
#include <mend/hook.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    mend_status (*add)(const mend_target *, const mend_hook_spec *, mend_token **, mend_error *);
    mend_status (*remove)(mend_token *, mend_error *);
    mend_status (*proceed)(mend_call *, mend_error *);
} other;

static mend_token *token;

/* Its own functions come first for it, or it would call the native ones. */
static bool
load(void)
{
    static bool tried;
    const char *file = getenv("MEND_BENCH_LIBFFI");
    void *library;

    if (tried || !file)
        return other.add != NULL;
    tried = true;
    if (!(library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND))) {
        fprintf(stderr, "%s\n", dlerror());
        return false;
    }
    *(void **)&other.remove = dlsym(library, "mend_hook_remove");
    *(void **)&other.proceed = dlsym(library, "mend_call_proceed");
    *(void **)&other.add = dlsym(library, "mend_hook_add");
    return other.add != NULL;
}

static void
count(mend_call *call, void *data)
{
    (void)call;
    ++*(unsigned long *)data;
}

static void
count_and_proceed(mend_call *call, void *data)
{
    ++*(unsigned long *)data;
    other.proceed(call, NULL);
}

static bool
add(const struct bench_method *method, mend_position position, mend_advice advice)
{
    mend_target target = {.class_name = method->class_name, .selector = method->selector};
    mend_hook_spec spec = {.position = position, .advice = advice, .data = &bench_counter};

    return load() && other.add(&target, &spec, &token, NULL) == MEND_OK;
}

bool
libffi_before_begin(const struct bench_method *method)
{
    return add(method, MEND_BEFORE, count);
}

bool
libffi_proceed_begin(const struct bench_method *method)
{
    return add(method, MEND_INSTEAD, count_and_proceed);
}

void
libffi_end(const struct bench_method *method)
{
    (void)method;
    other.remove(token, NULL);
    token = NULL;
}
