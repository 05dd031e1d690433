/* SPDX-License-Identifier: MIT */
/*
 * Making records, counting who names them, and giving them up.
 *
 * The second part is one block with the texts behind it.
 */
#include "hook/record.h"

#include "base/alloc.h"
#include "hook/gate.h"
#include "hook/site.h"
#include "runtime/objects.h"

#include <string.h>

static size_t removed_hooks, bytes_of_hooks;
static struct mn_hook *due;
static uint64_t order_of_adding;

/* ---- Making ---- */

static size_t
length_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *
keep(const char *text, char **room)
{
    char *mine = *room;

    if (!text)
        return NULL;
    *room += length_of(text);
    return memcpy(mine, text, length_of(text));
}

static bool
needs_more(const mend_hook_spec *spec, id object)
{
    const unsigned options =
        MEND_HOOK_ONCE | MEND_HOOK_NO_REENTRY | MEND_HOOK_THIS_THREAD | MEND_HOOK_COUNTED | MEND_HOOK_TIMED;

    return object || spec->name || spec->ahead_of || spec->behind || spec->max_depth ||
           (spec->options & options);
}

static struct mn_hook_more *
more_of(const mend_hook_spec *spec, id object, size_t *bytes)
{
    size_t texts = length_of(spec->name) + length_of(spec->ahead_of) + length_of(spec->behind);
    struct mn_hook_more *more = mn_calloc(1, sizeof *more + texts);
    char *room = (char *)(more + 1);

    if (!more)
        return NULL;
    *bytes += sizeof *more + texts;
    more->object = object;
    more->name = keep(spec->name, &room);
    more->ahead_of = keep(spec->ahead_of, &room);
    more->behind = keep(spec->behind, &room);
    more->max_depth = spec->max_depth;
    if ((spec->options & MEND_HOOK_NO_REENTRY) && more->max_depth == 0)
        more->max_depth = 1;
    if (spec->options & MEND_HOOK_THIS_THREAD)
        more->thread = mn_gate_thread();
    return more;
}

static size_t
size_of(const struct mn_hook *hook)
{
    const struct mn_hook_more *more = hook->more;

    if (!more)
        return sizeof *hook;
    return sizeof *hook + sizeof *more + length_of(more->name) + length_of(more->ahead_of) +
           length_of(more->behind);
}

struct mn_hook *
mn_hook_new(const mend_hook_spec *spec, id object, struct mn_site *site)
{
    struct mn_hook *hook = mn_calloc(1, sizeof *hook);
    size_t bytes = sizeof *hook;

    if (!hook)
        return NULL;
    if (needs_more(spec, object) && !(hook->more = more_of(spec, object, &bytes))) {
        mn_free(hook);
        return NULL;
    }
    hook->advice = spec->advice;
    hook->data = spec->data;
    hook->release = spec->release;
    hook->priority = spec->priority;
    hook->options = (uint16_t)spec->options;
    hook->position = (uint8_t)spec->position;
    hook->site = site;
    hook->refs = 1;
    hook->order = ++order_of_adding;
    site->members++;
    bytes_of_hooks += bytes;
    return hook;
}

mend_hook_spec
mn_hook_spec_of(const struct mn_hook *hook)
{
    const struct mn_hook_more *more = hook->more;

    return (mend_hook_spec){.position = hook->position,
                            .advice = hook->advice,
                            .data = hook->data,
                            .priority = hook->priority,
                            .options = hook->options,
                            .max_depth = more ? more->max_depth : 0,
                            .name = more ? more->name : NULL,
                            .ahead_of = more ? more->ahead_of : NULL,
                            .behind = more ? more->behind : NULL};
}

/* What happened to the old one so far. */
static void
inherit(struct mn_hook_more *more, struct mn_hook *earlier)
{
    const struct mn_hook_more *old = earlier->more;

    more->earlier = earlier;
    earlier->refs++;
    if (!old)
        return;
    more->own = old->own;
    more->own_version = old->own_version;
    more->thread = old->thread;
    atomic_init(&more->calls, old->calls);
    atomic_init(&more->nanoseconds, old->nanoseconds);
    atomic_init(&more->spent, old->spent);
}

struct mn_hook *
mn_hook_new_like(struct mn_hook *earlier, struct mn_site *site)
{
    mend_hook_spec spec = mn_hook_spec_of(earlier);
    struct mn_hook *hook = mn_hook_new(&spec, mn_hook_object(earlier), site);
    size_t bytes = 0;

    if (hook && !hook->more && !(hook->more = more_of(&spec, nil, &bytes))) {
        mn_hook_drop(hook, false);
        return NULL;
    }
    if (!hook)
        return NULL;
    bytes_of_hooks += bytes;
    hook->order = earlier->order;
    hook->alone = earlier->alone;
    inherit(hook->more, earlier);
    return hook;
}

void
mn_hook_bind(struct mn_hook *hook, struct mn_live *live, uint32_t version)
{
    hook->live = live;
    hook->version = version;
}

/* ---- Giving up ---- */

void
mn_hook_end(struct mn_hook *hook)
{
    hook->removed = true;
    removed_hooks++;
}

static void
let_go_of_site(struct mn_hook *hook)
{
    hook->site->members--;
    bytes_of_hooks -= size_of(hook);
}

static void
free_record(struct mn_hook *hook)
{
    mn_free(hook->more);
    mn_free(hook);
}

void
mn_hook_drop(struct mn_hook *hook, bool release)
{
    if (!release)
        hook->release = NULL;
    mn_hook_end(hook);
    mn_hook_release(hook);
}

bool
mn_hook_is_of_dealloc(const struct mn_hook *hook)
{
    return strcmp(mn_selector_name(hook->site->change.sel), "dealloc") == 0;
}

bool
mn_hook_ends_with_call(const struct mn_hook *hook)
{
    return mn_hook_object(hook) && mn_hook_is_of_dealloc(hook);
}

/* The word its object's death ends, unless the record it took the place of had it first. */
static struct mn_live *
own_word(const struct mn_hook *hook)
{
    const struct mn_hook_more *more = hook->more;
    const struct mn_hook *earlier = more ? more->earlier : NULL;

    if (!more || (earlier && earlier->more && earlier->more->own == more->own))
        return NULL;
    return more->own;
}

void
mn_hook_release(struct mn_hook *hook)
{
    struct mn_live *own = own_word(hook);

    if (--hook->refs > 0)
        return;
    let_go_of_site(hook);
    if (hook->more && hook->more->earlier)
        mn_hook_release(hook->more->earlier);
    if (own)
        mn_live_free(own);
    hook->next = due;
    due = hook;
}

bool
mn_hooks_are_due(void)
{
    return due != NULL;
}

struct mn_hook *
mn_hooks_due(void)
{
    struct mn_hook *taken = due;

    for (const struct mn_hook *h = taken; h; h = h->next)
        removed_hooks--;
    due = NULL;
    return taken;
}

void
mn_hooks_release_due(struct mn_hook *list)
{
    while (list) {
        struct mn_hook *hook = list;
        struct mn_watch *watch = hook->more ? hook->more->watch : NULL;
        void (*release)(void *) = hook->release;
        void *data = hook->data;

        list = hook->next;
        free_record(hook);
        mn_watch_cancel(watch);
        if (release)
            release(data);
    }
}

void
mn_hook_count(size_t *removed, size_t *bytes)
{
    *removed = removed_hooks;
    *bytes = bytes_of_hooks;
}
