/* SPDX-License-Identifier: MIT */
/*
 * Directives (spec/mango.md section 3). A source without any is left alone: its tokens are used as they are.
 *
 * #import, #include and #pragma mean nothing to the code and vanish; invalid tokens are reported here, once
 * text that does not count has been taken out.
 */
#include "lang/objc/parser.h"

#include <string.h>

struct filter {
    struct mn_tokens *tokens;
    const struct mn_source *source;
    struct mn_findings *findings;
    uint32_t in, out;
};

static struct mn_span
span_of(const struct mn_token *t)
{
    return (struct mn_span){t->start, t->end};
}

/* Behind the last token of the directive's line. */
static void
skip_line(struct filter *f)
{
    f->in++;
    while (f->tokens->items[f->in].kind != MN_T_END && !(f->tokens->items[f->in].flags & MN_TOKEN_FIRST))
        f->in++;
}

static void
directive(struct filter *f)
{
    static const char *const known[] = {"import", "include", "pragma", "line", "warning", "ident"};
    const struct mn_token *t = &f->tokens->items[f->in];
    int length = (int)(t->end - t->start);
    bool harmless = !*t->name;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        harmless |= !strcmp(t->name, known[i]);
    if (!strcmp(t->name, "warning"))
        mn_warning_at(f->findings, span_of(t), "%.*s", length > 200 ? 200 : length,
                      f->source->text + t->start);
    else if (!strcmp(t->name, "error"))
        mn_error_at(f->findings, span_of(t), "%.*s", length > 200 ? 200 : length, f->source->text + t->start);
    else if (!harmless)
        mn_error_at(f->findings, span_of(t), "not supported yet in this version: #%s", t->name);
    skip_line(f);
}

bool
mn_preprocess(struct mn_tree *tree, struct mn_tokens *tokens, const struct mn_source *source,
              const struct mn_parse_options *options, struct mn_findings *findings)
{
    struct filter f = {.tokens = tokens, .source = source, .findings = findings};

    (void)tree;
    (void)options;
    if (!tokens->has_directives && !tokens->has_errors)
        return true;
    while (f.in < tokens->count) {
        struct mn_token *t = &tokens->items[f.in];

        if (t->kind == MN_T_DIRECTIVE) {
            directive(&f);
            continue;
        }
        if (t->kind == MN_T_ERROR)
            mn_error_at(findings, span_of(t), "%s", t->message);
        tokens->items[f.out++] = *t;
        f.in++;
    }
    tokens->count = f.out;
    return true;
}
