/* SPDX-License-Identifier: MIT */
/*
 * What advice can do with a call: the checked accessors of <mend/hook.h>.
 *
 * Everything is a place in the frame (abi/place.h); receiver and selector are arguments 0 and 1 of the
 * signature, so the public index is two less.
 */
#include "hook/call.h"

#include "base/error.h"
#include "hook/site.h"
#include "runtime/blocks.h"
#include "value/family.h"
#include "value/own.h"

enum { HIDDEN_ARGUMENTS = 2 };

static mend_status
fail(const mend_call *call, mend_status status, mend_error *err, const char *text)
{
    const struct mn_change *method = &call->site->change;

    return mn_fail_method(err, status, mn_class_name(method->cls), mn_selector_name(method->sel), "%s", text);
}

struct objc_object *
mend_call_receiver(const mend_call *call)
{
    return mn_call_signature(call) ? mn_site_receiver(call->site, call->frame) : NULL;
}

const struct objc_selector *
mend_call_selector(const mend_call *call)
{
    return mn_call_signature(call) ? mn_site_selector(call->site, call->frame) : call->site->change.sel;
}

const char *
mend_call_encoding(const mend_call *call)
{
    return call->site->types;
}

unsigned
mend_call_argument_count(const mend_call *call)
{
    return mn_call_signature(call) ? mn_call_signature(call)->count - HIDDEN_ARGUMENTS : 0;
}

/* The place of an argument if there is one of this size. */
static const struct mn_place *
argument_place(const mend_call *call, unsigned index, size_t size)
{
    const struct mn_place *place;

    if (index >= mend_call_argument_count(call))
        return NULL;
    place = &mn_call_signature(call)->arguments[index + HIDDEN_ARGUMENTS].place;
    return place->size == size ? place : NULL;
}

static mend_status
fail_argument(const mend_call *call, unsigned index, size_t size, mend_error *err)
{
    const struct mn_change *method = &call->site->change;
    unsigned count = mend_call_argument_count(call);

    if (index >= count)
        return mn_fail_method(err, MEND_INVALID, mn_class_name(method->cls), mn_selector_name(method->sel),
                              "there is no argument %u; the method takes %u", index, count);
    return mn_fail_method(err, MEND_INVALID, mn_class_name(method->cls), mn_selector_name(method->sel),
                          "argument %u has %u bytes, not %zu", index,
                          (unsigned)mn_call_signature(call)->arguments[index + HIDDEN_ARGUMENTS].place.size, size);
}

mend_status
mend_call_get_argument(const mend_call *call, unsigned index, void *value, size_t size, mend_error *err)
{
    const struct mn_place *place = argument_place(call, index, size);

    if (!place)
        return fail_argument(call, index, size, err);
    mn_frame_get(call->frame, place, value);
    return MEND_OK;
}

mend_status
mend_call_set_argument(mend_call *call, unsigned index, const void *value, size_t size, mend_error *err)
{
    const struct mn_place *place = argument_place(call, index, size);

    if (!place)
        return fail_argument(call, index, size, err);
    mn_frame_set(call->frame, place, value);
    return MEND_OK;
}

void *
mend_call_argument_peek(mend_call *call, unsigned index)
{
    if (index >= mend_call_argument_count(call))
        return NULL;
    return mn_frame_peek(call->frame, &mn_call_signature(call)->arguments[index + HIDDEN_ARGUMENTS].place);
}

static mend_status
check_result(const mend_call *call, size_t size, mend_error *err)
{
    const struct mn_signature *signature = mn_call_signature(call);

    if (!signature)
        return fail(call, MEND_REFUSED_POSITION, err, "the encoding does not tell how the result travels");
    if (signature->result_place.where == MN_NOWHERE)
        return fail(call, MEND_INVALID, err, "the method has no result");
    if (signature->result_place.size != size)
        return fail(call, MEND_INVALID, err, "the result has another size");
    return MEND_OK;
}

mend_status
mend_call_get_result(const mend_call *call, void *value, size_t size, mend_error *err)
{
    mend_status st = check_result(call, size, err);

    if (st != MEND_OK)
        return st;
    mn_call_ready_result((mend_call *)call);
    mn_frame_get(call->frame, &mn_call_signature(call)->result_place, value);
    return MEND_OK;
}

mend_status
mend_call_set_result(mend_call *call, const void *value, size_t size, mend_error *err)
{
    mend_status st = check_result(call, size, err);

    if (st != MEND_OK)
        return st;
    mn_frame_set(call->frame, &mn_call_signature(call)->result_place, value);
    call->state.has_result = true;
    return MEND_OK;
}

