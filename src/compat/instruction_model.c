/* SPDX-License-Identifier: MIT */
/*
 * One table says which keys a level has. The default classes get their accessors from it: one function a kind of
 * value, which finds its place by the name it was called by.
 */
#include "compat/instruction_model.h"

#include "base/alloc.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/message.h"
#include "value/box.h"
#include "value/own.h"

#include <mend/version.h>
#include <stdio.h>
#include <string.h>

enum level { ARGUMENT, MESSAGE, METHOD, CLASS, DOCUMENT, LEVELS };
enum kind { TEXT, FLAG, INTEGER, REAL, TEXTS, MODELS };

struct key {
    const char *name;
    enum kind kind;
    enum level inside; /* MODELS */
};

enum { MOST_KEYS = 16 };

static const struct key keys[LEVELS][MOST_KEYS] = {
    [ARGUMENT] = {{"type", TEXT, 0}, {"valueKey", TEXT, 0}, {"stringValue", TEXT, 0}, {"digital", REAL, 0},
                  {"digitalType", TEXT, 0}, {"blockParameterTypes", TEXTS, 0}, {"blockParameterPrefix", TEXT, 0},
                  {"innerMessage", MODELS, MESSAGE}, {"integerValue", INTEGER, 0}},
    [MESSAGE] = {{"returnType", TEXT, 0}, {"returnObj", TEXT, 0}, {"receiver", TEXT, 0}, {"message", TEXT, 0},
                 {"isStatic", FLAG, 0}, {"isBlock", FLAG, 0}, {"isIfSnippet", FLAG, 0}, {"isWhileSnippet", FLAG, 0},
                 {"isReturnSnippet", FLAG, 0}, {"environmentPoolRefCount", INTEGER, 0}, {"blockKey", TEXT, 0},
                 {"args", MODELS, ARGUMENT}},
    [METHOD] = {{"method", TEXT, 0}, {"isStatic", FLAG, 0}, {"isMsgForwardStret", FLAG, 0}, {"messages", MODELS, MESSAGE}},
    [CLASS] = {{"cls", TEXT, 0}, {"methodList", MODELS, METHOD}},
    [DOCUMENT] = {{"instructions", MODELS, CLASS}},
};

static const struct {
    const char *name, *protocol;
} classes[LEVELS] = {
    [ARGUMENT] = {"IPIntructionArgumentModel", "IPIntructionArgumentModelProtocol"},
    [MESSAGE] = {"IPIntructionMessageModel", "IPIntructionMessageModelProtocol"},
    [METHOD] = {"IPIntructionMethodModel", "IPIntructionMethodModelProtocol"},
    [CLASS] = {"IPIntructionClassModel", "IPIntructionClassModelProtocol"},
    [DOCUMENT] = {"IPIntructionModel", "IPIntructionModelProtocol"},
};

/* What compiled code refers to when it names the classes; only the address counts. */
MEND_API const char __objc_class_name_IPIntructionArgumentModel = 0;
MEND_API const char __objc_class_name_IPIntructionMessageModel = 0;
MEND_API const char __objc_class_name_IPIntructionMethodModel = 0;
MEND_API const char __objc_class_name_IPIntructionClassModel = 0;
MEND_API const char __objc_class_name_IPIntructionModel = 0;

/* ---- The default classes ---- */

union value {
    id object;
    double real;
    long integer;
};

static Class made[LEVELS];

static enum level
level_of(id self)
{
    Class cls = mn_object_class(self);

    for (int level = 0; level < LEVELS; level++)
        if (made[level] != Nil && mn_class_inherits(cls, made[level]))
            return (enum level)level;
    return DOCUMENT;
}

