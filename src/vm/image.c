/* SPDX-License-Identifier: MIT */
/*
 * The walk over a program's tables that writes and reads them. Only what the builder made is there; what loading adds is
 * made anew (load.c), and nothing that was read is believed before it is verified.
 */
#include "vm/image.h"

#include "base/alloc.h"
#include "base/error.h"
#include "vm/tables.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct mn_insn) == 8, "instructions are written as they are");

static void
walk_buffer(struct mn_codec *codec, struct mn_buffer *buffer)
{
    uint32_t length = (uint32_t)buffer->length;

    mn_codec_count(codec, &length, 1);
    if (!mn_codec_reads(codec)) {
        mn_codec_bytes(codec, buffer->data, length);
        return;
    }
    if (length == 0)
        return;
    if (mn_buffer_extend(buffer, length) == NULL) {
        codec->failed = codec->no_memory = true;
        return;
    }
    mn_codec_bytes(codec, buffer->data, length);
}

/* A list of u32, written as it is. */
static void
walk_words(struct mn_codec *codec, struct mn_list *list)
{
    mn_codec_list(codec, list, sizeof(uint32_t));
    mn_codec_bytes(codec, list->items, list->count * sizeof(uint32_t));
}

static void
walk_tables(struct mn_codec *codec, struct mn_program *program)
{
    mn_codec_tag(codec, "TEXT");
    mn_codec_u32(codec, &program->name);
    walk_buffer(codec, &program->bytes);
    mn_codec_list(codec, &program->texts, 8);
    for (size_t i = 0; i < program->texts.count; i++) {
        struct mn_text *text = MN_LIST_AT(struct mn_text, &program->texts, i);

        mn_codec_u32(codec, &text->offset);
        mn_codec_u32(codec, &text->length);
    }
    mn_codec_tag(codec, "CONS");
    mn_codec_list(codec, &program->numbers, 8);
    mn_codec_bytes(codec, program->numbers.items, program->numbers.count * sizeof(uint64_t));
    walk_words(codec, &program->selectors);
    walk_words(codec, &program->strings);
    walk_words(codec, &program->types);
    mn_codec_tag(codec, "NAME");
    mn_codec_list(codec, &program->classes, 5);
    for (size_t i = 0; i < program->classes.count; i++) {
        struct mn_code_class *entry = MN_LIST_AT(struct mn_code_class, &program->classes, i);

        mn_codec_u32(codec, &entry->name);
        mn_codec_bool(codec, &entry->meta);
    }
    mn_codec_list(codec, &program->ivars, 13);
    for (size_t i = 0; i < program->ivars.count; i++) {
        struct mn_code_ivar *entry = MN_LIST_AT(struct mn_code_ivar, &program->ivars, i);

        mn_codec_u32(codec, &entry->owner);
        mn_codec_u32(codec, &entry->name);
        mn_codec_u32(codec, &entry->type);
        mn_codec_u8(codec, &entry->kind);
    }
    mn_codec_list(codec, &program->symbols, 5);
    for (size_t i = 0; i < program->symbols.count; i++) {
        struct mn_code_symbol *entry = MN_LIST_AT(struct mn_code_symbol, &program->symbols, i);

        mn_codec_u32(codec, &entry->name);
        mn_codec_bool(codec, &entry->own);
    }
}

static void
walk_data(struct mn_codec *codec, struct mn_program *program)
{
    mn_codec_tag(codec, "DATA");
    walk_buffer(codec, &program->image);
    mn_codec_list(codec, &program->data_words, 17);
    for (size_t i = 0; i < program->data_words.count; i++) {
        struct mn_data_word *word = MN_LIST_AT(struct mn_data_word, &program->data_words, i);

        mn_codec_u32(codec, &word->at);
        mn_codec_u8(codec, &word->kind);
        mn_codec_u32(codec, &word->target);
        mn_codec_u64(codec, (uint64_t *)&word->addend);
    }
}

static void
walk_sites(struct mn_codec *codec, struct mn_function *function)
{
    mn_codec_count(codec, &function->site_count, 24);
    function->sites = mn_codec_array(codec, function->sites, function->site_count, sizeof *function->sites);
    for (uint32_t i = 0; function->sites != NULL && i < function->site_count; i++) {
        struct mn_callsite *site = &function->sites[i];

        mn_codec_u8(codec, &site->kind);
        mn_codec_bool(codec, &site->variadic);
        mn_codec_u16(codec, &site->fixed);
        mn_codec_u32(codec, &site->selector);
        mn_codec_u32(codec, &site->owner);
        mn_codec_u32(codec, &site->result);
        mn_codec_u32(codec, &site->first);
        mn_codec_u32(codec, &site->count);
    }
    mn_codec_count(codec, &function->arg_count, 6);
    function->args = mn_codec_array(codec, function->args, function->arg_count, sizeof *function->args);
    for (uint32_t i = 0; function->args != NULL && i < function->arg_count; i++) {
        mn_codec_u16(codec, &function->args[i].slot);
        mn_codec_u32(codec, &function->args[i].type);
    }
}

