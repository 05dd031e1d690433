/* SPDX-License-Identifier: MIT */
/* The format is taken apart and written anew, so nothing but what was checked reaches snprintf. */
#include "lang/builtin/number.h"

#include "runtime/runtime.h"
#include "value/box.h"
#include "vm/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDEST = 300 }; /* of width and precision */

static const char *
text_of(id object, const char *message)
{
    SEL sel = mn_selector(message);

    return object == nil ? NULL : ((const char *(*)(id, SEL))(void *)mn_lookup(object, sel))(object, sel);
}

static void __attribute__((noreturn))
refuse(const char *format)
{
    mn_vm_raise_here(MN_VM_NUMBER_FORMAT,
                     "fmt_num: '%s' is no format for one number: it needs one conversion of d u o x X f, with l or ll",
                     format != NULL ? format : "nil");
}

/* What stands between '%' and the conversion's letter. */
struct conversion {
    const char *flags;
    unsigned flag_count;
    int width, precision; /* -1: none */
    unsigned longs;
    char letter;
};

static int
digits(const char **p)
{
    int value = 0;

    for (; **p >= '0' && **p <= '9'; ++*p)
        if ((value = value * 10 + **p - '0') > WIDEST)
            return WIDEST + 1;
    return value;
}

/* Reads from behind '%'; the text behind the conversion, or NULL. */
static const char *
read_conversion(const char *p, struct conversion *out)
{
    out->flags = p;
    p += strspn(p, "-+ #0'");
    out->flag_count = (unsigned)(p - out->flags);
    out->width = *p >= '1' && *p <= '9' ? digits(&p) : -1;
    out->precision = -1;
    if (*p == '.') {
        p++;
        out->precision = digits(&p);
    }
    for (out->longs = 0; *p == 'l'; p++)
        out->longs++;
    out->letter = *p;
    if (*p == '\0' || strchr("duoxXf", *p) == NULL || out->longs > 2 || (*p == 'f' && out->longs > 1) ||
        out->width > WIDEST || out->precision > WIDEST || out->flag_count > 6)
        return NULL;
    return p + 1;
}

static size_t
write_number(const struct conversion *c, id number, char *to, size_t room)
{
    char how[48], width[12] = "", precision[12] = "";
    int64_t integer = 0;
    double real = 0;

    if (c->width >= 0)
        snprintf(width, sizeof width, "%d", c->width);
    if (c->precision >= 0)
        snprintf(precision, sizeof precision, ".%d", c->precision);
    snprintf(how, sizeof how, "%%%.*s%s%s%s%c", (int)c->flag_count, c->flags, width, precision,
             c->letter == 'f' ? "" : "ll", c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (c->letter == 'f') {
        mn_unbox_double(number, &real);
        return (size_t)snprintf(to, room, how, real);
    }
    mn_unbox_integer(number, &integer);
    if (c->longs == 0)
        integer = c->letter == 'd' ? (int64_t)(int)integer : (int64_t)(unsigned)integer;
    return (size_t)snprintf(to, room, how, (long long)integer);
#pragma GCC diagnostic pop
}

id
mn_own_fmt_num(id format, id number)
{
    const char *text = text_of(format, "UTF8String"), *p;
    struct conversion c;
    char out[2048];
    size_t length = 0;
    bool done = false;

    for (p = text; p != NULL && *p != '\0' && length < sizeof out - 1000;) {
        if (p[0] == '%' && p[1] == '%') {
            out[length++] = '%';
            p += 2;
        } else if (*p != '%') {
            out[length++] = *p++;
        } else {
            if (done || (p = read_conversion(p + 1, &c)) == NULL)
                refuse(text);
            length += write_number(&c, number, out + length, sizeof out - length);
            done = true;
        }
    }
    if (!done || *p != '\0')
        refuse(text);
    out[length] = '\0';
    return mn_box_text(out);
}
