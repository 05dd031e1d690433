/* SPDX-License-Identifier: MIT */
/* Declarations of variables, functions and types; initialisers; annotations. */
#include "lang/objc/parser.h"

/* ---- annotations ---- */

bool
mn_p_is_annotation(const struct parser *p, uint32_t i)
{
    const struct mn_token *t = &p->tokens[i];

    return t->kind == MN_T_AT_WORD && t->word == MN_AT_NONE;
}

bool
mn_p_annotations(struct parser *p, struct mn_annotations *list)
{
    uint32_t mark = p->scratch_count;

    *list = (struct mn_annotations){0};
    while (mn_p_is_annotation(p, p->at)) {
        struct mn_token *t = mn_p_token(p);
        struct mn_annotation a = {.name = {t->name, mn_p_span(t)}};
        uint32_t open;

        mn_p_next(p);
        open = p->at;
        if (mn_p_is(p, MN_T_PAREN_OPEN)) {
            unsigned waiting = mn_p_shelter(p);

            mn_p_next(p);
            if (!mn_p_is(p, MN_T_PAREN_CLOSE) && !(a.argument = mn_p_expression(p)))
                return false;
            p->waiting = waiting;
            if (!mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the annotation's argument"))
                return false;
        }
        a.span = mn_p_span_from(p, a.name.span.start);
        if (!mn_p_push_copy(p, &a, sizeof a))
            return false;
    }
    return mn_p_take_copies(p, mark, sizeof *list->items, &list->items, &list->count);
}

/* ---- initialisers ---- */

static bool
designator(struct parser *p, struct mn_designator *d)
{
    uint32_t open = p->at, start = mn_p_token(p)->start;
    struct mn_word word;
    unsigned waiting;

    *d = (struct mn_designator){0};
    if (mn_p_accept(p, MN_T_DOT)) {
        if (!mn_p_any_word(p, &word, "the name of a field"))
            return false;
        d->name = word.name;
        d->span = word.span;
        return true;
    }
    mn_p_next(p);
    waiting = mn_p_shelter(p);
    d->first = mn_p_conditional(p);
    if (!d->first || (mn_p_accept(p, MN_T_ELLIPSIS) && !(d->last = mn_p_conditional(p))))
        return false;
    p->waiting = waiting;
    if (!mn_p_close(p, open, MN_T_SQUARE_CLOSE, "after the index"))
        return false;
    d->span = mn_p_span_from(p, start);
    return true;
}

/* `.a[1] =`, Mango's `a:`, or nothing */
static bool
designators(struct parser *p, struct mn_designators *path)
{
    uint32_t mark = p->scratch_count;
    struct mn_designator d;

    if (mn_p_is_ident(p, mn_p_token(p)) && mn_p_peek(p, 1)->kind == MN_T_COLON) {
        d = (struct mn_designator){.name = mn_p_token(p)->name, .span = mn_p_span(mn_p_token(p))};
        p->at += 2;
        if (!mn_p_push_copy(p, &d, sizeof d))
            return false;
    } else if (mn_p_is(p, MN_T_DOT) || mn_p_is(p, MN_T_SQUARE_OPEN)) {
        /* `[` may also start a send: it is a designator when '=' follows the whole run */
        uint32_t i = p->at;

        while (i && (p->tokens[i].kind == MN_T_DOT || p->tokens[i].kind == MN_T_SQUARE_OPEN))
            i = p->tokens[i].kind == MN_T_DOT ? i + 2 : mn_p_behind(p, i);
        if (!i || i > p->last || p->tokens[i].kind != MN_T_ASSIGN)
            return true;
        while (mn_p_is(p, MN_T_DOT) || mn_p_is(p, MN_T_SQUARE_OPEN))
            if (!designator(p, &d) || !mn_p_push_copy(p, &d, sizeof d))
                return false;
        mn_p_next(p);
    }
    return mn_p_take_copies(p, mark, sizeof *path->items, &path->items, &path->count);
}

bool
mn_p_init_items(struct parser *p, struct mn_init_items *items)
{
    uint32_t mark = p->scratch_count, open = p->at - 1;
    unsigned waiting = mn_p_shelter(p);

    while (!mn_p_is(p, MN_T_BRACE_CLOSE)) {
        struct mn_init_item item = {0};

        if (!designators(p, &item.path) || !(item.value = mn_p_initializer(p)) ||
            !mn_p_push_copy(p, &item, sizeof item))
            return false;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    p->waiting = waiting;
    return mn_p_take_copies(p, mark, sizeof *items->items, &items->items, &items->count) &&
           mn_p_close(p, open, MN_T_BRACE_CLOSE, "after the values");
}

struct mn_expr *
mn_p_initializer(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start;
    struct mn_expr *e;
    bool good;
    unsigned tall_before = p->tall;

    if (!mn_p_is(p, MN_T_BRACE_OPEN))
        return mn_p_assignment(p);
    if (!mn_p_enter(p))
        return NULL;
    e = mn_expr_new(p->tree, MN_EXPR_INIT, mn_p_span(mn_p_token(p)));
    mn_p_next(p);
    good = e && mn_p_init_items(p, &e->init);
    mn_p_leave(p, tall_before);
    if (!good)
        return NULL;
    e->span = mn_p_span_from(p, start);
    return e;
}

/* ---- declarations ---- */

static struct mn_decl *
declare(struct parser *p, const struct mn_p_specifiers *specifiers, const struct mn_p_declarator *declarator,
        uint32_t start)
{
    enum mn_decl_kind kind = specifiers->is_typedef                        ? MN_DECL_TYPEDEF
                             : declarator->type->kind == MN_TNAME_FUNCTION ? MN_DECL_FUNCTION
                                                                           : MN_DECL_VARIABLE;
    struct mn_decl *decl = mn_decl_new(p->tree, kind, mn_p_span_from(p, start));

    if (!decl)
        return NULL;
    decl->name = declarator->name.name;
    decl->at = declarator->name.span;
    decl->type = declarator->type;
    decl->storage = specifiers->storage;
    decl->dialect = p->dialect;
    decl->ownership = declarator->type->ownership ? declarator->type->ownership : specifiers->ownership;
    if (kind == MN_DECL_TYPEDEF)
        mn_name_of(decl->name)->is_type = true;
    else
        mn_p_declare(p, decl->name);
    return decl;
}

/* asm ("name") behind a declarator means nothing here */
static void
skip_suffix(struct parser *p)
{
    mn_p_skip_ignored(p);
    while (mn_p_is_word(p, MN_W_ASM) || mn_p_is_word(p, MN_W_ASM_GNU) || mn_p_is_word(p, MN_W_ASM_GNU2)) {
        mn_p_next(p);
        if (mn_p_is(p, MN_T_PAREN_OPEN) && mn_p_behind(p, p->at))
            p->at = mn_p_behind(p, p->at);
        mn_p_skip_ignored(p);
    }
    /* NS_AVAILABLE_LIKE(10_0): an unknown capitals word where only ';' '=' ',' can stand (spec 3) */
    while (mn_p_is(p, MN_T_WORD) && mn_p_token(p)->word == MN_W_NONE && mn_p_token(p)->name[0] >= 'A' &&
           mn_p_token(p)->name[0] <= 'Z') {
        const char *c = mn_p_token(p)->name;

        while (*c && !(*c >= 'a' && *c <= 'z'))
            c++;
        if (*c || (mn_p_token(p)->flags & MN_TOKEN_FIRST))
            return;
        mn_p_next(p);
        if (mn_p_is(p, MN_T_PAREN_OPEN) && mn_p_behind(p, p->at))
            p->at = mn_p_behind(p, p->at);
        mn_p_skip_ignored(p);
    }
}

/* { ... } of a function: its parameters are in scope there. */
static bool
function_body(struct parser *p, struct mn_decl *decl)
{
    uint32_t mark = p->visible_count;
    enum mn_dialect outer = p->dialect;

    for (uint32_t i = 0; i < decl->type->function.params.count; i++)
        mn_p_declare(p, decl->type->function.params.items[i]->name);
    decl->body = mn_p_compound(p);
    mn_p_scope_close(p, mark);
    p->dialect = outer;
    if (!decl->body)
        return false;
    decl->span = mn_p_span_from(p, decl->span.start);
    return true;
}

/* `struct S { ... };` or the definition in front of the first declarator of `struct S { ... } s;` */
static bool
push_tag(struct parser *p, const struct mn_p_specifiers *specifiers, uint32_t start)
{
    struct mn_decl *decl = mn_decl_new(p->tree, MN_DECL_TAG, mn_p_span_from(p, start));

    if (!decl)
        return false;
    decl->type = specifiers->type;
    decl->at = specifiers->type->tag->at;
    decl->dialect = p->dialect;
    return mn_p_push(p, decl);
}

bool
mn_p_declaration(struct parser *p, const struct mn_annotations *annotations, bool functions)
{
    uint32_t start = mn_p_token(p)->start;
    struct mn_p_specifiers specifiers;
    bool tagged;

    if (!mn_p_specifiers(p, &specifiers))
        return false;
    tagged = specifiers.type->kind == MN_TNAME_TAGGED;
    if ((specifiers.defines_tag || (tagged && mn_p_is(p, MN_T_SEMICOLON))) &&
        !push_tag(p, &specifiers, start))
        return false;
    mn_p_skip_ignored(p);
    if (tagged && mn_p_accept(p, MN_T_SEMICOLON))
        return true;
    for (;;) {
        struct mn_p_declarator declarator;
        struct mn_decl *decl;

        if (!mn_p_declarator(p, specifiers.type, 1, &declarator))
            return false;
        decl = declare(p, &specifiers, &declarator, start);
        if (!decl)
            return false;
        if (annotations)
            decl->annotations = *annotations;
        skip_suffix(p);
        if (decl->kind == MN_DECL_FUNCTION && mn_p_is(p, MN_T_BRACE_OPEN)) {
            if (functions)
                return function_body(p, decl) && mn_p_push(p, decl);
            mn_p_error(p, mn_p_span(mn_p_token(p)),
                       "a function cannot be defined inside another one: write a block");
            return false;
        }
        if (mn_p_accept(p, MN_T_ASSIGN) && !(decl->init = mn_p_initializer(p)))
            return false;
        decl->span = mn_p_span_from(p, start);
        if (!mn_p_push(p, decl))
            return false;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    return mn_p_expect(p, MN_T_SEMICOLON, "after the declaration");
}
