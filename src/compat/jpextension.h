/* SPDX-License-Identifier: MIT */
/* JPExtension, and the names of the built-in extensions as classes below it. */
#ifndef MN_COMPAT_JPEXTENSION_H
#define MN_COMPAT_JPEXTENSION_H

#include "runtime/runtime.h"

/* Makes the classes, after JSValue's. */
void mn_jpextension_register(void);

/* Remembers a registered struct for +registeredStruct. */
void mn_jpextension_struct(id definition);
#endif
