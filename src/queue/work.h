/* SPDX-License-Identifier: MIT */
/* Blocks as work. */
#ifndef MN_QUEUE_WORK_H
#define MN_QUEUE_WORK_H

#include "runtime/blocks.h"

/* A copy for work to come, to be given to one of the two below it. Throws for what is no block. */
id mn_work_block(id block, const char *function);

/* Calls a block of type void (^)(void); mn_work_last also lets go of it, however it ends. */
void mn_work_call(void *block);
void mn_work_last(void *block);
void mn_work_drop(void *block);
#endif
