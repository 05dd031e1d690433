/* SPDX-License-Identifier: MIT */
/*
 * Building the arrays of advice.
 *
 * The place of a link follows from the hooks alone (turn.c), so a new array is the hooks sorted; nothing
 * depends on how the previous one came about.
 */
#include "hook/chain.h"

#include "base/alloc.h"
#include "base/error.h"
#include "hook/site.h"

#include <stdlib.h>

static const mn_word never;
const struct mn_chain mn_chain_idle = {.word = &never, .version = UINT32_MAX};

static size_t arrays_alive, bytes_alive;
static uint64_t arrays_made;

void
mn_chain_count(size_t *chains, size_t *bytes)
{
    *chains = arrays_alive;
    *bytes = bytes_alive;
}

uint64_t
mn_chain_clock(void)
{
    return arrays_made;
}

/* ---- One array ---- */

static uint16_t
index_of_word(struct mn_chain *chain, const mn_word **words, const mn_word *word)
{
    for (uint16_t i = chain->word_count; i-- > 0;)
        if (words[i] == word)
            return i;
    words[chain->word_count] = word;
    return chain->word_count++;
}

/* Nothing of a call has to be copied for it to be made again; true where nothing comes after it. */
static bool
is_remade_from_registers(const struct mn_chain *chain)
{
    const struct mn_signature *signature = chain->site->signature;

    return chain->afters == 0 || (signature && mn_signature_room(signature) == 0);
}

/* What lets a call take a short way. Those that look at gates or keep scratch words go the long one. */
static void
set_short_cuts(struct mn_chain *chain)
{
    bool instead = chain->insteads == 1;

    chain->word = &never;
    chain->version = UINT32_MAX;
    chain->state = (struct mn_call_state){.next = 1, .position = MEND_BEFORE};
    if (chain->flags || chain->throwings)
        return;
    if (!chain->insteads && is_remade_from_registers(chain))
        chain->flags |= MN_CHAIN_SHORT;
    if (chain->objects || mn_chain_links(chain) != 1 || chain->afters)
        return;
    chain->word = mn_chain_words(chain)[0];
    chain->version = chain->links[0].version;
    if (instead)
        chain->state = (struct mn_call_state){1, MEND_INSTEAD, true, true, chain->site->original != NULL};
}

static void
count_link(struct mn_chain *chain, const struct mn_hook *hook)
{
    uint16_t *const counts[] = {[MEND_BEFORE] = &chain->befores,
                                [MEND_INSTEAD] = &chain->insteads,
                                [MEND_AFTER] = &chain->afters,
                                [MEND_THROWING] = &chain->throwings};

    ++*counts[hook->position];
    if (mn_hook_is_gated(hook))
        chain->flags |= MN_CHAIN_GATED;
    if (hook->more && hook->more->max_depth)
        chain->flags |= MN_CHAIN_KEEPS;
    if (hook->options & MEND_HOOK_SCRATCH)
        chain->flags |= MN_CHAIN_SCRATCH;
    if (mn_hook_is_of_dealloc(hook))
        chain->flags |= MN_CHAIN_LAST;
    if (mn_hook_ends_with_call(hook))
        chain->flags |= MN_CHAIN_ENDS;
}

static void
fill(struct mn_chain *chain, struct mn_hook *const *hooks, size_t count)
{
    const mn_word **words = (const mn_word **)&chain->links[count]; /* where mn_chain_words will look */

    for (size_t i = 0; i < count; i++) {
        struct mn_hook *hook = hooks[i];

        chain->links[i] = (struct mn_link){.advice = hook->advice,
                                           .data = hook->data,
                                           .version = hook->version,
                                           .word = index_of_word(chain, words, &hook->live->now),
                                           .gated = mn_hook_is_gated(hook),
                                           .hook = hook};
        hook->refs++;
        count_link(chain, hook);
    }
}

/* Sorts the hooks and makes an array of them; no short cuts yet. */
static mend_status
make(struct mn_hook **hooks, size_t count, struct mn_site *site, struct mn_chain **out, mend_error *err)
{
    size_t bytes = sizeof **out + count * (sizeof(struct mn_link) + sizeof(mn_word *));
    struct mn_chain *chain;
    mend_status st;

    if (count > MN_CHAIN_MAX)
        return mn_fail(err, MEND_UNSUPPORTED, "a method can have at most %d hooks", MN_CHAIN_MAX);
    if ((st = mn_hooks_sort(hooks, count, err)) != MEND_OK)
        return st;
    if (!(chain = mn_calloc(1, bytes)))
        return mn_fail_memory(err);
    chain->bytes = (uint32_t)bytes;
    chain->site = site;
    chain->published = ++arrays_made;
    fill(chain, hooks, count);
    bytes_alive += bytes;
    *out = chain;
    return MEND_OK;
}

static void
free_array(struct mn_chain *chain)
{
    for (size_t i = 0; i < mn_chain_links(chain); i++)
        mn_hook_release(chain->links[i].hook);
    bytes_alive -= chain->bytes;
    mn_free(chain);
}

