/* SPDX-License-Identifier: MIT */
/*
 * A JSValue holds one value; the JSContext is one object, since scripts have one engine. What scripts throw goes to the
 * context: to its exceptionHandler, else it is its `exception`.
 *
 * Compilers here do not write down which class a block's parameter is of, so an object's parameter of a block gets a
 * JSValue that answers to JSValue's methods itself and hands any other message to the object it stands for.
 */
#include "compat/jsvalue.h"

#include "base/error.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/message.h"

#include <mend/hook.h>
#include <stdint.h>
#include <string.h>

MEND_API const char __objc_class_name_JSContext = 0;
MEND_API const char __objc_class_name_JSValue = 0;

static Class value_class, context_class;
static size_t value_at; /* where a JSValue has its value */
static id shared;       /* the context; under the runtime's mutex until it is made */
static id handler;      /* its exceptionHandler, copied; the former one stays: a call of it may be under way */
static id exception;    /* both are objects of the context; under the runtime's mutex */

const struct mn_script_face *
mn_jsvalue_engine(void)
{
    mend_error err;
    const struct mn_module *module = mn_script_module(&err);

    if (module != NULL && module->face->start(&err) == MEND_OK)
        return module->face;
    mn_log(MN_LOG_ERROR, "JPEngine: %s; %s", err.message, err.remedy);
    return NULL;
}

/* ---- JSValue ---- */

static mn_script_value *
place_of(id self)
{
    return (mn_script_value *)(void *)((char *)self + value_at);
}

static const struct mn_script_values *
values(void)
{
    const struct mn_script_face *face = mn_jsvalue_engine();

    return face != NULL ? face->values : NULL;
}

id
mn_jsvalue_make(mn_script_value value)
{
    id object;

    if (value == NULL || value_class == Nil)
        return nil;
    object = mn_face_send(mn_face_send((id)value_class, "alloc"), "init");
    *place_of(object) = value;
    return mn_autorelease(object);
}

mn_script_value
mn_jsvalue_of(id object)
{
    const struct mn_script_values *v = values();

    return v != NULL ? v->of_object(object) : NULL;
}

static void
value_dealloc(id self, SEL _cmd)
{
    if (*place_of(self) != NULL)
        values()->let_go(*place_of(self));
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, mn_class_super(value_class), _cmd))(self, _cmd);
}

/* What a script threw: to the handler, or kept. Takes the value over. */
static void
told(mn_script_value thrown)
{
    id value = mn_jsvalue_make(thrown), block, old;

    if (value == nil)
        return;
    mn_runtime_lock();
    block = handler;
    old = block == nil ? exception : nil;
    if (block == nil)
        exception = mn_retain(value);
    mn_runtime_unlock();
    mn_release(old);
    if (block != nil)
        ((void (*)(id, id, id))(void *)mn_block_invoke(block))(block, mn_jsvalue_context(), value);
}

/* A value that a call gave, or nil after telling what it threw. */
static id
result(mn_script_value value, mn_script_value thrown)
{
    told(thrown);
    return mn_jsvalue_make(value);
}

/* Holds a value for one call, and lets go of it on every way out. */
static void
drop(mn_script_value *value)
{
    if (*value != NULL)
        values()->let_go(*value);
}
#define HELD(name, value) MN_SCOPED(drop) mn_script_value name = (value)

static void *
own_value(id self, SEL _cmd)
{
    (void)_cmd;
    return (void *)(uintptr_t)*place_of(self);
}

static id
value_with_object(id self, SEL _cmd, id object, id context)
{
    (void)self, (void)_cmd, (void)context;
    return mn_jsvalue_make(mn_jsvalue_of(object));
}

static id
value_with_bool(id self, SEL _cmd, BOOL value, id context)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd, (void)context;
    return v != NULL ? mn_jsvalue_make(v->of_bool(value)) : nil;
}

static id
value_with_double(id self, SEL _cmd, double value, id context)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd, (void)context;
    return v != NULL ? mn_jsvalue_make(v->of_number(value)) : nil;
}

static id
value_with_int(id self, SEL _cmd, int32_t value, id context)
{
    return value_with_double(self, _cmd, value, context);
}

static id
value_with_unsigned(id self, SEL _cmd, uint32_t value, id context)
{
    return value_with_double(self, _cmd, value, context);
}

static id
value_of_kind(enum mn_script_kind kind)
{
    const struct mn_script_values *v = values();

    return v != NULL ? mn_jsvalue_make(v->of_kind(kind)) : nil;
}

