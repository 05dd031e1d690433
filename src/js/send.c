/* SPDX-License-Identifier: MIT */
/*
 * A send looks the method up each time, as compiled code does, and compares the IMP with the one it learnt the
 * signature for: the same IMP is the same method. What was learnt is immutable and published by one store, since no
 * lock of the engine is held here; what it replaces stays for those who read it (a method is learnt anew when somebody
 * replaced it, so there are few).
 */
#include "js/send.h"

#include "js/class.h"
#include "js/convert.h"
#include "js/define.h"
#include "js/gate.h"
#include "js/message.h"
#include "js/name.h"
#include "js/pointer.h"
#include "js/property.h"
#include "js/ref.h"

enum { VARIANTS = 8, VARIADIC_MAX = 200 };

/* A selector as it is sent, and what the last method behind it looks like. */
struct variant {
    char *selector; /* owned by the first of its line */
    SEL sel;
    IMP imp; /* NULL: not known, or it forwards: learnt for each call */
    const struct mn_signature *signature;
    bool owned, consumes;
};

struct method {
    struct mn_js_head head;
    char *name;
    Class above;
    struct variant *variants[VARIANTS]; /* by the number of arguments; atomic */
};

static JSClassRef method_class;

/* ---- Calls of anything ---- */

struct jump {
    mn_code code;
    struct mn_frame *frame;
    uint32_t shape;
};

static void
run_jump(void *data)
{
    struct jump *jump = data;

    mn_call_frame(jump->code, jump->frame, jump->shape);
}

/* A cell for an object the callee may store: empty before the call, and what it holds afterwards is kept. */
static bool
is_out_cell(const struct mn_type *type)
{
    return type->kind == MN_POINTER && type->of != NULL && mn_kind_is_object(type->of->kind);
}

static bool
load_arguments(JSContextRef context, struct mn_frame *frame, const struct mn_signature *signature, unsigned fixed,
               const JSValueRef *arguments, struct mn_js_temporaries *temporaries, void **cells, size_t *cell_count,
               JSValueRef *exception)
{
    unsigned char value[256] __attribute__((aligned(16)));

    for (unsigned i = fixed; i < signature->count; i++) {
        const struct mn_argument *argument = &signature->arguments[i];
        const struct mn_type *type = argument->type;
        void *at = type->size <= sizeof value ? value : mn_js_keep_memory(temporaries, type->size);

        if (at == NULL) {
            mn_js_throw(context, exception, "out of memory");
            return false;
        }
        if (!mn_js_to_native(context, arguments[i - fixed], type, at, temporaries, exception))
            return false;
        if (is_out_cell(type) && *(void **)at != NULL && *cell_count < 8) {
            struct mn_js_ref *ref = mn_js_ref_of(context, arguments[i - fixed]);

            if (ref != NULL && ref->head.kind == MN_JS_REF_POINTER) {
                cells[(*cell_count)++] = *(void **)at;
                **(id **)at = nil;
            }
        }
        mn_frame_set(frame, &argument->place, at);
    }
    return true;
}

JSValueRef
mn_js_invoke(JSContextRef context, mn_code code, const struct mn_signature *signature, unsigned fixed,
             void *const *words, size_t count, const JSValueRef *arguments, bool owned, JSValueRef *exception)
{
    MN_JS_TEMPORARIES(temporaries);
    size_t room = (mn_signature_room(signature) + 15) & ~(size_t)15, cell_count = 0;
    size_t result_size = signature->result->size > 16 ? signature->result->size : 16;
    unsigned char *memory = room + result_size <= 2048 ? __builtin_alloca_with_align(room + result_size + 16, 128)
                                                       : mn_js_keep_memory(&temporaries, room + result_size + 16);
    unsigned char *result = memory + room;
    struct mn_frame frame;
    struct jump jump = {code, &frame, signature->shape};
    void *cells[8];
    id caught;
    bool good;

    if (memory == NULL) {
        mn_js_throw(context, exception, "out of memory");
        return NULL;
    }
    (void)count;
    mn_frame_open(&frame, signature, memory);
    if (signature->result_place.where == MN_IN_MEMORY)
        mn_cpu_set_result_memory(&frame, result);
    for (unsigned i = 0; i < fixed; i++)
        mn_frame_set(&frame, &signature->arguments[i].place, &words[i]);
    if (!load_arguments(context, &frame, signature, fixed, arguments, &temporaries, cells, &cell_count, exception))
        return NULL;
    good = mn_try(run_jump, &jump, &caught);
    mn_js_resumes();
    if (!good) {
        *exception = mn_js_error_of(context, caught);
        return NULL;
    }
    for (size_t i = 0; i < cell_count; i++)
        mn_js_cell_keep(cells[i]);
    if (signature->result_place.where != MN_IN_MEMORY)
        mn_frame_get(&frame, &signature->result_place, result);
    mn_js_sweep();
    return mn_js_from_native(context, signature->result, result, owned);
}

