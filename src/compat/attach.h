/* SPDX-License-Identifier: MIT */
/*
 * How a face gets into the program: methods in plain C put on a class of the program, as a category would,
 * and classes of the face's own.
 *
 * What is attached stays for the life of the process, as a loaded category does.
 */
#ifndef MN_COMPAT_ATTACH_H
#define MN_COMPAT_ATTACH_H

#include "runtime/runtime.h"

struct mn_face_method {
    bool class_side;
    const char *selector;
    const char *types;
    void *imp; /* the C function: receiver, selector, arguments */
};

/*
 * Puts all of the methods on a registered class, or none; class methods answer for metaclasses, too.
 * MEND_EXISTS when the class itself has one of them: the library that the face replaces is in the program
 * too.
 */
mend_status mn_face_extend(Class cls, const struct mn_face_method *methods, size_t count, mend_error *err);

/*
 * A class of ours, registered. Instances have `state` bytes, aligned as anything, behind what the superclass
 * has; mn_face_state finds them. A class of that name that is there already is an error.
 */
mend_status mn_face_class(const char *superclass, const char *name, size_t state,
                          const struct mn_face_method *methods, size_t count, Class *cls, mend_error *err);

/* -conformsToProtocol: of such a class that stands for a protocol of the program's, by name: classes of ours
 * are made before the program's protocols are known. */
bool mn_face_conforms(id self, SEL sel, Protocol *protocol, Class cls, const char *const *names);

/* How far into an instance of such a class its state begins. */
size_t mn_face_state(Class cls);
#endif
