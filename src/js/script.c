/* SPDX-License-Identifier: MIT */
#include "js/script.h"

#include "js/body.h"
#include "js/class.h"
#include "js/convert.h"
#include "js/define.h"
#include "js/face.h"
#include "js/gate.h"
#include "js/message.h"
#include "js/native.h"
#include "js/ref.h"
#include "js/scan.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* Around a source, on its own first line: variables are the file's, `return` is legal, lines are true. */
#define BEFORE "(function(defineClass,include,resourcePath){"
#define BEHIND "\n})"
enum { SHIFT = sizeof BEFORE - 1 };

static struct mn_map scripts = MN_MAP_EMPTY; /* serial -> script; under mn_js.tables */
static struct mn_js_script ownerless = {.id = (char *)"scripts"};
static unsigned long last_serial;

const char *
mn_js_script_id(const struct mn_js_script *script)
{
    return script->id;
}

struct mn_js_script *
mn_js_script_of(JSContextRef context, JSValueRef value)
{
    return mn_js_script_numbered((unsigned long)JSValueToNumber(context, value, NULL));
}

struct mn_js_script *
mn_js_script_numbered(unsigned long serial)
{
    struct mn_js_script *script;

    if (serial == 0)
        return &ownerless;
    pthread_mutex_lock(&mn_js.tables);
    script = mn_map_get(&scripts, &serial, sizeof serial);
    pthread_mutex_unlock(&mn_js.tables);
    return script;
}

/* ---- Reading ---- */

static bool
is_script(const mend_source *source)
{
    size_t length = strlen(source->name);

    return length > 3 && strcmp(source->name + length - 3, ".js") == 0;
}

/* What the script left in the global object goes, once. */
static void
take_globals_back(struct mn_js_script *script)
{
    JSValueRef arguments[2] = {mn_js_make_double(mn_js.context, (double)script->serial), script->globals};

    if (script->globals == NULL)
        return;
    script->globals = NULL;
    mn_js_call_support("takeBack", 2, arguments, NULL);
    JSValueUnprotect(mn_js.context, arguments[1]);
}

static void
add_changes(struct mn_js_script *script, JSValueRef changes)
{
    JSValueRef both[2] = {script->globals, changes}, all;

    all = script->globals == NULL ? changes : mn_js_call_support("joined", 2, both, NULL);
    if (all == NULL)
        return;
    JSValueProtect(mn_js.context, all);
    if (script->globals != NULL)
        JSValueUnprotect(mn_js.context, script->globals);
    script->globals = all;
}

/* After a run: adds what differs from `before` to what the script left earlier. */
static void
keep_globals(struct mn_js_script *script, JSValueRef before)
{
    JSValueRef changes = before != NULL ? mn_js_call_support("globalsSince", 1, &before, NULL) : NULL;

    if (changes != NULL)
        add_changes(script, changes);
}

static void
close_script(struct mn_body *body)
{
    struct mn_js_script *script = (struct mn_js_script *)body;

    mn_js_undefine(script, NULL, NULL);
    take_globals_back(script);
    pthread_mutex_lock(&mn_js.tables);
    mn_map_remove(&scripts, &script->serial, sizeof script->serial);
    pthread_mutex_unlock(&mn_js.tables);
    mn_map_fini(&script->included);
    mn_js_guard_release(script->guard);
    mn_free(script->id);
    mn_free(script->file);
    mn_free(script->root);
    mn_free(script->text);
    mn_free(script);
}

static char *
wrapped(const char *text, size_t length)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;

    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    mn_buffer_text(&out, BEFORE);
    if (length >= 2 && text[0] == '#' && text[1] == '!')
        mn_buffer_text(&out, "//");
    mn_buffer_append(&out, text, length);
    mn_buffer_text(&out, BEHIND);
    return mn_buffer_take(&out);
}

