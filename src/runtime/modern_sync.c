/* SPDX-License-Identifier: MIT */
#include "runtime/sync.h"

/* Exported for compilers; libobjc2 declares them in no header it installs. */
int objc_sync_enter(id object);
int objc_sync_exit(id object);

void
mn_sync_enter(id object)
{
    objc_sync_enter(object);
}

void
mn_sync_leave(id object)
{
    objc_sync_exit(object);
}
