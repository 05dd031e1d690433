/* SPDX-License-Identifier: MIT */
#include "js/scan.h"

#include "js/class.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What an open bracket belongs to, which decides what a slash behind its partner is. */
enum opened {
    PAREN,         /* an expression or arguments: a slash behind divides */
    PAREN_CONTROL, /* of if, while, for, with: a statement follows */
    SQUARE,
    BRACE_BLOCK,  /* a statement follows */
    BRACE_OBJECT, /* a value */
    BRACE_TEMPLATE
};

struct scanner {
    const char *at, *end, *line_start;
    unsigned line;
    bool value;   /* the last token ends a value: a slash now divides */
    bool control; /* the last token is if, while, for or with */
    bool member;  /* the last token is a dot: the next name is no keyword */
    bool broken;  /* a bracket without partner */
    unsigned char *open;
    size_t depth, room;
    bool (*visit)(void *data, const struct mn_js_token *token);
    void *data;
};

static bool
push(struct scanner *s, enum opened what)
{
    if (s->depth == s->room) {
        size_t room = s->room != 0 ? 2 * s->room : 64;
        unsigned char *more = mn_realloc(s->open, room);

        if (more == NULL)
            return false;
        s->open = more;
        s->room = room;
    }
    s->open[s->depth++] = (unsigned char)what;
    return true;
}

static bool
is_name_start(unsigned char c)
{
    return isalpha(c) || c == '_' || c == '$' || c == '\\' || c == '#' || c == '@' || c >= 0x80;
}

static bool
is_name_part(unsigned char c)
{
    return isalnum(c) || c == '_' || c == '$' || c == '\\' || c >= 0x80;
}

/* The bytes of a space or line end here, or 0: ECMAScript knows more than ASCII's. */
static size_t
space_at(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;
    size_t left = (size_t)(end - p);

    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    if (left >= 2 && memcmp(p, "\xc2\xa0", 2) == 0)
        return 2;
    if (left >= 3 && (memcmp(p, "\xef\xbb\xbf", 3) == 0 || memcmp(p, "\xe2\x80\xa8", 3) == 0 ||
                      memcmp(p, "\xe2\x80\xa9", 3) == 0 || memcmp(p, "\xe3\x80\x80", 3) == 0 ||
                      memcmp(p, "\xe1\x9a\x80", 3) == 0 || memcmp(p, "\xe2\x80\xaf", 3) == 0 ||
                      memcmp(p, "\xe2\x81\x9f", 3) == 0 || (memcmp(p, "\xe2\x80", 2) == 0 && (unsigned char)p[2] < 0x8b)))
        return 3;
    return 0;
}

/* ---- The ends of tokens: where they are, or s->end with *whole false ---- */

static const char *
text_end(const char *p, const char *end, bool *whole)
{
    char quote = *p++;

    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == quote)
            return p + 1;
        else if (*p == '\n')
            break;
    }
    *whole = false;
    return p;
}

/* From behind the backquote or the closing brace; *inner: it stopped at ${. */
static const char *
template_end(const char *p, const char *end, bool *inner, bool *whole)
{
    *inner = false;
    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end) {
            p++;
        } else if (*p == '`') {
            return p + 1;
        } else if (*p == '$' && p + 1 < end && p[1] == '{') {
            *inner = true;
            return p + 2;
        }
    }
    *whole = false;
    return end;
}

static const char *
regex_end(const char *p, const char *end, bool *whole)
{
    bool set = false;

    for (p++; p < end && *p != '\n'; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        else if (*p == '[')
            set = true;
        else if (*p == ']')
            set = false;
        else if (*p == '/' && !set) {
            p++;
            while (p < end && is_name_part((unsigned char)*p))
                p++;
            return p;
        }
    }
    *whole = false;
    return p;
}

static const char *
numeral_end(const char *p, const char *end)
{
    const char *start = p;

    for (; p < end; p++)
        if (!isalnum((unsigned char)*p) && *p != '.' && *p != '_' &&
            !((*p == '+' || *p == '-') && p > start && (p[-1] == 'e' || p[-1] == 'E') &&
              !(start[0] == '0' && p > start + 1 && (start[1] == 'x' || start[1] == 'X'))))
            break;
    return p;
}

static const char *
comment_end(const char *p, const char *end, bool *whole)
{
    if (p[1] == '/') {
        while (p < end && *p != '\n' && *p != '\r')
            p++;
        return p;
    }
    for (p += 2; p + 1 < end; p++)
        if (p[0] == '*' && p[1] == '/')
            return p + 2;
    *whole = false;
    return end;
}

