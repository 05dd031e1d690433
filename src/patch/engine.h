/* SPDX-License-Identifier: MIT */
/*
 * What a language must answer so that its patches can be put into effect: the VM's (source.c) and JavaScript's.
 *
 * A body is one patch as its language holds it: read, checked and compiled, with nothing in the process touched yet.
 * It ends when its last holder lets go: the registry, or an apply under way. The hooks of a patch outlive their body
 * as long as calls are inside; they hold their method's `data` by the engine's own hold and drop.
 */
#ifndef MN_PATCH_ENGINE_H
#define MN_PATCH_ENGINE_H

#include "hook/batch.h"

#include <mend/patch.h>
#include <stdbool.h>
#include <stddef.h>

/* A method to put in place. All texts are lent by the body. */
struct mn_planned_method {
    struct mn_body *body; /* the body this is part of */
    const char *selector, *encoding;
    bool class_side;
    bool next_after; /* what stood below runs once after the body, on every way out of it (dealloc) */
    mend_advice advice;
    void *data; /* for the advice; valid while held */
    unsigned line, column;
};

/* An instance variable of a class to create; size and alignment in bytes. */
struct mn_planned_ivar {
    const char *name, *encoding;
    size_t size, align;
};

/* A class to change, or to create; a class to create comes after its superclass. */
struct mn_planned_class {
    const char *name, *superclass;
    bool exists;
    const struct mn_planned_ivar *ivars;
    size_t ivar_count;
    const struct mn_planned_method *methods;
    size_t method_count;
    const char *const *protocols; /* adopted by a class that is created */
    size_t protocol_count;
    unsigned line, column;
};

struct mn_engine {
    /* Whether this engine reads such a source; the first that says yes gets it. */
    bool (*reads)(const mend_source *source);

    /*
     * Reads, checks against the program, compiles; runs no code of the program, but for what the text itself makes a condition
     * of its parts (@If) when `applies`: those run first, on this thread. The body has one holder.
     */
    mend_status (*open)(const mend_source *source, bool applies, mend_diagnose diagnose, void *data, struct mn_body **body,
                        mend_error *err);

    /*
     * Tells a body where a staged method's original is, before anything calls it: for the names that mean the
     * original. Copies what it keeps.
     */
    mend_status (*bind)(struct mn_body *body, const char *class_name, const struct mn_planned_method *method,
                        const struct mn_site *site, mend_error *err);

    /* Runs what stands outside classes, once, after the methods went live. Runs code of the program: no locks. */
    mend_status (*load)(struct mn_body *body, mend_error *err);

    /*
     * Takes out of force what load itself put in place, beside the planned methods; once, and before close. NULL:
     * this engine's load never does. May send messages: called without locks.
     */
    mend_status (*unload)(struct mn_body *body, mend_error *err);

    /* Keep a method's data, and let it go. hold cannot fail; drop may send messages, so it is called without locks. */
    void (*hold)(void *data);
    void (*drop)(void *data);

    /* The last holder is gone. May send messages: called without locks. */
    void (*close)(struct mn_body *body);
};

/* What every body begins with; an engine's own struct has it as its first member. */
struct mn_body {
    const struct mn_engine *engine;
    const char *file;    /* what messages call the source */
    enum mend_policy policy; /* of its methods; DEFAULT is what PROPAGATE is, in the source engine */
    unsigned after;          /* the failure from which on it holds */
    unsigned failures;       /* atomic, by guard.c */
    unsigned references; /* atomic, by body.c */
    const struct mn_planned_class *classes;
    size_t class_count;
    unsigned loaded_methods, loaded_classes; /* put in place by load: scripts define their methods as they run */
};

extern const struct mn_engine mn_source_engine;

/* Reads a source with the engine that takes it. MEND_INVALID when none does. */
mend_status mn_body_open(const mend_source *source, bool applies, mend_diagnose diagnose, void *data, struct mn_body **body,
                         mend_error *err);
struct mn_body *mn_body_retain(struct mn_body *body);
void mn_body_release(struct mn_body *body); /* accepts NULL */
#endif
