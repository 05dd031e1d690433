/* SPDX-License-Identifier: MIT */
/*
 * Scopes: each interned name knows what it means now, and each meaning what it hides; a list of all meanings,
 * innermost last, says which to take back when a scope is left.
 */
#include "lang/check.h"
#include "lang/name.h"

void
mn_scope_open(struct mn_check *c)
{
    c->level++;
}

void
mn_scope_close(struct mn_check *c)
{
    c->level--;
    while (c->names.count) {
        struct mn_name_entry *last = *MN_LIST_AT(struct mn_name_entry *, &c->names, c->names.count - 1);

        if (last->level <= c->level)
            return;
        mn_name_of(last->name)->meaning = last->hidden;
        mn_list_remove(&c->names, c->names.count - 1);
    }
}

struct mn_name_entry *
mn_scope_find(struct mn_check *c, const char *name)
{
    (void)c;
    return mn_name_of(name)->meaning;
}

struct mn_name_entry *
mn_scope_add(struct mn_check *c, enum mn_namekind kind, const char *name, struct mn_span at)
{
    struct mn_name_entry *entry = mn_arena_alloc(c->arena, sizeof *entry), **slot;

    if (!entry || !(slot = mn_list_add(&c->names))) {
        c->arena->failed = true;
        entry = &c->lost.name;
        *entry = (struct mn_name_entry){.name = name, .kind = kind, .level = c->level, .at = at};
        return entry;
    }
    *entry = (struct mn_name_entry){.name = name, .kind = kind, .level = c->level, .at = at};
    entry->hidden = mn_name_of(name)->meaning;
    mn_name_of(name)->meaning = entry;
    *slot = entry;
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
