/* SPDX-License-Identifier: MIT */
/*
 * Looking ahead: is this a type? Nothing is built and nothing reported; brackets are stepped over by their
 * partners, so each look costs no more than the type is long (spec/mango.md 34.2, 34.3).
 */
#include "lang/objc/parser.h"

#include <string.h>

/* C and Foundation typedefs that no source declares; classes are known through the options. */
static const char *const common_types[] = {
    "NSInteger",
    "NSUInteger",
    "CGFloat",
    "NSTimeInterval",
    "NSRange",
    "NSPoint",
    "NSSize",
    "NSRect",
    "CGPoint",
    "CGSize",
    "CGRect",
    "CGVector",
    "NSZone",
    "IMP",
    "Boolean",
    "Byte",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "SInt32",
    "int8_t",
    "int16_t",
    "int32_t",
    "int64_t",
    "uint8_t",
    "uint16_t",
    "uint32_t",
    "uint64_t",
    "intptr_t",
    "uintptr_t",
    "ptrdiff_t",
    "size_t",
    "ssize_t",
    "off_t",
    "time_t",
    "wchar_t",
    "unichar",
    "va_list",
    "NSStringEncoding",
    "NSComparisonResult",
    "FILE",
    "pid_t",
    "u_int",
    "u_long",
    "u_int8_t",
    "u_int16_t",
    "u_int32_t",
    "u_int64_t",
    "NSObject",
    "NSString",
    "NSArray",
    "NSDictionary",
    "NSNumber",
    "NSError",
    "NSData",
    "NSDate",
    "NSException",
    "NSValue",
    "NSSet",
    "NSURL",
    "Protocol",
    "NSMutableArray",
    "NSMutableDictionary",
    "NSMutableString",
    "dispatch_once_t",
    "dispatch_queue_t",
};

bool
mn_p_known_type(const struct parser *p, const struct mn_token *t)
{
    if (t->kind != MN_T_WORD || !mn_p_is_ident(p, t))
        return false;
    if (mn_name_of(t->name)->is_type)
        return true;
    if (mn_name_of(t->name)->visible)
        return false;
    return p->options->knows_type && p->options->knows_type(p->options->data, t->name);
}

static void
mark_type(const struct mn_token *t)
{
    if (t->kind == MN_T_WORD && mn_word_class_of(t->word) != MN_WORD_RESERVED)
        mn_name_of(t->name)->is_type = true;
}

/* `typedef ... ;`: the names of its declarators are those before ',', ';', ')' '[' at this level, and the
 * first word in a parenthesised declarator. */
static uint32_t
collect_typedef(const struct parser *p, uint32_t i)
{
    for (; i < p->last && p->tokens[i].kind != MN_T_SEMICOLON; i++) {
        const struct mn_token *t = &p->tokens[i], *next = t + 1;
        uint32_t behind;

        if (t->kind == MN_T_BRACE_OPEN && (behind = mn_p_behind(p, i)) != 0) {
            i = behind - 1;
            continue;
        }
        if (t->kind == MN_T_WORD &&
            (next->kind == MN_T_SEMICOLON || next->kind == MN_T_COMMA || next->kind == MN_T_SQUARE_OPEN))
            mark_type(t);
        if (t->kind == MN_T_PAREN_OPEN && (behind = mn_p_behind(p, i)) != 0) {
            uint32_t k = i + 1;

            while (k < behind && (p->tokens[k].kind == MN_T_STAR || p->tokens[k].kind == MN_T_CARET))
                k++;
            if (k > i + 1)
                mark_type(&p->tokens[k]);
            i = behind - 1;
        }
    }
    return i;
}

static void
collect_at_word(const struct parser *p, uint32_t i)
{
    switch (p->tokens[i].word) {
    case MN_AT_INTERFACE:
    case MN_AT_IMPLEMENTATION:
    case MN_AT_ALIAS:
        mark_type(&p->tokens[i + 1]);
        break;
    case MN_AT_CLASS:
        for (i++; i < p->last && (p->tokens[i].kind == MN_T_WORD || p->tokens[i].kind == MN_T_COMMA); i++)
            mark_type(&p->tokens[i]);
        break;
    default:
        break;
    }
}

/* `NS_ENUM(type, Name)` */
static void
collect_ns_enum(const struct parser *p, uint32_t i)
{
    uint32_t behind = p->tokens[i + 1].kind == MN_T_PAREN_OPEN ? mn_p_behind(p, i + 1) : 0;

    if (behind > 2)
        mark_type(&p->tokens[behind - 2]);
}

