/* SPDX-License-Identifier: MIT */
/* Methods on the program's classes go in by the one install primitive, all in one batch. */
#include "compat/attach.h"

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/create.h"
#include "runtime/install.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

static const char STATE[] = "mend_state";

/* Methods put on classes of the program: the runtime's lists refer to them for ever. */
struct attached {
    struct attached *next;
    struct mn_change changes[];
};

static struct attached *attached; /* under the runtime's mutex */

/*
 * The classes a method goes to. A class method goes to the metaclass, and to what answers for metaclasses
 * themselves, so that object_getClass(cls) takes the message too: with GCC's runtime that is the metaclass of
 * a root class of libobjc's own, not of the program's.
 */
static size_t
places(Class cls, const struct mn_face_method *method, Class out[2])
{
    out[0] = method->class_side ? mn_class_meta(cls) : cls;
    out[1] = mn_object_class((id)out[0]);
    return method->class_side && out[1] != out[0] ? 2 : 1;
}

static mend_status
add_change(struct mn_change *change, Class cls, const struct mn_face_method *method, mend_error *err)
{
    SEL sel = mn_selector(method->selector);

    if (mn_method_own(cls, sel, NULL))
        return mn_fail_method(err, MEND_EXISTS, mn_class_name(cls), method->selector,
                              "the library that has this method is linked beside Mend's own face of it");
    *change = (struct mn_change){.cls = cls, .sel = sel, .types = method->types, .imp = (IMP)method->imp};
    return MEND_OK;
}

static mend_status
install(struct mn_change *changes, struct mn_change **list, size_t count, mend_error *err)
{
    struct mn_install batch;
    mend_status st;

    for (size_t i = 0; i < count; i++)
        list[i] = &changes[i];
    if ((st = mn_install_prepare(&batch, list, count, err)) == MEND_OK)
        mn_install_commit(&batch);
    return st;
}

static mend_status
extend(struct attached *fresh, struct mn_change **list, Class cls, const struct mn_face_method *methods,
       size_t count, mend_error *err)
{
    size_t used = 0;
    mend_status st = MEND_OK;

    for (size_t i = 0; i < count && st == MEND_OK; i++) {
        Class classes[2];

        for (size_t k = places(cls, &methods[i], classes); k-- > 0 && st == MEND_OK; used++)
            st = add_change(&fresh->changes[used], classes[k], &methods[i], err);
    }
    return st == MEND_OK ? install(fresh->changes, list, used, err) : st;
}

static void
keep(struct attached *fresh)
{
    mn_runtime_lock();
    fresh->next = attached;
    attached = fresh;
    mn_runtime_unlock();
}

mend_status
mn_face_extend(Class cls, const struct mn_face_method *methods, size_t count, mend_error *err)
{
    struct attached *fresh = mn_calloc(1, sizeof *fresh + 2 * count * sizeof *fresh->changes);
    struct mn_change **list = mn_calloc(2 * count, sizeof *list);
    mend_status st = fresh && list ? extend(fresh, list, cls, methods, count, err) : mn_fail_memory(err);

    if (st == MEND_OK)
        keep(fresh);
    else
        mn_free(fresh);
    mn_free(list);
    return st;
}

static mend_status
fill(Class cls, size_t state, const struct mn_face_method *methods, size_t count, mend_error *err)
{
    mend_status st = MEND_OK;

    if (state > 0)
        st = mn_class_add_ivar(cls, STATE, state, alignof(max_align_t), "^v", err);
    for (size_t i = 0; i < count && st == MEND_OK; i++)
        st =
            mn_class_add_method(methods[i].class_side ? mn_class_meta(cls) : cls,
                                mn_selector(methods[i].selector), (IMP)methods[i].imp, methods[i].types, err);
    return st == MEND_OK ? mn_class_register(cls, err) : st;
}

mend_status
mn_face_class(const char *superclass, const char *name, size_t state, const struct mn_face_method *methods,
              size_t count, Class *out, mend_error *err)
{
    Class above = mn_class_named(superclass), cls = Nil;
    mend_status st;

    *out = Nil;
    if (above == Nil)
        return mn_fail_method(err, MEND_NO_CLASS, superclass, NULL,
                              "the face needs Foundation, which is not loaded");
    if ((st = mn_class_new(above, name, &cls, err)) != MEND_OK)
        return st;
    if ((st = fill(cls, state, methods, count, err)) != MEND_OK) {
        mn_class_free(cls);
        return st;
    }
    *out = cls;
    return MEND_OK;
}

bool
mn_face_conforms(id self, SEL sel, Protocol *protocol, Class cls, const char *const *names)
{
    const char *name = protocol_getName(protocol);

    for (; name && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return ((BOOL(*)(id, SEL, Protocol *))(void *)mn_lookup_super(self, mn_class_super(cls), sel))(self, sel,
                                                                                                   protocol);
}

size_t
mn_face_state(Class cls)
{
    struct mn_ivar ivar;

    return mn_ivar_own(cls, STATE, &ivar) ? (size_t)ivar.offset : 0;
}
