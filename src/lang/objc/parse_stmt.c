/* SPDX-License-Identifier: MIT */
/* Statements (spec/mango.md section 18, 19). */
#include "lang/objc/parser.h"

/* A statement that begins at the next token, its keyword being `at`. */
static struct mn_stmt *
stmt_new(struct parser *p, enum mn_stmt_kind kind)
{
    return mn_stmt_new(p->tree, kind, mn_p_span(mn_p_token(p)));
}

static struct mn_stmt *
finish(struct parser *p, struct mn_stmt *s)
{
    s->span = mn_p_span_from(p, s->span.start);
    return s;
}

/* ( expression ) */
static struct mn_expr *
condition(struct parser *p, const char *after)
{
    uint32_t open = p->at;
    struct mn_expr *e;

    if (!mn_p_expect(p, MN_T_PAREN_OPEN, after) || !(e = mn_p_expression(p)))
        return NULL;
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the condition") ? e : NULL;
}

/* ---- compound ---- */

/* Statements up to the closing brace. An error costs one statement: reading goes on behind it. */
static bool
statements(struct parser *p)
{
    while (!mn_p_is(p, MN_T_BRACE_CLOSE) && !mn_p_is(p, MN_T_END) && !mn_p_is_at(p, MN_AT_END)) {
        uint32_t mark = p->scratch_count, at = p->at;
        unsigned depth = p->depth;
        struct mn_stmt *s;

        p->waiting = 0;
        s = mn_p_statement(p);
        if (s) {
            if (!mn_p_push(p, s))
                return false;
            continue;
        }
        if (p->tree->arena.failed || p->stopped)
            return false;
        p->scratch_count = mark;
        p->depth = depth;
        p->waiting = 0;
        mn_p_sync_statement(p, at);
        if (p->at == at && !mn_p_is(p, MN_T_BRACE_CLOSE))
            return false; /* before a word of the file level: the brace is missing */
    }
    return true;
}

struct mn_stmt *
mn_p_compound(struct parser *p)
{
    uint32_t open = p->at, mark = p->scratch_count, visible = p->visible_count;
    struct mn_stmt *s = stmt_new(p, MN_STMT_COMPOUND);
    bool good;
    unsigned tall_before = p->tall;

    if (!s || !mn_p_expect(p, MN_T_BRACE_OPEN, NULL))
        return NULL;
    if (!mn_p_enter(p))
        return NULL;
    good = statements(p) && mn_p_take(p, mark, &s->body.items, &s->body.count);
    mn_p_scope_close(p, visible);
    s->at = mn_p_span(mn_p_token(p));
    good = good && mn_p_close(p, open, MN_T_BRACE_CLOSE, "to end the block");
    mn_p_leave(p, tall_before);
    return good ? finish(p, s) : NULL;
}

/* A body that is one statement. A label alone does not fill the place: `if (x) again: f();`. */
static struct mn_stmt *
body(struct parser *p)
{
    struct mn_stmt *s, *both;
    uint32_t mark = p->scratch_count, visible = p->visible_count;
    bool label;

    s = mn_p_statement(p);
    both = s;
    if (s && (s->kind == MN_STMT_LABEL || s->kind == MN_STMT_CASE || s->kind == MN_STMT_DEFAULT)) {
        both = mn_stmt_new(p->tree, MN_STMT_COMPOUND, s->span);
        do {
            label = s && (s->kind == MN_STMT_LABEL || s->kind == MN_STMT_CASE || s->kind == MN_STMT_DEFAULT);
            if (!both || !mn_p_push(p, s))
                both = NULL;
            s = both && label ? mn_p_statement(p) : NULL;
        } while (both && label);
        if (both && (!mn_p_take(p, mark, &both->body.items, &both->body.count) || !mn_p_taller(p)))
            both = NULL;
    }
    mn_p_scope_close(p, visible);
    return both;
}

