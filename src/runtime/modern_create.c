/* SPDX-License-Identifier: MIT */
/*
 * Making classes on libobjc2 and Apple's runtime. Checks come first, because their own calls answer only yes or no.
 */
#include "runtime/create.h"
#include "runtime/modern.h"

#include "base/error.h"

static mend_status
fail(mend_error *err, mend_status status, Class cls, const char *sel, const char *why)
{
    return mn_fail_method(err, status, mn_class_name(cls), sel, "%s", why);
}

static bool
in_construction(Class cls)
{
    return cls != Nil && !mn_class_registered(cls);
}

/* Where the class of that name, registered, is another, cls was built while that one came. */
static bool
is_free(const char *name)
{
    return mn_class_named(name) == Nil;
}

mend_status
mn_class_new(Class superclass, const char *name, Class *cls, mend_error *err)
{
    *cls = Nil;
    if (name == NULL || name[0] == '\0')
        return mn_fail(err, MEND_INVALID, "a class needs a name");
    if (superclass != Nil && !mn_class_registered(superclass))
        return fail(err, MEND_INVALID, superclass, NULL,
                    "a class under construction cannot be a superclass yet");
    if (!is_free(name))
        return mn_fail_method(err, MEND_EXISTS, name, NULL, "a class of that name exists");
    *cls = objc_allocateClassPair(superclass, name, 0);
    if (*cls == Nil)
        return mn_fail_method(err, MEND_EXISTS, name, NULL, "the runtime refused the class");
    return MEND_OK;
}

static unsigned char
log2_of(size_t alignment)
{
    unsigned char log = 0;

    while (((size_t)1 << log) < alignment)
        log++;
    return log;
}

mend_status
mn_class_add_ivar(Class cls, const char *name, size_t size, size_t alignment, const char *types,
                  mend_error *err)
{
    if (!in_construction(cls))
        return fail(err, MEND_INVALID, cls, NULL,
                    "variables can be added only while the class is being built");
    if (name == NULL || name[0] == '\0' || size == 0 || types == NULL)
        return fail(err, MEND_INVALID, cls, NULL, "a variable needs a name, a size and an encoding");
    if (alignment == 0 || (alignment & (alignment - 1)) != 0)
        return fail(err, MEND_INVALID, cls, NULL, "an alignment is a power of two");
    if (mn_ivar_find(cls, name, NULL) || !class_addIvar(cls, name, size, log2_of(alignment), types))
        return mn_fail_method(err, MEND_EXISTS, mn_class_name(cls), NULL,
                              "the class or a superclass has a variable '%s'", name);
    return MEND_OK;
}

mend_status
mn_class_add_method(Class cls, SEL sel, IMP imp, const char *types, mend_error *err)
{
    const char *name = mn_selector_name(sel);

    if (!in_construction(cls))
        return fail(err, MEND_INVALID, cls, name, "the class is registered: install the method instead");
    if (name == NULL || imp == NULL || types == NULL || types[0] == '\0')
        return fail(err, MEND_INVALID, cls, name,
                    "a method needs a selector, an implementation and an encoding");
    if (!class_addMethod(cls, sel, imp, types))
        return fail(err, MEND_EXISTS, cls, name, "the class has that method already");
    return MEND_OK;
}

mend_status
mn_class_add_protocol(Class cls, Protocol *protocol, mend_error *err)
{
    if (!in_construction(cls) || protocol == NULL)
        return fail(err, MEND_INVALID, cls, NULL,
                    "protocols can be added only while the class is being built");
    if (!class_addProtocol(cls, protocol))
        return fail(err, MEND_EXISTS, cls, NULL, "the class adopts that protocol already");
    return MEND_OK;
}

mend_status
mn_class_register(Class cls, mend_error *err)
{
    mend_status st = MEND_OK;

    if (!in_construction(cls))
        return fail(err, MEND_INVALID, cls, NULL, "the class is registered already");
    mn_runtime_lock();
    if (!is_free(class_getName(cls)))
        st = fail(err, MEND_EXISTS, cls, NULL, "a class of that name was registered meanwhile");
    else
        objc_registerClassPair(cls);
    mn_runtime_unlock();
    return st;
}

void
mn_class_free(Class cls)
{
    if (in_construction(cls))
        objc_disposeClassPair(cls);
}
