/* SPDX-License-Identifier: MIT */
#include "js/convert.h"

#include "js/block.h"
#include "js/face.h"
#include "js/message.h"
#include "js/ref.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"

#include <stdlib.h>

/* ---- What a call keeps ---- */

static void *
keep(struct mn_js_temporaries *t, void *thing, int what)
{
    if (t->items == NULL)
        t->items = t->inline_items;
    if (t->count == t->capacity) {
        struct mn_js_temporary *more = mn_malloc(2 * t->capacity * sizeof *more);

        if (more == NULL)
            return NULL;
        memcpy(more, t->items, t->count * sizeof *more);
        if (t->items != t->inline_items)
            mn_free(t->items);
        t->items = more;
        t->capacity *= 2;
    }
    t->items[t->count].thing = thing;
    t->items[t->count++].what = what;
    return thing;
}

void
mn_js_temporaries_fini(struct mn_js_temporaries *t)
{
    for (size_t i = t->count; i-- > 0;) {
        if (t->items[i].what == MN_JS_A_OBJECT)
            mn_release(t->items[i].thing);
        else if (t->items[i].what == MN_JS_A_BLOCK)
            mn_block_release(t->items[i].thing);
        else
            mn_free(t->items[i].thing);
    }
    if (t->items != t->inline_items)
        mn_free(t->items);
    t->count = 0;
    t->items = NULL;
}

bool
mn_js_keep_object(struct mn_js_temporaries *temporaries, id object)
{
    bool block = object != nil && mn_object_is_block(object);

    if (object == nil || keep(temporaries, object, block ? MN_JS_A_BLOCK : MN_JS_A_OBJECT) != NULL)
        return true;
    mn_release(object);
    return false;
}

void *
mn_js_keep_memory(struct mn_js_temporaries *temporaries, size_t size)
{
    void *memory = mn_calloc(1, size);

    if (memory != NULL && keep(temporaries, memory, MN_JS_A_MEMORY) == NULL) {
        mn_free(memory);
        memory = NULL;
    }
    return memory;
}

/* ---- Objects to values ---- */

_Thread_local bool mn_js_keep_numbers;

char *
mn_js_text_of(id string)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    const char *utf8;

    mn_own_sends_begin(&own);
    utf8 = MN_JS_SEND0(const char *, string, "UTF8String");
    return mn_strdup(utf8 != NULL ? utf8 : "");
}

static JSValueRef
from_string(JSContextRef context, id string)
{
    size_t length = MN_JS_SEND0(unsigned long, string, "length");
    struct range {
        unsigned long location, length;
    } all = {0, length};
    JSChar few[128], *characters = length <= 128 ? few : mn_malloc(length * sizeof *characters);
    JSStringRef copy;
    JSValueRef value;

    if (characters == NULL)
        return mn_js_make_nil(context);
    MN_JS_SEND2(void, string, "getCharacters:range:", JSChar *, characters, struct range, all);
    copy = JSStringCreateWithCharacters(characters, length);
    value = JSValueMakeString(context, copy);
    JSStringRelease(copy);
    if (characters != few)
        mn_free(characters);
    return value;
}

static bool
is_boolean(id number)
{
    static id yes, no;

    if (yes == nil) {
        no = MN_JS_SEND1(id, mn_js.NSNumber, "numberWithBool:", BOOL, 0);
        yes = MN_JS_SEND1(id, mn_js.NSNumber, "numberWithBool:", BOOL, 1);
    }
    return number == yes || number == no;
}

static JSValueRef
from_number(JSContextRef context, id number)
{
    if (mn_js.number_strings) {
        id text = MN_JS_SEND0(id, number, "stringValue");

        return from_string(context, text);
    }
    if (is_boolean(number))
        return mn_js_make_bool(context, MN_JS_SEND0(BOOL, number, "boolValue") != 0);
    return mn_js_make_double(context, MN_JS_SEND0(double, number, "doubleValue"));
}

bool
mn_js_has_deep(id object)
{
    return mn_js_is_kind(object, mn_js.NSString) || mn_js_is_kind(object, mn_js.NSArray) ||
           mn_js_is_kind(object, mn_js.NSDictionary) || mn_js_is_kind(object, mn_js.NSDate);
}

