/* SPDX-License-Identifier: MIT */
/* Statements of format 2, and blocks. */
#include "lang/json/render.h"
#include "lang/json/step.h"

#include <string.h>

static const struct mn_node *
member(const struct mn_node *node, const char *name)
{
    return mn_node_member(node, name);
}

static const char *
text(const struct mn_node *node, const char *name)
{
    return mn_member_text(node, name, NULL);
}

void
mn_put_body(struct mn_render *r, const struct mn_node *body)
{
    mn_put(r, "{\n");
    for (const struct mn_node *s = body ? body->first : NULL; s; s = s->next)
        mn_put_statement(r, s);
    mn_put(r, "}");
}

/* ---- Labels ---- */

static void
enter(struct mn_render *r, struct mn_json_scope *scope, const struct mn_node *statement, bool loop, bool breakable)
{
    *scope = (struct mn_json_scope){.outer = r->scope,
                                    .label = text(statement, "label"),
                                    .loop = loop,
                                    .breakable = breakable,
                                    .number = ++r->numbers};
    r->scope = scope;
}

static void
leave(struct mn_render *r, struct mn_json_scope *scope)
{
    r->scope = scope->outer;
    if (scope->breaks)
        mn_put(r, "mend_break_%u: ;\n", scope->number);
}

/* The body of a loop; a `continue` from further inside arrives at its end. */
static void
put_loop_body(struct mn_render *r, struct mn_json_scope *scope, const struct mn_node *body)
{
    mn_put(r, "{\n");
    mn_put_body(r, body);
    mn_put(r, "\n");
    if (scope->continues)
        mn_put(r, "mend_continue_%u: ;\n", scope->number);
    mn_put(r, "}\n");
}

static void
put_jump(struct mn_render *r, const struct mn_node *statement, bool out)
{
    const char *label = text(statement, "label");
    struct mn_json_scope *scope = r->scope;
    bool direct = true; /* C's own word reaches it */

    for (; scope; scope = scope->outer) {
        bool fits = out ? (label ? true : scope->breakable) : scope->loop;

        if (fits && (!label || (scope->label && !strcmp(scope->label, label))))
            break;
        if (out ? scope->breakable : scope->loop)
            direct = false;
    }
    if (!scope) {
        mn_json_error(r, statement, label ? "'%s' names no statement around this one" : "there is nothing to leave here",
                      label ? label : "");
        mn_put(r, ";\n");
    } else if (out && direct && scope->breakable) {
        mn_put(r, "break;\n");
    } else if (!out && direct) {
        mn_put(r, "continue;\n");
    } else {
        *(out ? &scope->breaks : &scope->continues) = true;
        mn_put(r, "goto mend_%s_%u;\n", out ? "break" : "continue", scope->number);
    }
}

/* ---- Declarations and assignments ---- */

/* What a value without a declared type gets: its own type if it is a number or structure by its form. */
static bool
is_object_form(const struct mn_node *value)
{
    switch (mn_expr_shape(value)) {
    case MN_SHAPES:
        return value->kind == MN_JSON_TEXT || value->kind == MN_JSON_NULL;
    case MN_SHAPE_E_STR:
    case MN_SHAPE_E_ARRAY:
    case MN_SHAPE_E_DICT:
    case MN_SHAPE_E_SET:
    case MN_SHAPE_E_BOX:
        return true;
    case MN_SHAPE_E_NULL:
        return !mn_node_member(value, "type");
    default:
        return false;
    }
}

