/* SPDX-License-Identifier: MIT */
/*
 * The check against the schema. One function a kind of value; objects are checked member by member against
 * their shape, so an unknown member, a missing one and a wrong one are told by name.
 */
#include "lang/json/shape.h"
#include "lang/json/step.h"

#include <math.h>
#include <string.h>

enum kind {
    K_TEXT,
    K_TEXT1,
    K_BOOL,
    K_TRUE,
    K_IDENT,
    K_CLASS_NAME,
    K_SELECTOR,
    K_TYPE,
    K_ENCODING,
    K_INT0,
    K_INT1,
    K_BITS,
    K_HEX_INT,
    K_FLOAT,
    K_DIGITAL,
    K_FORMAT,
    K_SEMANTICS,
    K_ON_ERROR,
    K_RUNTIME,
    K_OWNERSHIP,
    K_POSITION,
    K_SET_OP,
    K_BINARY,
    K_STORAGE,
    K_CAPTURE_BY,
    K_CAST_MODE,
    K_ARG_TYPE,
    K_EXPR,
    K_LVALUE,
    K_BODY,
    K_MESSAGE_OF,
    K_ARG_OF,
    K_MATCH,
    K_PAIR,
    K_EXPRS_BY_NAME,
    K_STRUCTS,
    K_FUNCTIONS,
    K_CONSTANTS,
    K_GLOBALS,
    K_EXTENSIONS,
    K_SHAPES, /* and from here on an object of that shape */
    K_LIST = 0x1000,
    K_LIST1 = 0x2000
};

/* In shape.def a kind is a name, alone or after LIST |. */
#define TEXT            K_TEXT
#define TEXT1           K_TEXT1
#define BOOL_           K_BOOL
#define LIST            K_LIST
#define LIST1           K_LIST1
#define SHAPE_OF(name)  (K_SHAPES + MN_SHAPE_##name)
#define IDENT           K_IDENT
#define CLASS_NAME      K_CLASS_NAME
#define SELECTOR        K_SELECTOR
#define TYPE            K_TYPE
#define ENCODING        K_ENCODING
#define INT0            K_INT0
#define INT1            K_INT1
#define BITS            K_BITS
#define HEX_INT         K_HEX_INT
#define FLOAT           K_FLOAT
#define DIGITAL         K_DIGITAL
#define FORMAT          K_FORMAT
#define SEMANTICS       K_SEMANTICS
#define ON_ERROR        K_ON_ERROR
#define RUNTIME         K_RUNTIME
#define OWNERSHIP       K_OWNERSHIP
#define POSITION        K_POSITION
#define SET_OP          K_SET_OP
#define BINARY          K_BINARY
#define STORAGE         K_STORAGE
#define CAPTURE_BY      K_CAPTURE_BY
#define CAST_MODE       K_CAST_MODE
#define ARG_TYPE        K_ARG_TYPE
#define EXPR            K_EXPR
#define LVALUE          K_LVALUE
#define BODY            K_BODY
#define MESSAGE_OF      K_MESSAGE_OF
#define ARG_OF          K_ARG_OF
#define MATCH           K_MATCH
#define PAIR            K_PAIR
#define EXPRS_BY_NAME   K_EXPRS_BY_NAME
#define STRUCTS         K_STRUCTS
#define FUNCTIONS       K_FUNCTIONS
#define CONSTANTS       K_CONSTANTS
#define GLOBALS         K_GLOBALS
#define EXTENSIONS      K_EXTENSIONS
#undef BOOL
#undef TRUE
#define BOOL            K_BOOL
#define TRUE            K_TRUE

struct key {
    const char *name;
    int kind;
    bool required;
};

#define KEY(name, kind, required) {name, kind, required},
#define DO                        KEY("do", K_TEXT, 1) KEY("note", K_TEXT, 0)
#define SHAPE(name, tag, ...)     static const struct key keys_##name[] = {__VA_ARGS__{NULL, 0, 0}};
#include "lang/json/shape.def"
#undef SHAPE

static const struct {
    const char *tag;
    const struct key *keys;
} shapes[] = {
#define SHAPE(name, tag, ...) {tag, keys_##name},
#include "lang/json/shape.def"
#undef SHAPE
};

