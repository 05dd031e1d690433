/* SPDX-License-Identifier: MIT */
/*
 * Apple's rules, not scripts': strings, numbers, dates and collections become JavaScript's own, nil is undefined, NSNull
 * is null; any other object is a wrapper, on which scripts call methods as on all others.
 */
#include "js/face.h"

#include "js/block.h"
#include "js/class.h"
#include "js/convert.h"
#include "js/gate.h"
#include "js/message.h"
#include "js/ref.h"
#include "js/scan.h"

static Class value_class; /* both are set once, before any value is made */
static id (*make_object)(mn_script_value value);
static _Thread_local struct mn_js_current *current;

enum { DEPTH_MAX = 512 };

#define ENTER()                                                                                              \
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;                                                         \
    mn_js_enter(&entry)

/* ---- Holding ---- */

static mn_script_value
hold(mn_script_value value)
{
    if (value != NULL)
        JSValueProtect(mn_js.context, value);
    return value;
}

static void
let_go(mn_script_value value)
{
    if (value != NULL)
        JSValueUnprotect(mn_js.context, value);
}

/* What a function returns: held, or NULL with what was thrown held. */
static mn_script_value
give(JSValueRef value, JSValueRef exception, mn_script_value *thrown)
{
    if (thrown != NULL)
        *thrown = hold(exception);
    return exception != NULL ? NULL : hold(value);
}

static void
open(Class cls, id (*make)(mn_script_value value))
{
    make_object = make;
    __atomic_store_n(&value_class, cls, __ATOMIC_RELEASE);
}

JSValueRef
mn_js_face_value(id object)
{
    Class cls = __atomic_load_n(&value_class, __ATOMIC_ACQUIRE);

    if (cls == Nil || object == nil || mn_object_class(object) != cls)
        return NULL;
    return MN_JS_SEND0(JSValueRef, object, "mendValue");
}

/* ---- Objects to values ---- */

static JSValueRef of_object_at(JSContextRef context, id object, unsigned depth, JSValueRef *exception);

static JSValueRef
of_array(JSContextRef context, id array, unsigned depth, JSValueRef *exception)
{
    unsigned long count = MN_JS_SEND0(unsigned long, array, "count");
    JSObjectRef out = JSObjectMakeArray(context, 0, NULL, exception);

    for (unsigned long i = 0; i < count; i++) {
        id item = MN_JS_SEND1(id, array, "objectAtIndex:", unsigned long, i);

        JSObjectSetPropertyAtIndex(context, out, (unsigned)i, of_object_at(context, item, depth + 1, exception), exception);
    }
    return out;
}

static JSValueRef
of_dictionary(JSContextRef context, id dictionary, unsigned depth, JSValueRef *exception)
{
    id keys = MN_JS_SEND0(id, dictionary, "allKeys");
    unsigned long count = MN_JS_SEND0(unsigned long, keys, "count");
    JSObjectRef out = JSObjectMake(context, NULL, NULL);

    for (unsigned long i = 0; i < count; i++) {
        id key = MN_JS_SEND1(id, keys, "objectAtIndex:", unsigned long, i);
        id item = MN_JS_SEND1(id, dictionary, "objectForKey:", id, key);
        char *name = mn_js_text_of(MN_JS_SEND0(id, key, "description"));

        if (name != NULL)
            mn_js_set(context, out, name, of_object_at(context, item, depth + 1, exception), false, exception);
        mn_free(name);
    }
    return out;
}

static JSValueRef
of_block(JSContextRef context, id block)
{
    JSValueRef function = mn_js_wrap_block(context, block);
    struct mn_js_ref *ref = mn_js_ref_of(context, function);

    if (ref != NULL && ref->head.kind == MN_JS_REF_BLOCK)
        ref->face = true;
    return function;
}

static JSValueRef
of_object_at(JSContextRef context, id object, unsigned depth, JSValueRef *exception)
{
    JSValueRef value;

    if (object == nil || depth > DEPTH_MAX)
        return mn_js_make_undefined(context);
    if ((value = mn_js_face_value(object)) != NULL)
        return value;
    if (mn_object_is_block(object))
        return of_block(context, object);
    if (mn_js_is_kind(object, mn_js.NSNull))
        return JSValueMakeNull(context);
    if (mn_js_is_kind(object, mn_js.NSArray))
        return of_array(context, object, depth, exception);
    if (mn_js_is_kind(object, mn_js.NSDictionary))
        return of_dictionary(context, object, depth, exception);
    return mn_js_unwrap_deep(context, object, exception);
}