static void
put_let(struct mn_render *r, const struct mn_node *s)
{
    const char *type = text(s, "type"), *storage = mn_member_text(s, "storage", "auto"), *name = mn_key_name(r, text(s, "name"));
    const struct mn_node *value = member(s, "value");

    if (*storage == 's')
        mn_put(r, "static ");
    else if (*storage == 'b')
        mn_put(r, "__block ");
    else if (*storage == 'w')
        mn_put(r, "__weak ");
    if (type)
        mn_put_declaration(r, type, name, member(s, "type"));
    else
        mn_put(r, "%s %s", !value || is_object_form(value) || *storage == 'w' ? "id" : "__auto_type", name);
    if (value && type && mn_expr_shape(value) == MN_SHAPE_E_CARRAY && strchr(type, '[')) {
        mn_put(r, " = {"); /* an array cannot be assigned, but begin with values */
        mn_put_exprs(r, member(value, "values"), value);
        mn_put(r, "}");
    } else if (value) {
        mn_put(r, " = ");
        mn_put_expr(r, value);
    }
    mn_mark(r, s);
}

static void
put_set(struct mn_render *r, const struct mn_node *s)
{
    mn_put_expr(r, member(s, "target"));
    mn_mark(r, s);
    mn_put(r, " %s ", mn_member_text(s, "op", "="));
    mn_put_expr(r, member(s, "value"));
    mn_mark(r, s);
}

/* ---- Control ---- */

static void
put_condition(struct mn_render *r, const char *word, const struct mn_node *cond, const struct mn_node *whole)
{
    mn_put(r, "%s (", word);
    mn_put_expr(r, cond);
    mn_mark(r, whole);
    mn_put(r, ") ");
}

static void
put_if(struct mn_render *r, const struct mn_node *s)
{
    const struct mn_node *more = member(s, "elseIf"), *otherwise = member(s, "else");

    put_condition(r, "if", member(s, "cond"), s);
    mn_put_body(r, member(s, "then"));
    for (const struct mn_node *one = more ? more->first : NULL; one; one = one->next) {
        mn_mark(r, one);
        put_condition(r, " else if", member(one, "cond"), one);
        mn_put_body(r, member(one, "then"));
    }
    if (otherwise) {
        mn_put(r, " else ");
        mn_put_body(r, otherwise);
    }
    mn_put(r, "\n");
}

static bool
is_plain(const struct mn_node *statement)
{
    enum mn_shape shape = mn_statement_shape(statement);

    return shape == MN_SHAPE_S_SET || shape == MN_SHAPE_S_EXPR;
}

static bool
all_plain(const struct mn_node *body)
{
    for (const struct mn_node *s = body ? body->first : NULL; s; s = s->next)
        if (!is_plain(s))
            return false;
    return true;
}

static void
put_plain(struct mn_render *r, const struct mn_node *s)
{
    mn_mark(r, s);
    if (mn_statement_shape(s) == MN_SHAPE_S_SET)
        put_set(r, s);
    else
        mn_put_expr(r, member(s, "value"));
}

static void
put_plain_list(struct mn_render *r, const struct mn_node *body)
{
    for (const struct mn_node *s = body ? body->first : NULL; s; s = s->next) {
        put_plain(r, s);
        mn_put(r, s->next ? ", " : "");
    }
}

/* C's head holds one declaration, or expressions; anything else stands before the loop or at the body's end. */
static void
put_for(struct mn_render *r, const struct mn_node *s, struct mn_json_scope *scope)
{
    const struct mn_node *init = member(s, "init"), *cond = member(s, "cond"), *step = member(s, "step");
    bool one = init && init->count == 1 && mn_statement_shape(init->first) == MN_SHAPE_S_LET &&
               mn_member_text(init->first, "storage", "auto")[0] == 'a';
    bool inside = one || all_plain(init), short_step = all_plain(step);

    mn_put(r, "{\n");
    if (!inside)
        for (const struct mn_node *first = init->first; first; first = first->next)
            mn_put_statement(r, first);
    mn_put(r, "for (");
    if (one) {
        mn_mark(r, init->first);
        put_let(r, init->first);
    } else if (inside) {
        put_plain_list(r, init);
    }
    mn_mark(r, s);
    mn_put(r, "; ");
    if (cond)
        mn_put_expr(r, cond);
    mn_mark(r, s);
    mn_put(r, "; ");
    if (short_step)
        put_plain_list(r, step);
    mn_mark(r, s);
    mn_put(r, ") {\n");
    scope->continues = false;
    if (!short_step)
        scope->loop = true;
    mn_put(r, "{\n");
    mn_put_body(r, member(s, "body"));
    mn_put(r, "}\n");
    if (scope->continues)
        mn_put(r, "mend_continue_%u: ;\n", scope->number);
    if (!short_step)
        mn_put_body(r, step);
    mn_put(r, "}\n}\n");
}

