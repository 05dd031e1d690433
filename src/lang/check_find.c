/* SPDX-License-Identifier: MIT */
/*
 * Finding the method a message would run, or at least what it takes and gives.
 *
 * The receiver's static class first, with what the source declares before what the runtime's tables say; then
 * the classes below it; then the whole process. Where classes disagree about a selector sent to `id`, the
 * encoding most classes share is the static type: the machine converts from the encoding of the method that
 * really runs, so a disagreement can change a number's type but never its passing.
 */
#include "lang/check.h"
#include <string.h>

/* Selectors that take a variable tail; encodings do not tell. */
static const char *const variadic[] = {
    "stringWithFormat:",
    "initWithFormat:",
    "appendFormat:",
    "stringByAppendingFormat:",
    "localizedStringWithFormat:",
    "raise:format:",
    "predicateWithFormat:",
    "arrayWithObjects:",
    "initWithObjects:",
    "setWithObjects:",
    "orderedSetWithObjects:",
    "dictionaryWithObjectsAndKeys:",
    "initWithObjectsAndKeys:",
    "expressionWithFormat:",
    "initWithFormat:locale:",
    "handleFailureInMethod:object:file:lineNumber:description:",
    "handleFailureInFunction:file:lineNumber:description:",
    "failWithFormat:",
};

static bool
is_variadic(const char *selector)
{
    for (size_t i = 0; i < sizeof variadic / sizeof variadic[0]; i++)
        if (strcmp(variadic[i], selector) == 0)
            return true;
    return false;
}

static bool
from_encoding(struct mn_check *c, const char *selector, bool class_side, const char *types, bool exact,
              struct mn_msig *out)
{
    *out = (struct mn_msig){.selector = selector, .class_side = class_side, .exact = exact};
    out->variadic = is_variadic(selector);
    return types && mn_encoded_method(c, types, out);
}

static bool
from_property(struct mn_check *c, const struct mn_kproperty *p, const char *selector, struct mn_msig *out)
{
    const struct mn_ctype **param;

    *out =
        (struct mn_msig){.selector = selector, .class_side = p->class_side, .declared = true, .exact = true};
    if (strcmp(p->getter, selector) == 0) {
        out->result = p->type;
        return true;
    }
    if (!p->setter || strcmp(p->setter, selector) != 0)
        return false;
    if ((param = mn_arena_alloc(c->arena, sizeof *param)))
        *param = p->type;
    out->result = mn_ctype_basic(MN_C_VOID);
    out->params = param;
    out->count = param ? 1 : 0;
    return true;
}

/* What the source itself says of a class. */
static bool
in_source(struct mn_check *c, const struct mn_klass *k, bool class_side, const char *selector,
          struct mn_msig *out)
{
    const struct mn_msig *m = mn_klass_method(k, class_side, selector);

    if (m) {
        *out = *m;
        return true;
    }
    for (size_t i = 0; i < k->properties.count; i++) {
        const struct mn_kproperty *p = MN_LIST_AT(struct mn_kproperty, &k->properties, i);

        if (p->class_side == class_side && from_property(c, p, selector, out))
            return true;
    }
    return false;
}

static bool
in_class(struct mn_check *c, const char *class_name, bool class_side, const char *selector,
         struct mn_msig *out)
{
    const char *root = class_name;
    struct mn_method live;
    Class cls = Nil;

    for (unsigned depth = 0; class_name && depth < 1000; depth++, class_name = mn_super_name(c, class_name)) {
        struct mn_klass *k = mn_klass_named(c, class_name);

        if (k && in_source(c, k, class_side, selector, out))
            return true;
        if (!cls)
            cls = k ? k->live : mn_class_named(class_name);
        root = class_name;
    }
    if (cls && mn_live_method(cls, class_side, selector, &live))
        return from_encoding(c, selector, class_side, live.types, true, out);
    if (class_side && mn_klass_named(c, root) && in_source(c, mn_klass_named(c, root), false, selector, out))
        return true;
    return cls && mn_selector_find(selector) &&
           mn_class_protocol_method(cls, mn_selector_find(selector), !class_side, &live) &&
           from_encoding(c, selector, class_side, live.types, false, out);
}

static bool
anywhere(struct mn_check *c, bool class_side, const char *selector, struct mn_msig *out)
{
    const struct mn_live_selector *live;

    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < c->classes.count; i++)
            if (in_source(c, *MN_LIST_AT(struct mn_klass *, &c->classes, i), side ? !class_side : class_side,
                          selector, out)) {
                out->exact = false;
                return true;
            }
    live = mn_live_selector(c->live, selector);
    for (int side = 0; side < 2; side++) {
        bool meta = side ? !class_side : class_side;
        const struct mn_live_types *types = meta ? live->meta : live->instance;
        unsigned count = meta ? live->meta_count : live->instance_count;

        for (unsigned i = 0; i < count; i++)
            if (from_encoding(c, selector, meta, types[i].types, false, out))
                return true;
    }
    return false;
}

enum mn_found
mn_find_method(struct mn_check *c, const char *class_name, bool class_side, const char *selector,
               struct mn_msig *out)
{
    struct mn_klass *k;
    Class cls;

    if (!class_name)
        return anywhere(c, class_side, selector, out) ? MN_FOUND_HERE : MN_FOUND_NOWHERE;
    if (in_class(c, class_name, class_side, selector, out))
        return MN_FOUND_HERE;
    if (!anywhere(c, class_side, selector, out))
        return MN_FOUND_NOWHERE;
    k = mn_klass_named(c, class_name);
    cls = k ? k->live : mn_class_named(class_name);
    for (size_t i = 0; i < c->classes.count; i++) {
        struct mn_klass *other = *MN_LIST_AT(struct mn_klass *, &c->classes, i);
        struct mn_msig ignored;

        if (mn_class_below(c, other->name, class_name) && in_source(c, other, class_side, selector, &ignored))
            return MN_FOUND_BELOW;
    }
    return cls && mn_live_below(cls, class_side, selector) ? MN_FOUND_BELOW : MN_FOUND_ELSEWHERE;
}

const struct mn_kproperty *
mn_find_property(struct mn_check *c, const char *class_name, const char *name, bool class_side)
{
    for (unsigned depth = 0; class_name && depth < 1000; depth++, class_name = mn_super_name(c, class_name)) {
        struct mn_klass *k = mn_klass_named(c, class_name);

        for (size_t i = 0; k && i < k->properties.count; i++) {
            const struct mn_kproperty *p = MN_LIST_AT(struct mn_kproperty, &k->properties, i);

            if (p->class_side == class_side && strcmp(p->name, name) == 0)
                return p;
        }
    }
    return NULL;
}
