/* SPDX-License-Identifier: MIT */
/* Life of a program: loading its tables, entries made at first use, the end. */
#include "vm/program.h"

#include "base/alloc.h"
#include "runtime/runtime.h"
#include "value/own.h"
#include "value/box.h"
#include "vm/closure.h"
#include "vm/run.h"
#include "vm/send.h"
#include "vm/tables.h"

#include <string.h>

struct mn_program *
mn_program_new(void)
{
    struct mn_program *program = mn_calloc(1, sizeof *program);

    if (program == NULL)
        return NULL;
    atomic_init(&program->references, 1);
    atomic_init(&program->uses, 1);
    program->texts = MN_LIST_OF(struct mn_text);
    program->numbers = MN_LIST_OF(uint64_t);
    program->selectors = MN_LIST_OF(uint32_t);
    program->classes = MN_LIST_OF(struct mn_code_class);
    program->strings = MN_LIST_OF(uint32_t);
    program->types = MN_LIST_OF(uint32_t);
    program->ivars = MN_LIST_OF(struct mn_code_ivar);
    program->symbols = MN_LIST_OF(struct mn_code_symbol);
    program->symbol_live = MN_LIST_OF(void *);
    program->functions = MN_LIST_OF(struct mn_function);
    program->originals = MN_LIST_OF(struct mn_binding_original);
    program->data_words = MN_LIST_OF(struct mn_data_word);
    return program;
}

static void
function_fini(struct mn_function *function)
{
    if (function->live != NULL)
        for (uint32_t i = 0; i < function->site_count; i++)
            mn_callsite_fini(&function->live[i]);
    mn_closure_address_free(function);
    mn_free(function->live);
    mn_free(function->entry);
    mn_free(function->kinds);
    mn_free(function->objects);
    if (function->run != function->code)
        mn_free(function->run);
    mn_free(function->code);
    mn_free(function->lines);
    mn_free(function->sites);
    mn_free(function->args);
}

void
mn_program_free(struct mn_program *program)
{
    struct mn_list *lists[8];

    if (program == NULL)
        return;
    for (size_t i = 0; i < program->functions.count; i++)
        function_fini(MN_LIST_AT(struct mn_function, &program->functions, i));
    for (size_t i = 0; program->string_live != NULL && i < program->strings.count; i++)
        mn_release(atomic_load(&program->string_live[i]));
    mn_data_fini(program);
    for (size_t i = 0; i < program->originals.count; i++)
        mn_free((void *)MN_LIST_AT(struct mn_binding_original, &program->originals, i)->class_name);
    mn_free(program->selector_live);
    mn_free((void *)program->class_live);
    mn_free((void *)program->string_live);
    mn_free(program->type_live);
    mn_free((void *)program->ivar_live);
    mn_buffer_fini(&program->bytes);
    lists[0] = &program->texts;
    lists[1] = &program->numbers;
    lists[2] = &program->selectors;
    lists[3] = &program->classes;
    lists[4] = &program->strings;
    lists[5] = &program->types;
    lists[6] = &program->ivars;
    lists[7] = &program->functions;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        mn_list_fini(lists[i]);
    mn_list_fini(&program->originals);
    mn_list_fini(&program->symbols);
    mn_list_fini(&program->symbol_live);
    mn_free(program);
}

struct mn_program *
mn_program_retain(struct mn_program *program)
{
    atomic_fetch_add_explicit(&program->references, 1, memory_order_relaxed);
    return program;
}

void
mn_program_release(struct mn_program *program)
{
    if (program != NULL && atomic_fetch_sub_explicit(&program->references, 1, memory_order_acq_rel) == 1)
        mn_program_free(program);
}

struct mn_program *
mn_program_use(struct mn_program *program)
{
    atomic_fetch_add_explicit(&program->uses, 1, memory_order_relaxed);
    return mn_program_retain(program);
}

void
mn_program_unuse(struct mn_program *program)
{
    if (program == NULL)
        return;
    if (atomic_fetch_sub_explicit(&program->uses, 1, memory_order_acq_rel) == 1)
        mn_data_drop(program); /* they may hold blocks that hold the program */
    mn_program_release(program);
}

const char *
mn_program_name(const struct mn_program *program)
{
    return mn_program_text(program, program->name);
}

unsigned
mn_program_function_count(const struct mn_program *program)
{
    return (unsigned)program->functions.count;
}

