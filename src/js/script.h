/* SPDX-License-Identifier: MIT */
/*
 * One source as a patch: what patch/ knows as a body. It owns what its top-level code defines, also what callbacks of
 * it define later; scripts name it by a number, so that a callback left over from a reverted one does no harm.
 */
#ifndef MN_JS_SCRIPT_H
#define MN_JS_SCRIPT_H

#include "js/value.h"

struct mn_js_script {
    struct mn_body body;
    char *id, *file, *root; /* root: the folder include() starts from, with its slash; NULL: none */
    char *text;
    size_t length;
    unsigned long serial;
    struct mn_js_guard *guard; /* of its methods; NULL: of no patch */
    JSValueRef globals;     /* what it changed of the global object; protected; NULL: nothing yet */
    struct mn_map included; /* absolute paths; under mn_js.tables */
};

extern const struct mn_engine mn_js_engine;

extern const struct mn_script_face mn_js_face;

/* Takes back what scripts defined for a class, or all of it; files are then included anew. */
void mn_js_clean(const char *class_name);

/* The script of a number that scope() was given; NULL when it is gone. 0: whatever belongs to no patch. */
struct mn_js_script *mn_js_script_of(JSContextRef context, JSValueRef serial);
struct mn_js_script *mn_js_script_numbered(unsigned long serial);
const char *mn_js_script_id(const struct mn_js_script *script);
#endif
