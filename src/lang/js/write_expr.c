/* SPDX-License-Identifier: MIT */
/* Expressions as JavaScript. Every one is written so that it stands as an operand: what needs parentheses has them. */
#include "lang/js/write_parts.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

/* ---- Types ---- */

static bool
is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static const char *const structs[] = {"CGRect",  "NSRect", "CGPoint",  "NSPoint",      "CGSize",       "NSSize",
                                      "NSRange", "CGVector", "UIOffset", "UIEdgeInsets", "NSEdgeInsets", "CGAffineTransform",
                                      NULL};
static const char *const rectangles[] = {"CGRect", "NSRect", NULL};
static const char *const wholes[] = {"NSInteger", "NSUInteger", "BOOL",     "int8_t",   "uint8_t",  "int16_t",
                                     "uint16_t",  "int32_t",    "uint32_t", "int64_t",  "uint64_t", "size_t",
                                     "unichar",   "bool",       "long",     "intptr_t", NULL};
static const char *const fractions[] = {"CGFloat", "NSTimeInterval", NULL};

enum mn_script_sort
mn_script_sort_of(const struct mn_tname *type)
{
    if (type == NULL)
        return MN_SORT_OBJECT;
    switch (type->kind) {
    case MN_TNAME_VOID:
        return MN_SORT_VOID;
    case MN_TNAME_FLOAT:
    case MN_TNAME_DOUBLE:
    case MN_TNAME_LDOUBLE:
        return MN_SORT_FRACTION;
    case MN_TNAME_ID:
    case MN_TNAME_CLASS:
    case MN_TNAME_INSTANCETYPE:
        return MN_SORT_OBJECT;
    case MN_TNAME_BLOCK:
    case MN_TNAME_ANY_BLOCK:
        return MN_SORT_BLOCK;
    case MN_TNAME_POINTER:
        return type->of->kind == MN_TNAME_NAMED && type->of->named.name != NULL &&
                       !is_one_of(type->of->named.name, wholes) && !is_one_of(type->of->named.name, structs)
                   ? MN_SORT_OBJECT
                   : MN_SORT_POINTER;
    case MN_TNAME_NAMED:
        return is_one_of(type->named.name, structs)     ? MN_SORT_STRUCT
               : is_one_of(type->named.name, wholes)    ? MN_SORT_WHOLE
               : is_one_of(type->named.name, fractions) ? MN_SORT_FRACTION
                                                        : MN_SORT_UNKNOWN;
    default:
        return type->kind >= MN_TNAME_BOOL && type->kind <= MN_TNAME_UINT128 ? MN_SORT_WHOLE : MN_SORT_UNKNOWN;
    }
}

static bool
is_rectangle(const struct mn_script_writing *g, const struct mn_expr *e)
{
    const struct mn_script_name *known = e->kind == MN_EXPR_IDENT ? mn_script_find(g, e->name) : NULL;
    const char *name = e->kind == MN_EXPR_MEMBER ? e->member.name : e->kind == MN_EXPR_SEND ? e->send.selector : NULL;

    if (known != NULL)
        return known->type != NULL && known->type->kind == MN_TNAME_NAMED && is_one_of(known->type->named.name, rectangles);
    return name != NULL && (strcmp(name, "frame") == 0 || strcmp(name, "bounds") == 0);
}

/* A struct's field, by what holds it: a variable of struct type, or what is no object by its name. */
static bool
is_field(const struct mn_script_writing *g, const struct mn_expr *e)
{
    static const char *const fields[] = {"x", "y", "width", "height", "location", "length", "top", "left", "bottom", "right",
                                         NULL};
    const struct mn_expr *object = e->member.object;

    if (mn_script_expr_sort(g, object) == MN_SORT_STRUCT)
        return true;
    if (object->kind == MN_EXPR_MEMBER && is_one_of(e->member.name, fields))
        return strcmp(object->member.name, "size") == 0 || strcmp(object->member.name, "origin") == 0 ||
               strcmp(object->member.name, "center") == 0 || strcmp(object->member.name, "range") == 0;
    return false;
}

static enum mn_script_sort
binary_type(const struct mn_script_writing *g, const struct mn_expr *e)
{
    enum mn_script_sort left = mn_script_expr_sort(g, e->binary.left), right = mn_script_expr_sort(g, e->binary.right);

    if (e->op >= MN_OPERATOR_OR && e->op <= MN_OPERATOR_SHR)
        return MN_SORT_WHOLE;
    if (e->op == MN_OPERATOR_COMMA)
        return right;
    if (left == MN_SORT_FRACTION || right == MN_SORT_FRACTION)
        return MN_SORT_FRACTION;
    return left == MN_SORT_WHOLE && right == MN_SORT_WHOLE ? MN_SORT_WHOLE : MN_SORT_UNKNOWN;
}

