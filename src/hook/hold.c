/* SPDX-License-Identifier: MIT */
/*
 * The unusual ways of taking hold, and the scan.
 *
 * A record's entries are an array that doubles when it is full. Older arrays stay with the record: a scanner
 * that read the old address still finds there every entry that existed when it read, which is all it needs
 * (entries made later name chains published later). The scanner runs under the runtime's mutex; readers take
 * no lock.
 *
 * Where memory for a record or a larger array has run out, a call is counted instead, and while the count is
 * not zero nothing is reclaimed at all: calls never fail for want of memory.
 */
#include "hook/hold.h"

#include "abi/frame.h"
#include "base/alloc.h"
#include "hook/chain.h"
#include "runtime/own_sends.h"
#include "runtime/runtime.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_ENTRIES = 30 };

struct mn_hold_array {
    struct mn_hold_array *older; /* smaller ones that a scanner may still read */
    size_t count;
    struct mn_hold entries[]; /* entries[0] is the sentinel, count more follow */
};

/* What a thread has that was never inside a hooked method: nothing passes the quick way's checks. */
static struct mn_hold nothing[1] = {{.frame = UINTPTR_MAX}};
static struct mn_holder nobody = {.top = nothing + 1, .limit = nothing + 1, .low = UINTPTR_MAX};

_Thread_local struct mn_holder *mn_holder_mine = &nobody;
static _Thread_local unsigned bypass_depth;
static _Thread_local unsigned own_depth;  /* how many of them are Mend's own (runtime/own_sends.h) */
static _Thread_local const struct mn_own_sends *own_outermost; /* of those, and the seal that was put on it */
static _Thread_local uintptr_t own_seal;

static _Atomic(struct mn_holder *) all_holders;
static atomic_size_t calls_without_entry;
static pthread_key_t exit_key;
static atomic_bool have_exit_key;
static bool have_init;           /* under the runtime's mutex */
static atomic_bool have_barrier; /* the system orders readers for us; else all take the slow way */

static void
register_barrier(void)
{
    long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

    have_barrier = commands > 0 && (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED) &&
                   syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

/*
 * Orders what the quick way of every other thread wrote before against what this one reads after. Without the
 * system's help every reader takes the slow way, whose operations are in one order with the writer's anyway.
 */
static void
barrier_everywhere(void)
{
    if (have_barrier)
        syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

/* ---- Records ---- */

static struct mn_hold *
first_entry(struct mn_hold_array *array)
{
    return array->entries + 1;
}

static struct mn_hold *
end_of(struct mn_hold_array *array)
{
    return array->entries + 1 + array->count;
}

static void
empty_holder(struct mn_holder *holder)
{
    struct mn_hold_array *array = atomic_load(&holder->array);

    atomic_store_explicit(&holder->top, first_entry(array), memory_order_release);
}

static void
on_thread_exit(void *record)
{
    struct mn_holder *holder = record;

    mn_holder_mine = &nobody;
    empty_holder(holder);
    atomic_store_explicit(&holder->in_use, false, memory_order_release);
}

static struct mn_hold_array *
new_array(size_t count, uintptr_t sentinel)
{
    struct mn_hold_array *array = mn_calloc(1, sizeof *array + (count + 1) * sizeof array->entries[0]);

    if (array) {
        array->count = count;
        atomic_init(&array->entries[0].frame, sentinel);
    }
    return array;
}

static struct mn_holder *
recycled_holder(void)
{
    for (struct mn_holder *h = atomic_load(&all_holders); h; h = h->next) {
        bool free = false;

        if (atomic_compare_exchange_strong(&h->in_use, &free, true))
            return h;
    }
    return NULL;
}

static struct mn_holder *
new_holder(void)
{
    struct mn_holder *holder = mn_calloc(1, sizeof *holder);
    struct mn_hold_array *array = new_array(FIRST_ENTRIES, UINTPTR_MAX);

    if (!holder || !array) {
        mn_free(holder);
        mn_free(array);
        return NULL;
    }
    atomic_init(&holder->array, array);
    atomic_init(&holder->top, first_entry(array));
    atomic_init(&holder->in_use, true);
    holder->next = atomic_load(&all_holders);
    while (!atomic_compare_exchange_weak(&all_holders, &holder->next, holder))
        ;
    return holder;
}

static void
find_own_stack(struct mn_holder *holder)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;

    holder->stack_low = 0;
    holder->stack_high = UINTPTR_MAX;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &low, &size) == 0 && size > 0) {
        holder->stack_low = (uintptr_t)low;
        holder->stack_high = (uintptr_t)low + size;
    }
    pthread_attr_destroy(&attributes);
}

