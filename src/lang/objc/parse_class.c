/* SPDX-License-Identifier: MIT */
/* Classes, categories and protocols in both surfaces (spec/mango.md section 5); what is in them:
 * parse_member.c. */
#include "lang/objc/parser.h"

#include <string.h>

/* `App.Item` is one name. */
bool
mn_p_class_name(struct parser *p, struct mn_word *word, const char *what)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    if (!mn_p_ident(p, word, what))
        return false;
    if (!mn_p_is(p, MN_T_DOT))
        return true;
    mn_buffer_text(&text, word->name);
    while (mn_p_accept(p, MN_T_DOT)) {
        struct mn_word part;

        if (!mn_p_ident(p, &part, "a name after '.'"))
            break;
        mn_buffer_char(&text, '.');
        mn_buffer_text(&text, part.name);
        word->span.end = part.span.end;
    }
    word->name = text.failed ? NULL : mn_tree_name(p->tree, mn_buffer_peek(&text), text.length);
    p->tree->arena.failed |= word->name == NULL;
    mn_buffer_fini(&text);
    return word->name != NULL;
}

/* <__covariant T : id, U> */
static bool
generic_params(struct parser *p, struct mn_words *words)
{
    uint32_t mark = p->scratch_count;

    mn_p_next(p);
    do {
        struct mn_word word;

        mn_p_skip_ignored(p);
        if (!mn_p_ident(p, &word, "the name of a type parameter") || !mn_p_push_copy(p, &word, sizeof word))
            return false;
        if (mn_p_accept(p, MN_T_COLON) && !mn_p_type_name(p))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_angle_close(p) &&
           mn_p_take_copies(p, mark, sizeof *words->items, &words->items, &words->count);
}

/* Whether the '<' at the next token lists type parameters: then ':' or '(' follows it. */
static bool
lists_generics(const struct parser *p)
{
    uint32_t i = p->at;
    int open = 0;

    for (; i < p->last; i++) {
        if (p->tokens[i].kind == MN_T_LESS)
            open++;
        else if (p->tokens[i].kind == MN_T_GREATER && --open == 0)
            break;
        else if (p->tokens[i].kind == MN_T_BRACE_OPEN || p->tokens[i].kind == MN_T_AT_WORD)
            return false;
    }
    return p->tokens[i + (i < p->last)].kind == MN_T_COLON ||
           p->tokens[i + (i < p->last)].kind == MN_T_PAREN_OPEN;
}

/* `: Super <args>` or `(Category)`, then `<Protocols>` */
static bool
heritage(struct parser *p, struct mn_class_decl *c)
{
    uint32_t open = p->at;

    if (mn_p_accept(p, MN_T_COLON)) {
        struct mn_tnames ignored;

        if (!mn_p_annotations(p, &c->superclass_annotations) ||
            !mn_p_class_name(p, &c->superclass, "the name of the superclass"))
            return false;
        /* X : Y <A> <P> has arguments and protocols; a single list means protocols, and names are both */
        if (mn_p_is(p, MN_T_LESS) && mn_p_peek(p, 2)->kind == MN_T_STAR)
            return mn_p_generic_args(p, &ignored) &&
                   (!mn_p_is(p, MN_T_LESS) || mn_p_protocol_refs(p, &c->protocols));
    } else if (c->form != MN_FORM_PROTOCOL && mn_p_accept(p, MN_T_PAREN_OPEN)) {
        c->has_category = true;
        if (mn_p_is_ident(p, mn_p_token(p)) && !mn_p_ident(p, &c->category, "the name of the category"))
            return false;
        if (!mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the category"))
            return false;
    }
    if (mn_p_is(p, MN_T_LESS) && !mn_p_protocol_refs(p, &c->protocols))
        return false;
    return !mn_p_is(p, MN_T_LESS) || mn_p_protocol_refs(p, &c->protocols);
}

/* ---- the body ---- */

static bool
copy_list(struct parser *p, const struct mn_list *list, void *items, uint32_t *count)
{
    void *copy = mn_arena_copy(&p->tree->arena, list->items, list->count, list->size);

    memcpy(items, &copy, sizeof copy);
    *count = copy ? (uint32_t)list->count : 0;
    return copy || !list->count;
}

static bool
keep_members(struct parser *p, struct mn_class_decl *c, const struct mn_p_members *m)
{
    return copy_list(p, &m->properties, &c->properties, &c->property_count) &&
           copy_list(p, &m->methods, &c->methods, &c->method_count) &&
           copy_list(p, &m->synthesized, &c->synthesized, &c->synthesized_count) &&
           copy_list(p, &m->dynamic, &c->dynamic.items, &c->dynamic.count) &&
           copy_list(p, &m->decls, &c->decls.items, &c->decls.count) &&
           copy_list(p, &m->ivars, &c->ivars.items, &c->ivars.count);
}

static bool
ends_members(const struct parser *p, bool braces)
{
    if (mn_p_is(p, MN_T_END) || (braces && mn_p_is(p, MN_T_BRACE_CLOSE)))
        return true;
    return mn_p_is_at(p, MN_AT_END) || mn_p_is_at(p, MN_AT_INTERFACE) || mn_p_is_at(p, MN_AT_IMPLEMENTATION);
}

/* Members up to the end of the body. An error costs one member. */
static bool
members(struct parser *p, struct mn_class_decl *c, struct mn_p_members *m, bool braces)
{
    while (!ends_members(p, braces)) {
        uint32_t mark = p->scratch_count, visible = p->visible_count;
        unsigned depth = p->depth;

        p->waiting = 0;
        if (mn_p_member(p, c, m))
            continue;
        if (p->tree->arena.failed || p->stopped)
            return false;
        p->scratch_count = mark;
        p->depth = depth;
        mn_p_scope_close(p, visible);
        mn_p_sync_member(p, braces);
    }
    return true;
}

static bool
body(struct parser *p, struct mn_class_decl *c, bool braces)
{
    struct mn_p_members m = {.properties = MN_LIST_OF(struct mn_property_decl *),
                             .methods = MN_LIST_OF(struct mn_method_decl *),
                             .synthesized = MN_LIST_OF(struct mn_synthesize),
                             .dynamic = MN_LIST_OF(struct mn_word),
                             .decls = MN_LIST_OF(struct mn_decl *),
                             .ivars = MN_LIST_OF(struct mn_decl *)};
    enum mn_dialect outer = p->dialect;
    bool good;

    p->dialect = c->dialect;
    if (!braces && mn_p_is(p, MN_T_BRACE_OPEN) && c->form != MN_FORM_PROTOCOL && !mn_p_ivars(p, &m))
        mn_p_sync_member(p, false);
    good = members(p, c, &m, braces) && keep_members(p, c, &m);
    p->dialect = outer;
    mn_list_fini(&m.properties);
    mn_list_fini(&m.methods);
    mn_list_fini(&m.synthesized);
    mn_list_fini(&m.dynamic);
    mn_list_fini(&m.decls);
    mn_list_fini(&m.ivars);
    return good;
}

/* What rules a class body: the caller's choice, a #pragma, else the form (spec 1.2). */
static enum mn_dialect
dialect_of(const struct parser *p, enum mn_dialect form)
{
    if (p->options->dialect_given)
        return p->options->dialect;
    if (mn_p_token(p)->flags & MN_TOKEN_MANGO)
        return MN_DIALECT_MANGO;
    return mn_p_token(p)->flags & MN_TOKEN_OBJC ? MN_DIALECT_OBJC : form;
}

static struct mn_class_decl *
class_new(struct parser *p, enum mn_class_form form, const struct mn_annotations *annotations)
{
    struct mn_class_decl *c = mn_arena_alloc(&p->tree->arena, sizeof *c);

    if (!c)
        return NULL;
    c->form = form;
    c->dialect = dialect_of(p, form == MN_FORM_MANGO_CLASS ? MN_DIALECT_MANGO : MN_DIALECT_OBJC);
    c->at = c->span = mn_p_span(mn_p_token(p));
    c->annotations = *annotations;
    return c;
}

static bool
end_word(struct parser *p, const struct mn_class_decl *c)
{
    static const char *const words[] = {"@interface", "@implementation", "class", "@protocol"};

    if (mn_p_is_at(p, MN_AT_END)) {
        mn_p_next(p);
        return true;
    }
    if (p->stopped)
        return false;
    mn_p_error(p, mn_p_span(mn_p_token(p)), "expected '@end'");
    mn_note_at(p->findings, c->at, "to close this '%s'", words[c->form]);
    return true; /* what was read is whole; the error is recorded */
}

struct mn_class_decl *
mn_p_class(struct parser *p, const struct mn_annotations *annotations)
{
    enum mn_class_form form = mn_p_is_at(p, MN_AT_INTERFACE)  ? MN_FORM_INTERFACE
                              : mn_p_is_at(p, MN_AT_PROTOCOL) ? MN_FORM_PROTOCOL
                                                              : MN_FORM_IMPLEMENTATION;
    struct mn_class_decl *c = class_new(p, form, annotations);

    mn_p_next(p);
    if (!c || !mn_p_class_name(p, &c->name,
                               form == MN_FORM_PROTOCOL ? "the name of a protocol" : "the name of a class"))
        return NULL;
    if (form != MN_FORM_PROTOCOL && mn_p_is(p, MN_T_LESS) && lists_generics(p) &&
        !generic_params(p, &c->generics))
        return NULL;
    if (!heritage(p, c) || !body(p, c, false) || !end_word(p, c))
        return NULL;
    c->span = mn_p_span_from(p, c->at.start);
    return c;
}

struct mn_class_decl *
mn_p_mango_class(struct parser *p, const struct mn_annotations *annotations)
{
    struct mn_class_decl *c = class_new(p, MN_FORM_MANGO_CLASS, annotations);
    uint32_t open;

    mn_p_next(p);
    if (!c || !mn_p_class_name(p, &c->name, "the name of a class") || !heritage(p, c))
        return NULL;
    open = p->at;
    if (!mn_p_expect(p, MN_T_BRACE_OPEN, "to open the body of the class"))
        return NULL;
    if (!body(p, c, true))
        return NULL;
    if (!mn_p_close(p, open, MN_T_BRACE_CLOSE, "to end the class"))
        return NULL;
    c->span = mn_p_span_from(p, c->at.start);
    mn_p_accept(p, MN_T_SEMICOLON);
    return c;
}
