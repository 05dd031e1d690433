/* SPDX-License-Identifier: MIT */
/* Declarations of variables, functions and types; initialisers; annotations. */
#include "lang/objc/parser.h"

/* ---- annotations ---- */

bool
p_is_annotation(const struct parser *p, uint32_t i)
{
    const struct mn_token *t = &p->tokens[i];

    return t->kind == MN_T_AT_WORD && t->word == MN_AT_NONE;
}

bool
p_annotations(struct parser *p, struct mn_annotations *list)
{
    uint32_t mark = p->scratch_count;

    *list = (struct mn_annotations){0};
    while (p_is_annotation(p, p->at)) {
        struct mn_token *t = p_token(p);
        struct mn_annotation a = {.name = {t->name, p_span(t)}};
        uint32_t open;

        p_next(p);
        open = p->at;
        if (p_is(p, MN_T_PAREN_OPEN)) {
            unsigned waiting = p_shelter(p);

            p_next(p);
            if (!p_is(p, MN_T_PAREN_CLOSE) && !(a.argument = p_expression(p)))
                return false;
            p->waiting = waiting;
            if (!p_close(p, open, MN_T_PAREN_CLOSE, "after the annotation's argument"))
                return false;
        }
        a.span = p_span_from(p, a.name.span.start);
        if (!p_push_copy(p, &a, sizeof a))
            return false;
    }
    return p_take_copies(p, mark, sizeof *list->items, &list->items, &list->count);
}

/* ---- initialisers ---- */

static bool
designator(struct parser *p, struct mn_designator *d)
{
    uint32_t open = p->at, start = p_token(p)->start;
    struct mn_word word;
    unsigned waiting;

    *d = (struct mn_designator){0};
    if (p_accept(p, MN_T_DOT)) {
        if (!p_any_word(p, &word, "the name of a field"))
            return false;
        d->name = word.name;
        d->span = word.span;
        return true;
    }
    p_next(p);
    waiting = p_shelter(p);
    d->first = p_conditional(p);
    if (!d->first || (p_accept(p, MN_T_ELLIPSIS) && !(d->last = p_conditional(p))))
        return false;
    p->waiting = waiting;
    if (!p_close(p, open, MN_T_SQUARE_CLOSE, "after the index"))
        return false;
    d->span = p_span_from(p, start);
    return true;
}

/* `.a[1] =`, Mango's `a:`, or nothing */
static bool
designators(struct parser *p, struct mn_designators *path)
{
    uint32_t mark = p->scratch_count;
    struct mn_designator d;

    if (p_is_ident(p, p_token(p)) && p_peek(p, 1)->kind == MN_T_COLON) {
        d = (struct mn_designator){.name = p_token(p)->name, .span = p_span(p_token(p))};
        p->at += 2;
        if (!p_push_copy(p, &d, sizeof d))
            return false;
    } else if (p_is(p, MN_T_DOT) || p_is(p, MN_T_SQUARE_OPEN)) {
        /* `[` may also start a send: it is a designator when '=' follows the whole run */
        uint32_t i = p->at;

        while (i && (p->tokens[i].kind == MN_T_DOT || p->tokens[i].kind == MN_T_SQUARE_OPEN))
            i = p->tokens[i].kind == MN_T_DOT ? i + 2 : p_behind(p, i);
        if (!i || i > p->last || p->tokens[i].kind != MN_T_ASSIGN)
            return true;
        while (p_is(p, MN_T_DOT) || p_is(p, MN_T_SQUARE_OPEN))
            if (!designator(p, &d) || !p_push_copy(p, &d, sizeof d))
                return false;
        p_next(p);
    }
    return p_take_copies(p, mark, sizeof *path->items, &path->items, &path->count);
}

bool
p_init_items(struct parser *p, struct mn_init_items *items)
{
    uint32_t mark = p->scratch_count, open = p->at - 1;
    unsigned waiting = p_shelter(p);

    while (!p_is(p, MN_T_BRACE_CLOSE)) {
        struct mn_init_item item = {0};

        if (!designators(p, &item.path) || !(item.value = p_initializer(p)) ||
            !p_push_copy(p, &item, sizeof item))
            return false;
        if (!p_accept(p, MN_T_COMMA))
            break;
    }
    p->waiting = waiting;
    return p_take_copies(p, mark, sizeof *items->items, &items->items, &items->count) &&
           p_close(p, open, MN_T_BRACE_CLOSE, "after the values");
}

struct mn_expr *
p_initializer(struct parser *p)
{
    uint32_t start = p_token(p)->start;
    struct mn_expr *e;
    bool good;
    unsigned tall_before = p->tall;

    if (!p_is(p, MN_T_BRACE_OPEN))
        return p_assignment(p);
    if (!p_enter(p))
        return NULL;
    e = mn_expr_new(p->tree, MN_EXPR_INIT, p_span(p_token(p)));
    p_next(p);
    good = e && p_init_items(p, &e->init);
    p_leave(p, tall_before);
    if (!good)
        return NULL;
    e->span = p_span_from(p, start);
    return e;
}

