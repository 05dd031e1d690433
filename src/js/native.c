/* SPDX-License-Identifier: MIT */
#include "js/native.h"

#include "js/block.h"
#include "js/body.h"
#include "js/class.h"
#include "js/convert.h"
#include "js/ctype.h"
#include "js/define.h"
#include "js/message.h"
#include "js/pointer.h"
#include "js/property.h"
#include "js/protocol.h"
#include "js/script.h"
#include "js/send.h"
#include "js/support.h"

#include <dlfcn.h>
#include <objc/objc-sync.h>
#include <stdio.h>

static void
let_go(id *object)
{
    if (*object != nil && !mn_object_is_class(*object))
        mn_release(*object);
}

/* classRef(name) */
MN_JS_NATIVE(class_ref)
{
    char *name = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    JSValueRef ref = name != NULL ? mn_js_wrap_class(context, name) : mn_js_make_undefined(context);

    mn_free(name);
    return ref;
}

/* isClassRef(value) */
MN_JS_NATIVE(is_class_ref)
{
    struct mn_js_ref *ref = count > 0 ? mn_js_ref_of(context, arguments[0]) : NULL;

    return mn_js_make_bool(context, ref != NULL && ref->head.kind == MN_JS_REF_CLASS);
}

/* hasClass(name) */
MN_JS_NATIVE(has_class)
{
    char *name = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    bool has = name != NULL && mn_class_named(name) != Nil;

    mn_free(name);
    return mn_js_make_bool(context, has);
}

/* superOf(receiver, class whose body runs or undefined, self): a receiver whose messages start above. */
MN_JS_NATIVE(super_of)
{
    MN_SCOPED(let_go) id object = nil;
    struct mn_js_ref *running = count > 2 ? mn_js_ref_of(context, arguments[1]) : NULL;
    struct mn_js_ref *current = count > 2 ? mn_js_ref_of(context, arguments[2]) : NULL;
    struct mn_js_ref *ref = count > 2 ? mn_js_ref_of(context, arguments[0]) : NULL;
    Class above, start, named = Nil;

    if (count < 3 || ref == NULL || !mn_js_receiver(context, arguments[0], &object, &above, exception) || object == nil)
        return mn_js_make_nil(context);
    start = above != Nil ? above : mn_object_class(object);
    if (running != NULL && running->head.kind == MN_JS_REF_CLASS && current != NULL && above == Nil &&
        (current == ref || current->object == ref->object)) {
        named = mn_js_ref_class(running);
        if (named != Nil && mn_class_is_meta(start))
            named = mn_class_meta(named);
        if (named != Nil && mn_class_inherits(start, named))
            start = named;
    }
    return mn_js_wrap_super(context, object, mn_class_super(start));
}

/* send(receiver, selector, arguments) */
MN_JS_NATIVE(send_exact)
{
    MN_SCOPED(let_go) id object = nil;
    Class above;
    JSValueRef values[64], result, length;
    size_t given = 0;
    char *selector;

    if (count < 2 || !mn_js_receiver(context, arguments[0], &object, &above, exception) || object == nil)
        return mn_js_make_nil(context);
    if (count > 2 && mn_js_type_of(context, arguments[2]) == MN_JS_OBJECT) {
        length = mn_js_get(context, (JSObjectRef)arguments[2], "length", exception);
        given = (size_t)JSValueToNumber(context, length, exception);
        if (given > 64) {
            mn_js_throw(context, exception, "at most 64 arguments");
            return NULL;
        }
        for (size_t i = 0; i < given; i++)
            values[i] = JSObjectGetPropertyAtIndex(context, (JSObjectRef)arguments[2], (unsigned)i, exception);
    }
    if ((selector = mn_js_copy_text(context, arguments[1], exception)) == NULL)
        return NULL;
    result = mn_js_send(context, object, above, selector, given, values, exception);
    mn_free(selector);
    return result;
}

/* raw(receiver, selector, arguments): send, with numbers left as the objects they are. */
MN_JS_NATIVE(send_raw)
{
    JSValueRef result;

    mn_js_keep_numbers = true;
    result = send_exact(context, function, self, count, arguments, exception);
    mn_js_keep_numbers = false;
    return result;
}

/* weak(wrapper), strong(wrapper) */
MN_JS_NATIVE(make_weak)
{
    MN_SCOPED(let_go) id object = nil;
    Class above;

    if (count < 1 || !mn_js_receiver(context, arguments[0], &object, &above, exception) || object == nil)
        return count > 0 && mn_js_ref_of(context, arguments[0]) == NULL ? arguments[0] : mn_js_make_nil(context);
    return mn_js_wrap_weak(context, object);
}

