/* SPDX-License-Identifier: MIT */
/* JPEngine, JPExtension, JPCleaner: the module of scripts is loaded by the first call that needs it. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/jpextension.h"
#include "compat/jsvalue.h"
#include "compat/message.h"
#include "patch/host.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What compiled code refers to when it names the classes; only the addresses count. */
MEND_API const char __objc_class_name_JPEngine = 0;
MEND_API const char __objc_class_name_JPCleaner = 0;

MEND_API void mend_jpengine_use(void);

static id handler_block; /* under the runtime's mutex; NULL: none */

static const struct mn_script_face *
engine(void)
{
    return mn_jsvalue_engine();
}

static unsigned long
count_of(id array)
{
    SEL sel = mn_selector("count");

    return array == nil ? 0 : ((unsigned long (*)(id, SEL))(void *)mn_lookup(array, sel))(array, sel);
}

static id
item_of(id array, unsigned long index)
{
    SEL sel = mn_selector("objectAtIndex:");

    return ((id(*)(id, SEL, unsigned long))(void *)mn_lookup(array, sel))(array, sel, index);
}

static void
start_engine(id self, SEL _cmd)
{
    (void)self, (void)_cmd;
    engine();
}

static id
evaluate(id self, SEL _cmd, id script)
{
    const struct mn_script_face *face = engine();
    const char *text = mn_face_text(script);

    (void)self, (void)_cmd;
    if (face != NULL && text == NULL)
        face->report("script is nil");
    else if (face != NULL)
        face->evaluate(text, strlen(text), "main.js", NULL);
    return nil;
}

/* Owned by the caller; NULL: it cannot be read. */
static char *
read_file(const char *path, size_t *length)
{
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    struct mn_buffer out = MN_BUFFER_EMPTY;
    char block[4096];
    size_t n;

    if (file == NULL)
        return NULL;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        mn_buffer_append(&out, block, n);
    fclose(file);
    *length = out.length;
    return out.length != 0 ? mn_buffer_take(&out) : mn_strdup("");
}

static id
evaluate_path(id self, SEL _cmd, id path)
{
    const struct mn_script_face *face = engine();
    const char *name = mn_face_text(path), *slash = name != NULL ? strrchr(name, '/') : NULL;
    size_t length;
    char *text, *root;

    (void)self, (void)_cmd;
    if (face == NULL)
        return nil;
    if ((text = read_file(name, &length)) == NULL) {
        face->report("script is nil");
        return nil;
    }
    root = slash != NULL ? mn_strndup(name, (size_t)(slash + 1 - name)) : mn_strdup("./");
    face->evaluate(text, length, slash != NULL ? slash + 1 : name, root);
    mn_free(root);
    mn_free(text);
    return nil;
}

static void
add_extensions(id self, SEL _cmd, id names)
{
    (void)self, (void)_cmd;
    for (unsigned long i = 0, n = count_of(names); i < n; i++) {
        const char *name = mn_face_text(item_of(names, i));
        Class cls = name != NULL ? mn_class_named(name) : Nil;

        if (cls != Nil && mn_method_find(mn_class_meta(cls), mn_selector("main:"), NULL))
            mn_face_send_with((id)cls, "main:", mn_jsvalue_context());
    }
}

static void
define_struct(id self, SEL _cmd, id definition)
{
    const struct mn_script_face *face = engine();
    const char *name = mn_face_text(mn_face_entry(definition, "name")), *types = mn_face_text(mn_face_entry(definition, "types"));
    id keys = mn_face_entry(definition, "keys");
    unsigned long count = count_of(keys);
    const char **texts = mn_calloc(count + 1, sizeof *texts);

    (void)self, (void)_cmd;
    for (unsigned long i = 0; texts != NULL && i < count; i++)
        texts[i] = mn_face_text(item_of(keys, i));
    if (face != NULL && texts != NULL && (name == NULL || types == NULL || !face->define_struct(name, types, texts, count)))
        face->report("defineStruct: a name, types and keys that fit are needed");
    else if (face != NULL && texts != NULL)
        mn_jpextension_struct(definition);
    mn_free(texts);
}

static void
call_handler(void *data, const char *text)
{
    id block = data, message = mn_string_new(text, strlen(text));

    ((void (*)(id, id))(void *)mn_block_invoke(block))(block, message);
    mn_release(message);
}

/* The former block stays: a report under way on another thread may be calling it. */
static void
handle_exception(id self, SEL _cmd, id block)
{
    const struct mn_script_face *face = engine();

    (void)self, (void)_cmd;
    if (face == NULL)
        return;
    mn_runtime_lock();
    handler_block = block != nil ? mn_block_copy(block) : nil;
    block = handler_block;
    mn_runtime_unlock();
    face->on_error(block != nil ? call_handler : NULL, block);
}

static id
context(id self, SEL _cmd)
{
    (void)self, (void)_cmd;
    return mn_jsvalue_context();
}

static void
clean_all(id self, SEL _cmd)
{
    const struct mn_script_face *face = engine();

    (void)self, (void)_cmd;
    if (face != NULL)
        face->clean(NULL);
}

static void
clean_class(id self, SEL _cmd, id name)
{
    const struct mn_script_face *face = engine();
    const char *text = mn_face_text(name);

    (void)self, (void)_cmd;
    if (face != NULL && text != NULL)
        face->clean(text);
}

static void
make(const char *name, const struct mn_face_method *methods, size_t count)
{
    mend_error err;
    Class cls;

    if (mn_face_class("NSObject", name, 0, methods, count, &cls, &err) != MEND_OK)
        mn_log(MN_LOG_ERROR, "%s is not available: %s; %s", name, err.message, err.remedy);
}

static void
register_face(void)
{
    static const struct mn_face_method engine_methods[] = {
        {true, "startEngine", "v16@0:8", start_engine},
        {true, "context", "@16@0:8", context},
        {true, "evaluateScript:", "@24@0:8@16", evaluate},
        {true, "evaluateScriptWithPath:", "@24@0:8@16", evaluate_path},
        {true, "addExtensions:", "v24@0:8@16", add_extensions},
        {true, "defineStruct:", "v24@0:8@16", define_struct},
        {true, "handleException:", "v24@0:8@16", handle_exception}};
    static const struct mn_face_method cleaner_methods[] = {{true, "cleanAll", "v16@0:8", clean_all},
                                                            {true, "cleanClass:", "v24@0:8@16", clean_class}};

    mn_own_init();
    make("JPEngine", engine_methods, sizeof engine_methods / sizeof *engine_methods);
    mn_jsvalue_register();
    mn_jpextension_register();
    make("JPCleaner", cleaner_methods, sizeof cleaner_methods / sizeof *cleaner_methods);
}

void
mend_jpengine_use(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_face);
}
