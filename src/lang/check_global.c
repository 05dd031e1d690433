/* SPDX-License-Identifier: MIT */
/*
 * Variables that outlive calls: those of the whole source, and static ones of functions.
 *
 * Each has its bytes in the program's data. A constant initialiser is written there at once, so that the value
 * stands before any code runs; any other becomes an assignment among the top-level statements. A name may be
 * declared again (C's tentative definitions), with the same type and one initialiser at most.
 */
#include "lang/check.h"

#include "abi/type.h"
#include "lang/builtin/builtin.h"

#include <string.h>

/* ---- constant values ---- */

/* An address that is known but for where the data lies. */
struct place {
    uint32_t target;
    int64_t addend;
    const struct mn_x *text; /* a C string's instead of the data's */
};

static bool constant_address(const struct mn_x *x, struct place *out);

/* Where a place in the data is. */
static bool
constant_place(const struct mn_x *x, struct place *out)
{
    switch (x->kind) {
    case MN_X_GLOBAL:
        *out = (struct place){.target = x->global->offset};
        return true;
    case MN_X_FIELD:
        if (!constant_place(x->part.base, out))
            return false;
        out->addend += x->part.offset;
        return true;
    case MN_X_MEMORY:
        if (!constant_address(x->part.base, out))
            return false;
        out->addend += x->part.offset;
        return true;
    case MN_X_INDEX:
        if (x->index.index->kind != MN_X_INT || !constant_address(x->index.base, out))
            return false;
        out->addend += x->index.index->integer * (int64_t)x->type->size;
        return true;
    default:
        return false;
    }
}

static bool
constant_address(const struct mn_x *x, struct place *out)
{
    while (x->kind == MN_X_CONVERT && x->type->size == 8 && x->of.a->type->size == 8)
        x = x->of.a;
    if (x->kind == MN_X_ADDRESS)
        return constant_place(x->of.a, out);
    if (x->kind == MN_X_TEXT) {
        *out = (struct place){.text = x};
        return true;
    }
    if (x->kind != MN_X_ARITH || (x->of.op != MN_ADD && x->of.op != MN_SUB) || x->of.b->kind != MN_X_INT ||
        !constant_address(x->of.a, out))
        return false;
    out->addend += x->of.op == MN_ADD ? x->of.b->integer : -x->of.b->integer;
    return true;
}

/* A number that is the same in every process: addresses of functions and the like are not. */
static bool
is_number(const struct mn_x *x)
{
    return x->kind == MN_X_FLOAT ||
           (x->kind == MN_X_INT && (x->integer == 0 || mn_ctype_is_number(x->type)));
}

static bool
is_constant(const struct mn_x *x)
{
    struct place place;

    if (x->kind == MN_X_AGGREGATE) {
        for (unsigned i = 0; i < x->aggregate.count; i++)
            if (!is_constant(x->aggregate.parts[i].value))
                return false;
        return true;
    }
    return is_number(x) || (x->type->kind == MN_C_POINTER && constant_address(x, &place));
}

static void
store_float(struct mn_check *c, const struct mn_x *x, uint32_t at)
{
    float f = (float)x->floating;
    double d = (double)x->floating;
    unsigned char wide[16] = {0};

    memcpy(wide, &x->floating, sizeof x->floating < 16 ? sizeof x->floating : MN_LDOUBLE_BYTES);
    if (x->type->kind == MN_C_FLOAT)
        mn_builder_data_bytes(c->builder, at, &f, sizeof f);
    else if (x->type->kind == MN_C_DOUBLE)
        mn_builder_data_bytes(c->builder, at, &d, sizeof d);
    else
        mn_builder_data_bytes(c->builder, at, wide, sizeof wide);
}

/* Bit by bit, into what other fields of the unit may have left. */
static void
store_bits(struct mn_check *c, int64_t value, const struct mn_bits *bits, uint32_t at)
{
    for (unsigned i = 0; i < bits->width; i++)
        mn_builder_data_bit(c->builder, at + (bits->bit + i) / 8, (bits->bit + i) % 8, value >> i & 1);
}

