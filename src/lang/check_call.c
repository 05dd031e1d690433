/* SPDX-License-Identifier: MIT */
/*
 * Calls of C functions: the patch's own, the program's by name or pointer, and what `x.f(...)` means.
 *
 * Arguments of a variable tail are promoted as C does; where the format is a literal, each is then cast to
 * what its conversion reads (spec/mango.md 15.5), so that Mango's 64-bit numbers meet %d and a forgotten `l`
 * is harmless.
 */
#include "lang/check.h"
#include <ctype.h>
#include <string.h>

struct mn_x *
mn_promote_argument(struct mn_check *c, struct mn_x *x, struct mn_span span)
{
    x = mn_decay(c, x);
    if (x->type->kind == MN_C_VOID) {
        mn_error_at(c->findings, span, "there is no value here: the result is 'void'");
        return mn_x_error(c, span.start);
    }
    if (x->type->dynamic)
        return x; /* its use tells what it becomes */
    if (x->type->kind == MN_C_FLOAT)
        return mn_coerce(c, x, mn_ctype_basic(MN_C_DOUBLE));
    return mn_coerce(c, x, mn_ctype_promote(x->type));
}

/* ---- formats ---- */

/* A conversion of a format: what follows one '%'. */
struct conversion {
    const struct mn_ctype *type; /* of the value it reads; NULL: one left alone */
    char letter;                 /* 0: the format ends first */
    unsigned stars;              /* int values in front of it, for width and precision */
};

static const struct mn_ctype *
type_read(char letter, char size, bool wide)
{
    if (letter == '@')
        return mn_ctype_basic(MN_C_OBJECT);
    if (letter == 's' && !size)
        return &mn_ctype_cstring;
    if (strchr("dicC", letter))
        return mn_ctype_basic(wide && strchr("di", letter) ? MN_C_LONG : MN_C_INT);
    if (strchr("uxXo", letter))
        return mn_ctype_basic(wide ? MN_C_ULONG : MN_C_UINT);
    if (strchr("fFeEgGaA", letter))
        return mn_ctype_basic(size == 'L' ? MN_C_LDOUBLE : MN_C_DOUBLE);
    return NULL;
}

/* Reads one from behind its '%'; *text moves behind it. */
static struct conversion
conversion(const char **text, const char *end)
{
    struct conversion found = {0};
    const char *p = *text;
    bool wide = false;
    char size = 0;

    for (; p < end && *p && strchr("-+ #0'123456789.*", *p); p++)
        found.stars += *p == '*';
    for (; p < end && *p && strchr("hlqzjtL", *p); p++) {
        wide |= strchr("lqzjt", *p) != NULL;
        size = *p;
    }
    if (p < end && *p) {
        found.letter = *p++;
        found.type = type_read(found.letter, size, wide);
    }
    *text = p;
    return found;
}

/* A value of another nature than the conversion prints. */
static struct mn_x *
misfit(struct mn_check *c, struct mn_x *x, const struct conversion *how, struct mn_span span)
{
    bool number = mn_ctype_is_number(x->type), object = mn_ctype_is_object(x->type);

    if (mn_ctype_is_number(how->type) && object)
        mn_warning_at(c->findings, span, "an object is printed as a number; '%%@' prints objects");
    if (how->letter == 's' && (object || (number && !mn_x_is_zero(x)))) {
        mn_warning_at(c->findings, span, "'%%s' prints a C string, and this is '%s'", mn_spelled(c, x->type));
        if (object)
            mn_suggest(c->findings, "write '%%@', or send it UTF8String");
    }
    if (how->letter == '@' && number && !mn_x_is_zero(x)) {
        mn_error_at(c->findings, span, "'%%@' prints an object, and this is '%s'", mn_spelled(c, x->type));
        mn_suggest(c->findings, "write @(...), or another conversion");
        return mn_x_error(c, x->at);
    }
    return x;
}

