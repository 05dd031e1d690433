/* SPDX-License-Identifier: MIT */
/*
 * The engine for Objective-C and Mango source and for compiled units: lang/ reads it, vm/ runs it.
 *
 * The plan of a body is lang/'s unit with each function's entry filled in; texts are the unit's own.
 */
#include "patch/engine.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "lang/builtin/context.h"
#include "lang/lang.h"
#include "lang/unit.h"
#include "runtime/exception.h"
#include "vm/run.h"

#include <string.h>

struct source_body {
    struct mn_body body; /* first: what patch/ sees */
    struct mn_unit *unit;
    struct mn_arena arena; /* the plan */
    uint8_t *decided;      /* enum decision of each function that is a condition; NULL: they were not asked */
    struct mend_context *context;
};

enum decision { UNDECIDED, HOLDS, FAILS };

static bool
reads_source(const mend_source *source)
{
    static const char *const endings[] = {".m", ".mg", ".mm", ".h", ".json", MN_UNIT_ENDING};
    size_t length = strlen(source->name);

    if (mn_unit_is(source->text, source->length))
        return true;

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);

        if (length > n && strcmp(source->name + length - n, endings[i]) == 0)
            return true;
    }
    return strchr(source->name, '.') == NULL; /* standard input, a name given by a program */
}

static void
close_source(struct mn_body *body)
{
    struct source_body *own = (struct source_body *)body;

    mn_unit_free(own->unit);
    mn_arena_fini(&own->arena);
    mn_free(own);
}

/* ---- conditions that a compiled unit leaves to who applies it ---- */

struct asked {
    const struct mn_function *function;
    uint64_t answer;
};

static void
ask(void *data)
{
    struct asked *asked = data;

    mn_vm_call(asked->function, NULL, &asked->answer);
}

/* Asks a condition once; later mentions get the same answer. */
static mend_status
decide_one(struct source_body *own, uint32_t condition, mend_error *err)
{
    struct asked asked = {NULL, 0};
    char reason[200];
    id exception;

    if (condition == 0 || own->decided[condition - 1] != UNDECIDED)
        return MEND_OK;
    asked.function = mn_program_function(own->unit->program, condition - 1);
    if (!mn_try(ask, &asked, &exception)) {
        mn_exception_reason(exception, reason, sizeof reason);
        return mn_fail_at(err, MEND_RAISED, own->unit->name, 0, 0, "a condition of the patch raised: %s", reason);
    }
    own->decided[condition - 1] = asked.answer != 0 ? HOLDS : FAILS;
    return MEND_OK;
}

/* True also where nobody asked: who only checks sees every part. */
static bool
holds(const struct source_body *own, uint32_t condition)
{
    return condition == 0 || own->decided == NULL || own->decided[condition - 1] != FAILS;
}

static bool
takes_part(const struct source_body *own, const struct mn_method_plan *method)
{
    return holds(own, method->conditions[0]) && holds(own, method->conditions[1]);
}

/* Two methods of one name stand in a plan only under conditions, of which at most one may hold. */
static mend_status
refuse_doubles(struct source_body *own, mend_error *err)
{
    for (size_t i = 0; i < own->unit->class_count; i++) {
        const struct mn_class_plan *plan = &own->unit->classes[i];

        for (size_t k = 0; k < plan->method_count; k++) {
            const struct mn_method_plan *m = &plan->methods[k];

            for (size_t n = 0; n < k && (m->conditions[0] || m->conditions[1]); n++)
                if (plan->methods[n].class_side == m->class_side && !strcmp(plan->methods[n].selector, m->selector) &&
                    takes_part(own, m) && takes_part(own, &plan->methods[n]))
                    return mn_fail_at(err, MEND_CHECK, own->unit->name, m->line, m->column,
                                      "'%c%s' is implemented twice in '%s', and the conditions of both hold",
                                      m->class_side ? '+' : '-', m->selector, plan->name);
        }
    }
    return MEND_OK;
}

/* Runs the conditions of the unit on this thread, in the order of its parts. */
static mend_status
decide(struct source_body *own, mend_error *err)
{
    const struct mn_unit *unit = own->unit;
    mend_status st = MEND_OK;

    if (!(own->decided = mn_arena_alloc(&own->arena, mn_program_function_count(unit->program) + 1)))
        return mn_fail_memory(err);
    for (size_t i = 0; st == MEND_OK && i < unit->class_count; i++) {
        const struct mn_class_plan *plan = &unit->classes[i];

        st = decide_one(own, plan->condition, err);
        for (size_t k = 0; st == MEND_OK && k < plan->method_count; k++)
            for (unsigned n = 0; st == MEND_OK && n < 2; n++)
                st = decide_one(own, plan->methods[k].conditions[n], err);
    }
    return st == MEND_OK ? refuse_doubles(own, err) : st;
}

/* ---- the plan ---- */

static bool
is_planned(const struct mn_planned_method *methods, size_t count, const struct mn_method_plan *m)
{
    for (size_t i = 0; i < count; i++)
        if (methods[i].class_side == m->class_side && !strcmp(methods[i].selector, m->selector))
            return true;
    return false;
}