static const char *
line_of(const char *text, unsigned line, char *out, size_t size)
{
    const char *end;
    size_t length;

    for (; line > 1; line--)
        if ((text = strchr(text, '\n')) == NULL)
            return NULL;
        else
            text++;
    end = strchr(text, '\n');
    length = end != NULL ? (size_t)(end - text) : strlen(text);
    if (length >= size)
        length = size - 1;
    memcpy(out, text, length);
    out[length] = '\0';
    return out;
}

/* Tells what the engine says of a source, once as a diagnostic and once as an error. */
static mend_status
tell(const struct mn_js_script *script, JSValueRef exception, mend_status status, mend_diagnose diagnose, void *data,
     mend_error *err)
{
    struct mn_buffer message = MN_BUFFER_EMPTY, stack = MN_BUFFER_EMPTY;
    struct mn_js_place place;
    char line[256];

    mn_js_describe_exception(mn_js.context, exception, &message, &stack, &place);
    if (place.line == 1 && place.column > SHIFT)
        place.column -= SHIFT;
    if (place.line == 0)
        place.line = 1;
    if (place.column == 0)
        place.column = 1;
    if (diagnose != NULL && status == MEND_SYNTAX) {
        mend_diagnostic finding = {.severity = MEND_ERROR,
                                   .file = script->file,
                                   .line = place.line,
                                   .column = place.column,
                                   .width = 1,
                                   .message = mn_buffer_peek(&message),
                                   .source_line = line_of(script->text, place.line, line, sizeof line)};

        diagnose(data, &finding);
    }
    mn_fail_at(err, status, place.file[0] != '\0' ? place.file : script->file, place.line, place.column, "%s",
               mn_buffer_peek(&message));
    mn_buffer_fini(&message);
    mn_buffer_fini(&stack);
    return status;
}

static mend_status
check_syntax(const struct mn_js_script *script, mend_diagnose diagnose, void *data, mend_error *err)
{
    char *text = wrapped(script->text, script->length);
    JSValueRef exception = NULL;
    JSStringRef string, url;
    bool good;

    if (text == NULL)
        return mn_fail_memory(err);
    string = mn_js_string(text);
    url = mn_js_string(script->file);
    good = JSCheckScriptSyntax(mn_js.context, string, url, 1, &exception);
    JSStringRelease(string);
    JSStringRelease(url);
    mn_free(text);
    return good ? MEND_OK : tell(script, exception, MEND_SYNTAX, diagnose, data, err);
}

static char *
root_of(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash != NULL ? mn_strndup(name, (size_t)(slash + 1 - name)) : NULL;
}

static char *
id_of(const mend_source *source)
{
    const char *slash = strrchr(source->name, '/'), *name = slash != NULL ? slash + 1 : source->name;

    return source->id != NULL ? mn_strdup(source->id) : mn_strndup(name, strlen(name) - 3);
}

/* `//# mend policy(next after 3)` on a line of its own; false: there is none, or it says nothing that is known. */
static bool
read_policy(const char *text, enum mend_policy *policy, unsigned *after)
{
    static const char *const words[] = {
        "",
#define X(name, word, text) word,
#include <mend/policy.def>
#undef X
    };
    const char *line = strstr(text, "//# mend policy(");
    char word[16];
    int read;

    if (line == NULL || (line != text && line[-1] != '\n') ||
        (read = sscanf(line, "//# mend policy(%15[a-z] after %u)", word, after)) < 1)
        return false;
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *policy = (enum mend_policy)i;
            return true;
        }
    return false;
}

static struct mn_js_guard *
guard_of(const mend_source *source, const char *text, unsigned long serial)
{
    struct mn_js_guard *guard = mn_calloc(1, sizeof *guard);

    if (guard == NULL)
        return NULL;
    guard->references = 1;
    guard->serial = serial;
    guard->policy = source->policy;
    guard->after = source->policy_after;
    if (source->policy == MEND_POLICY_DEFAULT && text != NULL)
        read_policy(text, &guard->policy, &guard->after);
    return guard;
}

