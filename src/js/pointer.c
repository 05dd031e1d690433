/* SPDX-License-Identifier: MIT */
/* Unsafe by design, as the original's: a script that frees a pointer twice ends the process. NULL is tolerated. */
#include "js/pointer.h"

#include "js/convert.h"
#include "js/ref.h"

#include <stdlib.h>

static struct mn_map cells = MN_MAP_EMPTY; /* cell -> object, retained; under mn_js.tables */

static void
cell_set(void *cell, id object)
{
    id former;

    mn_retain(object);
    pthread_mutex_lock(&mn_js.tables);
    former = mn_map_remove_pointer(&cells, cell);
    if (object != nil)
        mn_map_set_pointer(&cells, cell, object);
    pthread_mutex_unlock(&mn_js.tables);
    mn_release(former);
}

void
mn_js_cell_keep(void *cell)
{
    cell_set(cell, *(id *)cell);
}

#define FUNCTION(name)                                                                                       \
    static JSValueRef name(JSContextRef context, JSObjectRef function, JSObjectRef self, size_t count,       \
                           const JSValueRef arguments[], JSValueRef *exception)

static void *
address(JSContextRef context, size_t index, size_t count, const JSValueRef *arguments)
{
    struct mn_js_ref *ref = index < count ? mn_js_ref_of(context, arguments[index]) : NULL;

    if (ref == NULL)
        return NULL;
    if (ref->head.kind == MN_JS_REF_POINTER)
        return ref->pointer;
    return ref->head.kind == MN_JS_REF_CLASS ? (void *)mn_js_ref_class(ref) : (void *)ref->object;
}

static double
number(JSContextRef context, size_t index, size_t count, const JSValueRef *arguments)
{
    return index < count ? JSValueToNumber(context, arguments[index], NULL) : 0;
}

FUNCTION(memory_malloc)
{
    double size = number(context, 0, count, arguments);

    return mn_js_wrap_pointer(context, size >= 0 && size < 1e15 ? calloc(1, size < 1 ? 1 : (size_t)size) : NULL);
}

FUNCTION(memory_free)
{
    void *memory = address(context, 0, count, arguments);

    cell_set(memory, nil);
    free(memory);
    return mn_js_make_undefined(context);
}

FUNCTION(memory_set)
{
    void *to = address(context, 0, count, arguments);

    if (to != NULL)
        memset(to, (int)number(context, 1, count, arguments), (size_t)number(context, 2, count, arguments));
    return count > 0 ? arguments[0] : mn_js_make_undefined(context);
}

FUNCTION(memory_move)
{
    void *to = address(context, 0, count, arguments), *from = address(context, 1, count, arguments);

    if (to != NULL && from != NULL)
        memmove(to, from, (size_t)number(context, 2, count, arguments));
    return count > 0 ? arguments[0] : mn_js_make_undefined(context);
}

FUNCTION(pointer_value)
{
    id *cell = address(context, 0, count, arguments);

    return mn_js_from_object(context, cell != NULL ? *cell : nil, false);
}

FUNCTION(pointer_bool)
{
    signed char *cell = address(context, 0, count, arguments);

    return mn_js_make_bool(context, cell != NULL && *cell != 0);
}

FUNCTION(pointer_get)
{
    void **cell = calloc(1, sizeof *cell);

    if (cell != NULL)
        *cell = address(context, 0, count, arguments);
    return mn_js_wrap_pointer(context, cell);
}

FUNCTION(pointer_assign)
{
    id *cell = address(context, 0, count, arguments);

    if (cell != NULL)
        *cell = (id)address(context, 1, count, arguments);
    return mn_js_make_undefined(context);
}

FUNCTION(pointer_assign_scalar)
{
    MN_JS_TEMPORARIES(temporaries);
    void *cell = address(context, 0, count, arguments);
    char *letter = count > 2 ? mn_js_copy_text(context, arguments[2], exception) : NULL;
    const struct mn_type *type;

    if (cell != NULL && letter != NULL && letter[0] != '\0' && strchr("csSiIlLqQfdBC", letter[0]) != NULL) {
        letter[1] = '\0';
        if ((letter[0] == 'c' || letter[0] == 'C') && mn_js_type_of(context, arguments[1]) == MN_JS_STRING) {
            char *text = mn_js_copy_text(context, arguments[1], exception);

            *(char *)cell = text != NULL ? text[0] : 0;
            mn_free(text);
        } else if (mn_type_get(letter, &type, NULL) == MEND_OK) {
            mn_js_to_native(context, arguments[1], type, cell, &temporaries, exception);
        }
    }
    mn_free(letter);
    return mn_js_make_undefined(context);
}

