/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a type encoding and as a signature: what is accepted is written back byte for byte, reads
 * equal, describes itself, and is placed inside the frame.
 */
#include "abi/encoding.h"
#include "abi/frame.h"
#include "abi/signature.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool truth, const char *what, const char *text)
{
    if (truth)
        return;
    fprintf(stderr, "%s: %s\n", what, text);
    abort();
}

static void
check_type(const char *text)
{
    struct mn_arena arena = {.block = 512}, again = {.block = 512};
    struct mn_buffer written = MN_BUFFER_EMPTY, words = MN_BUFFER_EMPTY;
    const struct mn_type *type, *same;
    const char *end = text;
    mend_error err;

    if (mn_encoding_read(&end, &arena, &type, &err) == MEND_OK) {
        mn_encoding_write(type, &written);
        require(written.length == (size_t)(end - text) && memcmp(written.data, text, written.length) == 0,
                "not written as read", text);
        end = mn_buffer_peek(&written);
        require(mn_encoding_read(&end, &again, &same, &err) == MEND_OK && *end == '\0', "not read again",
                text);
        require(mn_type_equal(type, same) && mn_type_compatible(type, same), "not equal to itself", text);
        require(type->size == same->size && type->align == same->align, "laid out differently", text);
        require(type->align != 0 && type->size % type->align == 0, "size and alignment do not fit", text);
        mn_type_difference(type, same, &words);
        require(words.length == 0, "differs from itself", text);
        mn_type_describe(type, &words);
        require(words.length != 0, "has no description", text);
        mn_type_need(type, &err);
    }
    mn_buffer_fini(&words);
    mn_buffer_fini(&written);
    mn_arena_fini(&again);
    mn_arena_fini(&arena);
}

static void
check_place(const struct mn_place *place, const struct mn_signature *s, const char *text)
{
    for (unsigned i = 0; i < place->pieces; i++) {
        const struct mn_piece *p = &place->piece[i];

        require(p->size >= 1 && p->size <= 16 && p->value + p->size <= place->size,
                "a piece outside its value", text);
        require(p->frame + p->size <= sizeof(struct mn_frame), "a piece outside the frame", text);
    }
    if (place->where == MN_ON_STACK)
        require((size_t)place->stack + place->size <= s->stack, "an argument outside the stack", text);
}

static void
check_signature(const char *text)
{
    struct mn_arena arena = {.block = 512};
    struct mn_buffer written = MN_BUFFER_EMPTY;
    const struct mn_signature *s;
    mend_error err;

    if (mn_signature_read(text, &arena, &s, &err) == MEND_OK) {
        check_place(&s->result_place, s, text);
        for (size_t i = 0; i < s->count; i++)
            check_place(&s->arguments[i].place, s, text);
        require((s->shape & ~(uint32_t)MN_SHAPE_FLAGS) >= s->stack, "too little stack", text);
        require(mn_signature_equal(s, s, true), "not equal to itself", text);
        mn_signature_write(s, false, &written);
        if (strpbrk(text, "0123456789") == NULL)
            require(strcmp(mn_buffer_peek(&written), text) == 0, "not written as read", text);
    }
    mn_buffer_fini(&written);
    mn_arena_fini(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t before = mn_alloc_live();
    char *text = malloc(size + 1);

    memcpy(text, data, size);
    text[size] = '\0';
    if (strlen(text) <= MN_ENCODING_MAX) {
        check_type(text);
        check_signature(text);
    }
    require(mn_alloc_live() == before, "memory is kept", text);
    free(text);
    return 0;
}
