/* SPDX-License-Identifier: MIT */
/* What begins with '@', and strings (spec/mango.md section 14). */
#include "lang/objc/parser.h"

#include <string.h>

/* ---- strings ---- */

/* Adjacent pieces make one string; `@` may stand before each piece of an NSString. */
static bool
more_string(const struct parser *p, bool object)
{
    return mn_p_is(p, MN_T_CSTRING) ||
           (object && mn_p_is(p, MN_T_AT) && mn_p_peek(p, 1)->kind == MN_T_CSTRING);
}

static struct mn_expr *
string(struct parser *p, bool object, uint32_t start)
{
    struct mn_expr *e =
        mn_expr_new(p->tree, object ? MN_EXPR_STRING : MN_EXPR_CSTRING, mn_p_span(mn_p_token(p)));
    const struct mn_literal *first = mn_p_token(p)->literal;
    struct mn_buffer joined = MN_BUFFER_EMPTY;

    if (!e)
        return NULL;
    mn_p_next(p);
    e->string.bytes = first->string.bytes;
    e->string.length = first->string.length;
    if (more_string(p, object)) {
        mn_buffer_append(&joined, e->string.bytes, e->string.length);
        while (more_string(p, object)) {
            mn_p_accept(p, MN_T_AT);
            mn_buffer_append(&joined, mn_p_token(p)->literal->string.bytes,
                             mn_p_token(p)->literal->string.length);
            mn_p_next(p);
        }
        e->string.bytes =
            joined.failed ? NULL : mn_arena_strndup(&p->tree->arena, mn_buffer_peek(&joined), joined.length);
        e->string.length = (uint32_t)joined.length;
        p->tree->arena.failed |= e->string.bytes == NULL;
        mn_buffer_fini(&joined);
    }
    e->span = mn_p_span_from(p, start);
    return p->tree->arena.failed ? NULL : e;
}

struct mn_expr *
mn_p_strings(struct parser *p)
{
    return string(p, false, mn_p_token(p)->start);
}

/* ---- @[ ] and @{ } ---- */

static struct mn_expr *
array(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at, mark = p->scratch_count;
    unsigned waiting = mn_p_shelter(p);

    mn_p_next(p);
    if (!mn_p_arguments(p, MN_T_SQUARE_CLOSE))
        return NULL;
    p->waiting = waiting;
    e->kind = MN_EXPR_ARRAY;
    return mn_p_take(p, mark, &e->items.items, &e->items.count) &&
                   mn_p_close(p, open, MN_T_SQUARE_CLOSE, "after the elements of the array")
               ? e
               : NULL;
}

static bool
entry(struct parser *p)
{
    p->waiting = 1;
    if (!mn_p_push(p, mn_p_assignment(p)))
        return false;
    p->waiting = 0;
    return mn_p_expect(p, MN_T_COLON, "after the key of a dictionary entry") &&
           mn_p_push(p, mn_p_assignment(p));
}

