/* SPDX-License-Identifier: MIT */
/*
 * Expanding macros, as C does: a stack of token runs is read from the top; a macro's replacement is a new run on it,
 * and while that run is being read the macro's own name stands for itself, then and for ever after.
 */
#include "base/alloc.h"
#include "lang/objc/preprocess.h"

#include <stdio.h>
#include <string.h>

struct run {
    const struct mn_token *items;
    uint32_t at, count;
    struct mn_macro *macro; /* NULL: the text itself */
};

struct reader {
    struct run runs[MN_EXPANSIONS_MAX + 1];
    unsigned depth; /* runs on the stack; the first is the text */
};

struct argument {
    const struct mn_token *items; /* as written */
    uint32_t count;
    struct mn_tokens full; /* expanded, when first asked for */
    bool is_full;
};

static void
push_token(struct mn_pp *pp, struct mn_tokens *out, const struct mn_token *t)
{
    if (!mn_tokens_add(out, t))
        pp->failed = true;
}

/* The next token, with exhausted runs taken off; NULL at the end of the text. */
static const struct mn_token *
peek(struct reader *r)
{
    for (;;) {
        struct run *top = &r->runs[r->depth - 1];

        if (top->at < top->count)
            return &top->items[top->at];
        if (r->depth == 1)
            return NULL;
        top->macro->busy = false;
        r->depth--;
    }
}

static const struct mn_token *
next(struct reader *r)
{
    const struct mn_token *t = peek(r);

    if (t)
        r->runs[r->depth - 1].at++;
    return t;
}

/* ---- arguments ---- */

static void
free_arguments(struct argument *arguments, uint32_t count)
{
    for (uint32_t i = 0; arguments && i < count; i++)
        mn_tokens_fini(&arguments[i].full);
    mn_free(arguments);
}

/* The tokens up to the ')' that closes the use, commas at the top level noted. False at the end of the text. */
static bool
collect(struct mn_pp *pp, struct reader *r, struct mn_tokens *all, struct mn_list *commas)
{
    unsigned depth = 0;

    for (;;) {
        const struct mn_token *t = next(r);

        if (!t || t->kind == MN_T_DIRECTIVE || t->kind == MN_T_END)
            return false;
        if (t->kind == MN_T_PAREN_CLOSE && depth-- == 0)
            return true;
        if (t->kind == MN_T_PAREN_OPEN)
            depth++;
        if (t->kind == MN_T_COMMA && depth == 0) {
            uint32_t *place = mn_list_add(commas);

            if (place)
                *place = all->count;
            else
                pp->failed = true;
        }
        push_token(pp, all, t);
        if (pp->failed)
            return false;
    }
}

/* Cuts what was collected at its commas; the tail of a variadic macro keeps its own. */
static struct argument *
cut(struct mn_pp *pp, const struct mn_macro *macro, const struct mn_token *name, struct mn_tokens *all,
    const struct mn_list *commas)
{
    uint32_t given = all->count || commas->count || macro->param_count == 1 ? (uint32_t)commas->count + 1 : 0;
    uint32_t wanted = macro->param_count, least = macro->variadic ? wanted - 1 : wanted;
    struct argument *arguments;

    if (wanted == 1 && !all->count)
        given = 1;
    if (given < least || (given > wanted && !macro->variadic)) {
        mn_pp_error(pp, mn_pp_span(name), "the macro '%s' takes %s%u argument%s, %u given", macro->name,
                    macro->variadic ? "at least " : "", least, least == 1 ? "" : "s", given);
        return NULL;
    }
    arguments = mn_calloc(wanted + 1, sizeof *arguments);
    if (!arguments) {
        pp->failed = true;
        return NULL;
    }
    for (uint32_t i = 0, from = 0; i < wanted; i++) {
        bool tail = macro->variadic && i == wanted - 1;
        uint32_t to = !tail && i < commas->count ? *MN_LIST_AT(uint32_t, commas, i) : all->count;

        if (i >= given)
            from = to = all->count;
        arguments[i] = (struct argument){.items = all->items + from, .count = to - from};
        from = to + 1 < all->count ? to + 1 : all->count;
    }
    return arguments;
}

static void expand_all(struct mn_pp *pp, const struct mn_token *items, uint32_t count, struct mn_tokens *out);

