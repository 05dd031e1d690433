/* SPDX-License-Identifier: MIT */
/*
 * The compiled form of tables: one walk over a struct both writes and reads it, so the two cannot differ.
 *
 * Numbers are in the machine's byte order without padding (the head of a unit says which, docs/bytecode.md). A reader
 * never allocates more than the bytes that are left could describe, so reading is linear in them; the first thing that
 * does not fit makes `failed` stick, and everything read from then on is zero.
 */
#ifndef MN_VM_CODEC_H
#define MN_VM_CODEC_H

#include "base/buffer.h"
#include "base/list.h"

#include <stdint.h>

struct mn_codec {
    struct mn_buffer *out; /* writing; NULL when reading */
    const char *bytes;     /* reading: what is left */
    size_t left;
    bool failed;    /* the bytes end too early or a count is impossible */
    bool no_memory; /* so is this one: failed is set too */
};

static inline bool
mn_codec_reads(const struct mn_codec *codec)
{
    return codec->out == NULL;
}

void mn_codec_bytes(struct mn_codec *codec, void *bytes, size_t size);
void mn_codec_u8(struct mn_codec *codec, uint8_t *value);
void mn_codec_u16(struct mn_codec *codec, uint16_t *value);
void mn_codec_u32(struct mn_codec *codec, uint32_t *value);
void mn_codec_u64(struct mn_codec *codec, uint64_t *value);
void mn_codec_bool(struct mn_codec *codec, bool *value); /* 0 or 1; anything else fails */

/* A count of things that take at least `least` bytes each. */
void mn_codec_count(struct mn_codec *codec, uint32_t *count, size_t least);

/* An array: when reading, allocated and zeroed (NULL for none), to be freed with mn_free. The elements follow. */
void *mn_codec_array(struct mn_codec *codec, void *items, uint32_t count, size_t size);

/* A list whose elements follow one by one: its count; when reading, room for it with the count set. */
void mn_codec_list(struct mn_codec *codec, struct mn_list *list, size_t least);

/* Four letters before a part: what is written, or must be there. */
void mn_codec_tag(struct mn_codec *codec, const char *letters);
#endif