static mend_status
open_script(const mend_source *source, bool applies, mend_diagnose diagnose, void *data, struct mn_body **body,
            mend_error *err)
{
    struct mn_js_script *script;
    mend_status st;
    bool listed;

    (void)applies; /* a script is read without running */
    *body = NULL;
    if ((st = mn_js_start(err)) != MEND_OK)
        return st;
    if ((script = mn_calloc(1, sizeof *script)) == NULL)
        return mn_fail_memory(err);
    script->body = (struct mn_body){.engine = &mn_js_engine, .references = 1};
    script->file = mn_strdup(source->name);
    script->id = id_of(source);
    script->root = root_of(source->name);
    script->text = mn_strndup(source->text != NULL ? source->text : "", source->length);
    script->length = source->length;
    script->body.file = script->file;
    pthread_mutex_lock(&mn_js.tables);
    script->serial = ++last_serial;
    listed = mn_map_set(&scripts, &script->serial, sizeof script->serial, script);
    pthread_mutex_unlock(&mn_js.tables);
    script->guard = guard_of(source, script->text, script->serial);
    if (script->guard == NULL || script->file == NULL || script->id == NULL || script->text == NULL || !listed) {
        close_script(&script->body);
        return mn_fail_memory(err);
    }
    if ((st = check_syntax(script, diagnose, data, err)) != MEND_OK) {
        close_script(&script->body);
        return st;
    }
    *body = &script->body;
    return MEND_OK;
}

static mend_status
bind_nothing(struct mn_body *body, const char *class_name, const struct mn_planned_method *method,
             const struct mn_site *site, mend_error *err)
{
    return MEND_OK;
}

/* ---- Running ---- */

/* Runs a text in the scope of a script. NULL with *exception set when it threw. */
static JSValueRef
run(struct mn_js_script *script, const char *text, size_t length, const char *file, JSValueRef *exception)
{
    JSValueRef parts[3], scope, serial = mn_js_make_double(mn_js.context, (double)script->serial), function;
    char *around;

    if (!mn_js_scan_calls(text, length) || (around = wrapped(text, length)) == NULL) {
        mn_js_throw(mn_js.context, exception, "out of memory");
        return NULL;
    }
    function = mn_js_evaluate(around, strlen(around), file, 1, exception);
    mn_free(around);
    if (function == NULL || (scope = mn_js_call_support("scope", 1, &serial, exception)) == NULL)
        return NULL;
    for (unsigned i = 0; i < 3; i++)
        parts[i] = JSObjectGetPropertyAtIndex(mn_js.context, (JSObjectRef)scope, i, exception);
    return JSObjectCallAsFunction(mn_js.context, (JSObjectRef)function, mn_js.global, 3, parts, exception);
}

void
mn_js_clean(const char *class_name)
{
    mn_js_undefine(NULL, class_name, NULL);
    if (class_name != NULL)
        return;
    take_globals_back(&ownerless);
    pthread_mutex_lock(&mn_js.tables);
    mn_map_fini(&ownerless.included);
    ownerless.included = MN_MAP_EMPTY;
    pthread_mutex_unlock(&mn_js.tables);
}

static void
pool_end(id *pool)
{
    mn_pool_pop(*pool);
}

static mend_status
load_script(struct mn_body *body, mend_error *err)
{
    struct mn_js_script *script = (struct mn_js_script *)body;
    MN_SCOPED(pool_end) __attribute__((unused)) id pool = mn_pool_push();
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;
    JSValueRef exception = NULL, before;

    mn_js_enter(&entry);
    mn_js_classes_renew();
    before = mn_js_call_support("globals", 0, NULL, NULL);
    run(script, script->text, script->length, script->file, &exception);
    keep_globals(script, before);
    mn_js_sweep();
    if (exception != NULL) {
        mn_js_report_exception(mn_js.context, exception, true);
        return tell(script, exception, MEND_RAISED, NULL, NULL, err);
    }
    mn_js_defined_counts(script, &body->loaded_methods, &body->loaded_classes);
    return MEND_OK;
}

