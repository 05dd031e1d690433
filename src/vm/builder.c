/* SPDX-License-Identifier: MIT */
/* Writing a program: the tables that all its functions share. */
#include "vm/builder.h"

#include "base/alloc.h"
#include "vm/writing.h"

#include <stdio.h>
#include <string.h>

struct mn_builder *
mn_builder_new(const char *name)
{
    struct mn_builder *builder = mn_calloc(1, sizeof *builder);

    if (builder == NULL)
        return NULL;
    builder->program = mn_program_new();
    if (builder->program == NULL) {
        mn_free(builder);
        return NULL;
    }
    builder->program->name = mn_builder_text(builder, name, strlen(name));
    return builder;
}

void
mn_builder_free(struct mn_builder *builder)
{
    struct mn_code *code, *next;

    if (builder == NULL)
        return;
    for (code = builder->open; code != NULL; code = next) {
        next = code->next;
        mn_code_free(code);
    }
    if (builder->lost.builder != NULL)
        mn_code_free(&builder->lost);
    mn_program_free(builder->program);
    mn_map_fini(&builder->known);
    mn_buffer_fini(&builder->key);
    mn_free(builder);
}

void
mn_builder_fail(struct mn_builder *builder, mend_status status, const char *format, ...)
{
    char text[sizeof builder->error.message];
    va_list args;

    if (builder->status != MEND_OK)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    builder->status = mn_fail(&builder->error, status, "%s", text);
}

void
mn_code_fail(struct mn_code *code, mend_status status, const char *format, ...)
{
    struct mn_builder *builder = code->builder;
    char text[sizeof builder->error.message];
    va_list args;

    if (builder->status != MEND_OK)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    builder->status = mn_fail_at(&builder->error, status, mn_program_name(builder->program), code->line,
                                 code->column, "%s", text);
}

void
mn_builder_fail_memory(struct mn_builder *builder)
{
    if (builder->status == MEND_OK)
        builder->status = mn_fail_memory(&builder->error);
}

/* The index + 1 kept for `bytes` in the table `tag`, or 0; the key stays in builder->key for remember(). */
static uint32_t
recall(struct mn_builder *builder, char tag, const void *bytes, size_t length)
{
    mn_buffer_clear(&builder->key);
    mn_buffer_char(&builder->key, tag);
    mn_buffer_append(&builder->key, bytes, length);
    if (builder->key.failed) {
        mn_builder_fail_memory(builder);
        builder->key.failed = false;
        return 0;
    }
    return (uint32_t)(uintptr_t)mn_map_get(&builder->known, builder->key.data, builder->key.length);
}

/* A new last entry of `list`, its index kept under the key of the last recall(); NULL when memory has run
 * out. */
static void *
remember(struct mn_builder *builder, struct mn_list *list)
{
    void *item = mn_list_add(list);

    if (item == NULL || builder->key.data == NULL ||
        !mn_map_set(&builder->known, builder->key.data, builder->key.length,
                    (void *)(uintptr_t)list->count)) {
        mn_builder_fail_memory(builder);
        return NULL;
    }
    return item;
}

uint32_t
mn_builder_text(struct mn_builder *builder, const char *bytes, size_t length)
{
    struct mn_program *program = builder->program;
    uint32_t known = recall(builder, 'T', bytes, length);
    size_t start = program->bytes.length;
    struct mn_text *text;

    if (known != 0)
        return known - 1;
    if (length > UINT32_MAX / 2 - start) {
        mn_builder_fail(builder, MEND_TOO_LARGE, "the program's texts exceed 2 GiB");
        return 0;
    }
    text = remember(builder, &program->texts);
    if (text == NULL)
        return 0;
    text->offset = (uint32_t)start;
    text->length = (uint32_t)length;
    mn_buffer_append(&program->bytes, bytes, length);
    mn_buffer_char(&program->bytes, '\0');
    if (program->bytes.failed)
        mn_builder_fail_memory(builder);
    return (uint32_t)program->texts.count - 1;
}

uint32_t
mn_builder_number(struct mn_builder *builder, uint64_t bits)
{
    uint32_t known = recall(builder, 'N', &bits, sizeof bits);
    uint64_t *number;

    if (known != 0)
        return known - 1;
    number = remember(builder, &builder->program->numbers);
    if (number == NULL)
        return 0;
    *number = bits;
    return (uint32_t)builder->program->numbers.count - 1;
}

