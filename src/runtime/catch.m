/* SPDX-License-Identifier: MIT */
/*
 * The one place where Mend catches Objective-C exceptions, and so the one file that needs an Objective-C
 * compiler.
 *
 * libobjc's personality routine matches no handler for exceptions of other languages nor during forced
 * unwinding (pthread_exit, cancellation), so `@catch (id)` lets both pass.
 */
#include "runtime/exception.h"

#include <objc/objc-exception.h>

bool
mn_try(void (*body)(void *data), void *data, id *exception)
{
    id caught;

    @try {
        body(data);
        return true;
    } @catch (id e) {
        caught = e;
    }
    if (exception != NULL)
        *exception = caught;
    return false;
}

void
mn_throw(id exception)
{
    objc_exception_throw(exception);
    __builtin_unreachable();
}
