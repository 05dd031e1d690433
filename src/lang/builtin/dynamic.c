/* SPDX-License-Identifier: MIT */
/* The kinds of dynamic values, and Mango's table of what they do together (spec/mango.md 13.2, 13.6). */
#include "lang/builtin/dynamic.h"

#include "abi/encoding.h"
#include "base/error.h"
#include "runtime/runtime.h"
#include "value/box.h"
#include "value/cell.h"
#include "value/own.h"
#include "vm/builder.h"
#include "vm/run.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What lies in the cell; of a structure the bytes follow, and behind them the encoding. */
struct inside {
    char kind;
    uint32_t size;
    union {
        int64_t integer;
        double floating;
        void *address;
    };
};
static_assert(sizeof(struct inside) == 16, "the bytes of a structure follow, aligned");

static const struct inside *
look(id value)
{
    return mn_cell_is_plain(value) ? mn_cell_value(value) : NULL;
}

char
mn_dynamic_kind(id value)
{
    const struct inside *in = look(value);

    return in != NULL ? in->kind : value != nil ? '@' : 0;
}

static struct inside *
make(char kind, size_t more, id *out)
{
    struct inside *in;
    mend_error err;

    if (mn_cell_new(MN_CELL_PLAIN, sizeof *in + more, out, &err) != MEND_OK)
        mn_vm_raise_here(MN_VM_NOT_SUPPORTED, "%s", err.message);
    mn_autorelease(*out);
    in = mn_cell_value(*out);
    in->kind = kind;
    return in;
}

static id
make_integer(char kind, int64_t value)
{
    id made;

    make(kind, 0, &made)->integer = value;
    return made;
}

id
mn_dynamic_bool(bool value)
{
    return make_integer('B', value);
}

id
mn_dynamic_integer(int64_t value)
{
    return make_integer('q', value);
}

id
mn_dynamic_unsigned(uint64_t value)
{
    return make_integer('Q', (int64_t)value);
}

id
mn_dynamic_double(double value)
{
    id made;

    make('d', 0, &made)->floating = value;
    return made;
}

id
mn_dynamic_address(const void *value, int kind)
{
    id made;

    if (value == NULL)
        return nil;
    make((char)kind, 0, &made)->address = (void *)(uintptr_t)value;
    return made;
}

static size_t
size_of(const char *encoding)
{
    const struct mn_type *type;

    return mn_type_get(encoding, &type, NULL) == MEND_OK ? type->size : 0;
}

id
mn_dynamic_bytes(const void *value, const char *encoding)
{
    size_t size = size_of(encoding);
    struct inside *in;
    id made;

    in = make('{', size + strlen(encoding) + 1, &made);
    in->size = (uint32_t)size;
    memcpy(in + 1, value, size);
    strcpy((char *)(in + 1) + size, encoding);
    return made;
}

static const char *
encoding_in(const struct inside *in)
{
    return (const char *)(in + 1) + in->size;
}

/* ---- out ---- */

static const char *
kind_text(char kind)
{
    switch (kind) {
    case 'B':
        return "a BOOL";
    case 'q':
    case 'Q':
        return "an integer";
    case 'd':
        return "a floating number";
    case '*':
        return "a C string";
    case '#':
        return "a Class";
    case ':':
        return "a selector";
    case '{':
        return "a structure";
    case '@':
        return "an object";
    case 0:
        return "nil";
    default:
        return "a pointer";
    }
}

static bool
is_number(char kind)
{
    return kind == 'B' || kind == 'q' || kind == 'Q' || kind == 'd';
}

static void __attribute__((noreturn))
cannot(id value, const char *what)
{
    mn_vm_raise_here(MN_VM_ILLEGAL_TYPE, "%s cannot become %s", kind_text(mn_dynamic_kind(value)), what);
}

bool
mn_dynamic_truth(id value)
{
    const struct inside *in = look(value);

    if (in == NULL)
        return value != nil;
    return in->kind == 'd' ? in->floating != 0 : in->kind == '{' || in->integer != 0;
}

/* Toward zero; what does not fit becomes the nearest that does. */
static int64_t
truncated(double value)
{
    if (value != value)
        return 0;
    if (value >= 9223372036854775808.0)
        return INT64_MAX;
    return value <= -9223372036854775808.0 ? INT64_MIN : (int64_t)value;
}