JSValueRef
mn_js_from_object(JSContextRef context, id object, bool owned)
{
    JSValueRef value;

    if (object == nil)
        return mn_js_make_nil(context);
    if (mn_object_is_block(object)) {
        value = mn_js_wrap_block(context, object);
        if (owned)
            mn_block_release(object);
        return value;
    }
    if ((value = mn_js_face_value(object)) != NULL) {
        /* what the application made for scripts */
    } else if (!mn_js_keep_numbers && mn_js_is_kind(object, mn_js.NSNumber)) {
        value = from_number(context, object);
    } else if (mn_js.auto_convert && mn_js_has_deep(object)) {
        value = mn_js_unwrap_deep(context, object, NULL);
    } else {
        return owned ? mn_js_wrap_take(context, object) : mn_js_wrap(context, object);
    }
    if (owned)
        mn_release(object);
    return value;
}

static JSValueRef
deep_array(JSContextRef context, id array, JSValueRef *exception)
{
    unsigned long count = MN_JS_SEND0(unsigned long, array, "count");
    JSObjectRef out = JSObjectMakeArray(context, 0, NULL, exception);

    for (unsigned long i = 0; i < count; i++) {
        id item = MN_JS_SEND1(id, array, "objectAtIndex:", unsigned long, i);

        JSObjectSetPropertyAtIndex(context, out, (unsigned)i, mn_js_unwrap_deep(context, item, exception), exception);
    }
    return out;
}

static JSValueRef
deep_dictionary(JSContextRef context, id dictionary, JSValueRef *exception)
{
    id keys = MN_JS_SEND0(id, dictionary, "allKeys");
    unsigned long count = MN_JS_SEND0(unsigned long, keys, "count");
    JSObjectRef out = JSObjectMake(context, NULL, NULL);

    for (unsigned long i = 0; i < count; i++) {
        id key = MN_JS_SEND1(id, keys, "objectAtIndex:", unsigned long, i);
        id item = MN_JS_SEND1(id, dictionary, "objectForKey:", id, key);
        char *name = mn_js_text_of(mn_js_is_kind(key, mn_js.NSString) ? key : MN_JS_SEND0(id, key, "description"));

        if (name != NULL)
            mn_js_set(context, out, name, mn_js_unwrap_deep(context, item, exception), false, exception);
        mn_free(name);
    }
    return out;
}

JSValueRef
mn_js_unwrap_deep(JSContextRef context, id object, JSValueRef *exception)
{
    if (mn_js_is_kind(object, mn_js.NSString))
        return from_string(context, object);
    if (mn_js_is_kind(object, mn_js.NSArray))
        return deep_array(context, object, exception);
    if (mn_js_is_kind(object, mn_js.NSDictionary))
        return deep_dictionary(context, object, exception);
    if (mn_js_is_kind(object, mn_js.NSDate)) {
        JSValueRef when = mn_js_make_double(context, 1000 * MN_JS_SEND0(double, object, "timeIntervalSince1970"));

        return JSObjectMakeDate(context, 1, &when, exception);
    }
    return mn_js_from_object(context, object, false);
}

/* ---- Values to objects ---- */

static id
to_string(JSContextRef context, JSValueRef value)
{
    JSStringRef string = JSValueToStringCopy(context, value, NULL);
    id made;

    if (string == NULL)
        return nil;
    made = MN_JS_SEND0(id, mn_js.NSString, "alloc");
    made = MN_JS_SEND2(id, made, "initWithCharacters:length:", const JSChar *, JSStringGetCharactersPtr(string),
                       unsigned long, JSStringGetLength(string));
    JSStringRelease(string);
    return made;
}

enum { DEPTH_MAX = 512 };
static _Thread_local unsigned depth;

