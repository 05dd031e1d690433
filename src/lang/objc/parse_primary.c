/* SPDX-License-Identifier: MIT */
/* Operands: names, parentheses and casts, sends in brackets, blocks, intrinsics. */
#include "lang/objc/parser.h"

#include <string.h>

/* ---- parentheses ---- */

/* Whether a token can only begin an operand, so that `(name) token` is a cast. */
static bool
begins_operand(const struct parser *p, const struct mn_token *t)
{
    switch (t->kind) {
    case MN_T_INTEGER:
    case MN_T_FLOATING:
    case MN_T_CHARACTER:
    case MN_T_CSTRING:
    case MN_T_AT:
    case MN_T_AT_WORD:
    case MN_T_TILDE:
    case MN_T_NOT:
        return true;
    case MN_T_WORD:
        if (t[1].kind == MN_T_COLON && !p->waiting)
            return false; /* [o a:(x) b:y] */
        return mn_p_is_ident(p, t) ? t->word != MN_W_IN
                                   : t->word >= MN_W_SELF && t->word <= MN_W_FALSE_CAPITAL;
    default:
        return false;
    }
}

/* Whether the '(' at the next token opens a cast or compound literal. */
static bool
opens_cast(const struct parser *p)
{
    uint32_t end;
    enum mn_p_strength strength = mn_p_scan_type(p, p->at + 1, &end);
    const struct mn_token *after;

    if (strength == P_NO_TYPE || p->tokens[end].kind != MN_T_PAREN_CLOSE)
        return false;
    after = &p->tokens[end + 1];
    if (after->kind == MN_T_BRACE_OPEN)
        return true;
    /* [(x) message]: as a cast it would leave no message */
    if (p->at == p->receiver && after->kind == MN_T_WORD &&
        (after[1].kind == MN_T_SQUARE_CLOSE || after[1].kind == MN_T_COLON))
        return false;
    return strength == P_SURE_TYPE || begins_operand(p, after);
}

static enum mn_bridge
bridge_word(struct parser *p)
{
    enum mn_bridge bridge = MN_BRIDGE_NONE;

    if (mn_p_is_word(p, MN_W_BRIDGE))
        bridge = MN_BRIDGE_PLAIN;
    else if (mn_p_is_word(p, MN_W_BRIDGE_RETAINED))
        bridge = MN_BRIDGE_RETAINED;
    else if (mn_p_is_word(p, MN_W_BRIDGE_TRANSFER))
        bridge = MN_BRIDGE_TRANSFER;
    if (bridge)
        mn_p_next(p);
    return bridge;
}

/* (T)unary or (T){ ... } */
static struct mn_expr *
cast(struct parser *p)
{
    uint32_t open = p->at;
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_CAST, mn_p_span(mn_p_token(p)));

    mn_p_next(p);
    if (!e)
        return NULL;
    e->typed.bridge = bridge_word(p);
    e->typed.type = mn_p_type_name(p);
    if (!e->typed.type || !mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the type of a cast"))
        return NULL;
    if (p->receiver == open)
        p->receiver = p->at; /* [(T)(x) message]: what is cast stands before the message now */
    if (mn_p_is(p, MN_T_BRACE_OPEN)) {
        e->kind = MN_EXPR_COMPOUND;
        e->typed.operand = mn_p_initializer(p);
    } else {
        e->typed.operand = mn_p_unary(p);
    }
    if (!e->typed.operand)
        return NULL;
    e->span = mn_p_span_from(p, e->span.start);
    return e->kind == MN_EXPR_COMPOUND ? mn_p_postfix(p, e) : e;
}

/* ({ ... }) */
static struct mn_expr *
statement_expression(struct parser *p)
{
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_STATEMENTS, mn_p_span(mn_p_token(p)));
    unsigned waiting = mn_p_shelter(p);

    mn_p_next(p);
    if (!e || !(e->statements = mn_p_compound(p)))
        return NULL;
    p->waiting = waiting;
    return e;
}

static struct mn_expr *
parenthesised(struct parser *p)
{
    uint32_t open = p->at;
    struct mn_expr *e;

    if (mn_p_peek(p, 1)->kind == MN_T_BRACE_OPEN) {
        e = statement_expression(p);
    } else {
        unsigned waiting = mn_p_shelter(p);

        mn_p_next(p);
        e = mn_p_expression(p);
        p->waiting = waiting;
    }
    if (!e || !mn_p_close(p, open, MN_T_PAREN_CLOSE, NULL))
        return NULL;
    e->parenthesised = true;
    e->span = mn_p_span_from(p, p->tokens[open].start);
    return mn_p_postfix(p, e);
}