static mend_status
unload_script(struct mn_body *body, mend_error *err)
{
    mend_status st = mn_js_undefine((struct mn_js_script *)body, NULL, err);
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;

    mn_js_enter(&entry);
    take_globals_back((struct mn_js_script *)body);
    return st;
}

/* No method is planned: hooks hold what they need by themselves. */
static void
nothing(void *data)
{
}

const struct mn_engine mn_js_engine = {.reads = is_script,
                                       .open = open_script,
                                       .bind = bind_nothing,
                                       .load = load_script,
                                       .unload = unload_script,
                                       .hold = nothing,
                                       .drop = nothing,
                                       .close = close_script};

/* ---- Scripts that no patch owns ---- */

static void
evaluate_loose(const char *text, size_t length, const char *file, const char *root)
{
    MN_SCOPED(pool_end) __attribute__((unused)) id pool = mn_pool_push();
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;
    JSValueRef exception = NULL, before;

    mn_js_enter(&entry);
    mn_js_classes_renew();
    if (root != NULL) {
        char *copy = mn_strdup(root), *former;

        pthread_mutex_lock(&mn_js.tables);
        former = ownerless.root;
        ownerless.root = copy;
        pthread_mutex_unlock(&mn_js.tables);
        mn_free(former);
    }
    before = mn_js_call_support("globals", 0, NULL, NULL);
    run(&ownerless, text, length, file, &exception);
    keep_globals(&ownerless, before);
    mn_js_sweep();
    if (exception != NULL)
        mn_js_report_exception(mn_js.context, exception, true);
}

static void
report_text(const char *text)
{
    mn_js_report("%s", text);
}

/* The paths of files that scripts of no patch included. */
static id
included(void)
{
    id all = mn_autorelease(MN_JS_SEND0(id, mn_class_named("NSMutableSet"), "new"));
    char *paths[1024];
    size_t count = 0, cursor = 0, length;
    const void *key;
    void *value;

    pthread_mutex_lock(&mn_js.tables);
    while (count < sizeof paths / sizeof *paths && mn_map_next(&ownerless.included, &cursor, &key, &length, &value))
        if ((paths[count] = mn_strndup(key, length)) != NULL)
            count++;
    pthread_mutex_unlock(&mn_js.tables);
    while (count-- > 0) {
        MN_JS_SEND1(void, all, "addObject:", id, mn_autorelease(mn_string_new(paths[count], strlen(paths[count]))));
        mn_free(paths[count]);
    }
    return all;
}

/* The C binders are JavaScript, evaluated when the first script or program asks for them. */
static void
extend(const char *name)
{
    JSValueRef text, exception = NULL;
    MN_SCOPED(mn_js_leave) struct mn_js_entry entry;

    mn_js_enter(&entry);
    text = mn_js_make_text(mn_js.context, name);
    mn_js_call_support("extend", 1, &text, &exception);
    if (exception != NULL)
        mn_js_report_exception(mn_js.context, exception, true);
}

const struct mn_script_face mn_js_face = {.start = mn_js_start,
                                          .extend = extend,
                                          .overridden = mn_js_overridden,
                                          .included = included,
                                          .values = &mn_js_values,
                                          .evaluate = evaluate_loose,
                                          .on_error = mn_js_on_error,
                                          .report = report_text,
                                          .define_struct = mn_js_structure_define,
                                          .struct_size = mn_js_structure_size,
                                          .clean = mn_js_clean};

/* ---- include ---- */

static char *
read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "re");
    struct mn_buffer out = MN_BUFFER_EMPTY;
    char block[4096];
    size_t n;

    if (file == NULL)
        return NULL;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        mn_buffer_append(&out, block, n);
    fclose(file);
    *length = out.length;
    return out.data != NULL ? mn_buffer_take(&out) : mn_strdup("");
}

