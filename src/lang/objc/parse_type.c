/* SPDX-License-Identifier: MIT */
/*
 * Types: specifiers, declarators, type names.
 *
 * A declarator reads inside out: for `R (^name)(A)` the part in parentheses applies to what the suffix makes
 * of R. So the parser notes where the parenthesis opens, reads the suffix behind its partner, and comes back;
 * every token is still read once.
 */
#include "lang/objc/parser.h"

#include <string.h>

/* ---- specifiers ---- */

/* The words of C's arithmetic types, counted until their sum is known. */
struct words {
    unsigned longs, shorts, signeds, unsigneds, complexes;
    enum mn_tname_kind base; /* ERROR while none was seen */
};

static bool
basic_word(struct words *w, enum mn_word_id word)
{
    switch (word) {
    case MN_W_LONG:
        w->longs++;
        return w->longs <= 2;
    case MN_W_SHORT:
        w->shorts++;
        return w->shorts == 1;
    case MN_W_SIGNED:
    case MN_W_SIGNED_GNU:
        w->signeds++;
        return true;
    case MN_W_UNSIGNED:
        w->unsigneds++;
        return true;
    case MN_W_COMPLEX:
        w->complexes++;
        return true;
    default:
        break;
    }
    if (w->base != MN_TNAME_ERROR)
        return false;
    switch (word) {
    case MN_W_CHAR:
        w->base = MN_TNAME_CHAR;
        return true;
    case MN_W_INT:
        w->base = MN_TNAME_INT;
        return true;
    case MN_W_INT128:
        w->base = MN_TNAME_INT128;
        return true;
    case MN_W_FLOAT:
        w->base = MN_TNAME_FLOAT;
        return true;
    case MN_W_DOUBLE:
        w->base = MN_TNAME_DOUBLE;
        return true;
    default:
        return false;
    }
}

static bool
is_arithmetic_word(enum mn_word_id word)
{
    struct words fresh = {0};

    return basic_word(&fresh, word);
}

static enum mn_tname_kind
integer_kind(const struct words *w)
{
    bool u = w->unsigneds != 0;

    if (w->shorts)
        return u ? MN_TNAME_USHORT : MN_TNAME_SHORT;
    if (w->longs == 2)
        return u ? MN_TNAME_ULLONG : MN_TNAME_LLONG;
    if (w->longs == 1)
        return u ? MN_TNAME_ULONG : MN_TNAME_LONG;
    return u ? MN_TNAME_UINT : MN_TNAME_INT;
}

/* The type the words add up to; ERROR when they contradict each other. */
static enum mn_tname_kind
sum_of(const struct words *w)
{
    bool sized = w->longs || w->shorts, said = w->signeds || w->unsigneds;

    if ((w->signeds && w->unsigneds) || (w->longs && w->shorts))
        return MN_TNAME_ERROR;
    switch (w->base) {
    case MN_TNAME_CHAR:
        if (sized || w->complexes)
            return MN_TNAME_ERROR;
        return w->unsigneds ? MN_TNAME_UCHAR : w->signeds ? MN_TNAME_SCHAR : MN_TNAME_CHAR;
    case MN_TNAME_INT128:
        return sized || w->complexes ? MN_TNAME_ERROR : w->unsigneds ? MN_TNAME_UINT128 : MN_TNAME_INT128;
    case MN_TNAME_FLOAT:
        if (sized || said)
            return MN_TNAME_ERROR;
        return w->complexes ? MN_TNAME_COMPLEX_FLOAT : MN_TNAME_FLOAT;
    case MN_TNAME_DOUBLE:
        if (w->shorts || w->longs > 1 || said)
            return MN_TNAME_ERROR;
        if (w->longs)
            return w->complexes ? MN_TNAME_COMPLEX_LDOUBLE : MN_TNAME_LDOUBLE;
        return w->complexes ? MN_TNAME_COMPLEX_DOUBLE : MN_TNAME_DOUBLE;
    default:
        if (!w->complexes)
            return integer_kind(w);
        return !sized && !said && w->base == MN_TNAME_ERROR ? MN_TNAME_COMPLEX_DOUBLE : MN_TNAME_ERROR;
    }
}

struct reading {
    struct mn_p_specifiers *out;
    struct words words;
    struct mn_token *first;
    bool has_words;
    unsigned qualifiers;
};

