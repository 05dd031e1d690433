/* SPDX-License-Identifier: MIT */
/* Statements. */
#include "lang/objc/write_parts.h"

static void stmt(struct mn_printing *p, const struct mn_stmt *s);

static void
statements(struct mn_printing *p, struct mn_stmts body)
{
    for (uint32_t i = 0; i < body.count; i++) {
        const struct mn_stmt *s = body.items[i];
        bool label = s->kind == MN_STMT_CASE || s->kind == MN_STMT_DEFAULT || s->kind == MN_STMT_LABEL;

        if (label && p->indent)
            p->indent--;
        stmt(p, s);
        if (label)
            p->indent++;
        if (label && i + 1 == body.count)
            mn_print(p, ";");
    }
}

void
mn_print_compound(struct mn_printing *p, const struct mn_stmt *body)
{
    mn_print(p, "{");
    p->indent++;
    statements(p, body->body);
    p->indent--;
    mn_print_line(p);
    mn_print(p, "}");
}

/* The statement a head governs: in braces as it was, else on the next line. */
static void
governed(struct mn_printing *p, const struct mn_stmt *s)
{
    if (s->kind == MN_STMT_COMPOUND) {
        mn_print(p, " ");
        mn_print_compound(p, s);
        return;
    }
    p->indent++;
    stmt(p, s);
    p->indent--;
}

static void
in_parentheses(struct mn_printing *p, const char *word, const struct mn_expr *e)
{
    mn_print(p, "%s (", word);
    mn_print_expr(p, e, MN_TIGHT_ANY);
    mn_print(p, ")");
}

/* ends in an `if` without else, which would take the `else` that follows */
static bool
is_open(const struct mn_stmt *s)
{
    for (;;) {
        switch (s->kind) {
        case MN_STMT_IF:
            if (!s->branch.no)
                return true;
            s = s->branch.no;
            break;
        case MN_STMT_WHILE:
            s = s->loop.body;
            break;
        case MN_STMT_FOR:
            s = s->for_.body;
            break;
        case MN_STMT_FOR_IN:
            s = s->for_in.body;
            break;
        default:
            return false;
        }
    }
}

static void
branch(struct mn_printing *p, const struct mn_stmt *s)
{
    for (;;) {
        in_parentheses(p, "if", s->branch.test);
        if (s->branch.no && is_open(s->branch.yes)) {
            mn_print(p, " {");
            governed(p, s->branch.yes);
            mn_print_line(p);
            mn_print(p, "}");
        } else {
            governed(p, s->branch.yes);
        }
        if (!s->branch.no)
            return;
        if (s->branch.yes->kind == MN_STMT_COMPOUND)
            mn_print(p, " ");
        else
            mn_print_line(p);
        mn_print(p, "else");
        if (s->branch.no->kind != MN_STMT_IF) {
            governed(p, s->branch.no);
            return;
        }
        mn_print(p, " ");
        s = s->branch.no;
    }
}

static void
loop(struct mn_printing *p, const struct mn_stmt *s)
{
    mn_print(p, "for (");
    if (s->for_.first && s->for_.first->kind == MN_STMT_DECLARATION) {
        struct mn_decls d = s->for_.first->decls;
        uint32_t from = d.count > 1 && d.items[0]->kind == MN_DECL_TAG; /* said by what declares with it */

        mn_print_decls(p, d.items + from, d.count - from);
    } else if (s->for_.first && s->for_.first->kind == MN_STMT_EXPRESSION) {
        mn_print_expr(p, s->for_.first->expr, MN_TIGHT_ANY);
    }
    mn_print(p, ";");
    if (s->for_.test) {
        mn_print(p, " ");
        mn_print_expr(p, s->for_.test, MN_TIGHT_ANY);
    }
    mn_print(p, ";");
    if (s->for_.step) {
        mn_print(p, " ");
        mn_print_expr(p, s->for_.step, MN_TIGHT_ANY);
    }
    mn_print(p, ")");
    governed(p, s->for_.body);
}

static void
for_in(struct mn_printing *p, const struct mn_stmt *s)
{
    mn_print(p, "for (");
    if (s->for_in.variable)
        mn_print_decls(p, &s->for_in.variable, 1);
    else
        mn_print_expr(p, s->for_in.place, MN_TIGHT_UNARY);
    mn_print(p, " in ");
    mn_print_expr(p, s->for_in.collection, MN_TIGHT_ANY);
    mn_print(p, ")");
    governed(p, s->for_in.body);
}

