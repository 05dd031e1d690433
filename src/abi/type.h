/* SPDX-License-Identifier: MIT */
/*
 * A type of the machine: an immutable tree with sizes, alignments and offsets as gcc and clang lay them out.
 *
 * Trees come from encodings (encoding.h). Interned ones (mn_type_get, a signature's) live as long as the
 * process and may be kept without ownership; any thread may read any tree. Scalars without qualifiers are
 * shared constants, so pointers to types are not unique: compare with mn_type_equal.
 */
#ifndef MN_ABI_TYPE_H
#define MN_ABI_TYPE_H

#include "base/buffer.h"

#include <float.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of a long double that mean something: an x87 number has ten, and padding. */
enum { MN_LDOUBLE_BYTES = LDBL_MANT_DIG == 64 ? 10 : (int)sizeof(long double) };

/* Whether plain char has a sign in the C of this machine: compilers encode it c where it has, and C where not. */
enum { MN_CHAR_IS_SIGNED = CHAR_MIN < 0 };

enum mn_kind {
#define S(kind, letter, ctype, text) MN_##kind,
#define K(kind, letter, text)        MN_##kind,
#include "abi/kinds.def"
#undef S
#undef K
    MN_KIND_COUNT
};

struct mn_field;

struct mn_type {
    uint8_t kind;  /* enum mn_kind */
    bool complete; /* size and alignment are known: it can be passed by value */
    bool opaque; /* struct, union: written without fields, {name}; pointer: a parameter written as an array of
                    `count` */
    bool positioned;   /* bit-field in GNU form, with bit position and declared type */
    uint32_t align;    /* 1 or more */
    size_t size;       /* in bytes; 0 for void, empty structs and whatever is not complete */
    size_t count;      /* array: elements; bit-field: width in bits; struct, union, block signature: fields */
    uint32_t position; /* bit-field in GNU form: bits from the start of the struct */
    uint32_t vector_size, vector_align; /* vector, as encoded */
    const char *qualifiers;             /* such as "rn", in the order written; "" when none */
    const char *name; /* struct, union: tag ("?" when anonymous); object: class name as quoted, or NULL */
    const struct mn_type
        *of; /* pointee, element, complex's part, bit-field's declared type (NULL in NeXT form) */
    const struct mn_field
        *fields; /* members in order; a block's signature: result, then arguments; or NULL */
};

struct mn_field {
    const char *name; /* NULL when the encoding names no fields */
    const struct mn_type *type;
    size_t offset; /* in bytes; a bit-field: of the byte its first bit lies in */
    uint32_t bit;  /* a bit-field: its first bit within that byte */
};

/* The shared unqualified type of a scalar kind, void, a plain object or a plain block; NULL for any other
 * kind. */
const struct mn_type *mn_type_of(enum mn_kind kind);

/* The kind as a letter of the encoding alphabet ('@' for blocks too). */
char mn_kind_letter(enum mn_kind kind);

/* What a kind holds. Bit-fields and complex numbers are none of these. */
bool mn_kind_is_integer(enum mn_kind kind);  /* char to __int128, _Bool */
bool mn_kind_is_signed(enum mn_kind kind);   /* an integer kind that has negative values */
bool mn_kind_is_floating(enum mn_kind kind); /* float, double, long double */
bool mn_kind_is_object(enum mn_kind kind);   /* objects, blocks, classes: what retain accepts */
bool mn_kind_is_pointer(enum mn_kind kind);  /* one machine address: also objects, selectors, strings */

/* Whether a qualifier letter (r n N o O R V A) is written on the type. */
bool mn_type_has(const struct mn_type *type, char qualifier);

/*
 * Whether two types are one and the same to a compiler: kinds, tags, members, offsets. Qualifiers, field
 * names and class names of objects are ignored; l is q, * is ^c; an unnamed tag equals any; a struct without
 * fields equals any of its tag, as both compilers leave fields out behind pointers.
 */
bool mn_type_equal(const struct mn_type *a, const struct mn_type *b);

/*
 * Whether a value of one may travel where the other is declared: all pointers are alike, integers of one
 * width are alike, tags are ignored.
 */
bool mn_type_compatible(const struct mn_type *a, const struct mn_type *b);

/*
 * The same question, strict (equal) or not (compatible), with the first difference appended to `difference`
 * unless that is NULL: "double against float", "field origin.x is double against float".
 */
bool mn_type_compare(const struct mn_type *a, const struct mn_type *b, bool strict,
                     struct mn_buffer *difference);

/* Appends what mn_type_equal found to differ; nothing if equal. */
void mn_type_difference(const struct mn_type *a, const struct mn_type *b, struct mn_buffer *out);

/* Appends the type as C text: "struct CGRect", "long long", "NSString *", "int[4]". */
void mn_type_describe(const struct mn_type *type, struct mn_buffer *out);
#endif