#define KIND(function, kind)                                                                                 \
    static id function(id self, SEL _cmd, id context)                                                        \
    {                                                                                                        \
        (void)self, (void)_cmd, (void)context;                                                               \
        return value_of_kind(kind);                                                                          \
    }
KIND(value_undefined, MN_SCRIPT_UNDEFINED)
KIND(value_null, MN_SCRIPT_NULL)
KIND(value_new_object, MN_SCRIPT_OBJECT)
KIND(value_new_array, MN_SCRIPT_ARRAY)

static id
value_error(id self, SEL _cmd, id text, id context)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd, (void)context;
    return v != NULL ? mn_jsvalue_make(v->of_error(text != nil ? mn_face_text(text) : "")) : nil;
}

static enum mn_script_kind
kind_of(id self)
{
    return values()->kind(*place_of(self));
}

#define IS(function, wanted)                                                                                 \
    static BOOL function(id self, SEL _cmd)                                                                  \
    {                                                                                                        \
        enum mn_script_kind kind = kind_of(self);                                                            \
                                                                                                             \
        (void)_cmd;                                                                                          \
        return wanted;                                                                                       \
    }
IS(is_undefined, kind == MN_SCRIPT_UNDEFINED)
IS(is_null, kind == MN_SCRIPT_NULL)
IS(is_boolean, kind == MN_SCRIPT_BOOLEAN)
IS(is_number, kind == MN_SCRIPT_NUMBER)
IS(is_string, kind == MN_SCRIPT_TEXT)
IS(is_object, kind >= MN_SCRIPT_OBJECT)
IS(is_array, kind == MN_SCRIPT_ARRAY)
IS(is_date, kind == MN_SCRIPT_DATE)

/* A function stands for nothing of Objective-C's but the JSValue itself. */
static id
to_object(id self, SEL _cmd)
{
    mn_script_value thrown = NULL;
    id object;

    (void)_cmd;
    if (kind_of(self) == MN_SCRIPT_FUNCTION)
        return self;
    object = values()->to_object(*place_of(self), &thrown);
    told(thrown);
    return object;
}

static id
to_object_of_class(id self, SEL _cmd, Class cls)
{
    id object = to_object(self, _cmd);

    return object != nil && mn_class_inherits(mn_object_class(object), cls) ? object : nil;
}

static BOOL
to_bool(id self, SEL _cmd)
{
    (void)_cmd;
    return values()->to_bool(*place_of(self));
}

static double
to_double(id self, SEL _cmd)
{
    mn_script_value thrown = NULL;
    double number = 0;

    (void)_cmd;
    values()->to_number(*place_of(self), &number, &thrown);
    told(thrown);
    return number;
}

/* As JavaScript's operators have it: what is no number is 0, the rest is taken modulo 2^32. */
static uint32_t
low_bits(double number)
{
    double turn = 4294967296.0;

    if (!(number > -1e300 && number < 1e300))
        return 0;
    number = __builtin_trunc(number);
    number -= turn * __builtin_floor(number / turn);
    return (uint32_t)number;
}

static int32_t
to_int(id self, SEL _cmd)
{
    return (int32_t)low_bits(to_double(self, _cmd));
}

static uint32_t
to_unsigned(id self, SEL _cmd)
{
    return low_bits(to_double(self, _cmd));
}

static id
to_number(id self, SEL _cmd)
{
    double number;

    if (kind_of(self) == MN_SCRIPT_BOOLEAN)
        return to_object(self, _cmd);
    number = to_double(self, _cmd);
    return mn_box_scalar(MN_DOUBLE, *(uint64_t *)(void *)&number);
}

static id
to_string(id self, SEL _cmd)
{
    mn_script_value thrown = NULL;
    id text = values()->to_text(*place_of(self), &thrown);

    (void)_cmd;
    told(thrown);
    return text;
}

/* An object if it is one of that class, else nil. */
static id
to_kind(id self, SEL _cmd, const char *name)
{
    id object = to_object(self, _cmd);

    return mn_face_is_kind(object, name) ? object : nil;
}

static id
to_date(id self, SEL _cmd)
{
    return to_kind(self, _cmd, "NSDate");
}

static id
to_array(id self, SEL _cmd)
{
    return to_kind(self, _cmd, "NSArray");
}

static id
to_dictionary(id self, SEL _cmd)
{
    return to_kind(self, _cmd, "NSDictionary");
}

struct pair {
    double first, second;
};
struct quad {
    double x, y, width, height;
};
struct range {
    unsigned long location, length;
};

