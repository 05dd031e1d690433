/* SPDX-License-Identifier: MIT */
/*
 * Values across the border, by the type of the parameter or result.
 *
 * Nothing is dropped: a type that has no JavaScript form of its own becomes an array of its fields, or a pointer.
 */
#ifndef MN_JS_CONVERT_H
#define MN_JS_CONVERT_H

#include "js/value.h"

/* What a conversion made that must outlive the call: objects to release, memory to free. */
struct mn_js_temporaries {
    size_t count;
    struct mn_js_temporary {
        void *thing;
        enum { MN_JS_A_OBJECT, MN_JS_A_BLOCK, MN_JS_A_MEMORY } what;
    } inline_items[12], *items;
    size_t capacity;
};
#define MN_JS_TEMPORARIES(name)                                                                              \
    MN_SCOPED(mn_js_temporaries_fini) struct mn_js_temporaries name = {.capacity = 12}
void mn_js_temporaries_fini(struct mn_js_temporaries *temporaries);
bool mn_js_keep_object(struct mn_js_temporaries *temporaries, id object);
void *mn_js_keep_memory(struct mn_js_temporaries *temporaries, size_t size);

/* The value at `value`, of that type. Objects are borrowed, or consumed with `owned`. */
JSValueRef mn_js_from_native(JSContextRef context, const struct mn_type *type, const void *value, bool owned);

/*
 * Writes a value of that type to `out` (type->size bytes). Objects written are kept alive by `temporaries`. False with
 * *exception set: it cannot be one; `out` is zero then.
 */
bool mn_js_to_native(JSContextRef context, JSValueRef value, const struct mn_type *type, void *out,
                     struct mn_js_temporaries *temporaries, JSValueRef *exception);

/* An object for any value, nil for undefined, null and false; kept by `temporaries`. False: *exception is set. */
bool mn_js_to_object(JSContextRef context, JSValueRef value, id *out, struct mn_js_temporaries *temporaries,
                     JSValueRef *exception);

/* An object as scripts see it: numbers and blocks as JavaScript has them, others as wrappers. */
JSValueRef mn_js_from_object(JSContextRef context, id object, bool owned);

/* NSNumbers stay objects in what this thread converts. */
extern _Thread_local bool mn_js_keep_numbers;

/* A deep copy of a string, array, dictionary or date; any other value as mn_js_from_object gives it. */
JSValueRef mn_js_unwrap_deep(JSContextRef context, id object, JSValueRef *exception);
bool mn_js_has_deep(id object);

/* UTF-8 of an NSString; mn_free it. */
char *mn_js_text_of(id string);

/* Structures (structure.c). */
JSValueRef mn_js_from_structure(JSContextRef context, const struct mn_type *type, const void *value);
bool mn_js_to_structure(JSContextRef context, JSValueRef value, const struct mn_type *type, void *out,
                        struct mn_js_temporaries *temporaries, JSValueRef *exception);

/* Registers names for the fields of a struct by its tag; the last registration wins. `types` as JPEngine's. */
bool mn_js_structure_define(const char *name, const char *types, const char *const *keys, size_t count);

size_t mn_js_structure_size(const char *types);

/* The encoding of a registered or built-in struct by its name, without leading underscores; NULL: unknown. Lent. */
const char *mn_js_structure_encoding(const char *name);
void mn_js_structures_open(void);
#endif