/* Inside collections NSNull stands for what is nothing. */
static bool
to_element(JSContextRef context, JSValueRef value, id *out, struct mn_js_temporaries *temporaries,
           JSValueRef *exception)
{
    bool good;

    *out = nil;
    if (mn_js_type_of(context, value) == MN_JS_BOOLEAN) {
        *out = MN_JS_SEND1(id, mn_js.NSNumber, "numberWithBool:", BOOL, mn_js_true(context, value));
        return true;
    }
    if (depth >= DEPTH_MAX) {
        mn_js_throw(context, exception, "an array or object is nested too deeply, or contains itself");
        return false;
    }
    depth++;
    good = mn_js_to_object(context, value, out, temporaries, exception);
    depth--;
    if (good && *out == nil)
        *out = MN_JS_SEND0(id, mn_js.NSNull, "null");
    return good;
}

static bool
to_array(JSContextRef context, JSObjectRef from, id *out, struct mn_js_temporaries *temporaries, JSValueRef *exception)
{
    JSValueRef length = mn_js_get(context, from, "length", exception);
    double count = length != NULL ? JSValueToNumber(context, length, exception) : 0;
    id array = MN_JS_SEND0(id, mn_js.NSMutableArray, "new");

    if (!mn_js_keep_object(temporaries, array))
        return false;
    for (unsigned i = 0; i < count; i++) {
        JSValueRef item = JSObjectGetPropertyAtIndex(context, from, i, exception);
        id object;

        if (item == NULL || *exception != NULL || !to_element(context, item, &object, temporaries, exception))
            return false;
        MN_JS_SEND1(void, array, "addObject:", id, object);
    }
    *out = array;
    return true;
}

static bool
to_dictionary(JSContextRef context, JSObjectRef from, id *out, struct mn_js_temporaries *temporaries,
              JSValueRef *exception)
{
    JSPropertyNameArrayRef names = JSObjectCopyPropertyNames(context, from);
    size_t count = JSPropertyNameArrayGetCount(names);
    id dictionary = MN_JS_SEND0(id, mn_js.NSMutableDictionary, "new");
    bool good = mn_js_keep_object(temporaries, dictionary);

    for (size_t i = 0; good && i < count; i++) {
        JSStringRef name = JSPropertyNameArrayGetNameAtIndex(names, i);
        JSValueRef item = JSObjectGetProperty(context, from, name, exception);
        id object, key;

        good = item != NULL && *exception == NULL && to_element(context, item, &object, temporaries, exception);
        if (!good)
            break;
        key = to_string(context, JSValueMakeString(context, name));
        MN_JS_SEND2(void, dictionary, "setObject:forKey:", id, object, id, key);
        mn_release(key);
    }
    JSPropertyNameArrayRelease(names);
    *out = dictionary;
    return good;
}

static bool
from_plain_object(JSContextRef context, JSObjectRef value, id *out, struct mn_js_temporaries *temporaries,
                  JSValueRef *exception)
{
    JSValueRef none = NULL;

    if (exception == NULL)
        exception = &none;
    if (JSValueIsArray(context, value))
        return to_array(context, value, out, temporaries, exception);
    if (JSValueIsDate(context, value)) {
        double when = JSValueToNumber(context, value, exception) / 1000;

        *out = MN_JS_SEND0(id, mn_js.NSDate, "alloc");
        *out = MN_JS_SEND1(id, *out, "initWithTimeIntervalSince1970:", double, when);
        return mn_js_keep_object(temporaries, *out);
    }
    if (JSObjectIsFunction(context, value)) {
        mn_js_throw(context, exception, "a function is no object: wrap it in block(…)");
        return false;
    }
    return to_dictionary(context, value, out, temporaries, exception);
}

static bool
from_ref(JSContextRef context, struct mn_js_ref *ref, id *out, struct mn_js_temporaries *temporaries,
         JSValueRef *exception)
{
    if (ref->head.kind == MN_JS_REF_MADE) {
        if (!mn_js_block_make(context, ref, out, exception))
            return false;
        return mn_js_keep_object(temporaries, *out);
    }
    if (ref->head.kind == MN_JS_REF_POINTER) {
        *out = ref->pointer;
        return true;
    }
    *out = mn_js_ref_object(ref);
    if (ref->head.kind == MN_JS_REF_CLASS || (ref->head.kind == MN_JS_REF_WEAK && ref->raw))
        return true;
    return mn_js_keep_object(temporaries, *out);
}