/* ---- What is behind a selector ---- */

static JSValueRef
unrecognised(JSContextRef context, id receiver, const char *selector)
{
    if (mn_object_is_class(receiver)) {
        mn_js_report("unrecognized selector %s for class %s", selector, mn_class_name((Class)receiver));
    } else {
        id description = MN_JS_SEND0(id, receiver, "description");
        char *text = description != nil ? mn_js_text_of(description) : NULL;

        mn_js_report("unrecognized selector %s for instance %s", selector, text != NULL ? text : "");
        mn_free(text);
    }
    return mn_js_make_nil(context);
}

/* What a receiver that forwards says of the method. It is asked, so its code runs. */
static const char *
forwarded_types(id receiver, SEL sel)
{
    id signature;

    if (!mn_js_has_method(receiver, MN_JS_SEL("methodSignatureForSelector:")))
        return NULL;
    signature = MN_JS_SEND1(id, receiver, "methodSignatureForSelector:", SEL, sel);
    return signature != nil ? MN_JS_SEND0(const char *, signature, "methodType") : NULL;
}

struct forwarded {
    id receiver;
    SEL sel;
    const char *types;
};

static void
ask_forwarded(void *data)
{
    struct forwarded *ask = data;

    ask->types = forwarded_types(ask->receiver, ask->sel);
}

/* Fills in imp and signature for this receiver. False: nothing answers. */
static bool
learn(struct variant *variant, id receiver, Class above, bool *keep)
{
    struct mn_method method;
    Class start = above != Nil ? above : mn_object_class(receiver);
    const char *types;

    *keep = mn_method_find(start, variant->sel, &method);
    if (*keep) {
        types = method.types;
        variant->imp = above != Nil ? mn_lookup_super(receiver, above, variant->sel) : mn_lookup(receiver, variant->sel);
        *keep = variant->imp == method.imp;
    } else {
        struct forwarded ask = {receiver, variant->sel, NULL};

        if (above != Nil || !mn_try(ask_forwarded, &ask, NULL) || ask.types == NULL)
            return false;
        types = ask.types;
        variant->sel = mn_selector_typed(variant->selector, types);
        variant->imp = mn_lookup(receiver, variant->sel);
    }
    return mn_signature_get(types, &variant->signature, NULL) == MEND_OK;
}

static void
name_variant(struct variant *variant, char *selector, bool class_side)
{
    enum mn_family family = mn_family_of(selector, class_side);

    variant->selector = selector;
    variant->sel = mn_selector(selector);
    variant->owned = mn_family_owns(family);
    variant->consumes = family == MN_FAMILY_INIT;
}

/* The signature for a call with more arguments than the method names: all further ones are objects. */
static const struct mn_signature *
variadic(const struct mn_signature *signature, size_t count)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    const struct mn_signature *wider = NULL;

    if (count > VARIADIC_MAX)
        return NULL;
    mn_buffer_char(&text, signature->result->kind == MN_VOID ? 'v' : '@');
    for (unsigned i = 0; i < signature->count; i++) {
        const struct mn_type *type = signature->arguments[i].type;

        if (i >= 2 && !mn_kind_is_object(type->kind)) {
            mn_buffer_fini(&text);
            return NULL;
        }
        mn_buffer_char(&text, i == 1 ? ':' : '@');
    }
    mn_buffer_char(&text, ',');
    for (size_t i = signature->count; i < count + 2; i++)
        mn_buffer_char(&text, '@');
    if (!text.failed)
        mn_signature_get(mn_buffer_peek(&text), &wider, NULL);
    mn_buffer_fini(&text);
    return wider;
}