static void
put_case(struct mn_render *r, const struct mn_node *one)
{
    const struct mn_node *match = member(one, "match");

    mn_mark(r, one);
    for (const struct mn_node *value = match ? match->first : NULL; value; value = value->next) {
        bool range = member(value, "from") != NULL;

        mn_put(r, "case ");
        mn_put_expr(r, range ? member(value, "from") : value);
        if (range) {
            mn_put(r, " ... ");
            mn_put_expr(r, member(value, "to"));
        }
        mn_mark(r, one);
        mn_put(r, ":\n");
    }
    if (member(one, "default"))
        mn_put(r, "default:\n");
    mn_put_body(r, member(one, "body"));
    mn_mark(r, one);
    mn_put(r, mn_member_true(one, "fallthrough") ? "\n" : " break;\n");
}

static void
put_switch(struct mn_render *r, const struct mn_node *s)
{
    put_condition(r, "switch", member(s, "value"), s);
    mn_put(r, "{\n");
    for (const struct mn_node *one = member(s, "cases")->first; one; one = one->next)
        put_case(r, one);
    mn_put(r, "}\n");
}

static void
put_try(struct mn_render *r, const struct mn_node *s)
{
    const struct mn_node *catches = member(s, "catch"), *last = member(s, "finally");

    mn_put(r, "@try ");
    mn_put_body(r, member(s, "body"));
    for (const struct mn_node *one = catches ? catches->first : NULL; one; one = one->next) {
        const char *cls = text(one, "class"), *var = text(one, "var");

        mn_mark(r, one);
        if (cls)
            mn_put(r, " @catch (%s *%s) ", cls, var ? mn_key_name(r, var) : mn_fresh_name(r, "caught"));
        else if (var)
            mn_put(r, " @catch (id %s) ", mn_key_name(r, var));
        else
            mn_put(r, " @catch (...) ");
        mn_put_body(r, member(one, "body"));
    }
    if (last) {
        mn_put(r, " @finally ");
        mn_put_body(r, last);
    }
    mn_put(r, "\n");
}

static void
put_return(struct mn_render *r, const struct mn_node *s)
{
    const struct mn_node *value = member(s, "value");

    if (r->method && r->method->advice && r->result_name) {
        if (value)
            mn_json_error(r, value, "advice before or after a method gives no result");
        mn_put(r, "goto %s;\n", r->result_name);
        return;
    }
    mn_put(r, "return");
    if (value) {
        mn_put(r, " ");
        mn_put_expr(r, value);
        mn_mark(r, s);
    }
    mn_put(r, ";\n");
}

static void
put_loop(struct mn_render *r, const struct mn_node *s, enum mn_shape shape)
{
    struct mn_json_scope scope;

    enter(r, &scope, s, true, true);
    if (shape == MN_SHAPE_S_WHILE) {
        put_condition(r, "while", member(s, "cond"), s);
        put_loop_body(r, &scope, member(s, "body"));
    } else if (shape == MN_SHAPE_S_DO_WHILE) {
        mn_put(r, "do ");
        put_loop_body(r, &scope, member(s, "body"));
        put_condition(r, "while", member(s, "cond"), s);
        mn_put(r, ";\n");
    } else if (shape == MN_SHAPE_S_FOR) {
        put_for(r, s, &scope);
    } else {
        mn_put(r, "for (");
        mn_put_declaration(r, mn_member_text(s, "type", "id"), mn_key_name(r, text(s, "var")), s);
        mn_put(r, " in ");
        mn_put_expr(r, member(s, "in"));
        mn_mark(r, s);
        mn_put(r, ") ");
        put_loop_body(r, &scope, member(s, "body"));
    }
    leave(r, &scope);
}

