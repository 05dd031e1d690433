/* SPDX-License-Identifier: MIT */
#include "js/define.h"

#include "hook/site.h"
#include "js/class.h"
#include "js/message.h"
#include "js/name.h"
#include "js/property.h"
#include "js/protocol.h"

#include <stdio.h>
#include <stdlib.h>

/* One method that a script has put in force, or a private one that only scripts reach. */
struct definition {
    Class target;   /* the metaclass for a class method */
    char *key;      /* as the script has it */
    char *selector; /* NULL: private */
    JSObjectRef function; /* the short cut; protected */
    const struct mn_site *site;
};

/* One defineClass. */
struct defined {
    const struct mn_js_script *script;
    struct mn_batch *batch; /* NULL: nothing but private methods */
    char *class_name;
    bool made; /* it made the class */
    bool props; /* it gave the class getProp: and setProp:forKey: */
    struct definition *items;
    size_t count;
    struct defined *earlier, *later;
};

static struct defined *last; /* under mn_js.tables */

static void
defined_free(struct defined *d)
{
    if (d == NULL)
        return;
    mn_batch_free(d->batch);
    for (size_t i = 0; i < d->count; i++) {
        if (d->items[i].function != NULL)
            JSValueUnprotect(mn_js.context, d->items[i].function);
        mn_free(d->items[i].key);
        mn_free(d->items[i].selector);
    }
    mn_free(d->items);
    mn_free(d->class_name);
    mn_free(d);
}

/* ---- Encodings ---- */

struct declared {
    const char *const *protocols;
    size_t count;
};

/* The encoding a method gets: the class's own or inherited one, a declared protocol's, or objects all over. */
static bool
encoding_for(Class target, SEL sel, bool class_side, const struct declared *declared, size_t parameters,
             struct mn_buffer *out)
{
    struct mn_method method;

    if (mn_method_find(target, sel, &method)) {
        mn_buffer_text(out, method.types);
        return true;
    }
    for (size_t i = 0; i < declared->count; i++) {
        Protocol *protocol = mn_protocol_named(declared->protocols[i]);
        const char *types;

        if (protocol != NULL && mn_protocol_method(protocol, sel, !class_side, &method)) {
            mn_buffer_text(out, method.types);
            return true;
        }
        if ((types = mn_js_protocol_types(declared->protocols[i], sel, class_side)) != NULL) {
            mn_buffer_text(out, types);
            return true;
        }
    }
    mn_buffer_text(out, "@@:");
    for (size_t i = 0; i < parameters; i++)
        mn_buffer_char(out, '@');
    return false;
}

/* ---- Staging ---- */

struct staging {
    JSContextRef context;
    struct defined *defined;
    Class cls;
    struct declared declared;
    JSValueRef *exception;
};

static struct mn_js_method *
method_new(const struct staging *s, JSObjectRef entry, const char *selector, bool class_side)
{
    struct mn_js_method *method = mn_calloc(1, sizeof *method);
    size_t room = strlen(selector) + strlen(s->defined->class_name) + 8;

    if (method == NULL)
        return NULL;
    method->references = 1;
    method->guard = mn_js_guard_retain(s->defined->script->guard);
    method->cls = s->cls;
    method->class_side = class_side;
    method->dealloc = !class_side && strcmp(selector, "dealloc") == 0;
    method->family = mn_family_of(selector, class_side);
    if ((method->selector = mn_strdup(selector)) == NULL || (method->text = mn_malloc(room)) == NULL) {
        mn_js_method_release(method);
        return NULL;
    }
    snprintf(method->text, room, "%c[%s %s]", class_side ? '+' : '-', s->defined->class_name, selector);
    method->entry = entry;
    JSValueProtect(s->context, entry);
    if (class_side) {
        method->class_ref = (JSObjectRef)mn_js_wrap_class(s->context, s->defined->class_name);
        JSValueProtect(s->context, method->class_ref);
    }
    return method;
}

/* Its hooks' data is let go of even when it never comes into force. */
static bool
open_batch(struct defined *defined, mend_error *err)
{
    if (defined->batch != NULL)
        return true;
    if (mn_batch_new(&defined->batch, err) != MEND_OK)
        return false;
    mn_batch_release_staged(defined->batch);
    return true;
}