static mn_script_value
of_object(id object)
{
    JSValueRef exception = NULL;
    ENTER();

    return give(of_object_at(mn_js.context, object, 0, &exception), NULL, NULL);
}

static mn_script_value
of_wrapped(id object)
{
    ENTER();
    return hold(mn_js_from_object(mn_js.context, object, false));
}

static mn_script_value
of_number(double number)
{
    return hold(JSValueMakeNumber(mn_js.context, number));
}

static mn_script_value
of_bool(bool value)
{
    return hold(JSValueMakeBoolean(mn_js.context, value));
}

static mn_script_value
of_kind(enum mn_script_kind kind)
{
    ENTER();
    if (kind == MN_SCRIPT_NULL)
        return hold(JSValueMakeNull(mn_js.context));
    if (kind == MN_SCRIPT_OBJECT)
        return hold(JSObjectMake(mn_js.context, NULL, NULL));
    if (kind == MN_SCRIPT_ARRAY)
        return hold(JSObjectMakeArray(mn_js.context, 0, NULL, NULL));
    return hold(JSValueMakeUndefined(mn_js.context));
}

static mn_script_value
of_error(const char *message)
{
    JSValueRef error = NULL;
    ENTER();

    mn_js_throw(mn_js.context, &error, "%s", message);
    return hold(error);
}

static mn_script_value
of_pointer(void *pointer)
{
    ENTER();
    return hold(mn_js_wrap_pointer(mn_js.context, pointer));
}

/* ---- Values to objects ---- */

static enum mn_script_kind
kind(mn_script_value value)
{
    switch (JSValueGetType(mn_js.context, value)) {
    case kJSTypeUndefined:
        return MN_SCRIPT_UNDEFINED;
    case kJSTypeNull:
        return MN_SCRIPT_NULL;
    case kJSTypeBoolean:
        return MN_SCRIPT_BOOLEAN;
    case kJSTypeNumber:
        return MN_SCRIPT_NUMBER;
    case kJSTypeString:
        return MN_SCRIPT_TEXT;
    default:
        break;
    }
    if (JSValueIsArray(mn_js.context, value))
        return MN_SCRIPT_ARRAY;
    if (JSValueIsDate(mn_js.context, value))
        return MN_SCRIPT_DATE;
    if (JSValueIsObject(mn_js.context, value) && mn_js_ref_of(mn_js.context, value) == NULL &&
        JSObjectIsFunction(mn_js.context, (JSObjectRef)value))
        return MN_SCRIPT_FUNCTION;
    return MN_SCRIPT_OBJECT;
}

static id
to_object(mn_script_value value, mn_script_value *thrown)
{
    MN_JS_TEMPORARIES(temporaries);
    JSContextRef context = mn_js.context;
    JSValueRef exception = NULL;
    id object = nil;
    ENTER();

    *thrown = NULL;
    if (JSValueIsNull(context, value))
        return MN_JS_SEND0(id, mn_js.NSNull, "null");
    if (JSValueIsBoolean(context, value))
        return MN_JS_SEND1(id, mn_js.NSNumber, "numberWithBool:", BOOL, JSValueToBoolean(context, value));
    if (!mn_js_to_object(context, value, &object, &temporaries, &exception)) {
        *thrown = hold(exception);
        return nil;
    }
    return object == nil || mn_object_is_class(object) ? object : mn_autorelease(mn_retain(object));
}

static bool
to_number(mn_script_value value, double *number, mn_script_value *thrown)
{
    JSValueRef exception = NULL;
    struct mn_js_ref *ref = mn_js_ref_of(mn_js.context, value);
    ENTER();

    if (ref != NULL && mn_js_is_kind(ref->object, mn_js.NSNumber)) {
        *number = MN_JS_SEND0(double, ref->object, "doubleValue");
        return true;
    }
    *number = JSValueToNumber(mn_js.context, value, &exception);
    *thrown = hold(exception);
    return exception == NULL;
}

static bool
to_bool(mn_script_value value)
{
    return JSValueToBoolean(mn_js.context, value);
}

static id
to_text(mn_script_value value, mn_script_value *thrown)
{
    JSValueRef exception = NULL;
    struct mn_js_ref *ref = mn_js_ref_of(mn_js.context, value);
    JSStringRef string;
    id text;
    ENTER();

    *thrown = NULL;
    if (ref != NULL && ref->object != nil && mn_js_is_kind(ref->object, mn_js.NSString))
        return mn_autorelease(mn_retain(ref->object));
    if ((string = JSValueToStringCopy(mn_js.context, value, &exception)) == NULL) {
        *thrown = hold(exception);
        return nil;
    }
    text = MN_JS_SEND0(id, mn_js.NSString, "alloc");
    text = MN_JS_SEND2(id, text, "initWithCharacters:length:", const JSChar *, JSStringGetCharactersPtr(string),
                       unsigned long, JSStringGetLength(string));
    JSStringRelease(string);
    return mn_autorelease(text);
}

