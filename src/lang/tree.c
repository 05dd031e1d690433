/* SPDX-License-Identifier: MIT */
/*
 * Making nodes, interning names, and the texts of the closed sets.
 *
 * The table of names is open-addressed with linear probing and kept at most half full; the names themselves
 * live in the tree's arena. (map.h copies its keys and cannot hand them out, so it cannot intern.)
 */
#include "lang/tree.h"
#include "base/alloc.h"
#include "lang/name.h"

#include <string.h>

#define FIRST_CAPACITY 512

bool
mn_tree_init(struct mn_tree *tree)
{
    *tree = (struct mn_tree){.arena = MN_ARENA_EMPTY, .name_capacity = FIRST_CAPACITY};
    tree->names = mn_calloc(FIRST_CAPACITY, sizeof *tree->names);
    return tree->names != NULL;
}

void
mn_tree_fini(struct mn_tree *tree)
{
    mn_free(tree->names);
    mn_arena_fini(&tree->arena);
    *tree = (struct mn_tree){0};
}

static uint32_t
hash_of(const char *text, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static bool
grow(struct mn_tree *tree)
{
    size_t capacity = tree->name_capacity * 2;
    struct mn_name **wider = mn_calloc(capacity, sizeof *wider);

    if (!wider)
        return false;
    for (size_t i = 0; i < tree->name_capacity; i++) {
        struct mn_name *name = tree->names[i];
        size_t at;

        if (!name)
            continue;
        at = name->hash & (capacity - 1);
        while (wider[at])
            at = (at + 1) & (capacity - 1);
        wider[at] = name;
    }
    mn_free(tree->names);
    tree->names = wider;
    tree->name_capacity = capacity;
    return true;
}

const char *
mn_tree_name(struct mn_tree *tree, const char *text, size_t length)
{
    uint32_t hash = hash_of(text, length);
    struct mn_name *fresh;
    size_t at;

    if (tree->name_count * 2 >= tree->name_capacity && !grow(tree)) {
        tree->arena.failed = true;
        return NULL;
    }
    at = hash & (tree->name_capacity - 1);
    while (tree->names[at]) {
        struct mn_name *known = tree->names[at];

        if (known->hash == hash && known->length == length && !memcmp(known->text, text, length))
            return known->text;
        at = (at + 1) & (tree->name_capacity - 1);
    }
    fresh = mn_arena_alloc(&tree->arena, sizeof *fresh + length + 1);
    if (!fresh)
        return NULL;
    fresh->hash = hash;
    fresh->length = (uint32_t)length;
    memcpy(fresh->text, text, length);
    tree->names[at] = fresh;
    tree->name_count++;
    return fresh->text;
}

struct mn_expr *
mn_expr_new(struct mn_tree *tree, enum mn_expr_kind kind, struct mn_span span)
{
    struct mn_expr *expr = mn_arena_alloc(&tree->arena, sizeof *expr);

    if (expr) {
        expr->kind = kind;
        expr->span = expr->at = span;
    }
    return expr;
}

struct mn_stmt *
mn_stmt_new(struct mn_tree *tree, enum mn_stmt_kind kind, struct mn_span span)
{
    struct mn_stmt *stmt = mn_arena_alloc(&tree->arena, sizeof *stmt);

    if (stmt) {
        stmt->kind = kind;
        stmt->span = stmt->at = span;
    }
    return stmt;
}

struct mn_decl *
mn_decl_new(struct mn_tree *tree, enum mn_decl_kind kind, struct mn_span span)
{
    struct mn_decl *decl = mn_arena_alloc(&tree->arena, sizeof *decl);

    if (decl) {
        decl->kind = kind;
        decl->span = decl->at = span;
    }
    return decl;
}

struct mn_tname *
mn_tname_new(struct mn_tree *tree, enum mn_tname_kind kind, struct mn_span span)
{
    struct mn_tname *type = mn_arena_alloc(&tree->arena, sizeof *type);

    if (type) {
        type->kind = kind;
        type->span = span;
    }
    return type;
}

const char *
mn_operator_text(enum mn_operator op)
{
    static const char *const texts[] = {
#define X(name, spelling, precedence) [MN_OPERATOR_##name] = spelling,
#include "lang/operator.def"
#undef X
    };
    return texts[op];
}

int
mn_operator_precedence(enum mn_operator op)
{
    static const int8_t precedences[] = {
#define X(name, spelling, precedence) [MN_OPERATOR_##name] = precedence,
#include "lang/operator.def"
#undef X
    };
    return precedences[op];
}

const char *
mn_expr_kind_text(enum mn_expr_kind kind)
{
    static const char *const texts[] = {
#define X(name, printed, text) [MN_EXPR_##name] = text,
#include "lang/expr.def"
#undef X
    };
    return texts[kind];
}

const char *
mn_stmt_kind_text(enum mn_stmt_kind kind)
{
    static const char *const texts[] = {
#define X(name, printed, text) [MN_STMT_##name] = text,
#include "lang/stmt.def"
#undef X
    };
    return texts[kind];
}

const char *
mn_tname_kind_text(enum mn_tname_kind kind)
{
    static const char *const texts[] = {
#define X(name, spelling) [MN_TNAME_##name] = spelling,
#include "lang/tname.def"
#undef X
    };
    return texts[kind];
}

/* Headers lie behind all text that was read before them, so the nearest place before counts. */
uint8_t
mn_tree_pack(const struct mn_tree *tree, uint32_t at)
{
    const struct mn_pack *found = NULL;

    for (uint32_t i = 0; i < tree->pack_count; i++)
        if (tree->packs[i].at <= at && (!found || tree->packs[i].at >= found->at))
            found = &tree->packs[i];
    return found ? found->align : 0;
}
