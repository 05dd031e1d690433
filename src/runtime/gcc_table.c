/* SPDX-License-Identifier: MIT */
/*
 * Dispatch tables of GCC's runtime, written under senders. gcc_abi.h tells how they are laid out and shared.
 *
 * The invariant all of this keeps: version numbers grow strictly from a class to its subclasses, and a bucket
 * is written in place only by the table whose number it bears. So our buckets and tables behave for the
 * runtime like its own: a host's method_setImplementation writes ours in place and reaches the subclasses
 * that share them.
 *
 * A class is in one of three states. Never sent to: it has no table, nor has anything below it; the records
 * are all there is. Starting: its +initialize runs (in this thread: the runtime holds the mutex meanwhile),
 * its table is built but kept where only the runtime finds it, and must be built again. Live: its table is in
 * use.
 */
#include "runtime/gcc_table.h"

#include <stdlib.h>
#include <string.h>

enum state { NEVER_SENT, STARTING, LIVE };

static enum state
state_of(Class cls)
{
    if (gcc_class(cls)->table == NULL)
        return NEVER_SENT; /* not registered */
    if (gcc_class(cls)->table != __objc_uninstalled_dtable)
        return LIVE;
    return mn_class_initialised(cls) ? STARTING : NEVER_SENT;
}

/* Subclasses of a class not linked yet are not linked either, so they are not live: they need no visit. */
static Class
first_below(Class cls)
{
    return gcc_class(cls)->subclasses;
}

static Class
next_beside(Class cls)
{
    return gcc_class(cls)->sibling;
}

/* The bucket of a live class; NULL where the table does not reach. */
static struct gcc_bucket *
bucket_of(Class cls, SEL sel)
{
    const struct gcc_table *table = gcc_class(cls)->table;

    return gcc_sel_index(sel) < table->capacity ? table->buckets[gcc_sel_bucket(sel)] : NULL;
}

static bool
owns_bucket(Class cls, const struct gcc_bucket *bucket)
{
    const struct gcc_table *table = gcc_class(cls)->table;

    return bucket != NULL && bucket != table->empty && bucket->version.number == table->version.number;
}

/* ---- Spares ---- */

bool
mn_gcc_spares_fill(struct gcc_spares *spares, size_t count)
{
    while (spares->count < count) {
        struct gcc_bucket *bucket = mn_gcc_alloc(sizeof(*bucket));

        if (bucket == NULL)
            return false;
        bucket->imps[0] = spares->first;
        spares->first = bucket;
        spares->count++;
    }
    return true;
}

void
mn_gcc_spares_free(struct gcc_spares *spares)
{
    while (spares->first != NULL) {
        struct gcc_bucket *bucket = spares->first;

        spares->first = bucket->imps[0];
        free(bucket);
    }
    spares->count = 0;
}

/* One bucket once lent; at most one write is under way. */
static struct {
    Class cls;
    unsigned place;
    struct gcc_bucket *bucket;
} lent;

void
mn_gcc_table_lend(Class cls, SEL sel, struct gcc_bucket *bucket)
{
    lent.cls = cls;
    lent.place = gcc_sel_bucket(sel);
    lent.bucket = bucket;
}

struct gcc_bucket *
mn_gcc_table_lend_back(void)
{
    struct gcc_bucket *unused = lent.bucket;

    lent.bucket = NULL;
    return unused;
}

static struct gcc_bucket *
take(struct gcc_spares *spares, Class cls, SEL sel)
{
    struct gcc_bucket *bucket;

    if (lent.bucket != NULL && lent.cls == cls && lent.place == gcc_sel_bucket(sel)) {
        bucket = lent.bucket;
        lent.bucket = NULL;
        return bucket;
    }
    if (spares->first == NULL)
        abort(); /* mn_gcc_table_need counted wrong: the tests would have shown it */
    bucket = spares->first;
    spares->first = bucket->imps[0];
    spares->count--;
    return bucket;
}

/* ---- Growing ---- */

/*
 * A copy of a table with room for that index, complete but not published. It bears the old one's version and
 * counts one reference more than the class's: the runtime must never free it, for it owns buckets that copies
 * of the old table share. The old one keeps the reference of the class, so it stays too.
 */
static struct gcc_table *
larger(struct gcc_table *old, size_t index)
{
    size_t used = old->capacity / GCC_BUCKET_SIZE;
    size_t places = index / GCC_BUCKET_SIZE + 1;
    struct gcc_table *table;

    places += places / 8 > 16 ? places / 8 : 16;
    table = mn_gcc_alloc(sizeof(*table) + places * sizeof(table->buckets[0]));
    if (table == NULL)
        return NULL;
    *table = *old;
    table->buckets = (struct gcc_bucket **)(table + 1);
    table->references = 2;
    table->copy_of = old;
    table->capacity = places * GCC_BUCKET_SIZE;
    memcpy(table->buckets, old->buckets, used * sizeof(table->buckets[0]));
    for (size_t i = used; i < places; i++)
        table->buckets[i] = table->empty;
    return table;
}

bool
mn_gcc_table_grow(Class cls, SEL sel)
{
    enum state state = state_of(cls);

    if (state == NEVER_SENT)
        return true;
    if (state == LIVE && gcc_sel_index(sel) >= gcc_class(cls)->table->capacity) {
        struct gcc_table *table = larger(gcc_class(cls)->table, gcc_sel_index(sel));

        if (table == NULL)
            return false;
        GCC_PUBLISH(gcc_class(cls)->table, table);
    }
    for (Class sub = first_below(cls); sub != Nil; sub = next_beside(sub))
        if (mn_gcc_own_record(sub, sel) == NULL && !mn_gcc_table_grow(sub, sel))
            return false;
    return true;
}

