/* SPDX-License-Identifier: MIT */
/*
 * Expressions: which check serves which node, names, constants, casts and sizes.
 *
 * A name is looked for where spec/mango.md 12.2 says: locals, instance variables, the source's constants and
 * functions, built-in names, classes. One that is nothing is an error with the nearest name of all these as a
 * suggestion.
 */
#include "lang/builtin/builtin.h"
#include "lang/check.h"
#include "lang/builtin/host.h" /* behind the tree, which has a member called nil */
#include "lang/builtin/ours.h"
#include "runtime/suggest.h"
#include <limits.h>
#include <string.h>

/* ---- names ---- */

struct nearest {
    const char *misspelt, *name;
    unsigned distance;
};

static void
consider(void *data, const char *name)
{
    struct nearest *n = data;
    unsigned distance = mn_name_distance(n->misspelt, name, n->distance);

    if (distance < n->distance) {
        n->distance = distance;
        n->name = name;
    }
}

static void
unknown_name(struct mn_check *c, const char *name, struct mn_span span)
{
    struct nearest n = {name, NULL, mn_name_tolerance(strlen(name)) + 1};
    const char *near;

    mn_error_at(c->findings, span, "unknown name '%s'", name);
    if (c->findings->dropped)
        return;
    for (size_t i = 0; i < c->names.count; i++)
        consider(&n, (*MN_LIST_AT(struct mn_name_entry *, &c->names, i))->name);
    for (size_t i = 0; c->klass && i < c->klass->ivars.count; i++)
        consider(&n, MN_LIST_AT(struct mn_kivar, &c->klass->ivars, i)->name);
    if (c->klass && c->klass->live && !c->class_side && (near = mn_suggest_ivar(c->klass->live, name)))
        consider(&n, near);
    if ((near = mn_suggest_class(name)))
        consider(&n, near);
    mn_builtin_each(consider, &n);
    if (n.name)
        mn_suggest(c->findings, "did you mean '%s'?", n.name);
}

/* The function type of a table entry such as "v@...". */
static const struct mn_ctype *
function_of(struct mn_check *c, const char *types)
{
    const char *tail = strstr(types, "...");
    int length = tail ? (int)(tail - types) : (int)strlen(types);
    const struct mn_ctype *type = mn_encoded_function(c, mn_text_of(c, "%.*s", length, types), tail != NULL);

    return type ? type : mn_ctype_basic(MN_C_ERROR);
}

static struct mn_x *
missing_symbol(struct mn_check *c, const char *name, struct mn_span span)
{
    mn_error_at(c->findings, span, "the program has no symbol '%s'", name);
    return mn_x_error(c, span.start);
}

static struct mn_x *
symbol(struct mn_check *c, const char *name, bool own, void *address, const struct mn_ctype *type, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_SYMBOL, type, at);

    x->symbol.name = name;
    x->symbol.own = own;
    x->symbol.address = address;
    return x;
}

static struct mn_x *
builtin_value(struct mn_check *c, const struct mn_builtin *b, struct mn_span span)
{
    struct mn_x *x;
    void *address;

    switch (b->kind) {
    case MN_BUILTIN_INTEGER:
        return mn_x_int(c, b->integer, mn_encoded_type(c, b->types), span.start);
    case MN_BUILTIN_FLOATING:
        x = mn_x_new(c, MN_X_FLOAT, mn_ctype_basic(MN_C_DOUBLE), span.start);
        x->floating = b->floating;
        return x;
    case MN_BUILTIN_DATA:
        if (!(address = mn_builtin_symbol(b->name)))
            return missing_symbol(c, b->name, span);
        x = mn_x_new(c, MN_X_MEMORY, mn_encoded_type(c, b->types), span.start);
        x->part.base = symbol(c, b->name, false, address, mn_ctype_basic(MN_C_POINTER), span.start);
        return x;
    case MN_BUILTIN_FUNCTION:
    case MN_BUILTIN_OWN:
        address = b->kind == MN_BUILTIN_OWN ? (void *)b->code : mn_builtin_symbol(b->name);
        if (!address)
            return missing_symbol(c, b->name, span);
        return symbol(c, b->name, b->kind == MN_BUILTIN_OWN, address, function_of(c, b->types), span.start);
    default:
        return NULL;
    }
}

