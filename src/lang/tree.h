/* SPDX-License-Identifier: MIT */
/*
 * The syntax tree of a patch: what every reader (Objective-C and Mango source, JSON instructions) builds and
 * the checker walks. There is one form for both surfaces: a class is a class whether it was written as
 * @implementation or as `class X : Y { }`, a send is a send whether it had brackets or dots. What differs by
 * dialect is recorded (the dialect of each body), not resolved.
 *
 * Representation: tagged structs in one arena; lists are arrays with a count. Every name is interned: two
 * names are equal exactly when their pointers are. Spans are byte offsets into the source.
 *
 * Invariants: no pointer leads upwards, and no node is shared but the type of a declaration's specifiers,
 * which all its declarators build on (`int a, *b` has one `int`). The tree is never deeper than MN_TREE_DEPTH
 * nodes, so a recursive walk has a bounded stack; the one chain that may be longer is `else if`, which a walk
 * follows in a loop. A tree with syntax errors may hold ERROR nodes and NULL where something is missing; a
 * tree read without errors holds neither, save where a comment says "or NULL".
 *
 * The tree is built by one thread and then only its `type` and `binding` slots change, by the checker.
 */
#ifndef MN_LANG_TREE_H
#define MN_LANG_TREE_H

#include "base/arena.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mn_static_type; /* the checker's; this folder's readers never look inside */
struct mn_binding;     /* what a name stands for: the checker's too */
struct mn_expr;
struct mn_stmt;
struct mn_decl;
struct mn_tname;
struct mn_tag_decl;
struct mn_class_decl;

/* The deepest nesting a reader accepts; deeper sources are refused with MEND_TOO_DEEP. */
#define MN_TREE_DEPTH 200

enum mn_dialect { MN_DIALECT_OBJC, MN_DIALECT_MANGO };

/* Bytes [start, end) of the source. An empty span at an offset is a place. */
struct mn_span {
    uint32_t start, end;
};

enum mn_expr_kind {
#define X(name, printed, text) MN_EXPR_##name,
#include "lang/expr.def"
#undef X
};

enum mn_stmt_kind {
#define X(name, printed, text) MN_STMT_##name,
#include "lang/stmt.def"
#undef X
};

enum mn_tname_kind {
#define X(name, spelling) MN_TNAME_##name,
#include "lang/tname.def"
#undef X
};

enum mn_operator {
#define X(name, spelling, precedence) MN_OPERATOR_##name,
#include "lang/operator.def"
#undef X
};

struct mn_exprs {
    struct mn_expr **items;
    uint32_t count;
};
struct mn_stmts {
    struct mn_stmt **items;
    uint32_t count;
};
struct mn_decls {
    struct mn_decl **items;
    uint32_t count;
};
struct mn_tnames {
    struct mn_tname **items;
    uint32_t count;
};

/* A name where it was written. */
struct mn_word {
    const char *name; /* interned */
    struct mn_span span;
};
struct mn_words {
    struct mn_word *items;
    uint32_t count;
};

/* ---- annotations
 * ------------------------------------------------------------------------------------------- */

/* @If(expr), #If(expr), @SwiftModule("M"), @MethodName("sel"), @Signature("enc"), or an unknown one. */
struct mn_annotation {
    struct mn_word name;
    struct mn_expr *argument; /* or NULL */
    struct mn_span span;
};
struct mn_annotations {
    struct mn_annotation *items;
    uint32_t count;
};

/* ---- types as written -------------------------------------------------------------------------------------
 */

enum mn_ownership {
    MN_OWNERSHIP_UNSAID,
    MN_OWNERSHIP_STRONG,
    MN_OWNERSHIP_WEAK,
    MN_OWNERSHIP_UNSAFE,
    MN_OWNERSHIP_AUTORELEASING
};

enum mn_qualifier { /* bits of mn_tname.qualifiers */
                    MN_QUALIFIER_CONST = 1,
                    MN_QUALIFIER_VOLATILE = 2,
                    MN_QUALIFIER_RESTRICT = 4,
                    MN_QUALIFIER_ATOMIC = 8,
                    MN_QUALIFIER_IN = 16, /* these six stand in the types of methods */
                    MN_QUALIFIER_OUT = 32,
                    MN_QUALIFIER_INOUT = 64,
                    MN_QUALIFIER_BYCOPY = 128,
                    MN_QUALIFIER_BYREF = 256,
                    MN_QUALIFIER_ONEWAY = 512
};