static struct mn_x *
adapted(struct mn_check *c, struct mn_x *x, const struct conversion *how, struct mn_span span)
{
    if (!how->type || mn_x_is_error(x))
        return x;
    if (x->type->dynamic)
        return how->letter == '@' ? mn_dynamic_texted(c, x) : mn_dynamic_as(c, x, how->type);
    if (how->letter != 's')
        x = mn_settle(x, mn_ctype_is_number(how->type));
    if (mn_ctype_is_number(how->type) && mn_ctype_is_number(x->type))
        return mn_coerce(c, x, how->type);
    return misfit(c, x, how, span);
}

void
mn_adapt_format(struct mn_check *c, struct mn_x **args, const struct mn_span *spans, unsigned count,
                unsigned fixed, struct mn_x *format)
{
    const struct conversion star = {.type = mn_ctype_basic(MN_C_INT), .letter = '*'};
    const char *p, *end;
    unsigned i = fixed;

    while (format->kind == MN_X_CONVERT)
        format = format->of.a;
    if (format->kind != MN_X_STRING && format->kind != MN_X_TEXT)
        return;
    p = format->text.bytes;
    end = p + format->text.length;
    if (memchr(p, '$', (size_t)(end - p)))
        return; /* arguments by position: as written */
    while (p < end) {
        struct conversion how;

        if (*p++ != '%')
            continue;
        if (p < end && *p == '%') {
            p++;
            continue;
        }
        how = conversion(&p, end);
        if (!how.letter) {
            mn_warning_at(c->findings, spans[fixed - 1],
                          "the format ends within a conversion; '%%%%' prints '%%'");
            return;
        }
        if (i + how.stars >= count) {
            mn_warning_at(c->findings, spans[fixed - 1], "the format asks for more values than there are");
            return;
        }
        for (; how.stars; how.stars--, i++)
            args[i] = adapted(c, args[i], &star, spans[i]);
        args[i] = adapted(c, args[i], &how, spans[i]);
        i++;
    }
    if (i < count)
        mn_warning_at(c->findings, spans[i], "the format does not use this value");
}

/* ---- calls ---- */

static bool
right_count(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *function, const char *name)
{
    unsigned count = e->call.args.count;

    if (count == function->count || (count > function->count && function->variadic))
        return true;
    mn_error_at(c->findings, e->span, "%s takes %s%zu argument%s, not %u", name,
                function->variadic ? "at least " : "", function->count, function->count == 1 ? "" : "s",
                count);
    return false;
}

static struct mn_x **
check_arguments(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *function, const char *name,
                bool own)
{
    unsigned count = e->call.args.count;
    struct mn_x **args = mn_arena_alloc(c->arena, (count + 1) * sizeof(struct mn_x *));
    struct mn_span *spans = mn_arena_alloc(c->arena, (count + 1) * sizeof *spans);
    bool whole = args && spans;

    for (unsigned i = 0; whole && i < count; i++) {
        struct mn_expr *a = e->call.args.items[i];
        const char *what = mn_text_of(c, "argument %u of %s", i + 1, name);

        spans[i] = a->span;
        args[i] = i < function->count ? mn_check_init(c, a, function->fields[i].type, what)
                                      : mn_promote_argument(c, mn_check_expr(c, a), a->span);
    }
    if (whole && function->variadic && function->count && !own)
        mn_adapt_format(c, args, spans, count, (unsigned)function->count, args[function->count - 1]);
    for (unsigned i = (unsigned)function->count; whole && i < count; i++)
        args[i] = mn_dynamic_object(c, args[i]);
    for (unsigned i = 0; whole && i < count; i++) {
        struct mn_x *x = args[i];

        while (x->kind == MN_X_CONVERT)
            x = x->of.a;
        if (x->kind == MN_X_OUT)
            x->out.used = true;
        whole = !mn_x_is_error(x);
    }
    return whole ? args : NULL;
}

/* "dd": how the machine passes a call of this function type. */
static const char *
call_types(struct mn_check *c, const struct mn_ctype *function)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    const char *text;

    mn_ctype_encode(&out, function->inner);
    for (size_t i = 0; i < function->count; i++)
        mn_ctype_encode(&out, function->fields[i].type);
    text = mn_arena_strdup(c->arena, mn_buffer_peek(&out));
    mn_buffer_fini(&out);
    return text ? text : "v";
}