/* ---- Results that are objects ---- */

/* A block can be sent messages, autorelease among them, only when its class is one. */
static mend_status
keep(id *object, mend_error *err)
{
    mend_status st;
    id copy;

    if (!mn_object_is_block(*object)) {
        mn_retain(*object);
        return MEND_OK;
    }
    if ((st = mn_blocks_register(err)) != MEND_OK)
        return st;
    if (!(copy = mn_block_copy(*object)))
        return mn_fail_memory(err);
    *object = copy;
    return MEND_OK;
}

static void
let_go(id object)
{
    if (mn_object_is_block(object))
        mn_block_release(object);
    else
        mn_release(object);
}

/* The call's result is the caller's to release. */
static bool
gives_owned(const mend_call *call)
{
    const struct mn_change *method = &call->site->change;

    return mn_family_owns(mn_family_of(mn_selector_name(method->sel), mn_class_is_meta(method->cls)));
}

mend_status
mend_call_set_object(mend_call *call, struct objc_object *object, mend_error *err)
{
    mend_status st = check_result(call, sizeof object, err);
    id old;

    if (st != MEND_OK)
        return st;
    if (!mn_kind_is_object(mn_call_signature(call)->result->kind))
        return fail(call, MEND_INVALID, err, "the method's result is no object");
    mn_own_init();
    if ((st = mend_call_get_result(call, &old, sizeof old, err)) != MEND_OK ||
        (st = keep(&object, err)) != MEND_OK)
        return st;
    mn_frame_set(call->frame, &mn_call_signature(call)->result_place, &object);
    if (gives_owned(call))
        let_go(old);
    else
        mn_autorelease(object);
    return MEND_OK;
}

mend_status
mend_call_proceed(mend_call *call, mend_error *err)
{
    if (__builtin_expect(call->state.direct, 1))
        return mn_call_again((mn_code)call->site->original, call->frame, mn_call_signature(call));
    if (call->state.position != MEND_INSTEAD)
        return fail(call, MEND_INVALID, err, "only instead advice can proceed");
    mn_call_proceed(call);
    return MEND_OK;
}

static bool
depth_counts(const struct mn_chain *chain, uintptr_t frame, void *data)
{
    const mend_call *call = data;

    return chain->site == call->site && frame != (uintptr_t)call->frame;
}

unsigned
mend_call_depth(const mend_call *call)
{
    return mn_hold_count(depth_counts, (void *)call);
}

uintptr_t *
mend_call_scratch(mend_call *call)
{
    const struct mn_link *link = mn_call_link(call);

    if (!(link->hook->options & MEND_HOOK_SCRATCH))
        return NULL;
    return call->run->scratch + (size_t)link->word * MEND_SCRATCH_WORDS;
}

struct objc_object *
mend_call_exception(const mend_call *call)
{
    return call->state.position == MEND_THROWING ? call->run->exception : NULL;
}

mend_status
mend_call_set_exception(mend_call *call, struct objc_object *exception, mend_error *err)
{
    if (call->state.position != MEND_THROWING)
        return fail(call, MEND_INVALID, err, "only throwing advice can replace the exception");
    call->run->exception = exception;
    return MEND_OK;
}

mend_status
mend_call_swallow(mend_call *call, mend_error *err)
{
    if (call->state.position != MEND_THROWING)
        return fail(call, MEND_INVALID, err, "only throwing advice can end the exception");
    call->run->swallowed = true;
    return MEND_OK;
}

mend_status
mend_call_skip(mend_call *call, mend_error *err)
{
    if (call->state.position != MEND_BEFORE)
        return fail(call, MEND_INVALID, err, "only before advice can skip the method");
    if (!mn_call_signature(call))
        return fail(call, MEND_REFUSED_POSITION, err, "the encoding does not tell how the result travels");
    if ((call->chain->flags & MN_CHAIN_LAST) && !(mn_call_link(call)->hook->options & MEND_HOOK_UNSAFE)) {
        fail(call, MEND_REFUSED_POSITION, err, "an object whose dealloc is skipped is never freed");
        mn_remedy(err, "add the hook with the option unsafe");
        return MEND_REFUSED_POSITION;
    }
    mn_call_ready_result(call);
    call->state.settled = true;
    return MEND_OK;
}

void
mn_call_clear_result(mend_call *call)
{
    call->state.has_result = false;
    mn_call_ready_result(call);
}
