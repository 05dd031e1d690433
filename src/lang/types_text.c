/* SPDX-License-Identifier: MIT */
/*
 * Types as text: the encoding a method is installed with, and the spelling a message shows.
 *
 * Encodings follow GCC's on the GNU runtime: BOOL is C, long and long long are q, char * is *, an aggregate
 * behind a pointer inside an aggregate is only named. Spellings follow C's declarators only as far as
 * messages need them.
 */
#include "lang/types.h"

/* Whether the encodings of the fields in a row would not tell the layout: packed, or with bit-fields. */
static bool
is_odd(const struct mn_ctype *type)
{
    if (type->pack)
        return true;
    for (size_t i = 0; i < type->count; i++)
        if (type->fields[i].is_bits || (mn_ctype_is_aggregate(type->fields[i].type) && is_odd(type->fields[i].type)))
            return true;
    return false;
}

/* The same size and alignment, as an array of integers. */
static void
encode_bytes(struct mn_buffer *out, const struct mn_ctype *type)
{
    mn_buffer_printf(out, "[%zu%c]", type->size / type->align,
                     type->align == 1   ? 'C'
                     : type->align == 2 ? 'S'
                     : type->align == 4 ? 'I'
                                        : 'Q');
}

/* A pointer's target is described two levels deep, as compilers do, so that a list node ends. */
static void
encode(struct mn_buffer *out, const struct mn_ctype *type, int depth)
{
    switch (type->kind) {
    case MN_C_POINTER:
        if (type->inner->kind == MN_C_CHAR || type->inner->kind == MN_C_UCHAR) {
            mn_buffer_char(out, '*');
            return;
        }
        mn_buffer_char(out, '^');
        encode(out, type->inner, depth + 1);
        return;
    case MN_C_BLOCK:
        mn_buffer_text(out, "@?");
        return;
    case MN_C_ARRAY:
        mn_buffer_printf(out, "[%zu", type->count);
        encode(out, type->inner, depth + 1);
        mn_buffer_char(out, ']');
        return;
    case MN_C_STRUCT:
    case MN_C_UNION:
        mn_buffer_char(out, type->code);
        mn_buffer_text(out, type->name ? type->name : "?");
        if (!type->incomplete && depth < 3) {
            mn_buffer_char(out, '=');
            if (is_odd(type))
                encode_bytes(out, type);
            for (size_t i = 0; i < type->count && !is_odd(type); i++)
                encode(out, type->fields[i].type, depth ? depth + 1 : 0);
        }
        mn_buffer_char(out, type->kind == MN_C_STRUCT ? '}' : ')');
        return;
    default:
        mn_buffer_char(out, type->code);
    }
}

void
mn_ctype_encode(struct mn_buffer *out, const struct mn_ctype *type)
{
    encode(out, type, 0);
}

static void
spell_function(struct mn_buffer *out, const struct mn_ctype *type, const char *middle)
{
    mn_ctype_spell(out, type->inner);
    mn_buffer_text(out, middle);
    for (size_t i = 0; i < type->count; i++) {
        mn_buffer_text(out, i ? ", " : "");
        mn_ctype_spell(out, type->fields[i].type);
    }
    if (type->variadic)
        mn_buffer_text(out, type->count ? ", ..." : "...");
    else if (!type->count)
        mn_buffer_text(out, "void");
    mn_buffer_char(out, ')');
}

void
mn_ctype_spell(struct mn_buffer *out, const struct mn_ctype *type)
{
    if (type->constant)
        mn_buffer_text(out, "const ");
    switch (type->kind) {
    case MN_C_OBJECT:
        mn_buffer_text(out, type->dynamic ? "a value of any type" : type->name ? type->name : "id");
        mn_buffer_text(out, type->name ? " *" : "");
        return;
    case MN_C_CLASS:
        mn_buffer_text(out, "Class");
        return;
    case MN_C_BLOCK:
        if (type->inner)
            spell_function(out, type->inner, " (^)(");
        else
            mn_buffer_text(out, "a block");
        return;
    case MN_C_POINTER:
        if (type->inner->kind == MN_C_FUNCTION) {
            spell_function(out, type->inner, " (*)(");
            return;
        }
        mn_ctype_spell(out, type->inner);
        mn_buffer_text(out, type->inner->kind == MN_C_POINTER ||
                                    (type->inner->kind == MN_C_OBJECT && type->inner->name)
                                ? "*"
                                : " *");
        return;
    case MN_C_FUNCTION:
        spell_function(out, type, " (");
        return;
    case MN_C_ARRAY:
        mn_ctype_spell(out, type->inner);
        mn_buffer_printf(out, "[%zu]", type->count);
        return;
    case MN_C_STRUCT:
    case MN_C_UNION:
        mn_buffer_text(out, type->kind == MN_C_STRUCT ? "struct " : "union ");
        mn_buffer_text(out, type->name ? type->name : "(unnamed)");
        return;
    default:
        mn_buffer_text(out, type->name);
    }
}

const char *
mn_ctype_name(struct mn_arena *arena, const struct mn_ctype *type)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    const char *name;

    mn_ctype_spell(&out, type);
    name = mn_arena_strdup(arena, mn_buffer_peek(&out));
    mn_buffer_fini(&out);
    return name ? name : "?";
}
