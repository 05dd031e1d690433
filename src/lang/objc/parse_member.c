/* SPDX-License-Identifier: MIT */
/* Members of a class: methods, properties, instance variables, @synthesize (spec/mango.md sections 6 to 8).
 */
#include "lang/objc/parser.h"

#include <string.h>

/* Appends a pointer or struct; false when memory has run out. */
static bool
append(struct parser *p, struct mn_list *list, const void *item)
{
    void *place = mn_list_add(list);

    if (!place) {
        p->tree->arena.failed = true;
        return false;
    }
    memcpy(place, item, list->size);
    return true;
}

bool
mn_p_ivars(struct parser *p, struct mn_p_members *members)
{
    uint32_t open = p->at, mark = p->scratch_count;

    mn_p_next(p);
    if (!mn_p_fields(p, MN_VISIBILITY_PROTECTED) ||
        !mn_p_close(p, open, MN_T_BRACE_CLOSE, "after the instance variables"))
        return false;
    for (uint32_t i = mark; i < p->scratch_count; i++)
        if (!append(p, &members->ivars, &p->scratch[i]))
            return false;
    p->scratch_count = mark;
    return true;
}

/* ---- methods ---- */

/* word? ':' (type)? name */
static bool
method_part(struct parser *p, struct mn_buffer *selector)
{
    struct mn_decl *param;
    struct mn_word word;

    if (mn_p_is(p, MN_T_WORD)) {
        mn_buffer_text(selector, mn_p_token(p)->name);
        mn_p_next(p);
    }
    mn_buffer_char(selector, ':');
    if (!mn_p_expect(p, MN_T_COLON, "in the method's name"))
        return false;
    param = mn_decl_new(p->tree, MN_DECL_PARAMETER, mn_p_span(mn_p_token(p)));
    if (!param || (mn_p_is(p, MN_T_PAREN_OPEN) && !(param->type = mn_p_method_type(p))))
        return false;
    mn_p_skip_ignored(p);
    if (!mn_p_ident(p, &word, "the name of a parameter"))
        return false;
    param->name = word.name;
    param->at = word.span;
    param->dialect = p->dialect;
    param->ownership = param->type ? param->type->ownership : MN_OWNERSHIP_UNSAID;
    param->span = mn_p_span_from(p, param->span.start);
    return mn_p_push(p, param);
}

/* Whether another part follows: `word:` or ':', and not the start of what comes after the head. */
static bool
more_parts(const struct parser *p)
{
    return mn_p_is(p, MN_T_COLON) || (mn_p_is(p, MN_T_WORD) && mn_p_peek(p, 1)->kind == MN_T_COLON);
}

static bool
method_selector(struct parser *p, struct mn_method_decl *m)
{
    struct mn_buffer selector = MN_BUFFER_EMPTY;
    uint32_t mark = p->scratch_count;
    bool good = true;

    m->at = mn_p_span(mn_p_token(p));
    if (!mn_p_is(p, MN_T_WORD) && !mn_p_is(p, MN_T_COLON)) {
        mn_p_expected(p, "the name of a method", NULL);
        return false;
    }
    if (!more_parts(p)) {
        m->selector = mn_p_token(p)->name;
        mn_p_next(p);
        return true;
    }
    while (good && more_parts(p))
        good = method_part(p, &selector);
    if (good && mn_p_is(p, MN_T_COMMA) && mn_p_peek(p, 1)->kind == MN_T_ELLIPSIS) {
        m->variadic = true;
        p->at += 2;
    }
    good = good && mn_p_take(p, mark, &m->params.items, &m->params.count);
    if (selector.failed)
        p->tree->arena.failed = true;
    else if (good)
        m->selector = mn_tree_name(p->tree, mn_buffer_peek(&selector), selector.length);
    mn_buffer_fini(&selector);
    return good && m->selector;
}

static bool
method_body(struct parser *p, struct mn_method_decl *m)
{
    uint32_t visible = p->visible_count;

    for (uint32_t i = 0; i < m->params.count; i++)
        mn_p_declare(p, m->params.items[i]->name);
    m->body = mn_p_compound(p);
    mn_p_scope_close(p, visible);
    return m->body != NULL;
}

/* Words behind a head that mean nothing: NS_DESIGNATED_INITIALIZER and unknown ones in capitals. */
static void
skip_method_suffix(struct parser *p)
{
    for (;;) {
        mn_p_skip_ignored(p);
        if (!mn_p_is(p, MN_T_WORD) || mn_p_token(p)->word != MN_W_NONE)
            return;
        mn_p_next(p);
        if (mn_p_is(p, MN_T_PAREN_OPEN) && mn_p_behind(p, p->at))
            p->at = mn_p_behind(p, p->at);
    }
}