static struct pair
to_point(id self, SEL _cmd)
{
    struct pair out = {0, 0};

    (void)_cmd;
    values()->to_struct(*place_of(self), "CGPoint", &out, sizeof out);
    return out;
}

static struct pair
to_size(id self, SEL _cmd)
{
    struct pair out = {0, 0};

    (void)_cmd;
    values()->to_struct(*place_of(self), "CGSize", &out, sizeof out);
    return out;
}

static struct quad
to_rect(id self, SEL _cmd)
{
    struct quad out = {0, 0, 0, 0};

    (void)_cmd;
    values()->to_struct(*place_of(self), "CGRect", &out, sizeof out);
    return out;
}

static struct range
to_range(id self, SEL _cmd)
{
    struct range out = {0, 0};

    (void)_cmd;
    values()->to_struct(*place_of(self), "NSRange", &out, sizeof out);
    return out;
}

static id
value_of_struct(const char *name, const void *bytes)
{
    const struct mn_script_values *v = values();

    return v != NULL ? mn_jsvalue_make(v->of_struct(name, bytes)) : nil;
}

static id
value_with_point(id self, SEL _cmd, struct pair point, id context)
{
    (void)self, (void)_cmd, (void)context;
    return value_of_struct("CGPoint", &point);
}

static id
value_with_size(id self, SEL _cmd, struct pair size, id context)
{
    (void)self, (void)_cmd, (void)context;
    return value_of_struct("CGSize", &size);
}

static id
value_with_rect(id self, SEL _cmd, struct quad rect, id context)
{
    (void)self, (void)_cmd, (void)context;
    return value_of_struct("CGRect", &rect);
}

static id
value_with_range(id self, SEL _cmd, struct range range, id context)
{
    (void)self, (void)_cmd, (void)context;
    return value_of_struct("NSRange", &range);
}

/* ---- Properties ---- */

static id
get(mn_script_value object, id key)
{
    mn_script_value thrown = NULL, found = values()->get(object, key, &thrown);

    return result(found, thrown);
}

static void
set(mn_script_value object, id value, id key)
{
    HELD(given, mn_jsvalue_of(value));
    mn_script_value thrown = NULL;

    values()->set(object, key, given, &thrown);
    told(thrown);
}

static id
index_key(unsigned long index)
{
    double number = (double)index;

    return mn_box_scalar(MN_DOUBLE, *(uint64_t *)(void *)&number);
}

static id
value_get(id self, SEL _cmd, id key)
{
    (void)_cmd;
    return get(*place_of(self), key);
}

static id
value_get_at(id self, SEL _cmd, unsigned long index)
{
    (void)_cmd;
    return get(*place_of(self), index_key(index));
}

static void
value_set(id self, SEL _cmd, id value, id key)
{
    (void)_cmd;
    set(*place_of(self), value, key);
}

static void
value_set_at(id self, SEL _cmd, id value, unsigned long index)
{
    (void)_cmd;
    set(*place_of(self), value, index_key(index));
}

static BOOL
value_has(id self, SEL _cmd, id key)
{
    (void)_cmd;
    return values()->has(*place_of(self), key);
}

static BOOL
value_delete(id self, SEL _cmd, id key)
{
    mn_script_value thrown = NULL;
    bool gone = values()->remove(*place_of(self), key, &thrown);

    (void)_cmd;
    told(thrown);
    return gone;
}

/* ---- Calls and comparisons ---- */

static id
value_call(id self, SEL _cmd, id arguments)
{
    mn_script_value thrown = NULL, got = values()->call(*place_of(self), NULL, arguments, false, &thrown);

    (void)_cmd;
    return result(got, thrown);
}

static id
value_construct(id self, SEL _cmd, id arguments)
{
    mn_script_value thrown = NULL, got = values()->call(*place_of(self), NULL, arguments, true, &thrown);

    (void)_cmd;
    return result(got, thrown);
}

static id
value_invoke(id self, SEL _cmd, id name, id arguments)
{
    mn_script_value thrown = NULL, got;
    HELD(function, values()->get(*place_of(self), name, &thrown));

    (void)_cmd;
    if (function == NULL)
        return result(NULL, thrown);
    got = values()->call(function, *place_of(self), arguments, false, &thrown);
    return result(got, thrown);
}

static BOOL
value_equals(id self, SEL _cmd, id other)
{
    HELD(value, mn_jsvalue_of(other));

    (void)_cmd;
    return value != NULL && values()->equal(*place_of(self), value, true);
}

