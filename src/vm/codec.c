/* SPDX-License-Identifier: MIT */
/* Plain numbers and counts; who calls knows what they mean. */
#include "vm/codec.h"
#include "base/alloc.h"

#include <string.h>

void
mn_codec_bytes(struct mn_codec *codec, void *bytes, size_t size)
{
    if (!mn_codec_reads(codec)) {
        mn_buffer_append(codec->out, bytes, size);
        return;
    }
    if (codec->failed || size > codec->left) {
        codec->failed = true;
        if (size)
            memset(bytes, 0, size);
        return;
    }
    if (size)
        memcpy(bytes, codec->bytes, size);
    codec->bytes += size;
    codec->left -= size;
}

void
mn_codec_u8(struct mn_codec *codec, uint8_t *value)
{
    mn_codec_bytes(codec, value, sizeof *value);
}

void
mn_codec_u16(struct mn_codec *codec, uint16_t *value)
{
    mn_codec_bytes(codec, value, sizeof *value);
}

void
mn_codec_u32(struct mn_codec *codec, uint32_t *value)
{
    mn_codec_bytes(codec, value, sizeof *value);
}

void
mn_codec_u64(struct mn_codec *codec, uint64_t *value)
{
    mn_codec_bytes(codec, value, sizeof *value);
}

void
mn_codec_bool(struct mn_codec *codec, bool *value)
{
    uint8_t byte = *value;

    mn_codec_u8(codec, &byte);
    codec->failed |= byte > 1;
    *value = byte == 1;
}

void
mn_codec_count(struct mn_codec *codec, uint32_t *count, size_t least)
{
    mn_codec_u32(codec, count);
    if (mn_codec_reads(codec) && *count > codec->left / least) {
        codec->failed = true;
        *count = 0;
    }
}

void *
mn_codec_array(struct mn_codec *codec, void *items, uint32_t count, size_t size)
{
    void *fresh;

    if (!mn_codec_reads(codec) || count == 0 || codec->failed)
        return items;
    if ((fresh = mn_calloc(count, size)) == NULL)
        codec->failed = codec->no_memory = true;
    return fresh;
}

void
mn_codec_list(struct mn_codec *codec, struct mn_list *list, size_t least)
{
    uint32_t count = (uint32_t)list->count;

    mn_codec_count(codec, &count, least);
    if (!mn_codec_reads(codec))
        return;
    list->items = mn_codec_array(codec, NULL, count, list->size);
    list->count = list->capacity = list->items != NULL ? count : 0;
}

void
mn_codec_tag(struct mn_codec *codec, const char *letters)
{
    char tag[4];

    memcpy(tag, letters, sizeof tag);
    mn_codec_bytes(codec, tag, sizeof tag);
    codec->failed |= memcmp(tag, letters, sizeof tag) != 0;
}