/* A type: declarators are already turned inside out, so `char *argv[]` is ARRAY of POINTER to CHAR. */
struct mn_tname {
    enum mn_tname_kind kind;
    unsigned qualifiers; /* of this level: `char *const p` puts CONST on the POINTER */
    enum mn_ownership ownership;
    struct mn_span span;
    const struct mn_static_type *type; /* the checker's slot */
    union {
        struct {              /* NAMED, ID, CLASS, INSTANCETYPE: the last three have no name */
            const char *name; /* interned */
            struct mn_tnames generics;
            struct mn_words protocols;
        } named;
        struct mn_tag_decl *tag; /* TAGGED; the same tag object for a definition, a fresh one for a mention */
        struct mn_tname *of;     /* POINTER, TYPEOF_TYPE */
        struct mn_expr *expr;    /* TYPEOF_EXPR */
        const char *signature;   /* ANY_BLOCK: of @Signature("..."), or NULL; ENCODED: __encoding__("...") */
        struct {
            struct mn_tname *of;
            struct mn_expr *size; /* or NULL: [] */
        } array;
        struct { /* FUNCTION, BLOCK (pointer to block), CFUNCTION */
            struct mn_tname *result;
            struct mn_decls params; /* PARAMETER declarations; names may be NULL */
            bool variadic;
            bool unsaid; /* written () : C says nothing about the parameters */
        } function;
    };
};

enum mn_tag_kind { MN_TAG_STRUCT, MN_TAG_UNION, MN_TAG_ENUM };

/* struct, union, enum: a mention (`defined` false) or a definition. */
struct mn_tag_decl {
    enum mn_tag_kind kind;
    bool defined;
    bool options;                /* NS_OPTIONS */
    const char *name;            /* interned, or NULL when anonymous */
    struct mn_span at;           /* the name, else the word struct */
    uint8_t pack;                /* what #pragma pack says here; 0: nothing */
    struct mn_decls members;     /* FIELD of struct and union, ENUMERATOR of enum */
    struct mn_tname *underlying; /* enum: the type after ':' or of NS_ENUM, or NULL */
    const char *encoding;        /* `declare struct`: its typeEncoding, or NULL for the C forms */
    struct mn_span encoding_at;
    struct mn_words keys; /* `declare struct`: the names of the fields in order */
    struct mn_binding *binding;
};

/* ---- declarations ---------------------------------------------------------------------------------------
 */

enum mn_decl_kind {
    MN_DECL_VARIABLE,
    MN_DECL_FUNCTION, /* type is a FUNCTION; body or NULL for a prototype */
    MN_DECL_TYPEDEF,
    MN_DECL_TAG,       /* `struct S { ... };`: type is the TAGGED type, no name */
    MN_DECL_FIELD,     /* of a struct or union, or an instance variable; name NULL: anonymous member */
    MN_DECL_PARAMETER, /* name may be NULL */
    MN_DECL_ENUMERATOR /* type NULL; init is its value, or NULL */
};

enum mn_storage { /* bits of mn_decl.storage */
                  MN_STORAGE_STATIC = 1,
                  MN_STORAGE_EXTERN = 2,
                  MN_STORAGE_INLINE = 4,
                  MN_STORAGE_REGISTER = 8,
                  MN_STORAGE_THREAD = 16,
                  MN_STORAGE_BY_REFERENCE = 32 /* __block */
};

enum mn_visibility {
    MN_VISIBILITY_UNSAID,
    MN_VISIBILITY_PUBLIC,
    MN_VISIBILITY_PRIVATE,
    MN_VISIBILITY_PROTECTED,
    MN_VISIBILITY_PACKAGE
};

struct mn_decl {
    enum mn_decl_kind kind;
    enum mn_dialect dialect;
    unsigned storage;
    enum mn_ownership ownership;   /* of the declared variable, wherever it was written; also on its type */
    enum mn_visibility visibility; /* instance variables */
    const char *name;              /* interned, or NULL */
    struct mn_span at;             /* the name; where it would stand if there is none */
    struct mn_span span;           /* from the first specifier to the end of the declarator or body */
    struct mn_tname *type;
    struct mn_expr *init; /* initialiser (an INIT node for braces), or NULL */
    struct mn_expr *bits; /* width of a bit-field, or NULL */
    struct mn_stmt *body; /* of a function, or NULL */
    struct mn_annotations annotations;
    struct mn_binding *binding; /* the checker's slot */
};

/* ---- expressions
 * ------------------------------------------------------------------------------------------- */