static JSValueRef
send(JSContextRef context, const struct variant *variant, id receiver, size_t count, const JSValueRef *arguments,
     JSValueRef *exception)
{
    const struct mn_signature *signature = variant->signature;
    void *words[2] = {receiver, (void *)variant->sel};
    bool owned = variant->owned && mn_kind_is_object(signature->result->kind);

    if (count + 2 < signature->count) {
        mn_js_throw(context, exception, "%s takes %u arguments, %zu are given", variant->selector,
                    (unsigned)signature->count - 2, count);
        return NULL;
    }
    if (count + 2 > signature->count &&
        (mn_kind_is_object(signature->result->kind) || signature->result->kind == MN_VOID)) {
        const struct mn_signature *wider = variadic(signature, count);

        if (wider == NULL && signature->result->kind != MN_VOID)
            return mn_js_make_nil(context);
        signature = wider != NULL ? wider : signature;
    }
    if (variant->consumes && !mn_object_is_class(receiver))
        mn_retain(receiver);
    return mn_js_invoke(context, (mn_code)variant->imp, signature, 2, words, count, arguments, owned, exception);
}

JSValueRef
mn_js_send(JSContextRef context, id receiver, Class above, const char *selector, size_t count,
           const JSValueRef *arguments, JSValueRef *exception)
{
    struct variant variant = {0};
    bool keep;

    name_variant(&variant, (char *)selector, mn_object_is_class(receiver));
    if (strncmp(selector, "ORIG", 4) == 0 && mn_js_original(context, receiver, selector + 4, &variant.imp)) {
        struct mn_method method;

        name_variant(&variant, (char *)selector + 4, mn_object_is_class(receiver));
        if (mn_method_find(mn_object_class(receiver), variant.sel, &method) &&
            mn_signature_get(method.types, &variant.signature, NULL) == MEND_OK)
            return send(context, &variant, receiver, count, arguments, exception);
    }
    if (variant.sel == NULL || !learn(&variant, receiver, above, &keep))
        return unrecognised(context, receiver, selector);
    return send(context, &variant, receiver, count, arguments, exception);
}

/* ---- Methods as functions ---- */

bool
mn_js_receiver(JSContextRef context, JSValueRef value, id *object, Class *above, JSValueRef *exception)
{
    struct mn_js_ref *ref = mn_js_ref_of(context, value);

    *above = Nil;
    if (ref == NULL)
        return false;
    if (ref->head.kind == MN_JS_REF_SUPER)
        *above = ref->cls;
    *object = mn_js_ref_object(ref);
    if (*object == nil && ref->head.kind == MN_JS_REF_CLASS)
        return false;
    return true;
}

static void
let_go(id *object)
{
    if (*object != nil && !mn_object_is_class(*object))
        mn_release(*object);
}

/* Methods that every object has for scripts alone. NULL: it is not one of them. */
static JSValueRef
special(JSContextRef context, const struct method *method, id object, size_t count, const JSValueRef *arguments,
        JSValueRef *exception)
{
    if (count == 0 && strcmp(method->name, "toJS") == 0 && mn_js_has_deep(object))
        return mn_js_unwrap_deep(context, object, exception);
    if (count == 1 && strcmp(method->name, "getProp") == 0)
        return mn_js_get_prop(context, object, arguments[0], exception);
    if (count == 2 && strcmp(method->name, "setProp_forKey") == 0)
        return mn_js_set_prop(context, object, arguments[0], arguments[1], exception);
    return NULL;
}

/* The variant for so many arguments, as it was learnt last; fresh ones know only their selector. */
static bool
variant_for(const struct method *method, size_t count, bool class_side, struct variant *out)
{
    struct variant *known =
        count < VARIANTS ? __atomic_load_n(&method->variants[count], __ATOMIC_ACQUIRE) : NULL;
    char *selector;

    if (known != NULL) {
        *out = *known;
        return true;
    }
    *out = (struct variant){0};
    if ((selector = mn_js_selector_name(method->name, strlen(method->name), count)) == NULL)
        return false;
    name_variant(out, selector, class_side);
    return true;
}

/* Publishes what was learnt; the selector's text goes with it. */
static bool
remember(struct method *method, size_t count, const struct variant *variant)
{
    struct variant *copy;

    if (count >= VARIANTS || (copy = mn_malloc(sizeof *copy)) == NULL)
        return false;
    *copy = *variant;
    __atomic_store_n(&method->variants[count], copy, __ATOMIC_RELEASE);
    return true;
}