static void
put_scoped(struct mn_render *r, const struct mn_node *s, enum mn_shape shape)
{
    struct mn_json_scope scope;

    enter(r, &scope, s, false, shape == MN_SHAPE_S_SWITCH);
    if (shape == MN_SHAPE_S_SWITCH) {
        put_switch(r, s);
    } else {
        mn_put_body(r, member(s, "body"));
        mn_put(r, "\n");
    }
    leave(r, &scope);
}

static void
put_step(struct mn_render *r, const struct mn_node *s)
{
    const char *word = text(s, "do"), *name = text(s, "name");
    const struct mn_node *given;
    struct mn_step_use use = {.outer = r->use, .statement = s}, *kept = r->use;

    if (!strcmp(word, "member")) { /* statements given to a step, in its body */
        given = kept && name ? member(kept->statement, name) : NULL;
        r->use = kept ? kept->outer : NULL;
        mn_put_body(r, given);
        mn_put(r, "\n");
    } else {
        r->use = &use;
        mn_put_body(r, mn_step_body(mn_step_named(word)));
        mn_put(r, "\n");
    }
    r->use = kept;
}

static void
put_simple(struct mn_render *r, const struct mn_node *s, enum mn_shape shape)
{
    switch (shape) {
    case MN_SHAPE_S_LET:
        put_let(r, s);
        mn_put(r, ";\n");
        break;
    case MN_SHAPE_S_SET:
        put_set(r, s);
        mn_put(r, ";\n");
        break;
    case MN_SHAPE_S_EXPR:
        mn_put_expr(r, member(s, "value"));
        mn_mark(r, s);
        mn_put(r, ";\n");
        break;
    case MN_SHAPE_S_BREAK:
    case MN_SHAPE_S_CONTINUE:
        put_jump(r, s, shape == MN_SHAPE_S_BREAK);
        break;
    case MN_SHAPE_S_RETURN:
        put_return(r, s);
        break;
    default:
        mn_put(r, "@throw");
        if (member(s, "value")) {
            mn_put(r, " ");
            mn_put_expr(r, member(s, "value"));
            mn_mark(r, s);
        }
        mn_put(r, ";\n");
    }
}

void
mn_put_statement(struct mn_render *r, const struct mn_node *s)
{
    enum mn_shape shape = mn_statement_shape(s);

    mn_put_weak_captures(r, s);
    mn_mark(r, s);
    switch (shape) {
    case MN_SHAPE_MESSAGE:
        mn_put_message(r, s);
        break;
    case MN_SHAPE_S_LEGACY:
        mn_put_message(r, member(s, "message"));
        break;
    case MN_SHAPE_S_BLOCK:
    case MN_SHAPE_S_SWITCH:
        put_scoped(r, s, shape);
        break;
    case MN_SHAPE_S_IF:
        put_if(r, s);
        break;
    case MN_SHAPE_S_WHILE:
    case MN_SHAPE_S_DO_WHILE:
    case MN_SHAPE_S_FOR:
    case MN_SHAPE_S_FOR_IN:
        put_loop(r, s, shape);
        break;
    case MN_SHAPE_S_TRY:
        put_try(r, s);
        break;
    case MN_SHAPE_S_SYNCHRONIZED:
        put_condition(r, "@synchronized", member(s, "on"), s);
        mn_put_body(r, member(s, "body"));
        mn_put(r, "\n");
        break;
    case MN_SHAPE_S_POOL:
        mn_put(r, "@autoreleasepool ");
        mn_put_body(r, member(s, "body"));
        mn_put(r, "\n");
        break;
    case MN_SHAPES:
        put_step(r, s);
        break;
    default:
        put_simple(r, s, shape);
    }
}

