/* SPDX-License-Identifier: MIT */
/*
 * What hooks promise, written down a second time in plain C: three classes in a line, two methods, single
 * objects, observers, foreign swizzles. It knows no runtime and no Mend, and shares no code with either.
 *
 *     A  -walk   -setN:
 *     B             inherits both
 *     C  -walk (calls super), inherits -setN:
 *
 * A method's record is a pile of layers: the method itself, functions a foreigner put over what he found, and
 * ours. A call goes through the pile from the top. What it leaves behind is a text, one letter an event.
 */
#ifndef MN_TESTS_HOOK_REFERENCE_H
#define MN_TESTS_HOOK_REFERENCE_H

#include <stdbool.h>

enum { REF_CLASSES = 3, REF_METHODS = 2, REF_OBJECTS = 6, REF_HOOKS = 14, REF_FOREIGNERS = 4 };
enum ref_method { REF_WALK, REF_SET };
enum ref_position { REF_BEFORE, REF_INSTEAD, REF_AFTER };
enum ref_kind { REF_PLAIN, REF_SKIPPING, REF_WRAPPING, REF_HIDING, REF_TWICE };
enum ref_state { REF_IN_FORCE, REF_DISABLED, REF_FOREIGN };

struct ref_layer;

struct ref_hook {
    bool used;
    int cls; /* whose record it stands on */
    enum ref_method method;
    int object; /* -1: all */
    bool outer; /* the object was observed: it also stands on the class that observing gave it */
    enum ref_position position;
    enum ref_kind kind;
    int priority, order;
    bool disabled, once, spent;
    char letters[2];
    struct ref_layer *layer;
};

struct ref_object {
    bool alive, observed;
    int cls;
};

extern struct ref_hook ref_hooks[REF_HOOKS];
extern struct ref_object ref_objects[REF_OBJECTS];

void ref_init(void);

/* Fills in class (for an object hook), layer and order of a hook that says the rest, and puts it in force. */
void ref_add(struct ref_hook *hook);

/* What removing says: true, the method cannot be given back now. */
bool ref_remove(struct ref_hook *hook);

/* Over whoever replaced its method since; false: it is gone. */
void ref_reapply(struct ref_hook *hook);
enum ref_state ref_state_of(const struct ref_hook *hook);

void ref_die(int object);

/* The class that has a record of the method, nearest above. */
int ref_owner(int cls, enum ref_method method);

/* A foreigner exchanges the function in the record of that class, which must have one; and puts back what he
 * found, which he may do only while no other foreigner is above him in that pile. */
void ref_swizzle(int foreigner, int cls, enum ref_method method);
bool ref_may_unswizzle(int foreigner);
void ref_unswizzle(int foreigner);
bool ref_has_record(int cls, enum ref_method method);

/* What a call of an object leaves behind, and makes happen: hooks that run once are gone. Lent. */
const char *ref_call(int object, enum ref_method method);

/* Forgets layers nobody can reach. All hooks must be gone. */
void ref_sweep(void);
#endif