enum mn_script_sort
mn_script_expr_sort(const struct mn_script_writing *g, const struct mn_expr *e)
{
    const struct mn_script_name *known;

    switch (e->kind) {
    case MN_EXPR_INTEGER:
    case MN_EXPR_CHARACTER:
    case MN_EXPR_BOOL:
        return MN_SORT_WHOLE;
    case MN_EXPR_FLOATING:
        return MN_SORT_FRACTION;
    case MN_EXPR_SELF:
    case MN_EXPR_STRING:
    case MN_EXPR_BOX:
    case MN_EXPR_ARRAY:
    case MN_EXPR_DICTIONARY:
        return MN_SORT_OBJECT;
    case MN_EXPR_BLOCK:
        return MN_SORT_BLOCK;
    case MN_EXPR_IDENT:
        known = mn_script_find(g, e->name);
        return known != NULL ? mn_script_sort_of(known->type) : MN_SORT_UNKNOWN;
    case MN_EXPR_CAST:
        return mn_script_sort_of(e->typed.type);
    case MN_EXPR_UNARY:
        return e->op == MN_OPERATOR_NOT || e->op == MN_OPERATOR_COMPLEMENT ? MN_SORT_WHOLE
               : e->op == MN_OPERATOR_ADDRESS || e->op == MN_OPERATOR_DEREF ? MN_SORT_UNKNOWN
                                                                             : mn_script_expr_sort(g, e->operand);
    case MN_EXPR_BINARY:
        return binary_type(g, e);
    case MN_EXPR_ASSIGN:
        return mn_script_expr_sort(g, e->binary.left);
    case MN_EXPR_CONDITIONAL:
        return mn_script_expr_sort(g, e->conditional.no);
    case MN_EXPR_MEMBER:
        return is_rectangle(g, e) ? MN_SORT_STRUCT
               : is_rectangle(g, e->member.object) &&
                       (strcmp(e->member.name, "size") == 0 || strcmp(e->member.name, "origin") == 0)
                   ? MN_SORT_STRUCT
               : is_field(g, e) ? MN_SORT_FRACTION
                                : MN_SORT_UNKNOWN;
    case MN_EXPR_SEND:
        return is_rectangle(g, e)                                          ? MN_SORT_STRUCT
               : strcmp(e->send.selector, "count") == 0                    ? MN_SORT_WHOLE
               : strcmp(e->send.selector, "length") == 0                   ? MN_SORT_WHOLE
               : strcmp(e->send.selector, "intValue") == 0                 ? MN_SORT_WHOLE
               : strcmp(e->send.selector, "integerValue") == 0             ? MN_SORT_WHOLE
                                                                           : MN_SORT_UNKNOWN;
    case MN_EXPR_CALL:
        return e->call.callee->kind == MN_EXPR_IDENT &&
                       (strstr(e->call.callee->name, "RectMake") != NULL || strstr(e->call.callee->name, "PointMake") != NULL ||
                        strstr(e->call.callee->name, "SizeMake") != NULL || strncmp(e->call.callee->name, "NSMake", 6) == 0)
                   ? MN_SORT_STRUCT
                   : MN_SORT_UNKNOWN;
    default:
        return MN_SORT_UNKNOWN;
    }
}

/* ---- Names and texts ---- */

void
mn_script_text(struct mn_script_writing *g, const char *bytes, size_t length)
{
    mn_script_put(g, "'");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '\'' || c == '\\')
            mn_script_put(g, "\\%c", c);
        else if (c == '\n')
            mn_script_put(g, "\\n");
        else if (c < 0x20 || c == 0x7f)
            mn_script_put(g, "\\x%02x", c);
        else
            mn_buffer_char(g->out, (char)c);
    }
    mn_script_put(g, "'");
}

bool
mn_script_selector(const char *selector, struct mn_buffer *out)
{
    static const char *const taken[] = {"toString",       "valueOf",     "hasOwnProperty", "isPrototypeOf", "constructor",
                                        "toJSON",         "super",       "then",           "toJS",          "performSelector",
                                        "toLocaleString", "propertyIsEnumerable", "performSelectorInOC", NULL};
    size_t length = strlen(selector), start = out->length;

    if (strstr(selector, "::") != NULL || strstr(selector, ":_") != NULL || selector[0] == ':')
        return false;
    for (size_t i = 0; i < length; i++) {
        if (selector[i] == '_')
            mn_buffer_text(out, "__");
        else if (selector[i] == ':' && i + 1 < length)
            mn_buffer_char(out, '_');
        else if (selector[i] != ':')
            mn_buffer_char(out, selector[i]);
    }
    return out->failed || !is_one_of(mn_buffer_peek(out) + start, taken);
}

static const char *
self_name(const struct mn_script_writing *g)
{
    return g->blocks > 0 ? "me" : "self";
}

/* An instance variable is a name with an underscore that nobody declared: by its key. */
static bool
is_ivar(const struct mn_script_writing *g, const struct mn_expr *e)
{
    return (e->kind == MN_EXPR_IDENT && e->name[0] == '_' && mn_script_find(g, e->name) == NULL &&
            strcmp(e->name, "_cmd") != 0) ||
           (e->kind == MN_EXPR_ARROW && e->member.object->kind == MN_EXPR_SELF);
}

static const char *
ivar_name(const struct mn_expr *e)
{
    return e->kind == MN_EXPR_IDENT ? e->name : e->member.name;
}

static void
put_ident(struct mn_script_writing *g, const struct mn_expr *e)
{
    static const struct {
        const char *name, *text;
    } constants[] = {{"NSNotFound", "9223372036854775807"},
                     {"M_PI", "Math.PI"},
                     {"INT_MAX", "2147483647"},
                     {"NSIntegerMax", "9223372036854775807"},
                     {"DISPATCH_TIME_NOW", "0"},
                     {"DISPATCH_QUEUE_PRIORITY_DEFAULT", "0"}};
    const struct mn_script_name *known = mn_script_find(g, e->name);

    if (known != NULL) {
        mn_script_put(g, "%s", known->shown != NULL ? known->shown : e->name);
        return;
    }
    if (is_ivar(g, e)) {
        mn_script_put(g, "%s.valueForKey('%s')", self_name(g), e->name);
        return;
    }
    if (strcmp(e->name, "_cmd") == 0 && g->method != NULL) {
        mn_script_put(g, "'%s'", g->method->selector);
        return;
    }
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (strcmp(constants[i].name, e->name) == 0) {
            mn_script_put(g, "%s", constants[i].text);
            return;
        }
    if (isupper((unsigned char)e->name[0])) {
        mn_script_require(g, e->name);
        mn_script_put(g, "%s", e->name);
        return;
    }
    mn_script_refuse(g, e->span, "a name that the patch does not declare");
}