static bool
stage(const struct staging *s, struct definition *d, JSObjectRef entry, bool class_side, const char *encoding,
      mend_error *err)
{
    struct mn_js_method *method = method_new(s, entry, d->selector, class_side);
    struct mn_batch_item item = {.cls = d->target,
                                 .sel = mn_selector(d->selector),
                                 .types = encoding,
                                 .may_add = true,
                                 .spec = {.position = MEND_INSTEAD,
                                          .advice = mn_js_method_advice,
                                          .data = method,
                                          .release = mn_js_method_release,
                                          .options = method != NULL && method->dealloc ? MEND_HOOK_UNSAFE : 0}};
    struct mn_site *site;

    if (method == NULL) {
        mn_fail_memory(err);
        return false;
    }
    if (!open_batch(s->defined, err)) {
        mn_js_method_release(method);
        return false;
    }
    if (mn_batch_add(s->defined->batch, &item, &site, err) != MEND_OK) {
        mn_js_method_release(method);
        return false;
    }
    d->site = site;
    return true;
}

/* ---- Methods for native callers alone: the original, and values that scripts keep with an object ---- */

struct original {
    const struct mn_site *site;
    SEL sel;
};

static void
run_original(mend_call *call, void *data)
{
    const struct original *original = data;

    mn_run_original(call, original->site, original->sel);
}

static bool
add_beside(const struct staging *s, Class target, const char *selector, const char *encoding, mend_advice advice,
           void *data, void (*release)(void *data), mend_error *err)
{
    struct mn_batch_item item = {.cls = target,
                                 .sel = mn_selector(selector),
                                 .types = encoding,
                                 .may_add = true,
                                 .spec = {.position = MEND_INSTEAD, .advice = advice, .data = data, .release = release}};

    return open_batch(s->defined, err) && mn_batch_add(s->defined->batch, &item, NULL, err) == MEND_OK;
}

/* ORIGname for compiled callers; scripts find the original by themselves (mn_js_original). */
static bool
add_original(const struct staging *s, const struct definition *d, const char *encoding, mend_error *err)
{
    struct original *original = mn_malloc(sizeof *original);
    struct mn_buffer name = MN_BUFFER_EMPTY;
    bool good;

    mn_buffer_printf(&name, "ORIG%s", d->selector);
    if (original == NULL || name.failed) {
        mn_free(original);
        mn_buffer_fini(&name);
        mn_fail_memory(err);
        return false;
    }
    *original = (struct original){d->site, mn_selector_typed(d->selector, encoding)};
    good = add_beside(s, d->target, mn_buffer_peek(&name), encoding, run_original, original, mn_free, err);
    if (!good)
        mn_free(original);
    mn_buffer_fini(&name);
    return good;
}

static void
run_get_prop(mend_call *call, void *data)
{
    id key = nil, value;

    mend_call_get_argument(call, 0, &key, sizeof key, NULL);
    value = mn_js_native_prop(mend_call_receiver(call), key);
    mend_call_set_result(call, &value, sizeof value, NULL);
}

static void
run_set_prop(mend_call *call, void *data)
{
    id value = nil, key = nil;

    mend_call_get_argument(call, 0, &value, sizeof value, NULL);
    mend_call_get_argument(call, 1, &key, sizeof key, NULL);
    mn_js_native_set_prop(mend_call_receiver(call), value, key);
}

/* A class above has them of ours, which may go before these do. */
static bool
has_props(Class cls)
{
    bool found = false;

    pthread_mutex_lock(&mn_js.tables);
    for (const struct defined *d = last; d != NULL && !found; d = d->earlier)
        found = d->props && mn_class_inherits(cls, mn_class_named(d->class_name));
    pthread_mutex_unlock(&mn_js.tables);
    return found;
}

/* getProp: and setProp:forKey: as methods, unless the program has its own. */
static bool
add_props(const struct staging *s, mend_error *err)
{
    if (!has_props(s->cls) && (mn_method_find(s->cls, mn_selector("getProp:"), NULL) ||
                               mn_method_find(s->cls, mn_selector("setProp:forKey:"), NULL)))
        return true;
    s->defined->props = true;
    return add_beside(s, s->cls, "getProp:", "@24@0:8@16", run_get_prop, NULL, NULL, err) &&
           add_beside(s, s->cls, "setProp:forKey:", "v32@0:8@16@24", run_set_prop, NULL, NULL, err);
}

/* It stores or reads a declared property. */
static bool
is_accessor(JSContextRef context, JSObjectRef record)
{
    return JSValueToBoolean(context, mn_js_get(context, record, "accessor", NULL));
}

