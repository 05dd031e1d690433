/* SPDX-License-Identifier: MIT */
/*
 * Annotations (spec/mango.md section 9) and other names for classes.
 *
 * @If is settled before anything else of the source is looked at: what it excludes is taken out of the tree.
 * A condition that is no constant ($systemVersion.doubleValue() < 13) is compiled and run there and then when the source is read
 * to be applied; it is the one thing that runs while a source is read. Where a source is only checked or built it becomes a
 * function of the unit, whoever applies the unit asks it, and what it is about is checked as if it were there.
 */
#include "lang/check.h"
#include "lang/compile.h"
#include "runtime/exception.h"
#include "vm/run.h"
#include <string.h>

/* ---- conditions ---- */

struct run {
    const struct mn_function *function;
    uint64_t result;
};

static void
run_condition(void *data)
{
    struct run *run = data;

    mn_vm_call(run->function, NULL, &run->result);
}

/* Compiles and runs one expression; false after a finding. */
static bool
evaluate(struct mn_check *c, struct mn_x *x, struct mn_span span, bool *truth)
{
    struct mn_body body = {.name = "@If", .encoding = "B", .result = mn_ctype_basic(MN_C_BOOL)};
    struct mn_s *s = mn_s_new(c, MN_S_RETURN, span.start);
    struct mn_program *program = NULL;
    struct run run = {NULL, 0};
    char reason[200];
    mend_error err;
    id exception;
    bool ran;

    s->x = mn_coerce(c, x, body.result);
    body.statements = mn_s_block(c, mn_arena_copy(c->arena, &s, 1, sizeof(struct mn_s *)), 1, span.start);
    body.at = body.end = span.start;
    if (c->arena->failed)
        return false;
    mn_compile_body(c, &body);
    if (mn_builder_finish(c->builder, &program, &err) != MEND_OK) {
        mn_error_at(c->findings, span, "the condition cannot be evaluated: %s", err.message);
        return false;
    }
    run.function = mn_program_function(program, 0);
    if (!(ran = mn_try(run_condition, &run, &exception))) {
        mn_exception_reason(exception, reason, sizeof reason);
        mn_error_at(c->findings, span, "the condition cannot be evaluated: %s", reason);
    }
    mn_program_unuse(program);
    *truth = run.result != 0;
    return ran;
}

/* The condition as a function of the unit; its number plus one. */
static uint32_t
keep_condition(struct mn_check *c, struct mn_x *x, struct mn_span span)
{
    struct mn_body *body = mn_body_new(c, NULL, NULL);
    struct mn_s *s = mn_s_new(c, MN_S_RETURN, span.start);
    unsigned line, column;

    mn_line_of(c, span.start, &line, &column);
    body->name = mn_text_of(c, "@If at %u:%u", line, column); /* functions are told apart by their names */
    body->encoding = "B";
    body->result = mn_ctype_basic(MN_C_BOOL);
    body->function = mn_builder_function(c->builder, body->name);
    body->at = body->end = span.start;
    s->x = mn_coerce(c, x, body->result);
    body->statements = mn_s_block(c, mn_arena_copy(c->arena, &s, 1, sizeof(struct mn_s *)), 1, span.start);
    mn_body_done(c, body);
    mn_remark_at(c->findings, span, "'@If' is decided when the patch is applied; checked as if it held");
    return body->function + 1;
}

/* True where nothing is known yet: *undecided then says which function decides. */
static bool
condition_holds(struct mn_check *c, struct mn_annotation *a, uint32_t *undecided)
{
    struct mn_builder *outer = c->builder;
    bool truth = true, runs = c->decides;
    struct mn_x *x;

    if (!a->argument) {
        mn_error_at(c->findings, a->span, "'@If' needs a condition in parentheses");
        return true;
    }
    if (runs && !(c->builder = mn_builder_new("@If"))) {
        c->builder = outer;
        c->arena->failed = true;
        return true;
    }
    x = mn_check_condition(c, a->argument);
    if (x->kind == MN_X_INT)
        truth = x->integer != 0;
    else if (!mn_x_is_error(x) && runs)
        evaluate(c, x, a->span, &truth);
    else if (!mn_x_is_error(x))
        *undecided = keep_condition(c, x, a->span);
    if (runs)
        mn_builder_free(c->builder);
    c->builder = outer;
    return truth;
}

static bool
is_known(const char *name)
{
    static const char *const known[] = {"If", "SwiftModule", "SwiftClassAlias", "MethodName", "Selector", "Signature"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], name) == 0)
            return true;
    return false;
}