static const char *
name_end(const char *p, const char *end)
{
    for (p++; p < end && is_name_part((unsigned char)*p); p++) {
        if (*p == '\\' && p + 2 < end && p[1] == 'u' && p[2] == '{')
            while (p < end && *p != '}')
                p++;
        else if (space_at(p, end) != 0)
            break;
    }
    return p < end ? p : end;
}

/* ---- State behind a token ---- */

static bool
is_one_of(const char *start, size_t length, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strlen(*words) == length && memcmp(start, *words, length) == 0)
            return true;
    return false;
}

static void
behind_name(struct scanner *s, const char *start, size_t length)
{
    static const char *const operators[] = {"return", "typeof", "instanceof", "in",    "of",    "new",  "delete", "void",
                                            "throw",  "case",   "do",         "else",  "yield", "await", "default",
                                            "extends", NULL};
    static const char *const controls[] = {"if", "while", "for", "with", NULL};

    s->control = !s->member && is_one_of(start, length, controls);
    s->value = s->member || !(is_one_of(start, length, operators) || s->control);
}

/* An opening brace after a value or `)` begins a block; after an operator an object. `=> {` begins a block. */
static enum opened
brace_kind(const struct scanner *s, const char *start, const char *text)
{
    const char *p = start;

    while (p > text && (p[-1] == ' ' || (p[-1] >= '\t' && p[-1] <= '\r')))
        p--;
    if (p == text || s->value)
        return BRACE_BLOCK;
    switch (p[-1]) {
    case ';':
    case '}':
    case '{':
    case ')':
        return BRACE_BLOCK;
    case '>':
        return p - 1 > text && p[-2] == '=' ? BRACE_BLOCK : BRACE_OBJECT;
    default:
        if (p - text >= 4 && (memcmp(p - 4, "else", 4) == 0))
            return BRACE_BLOCK;
        if (p - text >= 2 && memcmp(p - 2, "do", 2) == 0)
            return BRACE_BLOCK;
        return BRACE_OBJECT;
    }
}

static bool
open_bracket(struct scanner *s, const char *start, const char *text)
{
    enum opened what = SQUARE;

    if (*start == '(')
        what = s->control ? PAREN_CONTROL : PAREN;
    else if (*start == '{')
        what = brace_kind(s, start, text);
    s->value = false;
    return push(s, what);
}

static void
close_bracket(struct scanner *s, char c)
{
    enum opened what;

    if (s->depth == 0) {
        s->broken = true;
        s->value = true;
        return;
    }
    what = s->open[--s->depth];
    if ((c == ')') != (what == PAREN || what == PAREN_CONTROL) || (c == ']') != (what == SQUARE))
        s->broken = true;
    s->value = what != PAREN_CONTROL && what != BRACE_BLOCK;
}

/* ---- One token ---- */

static bool
emit(struct scanner *s, enum mn_js_token_kind kind, const char *end)
{
    struct mn_js_token token = {kind, s->at, (size_t)(end - s->at), s->line, (unsigned)(s->at - s->line_start) + 1};

    for (const char *p = s->at; p < end; p++)
        if (*p == '\n') {
            s->line++;
            s->line_start = p + 1;
        }
    s->at = end;
    return s->visit(s->data, &token);
}

static bool
template_part(struct scanner *s)
{
    bool inner, whole = true;
    const char *end = template_end(s->at + 1, s->end, &inner, &whole);

    if (inner && !push(s, BRACE_TEMPLATE))
        return false;
    s->value = !inner;
    return emit(s, whole ? MN_JS_TEMPLATE : MN_JS_WRONG, end);
}

static bool
mark(struct scanner *s, const char *text)
{
    const char *start = s->at;
    char c = *start;

    if (c == '(' || c == '[' || c == '{') {
        if (!open_bracket(s, start, text))
            return false;
    } else if (c == ')' || c == ']' || c == '}') {
        if (c == '}' && s->depth > 0 && s->open[s->depth - 1] == BRACE_TEMPLATE) {
            s->depth--;
            return template_part(s);
        }
        close_bracket(s, c);
    } else if ((c == '+' || c == '-') && s->end - start > 1 && start[1] == c) {
        s->control = s->member = false; /* x++ / y divides, ++/re/.x does not: the value before decides */
        return emit(s, MN_JS_MARK, start + 2);
    } else if (c == '?' && s->end - start > 2 && start[1] == '.' && !isdigit((unsigned char)start[2])) {
        s->value = s->control = false;
        s->member = true;
        return emit(s, MN_JS_MARK, start + 2);
    } else {
        s->value = false;
    }
    s->control = false;
    s->member = c == '.' && !(s->end - start > 2 && start[1] == '.');
    if (c == '.' && s->end - start > 2 && start[1] == '.' && start[2] == '.')
        return emit(s, MN_JS_MARK, start + 3);
    return emit(s, strchr("(){}[];,<>=+-*/%&|^!~?:.", c) != NULL ? MN_JS_MARK : MN_JS_WRONG, start + 1);
}