static bool
is_qualifier_word(enum mn_word_id word, unsigned *bit)
{
    switch (word) {
    case MN_W_CONST:
    case MN_W_CONST_GNU:
        *bit = MN_QUALIFIER_CONST;
        return true;
    case MN_W_VOLATILE:
    case MN_W_VOLATILE_GNU:
        *bit = MN_QUALIFIER_VOLATILE;
        return true;
    case MN_W_RESTRICT:
    case MN_W_RESTRICT_GNU:
    case MN_W_RESTRICT_GNU2:
        *bit = MN_QUALIFIER_RESTRICT;
        return true;
    case MN_W_ATOMIC:
        *bit = MN_QUALIFIER_ATOMIC;
        return true;
    default:
        return false;
    }
}

static bool
is_ownership_word(enum mn_word_id word, enum mn_ownership *ownership)
{
    switch (word) {
    case MN_W_WEAK:
        *ownership = MN_OWNERSHIP_WEAK;
        return true;
    case MN_W_STRONG:
        *ownership = MN_OWNERSHIP_STRONG;
        return true;
    case MN_W_UNSAFE:
        *ownership = MN_OWNERSHIP_UNSAFE;
        return true;
    case MN_W_AUTORELEASING:
        *ownership = MN_OWNERSHIP_AUTORELEASING;
        return true;
    default:
        return false;
    }
}

static bool
is_storage_word(enum mn_word_id word, unsigned *bit)
{
    switch (word) {
    case MN_W_STATIC:
        *bit = MN_STORAGE_STATIC;
        return true;
    case MN_W_EXTERN:
        *bit = MN_STORAGE_EXTERN;
        return true;
    case MN_W_INLINE:
    case MN_W_INLINE_GNU:
    case MN_W_INLINE_GNU2:
        *bit = MN_STORAGE_INLINE;
        return true;
    case MN_W_REGISTER:
        *bit = MN_STORAGE_REGISTER;
        return true;
    case MN_W_THREAD:
    case MN_W_THREAD_GNU:
        *bit = MN_STORAGE_THREAD;
        return true;
    case MN_W_BLOCK_STORAGE:
        *bit = MN_STORAGE_BY_REFERENCE;
        return true;
    case MN_W_AUTO:
    case MN_W_NORETURN:
        *bit = 0;
        return true;
    default:
        return false;
    }
}

bool
mn_p_angle_close(struct parser *p)
{
    struct mn_token *t = mn_p_token(p);

    if (t->kind == MN_T_SHIFT_RIGHT) { /* its second half is the next token */
        t->kind = MN_T_GREATER;
        t->start++;
        return true;
    }
    return mn_p_expect(p, MN_T_GREATER, "to end the list in '<...>'");
}

