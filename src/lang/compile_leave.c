/* SPDX-License-Identifier: MIT */
/*
 * Ways out: return, break, continue and goto through pools, handlers and @finally.
 *
 * The code of a @finally stands once. Who passes it says in a slot which way it is going, and behind that code
 * each way that was used goes on outwards. What a function returns waits in a slot around the statement.
 */
#include "lang/compile.h"

/* Numbers in the slot `reason`; ways follow from FIRST on. */
enum { FELL_THROUGH = 0, THROWN = 1, FIRST = 2 };

/* ---- leaving ---- */

static void
move_result(struct mn_compile *cc, mn_slot to, mn_slot from)
{
    const struct mn_ctype *type = cc->body->travel_result ? cc->body->travel_result : cc->body->result;

    if (mn_code_kind(cc->code, to) == MN_SLOT_OWNED) {
        mn_slot moved = mn_code_slot(cc->code, MN_SLOT_OBJECT);

        mn_code_op(cc->code, MN_OP_GIVE, moved, from, 0);
        mn_code_op(cc->code, MN_OP_TAKE, to, moved, 0);
        mn_code_slot_free(cc->code, moved);
    } else {
        mn_code_copy(cc->code, to, from, (unsigned)((type->size + 7) / 8));
    }
}

/* Goes through a @finally: the way is gone on with behind it. */
static void
pass_finally(struct mn_compile *cc, struct mn_region *region, struct mn_way *way)
{
    struct mn_way *later = mn_list_add(&region->ways);

    if (!later) {
        cc->check->arena->failed = true;
        return;
    }
    if (way->result != MN_NO_SLOT) {
        move_result(cc, region->result, way->result);
        way->result = region->result;
    }
    *later = *way;
    mn_code_leave(cc->code, region->mark);
    mn_code_end_try(cc->code);
    mn_code_int(cc->code, region->reason, FIRST + (int64_t)region->ways.count - 1);
    mn_code_jump(cc->code, region->finally);
}

static mn_label
label_of(struct mn_compile *cc, struct mn_goal *goal)
{
    if (!goal->has_label) {
        goal->label = mn_code_label(cc->code);
        goal->has_label = true;
    }
    goal->ahead |= !goal->bound;
    return goal->label;
}

/* Nothing is left to be left. */
static void
arrive(struct mn_compile *cc, const struct mn_way *way)
{
    mn_slot moved;

    if (way->kind == MN_WAY_JUMP) {
        mn_code_leave(cc->code, way->mark);
        mn_code_jump(cc->code, way->label);
        return;
    }
    if (way->kind == MN_WAY_GOTO) {
        if (way->goal->bound)
            mn_code_leave(cc->code, way->goal->mark);
        mn_code_jump(cc->code, label_of(cc, way->goal));
        return;
    }
    if (cc->body->epilogue)
        mn_compile_stmt(cc, cc->body->epilogue);
    if (way->result == MN_NO_SLOT || mn_code_kind(cc->code, way->result) != MN_SLOT_OWNED) {
        mn_code_return(cc->code, way->result);
        return;
    }
    moved = mn_code_slot(cc->code, MN_SLOT_OBJECT);
    mn_code_op(cc->code, MN_OP_GIVE, moved, way->result, 0);
    if (!cc->body->returns_owned)
        mn_code_op(cc->code, MN_OP_AUTORELEASE, moved, 0, 0);
    mn_code_return(cc->code, moved);
}

void
mn_compile_way(struct mn_compile *cc, struct mn_way *way)
{
    for (struct mn_region *r = cc->region; r != way->until; r = r->outer) {
        switch (r->kind) {
        case MN_IN_POOL:
            if (r->guarded)
                mn_code_end_try(cc->code);
            mn_code_op(cc->code, MN_OP_POOLEND, r->pool, 0, 0);
            break;
        case MN_IN_TRY:
            mn_code_end_try(cc->code);
            break;
        case MN_IN_FINALLY:
            pass_finally(cc, r, way);
            return;
        }
    }
    arrive(cc, way);
}

