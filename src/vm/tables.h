/* SPDX-License-Identifier: MIT */
/*
 * The tables of a program and what they mean in this process; for the files of vm/ alone.
 *
 * Left column: what the builder wrote and a compiled unit will hold. Right column: parallel arrays filled at
 * loading (selectors, types) or by the first instruction that needs an entry (classes, strings, instance
 * variables). An entry filled late is published by one atomic store and never changes again, so readers take
 * no lock.
 */
#ifndef MN_VM_TABLES_H
#define MN_VM_TABLES_H

#include "abi/signature.h"
#include "base/buffer.h"
#include "base/list.h"
#include "base/map.h"
#include "vm/program.h"

#include <objc/objc.h>
#include <objc/runtime.h>
#include <stdatomic.h>

/* An encoding as call sites use it. */
struct mn_typeref {
    const struct mn_signature
        *signature;             /* the encoding read as one: of a C function called, result and parameters */
    const struct mn_type *type; /* its result: the type meant everywhere else */
    uint8_t rep;                /* enum mn_rep */
    uint16_t slots;
};

/* ORG of another method than the one running: where its original is found. Set by patch/ before the first
 * call; when the patch is put in place again only `site` changes, and is read atomically. */
struct mn_binding_original {
    const char *class_name, *selector; /* one block, owned */
    bool class_method;
    const struct mn_site *site; /* hook/'s */
};

/*
 * A word of the data whose value depends on where things lie in this process, or that holds an object: set, and
 * released, by data.c.
 */
enum mn_data_kind {
    MN_DATA_TEXT,  /* the address of a C string: `target` is a text */
    MN_DATA_PLACE, /* the address of a byte of the data plus `addend` */
    MN_DATA_OBJECT, /* a reference the program keeps; nil at first */
    MN_DATA_WEAK    /* a struct mn_weak; empty at first */
};

struct mn_data_word {
    uint32_t at; /* byte offset in the data */
    uint8_t kind;
    uint32_t target;
    int64_t addend;
};

struct mn_program {
    atomic_uint references; /* of all who may run or read it: blocks too */
    atomic_uint uses;       /* of those who put it into effect: the unit and its hooks */
    atomic_bool stop;
    uint32_t name;            /* text */
    struct mn_buffer bytes;   /* the texts, each with a NUL behind it */
    struct mn_list texts;     /* struct mn_text */
    struct mn_list numbers;   /* uint64_t */
    struct mn_list selectors; /* uint32_t text */
    SEL *selector_live;
    struct mn_list classes; /* struct mn_code_class */
    _Atomic(Class) *class_live;
    struct mn_list strings; /* uint32_t text */
    _Atomic(id) *string_live;
    struct mn_list types; /* uint32_t text */
    struct mn_typeref *type_live;
    struct mn_list ivars;     /* struct mn_code_ivar */
    atomic_long *ivar_live;   /* offset + 1, or address of what added.c knows of it; 0: not yet */
    struct mn_list symbols;   /* struct mn_code_symbol */
    struct mn_list symbol_live; /* void *, parallel: given by who writes or reads the program */
    struct mn_list functions; /* struct mn_function */
    struct mn_list originals; /* struct mn_binding_original */
    struct mn_buffer image;    /* what the data is at first */
    struct mn_list data_words; /* struct mn_data_word */
    char *data;                /* variables that outlive calls */
};

/* Lent; index must be in range (the verifier saw to it). */
static inline const char *
mn_program_text(const struct mn_program *program, uint32_t index)
{
    return program->bytes.data + MN_LIST_AT(struct mn_text, &program->texts, index)->offset;
}

static inline uint32_t
mn_program_text_length(const struct mn_program *program, uint32_t index)
{
    return MN_LIST_AT(struct mn_text, &program->texts, index)->length;
}

/* An empty program with one reference, or NULL; and its end without one. */
struct mn_program *mn_program_new(void);
void mn_program_free(struct mn_program *program);

/*
 * Gives the tables their meaning and verifies everything (load.c). No host code. On failure the program can
 * only be freed.
 */
mend_status mn_program_load(struct mn_program *program, mend_error *err);

/* The data in memory, as the image and its words say (data.c); and the release of the objects in it. */
mend_status mn_data_load(struct mn_program *program, mend_error *err);
void mn_data_drop(struct mn_program *program); /* the objects alone, which may hold the program */
void mn_data_fini(struct mn_program *program);

/* Makes the code that is executed of a verified function (fuse.c). */
mend_status mn_fuse(struct mn_function *function, mend_error *err);

/* Late entries; slow way of the instructions LDCLASS, LDSTR, IVAR. Host code may run (NSString, +initialize).
 */
Class mn_program_class(struct mn_program *program, uint32_t index); /* Nil while not loaded */
id mn_program_string(struct mn_program *program, uint32_t index);
bool mn_program_ivar(struct mn_program *program, uint32_t index, long *offset);
#endif
