/* SPDX-License-Identifier: MIT */
/* What a language module is handed when it is loaded (host.def), and what it hands back. */
#ifndef MN_PATCH_HOST_H
#define MN_PATCH_HOST_H

#include "abi/call.h"
#include "abi/encoding.h"
#include "hook/batch.h"
#include "hook/call.h"
#include "patch/engine.h"
#include "queue/dispatch.h"
#include "queue/group.h"
#include "queue/queue.h"
#include "queue/time.h"
#include "runtime/blocks.h"
#include "runtime/create.h"
#include "runtime/exception.h"
#include "runtime/objects.h"
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

/* What faces written for the original need of it (compat/jpengine.c). Starts the engine where needed. */
struct mn_script_face {
    mend_status (*start)(mend_error *err);

    /* Runs a text outside of any patch: what it defines stays when it throws, until clean. root, with its slash, is
     * where include() looks from now on; NULL leaves it. Errors go to the handler. */
    void (*evaluate)(const char *text, size_t length, const char *file, const char *root);
    void (*on_error)(void (*handler)(void *data, const char *text), void *data);
    void (*report)(const char *text);
    bool (*define_struct)(const char *name, const char *types, const char *const *keys, size_t count);
    void (*clean)(const char *class_name); /* NULL: all scripts, patches too */
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
