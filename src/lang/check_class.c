/* SPDX-License-Identifier: MIT */
/*
 * Classes: what the source says of a class, merged over all its parts and with the live class of that name.
 *
 * First every part is collected, so that a class may be used above its text; then superclasses are settled.
 * Nothing here looks into bodies.
 */
#include "lang/check.h"
#include "runtime/suggest.h"
#include <string.h>

void
mn_klass_init(struct mn_klass *k)
{
    k->ivars = MN_LIST_OF(struct mn_kivar);
    k->told = MN_LIST_OF(struct mn_kivar);
    k->properties = MN_LIST_OF(struct mn_kproperty);
    k->methods = MN_LIST_OF(struct mn_msig);
    k->plans = MN_LIST_OF(struct mn_method_plan *);
    k->protocols = MN_LIST_OF(const char *);
}

void
mn_klass_fini(struct mn_klass *k)
{
    mn_list_fini(&k->ivars);
    mn_list_fini(&k->told);
    mn_list_fini(&k->properties);
    mn_list_fini(&k->methods);
    mn_map_fini(&k->selectors[false]);
    mn_map_fini(&k->selectors[true]);
    mn_list_fini(&k->plans);
    mn_list_fini(&k->protocols);
}

struct mn_msig *
mn_klass_method(const struct mn_klass *k, bool class_side, const char *selector)
{
    uintptr_t place = (uintptr_t)mn_map_get_text(&k->selectors[class_side], selector);

    return place ? MN_LIST_AT(struct mn_msig, &k->methods, place - 1) : NULL;
}

struct mn_msig *
mn_klass_add_method(struct mn_klass *k, bool class_side, const char *selector)
{
    struct mn_msig *made = mn_list_add(&k->methods);

    if (made && !mn_map_get_text(&k->selectors[class_side], selector) &&
        !mn_map_set_text(&k->selectors[class_side], selector, (void *)(uintptr_t)k->methods.count)) {
        k->methods.count--;
        return NULL;
    }
    return made;
}

struct mn_klass *
mn_klass_named(struct mn_check *c, const char *name)
{
    for (size_t i = 0; name && i < c->classes.count; i++) {
        struct mn_klass *k = *MN_LIST_AT(struct mn_klass *, &c->classes, i);

        if (!k->is_protocol && (k->name == name || strcmp(k->name, name) == 0))
            return k;
    }
    return NULL;
}

struct mn_klass *
mn_klass_add(struct mn_check *c, const char *name)
{
    struct mn_klass *k = mn_klass_named(c, name), **slot;

    if (k)
        return k;
    k = mn_arena_alloc(c->arena, sizeof *k);
    if (!k || !(slot = mn_list_add(&c->classes))) {
        c->arena->failed = true;
        return &c->lost.klass;
    }
    *slot = k;
    mn_klass_init(k);
    k->name = name;
    k->live = mn_class_named(name);
    k->superclass = k->live && mn_class_super(k->live) ? mn_class_name(mn_class_super(k->live)) : NULL;
    return k;
}

bool
mn_class_known(struct mn_check *c, const char *name)
{
    name = mn_class_real(c, name);
    return mn_klass_named(c, name) || mn_class_named(name);
}

const char *
mn_super_name(struct mn_check *c, const char *class_name)
{
    struct mn_klass *k = mn_klass_named(c, class_name);
    Class live = k ? k->live : mn_class_named(class_name);

    if (live)
        return mn_class_super(live) ? mn_class_name(mn_class_super(live)) : NULL;
    return k ? k->superclass : NULL;
}

bool
mn_class_below(struct mn_check *c, const char *class_name, const char *ancestor)
{
    for (unsigned depth = 0; class_name && depth < 1000; depth++) {
        if (strcmp(class_name, ancestor) == 0)
            return true;
        class_name = mn_super_name(c, class_name);
    }
    return false;
}

/* ---- parts ---- */