/* By "digital" or "setDigital:". */
static union value *
place(id self, SEL sel)
{
    const char *name = mn_selector_name(sel);
    enum level level = level_of(self);
    union value *values = (union value *)(void *)((char *)self + mn_face_state(made[level]));
    char first[2] = "";
    size_t length = strlen(name);
    bool sets = length > 4 && !strncmp(name, "set", 3) && name[length - 1] == ':';

    if (sets) {
        first[0] = (char)(name[3] | 0x20);
        name += 4;
        length -= 5;
    }
    for (size_t i = 0; i < MOST_KEYS && keys[level][i].name; i++) {
        const char *key = keys[level][i].name;

        if (sets ? *key == *first && strlen(key + 1) == length && !strncmp(key + 1, name, length) : !strcmp(key, name))
            return &values[i];
    }
    return values;
}

static id
get_object(id self, SEL sel)
{
    return mn_autorelease(mn_retain(place(self, sel)->object));
}

static void
set_object(id self, SEL sel, id value)
{
    SEL copy = mn_selector("copy");
    id old = place(self, sel)->object;

    place(self, sel)->object = value == nil ? nil : ((id(*)(id, SEL))mn_lookup(value, copy))(value, copy);
    mn_release(old);
}

static bool
get_flag(id self, SEL sel)
{
    return place(self, sel)->integer != 0;
}

static void
set_flag(id self, SEL sel, bool value)
{
    place(self, sel)->integer = value;
}

static long
get_integer(id self, SEL sel)
{
    return place(self, sel)->integer;
}

static void
set_integer(id self, SEL sel, long value)
{
    place(self, sel)->integer = value;
}

static double
get_real(id self, SEL sel)
{
    return place(self, sel)->real;
}

static void
set_real(id self, SEL sel, double value)
{
    place(self, sel)->real = value;
}

static void
dealloc(id self, SEL sel)
{
    enum level level = level_of(self);
    union value *values = (union value *)(void *)((char *)self + mn_face_state(made[level]));

    for (size_t i = 0; i < MOST_KEYS && keys[level][i].name; i++)
        if (keys[level][i].kind == TEXT || keys[level][i].kind == TEXTS || keys[level][i].kind == MODELS)
            mn_release(values[i].object);
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, mn_class_super(made[level]), sel))(self, sel);
}

static bool
conforms(id self, SEL sel, Protocol *protocol)
{
    enum level level = level_of(self);
    const char *const names[] = {classes[level].protocol, NULL};

    return mn_face_conforms(self, sel, protocol, made[level], names);
}

static const struct {
    const char *get_types, *set_types;
    void *get, *set;
} accessors[] = {
    [TEXT] = {"@16@0:8", "v24@0:8@16", get_object, set_object},
    [FLAG] = {"C16@0:8", "v20@0:8C16", get_flag, set_flag},
    [INTEGER] = {"q16@0:8", "v24@0:8q16", get_integer, set_integer},
    [REAL] = {"d16@0:8", "v24@0:8d16", get_real, set_real},
    [TEXTS] = {"@16@0:8", "v24@0:8@16", get_object, set_object},
    [MODELS] = {"@16@0:8", "v24@0:8@16", get_object, set_object},
};

static void
make_class(enum level level)
{
    char setters[MOST_KEYS][64];
    struct mn_face_method methods[2 * MOST_KEYS + 2];
    size_t count = 0, values = 0;
    mend_error err;

    for (; values < MOST_KEYS && keys[level][values].name; values++) {
        const struct key *key = &keys[level][values];

        if (!strcmp(key->name, "integerValue"))
            continue; /* of models that have it */
        snprintf(setters[values], sizeof setters[values], "set%c%s:", key->name[0] & ~0x20, key->name + 1);
        methods[count++] =
            (struct mn_face_method){false, key->name, accessors[key->kind].get_types, accessors[key->kind].get};
        methods[count++] =
            (struct mn_face_method){false, setters[values], accessors[key->kind].set_types, accessors[key->kind].set};
    }
    methods[count++] = (struct mn_face_method){false, "dealloc", "v16@0:8", dealloc};
    methods[count++] = (struct mn_face_method){false, "conformsToProtocol:", "C24@0:8@16", conforms};
    if (mn_face_class("NSObject", classes[level].name, values * sizeof(union value), methods, count, &made[level], &err) !=
        MEND_OK)
        mn_log(MN_LOG_ERROR, "%s is not available: %s; %s", classes[level].name, err.message, err.remedy);
}