static BOOL
value_equals_loosely(id self, SEL _cmd, id other)
{
    HELD(value, mn_jsvalue_of(other));

    (void)_cmd;
    return value != NULL && values()->equal(*place_of(self), value, false);
}

static BOOL
value_is_instance(id self, SEL _cmd, id constructor)
{
    HELD(value, mn_jsvalue_of(constructor));

    (void)_cmd;
    return value != NULL && values()->instance_of(*place_of(self), value);
}

static id
value_context(id self, SEL _cmd)
{
    (void)self, (void)_cmd;
    return mn_jsvalue_context();
}

/* ---- What a JSValue stands for ---- */

static id
stands_for(id self)
{
    id object = to_object(self, NULL);

    return object != self ? object : nil;
}

static BOOL
value_is_kind(id self, SEL _cmd, Class cls)
{
    id object = stands_for(self);

    (void)_cmd;
    return mn_class_inherits(value_class, cls) || (object != nil && mn_class_inherits(mn_object_class(object), cls));
}

static BOOL
value_responds(id self, SEL _cmd, SEL sel)
{
    id object;

    (void)_cmd;
    if (mn_method_find(value_class, sel, NULL))
        return 1;
    object = stands_for(self);
    return object != nil && mn_method_find(mn_object_class(object), sel, NULL);
}

static BOOL
value_is_equal(id self, SEL _cmd, id other)
{
    id object = stands_for(self);

    if (other == self)
        return 1;
    if (other != nil && mn_object_class(other) == value_class)
        return value_equals(self, _cmd, other);
    return object != nil && ((BOOL(*)(id, SEL, id))(void *)mn_lookup(object, _cmd))(object, _cmd, other);
}

static unsigned long
value_hash(id self, SEL _cmd)
{
    id object = stands_for(self);

    return object != nil ? ((unsigned long (*)(id, SEL))(void *)mn_lookup(object, _cmd))(object, _cmd)
                         : (uintptr_t)*place_of(self) >> 4;
}

static id
value_signature(id self, SEL _cmd, SEL sel)
{
    id object = mn_method_find(value_class, sel, NULL) ? nil : stands_for(self);

    if (object != nil)
        return ((id(*)(id, SEL, SEL))(void *)mn_lookup(object, _cmd))(object, _cmd, sel);
    return ((id(*)(id, SEL, SEL))(void *)mn_lookup_super(self, mn_class_super(value_class), _cmd))(self, _cmd, sel);
}

static void
value_forward(id self, SEL _cmd, id invocation)
{
    (void)_cmd;
    mn_face_send_with(invocation, "invokeWithTarget:", stands_for(self));
}

/* ---- JSContext ---- */

static id
context_init(id self, SEL _cmd)
{
    (void)_cmd;
    mn_release(self); /* scripts have one context */
    return mn_retain(mn_jsvalue_context());
}

static id
context_evaluate_named(id self, SEL _cmd, id script, id url)
{
    const struct mn_script_values *v = values();
    const char *text = mn_face_text(script), *file = mn_face_text(url != nil ? mn_face_send(url, "absoluteString") : nil);
    mn_script_value thrown = NULL, value;

    (void)self, (void)_cmd;
    if (v == NULL || text == NULL)
        return nil;
    value = v->evaluate(text, strlen(text), file != NULL ? file : "script.js", &thrown);
    return result(value, thrown);
}

static id
context_evaluate(id self, SEL _cmd, id script)
{
    return context_evaluate_named(self, _cmd, script, nil);
}

static id
context_global(id self, SEL _cmd)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd;
    return v != NULL ? mn_jsvalue_make(v->global()) : nil;
}

static id
context_get(id self, SEL _cmd, id key)
{
    HELD(object, values()->global());

    (void)self, (void)_cmd;
    return get(object, key);
}

static void
context_set(id self, SEL _cmd, id value, id key)
{
    HELD(object, values()->global());

    (void)self, (void)_cmd;
    set(object, value, key);
}

static id
context_exception(id self, SEL _cmd)
{
    id value;

    (void)self, (void)_cmd;
    mn_runtime_lock();
    value = mn_retain(exception);
    mn_runtime_unlock();
    return mn_autorelease(value);
}