/* ---- Sends ---- */

static void
put_arguments(struct mn_script_writing *g, const struct mn_exprs *args)
{
    for (uint32_t i = 0; i < args->count; i++) {
        mn_script_put(g, i ? ", " : "");
        if (args->items[i] == g->cell)
            mn_script_put(g, "cell");
        else if (args->items[i]->kind == MN_EXPR_NIL)
            mn_script_put(g, "null"); /* ends lists of variadic methods, too */
        else
            mn_script_expr_for(g, args->items[i], NULL);
    }
}

static void
put_receiver(struct mn_script_writing *g, const struct mn_expr *e)
{
    if (e->kind == MN_EXPR_SUPER)
        mn_script_put(g, "%s.super()", self_name(g));
    else
        mn_script_expr(g, e);
}

/* A conversion of a format, as %@ takes it: the argument's text. */
static void
put_formatted(struct mn_script_writing *g, const char *conversion, size_t length, const struct mn_expr *argument)
{
    char last = conversion[length - 1];
    const char *point = memchr(conversion, '.', length);
    int digits = point != NULL ? point[1] - '0' : 6;

    if (last == '@' || (last != 'f' && length <= 4 && strchr("diuz", last) != NULL && point == NULL &&
                        !isdigit((unsigned char)conversion[1]))) {
        mn_script_expr_for(g, argument, NULL);
    } else if (last == 'f' && digits >= 0 && digits <= 9 && (point == conversion + 1 || length == 2 || length == 3)) {
        mn_script_put(g, "(");
        mn_script_expr(g, argument);
        mn_script_put(g, ").toFixed(%d)", digits);
    } else if (last == 'x' && length == 2) {
        mn_script_put(g, "(");
        mn_script_expr(g, argument);
        mn_script_put(g, ").toString(16)");
    } else {
        mn_script_refuse(g, argument->span, "this conversion of a format");
    }
}

/* A format with its arguments: numbers travel as objects, so every conversion becomes %@. */
static void
put_format(struct mn_script_writing *g, const struct mn_expr *format, const struct mn_exprs *args, uint32_t first)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    struct {
        const char *at;
        size_t length;
    } parts[64];
    uint32_t count = 0;
    const char *at = format->string.bytes, *end = at + format->string.length;

    while (at < end) {
        const char *start = at++;

        if (*start != '%' || at == end || *at == '%') {
            mn_buffer_append(&text, start, *start == '%' && at < end ? 2 : 1);
            at += *start == '%' && at < end;
            continue;
        }
        while (at < end && strchr("0123456789.-+ #lhqzjt", *at) != NULL)
            at++;
        at += at < end;
        if (count < 64) {
            parts[count].at = start;
            parts[count++].length = (size_t)(at - start);
        }
        mn_buffer_text(&text, "%@");
    }
    mn_script_put(g, "NSString.stringWithString(");
    mn_script_text(g, mn_buffer_peek(&text), text.length);
    mn_script_put(g, ")");
    mn_script_require(g, "NSString");
    for (uint32_t i = first; i < args->count; i++) {
        mn_script_put(g, ", ");
        if (i - first < count)
            put_formatted(g, parts[i - first].at, parts[i - first].length, args->items[i]);
        else
            mn_script_expr_for(g, args->items[i], NULL);
    }
    mn_buffer_fini(&text);
}

/* The address of a variable among the arguments, or NULL. */
static const struct mn_expr *
out_argument(struct mn_script_writing *g, const struct mn_exprs *args)
{
    const struct mn_expr *found = NULL;

    for (uint32_t i = 0; i < args->count; i++) {
        const struct mn_expr *arg = args->items[i];

        if (arg->kind != MN_EXPR_UNARY || arg->op != MN_OPERATOR_ADDRESS)
            continue;
        if (found != NULL || arg->operand->kind != MN_EXPR_IDENT || mn_script_expr_sort(g, arg->operand) != MN_SORT_OBJECT)
            mn_script_refuse(g, arg->span, "this address (one of an object's variable is written)");
        found = arg;
    }
    return found;
}

static void
put_send_alone(struct mn_script_writing *g, const struct mn_expr *e);

/* An object that the callee stores goes through a cell of its own. */
static void
put_send(struct mn_script_writing *g, const struct mn_expr *e)
{
    const struct mn_expr *cell = out_argument(g, &e->send.args), *outer = g->cell;

    if (cell == NULL) {
        put_send_alone(g, e);
        return;
    }
    g->cell = cell;
    mn_script_put(g, "((cell) => { let result = ");
    put_send_alone(g, e);
    mn_script_put(g, "; ");
    mn_script_expr(g, cell->operand);
    mn_script_put(g, " = pval(cell); releaseTmpObj(cell); free(cell); return result; })(malloc(8))");
    g->cell = outer;
}