/* The words a member may be. */
static const char *const words[][20] = {
    [K_SEMANTICS] = {"compat", "modern"},
    [K_ON_ERROR] = {"original", "zero", "raise", "abort"},
    [K_RUNTIME] = {"gcc", "gnustep2", "apple"},
    [K_OWNERSHIP] = {"assign", "retain", "copy", "weak"},
    [K_POSITION] = {"instead", "before", "after"},
    [K_SET_OP] = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="},
    [K_BINARY] = {"+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=", "&&", "||"},
    [K_STORAGE] = {"auto", "block", "weak", "static"},
    [K_CAPTURE_BY] = {"copy", "block", "weak", "unretained"},
    [K_CAST_MODE] = {"value", "bits"},
    [K_ARG_TYPE] = {"block", "if", "else", "elseIf", "while", "breakWhile", "continueWhile"},
};

struct checking {
    struct mn_findings *findings;
    const struct mn_step *step; /* whose body this is, or NULL */
};

static void check_value(struct checking *c, const struct mn_node *node, int kind);
static void check_shape(struct checking *c, const struct mn_node *node, enum mn_shape shape);

static struct mn_span
span_of(const struct mn_node *node)
{
    bool large = node->kind == MN_JSON_OBJECT || node->kind == MN_JSON_ARRAY;

    return (struct mn_span){node->start, large ? node->start + 1 : node->end};
}

#define WRONG(c, node, ...) mn_error_at((c)->findings, span_of(node), __VA_ARGS__)

/* ---- Patterns ---- */

static bool
starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t
word_length(const char *p)
{
    size_t n = starts_word(*p) ? 1 : 0;

    while (n && (starts_word(p[n]) || is_digit(p[n])))
        n++;
    return n;
}

bool
mn_is_identifier(const char *text)
{
    return *text && !text[word_length(text)];
}

static bool
is_class_name(const char *text)
{
    if (!starts_word(*text))
        return false;
    while (starts_word(*text) || is_digit(*text) || *text == '.')
        text++;
    return !*text;
}

bool
mn_is_selector(const char *text)
{
    const char *p = text + word_length(text);

    if (!*p)
        return p != text;
    for (; *p; p++)
        if (!(starts_word(*p) || is_digit(*p) || *p == ':'))
            return false;
    return text[word_length(text)] == ':' && p[-1] == ':';
}

