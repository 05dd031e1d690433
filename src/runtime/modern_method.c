/* SPDX-License-Identifier: MIT */
/*
 * Methods, selectors and sends on libobjc2 and Apple's runtime.
 *
 * Methods are read from copies of a class's list, the newest category first: class_getInstanceMethod may ask the host
 * to resolve a method.
 */
#include "runtime/loading.h"
#include "runtime/modern.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static void
free_list(void *list)
{
    free(*(void **)list);
}

#define LISTED __attribute__((cleanup(free_list)))

/* ---- Methods ---- */

Method
modern_own_method(Class cls, SEL sel)
{
    unsigned count = 0;
    LISTED Method *methods = cls != Nil && sel != NULL ? class_copyMethodList(cls, &count) : NULL;

    for (unsigned i = 0; methods != NULL && i < count; i++)
        if (mn_selector_equal(method_getName(methods[i]), sel))
            return methods[i];
    return NULL;
}

static void
fill(struct mn_method *method, Class owner, Method record)
{
    if (method != NULL)
        *method = (struct mn_method){.owner = owner,
                                     .sel = method_getName(record),
                                     .types = method_getTypeEncoding(record),
                                     .imp = method_getImplementation(record)};
}

bool
mn_method_own(Class cls, SEL sel, struct mn_method *method)
{
    Method record = modern_own_method(cls, sel);

    if (record == NULL || modern_is_vestige(cls, record))
        return false;
    fill(method, cls, record);
    return true;
}

bool
mn_method_find(Class cls, SEL sel, struct mn_method *method)
{
    for (; cls != Nil; cls = mn_class_super(cls))
        if (mn_method_own(cls, sel, method))
            return true;
    return false;
}

static void
each(Class cls, bool hidden_too, bool (*visit)(void *data, const struct mn_method *method), void *data)
{
    unsigned count = 0;
    LISTED Method *methods = cls != Nil ? class_copyMethodList(cls, &count) : NULL;
    struct mn_method method;

    for (unsigned i = 0; methods != NULL && i < count; i++) {
        unsigned first = 0;

        if (modern_is_vestige(cls, methods[i]))
            continue;
        while (!hidden_too && first < i &&
               !mn_selector_equal(method_getName(methods[first]), method_getName(methods[i])))
            first++;
        if (!hidden_too && first < i)
            continue; /* a category replaced it */
        fill(&method, cls, methods[i]);
        if (!visit(data, &method))
            return;
    }
}

void
mn_method_each(Class cls, bool (*visit)(void *data, const struct mn_method *method), void *data)
{
    each(cls, false, visit, data);
}

void
mn_method_each_record(Class cls, bool (*visit)(void *data, const struct mn_method *method), void *data)
{
    each(cls, true, visit, data);
}

struct search {
    SEL sel;
    bool (*visit)(void *data, const struct mn_method *method);
    void *data;
};

static bool
visit_both_sides(void *data, Class cls)
{
    const struct search *search = data;
    struct mn_method method;

    if (mn_method_own(cls, search->sel, &method) && !search->visit(search->data, &method))
        return false;
    return !mn_method_own(mn_class_meta(cls), search->sel, &method) || search->visit(search->data, &method);
}

mend_status
mn_method_each_of(SEL sel, bool (*visit)(void *data, const struct mn_method *method), void *data)
{
    struct search search = {.sel = sel, .visit = visit, .data = data};

    return sel != NULL ? mn_class_each(visit_both_sides, &search) : MEND_OK;
}

/* ---- Selectors ---- */

SEL
mn_selector(const char *name)
{
    return mn_selector_typed(name, NULL);
}

SEL
mn_selector_typed(const char *name, const char *types)
{
    return name != NULL && name[0] != '\0' ? modern_typed_selector(name, types) : NULL;
}

SEL
mn_selector_only(const char *name)
{
    return mn_selector(name); /* a message is forwarded by its receiver's word there */
}

/* These runtimes answer no question about a name without registering it. */
SEL
mn_selector_find(const char *name)
{
    return mn_selector(name);
}

static bool
stop_at_first(void *data, const struct mn_method *method)
{
    (void)method;
    *(bool *)data = true;
    return false;
}

bool
mn_selector_known(SEL sel)
{
    bool found = false;

    mn_method_each_of(sel, stop_at_first, &found);
    return found;
}

const char *
mn_selector_name(SEL sel)
{
    return sel != NULL ? sel_getName(sel) : NULL;
}

const char *
mn_selector_types(SEL sel)
{
    return sel != NULL ? modern_selector_types(sel) : NULL;
}

/* sel_isEqual of libobjc2 compares the types of typed selectors too. */
bool
mn_selector_equal(SEL a, SEL b)
{
    if (a == b || a == NULL || b == NULL)
        return a == b;
    return strcmp(sel_getName(a), sel_getName(b)) == 0;
}

/* ---- Sending ---- */

/* A floating result is what the register had, as with the function that GCC's runtime gives for nil. */
static long
nothing(id self, SEL sel)
{
    (void)self;
    (void)sel;
    return 0;
}

IMP
mn_lookup(id receiver, SEL sel)
{
    return receiver != nil ? modern_lookup(receiver, sel) : (IMP)(void *)nothing;
}

IMP
mn_lookup_super(id receiver, Class superclass, SEL sel)
{
    if (receiver == nil)
        return (IMP)(void *)nothing;
    if (superclass == Nil)
        return modern_forward(receiver, sel); /* above a root class there is nothing */
    return modern_lookup_super(receiver, superclass, sel);
}

/* Records and tables cannot differ there: a table's entry is the record itself. */
IMP
mn_lookup_installed(Class cls, SEL sel)
{
    struct mn_method method;

    if (cls == Nil || sel == NULL || !mn_class_initialised(cls) || !mn_method_find(cls, sel, &method))
        return NULL;
    return method.imp;
}