static const struct mn_planned_method *
plan_methods(struct source_body *own, const struct mn_class_plan *from, size_t *count)
{
    struct mn_planned_method *to = mn_arena_alloc(&own->arena, from->method_count * sizeof *to);

    *count = 0;
    for (size_t i = 0; to != NULL && i < from->method_count; i++) {
        const struct mn_method_plan *m = &from->methods[i];

        if (!takes_part(own, m) || (own->decided == NULL && is_planned(to, *count, m)))
            continue;
        to[(*count)++] = (struct mn_planned_method){.body = &own->body,
                                           .selector = m->selector,
                                           .encoding = m->encoding,
                                           .class_side = m->class_side,
                                           .next_after = m->next_after,
                                           .advice = mn_vm_advice,
                                           .data = (void *)mn_program_function(own->unit->program, m->function),
                                           .line = m->line,
                                           .column = m->column};
    }
    return to;
}

static const struct mn_planned_ivar *
plan_ivars(struct source_body *own, const struct mn_class_plan *from)
{
    struct mn_planned_ivar *to = mn_arena_alloc(&own->arena, from->ivar_count * sizeof *to);

    for (size_t i = 0; to != NULL && i < from->ivar_count; i++)
        to[i] = (struct mn_planned_ivar){from->ivars[i].name, from->ivars[i].encoding, from->ivars[i].size,
                                         from->ivars[i].align};
    return to;
}

static void
plan(struct source_body *own)
{
    const struct mn_unit *unit = own->unit;
    struct mn_planned_class *to = mn_arena_alloc(&own->arena, unit->class_count * sizeof *to);
    size_t n = 0;

    for (size_t i = 0; to != NULL && i < unit->class_count; i++) {
        const struct mn_class_plan *from = &unit->classes[i];
        const struct mn_planned_method *methods;
        size_t method_count;

        if (!holds(own, from->condition))
            continue;
        methods = plan_methods(own, from, &method_count);
        to[n++] = (struct mn_planned_class){.name = from->name,
                                          .superclass = from->superclass,
                                          .exists = from->exists,
                                          .ivars = plan_ivars(own, from),
                                          .ivar_count = from->ivar_count,
                                          .methods = methods,
                                          .method_count = method_count,
                                          .protocols = from->protocols,
                                          .protocol_count = from->protocol_count,
                                          .line = from->line,
                                          .column = from->column};
    }
    own->body.file = unit->name;
    own->body.policy = unit->policy;
    own->body.after = unit->policy_after;
    own->body.classes = to;
    own->body.class_count = n;
}

static mend_status
open_source(const mend_source *source, bool applies, mend_diagnose diagnose, void *data, struct mn_body **body,
            mend_error *err)
{
    struct source_body *own = mn_calloc(1, sizeof *own);
    mend_status st;

    *body = NULL;
    if (own == NULL)
        return mn_fail_memory(err);
    own->body.engine = &mn_source_engine;
    own->body.references = 1;
    if (mn_unit_is(source->text, source->length))
        st = mn_unit_read(source->name, source->text, source->length, &own->unit, err);
    else
        st = (applies ? mn_lang_read_deciding : mn_lang_read)(source, diagnose, data, &own->unit, err);
    if (st != MEND_OK || (applies && (st = decide(own, err)) != MEND_OK))
        goto done;
    plan(own);
    own->context = source->context;
    if (source->policy != MEND_POLICY_DEFAULT) {
        own->body.policy = source->policy;
        own->body.after = source->policy_after;
    }
    if (own->arena.failed) {
        st = mn_fail_memory(err);
        goto done;
    }
    *body = &own->body;
    own = NULL;
done:
    if (own != NULL)
        close_source(&own->body);
    return st;
}

static mend_status
bind_original(struct mn_body *body, const char *class_name, const struct mn_planned_method *method,
              const struct mn_site *site, mend_error *err)
{
    struct source_body *own = (struct source_body *)body;

    return mn_program_bind_original(own->unit->program, class_name, method->class_side, method->selector, site, err);
}

static mend_status
load_source(struct mn_body *body, mend_error *err)
{
    const struct source_body *own = (const struct source_body *)body;
    const struct mn_unit *unit = own->unit;

    for (size_t i = 0; own->context != NULL && i < unit->export_count; i++) {
        const struct mn_export *e = &unit->exports[i];

        mn_context_export(own->context, e->name, e->encoding, mn_program_data(unit->program, e->offset), e->strong,
                          unit->program);
    }
    if (!unit->has_load)
        return MEND_OK;
    return mn_vm_run(mn_program_function(unit->program, unit->load), err);
}

/* A hook keeps the program of the function it runs, not the body: calls may be inside long after the revert. */
static void
hold_function(void *data)
{
    mn_program_use(((const struct mn_function *)data)->program);
}

static void
drop_function(void *data)
{
    mn_program_unuse(((const struct mn_function *)data)->program);
}

const struct mn_engine mn_source_engine = {.reads = reads_source,
                                           .open = open_source,
                                           .bind = bind_original,
                                           .load = load_source,
                                           .hold = hold_function,
                                           .drop = drop_function,
                                           .close = close_source};
