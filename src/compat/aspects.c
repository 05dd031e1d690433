/* SPDX-License-Identifier: MIT */
/*
 * Aspects: its checks in its order, its numbers, its tokens.
 *
 * The checks look at method lists and send nothing: a class that answers respondsToSelector: for methods it
 * does not have is taken at its list.
 */
#include "base/error.h"
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
#include <stdio.h>
#include <string.h>

MEND_API void mend_aspects_use(const void *error_domain);
MEND_API int mend_aspects_refuse_hierarchy(int refuse);

enum { POSITION = 7, AUTOMATIC_REMOVAL = 1 << 3 };

/* AspectErrorCode, the part that errors are made of; none is 0. */
enum code {
    BLACKLISTED = 0,
    DOES_NOT_RESPOND = 1,
    DEALLOC_POSITION = 2,
    HOOKED_IN_HIERARCHY = 3,
    NOT_PLACED = 4,
    NO_BLOCK_SIGNATURE = 5,
    BLOCK_DOES_NOT_FIT = 6,
    TOO_LATE = 100,
    PASSED = -1
};

static const void *error_domain; /* the program's AspectErrorDomain */
static atomic_int refuse_hierarchy = 1;

int
mend_aspects_refuse_hierarchy(int refuse)
{
    return atomic_exchange(&refuse_hierarchy, refuse != 0);
}

/* ---- Admission ---- */

static bool
is_blacklisted(const char *selector)
{
    static const char *const names[] = {"retain", "release", "autorelease", "forwardInvocation:"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], selector) == 0)
            return true;
    return false;
}

/* The class whose instances are to be hooked: the receiver, or that of the receiver. */
static Class
class_of(const struct mn_request *request)
{
    return request->object ? mn_object_class(request->object) : request->cls;
}

static bool
responds(const struct mn_request *request)
{
    return mn_method_find(class_of(request), request->sel, NULL) ||
           (request->cls && mn_method_find(mn_object_class((id)request->cls), request->sel, NULL));
}

static bool
hooked_as_class(const struct mn_point *point)
{
    for (const struct mn_placed *p = point->first; p; p = p->next)
        if (!p->of_object && atomic_load(&p->state) != MN_PLACED_REMOVED)
            return true;
    return false;
}

/* A class above or below has this selector hooked. Under the runtime's mutex. */
static mend_status
admit(const struct mn_request *request, mend_error *err)
{
    if (request->object || !atomic_load(&refuse_hierarchy))
        return MEND_OK;
    for (struct mn_point *point = mn_points_of(request->sel); point; point = point->next) {
        bool above = mn_class_inherits(request->cls, point->cls);

        if (point->face != MN_FACE_ASPECTS || point->cls == request->cls || !hooked_as_class(point) ||
            (!above && !mn_class_inherits(point->cls, request->cls)))
            continue;
        mn_fail_method(err, MEND_EXISTS, mn_class_name(request->cls), mn_selector_name(request->sel),
                       "its %s %s has this selector hooked", above ? "superclass" : "subclass",
                       mn_class_name(point->cls));
        mn_remedy(err, "hook one of the two, or allow both with mend_aspects_refuse_hierarchy(0)");
        return MEND_EXISTS;
    }
    return MEND_OK;
}

static mend_status
admit_now(const struct mn_request *request, mend_error *err)
{
    mend_status st;

    mn_runtime_lock();
    st = admit(request, err);
    mn_runtime_unlock();
    return st;
}

static enum code
check_block(const struct mn_request *request, mend_error *err)
{
    const struct mn_signature *block, *its;
    struct mn_method method;

    if (mn_block_type(request->block, NULL, &block, err) != MEND_OK)
        return NO_BLOCK_SIGNATURE;
    if (!mn_method_find(class_of(request), request->sel, &method)) {
        mn_fail(err, MEND_NO_METHOD, "it is a class method; hook it on object_getClass(the class)");
        return BLOCK_DOES_NOT_FIT;
    }
    if (!mn_letters_info_fits(block)) {
        mn_fail(err, MEND_SIGNATURE_MISMATCH, "the block's first parameter is no id<AspectInfo>");
        return BLOCK_DOES_NOT_FIT;
    }
    if (mn_signature_get(method.types, &its, err) != MEND_OK)
        return block->count > 1 ? BLOCK_DOES_NOT_FIT : PASSED;
    return mn_letters_arguments_fit(block, its, err) == MEND_OK ? PASSED : BLOCK_DOES_NOT_FIT;
}