static void
try_catch(struct mn_printing *p, const struct mn_stmt *s)
{
    mn_print(p, "@try ");
    mn_print_compound(p, s->try_.body);
    for (uint32_t i = 0; i < s->try_.count; i++) {
        const struct mn_catch_clause *one = &s->try_.catches[i];

        mn_print(p, " @catch (");
        if (one->param)
            mn_print_decls(p, (struct mn_decl *const *)&one->param, 1);
        else
            mn_print(p, "...");
        mn_print(p, ") ");
        mn_print_compound(p, one->body);
    }
    if (s->try_.finally) {
        mn_print(p, " @finally ");
        mn_print_compound(p, s->try_.finally);
    }
}

static void
label(struct mn_printing *p, const struct mn_stmt *s)
{
    bool outer = p->colons;

    p->colons = true;
    mn_print(p, "case ");
    mn_print_expr(p, s->label.first, MN_TIGHT_BINARY);
    if (s->label.last) {
        mn_print(p, " ... ");
        mn_print_expr(p, s->label.last, MN_TIGHT_BINARY);
    }
    mn_print(p, ":");
    p->colons = outer;
}

static void
word(struct mn_printing *p, const char *text, const struct mn_expr *value)
{
    mn_print(p, value ? "%s " : "%s", text);
    if (value)
        mn_print_expr(p, value, MN_TIGHT_ANY);
    mn_print(p, ";");
}

static void
simple(struct mn_printing *p, const struct mn_stmt *s)
{
    switch (s->kind) {
    case MN_STMT_COMPOUND:
        mn_print_compound(p, s);
        break;
    case MN_STMT_EXPRESSION:
        mn_print_expr(p, s->expr, MN_TIGHT_ANY);
        mn_print(p, ";");
        break;
    case MN_STMT_BREAK:
    case MN_STMT_CONTINUE:
        word(p, mn_stmt_kind_text(s->kind), NULL);
        break;
    case MN_STMT_RETURN:
    case MN_STMT_THROW:
        word(p, mn_stmt_kind_text(s->kind), s->expr);
        break;
    case MN_STMT_GOTO:
        mn_print(p, "goto %s;", s->word.name);
        break;
    case MN_STMT_LABEL:
        mn_print(p, "%s:", s->word.name);
        break;
    case MN_STMT_CASE:
        label(p, s);
        break;
    case MN_STMT_DEFAULT:
        mn_print(p, "default:");
        break;
    default:
        mn_print(p, ";");
    }
}

static void
stmt(struct mn_printing *p, const struct mn_stmt *s)
{
    if (s->kind == MN_STMT_DECLARATION) {
        for (uint32_t i = 0; i < s->decls.count;)
            i += mn_print_declaration(p, s->decls.items + i, s->decls.count - i);
        return;
    }
    mn_print_line(p);
    switch (s->kind) {
    case MN_STMT_IF:
        branch(p, s);
        break;
    case MN_STMT_SWITCH:
    case MN_STMT_WHILE:
        in_parentheses(p, s->kind == MN_STMT_SWITCH ? "switch" : "while", s->loop.test);
        governed(p, s->loop.body);
        break;
    case MN_STMT_DO:
        mn_print(p, "do");
        governed(p, s->loop.body);
        if (s->loop.body->kind == MN_STMT_COMPOUND)
            mn_print(p, " ");
        else
            mn_print_line(p);
        in_parentheses(p, "while", s->loop.test);
        mn_print(p, ";");
        break;
    case MN_STMT_FOR:
        loop(p, s);
        break;
    case MN_STMT_FOR_IN:
        for_in(p, s);
        break;
    case MN_STMT_TRY:
        try_catch(p, s);
        break;
    case MN_STMT_SYNCHRONIZED:
        in_parentheses(p, "@synchronized", s->guarded.lock);
        governed(p, s->guarded.body);
        break;
    case MN_STMT_POOL:
        mn_print(p, "@autoreleasepool");
        governed(p, s->guarded.body);
        break;
    case MN_STMT_ERROR:
        mn_print_refuse(p, s->span, mn_stmt_kind_text(s->kind));
        break;
    default:
        simple(p, s);
    }
}

void
mn_print_statement(struct mn_printing *p, const struct mn_stmt *s)
{
    stmt(p, s);
    if (s->kind == MN_STMT_LABEL)
        mn_print(p, ";");
}