static const struct mn_tokens *
full(struct mn_pp *pp, struct argument *argument)
{
    if (!argument->is_full)
        expand_all(pp, argument->items, argument->count, &argument->full);
    argument->is_full = true;
    return &argument->full;
}

/* ---- substitution ---- */

static struct argument *
argument_for(const struct mn_macro *macro, struct argument *arguments, const struct mn_token *t, bool *tail)
{
    for (uint32_t i = 0; t->kind == MN_T_WORD && i < macro->param_count; i++)
        if (macro->params[i] == t->name) {
            *tail = macro->variadic && i == macro->param_count - 1;
            return &arguments[i];
        }
    return NULL;
}

static void
append(struct mn_pp *pp, struct mn_tokens *out, const struct mn_token *items, uint32_t count, uint8_t blank)
{
    for (uint32_t i = 0; i < count && !pp->failed; i++) {
        struct mn_token t = items[i];

        if (t.flags & MN_TOKEN_FIRST)
            t.flags |= MN_TOKEN_BLANK;
        t.flags &= (uint8_t)~MN_TOKEN_FIRST;
        if (i == 0)
            t.flags = (uint8_t)((t.flags & ~MN_TOKEN_BLANK) | blank);
        push_token(pp, out, &t);
    }
}

/* `left ## right`, where left is what stands in out from `from` on. */
static void
join(struct mn_pp *pp, struct mn_tokens *out, uint32_t from, const struct mn_token *items, uint32_t count,
     struct mn_span at)
{
    struct mn_token made;

    if (count == 0)
        return;
    if (out->count == from) {
        append(pp, out, items, count, 0);
        return;
    }
    if (mn_pp_paste(pp, &out->items[out->count - 1], items, at, &made))
        out->items[out->count - 1] = made;
    append(pp, out, items + 1, count - 1, count > 1 ? items[1].flags & MN_TOKEN_BLANK : 0);
}

/* The replacement of one use, in the arena of the tree. */
static void
substitute(struct mn_pp *pp, const struct mn_macro *macro, struct argument *arguments, struct mn_tokens *out)
{
    const struct mn_token *body = macro->tokens;
    uint32_t left = 0; /* where the operand of a '##' that follows begins */

    for (uint32_t i = 0; i < macro->count && !pp->failed; i++) {
        const struct mn_token *t = &body[i], *operand = t;
        bool joins = t->kind == MN_T_HASH_HASH, tail = false, next_joins;
        struct argument *argument;
        struct mn_token made;
        uint8_t blank = t->flags & MN_TOKEN_BLANK;

        if (joins)
            operand = &body[++i];
        next_joins = i + 1 < macro->count && body[i + 1].kind == MN_T_HASH_HASH;
        if (!joins)
            left = out->count;
        if (macro->takes_arguments && operand->kind == MN_T_HASH && i + 1 < macro->count) {
            argument = argument_for(macro, arguments, &body[++i], &tail);
            if (!mn_pp_stringify(pp, argument->items, argument->count, &made))
                continue;
            made.flags = blank;
            if (joins)
                join(pp, out, left, &made, 1, mn_pp_span(t));
            else
                push_token(pp, out, &made);
            continue;
        }
        argument = argument_for(macro, arguments, operand, &tail);
        if (!argument) {
            if (joins)
                join(pp, out, left, operand, 1, mn_pp_span(t));
            else
                append(pp, out, operand, 1, blank);
        } else if (joins && tail && out->count > left && out->items[out->count - 1].kind == MN_T_COMMA) {
            if (!argument->count)
                out->count--; /* GNU: the comma goes with an empty tail */
            else
                append(pp, out, full(pp, argument)->items, full(pp, argument)->count, 0);
        } else if (joins) {
            join(pp, out, left, argument->items, argument->count, mn_pp_span(t));
        } else if (next_joins) {
            append(pp, out, argument->items, argument->count, blank);
        } else {
            append(pp, out, full(pp, argument)->items, full(pp, argument)->count, blank);
        }
    }
}

/* ---- one use ---- */

static bool
enter(struct mn_pp *pp, struct reader *r, struct mn_macro *macro, const struct mn_token *name,
      struct argument *arguments)
{
    struct mn_tokens made = {0};
    const struct mn_token *kept;