static void
collect_property(struct mn_check *c, struct mn_klass *k, struct mn_property_decl *p)
{
    struct mn_kproperty *made = mn_list_add(&k->properties);
    const char *name = p->name.name;

    if (!made) {
        c->arena->failed = true;
        return;
    }
    made->name = name;
    made->type = mn_check_type(c, p->type);
    made->flags = p->flags;
    made->class_side = (p->flags & MN_PROP_CLASS) != 0;
    made->at = p->span;
    memcpy(made->conditions, p->conditions, sizeof made->conditions);
    made->getter = p->getter ? p->getter : name;
    made->ivar = mn_text_of(c, "_%s", name);
    if (p->flags & MN_PROP_READONLY)
        return;
    made->setter =
        p->setter
            ? p->setter
            : mn_text_of(c, "set%c%s:", name[0] >= 'a' && name[0] <= 'z' ? name[0] - 32 : name[0], name + 1);
}

static void
collect_method(struct mn_check *c, struct mn_klass *k, struct mn_method_decl *m)
{
    const struct mn_ctype *result = mn_check_type(c, m->result), **params;
    struct mn_msig *made = mn_klass_method(k, m->is_class, m->selector); /* an implementation repeats its interface */

    params = mn_arena_alloc(c->arena, (m->params.count + 1) * sizeof *params);
    if (!params || (!made && !(made = mn_klass_add_method(k, m->is_class, m->selector)))) {
        c->arena->failed = true;
        return;
    }
    for (uint32_t i = 0; i < m->params.count; i++) {
        const struct mn_ctype *type = mn_ctype_decay(c->arena, mn_check_type(c, m->params.items[i]->type));

        params[i] = type && m->dialect == MN_DIALECT_MANGO ? mn_mango_type(type) : type;
    }
    *made = (struct mn_msig){m->selector, m->dialect == MN_DIALECT_MANGO ? mn_mango_type(result) : result,
                             params,      m->params.count,
                             m->is_class, m->variadic,
                             true,        true};
}

/* Where the live class's encoding does not tell the type (bit-fields, vectors, how a function is called, the fields of a structure without a tag), the declaration does. */
static void
note_declared(struct mn_check *c, struct mn_klass *k, struct mn_decl *v, const struct mn_ctype *type,
              const char *encoding)
{
    const struct mn_ctype *told = encoding ? mn_encoded_type(c, encoding) : NULL;
    struct mn_kivar *made;

    if (!v->name || v->bits || type->kind == MN_C_ERROR || type->incomplete ||
        (told && told->kind != MN_C_ERROR && !told->incomplete &&
         (!strchr(encoding, '?') || told->size != type->size)))
        return;
    if ((made = mn_list_add(&k->told)))
        *made = (struct mn_kivar){.name = v->name, .type = type, .at = v->at};
    else
        c->arena->failed = true;
}

static void
collect_ivars(struct mn_check *c, struct mn_klass *k, struct mn_class_decl *d)
{
    for (uint32_t i = 0; i < d->ivars.count; i++) {
        struct mn_decl *v = d->ivars.items[i];
        const struct mn_ctype *type = mn_check_type(c, v->type);
        struct mn_kivar *made;
        struct mn_ivar live;

        if (k->live && (!v->name || mn_ivar_find(k->live, v->name, &live))) {
            note_declared(c, k, v, type, v->name ? live.types : NULL);
            continue; /* the class has it */
        }
        if (type->kind == MN_C_ERROR)
            continue;
        if (type->incomplete || type->kind == MN_C_VOID || type->kind == MN_C_FUNCTION || v->bits) {
            mn_error_at(c->findings, v->at,
                        v->bits ? "bit-fields are not supported yet"
                                : "an instance variable cannot have the type '%s'",
                        mn_spelled(c, type));
            continue;
        }
        if (!(made = mn_list_add(&k->ivars))) {
            c->arena->failed = true;
            continue;
        }
        *made = (struct mn_kivar){v->name, type,
                                  mn_ctype_is_counted(type) && v->ownership != MN_OWNERSHIP_UNSAFE &&
                                      v->ownership != MN_OWNERSHIP_WEAK,
                                  v->at, mn_ctype_is_counted(type) && v->ownership == MN_OWNERSHIP_WEAK};
    }
}

