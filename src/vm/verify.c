/* SPDX-License-Identifier: MIT */
/* Verifying the tables of a program, and the parts of a function that are not instructions (those:
 * verify_code.c). */
#include "vm/verify.h"

#include "vm/builder.h"
#include "value/block.h"
#include "vm/checking.h"

#include <stdio.h>
#include <string.h>

mend_status
mn_bad(struct mn_checking *checking, const char *format, ...)
{
    char text[300];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (checking->function == NULL)
        return mn_fail(checking->err, MEND_BAD_PROGRAM, "%s", text);
    if (checking->insn == NULL)
        return mn_fail(checking->err, MEND_BAD_PROGRAM, "%s: %s",
                       mn_program_text(checking->program, checking->function->name_text), text);
    return mn_fail(checking->err, MEND_BAD_PROGRAM, "%s: instruction %u (%s): %s",
                   mn_program_text(checking->program, checking->function->name_text),
                   (unsigned)(checking->insn - checking->function->code),
                   checking->insn->op < MN_OP_COUNT ? mn_op_names[checking->insn->op] : "?", text);
}

/* ---- tables ---- */

static bool
is_text(const struct mn_program *program, uint32_t index)
{
    return index < program->texts.count;
}

static bool
is_nil(const struct mn_program *program, uint32_t at)
{
    static const char nothing[8];

    return memcmp(program->image.data + at, nothing, sizeof nothing) == 0;
}

static mend_status
check_texts(struct mn_checking *checking)
{
    const struct mn_program *program = checking->program;

    for (size_t i = 0; i < program->texts.count; i++) {
        const struct mn_text *text = MN_LIST_AT(struct mn_text, &program->texts, i);

        if (text->offset >= program->bytes.length || text->length >= program->bytes.length - text->offset ||
            program->bytes.data[text->offset + text->length] != '\0')
            return mn_bad(checking, "text %zu lies outside the program's bytes", i);
    }
    return is_text(program, program->name) ? MEND_OK : mn_bad(checking, "the program has no name");
}

static mend_status
check_text_table(struct mn_checking *checking, const struct mn_list *list, const char *what)
{
    for (size_t i = 0; i < list->count; i++)
        if (!is_text(checking->program, *MN_LIST_AT(uint32_t, list, i)))
            return mn_bad(checking, "%s %zu has no text", what, i);
    return MEND_OK;
}

/* A name the runtime or the linker will see: C text, so a zero byte would cut it short. */
static bool
is_name(const struct mn_program *program, uint32_t index)
{
    return is_text(program, index) &&
           strlen(mn_program_text(program, index)) == mn_program_text_length(program, index);
}

static mend_status
check_names(struct mn_checking *checking)
{
    const struct mn_program *program = checking->program;

    for (size_t i = 0; i < program->classes.count; i++)
        if (!is_name(program, MN_LIST_AT(struct mn_code_class, &program->classes, i)->name))
            return mn_bad(checking, "class %zu has no name", i);
    for (size_t i = 0; i < program->ivars.count; i++) {
        const struct mn_code_ivar *ivar = MN_LIST_AT(struct mn_code_ivar, &program->ivars, i);

        if (!is_name(program, ivar->name) || ivar->owner >= program->classes.count)
            return mn_bad(checking, "instance variable %zu has no name or class", i);
        if (ivar->kind > MN_IVAR_WEAK ||
            (ivar->kind == MN_IVAR_NATIVE ? ivar->type != UINT32_MAX : ivar->type >= program->types.count))
            return mn_bad(checking, "instance variable %zu has no type", i);
    }
    for (size_t i = 0; i < program->symbols.count; i++)
        if (!is_name(program, MN_LIST_AT(struct mn_code_symbol, &program->symbols, i)->name) ||
            program->symbol_live.count != program->symbols.count)
            return mn_bad(checking, "symbol %zu has no name or address", i);
    for (size_t i = 0; i < program->selectors.count; i++)
        if (!is_name(program, *MN_LIST_AT(uint32_t, &program->selectors, i)) ||
            mn_program_text_length(program, *MN_LIST_AT(uint32_t, &program->selectors, i)) == 0)
            return mn_bad(checking, "selector %zu has no name", i);
    return MEND_OK;
}

