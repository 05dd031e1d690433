/* SPDX-License-Identifier: MIT */
/*
 * Loading a program: from tables to what they mean in this process.
 *
 * In this order, because each step needs the one before: the tables' own indices are checked, types and
 * selectors resolved, the code verified against them, then what the fast paths read is laid out.
 */
#include "base/alloc.h"
#include "runtime/runtime.h"
#include "value/own.h"
#include "vm/builder.h"
#include "vm/checking.h"
#include "vm/send.h"
#include "vm/tables.h"
#include "vm/verify.h"

#include <string.h>

static const char *
optional_text(const struct mn_program *program, uint32_t index)
{
    return index == UINT32_MAX ? NULL : mn_program_text(program, index);
}

static mend_status
load_types(struct mn_program *program, mend_error *err)
{
    for (size_t i = 0; i < program->types.count; i++) {
        const char *text = mn_program_text(program, *MN_LIST_AT(uint32_t, &program->types, i));
        struct mn_typeref *ref = &program->type_live[i];
        const struct mn_signature *signature;
        mend_status st = mn_signature_get(text, &signature, err);

        /* A lone type reads as a signature without arguments; of a CALLC the whole one is meant. */
        if (st != MEND_OK)
            return st;
        ref->signature = signature;
        ref->type = signature->result;
        ref->rep = (uint8_t)mn_rep_of_type(ref->type);
        ref->slots = (uint16_t)((ref->type->size + 7) / 8);
    }
    return MEND_OK;
}

static mend_status
load_function(struct mn_program *program, struct mn_function *function, mend_error *err)
{
    function->program = program;
    function->name = mn_program_text(program, function->name_text);
    function->class_name = optional_text(program, function->class_text);
    function->selector = optional_text(program, function->selector_text);
    if (function->objects != NULL)
        function->owned = function->objects + (function->object_count - function->owned_count);
    function->live = mn_calloc(function->site_count, sizeof *function->live);
    if (function->live == NULL)
        return mn_fail_memory(err);
    return mn_signature_get(mn_program_text(program, function->types_text), &function->signature, err);
}

/* ---- what the fast paths read ---- */

/* The moves of one parameter that travels in registers; false when it must be fetched by its place. */
static bool
lay_out_param(struct mn_function *function, const struct mn_argument *argument, unsigned slot)
{
    enum mn_rep rep = mn_rep_of_type(argument->type);
    unsigned size = mn_rep_size(rep);
    const struct mn_place *place = &argument->place;

    if (place->where == MN_NOWHERE)
        return true;
    if (place->where != MN_IN_REGISTERS)
        return false;
    for (unsigned p = 0; p < place->pieces; p++)
        if (place->piece[p].size > 8 || place->piece[p].value % 8 != 0)
            return false;
    for (unsigned p = 0; p < place->pieces; p++)
        function->entry[function->entry_count++] =
            (struct mn_entry){.frame = place->piece[p].frame,
                              .slot = (uint16_t)(slot + place->piece[p].value / 8),
                              .shift = (uint8_t)(size != 0 && size < 8 ? 64 - 8 * size : 0),
                              .is_signed = rep == MN_REP_I8 || rep == MN_REP_I16 || rep == MN_REP_I32};
    return true;
}

/* Takes the moves off the front of the list that copy the first integer registers to the first slots. */
static void
shorten_entry(struct mn_function *function)
{
    const struct mn_entry *entry = function->entry;
    size_t word = sizeof(((struct mn_frame *)0)->integer[0]);

    while (function->entry_words < function->entry_count && entry->shift == 0 &&
           entry->slot == function->entry_words &&
           entry->frame == offsetof(struct mn_frame, integer) + function->entry_words * word) {
        function->entry_words++;
        entry++;
    }
    function->entry_count -= function->entry_words;
    memmove(function->entry, entry, function->entry_count * sizeof *entry);
}