bool
mn_js_to_object(JSContextRef context, JSValueRef value, id *out, struct mn_js_temporaries *temporaries,
                JSValueRef *exception)
{
    struct mn_js_ref *ref;

    *out = nil;
    switch (mn_js_type_of(context, value)) {
    case MN_JS_NOTHING:
        return true;
    case MN_JS_BOOLEAN:
        if (mn_js_true(context, value))
            *out = MN_JS_SEND1(id, mn_js.NSNumber, "numberWithBool:", BOOL, 1);
        return true;
    case MN_JS_NUMBER:
        *out = MN_JS_SEND0(id, mn_js.NSNumber, "alloc");
        *out = MN_JS_SEND1(id, *out, "initWithDouble:", double, mn_js_double(context, value));
        return mn_js_keep_object(temporaries, *out);
    case MN_JS_STRING:
        *out = to_string(context, value);
        return mn_js_keep_object(temporaries, *out);
    case MN_JS_OBJECT:
        if ((ref = mn_js_ref_of(context, value)) != NULL)
            return from_ref(context, ref, out, temporaries, exception);
        return from_plain_object(context, (JSObjectRef)value, out, temporaries, exception);
    default: /* a symbol or a big integer */
        *out = to_string(context, value);
        return mn_js_keep_object(temporaries, *out);
    }
}

/* ---- By type ---- */

#define READ(ctype)                                                                                          \
    ({                                                                                                       \
        ctype read_;                                                                                         \
        memcpy(&read_, value, sizeof read_);                                                                 \
        read_;                                                                                               \
    })

static JSValueRef
from_selector(JSContextRef context, SEL sel)
{
    const char *name = mn_selector_name(sel);

    return name == NULL ? mn_js_make_nil(context) : mn_js_wrap_take(context, mn_string_new(name, strlen(name)));
}

JSValueRef
mn_js_from_native(JSContextRef context, const struct mn_type *type, const void *value, bool owned)
{
    switch (type->kind) {
    case MN_VOID:
        return mn_js_make_nil(context);
    case MN_CHAR:
        return mn_js_make_int(context, READ(signed char));
    case MN_UCHAR:
        return mn_js_make_int(context, READ(unsigned char));
    case MN_SHORT:
        return mn_js_make_int(context, READ(short));
    case MN_USHORT:
        return mn_js_make_int(context, READ(unsigned short));
    case MN_INT:
        return mn_js_make_int(context, READ(int));
    case MN_UINT:
        return mn_js_make_int(context, READ(unsigned));
    case MN_LONG:
    case MN_LLONG:
        return mn_js_make_int(context, READ(int64_t));
    case MN_ULONG:
    case MN_ULLONG:
        return mn_js_make_double(context, (double)READ(uint64_t));
    case MN_INT128:
        return mn_js_make_double(context, (double)READ(__int128));
    case MN_UINT128:
        return mn_js_make_double(context, (double)READ(unsigned __int128));
    case MN_FLOAT:
        return mn_js_make_double(context, (double)READ(float));
    case MN_DOUBLE:
        return mn_js_make_double(context, READ(double));
    case MN_LDOUBLE:
        return mn_js_make_double(context, (double)READ(long double));
    case MN_BOOL:
        return mn_js_make_bool(context, READ(bool));
    case MN_OBJECT:
    case MN_BLOCK:
        return mn_js_from_object(context, READ(id), owned);
    case MN_CLASS:
        return READ(Class) == Nil ? mn_js_make_nil(context)
                                  : mn_js_wrap_class(context, mn_class_name(READ(Class)));
    case MN_SELECTOR:
        return from_selector(context, READ(SEL));
    case MN_STRUCT:
    case MN_ARRAY:
        return mn_js_from_structure(context, type, value);
    case MN_STRING:
    case MN_ATOM:
    case MN_POINTER:
        return mn_js_wrap_pointer(context, READ(void *));
    default: { /* a union, a vector, a complex number: its bytes */
        JSObjectRef bytes = JSObjectMakeArray(context, 0, NULL, NULL);

        for (size_t i = 0; i < type->size; i++)
            JSObjectSetPropertyAtIndex(context, bytes, (unsigned)i,
                                       mn_js_make_int(context, ((const unsigned char *)value)[i]), NULL);
        return bytes;
    }
    }
}

