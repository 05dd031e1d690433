/* SPDX-License-Identifier: MIT */
/*
 * Statements.
 *
 * Loops test at the bottom, so that a round is one jump and a counting loop one instruction; the test is
 * written twice, the first time to decide whether to enter. A block gives its slots back at its end and lets
 * go of what they held; break and continue do the same for the blocks they leave.
 */
#include "lang/compile.h"

/* An expression whose temporaries go at its end. */
void
mn_compile_run(struct mn_compile *cc, const struct mn_x *x)
{
    unsigned mark = mn_code_mark(cc->code);

    mn_compile_at(cc, x->at);
    mn_compile_effect(cc, x);
    mn_code_reset(cc->code, mark);
}

static void
set_zero(struct mn_compile *cc, const struct mn_var *var)
{
    enum mn_slot_kind kind = mn_code_kind(cc->code, var->slot);
    size_t slots = (var->type->size + 7) / 8;

    if (kind == MN_SLOT_OWNED)
        mn_code_op(cc->code, MN_OP_RELEASE, var->slot, 0, 0);
    else if (kind == MN_SLOT_OBJECT)
        mn_code_op(cc->code, MN_OP_LDNIL, var->slot, 0, 0);
    else if (slots == 1)
        mn_code_int(cc->code, var->slot, 0);
    else if (slots > 1)
        mn_code_op(cc->code, MN_OP_CLEAR, var->slot, (int)slots, 0);
}

static void
declare(struct mn_compile *cc, const struct mn_s *s)
{
    struct mn_x place = {.kind = MN_X_VAR, .type = s->declare.var->type, .at = s->at};
    struct mn_x assign = {.kind = MN_X_ASSIGN, .type = place.type, .at = s->at};

    s->declare.var->placed = false; /* each time control comes here it is a fresh variable */
    mn_compile_var(cc, s->declare.var);
    if (!s->declare.init) {
        if (!mn_var_is_cell(s->declare.var)) /* a cell begins with zeroes */
            set_zero(cc, s->declare.var);
        return;
    }
    place.var = s->declare.var;
    assign.assign.place = &place;
    assign.assign.value = s->declare.init;
    if (s->declare.init->kind == MN_X_AGGREGATE && !mn_var_is_cell(s->declare.var)) /* nothing can read what is being declared */
        mn_compile_aggregate(cc, s->declare.init, s->declare.var->slot);
    else
        mn_compile_run(cc, &assign);
}

static void
compile_if(struct mn_compile *cc, const struct mn_s *s)
{
    mn_label end = mn_code_label(cc->code);

    for (; s; s = s->branch.no) { /* else-if chains may be long: no recursion */
        mn_label next = mn_code_label(cc->code);

        if (s->kind != MN_S_IF) {
            mn_code_bind(cc->code, next);
            mn_compile_stmt(cc, s);
            break;
        }
        mn_compile_at(cc, s->at);
        mn_compile_jump(cc, s->branch.test, false, next);
        mn_compile_stmt(cc, s->branch.yes);
        if (s->branch.no && mn_code_reachable(cc->code))
            mn_code_jump(cc->code, end);
        mn_code_bind(cc->code, next);
    }
    mn_code_bind(cc->code, end);
}

/* ---- loops ---- */

static void
enter(struct mn_compile *cc, struct mn_exits *exits, bool is_loop)
{
    *exits = (struct mn_exits){
        .outer = cc->exits, .is_loop = is_loop, .mark = mn_code_mark(cc->code), .region = cc->region};
    exits->on_break = mn_code_label(cc->code);
    exits->on_continue = is_loop ? mn_code_label(cc->code) : 0;
    cc->exits = exits;
}

static void
leave(struct mn_compile *cc)
{
    mn_code_bind(cc->code, cc->exits->on_break);
    cc->exits = cc->exits->outer;
}

static void
compile_loop(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code);
    struct mn_exits exits;
    mn_label top;

    if (s->loop.first)
        mn_compile_stmt(cc, s->loop.first);
    enter(cc, &exits, true);
    top = mn_code_label(cc->code);
    if (s->loop.test && !s->loop.body_first)
        mn_compile_jump(cc, s->loop.test, false, exits.on_break);
    mn_code_bind(cc->code, top);
    mn_compile_stmt(cc, s->loop.body);
    mn_code_bind(cc->code, exits.on_continue);
    if (s->loop.step)
        mn_compile_run(cc, s->loop.step);
    mn_compile_at(cc, s->at);
    if (s->loop.test)
        mn_compile_jump(cc, s->loop.test, true, top);
    else
        mn_code_jump(cc->code, top);
    leave(cc);
    mn_code_reset(cc->code, mark);
}

/*
 * for-in by fast enumeration: NSFastEnumerationState is eight words, of which the machine reads the items'
 * address (word 1) and the address of the mutation count (word 2).
 */