/* Words lie in the data, do not overlap one another's meaning, and name what exists. */
static mend_status
check_data(struct mn_checking *checking)
{
    const struct mn_program *program = checking->program;

    for (size_t i = 0; i < program->data_words.count; i++) {
        const struct mn_data_word *word = MN_LIST_AT(struct mn_data_word, &program->data_words, i);

        if (program->image.length < 8 || word->at > program->image.length - 8 || word->kind > MN_DATA_WEAK)
            return mn_bad(checking, "word %zu of the data lies outside it", i);
        if (word->kind == MN_DATA_TEXT ? !is_text(program, word->target)
                                       : word->kind == MN_DATA_PLACE && word->target > program->image.length)
            return mn_bad(checking, "word %zu of the data points at nothing", i);
        if (word->kind >= MN_DATA_OBJECT && !is_nil(program, word->at))
            return mn_bad(checking, "word %zu of the data is no object at first", i);
    }
    return MEND_OK;
}

static mend_status
check_function_names(struct mn_checking *checking)
{
    const struct mn_program *program = checking->program;

    for (size_t i = 0; i < program->functions.count; i++) {
        const struct mn_function *function = MN_LIST_AT(struct mn_function, &program->functions, i);
        uint32_t optional[2] = {function->class_text, function->selector_text};

        if (!is_text(program, function->name_text))
            return mn_bad(checking, "function %zu has no name", i);
        if (function->code == NULL || function->code_count == 0)
            return mn_bad(checking, "the function %s is called and never written",
                          mn_program_text(program, function->name_text));
        if (!is_text(program, function->types_text))
            return mn_bad(checking, "function %zu has no types", i);
        for (unsigned k = 0; k < 2; k++)
            if (optional[k] != UINT32_MAX && !is_name(program, optional[k]))
                return mn_bad(checking, "function %zu has a broken name", i);
    }
    return MEND_OK;
}

mend_status
mn_verify_tables(const struct mn_program *program, mend_error *err)
{
    struct mn_checking checking = {.program = program, .err = err};
    mend_status st;

    if ((st = check_texts(&checking)) != MEND_OK ||
        (st = check_text_table(&checking, &program->selectors, "selector")) != MEND_OK ||
        (st = check_text_table(&checking, &program->strings, "string")) != MEND_OK ||
        (st = check_text_table(&checking, &program->types, "type")) != MEND_OK ||
        (st = check_names(&checking)) != MEND_OK || (st = check_data(&checking)) != MEND_OK)
        return st;
    return check_function_names(&checking);
}

/* ---- a function's frame ---- */

bool
mn_is_kind(const struct mn_function *function, unsigned slot, unsigned count, enum mn_slot_kind kind)
{
    if (slot >= function->slots || count > (unsigned)function->slots - slot)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (function->kinds[slot + i] != kind)
            return false;
    return true;
}

unsigned
mn_whole_slots(const struct mn_type *type)
{
    return type->size != 0 ? (unsigned)((type->size + 7) / 8) : 1;
}

/* Parameters fill the first slots, each of the kind its type asks for. */
static mend_status
check_params(struct mn_checking *checking)
{
    const struct mn_function *function = checking->function;
    const struct mn_signature *signature = function->signature;
    size_t slot = 0;

    for (unsigned i = 0; i < signature->count; i++) {
        const struct mn_type *type = signature->arguments[i].type;
        bool object = mn_rep_of_type(type) == MN_REP_OBJECT;
        unsigned count = mn_whole_slots(type);

        if (slot + count > function->slots ||
            !mn_is_kind(function, (unsigned)slot, count, object ? MN_SLOT_OBJECT : MN_SLOT_VALUE))
            return mn_bad(checking, "parameter %u does not fit its slots", i);
        slot += count;
    }
    if (slot != function->params)
        return mn_bad(checking, "%u slots of parameters, %zu by its types", (unsigned)function->params, slot);
    if (function->result_slots != (signature->result->size + 7) / 8)
        return mn_bad(checking, "the result's slots contradict its type");
    return MEND_OK;
}

/* `objects` lists every OBJECT slot behind the parameters and every OWNED slot, the latter at its end, each
 * once. */
