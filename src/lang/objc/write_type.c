/* SPDX-License-Identifier: MIT */
/* Types and declarations, inside out as C writes them. */
#include "lang/objc/write_parts.h"

#include <string.h>

static const char *const ownerships[] = {[MN_OWNERSHIP_UNSAID] = "",
                                         [MN_OWNERSHIP_STRONG] = "__strong",
                                         [MN_OWNERSHIP_WEAK] = "__weak",
                                         [MN_OWNERSHIP_UNSAFE] = "__unsafe_unretained",
                                         [MN_OWNERSHIP_AUTORELEASING] = "__autoreleasing"};

/* Each word of a level with a blank behind it. */
static void
qualifiers(struct mn_printing *p, const struct mn_tname *t)
{
    static const char *const words[] = {"const", "volatile", "restrict", "_Atomic", "in",
                                        "out",   "inout",    "bycopy",   "byref",   "oneway"};

    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (t->qualifiers & 1u << i)
            mn_print(p, "%s ", words[i]);
    if (t->ownership)
        mn_print(p, "%s ", ownerships[t->ownership]);
}

static bool
is_level(const struct mn_tname *t)
{
    return t->kind == MN_TNAME_POINTER || t->kind == MN_TNAME_ARRAY || t->kind == MN_TNAME_FUNCTION ||
           t->kind == MN_TNAME_BLOCK;
}

static const struct mn_tname *
below(const struct mn_tname *t)
{
    return t->kind == MN_TNAME_POINTER ? t->of : t->kind == MN_TNAME_ARRAY ? t->array.of : t->function.result;
}

/* What all declarators of a declaration build on; NULL: a function or block that does not say its result. */
static const struct mn_tname *
base_of(const struct mn_tname *t)
{
    while (t && is_level(t))
        t = below(t);
    return t;
}

void
mn_print_params(struct mn_printing *p, const struct mn_decls *params, bool variadic, bool unsaid)
{
    mn_print(p, "(");
    for (uint32_t i = 0; i < params->count; i++) {
        mn_print(p, "%s", i ? ", " : "");
        mn_print_decls(p, &params->items[i], 1);
    }
    if (variadic)
        mn_print(p, params->count ? ", ..." : "...");
    else if (!params->count && !unsaid)
        mn_print(p, "void");
    mn_print(p, ")");
}

/* The levels of a type around `inner`, which is freed. */
static void
declarator(struct mn_printing *p, const struct mn_tname *t, struct mn_buffer inner)
{
    struct mn_buffer *out = p->out, text = MN_BUFFER_EMPTY;
    const struct mn_tname *next;

    if (!t || !is_level(t)) {
        mn_buffer_append(out, mn_buffer_peek(&inner), inner.length);
        out->failed |= inner.failed;
        mn_buffer_fini(&inner);
        return;
    }
    p->out = &text;
    next = below(t);
    if (t->kind == MN_TNAME_POINTER) {
        bool around = next && (next->kind == MN_TNAME_ARRAY || next->kind == MN_TNAME_FUNCTION);

        mn_print(p, around ? "(*" : "*");
        qualifiers(p, t);
        mn_print(p, "%s%s", mn_buffer_peek(&inner), around ? ")" : "");
    } else if (t->kind == MN_TNAME_ARRAY) {
        mn_print(p, "%s[", mn_buffer_peek(&inner));
        if (t->array.size)
            mn_print_expr(p, t->array.size, MN_TIGHT_ASSIGN);
        mn_print(p, "]");
    } else {
        if (t->kind == MN_TNAME_BLOCK) {
            mn_print(p, "(^");
            qualifiers(p, t);
            mn_print(p, "%s)", mn_buffer_peek(&inner));
        } else {
            mn_print(p, "%s", mn_buffer_peek(&inner));
        }
        mn_print_params(p, &t->function.params, t->function.variadic, t->function.unsaid);
    }
    text.failed |= inner.failed;
    mn_buffer_fini(&inner);
    p->out = out;
    declarator(p, next, text);
}

static bool
is_defined(const struct mn_printing *p, const struct mn_tag_decl *tag)
{
    for (size_t i = 0; i < p->defined.count; i++)
        if (*MN_LIST_AT(const struct mn_tag_decl *, &p->defined, i) == tag)
            return true;
    return false;
}