static void *
to_pointer(mn_script_value value)
{
    struct mn_js_ref *ref = mn_js_ref_of(mn_js.context, value);

    return ref == NULL ? NULL : ref->head.kind == MN_JS_REF_POINTER ? ref->pointer : (void *)ref->object;
}

/* ---- Structs ---- */

static const struct mn_type *
struct_type(const char *name)
{
    const char *encoding = mn_js_structure_encoding(name);
    const struct mn_type *type = NULL;

    if (encoding != NULL)
        mn_type_get(encoding, &type, NULL);
    return type;
}

static bool
to_struct(mn_script_value value, const char *name, void *out, size_t room)
{
    MN_JS_TEMPORARIES(temporaries);
    const struct mn_type *type = struct_type(name);
    JSValueRef exception = NULL;
    ENTER();

    return type != NULL && type->size <= room &&
           mn_js_to_structure(mn_js.context, value, type, out, &temporaries, &exception);
}

static mn_script_value
of_struct(const char *name, const void *bytes)
{
    const struct mn_type *type = struct_type(name);
    ENTER();

    return type == NULL ? NULL : hold(mn_js_from_structure(mn_js.context, type, bytes));
}

/* ---- Objects of the script ---- */

static mn_script_value
global(void)
{
    return hold(mn_js.global);
}

static mn_script_value
evaluate(const char *text, size_t length, const char *file, mn_script_value *thrown)
{
    JSValueRef exception = NULL, value;
    ENTER();

    mn_js_classes_renew();
    mn_js_scan_calls(text, length);
    value = mn_js_evaluate(text, length, file, 1, &exception);
    mn_js_sweep();
    return give(value, exception, thrown);
}

static JSValueRef
key_of(id key)
{
    return mn_js_unwrap_deep(mn_js.context, key, NULL);
}

static mn_script_value
get(mn_script_value object, id key, mn_script_value *thrown)
{
    JSValueRef exception = NULL, value;
    ENTER();

    if (!JSValueIsObject(mn_js.context, object))
        return give(mn_js_make_undefined(mn_js.context), NULL, thrown);
    value = JSObjectGetPropertyForKey(mn_js.context, (JSObjectRef)object, key_of(key), &exception);
    return give(value, exception, thrown);
}

static bool
set(mn_script_value object, id key, mn_script_value value, mn_script_value *thrown)
{
    JSValueRef exception = NULL;
    ENTER();

    if (JSValueIsObject(mn_js.context, object))
        JSObjectSetPropertyForKey(mn_js.context, (JSObjectRef)object, key_of(key), value, 0, &exception);
    *thrown = hold(exception);
    return exception == NULL;
}

static bool
has(mn_script_value object, id key)
{
    ENTER();
    return JSValueIsObject(mn_js.context, object) &&
           JSObjectHasPropertyForKey(mn_js.context, (JSObjectRef)object, key_of(key), NULL);
}

static bool
remove_key(mn_script_value object, id key, mn_script_value *thrown)
{
    JSValueRef exception = NULL;
    bool gone;
    ENTER();

    gone = JSValueIsObject(mn_js.context, object) &&
           JSObjectDeletePropertyForKey(mn_js.context, (JSObjectRef)object, key_of(key), &exception);
    *thrown = hold(exception);
    return gone;
}

static mn_script_value
call(mn_script_value function, mn_script_value self, id arguments, bool construct, mn_script_value *thrown)
{
    unsigned long count = arguments != nil ? MN_JS_SEND0(unsigned long, arguments, "count") : 0;
    JSContextRef context = mn_js.context;
    JSValueRef exception = NULL, list, value, *given;
    JSObjectRef me = self != NULL && JSValueIsObject(context, self) ? (JSObjectRef)self : NULL;
    ENTER();

    if (!JSValueIsObject(context, function) || !(construct ? JSObjectIsConstructor(context, (JSObjectRef)function)
                                                           : JSObjectIsFunction(context, (JSObjectRef)function))) {
        mn_js_throw(context, &exception, "the value is not a %s", construct ? "constructor" : "function");
        return give(NULL, exception, thrown);
    }
    mn_js_classes_renew();
    if (count > 4096)
        count = 4096;
    list = JSObjectMakeArray(context, 0, NULL, &exception); /* keeps them while they are made */
    given = __builtin_alloca((count + 1) * sizeof *given);
    for (unsigned long i = 0; i < count; i++) {
        id item = MN_JS_SEND1(id, arguments, "objectAtIndex:", unsigned long, i);

        given[i] = of_object_at(context, item, 0, &exception);
        JSObjectSetPropertyAtIndex(context, (JSObjectRef)list, (unsigned)i, given[i], &exception);
    }
    value = construct ? JSObjectCallAsConstructor(context, (JSObjectRef)function, count, given, &exception)
                      : JSObjectCallAsFunction(context, (JSObjectRef)function, me, count, given, &exception);
    mn_js_sweep();
    return give(value, exception, thrown);
}

