/* SPDX-License-Identifier: MIT */
/*
 * The types the checker reasons with: C's, and Objective-C's objects with the class their text names.
 *
 * An encoding (abi/encoding.h) says how a value travels; it forgets what the checker needs: that `BOOL` is
 * not `unsigned char`, which class an object pointer names, which field of a structure is called what. So the
 * checker has types of its own, and the two meet in two functions only, mn_ctype_read() and
 * mn_ctype_encode().
 *
 * Types are immutable once complete. Basic ones are static; the rest live in the arena of the unit being read
 * and are not unique: compare with mn_ctype_same(). Sizes are those of the LP64 platforms Mend runs on.
 */
#ifndef MN_LANG_TYPES_H
#define MN_LANG_TYPES_H

#include "base/arena.h"
#include "base/buffer.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Integers stand in the order of their rank, signed before unsigned: conversions compare these numbers. */
enum mn_ckind {
    MN_C_ERROR, /* of an expression already reported; compatible with everything */
    MN_C_VOID,
    MN_C_BOOL, /* BOOL and bool: one byte, 0 or 1, anything else converts by != 0 */
    MN_C_CHAR,
    MN_C_UCHAR,
    MN_C_SHORT,
    MN_C_USHORT,
    MN_C_INT,
    MN_C_UINT,
    MN_C_LONG,
    MN_C_ULONG,
    MN_C_FLOAT,
    MN_C_DOUBLE,
    MN_C_LDOUBLE,
    MN_C_OBJECT, /* id, or a pointer to the class `name` */
    MN_C_CLASS,  /* Class; `name` when it is known whose */
    MN_C_BLOCK,
    MN_C_SEL,
    MN_C_POINTER,
    MN_C_FUNCTION,
    MN_C_ARRAY,
    MN_C_STRUCT,
    MN_C_UNION
};

struct mn_cfield {
    const char *name; /* NULL when only an encoding described it */
    const struct mn_ctype *type;
    size_t offset; /* a bit-field: of the byte its first bit lies in */
    bool is_bits;
    uint8_t width, bit; /* of a bit-field: how many bits, the first within that byte */
};

/*
 * A bit-field as it is read and written: `width` bits from `bit` on in a little-endian integer of `unit` bytes.
 * Unit 0: no integer inside the aggregate covers them, and they go byte by byte.
 */
struct mn_bits {
    uint8_t unit, bit, width; /* width 0: no bit-field */
    bool is_signed;
};

struct mn_ctype {
    enum mn_ckind kind;
    char code;       /* of the encoding, for scalars */
    bool variadic;   /* function */
    bool constant;   /* declared const */
    bool incomplete; /* a tag without its fields */
    bool dynamic;    /* object: of any kind, which only the run knows (check_dynamic.c) */
    uint8_t pack;    /* #pragma pack: the most a field is aligned; 0: naturally */
    size_t size, align;
    const char *name;             /* class, tag, or the spelling of a basic type */
    const struct mn_ctype *inner; /* pointee, element, result of a function */
    struct mn_cfield *fields;     /* fields; parameters of a function */
    size_t count;                 /* of them; elements of an array */
};

/* Basic types: one static object a kind, `BOOL` (not `bool`) for MN_C_BOOL, signed char for MN_C_CHAR, id for MN_C_OBJECT, void * for
 * POINTER. */
const struct mn_ctype *mn_ctype_basic(enum mn_ckind kind);
extern const struct mn_ctype mn_ctype_c_bool;  /* bool, _Bool: encoded B */
extern const struct mn_ctype mn_ctype_char;    /* plain char: of kind CHAR, or UCHAR where it has no sign */
extern const struct mn_ctype mn_ctype_cstring; /* char * */
extern const struct mn_ctype mn_ctype_dynamic; /* any value, with its kind */

/* Made types; NULL when memory has run out (the arena remembers it). Texts must live as long as the arena. */
const struct mn_ctype *mn_ctype_object(struct mn_arena *arena, const char *class_name);
const struct mn_ctype *mn_ctype_class_of(struct mn_arena *arena, const char *class_name);
const struct mn_ctype *mn_ctype_pointer(struct mn_arena *arena, const struct mn_ctype *inner);
const struct mn_ctype *mn_ctype_array(struct mn_arena *arena, const struct mn_ctype *element, size_t count);
const struct mn_ctype *mn_ctype_const(struct mn_arena *arena, const struct mn_ctype *type);
const struct mn_ctype *mn_ctype_function(struct mn_arena *arena, const struct mn_ctype *result,
                                         const struct mn_ctype *const *params, size_t count, bool variadic);