FUNCTION(pointer_bridge)
{
    return mn_js_from_object(context, address(context, 0, count, arguments), false);
}

FUNCTION(object_retain)
{
    mn_retain(address(context, 0, count, arguments));
    return mn_js_make_undefined(context);
}

FUNCTION(object_release)
{
    mn_release(address(context, 0, count, arguments));
    return mn_js_make_undefined(context);
}

FUNCTION(cell_release)
{
    cell_set(address(context, 0, count, arguments), nil);
    return mn_js_make_undefined(context);
}

static const struct mn_type *
structure_type(JSContextRef context, JSValueRef name)
{
    char *text = mn_js_copy_text(context, name, NULL);
    const char *encoding = text != NULL ? mn_js_structure_encoding(text) : NULL;
    const struct mn_type *type = NULL;

    if (encoding != NULL)
        mn_type_get(encoding, &type, NULL);
    mn_free(text);
    return type;
}

FUNCTION(size_of)
{
    const struct mn_type *type = count > 0 ? structure_type(context, arguments[0]) : NULL;
    char *text = count > 0 ? mn_js_copy_text(context, arguments[0], exception) : NULL;
    double size = type != NULL ? (double)type->size : text != NULL && strcmp(text, "id") == 0 ? sizeof(id) : 0;

    mn_free(text);
    return mn_js_make_double(context, size);
}

FUNCTION(structure_new)
{
    MN_JS_TEMPORARIES(temporaries);
    const struct mn_type *type = count > 1 ? structure_type(context, arguments[0]) : NULL;
    void *memory = type != NULL ? calloc(1, type->size) : NULL;

    if (memory != NULL && !mn_js_to_structure(context, arguments[1], type, memory, &temporaries, exception)) {
        free(memory);
        return NULL;
    }
    return mn_js_wrap_pointer(context, memory);
}

FUNCTION(structure_value)
{
    const struct mn_type *type = count > 1 ? structure_type(context, arguments[0]) : NULL;
    void *memory = address(context, 1, count, arguments);

    return type == NULL || memory == NULL ? mn_js_make_nil(context) : mn_js_from_structure(context, type, memory);
}

static void
pool_end(id *pool)
{
    mn_pool_pop(*pool);
}

FUNCTION(pool_run)
{
    MN_SCOPED(pool_end) __attribute__((unused)) id pool = mn_pool_push();

    if (count > 0 && mn_js_type_of(context, arguments[0]) == MN_JS_OBJECT)
        JSObjectCallAsFunction(context, (JSObjectRef)arguments[0], NULL, 0, NULL, exception);
    mn_js_sweep();
    return mn_js_make_undefined(context);
}

void
mn_js_pointers_install(JSObjectRef native)
{
    static const struct {
        const char *name;
        JSObjectCallAsFunctionCallback callback;
    } functions[] = {
        {"malloc", memory_malloc},
        {"free", memory_free},
        {"memset", memory_set},
        {"memcpy", memory_move},
        {"memmove", memory_move},
        {"pval", pointer_value},
        {"pvalBool", pointer_bool},
        {"getPointer", pointer_get},
        {"sizeof", size_of},
        {"__bridge_id", pointer_bridge},
        {"CFRetain", object_retain},
        {"CFRelease", object_release},
        {"assignPointer", pointer_assign},
        {"assignScalarTypePointer", pointer_assign_scalar},
        {"autoreleasepool", pool_run},
        {"newStruct", structure_new},
        {"pvalStruct", structure_value},
        {"releaseTmpObj", cell_release},
    };

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        mn_js_set(mn_js.context, native, functions[i].name,
                  mn_js_function(functions[i].name, functions[i].callback), false, NULL);
}
