/* SPDX-License-Identifier: MIT */
/*
 * A site: one intercepted method, that is one function of one class.
 *
 * A site is what its trampoline means: "the hooks here, then this original". That meaning never changes,
 * because anybody may have kept the trampoline's address: a caller that caches IMPs, a swizzle that calls it
 * as its own original. So sites are never freed and never given to another method; without hooks they pass
 * calls through to their original. A method whose implementation somebody else replaced gets a new site above
 * the newcomer.
 *
 * `original` is the class's own implementation. Where the class inherits the method, or never had it, there
 * is none, and each call looks up what the superclass has at that moment.
 */
#ifndef MN_HOOK_SITE_H
#define MN_HOOK_SITE_H

#include "abi/frame.h"
#include "abi/signature.h"
#include "abi/trampoline.h"
#include "hook/batch.h"
#include "hook/chain.h"
#include "hook/hold.h"
#include "runtime/install.h"

struct mn_site {
    /* What a call reads; one cache line. */
    mn_chain_place chain; /* never NULL */
    IMP original;         /* set before the site is first installed; NULL: look the superclass up */
    const struct mn_signature *signature; /* NULL: the encoding is not one we can read */
    Class superclass;
    uint16_t result_at;   /* offset in the frame of a result that one store makes zero; 0: another kind of result */
    uint16_t receiver_at; /* offset in the frame of the receiver */
    const char *types;

    struct mn_trampoline *trampoline;
    struct mn_change change; /* also says class and selector */
    struct mn_site *next_dirty, *next_published;
    const struct mn_chain *staged; /* what a change under way will publish */
    uint32_t members;              /* hooks that refer to the site and are not freed */
    bool absent;                   /* the class neither had nor inherited the method */
    bool forwards;                 /* absent, and the class has forwarding of its own */
    bool installed;                /* calls of the method come here, as far as we know */
    bool published;                /* was installed once: somebody may know the trampoline */
    bool dirty;                    /* in the list of sites that have removed hooks in their chain */
};

/* All of this is for the holder of the runtime's mutex. */

/*
 * The site for a method as it is now, found or made. `types` serves for a method the class neither has nor
 * inherits (NULL: MEND_NO_METHOD then). Nothing is installed yet; a site no hook refers to is given back by
 * mn_site_discard.
 */
mend_status mn_site_open(Class cls, SEL sel, const char *types, struct mn_site **site, mend_error *err);

/* The signature of a method encoding; NULL with MEND_OK when it is not one we can read. MEND_NO_MEMORY. */
mend_status mn_site_signature(const char *types, const struct mn_signature **signature, mend_error *err);

/* Remembers a site that is not installed, and forgets it when it is. False when memory has run out. */
bool mn_site_keep(struct mn_site *site);
void mn_site_unkeep(struct mn_site *site);

/* Frees a site that was never installed and has no members; leaves every other alone. */
void mn_site_discard(struct mn_site *site);

size_t mn_site_count(void);

/* The site is to be installed: from now on it is listed. Twice does no harm. */
void mn_site_publish(struct mn_site *site);

/* Those that were ever installed, the first first; their next_published. */
struct mn_site *mn_sites_published(void);

/* Whether this hook may be placed on this method. Changes nothing (admission.c). */
mend_status mn_site_admit(const struct mn_site *site, const mend_hook_spec *spec, id object, mend_error *err);

/* Whether the method has these types (NULL: any will do): MEND_SIGNATURE_MISMATCH, with the first difference. */
mend_status mn_site_fits(const struct mn_site *site, const char *types, bool strict, mend_error *err);
mend_status mn_selector_admit(Class cls, SEL sel, const mend_hook_spec *spec, mend_error *err);

/* ---- What calls use; any thread ---- */

static inline const struct mn_chain *
mn_site_chain(const struct mn_site *site)
{
    return atomic_load_explicit(&site->chain, memory_order_relaxed);
}

/* Receiver and selector in a frame of a site with a signature. */
static inline id
mn_site_receiver(const struct mn_site *site, const struct mn_frame *frame)
{
    return *(const id *)((const char *)frame + site->receiver_at);
}

static inline SEL
mn_site_selector(const struct mn_site *site, const struct mn_frame *frame)
{
    return *(const SEL *)((const char *)frame + site->signature->arguments[1].place.piece[0].frame);
}

/* What the method runs below all hooks of this site. NULL: nothing (a method that was added); the frame's result is
 * zero then. */
mn_code mn_site_below(const struct mn_site *site, struct mn_frame *frame);

/* Makes the result in the frame zero. */
void mn_site_clear_result(struct mn_frame *frame, const struct mn_site *site);

/* The handler of every site's trampoline (dispatch.c), and the part of it that finds the chain held already.
 */
mn_code mn_site_dispatch(struct mn_frame *frame, void *site);
mn_code mn_site_dispatch_held(struct mn_frame *frame, void *site, const struct mn_chain *chain);

/* An entry that does better than the general one for this site's signature, or NULL (one file a CPU). */
mn_code mn_site_entry(const struct mn_site *site);
#endif