int64_t
mn_dynamic_to_integer(id value)
{
    const struct inside *in = look(value);

    if (value == nil)
        return 0;
    if (in == NULL || in->kind == '{')
        cannot(value, "an integer");
    return in->kind == 'd' ? truncated(in->floating) : in->integer;
}

static double
number_in(const struct inside *in)
{
    return in == NULL         ? 0
           : in->kind == 'd' ? in->floating
           : in->kind == 'Q' ? (double)(uint64_t)in->integer
                             : (double)in->integer;
}

double
mn_dynamic_to_double(id value)
{
    const struct inside *in = look(value);

    if (value != nil && (in == NULL || !is_number(in->kind)))
        cannot(value, "a floating number");
    return number_in(in);
}

id
mn_dynamic_to_object(id value)
{
    const struct inside *in = look(value);

    if (in == NULL)
        return value;
    if (in->kind == '#' || in->kind == '^')
        return (id)in->address;
    if (in->kind != 'd' && is_number(in->kind) && in->integer == 0)
        return nil;
    mn_vm_raise_here(is_number(in->kind) ? MN_VM_NOT_SUPPORTED : MN_VM_ILLEGAL_TYPE,
                     "%s cannot become an object; write @(...)", kind_text(in->kind));
}

void *
mn_dynamic_to_address(id value)
{
    const struct inside *in = look(value);

    if (in == NULL)
        return (void *)value;
    if (in->kind == 'd')
        cannot(value, "a pointer");
    return in->kind == '{' ? (void *)(uintptr_t)(in + 1) : in->address;
}

/* "{Span=qq}" and "{Span}" and "{Span=\"a\"q}" name one type: compared up to '='. */
static bool
same_tag(const char *a, const char *b)
{
    size_t na = strcspn(a, "=}"), nb = strcspn(b, "=}");

    return na == nb && strncmp(a, b, na) == 0;
}

bool
mn_dynamic_has(id value, const char *encoding)
{
    const struct inside *in = look(value);

    return in != NULL && in->kind == '{' && same_tag(encoding_in(in), encoding) && in->size == size_of(encoding);
}

void *
mn_dynamic_to_bytes(id value, const char *encoding)
{
    static const char zeroes[4096];
    size_t size = size_of(encoding);
    id made;

    if (mn_dynamic_has(value, encoding))
        return (void *)(uintptr_t)(look(value) + 1);
    if (value == nil && size <= sizeof zeroes)
        return (void *)(uintptr_t)(look(mn_dynamic_bytes(zeroes, encoding)) + 1);
    if (mn_dynamic_kind(value) == '@' && size <= sizeof zeroes) { /* an NSValue that holds one */
        const struct mn_type *type;

        made = mn_dynamic_bytes(zeroes, encoding);
        if (mn_type_get(encoding, &type, NULL) == MEND_OK &&
            mn_unbox_bytes(value, type, (void *)(uintptr_t)(look(made) + 1)))
            return (void *)(uintptr_t)(look(made) + 1);
    }
    mn_vm_raise_here(MN_VM_ILLEGAL_TYPE, "%s cannot become the structure '%.*s'", kind_text(mn_dynamic_kind(value)),
                     (int)strcspn(encoding + 1, "=}"), encoding + 1);
}

/* ---- operators ---- */

static id
sum_of_texts(id a, id b)
{
    id left = mn_dynamic_text(a), right = mn_dynamic_text(b);
    SEL sel = mn_selector("stringByAppendingString:");

    return ((id(*)(id, SEL, id))mn_lookup(left, sel))(left, sel, right);
}

static void __attribute__((noreturn))
refuse(id a, id b)
{
    mn_vm_raise_here(MN_VM_ILLEGAL_TYPE, "the operator cannot combine %s and %s", kind_text(mn_dynamic_kind(a)),
                     kind_text(mn_dynamic_kind(b)));
}

static id
floating(int op, double a, double b)
{
    switch (op) {
    case MN_ADD:
        return mn_dynamic_double(a + b);
    case MN_SUB:
        return mn_dynamic_double(a - b);
    case MN_MUL:
        return mn_dynamic_double(a * b);
    default:
        if (b == 0)
            mn_vm_raise_here(MN_VM_DIVIDE_BY_ZERO, "division by zero");
        return mn_dynamic_double(a / b);
    }
}

