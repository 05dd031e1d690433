/* SPDX-License-Identifier: MIT */
/* Messages that this folder sends to Foundation. They run host code and may let an exception pass. */
#ifndef MN_JS_MESSAGE_H
#define MN_JS_MESSAGE_H

#include "js/host.h"

#define MN_JS_SEL(name)                                                                                      \
    ({                                                                                                       \
        static SEL known_;                                                                                   \
        SEL sel_ = __atomic_load_n(&known_, __ATOMIC_RELAXED);                                               \
        if (sel_ == NULL)                                                                                    \
            __atomic_store_n(&known_, sel_ = mn_selector(name), __ATOMIC_RELAXED);                           \
        sel_;                                                                                                \
    })

/* MN_JS_SEND(result type, receiver, "selector:", (parameter types), arguments...): the types without self and _cmd,
 * with a comma in front. */
#define MN_JS_SEND0(result, receiver, name)                                                                  \
    ({                                                                                                       \
        id to_ = (id)(receiver);                                                                             \
        SEL cmd_ = MN_JS_SEL(name);                                                                          \
        ((result(*)(id, SEL))(void *)mn_lookup(to_, cmd_))(to_, cmd_);                                       \
    })
#define MN_JS_SEND1(result, receiver, name, T1, a1)                                                          \
    ({                                                                                                       \
        id to_ = (id)(receiver);                                                                             \
        SEL cmd_ = MN_JS_SEL(name);                                                                          \
        ((result(*)(id, SEL, T1))(void *)mn_lookup(to_, cmd_))(to_, cmd_, a1);                               \
    })
#define MN_JS_SEND2(result, receiver, name, T1, a1, T2, a2)                                                  \
    ({                                                                                                       \
        id to_ = (id)(receiver);                                                                             \
        SEL cmd_ = MN_JS_SEL(name);                                                                          \
        ((result(*)(id, SEL, T1, T2))(void *)mn_lookup(to_, cmd_))(to_, cmd_, a1, a2);                       \
    })
#define MN_JS_SEND3(result, receiver, name, T1, a1, T2, a2, T3, a3)                                          \
    ({                                                                                                       \
        id to_ = (id)(receiver);                                                                             \
        SEL cmd_ = MN_JS_SEL(name);                                                                          \
        ((result(*)(id, SEL, T1, T2, T3))(void *)mn_lookup(to_, cmd_))(to_, cmd_, a1, a2, a3);               \
    })

static inline bool
mn_js_is_kind(id object, Class cls)
{
    return object != nil && cls != Nil && mn_class_inherits(mn_object_class(object), cls);
}

/* The object answers to it by its class's tables; sends nothing. */
static inline bool
mn_js_has_method(id object, SEL sel)
{
    return mn_method_find(mn_object_class(object), sel, NULL);
}
#endif