bool
mn_p_protocol_refs(struct parser *p, struct mn_words *words)
{
    uint32_t mark = p->scratch_count;

    if (!mn_p_expect(p, MN_T_LESS, NULL))
        return false;
    do {
        struct mn_word word;

        if (!mn_p_ident(p, &word, "the name of a protocol") || !mn_p_push_copy(p, &word, sizeof word))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_angle_close(p) &&
           mn_p_take_copies(p, mark, sizeof *words->items, &words->items, &words->count);
}

bool
mn_p_generic_args(struct parser *p, struct mn_tnames *types)
{
    uint32_t mark = p->scratch_count;

    if (!mn_p_expect(p, MN_T_LESS, NULL))
        return false;
    do {
        if (!mn_p_push(p, mn_p_type_name(p)))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_angle_close(p) && mn_p_take(p, mark, &types->items, &types->count);
}

/* id, Class, instancetype, or a name, with what stands in angle brackets behind it. */
static struct mn_tname *
named(struct parser *p, enum mn_tname_kind kind)
{
    struct mn_tname *type = mn_tname_new(p->tree, kind, mn_p_span(mn_p_token(p)));

    if (!type)
        return NULL;
    if (kind == MN_TNAME_NAMED)
        type->named.name = mn_p_token(p)->name;
    mn_p_next(p);
    if (mn_p_is(p, MN_T_LESS)) {
        if (kind == MN_TNAME_NAMED ? !mn_p_generic_args(p, &type->named.generics)
                                   : !mn_p_protocol_refs(p, &type->named.protocols))
            return NULL;
    }
    if (kind == MN_TNAME_NAMED && mn_p_is(p, MN_T_LESS) && !mn_p_protocol_refs(p, &type->named.protocols))
        return NULL;
    type->span = mn_p_span_from(p, type->span.start);
    return type;
}

static struct mn_tname *
simple(struct parser *p, enum mn_tname_kind kind)
{
    struct mn_tname *type = mn_tname_new(p->tree, kind, mn_p_span(mn_p_token(p)));

    mn_p_next(p);
    return type;
}

static struct mn_tname *
type_of(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start, open = p->at + 1, end;
    bool encoded = mn_p_token(p)->word == MN_W_ENCODING; /* __encoding__("q"): a type by its encoding */
    struct mn_tname *type = mn_tname_new(p->tree, MN_TNAME_TYPEOF_EXPR, mn_p_span(mn_p_token(p)));

    mn_p_next(p);
    if (!type || !mn_p_expect(p, MN_T_PAREN_OPEN, "after 'typeof'"))
        return NULL;
    if (mn_p_scan_type(p, p->at, &end) == P_SURE_TYPE && p->tokens[end].kind == MN_T_PAREN_CLOSE) {
        type->kind = MN_TNAME_TYPEOF_TYPE;
        type->of = mn_p_type_name(p);
    } else {
        unsigned waiting = mn_p_shelter(p);

        type->expr = mn_p_expression(p);
        p->waiting = waiting;
    }
    if (!type->of || !mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the operand of 'typeof'"))
        return NULL;
    type->span = mn_p_span_from(p, start);
    if (encoded && type->kind == MN_TNAME_TYPEOF_EXPR && type->expr && type->expr->kind == MN_EXPR_CSTRING) {
        type->kind = MN_TNAME_ENCODED;
        type->signature = type->expr->string.bytes;
    }
    return type;
}

/* CFunction<R, A, B> */
static struct mn_tname *
c_function(struct parser *p)
{
    uint32_t mark = p->scratch_count, start = mn_p_token(p)->start;
    struct mn_tname *type = simple(p, MN_TNAME_CFUNCTION);

    if (!type || !mn_p_expect(p, MN_T_LESS, "after 'CFunction'"))
        return NULL;
    type->function.result = mn_p_type_name(p);
    if (!type->function.result)
        return NULL;
    while (mn_p_accept(p, MN_T_COMMA)) {
        struct mn_decl *param;

        if (mn_p_accept(p, MN_T_ELLIPSIS)) {
            type->function.variadic = true;
            break;
        }
        param = mn_decl_new(p->tree, MN_DECL_PARAMETER, mn_p_span(mn_p_token(p)));
        if (!param || !(param->type = mn_p_type_name(p)) || !mn_p_push(p, param))
            return NULL;
        param->span = mn_p_span_from(p, param->span.start);
    }
    if (!mn_p_angle_close(p) ||
        !mn_p_take(p, mark, &type->function.params.items, &type->function.params.count))
        return NULL;
    type->span = mn_p_span_from(p, start);
    return type;
}

/* @Signature("v@?i") Block */
static struct mn_tname *
any_block(struct parser *p)
{
    uint32_t start = mn_p_token(p)->start;
    const char *signature = NULL;
    struct mn_annotations list;
    struct mn_tname *type;

    if (!mn_p_annotations(p, &list))
        return NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        const struct mn_expr *argument = list.items[i].argument;

        if (!strcmp(list.items[i].name.name, "Signature") && argument &&
            (argument->kind == MN_EXPR_CSTRING || argument->kind == MN_EXPR_STRING))
            signature = argument->string.bytes;
    }
    if (!mn_p_is_word(p, MN_W_BLOCK)) {
        mn_p_expected(p, "'Block'", "after '@Signature(...)'");
        return NULL;
    }
    type = simple(p, MN_TNAME_ANY_BLOCK);
    if (type) {
        type->signature = signature;
        type->span = mn_p_span_from(p, start);
    }
    return type;
}

/* An unknown all-capitals word that cannot be the type, since the type follows: API_EXPORT NSString *x. */
static bool
is_macro_like(const struct parser *p, const struct mn_token *t)
{
    const struct mn_token *next = t + 1;

    for (const char *c = t->name; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            return false;
    if (mn_p_known_type(p, t))
        return false;
    if (next->kind == MN_T_PAREN_OPEN && mn_p_behind(p, (uint32_t)(next - p->tokens)))
        next = &p->tokens[mn_p_behind(p, (uint32_t)(next - p->tokens))];
    if (next->kind != MN_T_WORD)
        return false;
    if (mn_word_class_of(next->word) == MN_WORD_TYPE || next->word == MN_W_VOID || next->word == MN_W_ID ||
        next->word == MN_W_BOOL || next->word == MN_W_STRUCT)
        return true;
    return next[1].kind == MN_T_STAR || (next[1].kind == MN_T_WORD && mn_p_is_ident(p, next + 1)) ||
           (next[1].kind == MN_T_LESS && mn_p_known_type(p, next));
}

static void
skip_macro_like(struct parser *p)
{
    mn_p_next(p);
    if (mn_p_is(p, MN_T_PAREN_OPEN))
        p->at = mn_p_behind(p, p->at);
}

/* The type word at the next token; *known false: the token is none. */
static struct mn_tname *
type_word(struct parser *p, bool *known)
{
    const struct mn_token *t = mn_p_token(p);

    *known = true;
    if (mn_p_is_annotation(p, p->at))
        return any_block(p);
    switch (t->kind == MN_T_WORD ? t->word : MN_W_COUNT) {
    case MN_W_VOID:
    case MN_W_IBACTION:
        return simple(p, MN_TNAME_VOID);
    case MN_W_BOOL:
        return simple(p, MN_TNAME_BOOL);
    case MN_W_BOOL_C:
    case MN_W_BOOL_LOWER:
        return simple(p, MN_TNAME_C_BOOL);
    case MN_W_SEL:
        return simple(p, MN_TNAME_SEL);
    case MN_W_ID:
        return named(p, MN_TNAME_ID);
    case MN_W_CLASS:
        return named(p, MN_TNAME_CLASS);
    case MN_W_INSTANCETYPE:
        return simple(p, MN_TNAME_INSTANCETYPE);
    case MN_W_AUTO_TYPE:
        return simple(p, MN_TNAME_AUTO);
    case MN_W_TYPEOF:
    case MN_W_TYPEOF_GNU:
    case MN_W_TYPEOF_GNU2:
    case MN_W_ENCODING:
        return type_of(p);
    case MN_W_STRUCT:
    case MN_W_UNION:
    case MN_W_ENUM:
        return mn_p_tagged(p);
    case MN_W_NS_ENUM:
    case MN_W_NS_OPTIONS:
    case MN_W_NS_CLOSED_ENUM:
        return mn_p_ns_enum(p);
    case MN_W_UINT:
        return simple(p, MN_TNAME_MANGO_UINT);
    case MN_W_C_STRING:
        return simple(p, MN_TNAME_CSTRING);
    case MN_W_POINTER:
        return simple(p, MN_TNAME_ANY_POINTER);
    case MN_W_BLOCK:
        return simple(p, MN_TNAME_ANY_BLOCK);
    case MN_W_C_FUNCTION:
        return t[1].kind == MN_T_LESS ? c_function(p) : named(p, MN_TNAME_NAMED);
    default:
        break;
    }
    if (mn_p_is_ident(p, t))
        return named(p, MN_TNAME_NAMED);
    *known = false;
    return NULL;
}

/* A word that only qualifies: storage, const, ownership, typedef. */
static bool
qualifying_word(struct parser *p, struct reading *r)
{
    const struct mn_token *t = mn_p_token(p);
    unsigned bit;

    if (t->kind != MN_T_WORD)
        return false;
    if (is_qualifier_word(t->word, &bit))
        r->qualifiers |= bit;
    else if (is_storage_word(t->word, &bit))
        r->out->storage |= bit;
    else if (t->word == MN_W_TYPEDEF)
        r->out->is_typedef = true;
    else if (!is_ownership_word(t->word, &r->out->ownership))
        return false;
    mn_p_next(p);
    return true;
}

/* In Mango a type word may be the declared name: `id short = x;`. */
static bool
is_the_name(const struct parser *p, const struct reading *r)
{
    const struct mn_token *t = mn_p_token(p);

    if (p->dialect != MN_DIALECT_MANGO || !(r->out->type || r->has_words) || t->kind != MN_T_WORD ||
        mn_word_class_of(t->word) != MN_WORD_TYPE)
        return false;
    return t[1].kind == MN_T_ASSIGN || t[1].kind == MN_T_SEMICOLON || t[1].kind == MN_T_COMMA ||
           t[1].kind == MN_T_PAREN_CLOSE;
}

/* Reads one specifier. 1: go on, 0: there is none, -1: error. */
static int
one_specifier(struct parser *p, struct reading *r)
{
    const struct mn_token *t = mn_p_token(p);
    uint32_t ignored = mn_p_scan_ignored(p, p->at);
    bool known;

    if (ignored > p->at && !(r->out->type && !mn_p_is(p, MN_T_WORD))) {
        p->at = ignored;
        return 1;
    }
    if (is_the_name(p, r))
        return 0;
    if (qualifying_word(p, r))
        return 1;
    if (t->kind == MN_T_WORD && is_arithmetic_word(t->word)) {
        if (r->out->type || !basic_word(&r->words, t->word)) {
            mn_p_error(p, mn_p_span(t), "'%s' does not combine with the type before it", t->name);
            return -1;
        }
        r->has_words = true;
        mn_p_next(p);
        return 1;
    }
    if (r->out->type || r->has_words)
        return 0;
    if (mn_p_is_ident(p, t) && t->word == MN_W_NONE && is_macro_like(p, t)) {
        skip_macro_like(p);
        return 1;
    }
    r->out->type = type_word(p, &known);
    return !known ? 0 : r->out->type ? 1 : -1;
}

bool
mn_p_specifiers(struct parser *p, struct mn_p_specifiers *specifiers)
{
    struct reading r = {.out = specifiers, .first = mn_p_token(p)};
    uint32_t start = mn_p_token(p)->start;
    int more;

    *specifiers = (struct mn_p_specifiers){0};
    while ((more = one_specifier(p, &r)) > 0)
        ;
    if (more < 0)
        return false;
    if (r.has_words) {
        enum mn_tname_kind kind = sum_of(&r.words);

        if (kind == MN_TNAME_ERROR) {
            mn_p_error(p, mn_p_span_from(p, start), "these words do not make a type together");
            return false;
        }
        specifiers->type = mn_tname_new(p->tree, kind, mn_p_span_from(p, start));
    }
    if (!specifiers->type) {
        if (!p->tree->arena.failed)
            mn_p_expected(p, "a type", NULL);
        return false;
    }
    specifiers->type->qualifiers |= r.qualifiers;
    if (specifiers->ownership)
        specifiers->type->ownership = specifiers->ownership;
    specifiers->defines_tag = specifiers->type->kind == MN_TNAME_TAGGED && specifiers->type->tag->defined;
    return true;
}

/* ---- declarators ---- */

static bool suffixes(struct parser *p, struct mn_tname **type);

/* `*` or `^` and the qualifiers behind it, on top of *type. */
static bool
pointer(struct parser *p, struct mn_tname **type)
{
    bool block = mn_p_is(p, MN_T_CARET);
    struct mn_tname *made =
        mn_tname_new(p->tree, block ? MN_TNAME_BLOCK : MN_TNAME_POINTER, mn_p_span(mn_p_token(p)));
    unsigned bit;

    if (!made)
        return false;
    if (block && (*type)->kind != MN_TNAME_FUNCTION) {
        mn_p_error(p, mn_p_span(mn_p_token(p)),
                   "'^' declares a block, which needs parameters: 'result (^name)(...)'");
        return false;
    }
    if (block)
        made->function = (*type)->function;
    else
        made->of = *type;
    mn_p_next(p);
    for (;;) {
        mn_p_skip_ignored(p);
        if (!mn_p_is(p, MN_T_WORD) ||
            (p->dialect == MN_DIALECT_MANGO && mn_p_peek(p, 1)->kind == MN_T_ASSIGN))
            break;
        if (is_qualifier_word(mn_p_token(p)->word, &bit))
            made->qualifiers |= bit;
        else if (!is_ownership_word(mn_p_token(p)->word, &made->ownership))
            break;
        mn_p_next(p);
    }
    *type = made;
    return mn_p_taller(p);
}

static bool
array_suffix(struct parser *p, struct mn_tname **type)
{
    uint32_t open = p->at;
    struct mn_tname *made = mn_tname_new(p->tree, MN_TNAME_ARRAY, mn_p_span(mn_p_token(p)));
    unsigned waiting = mn_p_shelter(p), bit;

    mn_p_next(p);
    while (mn_p_is_word(p, MN_W_STATIC) ||
           (mn_p_is(p, MN_T_WORD) && is_qualifier_word(mn_p_token(p)->word, &bit)))
        mn_p_next(p);
    if (!made || (!mn_p_is(p, MN_T_SQUARE_CLOSE) && !(made->array.size = mn_p_assignment(p))))
        return false;
    p->waiting = waiting;
    if (!mn_p_close(p, open, MN_T_SQUARE_CLOSE, "after the size of an array"))
        return false;
    if (!suffixes(p, type)) /* a[2][3] is an array of 2 of arrays of 3 */
        return false;
    made->array.of = *type;
    made->span = mn_p_span_from(p, made->span.start);
    *type = made;
    return true;
}

static bool
function_suffix(struct parser *p, struct mn_tname **type)
{
    struct mn_tname *made = mn_tname_new(p->tree, MN_TNAME_FUNCTION, mn_p_span(mn_p_token(p)));

    if (!made || !mn_p_params(p, &made->function.params, &made->function.variadic, &made->function.unsaid))
        return false;
    made->span = mn_p_span_from(p, made->span.start);
    if (!suffixes(p, type))
        return false;
    made->function.result = *type;
    *type = made;
    return true;
}

static bool
suffixes(struct parser *p, struct mn_tname **type)
{
    bool good = true;
    unsigned tall_before = p->tall;

    if (!mn_p_is(p, MN_T_SQUARE_OPEN) && !mn_p_is(p, MN_T_PAREN_OPEN))
        return true;
    if (!mn_p_enter(p))
        return false;
    good = mn_p_is(p, MN_T_SQUARE_OPEN) ? array_suffix(p, type) : function_suffix(p, type);
    mn_p_leave(p, tall_before);
    return good;
}

/* Whether '(' opens a nested declarator rather than parameters. */
static bool
opens_declarator(const struct parser *p, int named_)
{
    const struct mn_token *next = mn_p_peek(p, 1);

    if (!mn_p_is(p, MN_T_PAREN_OPEN) || !mn_p_behind(p, p->at))
        return false;
    if (next->kind == MN_T_STAR || next->kind == MN_T_CARET || next->kind == MN_T_PAREN_OPEN ||
        next->kind == MN_T_SQUARE_OPEN)
        return next->kind == MN_T_STAR || next->kind == MN_T_CARET || named_ > 0;
    return named_ > 0 && mn_p_is_ident(p, next);
}

static bool
direct(struct parser *p, struct mn_tname *base, int named_, struct mn_p_declarator *out)
{
    if (opens_declarator(p, named_)) {
        uint32_t inside = p->at + 1, behind = mn_p_behind(p, p->at), end;

        p->at = behind;
        if (!suffixes(p, &base))
            return false;
        end = p->at;
        p->at = inside;
        if (!mn_p_declarator(p, base, named_, out))
            return false;
        if (p->at != behind - 1) {
            mn_p_expected(p, "')'", "to end the declarator");
            return false;
        }
        p->at = end;
        return true;
    }
    /* 'self' is a name like any other for a function's parameter. */
    if (named_ >= 0 && (mn_p_is_ident(p, mn_p_token(p)) || (named_ == 0 && mn_p_is_word(p, MN_W_SELF)))) {
        out->name = (struct mn_word){mn_p_token(p)->name, mn_p_span(mn_p_token(p))};
        mn_p_next(p);
    } else if (named_ > 0) {
        struct mn_word none;

        mn_p_ident(p, &none, "a name to declare");
        return false;
    } else {
        out->name = (struct mn_word){NULL, {mn_p_token(p)->start, mn_p_token(p)->start}};
    }
    out->type = base;
    return suffixes(p, &out->type);
}

bool
mn_p_declarator(struct parser *p, struct mn_tname *base, int named_, struct mn_p_declarator *out)
{
    bool good;
    unsigned tall_before = p->tall;

    if (!mn_p_enter(p))
        return false;
    good = true;
    while (good && (mn_p_is(p, MN_T_STAR) || mn_p_is(p, MN_T_CARET)))
        good = pointer(p, &base);
    mn_p_skip_ignored(p);
    good = good && direct(p, base, named_, out);
    mn_p_leave(p, tall_before);
    return good;
}

/* ---- parameters ---- */

static struct mn_decl *
param(struct parser *p)
{
    struct mn_decl *decl = mn_decl_new(p->tree, MN_DECL_PARAMETER, mn_p_span(mn_p_token(p)));
    struct mn_p_specifiers specifiers;
    struct mn_p_declarator declarator;

    if (!decl || !mn_p_specifiers(p, &specifiers) || !mn_p_declarator(p, specifiers.type, 0, &declarator))
        return NULL;
    mn_p_skip_ignored(p);
    decl->name = declarator.name.name;
    decl->at = declarator.name.span;
    decl->type = declarator.type;
    decl->storage = specifiers.storage;
    decl->ownership = declarator.type->ownership ? declarator.type->ownership : specifiers.ownership;
    decl->span = mn_p_span_from(p, decl->span.start);
    return decl;
}

/* ( ... ) of a function or block. */
bool
mn_p_params(struct parser *p, struct mn_decls *params, bool *variadic, bool *unsaid)
{
    uint32_t mark = p->scratch_count, open = p->at;

    *variadic = *unsaid = false;
    if (!mn_p_expect(p, MN_T_PAREN_OPEN, NULL))
        return false;
    if (mn_p_accept(p, MN_T_PAREN_CLOSE)) {
        *unsaid = true;
        return true;
    }
    if (mn_p_is_word(p, MN_W_VOID) && mn_p_peek(p, 1)->kind == MN_T_PAREN_CLOSE) {
        p->at += 2;
        return true;
    }
    do {
        if (mn_p_accept(p, MN_T_ELLIPSIS)) {
            *variadic = true;
            break;
        }
        if (!mn_p_push(p, param(p)))
            return false;
    } while (mn_p_accept(p, MN_T_COMMA));
    return mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the parameters") &&
           mn_p_take(p, mark, &params->items, &params->count);
}

/* ---- type names ---- */

static struct mn_tname *
type_name(struct parser *p)
{
    struct mn_p_specifiers specifiers;
    struct mn_p_declarator declarator;

    if (!mn_p_specifiers(p, &specifiers) || !mn_p_declarator(p, specifiers.type, -1, &declarator))
        return NULL;
    mn_p_skip_ignored(p);
    if (specifiers.storage || specifiers.is_typedef) {
        mn_p_error(p, specifiers.type->span, "a storage class has no meaning here");
        return NULL;
    }
    return declarator.type;
}

struct mn_tname *
mn_p_type_name(struct parser *p)
{
    struct mn_tname *type;
    unsigned tall_before = p->tall;

    if (!mn_p_enter(p)) /* A<B<C... nests through here alone */
        return NULL;
    type = type_name(p);
    mn_p_leave(p, tall_before);
    return type;
}

/* ( oneway in id ) */
struct mn_tname *
mn_p_method_type(struct parser *p)
{
    static const struct {
        enum mn_word_id word;
        unsigned bit;
    } words[] = {{MN_W_IN, MN_QUALIFIER_IN},       {MN_W_OUT, MN_QUALIFIER_OUT},
                 {MN_W_INOUT, MN_QUALIFIER_INOUT}, {MN_W_BYCOPY, MN_QUALIFIER_BYCOPY},
                 {MN_W_BYREF, MN_QUALIFIER_BYREF}, {MN_W_ONEWAY, MN_QUALIFIER_ONEWAY}};
    uint32_t open = p->at;
    unsigned bits = 0, before;
    struct mn_tname *type;

    mn_p_next(p);
    do {
        before = bits;
        mn_p_skip_ignored(p);
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (mn_p_accept_word(p, words[i].word))
                bits |= words[i].bit;
    } while (bits != before);
    if (mn_p_is(p, MN_T_PAREN_CLOSE)) {
        type = mn_tname_new(p->tree, MN_TNAME_ID, mn_p_span(mn_p_token(p)));
    } else {
        type = mn_p_type_name(p);
    }
    if (!type || !mn_p_close(p, open, MN_T_PAREN_CLOSE, "after the type"))
        return NULL;
    type->qualifiers |= bits;
    return type;
}