static void
walk_lines(struct mn_codec *codec, struct mn_function *function)
{
    mn_codec_count(codec, &function->line_count, 10);
    function->lines = mn_codec_array(codec, function->lines, function->line_count, sizeof *function->lines);
    for (uint32_t i = 0; function->lines != NULL && i < function->line_count; i++) {
        mn_codec_u32(codec, &function->lines[i].pc);
        mn_codec_u32(codec, &function->lines[i].line);
        mn_codec_u16(codec, &function->lines[i].column);
    }
}

/* The kind of each slot, and the slots that a frame sets to nil. */
static void
walk_frame(struct mn_codec *codec, struct mn_function *function)
{
    uint32_t slots = function->slots, objects = function->object_count;

    mn_codec_u16(codec, &function->params);
    mn_codec_u16(codec, &function->result_slots);
    mn_codec_count(codec, &slots, 1);
    codec->failed |= slots > UINT16_MAX;
    function->slots = (uint16_t)slots;
    function->kinds = mn_codec_array(codec, function->kinds, slots, 1);
    mn_codec_bytes(codec, function->kinds, function->kinds != NULL ? slots : 0);
    mn_codec_count(codec, &objects, 2);
    codec->failed |= objects > UINT16_MAX;
    function->object_count = (uint16_t)objects;
    function->objects = mn_codec_array(codec, function->objects, objects, 2);
    mn_codec_bytes(codec, function->objects, function->objects != NULL ? objects * 2 : 0);
    mn_codec_u16(codec, &function->owned_count);
    codec->failed |= function->owned_count > function->object_count;
}

static void
walk_function(struct mn_codec *codec, struct mn_function *function)
{
    mn_codec_u32(codec, &function->name_text);
    mn_codec_u32(codec, &function->class_text);
    mn_codec_u32(codec, &function->selector_text);
    mn_codec_u32(codec, &function->types_text);
    mn_codec_bool(codec, &function->class_method);
    walk_frame(codec, function);
    mn_codec_count(codec, &function->code_count, sizeof *function->code);
    function->code = mn_codec_array(codec, function->code, function->code_count, sizeof *function->code);
    mn_codec_bytes(codec, function->code, function->code != NULL ? function->code_count * sizeof *function->code : 0);
    walk_lines(codec, function);
    walk_sites(codec, function);
}

static void
walk(struct mn_codec *codec, struct mn_program *program)
{
    walk_tables(codec, program);
    walk_data(codec, program);
    mn_codec_tag(codec, "CODE");
    mn_codec_list(codec, &program->functions, 40);
    for (size_t i = 0; i < program->functions.count && !codec->failed; i++)
        walk_function(codec, MN_LIST_AT(struct mn_function, &program->functions, i));
}

void
mn_program_write(const struct mn_program *program, struct mn_codec *codec)
{
    walk(codec, (struct mn_program *)(uintptr_t)program); /* a writer changes nothing */
}

/* ---- reading ---- */

static mend_status
resolve_symbols(struct mn_program *program, mn_resolve resolve, mend_error *err)
{
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct mn_code_symbol *symbol = MN_LIST_AT(struct mn_code_symbol, &program->symbols, i);
        const char *name = mn_program_text(program, symbol->name);
        void *address = resolve(name, symbol->own);

        if (address == NULL)
            return mn_fail(err, symbol->own ? MEND_BAD_PROGRAM : MEND_CHECK,
                           symbol->own ? "it needs the function '%s' of another version of Mend"
                                       : "the program has no symbol '%s'",
                           name);
        *MN_LIST_AT(void *, &program->symbol_live, i) = address;
    }
    return MEND_OK;
}

static bool
make_room_for_symbols(struct mn_program *program)
{
    for (size_t i = 0; i < program->symbols.count; i++)
        if (mn_list_add(&program->symbol_live) == NULL)
            return false;
    return true;
}

mend_status
mn_program_read(struct mn_codec *codec, mn_resolve resolve, struct mn_program **program, mend_error *err)
{
    struct mn_program *fresh = mn_program_new();
    mend_status st;

    *program = NULL;
    if (fresh == NULL)
        return mn_fail_memory(err);
    walk(codec, fresh);
    if (codec->failed && !codec->no_memory)
        st = mn_fail(err, MEND_BAD_PROGRAM, "the compiled code is damaged or cut short");
    else if (codec->no_memory || !make_room_for_symbols(fresh))
        st = mn_fail_memory(err);
    else if ((st = mn_program_load(fresh, err)) == MEND_OK)
        st = resolve_symbols(fresh, resolve, err);
    if (st == MEND_OK)
        *program = fresh;
    else
        mn_program_free(fresh);
    return st;
}
