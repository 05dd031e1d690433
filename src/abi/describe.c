/* SPDX-License-Identifier: MIT */
/* Types as C text, for messages: declarators are kept to a prefix and a suffix, which C needs for arrays
 * behind pointers. */
#include "abi/type.h"

#include <string.h>

static const char *
scalar_text(enum mn_kind kind)
{
    static const char *const texts[MN_KIND_COUNT] = {
#define S(k, letter, ctype, text) [MN_##k] = text,
#define K(k, letter, text)        [MN_##k] = text,
#include "abi/kinds.def"
#undef S
#undef K
    };

    return texts[kind];
}

static void
describe_tag(const char *word, const struct mn_type *type, struct mn_buffer *out)
{
    if (type->name[0] == '\0' || strcmp(type->name, "?") == 0)
        mn_buffer_printf(out, "an unnamed %s", word);
    else
        mn_buffer_printf(out, "%s %s", word, type->name);
}

static void
describe_pointer(const struct mn_type *to, struct mn_buffer *out)
{
    if (to->kind == MN_UNKNOWN) {
        mn_buffer_text(out, to->opaque ? "a pointer" : "a function pointer");
    } else if (to->kind == MN_ARRAY) {
        mn_type_describe(to->of, out);
        mn_buffer_printf(out, " (*)[%zu]", to->count);
    } else {
        size_t before = out->length;

        mn_type_describe(to, out);
        mn_buffer_text(out, out->length > before && out->data[out->length - 1] == '*' ? "*" : " *");
    }
}

static void
describe_block(const struct mn_type *type, struct mn_buffer *out)
{
    if (type->fields == NULL) {
        mn_buffer_text(out, "a block");
        return;
    }
    mn_type_describe(type->fields[0].type, out);
    mn_buffer_text(out, " (^)(");
    for (size_t i = 2; i < type->count; i++) { /* the first argument is the block itself */
        mn_buffer_text(out, i > 2 ? ", " : "");
        mn_type_describe(type->fields[i].type, out);
    }
    mn_buffer_text(out, type->count > 2 ? ")" : "void)");
}

void
mn_type_describe(const struct mn_type *type, struct mn_buffer *out)
{
    if (mn_type_has(type, 'r'))
        mn_buffer_text(out, "const ");
    switch ((enum mn_kind)type->kind) {
    case MN_OBJECT:
        if (type->name == NULL)
            mn_buffer_text(out, "id");
        else if (type->name[0] == '<')
            mn_buffer_printf(out, "id%s", type->name);
        else
            mn_buffer_printf(out, "%s *", type->name);
        break;
    case MN_BLOCK:
        describe_block(type, out);
        break;
    case MN_POINTER:
        describe_pointer(type->of, out);
        break;
    case MN_COMPLEX:
        mn_buffer_text(out, "_Complex ");
        mn_type_describe(type->of, out);
        break;
    case MN_ARRAY:
        mn_type_describe(type->of, out);
        mn_buffer_printf(out, "[%zu]", type->count);
        break;
    case MN_STRUCT:
        describe_tag("struct", type, out);
        break;
    case MN_UNION:
        describe_tag("union", type, out);
        break;
    case MN_BITS:
        if (type->positioned)
            mn_buffer_text(out, scalar_text(type->of->kind));
        mn_buffer_printf(out, "%sbit-field of %zu bit%s", type->positioned ? " " : "a ", type->count,
                         type->count == 1 ? "" : "s");
        break;
    default:
        mn_buffer_text(out, scalar_text(type->kind));
    }
}