/* Narrow integers stand at the low end of the word: all processors here are little-endian. */
static void
store_constant(struct mn_check *c, const struct mn_x *x, uint32_t at)
{
    struct place place;

    if (x->kind == MN_X_AGGREGATE) {
        for (unsigned i = 0; i < x->aggregate.count; i++) {
            const struct mn_part *part = &x->aggregate.parts[i];

            if (part->bits.width)
                store_bits(c, part->value->integer, &part->bits, at + (uint32_t)part->offset);
            else
                store_constant(c, part->value, at + (uint32_t)part->offset);
        }
    } else if (x->kind == MN_X_INT) {
        mn_builder_data_bytes(c->builder, at, &x->integer, x->type->size);
    } else if (x->kind == MN_X_FLOAT) {
        store_float(c, x, at);
    } else if (constant_address(x, &place)) {
        if (place.text)
            mn_builder_data_text(c->builder, at, place.text->text.bytes, place.text->text.length,
                                 place.addend);
        else
            mn_builder_data_place(c->builder, at, place.target, place.addend);
    }
}

/* ---- declarations ---- */

struct mn_x *
mn_global_node(struct mn_check *c, const struct mn_global *global, uint32_t at)
{
    struct mn_x *x = mn_x_new(c, MN_X_GLOBAL, global->type, at);

    x->global = global;
    return x;
}

/* The one declared before in this scope, or NULL. */
static struct mn_global *
earlier(struct mn_check *c, struct mn_decl *d)
{
    struct mn_name_entry *entry = mn_scope_find(c, d->name);

    return entry && entry->level == c->level && entry->kind == MN_NAME_GLOBAL ? entry->global : NULL;
}

static bool
is_open(const struct mn_ctype *type)
{
    return type->kind == MN_C_ARRAY && !type->count;
}

static void
allocate(struct mn_check *c, struct mn_global *global)
{
    global->offset = mn_builder_data(c->builder, global->type->size, global->type->align);
    if (global->strong)
        mn_builder_data_object(c->builder, global->offset);
    if (global->weak)
        mn_builder_data_weak(c->builder, global->offset);
}

struct mn_global *
mn_global_new(struct mn_check *c, const struct mn_ctype *type, bool strong, bool weak)
{
    struct mn_global *global = mn_arena_alloc(c->arena, sizeof *global);

    if (!global)
        return NULL;
    *global = (struct mn_global){.name = "", .type = type, .strong = strong, .weak = weak};
    allocate(c, global);
    return global;
}

static struct mn_global *
declare(struct mn_check *c, struct mn_decl *d, const struct mn_ctype *type)
{
    struct mn_global *global = earlier(c, d);

    if (global && mn_ctype_same(global->type, type))
        return global;
    if (global && is_open(type) && global->type->kind == MN_C_ARRAY &&
        mn_ctype_same(global->type->inner, type->inner))
        return global;
    if (global) {
        mn_error_at(c->findings, d->at, "'%s' is declared again with another type", d->name);
        mn_note_at(c->findings, mn_scope_find(c, d->name)->at, "the earlier declaration is here");
    }
    if (!(global = mn_arena_alloc(c->arena, sizeof *global)))
        return NULL;
    global->name = d->name;
    global->type = type;
    global->weak = mn_ctype_is_counted(type) && d->ownership == MN_OWNERSHIP_WEAK;
    global->strong = mn_ctype_is_counted(type) && d->ownership != MN_OWNERSHIP_UNSAFE && !global->weak;
    global->is_static = d->storage & MN_STORAGE_STATIC;
    global->offset = UINT32_MAX;
    mn_scope_add(c, MN_NAME_GLOBAL, d->name, d->at)->global = global;
    return global;
}

static struct mn_s *
set_at_load(struct mn_check *c, const struct mn_global *global, struct mn_x *init, struct mn_decl *d)
{
    struct mn_s *s = mn_s_new(c, MN_S_EXPRESSION, d->at.start);

    s->x = mn_x_assign(c, mn_global_node(c, global, d->at.start), init);
    return s;
}

