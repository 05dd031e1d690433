/* SPDX-License-Identifier: MIT */
/*
 * Reading a source: parse, check, compile, and the plan that comes of it.
 *
 * What the unit keeps (plans, names) lives in an arena of its own; everything else of a reading goes when it
 * ends.
 */
#include "lang/lang.h"
#include "base/alloc.h"
#include "lang/builtin/builtin.h"
#include "lang/compile.h"
#include "lang/convert.h"
#include "lang/json/json.h"
#include "lang/objc/parse.h"

struct mn_unit_memory {
    struct mn_arena arena;
};

static void
close_check(struct mn_check *c)
{
    for (size_t i = 0; i < c->classes.count; i++)
        mn_klass_fini(*MN_LIST_AT(struct mn_klass *, &c->classes, i));
    mn_klass_fini(&c->lost.klass);
    mn_list_fini(&c->classes);
    mn_list_fini(&c->aliases);
    mn_list_fini(&c->hoisted);
    mn_list_fini(&c->names);
    mn_list_fini(&c->bodies);
    mn_list_fini(&c->outs);
    mn_list_fini(&c->wanted);
    mn_map_fini(&c->tags);
    mn_builder_free(c->builder);
    mn_live_fini(c->live);
    mn_arena_fini(c->arena);
}

/* ---- the plan ---- */

static void
plan_ivars(struct mn_arena *keep, struct mn_klass *k, struct mn_class_plan *plan, struct mn_check *c)
{
    struct mn_ivar_plan *ivars = mn_arena_alloc(keep, (k->ivars.count + 1) * sizeof *ivars);

    if (k->live) /* what is added to it lies beside its objects */
        return;
    for (size_t i = 0; ivars && i < k->ivars.count; i++) {
        const struct mn_kivar *from = MN_LIST_AT(struct mn_kivar, &k->ivars, i);

        ivars[i].name = mn_arena_strdup(keep, from->name);
        ivars[i].encoding = mn_arena_strdup(keep, mn_type_text(c, from->type));
        ivars[i].size = from->type->size;
        ivars[i].align = from->type->align;
    }
    plan->ivars = ivars;
    plan->ivar_count = k->ivars.count;
}

static void
plan_class(struct mn_check *c, struct mn_klass *k, struct mn_class_plan *plan)
{
    struct mn_arena *keep = c->keep;
    struct mn_method_plan *methods = mn_arena_alloc(keep, (k->plans.count + 1) * sizeof *methods);
    const char **protocols = mn_arena_alloc(keep, (k->protocols.count + 1) * sizeof *protocols);

    if (!methods || !protocols)
        return;
    for (size_t i = 0; i < k->plans.count; i++)
        methods[i] = **MN_LIST_AT(struct mn_method_plan *, &k->plans, i);
    for (size_t i = 0; i < k->protocols.count; i++)
        protocols[i] = mn_arena_strdup(keep, *MN_LIST_AT(const char *, &k->protocols, i));
    plan->name = mn_arena_strdup(keep, k->name);
    plan->superclass = k->superclass ? mn_arena_strdup(keep, k->superclass) : NULL;
    plan->exists = k->live != NULL;
    plan->condition = k->condition;
    plan->methods = methods;
    plan->method_count = k->plans.count;
    plan->protocols = protocols;
    plan->protocol_count = k->protocols.count;
    mn_line_of(c, k->at.start, &plan->line, &plan->column);
    plan_ivars(keep, k, plan, c);
}

/* A class comes behind the superclass it is created from. */
static size_t
order_class(struct mn_check *c, struct mn_klass *k, struct mn_class_plan *plans, size_t count)
{
    if (k->ordered || !k->implemented)
        return count;
    k->ordered = true;
    if (k->super)
        count = order_class(c, k->super, plans, count);
    plan_class(c, k, &plans[count]);
    return count + 1;
}

