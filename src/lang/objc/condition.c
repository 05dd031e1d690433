/* SPDX-License-Identifier: MIT */
/*
 * The conditions of #if and #elif: integer constant expressions over 64 bits, in which a name that is no macro is 0.
 *
 * `defined X` and the __has_ questions are answered before macros are expanded, so that their operands stay names.
 */
#include "base/alloc.h"
#include "lang/objc/preprocess.h"

#include <string.h>

struct value {
    int64_t number;
    bool is_unsigned;
};

struct reading {
    struct mn_pp *pp;
    const struct mn_token *items;
    uint32_t at, count;
    struct mn_span line; /* of the directive */
    unsigned depth;
    unsigned idle; /* in an operand that does not count: nothing is reported */
    bool failed;
};

/* ---- questions about names ---- */

static bool
is_question(const struct mn_token *t)
{
    static const char *const names[] = {"__has_feature", "__has_extension",     "__has_attribute",
                                        "__has_builtin", "__has_include",       "__has_include_next",
                                        "__has_warning", "__has_cpp_attribute", "__has_declspec_attribute"};

    for (size_t i = 0; t->kind == MN_T_WORD && i < sizeof names / sizeof *names; i++)
        if (!strcmp(t->name, names[i]))
            return true;
    return false;
}

/* Behind the `( ... )` that begins at index i, or i. */
static uint32_t
behind_parens(const struct mn_token *items, uint32_t count, uint32_t i)
{
    unsigned depth = 0;

    for (uint32_t k = i; k < count; k++) {
        if (items[k].kind == MN_T_PAREN_OPEN)
            depth++;
        else if (items[k].kind == MN_T_PAREN_CLOSE && --depth == 0)
            return k + 1;
        if (depth == 0)
            break;
    }
    return i;
}

/* `defined X`, `defined(X)`, `__has_feature(x)` at index i: the answer and where it ends; false: nothing of these. */
static bool
answer(struct mn_pp *pp, const struct mn_token *items, uint32_t count, uint32_t i, uint32_t *end, bool *yes)
{
    const struct mn_token *t = items + i;
    bool paren = i + 1 < count && t[1].kind == MN_T_PAREN_OPEN;
    uint32_t name = i + 1 + paren;

    if (is_question(t) && paren && (*end = behind_parens(items, count, i + 1)) != i + 1) {
        *yes = !strcmp(t->name, "__has_feature") && items[name].kind == MN_T_WORD &&
               (!strcmp(items[name].name, "objc_arc") || !strcmp(items[name].name, "blocks"));
        return true;
    }
    if (t->kind != MN_T_WORD || strcmp(t->name, "defined") != 0)
        return false;
    *end = name + 1 + paren;
    if (*end > count || items[name].kind != MN_T_WORD || (paren && items[name + 1].kind != MN_T_PAREN_CLOSE)) {
        mn_pp_error(pp, mn_pp_span(t), "'defined' needs a name");
        *end = i + 1;
        *yes = false;
        return true;
    }
    *yes = mn_name_of(items[name].name)->macro != NULL || is_question(&items[name]);
    return true;
}

static void
expand_line(struct mn_pp *pp, const struct mn_line_tokens *line, struct mn_tokens *out)
{
    uint32_t i = 0, end;
    bool yes;

    while (i < line->count && !pp->failed) {
        struct mn_token made = line->items[i];

        if (answer(pp, line->items, line->count, i, &end, &yes)) {
            if (!mn_pp_spell(pp, yes ? "1" : "0", 1, &made))
                return;
            i = end;
        } else if (made.kind == MN_T_WORD && mn_name_of(made.name)->macro &&
                   mn_pp_expand(pp, line->items, line->count, &i, out, false)) {
            continue;
        } else {
            i++;
        }
        pp->failed |= !mn_tokens_add(out, &made);
    }
}

/* ---- evaluation ---- */

static struct value expression(struct reading *r, int least);

static void
complain(struct reading *r, const char *what)
{
    const struct mn_token *t = r->at < r->count ? &r->items[r->at] : NULL;

    if (!r->failed)
        mn_pp_error(r->pp, t ? mn_pp_span(t) : r->line, "%s in the condition", what);
    r->failed = true;
}