/* What a number, or what holds one, is as a scalar. */
static bool
to_number(JSContextRef context, JSValueRef value, double *number, long long *exact, JSValueRef *exception)
{
    struct mn_js_ref *ref;
    id object;

    *exact = 0;
    switch (mn_js_type_of(context, value)) {
    case MN_JS_NUMBER:
        *number = mn_js_double(context, value);
        break;
    case MN_JS_BOOLEAN:
        *number = mn_js_true(context, value);
        break;
    case MN_JS_NOTHING:
        *number = 0;
        break;
    case MN_JS_STRING: {
        char *text = mn_js_copy_text(context, value, exception);

        *number = text == NULL ? 0 : strchr("YyTt", text[0]) != NULL && text[0] != '\0' ? 1 : strtod(text, NULL);
        mn_free(text);
        break;
    }
    default:
        ref = mn_js_ref_of(context, value);
        if (ref == NULL || (object = mn_js_ref_object(ref)) == nil ||
            !(mn_js_is_kind(object, mn_js.NSString) || mn_js_is_kind(object, mn_js.NSNumber))) {
            if (mn_js_type_of(context, value) == MN_JS_OTHER) { /* a big integer keeps its 64 bits */
                char *text = mn_js_copy_text(context, value, exception);

                *exact = text != NULL ? (long long)strtoull(text, NULL, 10) : 0;
                if (text != NULL && text[0] == '-')
                    *exact = strtoll(text, NULL, 10);
                *number = (double)*exact;
                mn_free(text);
                return true;
            }
            mn_js_throw(context, exception, "a number is expected here");
            return false;
        }
        *number = MN_JS_SEND0(double, object, "doubleValue");
        mn_release(object);
    }
    if (*number != *number)
        *number = 0;
    *exact = *number >= 9223372036854775808.0  ? (long long)(*number >= 18446744073709551616.0 ? UINT64_MAX
                                                                                               : (uint64_t)*number)
             : *number <= -9223372036854775808.0 ? INT64_MIN
                                                 : (long long)*number;
    return true;
}

static bool
to_scalar(JSContextRef context, JSValueRef value, const struct mn_type *type, void *out, JSValueRef *exception)
{
    double number;
    long long exact;

    if (!to_number(context, value, &number, &exact, exception))
        return false;
    switch (type->kind) {
    case MN_FLOAT: {
        float f = (float)number;

        memcpy(out, &f, sizeof f);
        return true;
    }
    case MN_DOUBLE:
        memcpy(out, &number, sizeof number);
        return true;
    case MN_LDOUBLE: {
        long double wide = number;

        memcpy(out, &wide, sizeof wide);
        return true;
    }
    case MN_BOOL:
        *(bool *)out = number != 0;
        return true;
    case MN_INT128:
    case MN_UINT128: {
        __int128 wide = exact;

        memcpy(out, &wide, sizeof wide);
        return true;
    }
    default:
        memcpy(out, &exact, type->size); /* little end first on every CPU of ours: the low bytes */
        return true;
    }
}

static bool
to_selector(JSContextRef context, JSValueRef value, SEL *out, JSValueRef *exception)
{
    struct mn_js_ref *ref = mn_js_ref_of(context, value);
    char *name = NULL;

    if (mn_js_type_of(context, value) == MN_JS_STRING) {
        name = mn_js_copy_text(context, value, exception);
    } else if (ref != NULL) {
        id object = mn_js_ref_object(ref);

        if (mn_js_is_kind(object, mn_js.NSString))
            name = mn_js_text_of(object);
        if (ref->head.kind != MN_JS_REF_CLASS)
            mn_release(object);
    }
    *out = name != NULL && name[0] != '\0' ? mn_selector(name) : NULL;
    mn_free(name);
    return true;
}