static bool
equal(mn_script_value a, mn_script_value b, bool strict)
{
    ENTER();
    return strict ? JSValueIsStrictEqual(mn_js.context, a, b) : JSValueIsEqual(mn_js.context, a, b, NULL);
}

static bool
instance_of(mn_script_value value, mn_script_value constructor)
{
    ENTER();
    return JSValueIsObject(mn_js.context, constructor) &&
           JSValueIsInstanceOfConstructor(mn_js.context, value, (JSObjectRef)constructor, NULL);
}

/* ---- Blocks as functions ---- */

void
mn_js_current_begin(struct mn_js_current *now, JSObjectRef function, JSObjectRef self, size_t count,
                    const JSValueRef *arguments)
{
    *now = (struct mn_js_current){function, self, arguments, count, NULL, current};
    current = now;
}

void
mn_js_current_end(struct mn_js_current *now)
{
    if (now->function == NULL)
        return; /* never begun */
    current = now->outer;
    let_go(now->raised);
}

static bool
now_running(mn_script_value *self, mn_script_value *function, id *arguments)
{
    ENTER();
    if (current == NULL)
        return false;
    if (self != NULL)
        *self = hold(current->self);
    if (function != NULL)
        *function = hold(current->function);
    if (arguments != NULL) {
        *arguments = mn_autorelease(MN_JS_SEND0(id, mn_js.NSMutableArray, "new"));
        for (size_t i = 0; i < current->count; i++)
            MN_JS_SEND1(void, *arguments, "addObject:", id, make_object(hold(current->arguments[i])));
    }
    return true;
}

static void
raise(mn_script_value value)
{
    if (current == NULL)
        return;
    let_go(current->raised);
    current->raised = hold(value);
}

JSValueRef
mn_js_face_argument(JSContextRef context, JSValueRef value, const struct mn_type *type)
{
    if (type->kind != MN_OBJECT || value_class == Nil)
        return value;
    if (type->name == NULL || strcmp(type->name, "JSValue") == 0)
        return mn_js_wrap(context, make_object(hold(value)));
    if (strcmp(type->name, "NSString") == 0 &&
        (JSValueIsNumber(context, value) || JSValueIsBoolean(context, value))) {
        JSStringRef text = JSValueToStringCopy(context, value, NULL);

        value = JSValueMakeString(context, text);
        JSStringRelease(text);
    }
    return value;
}

JSValueRef
mn_js_face_result(JSContextRef context, JSValueRef value, const struct mn_type *type, JSValueRef *exception)
{
    struct mn_js_ref *ref = value != NULL ? mn_js_ref_of(context, value) : NULL;

    if (value == NULL)
        return NULL;
    if (type->kind == MN_VOID || (type->kind == MN_OBJECT && ref == NULL && value == mn_js_make_nil(context)))
        return mn_js_make_undefined(context);
    if (ref == NULL || ref->head.kind != MN_JS_REF_OBJECT)
        return value;
    if (!mn_js_has_deep(ref->object) && !mn_js_is_kind(ref->object, mn_js.NSNull))
        return value;
    return of_object_at(context, ref->object, 0, exception);
}

const struct mn_script_values mn_js_values = {
    .open = open,
    .hold = hold,
    .let_go = let_go,
    .global = global,
    .evaluate = evaluate,
    .of_object = of_object,
    .of_wrapped = of_wrapped,
    .of_number = of_number,
    .of_kind = of_kind,
    .of_bool = of_bool,
    .of_error = of_error,
    .of_pointer = of_pointer,
    .kind = kind,
    .to_object = to_object,
    .to_number = to_number,
    .to_bool = to_bool,
    .to_text = to_text,
    .to_pointer = to_pointer,
    .to_struct = to_struct,
    .of_struct = of_struct,
    .get = get,
    .set = set,
    .has = has,
    .remove = remove_key,
    .call = call,
    .equal = equal,
    .instance_of = instance_of,
    .current = now_running,
    .raise = raise,
};
