/* SPDX-License-Identifier: MIT */
/* Operators: from the comma down to what follows an operand (spec/mango.md 12.1). */
#include "lang/objc/parser.h"

/* Binary operators by token; NONE for the rest. An assignment's entry is the operator before its '='. */
static const uint8_t binary_of[MN_T_COUNT] = {
    [MN_T_OR] = MN_OPERATOR_OR,
    [MN_T_AND] = MN_OPERATOR_AND,
    [MN_T_PIPE] = MN_OPERATOR_BIT_OR,
    [MN_T_CARET] = MN_OPERATOR_BIT_XOR,
    [MN_T_AMPERSAND] = MN_OPERATOR_BIT_AND,
    [MN_T_EQUAL] = MN_OPERATOR_EQ,
    [MN_T_NOT_EQUAL] = MN_OPERATOR_NE,
    [MN_T_LESS] = MN_OPERATOR_LT,
    [MN_T_LESS_EQUAL] = MN_OPERATOR_LE,
    [MN_T_GREATER] = MN_OPERATOR_GT,
    [MN_T_GREATER_EQUAL] = MN_OPERATOR_GE,
    [MN_T_SHIFT_LEFT] = MN_OPERATOR_SHL,
    [MN_T_SHIFT_RIGHT] = MN_OPERATOR_SHR,
    [MN_T_PLUS] = MN_OPERATOR_ADD,
    [MN_T_MINUS] = MN_OPERATOR_SUB,
    [MN_T_STAR] = MN_OPERATOR_MUL,
    [MN_T_SLASH] = MN_OPERATOR_DIV,
    [MN_T_PERCENT] = MN_OPERATOR_MOD,
};

static const uint8_t compound_of[MN_T_COUNT] = {
    [MN_T_PLUS_ASSIGN] = MN_OPERATOR_ADD,       [MN_T_MINUS_ASSIGN] = MN_OPERATOR_SUB,
    [MN_T_STAR_ASSIGN] = MN_OPERATOR_MUL,       [MN_T_SLASH_ASSIGN] = MN_OPERATOR_DIV,
    [MN_T_PERCENT_ASSIGN] = MN_OPERATOR_MOD,    [MN_T_AND_ASSIGN] = MN_OPERATOR_BIT_AND,
    [MN_T_OR_ASSIGN] = MN_OPERATOR_BIT_OR,      [MN_T_XOR_ASSIGN] = MN_OPERATOR_BIT_XOR,
    [MN_T_SHIFT_LEFT_ASSIGN] = MN_OPERATOR_SHL, [MN_T_SHIFT_RIGHT_ASSIGN] = MN_OPERATOR_SHR,
};

static const uint8_t prefix_of[MN_T_COUNT] = {
    [MN_T_PLUS] = MN_OPERATOR_PLUS,         [MN_T_MINUS] = MN_OPERATOR_MINUS,
    [MN_T_NOT] = MN_OPERATOR_NOT,           [MN_T_TILDE] = MN_OPERATOR_COMPLEMENT,
    [MN_T_STAR] = MN_OPERATOR_DEREF,        [MN_T_AMPERSAND] = MN_OPERATOR_ADDRESS,
    [MN_T_INCREMENT] = MN_OPERATOR_PRE_INC, [MN_T_DECREMENT] = MN_OPERATOR_PRE_DEC,
};

/* A node over two operands; `at` is the operator's place. */
static struct mn_expr *
two(struct parser *p, enum mn_expr_kind kind, enum mn_operator op, struct mn_span at, struct mn_expr *left,
    struct mn_expr *right)
{
    struct mn_expr *e = right ? mn_expr_new(p->tree, kind, mn_p_span_from(p, left->span.start)) : NULL;

    if (!e)
        return NULL;
    e->op = op;
    e->at = at;
    e->binary.left = left;
    e->binary.right = right;
    return e;
}

struct mn_expr *
mn_p_expression(struct parser *p)
{
    struct mn_expr *left = mn_p_assignment(p);

    while (left && mn_p_is(p, MN_T_COMMA)) {
        struct mn_span at = mn_p_span(mn_p_token(p));

        mn_p_next(p);
        left = two(p, MN_EXPR_BINARY, MN_OPERATOR_COMMA, at, left, mn_p_assignment(p));
        if (!mn_p_taller(p))
            return NULL;
    }
    return left;
}