static void
put_send_alone(struct mn_script_writing *g, const struct mn_expr *e)
{
    static const char *const counting[] = {"retain", "release", "autorelease", NULL};
    struct mn_buffer name = MN_BUFFER_EMPTY;
    const struct mn_exprs *args = &e->send.args;
    bool plain = mn_script_selector(e->send.selector, &name);
    uint32_t last = e->send.colons - 1;

    if (is_one_of(e->send.selector, counting)) { /* wrappers count, as Mend does in source */
        put_receiver(g, e->send.receiver);
        mn_buffer_fini(&name);
        return;
    }
    if (strncmp(e->send.selector, "PREV", 4) == 0)
        mn_script_refuse(g, e->span, "PREV (a script has the original alone)");
    put_receiver(g, e->send.receiver);
    if (strncmp(e->send.selector, "ORG", 3) == 0) /* the same in the words of scripts */
        mn_script_put(g, ".ORIG%s(", mn_buffer_peek(&name) + 3);
    else if (plain)
        mn_script_put(g, ".%s(", mn_buffer_peek(&name));
    else
        mn_script_put(g, ".performSelector('%s'%s", e->send.selector, args->count ? ", " : "");
    if (args->count > e->send.colons && e->send.colons == 1 && args->items[last]->kind == MN_EXPR_STRING)
        put_format(g, args->items[last], args, 1);
    else
        put_arguments(g, args);
    mn_script_put(g, ")");
    mn_buffer_fini(&name);
}

/* ---- Calls ---- */

static bool
put_known_call(struct mn_script_writing *g, const char *name, const struct mn_exprs *args)
{
    static const struct {
        const char *name, *text;
    } calls[] = {{"fabs", "Math.abs"},   {"abs", "Math.abs"},     {"floor", "Math.floor"}, {"ceil", "Math.ceil"},
                 {"round", "Math.round"}, {"sqrt", "Math.sqrt"},   {"pow", "Math.pow"},     {"sin", "Math.sin"},
                 {"cos", "Math.cos"},     {"fmax", "Math.max"},    {"fmin", "Math.min"},    {"MAX", "Math.max"},
                 {"MIN", "Math.min"},     {"fmod", "((a, b) => a % b)"}};
    static const struct {
        const char *name, *fields[4];
    } makers[] = {{"RectMake", {"x", "y", "width", "height"}}, {"MakeRect", {"x", "y", "width", "height"}},
                  {"PointMake", {"x", "y"}},                   {"MakePoint", {"x", "y"}},
                  {"SizeMake", {"width", "height"}},           {"MakeSize", {"width", "height"}},
                  {"MakeRange", {"location", "length"}},       {"EdgeInsetsMake", {"top", "left", "bottom", "right"}}};

    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strlen(name) > 2 && strcmp(name + 2, makers[i].name) == 0) {
            mn_script_put(g, "({");
            for (uint32_t k = 0; k < args->count && k < 4 && makers[i].fields[k] != NULL; k++) {
                mn_script_put(g, "%s%s: ", k ? ", " : "", makers[i].fields[k]);
                mn_script_expr(g, args->items[k]);
            }
            mn_script_put(g, "})");
            return true;
        }
    if (strcmp(name, "NSLog") == 0 && args->count > 0 && args->items[0]->kind == MN_EXPR_STRING) {
        mn_script_put(g, "console.log(NSString.stringWithFormat(");
        put_format(g, args->items[0], args, 1);
        mn_script_put(g, "))");
        return true;
    }
    if ((strcmp(name, "NSSelectorFromString") == 0 || strcmp(name, "NSStringFromSelector") == 0) && args->count == 1) {
        mn_script_expr(g, args->items[0]);
        return true;
    }
    if (strcmp(name, "NSClassFromString") == 0 && args->count == 1 && args->items[0]->kind == MN_EXPR_STRING) {
        mn_script_put(g, "require(");
        mn_script_text(g, args->items[0]->string.bytes, args->items[0]->string.length);
        mn_script_put(g, ")");
        return true;
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0) {
            mn_script_put(g, "%s(", calls[i].text);
            put_arguments(g, args);
            mn_script_put(g, ")");
            return true;
        }
    return false;
}

/* libdispatch's functions are globals of scripts, and take functions for blocks. */
static bool
put_dispatch(struct mn_script_writing *g, const char *name, const struct mn_exprs *args)
{
    if (strcmp(name, "dispatch_once") == 0 && args->count == 2 && args->items[0]->kind == MN_EXPR_UNARY) {
        mn_script_put(g, "(");
        mn_script_expr(g, args->items[0]->operand);
        mn_script_put(g, " || (");
        mn_script_expr(g, args->items[0]->operand);
        mn_script_put(g, " = 1, ");
        mn_script_expr(g, args->items[1]);
        mn_script_put(g, "()))");
        return true;
    }
    if (strcmp(name, "dispatch_time") == 0 && args->count == 2) {
        mn_script_put(g, "dispatch_time(");
        mn_script_expr(g, args->items[1]);
        mn_script_put(g, " / 1e9)");
        return true;
    }
    if (strncmp(name, "dispatch_", 9) != 0)
        return false;
    mn_script_put(g, "%s(", name);
    for (uint32_t i = 0; i < args->count; i++) {
        mn_script_put(g, i ? ", " : "");
        mn_script_expr(g, args->items[i]);
    }
    mn_script_put(g, ")");
    return true;
}