enum { STATE_WORDS = 8, ITEMS = 1, MUTATIONS = 2, BUFFER = 16 };

struct enumeration {
    mn_slot collection, state, buffer, count, index, mutations;
};

static void
fetch(struct mn_compile *cc, const struct enumeration *e)
{
    mn_slot state = mn_code_slot(cc->code, MN_SLOT_VALUE), buffer = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mn_slot size = mn_code_slot(cc->code, MN_SLOT_VALUE);
    struct mn_operand args[] = {{state, "^v"}, {buffer, "^v"}, {size, "Q"}};

    mn_code_address(cc->code, state, e->state, 0);
    mn_code_address(cc->code, buffer, e->buffer, 0);
    mn_code_int(cc->code, size, BUFFER);
    mn_code_send(cc->code, e->count, "Q", e->collection, "countByEnumeratingWithState:objects:count:", args,
                 3);
}

static void
watch(struct mn_compile *cc, const struct enumeration *e, bool first)
{
    mn_slot now = mn_code_slot(cc->code, MN_SLOT_VALUE), address = (mn_slot)(e->state + MUTATIONS);
    mn_label fine;

    mn_code_load(cc->code, MN_REP_U64, first ? e->mutations : now, address, 0);
    if (first)
        return;
    fine = mn_code_label(cc->code);
    mn_code_jump_compare(cc->code, MN_EQ, MN_REP_U64, now, e->mutations, true, fine);
    mn_code_raise(cc->code, MN_VM_ENUMERATION, "the collection was changed while it was enumerated");
    mn_code_bind(cc->code, fine);
}

static void
open_enumeration(struct mn_compile *cc, const struct mn_s *s, struct enumeration *e)
{
    struct mn_x *collection = s->for_in.collection;
    unsigned mark;

    e->collection = mn_compile_owned(cc);
    e->state = mn_code_slot_run(cc->code, STATE_WORDS);
    e->buffer = mn_code_slot_run(cc->code, BUFFER);
    e->count = mn_code_slot(cc->code, MN_SLOT_VALUE);
    e->index = mn_code_slot(cc->code, MN_SLOT_VALUE);
    e->mutations = mn_code_slot(cc->code, MN_SLOT_VALUE);
    mark = mn_code_mark(cc->code);
    mn_compile_at(cc, s->at);
    if (mn_gives(collection))
        mn_code_op(cc->code, MN_OP_TAKE, e->collection, mn_compile_given(cc, collection), 0);
    else
        mn_code_op(cc->code, MN_OP_STRONG, e->collection, mn_compile_value(cc, collection), 0);
    mn_code_reset(cc->code, mark);
    mn_code_op(cc->code, MN_OP_CLEAR, e->state, STATE_WORDS, 0);
}

static void
compile_for_in(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code), inner;
    mn_label batch = mn_code_label(cc->code), next = mn_code_label(cc->code);
    struct mn_exits exits;
    struct enumeration e;

    open_enumeration(cc, s, &e);
    s->for_in.item->placed = false;
    mn_compile_var(cc, s->for_in.item);
    if (s->for_in.var) {
        s->for_in.var->placed = false;
        mn_compile_var(cc, s->for_in.var);
    }
    enter(cc, &exits, true);
    inner = mn_code_mark(cc->code);
    fetch(cc, &e);
    mn_code_jump_compare_const(cc->code, MN_EQ, MN_REP_U64, e.count, 0, true, exits.on_break);
    watch(cc, &e, true);
    mn_code_bind(cc->code, batch);
    mn_code_int(cc->code, e.index, 0);
    mn_code_bind(cc->code, next);
    watch(cc, &e, false);
    {
        mn_slot word = mn_code_slot(cc->code, MN_SLOT_VALUE);

        mn_code_load_index(cc->code, MN_REP_U64, word, (mn_slot)(e.state + ITEMS), e.index);
        mn_code_op(cc->code, MN_OP_CASTO, s->for_in.item->slot, word, 0);
    }
    if (s->for_in.var && mn_var_is_cell(s->for_in.var))
        mn_compile_cell(cc, s->for_in.var); /* each round has a variable of its own */
    if (s->for_in.store)
        mn_compile_run(cc, s->for_in.store);
    mn_compile_stmt(cc, s->for_in.body);
    mn_code_bind(cc->code, exits.on_continue);
    mn_compile_at(cc, s->at);
    mn_code_arith_const(cc->code, MN_ADD, MN_REP_U64, e.index, e.index, 1);
    mn_code_jump_compare(cc->code, MN_LT, MN_REP_U64, e.index, e.count, true, next);
    fetch(cc, &e);
    mn_code_jump_compare_const(cc->code, MN_NE, MN_REP_U64, e.count, 0, true, batch);
    mn_code_reset(cc->code, inner);
    leave(cc);
    mn_code_reset(cc->code, mark);
}