static bool
is_hex_digit(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool
is_hex_integer(const char *p)
{
    p += *p == '-';
    if (p[0] == '0' && (p[1] | 0x20) == 'x') {
        for (p += 2; is_hex_digit(*p); p++)
            continue;
        return !*p && is_hex_digit(p[-1]);
    }
    if (!is_digit(*p))
        return false;
    while (is_digit(*p))
        p++;
    return !*p;
}

static bool
is_decimal(const char *p)
{
    p += *p == '-';
    if (!is_digit(*p))
        return false;
    while (is_digit(*p))
        p++;
    if (*p == '.') {
        if (!is_digit(*++p))
            return false;
        while (is_digit(*p))
            p++;
    }
    if ((*p | 0x20) == 'e') {
        p++;
        p += *p == '+' || *p == '-';
        if (!is_digit(*p))
            return false;
        while (is_digit(*p))
            p++;
    }
    return !*p;
}

static bool
is_hex_float(const char *p)
{
    const char *from;

    p += *p == '-';
    if (p[0] != '0' || (p[1] | 0x20) != 'x')
        return false;
    for (from = p += 2; is_hex_digit(*p) || *p == '.'; p++)
        continue;
    if (p == from || (*p | 0x20) != 'p')
        return false;
    p++;
    p += *p == '+' || *p == '-';
    if (!is_digit(*p))
        return false;
    while (is_digit(*p))
        p++;
    return !*p;
}

/* Whole numbers may be written 1.0, as JSON has one kind of number. */
static bool
is_integer(const struct mn_node *node)
{
    return node->kind == MN_JSON_INT ||
           (node->kind == MN_JSON_REAL && isfinite(node->real) && floor(node->real) == node->real);
}

static bool
is_number(const struct mn_node *node)
{
    return node->kind == MN_JSON_INT || node->kind == MN_JSON_REAL;
}

static double
number(const struct mn_node *node)
{
    return node->kind == MN_JSON_INT ? (double)node->integer : node->real;
}

/* ---- Values ---- */

static void
check_pattern(struct checking *c, const struct mn_node *node, bool fits, const char *what)
{
    if (!fits)
        WRONG(c, node, "%s expected", what);
}

static void
check_text(struct checking *c, const struct mn_node *node, int kind)
{
    const char *text = mn_node_text(node, NULL);
    size_t length;

    if (!text) {
        WRONG(c, node, "a text expected");
        return;
    }
    length = strlen(text);
    switch (kind) {
    case K_TEXT1:
    case K_TYPE:
        check_pattern(c, node, length != 0, "a text that is not empty");
        break;
    case K_IDENT:
        check_pattern(c, node, mn_is_identifier(text), "a name of letters, digits and _");
        break;
    case K_CLASS_NAME:
        check_pattern(c, node, is_class_name(text), "the name of a class");
        break;
    case K_SELECTOR:
        check_pattern(c, node, mn_is_selector(text), "a selector");
        break;
    case K_ENCODING:
        check_pattern(c, node, length >= 2 && (*text == '{' || *text == '(') &&
                                   (text[length - 1] == '}' || text[length - 1] == ')'),
                      "the encoding of a structure or union");
        break;
    default:
        break;
    }
}

static void
check_integer(struct checking *c, const struct mn_node *node, int kind)
{
    double least = kind == K_INT0 ? 0 : 1;

    if (!is_integer(node) || number(node) < least || (kind == K_BITS && number(node) > 64))
        WRONG(c, node, kind == K_BITS ? "a whole number from 1 to 64 expected" : "a whole number of at least %d expected",
              (int)least);
}

static void
check_literal(struct checking *c, const struct mn_node *node, int kind)
{
    const char *text = mn_node_text(node, NULL);
    bool fits;

    if (kind == K_HEX_INT)
        fits = is_integer(node) || (text && is_hex_integer(text));
    else if (kind == K_FLOAT)
        fits = is_number(node) || (text && (!strcmp(text, "inf") || !strcmp(text, "-inf") || !strcmp(text, "nan") ||
                                            is_hex_float(text)));
    else
        fits = is_number(node) || (text && ((is_hex_integer(text) && strpbrk(text, "xX")) || is_decimal(text)));
    check_pattern(c, node, fits, kind == K_HEX_INT ? "an integer, or one in a text such as \"0xFF\"" : "a number");
}

static void
check_word(struct checking *c, const struct mn_node *node, int kind)
{
    const char *text = mn_node_text(node, NULL);

    for (size_t i = 0; text && i < 20 && words[kind][i]; i++)
        if (!strcmp(text, words[kind][i]))
            return;
    WRONG(c, node, "one of the words of the schema expected, such as \"%s\"", words[kind][0]);
}

static void
check_list(struct checking *c, const struct mn_node *node, int kind, bool some)
{
    if (node->kind != MN_JSON_ARRAY) {
        WRONG(c, node, "a list expected");
        return;
    }
    if (some && !node->first)
        WRONG(c, node, "a list that is not empty expected");
    for (const struct mn_node *item = node->first; item; item = item->next)
        check_value(c, item, kind);
}

/* An object whose members have names of their own. */
static void
check_map(struct checking *c, const struct mn_node *node, int kind)
{
    if (node->kind != MN_JSON_OBJECT) {
        WRONG(c, node, "an object expected");
        return;
    }
    for (const struct mn_node *member = node->first; member; member = member->next) {
        if (kind == K_EXTENSIONS) {
            if (strncmp(member->key, "x-", 2))
                WRONG(c, member, "the name of an extension begins with \"x-\"");
            continue;
        }
        if (kind != K_EXPRS_BY_NAME && !mn_is_identifier(member->key))
            WRONG(c, member, "'%s' is no name", member->key);
        if (kind == K_CONSTANTS || kind == K_EXPRS_BY_NAME)
            check_value(c, member, K_EXPR);
        else if (kind == K_GLOBALS)
            check_shape(c, member, MN_SHAPE_GLOBAL);
        else if (kind == K_FUNCTIONS)
            check_shape(c, member, MN_SHAPE_FUNCTION);
        else
            check_shape(c, member, mn_node_member(member, "encoding") ? MN_SHAPE_STRUCT_ENCODED : MN_SHAPE_STRUCT_FIELDS);
    }
}

/* ---- Objects ---- */

static const struct key *
key_named(const struct key *keys, const char *name)
{
    for (; keys->name; keys++)
        if (!strcmp(keys->name, name))
            return keys;
    return NULL;
}

static void
check_shape(struct checking *c, const struct mn_node *node, enum mn_shape shape)
{
    const struct key *keys = shapes[shape].keys, *key;

    if (node->kind != MN_JSON_OBJECT) {
        WRONG(c, node, "an object expected");
        return;
    }
    for (const struct mn_node *member = node->first; member; member = member->next)
        if ((key = key_named(keys, member->key)))
            check_value(c, member, key->kind);
        else
            WRONG(c, member, "there is no member \"%s\" here", member->key);
    for (key = keys; key->name; key++)
        if (key->required && !mn_node_member(node, key->name))
            WRONG(c, node, "the member \"%s\" is missing", key->name);
}

_Static_assert(MN_SHAPES < 256, "a form fits mn_node.form");

/* The first form in the order of the table that a member names; "op" may stand in others too. */
enum mn_shape
mn_expr_shape(const struct mn_node *expr)
{
    enum mn_shape first = MN_SHAPES;
    bool op = false;

    if (expr->kind != MN_JSON_OBJECT)
        return MN_SHAPES;
    if (expr->form)
        return (enum mn_shape)expr->form;
    for (const struct mn_node *member = expr->first; member; member = member->next) {
        op |= !strcmp(member->key, "op");
        for (int shape = MN_SHAPE_E_INT; shape < (int)first; shape++)
            if (shape != MN_SHAPE_E_OP && shapes[shape].tag[0] == member->key[0] && !strcmp(shapes[shape].tag, member->key))
                first = (enum mn_shape)shape;
    }
    return first == MN_SHAPES && op ? MN_SHAPE_E_OP : first;
}

/* {"member": "value"}: what is given to the step whose body this is. */
static bool
is_step_member(struct checking *c, const struct mn_node *node, const char *by, enum mn_step_member kind)
{
    const char *name = c->step && node->kind == MN_JSON_OBJECT ? mn_member_text(node, by, NULL) : NULL;

    return name && mn_step_takes(c->step, name) == kind;
}

static void
check_expr(struct checking *c, const struct mn_node *node)
{
    enum mn_shape shape;

    if (node->kind == MN_JSON_ARRAY) {
        WRONG(c, node, "an expression expected: a list is written {\"array\": [...]}");
        return;
    }
    shape = mn_expr_shape(node);
    if (is_step_member(c, node, "member", MN_STEP_EXPR))
        return;
    if (shape != MN_SHAPES) {
        ((struct mn_node *)(uintptr_t)node)->form = (uint8_t)shape; /* asked for again and again; documents are one reader's */
        check_shape(c, node, shape);
    } else if (node->kind == MN_JSON_OBJECT)
        WRONG(c, node, node->first ? "\"%s\" is no expression" : "an expression expected", node->first ? node->first->key : "");
}

static void
check_lvalue(struct checking *c, const struct mn_node *node)
{
    switch (mn_expr_shape(node)) {
    case MN_SHAPE_E_VAR:
    case MN_SHAPE_E_SELF:
    case MN_SHAPE_E_GET:
    case MN_SHAPE_E_IVAR:
    case MN_SHAPE_E_FIELD:
    case MN_SHAPE_E_INDEX:
    case MN_SHAPE_E_DEREF:
        check_expr(c, node);
        break;
    default:
        WRONG(c, node, "a place expected: a variable, property, field, element or what a pointer points to");
    }
}

enum mn_shape
mn_statement_shape(const struct mn_node *statement)
{
    const char *word = mn_member_text(statement, "do", NULL);

    if (!mn_node_member(statement, "do"))
        return MN_SHAPE_MESSAGE;
    for (int shape = MN_SHAPE_S_LET; word && shape <= MN_SHAPE_S_LEGACY; shape++)
        if (!strcmp(word, shapes[shape].tag))
            return (enum mn_shape)shape;
    return MN_SHAPES;
}

static bool
is_true(const struct mn_node *node, const char *name)
{
    return mn_member_true(node, name);
}

static bool
ends_loop(const struct mn_node *arg)
{
    const char *type = mn_member_text(arg, "type", "");

    return !strcmp(type, "breakWhile") || !strcmp(type, "continueWhile");
}

static void
check_message(struct checking *c, const struct mn_node *node)
{
    const struct mn_node *args = mn_node_member(node, "args");
    bool message, receiver, does;
    int flags = is_true(node, "isIfSnippet") + is_true(node, "isWhileSnippet") + is_true(node, "isReturnSnippet") +
                is_true(node, "isBlock");

    if (node->kind != MN_JSON_OBJECT) {
        WRONG(c, node, "a statement expected");
        return;
    }
    check_shape(c, node, MN_SHAPE_MESSAGE);
    message = mn_node_member(node, "message") != NULL;
    receiver = mn_node_member(node, "receiver") || mn_node_member(node, "receiverExpr");
    does = message || flags;
    if (args && args->kind == MN_JSON_ARRAY)
        for (const struct mn_node *arg = args->first; arg && !does; arg = arg->next)
            does = ends_loop(arg);
    if (is_true(node, "isBlock") && !mn_node_member(node, "blockKey"))
        WRONG(c, node, "a block step names its block by \"blockKey\"");
    if (message != receiver)
        WRONG(c, node, message ? "the message has no \"receiver\"" : "the receiver gets no \"message\"");
    if (flags > 1)
        WRONG(c, node, "one step cannot be two of if, while, return and block");
    if (!does)
        WRONG(c, node, "the step does nothing: it sends, calls, tests, returns or breaks");
}

static void
check_arg(struct checking *c, const struct mn_node *node)
{
    const char *type = mn_member_text(node, "type", "");
    bool has_type = mn_node_member(node, "type") != NULL;
    static const char *const needs_type[] = {"blockParameterTypes", "blockReturnType", "innerMessage"};
    static const char *const values[] = {"type", "valueKey", "stringValue", "digital", "integerValue", "expr"};
    bool value = false;

    if (node->kind != MN_JSON_OBJECT) {
        WRONG(c, node, "an argument expected");
        return;
    }
    check_shape(c, node, MN_SHAPE_ARG);
    if (*type && !ends_loop(node) && !mn_node_member(node, "innerMessage") &&
        (!strcmp(type, "block") || !strcmp(type, "if") || !strcmp(type, "else") || !strcmp(type, "elseIf") ||
         !strcmp(type, "while")))
        WRONG(c, node, "\"%s\" has no \"innerMessage\"", type);
    if (!strcmp(type, "elseIf") && !mn_node_member(node, "condition"))
        WRONG(c, node, "\"elseIf\" has no \"condition\"");
    if (mn_node_member(node, "digitalType") && !mn_node_member(node, "digital"))
        WRONG(c, node, "\"digitalType\" without \"digital\"");
    for (size_t i = 0; i < 3; i++)
        if (mn_node_member(node, needs_type[i]) && !has_type)
            WRONG(c, node, "\"%s\" without \"type\"", needs_type[i]);
    for (size_t i = 0; i < 6; i++)
        value |= mn_node_member(node, values[i]) != NULL;
    if (!value)
        WRONG(c, node, "the argument has no value");
}

static void
check_step(struct checking *c, const struct mn_node *node, const struct mn_step *step)
{
    for (const struct mn_node *member = node->first; member; member = member->next)
        if (strcmp(member->key, "do") && strcmp(member->key, "note")) {
            if (mn_step_takes(step, member->key) == MN_STEP_EXPR)
                check_value(c, member, K_EXPR);
            else if (mn_step_takes(step, member->key) == MN_STEP_BODY)
                check_value(c, member, K_BODY);
            else
                WRONG(c, member, "the step '%s' has no member \"%s\"", mn_member_text(node, "do", ""), member->key);
        }
    for (const char *missing = NULL; (missing = mn_step_missing(step, node, missing));)
        WRONG(c, node, "the member \"%s\" is missing", missing);
}

static void
check_statement(struct checking *c, const struct mn_node *node)
{
    enum mn_shape shape = mn_statement_shape(node);
    const struct mn_step *step;

    if (!strcmp(mn_member_text(node, "do", ""), "member") && is_step_member(c, node, "name", MN_STEP_BODY))
        return;
    if (shape == MN_SHAPE_MESSAGE)
        check_message(c, node);
    else if (shape != MN_SHAPES)
        check_shape(c, node, shape);
    else if ((step = mn_step_named(mn_member_text(node, "do", ""))))
        check_step(c, node, step);
    else
        WRONG(c, mn_node_member(node, "do"), "there is no statement '%s'", mn_member_text(node, "do", "(no text)"));
}

static void
check_case(struct checking *c, const struct mn_node *node)
{
    if (node->kind == MN_JSON_OBJECT && !mn_node_member(node, "match") && !mn_node_member(node, "default"))
        WRONG(c, node, "a case has \"match\" or \"default\"");
}

static void
check_pair(struct checking *c, const struct mn_node *node)
{
    if (node->kind != MN_JSON_ARRAY || node->count != 2) {
        WRONG(c, node, "a pair [key, value] expected");
        return;
    }
    check_expr(c, node->first);
    check_expr(c, node->first->next);
}

static void
check_value(struct checking *c, const struct mn_node *node, int kind)
{
    if (kind & (K_LIST | K_LIST1)) {
        check_list(c, node, kind & ~(K_LIST | K_LIST1), kind & K_LIST1);
        return;
    }
    if (kind >= K_SHAPES) {
        check_shape(c, node, (enum mn_shape)(kind - K_SHAPES));
        if (kind == K_SHAPES + MN_SHAPE_CASE)
            check_case(c, node);
        return;
    }
    switch (kind) {
    case K_TEXT ... K_TEXT1:
    case K_IDENT ... K_ENCODING:
        check_text(c, node, kind);
        break;
    case K_BOOL:
        check_pattern(c, node, node->kind == MN_JSON_BOOL, "true or false");
        break;
    case K_TRUE:
        check_pattern(c, node, mn_node_true(node), "true");
        break;
    case K_INT0 ... K_BITS:
        check_integer(c, node, kind);
        break;
    case K_HEX_INT ... K_DIGITAL:
        check_literal(c, node, kind);
        break;
    case K_FORMAT:
        check_pattern(c, node, is_number(node) && (number(node) == 1 || number(node) == 2), "1 or 2");
        break;
    case K_SEMANTICS ... K_ARG_TYPE:
        check_word(c, node, kind);
        break;
    case K_EXPR:
        check_expr(c, node);
        break;
    case K_LVALUE:
        check_lvalue(c, node);
        break;
    case K_BODY:
        if (node->kind != MN_JSON_ARRAY)
            WRONG(c, node, "a list of statements expected");
        for (const struct mn_node *s = node->kind == MN_JSON_ARRAY ? node->first : NULL; s; s = s->next)
            check_statement(c, s);
        break;
    case K_MESSAGE_OF:
        check_message(c, node);
        break;
    case K_ARG_OF:
        check_arg(c, node);
        break;
    case K_MATCH:
        if (mn_node_member(node, "from") || mn_node_member(node, "to"))
            check_shape(c, node, MN_SHAPE_RANGE);
        else
            check_expr(c, node);
        break;
    case K_PAIR:
        check_pair(c, node);
        break;
    default:
        check_map(c, node, kind);
    }
}

/* Format 1 keeps to its own members, so that an old file cannot change its meaning. */
static void
check_format(struct checking *c, const struct mn_node *root)
{
    static const char *const allowed[] = {"$schema", "format", "semantics", "id", "version", "description",
                                          "instructions", "extensions"};
    const struct mn_node *format = mn_node_member(root, "format");

    if (format && is_number(format) && number(format) == 2)
        return;
    for (const struct mn_node *member = root->first; member; member = member->next) {
        bool known = !key_named(keys_DOCUMENT, member->key);

        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
            known |= !strcmp(member->key, allowed[i]);
        if (!known)
            WRONG(c, member, "\"%s\" belongs to format 2: the document says \"format\": 2 for it", member->key);
    }
}

void
mn_document_check(const struct mn_document *document, struct mn_findings *findings)
{
    struct checking c = {.findings = findings};

    check_shape(&c, document->root, MN_SHAPE_DOCUMENT);
    if (document->root->kind == MN_JSON_OBJECT)
        check_format(&c, document->root);
}

void
mn_step_check(const struct mn_node *body, const struct mn_step *step, struct mn_findings *findings)
{
    struct checking c = {.findings = findings, .step = step};

    check_value(&c, body, K_BODY);
}

bool
mn_is_statement_name(const char *name)
{
    for (int shape = MN_SHAPE_S_LET; shape <= MN_SHAPE_S_LEGACY; shape++)
        if (!strcmp(name, shapes[shape].tag))
            return true;
    return !strcmp(name, "member");
}