static mend_status
check_objects(struct mn_checking *checking)
{
    const struct mn_function *function = checking->function;
    unsigned listed = 0;
    int last = -1;

    if (function->owned_count > function->object_count)
        return mn_bad(checking, "more owned slots than object slots");
    for (unsigned i = 0; i < function->object_count; i++) {
        unsigned slot = function->objects[i], owned_from = function->object_count - function->owned_count;
        enum mn_slot_kind kind = i < owned_from ? MN_SLOT_OBJECT : MN_SLOT_OWNED;

        if (i == owned_from)
            last = -1;
        if ((int)slot <= last || slot < function->params || !mn_is_kind(function, slot, 1, kind))
            return mn_bad(checking, "slot %u is listed wrongly", slot);
        last = (int)slot;
    }
    for (unsigned slot = 0; slot < function->slots; slot++) {
        if (function->kinds[slot] > MN_SLOT_OWNED)
            return mn_bad(checking, "slot %u has no kind", slot);
        if (function->kinds[slot] == MN_SLOT_OWNED ||
            (function->kinds[slot] == MN_SLOT_OBJECT && slot >= function->params))
            listed++;
    }
    return listed == function->object_count ? MEND_OK : mn_bad(checking, "an object slot is not listed");
}

static mend_status
check_lines(struct mn_checking *checking)
{
    const struct mn_function *function = checking->function;

    for (uint32_t i = 0; i < function->line_count; i++)
        if (function->lines[i].pc > function->code_count ||
            (i != 0 && function->lines[i].pc < function->lines[i - 1].pc))
            return mn_bad(checking, "the line table is not in order");
    return MEND_OK;
}

/* ---- call sites ---- */

static mend_status
check_arguments(struct mn_checking *checking, const struct mn_callsite *site)
{
    const struct mn_function *function = checking->function;

    if (site->first > function->arg_count || site->count > function->arg_count - site->first ||
        site->fixed > site->count)
        return mn_bad(checking, "a call site's arguments lie outside the table");
    for (uint32_t i = 0; i < site->count; i++) {
        const struct mn_arg *arg = &function->args[site->first + i];
        const struct mn_typeref *type;
        unsigned count;

        if (arg->type >= checking->program->types.count)
            return mn_bad(checking, "a call site's argument has no type");
        type = &checking->program->type_live[arg->type];
        if (type->rep == MN_REP_VOID)
            return mn_bad(checking, "a call site's argument is void");
        count = mn_whole_slots(type->type);
        if (type->rep == MN_REP_OBJECT
                ? !mn_is_kind(function, arg->slot, 1, MN_SLOT_OBJECT) &&
                      !mn_is_kind(function, arg->slot, 1, MN_SLOT_OWNED)
                : arg->slot >= function->slots || count > (unsigned)function->slots - arg->slot)
            return mn_bad(checking, "argument %u of a call site is not in a slot for its type", (unsigned)i);
    }
    return MEND_OK;
}

static mend_status
check_site(struct mn_checking *checking, const struct mn_callsite *site)
{
    const struct mn_program *program = checking->program;
    bool sends = site->kind >= MN_SITE_SEND && site->kind <= MN_SITE_NEXT;

    if (site->kind > MN_SITE_BLOCK || site->result >= program->types.count)
        return mn_bad(checking, "a call site has no kind or result");
    if (sends && site->selector >= program->selectors.count)
        return mn_bad(checking, "a call site has no selector");
    if (site->kind == MN_SITE_SUPER && site->owner >= program->classes.count)
        return mn_bad(checking, "a send to super has no class");
    if (site->variadic ? site->fixed >= site->count : site->fixed != site->count)
        return mn_bad(checking, "a call site's argument counts contradict each other");
    if (site->kind == MN_SITE_CALLC && program->type_live[site->result].signature->count != site->fixed)
        return mn_bad(checking, "a call of a C function contradicts its type");
    if (site->kind == MN_SITE_CALLBLOCK &&
        (site->variadic || !mn_block_is_type(program->type_live[site->result].signature) ||
         program->type_live[site->result].signature->count != site->fixed + 1u))
        return mn_bad(checking, "a call of a block contradicts its type");
    return check_arguments(checking, site);
}

mend_status
mn_verify(const struct mn_program *program, mend_error *err)
{
    struct mn_checking checking = {.program = program, .err = err};
    mend_status st;

    for (size_t i = 0; i < program->functions.count; i++) {
        checking.function = MN_LIST_AT(struct mn_function, &program->functions, i);
        checking.insn = NULL;
        if ((st = check_params(&checking)) != MEND_OK || (st = check_objects(&checking)) != MEND_OK ||
            (st = check_lines(&checking)) != MEND_OK)
            return st;
        for (uint32_t k = 0; k < checking.function->site_count; k++)
            if ((st = check_site(&checking, &checking.function->sites[k])) != MEND_OK)
                return st;
        if ((st = mn_check_code(&checking)) != MEND_OK || (st = mn_check_regions(&checking)) != MEND_OK)
            return st;
    }
    return MEND_OK;
}