static bool
is_assignment(enum mn_token_kind kind)
{
    return kind == MN_T_ASSIGN || compound_of[kind] != MN_OPERATOR_NONE;
}

static struct mn_expr *
assignment(struct parser *p)
{
    struct mn_expr *left = mn_p_conditional(p);
    struct mn_token *t = mn_p_token(p);
    struct mn_expr *right;

    if (!left || !is_assignment(t->kind))
        return left;
    mn_p_next(p);
    /* Mango: point = {x: 1, y: 2}; anywhere else a brace cannot start an operand, and the primary says so */
    right = mn_p_is(p, MN_T_BRACE_OPEN) ? mn_p_initializer(p) : mn_p_assignment(p);
    return two(p, MN_EXPR_ASSIGN, (enum mn_operator)compound_of[t->kind], mn_p_span(t), left, right);
}

struct mn_expr *
mn_p_assignment(struct parser *p)
{
    struct mn_expr *e;
    unsigned tall_before = p->tall;

    if (!mn_p_enter(p))
        return NULL;
    e = assignment(p);
    mn_p_leave(p, tall_before);
    return e;
}

/* Operators that bind at least as tightly as `least`. The height grows by one a node, not by one a level. */
static struct mn_expr *
binary(struct parser *p, int least)
{
    struct mn_expr *left = mn_p_unary(p);

    while (left) {
        struct mn_token *t = mn_p_token(p);
        enum mn_operator op = (enum mn_operator)binary_of[t->kind];
        int precedence = op ? mn_operator_precedence(op) : 0;
        unsigned tall = p->tall;

        if (!op || precedence < least)
            break;
        mn_p_next(p);
        p->tall = 0;
        left = two(p, MN_EXPR_BINARY, op, mn_p_span(t), left, binary(p, precedence + 1));
        if (p->tall < tall)
            p->tall = tall;
        if (!mn_p_taller(p))
            return NULL;
    }
    return left;
}

static struct mn_expr *
otherwise(struct parser *p)
{
    struct mn_expr *e;
    unsigned tall_before = p->tall;

    if (!mn_p_enter(p))
        return NULL;
    e = mn_p_conditional(p);
    mn_p_leave(p, tall_before);
    return e;
}

struct mn_expr *
mn_p_conditional(struct parser *p)
{
    struct mn_expr *test = binary(p, mn_operator_precedence(MN_OPERATOR_OR)), *e;
    struct mn_token *t = mn_p_token(p);

    if (!test || !mn_p_is(p, MN_T_QUESTION))
        return test;
    e = mn_expr_new(p->tree, MN_EXPR_CONDITIONAL, test->span);
    if (!e)
        return NULL;
    e->at = mn_p_span(t);
    e->conditional.test = test;
    mn_p_next(p);
    if (!mn_p_is(p, MN_T_COLON)) {
        p->waiting++;
        e->conditional.yes = mn_p_expression(p);
        if (!e->conditional.yes)
            return NULL;
        p->waiting--;
    }
    if (!mn_p_is(p, MN_T_COLON)) {
        unsigned before = p->findings->errors;

        mn_p_expected(p, "':'", "after the second part of a conditional");
        if (p->findings->errors > before)
            mn_note_at(p->findings, e->at, "to match this '?'");
        return NULL;
    }
    mn_p_next(p);
    e->conditional.no = otherwise(p);
    if (!e->conditional.no)
        return NULL;
    e->span = mn_p_span_from(p, test->span.start);
    return e;
}

/* ---- prefixes ---- */

