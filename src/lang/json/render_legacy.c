/* SPDX-License-Identifier: MIT */
/*
 * Steps of format 1. Its pool of values by name becomes variables of the method: one a key, of the type of the first
 * result stored under it, shared with the method's blocks. What the original system found out while running (a
 * receiver that is a key or else a class, a key with a prefix) is found out here.
 */
#include "lang/json/render.h"
#include "runtime/runtime.h"

#include <stdio.h>
#include <stdlib.h>
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

static bool
is_type(const struct mn_node *arg, const char *type)
{
    return !strcmp(mn_member_text(arg, "type", ""), type);
}

static const struct mn_node *
first_arg(const struct mn_node *message)
{
    const struct mn_node *args = member(message, "args");

    return args ? args->first : NULL;
}

/* Values, as opposed to bodies and breaks. */
static bool
is_value(const struct mn_node *arg)
{
    return !member(arg, "type") || is_type(arg, "block");
}

/* ---- Keys ---- */

/* The variable of a key, or NULL. Method arguments are keys too. */
static const char *
variable(struct mn_render *r, const char *key)
{
    unsigned index;
    int used = 0;
    const char *name = mn_map_get_text(&r->method->keys, key);

    if (name)
        return name;
    if (sscanf(key, "ARG_%u%n", &index, &used) == 1 && !key[used] && index < r->method->param_count)
        return r->method->params[index];
    return NULL;
}

static const char *
lookup(struct mn_render *r, const struct mn_node *arg)
{
    const char *key = text(arg, "valueKey"), *prefix = mn_member_text(arg, "blockParameterPrefix", "(null)");
    const char *name = variable(r, key);
    const char *prefixed;

    if (name)
        return name;
    prefixed = mn_arena_printf(&r->arena, "%s_%s", prefix, key);
    return prefixed ? variable(r, prefixed) : NULL;
}

static void
put_key(struct mn_render *r, const struct mn_node *arg)
{
    const char *name = lookup(r, arg);

    if (name) {
        mn_put(r, "%s", name);
        return;
    }
    mn_json_warning(r, member(arg, "valueKey"), "nothing is stored under '%s': nil or 0 is passed", text(arg, "valueKey"));
    mn_put(r, "0");
}

/* ---- Values ---- */

static void
put_digital(struct mn_render *r, const struct mn_node *arg)
{
    const struct mn_node *digital = member(arg, "digital");
    const char *type = text(arg, "digitalType");
    bool whole = digital->kind == MN_JSON_INT;

    if (!type)
        type = whole ? "NSInteger" : "double";
    mn_put(r, "((");
    mn_put_type(r, type, member(arg, "digitalType") ? member(arg, "digitalType") : digital);
    mn_put(r, ")");
    if (digital->kind == MN_JSON_TEXT)
        mn_put(r, strpbrk(digital->text, "xX") || !strpbrk(digital->text, ".eE") ? "(%sLL)" : "(%s)", digital->text);
    else if (whole && digital->integer == INT64_MIN)
        mn_put(r, "(-%lldLL - 1)", (long long)INT64_MAX);
    else if (whole)
        mn_put(r, "(%lldLL)", (long long)digital->integer);
    else
        mn_put(r, "(%.17g%s)", digital->real,
               digital->real == (double)(long long)digital->real && digital->real < 1e15 && digital->real > -1e15 ? ".0" : "");
    mn_put(r, ")");
}

static void
put_integer_value(struct mn_render *r, const struct mn_node *node)
{
    if (node->kind == MN_JSON_TEXT)
        mn_put(r, "((NSInteger)(%sLL))", node->text);
    else
        mn_put(r, "((NSInteger)(%lldLL))", (long long)(node->kind == MN_JSON_INT ? node->integer : (int64_t)node->real));
}

/* The name of a block's parameter: given, or <prefix>_BLOCK_ARG_<n>, which is also its key. */
static const char *
parameter_key(struct mn_render *r, const struct mn_node *arg, size_t index)
{
    const struct mn_node *names = member(arg, "blockParameterNames"), *name = names ? names->first : NULL;
    const char *key;

    for (size_t i = 0; name && i < index; i++)
        name = name->next;
    if (name)
        return name->text;
    key = mn_arena_printf(&r->arena, "%s_BLOCK_ARG_%zu", mn_member_text(arg, "blockParameterPrefix", "(null)"), index);
    return key ? key : "mend_";
}