bool
mn_p_collect_types(struct parser *p)
{
    for (size_t i = 0; i < sizeof common_types / sizeof *common_types; i++) {
        const char *name = mn_tree_name(p->tree, common_types[i], strlen(common_types[i]));

        if (!name)
            return false;
        mn_name_of(name)->is_type = true;
    }
    for (uint32_t i = 0; i < p->last; i++) {
        const struct mn_token *t = &p->tokens[i];

        if (t->kind == MN_T_AT_WORD) {
            collect_at_word(p, i);
        } else if (t->kind == MN_T_WORD) {
            switch (t->word) {
            case MN_W_TYPEDEF:
                i = collect_typedef(p, i + 1);
                break;
            case MN_W_STRUCT:
            case MN_W_UNION:
            case MN_W_ENUM: /* a tag is a type name too (spec 10.2), where it is defined */
                if (t[1].kind == MN_T_WORD && (t[2].kind == MN_T_BRACE_OPEN || t[2].kind == MN_T_COLON))
                    mark_type(t + 1);
                break;
            case MN_W_LOWER_CLASS:
                if (t[1].kind == MN_T_WORD && i + 2 <= p->last && t[2].kind == MN_T_COLON)
                    mark_type(t + 1);
                break;
            case MN_W_NS_ENUM:
            case MN_W_NS_OPTIONS:
            case MN_W_NS_CLOSED_ENUM:
                collect_ns_enum(p, i);
                break;
            default:
                break;
            }
        }
    }
    return true;
}

/* ---- words that mean nothing ---- */

uint32_t
mn_p_scan_ignored(const struct parser *p, uint32_t i)
{
    for (;;) {
        const struct mn_token *t = &p->tokens[i];
        enum mn_word_class class = t->kind == MN_T_WORD ? mn_word_class_of(t->word) : MN_WORD_PLAIN;

        if (class != MN_WORD_IGNORED && class != MN_WORD_IGNORED_CALL)
            return i;
        if (mn_name_of(t->name)->visible)
            return i; /* a variable of that name */
        i++;
        if (class == MN_WORD_IGNORED_CALL && p->tokens[i].kind == MN_T_PAREN_OPEN && mn_p_behind(p, i))
            i = mn_p_behind(p, i);
    }
}

void
mn_p_skip_ignored(struct parser *p)
{
    p->at = mn_p_scan_ignored(p, p->at);
}

/* ---- types ---- */

static bool
is_qualifier(enum mn_word_id word)
{
    switch (word) {
    case MN_W_CONST:
    case MN_W_CONST_GNU:
    case MN_W_VOLATILE:
    case MN_W_VOLATILE_GNU:
    case MN_W_RESTRICT:
    case MN_W_RESTRICT_GNU:
    case MN_W_RESTRICT_GNU2:
    case MN_W_ATOMIC:
    case MN_W_WEAK:
    case MN_W_STRONG:
    case MN_W_UNSAFE:
    case MN_W_AUTORELEASING:
    case MN_W_BRIDGE:
    case MN_W_BRIDGE_RETAINED:
    case MN_W_BRIDGE_TRANSFER:
        return true;
    default:
        return false;
    }
}

static bool
is_basic_type(enum mn_word_id word)
{
    switch (word) {
    case MN_W_VOID:
    case MN_W_BOOL:
    case MN_W_SEL:
    case MN_W_ID:
    case MN_W_CLASS:
        return true;
    case MN_W_BLOCK_STORAGE:
    case MN_W_INLINE:
    case MN_W_INLINE_GNU:
    case MN_W_INLINE_GNU2:
    case MN_W_REGISTER:
    case MN_W_AUTO:
    case MN_W_THREAD:
    case MN_W_THREAD_GNU:
    case MN_W_NORETURN:
        return false;
    default:
        return mn_word_class_of(word) == MN_WORD_TYPE && !is_qualifier(word);
    }
}

/* `< ... >` of types and protocols: behind its '>', or 0. A '>>' closes two at once. */
static uint32_t
scan_angles(const struct parser *p, uint32_t i)
{
    int open = 0;

    for (; i < p->last; i++) {
        const struct mn_token *t = &p->tokens[i];
        uint32_t behind;

        switch (t->kind) {
        case MN_T_LESS:
            open++;
            break;
        case MN_T_GREATER:
            open--;
            break;
        case MN_T_SHIFT_RIGHT:
            open -= 2;
            break;
        case MN_T_WORD:
        case MN_T_COMMA:
        case MN_T_STAR:
        case MN_T_CARET:
        case MN_T_ELLIPSIS:
        case MN_T_COLON:
            break;
        case MN_T_PAREN_OPEN:
            behind = mn_p_behind(p, i);
            if (!behind)
                return 0;
            i = behind - 1;
            break;
        default:
            return 0;
        }
        if (open <= 0)
            return open == 0 ? i + 1 : 0;
    }
    return 0;
}

