/* SPDX-License-Identifier: MIT */
/*
 * Scopes: one list of names, innermost last, searched from its end; leaving a scope cuts the list.
 *
 * Functions have tens of names, so a search is a few pointer comparisons (names are interned). Names of file
 * scope stand at the front.
 */
#include "lang/check.h"

void
mn_scope_open(struct mn_check *c)
{
    c->level++;
}

static struct mn_name_entry *
entry_at(const struct mn_check *c, size_t index)
{
    return *MN_LIST_AT(struct mn_name_entry *, &c->names, index);
}

void
mn_scope_close(struct mn_check *c)
{
    c->level--;
    while (c->names.count && entry_at(c, c->names.count - 1)->level > c->level)
        mn_list_remove(&c->names, c->names.count - 1);
}

struct mn_name_entry *
mn_scope_find(struct mn_check *c, const char *name)
{
    for (size_t i = c->names.count; i-- > 0;)
        if (entry_at(c, i)->name == name)
            return entry_at(c, i);
    return NULL;
}

struct mn_name_entry *
mn_scope_add(struct mn_check *c, enum mn_namekind kind, const char *name, struct mn_span at)
{
    struct mn_name_entry *entry = mn_arena_alloc(c->arena, sizeof *entry), **slot;

    if (entry && (slot = mn_list_add(&c->names)))
        *slot = entry;
    else
        c->arena->failed = true;
    if (!entry)
        entry = &c->lost.name;
    *entry = (struct mn_name_entry){.name = name, .kind = kind, .level = c->level, .at = at};
    return entry;
}

struct mn_var *
mn_scope_var(struct mn_check *c, const char *name, const struct mn_ctype *type, struct mn_span at)
{
    struct mn_var *var = mn_temp_var(c, type);
    struct mn_name_entry *old = name ? mn_scope_find(c, name) : NULL;

    var->name = name ? name : "";
    var->temporary = false;
    var->strong = mn_ctype_is_counted(type);
    if (old && old->level == c->level && old->level > 0) {
        if (c->dialect == MN_DIALECT_OBJC)
            mn_error_at(c->findings, at, "redefinition of '%s'", name);
        else
            mn_warning_at(c->findings, at, "'%s' is declared twice in one scope; the later one counts", name);
        mn_note_at(c->findings, old->at, "the earlier one is here");
    }
    if (name)
        mn_scope_add(c, MN_NAME_VAR, name, at)->var = var;
    return var;
}