static enum code
check(const struct mn_request *request, mend_error *err)
{
    const char *selector = mn_selector_name(request->sel);

    if (is_blacklisted(selector)) {
        mn_fail(err, MEND_REFUSED_SELECTOR, "this selector is never hooked");
        return BLACKLISTED;
    }
    if (strcmp(selector, "dealloc") == 0 && request->position != MEND_BEFORE) {
        mn_fail(err, MEND_REFUSED_POSITION, "dealloc takes AspectPositionBefore only");
        return DEALLOC_POSITION;
    }
    if (!responds(request)) {
        mn_fail(err, MEND_NO_METHOD, "neither the receiver nor its instances have this method");
        return DOES_NOT_RESPOND;
    }
    if (admit_now(request, err) != MEND_OK)
        return HOOKED_IN_HIERARCHY;
    return check_block(request, err);
}

/* What the engine still found. */
static enum code
code_of(mend_status st)
{
    switch (st) {
    case MEND_REFUSED_SELECTOR:
        return BLACKLISTED;
    case MEND_NO_METHOD:
        return DOES_NOT_RESPOND;
    case MEND_EXISTS:
        return HOOKED_IN_HIERARCHY;
    case MEND_SIGNATURE_MISMATCH:
    case MEND_UNSUPPORTED_ENCODING:
        return BLOCK_DOES_NOT_FIT;
    default:
        return NOT_PLACED;
    }
}

/* ---- Tokens ---- */

struct token {
    struct mn_placed *placed; /* a reference; NULL for a position that nothing ever runs in */
    atomic_bool idle_removed;
};

static Class token_class;
static size_t token_state;

static struct token *
token_of(id self)
{
    return (struct token *)((char *)self + token_state);
}

static BOOL
token_remove(id self, SEL _cmd)
{
    struct token *token = token_of(self);
    mend_error err;

    (void)_cmd;
    if (!token->placed)
        return !atomic_exchange(&token->idle_removed, true);
    if (mn_placed_remove(token->placed, &err) == MEND_OK)
        return YES;
    mn_log(MN_LOG_INFO, "Aspects: error %d: %s", TOO_LATE, err.message);
    return NO;
}

static BOOL
token_conforms(id self, SEL _cmd, Protocol *protocol)
{
    static const char *const names[] = {"AspectToken", NULL};

    return mn_face_conforms(self, _cmd, protocol, token_class, names);
}

static void
free_token(id self, SEL _cmd)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;

    mn_own_sends_begin(&own);
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, mn_class_super(token_class), _cmd))(self, _cmd);
}

static void
token_dealloc(id self, SEL _cmd)
{
    mn_placed_release(token_of(self)->placed);
    free_token(self, _cmd);
}

static id
new_token(struct mn_placed *placed)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL alloc = mn_selector("alloc");
    id self = ((id(*)(id, SEL))mn_lookup((id)token_class, alloc))((id)token_class, alloc);

    mn_own_sends_begin(&own);
    if (self != nil)
        token_of(self)->placed = placed;
    return mn_autorelease(self);
}

/* ---- The methods ---- */

static id
text(const char *text)
{
    return mn_autorelease(mn_string_new(text, strlen(text)));
}

static id
missing(const char *what)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    id cls = (id)mn_class_named("NSException");
    SEL sel = mn_selector("exceptionWithName:reason:userInfo:");
    char reason[64];

    mn_own_sends_begin(&own);
    snprintf(reason, sizeof reason, "Invalid parameter not satisfying: %s", what);
    return ((id(*)(id, SEL, id, id, id))(void *)mn_lookup(cls, sel))(
        cls, sel, text("NSInternalInconsistencyException"), text(reason), nil);
}

static __attribute__((noreturn)) void
raise_missing(const char *what)
{
    mn_throw(missing(what));
}

