/* SPDX-License-Identifier: MIT */
#include "js/ref.h"

#include "js/block.h"
#include "js/class.h"

enum { SELF_CACHE = 256 };

/* Not in the C headers, but exported and stable: weak references to the engine's own objects. */
typedef struct OpaqueJSWeak *JSWeakRef;
JSWeakRef JSWeakCreate(JSContextGroupRef, JSObjectRef);
void JSWeakRelease(JSContextGroupRef, JSWeakRef);
JSObjectRef JSWeakGetObject(JSWeakRef);

enum { READ_ONLY = kJSPropertyAttributeReadOnly | kJSPropertyAttributeDontEnum };
static JSClassRef object_class, class_class, block_class, inert_class;
static struct mn_js_ref *buried; /* atomic stack */
static size_t alive;             /* atomic */

/* The last self of an object, by its address; under mn_js.tables. */
static struct self_slot {
    id object;
    JSWeakRef wrapper;
    struct mn_js_ref *ref; /* of the wrapper: valid while that lives */
} selves[SELF_CACHE];

static void
bury(JSObjectRef wrapper)
{
    struct mn_js_ref *ref = JSObjectGetPrivate(wrapper), *first = __atomic_load_n(&buried, __ATOMIC_RELAXED);

    if (ref == NULL)
        return;
    do
        ref->next = first;
    while (!__atomic_compare_exchange_n(&buried, &first, ref, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

static void
ref_free(struct mn_js_ref *ref)
{
    switch (ref->head.kind) {
    case MN_JS_REF_OBJECT:
    case MN_JS_REF_SUPER:
        mn_release(ref->object);
        break;
    case MN_JS_REF_BLOCK:
        mn_block_release(ref->object);
        break;
    case MN_JS_REF_WEAK:
        mn_weak_fini(&ref->weak);
        break;
    default:
        break;
    }
    if (ref->value != NULL)
        JSValueUnprotect(mn_js.context, ref->value);
    if (ref->self != NULL)
        JSValueUnprotect(mn_js.context, ref->self);
    mn_free(ref->text);
    mn_free(ref);
    __atomic_fetch_sub(&alive, 1, __ATOMIC_RELAXED);
}

void
mn_js_sweep(void)
{
    struct mn_js_ref *ref;

    if (__atomic_load_n(&buried, __ATOMIC_RELAXED) == NULL)
        return;
    ref = __atomic_exchange_n(&buried, NULL, __ATOMIC_ACQUIRE);
    while (ref != NULL) {
        struct mn_js_ref *next = ref->next;

        ref_free(ref);
        ref = next;
    }
}

size_t
mn_js_refs(void)
{
    return __atomic_load_n(&alive, __ATOMIC_RELAXED);
}

static struct mn_js_ref *
ref_new(enum mn_js_kind kind)
{
    struct mn_js_ref *ref = mn_calloc(1, sizeof *ref);

    if (ref == NULL)
        return NULL;
    ref->head = (struct mn_js_head){MN_JS_MAGIC, kind};
    __atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED);
    return ref;
}

struct mn_js_ref *
mn_js_ref_of(JSContextRef context, JSValueRef value)
{
    struct mn_js_head *head;

    if (mn_js_type_of(context, value) != MN_JS_OBJECT)
        return NULL;
    head = JSObjectGetPrivate((JSObjectRef)value);
    return head != NULL && head->magic == MN_JS_MAGIC && head->kind < MN_JS_METHOD ? (struct mn_js_ref *)head : NULL;
}

static JSValueRef
wrapper_of(JSContextRef context, JSClassRef cls, struct mn_js_ref *ref, struct mn_js_class *record)
{
    JSObjectRef wrapper = JSObjectMake(context, cls, ref);

    ref->class_of = record;
    if (record != NULL)
        JSObjectSetPrototype(context, wrapper, mn_js_class_prototype(record));
    return wrapper;
}

/* Consumes the object. */
JSValueRef
mn_js_wrap_take(JSContextRef context, id object)
{
    struct mn_js_ref *ref;

    if (object == nil)
        return mn_js_make_nil(context);
    if (mn_object_is_class(object))
        return mn_js_wrap_class(context, mn_class_name((Class)object));
    if ((ref = ref_new(MN_JS_REF_OBJECT)) == NULL) {
        mn_release(object);
        return mn_js_make_nil(context);
    }
    ref->object = object;
    return wrapper_of(context, object_class, ref, mn_js_class_of(mn_object_class(object)));
}

JSValueRef
mn_js_wrap(JSContextRef context, id object)
{
    if (object != nil && mn_object_is_class(object))
        return mn_js_wrap_class(context, mn_class_name((Class)object));
    return mn_js_wrap_take(context, mn_retain(object));
}

JSValueRef
mn_js_wrap_weak(JSContextRef context, id object)
{
    struct mn_js_ref *ref;

    if (object == nil || (ref = ref_new(MN_JS_REF_WEAK)) == NULL)
        return mn_js_make_nil(context);
    ref->object = object;
    ref->raw = mn_weak_store(&ref->weak, object, NULL) != MEND_OK;
    return wrapper_of(context, object_class, ref, mn_js_class_of(mn_object_class(object)));
}

/* With the tables' mutex: the wrapper the slot holds for the object, if it can still be used. */
static JSObjectRef
remembered(struct self_slot *slot, id object)
{
    JSObjectRef wrapper;

    if (slot->object != object || slot->wrapper == NULL || (wrapper = JSWeakGetObject(slot->wrapper)) == NULL)
        return NULL;
    if (slot->ref->raw || !mn_weak_is(&slot->ref->weak, object) ||
        mn_js_class_named_by(slot->ref->class_of) != mn_object_class(object))
        return NULL;
    return wrapper;
}

JSValueRef
mn_js_wrap_self(JSContextRef context, id object, struct mn_js_ref **ref)
{
    struct self_slot *slot = &selves[mn_object_hash(object) % SELF_CACHE];
    JSWeakRef weak, old;
    JSObjectRef wrapper;

    pthread_mutex_lock(&mn_js.tables);
    if ((wrapper = remembered(slot, object)) != NULL)
        *ref = slot->ref;
    pthread_mutex_unlock(&mn_js.tables);
    if (wrapper != NULL)
        return wrapper;
    wrapper = (JSObjectRef)mn_js_wrap_weak(context, object);
    *ref = mn_js_ref_of(context, wrapper);
    if (*ref == NULL || (*ref)->raw)
        return wrapper;
    weak = JSWeakCreate(mn_js.group, wrapper);
    pthread_mutex_lock(&mn_js.tables);
    old = slot->wrapper;
    *slot = (struct self_slot){object, weak, *ref};
    pthread_mutex_unlock(&mn_js.tables);
    if (old != NULL)
        JSWeakRelease(mn_js.group, old);
    return wrapper;
}

JSValueRef
mn_js_wrap_class(JSContextRef context, const char *name)
{
    struct mn_js_ref *ref = ref_new(MN_JS_REF_CLASS);
    struct mn_js_class *record;

    if (ref == NULL || (ref->text = mn_strdup(name)) == NULL)
        return mn_js_make_nil(context);
    ref->cls = mn_class_named(name);
    record = ref->cls != Nil ? mn_js_class_of(mn_class_meta(ref->cls)) : mn_js_class_missing();
    return wrapper_of(context, class_class, ref, record);
}

JSValueRef
mn_js_wrap_super(JSContextRef context, id object, Class above)
{
    struct mn_js_ref *ref = ref_new(MN_JS_REF_SUPER);

    if (ref == NULL)
        return mn_js_make_nil(context);
    ref->object = mn_object_is_class(object) ? object : mn_retain(object);
    ref->cls = above;
    return wrapper_of(context, object_class, ref, mn_js_class_above(above));
}

JSValueRef
mn_js_wrap_pointer(JSContextRef context, void *pointer)
{
    struct mn_js_ref *ref;

    if (pointer == NULL || (ref = ref_new(MN_JS_REF_POINTER)) == NULL)
        return mn_js_make_nil(context);
    ref->pointer = pointer;
    return wrapper_of(context, object_class, ref, mn_js_class_pointer());
}

JSValueRef
mn_js_wrap_block(JSContextRef context, id block)
{
    JSValueRef original = mn_js_block_function(context, block);
    struct mn_js_ref *ref;
    JSObjectRef wrapper;
    id held;

    if (original != NULL)
        return original;
    if ((ref = ref_new(MN_JS_REF_BLOCK)) == NULL)
        return mn_js_make_nil(context);
    held = mn_block_copy(block);
    ref->object = held;
    wrapper = (JSObjectRef)wrapper_of(context, block_class, ref, NULL);
    JSObjectSetPrototype(context, wrapper, mn_js_function_prototype());
    return wrapper;
}

JSObjectRef
mn_js_make_inert(JSContextRef context, enum mn_js_kind kind, struct mn_js_ref **ref)
{
    if ((*ref = ref_new(kind)) == NULL)
        return NULL;
    return (JSObjectRef)wrapper_of(context, inert_class, *ref, NULL);
}

Class
mn_js_ref_class(struct mn_js_ref *ref)
{
    if (ref->cls == Nil)
        ref->cls = mn_class_named(ref->text);
    return ref->cls;
}

id
mn_js_ref_object(struct mn_js_ref *ref)
{
    switch (ref->head.kind) {
    case MN_JS_REF_OBJECT:
    case MN_JS_REF_SUPER:
        return mn_retain(ref->object);
    case MN_JS_REF_BLOCK:
        return mn_block_copy(ref->object);
    case MN_JS_REF_WEAK:
        if (__atomic_load_n(&ref->inside, __ATOMIC_RELAXED) != 0)
            return ref->raw ? ref->object : mn_retain(ref->object);
        return ref->raw ? nil : mn_weak_load(&ref->weak);
    case MN_JS_REF_CLASS:
        return (id)mn_js_ref_class(ref);
    default:
        return nil;
    }
}

/* The properties that the original's own tests read: what it is, and of which class. */
static JSValueRef
get_object(JSContextRef context, JSObjectRef object, JSStringRef name, JSValueRef *exception)
{
    return object;
}

static JSValueRef
get_class_name(JSContextRef context, JSObjectRef object, JSStringRef name, JSValueRef *exception)
{
    struct mn_js_ref *ref = mn_js_ref_of(context, object);

    if (ref == NULL)
        return NULL;
    if (ref->head.kind == MN_JS_REF_CLASS)
        return mn_js_make_text(context, ref->text);
    return ref->class_of != NULL ? mn_js_make_text(context, mn_class_name(mn_js_class_named_by(ref->class_of))) : NULL;
}

void
mn_js_refs_open(void)
{
    static const JSStaticValue values[] = {{"__obj", get_object, NULL, READ_ONLY},
                                           {"__clsName", get_class_name, NULL, READ_ONLY},
                                           {NULL, NULL, NULL, 0}};
    JSClassDefinition definition = kJSClassDefinitionEmpty;

    definition.className = "Object";
    definition.attributes = kJSClassAttributeNoAutomaticPrototype;
    definition.finalize = bury;
    inert_class = JSClassCreate(&definition);
    definition.staticValues = values;
    object_class = JSClassCreate(&definition);
    definition.staticValues = values + 1;
    class_class = JSClassCreate(&definition);
    definition.className = "Function";
    definition.staticValues = NULL;
    definition.callAsFunction = mn_js_block_call;
    block_class = JSClassCreate(&definition);
}