static struct mn_x *
call_own(struct mn_check *c, struct mn_expr *e, struct mn_name_entry *f)
{
    const char *name = mn_text_of(c, "'%s'", f->name);
    struct mn_x *x;

    if (!right_count(c, e, f->type, name))
        return mn_x_error(c, e->span.start);
    x = mn_x_new(c, MN_X_CALL, f->type->inner, e->span.start);
    x->call.function = mn_use_function(c, f, e->span);
    x->call.types = call_types(c, f->type);
    x->call.args = check_arguments(c, e, f->type, name, true);
    x->call.count = e->call.args.count;
    if (!x->call.args)
        return mn_x_error(c, e->span.start);
    if (f->type->variadic) { /* what is beyond the parameters travels as one pointer */
        struct mn_x *tail = mn_pack_tail(c, x->call.args + f->type->count,
                                         x->call.count - (unsigned)f->type->count, e->span.start);

        x->call.count = (unsigned)f->type->count + 1;
        x->call.args[f->type->count] = tail;
    }
    return x;
}

static struct mn_x *
call_pointer(struct mn_check *c, struct mn_expr *e, struct mn_x *callee, const char *name)
{
    const struct mn_ctype *function = callee->type->inner;
    struct mn_x *x;

    if (!right_count(c, e, function, name))
        return mn_x_error(c, e->span.start);
    x = mn_x_new(c, MN_X_CALLC, function->inner, e->span.start);
    x->call.address = callee;
    x->call.types = call_types(c, function);
    x->call.args = check_arguments(c, e, function, name, false);
    x->call.count = e->call.args.count;
    return x->call.args ? x : mn_x_error(c, e->span.start);
}

/* x.f(): in Mango a message without arguments (spec/mango.md 1.3 D4). */
static struct mn_x *
dotted_message(struct mn_check *c, struct mn_expr *e)
{
    struct mn_x *x = mn_check_member(c, e->call.callee);

    if (mn_x_is_error(x) || (!e->call.args.count && c->dialect == MN_DIALECT_MANGO))
        return x;
    if (x->type->kind == MN_C_POINTER && x->type->inner->kind == MN_C_FUNCTION)
        return call_pointer(c, e, x, "the function");
    if (!e->call.args.count && x->type->kind != MN_C_BLOCK &&
        !(x->type->kind == MN_C_OBJECT && !x->type->name)) {
        mn_warning_at(c->findings, e->at, "the value of '.%s' is not called: it is no block",
                      e->call.callee->member.name);
        return x;
    }
    if (!e->call.args.count && x->type->kind == MN_C_OBJECT)
        return x;
    if (x->type->kind == MN_C_BLOCK || (x->type->kind == MN_C_OBJECT && !x->type->name))
        return mn_call_block(c, e, x);
    mn_error_at(c->findings, e->at, "the value of '.%s' cannot be called: it is '%s'",
                e->call.callee->member.name, mn_spelled(c, x->type));
    return mn_x_error(c, e->span.start);
}

/* MIN, MAX and ABS are macros in C: each operand is evaluated once here. */
static struct mn_x *
macro_call(struct mn_check *c, struct mn_expr *e, const char *name)
{
    bool is_abs = strcmp(name, "ABS") == 0;
    struct mn_x *v[2], *x, *keep[2] = {NULL, NULL};
    enum mn_compare op = strcmp(name, "MAX") == 0 ? MN_GT : MN_LT;
    const struct mn_ctype *type;

    if (e->call.args.count != (is_abs ? 1u : 2u)) {
        mn_error_at(c->findings, e->span, "'%s' takes %d argument%s", name, is_abs ? 1 : 2,
                    is_abs ? "" : "s");
        return mn_x_error(c, e->span.start);
    }
    for (uint32_t i = 0; i < e->call.args.count; i++) {
        v[i] = mn_check_value(c, e->call.args.items[i]);
        if (mn_x_is_error(v[i]))
            return v[i];
        if (!mn_ctype_is_number(v[i]->type)) {
            mn_error_at(c->findings, e->call.args.items[i]->span, "'%s' needs numbers, not '%s'", name,
                        mn_spelled(c, v[i]->type));
            return mn_x_error(c, e->span.start);
        }
    }
    type = is_abs ? mn_ctype_promote(v[0]->type) : mn_ctype_usual(v[0]->type, v[1]->type);
    for (uint32_t i = 0; i < e->call.args.count; i++) {
        struct mn_var *var = mn_temp_var(c, type);

        keep[i] = mn_x_assign(c, mn_x_var(c, var, v[i]->at), mn_coerce(c, v[i], type));
        v[i] = mn_x_var(c, var, v[i]->at);
    }
    x = mn_x_new(c, MN_X_CHOOSE, type, e->span.start);
    if (is_abs)
        v[1] = mn_x_unary(c, MN_X_NEGATE, type, v[0]);
    x->choose.test = mn_x_binary(
        c, MN_X_COMPARE, mn_ctype_basic(MN_C_INT), is_abs ? MN_GE : op, v[0],
        is_abs ? mn_coerce(c, mn_x_int(c, 0, mn_ctype_basic(MN_C_INT), e->span.start), type) : v[1]);
    x->choose.yes = v[0];
    x->choose.no = v[1];
    if (keep[1])
        x = mn_x_binary(c, MN_X_COMMA, type, 0, keep[1], x);
    return mn_x_binary(c, MN_X_COMMA, type, 0, keep[0], x);
}

