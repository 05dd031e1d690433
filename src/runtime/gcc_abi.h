/* SPDX-License-Identifier: MIT */
/*
 * How libobjc of GCC 4.6 and later lays out what we read and write: its module format ("ABI version 8") and
 * its dispatch tables. Private to gcc*.c. The facts come from the compiler's output, from reading libobjc's
 * source and from tests/unit/runtime/test_facts.m, which fails where they do not hold.
 *
 * A dispatch table is an array of pointers to buckets of 32 IMPs. A selector's id is its place: bucket number
 * in the low half of the word, element in the high half. A subclass's table starts as a copy of the bucket
 * pointers: a bucket is shared down the tree until a class needs one of its own. Which table owns a bucket
 * shows in a version number: a table's is one more than its superclass's, a bucket has that of its owner; so
 * a table may write a bucket in place when the numbers agree, and then every subclass that shares it sees the
 * change.
 *
 * Readers (objc_msg_lookup in any thread) take no lock: cls->dtable, its capacity, its buckets, the bucket,
 * the IMP. Writers hold __objc_runtime_mutex. Whatever a reader may stand on is never freed by us, and
 * everything new is complete before a release store makes it reachable.
 */
#ifndef MN_RUNTIME_GCC_ABI_H
#define MN_RUNTIME_GCC_ABI_H

#include "runtime/runtime.h"

#include <objc/message.h>
#include <objc/thr.h>
#include <stdint.h>

#define GCC_BUCKET_SIZE 32

enum {
    GCC_CLASS = 0x1,
    GCC_META = 0x2,
    GCC_INITIALISED = 0x4,     /* +initialize has begun; on the metaclass too */
    GCC_RESOLVED = 0x8,        /* super_class, subclasses and siblings are pointers, not names */
    GCC_IN_CONSTRUCTION = 0x10 /* not registered; clang leaves it set on every metaclass it compiles */
};

struct gcc_selector {
    uintptr_t id;      /* bucket | element << 32 */
    const char *types; /* NULL: untyped */
};

struct gcc_method {
    SEL name; /* a C string until the class is registered */
    const char *types;
    IMP imp;
};

struct gcc_method_list {
    struct gcc_method_list *next;
    int count;
    struct gcc_method methods[];
};

struct gcc_ivar {
    const char *name, *types;
    int offset;
};

struct gcc_ivar_list {
    int count;
    struct gcc_ivar ivars[];
};

struct gcc_protocol_list {
    struct gcc_protocol_list *next;
    size_t count;
    struct gcc_protocol *list[];
};

struct gcc_description_list {
    int count;
    struct objc_method_description list[];
};

struct gcc_protocol {
    Class isa; /* a small number until the runtime has initialised it; method names are C strings till then */
    const char *name;
    struct gcc_protocol_list *adopted;
    struct gcc_description_list *instance_methods, *class_methods;
};

union gcc_version {
    int number;
    void *next_free; /* makes it as wide as a pointer */
};

struct gcc_bucket {
    void *imps[GCC_BUCKET_SIZE];
    union gcc_version version;
};

struct gcc_table {
    struct gcc_bucket **buckets;
    struct gcc_bucket *empty; /* stands in every place nothing was ever put; its imps are NULL */
    union gcc_version version;
    short references; /* the class, and each table copied from this one */
    struct gcc_table *copy_of;
    size_t capacity; /* in IMPs */
};

struct gcc_class {
    Class isa;
    Class super; /* a C string while not GCC_RESOLVED */
    const char *name;
    long version;
    unsigned long info; /* the bits above; a class number in the upper half */
    long instance_size;
    struct gcc_ivar_list *ivars;
    struct gcc_method_list *methods; /* categories in front */
    struct gcc_table *table;         /* &__objc_uninstalled_dtable's value until the first message */
    Class subclasses, sibling;
    struct gcc_protocol_list *protocols;
    void *gc_type;
};

/* Exported by libobjc.so.4, declared in no header it installs. */
extern struct gcc_table *__objc_uninstalled_dtable;
extern objc_mutex_t __objc_runtime_mutex;
extern unsigned __objc_selector_max_index;
extern void __objc_update_dispatch_table_for_class(Class cls);
extern IMP __objc_get_forward_imp(id receiver, SEL sel);
extern SEL sel_get_any_uid(const char *name);

/* Reading and writing what other threads read or write without a lock. */
#define GCC_READ(place)           __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define GCC_PUBLISH(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)

static inline struct gcc_class *
gcc_class(Class cls)
{
    return (struct gcc_class *)cls;
}

static inline uintptr_t
gcc_sel_id(SEL sel)
{
    return ((const struct gcc_selector *)sel)->id;
}

static inline unsigned
gcc_sel_bucket(SEL sel)
{
    return (unsigned)(gcc_sel_id(sel) & 0xffffffff);
}

static inline unsigned
gcc_sel_element(SEL sel)
{
    return (unsigned)(gcc_sel_id(sel) >> 32);
}

static inline size_t
gcc_sel_index(SEL sel)
{
    return (size_t)gcc_sel_bucket(sel) * GCC_BUCKET_SIZE + gcc_sel_element(sel);
}

/* A registered selector; false for the C string that stands in a list not registered yet. */
static inline bool
gcc_sel_mapped(SEL sel)
{
    return sel != NULL && gcc_sel_element(sel) < GCC_BUCKET_SIZE && gcc_sel_index(sel) > 0 &&
           gcc_sel_index(sel) <= __objc_selector_max_index;
}

/* The record cls itself has for a selector: the first of its lists that has one wins. */
struct gcc_method *mn_gcc_own_record(Class cls, SEL sel);

/* The record instances of cls run, its owner in *owner. */
struct gcc_method *mn_gcc_find_record(Class cls, SEL sel, Class *owner);

/* Memory that becomes the runtime's: plain malloc, not counted as ours, but the failing allocator reaches it.
 */
void *mn_gcc_alloc(size_t size);

/*
 * Makes room for `more` new selectors in the table all uninitialised classes share, so that registering them
 * does not make the runtime reallocate it under readers. Holding the mutex. False: no memory, nothing
 * changed.
 */
bool mn_gcc_reserve_selectors(size_t more);

#endif
