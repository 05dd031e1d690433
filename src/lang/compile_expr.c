/* SPDX-License-Identifier: MIT */
/* Expressions: values into slots, effects, and the representation types have there. */
#include "lang/compile.h"
#include <string.h>

enum mn_rep
mn_rep_for(const struct mn_ctype *type)
{
    static const enum mn_rep reps[] = {
        [MN_C_ERROR] = MN_REP_U64,        [MN_C_VOID] = MN_REP_VOID,       [MN_C_BOOL] = MN_REP_BOOL,
        [MN_C_CHAR] = MN_REP_I8,          [MN_C_UCHAR] = MN_REP_U8,        [MN_C_SHORT] = MN_REP_I16,
        [MN_C_USHORT] = MN_REP_U16,       [MN_C_INT] = MN_REP_I32,         [MN_C_UINT] = MN_REP_U32,
        [MN_C_LONG] = MN_REP_I64,         [MN_C_ULONG] = MN_REP_U64,       [MN_C_FLOAT] = MN_REP_F32,
        [MN_C_DOUBLE] = MN_REP_F64,       [MN_C_LDOUBLE] = MN_REP_LD,      [MN_C_OBJECT] = MN_REP_OBJECT,
        [MN_C_CLASS] = MN_REP_OBJECT,     [MN_C_BLOCK] = MN_REP_OBJECT,    [MN_C_SEL] = MN_REP_U64,
        [MN_C_POINTER] = MN_REP_U64,      [MN_C_FUNCTION] = MN_REP_U64,    [MN_C_ARRAY] = MN_REP_AGGREGATE,
        [MN_C_STRUCT] = MN_REP_AGGREGATE, [MN_C_UNION] = MN_REP_AGGREGATE,
    };

    return reps[type->kind];
}

const char *
mn_compile_encoding(struct mn_compile *cc, const struct mn_ctype *type)
{
    if (type->kind == MN_C_BOOL)
        return "B";
    if (type->kind == MN_C_POINTER && type->inner->size != 1)
        return "^v";
    return mn_type_text(cc->check, type);
}

mn_slot
mn_compile_owned(struct mn_compile *cc)
{
    cc->owns = true;
    return mn_code_slot(cc->code, MN_SLOT_OWNED);
}

mn_slot
mn_compile_slot(struct mn_compile *cc, const struct mn_ctype *type)
{
    switch (mn_rep_for(type)) {
    case MN_REP_OBJECT:
        return mn_code_slot(cc->code, MN_SLOT_OBJECT);
    case MN_REP_AGGREGATE:
    case MN_REP_LD:
        return mn_code_slot_run(cc->code, (unsigned)((type->size + 7) / 8));
    default:
        return mn_code_slot(cc->code, MN_SLOT_VALUE);
    }
}

void
mn_compile_at(struct mn_compile *cc, uint32_t at)
{
    unsigned line, column;

    mn_line_of(cc->check, at, &line, &column);
    mn_code_at(cc->code, line, column);
}

/* A slot for a result that is read once. */
static mn_slot
result_slot(struct mn_compile *cc, const struct mn_x *x)
{
    enum mn_rep rep = mn_rep_for(x->type);

    if (rep == MN_REP_OBJECT || rep == MN_REP_AGGREGATE || rep == MN_REP_LD)
        return mn_compile_slot(cc, x->type);
    return mn_code_temp(cc->code);
}

/* ---- constants ---- */

static void
constant(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    struct mn_code *code = cc->code;
    mn_slot bits;

    switch (x->kind) {
    case MN_X_FLOAT:
        if (x->type->kind == MN_C_FLOAT)
            mn_code_float(code, dst, (float)x->floating);
        else if (x->type->kind == MN_C_LDOUBLE)
            mn_code_long_double(code, dst, x->floating);
        else
            mn_code_double(code, dst, (double)x->floating);
        return;
    case MN_X_TEXT:
        mn_code_text(code, dst, x->text.bytes, x->text.length);
        return;
    case MN_X_STRING:
        mn_code_string(code, dst, x->text.bytes, x->text.length);
        return;
    case MN_X_CLASS:
        mn_code_class(code, dst, x->name);
        return;
    case MN_X_SELECTOR:
        mn_code_selector(code, dst, x->name);
        return;
    case MN_X_SYMBOL:
        mn_code_symbol(code, dst, x->symbol.name, x->symbol.own, x->symbol.address);
        return;
    default:
        break;
    }
    if (!mn_ctype_is_object(x->type)) {
        mn_code_int(code, dst, x->integer);
    } else if (x->integer == 0) {
        mn_code_op(code, MN_OP_LDNIL, dst, 0, 0);
    } else {
        bits = mn_code_temp(code);
        mn_code_int(code, bits, x->integer);
        mn_code_op(code, MN_OP_CASTO, dst, bits, 0);
    }
}