enum mn_suffix { MN_SUFFIX_U = 1, MN_SUFFIX_L = 2, MN_SUFFIX_LL = 4, MN_SUFFIX_F = 8 }; /* bits */
enum mn_nil { MN_NIL_OBJECT, MN_NIL_CLASS, MN_NIL_NULL };
enum mn_bridge { MN_BRIDGE_NONE, MN_BRIDGE_PLAIN, MN_BRIDGE_RETAINED, MN_BRIDGE_TRANSFER };
enum mn_va { MN_VA_START, MN_VA_ARG, MN_VA_END, MN_VA_COPY };

/* `.name` when name is set, `[first]` or `[first ... last]` otherwise. */
struct mn_designator {
    const char *name; /* interned */
    struct mn_expr *first, *last;
    struct mn_span span;
};
struct mn_designators {
    struct mn_designator *items;
    uint32_t count;
};

/* One element of a brace initialiser or struct literal; Mango's `x: 1` is a designator `.x`. */
struct mn_init_item {
    struct mn_designators path;
    struct mn_expr *value;
};
struct mn_init_items {
    struct mn_init_item *items;
    uint32_t count;
};

/* `iOS 13.0` of @available; platform "*" has no version. */
struct mn_platform {
    const char *name, *version; /* interned */
};

struct mn_expr {
    enum mn_expr_kind kind;
    enum mn_operator op; /* UNARY, BINARY; ASSIGN: NONE for '=', else the binary operator */
    bool parenthesised;  /* written in its own parentheses: for warnings such as `if (a = b)` */
    struct mn_span span; /* the whole expression */
    struct mn_span at;   /* the telling part: the operator, the name after the dot, the first selector word */
    const struct mn_static_type *type; /* the checker's two slots */
    struct mn_binding *binding;
    union {
        const char *name; /* IDENT (also `_cmd`), SELECTOR ("a:b:"), PROTOCOL; interned */
        struct {
            uint64_t value;
            uint8_t base;   /* 2, 8, 10, 16 */
            uint8_t suffix; /* bits of mn_suffix */
        } integer;
        struct {
            double value;
            long double precise;
            uint8_t suffix; /* MN_SUFFIX_F, MN_SUFFIX_L or 0 */
        } floating;
        int32_t character;
        struct { /* CSTRING, STRING: bytes decoded, NUL added but not counted */
            const char *bytes;
            uint32_t length;
        } string;
        bool boolean;
        enum mn_nil nil;
        struct mn_expr *operand; /* UNARY, BOX, CFUNCTION, SIZEOF */
        struct {
            struct mn_expr *left, *right;
        } binary; /* BINARY, ASSIGN (left is the place), INDEX (base, index) */
        struct {
            struct mn_expr *test, *yes, *no; /* yes is NULL in `a ?: b` */
        } conditional;
        struct {
            struct mn_expr *object;
            const char *name; /* interned */
        } member;             /* MEMBER, ARROW */
        struct {
            struct mn_expr *receiver; /* a SUPER node for super */
            const char *selector;     /* interned, "a:b:" */
            struct mn_exprs args;     /* those beyond the colons are a variadic tail */
            uint32_t colons;
            bool dotted; /* x.a:b:(p, q); x.f and x.f() are MEMBER and CALL of MEMBER */
        } send;
        struct {
            struct mn_expr *callee; /* a MEMBER here means x.f(...): spec 15.2 decides what it is */
            struct mn_exprs args;
        } call;
        struct mn_exprs items;     /* ARRAY; DICTIONARY: key, value, key, value... */
        struct mn_init_items init; /* INIT, STRUCT */
        struct {
            struct mn_tname *type;
            struct mn_expr *operand;    /* CAST; COMPOUND: an INIT node; NULL for the others */
            struct mn_designators path; /* OFFSETOF; its first element is a name */
            enum mn_bridge bridge;      /* CAST */
        } typed;                        /* CAST, COMPOUND, SIZEOF_TYPE, ALIGNOF, ENCODE, OFFSETOF */
        struct {
            struct mn_tname *result; /* or NULL: to be inferred from its returns */
            struct mn_decls params;
            bool variadic;
            struct mn_stmt *body;
        } block;
        struct mn_stmt *statements; /* STATEMENTS: a compound */
        struct {
            enum mn_va which;
            struct mn_expr *list, *other; /* other: the last parameter, the source list, or NULL */
            struct mn_tname *type;        /* va_arg */
        } va;
        struct {
            struct mn_platform *items;
            uint32_t count;
        } available;
    };
};