/* ---- declarations ---- */

static struct mn_decl *
declare(struct parser *p, const struct p_specifiers *specifiers, const struct p_declarator *declarator,
        uint32_t start)
{
    enum mn_decl_kind kind = specifiers->is_typedef                        ? MN_DECL_TYPEDEF
                             : declarator->type->kind == MN_TNAME_FUNCTION ? MN_DECL_FUNCTION
                                                                           : MN_DECL_VARIABLE;
    struct mn_decl *decl = mn_decl_new(p->tree, kind, p_span_from(p, start));

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
        p_declare(p, decl->name);
    return decl;
}

/* asm ("name") behind a declarator means nothing here */
static void
skip_suffix(struct parser *p)
{
    p_skip_ignored(p);
    while (p_is_word(p, MN_W_ASM) || p_is_word(p, MN_W_ASM_GNU) || p_is_word(p, MN_W_ASM_GNU2)) {
        p_next(p);
        if (p_is(p, MN_T_PAREN_OPEN) && p_behind(p, p->at))
            p->at = p_behind(p, p->at);
        p_skip_ignored(p);
    }
    /* NS_AVAILABLE_LIKE(10_0): an unknown capitals word where only ';' '=' ',' can stand (spec 3) */
    while (p_is(p, MN_T_WORD) && p_token(p)->word == MN_W_NONE && p_token(p)->name[0] >= 'A' &&
           p_token(p)->name[0] <= 'Z') {
        const char *c = p_token(p)->name;

        while (*c && !(*c >= 'a' && *c <= 'z'))
            c++;
        if (*c || (p_token(p)->flags & MN_TOKEN_FIRST))
            return;
        p_next(p);
        if (p_is(p, MN_T_PAREN_OPEN) && p_behind(p, p->at))
            p->at = p_behind(p, p->at);
        p_skip_ignored(p);
    }
}

/* { ... } of a function: its parameters are in scope there. */
static bool
function_body(struct parser *p, struct mn_decl *decl)
{
    uint32_t mark = p->visible_count;
    enum mn_dialect outer = p->dialect;

    for (uint32_t i = 0; i < decl->type->function.params.count; i++)
        p_declare(p, decl->type->function.params.items[i]->name);
    decl->body = p_compound(p);
    p_scope_close(p, mark);
    p->dialect = outer;
    if (!decl->body)
        return false;
    decl->span = p_span_from(p, decl->span.start);
    return true;
}

/* `struct S { ... };` or the definition in front of the first declarator of `struct S { ... } s;` */
static bool
push_tag(struct parser *p, const struct p_specifiers *specifiers, uint32_t start)
{
    struct mn_decl *decl = mn_decl_new(p->tree, MN_DECL_TAG, p_span_from(p, start));

    if (!decl)
        return false;
    decl->type = specifiers->type;
    decl->at = specifiers->type->tag->at;
    decl->dialect = p->dialect;
    return p_push(p, decl);
}

bool
p_declaration(struct parser *p, const struct mn_annotations *annotations, bool functions)
{
    uint32_t start = p_token(p)->start;
    struct p_specifiers specifiers;
    bool tagged;

    if (!p_specifiers(p, &specifiers))
        return false;
    tagged = specifiers.type->kind == MN_TNAME_TAGGED;
    if ((specifiers.defines_tag || (tagged && p_is(p, MN_T_SEMICOLON))) && !push_tag(p, &specifiers, start))
        return false;
    p_skip_ignored(p);
    if (tagged && p_accept(p, MN_T_SEMICOLON))
        return true;
    for (;;) {
        struct p_declarator declarator;
        struct mn_decl *decl;

        if (!p_declarator(p, specifiers.type, 1, &declarator))
            return false;
        decl = declare(p, &specifiers, &declarator, start);
        if (!decl)
            return false;
        if (annotations)
            decl->annotations = *annotations;
        skip_suffix(p);
        if (decl->kind == MN_DECL_FUNCTION && p_is(p, MN_T_BRACE_OPEN)) {
            if (functions)
                return function_body(p, decl) && p_push(p, decl);
            p_error(p, p_span(p_token(p)), "a function cannot be defined inside another one: write a block");
            return false;
        }
        if (p_accept(p, MN_T_ASSIGN) && !(decl->init = p_initializer(p)))
            return false;
        decl->span = p_span_from(p, start);
        if (!p_push(p, decl))
            return false;
        if (!p_accept(p, MN_T_COMMA))
            break;
    }
    return p_expect(p, MN_T_SEMICOLON, "after the declaration");
}