static struct mn_expr *
dictionary(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at, mark = p->scratch_count;
    unsigned waiting = mn_p_shelter(p);

    mn_p_next(p);
    while (!mn_p_is(p, MN_T_BRACE_CLOSE)) {
        if (!entry(p))
            return NULL;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    p->waiting = waiting;
    e->kind = MN_EXPR_DICTIONARY;
    return mn_p_take(p, mark, &e->items.items, &e->items.count) &&
                   mn_p_close(p, open, MN_T_BRACE_CLOSE, "after the entries of the dictionary")
               ? e
               : NULL;
}

/* ---- boxes ---- */

static struct mn_expr *
box_parenthesised(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at;
    unsigned waiting = mn_p_shelter(p);

    mn_p_next(p);
    e->operand = mn_p_expression(p);
    p->waiting = waiting;
    return e->operand && mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the boxed expression") ? e : NULL;
}

/* @5, @-5, @'c' */
static struct mn_expr *
box_number(struct parser *p, struct mn_expr *e)
{
    struct mn_expr *sign = NULL;

    if (mn_p_is(p, MN_T_MINUS) || mn_p_is(p, MN_T_PLUS)) {
        sign = mn_expr_new(p->tree, MN_EXPR_UNARY, mn_p_span(mn_p_token(p)));
        if (!sign)
            return NULL;
        sign->op = mn_p_is(p, MN_T_MINUS) ? MN_OPERATOR_MINUS : MN_OPERATOR_PLUS;
        mn_p_next(p);
    }
    if (!mn_p_is(p, MN_T_INTEGER) && !mn_p_is(p, MN_T_FLOATING) && !mn_p_is(p, MN_T_CHARACTER)) {
        mn_p_expected(p, "a literal", "after '@'");
        return NULL;
    }
    e->operand = mn_p_primary(p);
    if (sign && e->operand) {
        sign->operand = e->operand;
        sign->span = mn_p_span_from(p, sign->span.start);
        e->operand = sign;
    }
    return e->operand ? e : NULL;
}

struct mn_expr *
mn_p_at_literal(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start;
    struct mn_expr *e;

    mn_p_next(p);
    if (mn_p_is(p, MN_T_CSTRING))
        return string(p, true, start);
    e = mn_expr_new(p->tree, MN_EXPR_BOX, mn_p_span_from(p, start));
    if (!e)
        return NULL;
    switch (mn_p_token(p)->kind) {
    case MN_T_SQUARE_OPEN:
        e = array(p, e);
        break;
    case MN_T_BRACE_OPEN:
        e = dictionary(p, e);
        break;
    case MN_T_PAREN_OPEN:
        e = box_parenthesised(p, e);
        break;
    default:
        e = box_number(p, e);
        break;
    }
    if (e)
        e->span = mn_p_span_from(p, start);
    return e;
}

/* ---- @ words ---- */

/* @selector(a:b:), the name possibly in parentheses of its own */
static struct mn_expr *
selector(struct parser *p, struct mn_expr *e)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    uint32_t open = 0, start = p->at;

    while (mn_p_accept(p, MN_T_PAREN_OPEN))
        open++;
    if (!open || (!mn_p_is(p, MN_T_WORD) && !mn_p_is(p, MN_T_COLON))) {
        mn_p_expected(p, open ? "a selector" : "'('", "after '@selector'");
        return NULL;
    }
    e->at = mn_p_span(mn_p_token(p));
    if (mn_p_peek(p, 1)->kind != MN_T_COLON && mn_p_is(p, MN_T_WORD)) {
        mn_buffer_text(&text, mn_p_token(p)->name);
        mn_p_next(p);
    }
    while (!text.length || mn_buffer_peek(&text)[text.length - 1] == ':') {
        if (mn_p_is(p, MN_T_WORD)) {
            mn_buffer_text(&text, mn_p_token(p)->name);
            mn_p_next(p);
        } else if (!mn_p_is(p, MN_T_COLON)) {
            break;
        }
        if (!mn_p_accept(p, MN_T_COLON))
            break;
        mn_buffer_char(&text, ':');
    }
    e->name = text.failed ? NULL : mn_tree_name(p->tree, mn_buffer_peek(&text), text.length);
    p->tree->arena.failed |= e->name == NULL;
    mn_buffer_fini(&text);
    while (open--)
        if (!mn_p_close(p, start, MN_T_PAREN_CLOSE, "after the selector"))
            return NULL;
    e->kind = MN_EXPR_SELECTOR;
    return e->name ? e : NULL;
}

static struct mn_expr *
protocol(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at;
    struct mn_word word;

    if (!mn_p_expect(p, MN_T_PAREN_OPEN, "after '@protocol'") ||
        !mn_p_ident(p, &word, "the name of a protocol"))
        return NULL;
    e->kind = MN_EXPR_PROTOCOL;
    e->name = word.name;
    e->at = word.span;
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the protocol") ? e : NULL;
}