static JSValueRef
call_on(JSContextRef context, struct method *method, id object, Class above, size_t count,
        const JSValueRef *arguments, JSValueRef *exception)
{
    struct variant variant;
    JSValueRef result;
    bool keep = false, fresh;
    IMP imp;

    if (!variant_for(method, count, mn_object_is_class(object), &variant)) {
        mn_js_throw(context, exception, "out of memory");
        return NULL;
    }
    if (variant.imp != NULL) {
        imp = above != Nil ? mn_lookup_super(object, above, variant.sel) : mn_lookup(object, variant.sel);
        if (imp == variant.imp)
            return send(context, &variant, object, count, arguments, exception);
    }
    fresh = variant.imp == NULL; /* its selector is ours so far */
    if ((result = special(context, method, object, count, arguments, exception)) == NULL && *exception == NULL) {
        if (strncmp(variant.selector, "ORIG", 4) == 0)
            result = mn_js_send(context, object, Nil, variant.selector, count, arguments, exception);
        else if (!learn(&variant, object, above, &keep))
            result = unrecognised(context, object, variant.selector);
        else {
            if (keep && remember(method, count, &variant))
                fresh = false;
            result = send(context, &variant, object, count, arguments, exception);
        }
    }
    if (fresh)
        mn_free(variant.selector);
    return result;
}

/* A receiver that is a value of JavaScript: what it is natively answers. */
static JSValueRef
call_on_value(JSContextRef context, struct method *method, JSObjectRef self, size_t count,
              const JSValueRef *arguments, JSValueRef *exception)
{
    MN_JS_TEMPORARIES(temporaries);
    JSValueRef boxed = self, plain = mn_js_call_support("plain", 1, &boxed, exception);
    id object;

    if (plain == NULL)
        return NULL;
    if (mn_js_type_of(context, plain) == MN_JS_BOOLEAN || mn_js_type_of(context, plain) == MN_JS_NOTHING)
        return mn_js_make_nil(context);
    if (count == 0 && strcmp(method->name, "toJS") == 0)
        return plain;
    if (!mn_js_to_object(context, plain, &object, &temporaries, exception))
        return NULL;
    return call_on(context, method, object, Nil, count, arguments, exception);
}

static JSValueRef
call_method(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count, const JSValueRef arguments[],
            JSValueRef *exception)
{
    struct method *method = JSObjectGetPrivate(function);
    struct mn_js_ref *ref = mn_js_ref_of(context, self);
    MN_SCOPED(let_go) id held = nil;
    id object;
    Class above = Nil;

    *exception = NULL;
    if (ref == NULL)
        return call_on_value(context, method, self, count, arguments, exception);
    switch (ref->head.kind) {
    case MN_JS_REF_OBJECT: /* the wrapper is on the script's stack and owns it */
        object = ref->object;
        break;
    case MN_JS_REF_SUPER:
        object = ref->object;
        above = ref->cls;
        break;
    case MN_JS_REF_CLASS:
        if ((object = (id)mn_js_ref_class(ref)) == nil) {
            char *selector = mn_js_selector_name(method->name, strlen(method->name), count);

            mn_js_report("unrecognized selector %s for class %s", selector != NULL ? selector : method->name, ref->text);
            mn_free(selector);
        }
        break;
    case MN_JS_REF_POINTER:
        if (count == 0 && strcmp(method->name, "toJS") == 0)
            return mn_js_make_text(context, ref->pointer);
        return mn_js_make_nil(context);
    default:
        object = held = mn_js_ref_object(ref);
        break;
    }
    if (object == nil)
        return mn_js_make_nil(context);
    return call_on(context, method, object, above, count, arguments, exception);
}

static void
finish_method(JSObjectRef function)
{
    struct method *method = JSObjectGetPrivate(function);

    mn_free(method->name); /* what it learnt may be in use by a call: it stays */
    mn_free(method);
}

JSObjectRef
mn_js_method_new(JSContextRef context, const char *name, Class above)
{
    struct method *method = mn_calloc(1, sizeof *method);
    JSObjectRef function;

    if (method == NULL || (method->name = mn_strdup(name)) == NULL) {
        mn_free(method);
        return NULL;
    }
    method->head = (struct mn_js_head){MN_JS_MAGIC, MN_JS_METHOD};
    method->above = above;
    function = JSObjectMake(context, method_class, method);
    JSObjectSetPrototype(context, function, mn_js_function_prototype());
    return function;
}

void
mn_js_send_open(void)
{
    JSClassDefinition definition = kJSClassDefinitionEmpty;

    definition.className = "Function";
    definition.attributes = kJSClassAttributeNoAutomaticPrototype;
    definition.callAsFunction = call_method;
    definition.finalize = finish_method;
    method_class = JSClassCreate(&definition);
}