/* The calling thread's record, made on first use; NULL when that fails. */
static struct mn_holder *
own_holder(void)
{
    struct mn_holder *holder = mn_holder_mine;
    struct mn_hold_array *array;

    if (holder != &nobody)
        return holder;
    if (!have_exit_key || (!(holder = recycled_holder()) && !(holder = new_holder())))
        return NULL;
    if (pthread_setspecific(exit_key, holder) != 0) {
        atomic_store_explicit(&holder->in_use, false, memory_order_release);
        return NULL;
    }
    find_own_stack(holder);
    atomic_store_explicit(&holder->thread, (int)syscall(SYS_gettid), memory_order_relaxed);
    array = atomic_load(&holder->array);
    holder->limit = end_of(array);
    holder->low = holder->low_outside = UINTPTR_MAX;
    atomic_store_explicit(&array->entries[0].frame, holder->stack_high, memory_order_relaxed);
    mn_holder_mine = holder;
    return holder;
}

static bool
grow(struct mn_holder *holder)
{
    struct mn_hold_array *old = atomic_load(&holder->array);
    size_t used = (size_t)(atomic_load(&holder->top) - first_entry(old));
    struct mn_hold_array *array = new_array(old->count * 2, holder->stack_high);

    if (!array)
        return false;
    for (size_t i = 1; i <= used; i++) {
        atomic_init(&array->entries[i].frame, atomic_load(&old->entries[i].frame));
        atomic_init(&array->entries[i].chain, atomic_load(&old->entries[i].chain));
    }
    array->older = old;
    atomic_store_explicit(&holder->array, array, memory_order_release);
    atomic_store_explicit(&holder->top, first_entry(array) + used, memory_order_release);
    holder->limit = end_of(array);
    return true;
}

/* ---- Leftovers of longjmp, and other machine stacks ---- */

struct range {
    uintptr_t low, high;
};

static bool
within(struct range r, uintptr_t address)
{
    return address >= r.low && address < r.high;
}

/* The alternate signal stack; *active tells whether the thread runs on it now. */
static struct range
signal_stack(bool *active)
{
    stack_t now;
    struct range r = {0, 0};

    *active = false;
    if (sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE)) {
        r.low = (uintptr_t)now.ss_sp;
        r.high = r.low + now.ss_size;
        *active = (now.ss_flags & SS_ONSTACK) != 0;
    }
    return r;
}

static void
drop_empty_top(struct mn_holder *holder)
{
    struct mn_hold_array *array = atomic_load(&holder->array);
    struct mn_hold *top = atomic_load(&holder->top);

    while (top > first_entry(array) && !atomic_load_explicit(&top[-1].chain, memory_order_relaxed))
        top--;
    atomic_store_explicit(&holder->top, top, memory_order_release);
}

/*
 * Drops the entries that cannot be live when a call with this frame begins: below it on the same machine
 * stack, and those of a signal stack that is not in use. Entries on stacks we do not know (coroutines) stay
 * until they leave by themselves. Gives whether all that remains lies on the thread's own stack.
 */
