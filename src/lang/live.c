/* SPDX-License-Identifier: MIT */
/*
 * Questions to the live runtime. One walk a selector and source; the encodings found are interned signatures,
 * so telling them apart is a pointer comparison before it is a structural one.
 */
#include "lang/live.h"
#include "abi/signature.h"
#include "base/error.h"
#include "base/list.h"
#include <stdlib.h>

void
mn_live_init(struct mn_live *live)
{
    *live = (struct mn_live){.selectors = MN_MAP_EMPTY, .arena = MN_ARENA_EMPTY};
}

void
mn_live_fini(struct mn_live *live)
{
    mn_map_fini(&live->selectors);
    mn_arena_fini(&live->arena);
}

bool
mn_live_method(Class cls, bool class_side, const char *selector, struct mn_method *method)
{
    SEL sel = mn_selector_find(selector);
    Class root = cls;

    if (!sel || !cls)
        return false;
    if (!class_side)
        return mn_method_find(cls, sel, method);
    /* The chain of metaclasses ends above the root in the root class itself; a class not yet linked may not
     * say so. */
    for (Class at = cls; at; at = mn_class_super(at)) {
        if (mn_method_own(mn_class_meta(at), sel, method))
            return true;
        root = at;
    }
    return mn_method_own(root, sel, method);
}

/* Whether two method encodings travel alike: frame numbers, qualifiers, class names and pointees do not
 * matter. One that cannot be read is like itself only. */
static bool
same_types(const char *a, const char *b, bool *failed)
{
    const struct mn_signature *sa, *sb;
    mend_status sta = mn_signature_get(a, &sa, NULL), stb = mn_signature_get(b, &sb, NULL);

    if (sta == MEND_NO_MEMORY || stb == MEND_NO_MEMORY)
        *failed = true;
    return sta == MEND_OK && stb == MEND_OK && (sa == sb || mn_signature_equal(sa, sb, false));
}

struct survey {
    struct mn_list instance, meta; /* struct mn_live_types */
    bool failed;
};

static bool
count(void *data, const struct mn_method *method)
{
    struct survey *survey = data;
    struct mn_list *list = mn_class_is_meta(method->owner) ? &survey->meta : &survey->instance;
    struct mn_live_types *found;

    if (!method->types)
        return true;
    for (size_t i = 0; i < list->count; i++) {
        found = MN_LIST_AT(struct mn_live_types, list, i);
        if (found->types == method->types || same_types(found->types, method->types, &survey->failed)) {
            found->classes++;
            return true;
        }
    }
    if (!(found = mn_list_add(list))) {
        survey->failed = true;
        return false;
    }
    *found = (struct mn_live_types){method->types, 1, method->owner};
    return true;
}

static int
more_classes_first(const void *a, const void *b)
{
    const struct mn_live_types *x = a, *y = b;

    return x->classes < y->classes ? 1 : x->classes > y->classes ? -1 : 0;
}

static struct mn_live_types *
sorted(struct mn_live *live, struct mn_list *list, unsigned *n)
{
    if (list->count > 1)
        qsort(list->items, list->count, list->size, more_classes_first);
    *n = (unsigned)list->count;
    return mn_arena_copy(&live->arena, list->items, list->count, list->size);
}

const struct mn_live_selector *
mn_live_selector(struct mn_live *live, const char *selector)
{
    static const struct mn_live_selector nothing;
    struct mn_live_selector *known = mn_map_get_text(&live->selectors, selector);
    struct survey survey = {MN_LIST_OF(struct mn_live_types), MN_LIST_OF(struct mn_live_types), false};
    SEL sel = mn_selector_find(selector);

    if (known)
        return known;
    if (!(known = mn_arena_alloc(&live->arena, sizeof *known)))
        return &nothing;
    if (sel && mn_method_each_of(sel, count, &survey) != MEND_OK)
        survey.failed = true;
    known->instance = sorted(live, &survey.instance, &known->instance_count);
    known->meta = sorted(live, &survey.meta, &known->meta_count);
    mn_list_fini(&survey.instance);
    mn_list_fini(&survey.meta);
    if (survey.failed || live->arena.failed || !mn_map_set_text(&live->selectors, selector, known)) {
        live->arena.failed = true;
        return &nothing;
    }
    return known;
}

struct sought {
    const char *types, *other;
    bool found, failed;
};

static bool
seek(void *data, const struct mn_method *method)
{
    struct sought *sought = data;

    if (!method->types)
        return true;
    sought->found = same_types(sought->types, method->types, &sought->failed);
    sought->other = method->types;
    return !sought->found && !sought->failed;
}

mend_status
mn_live_has(const char *selector, const char *types, bool *has, const char **other, mend_error *err)
{
    struct sought sought = {types, NULL, false, false};
    SEL sel = mn_selector_find(selector);

    if (sel && (mn_method_each_of(sel, seek, &sought) != MEND_OK || sought.failed))
        return mn_fail_memory(err);
    *has = sought.found;
    *other = sought.other;
    return MEND_OK;
}

struct below {
    Class cls;
    bool class_side, found;
};

static bool
look_below(void *data, const struct mn_method *method)
{
    struct below *below = data;
    Class owner = method->owner;

    if (mn_class_is_meta(owner) != below->class_side)
        return true;
    if (below->class_side)
        owner = mn_class_named(mn_class_name(owner));
    below->found = mn_class_inherits(owner, below->cls);
    return !below->found;
}

bool
mn_live_below(Class cls, bool class_side, const char *selector)
{
    struct below below = {cls, class_side, false};
    SEL sel = mn_selector_find(selector);

    if (sel)
        mn_method_each_of(sel, look_below, &below);
    return below.found;
}

mend_status
mn_live_numbered(const char *types, struct mn_buffer *out, mend_error *err)
{
    const struct mn_signature *signature;
    mend_status st = mn_signature_get(types, &signature, err);

    if (st != MEND_OK)
        return st;
    mn_signature_write(signature, true, out);
    return out->failed ? mn_fail_memory(err) : MEND_OK;
}
