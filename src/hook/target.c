/* SPDX-License-Identifier: MIT */
/*
 * A target is looked up when it is used and not kept: what stays is the site it leads to.
 */
#include "hook/target.h"

#include "base/error.h"
#include "hook/site.h"

static mend_status
check_spec(const mend_target *target, const mend_hook_spec *spec, mend_error *err)
{
    if (!target || (!target->cls && !target->class_name) || !target->selector)
        return mn_fail(err, MEND_INVALID, "a target needs a class and a selector");
    if (!spec || !spec->advice)
        return mn_fail(err, MEND_INVALID, "a hook needs advice");
    if (spec->position != MEND_AFTER && spec->position != MEND_INSTEAD && spec->position != MEND_BEFORE)
        return mn_fail(err, MEND_INVALID, "%d is not a position", (int)spec->position);
    if (spec->options & ~(unsigned)(MEND_HOOK_UNSAFE | MEND_HOOK_DISABLED))
        return mn_fail(err, MEND_INVALID, "0x%x are not options of a hook", spec->options);
    return MEND_OK;
}

mend_status
mn_target_resolve(const mend_target *target, const mend_hook_spec *spec, Class *cls, SEL *sel,
                  mend_error *err)
{
    mend_status st = check_spec(target, spec, err);

    if (st != MEND_OK)
        return st;
    *cls = target->cls ? target->cls : mn_class_named(target->class_name);
    if (!*cls)
        return mn_fail_method(err, MEND_NO_CLASS, target->class_name, target->selector,
                              "no class of that name is loaded");
    if (target->class_side && !mn_class_is_meta(*cls))
        *cls = mn_class_meta(*cls);
    *sel = mn_selector_find(target->selector);
    if (!*sel)
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(*cls), target->selector,
                              "nothing in the process knows this selector");
    return mn_selector_admit(*cls, *sel, spec, err);
}