/* Inside a block that a script calls, what is set is thrown there. */
static void
context_set_exception(id self, SEL _cmd, id value)
{
    HELD(thrown, value != nil ? mn_jsvalue_of(value) : NULL);
    id old, fresh = value == nil || mn_object_class(value) == value_class
                        ? mn_retain(value)
                        : mn_retain(mn_jsvalue_make(mn_jsvalue_of(value)));

    (void)self, (void)_cmd;
    values()->raise(thrown);
    mn_runtime_lock();
    old = exception;
    exception = fresh;
    mn_runtime_unlock();
    mn_release(old);
}

static id
context_handler(id self, SEL _cmd)
{
    (void)self, (void)_cmd;
    return handler;
}

static void
context_set_handler(id self, SEL _cmd, id block)
{
    id copy = block != nil ? mn_block_copy(block) : nil;

    (void)self, (void)_cmd;
    mn_runtime_lock();
    handler = copy;
    mn_runtime_unlock();
}

static id
current_context(id self, SEL _cmd)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd;
    return v != NULL && v->current(NULL, NULL, NULL) ? mn_jsvalue_context() : nil;
}

static id
current_this(id self, SEL _cmd)
{
    const struct mn_script_values *v = values();
    mn_script_value found = NULL;

    (void)self, (void)_cmd;
    return v != NULL && v->current(&found, NULL, NULL) ? mn_jsvalue_make(found) : nil;
}

static id
current_callee(id self, SEL _cmd)
{
    const struct mn_script_values *v = values();
    mn_script_value found = NULL;

    (void)self, (void)_cmd;
    return v != NULL && v->current(NULL, &found, NULL) ? mn_jsvalue_make(found) : nil;
}

static id
current_arguments(id self, SEL _cmd)
{
    const struct mn_script_values *v = values();
    id arguments = nil;

    (void)self, (void)_cmd;
    return v != NULL && v->current(NULL, NULL, &arguments) ? arguments : nil;
}

id
mn_jsvalue_context(void)
{
    id fresh;

    if (values() == NULL || context_class == Nil)
        return nil;
    if (__atomic_load_n(&shared, __ATOMIC_ACQUIRE) != nil)
        return shared;
    fresh = mn_face_send((id)context_class, "alloc");
    mn_runtime_lock();
    if (shared == nil) {
        values()->open(value_class, mn_jsvalue_make);
        __atomic_store_n(&shared, fresh, __ATOMIC_RELEASE);
    }
    mn_runtime_unlock();
    return shared;
}