static void
put_call(struct mn_script_writing *g, const struct mn_expr *e)
{
    const struct mn_expr *callee = e->call.callee;
    struct mn_buffer name = MN_BUFFER_EMPTY;

    if (callee->kind == MN_EXPR_MEMBER) { /* x.f(a), of Mango: a method */
        mn_script_selector(callee->member.name, &name);
        put_receiver(g, callee->member.object);
        mn_script_put(g, ".%s(", mn_buffer_peek(&name));
    } else if (callee->kind == MN_EXPR_IDENT && mn_script_find(g, callee->name) == NULL) {
        if (put_known_call(g, callee->name, &e->call.args) || put_dispatch(g, callee->name, &e->call.args))
            return;
        mn_script_refuse(g, e->span, "a C function that the patch does not declare");
        return;
    } else {
        mn_script_expr(g, callee);
        mn_script_put(g, "(");
    }
    put_arguments(g, &e->call.args);
    mn_script_put(g, ")");
    mn_buffer_fini(&name);
}

/* ---- Places ---- */

static void
put_setter(struct mn_script_writing *g, const char *name)
{
    struct mn_buffer mangled = MN_BUFFER_EMPTY;

    mn_script_selector(name, &mangled);
    mn_script_put(g, ".set%c%s(", toupper((unsigned char)mn_buffer_peek(&mangled)[0]), mn_buffer_peek(&mangled) + 1);
    mn_buffer_fini(&mangled);
}

/* An object that may be written twice: it has no effects. */
static bool
is_still(const struct mn_expr *e)
{
    return e->kind == MN_EXPR_IDENT || e->kind == MN_EXPR_SELF || (e->kind == MN_EXPR_MEMBER && is_still(e->member.object));
}

static void
put_binary(struct mn_script_writing *g, enum mn_operator op, const struct mn_expr *left, const struct mn_expr *right);

/* The value of `place op= right`, or of the step of ++ and --. */
static void
put_new_value(struct mn_script_writing *g, const struct mn_expr *place, enum mn_operator op, const struct mn_expr *right)
{
    if (op == MN_OPERATOR_NONE) {
        mn_script_expr_for(g, right, NULL);
        return;
    }
    if (!is_still(place) && !is_ivar(g, place))
        mn_script_refuse(g, place->span, "a compound assignment whose object is computed");
    put_binary(g, op, place, right);
}

static bool
is_property(const struct mn_script_writing *g, const struct mn_expr *e)
{
    return e->kind == MN_EXPR_MEMBER && !is_field(g, e) && mn_script_expr_sort(g, e->member.object) != MN_SORT_STRUCT;
}

static void
put_store(struct mn_script_writing *g, const struct mn_expr *e)
{
    const struct mn_expr *object = e->operand;
    const struct mn_script_name *known = object->kind == MN_EXPR_IDENT ? mn_script_find(g, object->name) : NULL;
    const struct mn_tname *of = known != NULL && known->type != NULL && known->type->kind == MN_TNAME_POINTER
                                    ? known->type->of
                                    : NULL;

    if (of == NULL) {
        mn_script_refuse(g, e->span, "a store through this pointer");
        return;
    }
    if (mn_script_sort_of(of) == MN_SORT_OBJECT)
        mn_script_put(g, "assignPointer(%s, ", object->name);
    else
        mn_script_put(g, "assignScalarTypePointer(%s, ", object->name);
}

static void
put_assign_to(struct mn_script_writing *g, const struct mn_expr *place, enum mn_operator op, const struct mn_expr *right)
{
    const struct mn_script_name *known = place->kind == MN_EXPR_IDENT ? mn_script_find(g, place->name) : NULL;

    if (is_ivar(g, place)) {
        mn_script_put(g, "%s.setValue_forKey(", self_name(g));
        put_new_value(g, place, op, right);
        mn_script_put(g, ", '%s')", ivar_name(place));
    } else if (is_property(g, place)) {
        put_receiver(g, place->member.object);
        put_setter(g, place->member.name);
        put_new_value(g, place, op, right);
        mn_script_put(g, ")");
    } else if (place->kind == MN_EXPR_UNARY && place->op == MN_OPERATOR_DEREF && op == MN_OPERATOR_NONE) {
        const char *name = place->operand->kind == MN_EXPR_IDENT ? place->operand->name : NULL;
        const struct mn_script_name *pointer = name != NULL ? mn_script_find(g, name) : NULL;

        put_store(g, place);
        mn_script_expr_for(g, right, NULL);
        if (pointer != NULL && pointer->type != NULL && pointer->type->kind == MN_TNAME_POINTER &&
            mn_script_sort_of(pointer->type->of) != MN_SORT_OBJECT)
            mn_script_put(g, ", '%s'", mn_script_sort_of(pointer->type->of) == MN_SORT_FRACTION ? "d"
                                        : pointer->type->of->kind == MN_TNAME_INT                ? "i"
                                        : pointer->type->of->kind == MN_TNAME_BOOL ||
                                                (pointer->type->of->kind == MN_TNAME_NAMED &&
                                                 strcmp(pointer->type->of->named.name, "BOOL") == 0)
                                            ? "B"
                                            : "q");
        mn_script_put(g, ")");
    } else if (place->kind == MN_EXPR_INDEX && op == MN_OPERATOR_NONE) {
        bool whole = mn_script_expr_sort(g, place->binary.right) == MN_SORT_WHOLE;

        mn_script_expr(g, place->binary.left);
        mn_script_put(g, whole ? ".replaceObjectAtIndex_withObject(" : ".setObject_forKey(");
        mn_script_expr_for(g, whole ? place->binary.right : right, NULL);
        mn_script_put(g, ", ");
        mn_script_expr_for(g, whole ? right : place->binary.right, NULL);
        mn_script_put(g, ")");
    } else if (place->kind == MN_EXPR_IDENT || place->kind == MN_EXPR_SELF || place->kind == MN_EXPR_MEMBER) {
        mn_script_put(g, "(");
        mn_script_expr(g, place);
        mn_script_put(g, " = ");
        if (op == MN_OPERATOR_NONE)
            mn_script_expr_for(g, right, known != NULL ? known->type : NULL);
        else if (mn_script_expr_sort(g, place) == MN_SORT_WHOLE && mn_script_expr_sort(g, right) != MN_SORT_WHOLE)
            mn_script_put(g, "Math.trunc("), put_new_value(g, place, op, right), mn_script_put(g, ")");
        else
            put_new_value(g, place, op, right);
        mn_script_put(g, ")");
    } else {
        mn_script_refuse(g, place->span, "an assignment to this");
    }
}