static struct mn_x *
entry_value(struct mn_check *c, struct mn_name_entry *entry, struct mn_span span)
{
    struct mn_x *x;
    void *address;

    switch (entry->kind) {
    case MN_NAME_VAR:
        return mn_x_var(c, entry->var, span.start);
    case MN_NAME_GLOBAL:
        x = mn_x_new(c, MN_X_GLOBAL, entry->global->type, span.start);
        x->global = entry->global;
        return x;
    case MN_NAME_VALUE:
        x = mn_x_int(c, entry->value->integer, entry->value->type, span.start);
        return x;
    case MN_NAME_FUNCTION:
        if (entry->own && entry->type->variadic) {
            mn_error_at(c->findings, span, "a function with a variable argument list can only be called");
            return mn_x_error(c, span.start);
        }
        if (entry->own) {
            x = mn_x_new(c, MN_X_FUNC, entry->type, span.start);
            x->call.function = mn_use_function(c, entry, span);
            return x;
        }
        if (!(address = mn_builtin_symbol(entry->name)))
            return missing_symbol(c, entry->name, span);
        return symbol(c, entry->name, false, address, entry->type, span.start);
    case MN_NAME_EXTERN:
        if (!(address = mn_builtin_symbol(entry->name)))
            return missing_symbol(c, entry->name, span);
        x = mn_x_new(c, MN_X_MEMORY, entry->type, span.start);
        x->part.base = symbol(c, entry->name, false, address, mn_ctype_basic(MN_C_POINTER), span.start);
        return x;
    default:
        mn_error_at(c->findings, span, "'%s' is a type; a value is needed here", entry->name);
        return mn_x_error(c, span.start);
    }
}

/* $systemVersion and its like. */
static struct mn_x *
host_value(struct mn_check *c, const char *name, struct mn_span span)
{
    static const struct {
        const char *name;
        id (*code)(void);
    } values[] = {{"$systemVersion", mn_host_system_version},
                  {"$appVersion", mn_host_app_version},
                  {"$buildVersion", mn_host_build_version}};

    if (strcmp(name, "$is32BitDevice") == 0)
        return mn_x_int(c, 0, mn_ctype_basic(MN_C_BOOL), span.start);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].name, name) == 0)
            return mn_x_call_ours(c, (void (*)(void))values[i].code, "@", mn_ctype_object(c->arena, "NSString"),
                                  NULL, 0, span.start);
    return NULL;
}

/* Names that stand for the text of the function they are in. */
static bool
is_function_name(const char *name)
{
    return strcmp(name, "__func__") == 0 || strcmp(name, "__FUNCTION__") == 0 ||
           strcmp(name, "__PRETTY_FUNCTION__") == 0;
}

static struct mn_x *
check_name(struct mn_check *c, const char *name, struct mn_span span)
{
    struct mn_name_entry *entry = mn_scope_find(c, name);
    const struct mn_builtin *b;
    struct mn_x *x;

    if (strcmp(name, "_cmd") == 0 && c->cmd)
        return mn_x_var(c, c->cmd, span.start);
    if (entry && entry->level > 0)
        return entry_value(c, entry, span);
    if (c->self && c->klass && !c->class_side &&
        (x = mn_find_ivar(c, mn_x_var(c, c->self, span.start), c->klass->name, name, span.start)))
        return x;
    if (entry)
        return entry_value(c, entry, span);
    if ((x = mn_context_name(c, name, span.start)))
        return x;
    if ((b = mn_builtin_find(name)) && (x = builtin_value(c, b, span)))
        return x;
    if (mn_class_known(c, name))
        return mn_x_class(c, mn_class_real(c, name), span.start);
    if ((x = host_value(c, name, span)))
        return x;
    if (c->body && c->body->name && is_function_name(name))
        return mn_x_text(c, c->body->name, span.start);
    if ((x = mn_lenient_name(c, name, span)))
        return x;
    unknown_name(c, name, span);
    return mn_x_error(c, span.start);
}