static bool
add_method(const struct staging *s, JSObjectRef record, mend_error *err)
{
    struct defined *defined = s->defined;
    struct definition *d = &defined->items[defined->count];
    JSValueRef parameters = mn_js_get(s->context, record, "parameters", s->exception);
    size_t count = (size_t)JSValueToNumber(s->context, parameters, s->exception);
    bool class_side = JSValueToBoolean(s->context, mn_js_get(s->context, record, "classSide", s->exception));
    JSObjectRef entry = (JSObjectRef)mn_js_get(s->context, record, "entry", s->exception);
    struct mn_buffer encoding = MN_BUFFER_EMPTY;
    bool known, overrides, good = true;

    if ((d->key = mn_js_copy_text(s->context, mn_js_get(s->context, record, "key", s->exception), s->exception)) == NULL)
        return false;
    defined->count++;
    d->target = class_side ? mn_class_meta(s->cls) : s->cls;
    d->function = (JSObjectRef)mn_js_get(s->context, record, "short", s->exception);
    JSValueProtect(s->context, d->function);
    if ((d->selector = mn_js_selector_name(d->key, strlen(d->key), count)) == NULL || d->selector[0] == '\0')
        return false;
    known = encoding_for(d->target, mn_selector(d->selector), class_side, &s->declared, count, &encoding);
    if (!known && d->key[0] == '_') { /* nobody can have declared it: for scripts alone */
        mn_free(d->selector);
        d->selector = NULL;
    } else {
        if (!known && is_accessor(s->context, record) && count == 1) {
            mn_buffer_clear(&encoding);
            mn_buffer_text(&encoding, "v@:@");
        }
        overrides = mn_method_find(d->target, mn_selector(d->selector), NULL) && strcmp(d->selector, "dealloc") != 0;
        good = stage(s, d, entry, class_side, mn_buffer_peek(&encoding), err) &&
               (!overrides || add_original(s, d, mn_buffer_peek(&encoding), err));
    }
    mn_buffer_fini(&encoding);
    return good;
}

/* ---- The class ---- */

static Class
make_class(const char *name, const char *superclass, const struct declared *declared, mend_error *err)
{
    Class super = mn_class_named(superclass), cls = Nil;

    if (super == Nil) {
        mn_js_report("can't find the super class %s", superclass);
        mn_fail(err, MEND_NO_CLASS, "can't find the super class %s", superclass);
        return Nil;
    }
    if (mn_class_new(super, name, &cls, err) != MEND_OK)
        return Nil;
    for (size_t i = 0; i < declared->count; i++) {
        Protocol *protocol = mn_protocol_named(declared->protocols[i]);

        if (protocol != NULL)
            mn_class_add_protocol(cls, protocol, NULL);
    }
    if (mn_class_register(cls, err) == MEND_OK)
        return cls;
    mn_class_free(cls);
    return mn_class_named(name); /* another thread was first */
}

static void
link_in(struct defined *d)
{
    pthread_mutex_lock(&mn_js.tables);
    d->earlier = last;
    if (last != NULL)
        last->later = d;
    last = d;
    pthread_mutex_unlock(&mn_js.tables);
    for (size_t i = 0; i < d->count; i++)
        mn_js_class_define(d->items[i].target, d->items[i].key, d->items[i].function);
}

static bool
commit(const struct staging *s, mend_error *err)
{
    struct defined *d = s->defined;

    if (d->batch == NULL)
        return true;
    if (mn_batch_set_name(d->batch, mn_js_script_id(d->script), err) != MEND_OK ||
        mn_batch_prepare(d->batch, NULL, err) != MEND_OK)
        return false;
    mn_batch_commit(d->batch);
    return true;
}

static size_t
length_of(JSContextRef context, JSValueRef array, JSValueRef *exception)
{
    JSValueRef length = mn_js_type_of(context, array) == MN_JS_OBJECT
                            ? mn_js_get(context, (JSObjectRef)array, "length", exception)
                            : NULL;

    return length != NULL ? (size_t)JSValueToNumber(context, length, exception) : 0;
}

static void
free_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mn_free(texts[i]);
    mn_free(texts);
}

static char **
copy_texts(JSContextRef context, JSValueRef array, size_t *count, JSValueRef *exception)
{
    char **texts;

    *count = length_of(context, array, exception);
    if ((texts = mn_calloc(*count + 1, sizeof *texts)) == NULL)
        return NULL;
    for (size_t i = 0; i < *count; i++)
        texts[i] = mn_js_copy_text(context,
                                   JSObjectGetPropertyAtIndex(context, (JSObjectRef)array, (unsigned)i, exception),
                                   exception);
    return texts;
}