static uint32_t
scan_stars(const struct parser *p, uint32_t i)
{
    for (;;) {
        const struct mn_token *t = &p->tokens[i];
        uint32_t behind = mn_p_scan_ignored(p, i);

        if (behind > i)
            i = behind;
        else if (t->kind == MN_T_STAR || t->kind == MN_T_CARET ||
                 (t->kind == MN_T_WORD && is_qualifier(t->word)))
            i++;
        else
            return i;
    }
}

/* Abstract declarator behind the specifiers: stars, `(*)`, `[n]`, `(params)`. */
static uint32_t
scan_abstract(const struct parser *p, uint32_t i)
{
    i = scan_stars(p, i);
    if (p->tokens[i].kind == MN_T_PAREN_OPEN && mn_p_behind(p, i) &&
        (p->tokens[i + 1].kind == MN_T_CARET || p->tokens[i + 1].kind == MN_T_STAR))
        i = mn_p_behind(p, i);
    while ((p->tokens[i].kind == MN_T_PAREN_OPEN || p->tokens[i].kind == MN_T_SQUARE_OPEN) &&
           mn_p_behind(p, i))
        i = mn_p_behind(p, i);
    return i;
}

struct scan {
    uint32_t at;
    bool typed, sure;
};

/* struct S, enum E { ... }, typeof (x) */
static bool
scan_compound_word(const struct parser *p, struct scan *s)
{
    enum mn_word_id word = p->tokens[s->at].word;
    uint32_t i = s->at + 1;

    if (word == MN_W_STRUCT || word == MN_W_UNION || word == MN_W_ENUM) {
        i = mn_p_scan_ignored(p, i);
        if (p->tokens[i].kind == MN_T_WORD)
            i++;
        if (p->tokens[i].kind == MN_T_BRACE_OPEN && mn_p_behind(p, i))
            i = mn_p_behind(p, i);
    } else if (word == MN_W_TYPEOF || word == MN_W_TYPEOF_GNU || word == MN_W_TYPEOF_GNU2 ||
               word == MN_W_ENCODING) {
        if (p->tokens[i].kind != MN_T_PAREN_OPEN || !mn_p_behind(p, i))
            return false;
        i = mn_p_behind(p, i);
    } else {
        return false;
    }
    s->at = i;
    return true;
}

/* One specifier; false when the next token is none. */
static bool
scan_specifier(const struct parser *p, struct scan *s)
{
    const struct mn_token *t = &p->tokens[s->at];
    uint32_t behind = mn_p_scan_ignored(p, s->at);

    if (behind > s->at) {
        s->at = behind;
        return true;
    }
    if (t->kind != MN_T_WORD)
        return false;
    if (is_qualifier(t->word)) {
        s->at++;
        s->sure = true;
        return true;
    }
    if (scan_compound_word(p, s)) {
        s->typed = s->sure = true;
        return true;
    }
    if (is_basic_type(t->word)) {
        s->at++;
        s->typed = s->sure = true;
    } else if (!s->typed && (mn_p_is_ident(p, t) || t->word == MN_W_IBACTION)) {
        s->at++;
        s->typed = true;
        s->sure |= mn_p_known_type(p, t);
    } else {
        return false;
    }
    if (p->tokens[s->at].kind == MN_T_LESS && scan_angles(p, s->at)) {
        s->at = scan_angles(p, s->at);
        s->sure = true;
    }
    return true;
}

enum mn_p_strength
mn_p_scan_type(const struct parser *p, uint32_t i, uint32_t *end)
{
    struct scan s = {.at = i};
    uint32_t behind;

    while (scan_specifier(p, &s))
        ;
    if (!s.typed)
        return P_NO_TYPE;
    behind = scan_abstract(p, s.at);
    if (behind > s.at &&
        (p->tokens[behind - 1].kind == MN_T_STAR || p->tokens[behind - 1].kind == MN_T_CARET))
        s.sure = true;
    /* `(^)(int)`, `(*)(void)` : a function type; `name(...)` alone is a call */
    if (behind > s.at && p->tokens[s.at].kind == MN_T_PAREN_OPEN &&
        (p->tokens[s.at + 1].kind == MN_T_CARET || p->tokens[s.at + 1].kind == MN_T_STAR) &&
        mn_p_behind(p, s.at) == s.at + 3)
        s.sure = true;
    *end = behind;
    return s.sure ? P_SURE_TYPE : P_MAYBE_TYPE;
}