/* ---- literals of C ---- */

static struct mn_x *
check_integer(struct mn_check *c, struct mn_expr *e)
{
    uint64_t v = e->integer.value;
    bool u = e->integer.suffix & MN_SUFFIX_U, l = e->integer.suffix & (MN_SUFFIX_L | MN_SUFFIX_LL);
    bool decimal = e->integer.base == 10;
    enum mn_ckind kind;

    if (c->dialect == MN_DIALECT_MANGO)
        kind = u || !decimal || v > INT64_MAX ? MN_C_ULONG : MN_C_LONG;
    else if (!l && !u && v <= INT_MAX)
        kind = MN_C_INT;
    else if (!l && (u || !decimal) && v <= UINT_MAX)
        kind = MN_C_UINT;
    else
        kind = u || v > INT64_MAX ? MN_C_ULONG : MN_C_LONG;
    return mn_x_int(c, (int64_t)v, mn_ctype_basic(kind), e->span.start);
}

static struct mn_x *
check_floating(struct mn_check *c, struct mn_expr *e)
{
    enum mn_ckind kind = MN_C_DOUBLE;
    struct mn_x *x;

    if (c->dialect == MN_DIALECT_OBJC && e->floating.suffix == MN_SUFFIX_F)
        kind = MN_C_FLOAT;
    else if (e->floating.suffix == MN_SUFFIX_L)
        kind = MN_C_LDOUBLE;
    x = mn_x_new(c, MN_X_FLOAT, mn_ctype_basic(kind), e->span.start);
    x->floating = kind == MN_C_LDOUBLE ? e->floating.precise
                  : kind == MN_C_FLOAT ? (float)e->floating.value
                                       : e->floating.value;
    return x;
}

static struct mn_x *
check_text(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x;

    if (e->kind == MN_EXPR_STRING)
        return mn_x_string(c, e->string.bytes, e->string.length, e->span.start);
    x = mn_x_new(c, MN_X_TEXT, &mn_ctype_cstring, e->span.start);
    x->text.bytes = e->string.bytes;
    x->text.length = e->string.length;
    return x;
}

static struct mn_x *
check_nil(struct mn_check *c, struct mn_expr *e)
{
    static const enum mn_ckind kinds[] = {
        [MN_NIL_OBJECT] = MN_C_OBJECT, [MN_NIL_CLASS] = MN_C_CLASS, [MN_NIL_NULL] = MN_C_POINTER};

    return mn_x_int(c, 0, mn_ctype_basic(kinds[e->nil]), e->span.start);
}

/* ---- sizes, casts ---- */

static struct mn_x *
check_size(struct mn_check *c, struct mn_expr *e)
{
    const struct mn_ctype *type;

    if (e->kind == MN_EXPR_SIZEOF && e->operand->kind == MN_EXPR_CSTRING)
        return mn_x_int(c, e->operand->string.length + 1, mn_ctype_basic(MN_C_ULONG), e->span.start);
    if (e->kind == MN_EXPR_SIZEOF) {
        struct mn_x *x = mn_check_expr(c, e->operand);

        if (mn_extent_of(x))
            return mn_x_var(c, mn_extent_of(x), e->span.start);
        type = x->type;
    } else {
        type = mn_check_type(c, e->typed.type);
    }
    if (type->kind == MN_C_ERROR)
        return mn_x_error(c, e->span.start);
    if (type->incomplete || type->kind == MN_C_FUNCTION) {
        mn_error_at(c->findings, e->span, "the size of '%s' is not known", mn_spelled(c, type));
        return mn_x_error(c, e->span.start);
    }
    return mn_x_int(c,
                    (int64_t)(e->kind == MN_EXPR_ALIGNOF ? type->align
                              : type->size               ? type->size
                                                         : 1),
                    mn_ctype_basic(MN_C_ULONG), e->span.start);
}