static void
put_result_variable(struct mn_render *r, const char *name, const char *type, const struct mn_node *at)
{
    mn_put_declaration(r, type, name, at);
    mn_put(r, " = {0};\n");
}

/* Its self is weak, its result (if it has one) is what the last return step said. */
static void
put_constructed(struct mn_render *r, const struct mn_node *arg)
{
    const struct mn_node *types = member(arg, "blockParameterTypes"), *type = types ? types->first : NULL;
    const char *returns = text(arg, "blockReturnType"), *self = r->self, *result = r->result_name, *flag = r->flag;
    bool gives = returns && strcmp(returns, "void");
    struct mn_json_scope *scope = r->scope;

    mn_put(r, "(^");
    if (gives) {
        mn_put(r, "__typeof__(");
        mn_put_type(r, mn_legacy_type(r, returns), member(arg, "blockReturnType"));
        mn_put(r, ")");
    }
    mn_put(r, type ? "(" : "(void");
    for (size_t i = 0; type; i++, type = type->next) {
        const char *key = parameter_key(r, arg, i), *name = mn_key_name(r, key);

        if (!mn_map_set_text(&r->method->keys, key, (void *)(uintptr_t)name))
            r->arena.failed = true;
        mn_mark(r, type);
        mn_put_declaration(r, mn_legacy_type(r, type->text), name, type);
        mn_put(r, type->next ? ", " : "");
    }
    mn_mark(r, arg);
    mn_put(r, ") {\n");
    r->scope = NULL;
    r->flag = NULL;
    r->result_name = gives ? mn_fresh_name(r, "result") : NULL;
    if (!r->method->is_class)
        r->self = "mend_self";
    if (gives)
        put_result_variable(r, r->result_name, mn_legacy_type(r, returns), member(arg, "blockReturnType"));
    for (const struct mn_node *s = member(arg, "innerMessage")->first; s; s = s->next)
        mn_put_statement(r, s);
    if (gives)
        mn_put(r, "return %s;\n", r->result_name);
    mn_put(r, "})");
    type = types ? types->first : NULL;
    for (size_t i = 0; type; i++, type = type->next) { /* outside, they are not stored */
        const char *key = parameter_key(r, arg, i);

        mn_map_remove(&r->method->keys, key, strlen(key));
    }
    r->scope = scope;
    r->self = self;
    r->result_name = result;
    r->flag = flag;
}

static void
put_value(struct mn_render *r, const struct mn_node *arg)
{
    mn_mark(r, arg);
    if (member(arg, "expr")) {
        mn_put_expr(r, member(arg, "expr"));
    } else if (is_type(arg, "block")) {
        put_constructed(r, arg);
    } else if (member(arg, "valueKey")) {
        put_key(r, arg);
    } else if (member(arg, "digital") && (member(arg, "digitalType") || !member(arg, "stringValue"))) {
        put_digital(r, arg);
    } else if (member(arg, "stringValue")) {
        mn_put(r, "@");
        mn_put_string(r, text(arg, "stringValue"), member(arg, "stringValue")->count);
    } else {
        put_integer_value(r, member(arg, "integerValue"));
    }
}

/* ---- Sends ---- */

static void
put_receiver(struct mn_render *r, const struct mn_node *m)
{
    const char *receiver = text(m, "receiver"), *name;

    if (member(m, "receiverExpr")) {
        mn_put_expr(r, member(m, "receiverExpr"));
        mn_mark(r, m);
    } else if (!strcmp(receiver, "super")) {
        mn_put(r, "super");
    } else if (!strcmp(receiver, "self")) {
        mn_put(r, "%s", r->self);
    } else if (mn_member_true(m, "isStatic")) {
        mn_put(r, mn_is_identifier(receiver) ? "%s" : "NSClassFromString(@\"%s\")", receiver);
    } else if ((name = variable(r, receiver))) {
        mn_put(r, "%s", name);
    } else if (mn_class_named(receiver) != Nil) {
        mn_json_warning(r, member(m, "receiver"), "'%s' is not stored: the class of that name receives the message", receiver);
        mn_put(r, mn_is_identifier(receiver) ? "%s" : "NSClassFromString(@\"%s\")", receiver);
    } else {
        mn_json_warning(r, member(m, "receiver"), "nothing is stored under '%s': the message goes to nil", receiver);
        mn_put(r, "((id)nil)");
    }
}

