/* SPDX-License-Identifier: MIT */
/* JSContext and JSValue where the system has none, over the values of scripts (patch/host.h). */
#ifndef MN_COMPAT_JSVALUE_H
#define MN_COMPAT_JSVALUE_H

#include "patch/host.h"

/* Makes both classes, unless the program has them. No engine is loaded. */
void mn_jsvalue_register(void);

/* The engine, started; NULL when it cannot be: it said so. */
const struct mn_script_face *mn_jsvalue_engine(void);

/* The one JSContext, and a JSValue of a value it takes over: autoreleased. nil for NULL. */
id mn_jsvalue_context(void);
id mn_jsvalue_make(mn_script_value value);

/* What an object stands for; the caller lets go of it. */
mn_script_value mn_jsvalue_of(id object);
#endif
