/* SPDX-License-Identifier: MIT */
/* Stinger: hooks named by the caller, one name for each receiver, selector and position. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/list.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/info.h"
#include "compat/letters.h"
#include "compat/placed.h"
#include "compat/point.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/block.h"
#include "value/box.h"
#include "value/own.h"

#include <pthread.h>

MEND_API void mend_stinger_use(void);

enum option { POSITION = 7, AUTOMATIC_REMOVAL = 1 << 3, WEAK_CHECK = 1 << 16 };
enum result { SUCCESS = 1, NOT_FOUND = -1, NOT_MATCHED = -2, ID_EXISTED = -3, OTHER = -4 };

static const char *
utf8(id string)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL sel = mn_selector("UTF8String");

    mn_own_sends_begin(&own);
    return string == nil ? NULL : ((const char *(*)(id, SEL))(void *)mn_lookup(string, sel))(string, sel);
}

/* ---- Whose hooks are meant; under the runtime's mutex ---- */

/* A class's own hooks, or those of one object (cls Nil). */
static bool
is_of(const struct mn_placed *placed, Class cls, id object)
{
    if (atomic_load(&placed->state) == MN_PLACED_REMOVED)
        return false;
    return cls ? !placed->of_object && placed->point->cls == cls
               : placed->of_object && mn_weak_is((mn_weak *)&placed->object, object);
}

static struct mn_placed *
find(SEL sel, Class cls, id object, bool (*wanted)(const struct mn_placed *, const void *), const void *data)
{
    for (struct mn_point *point = mn_points_of(sel); point; point = point->next)
        for (struct mn_placed *p = point->face == MN_FACE_STINGER ? point->first : NULL; p; p = p->next)
            if (is_of(p, cls, object) && wanted(p, data))
                return p;
    return NULL;
}

/* ---- Adding ---- */

static bool
has_name_and_position(const struct mn_placed *placed, const void *data)
{
    const struct mn_request *request = data;

    return placed->position == request->position && strcmp(placed->identifier, request->identifier) == 0;
}

static mend_status
admit(const struct mn_request *request, mend_error *err)
{
    if (!find(request->sel, request->object ? Nil : request->cls, request->object, has_name_and_position,
              request))
        return MEND_OK;
    return mn_fail_method(err, MEND_EXISTS, mn_class_name(request->cls), mn_selector_name(request->sel),
                          "there is a hook '%s' in this position", request->identifier);
}

/* The types, apart from what block advice compares for itself. */
static mend_status
match(const struct mn_request *request, const struct mn_method *method, bool strict, mend_error *err)
{
    const struct mn_signature *block, *its;
    mend_status st;

    if ((st = mn_block_type(request->block, NULL, &block, err)) != MEND_OK ||
        (st = mn_signature_get(method->types, &its, err)) != MEND_OK)
        return st;
    if (!mn_letters_info_fits(block) || (strict && block->count < its->count)) {
        mn_fail(err, MEND_SIGNATURE_MISMATCH, "the block does not take the params object and all arguments");
        mn_remedy(err, "let it take id<StingerParams>, then what the method takes");
        return MEND_SIGNATURE_MISMATCH;
    }
    if (request->position == MEND_INSTEAD && !mn_letters_result_fits(block, its)) {
        mn_fail(err, MEND_SIGNATURE_MISMATCH, "the block does not return what the method does");
        mn_remedy(err, "give it the result type of the method");
        return MEND_SIGNATURE_MISMATCH;
    }
    return strict ? mn_letters_arguments_fit(block, its, err) : MEND_OK;
}

static enum result
result_of(mend_status st)
{
    switch (st) {
    case MEND_OK:
        return SUCCESS;
    case MEND_NO_METHOD:
        return NOT_FOUND;
    case MEND_SIGNATURE_MISMATCH:
    case MEND_UNSUPPORTED_ENCODING:
        return NOT_MATCHED;
    case MEND_EXISTS:
        return ID_EXISTED;
    default:
        return OTHER;
    }
}