static const struct mn_face_method value_methods[] = {
    {true, "valueWithObject:inContext:", "@32@0:8@16@24", value_with_object},
    {true, "valueWithBool:inContext:", "@32@0:8C16@24", value_with_bool},
    {true, "valueWithDouble:inContext:", "@32@0:8d16@24", value_with_double},
    {true, "valueWithInt32:inContext:", "@32@0:8i16@24", value_with_int},
    {true, "valueWithUInt32:inContext:", "@32@0:8I16@24", value_with_unsigned},
    {true, "valueWithNewObjectInContext:", "@24@0:8@16", value_new_object},
    {true, "valueWithNewArrayInContext:", "@24@0:8@16", value_new_array},
    {true, "valueWithNewErrorFromMessage:inContext:", "@32@0:8@16@24", value_error},
    {true, "valueWithNullInContext:", "@24@0:8@16", value_null},
    {true, "valueWithUndefinedInContext:", "@24@0:8@16", value_undefined},
    {true, "valueWithPoint:inContext:", "@40@0:8{CGPoint=dd}16@32", value_with_point},
    {true, "valueWithSize:inContext:", "@40@0:8{CGSize=dd}16@32", value_with_size},
    {true, "valueWithRect:inContext:", "@56@0:8{CGRect={CGPoint=dd}{CGSize=dd}}16@48", value_with_rect},
    {true, "valueWithRange:inContext:", "@40@0:8{_NSRange=QQ}16@32", value_with_range},
    {false, "mendValue", "^v16@0:8", own_value},
    {false, "dealloc", "v16@0:8", value_dealloc},
    {false, "context", "@16@0:8", value_context},
    {false, "toObject", "@16@0:8", to_object},
    {false, "toObjectOfClass:", "@24@0:8#16", to_object_of_class},
    {false, "toBool", "C16@0:8", to_bool},
    {false, "toDouble", "d16@0:8", to_double},
    {false, "toInt32", "i16@0:8", to_int},
    {false, "toUInt32", "I16@0:8", to_unsigned},
    {false, "toNumber", "@16@0:8", to_number},
    {false, "toString", "@16@0:8", to_string},
    {false, "description", "@16@0:8", to_string},
    {false, "toDate", "@16@0:8", to_date},
    {false, "toArray", "@16@0:8", to_array},
    {false, "toDictionary", "@16@0:8", to_dictionary},
    {false, "toPoint", "{CGPoint=dd}16@0:8", to_point},
    {false, "toSize", "{CGSize=dd}16@0:8", to_size},
    {false, "toRect", "{CGRect={CGPoint=dd}{CGSize=dd}}16@0:8", to_rect},
    {false, "toRange", "{_NSRange=QQ}16@0:8", to_range},
    {false, "isUndefined", "C16@0:8", is_undefined},
    {false, "isNull", "C16@0:8", is_null},
    {false, "isBoolean", "C16@0:8", is_boolean},
    {false, "isNumber", "C16@0:8", is_number},
    {false, "isString", "C16@0:8", is_string},
    {false, "isObject", "C16@0:8", is_object},
    {false, "isArray", "C16@0:8", is_array},
    {false, "isDate", "C16@0:8", is_date},
    {false, "isEqualToObject:", "C24@0:8@16", value_equals},
    {false, "isEqualWithTypeCoercionToObject:", "C24@0:8@16", value_equals_loosely},
    {false, "isInstanceOf:", "C24@0:8@16", value_is_instance},
    {false, "valueForProperty:", "@24@0:8@16", value_get},
    {false, "setValue:forProperty:", "v32@0:8@16@24", value_set},
    {false, "hasProperty:", "C24@0:8@16", value_has},
    {false, "deleteProperty:", "C24@0:8@16", value_delete},
    {false, "valueAtIndex:", "@24@0:8Q16", value_get_at},
    {false, "setValue:atIndex:", "v32@0:8@16Q24", value_set_at},
    {false, "objectForKeyedSubscript:", "@24@0:8@16", value_get},
    {false, "setObject:forKeyedSubscript:", "v32@0:8@16@24", value_set},
    {false, "objectAtIndexedSubscript:", "@24@0:8Q16", value_get_at},
    {false, "setObject:atIndexedSubscript:", "v32@0:8@16Q24", value_set_at},
    {false, "callWithArguments:", "@24@0:8@16", value_call},
    {false, "constructWithArguments:", "@24@0:8@16", value_construct},
    {false, "invokeMethod:withArguments:", "@32@0:8@16@24", value_invoke},
    {false, "isKindOfClass:", "C24@0:8#16", value_is_kind},
    {false, "respondsToSelector:", "C24@0:8:16", value_responds},
    {false, "isEqual:", "C24@0:8@16", value_is_equal},
    {false, "hash", "Q16@0:8", value_hash},
    {false, "methodSignatureForSelector:", "@24@0:8:16", value_signature},
    {false, "forwardInvocation:", "v24@0:8@16", value_forward},
};

static const struct mn_face_method context_methods[] = {
    {true, "currentContext", "@16@0:8", current_context},
    {true, "currentThis", "@16@0:8", current_this},
    {true, "currentCallee", "@16@0:8", current_callee},
    {true, "currentArguments", "@16@0:8", current_arguments},
    {false, "init", "@16@0:8", context_init},
    {false, "evaluateScript:", "@24@0:8@16", context_evaluate},
    {false, "evaluateScript:withSourceURL:", "@32@0:8@16@24", context_evaluate_named},
    {false, "globalObject", "@16@0:8", context_global},
    {false, "objectForKeyedSubscript:", "@24@0:8@16", context_get},
    {false, "setObject:forKeyedSubscript:", "v32@0:8@16@24", context_set},
    {false, "exception", "@16@0:8", context_exception},
    {false, "setException:", "v24@0:8@16", context_set_exception},
    {false, "exceptionHandler", "@?16@0:8", context_handler},
    {false, "setExceptionHandler:", "v24@0:8@?16", context_set_handler},
};

void
mn_jsvalue_register(void)
{
    mend_error err;

    if (mn_class_named("JSContext") != Nil || mn_class_named("JSValue") != Nil)
        return; /* the program's own */
    if (mn_face_class("NSObject", "JSValue", sizeof(mn_script_value), value_methods,
                      sizeof value_methods / sizeof *value_methods, &value_class, &err) != MEND_OK ||
        mn_face_class("NSObject", "JSContext", 0, context_methods, sizeof context_methods / sizeof *context_methods,
                      &context_class, &err) != MEND_OK)
        mn_log(MN_LOG_ERROR, "JSContext is not available: %s; %s", err.message, err.remedy);
    else
        value_at = mn_face_state(value_class);
}
