/* SPDX-License-Identifier: MIT */
/*
 * Starting the engine, evaluating, and reporting.
 *
 * The engine reads its options from the environment when its first context is made. Where the process may not have
 * pages that are writable and executable (or MEND_JS_JIT=0 asks for it), its compiler is switched off that way, and the
 * variable is taken back at once. A host may fork: a child has none of the engine's own threads, and for ever the locks
 * they held. So the engine allocates by the C library, whose heap is whole in a child, and compiles and collects on the
 * thread that runs the script. MEND_JS_TIME_LIMIT=seconds ends an entry that uses more processor time than that.
 */
#include "js/engine.h"

#include "js/class.h"
#include "js/convert.h"
#include "js/message.h"
#include "js/native.h"
#include "js/ref.h"
#include "js/scan.h"
#include "js/send.h"
#include "js/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct mn_js mn_js = {.tables = PTHREAD_MUTEX_INITIALIZER};

/* Exported by the library, declared in none of its C headers. */
typedef bool (*should_terminate)(JSContextRef context, void *data);
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef group, double seconds, should_terminate ask, void *data);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static mend_status started;
static mend_error failure;
static void (*error_handler)(void *data, const char *text); /* both under mn_js.tables */
static void *error_data;

/* ---- Starting ---- */

static bool
may_compile(void)
{
    const char *wish = getenv("MEND_JS_JIT");
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page;

    if (wish != NULL && strcmp(wish, "0") == 0)
        return false;
    page = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    munmap(page, size);
    return true;
}

/* An option of the engine's, in the environment while it reads that; what the host set there wins. */
struct option {
    const char *name, *value;
    bool ours;
};

static void
set_option(struct option *option, const char *name, const char *value)
{
    *option = (struct option){name, value, getenv(name) == NULL};
    if (option->ours)
        setenv(name, value, 1);
}

static void
unset_option(const struct option *option)
{
    if (option->ours)
        unsetenv(option->name);
}

static double
time_limit(void)
{
    const char *text = getenv("MEND_JS_TIME_LIMIT");

    return text != NULL ? strtod(text, NULL) : 0;
}

static void
make_context(void)
{
    static const char *const for_children[][2] = {
        {"Malloc", "1"}, {"JSC_useConcurrentGC", "0"}, {"JSC_numberOfGCMarkers", "1"}, {"JSC_useConcurrentJIT", "0"}};
    enum { FOR_CHILDREN = sizeof for_children / sizeof *for_children };
    struct option compiler, polling = {0}, child[FOR_CHILDREN];

    if (may_compile())
        set_option(&compiler, "JSC_jitMemoryReservationSize", "16777216");
    else
        set_option(&compiler, "JSC_useJIT", "0");
    if (time_limit() > 0) /* compiled loops must ask: the engine's other way to stop them, by breaking into the thread,
                           * now and then never comes to an end */
        set_option(&polling, "JSC_usePollingTraps", "1");
    for (int i = 0; i < FOR_CHILDREN; i++)
        set_option(&child[i], for_children[i][0], for_children[i][1]);
    mn_js.group = JSContextGroupCreate();
    mn_js.context = JSGlobalContextCreateInGroup(mn_js.group, NULL);
    unset_option(&compiler);
    unset_option(&polling);
    for (int i = 0; i < FOR_CHILDREN; i++)
        unset_option(&child[i]);
}

static bool
always(JSContextRef context, void *data)
{
    return true;
}

static void
limit_time(void)
{
    double seconds = time_limit();

    if (seconds > 0)
        JSContextGroupSetExecutionTimeLimit(mn_js.group, seconds, always, NULL);
}

/* Compares what value.h knows with what the engine answers. */
static bool
is_boxed(void)
{
    static const double numbers[] = {1.5, -0.25, 1e300};
    JSContextRef c = mn_js.context;

    if (sizeof(void *) != 8 || (uint64_t)JSValueMakeNumber(c, 7) != (MN_JS_NUMBER_TAG | 7) ||
        (uint64_t)JSValueMakeNumber(c, -7) != (MN_JS_NUMBER_TAG | (uint32_t)-7) ||
        (uint64_t)JSValueMakeBoolean(c, false) != MN_JS_BITS_FALSE ||
        (uint64_t)JSValueMakeBoolean(c, true) != MN_JS_BITS_TRUE || (uint64_t)JSValueMakeNull(c) != MN_JS_BITS_NULL ||
        (uint64_t)JSValueMakeUndefined(c) != MN_JS_BITS_UNDEFINED)
        return false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t bits;

        memcpy(&bits, &numbers[i], sizeof bits);
        if ((uint64_t)JSValueMakeNumber(c, numbers[i]) != bits + MN_JS_DOUBLE_ADD)
            return false;
    }
    return true;
}

