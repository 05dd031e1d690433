/* SPDX-License-Identifier: MIT */
/*
 * The state of an invocation is a frame: first that of the call, later a copy with its own stack arguments
 * and room for a result, laid out so that reading and writing is the same in both.
 *
 * Target and selector are kept apart from the frame. In a living call the frame's own are the method's self
 * and _cmd, and are put there only for the time of a -invoke.
 */
#include "compat/invocation.h"

#include "abi/call.h"
#include "abi/frame.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/list.h"
#include "compat/attach.h"
#include "hook/site.h"
#include "runtime/blocks.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/box.h"
#include "value/own.h"

#include <stdio.h>

enum { SELF, CMD, REGISTER_VALUE_MAX = 64 };

struct state {
    mend_call *call;        /* while it lives, else NULL */
    struct mn_frame *frame; /* the call's, then `own`; NULL when there was no memory for it */
    const struct mn_site *site;
    const struct mn_signature *signature;
    id target;
    SEL selector;
    struct mn_list kept;  /* id: what -retainArguments keeps, given back at the end */
    struct mn_list texts; /* char *: copies of C strings, likewise */
    void *own;
    bool retained;
};

static Class invocation_class;
static size_t state_offset;

static struct state *
state_of(id self)
{
    return (struct state *)((char *)self + state_offset);
}

/* ---- Running ---- */

void
mn_call_run_below(mend_call *call)
{
    if (call->state.position == MEND_INSTEAD) {
        mn_call_proceed(call);
        return;
    }
    mn_call_frame(mn_site_below(call->site, call->frame), call->frame, mn_call_signature(call)->shape);
    call->state.has_result = true;
}

/* The receiver and selector of a frame, put back at the end of a scope. */
struct addressed {
    struct state *state;
    id receiver;
    SEL selector;
};

/* An address in a frame, with room for what compilers think a register may hold. */
union word {
    const void *address;
    unsigned char room[REGISTER_VALUE_MAX];
};

static void *
word_at(const struct state *state, const struct mn_place *place)
{
    union word word;

    mn_frame_get(state->frame, place, &word);
    return (void *)word.address;
}

static void *
word_of(const struct state *state, unsigned index)
{
    return word_at(state, &state->signature->arguments[index].place);
}

static void
set_word(const struct state *state, unsigned index, const void *address)
{
    union word word = {address};

    mn_frame_set(state->frame, &state->signature->arguments[index].place, &word);
}

static void
address(struct state *state, id receiver, SEL selector)
{
    set_word(state, SELF, receiver);
    set_word(state, CMD, selector);
}

static void
address_again(const struct addressed *before)
{
    address(before->state, before->receiver, before->selector);
}

static void
send(struct state *state, mn_code code)
{
    MN_SCOPED(address_again)
    struct addressed before = {state, mn_site_receiver(state->site, state->frame),
                               mn_site_selector(state->site, state->frame)};

    (void)before;
    address(state, state->target, state->selector);
    mn_call_frame(code, state->frame, state->signature->shape);
    if (state->call)
        state->call->state.has_result = true;
}

static void
invoke(id self, SEL _cmd)
{
    struct state *state = state_of(self);
    bool same;

    (void)_cmd;
    if (!state->frame)
        return;
    same = state->target == mn_site_receiver(state->site, state->frame) &&
           mn_selector_equal(state->selector, mn_site_selector(state->site, state->frame));
    if (same && state->call)
        mn_call_run_below(state->call);
    else if (state->target == nil)
        mn_frame_clear(state->frame, &state->signature->result_place);
    else if (same)
        send(state, (mn_code)mn_site_original(state->site));
    else
        send(state, (mn_code)mn_lookup(state->target, state->selector));
}

static void
invoke_with_target(id self, SEL _cmd, id target)
{
    state_of(self)->target = target;
    invoke(self, _cmd);
}

/* ---- Arguments and result ---- */

static id
no_argument(long index)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    id cls = (id)mn_class_named("NSException"), name = mn_string_new("NSInvalidArgumentException", 26),
       reason;
    SEL sel = mn_selector("exceptionWithName:reason:userInfo:");
    char text[80];

    mn_own_sends_begin(&own);
    snprintf(text, sizeof text, "the invocation has no argument %ld", index);
    reason = mn_string_new(text, strlen(text));
    return ((id(*)(id, SEL, id, id, id))(void *)mn_lookup(cls, sel))(cls, sel, mn_autorelease(name),
                                                                     mn_autorelease(reason), nil);
}

static __attribute__((noreturn)) void
raise_index(long index)
{
    mn_throw(no_argument(index));
}

