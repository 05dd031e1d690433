/* SPDX-License-Identifier: MIT */
/*
 * Expressions. Each is written in parentheses of its own where it is more than a word, so that no precedence has
 * to be thought of; the parser drops them again.
 */
#include "lang/json/render.h"
#include "lang/json/step.h"
#include "runtime/runtime.h"

#include "lang/builtin/builtin.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A part of a larger expression: what follows it stands for the whole again. */
static void
part(struct mn_render *r, const struct mn_node *node, const struct mn_node *whole)
{
    mn_put_expr(r, node);
    mn_mark(r, whole);
}

static const struct mn_node *
member(const struct mn_node *expr, const char *name)
{
    return mn_node_member(expr, name);
}

static const char *
text(const struct mn_node *expr, const char *name)
{
    return mn_member_text(expr, name, NULL);
}

/* ---- Literals ---- */

static const char *
suffix_of(const char *type)
{
    static const struct {
        const char *type, *suffix;
    } known[] = {{"int", ""}, {"unsigned int", "U"}, {"unsigned", "U"}, {"long", "L"}, {"NSInteger", "L"},
                 {"unsigned long", "UL"}, {"NSUInteger", "UL"}, {"long long", "LL"}, {"unsigned long long", "ULL"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(type, known[i].type))
            return known[i].suffix;
    return NULL;
}

static void
put_integer(struct mn_render *r, bool negative, uint64_t magnitude, const char *suffix)
{
    if (negative && magnitude == (uint64_t)INT64_MAX + 1)
        mn_put(r, "(-%lldLL - 1)", (long long)INT64_MAX);
    else if (negative)
        mn_put(r, "(-%llu%s)", (unsigned long long)magnitude, suffix);
    else if (magnitude > INT64_MAX && !strchr(suffix, 'U'))
        mn_put(r, "%lluULL", (unsigned long long)magnitude);
    else
        mn_put(r, "%llu%s", (unsigned long long)magnitude, suffix);
}

static bool
read_integer(const struct mn_node *node, bool *negative, uint64_t *magnitude)
{
    const char *digits;
    char *end;

    *negative = false;
    if (node->kind == MN_JSON_INT || node->kind == MN_JSON_REAL) {
        int64_t value = node->kind == MN_JSON_INT ? node->integer : (int64_t)node->real;

        *negative = value < 0;
        *magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        return node->kind == MN_JSON_INT || (node->real > -9.3e18 && node->real < 9.2e18);
    }
    digits = mn_node_text(node, "0");
    *negative = *digits == '-';
    digits += *negative;
    errno = 0;
    *magnitude = strtoull(digits, &end, digits[0] == '0' && (digits[1] | 0x20) == 'x' ? 16 : 10);
    return errno == 0 && !(*negative && *magnitude > (uint64_t)INT64_MAX + 1);
}

static void
put_int(struct mn_render *r, const struct mn_node *node, const char *type, const struct mn_node *at)
{
    const char *suffix = type ? suffix_of(type) : "LL";
    bool negative;
    uint64_t magnitude;

    if (!read_integer(node, &negative, &magnitude))
        mn_json_error(r, node, "the integer does not fit 64 bits");
    if (suffix) {
        put_integer(r, negative, magnitude, suffix);
        return;
    }
    mn_put(r, "((");
    mn_put_type(r, type, at);
    mn_put(r, ")");
    put_integer(r, negative, magnitude, "LL");
    mn_put(r, ")");
}

static void
put_real(struct mn_render *r, double value, const char *suffix)
{
    char digits[40];

    if (isnan(value) || isinf(value)) {
        mn_put(r, isnan(value) ? "NAN" : value < 0 ? "(-INFINITY)" : "INFINITY");
        return;
    }
    snprintf(digits, sizeof digits, "%.17g", value);
    mn_put(r, *digits == '-' ? "(%s%s%s)" : "%s%s%s", digits, strpbrk(digits, ".e") ? "" : ".0", suffix);
}

static void
put_float(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *value = member(expr, "float");
    const char *type = text(expr, "type"), *word = mn_node_text(value, NULL);
    double number = word ? strtod(word, NULL) : value->kind == MN_JSON_INT ? (double)value->integer : value->real;

    if (!type || !strcmp(type, "double") || !strcmp(type, "float")) {
        put_real(r, number, type && *type == 'f' ? "f" : "");
        return;
    }
    mn_put(r, "((");
    mn_put_type(r, type, member(expr, "type"));
    mn_put(r, ")");
    put_real(r, number, "");
    mn_put(r, ")");
}

/* The first character, as C has it: an int. */
static void
put_char(struct mn_render *r, const struct mn_node *node)
{
    const unsigned char *p = (const unsigned char *)mn_node_text(node, " ");
    unsigned c = p[0];

    if (c >= 0xF0)
        c = (c & 7) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    else if (c >= 0xE0)
        c = (c & 15) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    else if (c >= 0xC0)
        c = (c & 31) << 6 | (p[1] & 0x3Fu);
    if (c < 0x20 || c >= 0x7f)
        mn_put(r, c < 0x80 ? "'\\%03o'" : "%u", c);
    else
        mn_put(r, c == '\'' || c == '\\' ? "'\\%c'" : "'%c'", (int)c);
}

static void
put_null(struct mn_render *r, const struct mn_node *expr)
{
    const char *type = text(expr, "type");

    if (!type || !strcmp(type, "id")) {
        mn_put(r, "nil");
    } else if (!strcmp(type, "Class")) {
        mn_put(r, "Nil");
    } else if (!strcmp(type, "void *")) {
        mn_put(r, "NULL");
    } else {
        mn_put(r, "((");
        mn_put_type(r, type, member(expr, "type"));
        mn_put(r, ")NULL)");
    }
}

static void
put_class(struct mn_render *r, const char *name, bool receives)
{
    if (strchr(name, '.'))
        mn_put(r, "NSClassFromString(@\"%s\")", name);
    else
        mn_put(r, receives ? "%s" : "[%s class]", name);
}

/* ---- Lists ---- */

void
mn_put_exprs(struct mn_render *r, const struct mn_node *list, const struct mn_node *whole)
{
    for (const struct mn_node *item = list ? list->first : NULL; item; item = item->next) {
        if (item != list->first)
            mn_put(r, ", ");
        part(r, item, whole);
    }
}

static void
put_dictionary(struct mn_render *r, const struct mn_node *expr)
{
    mn_put(r, "@{");
    for (const struct mn_node *pair = member(expr, "dict")->first; pair; pair = pair->next) {
        part(r, pair->first, expr);
        mn_put(r, ": ");
        part(r, pair->first->next, expr);
        if (pair->next)
            mn_put(r, ", ");
    }
    mn_put(r, "}");
}

static void
put_struct(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *fields = member(expr, "fields");

    mn_put(r, "((%s){", text(expr, "struct"));
    if (fields && member(expr, "values"))
        mn_json_error(r, expr, "a structure has \"fields\" or \"values\", not both");
    for (const struct mn_node *field = fields ? fields->first : NULL; field; field = field->next) {
        if (!mn_is_identifier(field->key))
            mn_json_error(r, field, "'%s' is no field", field->key);
        mn_mark(r, field);
        mn_put(r, ".%s = ", field->key);
        part(r, field, expr);
        if (field->next)
            mn_put(r, ", ");
    }
    mn_put_exprs(r, member(expr, "values"), expr);
    if (!fields && !member(expr, "values"))
        mn_put(r, "0");
    mn_put(r, "})");
}

static void
put_c_array(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *count = member(expr, "count"), *values = member(expr, "values");

    mn_put(r, "((__typeof__(");
    mn_put_type(r, text(expr, "carray"), member(expr, "carray"));
    mn_put(r, ")[");
    if (count)
        part(r, count, expr);
    else if (!values || !values->first)
        mn_json_error(r, expr, "an array without values needs a \"count\"");
    mn_put(r, "]){");
    if (values && values->first)
        mn_put_exprs(r, values, expr);
    else
        mn_put(r, "0");
    mn_put(r, "})");
}

/* ---- Boxes ---- */

static void
put_box(struct mn_render *r, const struct mn_node *expr)
{
    const char *type = text(expr, "type");

    mn_put(r, "@(");
    if (type) {
        mn_put(r, "(");
        mn_put_type(r, type, member(expr, "type"));
        mn_put(r, ")");
    }
    part(r, member(expr, "box"), expr);
    mn_put(r, ")");
}

static const char *
unboxing_of(const char *type, const char **cls)
{
    static const struct {
        const char *type, *cls, *message;
    } known[] = {{"char", "NSNumber", "charValue"}, {"signed char", "NSNumber", "charValue"},
                 {"unsigned char", "NSNumber", "unsignedCharValue"}, {"short", "NSNumber", "shortValue"},
                 {"unsigned short", "NSNumber", "unsignedShortValue"}, {"unichar", "NSNumber", "unsignedShortValue"},
                 {"int", "NSNumber", "intValue"}, {"unsigned int", "NSNumber", "unsignedIntValue"},
                 {"unsigned", "NSNumber", "unsignedIntValue"}, {"long", "NSNumber", "longValue"},
                 {"unsigned long", "NSNumber", "unsignedLongValue"}, {"long long", "NSNumber", "longLongValue"},
                 {"unsigned long long", "NSNumber", "unsignedLongLongValue"}, {"NSInteger", "NSNumber", "integerValue"},
                 {"NSUInteger", "NSNumber", "unsignedIntegerValue"}, {"size_t", "NSNumber", "unsignedLongValue"},
                 {"float", "NSNumber", "floatValue"}, {"double", "NSNumber", "doubleValue"},
                 {"CGFloat", "NSNumber", "doubleValue"}, {"NSTimeInterval", "NSNumber", "doubleValue"},
                 {"BOOL", "NSNumber", "boolValue"}, {"bool", "NSNumber", "boolValue"}, {"_Bool", "NSNumber", "boolValue"},
                 {"NSRange", "NSValue", "rangeValue"}, {"NSPoint", "NSValue", "pointValue"},
                 {"NSSize", "NSValue", "sizeValue"}, {"NSRect", "NSValue", "rectValue"},
                 {"CGPoint", "NSValue", "pointValue"}, {"CGSize", "NSValue", "sizeValue"},
                 {"CGRect", "NSValue", "rectValue"}, {"void *", "NSValue", "pointerValue"}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(type, known[i].type)) {
            *cls = known[i].cls;
            return known[i].message;
        }
    return NULL;
}

/* Any other value is copied out of its NSValue. */
static void
put_unbox(struct mn_render *r, const struct mn_node *expr)
{
    const char *type = text(expr, "type"), *cls = NULL, *message = unboxing_of(type, &cls), *name;

    if (message) {
        mn_put(r, "[(%s *)", cls);
        part(r, member(expr, "unbox"), expr);
        mn_put(r, " %s]", message);
        return;
    }
    name = mn_fresh_name(r, "unboxed");
    mn_put(r, "({ ");
    mn_put_declaration(r, type, name, member(expr, "type"));
    mn_put(r, "; [(NSValue *)");
    part(r, member(expr, "unbox"), expr);
    mn_put(r, " getValue:&%s]; %s; })", name, name);
}

/* ---- Sends and calls ---- */

/* The words of a selector with the arguments between them; what is left over is the variadic tail. */
void
mn_put_selector_call(struct mn_render *r, const char *prefix, const char *selector, const struct mn_node *args,
                     const struct mn_node *more, const struct mn_node *at)
{
    const struct mn_node *arg = args ? args->first : NULL;
    const char *p = selector;

    mn_put(r, " %s", prefix);
    while (*p) {
        size_t word = strcspn(p, ":");

        mn_put(r, "%.*s", (int)word, p);
        p += word;
        if (*p != ':')
            break;
        p++;
        mn_put(r, ":");
        if (arg) {
            part(r, arg, at);
            arg = arg->next;
        } else {
            mn_json_error(r, at, "'%s' takes more arguments than are given", selector);
            mn_put(r, "nil");
        }
        if (*p)
            mn_put(r, " ");
    }
    if (arg && !more)
        mn_json_error(r, arg, "'%s' takes fewer arguments; more go into \"variadic\"", selector);
    for (arg = more ? more->first : NULL; arg; arg = arg->next) {
        mn_put(r, ", ");
        part(r, arg, at);
    }
}

/* A signature the program does not tell: a protocol declares the method for this one send. */
static const char *
declare_method(struct mn_render *r, const char *selector, const char *types, const struct mn_node *at)
{
    const char *name = mn_fresh_name(r, "types"), *p = types, *word = selector;
    struct mn_buffer kept = r->out;
    size_t length = mn_encoded_length(p, &p), argument = 0;

    r->out = r->before;
    mn_put(r, "@protocol %s - (", name);
    if (length)
        mn_put_encoded(r, types, length);
    mn_put(r, ")");
    while (*p && length) {
        const char *from = p;

        length = mn_encoded_length(p, &p);
        if (argument++ < 2 || !length)
            continue;
        mn_put(r, "%.*s:(", (int)strcspn(word, ":"), word);
        mn_put_encoded(r, from, length);
        mn_put(r, ")a%zu ", argument);
        word += strcspn(word, ":");
        word += *word == ':';
    }
    if (argument == 2)
        mn_put(r, "%s", selector);
    mn_put(r, "; @end ");
    r->before = r->out;
    r->out = kept;
    if (!length || *word == ':' || argument < 2)
        mn_json_error(r, at, "'%s' are no types of a method '%s'", types, selector);
    return name;
}

static void
put_send(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *to = member(expr, "to"), *super = member(expr, "super");
    const char *selector = text(expr, "send"), *types = text(expr, "types");

    mn_put(r, "[");
    if (!to == !super)
        mn_json_error(r, expr, super ? "a send goes \"to\" an object or to \"super\"" : "the send has no \"to\"");
    if (super) {
        mn_put(r, "super");
    } else if (to && types) {
        mn_put(r, "(id<%s>)", declare_method(r, selector, types, member(expr, "types")));
        part(r, to, expr);
    } else if (to && mn_expr_shape(to) == MN_SHAPE_E_CLASS) {
        mn_mark(r, to);
        put_class(r, text(to, "class"), true);
        mn_mark(r, expr);
    } else if (to) {
        part(r, to, expr);
    } else {
        mn_put(r, "nil");
    }
    mn_put_selector_call(r, "", selector, member(expr, "args"), member(expr, "variadic"), expr);
    mn_put(r, "]");
}

static void
put_original(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *args = member(expr, "args");
    const struct mn_json_method *m = r->method;
    const char *p = m->selector;
    uint32_t index = 0;

    mn_put(r, "[%s", r->self);
    if (args) {
        mn_put_selector_call(r, "ORG", m->selector, args, NULL, expr);
        mn_put(r, "]");
        return;
    }
    mn_put(r, " ORG");
    if (!strchr(p, ':'))
        mn_put(r, "%s", p);
    while ((p = strchr(p, ':')) != NULL) {
        const char *from = p;

        while (from > m->selector && from[-1] != ':')
            from--;
        mn_put(r, "%.*s:%s ", (int)(p - from), from, index < m->param_count ? m->params[index] : "nil");
        index++;
        p++;
    }
    mn_put(r, "]");
}

/* A block whose type is told by an encoding of its call. */
static void
put_call_types(struct mn_render *r, const char *types, const struct mn_node *at)
{
    const char *p = types, *from;
    size_t length = mn_encoded_length(p, &p), count = 0;

    if (!length) {
        mn_json_error(r, at, "'%s' is no encoding of a call", types);
        return;
    }
    mn_put(r, "(__typeof__(");
    mn_put_encoded(r, types, length);
    mn_put(r, " (^)(");
    while (*(from = p)) {
        if (!(length = mn_encoded_length(p, &p))) {
            mn_json_error(r, at, "'%s' is no encoding of a call", types);
            break;
        }
        if (count == 0 && length == 2 && !strncmp(from, "@?", 2))
            continue; /* the block itself */
        mn_put(r, count++ ? ", " : "");
        mn_put_encoded(r, from, length);
    }
    mn_put(r, count ? ")))" : "void)))");
}

static void
put_call(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *callee = member(expr, "call");

    mn_put(r, "(");
    if (text(expr, "types"))
        put_call_types(r, text(expr, "types"), member(expr, "types"));
    part(r, callee, expr);
    mn_put(r, ")(");
    mn_put_exprs(r, member(expr, "args"), expr);
    mn_put(r, ")");
}

/* The name that C code calls: of a declared function its symbol, unless it is opened from a library. */
static const char *
function_name(struct mn_render *r, const char *name)
{
    const struct mn_node *declared = mn_map_get_text(&r->functions, name);
    const char *symbol = declared ? text(declared, "symbol") : NULL;

    return symbol && !text(declared, "library") ? symbol : name;
}

static void
put_function(struct mn_render *r, const struct mn_node *expr, const char *name, bool call)
{
    if (!mn_map_get_text(&r->functions, name) && !mn_builtin_find(name)) {
        mn_json_error(r, expr->first, "there is no function '%s': the document declares it in \"functions\"", name);
        mn_put(r, "0");
        return;
    }
    mn_put(r, call ? "%s(" : "(&%s)", function_name(r, name));
    if (!call)
        return;
    mn_put_exprs(r, member(expr, "args"), expr);
    mn_put(r, ")");
}

/* ---- Places ---- */

static const char *
alias_of(const struct mn_render *r, const char *name)
{
    for (const struct mn_json_alias *alias = r->aliases; alias; alias = alias->outer)
        if (!strcmp(alias->name, name))
            return alias->as;
    return NULL;
}

static bool
is_arg_key(const char *key, unsigned *index)
{
    char *end;

    if (strncmp(key, "ARG_", 4) || key[4] < '0' || key[4] > '9')
        return false;
    *index = (unsigned)strtoul(key + 4, &end, 10);
    return !*end;
}

static void
put_var(struct mn_render *r, const char *key, const struct mn_node *at)
{
    const char *alias = alias_of(r, key), *name;
    unsigned index;

    if (alias) {
        mn_put(r, "%s", alias);
    } else if (r->method && (name = mn_map_get_text(&r->method->keys, key))) {
        mn_put(r, "%s", name);
    } else if (r->method && is_arg_key(key, &index) && index < r->method->param_count) {
        mn_put(r, "%s", r->method->params[index]);
    } else {
        (void)at;
        mn_put(r, "%s", mn_key_name(r, key));
    }
}

static void
put_arg(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *arg = member(expr, "arg");
    double index = arg->kind == MN_JSON_INT ? (double)arg->integer : arg->real;

    if (!r->method || index >= r->method->param_count) {
        mn_json_error(r, arg, "the method has %u argument%s", r->method ? r->method->param_count : 0,
                      r->method && r->method->param_count == 1 ? "" : "s");
        mn_put(r, "nil");
    } else {
        mn_put(r, "%s", r->method->params[(uint32_t)index]);
    }
}

static void
put_ivar(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *of = member(expr, "of");

    if (of)
        part(r, of, expr);
    else
        mn_put(r, "%s", r->self);
    mn_put(r, "->%s", text(expr, "ivar"));
}

static void
put_get(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *get = member(expr, "get"), *of = member(get, "of");
    const char *name = text(get, "name");

    if (mn_expr_shape(of) == MN_SHAPE_E_CLASS)
        put_class(r, text(of, "class"), true);
    else
        part(r, of, expr);
    mn_mark(r, get);
    for (const char *p = name; *p; p += strcspn(p, "."), p += *p == '.') {
        char word[128];

        snprintf(word, sizeof word, "%.*s", (int)strcspn(p, "."), p);
        if (!mn_is_identifier(word))
            mn_json_error(r, member(get, "name"), "'%s' is no property", name);
        else
            mn_put(r, ".%s", word);
    }
}

static void
put_deref(struct mn_render *r, const struct mn_node *expr)
{
    const char *type = text(expr, "type");

    mn_put(r, "(*");
    if (type) {
        mn_put(r, "(__typeof__(");
        mn_put_type(r, type, member(expr, "type"));
        mn_put(r, ") *)");
    }
    part(r, member(expr, "deref"), expr);
    mn_put(r, ")");
}

/* ---- Operators ---- */

static void
around(struct mn_render *r, const char *before, const struct mn_node *operand, const char *after,
       const struct mn_node *whole)
{
    mn_put(r, "(%s", before);
    part(r, operand, whole);
    mn_put(r, "%s)", after);
}

static void
put_assign(struct mn_render *r, const struct mn_node *expr)
{
    static const char *const ops[] = {"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="};
    const char *op = mn_member_text(expr, "op", "=");
    bool known = false;

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        known |= !strcmp(op, ops[i]);
    if (!known) {
        mn_json_error(r, member(expr, "op"), "'%s' assigns nothing", op);
        op = "=";
    }
    mn_put(r, "(");
    part(r, member(expr, "assign"), expr);
    mn_put(r, " %s ", op);
    part(r, member(expr, "value"), expr);
    mn_put(r, ")");
}

static void
put_conditional(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *then = member(expr, "then");

    mn_put(r, "(");
    part(r, member(expr, "if"), expr);
    mn_put(r, then ? " ? " : " ?");
    if (then)
        part(r, then, expr);
    mn_put(r, ": ");
    part(r, member(expr, "else"), expr);
    mn_put(r, ")");
}

/* "bits" reads the same bytes as another type. */
static void
put_cast(struct mn_render *r, const struct mn_node *expr)
{
    bool bits = !strcmp(mn_member_text(expr, "mode", "value"), "bits");
    const char *type = text(expr, "cast"), *name;

    if (!bits) {
        mn_put(r, "((");
        mn_put_type(r, type, member(expr, "cast"));
        mn_put(r, ")");
        part(r, member(expr, "value"), expr);
        mn_put(r, ")");
        return;
    }
    name = mn_fresh_name(r, "bits");
    mn_put(r, "({ __auto_type %s = ", name);
    part(r, member(expr, "value"), expr);
    mn_put(r, "; *(__typeof__(");
    mn_put_type(r, type, member(expr, "cast"));
    mn_put(r, ") *)&%s; })", name);
}

static void
put_sequence(struct mn_render *r, const struct mn_node *expr)
{
    const struct mn_node *list = member(expr, "seq");

    mn_put(r, "(");
    mn_put_exprs(r, list, expr);
    mn_put(r, ")");
}

/* ---- Steps of the host ---- */

static void
put_step_member(struct mn_render *r, const struct mn_node *expr)
{
    struct mn_step_use *use = r->use;
    const struct mn_node *given = use ? member(use->statement, mn_member_text(expr, "member", "")) : NULL;

    if (!given) {
        mn_put(r, "nil");
        return;
    }
    r->use = use->outer; /* what the user wrote is read where it was written */
    mn_put_expr(r, given);
    r->use = use;
}

/* ---- All of them ---- */

static void
put_scalar(struct mn_render *r, const struct mn_node *expr)
{
    switch (expr->kind) {
    case MN_JSON_INT:
        put_int(r, expr, NULL, expr);
        break;
    case MN_JSON_REAL:
        put_real(r, expr->real, "");
        break;
    case MN_JSON_BOOL:
        mn_put(r, expr->boolean ? "YES" : "NO");
        break;
    case MN_JSON_TEXT:
        mn_put(r, "@");
        mn_put_string(r, expr->text, expr->count);
        break;
    default:
        mn_put(r, "nil");
    }
}

static void
put_literal(struct mn_render *r, const struct mn_node *expr, enum mn_shape shape)
{
    const struct mn_node *value = expr->first;

    switch (shape) {
    case MN_SHAPE_E_INT:
        put_int(r, member(expr, "int"), text(expr, "type"), member(expr, "type"));
        break;
    case MN_SHAPE_E_FLOAT:
        put_float(r, expr);
        break;
    case MN_SHAPE_E_CHAR:
        put_char(r, value);
        break;
    case MN_SHAPE_E_STR:
    case MN_SHAPE_E_CSTR:
        mn_put(r, shape == MN_SHAPE_E_STR ? "@" : "");
        mn_put_string(r, value->text, value->count);
        break;
    case MN_SHAPE_E_NULL:
        put_null(r, expr);
        break;
    case MN_SHAPE_E_SEL:
        mn_put(r, "@selector(%s)", value->text);
        break;
    case MN_SHAPE_E_CLASS:
        put_class(r, value->text, false);
        break;
    case MN_SHAPE_E_PROTOCOL:
        mn_put(r, "@protocol(%s)", value->text);
        break;
    case MN_SHAPE_E_ENCODE:
    case MN_SHAPE_E_SIZEOF:
        mn_put(r, shape == MN_SHAPE_E_ENCODE ? "@encode(" : "sizeof(");
        mn_put_type(r, value->text, value);
        mn_put(r, ")");
        break;
    default:
        mn_put(r, mn_node_true(value) ? "YES" : "NO");
    }
}

static void
put_operator(struct mn_render *r, const struct mn_node *expr, enum mn_shape shape)
{
    switch (shape) {
    case MN_SHAPE_E_NOT:
        around(r, "!", expr->first, "", expr);
        break;
    case MN_SHAPE_E_BITNOT:
        around(r, "~", expr->first, "", expr);
        break;
    case MN_SHAPE_E_NEG:
        around(r, "- ", expr->first, "", expr);
        break;
    case MN_SHAPE_E_PLUS:
        around(r, "+ ", expr->first, "", expr);
        break;
    case MN_SHAPE_E_ADDR:
        around(r, "&", expr->first, "", expr);
        break;
    case MN_SHAPE_E_PREINC:
        around(r, "++", expr->first, "", expr);
        break;
    case MN_SHAPE_E_PREDEC:
        around(r, "--", expr->first, "", expr);
        break;
    case MN_SHAPE_E_POSTINC:
        around(r, "", expr->first, "++", expr);
        break;
    case MN_SHAPE_E_POSTDEC:
        around(r, "", expr->first, "--", expr);
        break;
    case MN_SHAPE_E_OP:
        mn_put(r, "(");
        part(r, member(expr, "l"), expr);
        mn_put(r, " %s ", text(expr, "op"));
        part(r, member(expr, "r"), expr);
        mn_put(r, ")");
        break;
    case MN_SHAPE_E_ASSIGN:
        put_assign(r, expr);
        break;
    case MN_SHAPE_E_IF:
        put_conditional(r, expr);
        break;
    case MN_SHAPE_E_CAST:
        put_cast(r, expr);
        break;
    case MN_SHAPE_E_SEQ:
        put_sequence(r, expr);
        break;
    default:
        mn_put(r, "@available(%s)", text(expr, "available"));
    }
}

static void
put_other(struct mn_render *r, const struct mn_node *expr, enum mn_shape shape)
{
    switch (shape) {
    case MN_SHAPE_E_SELF:
        mn_put(r, "%s", r->self);
        break;
    case MN_SHAPE_E_CMD:
        mn_put(r, "_cmd");
        break;
    case MN_SHAPE_E_VAR:
        put_var(r, text(expr, "var"), expr);
        break;
    case MN_SHAPE_E_CONST:
        mn_put(r, "%s", text(expr, "const"));
        break;
    case MN_SHAPE_E_ARG:
        put_arg(r, expr);
        break;
    case MN_SHAPE_E_ARRAY:
        mn_put(r, "@[");
        mn_put_exprs(r, member(expr, "array"), expr);
        mn_put(r, "]");
        break;
    case MN_SHAPE_E_DICT:
        put_dictionary(r, expr);
        break;
    case MN_SHAPE_E_SET:
        mn_put(r, "[NSSet setWithArray:@[");
        mn_put_exprs(r, member(expr, "set"), expr);
        mn_put(r, "]]");
        break;
    case MN_SHAPE_E_BOX:
        put_box(r, expr);
        break;
    case MN_SHAPE_E_UNBOX:
        put_unbox(r, expr);
        break;
    case MN_SHAPE_E_STRUCT:
        put_struct(r, expr);
        break;
    case MN_SHAPE_E_CARRAY:
        put_c_array(r, expr);
        break;
    case MN_SHAPE_E_SEND:
        put_send(r, expr);
        break;
    case MN_SHAPE_E_ORIGINAL:
        if (r->method)
            put_original(r, expr);
        else
            mn_json_error(r, expr, "only a method has an original");
        break;
    case MN_SHAPE_E_CALL:
        put_call(r, expr);
        break;
    case MN_SHAPE_E_FUNCTION:
        put_function(r, expr, text(expr, "function"), true);
        break;
    case MN_SHAPE_E_FUNCTION_PTR:
        put_function(r, expr, text(expr, "functionPtr"), false);
        break;
    case MN_SHAPE_E_BLOCK:
        mn_put_block(r, member(expr, "block"));
        break;
    case MN_SHAPE_E_GET:
        put_get(r, expr);
        break;
    case MN_SHAPE_E_IVAR:
        put_ivar(r, expr);
        break;
    case MN_SHAPE_E_FIELD:
        part(r, member(expr, "of"), expr);
        mn_put(r, ".%s", text(expr, "field"));
        break;
    case MN_SHAPE_E_INDEX:
        part(r, member(expr, "of"), expr);
        mn_put(r, "[");
        part(r, member(expr, "index"), expr);
        mn_put(r, "]");
        break;
    default:
        put_deref(r, expr);
    }
}

void
mn_put_expr(struct mn_render *r, const struct mn_node *expr)
{
    enum mn_shape shape = mn_expr_shape(expr);

    mn_mark(r, expr);
    if (shape == MN_SHAPES && expr->kind == MN_JSON_OBJECT)
        put_step_member(r, expr);
    else if (shape == MN_SHAPES)
        put_scalar(r, expr);
    else if (shape <= MN_SHAPE_E_SIZEOF)
        put_literal(r, expr, shape);
    else if (shape >= MN_SHAPE_E_ADDR)
        put_operator(r, expr, shape);
    else
        put_other(r, expr, shape);
}