static uint64_t
divide(bool rest, bool is_unsigned, int64_t a, int64_t b)
{
    if (b == 0)
        mn_vm_raise_here(MN_VM_DIVIDE_BY_ZERO, "division by zero");
    if (is_unsigned)
        return rest ? (uint64_t)a % (uint64_t)b : (uint64_t)a / (uint64_t)b;
    if (b == -1) /* INT64_MIN / -1 wraps */
        return rest ? 0 : 0 - (uint64_t)a;
    return (uint64_t)(rest ? a % b : a / b);
}

/* One of `a op b` with both of 64 bits; `kinds`: of left and right, BOOL counting as signed. */
static id
integral(int op, int64_t a, int64_t b, bool left, bool right)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b, r;
    bool either = left || right;
    bool label = left && right; /* + - * /: signed unless both are unsigned */

    switch (op) {
    case MN_ADD:
        r = x + y;
        break;
    case MN_SUB:
        r = x - y;
        break;
    case MN_MUL:
        r = x * y;
        break;
    case MN_DIV:
        r = divide(false, either, a, b);
        break;
    case MN_REM:
        r = divide(true, either, a, b);
        label = left;
        break;
    case MN_AND:
        r = x & y;
        label = either;
        break;
    case MN_OR:
        r = x | y;
        label = either;
        break;
    case MN_XOR:
        r = x ^ y;
        label = either;
        break;
    case MN_SHL:
        r = x << (y & 63);
        label = left;
        break;
    default:
        r = left ? x >> (y & 63) : (uint64_t)(a >> (y & 63));
        label = left;
        break;
    }
    return label ? mn_dynamic_unsigned(r) : mn_dynamic_integer((int64_t)r);
}

id
mn_dynamic_arith(int op, id a, id b)
{
    const struct inside *x = look(a), *y = look(b);
    char ka = mn_dynamic_kind(a), kb = mn_dynamic_kind(b);

    if ((ka == 0 || is_number(ka)) && (kb == 0 || is_number(kb)) && (ka != 0 || kb != 0 || op != MN_ADD)) {
        if (ka != 'd' && kb != 'd')
            return integral(op, x != NULL ? x->integer : 0, y != NULL ? y->integer : 0, ka == 'Q', kb == 'Q');
        if (op == MN_ADD || op == MN_SUB || op == MN_MUL || op == MN_DIV)
            return floating(op, number_in(x), number_in(y));
        refuse(a, b);
    }
    if (op != MN_ADD)
        refuse(a, b);
    return sum_of_texts(a, b);
}

id
mn_dynamic_unary(int op, id a)
{
    const struct inside *x = look(a);
    char kind = mn_dynamic_kind(a);

    if (kind == 0)
        return mn_dynamic_integer(op == '~' ? -1 : 0);
    if (!is_number(kind) || (op == '~' && kind == 'd'))
        mn_vm_raise_here(MN_VM_ILLEGAL_TYPE, "'%c' needs a number, not %s", op, kind_text(kind));
    if (kind == 'd')
        return op == '-' ? mn_dynamic_double(-x->floating) : a;
    if (op == '+')
        return a;
    return make_integer(kind == 'q' ? 'q' : 'Q',
                        (int64_t)(op == '~' ? ~(uint64_t)x->integer : 0 - (uint64_t)x->integer));
}