const struct mn_function *
mn_program_function(const struct mn_program *program, unsigned index)
{
    return index < program->functions.count ? MN_LIST_AT(struct mn_function, &program->functions, index)
                                            : NULL;
}

const struct mn_function *
mn_program_function_named(const struct mn_program *program, const char *name)
{
    for (size_t i = 0; i < program->functions.count; i++)
        if (strcmp(MN_LIST_AT(struct mn_function, &program->functions, i)->name, name) == 0)
            return MN_LIST_AT(struct mn_function, &program->functions, i);
    return NULL;
}

void
mn_function_place(const struct mn_function *function, uint32_t pc, unsigned *line, unsigned *column)
{
    uint32_t low = 0, high = function->line_count;

    *line = *column = 0;
    while (low < high) { /* the last row that starts at or before pc */
        uint32_t middle = (low + high) / 2;

        if (function->lines[middle].pc <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return;
    *line = function->lines[low - 1].line;
    *column = function->lines[low - 1].column;
}

void
mn_program_interrupt(struct mn_program *program, bool stop)
{
    atomic_store(&program->stop, stop);
}

/* ---- late entries ---- */

Class
mn_program_class(struct mn_program *program, uint32_t index)
{
    Class cls = atomic_load_explicit(&program->class_live[index], memory_order_acquire);
    const struct mn_code_class *entry;

    if (cls != Nil)
        return cls;
    mn_vm_count_slow();
    entry = MN_LIST_AT(struct mn_code_class, &program->classes, index);
    cls = mn_class_named(mn_program_text(program, entry->name));
    if (cls != Nil && entry->meta)
        cls = mn_class_meta(cls);
    if (cls != Nil)
        atomic_store_explicit(&program->class_live[index], cls, memory_order_release);
    return cls;
}

id
mn_program_string(struct mn_program *program, uint32_t index)
{
    uint32_t text = *MN_LIST_AT(uint32_t, &program->strings, index);
    id made, none = nil;

    mn_vm_count_slow();
    made = mn_string_new(mn_program_text(program, text), mn_program_text_length(program, text));
    if (made == nil || atomic_compare_exchange_strong(&program->string_live[index], &none, made))
        return made;
    mn_release(made); /* another thread was first */
    return none;
}

bool
mn_program_ivar(struct mn_program *program, uint32_t index, long *offset)
{
    const struct mn_code_ivar *entry = MN_LIST_AT(struct mn_code_ivar, &program->ivars, index);
    Class cls = mn_program_class(program, entry->owner);
    struct mn_ivar ivar;

    mn_vm_count_slow();
    if (!mn_ivar_find(cls, mn_program_text(program, entry->name), &ivar))
        return false;
    *offset = ivar.offset;
    atomic_store_explicit(&program->ivar_live[index], ivar.offset + 1, memory_order_release);
    return true;
}

/* ---- originals ---- */

static struct mn_binding_original *
bound(const struct mn_program *program, const char *class_name, bool class_method, const char *selector)
{
    for (size_t i = 0; i < program->originals.count; i++) {
        struct mn_binding_original *original =
            MN_LIST_AT(struct mn_binding_original, &program->originals, i);

        if (original->class_method == class_method && strcmp(original->class_name, class_name) == 0 &&
            strcmp(original->selector, selector) == 0)
            return original;
    }
    return NULL;
}

mend_status
mn_program_bind_original(struct mn_program *program, const char *class_name, bool class_method,
                         const char *selector, const struct mn_site *site, mend_error *err)
{
    size_t class_size = strlen(class_name) + 1, selector_size = strlen(selector) + 1;
    struct mn_binding_original *original = bound(program, class_name, class_method, selector);
    char *names;

    if (original != NULL) { /* put in place again, maybe under calls of its last time: the list must not move */
        __atomic_store_n(&original->site, site, __ATOMIC_RELEASE);
        return MEND_OK;
    }
    names = mn_malloc(class_size + selector_size);
    original = names != NULL ? mn_list_add(&program->originals) : NULL;
    if (original == NULL) {
        mn_free(names);
        return mn_fail_memory(err);
    }
    memcpy(names, class_name, class_size);
    memcpy(names + class_size, selector, selector_size);
    *original = (struct mn_binding_original){
        .class_name = names, .selector = names + class_size, .class_method = class_method, .site = site};
    return MEND_OK;
}