/* Foundation counts self and _cmd, and takes -1 for the result. */
static const struct mn_place *
place_of(const struct state *state, long index)
{
    if (index == -1)
        return &state->signature->result_place;
    if (index < 0 || index >= state->signature->count)
        raise_index(index);
    return &state->signature->arguments[index].place;
}

static const struct mn_type *
type_of(const struct state *state, long index)
{
    return index == -1 ? state->signature->result : state->signature->arguments[index].type;
}

static void
get_argument(id self, SEL _cmd, void *buffer, long index)
{
    struct state *state = state_of(self);
    const struct mn_place *place = place_of(state, index);

    (void)_cmd;
    if (index == SELF)
        *(id *)buffer = state->target;
    else if (index == CMD)
        *(SEL *)buffer = state->selector;
    else if (!state->frame)
        memset(buffer, 0, place->size);
    else {
        if (index == -1 && state->call)
            mn_call_ready_result(state->call);
        mn_frame_get(state->frame, place, buffer);
    }
}

static bool
keep(struct state *state, id object)
{
    id *slot = object == nil ? NULL : mn_list_add(&state->kept);

    if (slot)
        *slot = mn_object_is_block(object) ? mn_block_copy(object) : mn_retain(object);
    return slot != NULL;
}

static void
set_argument(id self, SEL _cmd, const void *buffer, long index)
{
    struct state *state = state_of(self);
    const struct mn_place *place = place_of(state, index);

    (void)_cmd;
    if (index == SELF)
        state->target = *(const id *)buffer;
    else if (index == CMD)
        state->selector = *(const SEL *)buffer;
    else if (state->frame) {
        if (state->retained && mn_kind_is_object(type_of(state, index)->kind))
            keep(state, *(const id *)buffer);
        mn_frame_set(state->frame, place, buffer);
        if (index == -1 && state->call)
            state->call->state.has_result = true;
    }
}

static void
get_result(id self, SEL _cmd, void *buffer)
{
    get_argument(self, _cmd, buffer, -1);
}

static void
set_result(id self, SEL _cmd, const void *buffer)
{
    set_argument(self, _cmd, buffer, -1);
}

static id
target(id self, SEL _cmd)
{
    (void)_cmd;
    return state_of(self)->target;
}

static void
set_target(id self, SEL _cmd, id target)
{
    (void)_cmd;
    state_of(self)->target = target;
}

static SEL
selector(id self, SEL _cmd)
{
    (void)_cmd;
    return state_of(self)->selector;
}

static void
set_selector(id self, SEL _cmd, SEL selector)
{
    (void)_cmd;
    state_of(self)->selector = selector;
}

static id
method_signature(id self, SEL _cmd)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    id cls = (id)mn_class_named("NSMethodSignature");
    SEL sel = mn_selector("signatureWithObjCTypes:");

    mn_own_sends_begin(&own);
    (void)_cmd;
    return ((id(*)(id, SEL, const char *))(void *)mn_lookup(cls, sel))(cls, sel, state_of(self)->site->types);
}

/* ---- Keeping ---- */

/* A call of its own has C strings of its own too. */
static void
keep_texts(struct state *state)
{
    for (unsigned i = CMD + 1; i < state->signature->count; i++) {
        const struct mn_argument *argument = &state->signature->arguments[i];
        char *text, **slot;

        if (argument->type->kind != MN_STRING || !(text = word_of(state, i)))
            continue;
        if ((slot = mn_list_add(&state->texts)) && (*slot = mn_strdup(text)))
            set_word(state, i, *slot);
    }
}

/* As Foundation does: a result that is there already is one of the things kept. */
static void
keep_result(struct state *state)
{
    if (mn_kind_is_object(state->signature->result->kind) && (!state->call || state->call->state.has_result))
        keep(state, word_at(state, &state->signature->result_place));
}

static void
retain_arguments(id self, SEL _cmd)
{
    struct state *state = state_of(self);

    (void)_cmd;
    if (state->retained || !state->frame)
        return;
    state->retained = true;
    keep(state, state->target);
    for (unsigned i = CMD + 1; i < state->signature->count; i++)
        if (mn_kind_is_object(state->signature->arguments[i].type->kind))
            keep(state, word_of(state, i));
    keep_result(state);
    if (!state->call)
        keep_texts(state);
}

static BOOL
arguments_retained(id self, SEL _cmd)
{
    (void)_cmd;
    return state_of(self)->retained;
}

static size_t
rounded(size_t size)
{
    return (size + 15) / 16 * 16;
}