/* ---- Operators ---- */

static bool
is_nothing(const struct mn_expr *e)
{
    return e->kind == MN_EXPR_NIL;
}

static void
put_comparison(struct mn_script_writing *g, enum mn_operator op, const struct mn_expr *left, const struct mn_expr *right)
{
    const struct mn_expr *other = is_nothing(left) ? right : left;

    if (is_nothing(left) || is_nothing(right)) { /* nil is false, never a number */
        mn_script_put(g, op == MN_OPERATOR_EQ ? "(" : "!(");
        mn_script_expr(g, other);
        mn_script_put(g, " === false || ");
        mn_script_expr(g, other);
        mn_script_put(g, " == null)");
        if (!is_still(other) && other->kind != MN_EXPR_SEND && other->kind != MN_EXPR_CALL && !is_ivar(g, other))
            mn_script_refuse(g, other->span, "a comparison of this with nil");
        return;
    }
    if (mn_script_expr_sort(g, left) == MN_SORT_OBJECT && mn_script_expr_sort(g, right) == MN_SORT_OBJECT)
        mn_script_refuse(g, left->span, "the identity of two objects (every crossing makes a wrapper)");
    mn_script_put(g, "(");
    mn_script_expr(g, left);
    mn_script_put(g, op == MN_OPERATOR_EQ ? " == " : " != ");
    mn_script_expr(g, right);
    mn_script_put(g, ")");
}

static void
put_binary(struct mn_script_writing *g, enum mn_operator op, const struct mn_expr *left, const struct mn_expr *right)
{
    bool whole = mn_script_expr_sort(g, left) == MN_SORT_WHOLE && (right == NULL || mn_script_expr_sort(g, right) == MN_SORT_WHOLE);

    if (right != NULL && (op == MN_OPERATOR_EQ || op == MN_OPERATOR_NE)) {
        put_comparison(g, op, left, right);
        return;
    }
    mn_script_put(g, op == MN_OPERATOR_DIV && whole ? "Math.trunc(" : "(");
    mn_script_expr(g, left);
    mn_script_put(g, " %s ", mn_operator_text(op));
    if (right != NULL)
        mn_script_expr(g, right);
    else
        mn_script_put(g, "1");
    mn_script_put(g, ")");
}

static void
put_step(struct mn_script_writing *g, const struct mn_expr *e)
{
    bool before = e->op == MN_OPERATOR_PRE_INC || e->op == MN_OPERATOR_PRE_DEC;
    enum mn_operator op = e->op == MN_OPERATOR_PRE_INC || e->op == MN_OPERATOR_POST_INC ? MN_OPERATOR_ADD : MN_OPERATOR_SUB;

    if (is_ivar(g, e->operand) || is_property(g, e->operand)) {
        put_assign_to(g, e->operand, op, NULL); /* its value is that of the setter: for statements */
        return;
    }
    if (before)
        mn_script_put(g, "%s", mn_operator_text(e->op));
    mn_script_expr(g, e->operand);
    if (!before)
        mn_script_put(g, "%s", mn_operator_text(e->op));
}

static void
put_unary(struct mn_script_writing *g, const struct mn_expr *e)
{
    switch (e->op) {
    case MN_OPERATOR_PRE_INC:
    case MN_OPERATOR_PRE_DEC:
    case MN_OPERATOR_POST_INC:
    case MN_OPERATOR_POST_DEC:
        put_step(g, e);
        return;
    case MN_OPERATOR_DEREF:
        mn_script_put(g, "pval(");
        mn_script_expr(g, e->operand);
        mn_script_put(g, ")");
        return;
    case MN_OPERATOR_ADDRESS:
        mn_script_refuse(g, e->span, "an address outside of a call's arguments");
        return;
    case MN_OPERATOR_NOT: /* a number, as C has it */
        mn_script_put(g, "(");
        mn_script_expr(g, e->operand);
        mn_script_put(g, " ? 0 : 1)");
        return;
    default:
        mn_script_put(g, "(%s", mn_operator_text(e->op));
        mn_script_expr(g, e->operand);
        mn_script_put(g, ")");
    }
}

/* ---- Casts, blocks, literals ---- */

static void
put_cut(struct mn_script_writing *g, const struct mn_expr *e, const struct mn_tname *type)
{
    const char *after = type->kind == MN_TNAME_INT    ? " | 0)"
                        : type->kind == MN_TNAME_UINT ? " >>> 0)"
                        : type->kind == MN_TNAME_CHAR || type->kind == MN_TNAME_SCHAR ? " << 24 >> 24)"
                        : type->kind == MN_TNAME_UCHAR                               ? " & 255)"
                        : type->kind == MN_TNAME_SHORT                               ? " << 16 >> 16)"
                        : type->kind == MN_TNAME_USHORT                              ? " & 65535)"
                                                                                     : ")";

    mn_script_put(g, strcmp(after, ")") == 0 ? "Math.trunc(" : "(");
    mn_script_expr(g, e);
    mn_script_put(g, "%s", after);
}

