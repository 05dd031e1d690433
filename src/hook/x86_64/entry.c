/* SPDX-License-Identifier: MIT */
/* Which sites have an entry of their own, and the offsets that entry.S relies on. */
#include "hook/call.h"
#include "hook/site.h"

#include "hook/x86_64/offsets.h"

#include <assert.h>
#include <stddef.h>

static_assert(offsetof(struct mn_holder, top) == HOLDER_TOP, "entry.S reads and sets it");
static_assert(offsetof(struct mn_holder, limit) == HOLDER_LIMIT, "entry.S compares with it");
static_assert(offsetof(struct mn_holder, low) == HOLDER_LOW, "entry.S compares with it");
static_assert(offsetof(struct mn_hold, frame) == HOLD_FRAME, "entry.S sets it");
static_assert(offsetof(struct mn_hold, chain) == HOLD_CHAIN, "entry.S sets it");
static_assert(sizeof(struct mn_hold) == HOLD_SIZE, "entry.S takes one");
static_assert(offsetof(struct mn_site, chain) == SITE_CHAIN, "entry.S reads it");
static_assert(offsetof(struct mn_site, original) == SITE_ORIGINAL, "entry.S jumps there");
static_assert(offsetof(struct mn_site, signature) == SITE_SIGNATURE, "entry.S passes it on");
static_assert(offsetof(struct mn_chain, word) == CHAIN_WORD, "entry.S reads it");
static_assert(offsetof(struct mn_chain, version) == CHAIN_VERSION, "entry.S compares it");
static_assert(offsetof(struct mn_chain, state) == CHAIN_STATE, "entry.S copies it");
static_assert(offsetof(struct mn_chain, links[0].advice) == CHAIN_ADVICE, "entry.S calls it");
static_assert(offsetof(struct mn_chain, links[0].data) == CHAIN_DATA, "entry.S passes it on");
static_assert(offsetof(struct mend_call, frame) == CALL_FRAME, "entry.S sets it");
static_assert(offsetof(struct mend_call, site) == CALL_SITE, "entry.S sets it");
static_assert(offsetof(struct mend_call, signature) == CALL_SIGNATURE, "entry.S sets it");
static_assert(offsetof(struct mend_call, chain) == CALL_CHAIN, "entry.S sets it");
static_assert(offsetof(struct mend_call, run) == CALL_RUN, "entry.S sets it");
static_assert(offsetof(struct mend_call, state) == CALL_STATE, "entry.S sets it");
static_assert(offsetof(struct mend_call, state.settled) == CALL_SETTLED, "entry.S asks it");
static_assert(sizeof(struct mend_call) == CALL_SIZE, "entry.S makes one");

void mn_site_entry_integer(void);

/* The thread sanitizer does not see what assembly does: under it all calls go through C. */
#if defined(__SANITIZE_THREAD__)
enum { SEEN_BY_SANITIZER = 0 };
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
enum { SEEN_BY_SANITIZER = 0 };
#else
enum { SEEN_BY_SANITIZER = 1 };
#endif
#else
enum { SEEN_BY_SANITIZER = 1 };
#endif

/* Calls that carry integers only, with no result or one that a single store makes zero. */
mn_code
mn_site_entry(const struct mn_site *site)
{
    bool plain = site->signature && site->result_at != 0 && !mn_signature_uses_vectors(site->signature);

    return plain && SEEN_BY_SANITIZER ? mn_site_entry_integer : NULL;
}
