/* SPDX-License-Identifier: MIT */
/*
 * Statements that control leaves in more than one way: @try, @synchronized, @autoreleasepool, goto.
 *
 * Nests say what surrounds a statement of these, so that a goto can be told which of them it leaves and that
 * it enters none.
 */
#include "lang/check.h"
#include <string.h>

/* ---- nests ---- */

static bool
open_nest(struct mn_check *c)
{
    struct mn_nest *nest = mn_arena_alloc(c->arena, sizeof *nest);

    if (!nest)
        return false;
    nest->outer = c->nest;
    nest->depth = c->nest ? c->nest->depth + 1 : 1;
    c->nest = nest;
    return true;
}

static void
close_nest(struct mn_check *c)
{
    c->nest = c->nest->outer;
}

static struct mn_s *
check_nested(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s;

    if (!open_nest(c))
        return mn_s_block(c, NULL, 0, stmt->span.start);
    s = mn_check_scoped(c, stmt);
    close_nest(c);
    return s;
}

/* ---- exceptions ---- */

static void
check_catch(struct mn_check *c, struct mn_catch_clause *clause, struct mn_catch *out)
{
    const struct mn_ctype *type = clause->param ? mn_check_type(c, clause->param->type) : NULL;

    if (type && type->kind != MN_C_ERROR && !mn_ctype_is_object(type))
        mn_error_at(c->findings, clause->param->at, "only objects can be caught, not '%s'",
                    mn_spelled(c, type));
    out->class_name = type && type->kind == MN_C_OBJECT ? type->name : NULL;
    mn_scope_open(c);
    if (type && clause->param->name)
        out->var = mn_scope_var(c, clause->param->name, type, clause->param->at);
    c->catches++;
    out->body = check_nested(c, clause->body);
    c->catches--;
    mn_scope_close(c);
}

struct mn_s *
mn_check_try(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_TRY, stmt->span.start);
    struct mn_catch *catches = mn_arena_alloc(c->arena, (stmt->try_.count + 1) * sizeof *catches);

    if (!stmt->try_.count && !stmt->try_.finally)
        mn_error_at(c->findings, stmt->at, "'@try' needs a '@catch' or a '@finally'");
    s->attempt.depth = c->nest ? c->nest->depth + 1 : 1;
    s->attempt.body = check_nested(c, stmt->try_.body);
    for (uint32_t i = 0; catches && i < stmt->try_.count; i++)
        check_catch(c, &stmt->try_.catches[i], &catches[i]);
    s->attempt.catches = catches;
    s->attempt.count = catches ? stmt->try_.count : 0;
    if (stmt->try_.finally)
        s->attempt.finally = check_nested(c, stmt->try_.finally);
    return s;
}

struct mn_s *
mn_check_throw(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_THROW, stmt->span.start);

    if (!stmt->expr) {
        if (!c->catches)
            mn_error_at(c->findings, stmt->at, "'@throw' without a value outside '@catch'");
        return s;
    }
    s->x = mn_dynamic_object(c, mn_check_value(c, stmt->expr));
    if (!mn_x_is_error(s->x) && !mn_ctype_is_object(s->x->type))
        mn_error_at(c->findings, stmt->expr->span, "only objects can be thrown, not '%s'",
                    mn_spelled(c, s->x->type));
    return s;
}

/* ---- locks and pools ---- */

struct mn_s *
mn_check_synchronized(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = mn_s_new(c, MN_S_SYNCHRONIZED, stmt->span.start);

    s->locked.lock = mn_dynamic_object(c, mn_check_value(c, stmt->guarded.lock));
    if (!mn_x_is_error(s->locked.lock) && !mn_ctype_is_object(s->locked.lock->type))
        mn_error_at(c->findings, stmt->guarded.lock->span, "only an object has a lock, not '%s'",
                    mn_spelled(c, s->locked.lock->type));
    s->locked.body = check_nested(c, stmt->guarded.body);
    return s;
}

struct mn_s *
mn_check_pool(struct mn_check *c, struct mn_stmt *stmt)
{
    struct mn_s *s = check_nested(c, stmt->guarded.body), *pool;

    pool = mn_s_block(c, mn_arena_copy(c->arena, &s, 1, sizeof(struct mn_s *)), 1, stmt->span.start);
    pool->kind = MN_S_POOL;
    pool->block.depth = c->nest ? c->nest->depth + 1 : 1;
    return pool;
}

/* ---- goto ---- */

static struct mn_goal *
goal_named(struct mn_check *c, struct mn_word *word)
{
    struct mn_goal *goal;

    for (goal = c->body->goals; goal; goal = goal->next)
        if (goal->name == word->name)
            return goal;
    if (!(goal = mn_arena_alloc(c->arena, sizeof *goal)))
        return NULL;
    goal->name = word->name;
    goal->at = word->span.start;
    goal->next = c->body->goals;
    c->body->goals = goal;
    return goal;
}

struct mn_s *
mn_check_goto(struct mn_check *c, struct mn_stmt *stmt)
{
    bool is_label = stmt->kind == MN_STMT_LABEL;
    struct mn_s *s = mn_s_new(c, is_label ? MN_S_LABEL : MN_S_GOTO, stmt->span.start);
    struct mn_goal *goal;

    if (!c->body || !c->body->name) {
        mn_error_at(c->findings, stmt->at, "'%s' outside a method or function", mn_stmt_kind_text(stmt->kind));
        return NULL;
    }
    if (!(goal = goal_named(c, &stmt->word)))
        return NULL;
    s->jump.goal = goal;
    s->jump.nest = c->nest;
    if (is_label && goal->defined) {
        mn_error_at(c->findings, stmt->word.span, "the label '%s' is there twice", goal->name);
        return NULL;
    }
    if (is_label) {
        goal->defined = true;
        goal->nest = c->nest;
        return s;
    }
    s->jump.next = c->body->gotos;
    c->body->gotos = s;
    return s;
}

static bool
is_around(const struct mn_nest *outer, const struct mn_nest *nest)
{
    for (; nest != outer; nest = nest->outer)
        if (!nest)
            return false;
    return true;
}

void
mn_check_goals(struct mn_check *c, struct mn_body *body)
{
    for (struct mn_s *s = body->gotos; s; s = s->jump.next) {
        struct mn_span span = {s->at, s->at + 4};

        if (!s->jump.goal->defined)
            mn_error_at(c->findings, span, "there is no label '%s' here", s->jump.goal->name);
        else if (!is_around(s->jump.goal->nest, s->jump.nest))
            mn_error_at(c->findings, span,
                        "goto cannot jump into @try, @catch, @finally, @synchronized or @autoreleasepool");
    }
}