/* ---- truth ---- */

/* dst = 0 or 1 by a condition with jumps in it. */
static void
truth_by_jumps(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    mn_label no = mn_code_label(cc->code), end = mn_code_label(cc->code);

    mn_compile_jump(cc, x, false, no);
    mn_code_int(cc->code, dst, 1);
    mn_code_jump(cc->code, end);
    mn_code_bind(cc->code, no);
    mn_code_int(cc->code, dst, 0);
    mn_code_bind(cc->code, end);
}

static void
choose(struct mn_compile *cc, const struct mn_x *x, mn_slot dst, bool given)
{
    mn_label no = mn_code_label(cc->code), end = mn_code_label(cc->code);
    const struct mn_x *arms[] = {x->choose.yes, x->choose.no};

    mn_compile_jump(cc, x->choose.test, false, no);
    for (int i = 0; i < 2; i++) {
        /* Temporaries of an arm live on to the end of the statement: the value may depend on them. */
        if (dst == MN_NO_SLOT)
            mn_compile_effect(cc, arms[i]);
        else if (given)
            mn_code_op(cc->code, MN_OP_MOVO, dst, mn_compile_given(cc, arms[i]), 0);
        else
            mn_compile_into(cc, arms[i], dst);
        if (i == 0) {
            mn_code_jump(cc->code, end);
            mn_code_bind(cc->code, no);
        }
    }
    mn_code_bind(cc->code, end);
}

/* a ?: b */
static void
choose_else(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    const struct mn_x *test = x->choose.test, *no = x->choose.no;
    enum mn_rep rep = mn_rep_for(test->type), to = mn_rep_for(x->type);
    mn_label end = mn_code_label(cc->code);
    mn_slot value, made;

    if (rep == MN_REP_OBJECT) {
        value = mn_compile_value(cc, test);
    } else { /* read twice: no temporary that the builder may write elsewhere */
        value = mn_compile_slot(cc, test->type);
        mn_compile_into(cc, test, value);
    }
    made = mn_compile_slot(cc, x->type); /* not dst: the other arm may read the variable that dst is */
    mn_code_convert(cc->code, to, made, rep, value);
    mn_code_jump_truth(cc->code, rep, value, true, end);
    mn_compile_into(cc, no, made);
    mn_code_bind(cc->code, end);
    mn_code_move(cc->code, to, dst, made);
}

/* ---- operators ---- */

static void
convert(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    const struct mn_x *a = x->of.a;
    enum mn_rep from = mn_rep_for(a->type), to = mn_rep_for(x->type);
    mn_slot value;

    if (x->type->kind == MN_C_VOID) {
        mn_compile_effect(cc, a);
        return;
    }
    if (from == to) {
        mn_compile_into(cc, a, dst);
        return;
    }
    value = mn_compile_value(cc, a);
    mn_code_convert(cc->code, to, dst, from, value);
}

/* Whether the right operand can stand in the instruction. */
bool
mn_x_is_immediate(const struct mn_x *x)
{
    return x->kind == MN_X_INT && !mn_ctype_is_object(x->type);
}

static bool
commutes(enum mn_arith op)
{
    return op == MN_ADD || op == MN_MUL || op == MN_AND || op == MN_OR || op == MN_XOR;
}

/* A lent variable that the other operand may change must be copied. */
mn_slot
mn_compile_left(struct mn_compile *cc, const struct mn_x *a, const struct mn_x *b)
{
    const struct mn_x *core = a;
    mn_slot value = mn_compile_value(cc, a), copy;

    while (core->kind == MN_X_CONVERT)
        core = core->of.a;
    if (core->kind != MN_X_VAR || !mn_x_assigns(b, core->var))
        return value;
    copy = mn_compile_slot(cc, a->type);
    mn_code_move(cc->code, mn_rep_for(a->type), copy, value);
    return copy;
}

