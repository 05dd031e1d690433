/* SPDX-License-Identifier: MIT */
/*
 * Holds: what each thread is inside of, so that nobody frees a chain under a call.
 *
 * A thread keeps a stack of {stack address, chain}. Taking hold writes an entry of one's own, then reads the
 * chain's place again: if it still names the chain, every writer that replaces it later will find the entry
 * (it publishes, asks the system for a barrier on all threads, then scans). A reader writes only to its own
 * stack and uses no atomic operation that costs more than a plain load or store.
 * docs/design/hook-reclamation.md has the proof.
 *
 * An entry is identified by the address of the call's frame. longjmp and thread death run no clean-up, so the
 * next taking of hold drops what lies below it on the same machine stack.
 */
#ifndef MN_HOOK_HOLD_H
#define MN_HOOK_HOLD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mn_chain;

typedef _Atomic(const struct mn_chain *) mn_chain_place;

struct mn_hold {
    _Atomic(uintptr_t) frame; /* the call's stack address */
    mn_chain_place chain;     /* NULL: dropped from the middle of the stack */
};

/*
 * One thread's stack of holds. Records are recycled, never freed: a scanner may always look.
 * Invariant: on the quick way every entry lies on the thread's own machine stack, in falling order of
 * address.
 */
struct mn_holder {
    _Atomic(struct mn_hold *)
        top;               /* the next free entry; top[-1] always exists (a sentinel above all frames) */
    struct mn_hold *limit; /* behind the last entry */
    uintptr_t low;         /* frames below are not for the quick way; UINTPTR_MAX: no frame is */
    /* What follows only hold.c looks at. */
    uintptr_t low_outside; /* `low` as it was before this thread began to bypass hooks */
    uintptr_t stack_low,
        stack_high; /* the thread's own stack; 0, UINTPTR_MAX when the system does not tell */
    _Atomic(struct mn_hold_array *) array;
    struct mn_holder *next; /* all records ever made; set once */
    atomic_int thread;      /* whose it is, as the system numbers threads */
    atomic_bool in_use;
};

extern _Thread_local struct mn_holder *mn_holder_mine;

/* Prepares barriers and fork handling; before the first trampoline is made, under the runtime's mutex. */
void mn_hold_init(void);

/* The way for everything unusual: first call of a thread, other stacks, leftovers of longjmp, growth. NULL
 * when this thread bypasses hooks. */
const struct mn_chain *mn_hold_slowly(mn_chain_place *place, uintptr_t frame);
void mn_hold_leave_slowly(uintptr_t frame);

/*
 * The chain at `place`, held until mn_hold_leave(frame); NULL when this thread bypasses hooks (nothing to
 * leave). `frame` is an address in the stack frame of the call, above everything the call will use.
 */
static inline const struct mn_chain *
mn_hold_chain(mn_chain_place *place, uintptr_t frame)
{
    struct mn_holder *mine = mn_holder_mine;
    struct mn_hold *entry = atomic_load_explicit(&mine->top, memory_order_relaxed);
    const struct mn_chain *chain;

    if (__builtin_expect(frame >= atomic_load_explicit(&entry[-1].frame, memory_order_relaxed), 0) ||
        __builtin_expect(frame < mine->low, 0) || __builtin_expect(entry == mine->limit, 0))
        return mn_hold_slowly(place, frame);
    chain = atomic_load_explicit(place, memory_order_acquire);
    atomic_store_explicit(&entry->frame, frame, memory_order_relaxed);
    atomic_store_explicit(&entry->chain, chain, memory_order_release); /* after all use of the entry's last chain */
    atomic_store_explicit(&mine->top, entry + 1, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst); /* the writer's barrier makes it one between threads */
    if (__builtin_expect(atomic_load_explicit(place, memory_order_acquire) != chain, 0) ||
        __builtin_expect(atomic_load_explicit(&entry->frame, memory_order_relaxed) != frame, 0)) {
        /* Replaced meanwhile; or a signal handler came between and used the same entry for a call of its own.
         */
        atomic_store_explicit(&mine->top, entry, memory_order_release);
        return mn_hold_slowly(place, frame);
    }
    return chain;
}

static inline void
mn_hold_leave(uintptr_t frame)
{
    struct mn_holder *mine = mn_holder_mine; /* read again: a coroutine may have changed threads */
    struct mn_hold *last = atomic_load_explicit(&mine->top, memory_order_relaxed) - 1;

    if (__builtin_expect(atomic_load_explicit(&last->frame, memory_order_relaxed) == frame, 1))
        atomic_store_explicit(&mine->top, last, memory_order_release);
    else
        mn_hold_leave_slowly(frame);
}

/* Sends between these two bypass all hooks on this thread. They nest. Mend's own go by runtime/own_sends.h. */
void mn_bypass_begin(void);
void mn_bypass_end(void);

/* How many of the calling thread's holds `wanted` says yes to. Leftovers of longjmp may be among them. */
unsigned mn_hold_count(bool (*wanted)(const struct mn_chain *chain, uintptr_t frame, void *data), void *data);

/*
 * Visits every hold of every thread. What was unpublished before the call and is not visited is held by nobody. The
 * pointer is for comparing: now and then it is an old one. Under the runtime's mutex; false when they cannot all be
 * known now, for want of memory (none is visited then).
 */
bool mn_hold_each(void (*visit)(const struct mn_chain *chain, int thread, void *data), void *data);

/*
 * The chains held at the moment, sorted by address, for one reclamation; everything unpublished before the
 * call and not among them is free. Under the runtime's mutex. False when that cannot be known now, for want
 * of memory.
 */
struct mn_held {
    const void **chains; /* NULL-terminated is not promised: `count` of them, duplicates included */
    size_t count, capacity;
    const void *few[64];
};

bool mn_held_collect(struct mn_held *held);
bool mn_held_has(const struct mn_held *held, const void *chain);
void mn_held_fini(struct mn_held *held);

/* Threads with a record in use. */
size_t mn_hold_threads(void);
#endif