static bool
find_foundation(void)
{
    const struct {
        Class *cls;
        const char *name;
    } classes[] = {
        {&mn_js.NSObject, "NSObject"},         {&mn_js.NSString, "NSString"},
        {&mn_js.NSArray, "NSArray"},           {&mn_js.NSDictionary, "NSDictionary"},
        {&mn_js.NSDate, "NSDate"},             {&mn_js.NSNumber, "NSNumber"},
        {&mn_js.NSNull, "NSNull"},             {&mn_js.NSMutableArray, "NSMutableArray"},
        {&mn_js.NSException, "NSException"},   {&mn_js.NSMutableDictionary, "NSMutableDictionary"},
    };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if ((*classes[i].cls = mn_class_named(classes[i].name)) == Nil)
            return false;
    return true;
}

/* The engine's own thousand lines of JavaScript: support.js, compiled in. */
static bool
run_support(void)
{
    JSValueRef exception = NULL, native = mn_js_native_functions(), made;
    JSValueRef factory = mn_js_evaluate((const char *)mn_js_support_text, mn_js_support_length, "mend-support.js", 1,
                                        &exception);

    if (factory != NULL) {
        mn_js_scan_calls((const char *)mn_js_support_text, mn_js_support_length);
        made = JSObjectCallAsFunction(mn_js.context, (JSObjectRef)factory, NULL, 1, &native, &exception);
        if (made != NULL) {
            mn_js.support = (JSObjectRef)made;
            JSValueProtect(mn_js.context, made);
            return true;
        }
    }
    mn_js_report_exception(mn_js.context, exception, true);
    return false;
}

static void
start(void)
{
    if (!find_foundation()) {
        started = mn_fail(&failure, MEND_NO_CLASS, "scripts need Foundation, which this process has not loaded");
        return;
    }
    mn_blocks_register(NULL);
    make_context();
    mn_js.global = JSContextGetGlobalObject(mn_js.context);
    mn_js.boxed = is_boxed();
    mn_js_refs_open();
    mn_js_classes_open();
    mn_js_send_open();
    mn_js_structures_open();
    if (!run_support())
        started = mn_fail(&failure, MEND_INTERNAL, "the support script does not run");
    limit_time();
}

mend_status
mn_js_start(mend_error *err)
{
    pthread_once(&once, start);
    if (started != MEND_OK && err != NULL)
        *err = failure;
    return started;
}

/* ---- Running ---- */

JSValueRef
mn_js_evaluate(const char *text, size_t length, const char *file, int line, JSValueRef *exception)
{
    char *copy = mn_strndup(text, length);
    JSStringRef script, url;
    JSValueRef value;

    if (copy == NULL)
        return NULL;
    script = mn_js_string(copy);
    url = mn_js_string(file);
    value = JSEvaluateScript(mn_js.context, script, NULL, url, line, exception);
    JSStringRelease(script);
    JSStringRelease(url);
    mn_free(copy);
    return value;
}

JSObjectRef
mn_js_support(const char *name)
{
    return (JSObjectRef)mn_js_get(mn_js.context, mn_js.support, name, NULL);
}

JSValueRef
mn_js_call_support(const char *name, size_t count, const JSValueRef *arguments, JSValueRef *exception)
{
    return JSObjectCallAsFunction(mn_js.context, mn_js_support(name), NULL, count, arguments, exception);
}

/* ---- Errors ---- */

static void
append_property(JSContextRef context, JSObjectRef object, const char *name, struct mn_buffer *out)
{
    JSValueRef value = mn_js_get(context, object, name, NULL);
    char *text = value != NULL && !JSValueIsUndefined(context, value) ? mn_js_copy_text(context, value, NULL) : NULL;

    if (text != NULL)
        mn_buffer_text(out, text);
    mn_free(text);
}

static unsigned
number_property(JSContextRef context, JSObjectRef object, const char *name)
{
    JSValueRef value = mn_js_get(context, object, name, NULL);

    return value != NULL && JSValueIsNumber(context, value) ? (unsigned)JSValueToNumber(context, value, NULL) : 0;
}

void
mn_js_describe_exception(JSContextRef context, JSValueRef exception, struct mn_buffer *message,
                         struct mn_buffer *stack, struct mn_js_place *place)
{
    char *text = mn_js_copy_text(context, exception, NULL);

    mn_buffer_text(message, text != NULL ? text : "an exception that cannot be described");
    mn_free(text);
    memset(place, 0, sizeof *place);
    if (JSValueIsObject(context, exception)) {
        struct mn_buffer url = MN_BUFFER_EMPTY;

        append_property(context, (JSObjectRef)exception, "stack", stack);
        append_property(context, (JSObjectRef)exception, "sourceURL", &url);
        mn_copy_text(place->file, sizeof place->file, mn_buffer_peek(&url));
        mn_buffer_fini(&url);
        place->line = number_property(context, (JSObjectRef)exception, "line");
        place->column = number_property(context, (JSObjectRef)exception, "column");
    }
}

