/* SPDX-License-Identifier: MIT */
/* The shared scalar types and what each kind is; both tables derive from kinds.def. */
#include "abi/type.h"

#include <string.h>

static const struct mn_type plain[MN_KIND_COUNT] = {
#define S(k, letter, ctype, text)                                                                            \
    [MN_##k] = {.kind = MN_##k,                                                                              \
                .complete = true,                                                                            \
                .align = _Alignof(ctype),                                                                    \
                .size = sizeof(ctype),                                                                       \
                .qualifiers = ""},
#define K(k, letter, text)
#include "abi/kinds.def"
#undef S
#undef K
    [MN_VOID] = {.kind = MN_VOID, .align = 1, .qualifiers = ""},
    [MN_UNKNOWN] = {.kind = MN_UNKNOWN, .align = 1, .qualifiers = ""},
    [MN_OBJECT] = {.kind = MN_OBJECT,
                   .complete = true,
                   .align = _Alignof(void *),
                   .size = sizeof(void *),
                   .qualifiers = ""},
    [MN_BLOCK] = {.kind = MN_BLOCK,
                  .complete = true,
                  .align = _Alignof(void *),
                  .size = sizeof(void *),
                  .qualifiers = ""},
};

const struct mn_type *
mn_type_of(enum mn_kind kind)
{
    return (unsigned)kind < MN_KIND_COUNT && plain[kind].align != 0 ? &plain[kind] : NULL;
}

char
mn_kind_letter(enum mn_kind kind)
{
    static const char letters[MN_KIND_COUNT] = {
#define S(k, letter, ctype, text) [MN_##k] = letter,
#define K(k, letter, text)        [MN_##k] = letter,
#include "abi/kinds.def"
#undef S
#undef K
    };

    return letters[kind];
}

bool
mn_kind_is_integer(enum mn_kind kind)
{
    return (kind >= MN_CHAR && kind <= MN_UINT128) || kind == MN_BOOL;
}

bool
mn_kind_is_signed(enum mn_kind kind)
{
    switch (kind) {
    case MN_CHAR:
    case MN_SHORT:
    case MN_INT:
    case MN_LONG:
    case MN_LLONG:
    case MN_INT128:
        return true;
    default:
        return false;
    }
}

bool
mn_kind_is_floating(enum mn_kind kind)
{
    return kind == MN_FLOAT || kind == MN_DOUBLE || kind == MN_LDOUBLE;
}

bool
mn_kind_is_object(enum mn_kind kind)
{
    return kind == MN_OBJECT || kind == MN_BLOCK || kind == MN_CLASS;
}

bool
mn_kind_is_pointer(enum mn_kind kind)
{
    return mn_kind_is_object(kind) || kind == MN_POINTER || kind == MN_STRING || kind == MN_ATOM ||
           kind == MN_SELECTOR;
}

bool
mn_type_has(const struct mn_type *type, char qualifier)
{
    return strchr(type->qualifiers, qualifier) != NULL;
}
