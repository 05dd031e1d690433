/* SPDX-License-Identifier: MIT */
#include "vm/closure.h"

#include "abi/trampoline.h"
#include "runtime/exception.h"
#include "value/block.h"
#include "value/own.h"
#include "vm/checking.h"
#include "vm/invoke.h"
#include "vm/run.h"
#include "vm/tables.h"

#include <string.h>

/* What lies behind a block that was made here. */
struct closure {
    const struct mn_function *function; /* its program is held */
    const struct mn_function *maker;
    const struct mn_callsite *site; /* of the maker: what the words are */
    uint64_t unused;
    uint64_t words[];
};

static const struct mn_typeref *
type_of(const struct mn_function *function, const struct mn_callsite *site, uint32_t i)
{
    return &function->program->type_live[function->args[site->first + i].type];
}

/* ---- making one ---- */

static void
run(struct mn_frame *frame, const struct mn_signature *type, void *context);

static void
release_object(id *object)
{
    mn_block_release(*object);
}

static void
let_go(void *context)
{
    const struct closure *closure = context;
    struct mn_program *program = closure->function->program;
    unsigned word = 0;

    for (uint32_t i = 0; i < closure->site->count; i++) {
        const struct mn_typeref *type = type_of(closure->maker, closure->site, i);

        if (type->rep == MN_REP_OBJECT)
            mn_release((id)closure->words[word]);
        word += mn_whole_slots(type->type);
    }
    mn_program_release(program);
}

static unsigned
count_words(const struct mn_function *function, const struct mn_callsite *site)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < site->count; i++)
        count += mn_whole_slots(type_of(function, site, i)->type);
    return count;
}

id
mn_closure_keep(const struct mn_activation *activation, id object)
{
    id kept;

    if (object == nil || !mn_object_is_block(object))
        return mn_retain(object);
    if ((kept = mn_block_copy(object)) == nil)
        mn_vm_raise(activation, MN_VM_NOT_SUPPORTED, "there is no memory to copy a block");
    return kept;
}

id
mn_closure_new(const struct mn_activation *activation, unsigned function, unsigned index)
{
    const struct mn_function *maker = activation->function;
    const struct mn_callsite *site = &maker->sites[index];
    const struct mn_function *code =
        MN_LIST_AT(struct mn_function, &maker->program->functions, function);
    MN_SCOPED(release_object) id block = nil;
    struct closure *closure;
    unsigned word = 0;
    mend_error err;
    id made;

    if (mn_block_make(code->signature, run, sizeof *closure + 8 * (size_t)count_words(maker, site), let_go,
                      &block, &err) != MEND_OK)
        mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
    closure = mn_block_context(block, run);
    closure->function = code;
    closure->maker = maker;
    closure->site = site;
    mn_program_retain(code->program);
    for (uint32_t i = 0; i < site->count; i++) {
        const struct mn_typeref *type = type_of(maker, site, i);
        const uint64_t *from = &activation->slots[maker->args[site->first + i].slot];

        if (type->rep == MN_REP_OBJECT)
            closure->words[word] = (uint64_t)(type->type->kind == MN_BLOCK
                                                  ? mn_closure_keep(activation, (id)*from)
                                                  : mn_retain((id)*from));
        else
            memcpy(&closure->words[word], from, 8 * (size_t)mn_whole_slots(type->type));
        word += mn_whole_slots(type->type);
    }
    made = block;
    block = nil;
    return made;
}

uint64_t *
mn_closure_captured(const struct mn_activation *activation, id block)
{
    struct closure *closure = block != nil ? mn_block_context(block, run) : NULL;

    if (closure == NULL)
        mn_vm_raise(activation, MN_VM_NOT_CALLABLE, "%s is called as no block of this patch",
                    activation->function->name);
    return closure->words;
}

/* ---- being called ---- */

static void
run(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    const struct closure *closure = context;
    MN_SCOPED(release_object) id self = nil;
    uint64_t block[2];

    mn_frame_get(frame, &type->arguments[0].place, block);
    self = mn_block_copy((id)block[0]); /* a block may give up its last owner while it runs */
    mn_vm_enter(closure->function, frame);
}

/* ---- calling any ---- */

/* The same block literal, or another of the same type, gives the same key. */
static IMP
key_of(id block, const char *types)
{
    uintptr_t invoke = (uintptr_t)mn_block_invoke(block);

    return (IMP)(invoke ^ (uintptr_t)types << 1);
}

static const struct mn_callee *
learn(const struct mn_activation *activation, unsigned index, id block, const char *types,
      struct mn_callee *fresh)
{
    const struct mn_function *function = activation->function;
    const struct mn_callsite *site = &function->sites[index];
    const struct mn_signature *signature = NULL;
    const struct mn_callee *kept;
    mend_error err;

    *fresh = (struct mn_callee){0};
    /* A block that does not say its type, or not all of it, is called as the source declares it. */
    if (types == NULL || mn_block_type(block, NULL, &signature, NULL) != MEND_OK)
        signature = function->program->type_live[site->result].signature;
    if (signature->count != site->fixed + 1u)
        mn_vm_raise(activation, MN_VM_COUNT, "the block takes %d arguments, and %u were given",
                    (int)signature->count - 1, (unsigned)site->fixed);
    if (mn_callee_plan(fresh, function, site, signature, 1, &err) != MEND_OK)
        mn_vm_raise_status(activation, MN_VM_SIGNATURE, &err);
    fresh->imp = key_of(block, types);
    kept = mn_callee_keep(&function->live[index], fresh);
    return kept != NULL ? kept : fresh;
}

void
mn_closure_call(const struct mn_activation *activation, unsigned index, id block, uint64_t *out)
{
    const struct mn_function *function = activation->function;
    const struct mn_callee *callee;
    struct mn_callee fresh;
    const char *types;

    if (block == nil)
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "a block that is nil is called");
    if (!mn_object_is_block(block))
        mn_vm_raise(activation, MN_VM_NOT_CALLABLE, "an object of class %s is called, which is no block",
                    mn_class_name(mn_object_class(block)));
    types = mn_block_signature(block);
    callee = mn_callee_find(&function->live[index], key_of(block, types));
    if (callee == NULL)
        callee = learn(activation, index, block, types, &fresh);
    mn_invoke_block(callee, function, &function->sites[index], block, activation->slots, out);
}

/* ---- addresses for C ---- */

static mn_code
run_native(struct mn_frame *frame, void *context)
{
    const struct mn_function *function = context;

    mn_frame_clear(frame, &function->signature->result_place);
    mn_vm_enter(function, frame);
    return NULL;
}

void *
mn_closure_address(const struct mn_activation *activation, unsigned index)
{
    struct mn_function *function =
        MN_LIST_AT(struct mn_function, &activation->function->program->functions, index);
    struct mn_trampoline *known = __atomic_load_n(&function->native, __ATOMIC_ACQUIRE), *fresh;
    mend_error err;

    if (known == NULL) {
        if (mn_trampoline_new(function->signature, run_native, function, &fresh, &err) != MEND_OK)
            mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
        if (__atomic_compare_exchange_n(&function->native, &known, fresh, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            known = fresh;
        else
            mn_trampoline_free(fresh);
    }
    return (void *)(uintptr_t)mn_trampoline_code(known);
}

void
mn_closure_address_free(struct mn_function *function)
{
    mn_trampoline_free(function->native);
}