/* An entry of one of the tables that hold the index of a text. */
static uint32_t
text_entry(struct mn_builder *builder, char tag, struct mn_list *list, const char *bytes, size_t length)
{
    uint32_t text = mn_builder_text(builder, bytes, length), known, *entry;

    known = recall(builder, tag, &text, sizeof text);
    if (known != 0)
        return known - 1;
    entry = remember(builder, list);
    if (entry == NULL)
        return 0;
    *entry = text;
    return (uint32_t)list->count - 1;
}

uint32_t
mn_builder_string(struct mn_builder *builder, const char *bytes, size_t length)
{
    return text_entry(builder, 'G', &builder->program->strings, bytes, length);
}

uint32_t
mn_builder_selector(struct mn_builder *builder, const char *name)
{
    return text_entry(builder, 'E', &builder->program->selectors, name, strlen(name));
}

uint32_t
mn_builder_type(struct mn_builder *builder, const char *encoding)
{
    return text_entry(builder, 'Y', &builder->program->types, encoding, strlen(encoding));
}

uint32_t
mn_builder_class(struct mn_builder *builder, const char *name, bool meta)
{
    struct mn_list *list = &builder->program->classes;
    uint32_t key[2] = {mn_builder_text(builder, name, strlen(name)), meta}, known;
    struct mn_code_class *entry;

    known = recall(builder, 'C', key, sizeof key);
    if (known != 0)
        return known - 1;
    entry = remember(builder, list);
    if (entry == NULL)
        return 0;
    *entry = (struct mn_code_class){.name = key[0], .meta = meta};
    return (uint32_t)list->count - 1;
}

uint32_t
mn_builder_symbol(struct mn_builder *builder, const char *name, bool own, void *address)
{
    struct mn_list *list = &builder->program->symbols;
    uint32_t key[2] = {mn_builder_text(builder, name, strlen(name)), own}, known;
    struct mn_code_symbol *entry;
    void **live;

    known = recall(builder, 'Z', key, sizeof key);
    if (known != 0)
        return known - 1;
    entry = remember(builder, list);
    if (entry == NULL)
        return 0;
    *entry = (struct mn_code_symbol){.name = key[0], .own = own};
    if ((live = mn_list_add(&builder->program->symbol_live)) != NULL)
        *live = address;
    else
        mn_builder_fail_memory(builder);
    return (uint32_t)list->count - 1;
}

uint32_t
mn_builder_ivar(struct mn_builder *builder, const char *class_name, const char *name, const char *encoding,
                enum mn_ivar_kind kind)
{
    struct mn_list *list = &builder->program->ivars;
    uint32_t key[4] = {mn_builder_class(builder, class_name, false),
                       mn_builder_text(builder, name, strlen(name)),
                       encoding != NULL ? mn_builder_type(builder, encoding) : UINT32_MAX, kind};
    struct mn_code_ivar *entry;
    uint32_t known = recall(builder, 'H', key, sizeof key);

    if (known != 0)
        return known - 1;
    entry = remember(builder, list);
    if (entry == NULL)
        return 0;
    *entry = (struct mn_code_ivar){
        .owner = key[0], .name = key[1], .type = key[2], .kind = (uint8_t)kind};
    return (uint32_t)list->count - 1;
}

unsigned
mn_builder_function(struct mn_builder *builder, const char *name)
{
    struct mn_list *list = &builder->program->functions;
    uint32_t known = recall(builder, 'F', name, strlen(name)), text;
    struct mn_function *function;

    if (known != 0)
        return known - 1;
    function = remember(builder, list);
    if (function == NULL)
        return 0;
    text = mn_builder_text(builder, name, strlen(name));
    function = MN_LIST_AT(struct mn_function, list, list->count - 1);
    function->name_text = text;
    function->class_text = function->selector_text = function->types_text = UINT32_MAX;
    return (unsigned)list->count - 1;
}

mend_status
mn_builder_finish(struct mn_builder *builder, struct mn_program **program, mend_error *err)
{
    *program = NULL;
    if (builder->open != NULL)
        mn_builder_fail(builder, MEND_INTERNAL, "a function was opened and not closed");
    if (builder->status == MEND_OK)
        builder->status = mn_program_load(builder->program, &builder->error);
    if (builder->status != MEND_OK) {
        if (err != NULL)
            *err = builder->error;
        return builder->status;
    }
    *program = builder->program;
    builder->program = NULL;
    return MEND_OK;
}
