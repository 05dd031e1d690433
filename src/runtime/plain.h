/* SPDX-License-Identifier: MIT */
/*
 * Messages without arguments, and IMPs of such methods called directly. Private to this folder.
 *
 * They run the host's code: no lock of ours may be held.
 */
#ifndef MN_RUNTIME_PLAIN_H
#define MN_RUNTIME_PLAIN_H

#include "runtime/runtime.h"

/* Through void *, because IMP returns an object and compilers warn of every other cast. */
static inline void
mn_run_void(IMP imp, id object, SEL sel)
{
    ((void (*)(id, SEL))(void *)imp)(object, sel);
}

static inline id
mn_send(id object, SEL sel)
{
    return ((id(*)(id, SEL))(void *)mn_lookup(object, sel))(object, sel);
}

static inline void
mn_send_void(id object, SEL sel)
{
    mn_run_void(mn_lookup(object, sel), object, sel);
}

/* The selector of that name, registered (which takes the runtime's mutex) once for each place of use. */
#define MN_SELECTOR(name)                                                                                    \
    ({                                                                                                       \
        static SEL known;                                                                                    \
        SEL sel_ = __atomic_load_n(&known, __ATOMIC_RELAXED);                                                \
        if (sel_ == NULL)                                                                                    \
            __atomic_store_n(&known, sel_ = mn_selector(name), __ATOMIC_RELAXED);                            \
        sel_;                                                                                                \
    })

#endif