MN_JS_NATIVE(make_strong)
{
    id object = nil;
    Class above;

    if (count < 1 || !mn_js_receiver(context, arguments[0], &object, &above, exception) || object == nil)
        return count > 0 && mn_js_ref_of(context, arguments[0]) == NULL ? arguments[0] : mn_js_make_nil(context);
    return mn_js_wrap_take(context, object);
}

/* text(value): its description, "(null)" for nil. */
MN_JS_NATIVE(describe)
{
    MN_JS_TEMPORARIES(temporaries);
    struct mn_js_ref *ref = count > 0 ? mn_js_ref_of(context, arguments[0]) : NULL;
    JSValueRef result;
    char *text = NULL;
    id object, description;

    if (count < 1)
        return mn_js_make_text(context, "");
    if (ref != NULL && ref->head.kind == MN_JS_REF_POINTER) {
        char address[32];

        snprintf(address, sizeof address, "%p", ref->pointer);
        return mn_js_make_text(context, address);
    }
    if (mn_js_type_of(context, arguments[0]) == MN_JS_OBJECT && ref == NULL &&
        JSObjectIsFunction(context, (JSObjectRef)arguments[0]))
        return arguments[0];
    if (mn_js_type_of(context, arguments[0]) == MN_JS_NUMBER || mn_js_type_of(context, arguments[0]) == MN_JS_STRING)
        return arguments[0];
    if (!mn_js_to_object(context, arguments[0], &object, &temporaries, exception))
        return NULL;
    if (object == nil)
        return mn_js_make_text(context, "(null)");
    description = MN_JS_SEND0(id, object, "description");
    text = description != nil ? mn_js_text_of(description) : NULL;
    result = mn_js_make_text(context, text != NULL ? text : "");
    mn_free(text);
    return result;
}

/* Foundation's NSLog, where the host's own lines go; it is a function of the process, not of ours. */
static void
write_line(const char *text)
{
    static void (*nslog)(id format, ...);
    id format, line;

    if (nslog == NULL)
        *(void **)&nslog = dlsym(RTLD_DEFAULT, "NSLog");
    if (nslog == NULL) {
        mn_log(MN_LOG_WARNING, "%s", text);
        return;
    }
    format = mn_string_new("%@", 2);
    line = mn_string_new(text, strlen(text));
    nslog(format, line);
    mn_release(format);
    mn_release(line);
}

/* log(text): one line where the host's own lines go. */
MN_JS_NATIVE(log_line)
{
    char *text = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;

    if (text != NULL)
        write_line(text);
    mn_free(text);
    return mn_js_make_undefined(context);
}

/* set(switch, on): autoConvertOCType and convertOCNumberToString. */
MN_JS_NATIVE(switch_set)
{
    char *name = count > 1 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    bool on = count > 1 && JSValueToBoolean(context, arguments[1]);

    if (name != NULL && strcmp(name, "convert") == 0)
        mn_js.auto_convert = on;
    else if (name != NULL)
        mn_js.number_strings = on;
    mn_free(name);
    return mn_js_make_undefined(context);
}

/* encoding(C type): as text, or undefined. */
MN_JS_NATIVE(type_encoding)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    char *name = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    JSValueRef result = name != NULL && mn_js_ctype_encoding(name, &out)
                            ? mn_js_make_text(context, mn_buffer_peek(&out))
                            : mn_js_make_undefined(context);

    mn_buffer_fini(&out);
    mn_free(name);
    return result;
}

/* defineStruct(name, types, keys) */
MN_JS_NATIVE(define_struct)
{
    char *name = count > 2 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    char *types = count > 2 ? mn_js_copy_text(context, arguments[1], exception) : NULL;
    char *keys[64];
    size_t n = 0;
    bool good = false;

    if (name != NULL && types != NULL && mn_js_type_of(context, arguments[2]) == MN_JS_OBJECT) {
        JSObjectRef array = (JSObjectRef)arguments[2];
        JSValueRef length = mn_js_get(context, array, "length", exception);

        for (unsigned i = 0; i < 64 && i < JSValueToNumber(context, length, exception); i++)
            if ((keys[n] = mn_js_copy_text(context, JSObjectGetPropertyAtIndex(context, array, i, exception),
                                           exception)) != NULL)
                n++;
        good = mn_js_structure_define(name, types, (const char *const *)keys, n);
    }
    while (n > 0)
        mn_free(keys[--n]);
    mn_free(name);
    mn_free(types);
    return mn_js_make_bool(context, good);
}