void
mn_model_classes(void)
{
    for (int level = 0; level < LEVELS; level++)
        make_class((enum level)level);
}

/* ---- Any model, as a document ---- */

static bool
answers(id object, const char *name)
{
    SEL asked = mn_selector("respondsToSelector:");

    return ((bool (*)(id, SEL, SEL))(void *)mn_lookup(object, asked))(object, asked, mn_selector(name));
}

static const char *
utf8(id text)
{
    return (const char *)mn_face_send_with(text, "UTF8String", nil);
}

/* Key-value coding boxes whatever the accessor gives. */
static id
value_of(id model, const char *name)
{
    if (mn_face_is_kind(model, "NSDictionary") || answers(model, name))
        return mn_face_send_with(model, "valueForKey:", mn_box_text(name));
    return nil;
}

static double
real_of(id number)
{
    double value = 0;

    return mn_unbox_double(number, &value) ? value : 0;
}

static long long
integer_of(id number)
{
    int64_t value = 0;

    return mn_unbox_integer(number, &value) ? value : 0;
}

static void write_model(struct mn_json_writer *w, const char *name, id model, enum level level);

static unsigned long
count_of(id array)
{
    SEL sel = mn_selector("count");

    return mn_face_is_kind(array, "NSArray") ? ((unsigned long (*)(id, SEL))(void *)mn_lookup(array, sel))(array, sel) : 0;
}

static id
item_of(id array, unsigned long index)
{
    SEL sel = mn_selector("objectAtIndex:");

    return ((id(*)(id, SEL, unsigned long))(void *)mn_lookup(array, sel))(array, sel, index);
}

static void
write_list(struct mn_json_writer *w, const struct key *key, id list)
{
    mn_json_array(w, key->name);
    for (unsigned long i = 0, count = count_of(list); i < count; i++)
        if (key->kind == TEXTS)
            mn_json_put_text(w, NULL, utf8(item_of(list, i)));
        else
            write_model(w, NULL, item_of(list, i), key->inside);
    mn_json_end(w);
}

static void
write_value(struct mn_json_writer *w, const struct key *key, id value, bool typed)
{
    switch (key->kind) {
    case TEXT:
        mn_json_put_text(w, key->name, utf8(value));
        break;
    case FLAG:
        if (integer_of(value) != 0)
            mn_json_put_bool(w, key->name, true);
        break;
    case INTEGER:
        if (integer_of(value) != 0 || !strcmp(key->name, "integerValue"))
            mn_json_put_int(w, key->name, integer_of(value));
        break;
    case REAL:
        if (typed && real_of(value) == (double)integer_of(value))
            mn_json_put_int(w, key->name, integer_of(value));
        else if (typed)
            mn_json_put_real(w, key->name, real_of(value));
        break;
    default:
        write_list(w, key, value);
    }
}

static void
write_model(struct mn_json_writer *w, const char *name, id model, enum level level)
{
    mn_json_object(w, name);
    for (size_t i = 0; model != nil && i < MOST_KEYS && keys[level][i].name; i++) {
        const struct key *key = &keys[level][i];
        id value = value_of(model, key->name);

        if (value != nil && !mn_face_is_kind(value, "NSNull"))
            write_value(w, key, value, key->kind != REAL || value_of(model, "digitalType") != nil);
    }
    mn_json_end(w);
}

void
mn_model_write(id model, struct mn_buffer *out)
{
    struct mn_json_writer w = MN_JSON_INTO(out);

    write_model(&w, NULL, model, DOCUMENT);
}