static void
collect_protocols(struct mn_check *c, struct mn_klass *k, struct mn_words *names)
{
    for (uint32_t i = 0; i < names->count; i++) {
        const char **slot;

        if (!mn_protocol_named(names->items[i].name)) {
            mn_warning_at(c->findings, names->items[i].span, "the process knows no protocol '%s'",
                          names->items[i].name);
            continue;
        }
        if ((slot = mn_list_add(&k->protocols)))
            *slot = names->items[i].name;
        else
            c->arena->failed = true;
    }
}

/* ---- superclasses ---- */

static void
unknown_class(struct mn_check *c, struct mn_word *word, const char *remedy)
{
    const char *near;

    mn_error_status_at(c->findings, MEND_NO_CLASS, word->span, "there is no class '%s' in this process",
                       word->name);
    if (c->findings->dropped)
        return;
    if ((near = mn_suggest_class(word->name)))
        mn_suggest(c->findings, "did you mean '%s'?", near);
    else if (remedy)
        mn_suggest(c->findings, remedy, word->name);
}

static void
check_superclass(struct mn_check *c, struct mn_klass *k, struct mn_class_decl *d)
{
    Class above = mn_class_super(k->live);

    if (!d->superclass.name || d->has_category || !above ||
        strcmp(mn_class_name(above), d->superclass.name) == 0)
        return;
    if (mn_class_below(c, mn_class_name(above), d->superclass.name)) {
        mn_warning_at(c->findings, d->superclass.span, "'%s' is an ancestor of '%s', its superclass is '%s'",
                      d->superclass.name, k->name, mn_class_name(above));
        return;
    }
    mn_error_at(c->findings, d->superclass.span, "the superclass of '%s' is '%s', not '%s'", k->name,
                mn_class_name(above), d->superclass.name);
}

static void
collect_class(struct mn_check *c, struct mn_class_decl *d, uint32_t condition)
{
    struct mn_klass *k;
    bool implements = d->form == MN_FORM_IMPLEMENTATION || d->form == MN_FORM_MANGO_CLASS;

    if (!d->name.name)
        return;
    d->name.name = mn_class_real(c, d->name.name);
    if (d->superclass.name)
        d->superclass.name = mn_class_real(c, d->superclass.name);
    if (d->form == MN_FORM_PROTOCOL) {
        /* Only its declarations count here: a list of methods under a name no class lookup finds. */
        k = mn_klass_add(c, mn_text_of(c, "<%s>", d->name.name));
        k->is_protocol = true;
        for (uint32_t i = 0; i < d->method_count; i++)
            collect_method(c, k, d->methods[i]);
        return;
    }
    c->dialect = d->dialect;
    k = mn_klass_add(c, d->name.name);
    k->declared |= d->form != MN_FORM_IMPLEMENTATION;
    if (implements && !k->implemented) {
        k->implemented = true;
        k->at = d->name.span;
        k->condition = condition;
    } else if (implements) {
        k->condition = 0; /* a class of several parts is made; each method knows the condition of its part */
    }
    if (k->live)
        check_superclass(c, k, d);
    else if (d->superclass.name && !d->has_category)
        k->superclass = d->superclass.name;
    if (d->has_category && !k->live && d->form == MN_FORM_IMPLEMENTATION && !k->declared)
        unknown_class(c, &d->name, NULL);
    collect_ivars(c, k, d);
    collect_protocols(c, k, &d->protocols);
    for (uint32_t i = 0; i < d->property_count; i++)
        collect_property(c, k, d->properties[i]);
    for (uint32_t i = 0; i < d->method_count; i++)
        collect_method(c, k, d->methods[i]);
}