static void
plan_exports(struct mn_check *c, struct mn_unit *unit)
{
    struct mn_export *exports = mn_arena_alloc(c->keep, (c->names.count + 1) * sizeof *exports);

    for (size_t i = 0; exports && i < c->names.count; i++) {
        const struct mn_name_entry *entry = *MN_LIST_AT(struct mn_name_entry *, &c->names, i);
        const struct mn_global *g = entry->kind == MN_NAME_GLOBAL && entry->level == 0 ? entry->global : NULL;

        if (!g || g->is_static || g->weak || g->type->kind == MN_C_ARRAY)
            continue;
        exports[unit->export_count++] =
            (struct mn_export){.name = mn_arena_strdup(c->keep, g->name),
                               .encoding = mn_arena_strdup(c->keep, mn_type_text(c, g->type)),
                               .offset = g->offset,
                               .strong = g->strong};
    }
    unit->exports = exports;
}

static void
plan_unit(struct mn_check *c, struct mn_unit *unit, const struct mn_body *load)
{
    struct mn_class_plan *plans = mn_arena_alloc(c->keep, (c->classes.count + 1) * sizeof *plans);

    for (size_t i = 0; plans && i < c->classes.count; i++)
        unit->class_count =
            order_class(c, *MN_LIST_AT(struct mn_klass *, &c->classes, i), plans, unit->class_count);
    unit->classes = plans;
    if (c->context)
        plan_exports(c, unit);
    unit->has_load = load != NULL;
    unit->policy = (enum mend_policy)c->tree->policy;
    unit->policy_after = c->tree->policy_after;
    unit->load = load ? load->function : 0;
}

/* ---- reading ---- */

static bool
knows_type(void *data, const char *name)
{
    const struct mn_builtin *b = mn_builtin_find(name);

    (void)data;
    return (b && (b->kind == MN_BUILTIN_TYPE || b->kind == MN_BUILTIN_STRUCT)) || mn_class_named(name) != Nil;
}

mend_status
mn_lang_parse(struct mn_source *source, const mend_source *text, struct mn_tree *tree, struct mn_findings *findings,
              mend_error *err)
{
    struct mn_parse_options options = {.knows_type = knows_type,
                                       .dialect_given = source->rendering != NULL,
                                       .dialect = MN_DIALECT_OBJC,
                                       .include_roots = text->include_roots,
                                       .prelude = text->headers,
                                       .prelude_length = text->headers_length,
                                       .prelude_name = "headers"};

    if (source->rendering)
        tree->policy = source->rendering->policy;
    return mn_objc_parse(tree, source, &options, findings, err);
}

static mend_status
check_and_compile(struct mn_check *c, struct mn_unit *unit, mend_error *err)
{
    struct mn_body *load = NULL;
    mend_status st = mn_check_unit(c, &load, err);

    if (st != MEND_OK)
        return st;
    for (size_t i = 0; i < c->bodies.count; i++)
        mn_compile_body(c, *MN_LIST_AT(struct mn_body *, &c->bodies, i));
    plan_unit(c, unit, load);
    if (c->arena->failed || c->keep->failed)
        return mn_fail_memory(err);
    return mn_builder_finish(c->builder, &unit->program, err);
}

static mend_status
read_tree(struct mn_source *source, const mend_source *text, bool decides, struct mn_tree *tree,
          struct mn_findings *findings, struct mn_unit *unit, mend_error *err)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    struct mn_live live;
    struct mn_check c = {.arena = &arena,
                         .keep = &unit->memory->arena,
                         .findings = findings,
                         .tree = tree,
                         .live = &live,
                         .decides = decides,
                         .names = MN_LIST_OF(struct mn_name_entry *),
                         .classes = MN_LIST_OF(struct mn_klass *),
                         .aliases = MN_LIST_OF(const char *[2]),
                         .hoisted = MN_LIST_OF(struct mn_var *),
                         .bodies = MN_LIST_OF(struct mn_body *),
                         .wanted = MN_LIST_OF(struct mn_decl *),
                         .outs = MN_LIST_OF(struct mn_x *)};
    mend_status syntax = mn_lang_parse(source, text, tree, findings, err), st;

    if (syntax != MEND_OK && syntax != MEND_SYNTAX)
        return syntax;
    c.context = text->context;
    c.profile = text->profile  ? text->profile
                : tree->profile ? (enum mend_profile)tree->profile
                                : MEND_PROFILE_MEND;
    mn_live_init(&live);
    mn_klass_init(&c.lost.klass);
    c.lost.klass.name = "";
    c.builder = mn_builder_new(source->name);
    /* Where the text has syntax errors, its meaning is still looked at: one run shows all that is wrong. */
    st = c.builder ? check_and_compile(&c, unit, err) : mn_fail_memory(err);
    close_check(&c);
    return st == MEND_OK ? syntax : st;
}