/* sizeof (T), sizeof e, _Alignof (T) */
static struct mn_expr *
size_of(struct parser *p)
{
    bool align = mn_p_is_word(p, MN_W_ALIGNOF);
    struct mn_expr *e =
        mn_expr_new(p->tree, align ? MN_EXPR_ALIGNOF : MN_EXPR_SIZEOF_TYPE, mn_p_span(mn_p_token(p)));
    uint32_t open, end;
    enum mn_p_strength strength = P_NO_TYPE;

    mn_p_next(p);
    open = p->at;
    if (!e)
        return NULL;
    if (mn_p_is(p, MN_T_PAREN_OPEN)) {
        strength = mn_p_scan_type(p, p->at + 1, &end);
        if (strength != P_NO_TYPE &&
            (p->tokens[end].kind != MN_T_PAREN_CLOSE || p->tokens[end + 1].kind == MN_T_BRACE_OPEN))
            strength = P_NO_TYPE;
    }
    if (strength == P_SURE_TYPE || (align && strength == P_MAYBE_TYPE)) {
        mn_p_next(p);
        e->typed.type = mn_p_type_name(p);
        if (!e->typed.type || !mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the type"))
            return NULL;
    } else if (align) {
        mn_p_expected(p, "a type in parentheses", "after '_Alignof'");
        return NULL;
    } else {
        e->kind = MN_EXPR_SIZEOF;
        e->operand = mn_p_unary(p);
        if (!e->operand)
            return NULL;
    }
    e->span = mn_p_span_from(p, e->span.start);
    return e;
}

static struct mn_expr *
prefix(struct parser *p)
{
    struct mn_expr *e;

    if (mn_p_is(p, MN_T_WORD))
        return size_of(p);
    e = mn_expr_new(p->tree, MN_EXPR_UNARY, mn_p_span(mn_p_token(p)));
    if (!e)
        return NULL;
    e->op = (enum mn_operator)prefix_of[mn_p_token(p)->kind];
    mn_p_next(p);
    e->operand = mn_p_unary(p);
    if (!e->operand)
        return NULL;
    e->span = mn_p_span_from(p, e->span.start);
    return e;
}

struct mn_expr *
mn_p_unary(struct parser *p)
{
    struct mn_expr *e;
    unsigned tall_before = p->tall;

    if (prefix_of[mn_p_token(p)->kind] == MN_OPERATOR_NONE && !mn_p_is_word(p, MN_W_SIZEOF) &&
        !mn_p_is_word(p, MN_W_ALIGNOF)) {
        if (mn_p_is(p, MN_T_PAREN_OPEN))
            return mn_p_cast_or_paren(p);
        e = mn_p_primary(p);
        return e ? mn_p_postfix(p, e) : NULL;
    }
    if (!mn_p_enter(p))
        return NULL;
    e = prefix(p);
    mn_p_leave(p, tall_before);
    return e;
}

/* ---- suffixes ---- */

bool
mn_p_arguments(struct parser *p, enum mn_token_kind close)
{
    while (!mn_p_is(p, close)) {
        if (!mn_p_push(p, mn_p_assignment(p)))
            return false;
        if (!mn_p_accept(p, MN_T_COMMA))
            break;
    }
    return true;
}

static struct mn_expr *
subscript(struct parser *p, struct mn_expr *base)
{
    uint32_t open = p->at;
    unsigned waiting = mn_p_shelter(p);
    struct mn_expr *index;

    mn_p_next(p);
    index = mn_p_expression(p);
    p->waiting = waiting;
    if (!index || !mn_p_close(p, open, MN_T_SQUARE_CLOSE, "after the subscript"))
        return NULL;
    return two(p, MN_EXPR_INDEX, MN_OPERATOR_NONE, mn_p_span(&p->tokens[open]), base, index);
}

static struct mn_expr *
call(struct parser *p, struct mn_expr *callee)
{
    uint32_t open = p->at, mark = p->scratch_count;
    unsigned waiting = mn_p_shelter(p);
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_CALL, callee->span);

    mn_p_next(p);
    if (!e || !mn_p_arguments(p, MN_T_PAREN_CLOSE))
        return NULL;
    p->waiting = waiting;
    if (!mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the arguments") ||
        !mn_p_take(p, mark, &e->call.args.items, &e->call.args.count))
        return NULL;
    e->call.callee = callee;
    e->at = callee->at;
    e->span = mn_p_span_from(p, callee->span.start);
    return e;
}

/*
 * Is `.a:b:` the start of a dotted send? *end: behind its last colon. It is when '(' follows; but where a
 * '?', a dictionary entry or a case label waits for its ':', that colon must be left over for it (spec 34.5):
 * brackets.c has counted how many follow. With a blank before it the colon is preferably the separator, so
 * then only colons that can be nothing else are counted.
 */