static bool
ordered(int op, int order)
{
    switch (op) {
    case MN_EQ:
        return order == 0;
    case MN_NE:
        return order != 0;
    case MN_LT:
        return order < 0;
    case MN_LE:
        return order <= 0;
    case MN_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static bool
compare_doubles(int op, double a, double b)
{
    if (a != a || b != b)
        return op == MN_NE;
    return ordered(op, (a > b) - (a < b));
}

/* Whether nothing else but `==` and `!=` can be asked of a pair, and their answer. */
static bool
same_value(id a, id b)
{
    const struct inside *x = look(a), *y = look(b);

    if (x != NULL && y != NULL && x->kind == '{' && y->kind == '{')
        return mn_dynamic_has(a, encoding_in(y)) && memcmp(x + 1, y + 1, x->size) == 0;
    if (x != NULL && y != NULL && x->kind == ':' && y->kind == ':')
        return mn_selector_equal(x->address, y->address);
    if ((x != NULL && (x->kind == '{' || x->kind == 'd')) || (y != NULL && (y->kind == '{' || y->kind == 'd')))
        refuse(a, b);
    if (((x != NULL && is_number(x->kind) && x->integer != 0) && mn_dynamic_kind(b) == '@') ||
        ((y != NULL && is_number(y->kind) && y->integer != 0) && mn_dynamic_kind(a) == '@'))
        refuse(a, b);
    return mn_dynamic_to_address(a) == mn_dynamic_to_address(b);
}

bool
mn_dynamic_compare(int op, id a, id b)
{
    const struct inside *x = look(a), *y = look(b);
    char ka = mn_dynamic_kind(a), kb = mn_dynamic_kind(b);

    if ((ka != 0 && !is_number(ka)) || (kb != 0 && !is_number(kb)) || (ka == 0 && kb == 0)) {
        if (op != MN_EQ && op != MN_NE && ka != 0 && kb != 0)
            refuse(a, b);
        return op == MN_EQ || op == MN_LE || op == MN_GE ? same_value(a, b) : op == MN_NE && !same_value(a, b);
    }
    if (ka == 'd' || kb == 'd')
        return compare_doubles(op, number_in(x), number_in(y));
    if ((ka == 'q' || ka == 0) && (kb == 'q' || kb == 0)) {
        int64_t p = x != NULL ? x->integer : 0, q = y != NULL ? y->integer : 0;

        return ordered(op, (p > q) - (p < q));
    } else {
        uint64_t p = x != NULL ? (uint64_t)x->integer : 0, q = y != NULL ? (uint64_t)y->integer : 0;

        return ordered(op, (p > q) - (p < q));
    }
}

/* ---- texts and objects ---- */

id
mn_dynamic_subscript(id list, id key)
{
    char kind = mn_dynamic_kind(key);
    bool numbered = kind == 'B' || kind == 'q' || kind == 'Q';
    SEL sel = mn_selector(numbered ? "objectAtIndexedSubscript:" : "objectForKeyedSubscript:");

    if (list == nil)
        return nil;
    if (numbered)
        return ((id(*)(id, SEL, uint64_t))mn_lookup(list, sel))(list, sel, (uint64_t)mn_dynamic_to_integer(key));
    key = mn_dynamic_to_object(key);
    return ((id(*)(id, SEL, id))mn_lookup(list, sel))(list, sel, key);
}

static id
described(id object)
{
    SEL sel = mn_selector("description");
    id text = ((id(*)(id, SEL))mn_lookup(object, sel))(object, sel);

    return text != nil ? text : mn_box_text("(null)");
}

id
mn_dynamic_text(id value)
{
    const struct inside *in = look(value);
    char text[400];

    if (value == nil)
        return mn_box_text("(null)");
    if (in == NULL || in->kind == '#')
        return described(in == NULL ? value : (id)in->address);
    switch (in->kind) {
    case 'q':
        snprintf(text, sizeof text, "%lld", (long long)in->integer);
        break;
    case 'B':
    case 'Q':
        snprintf(text, sizeof text, "%llu", (unsigned long long)in->integer);
        break;
    case 'd':
        snprintf(text, sizeof text, "%f", in->floating);
        break;
    case '*':
        return mn_box_text(in->address);
    case ':':
        return mn_box_text(mn_selector_name(in->address));
    default:
        snprintf(text, sizeof text, "%p", in->kind == '{' ? (const void *)(in + 1) : in->address);
    }
    return mn_box_text(text);
}

id
mn_dynamic_boxed(id value)
{
    const struct inside *in = look(value);
    uint64_t bits;

    if (in == NULL)
        return value;
    switch (in->kind) {
    case 'B':
        return mn_box_scalar(MN_BOOL, (uint64_t)in->integer);
    case 'q':
        return mn_box_scalar(MN_LONG, (uint64_t)in->integer);
    case 'Q':
        return mn_box_scalar(MN_ULONG, (uint64_t)in->integer);
    case 'd':
        memcpy(&bits, &in->floating, sizeof bits);
        return mn_box_scalar(MN_DOUBLE, bits);
    case '*':
        return mn_box_text(in->address);
    case '{':
        return mn_box_bytes(in + 1, encoding_in(in));
    case '#':
        return (id)in->address;
    default:
        mn_vm_raise_here(MN_VM_NOT_SUPPORTED, "%s cannot be boxed", kind_text(in->kind));
    }
}

/* ---- memory ---- */

static const char *
plain(const char *encoding)
{
    return encoding + strspn(encoding, "rnNoORV");
}

id
mn_dynamic_read(const void *from, const char *encoding)
{
    encoding = plain(encoding);
#define READ(letter, type, make)                                                                                     \
    case letter: {                                                                                                   \
        type value;                                                                                                  \
        memcpy(&value, from, sizeof value);                                                                          \
        return make;                                                                                                 \
    }
    switch (*encoding) {
        READ('B', bool, mn_dynamic_bool(value))
        READ('c', signed char, mn_dynamic_integer(value))
        READ('s', short, mn_dynamic_integer(value))
        READ('i', int, mn_dynamic_integer(value))
        READ('l', long, mn_dynamic_integer(value))
        READ('q', long long, mn_dynamic_integer(value))
        READ('C', unsigned char, mn_dynamic_unsigned(value))
        READ('S', unsigned short, mn_dynamic_unsigned(value))
        READ('I', unsigned, mn_dynamic_unsigned(value))
        READ('L', unsigned long, mn_dynamic_unsigned(value))
        READ('Q', unsigned long long, mn_dynamic_unsigned(value))
        READ('f', float, mn_dynamic_double(value))
        READ('d', double, mn_dynamic_double(value))
        READ('@', id, value)
        READ('*', void *, mn_dynamic_address(value, '*'))
        READ('#', void *, mn_dynamic_address(value, '#'))
        READ(':', void *, mn_dynamic_address(value, ':'))
        READ('^', void *, mn_dynamic_address(value, '^'))
    case '{':
    case '(':
        return mn_dynamic_bytes(from, encoding);
    default:
        return nil;
    }
#undef READ
}

bool
mn_dynamic_write(id value, void *to, const char *encoding)
{
    const struct inside *in = look(value);
    char kind = mn_dynamic_kind(value);
    bool number = kind == 0 || is_number(kind);

    encoding = plain(encoding);
#define WRITE(letter, type, fits, make)                                                                              \
    case letter: {                                                                                                   \
        type made;                                                                                                   \
        if (!(fits))                                                                                                 \
            return false;                                                                                            \
        made = (type)(make);                                                                                         \
        memcpy(to, &made, sizeof made);                                                                              \
        return true;                                                                                                 \
    }
#define ADDRESS(letter) WRITE(letter, void *, kind == 0 || (in != NULL && in->kind != 'd'), mn_dynamic_to_address(value))
    switch (*encoding) {
        WRITE('B', bool, kind != '{', mn_dynamic_truth(value))
        WRITE('c', signed char, number, mn_dynamic_to_integer(value))
        WRITE('s', short, number, mn_dynamic_to_integer(value))
        WRITE('i', int, number, mn_dynamic_to_integer(value))
        WRITE('l', long, number, mn_dynamic_to_integer(value))
        WRITE('q', long long, number, mn_dynamic_to_integer(value))
        WRITE('C', unsigned char, number, mn_dynamic_to_integer(value))
        WRITE('S', unsigned short, number, mn_dynamic_to_integer(value))
        WRITE('I', unsigned, number, mn_dynamic_to_integer(value))
        WRITE('L', unsigned long, number, mn_dynamic_to_integer(value))
        WRITE('Q', unsigned long long, number, mn_dynamic_to_integer(value))
        WRITE('f', float, number, number_in(in))
        WRITE('d', double, number, number_in(in))
        WRITE('@', id, in == NULL || in->kind == '#', mn_dynamic_to_object(value))
        ADDRESS('*')
        ADDRESS('#')
        ADDRESS(':')
        ADDRESS('^')
    case '{':
    case '(':
        if (value != nil && !mn_dynamic_has(value, encoding))
            return false;
        memcpy(to, mn_dynamic_to_bytes(value, encoding), size_of(encoding));
        return true;
    default:
        return false;
    }
#undef WRITE
#undef ADDRESS
}
