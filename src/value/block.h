/* SPDX-License-Identifier: MIT */
/*
 * Blocks as values: made at run time from a C function, with any signature; and any block called.
 *
 * A block made here is an ordinary heap block: compiled code calls, copies and releases it, Foundation keeps
 * it in collections, its signature says its type. It costs one piece of memory and no code
 * (abi/block_entry.h).
 *
 * A block's type is a signature whose first argument is the block itself: "i@?id" is int (^)(int, id).
 */
#ifndef MN_VALUE_BLOCK_H
#define MN_VALUE_BLOCK_H

#include "abi/call.h"
#include "runtime/blocks.h"

#include <objc/objc.h>
#include <stdbool.h>

/*
 * What a made block runs. Arguments are in the frame (type->arguments[0] is the block); they are borrowed, as
 * in any call. The result is zero unless the body sets it (mn_frame_set, type->result_place); an object
 * result is returned as it is, so autorelease what you own. Exceptions may leave.
 */
typedef void mn_block_body(struct mn_frame *frame, const struct mn_signature *type, void *context);

/*
 * A block of that encoding, owned by the caller (mn_block_release). `release`, which may be NULL, gets
 * `context` once, when the last owner lets go of the block, on that thread.
 *
 * MEND_BAD_ENCODING, MEND_UNSUPPORTED_ENCODING (also when the first argument is not the block),
 * MEND_NO_CLASS (no NSObject in this process for blocks to be of), MEND_NO_MEMORY. On failure *out is nil and
 * `release` is not called.
 */
mend_status mn_block_new(const char *encoding, mn_block_body *body, void *context,
                         void (*release)(void *context), id *out, mend_error *err);

/*
 * The same for a type that was read already, with `size` zeroed bytes of its own behind it; their address is
 * its context, which the caller fills before the block is used. The type must be a block's (its first argument
 * is one).
 */
mend_status mn_block_make(const struct mn_signature *type, mn_block_body *body, size_t size,
                          void (*release)(void *context), id *out, mend_error *err);

/* Whether a signature is one of blocks: its first argument is the block. */
bool mn_block_is_type(const struct mn_signature *type);

/* The classes are there, or mn_blocks_register makes them; cheap once they are. */
mend_status mn_block_ready(mend_error *err);

/* The context of a block made here with that body; NULL for every other object. */
void *mn_block_context(id block, mn_block_body *body);

/*
 * The type of any block: by `encoding` if that is not NULL, else by the signature it carries. MEND_INVALID:
 * not a block. MEND_UNSUPPORTED_ENCODING: it carries none, or one that does not fully describe it.
 */
mend_status mn_block_type(id block, const char *encoding, const struct mn_signature **out, mend_error *err);

/*
 * Calls a block, not nil, with arguments at the given addresses: type->count - 1 of them, the block is not
 * among them. `result` may be NULL and otherwise has room for the result's type. Exceptions pass through.
 */
void mn_block_call(const struct mn_signature *type, id block, const void *const *arguments, void *result);
#endif