/* ---- Arrays of objects ---- */

static size_t
bytes_of(const struct mn_object_chains *objects)
{
    return sizeof *objects + (objects->mask + (size_t)1) * sizeof objects->slots[0];
}

static void
release_objects(const struct mn_object_chains *objects)
{
    if (!objects)
        return;
    for (size_t i = 0; i <= objects->mask; i++) {
        struct mn_chain *chain = (struct mn_chain *)objects->slots[i].chain;

        if (chain && --chain->refs == 0)
            free_array(chain);
    }
    bytes_alive -= bytes_of(objects);
    mn_free((struct mn_object_chains *)objects);
}

void
mn_chain_free(const struct mn_chain *chain)
{
    if (!chain || chain == &mn_chain_idle)
        return;
    release_objects(chain->objects);
    arrays_alive--;
    free_array((struct mn_chain *)chain);
}

static struct mn_object_chains *
new_objects(size_t count)
{
    size_t slots = 4;
    struct mn_object_chains *objects;

    while (slots < count * 2)
        slots *= 2;
    objects = mn_calloc(1, sizeof *objects + slots * sizeof objects->slots[0]);
    if (objects) {
        objects->mask = (uint32_t)slots - 1;
        bytes_alive += bytes_of(objects);
    }
    return objects;
}

static void
put_object(struct mn_object_chains *objects, id object, struct mn_chain *chain)
{
    uint32_t i = mn_object_hash(object);

    while (objects->slots[i & objects->mask].object)
        i++;
    objects->slots[i & objects->mask] = (struct mn_object_chain){object, chain};
    objects->count++;
    chain->refs++;
}

/* ---- The hooks a new array is made from ---- */

/* Those of the class, then those of each object together. */
struct gathering {
    struct mn_hook **hooks;
    size_t count, of_class;
    bool class_changes;
};

static bool
is_of(const struct mn_hook *hook, id object)
{
    return mn_hook_object(hook) == object;
}

static int
by_object(const void *a, const void *b)
{
    const struct mn_hook *x = *(struct mn_hook *const *)a, *y = *(struct mn_hook *const *)b;
    uintptr_t p = (uintptr_t)mn_hook_object(x), q = (uintptr_t)mn_hook_object(y);

    return p < q ? -1 : p > q;
}

static size_t
count_all(const struct mn_chain *now)
{
    size_t n = mn_chain_links(now);

    if (now->objects)
        for (size_t i = 0; i <= now->objects->mask; i++)
            if (now->objects->slots[i].chain)
                n += mn_chain_links(now->objects->slots[i].chain);
    return n;
}

/* Takes the links that are for this receiver (of an object's array, not those of the class). */
static void
gather_from(struct gathering *g, const struct mn_chain *chain, id object)
{
    for (size_t i = 0; i < mn_chain_links(chain); i++) {
        struct mn_hook *hook = chain->links[i].hook;

        if (!is_of(hook, object))
            continue;
        if (!hook->removed)
            g->hooks[g->count++] = hook;
        else if (!object)
            g->class_changes = true;
    }
}

static mend_status
gather(struct gathering *g, const struct mn_chain *now, struct mn_hook *const *more, size_t count,
       mend_error *err)
{
    *g = (struct gathering){.hooks = mn_malloc((count_all(now) + count + 1) * sizeof *g->hooks)};
    if (!g->hooks)
        return mn_fail_memory(err);
    gather_from(g, now, nil);
    for (size_t i = 0; now->objects && i <= now->objects->mask; i++)
        if (now->objects->slots[i].chain)
            gather_from(g, now->objects->slots[i].chain, now->objects->slots[i].object);
    for (size_t i = 0; i < count; i++) {
        g->hooks[g->count++] = more[i];
        g->class_changes |= is_of(more[i], nil);
    }
    qsort(g->hooks, g->count, sizeof *g->hooks, by_object);
    while (g->of_class < g->count && is_of(g->hooks[g->of_class], nil))
        g->of_class++;
    return MEND_OK;
}

/* How many hooks from `first` on are for the same object. */
static size_t
run_of(const struct gathering *g, size_t first)
{
    size_t n = 1;

    while (first + n < g->count && is_of(g->hooks[first + n], mn_hook_object(g->hooks[first])))
        n++;
    return n;
}

/* The object's array as it is, if it would be made the same again. */
static struct mn_chain *
unchanged(const struct gathering *g, const struct mn_chain *now, size_t first, size_t count)
{
    id object = mn_hook_object(g->hooks[first]);
    const struct mn_chain *chain = mn_chain_for(now, object);
    size_t same = 0;

    if (g->class_changes || chain == now)
        return NULL;
    for (size_t i = 0; i < mn_chain_links(chain); i++)
        if (chain->links[i].hook->removed)
            return NULL;
        else if (is_of(chain->links[i].hook, object))
            same++;
    return same == count ? (struct mn_chain *)chain : NULL;
}