/* The path below the script's root, as given; NULL where there is no root. */
static char *
below_root(JSContextRef context, const struct mn_js_script *script, JSValueRef path, JSValueRef *exception)
{
    struct mn_buffer out = MN_BUFFER_EMPTY;
    char *text;

    if (script == NULL || script->root == NULL || (text = mn_js_copy_text(context, path, exception)) == NULL)
        return NULL;
    if (text[0] != '/')
        mn_buffer_text(&out, script->root);
    mn_buffer_text(&out, text);
    mn_free(text);
    return mn_buffer_take(&out);
}

/* True the first time a file is asked for, under whatever spelling. */
static bool
first_time(struct mn_js_script *script, const char *path)
{
    bool fresh;

    pthread_mutex_lock(&mn_js.tables);
    fresh = mn_map_get_text(&script->included, path) == NULL && mn_map_set_text(&script->included, path, script);
    pthread_mutex_unlock(&mn_js.tables);
    return fresh;
}

/* include(script, path): runs it once, as part of the script. */
MN_JS_NATIVE(include)
{
    struct mn_js_script *script = count > 1 ? mn_js_script_of(context, arguments[0]) : NULL;
    char *path = count > 1 ? below_root(context, script, arguments[1], exception) : NULL;
    char real[PATH_MAX], *text;
    size_t length;

    if (path == NULL)
        return mn_js_make_undefined(context);
    if (realpath(path, real) == NULL || (text = read_file(real, &length)) == NULL) {
        mn_js_report("script is nil (%s: %s)", path, strerror(errno));
        mn_free(path);
        return mn_js_make_undefined(context);
    }
    if (first_time(script, real))
        run(script, text, length, path, exception);
    mn_free(text);
    mn_free(path);
    return mn_js_make_undefined(context);
}

MN_JS_NATIVE(resource_path)
{
    struct mn_js_script *script = count > 1 ? mn_js_script_of(context, arguments[0]) : NULL;
    char *path = count > 1 ? below_root(context, script, arguments[1], exception) : NULL;
    JSValueRef value = path != NULL ? mn_js_make_text(context, path) : count > 1 ? arguments[1] : NULL;

    mn_free(path);
    return value != NULL ? value : mn_js_make_undefined(context);
}

/* inherit(script, changes): they are that script's now. */
MN_JS_NATIVE(inherit)
{
    struct mn_js_script *script = count > 1 ? mn_js_script_of(context, arguments[0]) : NULL;

    if (script != NULL)
        add_changes(script, arguments[1]);
    return mn_js_make_undefined(context);
}

/* names(script, word): the number of a script opened later that has that word in its source, or 0. */
MN_JS_NATIVE(names)
{
    unsigned long serial = count > 1 ? (unsigned long)JSValueToNumber(context, arguments[0], exception) : 0;
    char *word = count > 1 ? mn_js_copy_text(context, arguments[1], exception) : NULL;
    size_t cursor = 0, length;
    unsigned long found = 0;
    const void *key;
    void *value;

    if (word == NULL)
        return mn_js_make_int(context, 0);
    pthread_mutex_lock(&mn_js.tables);
    while (found == 0 && mn_map_next(&scripts, &cursor, &key, &length, &value)) {
        const struct mn_js_script *script = value;

        if (script->serial > serial && script->text != NULL && strstr(script->text, word) != NULL)
            found = script->serial;
    }
    pthread_mutex_unlock(&mn_js.tables);
    mn_free(word);
    return mn_js_make_int(context, (int64_t)found);
}

void
mn_js_scripts_install(JSObjectRef native)
{
    mn_js_set(mn_js.context, native, "inherit", mn_js_function("inherit", inherit), false, NULL);
    mn_js_set(mn_js.context, native, "names", mn_js_function("names", names), false, NULL);
    mn_js_set(mn_js.context, native, "include", mn_js_function("include", include), false, NULL);
    mn_js_set(mn_js.context, native, "resourcePath", mn_js_function("resourcePath", resource_path), false, NULL);
}