/* ---- return ---- */

/* What a local owned variable holds goes out with its reference; nothing else needs it any more. */
static mn_slot
returned_object(struct mn_compile *cc, const struct mn_x *x)
{
    const struct mn_x *core = x;
    mn_slot value, moved;

    while (core->kind == MN_X_CONVERT && mn_ctype_is_object(core->of.a->type))
        core = core->of.a;
    if (cc->body->returns_owned || mn_gives(core)) {
        value = mn_compile_given(cc, core);
        if (!cc->body->returns_owned)
            mn_code_op(cc->code, MN_OP_AUTORELEASE, value, 0, 0);
        return value;
    }
    value = mn_compile_value(cc, core);
    if (core->type->kind == MN_C_BLOCK) { /* it may be on the stack of a caller */
        mn_slot kept = mn_compile_owned(cc);

        mn_code_keep_block(cc->code, kept, value);
        moved = mn_code_slot(cc->code, MN_SLOT_OBJECT);
        mn_code_op(cc->code, MN_OP_GIVE, moved, kept, 0);
        mn_code_op(cc->code, MN_OP_AUTORELEASE, moved, 0, 0);
        return moved;
    }
    if (core->kind == MN_X_VAR && mn_code_kind(cc->code, value) == MN_SLOT_OWNED) {
        moved = mn_code_slot(cc->code, MN_SLOT_OBJECT);
        mn_code_op(cc->code, MN_OP_GIVE, moved, value, 0);
        mn_code_op(cc->code, MN_OP_AUTORELEASE, moved, 0, 0);
        return moved;
    }
    /* A result nobody here holds may still depend on what this frame lets go of now. */
    if (core->kind != MN_X_STRING && core->kind != MN_X_CLASS && core->kind != MN_X_INT &&
        (core->kind != MN_X_VAR || cc->body->is_block || mn_var_is_cell(core->var)) &&
        (cc->owns || cc->body->is_block || core->kind == MN_X_IVAR || core->kind == MN_X_GLOBAL || core->kind == MN_X_VAR))
        mn_code_op(cc->code, MN_OP_RETAUT, value, 0, 0);
    return value;
}

/* The same where something is passed on the way: the result waits in a slot that owns it. */
static mn_slot
waiting_object(struct mn_compile *cc, const struct mn_x *x)
{
    mn_slot held = mn_compile_owned(cc);

    if (mn_gives(x))
        mn_code_op(cc->code, MN_OP_TAKE, held, mn_compile_given(cc, x), 0);
    else if (x->type->kind == MN_C_BLOCK)
        mn_code_keep_block(cc->code, held, mn_compile_value(cc, x));
    else
        mn_code_op(cc->code, MN_OP_STRONG, held, mn_compile_value(cc, x), 0);
    return held;
}

static mn_slot
returned_value(struct mn_compile *cc, const struct mn_x *x, const struct mn_ctype *travels)
{
    enum mn_rep rep = mn_rep_for(x->type), to = mn_rep_for(travels);
    mn_slot value, converted;

    if (mn_ctype_is_counted(x->type) && mn_ctype_is_object(travels))
        return cc->region ? waiting_object(cc, x) : returned_object(cc, x);
    value = mn_compile_value(cc, x);
    if (rep == to || !mn_ctype_is_scalar(travels) ||
        !mn_ctype_is_scalar(x->type))
        return value;
    converted = mn_compile_slot(cc, travels);
    mn_code_convert(cc->code, to, converted, rep, value);
    return converted;
}