/* report(text): to the handler of errors. */
MN_JS_NATIVE(report)
{
    char *text = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;

    if (text != NULL)
        mn_js_report("%s", text);
    mn_free(text);
    return mn_js_make_undefined(context);
}

/* number(class, selector, arguments): an NSNumber that stays an object. */
MN_JS_NATIVE(make_number)
{
    MN_JS_TEMPORARIES(temporaries);
    id object;

    if (count < 1 || mn_js_type_of(context, arguments[0]) != MN_JS_NUMBER)
        return count > 0 ? arguments[0] : mn_js_make_undefined(context);
    if (!mn_js_to_object(context, arguments[0], &object, &temporaries, exception))
        return NULL;
    return mn_js_wrap(context, object);
}

/* toJSNumber(wrapper) */
MN_JS_NATIVE(plain_number)
{
    MN_SCOPED(let_go) id object = nil;
    Class above;

    if (count < 1 || !mn_js_receiver(context, arguments[0], &object, &above, exception) ||
        !mn_js_is_kind(object, mn_js.NSNumber))
        return count > 0 ? arguments[0] : mn_js_make_undefined(context);
    return mn_js_from_object(context, object, false);
}

/* clean(class name or undefined) */
MN_JS_NATIVE(clean)
{
    char *name = count > 0 && mn_js_type_of(context, arguments[0]) == MN_JS_STRING
                     ? mn_js_copy_text(context, arguments[0], exception)
                     : NULL;

    mn_js_clean(name);
    mn_free(name);
    return mn_js_make_undefined(context);
}

static void
unlock(id *object)
{
    if (*object != nil)
        objc_sync_exit(*object);
}

/* synchronized(object, function) */
MN_JS_NATIVE(synchronized)
{
    MN_SCOPED(let_go) id object = nil;
    MN_SCOPED(unlock) id locked = nil;
    Class above;

    if (count < 2 || !mn_js_receiver(context, arguments[0], &object, &above, exception) ||
        mn_js_type_of(context, arguments[1]) != MN_JS_OBJECT)
        return mn_js_make_undefined(context);
    if (objc_sync_enter(object) == OBJC_SYNC_SUCCESS)
        locked = object;
    return JSObjectCallAsFunction(context, (JSObjectRef)arguments[1], NULL, 0, NULL, exception);
}

/* nsnull() */
MN_JS_NATIVE(null_object)
{
    return mn_js_wrap(context, MN_JS_SEND0(id, mn_js.NSNull, "null"));
}

/* lookup(): an object that answers to called names for receivers that are values of JavaScript. */
MN_JS_NATIVE(value_lookup)
{
    return mn_js_class_prototype(mn_js_class_missing());
}

/* binders(): the function that adds them to the globals. */
MN_JS_NATIVE(binders)
{
    return mn_js_evaluate((const char *)mn_js_binders_text, mn_js_binders_length, "mend-binders.js", 1, exception);
}

JSObjectRef
mn_js_native_functions(void)
{
    static const struct {
        const char *name;
        JSObjectCallAsFunctionCallback callback;
    } functions[] = {
        {"classRef", class_ref},
        {"isClassRef", is_class_ref},
        {"hasClass", has_class},
        {"superOf", super_of},
        {"send", send_exact},
        {"raw", send_raw},
        {"after", mn_js_after},
        {"made", mn_js_block_made},
        {"define", mn_js_define},
        {"defineProtocol", mn_js_define_protocol},
        {"protocol", mn_js_protocol},
        {"stored", mn_js_stored},
        {"store", mn_js_store},
        {"weak", make_weak},
        {"strong", make_strong},
        {"text", describe},
        {"log", log_line},
        {"set", switch_set},
        {"encoding", type_encoding},
        {"defineStruct", define_struct},
        {"report", report},
        {"number", make_number},
        {"toJSNumber", plain_number},
        {"nsnull", null_object},
        {"lookup", value_lookup},
        {"clean", clean},
        {"binders", binders},
        {"synchronized", synchronized},
    };
    JSObjectRef native = JSObjectMake(mn_js.context, NULL, NULL);

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        mn_js_set(mn_js.context, native, functions[i].name,
                  mn_js_function(functions[i].name, functions[i].callback), false, NULL);
    mn_js_pointers_install(native);
    mn_js_dispatch_install(native);
    mn_js_cfunctions_install(native);
    mn_js_scripts_install(native);
    return native;
}
