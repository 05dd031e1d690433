/* SPDX-License-Identifier: MIT */
/*
 * Building the arrays of advice.
 *
 * The position of a link follows from its hook alone (position, priority, order of adding), so a new array is
 * the hooks sorted; nothing depends on how the previous one came about.
 */
#include "hook/chain.h"

#include "base/alloc.h"
#include "base/error.h"
#include "hook/site.h"

#include <stdlib.h>

static const mn_word never;
const struct mn_chain mn_chain_idle = {.word = &never, .version = UINT32_MAX};

static struct mn_chain_counts alive;
static struct mn_hook *due;
static uint64_t order_of_adding;

/* ---- Hooks ---- */

struct mn_hook *
mn_hook_new(const mend_hook_spec *spec, struct mn_site *site)
{
    struct mn_hook *hook = mn_calloc(1, sizeof *hook);

    if (!hook)
        return NULL;
    hook->spec = *spec;
    hook->site = site;
    site->members++;
    hook->refs = 1;
    hook->order = ++order_of_adding;
    alive.bytes += sizeof *hook;
    return hook;
}

void
mn_hook_bind(struct mn_hook *hook, struct mn_live *live, uint32_t version)
{
    hook->live = live;
    hook->version = version;
}

void
mn_hook_end(struct mn_hook *hook)
{
    hook->removed = true;
    alive.removed++;
}

void
mn_hook_drop(struct mn_hook *hook)
{
    hook->site->members--;
    alive.bytes -= sizeof *hook;
    mn_free(hook);
}

void
mn_hook_release(struct mn_hook *hook)
{
    if (--hook->refs > 0)
        return;
    hook->site->members--;
    hook->next = due;
    due = hook;
}

void
mn_chain_count(struct mn_chain_counts *counts)
{
    *counts = alive;
}

struct mn_hook *
mn_hooks_due(void)
{
    struct mn_hook *taken = due;

    for (const struct mn_hook *h = taken; h; h = h->next) {
        alive.bytes -= sizeof *h;
        alive.removed--;
    }
    due = NULL;
    return taken;
}

void
mn_hooks_release_due(struct mn_hook *list)
{
    while (list) {
        struct mn_hook *hook = list;
        void (*release)(void *) = hook->spec.release;
        void *data = hook->spec.data;

        list = hook->next;
        mn_free(hook);
        if (release)
            release(data);
    }
}

/* ---- Arrays ---- */

static int
compare_orders(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Before advice first, then insteads, then after advice; inside each as <mend/hook.h> says. */
static int
by_turn(const void *a, const void *b)
{
    const struct mn_hook *x = *(struct mn_hook *const *)a, *y = *(struct mn_hook *const *)b;

    if (x->spec.position != y->spec.position)
        return x->spec.position > y->spec.position ? -1 : 1;
    if (x->spec.priority != y->spec.priority)
        return x->spec.priority > y->spec.priority ? -1 : 1;
    return x->spec.position == MEND_INSTEAD ? compare_orders(y->order, x->order)
                                            : compare_orders(x->order, y->order);
}

static uint32_t
index_of_word(struct mn_chain *chain, const mn_word **words, const mn_word *word)
{
    for (uint32_t i = chain->word_count; i-- > 0;)
        if (words[i] == word)
            return i;
    words[chain->word_count] = word;
    return chain->word_count++;
}

static void
set_short_cut(struct mn_chain *chain)
{
    bool instead = chain->insteads == 1;

    chain->word = &never;
    chain->version = UINT32_MAX;
    if (mn_chain_links(chain) != 1 || chain->afters)
        return;
    chain->word = mn_chain_words(chain)[0];
    chain->version = chain->links[0].version;
    chain->state = (struct mn_call_state){1, instead ? MEND_INSTEAD : MEND_BEFORE, instead, instead};
}

static void
fill(struct mn_chain *chain, struct mn_hook *const *hooks, size_t count)
{
    const mn_word **words = (const mn_word **)&chain->links[count]; /* where mn_chain_words will look */

    for (size_t i = 0; i < count; i++) {
        struct mn_hook *hook = hooks[i];

        chain->links[i] = (struct mn_link){.advice = hook->spec.advice,
                                           .data = hook->spec.data,
                                           .version = hook->version,
                                           .word = index_of_word(chain, words, &hook->live->now),
                                           .hook = hook};
        hook->refs++;
        if (hook->spec.position == MEND_BEFORE)
            chain->befores++;
        else if (hook->spec.position == MEND_INSTEAD)
            chain->insteads++;
        else
            chain->afters++;
    }
    set_short_cut(chain);
}

mend_status
mn_chain_new(const struct mn_chain *now, struct mn_hook *const *more, size_t count,
             const struct mn_chain **out, mend_error *err)
{
    size_t most = mn_chain_links(now) + count, total = 0;
    struct mn_hook **hooks;
    struct mn_chain *chain;
    size_t bytes;

    *out = NULL;
    if (!(hooks = mn_malloc((most + 1) * sizeof *hooks)))
        return mn_fail_memory(err);
    for (size_t i = 0; i < mn_chain_links(now); i++)
        if (!now->links[i].hook->removed)
            hooks[total++] = now->links[i].hook;
    for (size_t i = 0; i < count; i++)
        hooks[total++] = more[i];
    if (total == 0) {
        mn_free(hooks);
        *out = &mn_chain_idle;
        return MEND_OK;
    }
    qsort(hooks, total, sizeof *hooks, by_turn);
    bytes = sizeof *chain + total * (sizeof chain->links[0] + sizeof(mn_word *));
    chain = total <= MN_CHAIN_MAX ? mn_calloc(1, bytes) : NULL;
    if (chain) {
        chain->bytes = (uint32_t)bytes;
        fill(chain, hooks, total);
        alive.chains++;
        alive.bytes += bytes;
        *out = chain;
    }
    mn_free(hooks);
    if (!chain && total > MN_CHAIN_MAX)
        return mn_fail(err, MEND_UNSUPPORTED, "a method can have at most %d hooks", MN_CHAIN_MAX);
    return chain ? MEND_OK : mn_fail_memory(err);
}

void
mn_chain_free(const struct mn_chain *chain)
{
    if (!chain || chain == &mn_chain_idle)
        return;
    for (size_t i = 0; i < mn_chain_links(chain); i++)
        mn_hook_release(chain->links[i].hook);
    alive.chains--;
    alive.bytes -= chain->bytes;
    mn_free((struct mn_chain *)chain);
}

bool
mn_chain_has_hooks(const struct mn_chain *chain)
{
    for (size_t i = 0; i < mn_chain_links(chain); i++)
        if (!chain->links[i].hook->removed)
            return true;
    return false;
}