/* Whether all conditions hold; unknown annotations are said to mean nothing. */
static bool
stays(struct mn_check *c, struct mn_annotations *list, uint32_t *undecided)
{
    bool all = true;

    for (uint32_t i = 0; i < list->count; i++) {
        if (!list->items[i].name.name)
            continue;
        if (!is_known(list->items[i].name.name))
            mn_warning_at(c->findings, list->items[i].span, "the annotation '%s' means nothing here",
                          list->items[i].name.name);
        else if (strcmp(list->items[i].name.name, "If") == 0)
            all = condition_holds(c, &list->items[i], undecided) && all;
    }
    return all;
}

static const struct mn_annotation *
annotation(const struct mn_annotations *list, const char *name)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].name.name && strcmp(list->items[i].name.name, name) == 0)
            return &list->items[i];
    return NULL;
}

/* The text an annotation holds; NULL after a finding. */
static const char *
text_in(struct mn_check *c, const struct mn_annotation *a)
{
    struct mn_expr *e = a->argument;

    if (e && (e->kind == MN_EXPR_CSTRING || e->kind == MN_EXPR_STRING) && e->string.length)
        return mn_tree_name(c->tree, e->string.bytes, e->string.length);
    mn_error_at(c->findings, a->span, "'@%s' needs a text in parentheses", a->name.name);
    return NULL;
}

/* ---- the parts ---- */

/* "M.X" where the process has such a class, else the name as it stands. */
static void
name_module(struct mn_check *c, const struct mn_annotations *list, struct mn_word *word)
{
    const struct mn_annotation *a = annotation(list, "SwiftModule");
    const char *module = a ? text_in(c, a) : NULL, *whole;

    if (!module || !word->name)
        return;
    whole = mn_text_of(c, "%s.%s", module, word->name);
    if (mn_class_named(whole))
        mn_class_alias(c, word->name, mn_tree_name(c->tree, whole, strlen(whole)));
}

static void
settle_method(struct mn_check *c, struct mn_method_decl *m)
{
    const struct mn_annotation *a = annotation(&m->annotations, "MethodName");
    const char *selector;
    uint32_t colons = 0;

    if (!a)
        a = annotation(&m->annotations, "Selector");
    if (!a || !(selector = text_in(c, a)))
        return;
    for (const char *p = selector; *p; p++)
        colons += *p == ':';
    if (colons != m->params.count)
        mn_error_at(c->findings, a->span, "'%s' takes %u arguments, the method %u", selector, (unsigned)colons,
                    (unsigned)m->params.count);
    else
        m->selector = selector;
}

static void
settle_class(struct mn_check *c, struct mn_class_decl *d, uint32_t undecided)
{
    uint32_t n = 0;

    name_module(c, &d->annotations, &d->name);
    name_module(c, &d->superclass_annotations, &d->superclass);
    for (uint32_t i = 0; i < d->method_count; i++)
        if (stays(c, &d->methods[i]->annotations, &d->methods[i]->conditions[1])) {
            d->methods[i]->conditions[0] = undecided;
            settle_method(c, d->methods[i]);
            d->methods[n++] = d->methods[i];
        }
    d->method_count = n;
    n = 0;
    for (uint32_t i = 0; i < d->property_count; i++)
        if (stays(c, &d->properties[i]->annotations, &d->properties[i]->conditions[1])) {
            d->properties[i]->conditions[0] = undecided;
            d->properties[n++] = d->properties[i];
        }
    d->property_count = n;
}

static struct mn_annotations *
annotations_of(struct mn_item *item)
{
    switch (item->kind) {
    case MN_ITEM_CLASS:
        return &item->class_->annotations;
    case MN_ITEM_DECLARATION:
        return &item->decl->annotations;
    default:
        return &item->annotations;
    }
}

void
mn_settle_annotations(struct mn_check *c)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        struct mn_item *item = &c->tree->items[i];

        c->dialect = item->dialect;
        if (item->kind == MN_ITEM_ALIAS)
            mn_class_alias(c, item->alias.alias.name, item->alias.original.name);
        if (!stays(c, annotations_of(item), &item->condition))
            continue;
        if (item->kind == MN_ITEM_CLASS)
            settle_class(c, item->class_, item->condition);
        c->tree->items[n++] = *item;
    }
    c->tree->item_count = n;
}

/* ---- other names for classes ---- */

struct alias {
    const char *alias, *original;
};

void
mn_class_alias(struct mn_check *c, const char *alias, const char *original)
{
    struct alias *made;

    if (!alias || !original)
        return;
    if (!(made = mn_list_add(&c->aliases)))
        c->arena->failed = true;
    else
        *made = (struct alias){alias, original};
}

const char *
mn_class_real(const struct mn_check *c, const char *name)
{
    for (size_t i = 0; i < c->aliases.count; i++) {
        const struct alias *a = MN_LIST_AT(struct alias, &c->aliases, i);

        if (strcmp(a->alias, name) == 0 && !mn_class_named(name))
            return a->original;
    }
    return name;
}
