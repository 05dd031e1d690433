/* SPDX-License-Identifier: MIT */
/*
 * Finding a method's site.
 *
 * The site of a method that is hooked is known by what the class runs for it: a trampoline, whose context the
 * site is. Only sites that are not installed need a map, {class, selector} to the newest of them: those being
 * staged, and those that may be used again. One that gets no place there when it is uninstalled, for want of
 * memory, or that lies below a foreign swizzle, lives on for whoever calls it.
 */
#include "hook/site.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/map.h"
#include "hook/call.h"
#include "hook/newcomer.h"

#include <string.h>

struct key {
    Class cls;
    const void *name; /* what selectors of one name share */
};

static struct mn_map uninstalled = MN_MAP_EMPTY;
static size_t site_count;
static struct mn_site *published, **end_of_published = &published;

static struct key
key_of(Class cls, SEL sel)
{
    return (struct key){cls, mn_selector_name(sel)};
}

static struct mn_site *
uninstalled_site(Class cls, SEL sel)
{
    struct key key = key_of(cls, sel);

    return mn_map_get(&uninstalled, &key, sizeof key);
}

bool
mn_site_keep(struct mn_site *site)
{
    struct key key = key_of(site->change.cls, site->change.sel);

    return mn_map_set(&uninstalled, &key, sizeof key, site);
}

/* After thousands were installed at once, the memory of their places goes back. */
static void
shrink(void)
{
    struct mn_map smaller = MN_MAP_EMPTY;
    size_t cursor = 0, length;
    const void *key;
    void *site;

    while (mn_map_next(&uninstalled, &cursor, &key, &length, &site))
        if (!mn_map_set(&smaller, key, length, site)) {
            mn_map_fini(&smaller);
            return;
        }
    mn_map_fini(&uninstalled);
    uninstalled = smaller;
}

void
mn_site_unkeep(struct mn_site *site)
{
    struct key key = key_of(site->change.cls, site->change.sel);

    if (mn_map_get(&uninstalled, &key, sizeof key) == site)
        mn_map_remove(&uninstalled, &key, sizeof key);
    if (uninstalled.capacity > 64 && uninstalled.count < uninstalled.capacity / 16)
        shrink();
}

mend_status
mn_site_signature(const char *types, const struct mn_signature **signature, mend_error *err)
{
    mend_status st = mn_signature_get(types, signature, err);

    if (st == MEND_NO_MEMORY)
        return st;
    if (st != MEND_OK || (*signature)->count < 2 ||
        (*signature)->arguments[0].place.where != MN_IN_REGISTERS ||
        (*signature)->arguments[1].place.where != MN_IN_REGISTERS)
        *signature = NULL;
    return MEND_OK;
}

/*
 * Most results are nothing or one register, and can be made zero by one store at this offset in the frame (of
 * a void method it is a register nobody reads). 0 for the others: a frame begins with arguments.
 */
static uint16_t
plain_result(const struct mn_signature *signature)
{
    if (signature->result_place.where == MN_NOWHERE)
        return offsetof(struct mn_frame, result_integer);
    if (signature->result_place.where == MN_IN_REGISTERS && signature->result_place.pieces == 1 &&
        signature->result_place.piece[0].size <= sizeof(uint64_t))
        return signature->result_place.piece[0].frame;
    return 0;
}

/* Instances of cls do something of their own with messages they have no method for. */
static bool
forwards(Class cls)
{
    struct mn_method method;
    Class above;

    if (!mn_method_find(cls, mn_selector_find("forwardInvocation:"), &method))
        return false;
    above = mn_class_super(method.owner);
    return above != Nil && mn_class_is_meta(above) == mn_class_is_meta(method.owner); /* not a root's */
}

