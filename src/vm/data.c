/* SPDX-License-Identifier: MIT */
/*
 * The data of a program: the memory of variables that outlive calls.
 *
 * The builder writes an image, which a compiled unit will hold as it is; a list of words says what in it depends
 * on where things lie in this process, and which words hold objects. Each loaded program has one copy, which
 * lives as long as the program does. Accesses are plain loads and stores: a script's threads meet here as a C
 * program's do.
 */
#include "base/alloc.h"
#include "runtime/objects.h"
#include "value/own.h"
#include "vm/builder.h"
#include "vm/writing.h"

#include <string.h>

enum { MOST = 1 << 26 }; /* bytes of data a program may have */

/* ---- writing ---- */

uint32_t
mn_builder_data(struct mn_builder *builder, size_t size, size_t align)
{
    struct mn_buffer *image = &builder->program->image;
    size_t before = image->length, wanted = size != 0 ? size : 1;
    size_t start = (before + align - 1) / align * align;
    char *fresh;

    if (wanted > MOST || start > MOST - wanted) {
        mn_builder_fail(builder, MEND_TOO_LARGE, "the variables of a program need more than 64 MiB");
        return 0;
    }
    fresh = mn_buffer_extend(image, start + wanted - before);
    if (fresh == NULL) {
        mn_builder_fail_memory(builder);
        image->failed = false;
        return 0;
    }
    memset(fresh, 0, start + wanted - before);
    return (uint32_t)start;
}

static bool
is_inside(struct mn_builder *builder, uint32_t at, size_t size)
{
    const struct mn_buffer *image = &builder->program->image;

    if (at <= image->length && size <= image->length - at)
        return true;
    mn_builder_fail(builder, MEND_INTERNAL, "a value lies outside the program's data");
    return false;
}

void
mn_builder_data_bytes(struct mn_builder *builder, uint32_t at, const void *bytes, size_t size)
{
    if (is_inside(builder, at, size))
        memcpy(builder->program->image.data + at, bytes, size);
}

void
mn_builder_data_bit(struct mn_builder *builder, uint32_t at, unsigned bit, bool value)
{
    char *byte;

    if (!is_inside(builder, at, 1))
        return;
    byte = builder->program->image.data + at;
    *byte = (char)((*byte & ~(1 << bit)) | value << bit);
}

static void
add_word(struct mn_builder *builder, struct mn_data_word word)
{
    struct mn_data_word *added;

    if (!is_inside(builder, word.at, 8))
        return;
    if ((added = mn_list_add(&builder->program->data_words)) != NULL)
        *added = word;
    else
        mn_builder_fail_memory(builder);
}

void
mn_builder_data_text(struct mn_builder *builder, uint32_t at, const char *bytes, size_t length,
                     int64_t addend)
{
    add_word(builder, (struct mn_data_word){.at = at,
                                            .kind = MN_DATA_TEXT,
                                            .target = mn_builder_text(builder, bytes, length),
                                            .addend = addend});
}

void
mn_builder_data_place(struct mn_builder *builder, uint32_t at, uint32_t target, int64_t addend)
{
    add_word(builder,
             (struct mn_data_word){.at = at, .kind = MN_DATA_PLACE, .target = target, .addend = addend});
}

void
mn_builder_data_object(struct mn_builder *builder, uint32_t at)
{
    add_word(builder, (struct mn_data_word){.at = at, .kind = MN_DATA_OBJECT});
}

void
mn_builder_data_weak(struct mn_builder *builder, uint32_t at)
{
    add_word(builder, (struct mn_data_word){.at = at, .kind = MN_DATA_WEAK});
}

void
mn_code_data(struct mn_code *code, mn_slot dst, uint32_t offset)
{
    mn_code_emit32(code, MN_OP_LDDATA, dst, offset);
}

/* ---- in this process ---- */

void *
mn_program_data(const struct mn_program *program, uint32_t offset)
{
    return program->data + offset;
}

mend_status
mn_data_load(struct mn_program *program, mend_error *err)
{
    if (program->image.length == 0)
        return MEND_OK;
    program->data = mn_malloc(program->image.length);
    if (program->data == NULL)
        return mn_fail_memory(err);
    memcpy(program->data, program->image.data, program->image.length);
    for (size_t i = 0; i < program->data_words.count; i++) {
        const struct mn_data_word *word = MN_LIST_AT(struct mn_data_word, &program->data_words, i);
        uintptr_t value;

        if (word->kind >= MN_DATA_OBJECT)
            continue;
        value = word->kind == MN_DATA_TEXT ? (uintptr_t)mn_program_text(program, word->target)
                                           : (uintptr_t)program->data + word->target;
        value += (uintptr_t)word->addend;
        memcpy(program->data + word->at, &value, sizeof value);
    }
    return MEND_OK;
}

void
mn_data_drop(struct mn_program *program)
{
    for (size_t i = 0; program->data != NULL && i < program->data_words.count; i++) {
        const struct mn_data_word *word = MN_LIST_AT(struct mn_data_word, &program->data_words, i);
        char *place = program->data + word->at;

        if (word->kind == MN_DATA_WEAK)
            mn_weak_fini((struct mn_weak *)(void *)place);
        else if (word->kind == MN_DATA_OBJECT)
            mn_release(__atomic_exchange_n((id *)(void *)place, nil, __ATOMIC_ACQ_REL));
    }
}

void
mn_data_fini(struct mn_program *program)
{
    mn_data_drop(program);
    mn_free(program->data);
    mn_buffer_fini(&program->image);
    mn_list_fini(&program->data_words);
}