/* ---- branches and loops ---- */

/* A chain of `else if` is read in a loop: it may be longer than statements may nest. */
static struct mn_stmt *
if_(struct parser *p)
{
    struct mn_stmt *first = NULL, **place = &first, *s;

    for (;;) {
        s = stmt_new(p, MN_STMT_IF);
        mn_p_next(p);
        if (!s || !(s->branch.test = condition(p, "after 'if'")) || !(s->branch.yes = body(p)))
            return NULL;
        *place = s;
        place = &s->branch.no;
        if (!mn_p_accept_word(p, MN_W_ELSE))
            break;
        if (mn_p_is_word(p, MN_W_IF))
            continue;
        if (!(s->branch.no = body(p)))
            return NULL;
        break;
    }
    for (s = first; s && s->kind == MN_STMT_IF; s = s->branch.no)
        finish(p, s);
    return first;
}

static struct mn_stmt *
while_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_WHILE);

    mn_p_next(p);
    if (!s || !(s->loop.test = condition(p, "after 'while'")) || !(s->loop.body = body(p)))
        return NULL;
    return finish(p, s);
}

static struct mn_stmt *
do_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_DO);

    mn_p_next(p);
    if (!s || !(s->loop.body = body(p)))
        return NULL;
    if (!mn_p_accept_word(p, MN_W_WHILE)) {
        mn_p_expected(p, "'while'", "after the body of 'do'");
        return NULL;
    }
    if (!(s->loop.test = condition(p, "after 'while'")))
        return NULL;
    mn_p_accept(p, MN_T_SEMICOLON); /* may be missing (spec 18) */
    return finish(p, s);
}

static struct mn_stmt *
switch_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_SWITCH);

    mn_p_next(p);
    if (!s || !(s->loop.test = condition(p, "after 'switch'")))
        return NULL;
    if (!mn_p_is(p, MN_T_BRACE_OPEN)) {
        mn_p_expected(p, "'{'", "to open the body of 'switch'");
        return NULL;
    }
    return (s->loop.body = mn_p_compound(p)) ? finish(p, s) : NULL;
}

static struct mn_stmt *
case_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_CASE);
    unsigned waiting = p->waiting;

    mn_p_next(p);
    if (!s)
        return NULL;
    p->waiting = 1;
    s->label.first = mn_p_conditional(p);
    if (s->label.first && mn_p_accept(p, MN_T_ELLIPSIS))
        s->label.last = mn_p_conditional(p);
    else if (s->label.first)
        s->label.last = NULL;
    p->waiting = waiting;
    if (!s->label.first || (p->tokens[p->at - 1].kind == MN_T_ELLIPSIS) ||
        !mn_p_expect(p, MN_T_COLON, "after 'case' and its value"))
        return NULL;
    return finish(p, s);
}

static struct mn_stmt *
default_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_DEFAULT);

    mn_p_next(p);
    return s && mn_p_expect(p, MN_T_COLON, "after 'default'") ? finish(p, s) : NULL;
}

/* ---- for ---- */

/* `T x in`, which reads like the start of a declaration. The index of `in`, or 0. */
static uint32_t
scan_in(const struct parser *p)
{
    uint32_t i, behind = mn_p_behind(p, p->at - 1);

    if (!behind)
        return 0;
    for (i = p->at + 1; i + 1 < behind; i++) {
        const struct mn_token *t = &p->tokens[i];

        if (t->kind == MN_T_SEMICOLON)
            return 0;
        if (t->kind == MN_T_WORD && t->word == MN_W_IN && p->tokens[i + 1].kind != MN_T_ASSIGN &&
            t[-1].kind != MN_T_DOT && t[-1].kind != MN_T_STAR)
            return i;
        if ((t->kind == MN_T_PAREN_OPEN || t->kind == MN_T_SQUARE_OPEN || t->kind == MN_T_BRACE_OPEN) &&
            mn_p_behind(p, i))
            i = mn_p_behind(p, i) - 1;
    }
    return 0;
}

