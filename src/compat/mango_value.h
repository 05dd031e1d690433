/* SPDX-License-Identifier: MIT */
/* MFValue: a dynamic value (lang/builtin/dynamic.h) as an object of the program's. */
#ifndef MN_COMPAT_MANGO_VALUE_H
#define MN_COMPAT_MANGO_VALUE_H

#include <mend/error.h>
#include <objc/objc.h>

/* Makes the class, once. */
mend_status mn_mango_value_class(mend_error *err);

/* An MFValue of a dynamic value, autoreleased. */
id mn_mango_value(id dynamic);

/* What an object is as a dynamic value: an MFValue's own, else the object. */
id mn_mango_dynamic(id object);
#endif
