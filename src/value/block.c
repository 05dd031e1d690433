/* SPDX-License-Identifier: MIT */
/*
 * Blocks made at run time: literal, slot and descriptor in one piece of memory.
 *
 * That piece belongs to the Blocks runtime of the process, which frees it when the last owner lets go: so it
 * comes from malloc itself (mn_calloc_for_host), and our part ends in the dispose helper.
 */
#include "value/block.h"

#include "abi/block_entry.h"
#include "base/alloc.h"

#include <stdatomic.h>
#include <stddef.h>

/* The block among a block's arguments. */
enum { HIDDEN = 1 };

struct descriptor {
    struct mn_block_descriptor head;
    void (*copy)(void *to, const void *from);
    void (*dispose)(const void *block);
    const char *signature;
};

struct made {
    struct mn_block head;
    struct mn_trampoline slot;
    const struct mn_signature *type;
    mn_block_body *body;
    void *context;
    void (*release)(void *context);
    struct descriptor descriptor;
};

static_assert(offsetof(struct made, slot) == BLOCK_SLOT, "block_entry.S enters it there");

static mn_code
run(struct mn_frame *frame, void *block)
{
    const struct made *made = block;

    mn_frame_clear(frame, &made->type->result_place);
    made->body(frame, made->type, made->context);
    return NULL;
}

/* Heap blocks are counted, never copied by content. */
static void
copy(void *to, const void *from)
{
    (void)to;
    (void)from;
}

static void
dispose(const void *block)
{
    const struct made *made = block;

    if (made->release)
        made->release(made->context);
}

bool
mn_block_is_type(const struct mn_signature *type)
{
    return type->count >= HIDDEN && type->arguments[0].type->kind == MN_BLOCK;
}

static mend_status
type_of_encoding(const char *encoding, const struct mn_signature **out, mend_error *err)
{
    const struct mn_signature *type;
    mend_status st;

    *out = NULL;
    if ((st = mn_signature_get(encoding, &type, err)) != MEND_OK)
        return st;
    if (!mn_block_is_type(type)) {
        mn_fail(err, MEND_UNSUPPORTED_ENCODING, "'%s' is not the encoding of a block", encoding);
        mn_remedy(err, "the first argument is the block itself: \"i@?id\" is int (^)(int, id)");
        return MEND_UNSUPPORTED_ENCODING;
    }
    *out = type;
    return MEND_OK;
}

static void
fill(struct made *made, const struct mn_signature *type, mn_code entry, size_t size)
{
    bool in_memory = type->result_place.where == MN_IN_MEMORY;

    made->descriptor = (struct descriptor){
        .head = {.size = size}, .copy = copy, .dispose = dispose, .signature = type->encoding};
    made->head = (struct mn_block){.isa = mn_block_heap_class(),
                                   .flags = MN_BLOCK_ON_HEAP | MN_BLOCK_HAS_HELPERS | MN_BLOCK_HAS_SIGNATURE |
                                            (in_memory ? MN_BLOCK_RETURNS_STRUCT : 0),
                                   .invoke = (void *)entry,
                                   .descriptor = &made->descriptor.head};
    mn_block_count_first(&made->head);
    made->slot.handler = run;
    made->slot.context = made;
    atomic_store_explicit(&made->slot.entry, mn_entry_of(type), memory_order_relaxed);
    made->type = type;
}

static mend_status
entry_of(const struct mn_signature *type, mn_code *entry, mend_error *err)
{
    if ((*entry = mn_block_entry_of(type)) != NULL)
        return MEND_OK;
    return mn_fail(err, MEND_NO_CODE_PAGES, "the system gives no memory for the code of a block");
}

mend_status
mn_block_ready(mend_error *err)
{
    return mn_block_heap_class() != Nil ? MEND_OK : mn_blocks_register(err);
}

/* What a block's own bytes begin at: on the boundary of any value. */
enum { OWN = (sizeof(struct made) + 15) / 16 * 16 };

mend_status
mn_block_make(const struct mn_signature *type, mn_block_body *body, size_t size, void (*release)(void *context),
              id *out, mend_error *err)
{
    struct made *made;
    mn_code entry;
    mend_status st;

    *out = nil;
    if ((st = mn_block_ready(err)) != MEND_OK || (st = entry_of(type, &entry, err)) != MEND_OK)
        return st;
    if (!(made = mn_calloc_for_host(OWN + size)))
        return mn_fail_memory(err);
    fill(made, type, entry, OWN + size);
    made->body = body;
    made->context = (char *)made + OWN;
    made->release = release;
    *out = (id)(void *)made;
    return MEND_OK;
}

mend_status
mn_block_new(const char *encoding, mn_block_body *body, void *context, void (*release)(void *context),
             id *out, mend_error *err)
{
    const struct mn_signature *type;
    struct made *made;
    mn_code entry;
    mend_status st;

    *out = nil;
    if ((st = mn_blocks_register(err)) != MEND_OK)
        return st;
    if ((st = type_of_encoding(encoding, &type, err)) != MEND_OK || (st = entry_of(type, &entry, err)) != MEND_OK)
        return st;
    if (!(made = mn_calloc_for_host(sizeof *made)))
        return mn_fail_memory(err);
    fill(made, type, entry, sizeof *made);
    made->body = body;
    made->context = context;
    made->release = release;
    *out = (id)(void *)made;
    return MEND_OK;
}

void *
mn_block_context(id block, mn_block_body *body)
{
    const struct made *made = (const struct made *)(const void *)block;

    if (!mn_object_is_block(block) || !(__atomic_load_n(&made->head.flags, __ATOMIC_RELAXED) & MN_BLOCK_HAS_HELPERS) ||
        ((const struct descriptor *)made->head.descriptor)->dispose != dispose)
        return NULL;
    return made->body == body ? made->context : NULL;
}

mend_status
mn_block_type(id block, const char *encoding, const struct mn_signature **out, mend_error *err)
{
    *out = NULL;
    if (!mn_object_is_block(block))
        return mn_fail(err, MEND_INVALID, "the object is not a block");
    if (!encoding && !(encoding = mn_block_signature(block))) {
        mn_fail(err, MEND_UNSUPPORTED_ENCODING, "the block does not say its type");
        mn_remedy(err, "give its encoding: \"i@?id\" is int (^)(int, id)");
        return MEND_UNSUPPORTED_ENCODING;
    }
    return type_of_encoding(encoding, out, err);
}

/* Apart, so that the array lives until the call is over. */
void
mn_block_call(const struct mn_signature *type, id block, const void *const *arguments, void *result)
{
    const void *all[type->count];

    all[0] = &block;
    for (size_t i = HIDDEN; i < type->count; i++)
        all[i] = arguments[i - HIDDEN];
    mn_call(type, (mn_code)mn_block_invoke(block), all, result);
}