/* Stages and commits all methods of the array. */
static bool
put_in_force(struct staging *s, JSValueRef methods, mend_error *err)
{
    size_t count = length_of(s->context, methods, s->exception);

    if ((s->defined->items = mn_calloc(count + 1, sizeof *s->defined->items)) == NULL) {
        mn_fail_memory(err);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        JSValueRef record = JSObjectGetPropertyAtIndex(s->context, (JSObjectRef)methods, (unsigned)i, s->exception);

        if (!add_method(s, (JSObjectRef)record, err))
            return false;
    }
    return add_props(s, err) && commit(s, err);
}

JSValueRef
mn_js_define(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,
             const JSValueRef arguments[], JSValueRef *exception)
{
    struct staging s = {.context = context, .defined = mn_calloc(1, sizeof *s.defined), .exception = exception};
    char *superclass = NULL, **protocols = NULL;
    JSValueRef reference = mn_js_make_undefined(context);
    mend_error err = {0};
    bool good = false;

    *exception = NULL;
    if (s.defined == NULL || count < 5)
        goto done;
    s.defined->script = mn_js_script_of(context, arguments[0]);
    s.defined->class_name = mn_js_copy_text(context, arguments[1], exception);
    superclass = mn_js_copy_text(context, arguments[2], exception);
    protocols = copy_texts(context, arguments[3], &s.declared.count, exception);
    s.declared.protocols = (const char *const *)protocols;
    if (s.defined->class_name == NULL || superclass == NULL || protocols == NULL)
        goto done;
    if ((s.cls = mn_class_named(s.defined->class_name)) == Nil) {
        if ((s.cls = make_class(s.defined->class_name, superclass, &s.declared, &err)) == Nil)
            goto done;
        s.defined->made = true;
    }
    if (!put_in_force(&s, arguments[4], &err))
        goto done;
    reference = mn_js_wrap_class(context, s.defined->class_name);
    link_in(s.defined);
    s.defined = NULL;
    good = true;
done:
    if (!good && *exception == NULL)
        mn_js_throw(context, exception, "%s%s%s%s%s", err.message[0] != '\0' ? err.message : "out of memory",
                    err.selector[0] != '\0' ? " (" : "", err.class_name, err.selector[0] != '\0' ? " " : "",
                    err.selector[0] != '\0' ? err.selector : "");
    defined_free(s.defined);
    mn_free(superclass);
    free_texts(protocols, protocols != NULL ? s.declared.count : 0);
    return reference;
}

/* ---- Out of force ---- */

/* The newest definition that is left for a method, back in the table of short cuts. */
static void
restore(Class target, const char *key)
{
    JSObjectRef function = NULL;

    pthread_mutex_lock(&mn_js.tables);
    for (struct defined *d = last; d != NULL && function == NULL; d = d->earlier)
        for (size_t i = 0; i < d->count; i++)
            if (d->items[i].target == target && strcmp(d->items[i].key, key) == 0)
                function = d->items[i].function;
    pthread_mutex_unlock(&mn_js.tables);
    mn_js_class_define(target, key, function);
}

/* Takes one out of the list that belongs to the script (NULL: to any) and the class (NULL: any). */
static struct defined *
take_out(const struct mn_js_script *script, const char *class_name)
{
    struct defined *d;

    pthread_mutex_lock(&mn_js.tables);
    for (d = last; d != NULL; d = d->earlier)
        if ((script == NULL || d->script == script) &&
            (class_name == NULL || strcmp(d->class_name, class_name) == 0))
            break;
    if (d != NULL) {
        if (d->later != NULL)
            d->later->earlier = d->earlier;
        else
            last = d->earlier;
        if (d->earlier != NULL)
            d->earlier->later = d->later;
    }
    pthread_mutex_unlock(&mn_js.tables);
    return d;
}

mend_status
mn_js_undefine(const struct mn_js_script *script, const char *class_name, mend_error *err)
{
    mend_status result = MEND_OK;
    struct defined *d;

    while ((d = take_out(script, class_name)) != NULL) {
        mend_status st = d->batch != NULL ? mn_batch_revert(d->batch, err) : MEND_OK;

        result = st != MEND_OK ? st : result;
        for (size_t i = 0; i < d->count; i++)
            restore(d->items[i].target, d->items[i].key);
        defined_free(d);
    }
    return result;
}

void
mn_js_defined_counts(const struct mn_js_script *script, unsigned *methods, unsigned *classes)
{
    *methods = *classes = 0;
    pthread_mutex_lock(&mn_js.tables);
    for (struct defined *d = last; d != NULL; d = d->earlier) {
        if (d->script != script)
            continue;
        *classes += d->made;
        for (size_t i = 0; i < d->count; i++)
            *methods += d->items[i].selector != NULL;
    }
    pthread_mutex_unlock(&mn_js.tables);
}