static bool
is_other_instead(const struct mn_placed *placed, const void *one)
{
    return placed != one && placed->position == MEND_INSTEAD &&
           atomic_load(&placed->state) == MN_PLACED_STANDS;
}

/* The newest instead of a receiver is the only one. */
static void
remove_earlier_instead(const struct mn_request *request, const struct mn_placed *newest)
{
    struct mn_placed *earlier;

    mn_runtime_lock();
    earlier =
        find(request->sel, request->object ? Nil : request->cls, request->object, is_other_instead, newest);
    if (earlier)
        mn_placed_retain(earlier);
    mn_runtime_unlock();
    if (!earlier)
        return;
    mn_placed_remove(earlier, NULL);
    mn_placed_release(earlier);
}

static mend_status
add(const struct mn_request *request, bool strict, mend_error *err)
{
    struct mn_placed *placed;
    struct mn_method method;
    mend_status st;

    if (!request->sel || !mn_method_find(request->object ? mn_object_class(request->object) : request->cls,
                                         request->sel, &method))
        return mn_fail_method(err, MEND_NO_METHOD, mn_class_name(request->cls),
                              mn_selector_name(request->sel), "there is no such method");
    if (!request->block)
        return mn_fail(err, MEND_SIGNATURE_MISMATCH, "there is no block");
    if (request->position > MEND_BEFORE || !request->identifier)
        return mn_fail(err, MEND_INVALID, "a hook needs an identifier and one of the three positions");
    if ((st = match(request, &method, strict, err)) != MEND_OK)
        return st;
    if ((st = mn_placed_add(request, &placed, err)) != MEND_OK)
        return st;
    if (request->position == MEND_INSTEAD)
        remove_earlier_instead(request, placed);
    mn_placed_release(placed);
    return MEND_OK;
}

static long
hook(Class cls, id object, SEL sel, long option, id identifier, id block)
{
    struct mn_request request = {.face = MN_FACE_STINGER,
                                 .cls = cls,
                                 .object = object,
                                 .sel = sel,
                                 .position = (mend_position)(option & POSITION),
                                 .once = option & AUTOMATIC_REMOVAL,
                                 .weak = true, /* of one letter, and alike in a call, is enough */
                                 .result_unused = (option & POSITION) != MEND_INSTEAD,
                                 .identifier = utf8(identifier),
                                 .block = block,
                                 .admit = admit};
    mend_error err;
    mend_status st = add(&request, !(option & WEAK_CHECK), &err);

    if (st != MEND_OK)
        mn_log(MN_LOG_WARNING, "Stinger: [%s %s]: %s; %s",
               mn_class_name(object ? mn_object_class(object) : cls), sel ? mn_selector_name(sel) : "(null)",
               err.message, err.remedy);
    return result_of(st);
}

/* ---- Asking and removing ---- */

static bool
has_position(const struct mn_placed *placed, const void *position)
{
    return placed->position == *(const mend_position *)position;
}

/* Copies of the identifiers, in the order of positions; what finds no memory is left out. */
static void
list_identifiers(SEL sel, Class cls, id object, struct mn_list *names)
{
    static const mend_position order[] = {MEND_BEFORE, MEND_INSTEAD, MEND_AFTER};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (struct mn_point *point = mn_points_of(sel); point; point = point->next)
            for (struct mn_placed *p = point->face == MN_FACE_STINGER ? point->first : NULL; p; p = p->next) {
                char **name = is_of(p, cls, object) && has_position(p, &order[i]) ? mn_list_add(names) : NULL;

                if (name)
                    *name = mn_strdup(p->identifier);
            }
}

static id
strings(struct mn_list *names)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    size_t count = 0;
    id *items = mn_calloc(names->count + 1, sizeof *items), array;

    mn_own_sends_begin(&own);
    for (size_t i = 0; i < names->count; i++) {
        char *name = *MN_LIST_AT(char *, names, i);

        if (items && name && (items[count] = mn_box_text(name)) != nil)
            count++;
        mn_free(name);
    }
    mn_list_fini(names);
    array = mn_box_array(items, items ? count : 0);
    mn_free(items);
    return array;
}