static mend_status
lay_out_entry(struct mn_function *function, mend_error *err)
{
    const struct mn_signature *signature = function->signature;
    const struct mn_place *result = &signature->result_place;
    unsigned slot = 0;

    function->entry = mn_calloc((size_t)signature->count * MN_PIECES, sizeof *function->entry);
    if (function->entry == NULL)
        return mn_fail_memory(err);
    for (unsigned i = 0; i < signature->count; i++) {
        if (!lay_out_param(function, &signature->arguments[i], slot))
            function->stack_params = true;
        slot += mn_whole_slots(signature->arguments[i].type);
    }
    shorten_entry(function);
    function->result_place =
        result->where == MN_IN_REGISTERS && result->pieces == 1 && result->piece[0].size <= 8
            ? result->piece[0].frame
            : MN_NO_PLACE;
    return MEND_OK;
}

static mend_status
lay_out_site(struct mn_function *function, unsigned index, mend_error *err)
{
    const struct mn_callsite *site = &function->sites[index];
    struct mn_callsite_live *live = &function->live[index];
    struct mn_program *program = function->program;
    unsigned count = 0;

    live->result_slots = program->type_live[site->result].slots;
    if (site->kind >= MN_SITE_SEND && site->kind <= MN_SITE_NEXT)
        live->sel = program->selector_live[site->selector];
    if (site->kind == MN_SITE_ORIGINAL || site->kind == MN_SITE_NEXT)
        live->own =
            function->selector != NULL && strcmp(function->selector, mn_selector_name(live->sel)) == 0;
    if (site->kind != MN_SITE_CALL)
        return MEND_OK;
    for (uint32_t i = 0; i < site->count; i++)
        count += mn_whole_slots(program->type_live[function->args[site->first + i].type].type);
    live->copies = mn_calloc(count, sizeof *live->copies);
    if (live->copies == NULL)
        return mn_fail_memory(err);
    count = 0;
    for (uint32_t i = 0; i < site->count; i++) {
        const struct mn_arg *arg = &function->args[site->first + i];

        for (unsigned k = 0; k < mn_whole_slots(program->type_live[arg->type].type); k++)
            live->copies[count++] = (uint16_t)(arg->slot + k);
    }
    return MEND_OK;
}

static mend_status
lay_out_function(struct mn_function *function, mend_error *err)
{
    mend_status st = lay_out_entry(function, err);

    if (st == MEND_OK)
        st = mn_fuse(function, err);
    for (uint32_t i = 0; i < function->site_count && st == MEND_OK; i++)
        st = lay_out_site(function, i, err);
    return st;
}

mend_status
mn_program_load(struct mn_program *program, mend_error *err)
{
    struct mn_function *functions = program->functions.items;
    mend_status st;

    mn_own_init();
    if ((st = mn_verify_tables(program, err)) != MEND_OK)
        return st;
    program->selector_live = mn_calloc(program->selectors.count, sizeof *program->selector_live);
    program->class_live = mn_calloc(program->classes.count, sizeof *program->class_live);
    program->string_live = mn_calloc(program->strings.count, sizeof *program->string_live);
    program->type_live = mn_calloc(program->types.count, sizeof *program->type_live);
    program->ivar_live = mn_calloc(program->ivars.count, sizeof *program->ivar_live);
    if (program->selector_live == NULL || program->class_live == NULL || program->string_live == NULL ||
        program->type_live == NULL || program->ivar_live == NULL)
        return mn_fail_memory(err);
    if ((st = mn_data_load(program, err)) != MEND_OK)
        return st;
    for (size_t i = 0; i < program->selectors.count; i++) {
        const char *name = mn_program_text(program, *MN_LIST_AT(uint32_t, &program->selectors, i));

        /* With types where that is possible, as compiled call sites have them: a receiver that forwards is asked with these. */
        if ((program->selector_live[i] = mn_selector_only(name)) == NULL)
            return mn_fail_memory(err);
    }
    if ((st = load_types(program, err)) != MEND_OK)
        return st;
    for (size_t i = 0; i < program->functions.count; i++)
        if ((st = load_function(program, &functions[i], err)) != MEND_OK)
            return st;
    if ((st = mn_verify(program, err)) != MEND_OK)
        return st;
    for (size_t i = 0; i < program->functions.count; i++)
        if ((st = lay_out_function(&functions[i], err)) != MEND_OK)
            return st;
    return MEND_OK;
}