static bool
for_in_variable(struct parser *p, struct mn_stmt *s)
{
    struct mn_p_specifiers specifiers;
    struct mn_p_declarator declarator;
    struct mn_decl *decl = mn_decl_new(p->tree, MN_DECL_VARIABLE, mn_p_span(mn_p_token(p)));

    if (!decl || !mn_p_specifiers(p, &specifiers) || !mn_p_declarator(p, specifiers.type, 1, &declarator))
        return false;
    decl->name = declarator.name.name;
    decl->at = declarator.name.span;
    decl->type = declarator.type;
    decl->storage = specifiers.storage;
    decl->dialect = p->dialect;
    decl->ownership = declarator.type->ownership ? declarator.type->ownership : specifiers.ownership;
    decl->span = mn_p_span_from(p, decl->span.start);
    mn_p_declare(p, decl->name);
    s->for_in.variable = decl;
    return true;
}

static bool
for_in(struct parser *p, struct mn_stmt *s, uint32_t in)
{
    bool declares = mn_p_starts_declaration(p) && p->at + 1 < in;

    s->kind = MN_STMT_FOR_IN;
    if (declares ? !for_in_variable(p, s) : !(s->for_in.place = mn_p_unary(p)))
        return false;
    if (!mn_p_accept_word(p, MN_W_IN)) {
        mn_p_expected(p, "'in'", "after the loop's variable");
        return false;
    }
    return (s->for_in.collection = mn_p_expression(p)) != NULL;
}

/* The first part of a C loop's header, with its ';'. */
static bool
for_first(struct parser *p, struct mn_stmt *s)
{
    uint32_t mark = p->scratch_count;

    if (mn_p_accept(p, MN_T_SEMICOLON))
        return true;
    if (mn_p_starts_declaration(p)) {
        s->for_.first = stmt_new(p, MN_STMT_DECLARATION);
        return s->for_.first && mn_p_declaration(p, NULL, false) &&
               mn_p_take(p, mark, &s->for_.first->decls.items, &s->for_.first->decls.count) &&
               finish(p, s->for_.first);
    }
    s->for_.first = stmt_new(p, MN_STMT_EXPRESSION);
    if (!s->for_.first || !(s->for_.first->expr = mn_p_expression(p)))
        return false;
    finish(p, s->for_.first);
    return mn_p_expect(p, MN_T_SEMICOLON, "after the first part of 'for'");
}

static bool
for_parts(struct parser *p, struct mn_stmt *s)
{
    if (!for_first(p, s))
        return false;
    if (!mn_p_is(p, MN_T_SEMICOLON) && !(s->for_.test = mn_p_expression(p)))
        return false;
    if (!mn_p_expect(p, MN_T_SEMICOLON, "after the condition of 'for'"))
        return false;
    return mn_p_is(p, MN_T_PAREN_CLOSE) || (s->for_.step = mn_p_expression(p)) != NULL;
}

static struct mn_stmt *
for_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_FOR);
    uint32_t open = p->at + 1, visible = p->visible_count, in;
    struct mn_stmt *inner;

    mn_p_next(p);
    if (!s || !mn_p_expect(p, MN_T_PAREN_OPEN, "after 'for'"))
        return NULL;
    in = scan_in(p);
    if (in ? !for_in(p, s, in) : !for_parts(p, s))
        return NULL;
    if (!mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the header of 'for'") || !(inner = body(p)))
        return NULL;
    mn_p_scope_close(p, visible);
    if (in)
        s->for_in.body = inner;
    else
        s->for_.body = inner;
    return finish(p, s);
}

/* ---- jumps ---- */

static struct mn_stmt *
jump(struct parser *p, enum mn_stmt_kind kind, const char *where)
{
    struct mn_stmt *s = stmt_new(p, kind);

    mn_p_next(p);
    return s && mn_p_expect(p, MN_T_SEMICOLON, where) ? finish(p, s) : NULL;
}

