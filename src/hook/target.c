/* SPDX-License-Identifier: MIT */
/*
 * A target is looked up when it is used and not kept: what stays is the site it leads to.
 */
#include "hook/target.h"

#include "base/error.h"
#include "hook/site.h"
#include "hook/stage.h"

static const unsigned all_options =
    MEND_HOOK_UNSAFE | MEND_HOOK_DISABLED | MEND_HOOK_ONCE | MEND_HOOK_NO_REENTRY | MEND_HOOK_THIS_THREAD |
    MEND_HOOK_WEAK | MEND_HOOK_MAY_ADD | MEND_HOOK_COUNTED | MEND_HOOK_TIMED | MEND_HOOK_SCRATCH;

mend_status
mn_spec_check(const mend_hook_spec *spec, mend_error *err)
{
    if (!spec || !spec->advice)
        return mn_fail(err, MEND_INVALID, "a hook needs advice");
    if ((int)spec->position < MEND_AFTER || spec->position > MEND_THROWING)
        return mn_fail(err, MEND_INVALID, "%d is not a position", (int)spec->position);
    if (spec->options & ~all_options)
        return mn_fail(err, MEND_INVALID, "0x%x are not options of a hook", spec->options & ~all_options);
    return MEND_OK;
}

static mend_status
check(const mend_target *target, const mend_hook_spec *spec, mend_error *err)
{
    if (!target || (!target->cls && !target->class_name && !target->object) || !target->selector)
        return mn_fail(err, MEND_INVALID, "a target needs a class or an object, and a selector");
    return mn_spec_check(spec, err);
}

static mend_status
find_class(const mend_target *target, Class *cls, mend_error *err)
{
    mend_status st;

    if (target->object) {
        if ((st = mn_object_admit(target->object, target->selector, err)) == MEND_OK)
            *cls = mn_object_class(target->object);
        return st;
    }
    *cls = target->cls ? target->cls : mn_class_named(target->class_name);
    if (!*cls)
        return mn_fail_method(err, MEND_NO_CLASS, target->class_name, target->selector,
                              "no class of that name is loaded");
    if (target->class_side && !mn_class_is_meta(*cls))
        *cls = mn_class_meta(*cls);
    return MEND_OK;
}

mend_status
mn_target_resolve(const mend_target *target, const mend_hook_spec *spec, Class *cls, SEL *sel,
                  mend_error *err)
{
    Class levels[MN_LEVELS];
    mend_status st;

    if ((st = check(target, spec, err)) != MEND_OK || (st = find_class(target, cls, err)) != MEND_OK)
        return st;
    *sel = mn_selector_find(target->selector);
    if (!*sel && (spec->options & MEND_HOOK_MAY_ADD))
        *sel = mn_selector(target->selector);
    if (!*sel)
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(*cls), target->selector,
                              "nothing in the process knows this selector");
    if (target->object && mn_object_levels(target->object, *sel, levels) > 0)
        *cls = levels[0];
    return mn_selector_admit(*cls, *sel, spec, err);
}

/* The class whose protocols count: that of a metaclass is looked up by its name. */
static bool
promised(Class cls, SEL sel, struct mn_method *method)
{
    bool meta = mn_class_is_meta(cls);

    return mn_class_protocol_method(meta ? mn_class_named(mn_class_name(cls)) : cls, sel, !meta, method);
}

mend_status
mn_target_item(const mend_target *target, const mend_hook_spec *spec, struct mn_batch_item *item,
               mend_error *err)
{
    struct mn_method method;
    mend_status st;

    *item = (struct mn_batch_item){0};
    if ((st = mn_target_resolve(target, spec, &item->cls, &item->sel, err)) != MEND_OK)
        return st;
    item->spec = *spec;
    item->object = target->object;
    item->types = target->encoding;
    item->strict = !(spec->options & MEND_HOOK_WEAK);
    item->may_add = (spec->options & MEND_HOOK_MAY_ADD) != 0;
    if (!item->may_add || item->types || mn_method_find(item->cls, item->sel, NULL))
        return MEND_OK;
    if (!promised(item->cls, item->sel, &method)) {
        st = mn_fail_method(err, MEND_NO_METHOD, mn_class_name(item->cls), target->selector,
                            "the class has no such method, and no protocol of it tells its types");
        mn_remedy(err, "give its type encoding as mend_target.encoding");
        return st;
    }
    item->types = method.types;
    return MEND_OK;
}