static bool
is_dotted_selector(const struct parser *p, uint32_t *end)
{
    uint32_t i = p->at + 1, after;
    bool blank = mn_p_peek(p, 2)->flags & MN_TOKEN_BLANK;
    int all, hard;

    if (mn_p_peek(p, 1)->kind != MN_T_WORD || mn_p_peek(p, 2)->kind != MN_T_COLON)
        return false;
    while (p->tokens[i].kind == MN_T_WORD || p->tokens[i].kind == MN_T_COLON) {
        if (p->tokens[i].kind == MN_T_WORD && p->tokens[i + 1].kind != MN_T_COLON)
            return false;
        i++;
    }
    if (p->tokens[i].kind != MN_T_PAREN_OPEN)
        return false;
    *end = i;
    after = p->tokens[i - 1].match;
    all = (int)(after & 0xFFFF) - 32768;
    hard = (int)(after >> 16) - 32768;
    return !p->waiting || (blank ? hard : all) >= (int)p->waiting;
}

/* The words and colons of tokens [from, to) as one name. */
static const char *
selector_name(struct parser *p, uint32_t from, uint32_t to)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    const char *name = NULL;

    for (uint32_t i = from; i < to; i++)
        mn_buffer_text(&text, p->tokens[i].kind == MN_T_COLON ? ":" : p->tokens[i].name);
    if (!text.failed)
        name = mn_tree_name(p->tree, mn_buffer_peek(&text), text.length);
    else
        p->tree->arena.failed = true;
    mn_buffer_fini(&text);
    return name;
}

static struct mn_expr *
dotted_send(struct parser *p, struct mn_expr *receiver, uint32_t end)
{
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_SEND, receiver->span);
    uint32_t mark = p->scratch_count;
    unsigned waiting = mn_p_shelter(p);

    if (!e)
        return NULL;
    e->at = mn_p_span(mn_p_peek(p, 1));
    e->send.receiver = receiver;
    e->send.dotted = true;
    e->send.selector = selector_name(p, p->at + 1, end);
    for (uint32_t i = p->at; i < end; i++)
        e->send.colons += p->tokens[i].kind == MN_T_COLON;
    p->at = end + 1;
    if (!e->send.selector || !mn_p_arguments(p, MN_T_PAREN_CLOSE))
        return NULL;
    p->waiting = waiting;
    if (!mn_p_close(p, end, MN_T_PAREN_CLOSE, "after the arguments") ||
        !mn_p_take(p, mark, &e->send.args.items, &e->send.args.count))
        return NULL;
    e->span = mn_p_span_from(p, receiver->span.start);
    return e;
}

static struct mn_expr *
member(struct parser *p, struct mn_expr *object)
{
    bool arrow = mn_p_is(p, MN_T_ARROW);
    struct mn_expr *e;
    struct mn_word word;
    uint32_t end;

    if (!arrow && is_dotted_selector(p, &end))
        return dotted_send(p, object, end);
    e = mn_expr_new(p->tree, arrow ? MN_EXPR_ARROW : MN_EXPR_MEMBER, object->span);
    mn_p_next(p);
    if (!e || !mn_p_any_word(p, &word, arrow ? "a name after '->'" : "a name after '.'"))
        return NULL;
    e->member.object = object;
    e->member.name = word.name;
    e->at = word.span;
    e->span = mn_p_span_from(p, object->span.start);
    return e;
}

static struct mn_expr *
step(struct parser *p, struct mn_expr *place)
{
    struct mn_expr *e = mn_expr_new(p->tree, MN_EXPR_UNARY, place->span);

    if (!e)
        return NULL;
    e->op = mn_p_is(p, MN_T_INCREMENT) ? MN_OPERATOR_POST_INC : MN_OPERATOR_POST_DEC;
    e->at = mn_p_span(mn_p_token(p));
    e->operand = place;
    mn_p_next(p);
    e->span = mn_p_span_from(p, place->span.start);
    return e;
}

struct mn_expr *
mn_p_postfix(struct parser *p, struct mn_expr *e)
{
    while (e) {
        switch (mn_p_token(p)->kind) {
        case MN_T_SQUARE_OPEN:
            e = subscript(p, e);
            break;
        case MN_T_PAREN_OPEN:
            e = call(p, e);
            break;
        case MN_T_DOT:
        case MN_T_ARROW:
            e = member(p, e);
            break;
        case MN_T_INCREMENT:
        case MN_T_DECREMENT:
            e = step(p, e);
            break;
        default:
            return e;
        }
        if (!mn_p_taller(p))
            return NULL;
    }
    return NULL;
}