struct mn_expr *
mn_p_cast_or_paren(struct parser *p)
{
    struct mn_expr *e;
    unsigned tall_before = p->tall;

    if (!opens_cast(p))
        return parenthesised(p); /* the expression inside counts the level */
    if (!mn_p_enter(p))
        return NULL;
    e = cast(p);
    mn_p_leave(p, tall_before);
    return e;
}

/* ---- sends ---- */

/* One word and colon onto the selector; the argument onto the scratch list. */
static bool
keyword_part(struct parser *p, struct mn_expr *e, struct mn_buffer *selector)
{
    if (mn_p_is(p, MN_T_WORD)) {
        mn_buffer_text(selector, mn_p_token(p)->name);
        mn_p_next(p);
    }
    mn_buffer_char(selector, ':');
    if (!mn_p_expect(p, MN_T_COLON, "in the message"))
        return false;
    e->send.colons++;
    return mn_p_push(p, mn_p_assignment(p));
}

static bool
keyword_parts(struct parser *p, struct mn_expr *e, struct mn_buffer *selector)
{
    do {
        if (!keyword_part(p, e, selector))
            return false;
    } while (mn_p_is(p, MN_T_WORD) || mn_p_is(p, MN_T_COLON));
    while (mn_p_accept(p, MN_T_COMMA))
        if (!mn_p_push(p, mn_p_assignment(p)))
            return false;
    return true;
}

static bool
message(struct parser *p, struct mn_expr *e)
{
    struct mn_buffer selector = MN_BUFFER_EMPTY;
    uint32_t mark = p->scratch_count;
    bool good;

    e->at = mn_p_span(mn_p_token(p));
    if (mn_p_is(p, MN_T_WORD) && mn_p_peek(p, 1)->kind != MN_T_COLON) {
        e->send.selector = mn_p_token(p)->name;
        mn_p_next(p);
        return true;
    }
    if (!mn_p_is(p, MN_T_WORD) && !mn_p_is(p, MN_T_COLON)) {
        mn_p_expected(p, "a message", "after the receiver");
        return false;
    }
    good = keyword_parts(p, e, &selector) && mn_p_take(p, mark, &e->send.args.items, &e->send.args.count);
    if (selector.failed)
        p->tree->arena.failed = true;
    else if (good)
        e->send.selector = mn_tree_name(p->tree, mn_buffer_peek(&selector), selector.length);
    mn_buffer_fini(&selector);
    return good && e->send.selector;
}

static struct mn_expr *
receiver(struct parser *p)
{
    struct mn_expr *e;

    p->receiver = p->at;
    if (mn_p_is(p, MN_T_WORD) && mn_p_token(p)->word == MN_W_CLASS && mn_p_peek(p, 1)->kind == MN_T_WORD) {
        e = mn_expr_new(p->tree, MN_EXPR_IDENT, mn_p_span(mn_p_token(p))); /* [Class description] */
        if (e)
            e->name = mn_p_token(p)->name;
        mn_p_next(p);
        return e;
    }
    return mn_p_assignment(p);
}

static struct mn_expr *
send(struct parser *p)
{
    uint32_t open = p->at;
    unsigned waiting = mn_p_shelter(p);
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_SEND, mn_p_span(mn_p_token(p)));

    mn_p_next(p);
    if (!e || !(e->send.receiver = receiver(p)) || !message(p, e))
        return NULL;
    p->waiting = waiting;
    if (!mn_p_close(p, open, MN_T_SQUARE_CLOSE, "after the message"))
        return NULL;
    e->span = mn_p_span_from(p, e->span.start);
    return e;
}

/* ---- blocks ---- */

static bool
block_head(struct parser *p, struct mn_expr *e)
{
    struct mn_p_specifiers specifiers;
    bool unsaid;

    if (!mn_p_is(p, MN_T_PAREN_OPEN) && !mn_p_is(p, MN_T_BRACE_OPEN)) {
        if (!mn_p_specifiers(p, &specifiers))
            return false;
        e->block.result = specifiers.type;
        while (mn_p_is(p, MN_T_STAR)) {
            struct mn_tname *pointer = mn_tname_new(p->tree, MN_TNAME_POINTER, mn_p_span(mn_p_token(p)));

            if (!pointer || !mn_p_taller(p))
                return false;
            pointer->of = e->block.result;
            e->block.result = pointer;
            mn_p_next(p);
            mn_p_skip_ignored(p);
        }
    }
    return !mn_p_is(p, MN_T_PAREN_OPEN) || mn_p_params(p, &e->block.params, &e->block.variadic, &unsaid);
}