static bool
method(struct parser *p, struct mn_class_decl *owner, struct mn_p_members *members,
       const struct mn_annotations *annotations)
{
    struct mn_method_decl *m = mn_arena_alloc(&p->tree->arena, sizeof *m);
    bool declares = owner->form == MN_FORM_INTERFACE || owner->form == MN_FORM_PROTOCOL;
    uint32_t start = mn_p_token(p)->start;

    if (!m)
        return false;
    m->is_class = mn_p_is(p, MN_T_PLUS);
    m->optional = members->optional;
    m->dialect = p->dialect;
    m->annotations = *annotations;
    mn_p_next(p);
    if (mn_p_is(p, MN_T_PAREN_OPEN) && !(m->result = mn_p_method_type(p)))
        return false;
    if (!method_selector(p, m))
        return false;
    skip_method_suffix(p);
    if (declares) {
        if (!mn_p_expect(p, MN_T_SEMICOLON, "after the declaration of a method"))
            return false;
    } else {
        mn_p_accept(p, MN_T_SEMICOLON);
        if (!mn_p_is(p, MN_T_BRACE_OPEN)) {
            mn_p_expected(p, "'{'", "to open the method's body");
            return false;
        }
        if (!method_body(p, m))
            return false;
    }
    m->span = mn_p_span_from(p, start);
    return append(p, &members->methods, &m);
}

/* ---- properties ---- */

static bool
accessor(struct parser *p, struct mn_property_decl *template, bool setter)
{
    struct mn_word word;
    const char *name;

    if (!mn_p_expect(p, MN_T_ASSIGN, setter ? "after 'setter'" : "after 'getter'") ||
        !mn_p_any_word(p, &word, "the name of a method"))
        return false;
    name = word.name;
    if (mn_p_accept(p, MN_T_COLON)) {
        char *with_colon = mn_arena_printf(&p->tree->arena, "%s:", word.name);

        name = with_colon ? mn_tree_name(p->tree, with_colon, strlen(with_colon)) : NULL;
    } else if (setter) {
        mn_p_expected(p, "':'", "after the name of a setter");
        return false;
    }
    *(setter ? &template->setter : &template->getter) = name;
    return name != NULL;
}

static bool
property_attribute(struct parser *p, struct mn_property_decl *template)
{
    static const struct {
        const char *word;
        unsigned flag;
    } words[] = {{"nonatomic", MN_PROP_NONATOMIC},
                 {"atomic", MN_PROP_ATOMIC},
                 {"readonly", MN_PROP_READONLY},
                 {"readwrite", MN_PROP_READWRITE},
                 {"copy", MN_PROP_COPY},
                 {"strong", MN_PROP_STRONG},
                 {"retain", MN_PROP_STRONG},
                 {"weak", MN_PROP_WEAK},
                 {"assign", MN_PROP_ASSIGN},
                 {"unsafe_unretained", MN_PROP_ASSIGN},
                 {"class", MN_PROP_CLASS},
                 {"direct", 0},
                 {"nonnull", 0},
                 {"nullable", 0},
                 {"null_resettable", 0},
                 {"null_unspecified", 0}};
    struct mn_word word;

    if (!mn_p_any_word(p, &word, "an attribute of the property"))
        return false;
    if (!strcmp(word.name, "getter") || !strcmp(word.name, "setter"))
        return accessor(p, template, word.name[0] == 's');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].word, word.name)) {
            template->flags |= words[i].flag;
            return true;
        }
    mn_warning_at(p->findings, word.span, "unknown property attribute '%s' is ignored", word.name);
    if (mn_p_accept(p, MN_T_ASSIGN)) {
        mn_p_next(p);
        mn_p_accept(p, MN_T_COLON);
    }
    return true;
}