/* ---- statements -------------------------------------------------------------------------------------------
 */

/* @catch (NSException *e) { }: param is NULL for `...`. */
struct mn_catch_clause {
    struct mn_decl *param;
    struct mn_stmt *body;
    struct mn_span span;
};

struct mn_stmt {
    enum mn_stmt_kind kind;
    struct mn_span span;
    struct mn_span at; /* the keyword, or the closing brace of a COMPOUND */
    union {
        struct mn_stmts body;  /* COMPOUND */
        struct mn_decls decls; /* DECLARATION: in the order written; a new struct type comes first as a TAG */
        struct mn_expr *expr;  /* EXPRESSION; RETURN and THROW: or NULL */
        struct {
            struct mn_expr *test;
            struct mn_stmt *yes, *no; /* no: or NULL */
        } branch;                     /* IF */
        struct {
            struct mn_expr *test;
            struct mn_stmt *body;
        } loop; /* WHILE, DO, SWITCH (test is its value, body its compound) */
        struct {
            struct mn_stmt *first;       /* DECLARATION or EXPRESSION, or NULL */
            struct mn_expr *test, *step; /* or NULL */
            struct mn_stmt *body;
        } for_;
        struct {
            struct mn_decl *variable; /* `for (T x in c)`, else NULL and place is set */
            struct mn_expr *place, *collection;
            struct mn_stmt *body;
        } for_in;
        struct {
            struct mn_expr *first, *last; /* last: of `case 1 ... 5:`, or NULL */
        } label;             /* CASE: a label stands before the statement it marks, in the same list */
        struct mn_word word; /* GOTO, LABEL (likewise) */
        struct {
            struct mn_stmt *body;
            struct mn_catch_clause *catches;
            uint32_t count;
            struct mn_stmt *finally; /* or NULL */
        } try_;
        struct {
            struct mn_expr *lock;
            struct mn_stmt *body;
        } guarded; /* SYNCHRONIZED; POOL has no lock */
    };
};

/* ---- classes ----------------------------------------------------------------------------------------------
 */

enum mn_property_flags {
    MN_PROP_NONATOMIC = 1,
    MN_PROP_ATOMIC = 2, /* written out */
    MN_PROP_READONLY = 4,
    MN_PROP_READWRITE = 8,
    MN_PROP_COPY = 16,
    MN_PROP_STRONG = 32, /* strong and retain */
    MN_PROP_WEAK = 64,
    MN_PROP_ASSIGN = 128, /* assign and unsafe_unretained */
    MN_PROP_CLASS = 256,
    MN_PROP_OPTIONAL = 512 /* of a protocol */
};

struct mn_property_decl {
    struct mn_word name;
    struct mn_tname *type;
    unsigned flags;              /* bits of mn_property_flags */
    const char *getter, *setter; /* interned, or NULL */
    uint32_t conditions[2];      /* as of a method */
    struct mn_annotations annotations;
    struct mn_span span;
    struct mn_binding *binding;
};

struct mn_method_decl {
    bool is_class; /* '+' */
    bool optional; /* after @optional in a protocol */
    bool variadic;
    enum mn_dialect dialect; /* of the body */
    const char *selector;    /* interned, "a:b:", before @MethodName is applied */
    struct mn_span at;       /* the first selector word */
    struct mn_span span;
    struct mn_tname *result; /* NULL when unsaid: id */
    struct mn_decls params;  /* PARAMETER; type NULL when unsaid: id */
    struct mn_stmt *body;    /* a compound; NULL in interfaces and protocols */
    uint32_t conditions[2];  /* the checker's: undecided conditions of its class and its own; 0: none */
    struct mn_annotations annotations;
    struct mn_binding *binding;
};

/* @synthesize name = ivar; ivar.name is NULL when unsaid. */
struct mn_synthesize {
    struct mn_word name, ivar;
};

enum mn_class_form {
    MN_FORM_INTERFACE,
    MN_FORM_IMPLEMENTATION,
    MN_FORM_MANGO_CLASS, /* `class X : Y { }`: an implementation that also declares */
    MN_FORM_PROTOCOL
};