/* The call's arguments and result in memory of the invocation's own. */
static struct mn_frame *
copy_frame(const struct mn_frame *from, const struct mn_signature *signature)
{
    size_t stack = rounded(signature->stack);
    bool in_memory = signature->result_place.where == MN_IN_MEMORY;
    size_t result = in_memory ? rounded(signature->result_place.size) : 0;
    struct mn_frame *to = mn_calloc(1, sizeof *to + stack + result);
    _Alignas(16) unsigned char value[REGISTER_VALUE_MAX];

    if (!to)
        return NULL;
    mn_cpu_set_signature(to, signature);
    to->stack = (unsigned char *)(to + 1);
    memcpy(to->stack, from->stack, signature->stack);
    if (in_memory)
        mn_cpu_set_result_memory(to, to->stack + stack);
    for (unsigned i = 0; i < signature->count; i++)
        if (signature->arguments[i].place.where == MN_IN_REGISTERS) {
            mn_frame_get(from, &signature->arguments[i].place, value);
            mn_frame_set(to, &signature->arguments[i].place, value);
        }
    if (signature->result_place.where == MN_IN_REGISTERS) {
        mn_frame_get(from, &signature->result_place, value);
        mn_frame_set(to, &signature->result_place, value);
    } else if (in_memory) {
        memcpy(mn_frame_result_memory(to), mn_frame_result_memory(from), signature->result_place.size);
    }
    return to;
}

void
mn_invocation_outlive(id invocation, bool kept)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    struct state *state = state_of(invocation);
    SEL count = mn_selector("retainCount");

    mn_own_sends_begin(&own);
    if (kept || ((size_t(*)(id, SEL))(void *)mn_lookup(invocation, count))(invocation, count) > 1) {
        mn_call_ready_result(state->call);
        state->own = copy_frame(state->frame, state->signature);
    }
    state->call = NULL;
    state->frame = state->own;
    if (state->retained && state->frame)
        keep_texts(state);
}

/* ---- Life ---- */

id
mn_invocation_new(mend_call *call)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL alloc = mn_selector("alloc");
    id self = ((id(*)(id, SEL))mn_lookup((id)invocation_class, alloc))((id)invocation_class, alloc);

    mn_own_sends_begin(&own);
    if (self != nil)
        *state_of(self) = (struct state){.call = call,
                                         .frame = call->frame,
                                         .site = call->site,
                                         .signature = mn_call_signature(call),
                                         .target = mn_site_receiver(call->site, call->frame),
                                         .selector = mn_site_selector(call->site, call->frame),
                                         .kept = MN_LIST_OF(id),
                                         .texts = MN_LIST_OF(char *)};
    return self;
}

static void
free_it(id self, SEL _cmd)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    Class above = mn_class_super(invocation_class);

    mn_own_sends_begin(&own);
    ((void (*)(id, SEL))(void *)mn_lookup_super(self, above, _cmd))(self, _cmd);
}

static void
dealloc(id self, SEL _cmd)
{
    struct state *state = state_of(self);

    for (size_t i = 0; i < state->kept.count; i++)
        mn_release(*MN_LIST_AT(id, &state->kept, i));
    for (size_t i = 0; i < state->texts.count; i++)
        mn_free(*MN_LIST_AT(char *, &state->texts, i));
    mn_list_fini(&state->kept);
    mn_list_fini(&state->texts);
    mn_free(state->own);
    free_it(self, _cmd);
}

mend_status
mn_invocation_register(mend_error *err)
{
    static const struct mn_face_method methods[] = {
        {false, "invoke", "v16@0:8", invoke},
        {false, "invokeWithTarget:", "v24@0:8@16", invoke_with_target},
        {false, "getArgument:atIndex:", "v32@0:8^v16q24", get_argument},
        {false, "setArgument:atIndex:", "v32@0:8^v16q24", set_argument},
        {false, "getReturnValue:", "v24@0:8^v16", get_result},
        {false, "setReturnValue:", "v24@0:8^v16", set_result},
        {false, "target", "@16@0:8", target},
        {false, "setTarget:", "v24@0:8@16", set_target},
        {false, "selector", ":16@0:8", selector},
        {false, "setSelector:", "v24@0:8:16", set_selector},
        {false, "methodSignature", "@16@0:8", method_signature},
        {false, "retainArguments", "v16@0:8", retain_arguments},
        {false, "argumentsRetained", "C16@0:8", arguments_retained},
        {false, "dealloc", "v16@0:8", dealloc},
    };
    mend_status st = mn_face_class("NSInvocation", "MendInvocation", sizeof(struct state), methods,
                                   sizeof methods / sizeof *methods, &invocation_class, err);

    state_offset = st == MEND_OK ? mn_face_state(invocation_class) : 0;
    return st;
}