static void
tag_members(struct mn_printing *p, const struct mn_tag_decl *tag)
{
    mn_print(p, " {");
    p->indent++;
    for (uint32_t i = 0; i < tag->members.count; i++) {
        const struct mn_decl *one = tag->members.items[i];

        mn_print_line(p);
        if (tag->kind == MN_TAG_ENUM) {
            mn_print(p, "%s", one->name);
            if (one->init) {
                mn_print(p, " = ");
                mn_print_expr(p, one->init, MN_TIGHT_CONDITIONAL);
            }
            mn_print(p, i + 1 < tag->members.count ? "," : "");
        } else {
            mn_print_decls(p, &tag->members.items[i], 1);
            mn_print(p, ";");
        }
    }
    p->indent--;
    mn_print_line(p);
    mn_print(p, "}");
}

/* A definition the first time, else a mention. */
static void
tagged(struct mn_printing *p, const struct mn_tag_decl *tag)
{
    static const char *const words[] = {"struct", "union", "enum"};
    const struct mn_tag_decl **place;

    if (tag->encoding && is_defined(p, tag)) {
        mn_print(p, "struct %s", tag->name);
        return;
    }
    mn_print(p, "%s%s%s", words[tag->kind], tag->name ? " " : "", tag->name ? tag->name : "");
    if (!tag->defined || is_defined(p, tag))
        return;
    if ((place = mn_list_add(&p->defined)))
        *place = tag;
    else
        p->out->failed = true;
    if (tag->underlying) {
        mn_print(p, " : ");
        mn_print_type(p, tag->underlying, NULL);
    }
    tag_members(p, tag);
}

static void
named(struct mn_printing *p, const struct mn_tname *t)
{
    mn_print(p, "%s", t->kind == MN_TNAME_NAMED ? t->named.name : mn_tname_kind_text(t->kind));
    for (uint32_t i = 0; t->kind == MN_TNAME_NAMED && i < t->named.generics.count; i++) {
        mn_print(p, i ? ", " : "<");
        mn_print_type(p, t->named.generics.items[i], NULL);
        mn_print(p, i + 1 < t->named.generics.count ? "" : ">");
    }
    for (uint32_t i = 0; i < t->named.protocols.count; i++)
        mn_print(p, "%s%s%s", i ? ", " : "<", t->named.protocols.items[i].name,
                 i + 1 < t->named.protocols.count ? "" : ">");
}

static void
base(struct mn_printing *p, const struct mn_tname *t)
{
    if (!t)
        return;
    qualifiers(p, t);
    switch (t->kind) {
    case MN_TNAME_NAMED:
    case MN_TNAME_ID:
    case MN_TNAME_CLASS:
    case MN_TNAME_INSTANCETYPE:
        named(p, t);
        break;
    case MN_TNAME_TAGGED:
        tagged(p, t->tag);
        break;
    case MN_TNAME_TYPEOF_TYPE:
        mn_print(p, "__typeof__(");
        mn_print_type(p, t->of, NULL);
        mn_print(p, ")");
        break;
    case MN_TNAME_TYPEOF_EXPR:
        mn_print(p, "__typeof__(");
        mn_print_expr(p, t->expr, MN_TIGHT_ANY);
        mn_print(p, ")");
        break;
    case MN_TNAME_ENCODED:
        mn_print(p, "__encoding__(");
        mn_print_quoted(p, t->signature, strlen(t->signature));
        mn_print(p, ")");
        break;
    case MN_TNAME_ANY_BLOCK:
        if (t->signature) {
            mn_print(p, "@Signature(");
            mn_print_quoted(p, t->signature, strlen(t->signature));
            mn_print(p, ") ");
        }
        mn_print(p, "Block");
        break;
    case MN_TNAME_CFUNCTION:
        mn_print(p, "CFunction<");
        mn_print_type(p, t->function.result, NULL);
        for (uint32_t i = 0; i < t->function.params.count; i++) {
            mn_print(p, ", ");
            mn_print_type(p, t->function.params.items[i]->type, NULL);
        }
        mn_print(p, t->function.variadic ? ", ...>" : ">");
        break;
    default:
        mn_print(p, "%s", mn_tname_kind_text(t->kind));
    }
}

static void
levels(struct mn_printing *p, const struct mn_tname *type, const char *name, bool blank)
{
    struct mn_buffer inner = MN_BUFFER_EMPTY;

    mn_buffer_text(&inner, name ? name : "");
    if (blank && ((type && is_level(type)) || (name && *name)))
        mn_print(p, " ");
    declarator(p, type, inner);
}