/* ---- Buckets of one's own ---- */

/* Whoever below cls still has the old bucket gets the new one. */
static void
follow(Class cls, SEL sel, const struct gcc_bucket *old, struct gcc_bucket *fresh)
{
    for (Class sub = first_below(cls); sub != Nil; sub = next_beside(sub)) {
        if (state_of(sub) == NEVER_SENT)
            continue;
        if (state_of(sub) == LIVE && bucket_of(sub, sel) == old)
            GCC_PUBLISH(gcc_class(sub)->table->buckets[gcc_sel_bucket(sel)], fresh);
        follow(sub, sel, old, fresh);
    }
}

/* Gives cls, and all below that shared with it, a bucket that cls owns, content unchanged. */
static struct gcc_bucket *
own_bucket(Class cls, SEL sel, struct gcc_spares *spares)
{
    struct gcc_table *table = gcc_class(cls)->table;
    struct gcc_bucket *old = bucket_of(cls, sel), *fresh;

    if (owns_bucket(cls, old))
        return old;
    fresh = take(spares, cls, sel);
    for (int i = 0; i < GCC_BUCKET_SIZE; i++) /* a lent one may have readers */
        __atomic_store_n(&fresh->imps[i], old->imps[i], __ATOMIC_RELAXED);
    fresh->version = table->version;
    GCC_PUBLISH(table->buckets[gcc_sel_bucket(sel)], fresh);
    follow(cls, sel, old, fresh);
    return fresh;
}

/* A subclass may override sel with the very IMP it would inherit, and so share the bucket: it must not
 * follow. */
static void
part_from_overriders(Class cls, SEL sel, const struct gcc_bucket *bucket, struct gcc_spares *spares)
{
    for (Class sub = first_below(cls); sub != Nil; sub = next_beside(sub)) {
        if (mn_gcc_own_record(sub, sel) == NULL)
            part_from_overriders(sub, sel, bucket, spares);
        else if (state_of(sub) == LIVE && bucket_of(sub, sel) == bucket)
            own_bucket(sub, sel, spares);
    }
}

/* ---- Writing ---- */

size_t
mn_gcc_table_need(Class cls, SEL sel)
{
    size_t need = 0;

    if (state_of(cls) == NEVER_SENT)
        return 0;
    if (state_of(cls) == LIVE && !owns_bucket(cls, bucket_of(cls, sel)))
        need++;
    for (Class sub = first_below(cls); sub != Nil; sub = next_beside(sub)) {
        if (mn_gcc_own_record(sub, sel) != NULL)
            need += state_of(sub) == LIVE && !owns_bucket(sub, bucket_of(sub, sel));
        else if (state_of(cls) != LIVE || state_of(sub) != LIVE || bucket_of(sub, sel) != bucket_of(cls, sel))
            need += mn_gcc_table_need(sub, sel);
        else
            need += mn_gcc_table_need(sub, sel) - !owns_bucket(sub, bucket_of(sub, sel)); /* it will follow */
    }
    return need;
}

static void
write_live(Class cls, SEL sel, IMP imp, struct gcc_spares *spares)
{
    struct gcc_bucket *bucket = bucket_of(cls, sel);
    unsigned element = gcc_sel_element(sel);

    if (bucket == NULL || bucket->imps[element] == (void *)imp)
        return; /* no place means nothing there; an equal value must not cost a shared bucket */
    part_from_overriders(cls, sel, bucket, spares);
    GCC_PUBLISH(own_bucket(cls, sel, spares)->imps[element], (void *)imp);
}

void
mn_gcc_table_write(Class cls, SEL sel, IMP imp, struct gcc_spares *spares)
{
    enum state state = state_of(cls);

    if (state == NEVER_SENT)
        return;
    if (state == LIVE)
        write_live(cls, sel, imp, spares);
    else
        __objc_update_dispatch_table_for_class(cls); /* builds the hidden table again, from the records */
    for (Class sub = first_below(cls); sub != Nil; sub = next_beside(sub)) {
        if (mn_gcc_own_record(sub, sel) == NULL)
            mn_gcc_table_write(sub, sel, imp, spares);
        else if (state_of(sub) == STARTING)
            __objc_update_dispatch_table_for_class(sub); /* its hidden table may share what was written */
    }
}

/* ---- Sharing again ---- */

static bool
has_record_in_bucket(Class cls, unsigned bucket)
{
    const struct gcc_method_list *list = gcc_class(cls)->methods;

    for (; list != NULL; list = list->next)
        for (int i = 0; i < list->count; i++)
            if (gcc_sel_mapped(list->methods[i].name) && gcc_sel_bucket(list->methods[i].name) == bucket)
                return true;
    return false;
}

struct gcc_bucket *
mn_gcc_table_share(Class cls, SEL sel)
{
    Class super = mn_class_super(cls);
    struct gcc_bucket *mine, *above;
    bool owned;

    if (super == Nil || state_of(cls) != LIVE || state_of(super) != LIVE)
        return NULL;
    mine = bucket_of(cls, sel);
    above = bucket_of(super, sel);
    if (above == NULL)
        above = gcc_class(cls)->table->empty;
    if (mine == NULL || mine == above || has_record_in_bucket(cls, gcc_sel_bucket(sel)))
        return NULL;
    owned = owns_bucket(cls, mine);
    GCC_PUBLISH(gcc_class(cls)->table->buckets[gcc_sel_bucket(sel)], above);
    follow(cls, sel, mine, above);
    return owned ? mine : NULL;
}
