/* SPDX-License-Identifier: MIT */
/*
 * The runtime calls these with its mutex held, after it has changed its records; a host that calls one itself
 * may not hold it.
 *
 * A record that already stands in its class's table stands in all below, because every writer comes through
 * here or through install.h; so rebuilding after a category looks at each record once and writes only what is
 * new.
 */
#include "runtime/gcc_table.h"
#include "runtime/guard.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const struct mn_guard_calls *behind;
static atomic_bool asked;

/* ---- One place ---- */

/* What the runtime has of a live class for sel. */
static void *
imp_in_table(Class cls, SEL sel)
{
    const struct gcc_table *table = gcc_class(cls)->table;

    return gcc_sel_index(sel) < table->capacity
               ? table->buckets[gcc_sel_bucket(sel)]->imps[gcc_sel_element(sel)]
               : NULL;
}

/* Makes the tables of cls and of all that inherit from it agree with its record. False: no memory. */
static bool
write_record(Class cls, const struct gcc_method *record)
{
    struct gcc_spares spares = {0};
    bool done = mn_gcc_table_grow(cls, record->name) &&
                mn_gcc_spares_fill(&spares, mn_gcc_table_need(cls, record->name));

    if (done)
        mn_gcc_table_write(cls, record->name, record->imp, &spares);
    mn_gcc_spares_free(&spares);
    return done;
}

/* ---- After methods were added to a class ---- */

static bool
is_live(Class cls)
{
    return gcc_class(cls)->table != NULL && gcc_class(cls)->table != __objc_uninstalled_dtable;
}

static bool
write_records(Class cls)
{
    for (struct gcc_method_list *list = gcc_class(cls)->methods; list != NULL; list = list->next)
        for (int i = 0; i < list->count; i++) {
            struct gcc_method *record = &list->methods[i];

            if (gcc_sel_mapped(record->name) && imp_in_table(cls, record->name) != (void *)record->imp &&
                mn_gcc_own_record(cls, record->name) == record && !write_record(cls, record))
                return false;
        }
    return true;
}

static void
update_class(void *data)
{
    Class cls = data;

    mn_runtime_lock();
    if (!is_live(cls) || !write_records(cls))
        behind->update_class(cls); /* nothing reads the table of a class that is not live */
    mn_runtime_unlock();
}

/* ---- After a record got another implementation ---- */

struct search {
    const struct gcc_method *record;
    Class owner;
};

static bool
has_record(Class cls, const struct gcc_method *record)
{
    for (struct gcc_method_list *list = gcc_class(cls)->methods; list != NULL; list = list->next)
        if (record >= list->methods && record < list->methods + list->count)
            return true;
    return false;
}

static bool
is_owner(void *data, Class cls)
{
    struct search *search = data;

    if (has_record(cls, search->record))
        search->owner = cls;
    else if (has_record(mn_class_meta(cls), search->record))
        search->owner = mn_class_meta(cls);
    return search->owner == Nil;
}

/* The one class it belongs to, or Nil: not registered, or a list of ours that was unlinked. */
static bool
find_owner(struct search *search)
{
    return mn_class_each(is_owner, search) == MEND_OK;
}

static bool
write_method(const struct gcc_method *record)
{
    struct search search = {.record = record};

    if (record == NULL || !gcc_sel_mapped(record->name))
        return true;
    if (!find_owner(&search))
        return false;
    if (search.owner == Nil || mn_gcc_own_record(search.owner, record->name) != record)
        return true; /* a category hides it */
    return write_record(search.owner, record);
}

static void
update_methods(void *one, void *other)
{
    atomic_store_explicit(&asked, true, memory_order_relaxed);
    mn_runtime_lock();
    if (!write_method(one) || !write_method(other))
        behind->update_methods(one, other);
    mn_runtime_unlock();
}

/* ---- When a table becomes too small ---- */

/* The runtime asks with the mutex held. What is replaced may have readers, and stays; tables grow by an
 * eighth, so that is little. */
static void
grow(void *data, int size)
{
    struct gcc_table *table = data;
    size_t used = table->capacity / GCC_BUCKET_SIZE;
    size_t places = ((size_t)size + GCC_BUCKET_SIZE - 1) / GCC_BUCKET_SIZE;
    struct gcc_bucket **buckets;

    if (places <= used)
        return;
    places += places / 8 > 16 ? places / 8 : 16;
    if ((buckets = malloc(places * sizeof *buckets)) == NULL) {
        behind->grow(table, size);
        return;
    }
    memcpy(buckets, table->buckets, used * sizeof *buckets);
    for (size_t i = used; i < places; i++)
        buckets[i] = table->empty;
    GCC_PUBLISH(table->buckets, buckets); /* before the capacity: a reader checks that first */
    GCC_PUBLISH(table->capacity, places * GCC_BUCKET_SIZE);
}

/* ---- Standing in front ---- */

const struct mn_guard_calls *
mn_guard_calls(const struct mn_guard_calls *runtimes_own)
{
    static const struct mn_guard_calls ours = {update_class, update_methods, grow};

    behind = runtimes_own;
    return &ours;
}

/* The method is of no class: whoever is asked finds nothing to write. */
bool
mn_guard_is_asked(void)
{
    struct gcc_method nobodys = {.name = mn_selector("self"), .types = "@16@0:8"};

    atomic_store(&asked, false);
    method_setImplementation((Method)&nobodys, (IMP)(void *)mn_runtime_lock);
    return atomic_load(&asked);
}
