/* SPDX-License-Identifier: MIT */
/* Exceptions for calls that cannot be right. */
#ifndef MN_QUEUE_RAISE_H
#define MN_QUEUE_RAISE_H

#include "queue/object.h"

#include <mend/error.h>

/* Throws an NSException of that name with what `err` says. */
void mn_dispatch_raise(const char *name, const mend_error *err) __attribute__((noreturn));

/* Throws unless st is MEND_OK. */
void mn_dispatch_demand(mend_status st, const mend_error *err);

/* What the object holds; throws for any other object, naming the function called. */
void *mn_dispatch_need(id object, enum mn_dispatch_kind kind, const char *function);
#endif