void
mn_print_type(struct mn_printing *p, const struct mn_tname *type, const char *name)
{
    const struct mn_tname *at = base_of(type);

    base(p, at);
    levels(p, type, name, at != NULL);
}

/* ---- declarations ---- */

static void
storage(struct mn_printing *p, const struct mn_decl *d)
{
    static const char *const words[] = {"static", "extern", "inline", "register", "__thread", "__block"};

    if (d->kind == MN_DECL_TYPEDEF)
        mn_print(p, "typedef ");
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (d->storage & 1u << i)
            mn_print(p, "%s ", words[i]);
    if (d->ownership && (!d->type || !d->type->ownership))
        mn_print(p, "%s ", ownerships[d->ownership]);
}

void
mn_print_decls(struct mn_printing *p, struct mn_decl *const *decls, uint32_t count)
{
    storage(p, decls[0]);
    for (uint32_t i = 0; i < count; i++) {
        const struct mn_decl *d = decls[i];

        if (i == 0 && d->type)
            base(p, base_of(d->type));
        mn_print(p, i ? "," : "");
        levels(p, d->type, d->name, d->type && base_of(d->type));
        if (d->bits) {
            mn_print(p, " : ");
            mn_print_expr(p, d->bits, MN_TIGHT_CONDITIONAL);
        }
        if (d->init) {
            mn_print(p, " = ");
            mn_print_expr(p, d->init, MN_TIGHT_ASSIGN);
        }
    }
}

/* The structure without a name that a declaration builds on and that is not defined yet. */
static const struct mn_tag_decl *
new_anonymous(const struct mn_printing *p, const struct mn_decl *d)
{
    const struct mn_tname *t = d->type ? base_of(d->type) : NULL;

    return t && t->kind == MN_TNAME_TAGGED && t->tag->defined && !t->tag->name && !is_defined(p, t->tag) ? t->tag : NULL;
}

static void
mango_struct(struct mn_printing *p, const struct mn_tag_decl *tag)
{
    const struct mn_tag_decl **place = mn_list_add(&p->defined);

    mn_print(p, "declare struct %s { typeEncoding: ", tag->name);
    mn_print_quoted(p, tag->encoding, strlen(tag->encoding));
    mn_print(p, ", keys: ");
    for (uint32_t i = 0; i < tag->keys.count; i++)
        mn_print(p, "%s%s", i ? ", " : "", tag->keys.items[i].name);
    mn_print(p, " }");
    if (place)
        *place = tag;
    else
        p->out->failed = true;
}

uint32_t
mn_print_declaration(struct mn_printing *p, struct mn_decl *const *decls, uint32_t count)
{
    const struct mn_decl *d = decls[0];
    const struct mn_tag_decl *anonymous = new_anonymous(p, d), *tag = d->kind == MN_DECL_TAG ? d->type->tag : NULL;
    uint32_t taken = 1, from = 0;
    uint8_t pack = tag && tag->defined ? tag->pack : 0;

    if (anonymous)
        while (taken < count && new_anonymous(p, decls[taken]) == anonymous)
            taken++;
    if (anonymous && d->kind == MN_DECL_TAG && taken > 1)
        from = 1; /* the declarators behind it say it */
    if (anonymous)
        pack = anonymous->pack;
    if (pack) {
        mn_print_line(p);
        mn_print(p, "#pragma pack(%u)", pack);
    }
    mn_print_line(p);
    mn_print_annotations(p, &d->annotations, " ");
    if (tag && tag->encoding)
        mango_struct(p, tag);
    else
        mn_print_decls(p, decls + from, taken - from);
    if (d->body) {
        mn_print_line(p);
        mn_print_compound(p, d->body);
    } else {
        mn_print(p, ";");
    }
    if (pack) {
        mn_print_line(p);
        mn_print(p, "#pragma pack()");
    }
    return taken;
}

void
mn_print_annotations(struct mn_printing *p, const struct mn_annotations *annotations, const char *behind)
{
    for (uint32_t i = 0; i < annotations->count; i++) {
        const struct mn_annotation *a = &annotations->items[i];

        mn_print(p, "@%s", a->name.name);
        if (a->argument) {
            mn_print(p, "(");
            mn_print_expr(p, a->argument, MN_TIGHT_ANY);
            mn_print(p, ")");
        }
        mn_print(p, "%s", behind);
    }
}
