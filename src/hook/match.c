/* SPDX-License-Identifier: MIT */
/* Classes are asked first whether any item of the pattern concerns them; only then are their methods looked
 * at. */
#include "hook/match.h"

#include "base/error.h"

struct side {
    const struct mn_search *search;
    struct mn_selection selection;
    bool go_on;
};

static bool
look_at_method(void *data, const struct mn_method *method)
{
    struct side *side = data;

    if (mn_selection_has(&side->selection, method->sel))
        side->go_on = side->search->visit(side->search->data, side->selection.cls, method);
    return side->go_on;
}

static bool
match_side(const struct mn_search *search, Class cls)
{
    struct side side = {.search = search, .go_on = true};
    struct mn_method method;

    if (!mn_pattern_select(search->pattern, cls, &side.selection))
        return true;
    if (!search->inherited)
        mn_method_each(cls, look_at_method, &side);
    else if (mn_method_find(cls, search->inherited, &method))
        side.go_on = search->visit(search->data, cls, &method);
    return side.go_on;
}

bool
mn_match_class(const struct mn_search *search, Class cls)
{
    return match_side(search, cls) && match_side(search, mn_class_meta(cls));
}

static bool
look_at_class(void *data, Class cls)
{
    return mn_match_class(data, cls);
}

mend_status
mn_match_all(const struct mn_search *search, mend_error *err)
{
    return mn_class_each(look_at_class, (void *)search) == MEND_OK ? MEND_OK : mn_fail_memory(err);
}

/* What mn_site_admit looks at. */
mend_status
mn_match_refusal(Class cls, const struct mn_method *method, const mend_hook_spec *spec, mend_error *err)
{
    struct mn_site like = {.types = method->types, .change = {.cls = cls, .sel = method->sel}};
    mend_status st = mn_selector_admit(cls, method->sel, spec, err);

    if (st == MEND_OK)
        st = mn_site_signature(method->types, &like.signature, err);
    return st == MEND_OK ? mn_site_admit(&like, spec, nil, err) : st;
}

bool
mn_is_refusal(mend_status st)
{
    return st == MEND_REFUSED_SELECTOR || st == MEND_REFUSED_POSITION || st == MEND_UNSUPPORTED_ENCODING;
}