    if (r->depth > MN_EXPANSIONS_MAX) {
        mn_pp_error(pp, mn_pp_span(name), "macros are nested too deeply: at most %d levels", MN_EXPANSIONS_MAX);
        return false;
    }
    if (pp->expanded <= MN_EXPANDED_MAX)
        substitute(pp, macro, arguments, &made);
    if (made.count && !pp->failed)
        made.items[0].flags |= name->flags & MN_TOKEN_BLANK;
    kept = mn_arena_copy(&pp->tree->arena, made.items, made.count, sizeof *kept);
    pp->expanded += made.count;
    if (pp->expanded > MN_EXPANDED_MAX) {
        mn_pp_error(pp, mn_pp_span(name), "the macros of this source make more than %d tokens", MN_EXPANDED_MAX);
        made.count = 0;
    }
    macro->busy = true;
    r->runs[r->depth++] = (struct run){.items = kept, .count = kept ? made.count : 0, .macro = macro};
    mn_tokens_fini(&made);
    return true;
}

/* __LINE__, __FILE__, __COUNTER__ */
static bool
special(struct mn_pp *pp, const struct mn_macro *macro, const struct mn_token *name, struct mn_token *made)
{
    struct mn_position place = mn_source_position(pp->source, name->start);
    struct mn_buffer text = MN_BUFFER_EMPTY;
    bool good;

    if (macro->kind == MN_MACRO_FILE)
        mn_buffer_printf(&text, "\"%s\"", place.file);
    else
        mn_buffer_printf(&text, "%u", macro->kind == MN_MACRO_LINE ? place.line : pp->counter++);
    good = !text.failed && mn_pp_spell(pp, mn_buffer_peek(&text), text.length, made);
    mn_buffer_fini(&text);
    if (good)
        made->flags = name->flags & (MN_TOKEN_FIRST | MN_TOKEN_BLANK);
    return good;
}

/* In place of a use that went wrong: an invalid token, so that nothing more is said about its place. */
static void
put_error(struct mn_pp *pp, struct reader *r, struct mn_macro *macro, const struct mn_token *name)
{
    struct mn_token *t = mn_arena_alloc(&pp->tree->arena, sizeof *t);

    if (!t || r->depth > MN_EXPANSIONS_MAX)
        return;
    *t = (struct mn_token){.start = name->start, .end = name->end, .kind = MN_T_ERROR, .match = MN_NO_MATCH};
    r->runs[r->depth++] = (struct run){.items = t, .count = 1, .macro = macro};
}

static void
use_with_arguments(struct mn_pp *pp, struct reader *r, struct mn_macro *macro, const struct mn_token *name)
{
    struct mn_tokens all = {0};
    struct mn_list commas = MN_LIST_OF(uint32_t);
    struct argument *arguments = NULL;

    next(r); /* the '(' */
    if (!collect(pp, r, &all, &commas)) {
        if (!pp->failed)
            mn_pp_error(pp, mn_pp_span(name), "the arguments of the macro '%s' end without ')'", macro->name);
    } else if ((arguments = cut(pp, macro, name, &all, &commas))) {
        enter(pp, r, macro, name, arguments);
    }
    if (!arguments)
        put_error(pp, r, macro, name);
    free_arguments(arguments, macro->param_count);
    mn_tokens_fini(&all);
    mn_list_fini(&commas);
}

/*
 * The next token has been read as `t`: if it is a macro's use, what it stands for comes next in the reader (or in *made
 * for the special ones) and true is returned with t used up.
 */
enum outcome { NO_MACRO, REPLACED, MADE };

static enum outcome
use(struct mn_pp *pp, struct reader *r, struct mn_token *t, struct mn_token *made)
{
    struct mn_macro *macro = t->kind == MN_T_WORD ? mn_name_of(t->name)->macro : NULL;
    const struct mn_token *behind;
    struct mn_token name = *t;

    if (!macro || t->flags & MN_TOKEN_FROZEN)
        return NO_MACRO;
    if (macro->busy) {
        t->flags |= MN_TOKEN_FROZEN;
        return NO_MACRO;
    }
    if (macro->kind != MN_MACRO_PLAIN)
        return special(pp, macro, t, made) ? MADE : NO_MACRO;
    if (!macro->takes_arguments) {
        enter(pp, r, macro, &name, NULL);
        return REPLACED;
    }
    behind = peek(r);
    if (!behind || behind->kind != MN_T_PAREN_OPEN)
        return NO_MACRO;
    use_with_arguments(pp, r, macro, &name);
    return REPLACED;
}