/* A part of a class as written; the checker merges the parts of one name. */
struct mn_class_decl {
    enum mn_class_form form;
    enum mn_dialect dialect;
    struct mn_word name; /* dots of Swift names kept: "App.Item" */
    bool has_category;   /* `X (Name)`, and `X ()` with category.name NULL */
    struct mn_word category;
    struct mn_word superclass; /* name NULL when unsaid */
    struct mn_words protocols;
    struct mn_words generics; /* names of the type parameters, dialect hints only */
    struct mn_decls ivars;    /* FIELD */
    struct mn_property_decl **properties;
    uint32_t property_count;
    struct mn_method_decl **methods; /* in text order */
    uint32_t method_count;
    struct mn_synthesize *synthesized;
    uint32_t synthesized_count;
    struct mn_words dynamic; /* @dynamic */
    struct mn_decls decls;   /* functions, variables, types written between the members: of file scope */
    struct mn_annotations annotations, superclass_annotations;
    struct mn_span at; /* the opening word */
    struct mn_span span;
    struct mn_binding *binding;
};

/* ---- the unit ---------------------------------------------------------------------------------------------
 */

enum mn_item_kind {
    MN_ITEM_CLASS,
    MN_ITEM_DECLARATION,      /* one declarator each; `int a, b;` gives two */
    MN_ITEM_STATEMENT,        /* top-level code */
    MN_ITEM_FORWARD_CLASS,    /* @class A, B; */
    MN_ITEM_FORWARD_PROTOCOL, /* @protocol P, Q; */
    MN_ITEM_ALIAS             /* @compatibility_alias New Old; @SwiftClassAlias Module.Old New; */
};

struct mn_item {
    enum mn_item_kind kind;
    uint32_t condition; /* the checker's: an undecided one; 0: none */
    enum mn_dialect dialect;
    struct mn_span span;
    struct mn_annotations annotations; /* before a statement; the others hold their own */
    union {
        struct mn_class_decl *class_;
        struct mn_decl *decl;
        struct mn_stmt *stmt;
        struct mn_words names;
        struct {
            struct mn_word alias, original;
            bool swift;
        } alias;
    };
};

/* A whole source. Everything reachable from it lives in its arena. */
/* #pragma pack: from here on fields are aligned at most so; 0: naturally. */
struct mn_pack {
    uint32_t at;
    uint8_t align;
};

struct mn_tree {
    struct mn_arena arena;
    struct mn_name **names; /* the table of interned names */
    size_t name_count, name_capacity;
    struct mn_item *items; /* in text order */
    uint32_t item_count;
    struct mn_pack *packs; /* in text order */
    uint32_t pack_count;
    uint8_t profile; /* #pragma mend profile: enum mend_profile */
    uint8_t policy; /* #pragma mend policy: enum mend_policy */
    uint32_t policy_after;
};

/* What #pragma pack says at an offset. */
uint8_t mn_tree_pack(const struct mn_tree *tree, uint32_t at);

/* Opens an empty tree. False when memory has run out (nothing to free then). */
bool mn_tree_init(struct mn_tree *tree);
void mn_tree_fini(struct mn_tree *tree);

/* The interned form of a name; NULL (and tree->arena.failed) when memory has run out. */
const char *mn_tree_name(struct mn_tree *tree, const char *text, size_t length);

/* Zeroed nodes; NULL when memory has run out. */
struct mn_expr *mn_expr_new(struct mn_tree *tree, enum mn_expr_kind kind, struct mn_span span);
struct mn_stmt *mn_stmt_new(struct mn_tree *tree, enum mn_stmt_kind kind, struct mn_span span);
struct mn_decl *mn_decl_new(struct mn_tree *tree, enum mn_decl_kind kind, struct mn_span span);
struct mn_tname *mn_tname_new(struct mn_tree *tree, enum mn_tname_kind kind, struct mn_span span);

/* The spelling of an operator ("+="'s is "+"), what messages call a kind of node, the spelling of a basic
 * type. */
const char *mn_operator_text(enum mn_operator op);
int mn_operator_precedence(enum mn_operator op);
const char *mn_expr_kind_text(enum mn_expr_kind kind);
const char *mn_stmt_kind_text(enum mn_stmt_kind kind);
const char *mn_tname_kind_text(enum mn_tname_kind kind);

/* Writes the tree (a part of it) as S-expressions: for tests and for people. Out of memory: out->failed. */
void mn_tree_print(const struct mn_tree *tree, struct mn_buffer *out);
void mn_expr_print(const struct mn_expr *expr, struct mn_buffer *out);
void mn_stmt_print(const struct mn_stmt *stmt, struct mn_buffer *out);
void mn_tname_print(const struct mn_tname *type, struct mn_buffer *out);
#endif