void
mn_script_block_types(struct mn_script_writing *g, const struct mn_tname *result, const struct mn_decls *params)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    for (uint32_t i = 0; i <= params->count; i++) {
        const struct mn_tname *t = i == 0 ? result : params->items[i - 1]->type;

        mn_buffer_text(&text, i ? ", " : "");
        switch (mn_script_sort_of(t)) {
        case MN_SORT_VOID:
            mn_buffer_text(&text, "void");
            break;
        case MN_SORT_OBJECT:
            mn_buffer_text(&text, "id");
            break;
        case MN_SORT_BLOCK:
            mn_buffer_text(&text, "block");
            break;
        case MN_SORT_POINTER:
            mn_buffer_text(&text, "void *");
            break;
        default:
            if (t->kind == MN_TNAME_NAMED)
                mn_buffer_text(&text, t->named.name);
            else
                mn_buffer_text(&text, mn_tname_kind_text(t->kind));
        }
    }
    mn_script_put(g, "'%s'", mn_buffer_peek(&text));
    mn_buffer_fini(&text);
}

/* The type of a block literal's result: what it says, or void unless it returns something. */
static bool
returns_value(const struct mn_stmt *s)
{
    if (s == NULL)
        return false;
    if (s->kind == MN_STMT_RETURN)
        return s->expr != NULL;
    if (s->kind == MN_STMT_COMPOUND)
        for (uint32_t i = 0; i < s->body.count; i++)
            if (returns_value(s->body.items[i]))
                return true;
    if (s->kind == MN_STMT_IF)
        return returns_value(s->branch.yes) || returns_value(s->branch.no);
    if (s->kind == MN_STMT_FOR)
        return returns_value(s->for_.body);
    if (s->kind == MN_STMT_FOR_IN)
        return returns_value(s->for_in.body);
    if (s->kind == MN_STMT_WHILE || s->kind == MN_STMT_DO || s->kind == MN_STMT_SWITCH)
        return returns_value(s->loop.body);
    return false;
}

static void
put_function(struct mn_script_writing *g, const struct mn_expr *e)
{
    g->blocks++;
    mn_script_put(g, "(function ");
    mn_script_function(g, &e->block.params, e->block.body);
    mn_script_put(g, ")");
    g->blocks--;
}

/* As native code gets it. */
static void
put_block(struct mn_script_writing *g, const struct mn_expr *e)
{
    static struct mn_tname nothing = {.kind = MN_TNAME_VOID}, object = {.kind = MN_TNAME_ID};
    const struct mn_tname *result = e->block.result;

    if (result == NULL)
        result = returns_value(e->block.body) ? &object : &nothing;
    if (e->block.result == NULL && result == &object)
        mn_script_refuse(g, e->span, "a block that returns a value and does not say of which type");
    mn_script_put(g, "block(");
    mn_script_block_types(g, result, &e->block.params);
    mn_script_put(g, ", ");
    put_function(g, e);
    mn_script_put(g, ")");
}

void
mn_script_expr_for(struct mn_script_writing *g, const struct mn_expr *e, const struct mn_tname *type)
{
    enum mn_script_sort given = mn_script_expr_sort(g, e), wanted = type != NULL ? mn_script_sort_of(type) : MN_SORT_UNKNOWN;
    const struct mn_script_name *known = e->kind == MN_EXPR_IDENT ? mn_script_find(g, e->name) : NULL;

    if (type == NULL && e->kind == MN_EXPR_BLOCK) {
        put_block(g, e);
    } else if (type == NULL && known != NULL && given == MN_SORT_BLOCK && known->type->kind == MN_TNAME_BLOCK) {
        mn_script_put(g, "block(");
        mn_script_block_types(g, known->type->function.result, &known->type->function.params);
        mn_script_put(g, ", %s)", known->shown != NULL ? known->shown : e->name);
    } else if (wanted == MN_SORT_WHOLE && given != MN_SORT_WHOLE) {
        put_cut(g, e, type);
    } else if (given == MN_SORT_STRUCT && known != NULL) { /* assigned and passed by value */
        mn_script_put(g, "Object.assign({}, ");
        mn_script_expr(g, e);
        mn_script_put(g, ")");
    } else {
        mn_script_expr(g, e);
    }
}

static void
put_member(struct mn_script_writing *g, const struct mn_expr *e)
{
    struct mn_buffer name = MN_BUFFER_EMPTY;
    bool part = is_rectangle(g, e->member.object) && (strcmp(e->member.name, "size") == 0 || strcmp(e->member.name, "origin") == 0);

    put_receiver(g, e->member.object);
    mn_script_selector(e->member.name, &name);
    if (is_field(g, e) && !part)
        mn_script_put(g, ".%s", e->member.name);
    else if (!part) /* a rectangle is flat */
        mn_script_put(g, ".%s()", mn_buffer_peek(&name));
    mn_buffer_fini(&name);
}

