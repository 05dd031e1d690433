/* SPDX-License-Identifier: MIT */
/* Types back to encodings: the inverse of encoding.c, byte for byte. */
#include "abi/encoding.h"

static void
write_fields(const struct mn_type *type, struct mn_buffer *out)
{
    for (size_t i = 0; i < type->count; i++) {
        if (type->fields[i].name != NULL)
            mn_buffer_printf(out, "\"%s\"", type->fields[i].name);
        mn_encoding_write(type->fields[i].type, out);
    }
}

static void
write_aggregate(const struct mn_type *type, const char *brackets, struct mn_buffer *out)
{
    mn_buffer_char(out, brackets[0]);
    mn_buffer_text(out, type->name);
    if (!type->opaque) {
        mn_buffer_char(out, '=');
        write_fields(type, out);
    }
    mn_buffer_char(out, brackets[1]);
}

static void
write_object(const struct mn_type *type, struct mn_buffer *out)
{
    mn_buffer_text(out, type->kind == MN_BLOCK ? "@?" : "@");
    if (type->name != NULL)
        mn_buffer_printf(out, "\"%s\"", type->name);
    if (type->fields == NULL)
        return;
    mn_buffer_char(out, '<');
    write_fields(type, out);
    mn_buffer_char(out, '>');
}

static void
write_array(const struct mn_type *type, struct mn_buffer *out)
{
    mn_buffer_printf(out, "[%zu", type->count);
    mn_encoding_write(type->of, out);
    mn_buffer_char(out, ']');
}

void
mn_encoding_write(const struct mn_type *type, struct mn_buffer *out)
{
    mn_buffer_text(out, type->qualifiers);
    switch ((enum mn_kind)type->kind) {
    case MN_OBJECT:
    case MN_BLOCK:
        write_object(type, out);
        break;
    case MN_POINTER:
        if (type->opaque) {
            write_array(type, out);
            break;
        }
        /* fall through */
    case MN_COMPLEX:
        mn_buffer_char(out, mn_kind_letter(type->kind));
        mn_encoding_write(type->of, out);
        break;
    case MN_ARRAY:
        write_array(type, out);
        break;
    case MN_STRUCT:
        write_aggregate(type, "{}", out);
        break;
    case MN_UNION:
        write_aggregate(type, "()", out);
        break;
    case MN_BITS:
        mn_buffer_char(out, 'b');
        if (type->positioned)
            mn_buffer_printf(out, "%u%c", type->position, mn_kind_letter(type->of->kind));
        mn_buffer_printf(out, "%zu", type->count);
        break;
    case MN_VECTOR:
        mn_buffer_printf(out, "![%u,%u", type->vector_size, type->vector_align);
        mn_encoding_write(type->of, out);
        mn_buffer_char(out, ']');
        break;
    default:
        if (!type->opaque) /* what clang left out stays out */
            mn_buffer_char(out, mn_kind_letter(type->kind));
    }
}
