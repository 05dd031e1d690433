/* SPDX-License-Identifier: MIT */
/* Writing a function: loads, stores, addresses, returns. */
#include "vm/builder.h"

#include "vm/writing.h"

enum access { LOAD, STORE, LOADX, STOREX, LDF, STF };

/* The opcode for a representation in memory; NOP where there is none. */
static enum mn_op
access_op(enum access access, enum mn_rep rep)
{
    static const uint16_t ops[][6] = {
        [MN_REP_BOOL] = {MN_OP_LOAD_U8, MN_OP_STORE_8, MN_OP_LOADX_U8, MN_OP_STOREX_8, MN_OP_LDF_U8,
                         MN_OP_STF_8},
        [MN_REP_I8] = {MN_OP_LOAD_I8, MN_OP_STORE_8, MN_OP_LOADX_I8, MN_OP_STOREX_8, MN_OP_LDF_I8,
                       MN_OP_STF_8},
        [MN_REP_U8] = {MN_OP_LOAD_U8, MN_OP_STORE_8, MN_OP_LOADX_U8, MN_OP_STOREX_8, MN_OP_LDF_U8,
                       MN_OP_STF_8},
        [MN_REP_I16] = {MN_OP_LOAD_I16, MN_OP_STORE_16, MN_OP_LOADX_I16, MN_OP_STOREX_16, MN_OP_LDF_I16,
                        MN_OP_STF_16},
        [MN_REP_U16] = {MN_OP_LOAD_U16, MN_OP_STORE_16, MN_OP_LOADX_U16, MN_OP_STOREX_16, MN_OP_LDF_U16,
                        MN_OP_STF_16},
        [MN_REP_I32] = {MN_OP_LOAD_I32, MN_OP_STORE_32, MN_OP_LOADX_I32, MN_OP_STOREX_32, MN_OP_LDF_I32,
                        MN_OP_STF_32},
        [MN_REP_U32] = {MN_OP_LOAD_U32, MN_OP_STORE_32, MN_OP_LOADX_U32, MN_OP_STOREX_32, MN_OP_LDF_U32,
                        MN_OP_STF_32},
        [MN_REP_F32] = {MN_OP_LOAD_U32, MN_OP_STORE_32, MN_OP_LOADX_U32, MN_OP_STOREX_32, MN_OP_LDF_U32,
                        MN_OP_STF_32},
        [MN_REP_I64] = {MN_OP_LOAD_64, MN_OP_STORE_64, MN_OP_LOADX_64, MN_OP_STOREX_64, MN_OP_LDF_64,
                        MN_OP_STF_64},
        [MN_REP_U64] = {MN_OP_LOAD_64, MN_OP_STORE_64, MN_OP_LOADX_64, MN_OP_STOREX_64, MN_OP_LDF_64,
                        MN_OP_STF_64},
        [MN_REP_F64] = {MN_OP_LOAD_64, MN_OP_STORE_64, MN_OP_LOADX_64, MN_OP_STOREX_64, MN_OP_LDF_64,
                        MN_OP_STF_64},
        [MN_REP_LD] = {MN_OP_LOAD_LD, MN_OP_STORE_LD},
        [MN_REP_OBJECT] = {MN_OP_LOAD_OBJ, MN_OP_STORE_64, MN_OP_NOP, MN_OP_STOREX_64, MN_OP_NOP,
                           MN_OP_STF_64},
        [MN_REP_AGGREGATE] = {0},
    };

    return (enum mn_op)ops[rep][access];
}

/* Brings base + offset within reach of an instruction's 16 bits; *temp is to be freed unless it is
 * MN_NO_SLOT. */
static mn_slot
within_reach(struct mn_code *code, mn_slot base, int64_t *offset, mn_slot *temp)
{
    *temp = MN_NO_SLOT;
    if (*offset >= INT16_MIN && *offset <= INT16_MAX)
        return base;
    *temp = mn_code_slot(code, MN_SLOT_VALUE);
    mn_code_arith_const(code, MN_ADD, MN_REP_I64, *temp, base, *offset);
    *offset = 0;
    return *temp;
}

static bool
has_access(struct mn_code *code, enum mn_rep rep)
{
    if (rep != MN_REP_VOID && rep != MN_REP_AGGREGATE)
        return true;
    mn_code_fail(code, MEND_INTERNAL, "a load or store of what is no scalar");
    return false;
}

void
mn_code_load(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot base, int64_t offset)
{
    mn_slot temp, object;

    if (!has_access(code, rep))
        return;
    base = within_reach(code, base, &offset, &temp);
    if (rep == MN_REP_OBJECT && mn_code_kind(code, dst) == MN_SLOT_OWNED) {
        object = mn_code_slot(code, MN_SLOT_OBJECT);
        mn_code_emit(code, MN_OP_LOAD_OBJ, object, base, (uint16_t)offset);
        mn_code_emit(code, MN_OP_STRONG, dst, object, 0);
        mn_code_slot_free(code, object);
    } else {
        enum mn_op op = access_op(
            LOAD, rep == MN_REP_OBJECT && mn_code_kind(code, dst) == MN_SLOT_VALUE ? MN_REP_U64 : rep);

        mn_code_emit(code, op, dst, base, (uint16_t)offset);
    }
    mn_code_slot_free(code, temp);
}

void
mn_code_store(struct mn_code *code, enum mn_rep rep, mn_slot base, int64_t offset, mn_slot src)
{
    mn_slot temp;

    if (!has_access(code, rep))
        return;
    base = within_reach(code, base, &offset, &temp);
    mn_code_emit(code, access_op(STORE, rep), base, src, (uint16_t)offset);
    mn_code_slot_free(code, temp);
}