/* Pointers, wrapped objects by their address, texts and typed arrays by their bytes. */
static bool
to_pointer(JSContextRef context, JSValueRef value, const struct mn_type *type, void **out,
           struct mn_js_temporaries *temporaries, JSValueRef *exception)
{
    struct mn_js_ref *ref;

    *out = NULL;
    switch (mn_js_type_of(context, value)) {
    case MN_JS_NUMBER:
        *out = (void *)(intptr_t)mn_js_double(context, value);
        return true;
    case MN_JS_STRING: {
        char *text = mn_js_copy_text(context, value, exception);
        size_t size = text != NULL ? strlen(text) + 1 : 0;

        if (text != NULL && (*out = mn_js_keep_memory(temporaries, size)) != NULL)
            memcpy(*out, text, size);
        mn_free(text);
        return true;
    }
    case MN_JS_OBJECT:
        if ((ref = mn_js_ref_of(context, value)) == NULL) {
            if (JSValueGetTypedArrayType(context, value, NULL) != kJSTypedArrayTypeNone)
                *out = JSObjectGetTypedArrayBytesPtr(context, (JSObjectRef)value, exception);
            return true;
        }
        if (ref->head.kind == MN_JS_REF_POINTER) {
            *out = ref->pointer;
        } else if (mn_js_is_kind(ref->object, mn_js.NSString) &&
                   (type->kind == MN_STRING || (type->of != NULL && type->of->kind == MN_CHAR))) {
            *out = (void *)MN_JS_SEND0(const char *, ref->object, "UTF8String");
        } else {
            id object;

            if (!mn_js_to_object(context, value, &object, temporaries, exception))
                return false;
            *out = object;
        }
        return true;
    default:
        return true;
    }
}

static bool
to_block(JSContextRef context, JSValueRef value, const struct mn_type *type, id *out,
         struct mn_js_temporaries *temporaries, JSValueRef *exception)
{
    if (mn_js_type_of(context, value) == MN_JS_OBJECT && mn_js_ref_of(context, value) == NULL &&
        JSObjectIsFunction(context, (JSObjectRef)value)) {
        if (!mn_js_block_of_function(context, (JSObjectRef)value, type, out, exception))
            return false;
        return mn_js_keep_object(temporaries, *out);
    }
    return mn_js_to_object(context, value, out, temporaries, exception);
}

bool
mn_js_to_native(JSContextRef context, JSValueRef value, const struct mn_type *type, void *out,
                struct mn_js_temporaries *temporaries, JSValueRef *exception)
{
    memset(out, 0, type->size);
    switch (type->kind) {
    case MN_VOID:
        return true;
    case MN_OBJECT:
        return mn_js_to_object(context, value, out, temporaries, exception);
    case MN_BLOCK:
        return to_block(context, value, type, out, temporaries, exception);
    case MN_CLASS: {
        id object;

        if (!mn_js_to_object(context, value, &object, temporaries, exception))
            return false;
        if (object != nil && !mn_object_is_class(object)) {
            mn_js_throw(context, exception, "a class is expected here");
            return false;
        }
        memcpy(out, &object, sizeof object);
        return true;
    }
    case MN_SELECTOR:
        return to_selector(context, value, out, exception);
    case MN_STRING:
    case MN_ATOM:
    case MN_POINTER:
        return to_pointer(context, value, type, out, temporaries, exception);
    case MN_STRUCT:
    case MN_ARRAY:
        return mn_js_to_structure(context, value, type, out, temporaries, exception);
    case MN_UNION:
    case MN_VECTOR:
    case MN_COMPLEX:
        for (size_t i = 0; i < type->size && mn_js_type_of(context, value) == MN_JS_OBJECT; i++) {
            JSValueRef byte = JSObjectGetPropertyAtIndex(context, (JSObjectRef)value, (unsigned)i, exception);

            if (byte != NULL && mn_js_type_of(context, byte) == MN_JS_NUMBER)
                ((unsigned char *)out)[i] = (unsigned char)mn_js_double(context, byte);
        }
        return true;
    default:
        if (mn_js_is_int(value) && type->kind == MN_INT) {
            *(int *)out = (int)(uint32_t)(uint64_t)value;
            return true;
        }
        return to_scalar(context, value, type, out, exception);
    }
}
