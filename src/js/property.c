/* SPDX-License-Identifier: MIT */
#include "js/property.h"

#include "js/class.h"
#include "js/convert.h"
#include "js/message.h"
#include "js/ref.h"
#include "js/send.h"

/* Keys of side storage are addresses: one for each name and use. Under mn_js.tables; never freed. */
static struct mn_map values = MN_MAP_EMPTY, objects = MN_MAP_EMPTY;

static const void *
key_of_text(struct mn_map *map, const char *text)
{
    void *key;

    pthread_mutex_lock(&mn_js.tables);
    if ((key = mn_map_get_text(map, text)) == NULL && (key = mn_malloc(1)) != NULL && !mn_map_set_text(map, text, key)) {
        mn_free(key);
        key = NULL;
    }
    pthread_mutex_unlock(&mn_js.tables);
    return key;
}

static const void *
key_for(struct mn_map *map, JSContextRef context, JSValueRef name, JSValueRef *exception)
{
    char *text = mn_js_copy_text(context, name, exception);
    const void *key = text != NULL ? key_of_text(map, text) : NULL;

    mn_free(text);
    return key;
}

/* A stored value lives as long as its object. */
static void
unprotect(void *value)
{
    JSValueUnprotect(mn_js.context, value);
}

static void
let_go(id *object)
{
    if (*object != nil && !mn_object_is_class(*object))
        mn_release(*object);
}

/* The wrapper is older than the object's present class: an observer came since, and the setter was reached by the short
 * cut from script to script, past the one that tells observers. */
static bool
is_overtaken(const struct mn_js_ref *ref, id object)
{
    return ref != NULL && (ref->head.kind == MN_JS_REF_OBJECT || ref->head.kind == MN_JS_REF_WEAK) &&
           mn_js_class_named_by(ref->class_of) != mn_object_class(object);
}

static void
tell_observers(id object, bool before, JSContextRef context, JSValueRef name)
{
    char *text = mn_js_copy_text(context, name, NULL);
    id key = text != NULL ? mn_autorelease(mn_string_new(text, strlen(text))) : nil;

    mn_free(text);
    if (before)
        MN_JS_SEND1(void, object, "willChangeValueForKey:", id, key);
    else
        MN_JS_SEND1(void, object, "didChangeValueForKey:", id, key);
}

JSValueRef
mn_js_stored(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count, const JSValueRef arguments[],
             JSValueRef *exception)
{
    MN_SCOPED(let_go) id object = nil;
    Class above;
    const void *key;
    JSObjectRef box;

    *exception = NULL;
    if (count < 2 || !mn_js_receiver(context, arguments[0], &object, &above, exception) || object == nil ||
        (key = key_for(&values, context, arguments[1], exception)) == NULL)
        return mn_js_make_undefined(context);
    if ((box = mn_side_peek_pointer(object, key)) == NULL)
        return mn_js_make_undefined(context);
    return JSObjectGetPropertyAtIndex(context, box, 0, exception);
}

JSValueRef
mn_js_store(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count, const JSValueRef arguments[],
            JSValueRef *exception)
{
    MN_SCOPED(let_go) id object = nil;
    Class above;
    const void *key;
    JSObjectRef box;
    mend_error err = {0};
    bool overtaken;

    *exception = NULL;
    if (count < 3 || !mn_js_receiver(context, arguments[0], &object, &above, exception) || object == nil ||
        (key = key_for(&values, context, arguments[1], exception)) == NULL)
        return mn_js_make_undefined(context);
    if ((overtaken = is_overtaken(mn_js_ref_of(context, arguments[0]), object)))
        tell_observers(object, true, context, arguments[1]);
    box = JSObjectMakeArray(context, 1, &arguments[2], exception); /* values need not be objects: protect a box */
    JSValueProtect(context, box);
    if (mn_side_set_pointer(object, key, box, unprotect, &err) != MEND_OK) {
        JSValueUnprotect(context, box);
        mn_js_throw(context, exception, "%s", err.message);
    }
    if (overtaken)
        tell_observers(object, false, context, arguments[1]);
    return mn_js_make_undefined(context);
}

static const void *
key_of(id name)
{
    char *text = name != nil ? mn_js_text_of(name) : NULL;
    const void *key = text != NULL ? key_of_text(&objects, text) : NULL;

    mn_free(text);
    return key;
}

id
mn_js_native_prop(id object, id name)
{
    const void *key = key_of(name);
    id value = key != NULL ? mn_side_get(object, key) : nil;

    return value == nil || mn_object_is_class(value) ? value : mn_autorelease(value);
}

void
mn_js_native_set_prop(id object, id value, id name)
{
    const void *key = key_of(name);
    mend_error err = {0};

    if (key != NULL && mn_side_set(object, key, value, MN_SIDE_RETAIN, &err) != MEND_OK)
        mn_js_report("setProp:forKey: %s", err.message);
}

JSValueRef
mn_js_get_prop(JSContextRef context, id object, JSValueRef name, JSValueRef *exception)
{
    const void *key = key_for(&objects, context, name, exception);

    return key == NULL ? mn_js_make_nil(context) : mn_js_from_object(context, mn_side_get(object, key), true);
}

JSValueRef
mn_js_set_prop(JSContextRef context, id object, JSValueRef value, JSValueRef name, JSValueRef *exception)
{
    MN_JS_TEMPORARIES(temporaries);
    const void *key = key_for(&objects, context, name, exception);
    mend_error err = {0};
    id converted;

    if (key == NULL || !mn_js_to_object(context, value, &converted, &temporaries, exception))
        return NULL;
    if (mn_side_set(object, key, converted, MN_SIDE_RETAIN, &err) != MEND_OK)
        mn_js_throw(context, exception, "%s", err.message);
    return mn_js_make_nil(context);
}
