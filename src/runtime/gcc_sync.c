/* SPDX-License-Identifier: MIT */
#include "runtime/sync.h"

#include <objc/objc-sync.h>

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