static bool
drop_leftovers(struct mn_holder *holder, uintptr_t frame)
{
    struct mn_hold_array *array = atomic_load(&holder->array);
    struct mn_hold *top = atomic_load(&holder->top);
    struct range own = {holder->stack_low, holder->stack_high};
    bool on_signal_stack, all_own = true;
    struct range alternate = signal_stack(&on_signal_stack);

    for (struct mn_hold *e = first_entry(array); e < top; e++) {
        uintptr_t at = atomic_load_explicit(&e->frame, memory_order_relaxed);
        bool dead;

        if (!atomic_load_explicit(&e->chain, memory_order_relaxed))
            continue;
        if (within(alternate, at))
            dead = !on_signal_stack || (within(alternate, frame) && at <= frame);
        else
            dead =
                own.low != 0 && within(own, at) && within(own, frame) && !within(alternate, frame) &&
                at <=
                    frame; /* a signal stack may be a part of the thread's own: it says nothing of the rest */
        if (dead)
            atomic_store_explicit(&e->chain, NULL, memory_order_release);
        else
            all_own = all_own && within(own, at) && !within(alternate, at);
    }
    drop_empty_top(holder);
    return all_own && own.low != 0 && within(own, frame) && !within(alternate, frame);
}

/* ---- Bypassing ---- */

void
mn_bypass_begin(void)
{
    struct mn_holder *holder = mn_holder_mine;

    if (bypass_depth++ > 0 || holder == &nobody)
        return; /* the quick way is closed already */
    holder->low_outside = holder->low;
    holder->low = UINTPTR_MAX;
}

void
mn_bypass_end(void)
{
    struct mn_holder *holder = mn_holder_mine;

    if (--bypass_depth == 0 && holder != &nobody)
        holder->low = holder->low_outside;
}

/* Of a scope in a part of the stack that may be other calls' by now. */
static __attribute__((no_sanitize("address", "thread"))) uintptr_t
seal_of(const volatile struct mn_own_sends *own)
{
    return own->seal;
}

/*
 * longjmp has left Mend's own scopes: the call comes from further up this stack, or something else lies where the
 * outermost was. What calls leave on the stack above the one that ends in `caller` is theirs.
 */
static bool
own_scopes_are_left(uintptr_t caller)
{
    struct mn_holder *holder = own_holder();
    struct range own = holder ? (struct range){holder->stack_low, holder->stack_high} : (struct range){0, 0};
    bool on_signal_stack;

    if (own.low == 0 || !within(own, caller) || !within(own, (uintptr_t)own_outermost) ||
        within(signal_stack(&on_signal_stack), caller))
        return false;
    return caller > (uintptr_t)own_outermost || seal_of(own_outermost) != own_seal;
}

static void
drop_own_scopes(uintptr_t caller)
{
    if (own_depth > 0 && own_scopes_are_left(caller))
        for (; own_depth > 0; own_depth--)
            mn_bypass_end();
}

static void
begin_own(struct mn_own_sends *own)
{
    static _Thread_local uintptr_t count;

    drop_own_scopes((uintptr_t)own);
    if (own_depth++ == 0) {
        own->seal = own_seal = (uintptr_t)own * 31 + ++count;
        own_outermost = own;
    }
    mn_bypass_begin();
}

static void
end_own(void)
{
    if (own_depth == 0)
        return;
    own_depth--;
    mn_bypass_end();
}

static const struct mn_own_sends_ways own_ways = {begin_own, end_own};

void
mend_bypass_begin(void)
{
    mn_bypass_begin();
}

void
mend_bypass_end(void)
{
    if (bypass_depth > own_depth)
        mn_bypass_end();
}

/* ---- Taking hold, leaving ---- */

