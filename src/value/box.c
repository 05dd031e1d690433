/* SPDX-License-Identifier: MIT */
/* Boxing by messages to Foundation's classes, looked up by name: the core links no Foundation. */
#include "value/box.h"

#include "abi/encoding.h"
#include "base/alloc.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/own.h"

#include <string.h>

enum { UTF8 = 4, LATIN1 = 5 }; /* NSUTF8StringEncoding, NSISOLatin1StringEncoding */

/* The receiver's method cast to a C function type: METHOD(id (*)(id, SEL), object, sel)(object, sel) */
#define METHOD(type, receiver, sel) ((type)(void (*)(void))mn_lookup((id)(receiver), (sel)))

static id
number(const char *name, uint64_t bits, enum mn_kind kind)
{
    Class cls = mn_class_named("NSNumber");
    SEL sel = mn_selector(name);
    double d;
    float f;

    if (cls == Nil)
        return nil;
    if (kind == MN_DOUBLE) {
        memcpy(&d, &bits, sizeof d);
        return METHOD(id(*)(id, SEL, double), cls, sel)((id)cls, sel, d);
    }
    if (kind == MN_FLOAT) {
        memcpy(&f, &bits, sizeof f);
        return METHOD(id(*)(id, SEL, float), cls, sel)((id)cls, sel, f);
    }
    return METHOD(id(*)(id, SEL, uint64_t), cls, sel)((id)cls, sel, bits);
}

id
mn_box_scalar(enum mn_kind kind, uint64_t bits)
{
    static const char *const names[MN_KIND_COUNT] = {
        [MN_BOOL] = "numberWithBool:",
        [MN_CHAR] = "numberWithChar:",
        [MN_UCHAR] = "numberWithUnsignedChar:",
        [MN_SHORT] = "numberWithShort:",
        [MN_USHORT] = "numberWithUnsignedShort:",
        [MN_INT] = "numberWithInt:",
        [MN_UINT] = "numberWithUnsignedInt:",
        [MN_LONG] = "numberWithLong:",
        [MN_ULONG] = "numberWithUnsignedLong:",
        [MN_LLONG] = "numberWithLongLong:",
        [MN_ULLONG] = "numberWithUnsignedLongLong:",
        [MN_FLOAT] = "numberWithFloat:",
        [MN_DOUBLE] = "numberWithDouble:",
    };

    return names[kind] == NULL ? nil : number(names[kind], bits, kind);
}

id
mn_string_new(const char *utf8, size_t length)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    Class cls = mn_class_named("NSString");
    SEL alloc = mn_selector("alloc"), init = mn_selector("initWithBytes:length:encoding:");
    id string;

    mn_own_sends_begin(&own);
    if (cls == Nil)
        return nil;
    for (unsigned encoding = UTF8; encoding <= LATIN1; encoding++) {
        string = METHOD(id(*)(id, SEL), cls, alloc)((id)cls, alloc);
        string = METHOD(id(*)(id, SEL, const void *, size_t, unsigned long), string, init)(string, init, utf8,
                                                                                           length, encoding);
        if (string != nil)
            return string;
    }
    return nil;
}

id
mn_box_text(const char *text)
{
    return text == NULL ? nil : mn_autorelease(mn_string_new(text, strlen(text)));
}

id
mn_box_bytes(const void *value, const char *encoding)
{
    Class cls = mn_class_named("NSValue");
    SEL sel = mn_selector("valueWithBytes:objCType:");

    if (cls == Nil)
        return nil;
    return METHOD(id(*)(id, SEL, const void *, const char *), cls, sel)((id)cls, sel, value, encoding);
}

id
mn_box_array(const id *items, size_t count)
{
    Class cls = mn_class_named("NSArray");
    SEL sel = mn_selector("arrayWithObjects:count:");

    if (cls == Nil)
        return nil;
    return METHOD(id(*)(id, SEL, const id *, size_t), cls, sel)((id)cls, sel, items, count);
}

/*
 * The last of equal keys wins, so pairs are handed over last first: Foundation keeps the first it is given or
 * the last, depending on version; a mutable dictionary filled in order is the same everywhere.
 */
id
mn_box_dictionary(const id *pairs, size_t count)
{
    Class cls = mn_class_named("NSMutableDictionary"), fixed = mn_class_named("NSDictionary");
    SEL make = mn_selector("dictionaryWithCapacity:"), set = mn_selector("setObject:forKey:");
    SEL copy = mn_selector("dictionaryWithDictionary:");
    id dictionary;

    if (cls == Nil)
        return nil;
    dictionary = METHOD(id(*)(id, SEL, size_t), cls, make)((id)cls, make, count / 2);
    for (size_t i = 0; i + 1 < count; i += 2)
        METHOD(void (*)(id, SEL, id, id), dictionary, set)(dictionary, set, pairs[i + 1], pairs[i]);
    return METHOD(id(*)(id, SEL, id), fixed, copy)((id)fixed, copy, dictionary);
}

bool
mn_unbox_integer(id object, int64_t *value)
{
    SEL sel = mn_selector("longLongValue");

    if (object == nil || !mn_method_find(mn_object_class(object), sel, NULL))
        return false;
    *value = METHOD(long long (*)(id, SEL), object, sel)(object, sel);
    return true;
}

bool
mn_unbox_double(id object, double *value)
{
    SEL sel = mn_selector("doubleValue");

    if (object == nil || !mn_method_find(mn_object_class(object), sel, NULL))
        return false;
    *value = METHOD(double (*)(id, SEL), object, sel)(object, sel);
    return true;
}

/* GNUstep 1.28 copies only half of a range in -getValue:. */
static bool
unbox_range(id object, const struct mn_type *type, void *value)
{
    struct range {
        unsigned long location, length;
    } range;
    SEL sel = mn_selector("rangeValue");

    if (type->kind != MN_STRUCT || type->size != sizeof range || type->name == NULL ||
        strcmp(type->name, "_NSRange") != 0 || !mn_method_find(mn_object_class(object), sel, NULL))
        return false;
    range = METHOD(struct range(*)(id, SEL), object, sel)(object, sel);
    memcpy(value, &range, sizeof range);
    return true;
}

bool
mn_unbox_bytes(id object, const struct mn_type *type, void *value)
{
    SEL get = mn_selector("getValue:"), kind = mn_selector("objCType");
    const struct mn_type *held;
    const char *encoding;

    if (object == nil || !mn_method_find(mn_object_class(object), get, NULL) ||
        !mn_method_find(mn_object_class(object), kind, NULL))
        return false;
    encoding = METHOD(const char *(*)(id, SEL), object, kind)(object, kind);
    if (encoding == NULL || mn_type_get(encoding, &held, NULL) != MEND_OK || held->size != type->size)
        return false;
    if (unbox_range(object, held, value))
        return true;
    METHOD(void (*)(id, SEL, void *), object, get)(object, get, value);
    return true;
}
