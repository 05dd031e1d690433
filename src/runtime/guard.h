/* SPDX-License-Identifier: MIT */
/*
 * Changes a host makes to live classes, made as safely as our own.
 *
 * The runtime's class_addMethod, method_setImplementation and their kin, and its loading of categories, end
 * in three functions that write dispatch tables: they free tables under their readers, miss subclasses, and
 * write a table that unrelated classes share. Who can stand in front of these three (the preloaded library
 * can) calls ours instead. Which records change, and when, stays as the runtime has it; the tables then agree
 * with the records for the class and for all that inherit, and nothing is freed that a reader may stand on.
 *
 * No Objective-C here: the preloaded library includes this file and links nothing.
 */
#ifndef MN_RUNTIME_GUARD_H
#define MN_RUNTIME_GUARD_H

#include <stdbool.h>

/* Class, struct objc_method and struct sarray. */
struct mn_guard_calls {
    void (*update_class)(void *cls);                /* __objc_update_dispatch_table_for_class */
    void (*update_methods)(void *one, void *other); /* __objc_update_classes_with_methods */
    void (*grow)(void *table, int size);            /* sarray_realloc */
};

/* Ours, to be called in place of `behind`, the runtime's own, which stays: for classes whose +initialize
 * runs, and where memory has run out. */
const struct mn_guard_calls *mn_guard_calls(const struct mn_guard_calls *behind);

/* Has the runtime change a method that is of no class, and sees whether ours was asked. */
bool mn_guard_is_asked(void);

#endif