void
mn_compile_return(struct mn_compile *cc, const struct mn_s *s)
{
    struct mn_x zero = {.kind = MN_X_INT, .type = cc->body->result, .at = s->at};
    const struct mn_x *x = s->x && s->x->type->kind != MN_C_VOID ? s->x : &zero;
    const struct mn_ctype *travels;
    struct mn_way way = {.kind = MN_WAY_RETURN, .result = MN_NO_SLOT};
    unsigned mark = mn_code_mark(cc->code);

    mn_compile_at(cc, s->at);
    if (cc->body->result->kind == MN_C_VOID) {
        if (s->x)
            mn_compile_effect(cc, s->x);
    } else {
        if (mn_ctype_is_floating(zero.type))
            zero.kind = MN_X_FLOAT;
        else if (mn_ctype_is_aggregate(zero.type))
            zero.kind = MN_X_AGGREGATE;
        travels = cc->body->travel_result ? cc->body->travel_result : x->type;
        way.result = returned_value(cc, x, travels);
        if (travels->kind == MN_C_VOID)
            way.result = MN_NO_SLOT;
    }
    mn_compile_way(cc, &way);
    mn_code_reset(cc->code, mark);
}

/* ---- goto ---- */

void
mn_compile_goto(struct mn_compile *cc, const struct mn_s *s)
{
    struct mn_goal *goal = s->jump.goal;
    struct mn_way way = {.kind = MN_WAY_GOTO, .goal = goal, .result = MN_NO_SLOT};
    unsigned depth = goal->nest ? goal->nest->depth : 0;

    mn_compile_at(cc, s->at);
    if (s->kind == MN_S_GOTO) {
        for (way.until = cc->region; way.until && way.until->depth > depth;)
            way.until = way.until->outer;
        mn_compile_way(cc, &way);
        return;
    }
    if (!goal->has_label) {
        goal->label = mn_code_label(cc->code);
        goal->has_label = true;
    }
    mn_code_bind(cc->code, goal->label);
    goal->bound = true;
    goal->mark = mn_code_mark(cc->code);
    if (goal->ahead) /* who came from afar left its variables as they were */
        mn_code_sweep(cc->code);
}

/* ---- pools and locks ---- */

static bool
in_handler(const struct mn_compile *cc)
{
    for (const struct mn_region *r = cc->region; r; r = r->outer)
        if (r->kind != MN_IN_POOL || r->guarded)
            return true;
    return false;
}

/* A function that catches must not leave pools of its own open behind an exception. */
static void
drain_on_exception(struct mn_compile *cc, const struct mn_region *pool, mn_slot thrown, mn_label handler)
{
    mn_code_bind(cc->code, handler);
    mn_code_op(cc->code, MN_OP_RETAIN, thrown, 0, 0); /* it may live in the very pool */
    mn_code_op(cc->code, MN_OP_POOLEND, pool->pool, 0, 0);
    mn_code_op(cc->code, MN_OP_AUTORELEASE, thrown, 0, 0);
    mn_code_op(cc->code, MN_OP_THROW, thrown, 0, 0);
}

void
mn_compile_pool(struct mn_compile *cc, const struct mn_s *s)
{
    struct mn_region pool = {.outer = cc->region, .kind = MN_IN_POOL, .depth = s->block.depth};
    unsigned mark = mn_code_mark(cc->code);
    mn_slot thrown = MN_NO_SLOT;
    mn_label handler = mn_code_label(cc->code), end = mn_code_label(cc->code);

    pool.pool = mn_code_slot(cc->code, MN_SLOT_OBJECT);
    pool.guarded = in_handler(cc);
    mn_code_op(cc->code, MN_OP_POOL, pool.pool, 0, 0);
    if (pool.guarded) {
        thrown = mn_code_slot(cc->code, MN_SLOT_OBJECT);
        mn_code_try(cc->code, thrown, handler);
    }
    cc->region = &pool;
    mn_compile_list_of(cc, s);
    cc->region = pool.outer;
    if (mn_code_reachable(cc->code)) {
        if (pool.guarded)
            mn_code_end_try(cc->code);
        mn_code_op(cc->code, MN_OP_POOLEND, pool.pool, 0, 0);
        if (pool.guarded)
            mn_code_jump(cc->code, end);
    }
    if (pool.guarded)
        drain_on_exception(cc, &pool, thrown, handler);
    mn_code_bind(cc->code, end);
    mn_code_reset(cc->code, mark);
}

