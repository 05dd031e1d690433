/* SPDX-License-Identifier: MIT */
/*
 * Methods on GCC's runtime: records in linked lists of arrays, the newest category in front.
 *
 * Lists are walked without a lock. That is safe because lists are only put in front and never freed while
 * reachable; a list of ours that was unlinked keeps its link, so a walker standing on it goes on.
 */
#include "runtime/gcc_abi.h"
#include "runtime/loading.h"

/* A record whose name is still a C string belongs to a class not registered yet: as good as not there. */
static struct gcc_method *
find_in_lists(struct gcc_method_list *list, uintptr_t id)
{
    for (; list != NULL; list = GCC_READ(list->next))
        for (int i = 0; i < list->count; i++)
            if (list->methods[i].name != NULL && gcc_sel_id(list->methods[i].name) == id)
                return &list->methods[i];
    return NULL;
}

struct gcc_method *
mn_gcc_own_record(Class cls, SEL sel)
{
    if (cls == Nil || !gcc_sel_mapped(sel))
        return NULL;
    return find_in_lists(GCC_READ(gcc_class(cls)->methods), gcc_sel_id(sel));
}

struct gcc_method *
mn_gcc_find_record(Class cls, SEL sel, Class *owner)
{
    struct gcc_method *record = NULL;

    for (; cls != Nil && record == NULL; cls = mn_class_super(cls)) {
        record = mn_gcc_own_record(cls, sel);
        *owner = cls;
    }
    if (record == NULL)
        *owner = Nil;
    return record;
}

static void
fill(struct mn_method *method, Class owner, const struct gcc_method *record)
{
    if (method != NULL)
        *method = (struct mn_method){.owner = owner,
                                     .sel = record->name,
                                     .types = record->types,
                                     .imp = __atomic_load_n(&record->imp, __ATOMIC_ACQUIRE)};
}

bool
mn_method_own(Class cls, SEL sel, struct mn_method *method)
{
    const struct gcc_method *record = mn_gcc_own_record(cls, sel);

    if (record != NULL)
        fill(method, cls, record);
    return record != NULL;
}

bool
mn_method_find(Class cls, SEL sel, struct mn_method *method)
{
    Class owner;
    const struct gcc_method *record = mn_gcc_find_record(cls, sel, &owner);

    if (record != NULL)
        fill(method, owner, record);
    return record != NULL;
}

void
mn_method_each(Class cls, bool (*visit)(void *data, const struct mn_method *method), void *data)
{
    struct gcc_method_list *first = cls != Nil ? GCC_READ(gcc_class(cls)->methods) : NULL;
    struct mn_method method;

    for (struct gcc_method_list *list = first; list != NULL; list = GCC_READ(list->next)) {
        for (int i = 0; i < list->count; i++) {
            struct gcc_method *record = &list->methods[i];

            if (!gcc_sel_mapped(record->name))
                continue;
            if (list != first && find_in_lists(first, gcc_sel_id(record->name)) != record)
                continue; /* a category replaced it */
            fill(&method, cls, record);
            if (!visit(data, &method))
                return;
        }
    }
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

    return gcc_sel_mapped(sel) ? mn_class_each(visit_both_sides, &search) : MEND_OK;
}

void
mn_method_each_record(Class cls, bool (*visit)(void *data, const struct mn_method *method), void *data)
{
    struct gcc_method_list *list = cls != Nil ? GCC_READ(gcc_class(cls)->methods) : NULL;

    for (; list != NULL; list = GCC_READ(list->next))
        for (int i = 0; i < list->count; i++) {
            const struct gcc_method *record = &list->methods[i];
            struct mn_method method = {.owner = cls,
                                       .sel = record->name,
                                       .types = record->types,
                                       .imp = __atomic_load_n(&record->imp, __ATOMIC_ACQUIRE)};

            if (gcc_sel_mapped(record->name) && !visit(data, &method))
                return;
        }
}