static mend_status
new_site(Class cls, const struct mn_method *method, SEL sel, struct mn_site **out, mend_error *err)
{
    struct mn_site *site = mn_calloc(1, sizeof *site);
    mend_status st;

    if (!site)
        return mn_fail_memory(err);
    atomic_init(&site->chain, &mn_chain_idle);
    site->superclass = mn_class_super(cls);
    site->absent = method->owner == Nil;
    site->forwards = site->absent && forwards(cls);
    site->original = method->owner == cls ? method->imp : NULL;
    if ((st = mn_site_signature(method->types, &site->signature, err)) != MEND_OK)
        goto failed;
    if (site->signature) {
        site->result_at = plain_result(site->signature);
        site->receiver_at = site->signature->arguments[0].place.piece[0].frame;
    }
    if (!site->original && !site->signature) {
        st = mn_fail_method(err, MEND_UNSUPPORTED_ENCODING, mn_class_name(cls), mn_selector_name(sel),
                            "the encoding '%s' does not tell how to reach the superclass's method",
                            method->types);
        goto failed;
    }
    /* The text of a method to be added is the caller's; the signature's lives on. */
    site->types = site->absent ? site->signature->encoding : method->types;
    site->change = (struct mn_change){.cls = cls, .sel = method->sel, .types = site->types};
    st = mn_trampoline_new(site->signature, mn_site_dispatch, site, &site->trampoline, err);
    if (st != MEND_OK)
        goto failed;
    mn_trampoline_enter_by(site->trampoline, mn_site_entry(site));
    site->change.imp = (IMP)mn_trampoline_code(site->trampoline);
    if (!mn_site_keep(site)) {
        st = mn_fail_memory(err);
        goto failed;
    }
    site_count++;
    *out = site;
    return MEND_OK;
failed:
    mn_trampoline_free(site->trampoline);
    mn_free(site);
    return st;
}

/* The site whose trampoline this method of this class runs now, if it runs its own: exchanged implementations bring a
 * trampoline to another method, for which it is an original like any other. */
static struct mn_site *
standing(Class cls, SEL sel, IMP imp)
{
    struct mn_trampoline *trampoline = mn_trampoline_at((mn_code)imp);
    struct mn_site *site = trampoline ? mn_trampoline_context(trampoline) : NULL;

    return site && site->change.cls == cls && mn_selector_equal(site->change.sel, sel) ? site : NULL;
}

/* A site without hooks whose meaning is what the method is now. */
static bool
reusable(const struct mn_site *site, Class cls, const struct mn_method *method)
{
    if (!site || site->change.state == MN_CHANGE_INSTALLED || site->change.state == MN_CHANGE_FOREIGN)
        return false;
    if (method->owner == cls)
        return site->original == method->imp && strcmp(site->types, method->types) == 0;
    return !site->original && site->absent == (method->owner == Nil) &&
           strcmp(site->types, method->types) == 0;
}

mend_status
mn_site_open(Class cls, SEL sel, const char *types, struct mn_site **out, mend_error *err)
{
    struct mn_method method = {.owner = Nil, .sel = sel, .types = types, .imp = NULL};
    struct mn_site *site;
    mend_status st;

    *out = NULL;
    mn_hold_init();
    if ((st = mn_newcomer_watch(false, err)) != MEND_OK)
        return st;
    if (!mn_method_find(cls, sel, &method) && !types)
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(cls), mn_selector_name(sel),
                              "%s has no such %s method", mn_class_name(cls),
                              mn_class_is_meta(cls) ? "class" : "instance");
    if (method.owner == cls && (site = standing(cls, sel, method.imp))) {
        *out = site;
        return MEND_OK;
    }
    site = uninstalled_site(cls, sel);
    if (reusable(site, cls, &method)) {
        *out = site;
        return MEND_OK;
    }
    return new_site(cls, &method, sel, out, err);
}

void
mn_site_discard(struct mn_site *site)
{
    if (!site || site->published || site->members > 0)
        return;
    mn_site_unkeep(site);
    mn_trampoline_free(site->trampoline);
    mn_free(site);
    site_count--;
}

void
mn_site_publish(struct mn_site *site)
{
    if (site->published)
        return;
    site->published = true;
    *end_of_published = site;
    end_of_published = &site->next_published;
}

struct mn_site *
mn_sites_published(void)
{
    return published;
}

size_t
mn_site_count(void)
{
    return site_count;
}

/* ---- What calls use ---- */

mn_code
mn_site_below(const struct mn_site *site, struct mn_frame *frame)
{
    if (site->original)
        return (mn_code)site->original;
    if (site->absent && !site->forwards && !mn_lookup_installed(site->superclass, site->change.sel)) {
        mn_frame_clear(frame, &site->signature->result_place);
        return NULL;
    }
    return (mn_code)mn_lookup_super(mn_site_receiver(site, frame), site->superclass,
                                    mn_site_selector(site, frame));
}

/* Below all sites of a chain of swizzles and superclasses: an implementation that is no trampoline of ours.
 */
IMP
mn_site_original(const struct mn_site *site)
{
    struct mn_method method;
    IMP imp = site->original;

    for (;;) {
        struct mn_trampoline *trampoline;

        if (!imp) {
            if (!mn_method_find(site->superclass, site->change.sel, &method))
                return NULL;
            imp = method.imp;
        }
        trampoline = mn_trampoline_at((mn_code)imp);
        if (!trampoline)
            return imp;
        site = mn_trampoline_context(trampoline);
        imp = site->original;
    }
}