static void
arith(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    enum mn_arith op = (enum mn_arith)x->of.op;
    enum mn_rep rep = mn_rep_for(x->type);
    const struct mn_x *a = x->of.a, *b = x->of.b;
    mn_slot left, right;

    if (mn_x_is_immediate(a) && commutes(op)) {
        const struct mn_x *swap = a;

        a = b;
        b = swap;
    }
    if (mn_x_is_immediate(b)) {
        left = mn_compile_value(cc, a);
        mn_compile_at(cc, x->at);
        mn_code_arith_const(cc->code, op, rep, dst, left, b->integer);
        return;
    }
    left = mn_compile_left(cc, a, b);
    right = mn_compile_value(cc, b);
    mn_compile_at(cc, x->at);
    mn_code_arith(cc->code, op, rep, dst, left, right);
}

static void
compare(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    enum mn_rep rep = mn_rep_for(x->of.a->type);
    mn_slot left = mn_compile_left(cc, x->of.a, x->of.b);

    mn_code_compare(cc->code, (enum mn_compare)x->of.op, rep, dst, left, mn_compile_value(cc, x->of.b));
}

static void
nonzero(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    mn_label fine = mn_code_label(cc->code);
    enum mn_rep rep = mn_rep_for(x->type);
    mn_slot value = mn_compile_value(cc, x->of.a);

    mn_code_jump_truth(cc->code, rep, value, true, fine);
    mn_compile_at(cc, x->at);
    mn_code_raise(cc->code, (enum mn_vm_error)x->of.op,
                  x->of.op == MN_VM_NO_FUNCTION ? "there is no such C function"
                  : x->of.op == MN_VM_BOUNDS    ? "the length of the array is negative or too large"
                                                : "division by zero");
    mn_code_bind(cc->code, fine);
    mn_code_move(cc->code, rep, dst, value);
}

static void
box(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    const struct mn_x *a = x->of.a;
    mn_slot value = mn_compile_value(cc, a);

    mn_compile_at(cc, x->at);
    if (mn_ctype_is_number(a->type))
        mn_code_box(cc->code, dst, mn_rep_for(a->type), value);
    else if (mn_ctype_is_aggregate(a->type))
        mn_code_box_struct(cc->code, dst, value, mn_compile_encoding(cc, a->type));
    else
        mn_code_box_text(cc->code, dst, value);
}

static void
address(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    struct mn_spot spot;

    if (!mn_x_is_place(x->of.a)) { /* an array inside a structure that is a value: its run of slots */
        spot = (struct mn_spot){.kind = MN_AT_FRAME, .type = x->of.a->type};
        spot.base = mn_compile_value(cc, x->of.a);
    } else {
        mn_compile_spot(cc, x->of.a, &spot);
    }
    mn_spot_address(cc, &spot, dst);
}

/* The temporary behind an out argument; mn_compile_call writes it back. */
static void
out(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    struct mn_writeback *back = mn_list_add(&cc->writebacks);
    enum mn_rep from = mn_rep_for(x->out.place->type), to = mn_rep_for(x->out.inner);
    mn_slot temp = mn_compile_slot(cc, x->out.inner), value;

    if (!back) {
        cc->check->arena->failed = true;
        return;
    }
    value = mn_compile_value(cc, x->out.place);
    *back = (struct mn_writeback){x->out.place, x->out.inner, temp};
    if (from == to)
        mn_code_move(cc->code, to, temp, value);
    else
        mn_code_convert(cc->code, to, temp, from, value);
    mn_code_address(cc->code, dst, temp, 0);
}

/* ({ ... }): its variable outlives the statements. */
static mn_slot
statements(struct mn_compile *cc, const struct mn_x *x)
{
    struct mn_var *var = x->statements.value;
    struct mn_spot spot;
    struct mn_x place = {.kind = MN_X_VAR, .type = x->type, .at = x->at};

    if (var) {
        var->placed = false;
        mn_compile_var(cc, var);
        var->temporary = false; /* placed here, not where it is assigned */
    }
    mn_compile_stmt(cc, x->statements.body);
    if (!var)
        return MN_NO_SLOT;
    place.var = var;
    mn_compile_spot(cc, &place, &spot);
    return mn_spot_value(cc, &spot);
}

/* ---- the ways to ask for a value ---- */

