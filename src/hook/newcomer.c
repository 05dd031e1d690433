/* SPDX-License-Identifier: MIT */
/*
 * Newcomers are looked for class by class, as the news come: among all records of a class, hidden ones too,
 * those that lead to a trampoline of ours.
 *
 * Only a category is followed, that is a record in front of ours. Somebody who put another IMP into our
 * record called it "swizzle" and calls our trampoline as his original: there the hooks run already.
 */
#include "hook/newcomer.h"

#include "base/error.h"
#include "base/list.h"
#include "base/log.h"
#include "hook/edit.h"
#include "hook/pointcut.h"
#include "runtime/loading.h"

static bool watching, first_uses; /* under the runtime's mutex */

static bool
is_hidden(const struct mn_site *site)
{
    return site->installed && site->change.state == MN_CHANGE_INSTALLED && !mn_install_stands(&site->change);
}

/* Visitor of records: gathers the sites that newcomers hide. */
static bool
gather(void *data, const struct mn_method *method)
{
    struct mn_list *hidden = data;
    struct mn_trampoline *trampoline = mn_trampoline_at((mn_code)method->imp);
    struct mn_site *site = trampoline ? mn_trampoline_context(trampoline) : NULL;
    struct mn_site **place;

    if (!site || site->change.cls != method->owner || !mn_selector_equal(site->change.sel, method->sel) ||
        !is_hidden(site))
        return true;
    if (!(place = mn_list_add(hidden)))
        return false;
    *place = site;
    return true;
}

/* The hooks of `from` may stand above the newcomer, too. */
static mend_status
admit(const struct mn_site *from, const struct mn_site *to, mend_error *err)
{
    struct mn_list hooks = MN_LIST_OF(struct mn_hook *);
    mend_status st;

    if (from->signature && to->signature && !mn_signature_equal(from->signature, to->signature, false))
        return mn_fail_method(err, MEND_SIGNATURE_MISMATCH, mn_class_name(from->change.cls),
                              mn_selector_name(from->change.sel), "the new method has other types: %s", to->types);
    st = mn_chain_hooks(mn_site_chain(from), &hooks, err);
    for (size_t i = 0; i < hooks.count && st == MEND_OK; i++) {
        const struct mn_hook *hook = *MN_LIST_AT(struct mn_hook *, &hooks, i);
        mend_hook_spec spec = mn_hook_spec_of(hook);

        st = mn_site_admit(to, &spec, mn_hook_object(hook), err);
    }
    mn_list_fini(&hooks);
    return st;
}

static mend_status
move_up(struct mn_site *site, mend_error *err)
{
    struct mn_site *above;
    mend_status st = mn_site_open(site->change.cls, site->change.sel, NULL, &above, err);

    if (st == MEND_OK)
        st = admit(site, above, err);
    if (st == MEND_OK)
        st = mn_edit_move(site, above, err);
    if (st != MEND_OK)
        mn_site_discard(above);
    return st;
}

static void
settle(Class cls)
{
    struct mn_list hidden = MN_LIST_OF(struct mn_site *);
    mend_error err;

    mn_method_each_record(cls, gather, &hidden);
    for (size_t i = 0; i < hidden.count; i++) {
        struct mn_site *site = *MN_LIST_AT(struct mn_site *, &hidden, i);

        if (move_up(site, &err) != MEND_OK)
            mn_log(MN_LOG_WARNING, "a method loaded over the hooked %c[%s %s] is not hooked: %s",
                   mn_class_is_meta(cls) ? '+' : '-', mn_class_name(cls), mn_selector_name(site->change.sel),
                   err.message);
    }
    mn_list_fini(&hidden);
}

static void
news(Class cls)
{
    settle(cls);
    settle(mn_class_meta(cls));
    mn_pointcut_arrived(cls);
}

mend_status
mn_newcomer_watch(bool first_use, mend_error *err)
{
    mend_status st;

    if (watching && (first_uses || !first_use))
        return MEND_OK;
    if ((st = mn_loading_watch(news, first_use, err)) != MEND_OK)
        return st;
    watching = true;
    first_uses |= first_use;
    return MEND_OK;
}

void
mn_newcomer_forget_first_use(void)
{
    mn_loading_forget_first_use();
    first_uses = false;
}