static bool
next(struct scanner *s, const char *text)
{
    unsigned char c = (unsigned char)*s->at;
    const char *end = s->at;
    bool whole = true;
    size_t n;

    while (end < s->end && (n = space_at(end, s->end)) != 0)
        end += n;
    if (end > s->at)
        return emit(s, MN_JS_SPACE, end);
    if (c == '/' && s->end - s->at > 1 && (s->at[1] == '/' || s->at[1] == '*')) {
        end = comment_end(s->at, s->end, &whole);
        return emit(s, whole ? MN_JS_COMMENT : MN_JS_WRONG, end);
    }
    if (c == '#' && s->at == text && s->end - s->at > 1 && s->at[1] == '!') {
        while (end < s->end && *end != '\n')
            end++;
        return emit(s, MN_JS_COMMENT, end);
    }
    if (c == '`')
        return template_part(s);
    if (c == '/' && !s->value) {
        end = regex_end(s->at, s->end, &whole);
        s->value = true;
        s->member = s->control = false;
        return emit(s, whole ? MN_JS_REGEX : MN_JS_WRONG, end);
    }
    if (c == '"' || c == '\'') {
        end = text_end(s->at, s->end, &whole);
        s->value = true;
        s->member = s->control = false;
        return emit(s, whole ? MN_JS_TEXT : MN_JS_WRONG, end);
    }
    if (isdigit(c) || (c == '.' && s->end - s->at > 1 && isdigit((unsigned char)s->at[1]))) {
        s->value = true;
        s->member = s->control = false;
        return emit(s, MN_JS_NUMERAL, numeral_end(s->at, s->end));
    }
    if (is_name_start(c)) {
        end = name_end(s->at, s->end);
        behind_name(s, s->at, (size_t)(end - s->at));
        s->member = false;
        return emit(s, MN_JS_NAME, end);
    }
    return mark(s, text);
}

bool
mn_js_scan(const char *text, size_t length, bool (*visit)(void *data, const struct mn_js_token *token), void *data)
{
    struct scanner s = {.at = text, .end = text + length, .line_start = text, .line = 1, .visit = visit, .data = data};
    bool good = true;

    while (good && s.at < s.end)
        good = next(&s, text);
    mn_free(s.open);
    return good && s.depth == 0 && !s.broken;
}

/* ---- Names that are called ---- */

struct calls {
    const char *name;
    size_t length;
    enum { ELSEWHERE, DOT, DOT_NAME, SQUARE_OPEN, SQUARE_NAME, SQUARE_SHUT } state;
    bool failed;
};

static void
found(struct calls *calls)
{
    calls->failed |= !mn_js_calls(calls->name, calls->length);
    calls->state = ELSEWHERE;
}

static bool
is_mark(const struct mn_js_token *token, const char *text)
{
    return token->kind == MN_JS_MARK && strlen(text) == token->length && memcmp(token->start, text, token->length) == 0;
}

static void
keep_name(struct calls *calls, const struct mn_js_token *token, size_t cut)
{
    calls->name = token->start + cut;
    calls->length = token->length - 2 * cut;
}

/* Also o['name'](…), as minifiers write it, and o.name`…` and o?.name?.(…). */
static bool
watch(void *data, const struct mn_js_token *token)
{
    struct calls *calls = data;
    bool dot = is_mark(token, ".") || is_mark(token, "?.");

    if (token->kind == MN_JS_SPACE || token->kind == MN_JS_COMMENT)
        return true;
    if ((calls->state == DOT_NAME || calls->state == SQUARE_SHUT) &&
        (is_mark(token, "(") || is_mark(token, "?.") || token->kind == MN_JS_TEMPLATE)) {
        found(calls);
        if (dot)
            calls->state = DOT;
        return !calls->failed;
    }
    if (dot) {
        calls->state = DOT;
    } else if (calls->state == DOT && token->kind == MN_JS_NAME) {
        keep_name(calls, token, 0);
        calls->state = DOT_NAME;
    } else if (is_mark(token, "[")) {
        calls->state = SQUARE_OPEN;
    } else if (calls->state == SQUARE_OPEN && token->kind == MN_JS_TEXT) {
        keep_name(calls, token, 1);
        calls->state = SQUARE_NAME;
    } else if (calls->state == SQUARE_NAME && is_mark(token, "]")) {
        calls->state = SQUARE_SHUT;
    } else {
        calls->state = ELSEWHERE;
    }
    return true;
}

bool
mn_js_scan_calls(const char *text, size_t length)
{
    struct calls calls = {0};

    mn_js_scan(text, length, watch, &calls);
    return !calls.failed;
}