struct mn_expr *
mn_p_block(struct parser *p)
{
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_BLOCK, mn_p_span(mn_p_token(p)));
    uint32_t mark = p->visible_count;
    unsigned waiting = mn_p_shelter(p);

    mn_p_next(p);
    if (!e || !block_head(p, e))
        return NULL;
    if (!mn_p_is(p, MN_T_BRACE_OPEN)) {
        mn_p_expected(p, "'{'", "to open the block's body");
        return NULL;
    }
    for (uint32_t i = 0; i < e->block.params.count; i++)
        mn_p_declare(p, e->block.params.items[i]->name);
    e->block.body = mn_p_compound(p);
    mn_p_scope_close(p, mark);
    p->waiting = waiting;
    if (!e->block.body)
        return NULL;
    e->span = mn_p_span_from(p, e->span.start);
    return e;
}

/* ---- intrinsics ---- */

static struct mn_expr *
c_function(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at;
    unsigned waiting = mn_p_shelter(p);

    e->kind = MN_EXPR_CFUNCTION;
    mn_p_next(p);
    e->operand = mn_p_expression(p);
    p->waiting = waiting;
    return e->operand && mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the name of the function") ? e : NULL;
}

/* offsetof(T, a.b[2]) */
static struct mn_expr *
offset_of(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at, mark = p->scratch_count;

    e->kind = MN_EXPR_OFFSETOF;
    mn_p_next(p);
    e->typed.type = mn_p_type_name(p);
    if (!e->typed.type || !mn_p_expect(p, MN_T_COMMA, "after the type"))
        return NULL;
    do {
        struct mn_designator d = {0};
        struct mn_word word;

        if (mn_p_accept(p, MN_T_SQUARE_OPEN)) {
            if (!(d.first = mn_p_conditional(p)) || !mn_p_expect(p, MN_T_SQUARE_CLOSE, NULL))
                return NULL;
        } else {
            if (!mn_p_any_word(p, &word, "the name of a field"))
                return NULL;
            d = (struct mn_designator){.name = word.name, .span = word.span};
        }
        if (!mn_p_push_copy(p, &d, sizeof d))
            return NULL;
    } while (mn_p_is(p, MN_T_SQUARE_OPEN) || mn_p_accept(p, MN_T_DOT));
    if (!mn_p_take_copies(p, mark, sizeof *e->typed.path.items, &e->typed.path.items, &e->typed.path.count))
        return NULL;
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the field") ? e : NULL;
}

/* va_start(list, last), va_arg(list, T), va_end(list), va_copy(to, from) */
static struct mn_expr *
variadic(struct parser *p, struct mn_expr *e, enum mn_va which)
{
    uint32_t open = p->at;
    unsigned waiting = mn_p_shelter(p);

    e->kind = MN_EXPR_VA;
    e->va.which = which;
    mn_p_next(p);
    if (!(e->va.list = mn_p_assignment(p)))
        return NULL;
    if (which != MN_VA_END) {
        if (!mn_p_expect(p, MN_T_COMMA, "after the argument list"))
            return NULL;
        if (which == MN_VA_ARG ? !(e->va.type = mn_p_type_name(p)) : !(e->va.other = mn_p_assignment(p)))
            return NULL;
    }
    p->waiting = waiting;
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, NULL) ? e : NULL;
}

/* A name that is a built-in operator when '(' follows; NULL with *none when it is an ordinary one. */
static struct mn_expr *
intrinsic(struct parser *p, struct mn_expr *e, enum mn_word_id word)
{
    switch (word) {
    case MN_W_C_FUNCTION:
        return c_function(p, e);
    case MN_W_OFFSETOF:
    case MN_W_OFFSETOF_GNU:
        return offset_of(p, e);
    case MN_W_VA_START:
        return variadic(p, e, MN_VA_START);
    case MN_W_VA_ARG:
        return variadic(p, e, MN_VA_ARG);
    case MN_W_VA_END:
        return variadic(p, e, MN_VA_END);
    case MN_W_VA_COPY:
        return variadic(p, e, MN_VA_COPY);
    default:
        return e;
    }
}

/* ---- names and the rest ---- */

static struct mn_expr *
identifier(struct parser *p)
{
    const struct mn_token *t = mn_p_token(p);
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_IDENT, mn_p_span(t));

    if (!e)
        return NULL;
    e->name = t->name;
    mn_p_next(p);
    if (t->word == MN_W_NONE || !mn_p_is(p, MN_T_PAREN_OPEN))
        return e;
    e = intrinsic(p, e, (enum mn_word_id)t->word);
    if (e && e->kind != MN_EXPR_IDENT)
        e->span = mn_p_span_from(p, t->start);
    return e;
}

static struct mn_expr *
constant(struct parser *p, enum mn_expr_kind kind)
{
    struct mn_expr *e = mn_expr_new(p->tree, kind, mn_p_span(mn_p_token(p)));

    mn_p_next(p);
    return e;
}