/* The keys of a dictionary literal, or from 1 on its values. */
static void
put_half(struct mn_script_writing *g, const struct mn_exprs *pairs, uint32_t first)
{
    mn_script_put(g, "[");
    for (uint32_t i = first; i < pairs->count; i += 2) {
        mn_script_put(g, i > 1 ? ", " : "");
        mn_script_expr_for(g, pairs->items[i], NULL);
    }
    mn_script_put(g, "]");
}

static void
put_literal(struct mn_script_writing *g, const struct mn_expr *e)
{
    mn_script_require(g, e->kind == MN_EXPR_STRING ? "NSString" : e->kind == MN_EXPR_ARRAY ? "NSArray" : "NSDictionary");
    if (e->kind == MN_EXPR_STRING) {
        mn_script_put(g, "NSString.stringWithString(");
        mn_script_text(g, e->string.bytes, e->string.length);
    } else if (e->kind == MN_EXPR_ARRAY) {
        mn_script_put(g, "NSArray.arrayWithArray([");
        put_arguments(g, &e->items);
        mn_script_put(g, "]");
    } else {
        mn_script_put(g, "NSDictionary.dictionaryWithObjects_forKeys(");
        put_half(g, &e->items, 1);
        mn_script_put(g, ", ");
        put_half(g, &e->items, 0);
    }
    mn_script_put(g, ")");
}

static void
put_index(struct mn_script_writing *g, const struct mn_expr *e)
{
    enum mn_script_sort type = mn_script_expr_sort(g, e->binary.right);

    if (type != MN_SORT_WHOLE && type != MN_SORT_OBJECT)
        mn_script_refuse(g, e->binary.right->span, "an index of a type that is not declared");
    mn_script_expr(g, e->binary.left);
    mn_script_put(g, type == MN_SORT_WHOLE ? ".objectAtIndex(" : ".objectForKey(");
    mn_script_expr(g, e->binary.right);
    mn_script_put(g, ")");
}

static void
put_number(struct mn_script_writing *g, const struct mn_expr *e)
{
    if (e->kind == MN_EXPR_FLOATING)
        mn_script_put(g, e->floating.value == (double)(long long)e->floating.value ? "%.1f" : "%.17g", e->floating.value);
    else if (e->kind == MN_EXPR_CHARACTER)
        mn_script_put(g, "%d", (int)e->character);
    else
        mn_script_put(g, "%llu", (unsigned long long)e->integer.value);
}

void
mn_script_expr(struct mn_script_writing *g, const struct mn_expr *e)
{
    switch (e->kind) {
    case MN_EXPR_IDENT:
        put_ident(g, e);
        return;
    case MN_EXPR_SELF:
        mn_script_put(g, "%s", self_name(g));
        return;
    case MN_EXPR_INTEGER:
    case MN_EXPR_FLOATING:
    case MN_EXPR_CHARACTER:
        put_number(g, e);
        return;
    case MN_EXPR_CSTRING:
        mn_script_text(g, e->string.bytes, e->string.length);
        return;
    case MN_EXPR_STRING:
    case MN_EXPR_ARRAY:
    case MN_EXPR_DICTIONARY:
        put_literal(g, e);
        return;
    case MN_EXPR_BOOL:
        mn_script_put(g, e->boolean ? "1" : "0");
        return;
    case MN_EXPR_NIL:
        mn_script_put(g, "false");
        return;
    case MN_EXPR_BOX: /* numbers are JavaScript's on this side */
        if (e->operand->kind == MN_EXPR_BOOL)
            mn_script_put(g, e->operand->boolean ? "true" : "NSNumber.numberWithBool(0)");
        else
            mn_script_expr(g, e->operand);
        mn_script_require(g, "NSNumber");
        return;
    case MN_EXPR_SELECTOR:
        mn_script_put(g, "'%s'", e->name);
        return;
    case MN_EXPR_PROTOCOL:
        mn_script_put(g, "protocol('%s')", e->name);
        return;
    case MN_EXPR_BLOCK:
        put_function(g, e);
        return;
    case MN_EXPR_SEND:
        put_send(g, e);
        return;
    case MN_EXPR_MEMBER:
        put_member(g, e);
        return;
    case MN_EXPR_ARROW:
        if (is_ivar(g, e))
            mn_script_put(g, "%s.valueForKey('%s')", self_name(g), e->member.name);
        else
            mn_script_refuse(g, e->span, "a field behind a pointer");
        return;
    case MN_EXPR_INDEX:
        put_index(g, e);
        return;
    case MN_EXPR_CALL:
        put_call(g, e);
        return;
    case MN_EXPR_UNARY:
        put_unary(g, e);
        return;
    case MN_EXPR_BINARY:
        put_binary(g, e->op, e->binary.left, e->binary.right);
        return;
    case MN_EXPR_ASSIGN:
        put_assign_to(g, e->binary.left, e->op, e->binary.right);
        return;
    case MN_EXPR_CONDITIONAL:
        mn_script_put(g, "(");
        mn_script_expr(g, e->conditional.test);
        mn_script_put(g, e->conditional.yes != NULL ? " ? " : " || ");
        if (e->conditional.yes != NULL) {
            mn_script_expr(g, e->conditional.yes);
            mn_script_put(g, " : ");
        }
        mn_script_expr(g, e->conditional.no);
        mn_script_put(g, ")");
        return;
    case MN_EXPR_CAST:
        if (mn_script_sort_of(e->typed.type) == MN_SORT_WHOLE)
            put_cut(g, e->typed.operand, e->typed.type);
        else
            mn_script_expr(g, e->typed.operand);
        return;
    default:
        mn_script_refuse(g, e->span, mn_expr_kind_text(e->kind));
    }
}
