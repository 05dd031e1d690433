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
#include "lang/lang.h"
#include "lang/unit.h"
#include "vm/run.h"

#include <string.h>

struct source_body {
    struct mn_body body; /* first: what patch/ sees */
    struct mn_unit *unit;
    struct mn_arena arena; /* the plan */
};

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

static const struct mn_planned_method *
plan_methods(struct source_body *own, const struct mn_class_plan *from)
{
    struct mn_planned_method *to = mn_arena_alloc(&own->arena, from->method_count * sizeof *to);

    for (size_t i = 0; to != NULL && i < from->method_count; i++) {
        const struct mn_method_plan *m = &from->methods[i];

        to[i] = (struct mn_planned_method){.body = &own->body,
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

    for (size_t i = 0; to != NULL && i < unit->class_count; i++) {
        const struct mn_class_plan *from = &unit->classes[i];

        to[i] = (struct mn_planned_class){.name = from->name,
                                          .superclass = from->superclass,
                                          .exists = from->exists,
                                          .ivars = plan_ivars(own, from),
                                          .ivar_count = from->ivar_count,
                                          .methods = plan_methods(own, from),
                                          .method_count = from->method_count,
                                          .protocols = from->protocols,
                                          .protocol_count = from->protocol_count,
                                          .line = from->line,
                                          .column = from->column};
    }
    own->body.file = unit->name;
    own->body.policy = unit->policy;
    own->body.after = unit->policy_after;
    own->body.classes = to;
    own->body.class_count = unit->class_count;
}

static mend_status
open_source(const mend_source *source, mend_diagnose diagnose, void *data, struct mn_body **body, mend_error *err)
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
        st = mn_lang_read(source, diagnose, data, &own->unit, err);
    if (st != MEND_OK)
        goto done;
    plan(own);
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
    const struct mn_unit *unit = ((struct source_body *)body)->unit;

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
