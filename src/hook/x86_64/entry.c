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
static_assert(offsetof(struct mn_site, result_at) == SITE_RESULT_AT, "entry.S makes it zero");
static_assert(offsetof(struct mn_site, receiver_at) == SITE_RECEIVER_AT, "entry.S looks the receiver up");
static_assert(offsetof(struct mn_chain, word) == CHAIN_WORD, "entry.S reads it");
static_assert(offsetof(struct mn_chain, version) == CHAIN_VERSION, "entry.S compares it");
static_assert(offsetof(struct mn_chain, state) == CHAIN_STATE, "entry.S copies it");
static_assert(offsetof(struct mn_chain, befores) == CHAIN_BEFORES, "entry.S counts them");
static_assert(offsetof(struct mn_chain, afters) == CHAIN_AFTERS, "entry.S counts them");
static_assert(offsetof(struct mn_chain, flags) == CHAIN_FLAGS && CHAIN_SHORT == MN_CHAIN_SHORT, "entry.S asks them");
static_assert(offsetof(struct mn_chain, objects) == CHAIN_OBJECTS, "entry.S looks the receiver up");
static_assert(offsetof(struct mn_chain, links) == CHAIN_LINKS, "entry.S runs them; the words lie behind");
static_assert(offsetof(struct mn_link, advice) == LINK_ADVICE, "entry.S calls it");
static_assert(offsetof(struct mn_link, data) == LINK_DATA, "entry.S passes it on");
static_assert(offsetof(struct mn_link, version) == LINK_VERSION, "entry.S compares it");
static_assert(offsetof(struct mn_link, word) == LINK_WORD, "entry.S reads that word");
static_assert(sizeof(struct mn_link) == 1 << LINK_SHIFT, "entry.S steps by it");
static_assert(offsetof(struct mn_object_chains, mask) == OBJECTS_MASK, "entry.S applies it");
static_assert(offsetof(struct mn_object_chains, slots) == OBJECTS_SLOTS, "entry.S searches them");
static_assert(offsetof(struct mn_object_chain, object) == OBJECT_OBJECT, "entry.S compares it");
static_assert(offsetof(struct mn_object_chain, chain) == OBJECT_CHAIN, "entry.S goes on with it");
static_assert(sizeof(struct mn_object_chain) == 1 << OBJECT_SHIFT, "entry.S steps by it");
static_assert(offsetof(struct mend_call, frame) == CALL_FRAME, "entry.S sets it");
static_assert(offsetof(struct mend_call, site) == CALL_SITE, "entry.S sets it");
static_assert(offsetof(struct mend_call, chain) == CALL_CHAIN, "entry.S sets it");
static_assert(offsetof(struct mend_call, state) == CALL_STATE && offsetof(struct mend_call, run) == CALL_STATE + 8 &&
                  CALL_STATE % 16 == 0,
              "entry.S sets both by one store");
static_assert(sizeof(struct mend_call) == CALL_SIZE, "entry.S makes one");
static_assert(offsetof(struct mn_call_state, settled) == STATE_SETTLED, "entry.S asks it");
static_assert(offsetof(struct mn_call_state, next) == 0 && offsetof(struct mn_call_state, position) == 4 &&
                  offsetof(struct mn_call_state, settled) == 5 && offsetof(struct mn_call_state, has_result) == 6 &&
                  STATE_AFTER == (1 | (uint64_t)MEND_AFTER << 32 | (uint64_t)1 << 40 | (uint64_t)1 << 48),
              "entry.S sets it as one number");

void mn_site_entry_integers(void);
void mn_site_entry_two_vectors(void);
void mn_site_entry_all_vectors(void);

/* The thread sanitizer does not see what assembly does: under it all calls go through C. */
#if defined(__SANITIZE_THREAD__)
enum { IN_ASSEMBLY = 0 };
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
enum { IN_ASSEMBLY = 0 };
#else
enum { IN_ASSEMBLY = 1 };
#endif
#else
enum { IN_ASSEMBLY = 1 };
#endif

/* Results on the x87 stack are for C. */
mn_code
mn_site_entry(const struct mn_site *site)
{
    const struct mn_signature *signature = site->signature;

    if (!IN_ASSEMBLY || !signature || (signature->shape & (MN_SHAPE_X87 | MN_SHAPE_X87_PAIR)))
        return NULL;
    if (!mn_signature_uses_vectors(signature))
        return mn_site_entry_integers;
    return signature->vectors <= 2 ? mn_site_entry_two_vectors : mn_site_entry_all_vectors;
}