/* ---- switch ---- */

static void
compile_switch(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code);
    const struct mn_ctype *type = s->select.value->type;
    enum mn_rep rep = mn_rep_for(type);
    mn_slot value = mn_compile_slot(cc, type);
    mn_label fallback;
    struct mn_exits exits;

    mn_compile_into(cc, s->select.value, value);
    enter(cc, &exits, false);
    fallback = exits.on_break;
    for (unsigned i = 0; i < s->select.count; i++) {
        struct mn_case *one = s->select.cases[i];
        unsigned inner = mn_code_mark(cc->code);

        one->label = mn_code_label(cc->code);
        if (one->is_default) {
            fallback = one->label;
        } else if (one->last) {
            mn_label below = mn_code_label(cc->code);

            mn_code_jump_compare(cc->code, MN_LT, rep, value, mn_compile_value(cc, one->first), true, below);
            mn_code_jump_compare(cc->code, MN_LE, rep, value, mn_compile_value(cc, one->last), true,
                                 one->label);
            mn_code_bind(cc->code, below);
        } else if (one->first->kind == MN_X_INT && !mn_ctype_is_object(type)) {
            mn_code_jump_compare_const(cc->code, MN_EQ, rep, value, one->first->integer, true, one->label);
        } else {
            mn_code_jump_compare(cc->code, MN_EQ, rep, value, mn_compile_value(cc, one->first), true,
                                 one->label);
        }
        mn_code_reset(cc->code, inner);
    }
    mn_code_jump(cc->code, fallback);
    mn_compile_stmt(cc, s->select.body);
    leave(cc);
    mn_code_reset(cc->code, mark);
}

/* ---- leaving ---- */

static void
compile_exit(struct mn_compile *cc, const struct mn_s *s)
{
    struct mn_exits *to = cc->exits;
    struct mn_way way = {.kind = MN_WAY_JUMP, .result = MN_NO_SLOT};

    while (s->kind == MN_S_CONTINUE && !to->is_loop)
        to = to->outer;
    way.mark = to->mark;
    way.until = to->region;
    way.label = s->kind == MN_S_BREAK ? to->on_break : to->on_continue;
    mn_compile_way(cc, &way);
}

void
mn_compile_list_of(struct mn_compile *cc, const struct mn_s *s)
{
    for (unsigned i = 0; i < s->block.count; i++) {
        /* Behind a jump only a label starts code that runs: skip to one without writing the rest. */
        if (mn_code_reachable(cc->code) || s->block.items[i]->kind != MN_S_EXPRESSION)
            mn_compile_stmt(cc, s->block.items[i]);
    }
}

static void
compile_once(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code);
    mn_label done = mn_code_label(cc->code);
    mn_slot leave = mn_compile_owned(cc);

    mn_compile_at(cc, s->at);
    mn_code_once(cc->code, leave, s->once.data, done);
    mn_compile_run(cc, s->once.x);
    mn_code_once_end(cc->code, leave);
    mn_code_bind(cc->code, done);
    mn_code_reset(cc->code, mark);
}

void
mn_compile_stmt(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code);

    switch (s->kind) {
    case MN_S_EXPRESSION:
        mn_compile_run(cc, s->x);
        return;
    case MN_S_DECLARE:
        mn_compile_at(cc, s->at);
        declare(cc, s); /* its slots belong to the block around it */
        return;
    case MN_S_SEQUENCE:
        mn_compile_list_of(cc, s);
        return;
    case MN_S_BLOCK:
        mn_compile_list_of(cc, s);
        mn_code_reset(cc->code, mark);
        return;
    case MN_S_IF:
        compile_if(cc, s);
        return;
    case MN_S_LOOP:
        compile_loop(cc, s);
        return;
    case MN_S_FOR_IN:
        compile_for_in(cc, s);
        return;
    case MN_S_SWITCH:
        compile_switch(cc, s);
        return;
    case MN_S_CASE:
        mn_code_bind(cc->code, s->label->label);
        return;
    case MN_S_BREAK:
    case MN_S_CONTINUE:
        compile_exit(cc, s);
        return;
    case MN_S_RETURN:
        mn_compile_return(cc, s);
        return;
    case MN_S_THROW:
        mn_compile_throw(cc, s);
        return;
    case MN_S_POOL:
        mn_compile_pool(cc, s);
        return;
    case MN_S_TRY:
        mn_compile_try(cc, s);
        return;
    case MN_S_SYNCHRONIZED:
        mn_compile_synchronized(cc, s);
        return;
    case MN_S_ONCE:
        compile_once(cc, s);
        return;
    case MN_S_GOTO:
    case MN_S_LABEL:
        mn_compile_goto(cc, s);
        return;
    }
}
