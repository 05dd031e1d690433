/* SPDX-License-Identifier: MIT */
/*
 * Admission: whether a hook may be placed at all, decided before anything changes.
 *
 * An encoding does not say that a method is variadic, so those of Foundation are listed by name; the
 * program's own must be hooked with before advice only, as the manual says.
 */
#include "hook/site.h"

#include "base/error.h"

#include <string.h>

enum rule { MEMORY, PLUMBING, LAST, VARIADIC };

static const struct refused {
    const char *selector;
    enum rule rule;
    const char *why;
} refused[] = {
#define X(selector, rule, why) {selector, rule, why},
#include "hook/refused.def"
#undef X
};

static const struct refused *
rule_for(const char *selector)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (strcmp(refused[i].selector, selector) == 0)
            return &refused[i];
    return NULL;
}

/* The method is called from the dispatcher instead of jumped to. */
static bool
stays_in_call(const mend_hook_spec *spec)
{
    return spec->position != MEND_BEFORE || spec->max_depth != 0 || (spec->options & MEND_HOOK_NO_REENTRY);
}

mend_status
mn_selector_admit(Class cls, SEL sel, const mend_hook_spec *spec, mend_error *err)
{
    const char *name = mn_selector_name(sel);
    const struct refused *rule = rule_for(name);
    bool unsafe = (spec->options & MEND_HOOK_UNSAFE) != 0;

    if (!rule || (rule->rule != MEMORY && unsafe))
        return MEND_OK;
    if (rule->rule == MEMORY || rule->rule == PLUMBING) {
        mend_status st = mn_fail_method(err, MEND_REFUSED_SELECTOR, mn_class_name(cls), name,
                                        "%s is not hooked: %s", name, rule->why);
        if (rule->rule == PLUMBING)
            mn_remedy(err, "hook a method above it, or take the risk with the option unsafe");
        return st;
    }
    if (rule->rule == VARIADIC && !MN_CPU_JUMPS_ON) {
        mn_fail_method(err, MEND_REFUSED_SELECTOR, mn_class_name(cls), name,
                       "%s is not hooked where calls go by way of libffi: %s", name, rule->why);
        mn_remedy(err, "hook a method that calls it");
        return MEND_REFUSED_SELECTOR;
    }
    if (!stays_in_call(spec))
        return MEND_OK;
    mn_fail_method(err, MEND_REFUSED_POSITION, mn_class_name(cls), name, "%s takes before advice only: %s",
                   name, rule->why);
    mn_remedy(err, "use the position before");
    return MEND_REFUSED_POSITION;
}

mend_status
mn_site_admit(const struct mn_site *site, const mend_hook_spec *spec, id object, mend_error *err)
{
    if (!site->signature && mn_signature_hides_wide_vector(site->types)) {
        mn_fail_method(err, MEND_UNSUPPORTED_ENCODING, mn_class_name(site->change.cls),
                       mn_selector_name(site->change.sel),
                       "the encoding '%s' has, or leaves out, a vector wider than %d bytes", site->types,
                       MN_VECTOR_KEPT);
        mn_remedy(err, "hook a method that calls it");
        return MEND_UNSUPPORTED_ENCODING;
    }
    if (site->signature || (!stays_in_call(spec) && !object))
        return MEND_OK;
    mn_fail_method(err, MEND_UNSUPPORTED_ENCODING, mn_class_name(site->change.cls),
                   mn_selector_name(site->change.sel),
                   "the encoding '%s' does not tell how arguments and result travel", site->types);
    mn_remedy(err, "use the position before on the class, which needs neither");
    return MEND_UNSUPPORTED_ENCODING;
}

mend_status
mn_site_fits(const struct mn_site *site, const char *types, bool strict, mend_error *err)
{
    const struct mn_signature *given;
    struct mn_buffer difference = MN_BUFFER_EMPTY;
    mend_status st;

    if (!types || !site->signature)
        return MEND_OK;
    if ((st = mn_signature_get(types, &given, err)) != MEND_OK)
        return st;
    if (mn_signature_equal(site->signature, given, strict))
        return MEND_OK;
    mn_signature_difference(site->signature, given, strict, &difference);
    st = mn_fail_method(err, MEND_SIGNATURE_MISMATCH, mn_class_name(site->change.cls),
                        mn_selector_name(site->change.sel), "the method has other types: %s",
                        mn_buffer_peek(&difference));
    mn_buffer_fini(&difference);
    return st;
}