/* ---- Blocks ---- */

static bool
captures_weakly(const struct mn_node *capture)
{
    return mn_member_text(capture, "by", "copy")[0] == 'w' || mn_member_text(capture, "by", "copy")[0] == 'u';
}

static const char *
weak_name(struct mn_render *r, const struct mn_node *capture)
{
    const char *name = mn_arena_printf(&r->arena, "mend_weak_%u", capture->start);

    return name ? name : "mend_weak";
}

static bool
is_body_of_statements(const struct mn_node *node)
{
    return node->key && node->kind == MN_JSON_ARRAY &&
           (!strcmp(node->key, "body") || !strcmp(node->key, "then") || !strcmp(node->key, "else") ||
            !strcmp(node->key, "innerMessage") || !strcmp(node->key, "finally"));
}

void
mn_put_weak_captures(struct mn_render *r, const struct mn_node *node)
{
    for (const struct mn_node *child = node->first; child; child = child->next) {
        if (child->kind != MN_JSON_ARRAY && child->kind != MN_JSON_OBJECT)
            continue;
        if (child->key && !strcmp(child->key, "captures") && child->kind == MN_JSON_ARRAY)
            for (const struct mn_node *capture = child->first; capture; capture = capture->next)
                if (captures_weakly(capture)) {
                    const char *name = text(capture, "name");

                    mn_mark(r, capture);
                    name = !strcmp(name, "self") ? r->self : mn_key_name(r, name);
                    mn_put(r, "%s __typeof__(%s) %s = %s;\n",
                           mn_member_text(capture, "by", "")[0] == 'w' ? "__weak" : "__unsafe_unretained", name,
                           weak_name(r, capture), name);
                }
        if (!is_body_of_statements(child))
            mn_put_weak_captures(r, child);
    }
}

void
mn_put_block(struct mn_render *r, const struct mn_node *block)
{
    const struct mn_node *params = member(block, "params"), *captures = member(block, "captures");
    const char *returns = text(block, "returns"), *self = r->self, *result = r->result_name, *flag = r->flag;
    struct mn_json_scope *scope = r->scope;
    struct mn_json_alias *aliases = r->aliases;

    mn_put(r, "(^");
    if (returns && strcmp(returns, "void") && strpbrk(returns, "()[]^"))
        mn_put(r, "__typeof__(");
    if (returns)
        mn_put_type(r, returns, member(block, "returns"));
    if (returns && strcmp(returns, "void") && strpbrk(returns, "()[]^"))
        mn_put(r, ")");
    mn_put(r, "(");
    for (const struct mn_node *p = params ? params->first : NULL; p; p = p->next) {
        mn_mark(r, p);
        mn_put_declaration(r, text(p, "type"), mn_key_name(r, text(p, "name")), member(p, "type"));
        mn_put(r, p->next ? ", " : "");
    }
    mn_put(r, params && params->first ? ") " : "void) ");
    for (const struct mn_node *capture = captures ? captures->first : NULL; capture; capture = capture->next)
        if (captures_weakly(capture)) {
            struct mn_json_alias *alias = mn_arena_alloc(&r->arena, sizeof *alias);

            if (!alias)
                break;
            *alias = (struct mn_json_alias){r->aliases, text(capture, "name"), weak_name(r, capture)};
            r->aliases = alias;
            if (!strcmp(alias->name, "self"))
                r->self = alias->as;
        }
    r->scope = NULL;
    r->result_name = r->flag = NULL;
    mn_put_body(r, member(block, "body"));
    mn_put(r, ")");
    r->scope = scope;
    r->aliases = aliases;
    r->self = self;
    r->result_name = result;
    r->flag = flag;
}
