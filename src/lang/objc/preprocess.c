/* SPDX-License-Identifier: MIT */
/*
 * Directives (spec/mango.md section 3), and the way of tokens through the preprocessor. A source without any directive
 * and with no prelude is left alone: its tokens are used as they are.
 *
 * Invalid tokens are reported here, once text that does not count has been taken out.
 */
#include "lang/objc/preprocess.h"
#include "lang/objc/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
mn_pp_error(struct mn_pp *pp, struct mn_span span, const char *format, ...)
{
    char text[300];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    mn_error_at(pp->findings, span, "%s", text);
}

/* ---- conditionals ---- */

static struct mn_conditional *
innermost(struct mn_pp *pp)
{
    size_t n = pp->conditionals.count;

    return n ? MN_LIST_AT(struct mn_conditional, &pp->conditionals, n - 1) : NULL;
}

static bool
counts(struct mn_pp *pp)
{
    const struct mn_conditional *c = innermost(pp);

    return !c || c->active;
}

static void
open_conditional(struct mn_pp *pp, struct mn_span at, bool outer, bool yes)
{
    struct mn_conditional *c;

    if (pp->conditionals.count == MN_CONDITIONALS_MAX)
        mn_pp_error(pp, at, "more than %d conditionals inside one another", MN_CONDITIONALS_MAX);
    if (!(c = mn_list_add(&pp->conditionals))) {
        pp->failed = true;
        return;
    }
    *c = (struct mn_conditional){.at = at, .outer = outer, .taken = yes, .active = outer && yes};
}

static bool
is_defined(struct mn_pp *pp, const struct mn_line_tokens *line, const char *directive)
{
    if (!line->count || line->items->kind != MN_T_WORD) {
        mn_pp_error(pp, line->count ? mn_pp_span(line->items) : line->at, "'#%s' needs the name of a macro", directive);
        return false;
    }
    return mn_name_of(line->items->name)->macro != NULL;
}

/* #if, #ifdef, #ifndef; inside text that does not count they are only counted. */
static void
begin_conditional(struct mn_pp *pp, const char *word, const struct mn_line_tokens *line)
{
    bool outer = counts(pp), yes = false;

    if (outer && !strcmp(word, "if"))
        yes = mn_pp_condition(pp, line);
    else if (outer)
        yes = is_defined(pp, line, word) == !strcmp(word, "ifdef");
    open_conditional(pp, line->at, outer, yes);
}

static void
next_branch(struct mn_pp *pp, const char *word, const struct mn_line_tokens *line)
{
    struct mn_conditional *c = innermost(pp);
    bool last = !strcmp(word, "else"), yes;

    if (!c || pp->conditionals.count <= pp->conditionals_below) {
        mn_pp_error(pp, line->at, "'#%s' without '#if'", word);
        return;
    }
    if (c->had_else) {
        mn_pp_error(pp, line->at, "'#%s' behind '#else'", word);
        mn_note_at(pp->findings, c->at, "the conditional begins here");
    }
    c->had_else |= last;
    c->active = false; /* a condition is not part of what it decides about */
    yes = c->outer && !c->taken && (last || (!strcmp(word, "elif") ? mn_pp_condition(pp, line)
                                             : is_defined(pp, line, word) == !strcmp(word, "elifdef")));
    c = innermost(pp);
    c->active = yes;
    c->taken |= yes;
}

static void
end_conditional(struct mn_pp *pp, const struct mn_line_tokens *line)
{
    if (pp->conditionals.count <= pp->conditionals_below)
        mn_pp_error(pp, line->at, "'#endif' without '#if'");
    else
        pp->conditionals.count--;
}

/* True when the word was one of a conditional. */
static bool
conditional(struct mn_pp *pp, const char *word, const struct mn_line_tokens *line)
{
    if (!strcmp(word, "if") || !strcmp(word, "ifdef") || !strcmp(word, "ifndef"))
        begin_conditional(pp, word, line);
    else if (!strcmp(word, "elif") || !strcmp(word, "else"))
        next_branch(pp, word, line);
    else if (!strcmp(word, "endif"))
        end_conditional(pp, line);
    else
        return false;
    return true;
}