static struct mn_x *
check_offsetof(struct mn_check *c, struct mn_expr *e)
{
    const struct mn_ctype *type = mn_check_type(c, e->typed.type);
    size_t total = 0, offset;

    for (uint32_t i = 0; i < e->typed.path.count && type->kind != MN_C_ERROR; i++) {
        struct mn_designator *d = &e->typed.path.items[i];
        const struct mn_cfield *f;
        int64_t index;

        if (!d->name) {
            if (type->kind != MN_C_ARRAY || !mn_check_constant(c, d->first, &index))
                return mn_x_error(c, e->span.start);
            type = type->inner;
            total += (size_t)index * type->size;
            continue;
        }
        f = mn_ctype_is_aggregate(type) ? mn_ctype_field(type, d->name, &offset) : NULL;
        if (!f) {
            mn_error_at(c->findings, d->span, "'%s' has no field '%s'", mn_spelled(c, type), d->name);
            return mn_x_error(c, e->span.start);
        }
        total += offset;
        type = f->type;
    }
    return mn_x_int(c, (int64_t)total, mn_ctype_basic(MN_C_ULONG), e->span.start);
}

static struct mn_x *
check_encode(struct mn_check *c, struct mn_expr *e)
{
    return mn_x_text(c, mn_type_text(c, mn_check_type(c, e->typed.type)), e->span.start);
}

static struct mn_x *
check_cast(struct mn_check *c, struct mn_expr *e)
{
    const struct mn_ctype *type = mn_check_type(c, e->typed.type);
    struct mn_x *x = mn_check_expr(c, e->typed.operand);

    if (e->typed.bridge == MN_BRIDGE_RETAINED && !mn_x_is_error(x) && mn_ctype_is_object(x->type))
        x = mn_x_call_ours(c, (void (*)(void))mn_host_retained, "^v@", mn_ctype_basic(MN_C_POINTER), &x, 1, x->at);
    if (e->typed.bridge == MN_BRIDGE_TRANSFER && !mn_x_is_error(x) && x->type->kind == MN_C_POINTER)
        x = mn_x_call_ours(c, (void (*)(void))mn_host_transferred, "@^v", mn_ctype_basic(MN_C_OBJECT), &x, 1, x->at);
    return mn_cast(c, x, type, e->span);
}

/* @available(Linux 5.10, *): settled when the patch is read. */
static struct mn_x *
check_available(struct mn_check *c, struct mn_expr *e)
{
    bool holds = true;

    for (uint32_t i = 0; i < e->available.count; i++) {
        const struct mn_platform *p = &e->available.items[i];

        if (mn_host_is_platform(p->name) && p->version)
            holds = holds && mn_host_has_version(p->name, p->version);
    }
    return mn_x_int(c, holds, mn_ctype_basic(MN_C_BOOL), e->span.start);
}

static struct mn_x *
check_protocol(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *name = mn_x_text(c, e->name, e->span.start);

    if (!mn_protocol_named(e->name))
        mn_warning_at(c->findings, e->span, "the process knows no protocol '%s'", e->name);
    return mn_x_call_ours(c, (void (*)(void))mn_host_protocol, "@*", mn_ctype_object(c->arena, "Protocol"), &name, 1,
                          e->span.start);
}