/* The address of an element that no indexed instruction reaches. */
static mn_slot
element_address(struct mn_code *code, enum mn_rep rep, mn_slot base, mn_slot index)
{
    mn_slot address = mn_code_slot(code, MN_SLOT_VALUE);

    mn_code_arith_const(code, MN_MUL, MN_REP_I64, address, index, mn_rep_size(rep));
    mn_code_arith(code, MN_ADD, MN_REP_I64, address, address, base);
    return address;
}

void
mn_code_load_index(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot base, mn_slot index)
{
    enum mn_op op = access_op(LOADX, rep);
    mn_slot address;

    if (!has_access(code, rep))
        return;
    if (op != MN_OP_NOP) {
        mn_code_emit(code, op, dst, base, index);
        return;
    }
    address = element_address(code, rep, base, index);
    mn_code_load(code, rep, dst, address, 0);
    mn_code_slot_free(code, address);
}

void
mn_code_store_index(struct mn_code *code, enum mn_rep rep, mn_slot base, mn_slot index, mn_slot src)
{
    enum mn_op op = access_op(STOREX, rep);
    mn_slot address;

    if (!has_access(code, rep))
        return;
    if (op != MN_OP_NOP) {
        mn_code_emit(code, op, base, index, src);
        return;
    }
    address = element_address(code, rep, base, index);
    mn_code_store(code, rep, address, 0, src);
    mn_code_slot_free(code, address);
}

void
mn_code_address(struct mn_code *code, mn_slot dst, mn_slot slot, unsigned offset)
{
    mn_code_emit(code, MN_OP_LEA, dst, slot + offset / 8, offset % 8);
}

void
mn_code_load_slot(struct mn_code *code, enum mn_rep rep, mn_slot dst, mn_slot slot, unsigned offset)
{
    enum mn_op op = access_op(LDF, rep);
    mn_slot address;

    if (!has_access(code, rep))
        return;
    if (op != MN_OP_NOP) {
        mn_code_emit(code, op, dst, slot + offset / 8, offset % 8);
        return;
    }
    address = mn_code_slot(code, MN_SLOT_VALUE);
    mn_code_address(code, address, slot, offset);
    mn_code_load(code, rep, dst, address, 0);
    mn_code_slot_free(code, address);
}

void
mn_code_store_slot(struct mn_code *code, enum mn_rep rep, mn_slot slot, unsigned offset, mn_slot src)
{
    enum mn_op op = access_op(STF, rep);
    mn_slot address;

    if (!has_access(code, rep))
        return;
    if (op != MN_OP_NOP) {
        mn_code_emit(code, op, slot + offset / 8, src, offset % 8);
        return;
    }
    address = mn_code_slot(code, MN_SLOT_VALUE);
    mn_code_address(code, address, slot, offset);
    mn_code_store(code, rep, address, 0, src);
    mn_code_slot_free(code, address);
}

/* COPY of `size` bytes between an address in a slot and the frame. */
static void
copy_bytes(struct mn_code *code, mn_slot base, int64_t offset, mn_slot slot, unsigned size, bool load)
{
    mn_slot frame = mn_code_slot(code, MN_SLOT_VALUE), memory = base;

    mn_code_address(code, frame, slot, 0);
    if (offset != 0) {
        memory = mn_code_slot(code, MN_SLOT_VALUE);
        mn_code_arith_const(code, MN_ADD, MN_REP_I64, memory, base, offset);
    }
    if (size <= UINT16_MAX) {
        mn_code_emit(code, MN_OP_COPY, load ? frame : memory, load ? memory : frame, size);
    } else {
        mn_slot count = mn_code_slot(code, MN_SLOT_VALUE);

        mn_code_int(code, count, size);
        mn_code_emit(code, MN_OP_COPYV, load ? frame : memory, load ? memory : frame, count);
        mn_code_slot_free(code, count);
    }
    mn_code_slot_free(code, frame);
    if (memory != base)
        mn_code_slot_free(code, memory);
}

void
mn_code_load_bytes(struct mn_code *code, mn_slot dst, mn_slot base, int64_t offset, unsigned size)
{
    copy_bytes(code, base, offset, dst, size, true);
}

void
mn_code_store_bytes(struct mn_code *code, mn_slot base, int64_t offset, mn_slot src, unsigned size)
{
    copy_bytes(code, base, offset, src, size, false);
}

void
mn_code_ivar(struct mn_code *code, mn_slot dst, mn_slot object, const char *class_name, const char *name)
{
    uint32_t ivar = mn_builder_ivar(code->builder, class_name, name, NULL, MN_IVAR_NATIVE);

    if (ivar > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a program names more than 65,536 instance variables");
    mn_code_emit(code, MN_OP_IVAR, dst, object, ivar);
}

void
mn_code_added(struct mn_code *code, mn_slot dst, mn_slot object, const char *class_name, const char *name,
              const char *encoding, enum mn_ivar_kind kind)
{
    uint32_t ivar = mn_builder_ivar(code->builder, class_name, name, encoding, kind);

    if (ivar > UINT16_MAX)
        mn_code_fail(code, MEND_TOO_LARGE, "a program names more than 65,536 instance variables");
    mn_code_emit(code, MN_OP_SIDE, dst, object, ivar);
}

void
mn_code_return(struct mn_code *code, mn_slot src)
{
    if (src == MN_NO_SLOT || code->result_slots == 0)
        mn_code_emit(code, MN_OP_RETVOID, 0, 0, 0);
    else
        mn_code_emit(code, MN_OP_RET, src, 0, 0);
}

void
mn_code_raise(struct mn_code *code, enum mn_vm_error error, const char *text)
{
    size_t length = 0;

    while (text[length] != '\0')
        length++;
    mn_code_emit32(code, MN_OP_RAISE, error, mn_builder_text(code->builder, text, length));
}