/* A structure by four messages the original system answered on any object. */
static const char *
helper_of(const char *selector)
{
    static const struct {
        const char *selector, *function;
    } helpers[] = {{"generateNSRange:len:", "NSMakeRange"},
                   {"generateCGRect:y:w:h:", "NSMakeRect"},
                   {"generateCGSize:h:", "NSMakeSize"},
                   {"generateCGPoint:y:", "NSMakePoint"}};

    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if (!strcmp(selector, helpers[i].selector) && !mn_selector_known(mn_selector_find(selector)))
            return helpers[i].function;
    return NULL;
}

static const struct mn_node *
next_value(const struct mn_node *arg)
{
    while (arg && !is_value(arg))
        arg = arg->next;
    return arg;
}

static void
put_helper(struct mn_render *r, const struct mn_node *m, const char *function)
{
    mn_put(r, "%s(", function);
    for (const struct mn_node *arg = next_value(first_arg(m)), *next; arg; arg = next) {
        next = next_value(arg->next);
        put_value(r, arg);
        mn_put(r, next ? ", " : "");
    }
    mn_mark(r, m);
    mn_put(r, ")");
}

/* The receiver, the words and the arguments; `types_only`: for typeof, with nothing evaluated or built. */
static void
put_send(struct mn_render *r, const struct mn_node *m, bool types_only)
{
    const char *selector = text(m, "message"), *p = selector, *prefix = "", *helper = helper_of(selector);
    const struct mn_node *arg = next_value(first_arg(m));

    if (helper) {
        put_helper(r, m, helper);
        return;
    }
    if (!strncmp(p, "IPORI_", 6)) {
        p += 6;
        prefix = "ORG";
    }
    mn_put(r, "[");
    put_receiver(r, m);
    mn_put(r, " %s", prefix);
    while (*p) {
        size_t word = strcspn(p, ":");

        mn_put(r, "%.*s", (int)word, p);
        p += word;
        if (*p != ':')
            break;
        p++;
        mn_put(r, ":");
        if (!arg) {
            mn_json_warning(r, m, "'%s' has an argument that is not given: nil or 0 is passed", selector);
            mn_put(r, "0");
        } else if (types_only) {
            mn_put(r, is_type(arg, "block") ? "((id)nil)" : "");
            if (!is_type(arg, "block"))
                put_value(r, arg);
        } else {
            put_value(r, arg);
        }
        mn_mark(r, m);
        mn_put(r, *p ? " " : "");
        arg = arg ? next_value(arg->next) : NULL;
    }
    for (; arg && !types_only && !mn_member_true(m, "isIfSnippet") && !mn_member_true(m, "isWhileSnippet");
         arg = next_value(arg->next)) {
        mn_put(r, ", ");
        put_value(r, arg);
        mn_mark(r, m);
    }
    mn_put(r, "]");
}

/* ---- Calls of blocks ---- */

static bool
stores(const struct mn_node *m)
{
    const char *type = mn_member_text(m, "returnType", "");

    return member(m, "returnObj") && strcmp(type, "void") && (*type || mn_member_true(m, "isBlock"));
}

/* What the call says of the block's type: literals have theirs, a key is its variable's. */
static void
put_argument_type(struct mn_render *r, const struct mn_node *arg)
{
    const char *name = member(arg, "valueKey") && !member(arg, "expr") ? lookup(r, arg) : NULL;

    if (name)
        mn_put(r, "__typeof__(%s)", name);
    else if (member(arg, "digitalType"))
        mn_put_type(r, text(arg, "digitalType"), member(arg, "digitalType"));
    else if (member(arg, "digital"))
        mn_put(r, member(arg, "digital")->kind == MN_JSON_INT ? "NSInteger" : "double");
    else if (member(arg, "integerValue"))
        mn_put(r, "NSInteger");
    else if (member(arg, "expr")) {
        mn_put(r, "__typeof__(");
        mn_put_expr(r, member(arg, "expr"));
        mn_put(r, ")");
    } else
        mn_put(r, "id");
}

static const char *
called_result(struct mn_render *r, const struct mn_node *m)
{
    if (!stores(m) && !mn_member_true(m, "isReturnSnippet"))
        return "void";
    return mn_legacy_type(r, mn_member_text(m, "returnType", ""));
}

