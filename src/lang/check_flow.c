/* SPDX-License-Identifier: MIT */
/*
 * Whether control can reach the end of a body: for the warning about a missing result.
 *
 * Answers as C compilers do: constants are seen through, values of variables and calls that never come back
 * are not.
 */
#include "lang/check.h"

static bool falls_through(const struct mn_s *s);

static bool
is_constant(const struct mn_x *x, bool truth)
{
    return x && x->kind == MN_X_INT && (x->integer != 0) == truth;
}

/* Whether a `break` (or, where asked, a `continue`) in s leaves the loop or switch around it. */
static bool
leaves(const struct mn_s *s, enum mn_skind how)
{
    if (!s)
        return false;
    switch (s->kind) {
    case MN_S_BLOCK:
    case MN_S_SEQUENCE:
    case MN_S_POOL:
        for (unsigned i = 0; i < s->block.count; i++)
            if (leaves(s->block.items[i], how))
                return true;
        return false;
    case MN_S_IF:
        return leaves(s->branch.yes, how) || leaves(s->branch.no, how);
    case MN_S_SYNCHRONIZED:
        return leaves(s->locked.body, how);
    case MN_S_TRY:
        for (unsigned i = 0; i < s->attempt.count; i++)
            if (leaves(s->attempt.catches[i].body, how))
                return true;
        return leaves(s->attempt.body, how) || leaves(s->attempt.finally, how);
    case MN_S_SWITCH: /* keeps its own breaks */
        return how == MN_S_CONTINUE && leaves(s->select.body, how);
    default:
        return s->kind == how;
    }
}

static bool
falls_through_list(const struct mn_s *s)
{
    bool reached = true;

    for (unsigned i = 0; i < s->block.count; i++) {
        const struct mn_s *item = s->block.items[i];

        reached = reached || item->kind == MN_S_CASE || item->kind == MN_S_LABEL; /* control enters here */
        reached = reached && falls_through(item);
    }
    return reached;
}

static bool
loop_ends(const struct mn_s *s)
{
    const struct mn_s *body = s->loop.body;

    if (leaves(body, MN_S_BREAK))
        return true;
    if (!s->loop.test || is_constant(s->loop.test, true))
        return false;
    return !s->loop.body_first || falls_through(body) || leaves(body, MN_S_CONTINUE);
}

static bool
switch_ends(const struct mn_s *s)
{
    bool all = false;

    for (unsigned i = 0; i < s->select.count; i++)
        all = all || s->select.cases[i]->is_default;
    return !all || leaves(s->select.body, MN_S_BREAK) || falls_through(s->select.body);
}

static bool
attempt_ends(const struct mn_s *s)
{
    bool ends = falls_through(s->attempt.body);

    for (unsigned i = 0; i < s->attempt.count; i++)
        ends = ends || falls_through(s->attempt.catches[i].body);
    return ends && (!s->attempt.finally || falls_through(s->attempt.finally));
}

static bool
falls_through(const struct mn_s *s)
{
    switch (s->kind) {
    case MN_S_RETURN:
    case MN_S_THROW:
    case MN_S_BREAK:
    case MN_S_CONTINUE:
    case MN_S_GOTO:
        return false;
    case MN_S_SYNCHRONIZED:
        return falls_through(s->locked.body);
    case MN_S_TRY:
        return attempt_ends(s);
    case MN_S_BLOCK:
    case MN_S_SEQUENCE:
    case MN_S_POOL:
        return falls_through_list(s);
    case MN_S_IF:
        return (!is_constant(s->branch.test, false) && falls_through(s->branch.yes)) ||
               (!is_constant(s->branch.test, true) && (!s->branch.no || falls_through(s->branch.no)));
    case MN_S_LOOP:
        return loop_ends(s);
    case MN_S_SWITCH:
        return switch_ends(s);
    default:
        return true;
    }
}

void
mn_check_end(struct mn_check *c, const struct mn_body *body)
{
    if (c->arena->failed) /* what is left of the statements may be a circle */
        return;
    if (body->result->kind == MN_C_VOID || body->result->kind == MN_C_ERROR ||
        !falls_through(body->statements))
        return;
    mn_warning_at(c->findings, (struct mn_span){body->end, body->end + 1},
                  "'%s' can end here without returning a value of type '%s'", body->name,
                  mn_spelled(c, body->result));
}