const struct mn_chain *
mn_hold_slowly(mn_chain_place *place, uintptr_t frame)
{
    struct mn_holder *holder;
    struct mn_hold *top = NULL;
    const struct mn_chain *chain;

    if (own_depth > 0)
        drop_own_scopes((uintptr_t)((const struct mn_frame *)frame)->stack);
    if (bypass_depth > 0)
        return NULL;
    holder = own_holder();
    if (holder) {
        bool quick = drop_leftovers(holder, frame);

        holder->low = quick && have_barrier ? holder->stack_low : UINTPTR_MAX;
        top = atomic_load(&holder->top);
        if (top == holder->limit)
            top = grow(holder) ? atomic_load(&holder->top) : NULL;
    }
    if (!top) {
        atomic_fetch_add(&calls_without_entry, 1);
        return atomic_load_explicit(place, memory_order_seq_cst);
    }
    do { /* a signal handler's call may use the entry until it is covered, and drops it while it names no
            chain */
        atomic_store_explicit(&top->frame, frame, memory_order_relaxed);
        atomic_store_explicit(&top->chain, &mn_chain_idle,
                              memory_order_release); /* after all use of the entry's last chain */
        atomic_store_explicit(&holder->top, top + 1, memory_order_seq_cst);
    } while (atomic_load_explicit(&top->frame, memory_order_relaxed) != frame);
    do {
        chain = atomic_load_explicit(place, memory_order_seq_cst);
        atomic_store_explicit(&top->chain, chain, memory_order_seq_cst);
    } while (atomic_load_explicit(place, memory_order_seq_cst) != chain);
    return chain;
}

/* The entry of a call among those of a record, the newest first; NULL if it has none there. */
static struct mn_hold *
entry_of(struct mn_holder *holder, uintptr_t frame)
{
    struct mn_hold_array *array = atomic_load_explicit(&holder->array, memory_order_acquire);
    struct mn_hold *top = atomic_load_explicit(&holder->top, memory_order_acquire);

    if (top < first_entry(array) || top > end_of(array))
        return NULL;
    for (struct mn_hold *e = top; e-- > first_entry(array);)
        if (atomic_load_explicit(&e->frame, memory_order_relaxed) == frame &&
            atomic_load_explicit(&e->chain, memory_order_relaxed))
            return e;
    return NULL;
}

/* Not the newest entry of this thread: it lies deeper, or on another thread (a coroutine moved), or there is
 * none. */
void
mn_hold_leave_slowly(uintptr_t frame)
{
    struct mn_holder *mine = mn_holder_mine;
    struct mn_hold *entry = mine == &nobody ? NULL : entry_of(mine, frame);

    if (entry) {
        atomic_store_explicit(&entry->chain, NULL, memory_order_release);
        drop_empty_top(mine);
        return;
    }
    for (struct mn_holder *h = atomic_load(&all_holders); h && !entry; h = h->next)
        entry = entry_of(h, frame);
    if (entry)
        atomic_store_explicit(&entry->chain, NULL, memory_order_release);
    else if (atomic_load(&calls_without_entry) > 0)
        atomic_fetch_sub(&calls_without_entry, 1);
}

/* ---- The scan ---- */

static bool
add_held(struct mn_held *held, const void *chain)
{
    if (held->count == held->capacity) {
        size_t capacity = held->capacity * 2;
        const void **larger = mn_malloc(capacity * sizeof *larger);

        if (!larger)
            return false;
        memcpy(larger, held->chains, held->count * sizeof *larger);
        if (held->chains != held->few)
            mn_free(held->chains);
        held->chains = larger;
        held->capacity = capacity;
    }
    held->chains[held->count++] = chain;
    return true;
}

static bool
add_entries(struct mn_held *held, const struct mn_hold *from, const struct mn_hold *to)
{
    for (const struct mn_hold *e = from; e < to; e++) {
        const void *chain = atomic_load_explicit(&e->chain, memory_order_seq_cst);

        if (chain && !add_held(held, chain))
            return false;
    }
    return true;
}

static int
by_address(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

    return x < y ? -1 : x > y;
}

/* The entries of a record that a scanner has to look at, from first_entry(*array) to the result. */
static const struct mn_hold *
entries_now(struct mn_holder *holder, struct mn_hold_array **array)
{
    struct mn_hold *top;

    *array = atomic_load_explicit(&holder->array, memory_order_acquire);
    top = atomic_load_explicit(&holder->top, memory_order_seq_cst);
    if (top < first_entry(*array) || top > end_of(*array))
        top = end_of(*array); /* it grew between the two reads: look at all of the older array */
    return top;
}

