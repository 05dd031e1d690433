/* SPDX-License-Identifier: MIT */
/*
 * What a send runs on GCC's runtime: the dispatch table read in place, the runtime itself asked on a miss.
 *
 * The reads are those of objc_msg_lookup, in its order, without the calls through two procedure linkage
 * tables. The uninstalled table of a class not messaged yet holds no IMP, so it misses like an unknown
 * selector does.
 */
#include "runtime/gcc_abi.h"

static inline IMP
installed(Class cls, SEL sel)
{
    const struct gcc_table *table = GCC_READ(gcc_class(cls)->table);
    const struct gcc_bucket *bucket;

    if (gcc_sel_index(sel) >= GCC_READ(table->capacity))
        return NULL;
    bucket = GCC_READ(GCC_READ(table->buckets)[gcc_sel_bucket(sel)]);
    return (IMP)GCC_READ(bucket->imps[gcc_sel_element(sel)]);
}

IMP
mn_lookup(id receiver, SEL sel)
{
    IMP imp;

    if (receiver == nil)
        return objc_msg_lookup(nil, sel);
    imp = installed(__atomic_load_n(&receiver->class_pointer, __ATOMIC_RELAXED), sel);
    return imp != NULL ? imp : objc_msg_lookup(receiver, sel);
}

IMP
mn_lookup_super(id receiver, Class superclass, SEL sel)
{
    struct objc_super super = {.self = receiver, .super_class = superclass};
    IMP imp = NULL;

    if (receiver != nil) {
        if (superclass == Nil)
            return __objc_get_forward_imp(receiver, sel); /* above a root class there is nothing */
        imp = installed(superclass, sel);
    }
    return imp != NULL ? imp : objc_msg_lookup_super(&super, sel);
}

IMP
mn_lookup_installed(Class cls, SEL sel)
{
    const struct gcc_table *table;

    if (cls == Nil || !gcc_sel_mapped(sel))
        return NULL;
    table = GCC_READ(gcc_class(cls)->table);
    if (table == NULL || table == __objc_uninstalled_dtable)
        return NULL;
    return installed(cls, sel);
}