struct named {
    char *class_name, *selector;
};

/* Every method in force, by name; the caller frees. */
static size_t
copy_names(struct named **out)
{
    size_t count = 0, used = 0;

    pthread_mutex_lock(&mn_js.tables);
    for (const struct defined *d = last; d != NULL; d = d->earlier)
        count += d->count;
    if ((*out = mn_calloc(count + 1, sizeof **out)) != NULL)
        for (const struct defined *d = last; d != NULL; d = d->earlier)
            for (size_t i = 0; i < d->count; i++)
                if (d->items[i].selector != NULL)
                    (*out)[used++] =
                        (struct named){mn_strdup(d->class_name), mn_strdup(d->items[i].selector)};
    pthread_mutex_unlock(&mn_js.tables);
    return used;
}

id
mn_js_overridden(void)
{
    struct named *names;
    size_t count = copy_names(&names);
    id all = mn_autorelease(MN_JS_SEND0(id, mn_js.NSMutableDictionary, "new"));

    for (size_t i = 0; i < count; i++) {
        id cls, list, selector;

        if (names[i].class_name != NULL && names[i].selector != NULL) {
            cls = mn_autorelease(mn_string_new(names[i].class_name, strlen(names[i].class_name)));
            selector = mn_autorelease(mn_string_new(names[i].selector, strlen(names[i].selector)));
            if ((list = MN_JS_SEND1(id, all, "objectForKey:", id, cls)) == nil) {
                list = mn_autorelease(MN_JS_SEND0(id, mn_js.NSMutableArray, "new"));
                MN_JS_SEND2(void, all, "setObject:forKey:", id, list, id, cls);
            }
            MN_JS_SEND1(void, list, "addObject:", id, selector);
        }
        mn_free(names[i].class_name);
        mn_free(names[i].selector);
    }
    mn_free(names);
    return all;
}

/* ---- The short cut ---- */

static bool
chain_is_ours(const struct mn_site *site)
{
    const struct mn_chain *chain;
    bool ours;

    mn_runtime_lock(); /* chains are changed and freed under it */
    chain = mn_site_chain(site);
    ours = chain->befores + chain->afters + chain->throwings == 0 && chain->objects == NULL &&
           chain->insteads > 0 && chain->links[0].advice == mn_js_method_advice;
    mn_runtime_unlock();
    return ours;
}

bool
mn_js_stands_alone(Class target, const char *key)
{
    const struct mn_site *site = NULL;
    bool found = false;

    pthread_mutex_lock(&mn_js.tables);
    for (struct defined *d = last; d != NULL && !found; d = d->earlier)
        for (size_t i = 0; i < d->count && !found; i++)
            if (d->items[i].target == target && strcmp(d->items[i].key, key) == 0) {
                site = d->items[i].site;
                found = true;
            }
    pthread_mutex_unlock(&mn_js.tables);
    return !found || site == NULL || chain_is_ours(site);
}

/* ---- The original ---- */

static const struct mn_site *
site_on(Class cls, const char *selector)
{
    const struct mn_site *site = NULL;

    pthread_mutex_lock(&mn_js.tables);
    for (struct defined *d = last; d != NULL && site == NULL; d = d->earlier)
        for (size_t i = 0; i < d->count; i++)
            if (d->items[i].target == cls && d->items[i].selector != NULL &&
                strcmp(d->items[i].selector, selector) == 0)
                site = d->items[i].site;
    pthread_mutex_unlock(&mn_js.tables);
    return site;
}

bool
mn_js_original(JSContextRef context, id receiver, const char *selector, IMP *imp)
{
    JSValueRef exception = NULL, running = mn_js_call_support("running", 0, NULL, &exception);
    struct mn_js_ref *ref = running != NULL ? mn_js_ref_of(context, running) : NULL;
    Class own = mn_object_class(receiver), named = Nil;
    const struct mn_site *site = NULL;

    if (ref != NULL && ref->head.kind == MN_JS_REF_CLASS && (named = mn_js_ref_class(ref)) != Nil) {
        if (mn_class_is_meta(own))
            named = mn_class_meta(named);
        if (mn_class_inherits(own, named)) /* the class whose body runs, and what is above it */
            for (Class at = named; at != Nil && site == NULL; at = mn_class_super(at))
                site = site_on(at, selector);
    }
    for (Class at = own; at != Nil && site == NULL; at = mn_class_super(at))
        site = site_on(at, selector);
    *imp = site != NULL ? mn_site_original(site) : NULL;
    return *imp != NULL;
}