static struct mn_expr *
encode(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at;

    e->kind = MN_EXPR_ENCODE;
    if (!mn_p_expect(p, MN_T_PAREN_OPEN, "after '@encode'") || !(e->typed.type = mn_p_type_name(p)))
        return NULL;
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the type") ? e : NULL;
}

/* `iOS 13.0.1` or `*` */
static bool
platform(struct parser *p)
{
    struct mn_platform one = {0};
    struct mn_word word;

    if (mn_p_is(p, MN_T_STAR)) {
        mn_p_next(p);
        one.name = mn_tree_name(p->tree, "*", 1);
        return one.name && mn_p_push_copy(p, &one, sizeof one);
    }
    if (!mn_p_ident(p, &word, "the name of a platform"))
        return false;
    one.name = word.name;
    if (mn_p_is(p, MN_T_INTEGER) || mn_p_is(p, MN_T_FLOATING)) {
        uint32_t start = mn_p_token(p)->start, end;

        while (mn_p_is(p, MN_T_INTEGER) || mn_p_is(p, MN_T_FLOATING) || mn_p_is(p, MN_T_DOT))
            mn_p_next(p);
        end = p->tokens[p->at - 1].end;
        one.version = mn_tree_name(p->tree, mn_source_at(p->source, start), end > start ? end - start : 0);
        return one.version && mn_p_push_copy(p, &one, sizeof one);
    }
    mn_p_expected(p, "a version", "after the platform");
    return false;
}

static struct mn_expr *
available(struct parser *p, struct mn_expr *e)
{
    uint32_t open = p->at, mark = p->scratch_count;

    e->kind = MN_EXPR_AVAILABLE;
    if (!mn_p_expect(p, MN_T_PAREN_OPEN, "after '@available'"))
        return NULL;
    do {
        if (!platform(p))
            return NULL;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_take_copies(p, mark, sizeof *e->available.items, &e->available.items, &e->available.count) &&
                   mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the platforms")
               ? e
               : NULL;
}

/* @YES: a boxed boolean */
static struct mn_expr *
box_boolean(struct parser *p, struct mn_expr *e, struct mn_span at, bool value)
{
    e->kind = MN_EXPR_BOX;
    e->operand = mn_expr_new(p->tree, MN_EXPR_BOOL, at);
    if (!e->operand)
        return NULL;
    e->operand->boolean = value;
    return e;
}

static struct mn_expr *
stray(struct parser *p, const struct mn_token *t)
{
    if (t->word == MN_AT_NONE)
        mn_p_error(p, mn_p_span(t), "'@%s' means nothing here", t->name);
    else
        mn_p_error(p, mn_p_span(t), "'@%s' cannot stand in an expression", t->name);
    return NULL;
}

struct mn_expr *
mn_p_at_word(struct parser *p)
{
    const struct mn_token *t = mn_p_token(p);
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_ERROR, mn_p_span(t));

    mn_p_next(p);
    if (!e)
        return NULL;
    switch (t->kind == MN_T_WORD ? MN_AT_AVAILABLE : t->word) { /* the word is __builtin_available */
    case MN_AT_SELECTOR:
        e = selector(p, e);
        break;
    case MN_AT_PROTOCOL:
        e = protocol(p, e);
        break;
    case MN_AT_ENCODE:
        e = encode(p, e);
        break;
    case MN_AT_AVAILABLE:
        e = available(p, e);
        break;
    case MN_AT_YES:
    case MN_AT_TRUE:
        e = box_boolean(p, e, mn_p_span(t), true);
        break;
    case MN_AT_NO:
    case MN_AT_FALSE:
        e = box_boolean(p, e, mn_p_span(t), false);
        break;
    default:
        p->at--;
        return stray(p, t);
    }
    if (e)
        e->span = mn_p_span_from(p, t->start);
    return e;
}