/* NSLog(v) with one argument that is no literal format: Mango prints the value itself (D7). */
static bool
prints_value(struct mn_check *c, struct mn_expr *e, const char *name)
{
    return c->dialect == MN_DIALECT_MANGO && strcmp(name, "NSLog") == 0 && e->call.args.count == 1 &&
           e->call.args.items[0]->kind != MN_EXPR_STRING;
}

static struct mn_x *
log_value(struct mn_check *c, struct mn_expr *e, struct mn_x *callee)
{
    struct mn_x *value = mn_check_value(c, e->call.args.items[0]), *x;
    struct mn_x **args = mn_arena_alloc(c->arena, 2 * sizeof(struct mn_x *));

    if (mn_x_is_error(value) || !args)
        return mn_x_error(c, e->span.start);
    args[0] = mn_x_string(c, "%@", 2, e->span.start);
    args[1] = mn_concat(c, mn_x_string(c, "", 0, e->span.start), value, e->span);
    x = mn_x_new(c, MN_X_CALLC, mn_ctype_basic(MN_C_VOID), e->span.start);
    x->call.address = callee;
    x->call.types = "v@";
    x->call.args = args;
    x->call.count = 2;
    return x;
}

struct mn_x *
mn_check_call(struct mn_check *c, struct mn_expr *e)
{
    struct mn_expr *callee = e->call.callee;
    const char *name = callee->kind == MN_EXPR_IDENT ? callee->name : NULL, *shown;
    struct mn_name_entry *entry = name ? mn_scope_find(c, name) : NULL;
    struct mn_x *x;

    if (callee->kind == MN_EXPR_MEMBER)
        return dotted_message(c, e);
    if (entry && entry->kind == MN_NAME_FUNCTION && entry->own)
        return call_own(c, e, entry);
    if (name && !entry && (strcmp(name, "MIN") == 0 || strcmp(name, "MAX") == 0 || strcmp(name, "ABS") == 0))
        return macro_call(c, e, name);
    x = mn_decay(c, mn_check_expr(c, callee));
    if (mn_x_is_error(x)) {
        for (uint32_t i = 0; i < e->call.args.count; i++)
            mn_check_expr(c, e->call.args.items[i]); /* their own mistakes are reported in the same run */
        return x;
    }
    x = mn_dynamic_object(c, x);
    if (x->type->kind == MN_C_POINTER && x->type->inner->kind == MN_C_FUNCTION) {
        shown = name ? mn_text_of(c, "'%s'", name) : "the function";
        if (name && prints_value(c, e, name))
            return log_value(c, e, x);
        return call_pointer(c, e, x, shown);
    }
    if (x->type->kind == MN_C_BLOCK || (x->type->kind == MN_C_OBJECT && !x->type->name))
        return mn_call_block(c, e, x);
    mn_error_at(c->findings, callee->span, "'%s' cannot be called", mn_spelled(c, x->type));
    return mn_x_error(c, e->span.start);
}
