/* SPDX-License-Identifier: MIT */
/* Defining macros: #define, #undef, and those that are there from the start. A name holds its macro itself, so asking
 * whether a word is one costs nothing. */
#include "lang/objc/preprocess.h"

#include <string.h>
#include <sys/utsname.h>

static bool
is_word(const struct mn_token *t)
{
    return t->kind == MN_T_WORD;
}

/* A system header's macro for what the language knows by itself (nil, YES, NS_ENUM) is left out. */
static bool
is_ours(const struct mn_pp *pp, const struct mn_token *name)
{
    return pp->piece && pp->piece->kind == MN_PIECE_SYSTEM && name->word != MN_W_NONE;
}

/* ---- parameters ---- */

/* `(a, b, ...)` from line->items[*at] on, which is the '('. */
static bool
read_params(struct mn_pp *pp, const struct mn_line_tokens *line, uint32_t *at, struct mn_macro *macro)
{
    const struct mn_token *t = line->items;
    struct mn_list params = MN_LIST_OF(const char *);
    uint32_t i = *at + 1;
    bool good = false;

    if (i < line->count && t[i].kind == MN_T_PAREN_CLOSE) {
        *at = i + 1;
        return true;
    }
    while (i < line->count && !macro->variadic) {
        const char **place = mn_list_add(&params);

        if (!place)
            break;
        if (t[i].kind == MN_T_ELLIPSIS) {
            *place = mn_tree_name(pp->tree, "__VA_ARGS__", 11);
            macro->variadic = true;
        } else if (is_word(&t[i])) {
            *place = t[i].name;
            if (i + 1 < line->count && t[i + 1].kind == MN_T_ELLIPSIS) { /* GNU: args... */
                macro->variadic = true;
                i++;
            }
        } else {
            break;
        }
        i++;
        if (i >= line->count || t[i].kind != MN_T_COMMA || macro->variadic) {
            good = i < line->count && t[i].kind == MN_T_PAREN_CLOSE;
            break;
        }
        i++;
    }
    *at = i + 1;
    macro->param_count = (uint32_t)params.count;
    macro->params = mn_arena_copy(&pp->tree->arena, params.items, params.count, sizeof(const char *));
    mn_list_fini(&params);
    if (!good)
        mn_pp_error(pp, i < line->count ? mn_pp_span(&t[i]) : line->at,
                    "the parameters of the macro '%s' are names separated by ',' and end with ')'", macro->name);
    return good;
}

/* ---- definitions ---- */

static bool
same_token(struct mn_pp *pp, const struct mn_token *a, const struct mn_token *b)
{
    uint32_t length = a->end - a->start;

    return a->kind == b->kind && length == b->end - b->start &&
           memcmp(mn_source_at(pp->source, a->start), mn_source_at(pp->source, b->start), length) == 0;
}

static bool
same_macro(struct mn_pp *pp, const struct mn_macro *a, const struct mn_macro *b)
{
    if (a->kind != b->kind || a->takes_arguments != b->takes_arguments || a->variadic != b->variadic ||
        a->param_count != b->param_count || a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!same_token(pp, &a->tokens[i], &b->tokens[i]))
            return false;
    return true;
}

static bool
check_body(struct mn_pp *pp, const struct mn_macro *macro)
{
    const struct mn_token *t = macro->tokens;

    if (macro->count && (t[0].kind == MN_T_HASH_HASH || t[macro->count - 1].kind == MN_T_HASH_HASH)) {
        mn_pp_error(pp, mn_pp_span(t[0].kind == MN_T_HASH_HASH ? &t[0] : &t[macro->count - 1]),
                    "'##' must stand between two tokens");
        return false;
    }
    for (uint32_t i = 0; macro->takes_arguments && i < macro->count; i++) {
        bool param = false;

        for (uint32_t k = 0; i + 1 < macro->count && k < macro->param_count; k++)
            param |= is_word(&t[i + 1]) && t[i + 1].name == macro->params[k];
        if (t[i].kind == MN_T_HASH && !param) {
            mn_pp_error(pp, mn_pp_span(&t[i]), "'#' must stand before a parameter of the macro");
            return false;
        }
    }
    return true;
}