/* The hold of the lock is a local that owns it: every way out lets go of it. */
void
mn_compile_synchronized(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code), inner;
    mn_slot hold = mn_compile_owned(cc), made = mn_code_slot(cc->code, MN_SLOT_OBJECT);

    inner = mn_code_mark(cc->code);
    mn_compile_at(cc, s->at);
    mn_code_op(cc->code, MN_OP_SYNC, made, mn_compile_value(cc, s->locked.lock), 0);
    mn_code_op(cc->code, MN_OP_TAKE, hold, made, 0);
    mn_code_reset(cc->code, inner);
    mn_compile_stmt(cc, s->locked.body);
    mn_code_reset(cc->code, mark);
}

/* ---- exceptions ---- */

void
mn_compile_throw(struct mn_compile *cc, const struct mn_s *s)
{
    unsigned mark = mn_code_mark(cc->code);
    mn_slot value = s->x ? mn_compile_value(cc, s->x) : cc->caught;

    if (!s->x || mn_gives(s->x) || mn_code_kind(cc->code, value) == MN_SLOT_OWNED)
        mn_code_op(cc->code, MN_OP_RETAUT, value, 0, 0); /* the frame lets go of it on the way out */
    mn_compile_at(cc, s->at);
    mn_code_op(cc->code, MN_OP_THROW, value, 0, 0);
    mn_code_reset(cc->code, mark);
}

/* The clauses in order; what none of them takes is thrown on. */
static void
compile_catches(struct mn_compile *cc, const struct mn_s *s, mn_slot caught, mn_label end)
{
    mn_slot outer = cc->caught;
    bool all = false;

    cc->caught = caught;
    for (unsigned i = 0; i < s->attempt.count && !all; i++) {
        const struct mn_catch *clause = &s->attempt.catches[i];
        mn_label next = mn_code_label(cc->code);
        unsigned mark = mn_code_mark(cc->code);

        if (clause->class_name) {
            mn_slot cls = mn_code_slot(cc->code, MN_SLOT_OBJECT), is = mn_code_slot(cc->code, MN_SLOT_VALUE);

            mn_code_class(cc->code, cls, clause->class_name);
            mn_code_op(cc->code, MN_OP_ISKIND, is, caught, cls);
            mn_code_jump_truth(cc->code, MN_REP_I32, is, false, next);
        } else {
            all = true;
        }
        if (clause->var) {
            struct mn_spot spot;
            struct mn_x place = {.kind = MN_X_VAR, .type = clause->var->type, .at = s->at};

            clause->var->placed = false;
            place.var = clause->var;
            mn_compile_spot(cc, &place, &spot);
            mn_spot_store(cc, &spot, caught);
        }
        mn_compile_stmt(cc, clause->body);
        mn_code_reset(cc->code, mark);
        if (mn_code_reachable(cc->code))
            mn_code_jump(cc->code, end);
        mn_code_bind(cc->code, next);
    }
    if (!all) {
        mn_code_op(cc->code, MN_OP_RETAUT, caught, 0, 0);
        mn_code_op(cc->code, MN_OP_THROW, caught, 0, 0);
    }
    cc->caught = outer;
}

/* @try with @catch clauses, without looking at @finally. */
static void
compile_caught(struct mn_compile *cc, const struct mn_s *s)
{
    struct mn_region region = {.outer = cc->region, .kind = MN_IN_TRY, .depth = s->attempt.depth};
    unsigned mark = mn_code_mark(cc->code);
    mn_label handler = mn_code_label(cc->code), end = mn_code_label(cc->code);
    mn_slot thrown, caught;

    if (s->attempt.count == 0) {
        mn_compile_stmt(cc, s->attempt.body);
        return;
    }
    thrown = mn_code_slot(cc->code, MN_SLOT_OBJECT);
    caught = mn_compile_owned(cc);
    mn_code_try(cc->code, thrown, handler);
    cc->region = &region;
    mn_compile_stmt(cc, s->attempt.body);
    cc->region = region.outer;
    if (mn_code_reachable(cc->code)) {
        mn_code_end_try(cc->code);
        mn_code_jump(cc->code, end);
    }
    mn_code_bind(cc->code, handler);
    mn_code_op(cc->code, MN_OP_STRONG, caught, thrown, 0);
    mn_code_sweep(cc->code);
    compile_catches(cc, s, caught, end);
    mn_code_bind(cc->code, end);
    mn_code_reset(cc->code, mark);
}

