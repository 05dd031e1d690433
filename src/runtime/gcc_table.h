/* SPDX-License-Identifier: MIT */
/*
 * Writing one selector's place in the dispatch tables of a class and of the subclasses that inherit from it.
 *
 * Private to gcc*.c; everything here is called with the mutex held. The order is always the same: first
 * whatever cannot be seen (a larger table with the same content, a bucket of one's own with the same
 * content), then the one visible store of the IMP. Nothing readers may hold is freed, and little is left
 * over: a table is replaced only to grow, by steps of an eighth, a bucket never.
 */
#ifndef MN_RUNTIME_GCC_TABLE_H
#define MN_RUNTIME_GCC_TABLE_H

#include "runtime/gcc_abi.h"

/* Buckets set aside for a write that may not fail, linked through their first word. */
struct gcc_spares {
    struct gcc_bucket *first;
    size_t count;
};

/* Adds buckets until there are `count`. False: no memory; those got so far stay in *spares. */
bool mn_gcc_spares_fill(struct gcc_spares *spares, size_t count);
void mn_gcc_spares_free(struct gcc_spares *spares);

/*
 * Makes the tables of cls, and of all below it that inherit sel from it, large enough to hold sel. Nothing
 * that can be seen changes. False: no memory (tables already grown stay so).
 */
bool mn_gcc_table_grow(Class cls, SEL sel);

/* How many buckets mn_gcc_table_write(cls, sel, ...) may need; never too few, whatever is written before it.
 */
size_t mn_gcc_table_need(Class cls, SEL sel);

/* Makes imp (NULL: nothing) what cls and all that inherit sel from it run. */
void mn_gcc_table_write(Class cls, SEL sel, IMP imp, struct gcc_spares *spares);

/*
 * After a write that gave cls back what it inherits: if cls has no method of its own in that bucket, it
 * shares the superclass's bucket again, as in a table the runtime builds; so a later change the host makes to
 * any of the superclass's methods reaches cls. The bucket let go comes back (readers may still stand on it:
 * reuse it for the same class and place only, through mn_gcc_table_lend), or NULL.
 */
struct gcc_bucket *mn_gcc_table_share(Class cls, SEL sel);

/* Lets the next write to cls use that bucket again instead of a spare (NULL is fine), and takes it back if
 * the write had no use for it. */
void mn_gcc_table_lend(Class cls, SEL sel, struct gcc_bucket *bucket);
struct gcc_bucket *mn_gcc_table_lend_back(void);

#endif