/* CFunction("name"): raises where there is none. */
static struct mn_x *
check_cfunction(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *name = mn_check_value(c, e->operand), *found;

    if (mn_x_is_error(name))
        return name;
    if (mn_ctype_is_object(name->type))
        name = mn_send_known(c, name, "UTF8String", &mn_ctype_cstring, NULL, 0, e->span.start);
    name = mn_convert(c, name, &mn_ctype_cstring, e->span, "CFunction()");
    if (mn_x_is_error(name))
        return name;
    found = mn_x_call_ours(c, (void (*)(void))mn_host_function, "^v*", mn_ctype_basic(MN_C_POINTER), &name, 1,
                           e->span.start);
    found = mn_x_unary(c, MN_X_NONZERO, found->type, found);
    found->of.op = MN_VM_NO_FUNCTION;
    return found;
}

static struct mn_x *
unsupported(struct mn_check *c, struct mn_expr *e)
{
    if (e->kind != MN_EXPR_ERROR)
        mn_error_at(c->findings, e->span, "%s is not supported yet", mn_expr_kind_text(e->kind));
    return mn_x_error(c, e->span.start);
}

static struct mn_x *
check_self(struct mn_check *c, struct mn_expr *e)
{
    struct mn_name_entry *named;

    if (c->self && e->kind == MN_EXPR_SELF)
        return mn_x_var(c, c->self, e->span.start);
    if (!c->self && e->kind == MN_EXPR_SELF && (named = mn_scope_find(c, mn_tree_name(c->tree, "self", 4))) &&
        named->kind == MN_NAME_VAR)
        return mn_x_var(c, named->var, e->span.start); /* a function's parameter of that name */
    if (c->self && c->dialect == MN_DIALECT_MANGO) {
        mn_warning_at(c->findings, e->span, "'super' as a value is 'self'");
        return mn_x_var(c, c->self, e->span.start);
    }
    mn_error_at(c->findings, e->span, c->self ? "'super' can only receive messages" : "there is no %s here",
                mn_expr_kind_text(e->kind));
    return mn_x_error(c, e->span.start);
}

static struct mn_x *
check_selector(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x = mn_x_new(c, MN_X_SELECTOR, mn_ctype_basic(MN_C_SEL), e->span.start);

    x->name = e->name;
    return x;
}

struct mn_x *
mn_x_call_ours(struct mn_check *c, void (*function)(void), const char *types, const struct mn_ctype *result,
               struct mn_x **args, unsigned count, uint32_t at)
{
    struct mn_x *call = mn_x_new(c, MN_X_CALLC, result, at);
    const char *name = mn_ours_name(function);

    if (!name)
        mn_error_at(c->findings, (struct mn_span){at, at + 1}, "a function of Mend's is missing in ours.def");
    call->call.address =
        symbol(c, name ? name : "?", true, (void *)function, mn_ctype_basic(MN_C_POINTER), at);
    call->call.types = types;
    call->call.args = mn_arena_copy(c->arena, args, count, sizeof(struct mn_x *));
    call->call.count = call->call.args ? count : 0;
    return call;
}

struct mn_x *
mn_compare_selectors(struct mn_check *c, bool differ, struct mn_x *a, struct mn_x *b)
{
    const struct mn_ctype *truth = mn_ctype_basic(c->dialect == MN_DIALECT_MANGO ? MN_C_BOOL : MN_C_INT);
    struct mn_x *args[] = {a, b}, *call;

    call = mn_x_call_ours(c, (void (*)(void))mn_selector_equal, "B::", &mn_ctype_c_bool, args, 2, a->at);
    return differ ? mn_x_unary(c, MN_X_NOT, truth, call) : mn_coerce(c, call, truth);
}