static struct value
word(struct reading *r, const struct mn_token *t)
{
    uint32_t end;
    bool yes;

    if (answer(r->pp, r->items, r->count, r->at - 1, &end, &yes)) {
        r->at = end;
        return (struct value){yes, false};
    }
    /* A macro that takes arguments and got none, or a name that is no macro: 0; the words of truth: what they say. */
    return (struct value){t->word == MN_W_TRUE || t->word == MN_W_TRUE_CAPITAL || t->word == MN_W_YES, false};
}

static struct value
primary(struct reading *r)
{
    const struct mn_token *t = r->at < r->count ? &r->items[r->at] : NULL;
    struct value v = {0};

    if (!t) {
        complain(r, "a value is missing");
        return v;
    }
    r->at++;
    switch (t->kind) {
    case MN_T_INTEGER:
        return (struct value){(int64_t)t->literal->integer,
                              t->literal->suffix & MN_SUFFIX_U || t->literal->integer > INT64_MAX};
    case MN_T_CHARACTER:
        return (struct value){t->literal->character, false};
    case MN_T_WORD:
        return word(r, t);
    case MN_T_PAREN_OPEN:
        v = expression(r, 0);
        if (r->at < r->count && r->items[r->at].kind == MN_T_PAREN_CLOSE)
            r->at++;
        else
            complain(r, "')' is missing");
        return v;
    default:
        r->at--;
        complain(r, "this is no integer constant");
        return v;
    }
}

static struct value
unary(struct reading *r)
{
    enum mn_token_kind kind = r->at < r->count ? (enum mn_token_kind)r->items[r->at].kind : MN_T_END;
    struct value v;

    if (kind != MN_T_MINUS && kind != MN_T_PLUS && kind != MN_T_NOT && kind != MN_T_TILDE)
        return primary(r);
    if (++r->depth > MN_TREE_DEPTH) {
        complain(r, "too much nesting");
        return (struct value){0};
    }
    r->at++;
    v = unary(r);
    r->depth--;
    if (kind == MN_T_NOT)
        return (struct value){!v.number, false};
    if (kind == MN_T_MINUS)
        v.number = (int64_t)(0 - (uint64_t)v.number);
    if (kind == MN_T_TILDE)
        v.number = ~v.number;
    return v;
}

static int
precedence(enum mn_token_kind kind)
{
    switch (kind) {
    case MN_T_QUESTION:
        return 1;
    case MN_T_OR:
        return 2;
    case MN_T_AND:
        return 3;
    case MN_T_PIPE:
        return 4;
    case MN_T_CARET:
        return 5;
    case MN_T_AMPERSAND:
        return 6;
    case MN_T_EQUAL:
    case MN_T_NOT_EQUAL:
        return 7;
    case MN_T_LESS:
    case MN_T_LESS_EQUAL:
    case MN_T_GREATER:
    case MN_T_GREATER_EQUAL:
        return 8;
    case MN_T_SHIFT_LEFT:
    case MN_T_SHIFT_RIGHT:
        return 9;
    case MN_T_PLUS:
    case MN_T_MINUS:
        return 10;
    case MN_T_STAR:
    case MN_T_SLASH:
    case MN_T_PERCENT:
        return 11;
    default:
        return 0;
    }
}

static int64_t
divide(struct reading *r, enum mn_token_kind op, struct value a, struct value b, bool is_unsigned)
{
    uint64_t x = (uint64_t)a.number, y = (uint64_t)b.number;

    if (y == 0) {
        if (!r->idle)
            complain(r, "division by zero");
        return 0;
    }
    if (is_unsigned)
        return (int64_t)(op == MN_T_SLASH ? x / y : x % y);
    if (b.number == -1)
        return op == MN_T_SLASH ? (int64_t)(0 - x) : 0;
    return op == MN_T_SLASH ? a.number / b.number : a.number % b.number;
}

static int64_t
shift(enum mn_token_kind op, struct value a, int64_t by)
{
    bool left = (op == MN_T_SHIFT_LEFT) == (by >= 0);
    uint64_t n = by < 0 ? 0 - (uint64_t)by : (uint64_t)by;

    if (n > 63)
        return !left && !a.is_unsigned && a.number < 0 ? -1 : 0;
    if (left)
        return (int64_t)((uint64_t)a.number << n);
    return a.is_unsigned ? (int64_t)((uint64_t)a.number >> n) : a.number >> n;
}

