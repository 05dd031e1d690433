/* SPDX-License-Identifier: MIT */
/*
 * GCC's runtime cannot register protocols while a program runs, so these are kept here; a class that names one gets
 * its types. A protocol of that name in the process comes first.
 */
#include "js/protocol.h"

#include "js/convert.h"
#include "js/define.h"
#include "js/name.h"
#include "js/ref.h"

static struct mn_map types = MN_MAP_EMPTY;  /* "Protocol -selector" -> encoding; under mn_js.tables; never freed */
static struct mn_map taken = MN_MAP_EMPTY;  /* names defined */

static void
write_key(struct mn_buffer *key, const char *protocol, const char *selector, bool class_side)
{
    mn_buffer_printf(key, "%s %c%s", protocol, class_side ? '+' : '-', selector);
}

const char *
mn_js_protocol_types(const char *protocol, SEL sel, bool class_side)
{
    struct mn_buffer key = MN_BUFFER_EMPTY;
    const char *found;

    write_key(&key, protocol, mn_selector_name(sel), class_side);
    pthread_mutex_lock(&mn_js.tables);
    found = key.failed ? NULL : mn_map_get_text(&types, mn_buffer_peek(&key));
    pthread_mutex_unlock(&mn_js.tables);
    mn_buffer_fini(&key);
    return found;
}

static void
add(const char *protocol, const char *selector, bool class_side, const char *encoding)
{
    struct mn_buffer key = MN_BUFFER_EMPTY;
    char *copy = mn_strdup(encoding);

    write_key(&key, protocol, selector, class_side);
    pthread_mutex_lock(&mn_js.tables);
    if (copy == NULL || key.failed || !mn_map_set_text(&types, mn_buffer_peek(&key), copy))
        mn_free(copy);
    pthread_mutex_unlock(&mn_js.tables);
    mn_buffer_fini(&key);
}

/* One entry: [key, parameters, encoding, class side]. */
static void
add_entry(JSContextRef context, const char *protocol, JSObjectRef entry, JSValueRef *exception)
{
    JSValueRef part[4];
    char *key, *encoding, *selector;

    for (unsigned i = 0; i < 4; i++)
        part[i] = JSObjectGetPropertyAtIndex(context, entry, i, exception);
    key = mn_js_copy_text(context, part[0], exception);
    encoding = mn_js_copy_text(context, part[2], exception);
    selector = key != NULL
                   ? mn_js_selector_name(key, strlen(key), (size_t)JSValueToNumber(context, part[1], exception))
                   : NULL;
    if (selector != NULL && encoding != NULL)
        add(protocol, selector, JSValueToBoolean(context, part[3]), encoding);
    mn_free(key);
    mn_free(encoding);
    mn_free(selector);
}

JSValueRef
mn_js_define_protocol(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
                      const JSValueRef arguments[], JSValueRef *exception)
{
    char *name = count >= 2 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    JSValueRef length = count >= 2 ? mn_js_get(context, (JSObjectRef)arguments[1], "length", exception) : NULL;
    bool fresh;

    *exception = NULL;
    if (name == NULL)
        return mn_js_make_undefined(context);
    pthread_mutex_lock(&mn_js.tables);
    fresh = mn_map_get_text(&taken, name) == NULL && mn_map_set_text(&taken, name, &taken);
    pthread_mutex_unlock(&mn_js.tables);
    if (fresh && mn_protocol_named(name) == NULL)
        for (unsigned i = 0; i < JSValueToNumber(context, length, exception); i++)
            add_entry(context, name, (JSObjectRef)JSObjectGetPropertyAtIndex(context, (JSObjectRef)arguments[1], i,
                                                                             exception),
                      exception);
    mn_free(name);
    return mn_js_make_undefined(context);
}

JSValueRef
mn_js_protocol(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
               const JSValueRef arguments[], JSValueRef *exception)
{
    char *name = count >= 1 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    id protocol = name != NULL ? (id)mn_protocol_named(name) : nil;

    *exception = NULL;
    mn_free(name);
    return mn_js_wrap(context, protocol);
}