struct mn_x *
mn_check_expr(struct mn_check *c, struct mn_expr *e)
{
    if (e->kind != MN_EXPR_ASSIGN && e->kind != MN_EXPR_UNARY)
        c->value_unused = false;
    switch (e->kind) {
    case MN_EXPR_IDENT:
        return check_name(c, e->name, e->span);
    case MN_EXPR_SELF:
    case MN_EXPR_SUPER:
        return check_self(c, e);
    case MN_EXPR_INTEGER:
        return check_integer(c, e);
    case MN_EXPR_FLOATING:
        return check_floating(c, e);
    case MN_EXPR_CHARACTER:
        return mn_x_int(c, e->character,
                        mn_ctype_basic(c->dialect == MN_DIALECT_MANGO ? MN_C_LONG : MN_C_INT), e->span.start);
    case MN_EXPR_CSTRING:
    case MN_EXPR_STRING:
        return check_text(c, e);
    case MN_EXPR_BOOL:
        return mn_x_int(c, e->boolean, mn_ctype_basic(MN_C_BOOL), e->span.start);
    case MN_EXPR_NIL:
        return check_nil(c, e);
    case MN_EXPR_SELECTOR:
        return check_selector(c, e);
    case MN_EXPR_BOX:
    case MN_EXPR_ARRAY:
    case MN_EXPR_DICTIONARY:
    case MN_EXPR_COMPOUND:
    case MN_EXPR_STRUCT:
    case MN_EXPR_INIT:
        return mn_check_literal(c, e);
    case MN_EXPR_ENCODE:
        return check_encode(c, e);
    case MN_EXPR_SEND:
        return mn_check_send(c, e);
    case MN_EXPR_MEMBER:
        return mn_check_member(c, e);
    case MN_EXPR_ARROW:
        return mn_check_arrow(c, e);
    case MN_EXPR_INDEX:
        return mn_check_index(c, e);
    case MN_EXPR_CALL:
        return mn_check_call(c, e);
    case MN_EXPR_UNARY:
        return mn_check_unary(c, e);
    case MN_EXPR_BINARY:
        return mn_check_binary(c, e);
    case MN_EXPR_ASSIGN:
        return mn_check_assign(c, e);
    case MN_EXPR_CONDITIONAL:
        return mn_check_conditional(c, e);
    case MN_EXPR_CAST:
        return check_cast(c, e);
    case MN_EXPR_SIZEOF:
    case MN_EXPR_SIZEOF_TYPE:
    case MN_EXPR_ALIGNOF:
        return check_size(c, e);
    case MN_EXPR_OFFSETOF:
        return check_offsetof(c, e);
    case MN_EXPR_BLOCK:
        return mn_check_block(c, e);
    case MN_EXPR_VA:
        return mn_check_va(c, e);
    case MN_EXPR_AVAILABLE:
        return check_available(c, e);
    case MN_EXPR_PROTOCOL:
        return check_protocol(c, e);
    case MN_EXPR_CFUNCTION:
        return check_cfunction(c, e);
    case MN_EXPR_STATEMENTS:
        return mn_check_statements(c, e);
    default:
        return unsupported(c, e);
    }
}

struct mn_x *
mn_check_value(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x = mn_decay(c, mn_check_expr(c, e));

    if (x->type->kind != MN_C_VOID)
        return x;
    mn_error_at(c->findings, e->span, "there is no value here: the result is 'void'");
    return mn_x_error(c, e->span.start);
}

struct mn_x *
mn_check_condition(struct mn_check *c, struct mn_expr *e)
{
    if (e->kind == MN_EXPR_ASSIGN && e->op == MN_OPERATOR_NONE && !e->parenthesised &&
        c->dialect == MN_DIALECT_OBJC) {
        mn_warning_at(c->findings, e->at, "this assigns; is '==' meant?");
        mn_suggest(c->findings, "put the assignment in parentheses of its own to say it is meant");
    }
    return mn_truth(c, mn_check_value(c, e), e->span);
}

bool
mn_check_constant(struct mn_check *c, struct mn_expr *e, int64_t *value)
{
    struct mn_x *x = mn_check_value(c, e);

    if (x->kind == MN_X_INT && mn_ctype_is_integer(x->type)) {
        *value = x->integer;
        return true;
    }
    if (!mn_x_is_error(x))
        mn_error_at(c->findings, e->span, "an integer constant is needed here");
    return false;
}