/* A structure or union without fields yet, and its completion: `fields` are copied and laid out by C's rules.
 */
struct mn_ctype *mn_ctype_tagged(struct mn_arena *arena, enum mn_ckind kind, const char *tag);
bool mn_ctype_complete(struct mn_arena *arena, struct mn_ctype *type, const struct mn_cfield *fields,
                       size_t count);

/* Questions. */
static inline bool
mn_ctype_is_integer(const struct mn_ctype *type)
{
    return type->kind >= MN_C_BOOL && type->kind <= MN_C_ULONG;
}

static inline bool
mn_ctype_is_floating(const struct mn_ctype *type)
{
    return type->kind >= MN_C_FLOAT && type->kind <= MN_C_LDOUBLE;
}

static inline bool
mn_ctype_is_number(const struct mn_ctype *type)
{
    return type->kind >= MN_C_BOOL && type->kind <= MN_C_LDOUBLE;
}

/* What can receive a message and is counted: objects, classes, blocks. */
static inline bool
mn_ctype_is_object(const struct mn_ctype *type)
{
    return type->kind >= MN_C_OBJECT && type->kind <= MN_C_BLOCK;
}

static inline bool
mn_ctype_is_aggregate(const struct mn_ctype *type)
{
    return type->kind == MN_C_STRUCT || type->kind == MN_C_UNION;
}

/* Anything with an address inside: objects, selectors, pointers, arrays and functions once decayed. */
static inline bool
mn_ctype_is_address(const struct mn_ctype *type)
{
    return type->kind >= MN_C_OBJECT && type->kind <= MN_C_ARRAY;
}

/* Has a truth value: numbers and addresses. */
static inline bool
mn_ctype_is_scalar(const struct mn_ctype *type)
{
    return mn_ctype_is_number(type) || mn_ctype_is_address(type);
}

/* Whether strong variables of this type retain: objects and blocks; classes are immortal. */
static inline bool
mn_ctype_is_counted(const struct mn_ctype *type)
{
    return type->kind == MN_C_OBJECT || type->kind == MN_C_BLOCK;
}

bool mn_ctype_is_unsigned(const struct mn_ctype *type);

/* The same values travelling the same way, whatever classes and pointees are called. */
bool mn_ctype_same(const struct mn_ctype *a, const struct mn_ctype *b);

/* C's conversions: a narrow integer to int; two numbers to the type their operator works in. */
const struct mn_ctype *mn_ctype_promote(const struct mn_ctype *type);
const struct mn_ctype *mn_ctype_usual(const struct mn_ctype *a, const struct mn_ctype *b);

/* Arrays and functions as values: the pointer they become. */
const struct mn_ctype *mn_ctype_decay(struct mn_arena *arena, const struct mn_ctype *type);

/* A field by name, also inside an unnamed member (*offset is from the outermost); NULL when there is none. */
const struct mn_cfield *mn_ctype_field(const struct mn_ctype *type, const char *name, size_t *offset);

/* How a bit-field `offset` bytes into an aggregate of `size` bytes is reached; *offset becomes that of the unit. */
struct mn_bits mn_ctype_bits(const struct mn_cfield *field, size_t size, size_t *offset);

/* The type its value takes part in expressions with: int for what fits, by C's promotions. */
const struct mn_ctype *mn_ctype_of_bits(const struct mn_cfield *field);

/* Whether the type, or a part of it, is a counted object. */
bool mn_ctype_holds_objects(const struct mn_ctype *type);

/* Appends the runtime encoding, or the C spelling for people ("NSString *", "unsigned int"). */
void mn_ctype_encode(struct mn_buffer *out, const struct mn_ctype *type);
void mn_ctype_spell(struct mn_buffer *out, const struct mn_ctype *type);

/* The spelling in the arena; "?" when memory has run out. */
const char *mn_ctype_name(struct mn_arena *arena, const struct mn_ctype *type);
#endif