static id
new_error(enum code code, const mend_error *why)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    id cls = (id)mn_class_named("NSError"), domain = (id)(void *)error_domain;
    SEL sel = mn_selector("errorWithDomain:code:userInfo:");
    char description[sizeof why->message + sizeof why->remedy + 8];
    id pair[2] = {text("NSLocalizedDescription")};

    mn_own_sends_begin(&own);
    snprintf(description, sizeof description, "%s; %s", why->message, why->remedy);
    pair[1] = text(description);
    return ((id(*)(id, SEL, id, long, id))(void *)mn_lookup(cls, sel))(cls, sel, domain, code,
                                                                       mn_box_dictionary(pair, 2));
}

static void
refuse(const struct mn_request *request, enum code code, const mend_error *why, id *error)
{
    mn_log(MN_LOG_WARNING, "Aspects: error %d on [%s %s]: %s; %s", code, mn_class_name(class_of(request)),
           mn_selector_name(request->sel), why->message, why->remedy);
    if (error)
        *error = new_error(code, why);
}

static id
add(const struct mn_request *request, id *error)
{
    struct mn_placed *placed = NULL;
    mend_error err = {0};
    enum code code = check(request, &err);
    mend_status st;
    id token;

    if (code != PASSED) {
        refuse(request, code, &err, error);
        return nil;
    }
    if (request->position > MEND_BEFORE) {
        mn_log(MN_LOG_WARNING, "Aspects: [%s %s]: nothing ever runs in position %d",
               mn_class_name(class_of(request)), mn_selector_name(request->sel), request->position);
    } else if ((st = mn_placed_add(request, &placed, &err)) != MEND_OK) {
        refuse(request, code_of(st), &err, error);
        return nil;
    }
    if ((token = new_token(placed)) == nil)
        mn_placed_release(placed);
    return token;
}

static id
hook(id self, SEL _cmd, SEL sel, unsigned long options, id block, id *error)
{
    bool is_class = mn_object_is_class(self);
    struct mn_request request = {.face = MN_FACE_ASPECTS,
                                 .cls = is_class ? (Class)self : Nil,
                                 .object = is_class ? nil : self,
                                 .sel = sel,
                                 .position = (mend_position)(options & POSITION),
                                 .once = (options & AUTOMATIC_REMOVAL) != 0,
                                 .weak = true, /* of one letter, and alike in a call, is enough */
                                 .result_unused = true,
                                 .block = block,
                                 .admit = admit};

    (void)_cmd;
    if (!sel)
        raise_missing("selector");
    if (!block)
        raise_missing("block");
    return add(&request, error);
}

/* ---- Into the program ---- */

#define HOOK_TYPES "@48@0:8:16Q24@?32^@40"

static mend_status
register_all(mend_error *err)
{
    static const struct mn_face_method token_methods[] = {
        {false, "remove", "C16@0:8", token_remove},
        {false, "conformsToProtocol:", "C24@0:8@16", token_conforms},
        {false, "dealloc", "v16@0:8", token_dealloc},
    };
    static const struct mn_face_method methods[] = {
        {true, "aspect_hookSelector:withOptions:usingBlock:error:", HOOK_TYPES, hook},
        {false, "aspect_hookSelector:withOptions:usingBlock:error:", HOOK_TYPES, hook},
    };
    mend_status st = mn_info_register(err);

    if (st == MEND_OK)
        st = mn_face_class("NSObject", "MendAspectToken", sizeof(struct token), token_methods,
                           sizeof token_methods / sizeof *token_methods, &token_class, err);
    if (st != MEND_OK)
        return st;
    token_state = mn_face_state(token_class);
    return mn_face_extend(mn_class_named("NSObject"), methods, sizeof methods / sizeof *methods, err);
}

static void
register_face(void)
{
    mend_error err;

    if (register_all(&err) != MEND_OK)
        mn_log(MN_LOG_ERROR, "Aspects' methods are not available: %s; %s", err.message, err.remedy);
}

void
mend_aspects_use(const void *domain)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const void *none = NULL;

    __atomic_compare_exchange_n(&error_domain, &none, domain, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    pthread_once(&once, register_face);
}
