/* SPDX-License-Identifier: MIT */
/*
 * Whose turn it is: the order of the hooks of one method.
 *
 * Position, priority and age give every hook a place of its own; that order follows from the hooks alone.
 * Wishes (ahead_of, behind) are then granted by taking, again and again, the first hook in that order that
 * waits for nobody who is still to be taken. So a wish delays one hook, and leaves the others in their order.
 */
#include "hook/record.h"

#include "base/alloc.h"
#include "base/error.h"
#include "hook/site.h"

#include <stdlib.h>
#include <string.h>

/* Where a position comes in an array. */
static int
place_of(const struct mn_hook *hook)
{
    static const int places[] = {
        [MEND_BEFORE] = 0, [MEND_INSTEAD] = 1, [MEND_AFTER] = 2, [MEND_THROWING] = 3};

    return places[hook->position];
}

static int
compare_orders(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int
by_turn(const void *a, const void *b)
{
    const struct mn_hook *x = *(struct mn_hook *const *)a, *y = *(struct mn_hook *const *)b;

    if (x->position != y->position)
        return place_of(x) - place_of(y);
    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    return x->position == MEND_INSTEAD ? compare_orders(y->order, x->order)
                                       : compare_orders(x->order, y->order);
}

static bool
is_called(const struct mn_hook *hook, const char *name)
{
    return name && hook->more && hook->more->name && strcmp(hook->more->name, name) == 0;
}

static bool
wishes(const struct mn_hook *hook)
{
    return hook->more && (hook->more->ahead_of || hook->more->behind);
}

/* a must come before b. */
static bool
precedes(const struct mn_hook *a, const struct mn_hook *b)
{
    if (a == b || a->position != b->position)
        return false;
    return (wishes(a) && is_called(b, a->more->ahead_of)) || (wishes(b) && is_called(a, b->more->behind));
}

static bool
waits(struct mn_hook *const *hooks, size_t i, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (hooks[k] && precedes(hooks[k], hooks[i]))
            return true;
    return false;
}

/* The first that need not wait; count when all wait for each other. */
static size_t
first_free(struct mn_hook *const *hooks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (hooks[i] && !waits(hooks, i, count))
            return i;
    return count;
}

static mend_status
grant(struct mn_hook **hooks, size_t count, mend_error *err)
{
    struct mn_hook **left = mn_malloc(count * sizeof *left);

    if (!left)
        return mn_fail_memory(err);
    memcpy(left, hooks, count * sizeof *left);
    for (size_t n = 0; n < count; n++) {
        size_t i = first_free(left, count);

        if (i == count) {
            const struct mn_change *method = &hooks[0]->site->change;

            mn_free(left);
            return mn_fail_method(err, MEND_INVALID, mn_class_name(method->cls),
                                  mn_selector_name(method->sel),
                                  "the hooks' wishes to run ahead of or behind each other form a circle");
        }
        hooks[n] = left[i];
        left[i] = NULL;
    }
    mn_free(left);
    return MEND_OK;
}

mend_status
mn_hooks_sort(struct mn_hook **hooks, size_t count, mend_error *err)
{
    qsort(hooks, count, sizeof *hooks, by_turn);
    for (size_t i = 0; i < count; i++)
        if (wishes(hooks[i]))
            return grant(hooks, count, err);
    return MEND_OK;
}