static void
put_block_call(struct mn_render *r, const struct mn_node *m)
{
    const char *key = text(m, "blockKey"), *name = variable(r, key);
    const struct mn_node *first = next_value(first_arg(m));

    if (!name) {
        mn_json_error(r, member(m, "blockKey"), "nothing is stored under '%s': there is no block to call", key);
        mn_put(r, "0");
        return;
    }
    mn_put(r, "((__typeof__(");
    mn_put_type(r, called_result(r, m), m);
    mn_put(r, ") (^)(");
    for (const struct mn_node *arg = first, *next; arg; arg = next) {
        next = next_value(arg->next);
        put_argument_type(r, arg);
        mn_put(r, next ? ", " : "");
    }
    mn_put(r, first ? "))%s)(" : "void))%s)(", name);
    for (const struct mn_node *arg = first, *next; arg; arg = next) {
        next = next_value(arg->next);
        put_value(r, arg);
        mn_mark(r, m);
        mn_put(r, next ? ", " : "");
    }
    mn_put(r, ")");
}

/* ---- Steps ---- */

static void
put_stored(struct mn_render *r, const struct mn_node *m)
{
    const char *name = stores(m) ? mn_map_get_text(&r->method->keys, text(m, "returnObj")) : NULL;

    if (name)
        mn_put(r, "(%s = ", name);
    if (mn_member_true(m, "isBlock"))
        put_block_call(r, m);
    else
        put_send(r, m, false);
    mn_mark(r, m);
    mn_put(r, name ? ")" : "");
}

/* The step's own message, else all its values; none: true. */
static void
put_test(struct mn_render *r, const struct mn_node *m)
{
    const struct mn_node *first = next_value(first_arg(m));

    if (member(m, "message")) {
        put_stored(r, m);
        return;
    }
    if (!first) {
        mn_json_warning(r, m, "the condition is empty: it counts as true");
        mn_put(r, "1");
        return;
    }
    for (const struct mn_node *arg = first, *next; arg; arg = next) {
        next = next_value(arg->next);
        put_value(r, arg);
        mn_mark(r, m);
        mn_put(r, next ? " && " : "");
    }
}

static const struct mn_node *
body_of(const struct mn_node *m, const char *type)
{
    for (const struct mn_node *arg = first_arg(m); arg; arg = arg->next)
        if (is_type(arg, type))
            return member(arg, "innerMessage");
    return NULL;
}

static void
put_if(struct mn_render *r, const struct mn_node *m)
{
    mn_put(r, "if (");
    put_test(r, m);
    mn_mark(r, m);
    mn_put(r, ") ");
    mn_put_body(r, body_of(m, "if"));
    for (const struct mn_node *arg = first_arg(m); arg; arg = arg->next)
        if (is_type(arg, "elseIf")) {
            mn_mark(r, arg);
            mn_put(r, " else if (");
            mn_put_expr(r, member(arg, "condition"));
            mn_put(r, ") ");
            mn_put_body(r, member(arg, "innerMessage"));
        }
    if (body_of(m, "else")) {
        mn_put(r, " else ");
        mn_put_body(r, body_of(m, "else"));
    }
    mn_put(r, "\n");
}

/* Compatible: the condition is asked once, and a break is noticed at the end of the body. */
static void
put_while(struct mn_render *r, const struct mn_node *m)
{
    struct mn_json_scope scope = {.outer = r->scope, .loop = true, .breakable = true, .number = ++r->numbers};
    const char *flag = r->flag;

    r->scope = &scope;
    mn_put(r, r->method->compat ? "if (" : "while (");
    put_test(r, m);
    mn_mark(r, m);
    mn_put(r, ") ");
    if (r->method->compat) {
        r->flag = mn_fresh_name(r, "stop");
        mn_put(r, "{\nint %s = 0;\nwhile (!%s) ", r->flag, r->flag);
    } else {
        r->flag = NULL;
    }
    mn_put_body(r, body_of(m, "while"));
    mn_put(r, r->method->compat ? "\n}\n" : "\n");
    r->flag = flag;
    r->scope = scope.outer;
}