/* return e; @throw e; */
static struct mn_stmt *
with_value(struct parser *p, enum mn_stmt_kind kind, const char *where)
{
    struct mn_stmt *s = stmt_new(p, kind);

    mn_p_next(p);
    if (!s || (!mn_p_is(p, MN_T_SEMICOLON) && !(s->expr = mn_p_expression(p))))
        return NULL;
    return mn_p_expect(p, MN_T_SEMICOLON, where) ? finish(p, s) : NULL;
}

static struct mn_stmt *
goto_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_GOTO);

    mn_p_next(p);
    if (!s || !mn_p_ident(p, &s->word, "a label"))
        return NULL;
    return mn_p_expect(p, MN_T_SEMICOLON, "after 'goto' and its label") ? finish(p, s) : NULL;
}

static struct mn_stmt *
label(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_LABEL);

    if (!s || !mn_p_ident(p, &s->word, "a label"))
        return NULL;
    mn_p_next(p);
    return finish(p, s);
}

/* ---- @try and its like ---- */

static bool
catch_param(struct parser *p, struct mn_catch_clause *clause)
{
    uint32_t open = p->at;
    struct mn_p_specifiers specifiers;
    struct mn_p_declarator declarator;

    if (!mn_p_expect(p, MN_T_PAREN_OPEN, "after '@catch'"))
        return false;
    if (!mn_p_accept(p, MN_T_ELLIPSIS)) {
        clause->param = mn_decl_new(p->tree, MN_DECL_PARAMETER, mn_p_span(mn_p_token(p)));
        if (!clause->param || !mn_p_specifiers(p, &specifiers) ||
            !mn_p_declarator(p, specifiers.type, 0, &declarator))
            return false;
        clause->param->name = declarator.name.name;
        clause->param->at = declarator.name.span;
        clause->param->type = declarator.type;
        clause->param->dialect = p->dialect;
        clause->param->span = mn_p_span_from(p, clause->param->span.start);
        mn_p_declare(p, declarator.name.name);
    }
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after what '@catch' catches");
}

static bool
catch_(struct parser *p)
{
    struct mn_catch_clause clause = {.span = mn_p_span(mn_p_token(p))};
    uint32_t visible = p->visible_count;

    mn_p_next(p);
    if (!catch_param(p, &clause) || !(clause.body = mn_p_compound(p)))
        return false;
    mn_p_scope_close(p, visible);
    clause.span = mn_p_span_from(p, clause.span.start);
    return mn_p_push_copy(p, &clause, sizeof clause);
}

static struct mn_stmt *
try_(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_TRY);
    uint32_t mark = p->scratch_count;

    mn_p_next(p);
    if (!s || !(s->try_.body = mn_p_compound(p)))
        return NULL;
    while (mn_p_is_at(p, MN_AT_CATCH))
        if (!catch_(p))
            return NULL;
    if (!mn_p_take_copies(p, mark, sizeof *s->try_.catches, &s->try_.catches, &s->try_.count))
        return NULL;
    if (mn_p_is_at(p, MN_AT_FINALLY)) {
        mn_p_next(p);
        if (!(s->try_.finally = mn_p_compound(p)))
            return NULL;
    }
    if (!s->try_.count && !s->try_.finally) {
        mn_p_error(p, s->at, "'@try' needs a '@catch' or a '@finally' behind it");
        return NULL;
    }
    return finish(p, s);
}

static struct mn_stmt *
synchronized(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_SYNCHRONIZED);

    mn_p_next(p);
    if (!s || !(s->guarded.lock = condition(p, "after '@synchronized'")) ||
        !(s->guarded.body = mn_p_compound(p)))
        return NULL;
    return finish(p, s);
}

