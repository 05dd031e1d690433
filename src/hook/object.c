/* SPDX-License-Identifier: MIT */
/*
 * Single objects as targets: which are refused, and which classes' methods they run.
 *
 * A hook of one object is a hook of its class with a filter, so nothing about the object changes. A class
 * that overrides -class stands in for the one above it (key-value observing and isa swizzles do that) and may
 * come and go while the object lives; so where such a class has a method of its own, the hook is placed there
 * and on the method it hides. A call that passes both runs it in the outer one (gate.c).
 */
#include "hook/stage.h"

#include "base/error.h"
#include "runtime/blocks.h"

#include <dlfcn.h>
#include <string.h>

/* Objects shared by everybody who asks for their value. */
static const char *const immortal_classes[] = {"NSNull", "NSConstantString", "NXConstantString"};

static bool
is_immortal(id object)
{
    Class cls = mn_object_class(object);

    for (size_t i = 0; i < sizeof immortal_classes / sizeof immortal_classes[0]; i++)
        if (strcmp(mn_class_name(cls), immortal_classes[i]) == 0)
            return true;
    return false;
}

/* It lies in a library or the program itself: the compiler made it. */
static bool
is_constant(id object)
{
    Dl_info info;

    return dladdr((const void *)object, &info) != 0;
}

static mend_status
refuse(id object, const char *selector, const char *why, const char *remedy, mend_error *err)
{
    mn_fail_method(err, MEND_REFUSED_OBJECT, mn_class_name(mn_object_class(object)), selector, "%s", why);
    if (remedy)
        mn_remedy(err, "%s", remedy);
    return MEND_REFUSED_OBJECT;
}

mend_status
mn_object_admit(id object, const char *selector, mend_error *err)
{
    if (mn_object_is_class(object))
        return refuse(object, selector, "the object is a class",
                      "name it as mend_target.cls and set class_side", err);
    if (mn_object_is_block(object))
        return refuse(object, selector, "the object is a block", "wrap the block in another", err);
    if (is_immortal(object))
        return refuse(object, selector, "the object is shared by all who use its value", NULL, err);
    if (is_constant(object))
        return refuse(object, selector, "the object is a constant of the program", NULL, err);
    return MEND_OK;
}

static bool
stands_in(Class cls)
{
    return mn_class_super(cls) != Nil && mn_method_own(cls, mn_selector_find("class"), NULL);
}

unsigned
mn_object_levels(id object, SEL sel, Class levels[MN_LEVELS])
{
    Class cls = mn_object_class(object);
    struct mn_method method;
    unsigned count = 0;

    for (; stands_in(cls); cls = mn_class_super(cls))
        if (count < MN_LEVELS - 1 && mn_method_own(cls, sel, NULL))
            levels[count++] = cls;
    if (mn_method_find(cls, sel, &method))
        levels[count++] = method.owner;
    return count;
}