static struct mn_kproperty *
own_property(struct mn_klass *k, const char *name)
{
    for (size_t i = 0; i < k->properties.count; i++) {
        struct mn_kproperty *p = MN_LIST_AT(struct mn_kproperty, &k->properties, i);

        if (strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}

static void
apply_synthesize(struct mn_check *c, struct mn_class_decl *d)
{
    struct mn_klass *k = mn_klass_named(c, d->name.name);

    for (uint32_t i = 0; k && i < d->synthesized_count; i++) {
        struct mn_synthesize *s = &d->synthesized[i];
        struct mn_kproperty *p = own_property(k, s->name.name);

        if (!p)
            mn_error_at(c->findings, s->name.span, "'%s' declares no property '%s'", k->name, s->name.name);
        else
            p->ivar = s->ivar.name ? s->ivar.name : s->name.name;
    }
    for (uint32_t i = 0; k && i < d->dynamic.count; i++) {
        struct mn_kproperty *p = own_property(k, d->dynamic.items[i].name);

        if (!p)
            mn_error_at(c->findings, d->dynamic.items[i].span, "'%s' declares no property '%s'", k->name,
                        d->dynamic.items[i].name);
        else
            p->dynamic = true;
    }
}

/* A class to create needs a superclass that exists or is created too. */
static void
settle_superclass(struct mn_check *c, struct mn_class_decl *d)
{
    struct mn_klass *k = mn_klass_named(c, d->name.name);
    struct mn_word word;

    if (!k || k->live || d->has_category)
        return;
    if (!k->superclass) {
        unknown_class(c, &d->name, "to create it, write '@interface %s : NSObject'");
        return;
    }
    word = (struct mn_word){k->superclass, d->superclass.name ? d->superclass.span : d->name.span};
    k->super = mn_klass_named(c, word.name);
    if (k->super && !k->super->live && !k->super->implemented)
        mn_error_at(c->findings, word.span, "the superclass '%s' is declared but not implemented here",
                    word.name);
    else if (!k->super && !mn_class_named(word.name))
        unknown_class(c, &word, NULL);
}

static void
refuse_cycles(struct mn_check *c)
{
    for (size_t i = 0; i < c->classes.count; i++) {
        struct mn_klass *k = *MN_LIST_AT(struct mn_klass *, &c->classes, i), *at = k->super;

        for (size_t steps = 0; at && steps <= c->classes.count; steps++, at = at->super)
            if (at == k) {
                mn_error_at(c->findings, k->at, "'%s' would be its own ancestor", k->name);
                k->super = NULL;
                k->superclass = NULL;
                break;
            }
    }
}

void
mn_collect_classes(struct mn_check *c)
{
    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        struct mn_item *item = &c->tree->items[i];

        if (item->kind == MN_ITEM_FORWARD_CLASS)
            for (uint32_t n = 0; n < item->names.count; n++)
                mn_klass_add(c, item->names.items[n].name)->declared = true;
        else if (item->kind == MN_ITEM_CLASS && item->class_->form != MN_FORM_PROTOCOL &&
                 item->class_->name.name)
            mn_klass_add(c, mn_class_real(c, item->class_->name.name));
    }
    for (uint32_t i = 0; i < c->tree->item_count; i++)
        if (c->tree->items[i].kind == MN_ITEM_CLASS)
            collect_class(c, c->tree->items[i].class_, c->tree->items[i].condition);
    for (uint32_t i = 0; i < c->tree->item_count; i++) {
        struct mn_class_decl *d = c->tree->items[i].kind == MN_ITEM_CLASS ? c->tree->items[i].class_ : NULL;

        if (!d || !d->name.name)
            continue;
        if (d->form == MN_FORM_IMPLEMENTATION || d->form == MN_FORM_MANGO_CLASS) {
            settle_superclass(c, d);
            apply_synthesize(c, d);
        }
    }
    refuse_cycles(c);
    mn_declare_originals(c);
    for (size_t i = 0; i < c->classes.count; i++)
        mn_settle_properties(c, *MN_LIST_AT(struct mn_klass *, &c->classes, i));
}