static mend_status
make_for_object(const struct gathering *g, size_t first, size_t count, struct mn_site *site,
                struct mn_chain **out, mend_error *err)
{
    struct mn_hook **hooks = mn_malloc((g->of_class + count) * sizeof *hooks);
    mend_status st;

    if (!hooks)
        return mn_fail_memory(err);
    for (size_t i = 0; i < g->of_class; i++)
        hooks[i] = g->hooks[i];
    for (size_t i = 0; i < count; i++)
        hooks[g->of_class + i] = g->hooks[first + i];
    if ((st = make(hooks, g->of_class + count, site, out, err)) == MEND_OK)
        set_short_cuts(*out);
    mn_free(hooks);
    return st;
}

static mend_status
make_objects(const struct gathering *g, const struct mn_chain *now, struct mn_site *site,
             const struct mn_object_chains **out, mend_error *err)
{
    struct mn_object_chains *objects;
    size_t count = 0;
    mend_status st = MEND_OK;

    for (size_t i = g->of_class; i < g->count; i += run_of(g, i))
        count++;
    if (count == 0)
        return MEND_OK;
    if (!(objects = new_objects(count)))
        return mn_fail_memory(err);
    for (size_t i = g->of_class, n; i < g->count && st == MEND_OK; i += n) {
        struct mn_chain *chain;

        n = run_of(g, i);
        if (!(chain = unchanged(g, now, i, n)))
            st = make_for_object(g, i, n, site, &chain, err);
        if (st == MEND_OK)
            put_object(objects, mn_hook_object(g->hooks[i]), chain);
    }
    if (st == MEND_OK)
        *out = objects;
    else
        release_objects(objects);
    return st;
}

mend_status
mn_chain_new(const struct mn_chain *now, struct mn_hook *const *more, size_t count, struct mn_site *site,
             const struct mn_chain **out, mend_error *err)
{
    struct gathering g;
    struct mn_chain *chain = NULL;
    mend_status st;

    *out = NULL;
    if ((st = gather(&g, now, more, count, err)) != MEND_OK)
        return st;
    if (g.count == 0) {
        *out = &mn_chain_idle;
        goto done;
    }
    if ((st = make(g.hooks, g.of_class, site, &chain, err)) != MEND_OK)
        goto done;
    if ((st = make_objects(&g, now, site, &chain->objects, err)) != MEND_OK) {
        free_array(chain);
        goto done;
    }
    set_short_cuts(chain);
    arrays_alive++;
    *out = chain;
done:
    mn_free(g.hooks);
    return st;
}

/* ---- Looking ---- */

static bool
has_link(const struct mn_chain *chain, const struct mn_live *live, uint32_t version)
{
    for (size_t i = 0; i < mn_chain_links(chain); i++)
        if (chain->links[i].hook->live == live && chain->links[i].version == version)
            return true;
    return false;
}

bool
mn_chain_names(const struct mn_chain *chain, const struct mn_live *live, uint32_t version)
{
    const struct mn_object_chains *objects = chain->objects;

    if (has_link(chain, live, version))
        return true;
    for (size_t i = 0; objects && i <= objects->mask; i++)
        if (objects->slots[i].chain && has_link(objects->slots[i].chain, live, version))
            return true;
    return false;
}

static void
visit_links(const struct mn_chain *chain, id object,
            void (*visit)(struct mn_hook *hook, unsigned turn, void *data), void *data)
{
    unsigned turn = 0;

    for (size_t i = 0; i < mn_chain_links(chain); i++) {
        struct mn_hook *hook = chain->links[i].hook;

        if (i > 0 && chain->links[i - 1].hook->position != hook->position)
            turn = 0;
        if (is_of(hook, object) && !hook->removed)
            visit(hook, turn, data);
        turn += !hook->removed;
    }
}

void
mn_chain_each(const struct mn_chain *chain, void (*visit)(struct mn_hook *hook, unsigned turn, void *data),
              void *data)
{
    const struct mn_object_chains *objects = chain->objects;

    visit_links(chain, nil, visit, data);
    for (size_t i = 0; objects && i <= objects->mask; i++)
        if (objects->slots[i].chain)
            visit_links(objects->slots[i].chain, objects->slots[i].object, visit, data);
}

struct listing {
    struct mn_list *hooks;
    bool failed;
};

static void
add_to_list(struct mn_hook *hook, unsigned turn, void *data)
{
    struct listing *listing = data;
    struct mn_hook **place = mn_list_add(listing->hooks);

    (void)turn;
    if (place)
        *place = hook;
    listing->failed |= !place;
}

mend_status
mn_chain_hooks(const struct mn_chain *chain, struct mn_list *hooks, mend_error *err)
{
    struct listing listing = {hooks, false};

    mn_chain_each(chain, add_to_list, &listing);
    return listing.failed ? mn_fail_memory(err) : MEND_OK;
}
