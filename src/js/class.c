/* SPDX-License-Identifier: MIT */
#include "js/class.h"

#include "js/define.h"
#include "js/name.h"
#include "js/ref.h"
#include "js/send.h"

#include <stdlib.h>

struct mn_js_class {
    struct mn_js_head head; /* it is the private pointer of its lookup object */
    Class cls;              /* Nil: a class that is missing */
    bool above, pointer;
    JSObjectRef prototype; /* protected */
    struct mn_map defined; /* key -> JSObjectRef; the class's own; under mn_js.tables */
    struct mn_js_class *next;
};

static struct mn_map records = MN_MAP_EMPTY, aboves = MN_MAP_EMPTY, called = MN_MAP_EMPTY; /* under mn_js.tables */
static struct mn_js_class *first; /* all of them; grows at the front, atomic */
static struct mn_js_class *missing, *pointers;
static JSClassRef lookup_class;
static JSObjectRef function_prototype;

JSObjectRef
mn_js_class_prototype(struct mn_js_class *record)
{
    return record->prototype;
}

Class
mn_js_class_named_by(const struct mn_js_class *record)
{
    return record != NULL ? record->cls : Nil;
}

JSObjectRef
mn_js_function_prototype(void)
{
    return function_prototype;
}

/* A record that nobody knows yet. */
static struct mn_js_class *
record_new(Class cls, bool above)
{
    struct mn_js_class *record = mn_calloc(1, sizeof *record);
    JSObjectRef lookup;

    if (record == NULL)
        abort(); /* as the engine itself does without memory */
    record->head = (struct mn_js_head){MN_JS_MAGIC, MN_JS_LOOKUP};
    record->cls = cls;
    record->above = above;
    lookup = JSObjectMake(mn_js.context, lookup_class, record);
    record->prototype = JSObjectMake(mn_js.context, NULL, NULL);
    JSValueProtect(mn_js.context, record->prototype);
    JSObjectSetPrototype(mn_js.context, record->prototype, lookup);
    return record;
}

static struct mn_js_class *
record_in(struct mn_map *map, Class cls, bool above)
{
    struct mn_js_class *record, *fresh;

    pthread_mutex_lock(&mn_js.tables);
    record = mn_map_get_pointer(map, cls);
    pthread_mutex_unlock(&mn_js.tables);
    if (record != NULL)
        return record;
    fresh = record_new(cls, above);
    pthread_mutex_lock(&mn_js.tables);
    if ((record = mn_map_get_pointer(map, cls)) == NULL) {
        record = fresh;
        mn_map_set_pointer(map, cls, record);
        record->next = first;
        first = record;
    }
    pthread_mutex_unlock(&mn_js.tables);
    return record; /* a fresh one that came too late stays with its prototype: once in a process's life */
}

struct mn_js_class *
mn_js_class_of(Class cls)
{
    return record_in(&records, cls, false);
}

struct mn_js_class *
mn_js_class_above(Class cls)
{
    return record_in(&aboves, cls, true);
}

struct mn_js_class *
mn_js_class_missing(void)
{
    return missing;
}

struct mn_js_class *
mn_js_class_pointer(void)
{
    return pointers;
}

bool
mn_js_calls(const char *name, size_t length)
{
    bool done;

    pthread_mutex_lock(&mn_js.tables);
    done = mn_map_set(&called, name, length, &called);
    pthread_mutex_unlock(&mn_js.tables);
    return done;
}

static bool
is_called(const char *name)
{
    bool found;

    pthread_mutex_lock(&mn_js.tables);
    found = mn_map_get_text(&called, name) != NULL;
    pthread_mutex_unlock(&mn_js.tables);
    return found;
}

/* ---- What scripts define ---- */

/* Prototypes of the class and of those below it forget what they had for a name. */
static void
forget(Class cls, const char *key)
{
    JSStringRef name = mn_js_string(key);
    struct mn_js_class *record;

    pthread_mutex_lock(&mn_js.tables);
    record = first;
    pthread_mutex_unlock(&mn_js.tables);
    for (; record != NULL; record = record->next) /* links never change */
        if (record->cls != Nil && mn_class_inherits(record->cls, cls))
            JSObjectDeleteProperty(mn_js.context, record->prototype, name, NULL);
    JSStringRelease(name);
}

void
mn_js_class_define(Class cls, const char *key, JSObjectRef function)
{
    struct mn_js_class *record = mn_js_class_of(cls);
    JSObjectRef former;

    if (function != NULL)
        JSValueProtect(mn_js.context, function);
    pthread_mutex_lock(&mn_js.tables);
    former = mn_map_get_text(&record->defined, key);
    if (function != NULL)
        mn_map_set_text(&record->defined, key, function);
    else
        mn_map_remove(&record->defined, key, strlen(key));
    pthread_mutex_unlock(&mn_js.tables);
    if (former != NULL)
        JSValueUnprotect(mn_js.context, former);
    forget(cls, key);
}