void
mn_pp_define(struct mn_pp *pp, const struct mn_line_tokens *line)
{
    struct mn_macro *macro, *earlier;
    const struct mn_token *name = line->items;
    uint32_t at = 1;

    if (!line->count || !is_word(name)) {
        mn_pp_error(pp, line->count ? mn_pp_span(name) : line->at, "'#define' needs the name of a macro");
        return;
    }
    if (is_ours(pp, name))
        return;
    if (!strcmp(name->name, "defined")) {
        mn_pp_error(pp, mn_pp_span(name), "'defined' cannot be a macro");
        return;
    }
    if (!(macro = mn_arena_alloc(&pp->tree->arena, sizeof *macro)))
        return;
    macro->name = name->name;
    macro->at = mn_pp_span(name);
    if (at < line->count && line->items[at].kind == MN_T_PAREN_OPEN && !(line->items[at].flags & MN_TOKEN_BLANK)) {
        macro->takes_arguments = true;
        if (!read_params(pp, line, &at, macro))
            return;
    }
    macro->count = line->count - at;
    macro->tokens = mn_arena_copy(&pp->tree->arena, line->items + at, macro->count, sizeof *macro->tokens);
    if (pp->tree->arena.failed || !check_body(pp, macro))
        return;
    earlier = mn_name_of(name->name)->macro;
    if (earlier && earlier->at.end && !same_macro(pp, earlier, macro)) {
        mn_warning_at(pp->findings, macro->at, "the macro '%s' is defined again with another meaning", macro->name);
        mn_note_at(pp->findings, earlier->at, "the earlier definition is here");
    }
    pp->any_macro = true;
    mn_name_of(name->name)->macro = macro;
}

void
mn_pp_undef(struct mn_pp *pp, const struct mn_line_tokens *line)
{
    if (line->count != 1 || !is_word(line->items)) {
        mn_pp_error(pp, line->count ? mn_pp_span(line->items) : line->at, "'#undef' takes the name of one macro");
        return;
    }
    mn_name_of(line->items->name)->macro = NULL;
}

/* ---- what is defined from the start ---- */

static bool
predefine(struct mn_pp *pp, const char *text, enum mn_macro_kind kind, const char *value)
{
    const char *name = mn_tree_name(pp->tree, text, strlen(text));
    struct mn_macro *macro = name ? mn_arena_alloc(&pp->tree->arena, sizeof *macro) : NULL;

    if (!macro)
        return false;
    macro->name = name;
    macro->kind = kind;
    if (value) {
        macro->count = 1;
        macro->tokens = mn_arena_alloc(&pp->tree->arena, sizeof *macro->tokens);
        if (!macro->tokens || !mn_pp_spell(pp, value, strlen(value), macro->tokens))
            return false;
    }
    mn_name_of(name)->macro = macro;
    return true;
}

bool
mn_pp_predefine(struct mn_pp *pp)
{
    static const char *const ones[] = {"__OBJC__", "MEND", "GNUSTEP", "__unix__"};
    struct utsname system;

    for (size_t i = 0; i < sizeof ones / sizeof *ones; i++)
        if (!predefine(pp, ones[i], MN_MACRO_PLAIN, "1"))
            return false;
    if (uname(&system) == 0 && !strcmp(system.sysname, "Linux") && !predefine(pp, "__linux__", MN_MACRO_PLAIN, "1"))
        return false;
    if (sizeof(long) == 8 && !predefine(pp, "__LP64__", MN_MACRO_PLAIN, "1"))
        return false;
    if (pp->options->debug && !predefine(pp, "DEBUG", MN_MACRO_PLAIN, "1"))
        return false;
    return predefine(pp, "__LINE__", MN_MACRO_LINE, NULL) && predefine(pp, "__FILE__", MN_MACRO_FILE, NULL) &&
           predefine(pp, "__COUNTER__", MN_MACRO_COUNTER, NULL);
}