/* ---- lines, pragmas, messages ---- */

static const char *
skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* `12 "file"` of #line, or of a line that a compiler's preprocessor wrote. */
static void
line_number(struct mn_pp *pp, const struct mn_token *t, const char *p)
{
    const char *end = mn_source_at(pp->source, t->start) + (t->end - t->start), *file = NULL, *stop;
    unsigned long line = 0;
    const struct mn_source *piece = mn_source_piece(pp->source, t->start);
    const char *rest = piece->text + (t->start - piece->base);

    p = skip_blanks(p);
    if (*p < '0' || *p > '9') {
        mn_pp_error(pp, mn_pp_span(t), "'#line' needs the number of a line");
        return;
    }
    while (p < end && *p >= '0' && *p <= '9' && line < 1000000000)
        line = line * 10 + (unsigned long)(*p++ - '0');
    p = skip_blanks(p);
    stop = p;
    if (*p == '"') {
        file = ++p;
        for (stop = p; *stop && *stop != '"' && *stop != '\n'; stop++)
            ;
    }
    while (*rest && *rest != '\n')
        rest++;
    if (*rest && !mn_source_mark(pp->source, piece->base + (uint32_t)(rest + 1 - piece->text), (uint32_t)line, file,
                                 (size_t)(stop - p)))
        pp->failed = true;
}

static bool
takes(const char **p, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(*p, text, length) != 0)
        return false;
    *p = skip_blanks(*p + length);
    return true;
}

/* #pragma mend policy(zero), policy(next after 3): of the whole patch. */
static bool
policy(struct mn_pp *pp, const char *p)
{
    static const char *const words[] = {
#define X(name, word, text) word,
#include <mend/policy.def>
#undef X
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t after = 0;

        if (!takes(&p, words[i]))
            continue;
        if (takes(&p, "after"))
            for (; *p >= '0' && *p <= '9' && after < 100000000; p++)
                after = after * 10 + (uint32_t)(*p - '0');
        if (*skip_blanks(p) != ')')
            return false;
        pp->tree->policy = (uint8_t)(i + 1);
        pp->tree->policy_after = after;
        return true;
    }
    return false;
}