/* Places and assignments lend or copy; the rest is computed where it is wanted. */
void
mn_compile_into(struct mn_compile *cc, const struct mn_x *x, mn_slot dst)
{
    enum mn_rep rep = mn_rep_for(x->type);
    struct mn_spot spot;
    mn_slot value;

    switch (x->kind) {
    case MN_X_INT:
    case MN_X_FLOAT:
    case MN_X_TEXT:
    case MN_X_STRING:
    case MN_X_CLASS:
    case MN_X_SELECTOR:
    case MN_X_SYMBOL:
        constant(cc, x, dst);
        return;
    case MN_X_VAR:
    case MN_X_GLOBAL:
    case MN_X_MEMORY:
    case MN_X_INDEX:
    case MN_X_FIELD:
    case MN_X_IVAR:
        mn_compile_at(cc, x->at);
        mn_compile_spot(cc, x, &spot);
        mn_spot_load(cc, &spot, dst);
        return;
    case MN_X_ADDRESS:
        address(cc, x, dst);
        return;
    case MN_X_OUT:
        out(cc, x, dst);
        return;
    case MN_X_CONVERT:
        convert(cc, x, dst);
        return;
    case MN_X_ARITH:
        arith(cc, x, dst);
        return;
    case MN_X_NEGATE:
        mn_code_negate(cc->code, rep, dst, mn_compile_value(cc, x->of.a));
        return;
    case MN_X_INVERT:
        mn_code_invert(cc->code, rep, dst, mn_compile_value(cc, x->of.a));
        return;
    case MN_X_COMPARE:
        compare(cc, x, dst);
        return;
    case MN_X_TRUTH:
        value = mn_compile_value(cc, x->of.a);
        mn_code_truth(cc->code, mn_rep_for(x->of.a->type), dst, value);
        return;
    case MN_X_NOT:
        value = mn_compile_value(cc, x->of.a);
        mn_code_not(cc->code, mn_rep_for(x->of.a->type), dst, value);
        return;
    case MN_X_AND:
    case MN_X_OR:
        truth_by_jumps(cc, x, dst);
        return;
    case MN_X_CHOOSE:
        choose(cc, x, dst, false);
        return;
    case MN_X_ELSE:
        choose_else(cc, x, dst);
        return;
    case MN_X_COMMA:
        mn_compile_effect(cc, x->of.a);
        mn_compile_into(cc, x->of.b, dst);
        return;
    case MN_X_ASSIGN:
        mn_compile_assign(cc, x, &value);
        if (rep == MN_REP_AGGREGATE)
            mn_code_copy(cc->code, dst, value, (unsigned)((x->type->size + 7) / 8));
        else
            mn_code_move(cc->code, rep, dst, value);
        return;
    case MN_X_UPDATE:
        mn_compile_update(cc, x, dst);
        return;
    case MN_X_SEND:
    case MN_X_CALL:
    case MN_X_CALLC:
    case MN_X_CALLB:
        if (mn_gives(x))
            mn_code_move(cc->code, rep, dst, mn_compile_value(cc, x));
        else
            mn_compile_call(cc, x, dst);
        return;
    case MN_X_BOX:
        box(cc, x, dst);
        return;
    case MN_X_ARRAY:
    case MN_X_DICTIONARY:
        mn_compile_list(cc, x, dst);
        return;
    case MN_X_AGGREGATE:
        mn_compile_aggregate(cc, x, dst);
        return;
    case MN_X_NONZERO:
        nonzero(cc, x, dst);
        return;
    case MN_X_BLOCK:
        mn_code_move(cc->code, rep, dst, mn_compile_value(cc, x));
        return;
    case MN_X_FUNC:
        mn_code_op(cc->code, MN_OP_FUNC, dst, (int)x->call.function, 0);
        return;
    case MN_X_STATEMENTS:
        value = statements(cc, x);
        if (rep == MN_REP_AGGREGATE)
            mn_code_copy(cc->code, dst, value, (unsigned)((x->type->size + 7) / 8));
        else if (rep != MN_REP_VOID)
            mn_code_move(cc->code, rep, dst, value);
        return;
    }
}

