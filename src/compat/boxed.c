/* SPDX-License-Identifier: MIT */
/*
 * Each argument is copied out of the frame and looked at by its kind. BOOL is an unsigned char in GNUstep's
 * encodings, so it becomes a number of that type; _Bool becomes a boolean one.
 */
#include "compat/boxed.h"

#include "abi/encoding.h"
#include "abi/frame.h"
#include "base/alloc.h"
#include "runtime/blocks.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/box.h"
#include "value/own.h"

enum { HIDDEN_ARGUMENTS = 2 };

static id
null_object(void)
{
    SEL sel = mn_selector("null");
    id cls = (id)mn_class_named("NSNull");

    return cls == nil ? nil : ((id(*)(id, SEL))mn_lookup(cls, sel))(cls, sel);
}

static id
boxed_block(id block)
{
    return block == nil ? nil : mn_autorelease(mn_block_copy(block));
}

/* The bits of a scalar, extended to 64 as mn_box_scalar wants them. */
static uint64_t
scalar_bits(const struct mn_type *type, const void *value)
{
    uint64_t bits = 0;

    memcpy(&bits, value, type->size);
    if (type->size < sizeof bits && mn_kind_is_signed(type->kind)) {
        unsigned unused = 64 - 8 * (unsigned)type->size;

        bits = (uint64_t)((int64_t)(bits << unused) >> unused);
    }
    return bits;
}

static id
boxed_bytes(const struct mn_type *type, const void *value)
{
    MN_SCOPED(mn_buffer_fini) struct mn_buffer encoding = MN_BUFFER_EMPTY;

    mn_encoding_write(type, &encoding);
    return mn_box_bytes(value, mn_buffer_peek(&encoding));
}

static id
boxed(const struct mn_type *type, const void *value)
{
    switch (type->kind) {
    case MN_OBJECT:
    case MN_CLASS:
        return mn_object_is_block(*(const id *)value) ? boxed_block(*(const id *)value) : *(const id *)value;
    case MN_BLOCK:
        return boxed_block(*(const id *)value);
    case MN_SELECTOR:
        return mn_box_text(mn_selector_name(*(const SEL *)value));
    case MN_STRING:
        return mn_box_text(*(char *const *)value);
    case MN_INT128:
    case MN_UINT128:
    case MN_LDOUBLE:
        return boxed_bytes(type, value);
    default:
        if (mn_kind_is_integer(type->kind) || mn_kind_is_floating(type->kind))
            return mn_box_scalar(type->kind, scalar_bits(type, value));
        return boxed_bytes(type, value);
    }
}

static void
free_room(void *room)
{
    mn_free(*(void **)room);
}

static size_t
largest(const struct mn_signature *signature)
{
    size_t size = 0;

    for (unsigned i = HIDDEN_ARGUMENTS; i < signature->count; i++)
        if (signature->arguments[i].place.size > size)
            size = signature->arguments[i].place.size;
    return (size + 15) / 16 * 16;
}

id
mn_boxed_arguments(const struct mn_frame *frame, const struct mn_signature *signature)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    size_t count = signature->count - HIDDEN_ARGUMENTS, room = largest(signature);
    MN_SCOPED(free_room) void *memory = mn_malloc(room + (count + 1) * sizeof(id));
    id *items = (id *)((char *)memory + room), null = nil;

    mn_own_sends_begin(&own);
    if (!memory)
        return nil;
    for (size_t i = 0; i < count; i++) {
        const struct mn_argument *argument = &signature->arguments[i + HIDDEN_ARGUMENTS];

        mn_frame_get(frame, &argument->place, memory);
        items[i] = boxed(argument->type, memory);
        if (items[i] == nil)
            items[i] = null != nil ? null : (null = null_object());
    }
    return mn_box_array(items, count);
}