/* ---- declarations ---- */

/* What can follow the declared name in a declaration. */
static bool
can_follow_name(enum mn_token_kind kind)
{
    switch (kind) {
    case MN_T_ASSIGN:
    case MN_T_SEMICOLON:
    case MN_T_COMMA:
    case MN_T_SQUARE_OPEN:
    case MN_T_PAREN_OPEN:
    case MN_T_COLON:
    case MN_T_WORD:
        return true;
    default:
        return false;
    }
}

/* A name that is no known word, then something: `Foo x`, `Foo *x`, `Foo<P> *x`, `Foo (^x)(int)`. */
static bool
ident_starts_declaration(const struct parser *p, uint32_t i)
{
    const struct mn_token *t = &p->tokens[i], *next = t + 1;
    bool known = mn_p_known_type(p, t), variable = mn_name_of(t->name)->visible && !known;
    uint32_t k;

    if (next->kind == MN_T_WORD)
        return next->word != MN_W_IN &&
               (mn_p_is_ident(p, next) || mn_word_class_of(next->word) == MN_WORD_TYPE);
    if (next->kind == MN_T_STAR) {
        k = scan_stars(p, i + 1);
        if (!mn_p_is_ident(p, &p->tokens[k]))
            return known && p->tokens[k].kind == MN_T_PAREN_OPEN && !variable;
        return known || (!variable && can_follow_name(p->tokens[k + 1].kind));
    }
    if (next->kind == MN_T_LESS && !variable) {
        k = scan_angles(p, i + 1);
        return k && (p->tokens[k].kind == MN_T_STAR || p->tokens[k].kind == MN_T_WORD);
    }
    if (next->kind == MN_T_PAREN_OPEN) {
        k = i + 2;
        if (p->tokens[k].kind == MN_T_CARET) {
            k += 1 + (p->tokens[k + 1].kind == MN_T_WORD);
            return p->tokens[k].kind == MN_T_PAREN_CLOSE && p->tokens[k + 1].kind == MN_T_PAREN_OPEN;
        }
        return known && p->tokens[k].kind == MN_T_STAR;
    }
    return false;
}

/* In Mango `short = 3` assigns to a variable: a type word is one only where a declaration follows it. */
static bool
mango_type_word(const struct mn_token *t)
{
    const struct mn_token *next = t + 1;

    if (mn_name_of(t->name)->visible && next->kind != MN_T_WORD)
        return false;
    return next->kind == MN_T_WORD || next->kind == MN_T_STAR || next->kind == MN_T_PAREN_OPEN ||
           next->kind == MN_T_LESS;
}

bool
mn_p_starts_declaration(const struct parser *p)
{
    uint32_t i = mn_p_scan_ignored(p, p->at);
    const struct mn_token *t = &p->tokens[i];

    if (i > p->at && (t->kind == MN_T_WORD || t->kind == MN_T_AT_WORD))
        return true; /* `__unused int x` */
    t = mn_p_token(p);
    if (t->kind == MN_T_AT_WORD) { /* @Signature("v@?") Block b */
        i = p->at + 1;
        if (t->word != MN_AT_NONE || p->tokens[i].kind != MN_T_PAREN_OPEN || !mn_p_behind(p, i))
            return false;
        i = mn_p_behind(p, i);
        return p->tokens[i].kind == MN_T_WORD && p->tokens[i].word == MN_W_BLOCK;
    }
    if (t->kind != MN_T_WORD)
        return false;
    switch (t->word) {
    case MN_W_TYPEDEF:
    case MN_W_STATIC:
    case MN_W_EXTERN:
    case MN_W_STRUCT:
    case MN_W_UNION:
    case MN_W_ENUM:
    case MN_W_VOID:
    case MN_W_ID:
    case MN_W_BOOL:
    case MN_W_SEL:
        return true;
    case MN_W_CLASS:
        return t[1].kind == MN_T_WORD || t[1].kind == MN_T_LESS || t[1].kind == MN_T_STAR;
    case MN_W_NS_ENUM:
    case MN_W_NS_OPTIONS:
    case MN_W_NS_CLOSED_ENUM:
        return t[1].kind == MN_T_PAREN_OPEN;
    case MN_W_C_FUNCTION:
        return t[1].kind == MN_T_LESS;
    default:
        break;
    }
    if (mn_word_class_of(t->word) == MN_WORD_TYPE)
        return p->dialect == MN_DIALECT_OBJC || mango_type_word(t);
    return mn_p_is_ident(p, t) && ident_starts_declaration(p, p->at);
}