/* A static variable of a function is set by the first call that comes to it. */
static struct mn_s *
set_once(struct mn_check *c, const struct mn_global *global, struct mn_x *init, struct mn_decl *d)
{
    struct mn_s *s = mn_s_new(c, MN_S_ONCE, d->at.start);

    s->once.x = mn_x_assign(c, mn_global_node(c, global, d->at.start), init);
    s->once.data = mn_builder_data(c->builder, 16, 16);
    return s;
}

/* The initialiser, converted; gives an array without a size its own. */
static struct mn_x *
check_value(struct mn_check *c, struct mn_global *global, struct mn_decl *d)
{
    struct mn_x *init;

    if (global->set)
        mn_error_at(c->findings, d->at, "'%s' is initialised twice", d->name);
    global->set = true;
    init = mn_check_init(c, d->init, global->type, "initialiser");
    if (global->type->kind == MN_C_ARRAY && !global->type->count && init->kind == MN_X_AGGREGATE)
        global->type = init->type;
    return init;
}

static bool
refuse_storage(struct mn_check *c, struct mn_decl *d)
{
    if (d->storage & MN_STORAGE_THREAD)
        mn_error_at(c->findings, d->at, "thread-local variables are not supported yet");
    return d->storage & MN_STORAGE_THREAD;
}

static const struct mn_ctype *
type_of(struct mn_check *c, struct mn_decl *d)
{
    if (d->type->kind != MN_TNAME_AUTO || !d->init)
        return mn_dynamic_type(c, d->type, mn_check_variable_type(c, d->type));
    return mn_check_value(c, d->init)->type;
}

static struct mn_s *
check_own(struct mn_check *c, struct mn_decl *d)
{
    const struct mn_ctype *type = refuse_storage(c, d) ? mn_ctype_basic(MN_C_ERROR) : type_of(c, d);
    struct mn_global *global = declare(c, d, type);
    struct mn_x *init = NULL;

    if (!global)
        return NULL;
    /* Its own address may stand in its initialiser, so it has its place first, unless only that gives the size. */
    if (global->offset == UINT32_MAX && !is_open(global->type))
        allocate(c, global);
    if (d->init)
        init = check_value(c, global, d);
    if (global->offset == UINT32_MAX)
        allocate(c, global);
    if (is_open(global->type))
        mn_error_at(c->findings, d->at, "the array '%s' has no size", d->name);
    if (!init || mn_x_is_error(init))
        return NULL;
    if (is_constant(init)) {
        store_constant(c, init, global->offset);
        return NULL;
    }
    return c->level ? set_once(c, global, init, d) : set_at_load(c, global, init, d);
}

/* Whether the source defines a variable of that name. */
static bool
defines(const struct mn_check *c, const char *name)
{
    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        const struct mn_item *item = &c->tree->items[i];

        if (item->kind == MN_ITEM_DECLARATION && item->decl->kind == MN_DECL_VARIABLE &&
            item->decl->name == name && !(item->decl->storage & MN_STORAGE_EXTERN))
            return true;
    }
    return false;
}

/* A native variable, or one that the patch defines elsewhere; true when that is all there is to declare. */
static bool
declare_extern(struct mn_check *c, struct mn_decl *d)
{
    const struct mn_builtin *b = mn_builtin_find(d->name);
    struct mn_name_entry *entry = mn_scope_find(c, d->name);
    const struct mn_ctype *type;

    if (entry && entry->kind == MN_NAME_GLOBAL)
        return true;
    if (b && b->kind != MN_BUILTIN_DATA)
        return true; /* a constant by its own name */
    type = mn_check_type(c, d->type);
    if (type->kind == MN_C_ERROR)
        return true;
    if (!mn_builtin_symbol(d->name)) {
        if (!c->level && defines(c, d->name))
            return true;
        mn_warning_at(c->findings, d->at, "the program has no symbol '%s': it reads as zero", d->name);
        return false;
    }
    entry = mn_scope_add(c, MN_NAME_EXTERN, d->name, d->at);
    entry->type = type;
    return true;
}

struct mn_s *
mn_check_global(struct mn_check *c, struct mn_decl *d)
{
    if ((d->storage & MN_STORAGE_EXTERN) && !d->init && declare_extern(c, d))
        return NULL;
    return check_own(c, d);
}
