/* SPDX-License-Identifier: MIT */
/*
 * From source text to something patch/ can put into effect: a unit.
 *
 * mn_lang_read() parses, checks against the classes registered in this process, and compiles. It runs no host
 * code: everything it asks the runtime goes through live.h, which walks method lists and resolves nothing. A
 * unit is a plan in plain data: which classes are created or patched, which methods each gets with which type
 * encoding, and one verified program that holds the code of all of them. Nothing in it has touched the
 * process yet.
 *
 * A unit is immutable once read and owns everything it points to. Any thread; one unit may be read by many.
 */
#ifndef MN_LANG_LANG_H
#define MN_LANG_LANG_H

#include <mend/diagnostic.h>
#include <mend/error.h>
#include <mend/source.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mn_program;

/* What installing a method does to the class as it was when the unit was read. */
enum mn_method_role {
    MN_METHOD_REPLACES,  /* the class has this method itself */
    MN_METHOD_OVERRIDES, /* it inherits the method */
    MN_METHOD_ADDS       /* nobody above it has the method */
};

struct mn_method_plan {
    const char *selector;
    const char *encoding; /* to install with: the existing method's, else built from the declared types */
    bool class_side;
    /*
     * -dealloc: the body has no call of the original or of super in it (the compiler left them out); whoever
     * installs it runs what stood below the method exactly once after the body, also when the body raised.
     */
    bool next_after;
    enum mn_method_role role;
    uint32_t function;     /* its code in the unit's program */
    unsigned line, column; /* of its head, for messages */
    /*
     * @If whose condition is no constant, undecided: the functions without arguments that decide whether the method is put in
     * place, of its class and its own, plus one; 0: none.
     */
    uint32_t conditions[2];
};

/* An instance variable of a class the unit creates, in order. The code finds it by name when it first runs.
 */
struct mn_ivar_plan {
    const char *name, *encoding;
    size_t size, align;
};

struct mn_class_plan {
    const char *name;
    const char *superclass; /* of a class to create; a class to create comes after its superclass */
    bool exists;            /* false: create it, with the instance variables below */
    const struct mn_ivar_plan *ivars;
    size_t ivar_count;
    const struct mn_method_plan *methods;
    size_t method_count;
    const char *const *protocols; /* to adopt; each is known to the runtime */
    size_t protocol_count;
    unsigned line, column;
    uint32_t condition; /* whether the class is created; as of methods */
};

/* A variable of the source, for a context: where it lies in the program's data. */
struct mn_export {
    const char *name, *encoding;
    uint32_t offset;
    bool strong;
};

struct mn_unit {
    const char *name; /* as mend_source.name */
    const struct mn_class_plan *classes;
    size_t class_count;
    struct mn_program *program; /* owned by the unit; run with vm/run.h */
    enum mend_policy policy;    /* of #pragma mend policy */
    unsigned policy_after;
    /* The statements outside classes: a function without arguments, run once after the methods are in place.
     */
    bool has_load;
    uint32_t load;
    const struct mn_export *exports; /* of a source that was read with a context */
    size_t export_count;
    struct mn_unit_memory *memory;
};

/*
 * Reads a source. Every finding of the one reading, warnings too, goes to `diagnose` (may be NULL) in the
 * order of the text before this returns.
 *
 * MEND_SYNTAX, MEND_CHECK or MEND_TOO_DEEP when the source is at fault (*err has the first error),
 * MEND_NOT_TEXT or MEND_TOO_LARGE for what is no source, MEND_NO_MEMORY; then *unit is NULL. The unit keeps
 * nothing of the source.
 *
 * An @If whose condition is no constant stays undecided in the unit: what it is about is checked as if it were there, and a
 * note says so.
 */
mend_status mn_lang_read(const mend_source *source, mend_diagnose diagnose, void *data, struct mn_unit **unit,
                         mend_error *err);

/* The same for a source that is going to be applied: conditions run. */
mend_status mn_lang_read_deciding(const mend_source *source, mend_diagnose diagnose, void *data, struct mn_unit **unit,
                                  mend_error *err);

/* An empty unit, for who fills it; texts it keeps go to *arena. NULL when memory has run out. */
struct mn_arena;
struct mn_unit *mn_unit_new(struct mn_arena **arena);

/* Frees a unit and gives back its reference of the program. Accepts NULL. */
void mn_unit_free(struct mn_unit *unit);
#endif
