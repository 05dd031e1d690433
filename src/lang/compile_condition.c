/* SPDX-License-Identifier: MIT */
/*
 * Conditions: a comparison and its branch are one instruction, && and || are branches, and what a test kept
 * is let go of on both ways.
 */
#include "lang/compile.h"

/* Whether evaluating may leave OWNED temporaries, which must go before a jump leaves them behind. */
static bool
leaves_owned(const struct mn_x *x)
{
    return mn_x_calls(x);
}

static void
jump_compare(struct mn_compile *cc, const struct mn_x *x, bool want, mn_label label)
{
    enum mn_rep rep = mn_rep_for(x->of.a->type);
    enum mn_compare op = (enum mn_compare)x->of.op;
    mn_slot left, right;

    if (mn_x_is_immediate(x->of.b)) {
        left = mn_compile_value(cc, x->of.a);
        mn_code_jump_compare_const(cc->code, op, rep, left, x->of.b->integer, want, label);
        return;
    }
    if (mn_x_is_zero(x->of.b) && mn_ctype_is_object(x->of.b->type) && (op == MN_EQ || op == MN_NE)) {
        left = mn_compile_value(cc, x->of.a);
        mn_code_jump_truth(cc->code, rep, left, (op == MN_NE) == want, label);
        return;
    }
    left = mn_compile_left(cc, x->of.a, x->of.b);
    right = mn_compile_value(cc, x->of.b);
    mn_code_jump_compare(cc->code, op, rep, left, right, want, label);
}

static void
jump_value(struct mn_compile *cc, const struct mn_x *x, bool want, mn_label label)
{
    enum mn_rep rep = mn_rep_for(x->type);
    mn_slot value, truth;
    unsigned mark;

    if (!leaves_owned(x)) {
        mark = mn_code_mark(cc->code);
        if (x->kind == MN_X_COMPARE)
            jump_compare(cc, x, want, label);
        else
            mn_code_jump_truth(cc->code, rep, mn_compile_value(cc, x), want, label);
        mn_code_reset(cc->code, mark);
        return;
    }
    truth = mn_code_temp(cc->code);
    mark = mn_code_mark(cc->code);
    value = mn_compile_value(cc, x);
    mn_code_truth(cc->code, rep, truth, value);
    mn_code_reset(cc->code, mark);
    mn_code_jump_truth(cc->code, MN_REP_I32, truth, want, label);
    mn_code_slot_free(cc->code, truth);
}

/* a && b jumps when false as soon as one is; when wanted true it must pass the first. */
static void
jump_both(struct mn_compile *cc, const struct mn_x *x, bool want, mn_label label, bool is_and)
{
    mn_label skip;

    if (want != is_and) {
        mn_compile_jump(cc, x->of.a, want, label);
        mn_compile_jump(cc, x->of.b, want, label);
        return;
    }
    skip = mn_code_label(cc->code);
    mn_compile_jump(cc, x->of.a, !want, skip);
    mn_compile_jump(cc, x->of.b, want, label);
    mn_code_bind(cc->code, skip);
}

void
mn_compile_jump(struct mn_compile *cc, const struct mn_x *x, bool want, mn_label label)
{
    while (x->kind == MN_X_NOT || x->kind == MN_X_TRUTH ||
           (x->kind == MN_X_CONVERT && mn_ctype_is_integer(x->type) && x->of.a->kind == MN_X_COMPARE)) {
        want = x->kind == MN_X_NOT ? !want : want;
        x = x->of.a;
    }
    if (x->kind == MN_X_INT) {
        if ((x->integer != 0) == want)
            mn_code_jump(cc->code, label);
    } else if (x->kind == MN_X_AND || x->kind == MN_X_OR) {
        jump_both(cc, x, want, label, x->kind == MN_X_AND);
    } else {
        jump_value(cc, x, want, label);
    }
}