/* Behind the code of a @finally: on with what was under way. */
static void
go_on(struct mn_compile *cc, struct mn_region *region, mn_slot caught)
{
    mn_label thrown = mn_code_label(cc->code), end = mn_code_label(cc->code);

    mn_code_jump_compare_const(cc->code, MN_EQ, MN_REP_I64, region->reason, FELL_THROUGH, true, end);
    mn_code_jump_compare_const(cc->code, MN_EQ, MN_REP_I64, region->reason, THROWN, true, thrown);
    for (size_t i = 0; i < region->ways.count; i++) {
        struct mn_way way = *MN_LIST_AT(struct mn_way, &region->ways, i);
        mn_label next = mn_code_label(cc->code);

        mn_code_jump_compare_const(cc->code, MN_NE, MN_REP_I64, region->reason, FIRST + (int64_t)i, true, next);
        mn_compile_way(cc, &way);
        mn_code_bind(cc->code, next);
    }
    mn_code_bind(cc->code, thrown);
    mn_code_op(cc->code, MN_OP_RETAUT, caught, 0, 0);
    mn_code_op(cc->code, MN_OP_THROW, caught, 0, 0);
    mn_code_bind(cc->code, end);
}

static void
compile_with_finally(struct mn_compile *cc, const struct mn_s *s)
{
    const struct mn_ctype *result = cc->body->travel_result ? cc->body->travel_result : cc->body->result;
    struct mn_region region = {.outer = cc->region,
                               .kind = MN_IN_FINALLY,
                               .depth = s->attempt.depth,
                               .result = MN_NO_SLOT,
                               .ways = MN_LIST_OF(struct mn_way)};
    unsigned mark = mn_code_mark(cc->code);
    mn_label handler = mn_code_label(cc->code);
    mn_slot thrown, caught;

    region.finally = mn_code_label(cc->code);
    region.reason = mn_code_slot(cc->code, MN_SLOT_VALUE);
    if (result->kind != MN_C_VOID)
        region.result = mn_ctype_is_counted(result) ? mn_compile_owned(cc) : mn_compile_slot(cc, result);
    thrown = mn_code_slot(cc->code, MN_SLOT_OBJECT);
    caught = mn_compile_owned(cc);
    region.mark = mn_code_mark(cc->code);
    mn_code_try(cc->code, thrown, handler);
    cc->region = &region;
    compile_caught(cc, s);
    cc->region = region.outer;
    if (mn_code_reachable(cc->code)) {
        mn_code_end_try(cc->code);
        mn_code_int(cc->code, region.reason, FELL_THROUGH);
        mn_code_jump(cc->code, region.finally);
    }
    mn_code_bind(cc->code, handler);
    mn_code_op(cc->code, MN_OP_STRONG, caught, thrown, 0);
    mn_code_sweep(cc->code);
    mn_code_int(cc->code, region.reason, THROWN);
    mn_code_bind(cc->code, region.finally);
    mn_compile_stmt(cc, s->attempt.finally);
    go_on(cc, &region, caught);
    mn_list_fini(&region.ways);
    mn_code_reset(cc->code, mark);
}

void
mn_compile_try(struct mn_compile *cc, const struct mn_s *s)
{
    mn_compile_at(cc, s->at);
    if (s->attempt.finally)
        compile_with_finally(cc, s);
    else
        compile_caught(cc, s);
}