static mend_status
read_source(struct mn_source *source, const mend_source *text, bool decides, struct mn_findings *findings,
            struct mn_unit *unit, mend_error *err)
{
    struct mn_tree tree;
    mend_status st;

    if (!mn_tree_init(&tree))
        return mn_fail_memory(err);
    if (!(unit->name = mn_arena_strdup(&unit->memory->arena, source->name))) {
        mn_tree_fini(&tree);
        return mn_fail_memory(err);
    }
    st = read_tree(source, text, decides, &tree, findings, unit, err);
    mn_tree_fini(&tree);
    return st;
}

struct mn_unit *
mn_unit_new(struct mn_arena **arena)
{
    struct mn_unit *unit = mn_calloc(1, sizeof *unit);

    if (unit && !(unit->memory = mn_calloc(1, sizeof *unit->memory))) {
        mn_free(unit);
        return NULL;
    }
    if (unit)
        *arena = &unit->memory->arena;
    return unit;
}

static mend_status
read_opened(struct mn_source *source, const mend_source *text, bool decides, mend_diagnose diagnose,
            void *data, struct mn_unit **unit, mend_error *err)
{
    struct mn_findings findings;
    struct mn_arena *arena;
    mend_status st;

    mn_findings_init(&findings, source);
    if (!(*unit = mn_unit_new(&arena)))
        st = mn_fail_memory(err);
    else
        st = read_source(source, text, decides, &findings, *unit, err);
    mn_findings_emit(&findings, diagnose, data);
    mn_findings_fini(&findings);
    if (st != MEND_OK) {
        mn_unit_free(*unit);
        *unit = NULL;
    }
    return st;
}

static mend_status
read_any(const mend_source *text, bool decides, mend_diagnose diagnose, void *data, struct mn_unit **unit,
         mend_error *err)
{
    struct mn_json_unit document;
    struct mn_source source;
    mend_status st;

    *unit = NULL;
    if (mn_json_is_document(text)) {
        if ((st = mn_json_open(&document, text, diagnose, data, err)) != MEND_OK)
            return st;
        st = read_opened(&document.source, text, decides, diagnose, data, unit, document.status == MEND_OK ? err : NULL);
        if (document.status != MEND_OK) {
            mn_unit_free(*unit);
            *unit = NULL;
            st = document.status;
        }
        mn_json_close(&document);
        return st;
    }
    if ((st = mn_source_open(&source, text->name, text->text, text->length, err)) != MEND_OK)
        return st;
    st = read_opened(&source, text, decides, diagnose, data, unit, err);
    mn_source_close(&source);
    return st;
}

mend_status
mn_lang_read(const mend_source *text, mend_diagnose diagnose, void *data, struct mn_unit **unit, mend_error *err)
{
    return read_any(text, false, diagnose, data, unit, err);
}

mend_status
mn_lang_read_deciding(const mend_source *text, mend_diagnose diagnose, void *data, struct mn_unit **unit,
                      mend_error *err)
{
    return read_any(text, true, diagnose, data, unit, err);
}

void
mn_unit_free(struct mn_unit *unit)
{
    if (!unit)
        return;
    mn_program_unuse(unit->program);
    mn_arena_fini(&unit->memory->arena);
    mn_free(unit->memory);
    mn_free(unit);
}
