/* SPDX-License-Identifier: MIT */
/* Writing a function: cells, statics, weak memory, guarded code. */
#include "vm/builder.h"

#include "vm/writing.h"

void
mn_code_cell(struct mn_code *code, mn_slot cell, mn_slot address, const char *encoding, bool weak)
{
    uint32_t type = mn_builder_type(code->builder, encoding);
    mn_slot made = mn_code_slot(code, MN_SLOT_OBJECT);

    if (type > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a program names more than 65,536 types");
    mn_code_emit(code, MN_OP_CELL, made, weak, type);
    mn_code_emit(code, MN_OP_TAKE, cell, made, 0);
    mn_code_emit(code, MN_OP_CELLADDR, address, cell, 0);
    mn_code_slot_free(code, made);
}

void
mn_code_once(struct mn_code *code, mn_slot leave, uint32_t data, mn_label done)
{
    mn_slot made = mn_code_slot(code, MN_SLOT_OBJECT), record = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_data(code, record, data);
    mn_code_emit(code, MN_OP_ONCE, made, record, 0);
    mn_code_emit(code, MN_OP_TAKE, leave, made, 0);
    mn_code_jump_truth(code, MN_REP_OBJECT, leave, false, done);
    mn_code_slot_free(code, made);
    mn_code_slot_free(code, record);
}

void
mn_code_once_end(struct mn_code *code, mn_slot leave)
{
    mn_code_emit(code, MN_OP_ONCEDONE, leave, 0, 0);
}

void
mn_code_load_weak(struct mn_code *code, mn_slot dst, mn_slot base, int64_t offset)
{
    mn_slot made = mn_code_slot(code, MN_SLOT_OBJECT), far = base;

    if (offset < INT16_MIN || offset > INT16_MAX) {
        far = mn_code_slot(code, MN_SLOT_VALUE);
        mn_code_arith_const(code, MN_ADD, MN_REP_I64, far, base, offset);
        offset = 0;
    }
    mn_code_emit(code, MN_OP_LOAD_WEAK, made, far, (uint16_t)offset);
    mn_code_emit(code, MN_OP_TAKE, dst, made, 0);
    mn_code_slot_free(code, made);
    if (far != base)
        mn_code_slot_free(code, far);
}

void
mn_code_store_weak(struct mn_code *code, mn_slot base, int64_t offset, mn_slot src)
{
    mn_slot far = base;

    if (offset < INT16_MIN || offset > INT16_MAX) {
        far = mn_code_slot(code, MN_SLOT_VALUE);
        mn_code_arith_const(code, MN_ADD, MN_REP_I64, far, base, offset);
        offset = 0;
    }
    mn_code_emit(code, MN_OP_STORE_WEAK, far, src, (uint16_t)offset);
    if (far != base)
        mn_code_slot_free(code, far);
}

void
mn_code_keep_block(struct mn_code *code, mn_slot dst, mn_slot src)
{
    mn_slot made = mn_code_slot(code, MN_SLOT_OBJECT);

    mn_code_emit(code, MN_OP_COPYB, made, src, 0);
    mn_code_emit(code, MN_OP_TAKE, dst, made, 0);
    mn_code_slot_free(code, made);
}

void
mn_code_try(struct mn_code *code, mn_slot thrown, mn_label handler)
{
    mn_code_emit_jump(code, MN_OP_TRY, thrown, 0, handler);
}

void
mn_code_end_try(struct mn_code *code)
{
    mn_code_emit(code, MN_OP_ENDTRY, 0, 0, 0);
}

void
mn_code_sweep(struct mn_code *code)
{
    size_t count = code->runs.count;

    for (size_t i = 0; i < count && code->builder->status == MEND_OK; i++) {
        const struct mn_slot_run *run = MN_LIST_AT(struct mn_slot_run, &code->runs, i);

        if (run->free && run->kind == MN_SLOT_OWNED)
            mn_code_emit(code, MN_OP_RELEASE, run->first, 0, 0);
    }
}