/* A conversion that changes nothing in the slot. */
static bool
is_rename(const struct mn_x *x)
{
    enum mn_rep from, to;

    if (x->kind != MN_X_CONVERT || x->type->kind == MN_C_VOID)
        return false;
    from = mn_rep_for(x->of.a->type);
    to = mn_rep_for(x->type);
    return from == to ||
           ((from == MN_REP_I64 || from == MN_REP_U64) && (to == MN_REP_I64 || to == MN_REP_U64)) ||
           ((from == MN_REP_I32 || (from >= MN_REP_BOOL && from <= MN_REP_U16)) && to == MN_REP_I64) ||
           (from >= MN_REP_BOOL && from <= MN_REP_U16 && to == MN_REP_I32) ||
           ((from == MN_REP_U32 || from == MN_REP_U16 || from == MN_REP_U8 || from == MN_REP_BOOL) &&
            (to == MN_REP_U64 || to == MN_REP_I64));
}

mn_slot
mn_compile_value(struct mn_compile *cc, const struct mn_x *x)
{
    struct mn_spot spot;
    mn_slot dst, given;

    while (is_rename(x))
        x = x->of.a;
    if (mn_gives(x)) {
        given = mn_compile_given(cc, x);
        dst = mn_compile_owned(cc);
        mn_code_op(cc->code, MN_OP_TAKE, dst, given, 0);
        return dst;
    }
    switch (x->kind) {
    case MN_X_VAR:
    case MN_X_FIELD:
        mn_compile_spot(cc, x, &spot);
        return mn_spot_value(cc, &spot);
    case MN_X_GLOBAL:
    case MN_X_IVAR:
        if (x->kind == MN_X_IVAR ? x->ivar.weak : x->global->weak) {
            mn_compile_spot(cc, x, &spot);
            return mn_spot_value(cc, &spot);
        }
        dst = result_slot(cc, x);
        mn_compile_into(cc, x, dst);
        return dst;
    case MN_X_ASSIGN:
        mn_compile_assign(cc, x, &dst);
        return dst;
    case MN_X_COMMA:
        mn_compile_effect(cc, x->of.a);
        return mn_compile_value(cc, x->of.b);
    case MN_X_STATEMENTS:
        return statements(cc, x);
    default:
        dst = result_slot(cc, x);
        mn_compile_into(cc, x, dst);
        return dst;
    }
}

mn_slot
mn_compile_given(struct mn_compile *cc, const struct mn_x *x)
{
    mn_slot dst, value;

    while (x->kind == MN_X_CONVERT && mn_gives(x))
        x = x->of.a;
    if (x->kind == MN_X_COMMA && mn_gives(x)) {
        mn_compile_effect(cc, x->of.a);
        return mn_compile_given(cc, x->of.b);
    }
    dst = mn_code_slot(cc->code, MN_SLOT_OBJECT);
    if (!mn_gives(x)) {
        value = mn_compile_value(cc, x);
        mn_code_op(cc->code, MN_OP_MOVO, dst, value, 0);
        mn_code_op(cc->code, MN_OP_RETAIN, dst, 0, 0);
    } else if (x->kind == MN_X_CHOOSE) {
        choose(cc, x, dst, true);
    } else if (x->kind == MN_X_BLOCK) {
        mn_compile_block(cc, x, dst);
    } else {
        mn_compile_call(cc, x, dst);
    }
    return dst;
}

void
mn_compile_effect(struct mn_compile *cc, const struct mn_x *x)
{
    switch (x->kind) {
    case MN_X_ASSIGN:
        mn_compile_assign(cc, x, NULL);
        return;
    case MN_X_UPDATE:
        mn_compile_update(cc, x, MN_NO_SLOT);
        return;
    case MN_X_COMMA:
        mn_compile_effect(cc, x->of.a);
        mn_compile_effect(cc, x->of.b);
        return;
    case MN_X_CHOOSE:
        choose(cc, x, MN_NO_SLOT, false);
        return;
    case MN_X_CONVERT:
        mn_compile_effect(cc, x->of.a);
        return;
    case MN_X_INT:
    case MN_X_FLOAT:
    case MN_X_SYMBOL:
    case MN_X_VAR:
        return;
    case MN_X_STATEMENTS:
        statements(cc, x);
        return;
    case MN_X_SEND:
    case MN_X_CALL:
    case MN_X_CALLC:
    case MN_X_CALLB:
        if (mn_gives(x))
            mn_code_op(cc->code, MN_OP_DROP, mn_compile_given(cc, x), 0, 0);
        else
            mn_compile_call(cc, x, MN_NO_SLOT);
        return;
    default:
        if (x->type->kind != MN_C_VOID)
            mn_compile_value(cc, x);
    }
}