/* #pragma mend profile(ocrunner): of the whole patch. */
static bool
profile(struct mn_pp *pp, const char *p)
{
    static const char *const words[] = {
#define X(name, word, text) word,
#include <mend/profile.def>
#undef X
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (takes(&p, words[i]) && *p == ')') {
            pp->tree->profile = (uint8_t)(i + 1);
            return true;
        }
    return false;
}

/* #pragma mend dialect(mango): holds from the next token on. */
static void
pragma(struct mn_pp *pp, const struct mn_token *t, const char *p)
{
    if (takes(&p, "pack"))
        mn_pp_pack(pp, t->start, p, mn_source_at(pp->source, t->start) + (t->end - t->start));
    if (!takes(&p, "mend"))
        return;
    if (takes(&p, "dialect") && takes(&p, "(")) {
        if (takes(&p, "mango") && *p == ')') {
            pp->dialect = MN_TOKEN_MANGO;
            return;
        }
        if (takes(&p, "objc") && *p == ')') {
            pp->dialect = MN_TOKEN_OBJC;
            return;
        }
    }
    if (takes(&p, "policy") && takes(&p, "(") && policy(pp, p))
        return;
    if (takes(&p, "profile") && takes(&p, "(") && profile(pp, p))
        return;
    mn_warning_at(pp->findings, mn_pp_span(t), "this pragma of Mend is not known: it is left out");
    mn_suggest(pp->findings, "known are: #pragma mend dialect(objc), dialect(mango), policy(zero after 3), profile(mangofix)");
}

/* What follows the directive's word on its line, for a message. */
static int
message_of(struct mn_pp *pp, const struct mn_token *t, const char **text)
{
    const char *start = mn_source_at(pp->source, t->start), *end = start + (t->end - t->start);
    const char *p = skip_blanks(start + 1) + strlen(t->name);

    p = skip_blanks(p);
    while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *text = p < end ? p : t->name;
    return p < end ? (end - p > 200 ? 200 : (int)(end - p)) : (int)strlen(t->name);
}

/* A directive whose text is no tokens. */
static void
plain_directive(struct mn_pp *pp, const struct mn_token *t)
{
    const char *word = t->name, *text;
    const char *behind = skip_blanks(mn_source_at(pp->source, t->start) + 1) + strlen(word);
    int length;

    if (!strcmp(word, "import") || !strcmp(word, "include") || !strcmp(word, "include_next")) {
        mn_pp_import(pp, t);
    } else if (!strcmp(word, "pragma")) {
        pragma(pp, t, skip_blanks(behind));
    } else if (!strcmp(word, "warning") || !strcmp(word, "error")) {
        length = message_of(pp, t, &text);
        if (*word == 'w')
            mn_warning_at(pp->findings, mn_pp_span(t), "#warning: %.*s", length, text);
        else
            mn_error_at(pp->findings, mn_pp_span(t), "#error: %.*s", length, text);
    } else if (*word >= '0' && *word <= '9') {
        line_number(pp, t, behind - strlen(word));
    } else if (*word && strcmp(word, "ident") != 0 && strcmp(word, "sccs") != 0) {
        mn_pp_error(pp, mn_pp_span(t), "there is no directive '#%s'", word);
    }
}

/* ---- the walk ---- */

static void
directive(struct mn_pp *pp, const struct mn_token *items, uint32_t *at, uint32_t count)
{
    const struct mn_token *t = &items[*at];
    struct mn_line_tokens line = {.items = t + 1, .at = mn_pp_span(t)};

    for (++*at; *at < count && !(items[*at].flags & MN_TOKEN_FIRST) && items[*at].kind != MN_T_END; ++*at)
        line.count++;
    if (conditional(pp, t->name, &line) || !counts(pp))
        return;
    if (!strcmp(t->name, "define"))
        mn_pp_define(pp, &line);
    else if (!strcmp(t->name, "undef"))
        mn_pp_undef(pp, &line);
    else if (!strcmp(t->name, "line"))
        line_number(pp, t, skip_blanks(mn_source_at(pp->source, t->start) + 1) + 4);
    else
        plain_directive(pp, t);
}

static void
emit(struct mn_pp *pp, const struct mn_token *t)
{
    if (t->kind == MN_T_ERROR && t->message)
        mn_error_at(pp->findings, mn_pp_span(t), "%s", t->message);
    if (!mn_tokens_add(&pp->out, t))
        pp->failed = true;
    else
        pp->out.items[pp->out.count - 1].flags |= pp->dialect;
}

/* Behind `_Pragma ( "..." )` at index i, or i. */
static uint32_t
behind_pragma(const struct mn_token *items, uint32_t i, uint32_t count)
{
    return i + 3 < count && !strcmp(items[i].name, "_Pragma") && items[i + 1].kind == MN_T_PAREN_OPEN &&
                   items[i + 2].kind == MN_T_CSTRING && items[i + 3].kind == MN_T_PAREN_CLOSE
               ? i + 4
               : i;
}

static void
walk(struct mn_pp *pp, const struct mn_token *items, uint32_t count)
{
    uint32_t i = 0, end;

    while (i < count && !pp->failed && !pp->tree->arena.failed) {
        const struct mn_token *t = &items[i];

        if (t->kind == MN_T_DIRECTIVE) {
            directive(pp, items, &i, count);
            continue;
        }
        if (!counts(pp)) {
            i++;
            continue;
        }
        if (t->kind == MN_T_WORD) {
            uint32_t begun = pp->out.count;

            if (mn_name_of(t->name)->macro && mn_pp_expand(pp, items, count, &i, &pp->out, false)) {
                for (; begun < pp->out.count; begun++)
                    pp->out.items[begun].flags |= pp->dialect;
                continue;
            }
            if (*t->name == '_' && (end = behind_pragma(items, i, count)) != i) {
                i = end;
                continue;
            }
        }
        emit(pp, t);
        i++;
    }
}

/* A header is read for its declarations: what it implements is the patch's own affair. */
static void
drop_implementations(struct mn_tokens *out, uint32_t from)
{
    uint32_t to = from;
    bool inside = false;

    for (uint32_t i = from; i < out->count; i++) {
        const struct mn_token *t = &out->items[i];

        inside |= t->kind == MN_T_AT_WORD && t->word == MN_AT_IMPLEMENTATION;
        if (!inside)
            out->items[to++] = *t;
        inside &= !(t->kind == MN_T_AT_WORD && t->word == MN_AT_END);
    }
    out->count = to;
}

void
mn_pp_piece(struct mn_pp *pp, const struct mn_source *piece)
{
    const struct mn_source *outer = pp->piece;
    size_t below = pp->conditionals_below;
    uint32_t begun = pp->out.count;
    struct mn_tokens tokens = {0};

    pp->piece = piece;
    pp->conditionals_below = pp->conditionals.count;
    if (mn_lex(pp->tree, piece, piece->kind == MN_PIECE_SYSTEM ? NULL : pp->findings, &tokens))
        walk(pp, tokens.items, tokens.count - 1); /* without the END */
    else
        pp->failed = true;
    mn_tokens_fini(&tokens);
    while (pp->conditionals.count > pp->conditionals_below) {
        mn_pp_error(pp, innermost(pp)->at, "this conditional has no '#endif'");
        pp->conditionals.count--;
    }
    drop_implementations(&pp->out, begun);
    pp->piece = outer;
    pp->conditionals_below = below;
}

/* ---- the entry ---- */

static bool
read_prelude(struct mn_pp *pp)
{
    const struct mn_parse_options *options = pp->options;
    struct mn_source *piece;

    if (!options->prelude)
        return true;
    if (mn_source_add(pp->source, MN_PIECE_SYSTEM, "compiler", mn_pp_compiler_words, strlen(mn_pp_compiler_words),
                      &piece, NULL) != MEND_OK)
        return false;
    mn_pp_piece(pp, piece);
    if (mn_source_add(pp->source, MN_PIECE_SYSTEM, options->prelude_name, options->prelude, options->prelude_length,
                      &piece, NULL) != MEND_OK) {
        mn_pp_error(pp, (struct mn_span){0, 1}, "the headers cannot be read: they are no text or too large");
        return true;
    }
    mn_pp_piece(pp, piece);
    return !pp->failed;
}

/* The main text, whose END token comes along. */
static bool
read_main(struct mn_pp *pp, struct mn_tokens *tokens)
{
    walk(pp, tokens->items, tokens->count - 1);
    while (pp->conditionals.count) {
        mn_pp_error(pp, innermost(pp)->at, "this conditional has no '#endif'");
        pp->conditionals.count--;
    }
    emit(pp, &tokens->items[tokens->count - 1]);
    return !pp->failed && !pp->tree->arena.failed;
}

bool
mn_preprocess(struct mn_tree *tree, struct mn_tokens *tokens, struct mn_source *source,
              const struct mn_parse_options *options, struct mn_findings *findings)
{
    struct mn_pp pp = {.tree = tree,
                       .source = source,
                       .findings = findings,
                       .options = options,
                       .piece = source,
                       .conditionals = MN_LIST_OF(struct mn_conditional),
                       .imported = MN_LIST_OF(const char *),
                       .packs = MN_LIST_OF(struct mn_pack)};
    bool good;

    source->marks.count = source->uses.count = 0; /* of an earlier reading */
    if (!tokens->has_directives && !tokens->has_errors && !options->prelude)
        return true;
    good = mn_pp_predefine(&pp) && read_prelude(&pp) && read_main(&pp, tokens);
    mn_list_fini(&pp.conditionals);
    mn_list_fini(&pp.imported);
    tree->packs = mn_arena_copy(&tree->arena, pp.packs.items, pp.packs.count, sizeof *tree->packs);
    tree->pack_count = tree->packs ? (uint32_t)pp.packs.count : 0;
    mn_list_fini(&pp.packs);
    mn_tokens_fini(tokens);
    *tokens = pp.out;
    return good;
}