static void
put_return(struct mn_render *r, const struct mn_node *m)
{
    const struct mn_node *first = next_value(first_arg(m));
    bool sends = member(m, "message") != NULL;

    if (r->method->compat && !r->result_name) { /* nothing to give: what the step does is done */
        if (sends) {
            put_stored(r, m);
            mn_put(r, ";\n");
        }
        return;
    }
    if (r->method->compat)
        mn_put(r, "%s = ", r->result_name);
    else
        mn_put(r, "return ");
    if (sends)
        put_stored(r, m);
    else if (first)
        put_value(r, first);
    else if (r->method->compat)
        mn_put(r, "%s", r->result_name);
    mn_mark(r, m);
    mn_put(r, ";\n");
}

/* Breaks stand among the arguments of any step. */
static void
put_breaks(struct mn_render *r, const struct mn_node *m)
{
    for (const struct mn_node *arg = first_arg(m); arg; arg = arg->next) {
        bool stop = is_type(arg, "breakWhile");

        if (!stop && !is_type(arg, "continueWhile"))
            continue;
        mn_mark(r, arg);
        if (!r->scope)
            mn_json_warning(r, arg, "there is no loop around this step");
        else if (stop && r->flag)
            mn_put(r, "%s = 1;\n", r->flag);
        else
            mn_put(r, stop ? "break;\n" : "continue;\n");
    }
}

void
mn_put_message(struct mn_render *r, const struct mn_node *m)
{
    mn_mark(r, m);
    if (mn_member_true(m, "isIfSnippet")) {
        put_if(r, m);
    } else if (mn_member_true(m, "isWhileSnippet")) {
        put_while(r, m);
    } else if (mn_member_true(m, "isReturnSnippet")) {
        put_return(r, m);
    } else if (member(m, "message") || mn_member_true(m, "isBlock")) {
        put_stored(r, m);
        mn_put(r, ";\n");
    }
    put_breaks(r, m);
}

/* ---- The pool ---- */

/* In typeof, parameters of blocks stand for nothing: a null of their type takes their place. */
static void
note_parameters(struct mn_render *r, const struct mn_node *arg)
{
    const struct mn_node *types = member(arg, "blockParameterTypes");
    size_t index = 0;

    r->method->blocks = true;
    for (const struct mn_node *type = types ? types->first : NULL; type; type = type->next, index++) {
        const char *key = parameter_key(r, arg, index);
        const char *stand_in = mn_arena_printf(&r->arena, "(*(__typeof__(%s) *)NULL)", mn_legacy_type(r, type->text));

        if (!stand_in || !mn_map_set_text(&r->method->keys, key, (void *)(uintptr_t)stand_in))
            r->arena.failed = true;
    }
}

static void
declare_key(struct mn_render *r, const struct mn_node *m)
{
    const char *key = text(m, "returnObj"), *name = mn_key_name(r, key);
    unsigned index;
    int used = 0;

    if (variable(r, key))
        return;
    if (sscanf(key, "ARG_%u%n", &index, &used) == 1 && !key[used])
        name = mn_fresh_name(r, "key");
    r->findings->muted++; /* it is written a second time, and judged there */
    mn_mark(r, m);
    mn_put(r, "__block __typeof__(");
    if (mn_member_true(m, "isBlock"))
        mn_put_type(r, called_result(r, m), m);
    else
        put_send(r, m, true);
    mn_put(r, ") %s = {0};\n", name);
    r->findings->muted--;
    if (!mn_map_set_text(&r->method->keys, key, (void *)(uintptr_t)name))
        r->arena.failed = true;
}

static void
collect(struct mn_render *r, const struct mn_node *node)
{
    for (const struct mn_node *child = node ? node->first : NULL; child; child = child->next) {
        if (child->kind != MN_JSON_OBJECT && child->kind != MN_JSON_ARRAY)
            continue;
        if (child->kind == MN_JSON_OBJECT && is_type(child, "block") && member(child, "innerMessage"))
            note_parameters(r, child);
        collect(r, child);
        if (child->kind == MN_JSON_OBJECT && stores(child) && (member(child, "message") || mn_member_true(child, "isBlock")))
            declare_key(r, child);
    }
}

void
mn_put_pool(struct mn_render *r, const struct mn_node *const *bodies, size_t count)
{
    for (size_t i = 0; i < count; i++)
        collect(r, bodies[i]);
    if (r->method->blocks && !r->method->is_class)
        mn_put(r, "__weak __typeof__(self) mend_self = self;\n");
}
