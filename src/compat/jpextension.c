/* SPDX-License-Identifier: MIT */
/*
 * The class an application's extensions inherit from, with the helpers it offers them. The built-in extensions are
 * classes too, so that lists of names, and code that names the classes, keep working; +main: has scripts get what is
 * not there from the start (support.js: extend).
 */
#include "compat/jpextension.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/jsvalue.h"
#include "compat/message.h"

#include <mend/hook.h>
#include <objc/objc-sync.h>
#include <string.h>

MEND_API const char __objc_class_name_JPExtension = 0;

/* X(class): the extensions of the original, which a program may name in its sources. */
#define BUILT_IN                                                                                             \
    X(JPMemory)                                                                                              \
    X(JPStructPointer)                                                                                       \
    X(JPCFunction)                                                                                           \
    X(JPNumber)                                                                                              \
    X(JPBlock)                                                                                               \
    X(JPLibffi)                                                                                              \
    X(JPProtocol)                                                                                            \
    X(JPDispatch)                                                                                            \
    X(JPLocker)                                                                                              \
    X(JPSpecialInit)                                                                                         \
    X(JPInclude)                                                                                             \
    X(JPCoreGraphics)                                                                                        \
    X(JPCGGeometry)                                                                                          \
    X(JPCGTransform)                                                                                         \
    X(JPCGContext)                                                                                           \
    X(JPCGColor)                                                                                             \
    X(JPCGImage)                                                                                             \
    X(JPCGPath)                                                                                              \
    X(JPCGBitmapContext)                                                                                     \
    X(JPUIKit)                                                                                               \
    X(JPUIGeometry)                                                                                          \
    X(JPUIGraphics)                                                                                          \
    X(JPUIImage)
#define X(name) MEND_API const char __objc_class_name_##name = 0;
BUILT_IN
#undef X

static id structs; /* NSMutableDictionary, name -> definition; under the runtime's mutex, never replaced */

static void
nothing(id self, SEL _cmd, id context)
{
    (void)self, (void)_cmd, (void)context;
}

static void
extend(id self, SEL _cmd, id context)
{
    const struct mn_script_face *face = mn_jsvalue_engine();

    (void)_cmd, (void)context;
    if (face != NULL)
        face->extend(mn_class_name((Class)self));
}

/* ---- Values ---- */

static const struct mn_script_values *
values(void)
{
    const struct mn_script_face *face = mn_jsvalue_engine();

    return face != NULL ? face->values : NULL;
}

static void *
pointer_to_native(id self, SEL _cmd, id value)
{
    mn_script_value v = mn_jsvalue_of(value);
    void *pointer = v != NULL ? values()->to_pointer(v) : NULL;

    (void)self, (void)_cmd;
    if (v != NULL)
        values()->let_go(v);
    return pointer;
}

static id
pointer_to_script(id self, SEL _cmd, void *pointer)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd;
    return v != NULL ? mn_jsvalue_make(v->of_pointer(pointer)) : nil;
}

/* nil for undefined, null and false, as scripts have it. */
static id
to_native(id self, SEL _cmd, id value)
{
    mn_script_value v = mn_jsvalue_of(value), thrown = NULL;
    enum mn_script_kind kind = v != NULL ? values()->kind(v) : MN_SCRIPT_UNDEFINED;
    id object = nil;

    (void)self, (void)_cmd;
    if (kind > MN_SCRIPT_BOOLEAN || (kind == MN_SCRIPT_BOOLEAN && values()->to_bool(v)))
        object = values()->to_object(v, &thrown);
    if (thrown != NULL)
        values()->let_go(thrown);
    if (v != NULL)
        values()->let_go(v);
    return object;
}

static id
to_script(id self, SEL _cmd, id object)
{
    const struct mn_script_values *v = values();

    (void)self, (void)_cmd;
    return v != NULL ? mn_jsvalue_make(v->of_wrapped(object)) : nil;
}

/* ---- Structs ---- */

void
mn_jpextension_struct(id definition)
{
    id name = mn_face_entry(definition, "name"), fresh;
    SEL set = mn_selector("setObject:forKey:");

    if (name == nil)
        return;
    fresh = mn_face_send((id)mn_class_named("NSMutableDictionary"), "new");
    mn_runtime_lock();
    if (structs == nil) {
        structs = fresh;
        fresh = nil;
    }
    mn_runtime_unlock();
    mn_release(fresh);
    objc_sync_enter(structs);
    ((void (*)(id, SEL, id, id))(void *)mn_lookup(structs, set))(structs, set, definition, name);
    objc_sync_exit(structs);
}

static id
registered_structs(id self, SEL _cmd)
{
    (void)self, (void)_cmd;
    return structs != nil ? structs : mn_autorelease(mn_face_send((id)mn_class_named("NSMutableDictionary"), "new"));
}