static struct mn_expr *
boolean(struct parser *p, bool value)
{
    struct mn_expr *e = constant(p, MN_EXPR_BOOL);

    if (e)
        e->boolean = value;
    return e;
}

static struct mn_expr *
null(struct parser *p, enum mn_nil which)
{
    struct mn_expr *e = constant(p, MN_EXPR_NIL);

    if (e)
        e->nil = which;
    return e;
}

static struct mn_expr *
word(struct parser *p)
{
    const struct mn_token *t = mn_p_token(p);

    switch (t->word) {
    case MN_W_SELF:
        return constant(p, MN_EXPR_SELF);
    case MN_W_SUPER:
        return constant(p, MN_EXPR_SUPER);
    case MN_W_NIL:
        return null(p, MN_NIL_OBJECT);
    case MN_W_NIL_CLASS:
        return null(p, MN_NIL_CLASS);
    case MN_W_NULL:
        return null(p, MN_NIL_NULL);
    case MN_W_YES:
    case MN_W_TRUE:
    case MN_W_TRUE_CAPITAL:
        return boolean(p, true);
    case MN_W_NO:
    case MN_W_FALSE:
    case MN_W_FALSE_CAPITAL:
        return boolean(p, false);
    case MN_W_GENERIC:
        mn_p_error(p, mn_p_span(t), "'_Generic' is not part of the patch language");
        return NULL;
    default:
        break;
    }
    if (t->word == MN_W_AVAILABLE_C && mn_p_peek(p, 1)->kind == MN_T_PAREN_OPEN)
        return mn_p_at_word(p);
    if (mn_p_is_ident(p, t))
        return identifier(p);
    if (mn_word_class_of(t->word) == MN_WORD_TYPE || (t->word >= MN_W_VOID && t->word <= MN_W_BOOL))
        mn_p_error(p, mn_p_span(t), "expected an expression, but '%s' is a type", t->name);
    else
        mn_p_error(p, mn_p_span(t), "expected an expression, but '%s' is a reserved word", t->name);
    return NULL;
}

static struct mn_expr *
number(struct parser *p)
{
    const struct mn_token *t = mn_p_token(p);
    enum mn_expr_kind kind = t->kind == MN_T_INTEGER    ? MN_EXPR_INTEGER
                             : t->kind == MN_T_FLOATING ? MN_EXPR_FLOATING
                                                        : MN_EXPR_CHARACTER;
    struct mn_expr *e = constant(p, kind);

    if (!e)
        return NULL;
    if (kind == MN_EXPR_INTEGER) {
        e->integer.value = t->literal->integer;
        e->integer.base = t->literal->base;
        e->integer.suffix = t->literal->suffix;
    } else if (kind == MN_EXPR_FLOATING) {
        e->floating.value = t->literal->floating.value;
        e->floating.precise = t->literal->floating.precise;
        e->floating.suffix = t->literal->suffix;
    } else {
        e->character = t->literal->character;
    }
    return e;
}

/* Mango's {x: 1, y: 2} */
static struct mn_expr *
struct_literal(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start;
    struct mn_expr *e = NULL;
    bool good = false;
    unsigned tall_before = p->tall;

    if (mn_p_peek(p, 1)->kind != MN_T_WORD || mn_p_peek(p, 2)->kind != MN_T_COLON) {
        mn_p_expected(p, "an expression", NULL);
        return NULL;
    }
    if (!mn_p_enter(p))
        return NULL;
    e = mn_expr_new(p->tree, MN_EXPR_STRUCT, mn_p_span(mn_p_token(p)));
    mn_p_next(p);
    good = e && mn_p_init_items(p, &e->init);
    mn_p_leave(p, tall_before);
    if (!good)
        return NULL;
    e->span = mn_p_span_from(p, start);
    return e;
}

struct mn_expr *
mn_p_primary(struct parser *p)
{
    switch (mn_p_token(p)->kind) {
    case MN_T_WORD:
        return word(p);
    case MN_T_INTEGER:
    case MN_T_FLOATING:
    case MN_T_CHARACTER:
        return number(p);
    case MN_T_CSTRING:
        return mn_p_strings(p);
    case MN_T_SQUARE_OPEN:
        return send(p);
    case MN_T_CARET:
        return mn_p_block(p);
    case MN_T_BRACE_OPEN:
        return struct_literal(p);
    case MN_T_AT:
        return mn_p_at_literal(p);
    case MN_T_AT_WORD:
        return mn_p_at_word(p);
    default:
        mn_p_expected(p, "an expression", NULL);
        return NULL;
    }
}