static struct mn_stmt *
pool(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_POOL);

    mn_p_next(p);
    return s && (s->guarded.body = mn_p_compound(p)) ? finish(p, s) : NULL;
}

static struct mn_stmt *
at_statement(struct parser *p, bool *known)
{
    *known = true;
    switch (mn_p_token(p)->word) {
    case MN_AT_TRY:
        return try_(p);
    case MN_AT_THROW:
        return with_value(p, MN_STMT_THROW, "after '@throw'");
    case MN_AT_SYNCHRONIZED:
        return synchronized(p);
    case MN_AT_AUTORELEASEPOOL:
        return pool(p);
    case MN_AT_CATCH:
    case MN_AT_FINALLY:
        mn_p_error(p, mn_p_span(mn_p_token(p)), "'@%s' without a '@try' before it", mn_p_token(p)->name);
        return NULL;
    default:
        *known = false;
        return NULL;
    }
}

/* ---- any ---- */

static struct mn_stmt *
declaration(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_DECLARATION);
    uint32_t mark = p->scratch_count;

    if (!s || !mn_p_declaration(p, NULL, false) || !mn_p_take(p, mark, &s->decls.items, &s->decls.count))
        return NULL;
    return finish(p, s);
}

static struct mn_stmt *
expression(struct parser *p)
{
    struct mn_stmt *s = stmt_new(p, MN_STMT_EXPRESSION);

    if (!s || !(s->expr = mn_p_expression(p)))
        return NULL;
    return mn_p_expect(p, MN_T_SEMICOLON, "after the expression") ? finish(p, s) : NULL;
}

static struct mn_stmt *
word_statement(struct parser *p, bool *known)
{
    *known = true;
    switch (mn_p_token(p)->word) {
    case MN_W_IF:
        return if_(p);
    case MN_W_WHILE:
        return while_(p);
    case MN_W_DO:
        return do_(p);
    case MN_W_FOR:
        return for_(p);
    case MN_W_SWITCH:
        return switch_(p);
    case MN_W_CASE:
        return case_(p);
    case MN_W_DEFAULT:
        return default_(p);
    case MN_W_BREAK:
        return jump(p, MN_STMT_BREAK, "after 'break'");
    case MN_W_CONTINUE:
        return jump(p, MN_STMT_CONTINUE, "after 'continue'");
    case MN_W_RETURN:
        return with_value(p, MN_STMT_RETURN, "after 'return'");
    case MN_W_GOTO:
        return goto_(p);
    case MN_W_ELSE:
        mn_p_error(p, mn_p_span(mn_p_token(p)), "'else' without an 'if' before it");
        mn_p_next(p);
        return NULL;
    default:
        *known = false;
        return NULL;
    }
}

static struct mn_stmt *
statement(struct parser *p)
{
    struct mn_stmt *s;
    bool known = false;

    switch (mn_p_token(p)->kind) {
    case MN_T_SEMICOLON:
        s = stmt_new(p, MN_STMT_EMPTY);
        mn_p_next(p);
        return s;
    case MN_T_WORD:
        s = word_statement(p, &known);
        if (known)
            return s;
        if (mn_p_is_ident(p, mn_p_token(p)) && mn_p_peek(p, 1)->kind == MN_T_COLON)
            return label(p);
        break;
    case MN_T_AT_WORD:
        s = at_statement(p, &known);
        if (known)
            return s;
        break;
    default:
        break;
    }
    return mn_p_starts_declaration(p) ? declaration(p) : expression(p);
}

struct mn_stmt *
mn_p_statement(struct parser *p)
{
    struct mn_stmt *s;
    unsigned tall_before = p->tall;

    if (mn_p_is(p, MN_T_BRACE_OPEN))
        return mn_p_compound(p); /* counts its own level */
    if (!mn_p_enter(p))
        return NULL;
    s = statement(p);
    mn_p_leave(p, tall_before);
    return s;
}