static struct reader *
new_reader(struct mn_pp *pp, const struct mn_token *items, uint32_t at, uint32_t count)
{
    struct reader *r = mn_malloc(sizeof *r);

    if (!r) {
        pp->failed = true;
        return NULL;
    }
    r->runs[0] = (struct run){.items = items, .at = at, .count = count};
    r->depth = 1;
    return r;
}

static void
free_reader(struct reader *r)
{
    while (r && r->depth > 1)
        r->runs[--r->depth].macro->busy = false;
    mn_free(r);
}

/* Everything in a run of tokens, on its own; spans stay where the tokens are spelled. */
static void
expand_all(struct mn_pp *pp, const struct mn_token *items, uint32_t count, struct mn_tokens *out)
{
    struct reader *r;
    const struct mn_token *read;

    if (++pp->nesting > MN_EXPANSIONS_MAX) {
        if (count)
            mn_pp_error(pp, mn_pp_span(items), "macros are nested too deeply: at most %d levels", MN_EXPANSIONS_MAX);
    } else if ((r = new_reader(pp, items, 0, count))) {
        while (!pp->failed && (read = next(r))) {
            struct mn_token t = *read, made;
            enum outcome outcome = use(pp, r, &t, &made);

            if (outcome != REPLACED)
                push_token(pp, out, outcome == MADE ? &made : &t);
        }
        free_reader(r);
    }
    pp->nesting--;
}

/* What comes out of the use at [use.start, use.end): its own text keeps its places, the rest gets the name's. */
static struct mn_token
placed(const struct mn_token *t, struct mn_span use, const struct mn_token *name, bool first)
{
    struct mn_token out = *t;

    if (t->start < use.start || t->end > use.end || (t->start >= name->start && t->end <= name->end)) {
        out.start = name->start;
        out.end = name->end;
        out.flags |= MN_TOKEN_EXPANDED;
    }
    out.flags &= (uint8_t)~MN_TOKEN_FIRST;
    if (first)
        out.flags |= name->flags & (MN_TOKEN_FIRST | MN_TOKEN_BLANK);
    return out;
}

static void
note_use(struct mn_pp *pp, const struct mn_macro *macro, const struct mn_token *name)
{
    struct mn_macro_use *note;

    if (!macro->at.end || (pp->piece && pp->piece->kind == MN_PIECE_SYSTEM))
        return;
    if (!(note = mn_list_add(&pp->source->uses))) {
        pp->failed = true;
        return;
    }
    *note = (struct mn_macro_use){name->start, macro->at.start, macro->at.end,
                                  mn_arena_strdup(&pp->source->arena, macro->name)};
    pp->failed |= pp->source->arena.failed;
}

bool
mn_pp_expand(struct mn_pp *pp, const struct mn_token *items, uint32_t count, uint32_t *at, struct mn_tokens *out,
             bool keep_spelling)
{
    const struct mn_token *name = &items[*at], *read;
    struct mn_token t = *name, made;
    struct reader *r = new_reader(pp, items, *at + 1, count);
    enum outcome outcome = r ? use(pp, r, &t, &made) : NO_MACRO;
    uint32_t begun = out->count;

    if (outcome != NO_MACRO)
        note_use(pp, mn_name_of(name->name)->macro, name);
    if (outcome == MADE)
        push_token(pp, out, &made);
    while (outcome == REPLACED && !pp->failed && peek(r) && r->depth > 1) {
        read = next(r);
        t = *read;
        outcome = use(pp, r, &t, &made);
        if (outcome != REPLACED)
            push_token(pp, out, outcome == MADE ? &made : &t);
        outcome = REPLACED;
    }
    if (outcome != NO_MACRO) {
        struct mn_span use = {name->start, items[r->runs[0].at - 1].end};

        *at = r->runs[0].at;
        for (uint32_t i = begun; i < out->count && !keep_spelling; i++)
            out->items[i] = placed(&out->items[i], use, name, i == begun);
    }
    free_reader(r);
    return outcome != NO_MACRO;
}