static bool
property_attributes(struct parser *p, struct mn_property_decl *template)
{
    uint32_t open = p->at;

    if (!mn_p_accept(p, MN_T_PAREN_OPEN))
        return true;
    while (!mn_p_is(p, MN_T_PAREN_CLOSE)) {
        if (!property_attribute(p, template))
            return false;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the property's attributes");
}

static bool
property(struct parser *p, struct mn_p_members *members, const struct mn_annotations *annotations)
{
    struct mn_property_decl template = {.annotations = *annotations, .span = mn_p_span(mn_p_token(p))};
    struct mn_p_specifiers specifiers;

    mn_p_next(p);
    if (members->optional)
        template.flags |= MN_PROP_OPTIONAL;
    if (!property_attributes(p, &template) || !mn_p_specifiers(p, &specifiers))
        return false;
    do {
        struct mn_p_declarator declarator;
        struct mn_property_decl *made;

        mn_p_skip_ignored(p);
        if (!mn_p_declarator(p, specifiers.type, 1, &declarator))
            return false;
        template.name = declarator.name;
        template.type = declarator.type;
        template.span = mn_p_span_from(p, template.span.start);
        made = mn_arena_copy(&p->tree->arena, &template, 1, sizeof template);
        if (!made || !append(p, &members->properties, &made))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    skip_method_suffix(p);
    return mn_p_expect(p, MN_T_SEMICOLON, "after the property");
}

/* ---- @synthesize a = _a, b;  @dynamic c; ---- */

static bool
synthesize(struct parser *p, struct mn_p_members *members)
{
    mn_p_next(p);
    do {
        struct mn_synthesize one = {0};

        if (!mn_p_ident(p, &one.name, "the name of a property"))
            return false;
        if (mn_p_accept(p, MN_T_ASSIGN) && !mn_p_ident(p, &one.ivar, "the name of an instance variable"))
            return false;
        if (!append(p, &members->synthesized, &one))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_expect(p, MN_T_SEMICOLON, "after '@synthesize'");
}

static bool
dynamic(struct parser *p, struct mn_p_members *members)
{
    mn_p_next(p);
    do {
        struct mn_word word;

        if (!mn_p_ident(p, &word, "the name of a property") || !append(p, &members->dynamic, &word))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_expect(p, MN_T_SEMICOLON, "after '@dynamic'");
}

/* ---- any ---- */

/* Functions, variables and types between the members belong to the file. */
static bool
file_declaration(struct parser *p, struct mn_p_members *members, const struct mn_annotations *annotations)
{
    uint32_t mark = p->scratch_count;

    if (!mn_p_declaration(p, annotations, true))
        return false;
    for (uint32_t i = mark; i < p->scratch_count; i++)
        if (!append(p, &members->decls, &p->scratch[i]))
            return false;
    p->scratch_count = mark;
    return true;
}

static bool
at_member(struct parser *p, struct mn_p_members *members, const struct mn_annotations *annotations)
{
    const struct mn_token *t = mn_p_token(p);

    switch (t->word) {
    case MN_AT_PROPERTY:
        return property(p, members, annotations);
    case MN_AT_SYNTHESIZE:
        return synthesize(p, members);
    case MN_AT_DYNAMIC:
        return dynamic(p, members);
    case MN_AT_OPTIONAL:
    case MN_AT_REQUIRED:
        members->optional = t->word == MN_AT_OPTIONAL;
        mn_p_next(p);
        return true;
    default:
        mn_p_error(p, mn_p_span(t), "'@%s' cannot stand among the members of a class", t->name);
        return false;
    }
}

static void
obey_pragma(struct parser *p)
{
    if (p->options->dialect_given)
        return;
    if (mn_p_token(p)->flags & MN_TOKEN_MANGO)
        p->dialect = MN_DIALECT_MANGO;
    else if (mn_p_token(p)->flags & MN_TOKEN_OBJC)
        p->dialect = MN_DIALECT_OBJC;
}

bool
mn_p_member(struct parser *p, struct mn_class_decl *owner, struct mn_p_members *members)
{
    struct mn_annotations annotations = {0};

    obey_pragma(p);
    if (mn_p_accept(p, MN_T_SEMICOLON))
        return true;
    if (mn_p_is_annotation(p, p->at) && !mn_p_starts_declaration(p) && !mn_p_annotations(p, &annotations))
        return false;
    if (mn_p_is(p, MN_T_MINUS) || mn_p_is(p, MN_T_PLUS))
        return method(p, owner, members, &annotations);
    if (mn_p_is(p, MN_T_AT_WORD) && !mn_p_starts_declaration(p))
        return at_member(p, members, &annotations);
    if (mn_p_is(p, MN_T_BRACE_OPEN) && owner->form != MN_FORM_PROTOCOL)
        return mn_p_ivars(p, members);
    if (!mn_p_starts_declaration(p)) {
        uint32_t ignored = mn_p_scan_ignored(p, p->at);

        if (ignored > p->at) {
            p->at = ignored;
            return true;
        }
        mn_p_expected(p, "a member", "of the class (a method begins with '-' or '+')");
        return false;
    }
    return file_declaration(p, members, &annotations);
}