/* The receiver is an object, or a class with both its sides. */
static id
identifiers(id self, SEL sel)
{
    struct mn_list names = MN_LIST_OF(char *);

    if (sel == NULL)
        return strings(&names);
    mn_runtime_lock();
    if (mn_object_is_class(self)) {
        list_identifiers(sel, (Class)self, nil, &names);
        list_identifiers(sel, mn_class_meta((Class)self), nil, &names);
    } else {
        list_identifiers(sel, Nil, self, &names);
    }
    mn_runtime_unlock();
    return strings(&names);
}

static bool
stands_under_name(const struct mn_placed *placed, const void *name)
{
    return atomic_load(&placed->state) == MN_PLACED_STANDS && strcmp(placed->identifier, name) == 0;
}

static BOOL
remove_named(SEL sel, Class cls, id object, const char *name)
{
    BOOL removed = NO;

    for (;;) {
        struct mn_placed *placed;

        mn_runtime_lock();
        placed = find(sel, cls, object, stands_under_name, name);
        if (placed)
            mn_placed_retain(placed);
        mn_runtime_unlock();
        if (!placed)
            return removed;
        removed |= mn_placed_remove(placed, NULL) == MEND_OK;
        mn_placed_release(placed);
    }
}

/* ---- The methods ---- */

static long
hook_instance_method(id self, SEL _cmd, SEL sel, long option, id identifier, id block)
{
    (void)_cmd;
    return hook((Class)self, nil, sel, option, identifier, block);
}

static long
hook_class_method(id self, SEL _cmd, SEL sel, long option, id identifier, id block)
{
    (void)_cmd;
    return hook(mn_class_meta((Class)self), nil, sel, option, identifier, block);
}

static long
hook_object(id self, SEL _cmd, SEL sel, long option, id identifier, id block)
{
    (void)_cmd;
    return hook(Nil, self, sel, option, identifier, block);
}

static id
all_identifiers(id self, SEL _cmd, SEL sel)
{
    (void)_cmd;
    return identifiers(self, sel);
}

static BOOL
remove_hook(id self, SEL _cmd, id identifier, SEL sel)
{
    const char *name = utf8(identifier);

    (void)_cmd;
    if (!name || !sel)
        return NO;
    if (!mn_object_is_class(self))
        return remove_named(sel, Nil, self, name);
    return remove_named(sel, (Class)self, nil, name) |
           remove_named(sel, mn_class_meta((Class)self), nil, name);
}

#define HOOK_TYPES "q48@0:8:16q24@32@?40"

static void
register_face(void)
{
    static const struct mn_face_method methods[] = {
        {true, "st_hookInstanceMethod:option:usingIdentifier:withBlock:", HOOK_TYPES, hook_instance_method},
        {true, "st_hookClassMethod:option:usingIdentifier:withBlock:", HOOK_TYPES, hook_class_method},
        {true, "st_allIdentifiersForKey:", "@24@0:8:16", all_identifiers},
        {true, "st_removeHookWithIdentifier:forKey:", "C32@0:8@16:24", remove_hook},
        {false, "st_hookInstanceMethod:option:usingIdentifier:withBlock:", HOOK_TYPES, hook_object},
        {false, "st_allIdentifiersForKey:", "@24@0:8:16", all_identifiers},
        {false, "st_removeHookWithIdentifier:forKey:", "C32@0:8@16:24", remove_hook},
    };
    mend_error err;
    mend_status st = mn_info_register(&err);

    if (st == MEND_OK)
        st = mn_face_extend(mn_class_named("NSObject"), methods, sizeof methods / sizeof *methods, &err);
    if (st != MEND_OK)
        mn_log(MN_LOG_ERROR, "Stinger's methods are not available: %s; %s", err.message, err.remedy);
}

void
mend_stinger_use(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_face);
}