static id
struct_to_dictionary(id self, SEL _cmd, void *bytes, id definition)
{
    const struct mn_script_values *v = values();
    const char *name = mn_face_text(mn_face_entry(definition, "name"));
    mn_script_value value = v != NULL && name != NULL && bytes != NULL ? v->of_struct(name, bytes) : NULL, thrown = NULL;
    id dictionary = value != NULL ? v->to_object(value, &thrown) : nil;

    (void)self, (void)_cmd;
    if (value != NULL)
        v->let_go(value);
    return dictionary;
}

static void
dictionary_to_struct(id self, SEL _cmd, void *bytes, id dictionary, id definition)
{
    const struct mn_script_values *v = values();
    const char *name = mn_face_text(mn_face_entry(definition, "name"));
    mn_script_value value = v != NULL ? v->of_object(dictionary) : NULL;

    (void)self, (void)_cmd;
    if (value != NULL && name != NULL && bytes != NULL)
        v->to_struct(value, name, bytes, SIZE_MAX);
    if (value != NULL)
        v->let_go(value);
}

/* The size of a C struct with members of those letters. */
static int
size_of_types(id self, SEL _cmd, id types)
{
    const struct mn_script_face *face = mn_jsvalue_engine();
    const char *letters = mn_face_text(types);

    (void)self, (void)_cmd;
    return face != NULL && letters != NULL ? (int)face->struct_size(letters) : 0;
}

static id
overridden(id self, SEL _cmd)
{
    const struct mn_script_face *face = mn_jsvalue_engine();

    (void)self, (void)_cmd;
    return face != NULL ? face->overridden() : nil;
}

static id
included(id self, SEL _cmd)
{
    const struct mn_script_face *face = mn_jsvalue_engine();

    (void)self, (void)_cmd;
    return face != NULL ? face->included() : nil;
}

/* ---- JPSpecialInit ---- */

static id
calendar(id self, SEL _cmd, id identifier)
{
    id made = mn_face_send((id)mn_class_named("NSCalendar"), "alloc");

    (void)self, (void)_cmd;
    return mn_autorelease(mn_face_send_with(made, "initWithCalendarIdentifier:", identifier));
}

static id
web_view(id self, SEL _cmd)
{
    Class cls = mn_class_named("UIWebView");

    (void)self, (void)_cmd;
    return cls != Nil ? mn_autorelease(mn_face_send((id)cls, "new")) : nil;
}

static const struct mn_face_method extension_methods[] = {
    {true, "main:", "v24@0:8@16", nothing},
    {true, "formatPointerJSToOC:", "^v24@0:8@16", pointer_to_native},
    {true, "formatPointerOCToJS:", "@24@0:8^v16", pointer_to_script},
    {true, "formatRetainedCFTypeOCToJS:", "@24@0:8^v16", pointer_to_script},
    {true, "formatJSToOC:", "@24@0:8@16", to_native},
    {true, "formatOCToJS:", "@24@0:8@16", to_script},
    {true, "sizeOfStructTypes:", "i24@0:8@16", size_of_types},
    {true, "getStructDataWidthDict:dict:structDefine:", "v40@0:8^v16@24@32", dictionary_to_struct},
    {true, "getDictOfStruct:structDefine:", "@32@0:8^v16@24", struct_to_dictionary},
    {true, "registeredStruct", "@16@0:8", registered_structs},
    {true, "overideMethods", "@16@0:8", overridden},
    {true, "includedScriptPaths", "@16@0:8", included},
};
static const struct mn_face_method built_in_methods[] = {
    {true, "main:", "v24@0:8@16", extend},
    {true, "calendarWithCalendarIdentifier:", "@24@0:8@16", calendar}, /* these two: JPSpecialInit's alone */
    {true, "newWebView", "@16@0:8", web_view},
};

static void
make(const char *superclass, const char *name, const struct mn_face_method *methods, size_t count)
{
    mend_error err;
    Class cls;

    if (mn_face_class(superclass, name, 0, methods, count, &cls, &err) != MEND_OK)
        mn_log(MN_LOG_ERROR, "%s is not available: %s; %s", name, err.message, err.remedy);
}

void
mn_jpextension_register(void)
{
    static const char *const names[] = {
#define X(name) #name,
        BUILT_IN
#undef X
    };

    make("NSObject", "JPExtension", extension_methods, sizeof extension_methods / sizeof *extension_methods);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mn_class_named(names[i]) == Nil) /* an application may have one of that name itself */
            make("JPExtension", names[i], built_in_methods, strcmp(names[i], "JPSpecialInit") == 0 ? 3 : 1);
}