static struct value
operate(struct reading *r, enum mn_token_kind op, struct value a, struct value b)
{
    bool u = a.is_unsigned || b.is_unsigned;
    uint64_t x = (uint64_t)a.number, y = (uint64_t)b.number;

    switch (op) {
    case MN_T_PIPE:
        return (struct value){a.number | b.number, u};
    case MN_T_CARET:
        return (struct value){a.number ^ b.number, u};
    case MN_T_AMPERSAND:
        return (struct value){a.number & b.number, u};
    case MN_T_EQUAL:
        return (struct value){x == y, false};
    case MN_T_NOT_EQUAL:
        return (struct value){x != y, false};
    case MN_T_LESS:
        return (struct value){u ? x < y : a.number < b.number, false};
    case MN_T_LESS_EQUAL:
        return (struct value){u ? x <= y : a.number <= b.number, false};
    case MN_T_GREATER:
        return (struct value){u ? x > y : a.number > b.number, false};
    case MN_T_GREATER_EQUAL:
        return (struct value){u ? x >= y : a.number >= b.number, false};
    case MN_T_SHIFT_LEFT:
    case MN_T_SHIFT_RIGHT:
        return (struct value){shift(op, a, b.number), a.is_unsigned};
    case MN_T_PLUS:
        return (struct value){(int64_t)(x + y), u};
    case MN_T_MINUS:
        return (struct value){(int64_t)(x - y), u};
    case MN_T_STAR:
        return (struct value){(int64_t)(x * y), u};
    default:
        return (struct value){divide(r, op, a, b, u), u};
    }
}

/* The right side of && and ||, which may not count. */
static struct value
short_circuit(struct reading *r, enum mn_token_kind op, struct value left, int level)
{
    bool decided = op == MN_T_AND ? !left.number : left.number != 0;
    struct value right;

    r->idle += decided;
    right = expression(r, level + 1);
    r->idle -= decided;
    return (struct value){op == MN_T_AND ? left.number && right.number : left.number || right.number, false};
}

static struct value
conditional(struct reading *r, struct value test)
{
    struct value yes, no;

    r->idle += !test.number;
    yes = expression(r, 0);
    r->idle -= !test.number;
    if (r->at < r->count && r->items[r->at].kind == MN_T_COLON)
        r->at++;
    else
        complain(r, "':' is missing");
    r->idle += test.number != 0;
    no = expression(r, 1);
    r->idle -= test.number != 0;
    return (struct value){test.number ? yes.number : no.number, yes.is_unsigned || no.is_unsigned};
}

static struct value
expression(struct reading *r, int least)
{
    struct value left = {0};

    if (++r->depth > MN_TREE_DEPTH) {
        complain(r, "too much nesting");
        return left;
    }
    left = unary(r);
    while (!r->failed && r->at < r->count) {
        enum mn_token_kind op = (enum mn_token_kind)r->items[r->at].kind;
        int level = precedence(op);

        if (!level || level < least)
            break;
        r->at++;
        if (op == MN_T_QUESTION)
            left = conditional(r, left);
        else if (op == MN_T_AND || op == MN_T_OR)
            left = short_circuit(r, op, left, level);
        else
            left = operate(r, op, left, expression(r, level + 1));
    }
    r->depth--;
    return left;
}

bool
mn_pp_condition(struct mn_pp *pp, const struct mn_line_tokens *line)
{
    struct mn_tokens tokens = {0};
    struct reading r = {.pp = pp, .line = line->at};
    struct value v = {0};

    expand_line(pp, line, &tokens);
    r.items = tokens.items;
    r.count = tokens.count;
    if (!line->count)
        mn_pp_error(pp, line->at, "the condition is missing");
    else if (!pp->failed)
        v = expression(&r, 0);
    if (line->count && !r.failed && r.at < r.count)
        complain(&r, "an operator is missing");
    mn_tokens_fini(&tokens);
    return !r.failed && v.number != 0;
}
