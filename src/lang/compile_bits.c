/* SPDX-License-Identifier: MIT */
/*
 * Bit-fields: shifted out of the integer that holds them, and put back under a mask.
 *
 * The integer (struct mn_bits) never reaches outside the aggregate. Where none of a machine size covers the
 * field, which only packed structures bring about, it goes byte by byte.
 */
#include "lang/compile.h"

static enum mn_rep
rep_of_unit(unsigned size)
{
    switch (size) {
    case 1:
        return MN_REP_U8;
    case 2:
        return MN_REP_U16;
    case 4:
        return MN_REP_U32;
    default:
        return MN_REP_U64;
    }
}

static void
load_unit(struct mn_compile *cc, const struct mn_spot *spot, unsigned size, unsigned byte, mn_slot dst)
{
    if (spot->kind == MN_AT_FRAME)
        mn_code_load_slot(cc->code, rep_of_unit(size), dst, spot->base, (unsigned)spot->offset + byte);
    else
        mn_code_load(cc->code, rep_of_unit(size), dst, spot->base, spot->offset + byte);
}

static void
store_unit(struct mn_compile *cc, const struct mn_spot *spot, unsigned size, unsigned byte, mn_slot src)
{
    if (spot->kind == MN_AT_FRAME)
        mn_code_store_slot(cc->code, rep_of_unit(size), spot->base, (unsigned)spot->offset + byte, src);
    else
        mn_code_store(cc->code, rep_of_unit(size), spot->base, spot->offset + byte, src);
}

static void
shift(struct mn_compile *cc, enum mn_arith op, enum mn_rep rep, mn_slot dst, mn_slot src, unsigned count)
{
    if (count)
        mn_code_arith_const(cc->code, op, rep, dst, src, count);
    else
        mn_code_move(cc->code, rep, dst, src);
}

/* Bits [bit, bit + width) of the 64 in src, extended. */
static void
extract(struct mn_compile *cc, const struct mn_bits *bits, unsigned bit, mn_slot dst, mn_slot src)
{
    mn_slot top = mn_code_slot(cc->code, MN_SLOT_VALUE);

    shift(cc, MN_SHL, MN_REP_U64, top, src, 64 - bit - bits->width);
    shift(cc, MN_SHR, bits->is_signed ? MN_REP_I64 : MN_REP_U64, dst, top, 64 - bits->width);
    mn_code_slot_free(cc->code, top);
}

void
mn_bits_cut(struct mn_compile *cc, const struct mn_bits *bits, mn_slot dst, mn_slot src)
{
    extract(cc, bits, 0, dst, src);
}

static unsigned
bytes_of(const struct mn_bits *bits)
{
    return (bits->bit + bits->width + 7u) / 8;
}

static void
load_bytes(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst)
{
    mn_slot sum = mn_code_slot(cc->code, MN_SLOT_VALUE), byte = mn_code_slot(cc->code, MN_SLOT_VALUE);

    mn_code_int(cc->code, sum, 0);
    for (unsigned i = 0; i < bytes_of(&spot->bits); i++) {
        load_unit(cc, spot, 1, i, byte);
        if (8 * i >= spot->bits.bit)
            shift(cc, MN_SHL, MN_REP_U64, byte, byte, 8 * i - spot->bits.bit);
        else
            shift(cc, MN_SHR, MN_REP_U64, byte, byte, spot->bits.bit - 8 * i);
        mn_code_arith(cc->code, MN_OR, MN_REP_U64, sum, sum, byte);
    }
    mn_bits_cut(cc, &spot->bits, dst, sum);
    mn_code_slot_free(cc->code, sum);
    mn_code_slot_free(cc->code, byte);
}

void
mn_bits_load(struct mn_compile *cc, const struct mn_spot *spot, mn_slot dst)
{
    mn_slot unit;

    if (!spot->bits.unit) {
        load_bytes(cc, spot, dst);
        return;
    }
    unit = mn_code_slot(cc->code, MN_SLOT_VALUE);
    load_unit(cc, spot, spot->bits.unit, 0, unit);
    extract(cc, &spot->bits, spot->bits.bit, dst, unit);
    mn_code_slot_free(cc->code, unit);
}

/* old = (old & ~mask) | (value & mask), where `value` is in place already. */
static void
merge(struct mn_compile *cc, mn_slot old, mn_slot value, uint64_t mask)
{
    mn_code_arith_const(cc->code, MN_AND, MN_REP_U64, old, old, (int64_t)~mask);
    mn_code_arith_const(cc->code, MN_AND, MN_REP_U64, value, value, (int64_t)mask);
    mn_code_arith(cc->code, MN_OR, MN_REP_U64, old, old, value);
}

void
mn_bits_store(struct mn_compile *cc, const struct mn_spot *spot, mn_slot src)
{
    const struct mn_bits *bits = &spot->bits;
    uint64_t ones = bits->width < 64 ? (UINT64_C(1) << bits->width) - 1 : ~UINT64_C(0);
    unsigned size = bits->unit ? bits->unit : 1, count = bits->unit ? 1 : bytes_of(bits);
    mn_slot old = mn_code_slot(cc->code, MN_SLOT_VALUE), value = mn_code_slot(cc->code, MN_SLOT_VALUE);

    for (unsigned i = 0; i < count; i++) {
        bool up = 8 * i <= bits->bit;
        unsigned by = up ? bits->bit - 8 * i : 8 * i - bits->bit;

        load_unit(cc, spot, size, i, old);
        shift(cc, up ? MN_SHL : MN_SHR, MN_REP_U64, value, src, by);
        merge(cc, old, value, (up ? ones << by : ones >> by) & (size < 8 ? (UINT64_C(1) << 8 * size) - 1 : ~UINT64_C(0)));
        store_unit(cc, spot, size, i, old);
    }
    mn_code_slot_free(cc->code, old);
    mn_code_slot_free(cc->code, value);
}
