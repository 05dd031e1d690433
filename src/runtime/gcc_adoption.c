/* SPDX-License-Identifier: MIT */
/*
 * Adopted protocols on GCC's runtime, read from the lists themselves: its own calls know only protocols that
 * were initialised, and allocate.
 *
 * Adoption cannot be circular in compiled code; a depth that no header reaches ends a damaged list.
 */
#include "runtime/adoption.h"

#include "runtime/gcc_abi.h"

enum { DEEPEST = 64 };

static bool
visit_lists(const struct gcc_protocol_list *list, int depth, bool (*visit)(void *data, const char *name),
            void *data)
{
    for (; list != NULL && depth < DEEPEST; list = list->next)
        for (size_t i = 0; i < list->count; i++) {
            const struct gcc_protocol *protocol = list->list[i];

            if (protocol == NULL)
                continue;
            if (!visit(data, protocol->name) || !visit_lists(protocol->adopted, depth + 1, visit, data))
                return false;
        }
    return true;
}

/* The class side has a list too, but compilers fill it or not; the class's own is what counts. */
bool
mn_class_each_adopted(Class cls, bool (*visit)(void *data, const char *name), void *data)
{
    if (mn_class_is_meta(cls))
        cls = mn_class_named(mn_class_name(cls));
    for (; cls != Nil; cls = mn_class_super(cls))
        if (!visit_lists(GCC_READ(gcc_class(cls)->protocols), 0, visit, data))
            return false;
    return true;
}