void
mn_js_on_error(void (*handler)(void *data, const char *text), void *data)
{
    pthread_mutex_lock(&mn_js.tables);
    error_handler = handler;
    error_data = data;
    pthread_mutex_unlock(&mn_js.tables);
}

void
mn_js_report(const char *format, ...)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    void (*handler)(void *data, const char *text);
    va_list args;
    void *data;

    va_start(args, format);
    mn_buffer_vprintf(&text, format, args);
    va_end(args);
    pthread_mutex_lock(&mn_js.tables);
    handler = error_handler;
    data = error_data;
    pthread_mutex_unlock(&mn_js.tables);
    if (handler != NULL)
        handler(data, mn_buffer_peek(&text));
    else
        mn_log(MN_LOG_ERROR, "%s", mn_buffer_peek(&text));
    mn_buffer_fini(&text);
}

void
mn_js_report_exception(JSContextRef context, JSValueRef exception, bool with_stack)
{
    struct mn_buffer message = MN_BUFFER_EMPTY, stack = MN_BUFFER_EMPTY;
    struct mn_js_place place;

    mn_js_describe_exception(context, exception, &message, &stack, &place);
    if (with_stack)
        mn_js_report("js exception, \nmsg: %s, \nstack: %s", mn_buffer_peek(&message), mn_buffer_peek(&stack));
    else
        mn_js_report("js exception: %s (%s:%u)", mn_buffer_peek(&message), place.file, place.line);
    mn_buffer_fini(&message);
    mn_buffer_fini(&stack);
}

void
mn_js_throw(JSContextRef context, JSValueRef *exception, const char *format, ...)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    JSValueRef message;
    va_list args;

    if (exception == NULL)
        return;
    va_start(args, format);
    mn_buffer_vprintf(&text, format, args);
    va_end(args);
    message = mn_js_make_text(context, mn_buffer_peek(&text));
    *exception = JSObjectMakeError(context, 1, &message, NULL);
    mn_buffer_fini(&text);
}

JSValueRef
mn_js_error_of(JSContextRef context, id exception)
{
    char name[128], reason[1024], text[1200];
    JSValueRef message;
    JSObjectRef error;

    mn_exception_name(exception, name, sizeof name);
    mn_exception_reason(exception, reason, sizeof reason);
    snprintf(text, sizeof text, "%s: %s", name, reason);
    message = mn_js_make_text(context, text);
    error = JSObjectMakeError(context, 1, &message, NULL);
    mn_js_set(context, error, "name", mn_js_make_text(context, name), true, NULL);
    mn_js_set(context, error, "reason", mn_js_make_text(context, reason), true, NULL);
    mn_js_set(context, error, "nativeException", mn_js_wrap(context, exception), true, NULL);
    message = error;
    mn_js_call_support("tellStack", 1, &message, NULL); /* on demand: symbols take time */
    return error;
}

id
mn_js_native_exception(JSContextRef context, JSValueRef error)
{
    JSValueRef native;
    struct mn_js_ref *ref;

    if (mn_js_type_of(context, error) != MN_JS_OBJECT)
        return nil;
    if ((ref = mn_js_ref_of(context, error)) != NULL) /* `throw exception` of a wrapped one */
        return mn_js_is_kind(ref->object, mn_js.NSException) ? ref->object : nil;
    native = mn_js_get(context, (JSObjectRef)error, "nativeException", NULL);
    ref = native != NULL ? mn_js_ref_of(context, native) : NULL;
    return ref != NULL ? ref->object : nil;
}

static id
text_object(const struct mn_buffer *text)
{
    return mn_autorelease(mn_string_new(mn_buffer_peek(text), text->length));
}

id
mn_js_exception_of(JSContextRef context, JSValueRef error)
{
    struct mn_buffer message = MN_BUFFER_EMPTY, stack = MN_BUFFER_EMPTY, key = MN_BUFFER_EMPTY, name = MN_BUFFER_EMPTY;
    id about = mn_autorelease(MN_JS_SEND0(id, mn_js.NSMutableDictionary, "new")), exception;
    struct mn_js_place place;

    mn_js_describe_exception(context, error, &message, &stack, &place);
    if (place.line != 0)
        mn_buffer_printf(&message, " (%s:%u)", place.file, place.line);
    mn_buffer_text(&key, "stack");
    mn_buffer_text(&name, "MendScriptError");
    MN_JS_SEND2(void, about, "setObject:forKey:", id, text_object(&stack), id, text_object(&key));
    exception = MN_JS_SEND0(id, mn_js.NSException, "alloc");
    exception = MN_JS_SEND3(id, exception, "initWithName:reason:userInfo:", id, text_object(&name), id,
                            text_object(&message), id, about);
    mn_buffer_fini(&message);
    mn_buffer_fini(&stack);
    mn_buffer_fini(&key);
    mn_buffer_fini(&name);
    return mn_autorelease(exception);
}
