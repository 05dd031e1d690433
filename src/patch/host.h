/* SPDX-License-Identifier: MIT */
/* What a language module is handed when it is loaded (host.def), and what it hands back. */
#ifndef MN_PATCH_HOST_H
#define MN_PATCH_HOST_H

#include "abi/call.h"
#include "abi/encoding.h"
#include "hook/batch.h"
#include "hook/call.h"
#include "patch/engine.h"
#include "patch/guard.h"
#include "queue/dispatch.h"
#include "queue/group.h"
#include "queue/queue.h"
#include "queue/time.h"
#include "runtime/blocks.h"
#include "runtime/create.h"
#include "runtime/exception.h"
#include "runtime/objects.h"
#include "runtime/own_sends.h"
#include "value/block.h"
#include "value/box.h"
#include "value/family.h"
#include "value/own.h"

struct mn_host {
    size_t size; /* of this struct: a module made for another version refuses it */
#define F(result, name, parameters, arguments) result(*name) parameters;
#define V(name, parameters, arguments)         void(*name) parameters;
#include "patch/host.def"
#undef F
#undef V
};

/* A value of a script, as the face of JSContext and JSValue holds it. */
typedef const struct OpaqueJSValue *mn_script_value;

enum mn_script_kind {
    MN_SCRIPT_UNDEFINED,
    MN_SCRIPT_NULL,
    MN_SCRIPT_BOOLEAN,
    MN_SCRIPT_NUMBER,
    MN_SCRIPT_TEXT,
    MN_SCRIPT_OBJECT,
    MN_SCRIPT_ARRAY,
    MN_SCRIPT_DATE,
    MN_SCRIPT_FUNCTION
};

/*
 * Values of scripts for that face (compat/jsvalue.c). Any thread; the engine runs (mn_script_face.start).
 *
 * A value that is returned is the caller's: let_go. NULL, or false: the script threw, and *thrown is its value, the
 * caller's too. Objects that are returned are autoreleased. Host code may run and raise.
 */
struct mn_script_values {
    /* Once: the class of values' objects, and how to make one, autoreleased, of a value it takes over. */
    void (*open)(Class value_class, id (*make)(mn_script_value value));
    mn_script_value (*hold)(mn_script_value value);
    void (*let_go)(mn_script_value value);

    mn_script_value (*global)(void);
    mn_script_value (*evaluate)(const char *text, size_t length, const char *file, mn_script_value *thrown);
    mn_script_value (*of_object)(id object); /* as JSValue does: collections are copied, nil is undefined */
    mn_script_value (*of_wrapped)(id object); /* as scripts get results of methods */
    mn_script_value (*of_number)(double number);
    mn_script_value (*of_kind)(enum mn_script_kind kind); /* undefined, null, a fresh object or array */
    mn_script_value (*of_bool)(bool value);
    mn_script_value (*of_error)(const char *message);
    mn_script_value (*of_pointer)(void *pointer);

    enum mn_script_kind (*kind)(mn_script_value value);
    id (*to_object)(mn_script_value value, mn_script_value *thrown);
    bool (*to_number)(mn_script_value value, double *number, mn_script_value *thrown);
    bool (*to_bool)(mn_script_value value);
    id (*to_text)(mn_script_value value, mn_script_value *thrown);
    void *(*to_pointer)(mn_script_value value);

    /* Structs by the name they are registered under; `room` bytes at most. False: unknown, or no struct. */
    bool (*to_struct)(mn_script_value value, const char *name, void *out, size_t room);
    mn_script_value (*of_struct)(const char *name, const void *bytes); /* NULL: unknown */

    /* Keys are strings or numbers. */
    mn_script_value (*get)(mn_script_value object, id key, mn_script_value *thrown);
    bool (*set)(mn_script_value object, id key, mn_script_value value, mn_script_value *thrown);
    bool (*has)(mn_script_value object, id key);
    bool (*remove)(mn_script_value object, id key, mn_script_value *thrown);
    mn_script_value (*call)(mn_script_value function, mn_script_value self, id arguments, bool construct,
                            mn_script_value *thrown);
    bool (*equal)(mn_script_value a, mn_script_value b, bool strict);
    bool (*instance_of)(mn_script_value value, mn_script_value constructor);

    /* Of the block that a script is calling on this thread; false: none. Every part may be NULL. */
    bool (*current)(mn_script_value *self, mn_script_value *function, id *arguments);
    void (*raise)(mn_script_value value); /* that call throws it when the block returns; NULL: does not */
};

/* What faces written for the original need of it (compat/jpengine.c). Starts the engine where needed. */
struct mn_script_face {
    mend_status (*start)(mend_error *err);

    /* Runs a text outside of any patch: what it defines stays when it throws, until clean. root, with its slash, is
     * where include() looks from now on; NULL leaves it. Errors go to the handler. */
    void (*evaluate)(const char *text, size_t length, const char *file, const char *root);
    void (*on_error)(void (*handler)(void *data, const char *text), void *data);
    void (*report)(const char *text);
    bool (*define_struct)(const char *name, const char *types, const char *const *keys, size_t count);
    size_t (*struct_size)(const char *types); /* of a C struct with such members; 0: no types */
    void (*clean)(const char *class_name); /* NULL: all scripts, patches too */
    void (*extend)(const char *name);      /* what the extension of that name adds; unknown ones: nothing */
    id (*overridden)(void);                /* class names and selectors in force; and included files: autoreleased */
    id (*included)(void);
    const struct mn_script_values *values;
};

/* What a module gives for it; NULL when it does not fit. `why` has room for a line of text. */
struct mn_module {
    size_t size;
    const struct mn_engine *engine;
    const struct mn_script_face *face;
};
typedef const struct mn_module *mn_module_entry(const struct mn_host *host, char *why, size_t size);

extern const struct mn_host mn_host_functions;

/* The engine of .js sources, which loads libmend-js.so when the first one is opened. */
extern const struct mn_engine mn_script_engine;

/* The dispatch function of that name (queue/dispatch.h) and its encoding; NULL: there is none. */
void *mn_script_dispatch(const char *name, const char **encoding);

/* Loads the JavaScript module once. NULL with the reason in *err. */
const struct mn_module *mn_script_module(mend_error *err);
#endif