/* The keys a record defines, copied; the caller frees them. */
static size_t
copy_keys(struct mn_js_class *record, char **keys, size_t room)
{
    const void *key;
    size_t cursor = 0, count = 0, length;
    void *value;

    pthread_mutex_lock(&mn_js.tables);
    while (count < room && mn_map_next(&record->defined, &cursor, &key, &length, &value))
        if ((keys[count] = mn_strndup(key, length)) != NULL)
            count++;
    pthread_mutex_unlock(&mn_js.tables);
    return count;
}

void
mn_js_classes_renew(void)
{
    static unsigned long seen; /* atomic */
    unsigned long now = mn_runtime_epoch();
    struct mn_js_class *record;
    char *keys[1024];

    if (__atomic_load_n(&seen, __ATOMIC_RELAXED) == now)
        return;
    __atomic_store_n(&seen, now, __ATOMIC_RELAXED);
    pthread_mutex_lock(&mn_js.tables);
    record = first;
    pthread_mutex_unlock(&mn_js.tables);
    for (; record != NULL; record = record->next) {
        size_t count = copy_keys(record, keys, sizeof keys / sizeof *keys);

        while (count-- > 0) {
            forget(record->cls, keys[count]);
            mn_free(keys[count]);
        }
    }
}

static JSObjectRef
own_defined(Class cls, const char *key)
{
    struct mn_js_class *record;
    JSObjectRef function = NULL;

    pthread_mutex_lock(&mn_js.tables);
    if ((record = mn_map_get_pointer(&records, cls)) != NULL)
        function = mn_map_get_text(&record->defined, key);
    pthread_mutex_unlock(&mn_js.tables);
    return function;
}

/* A class between cls and owner has a native method of that name. */
static bool
overridden(Class cls, Class owner, const char *key, size_t parameters)
{
    char *name = mn_js_selector_name(key, strlen(key), parameters);
    struct mn_method method = {0};
    bool found = name != NULL && mn_method_find(cls, mn_selector(name), &method);

    mn_free(name);
    return found && method.owner != owner && mn_class_inherits(method.owner, owner);
}

JSObjectRef
mn_js_class_defined(Class cls, const char *key)
{
    for (Class at = cls; at != Nil; at = mn_class_super(at)) {
        JSObjectRef function = own_defined(at, key);
        JSValueRef length;

        if (function == NULL)
            continue;
        length = mn_js_get(mn_js.context, function, "parameters", NULL);
        if (!mn_js_stands_alone(at, key))
            return NULL;
        if (at != cls && overridden(cls, at, key, (size_t)JSValueToNumber(mn_js.context, length, NULL)))
            return NULL;
        return function;
    }
    return NULL;
}

/* ---- Looking up ---- */

/* Names that belong to JavaScript on every object, and what promises and JSON probe for. */
static bool
is_language(const char *name)
{
    static const char *const names[] = {"toString",       "valueOf",     "hasOwnProperty",       "isPrototypeOf",
                                        "constructor",    "toJSON",      "propertyIsEnumerable", "toLocaleString",
                                        "super",          "then",        "performSelector",      "performSelectorInOC",
                                        "__proto__",      "__defineGetter__", "__defineSetter__", "__lookupGetter__",
                                        "__lookupSetter__"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Storing a property asks for it first, all the way up to us. */
static _Thread_local bool storing;

static JSValueRef
look_up(JSContextRef context, JSObjectRef object, JSStringRef string, JSValueRef *exception)
{
    struct mn_js_class *record = JSObjectGetPrivate(object);
    char *name = storing ? NULL : mn_js_copy_string(string);
    JSObjectRef function = NULL;

    if (name != NULL && !is_language(name) && is_called(name)) {
        if (record->cls != Nil && !record->pointer)
            function = mn_js_class_defined(record->cls, name);
        if (function != NULL && record->above) { /* the receiver stays what it is */
            JSValueRef defined = function;

            function = (JSObjectRef)mn_js_call_support("superShort", 1, &defined, exception);
        }
        if (function == NULL)
            function = mn_js_method_new(context, name, record->above ? record->cls : Nil);
        if (function != NULL) {
            storing = true;
            JSObjectSetProperty(context, record->prototype, string, function, kJSPropertyAttributeDontEnum, exception);
            storing = false;
        }
    }
    mn_free(name);
    return function;
}

void
mn_js_classes_open(void)
{
    JSClassDefinition definition = kJSClassDefinitionEmpty;
    JSValueRef function = mn_js_get(mn_js.context, mn_js.global, "Function", NULL);

    definition.className = "Object";
    definition.getProperty = look_up;
    definition.attributes = kJSClassAttributeNoAutomaticPrototype;
    lookup_class = JSClassCreate(&definition);
    function_prototype = (JSObjectRef)mn_js_get(mn_js.context, (JSObjectRef)function, "prototype", NULL);
    JSValueProtect(mn_js.context, function_prototype);
    missing = record_new(Nil, false);
    pointers = record_new(Nil, false);
    pointers->pointer = true;
}
