/* SPDX-License-Identifier: MIT */
/* Writing a function: call sites and the instructions that make objects. */
#include "vm/builder.h"

#include "abi/encoding.h"
#include "vm/writing.h"

#include <string.h>

/* Adds a call site with its arguments; what the kinds need beside is filled in by the caller. */
static struct mn_callsite *
add_site(struct mn_code *code, enum mn_site_kind kind, const char *result, const struct mn_operand *args,
         unsigned count, unsigned *index)
{
    uint32_t first = (uint32_t)code->args.count;
    struct mn_callsite *site;

    for (unsigned i = 0; i < count; i++) {
        uint32_t type = mn_builder_type(code->builder, args[i].encoding);
        struct mn_arg *arg = mn_code_add(code, &code->args);

        *arg = (struct mn_arg){.slot = args[i].slot, .type = type};
    }
    *index = (unsigned)code->sites.count;
    if (*index > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a function makes more than 65,536 calls");
    site = mn_code_add(code, &code->sites);
    *site = (struct mn_callsite){.kind = (uint8_t)kind,
                                 .fixed = (uint16_t)count,
                                 .result = mn_builder_type(code->builder, result),
                                 .first = first,
                                 .count = count};
    return site;
}

/* Where a result goes that nobody asked for, or that an OWNED slot is to keep; *temp is to be freed. */
static mn_slot
place_result(struct mn_code *code, mn_slot dst, const char *result, mn_slot *temp)
{
    *temp = MN_NO_SLOT;
    if (mn_rep_of(result) == MN_REP_VOID || mn_slots_of(result) == 0)
        return 0;
    if (dst != MN_NO_SLOT && mn_code_kind(code, dst) != MN_SLOT_OWNED)
        return dst;
    *temp = mn_code_slot_for(code, result, false);
    return *temp;
}

static void
keep_result(struct mn_code *code, mn_slot dst, mn_slot temp)
{
    if (temp == MN_NO_SLOT)
        return;
    if (dst != MN_NO_SLOT)
        mn_code_emit(code, MN_OP_STRONG, dst, temp, 0);
    mn_code_slot_free(code, temp);
}

/* Emits the call into the right slot. */
static void
emit_call(struct mn_code *code, enum mn_op op, mn_slot dst, const char *result, unsigned b, unsigned site)
{
    mn_slot temp;

    mn_code_emit(code, op, place_result(code, dst, result, &temp), b, site);
    keep_result(code, dst, temp);
}

void
mn_code_send_variadic(struct mn_code *code, mn_slot dst, const char *result, mn_slot receiver,
                      const char *selector, const struct mn_operand *args, unsigned count, unsigned fixed)
{
    unsigned index;
    struct mn_callsite *site = add_site(code, MN_SITE_SEND, result, args, count, &index);

    site->selector = mn_builder_selector(code->builder, selector);
    site->fixed = (uint16_t)fixed;
    site->variadic = fixed < count;
    emit_call(code, MN_OP_SEND, dst, result, receiver, index);
}

void
mn_code_send(struct mn_code *code, mn_slot dst, const char *result, mn_slot receiver, const char *selector,
             const struct mn_operand *args, unsigned count)
{
    mn_code_send_variadic(code, dst, result, receiver, selector, args, count, count);
}

void
mn_code_send_super(struct mn_code *code, mn_slot dst, const char *result, mn_slot self,
                   const char *class_name, bool class_method, const char *selector,
                   const struct mn_operand *args, unsigned count)
{
    unsigned index;
    struct mn_callsite *site = add_site(code, MN_SITE_SUPER, result, args, count, &index);

    site->selector = mn_builder_selector(code->builder, selector);
    site->owner = mn_builder_class(code->builder, class_name, class_method);
    emit_call(code, MN_OP_SENDSUPER, dst, result, self, index);
}

void
mn_code_send_original(struct mn_code *code, mn_slot dst, const char *result, mn_slot self,
                      const char *selector, bool next, const struct mn_operand *args, unsigned count)
{
    unsigned index;
    struct mn_callsite *site =
        add_site(code, next ? MN_SITE_NEXT : MN_SITE_ORIGINAL, result, args, count, &index);

    site->selector = mn_builder_selector(code->builder, selector);
    emit_call(code, next ? MN_OP_SENDNEXT : MN_OP_SENDORG, dst, result, self, index);
}

void
mn_code_call(struct mn_code *code, mn_slot dst, const char *result, unsigned function,
             const struct mn_operand *args, unsigned count)
{
    unsigned index;

    add_site(code, MN_SITE_CALL, result, args, count, &index);
    if (function > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a program has more than 65,536 functions");
    emit_call(code, MN_OP_CALL, dst, result, function, index);
}

void
mn_code_call_c(struct mn_code *code, mn_slot dst, mn_slot address, const char *types,
               const struct mn_operand *args, unsigned count)
{
    unsigned index;
    const struct mn_signature *signature;
    struct mn_callsite *site = add_site(code, MN_SITE_CALLC, "v", args, count, &index);
    mend_error err;

    site->result = mn_builder_type(code->builder, types); /* of a CALLC the whole encoding */
    if (mn_signature_get(types, &signature, &err) != MEND_OK) {
        mn_code_fail(code, err.status, "%s", err.message);
        return;
    }
    site->fixed = signature->count;
    site->variadic = signature->count < count;
    mn_buffer_clear(&code->builder->key);
    mn_encoding_write(signature->result, &code->builder->key);
    emit_call(code, MN_OP_CALLC, dst, mn_buffer_peek(&code->builder->key), address, index);
}

/* ---- blocks ---- */

void
mn_code_block(struct mn_code *code, mn_slot dst, unsigned function, const struct mn_operand *captured,
              unsigned count)
{
    unsigned index;

    add_site(code, MN_SITE_BLOCK, "v", captured, count, &index);
    if (function > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a program has more than 65,536 functions");
    mn_code_emit(code, MN_OP_BLOCK, dst, function, index);
}

void
mn_code_call_block(struct mn_code *code, mn_slot dst, mn_slot block, const char *types,
                   const struct mn_operand *args, unsigned count)
{
    unsigned index;
    const struct mn_signature *signature;
    struct mn_callsite *site = add_site(code, MN_SITE_CALLBLOCK, "v", args, count, &index);
    mend_error err;

    site->result = mn_builder_type(code->builder, types);
    if (mn_signature_get(types, &signature, &err) != MEND_OK) {
        mn_code_fail(code, err.status, "%s", err.message);
        return;
    }
    mn_buffer_clear(&code->builder->key);
    mn_encoding_write(signature->result, &code->builder->key);
    emit_call(code, MN_OP_CALLB, dst, mn_buffer_peek(&code->builder->key), block, index);
}

/* ---- objects ---- */

void
mn_code_box(struct mn_code *code, mn_slot dst, enum mn_rep rep, mn_slot src)
{
    mn_slot wide = src;

    if (rep == MN_REP_LD) { /* NSNumber has no long double */
        wide = mn_code_temp(code);
        mn_code_convert(code, MN_REP_F64, wide, rep, src);
        rep = MN_REP_F64;
    }
    mn_code_emit(code, MN_OP_BOX, dst, wide, rep);
    if (wide != src)
        mn_code_slot_free(code, wide);
}

void
mn_code_box_text(struct mn_code *code, mn_slot dst, mn_slot src)
{
    mn_code_emit(code, MN_OP_BOXTEXT, dst, src, 0);
}

void
mn_code_box_struct(struct mn_code *code, mn_slot dst, mn_slot src, const char *encoding)
{
    uint32_t type = mn_builder_type(code->builder, encoding);

    if (type > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a program names more than 65,536 types");
    mn_code_emit(code, MN_OP_BOXSTRUCT, dst, src, type);
}

static void
list_of_objects(struct mn_code *code, enum mn_op op, mn_slot dst, const mn_slot *items, unsigned count)
{
    unsigned index;
    struct mn_callsite *site = add_site(code, MN_SITE_LIST, "@", NULL, 0, &index);
    uint32_t first = (uint32_t)code->args.count, type = mn_builder_type(code->builder, "@");

    for (unsigned i = 0; i < count; i++)
        *(struct mn_arg *)mn_code_add(code, &code->args) = (struct mn_arg){.slot = items[i], .type = type};
    site->first = first;
    site->count = count;
    site->fixed = (uint16_t)count;
    mn_code_emit(code, op, dst, 0, index);
}

void
mn_code_array(struct mn_code *code, mn_slot dst, const mn_slot *items, unsigned count)
{
    list_of_objects(code, MN_OP_ARRAY, dst, items, count);
}

void
mn_code_dictionary(struct mn_code *code, mn_slot dst, const mn_slot *pairs, unsigned count)
{
    list_of_objects(code, MN_OP_DICT, dst, pairs, count);
}
