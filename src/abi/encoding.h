/* SPDX-License-Identifier: MIT */
/*
 * Type encodings (what @encode and the runtime's tables hold) to types and back.
 *
 * An encoding is read once, in time linear in its length; nothing on a hot path looks at its text again.
 * Hostile text is bounded: MN_ENCODING_MAX bytes, MN_ENCODING_DEPTH levels, types of at most 1 GiB.
 *
 * MEND_BAD_ENCODING means the text is not an encoding. MEND_UNSUPPORTED_ENCODING means it is one but does not
 * tell all that a call must know, and is returned by whoever needs that (signature.h, mn_type_need): behind a
 * pointer such a type is fine.
 */
#ifndef MN_ABI_ENCODING_H
#define MN_ABI_ENCODING_H

#include "abi/type.h"
#include "base/arena.h"
#include "base/error.h"

enum { MN_ENCODING_MAX = 65535, MN_ENCODING_DEPTH = 64 };

/*
 * Reads one type at **text and advances *text behind it; the tree is built in `arena`. A frame number may
 * follow in the text and is left there. On failure *text is where the trouble is and *out is NULL.
 */
mend_status mn_encoding_read(const char **text, struct mn_arena *arena, const struct mn_type **out,
                             mend_error *err);

/*
 * The interned type of a whole encoding, kept for the life of the process. Any thread, no lock. The map is
 * bounded by the distinct encodings asked for.
 */
mend_status mn_type_get(const char *encoding, const struct mn_type **out, mend_error *err);

/* MEND_OK if the type can be passed by value, else MEND_UNSUPPORTED_ENCODING naming the part that is not
 * known. */
mend_status mn_type_need(const struct mn_type *type, mend_error *err);

/* Appends the encoding of a type; reading it gives an equal tree, and the text read, byte for byte. */
void mn_encoding_write(const struct mn_type *type, struct mn_buffer *out);

/* Skips the digits (and sign) of a frame number; true and *number if there is one. */
bool mn_encoding_number(const char **text, long *number);
#endif