bool
mn_held_collect(struct mn_held *held)
{
    held->chains = held->few;
    held->count = 0;
    held->capacity = sizeof held->few / sizeof held->few[0];
    barrier_everywhere();
    if (atomic_load(&calls_without_entry) > 0)
        return false;
    for (struct mn_holder *h = atomic_load(&all_holders); h; h = h->next) {
        struct mn_hold_array *array;
        const struct mn_hold *top = entries_now(h, &array);

        if (!add_entries(held, first_entry(array), top))
            goto failed;
    }
    qsort(held->chains, held->count, sizeof *held->chains, by_address);
    return true;
failed:
    mn_held_fini(held);
    return false;
}

bool
mn_held_has(const struct mn_held *held, const void *chain)
{
    return held->count > 0 &&
           bsearch(&chain, held->chains, held->count, sizeof *held->chains, by_address) != NULL;
}

void
mn_held_fini(struct mn_held *held)
{
    if (held->chains != held->few)
        mn_free(held->chains);
    held->chains = held->few;
    held->count = 0;
}

bool
mn_hold_each(void (*visit)(const struct mn_chain *chain, int thread, void *data), void *data)
{
    barrier_everywhere();
    if (atomic_load(&calls_without_entry) > 0)
        return false;
    for (struct mn_holder *h = atomic_load(&all_holders); h; h = h->next) {
        struct mn_hold_array *array;
        const struct mn_hold *top = entries_now(h, &array);

        for (const struct mn_hold *e = first_entry(array); e < top; e++) {
            const struct mn_chain *chain = atomic_load_explicit(&e->chain, memory_order_seq_cst);

            if (chain)
                visit(chain, atomic_load_explicit(&h->thread, memory_order_relaxed), data);
        }
    }
    return true;
}

unsigned
mn_hold_count(bool (*wanted)(const struct mn_chain *chain, uintptr_t frame, void *data), void *data)
{
    struct mn_holder *mine = mn_holder_mine;
    const struct mn_hold *top;
    unsigned count = 0;

    if (mine == &nobody)
        return 0;
    top = atomic_load_explicit(&mine->top, memory_order_relaxed);
    for (const struct mn_hold *e = first_entry(atomic_load(&mine->array)); e < top; e++) {
        const struct mn_chain *chain = atomic_load_explicit(&e->chain, memory_order_relaxed);

        count += chain && wanted(chain, atomic_load_explicit(&e->frame, memory_order_relaxed), data);
    }
    return count;
}

size_t
mn_hold_threads(void)
{
    size_t count = 0;

    for (struct mn_holder *h = atomic_load(&all_holders); h; h = h->next)
        count += atomic_load(&h->in_use);
    return count;
}

/* ---- fork ---- */

/* Only the forking thread lives on in the child; the others' holds are void. Whose the calls without an entry
 * are is not known: they stay counted. */
static void
in_child(void)
{
    for (struct mn_holder *h = atomic_load(&all_holders); h; h = h->next)
        if (h != mn_holder_mine && atomic_load(&h->in_use)) {
            empty_holder(h);
            atomic_store(&h->in_use, false);
        }
    atomic_store(&mn_holder_mine->thread, (int)syscall(SYS_gettid));
    if (have_init)
        register_barrier();
    mn_runtime_unlock();
}

/* As soon as the library is there: a fork beside the first hook of the process would find no handler to wait
 * for the runtime's mutex, and the child would inherit it locked. */
__attribute__((constructor)) static void
watch_forks(void)
{
    pthread_atfork(mn_runtime_lock, mn_runtime_unlock, in_child);
}

void
mn_hold_init(void)
{
    if (have_init)
        return;
    have_init = true;
    register_barrier();
    mn_own_sends_by(&own_ways);
    have_exit_key = pthread_key_create(&exit_key, on_thread_exit) == 0;
}
