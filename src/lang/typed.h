/* SPDX-License-Identifier: MIT */
/*
 * The checked program: what the checker leaves for the compiler.
 *
 * The syntax tree says what was written; this says what it means. Names are resolved to variables, classes
 * and functions; every conversion is a node; properties and subscripts have become sends, ivars and fields
 * have become places; constants are folded; both dialects and both surfaces look alike. So the compiler asks
 * no questions.
 *
 * Nodes live in the arena of the unit being read. A node may be reached from two parents only where a comment
 * says so (a place that is read and then written): the compiler evaluates such a place once.
 */
#ifndef MN_LANG_TYPED_H
#define MN_LANG_TYPED_H

#include "lang/types.h"
#include "vm/builder.h"

enum mn_xkind {
    MN_X_INT, /* a number of an integer type, sign- or zero-extended; also nil, NULL and address constants */
    MN_X_FLOAT,  /* a number of a floating type */
    MN_X_TEXT,   /* char * to bytes of the program */
    MN_X_STRING, /* NSString constant */
    MN_X_CLASS,  /* a class by name */
    MN_X_SELECTOR,
    MN_X_SYMBOL,  /* the address of code or data of the process, by name */
    MN_X_VAR,     /* place: a variable */
    MN_X_GLOBAL,  /* place: a variable that outlives calls */
    MN_X_MEMORY,  /* place: *(type *)(base + offset) */
    MN_X_INDEX,   /* place: ((type *)base)[index] */
    MN_X_FIELD,   /* place if its base is one: the part of an aggregate at an offset */
    MN_X_IVAR,    /* place: an instance variable */
    MN_X_ADDRESS, /* of a place */
    MN_X_OUT,     /* address of a temporary that is copied from a variable before and back after the call */
    MN_X_CONVERT, /* between scalars, or void: the value is dropped */
    MN_X_ARITH,   /* both operands have the type of the node, except the count of a shift */
    MN_X_NEGATE,
    MN_X_INVERT,
    MN_X_COMPARE, /* both operands of one type; the node's type is int or BOOL */
    MN_X_TRUTH,   /* != 0 */
    MN_X_NOT,     /* == 0 */
    MN_X_AND,
    MN_X_OR,
    MN_X_CHOOSE, /* test ? yes : no */
    MN_X_ELSE,   /* left ?: right */
    MN_X_COMMA,
    MN_X_ASSIGN, /* the value has the type of the place; so has the node */
    MN_X_UPDATE, /* place = (type)((work)place op value); before: the node's value is the old one */
    MN_X_SEND,
    MN_X_CALL,       /* a function of the patch */
    MN_X_CALLC,      /* a C function by address */
    MN_X_BOX,        /* @(scalar), @(char *), @(struct) by the operand's type */
    MN_X_ARRAY,      /* @[ ] */
    MN_X_DICTIONARY, /* @{ }: key, value, key, value */
    MN_X_AGGREGATE,  /* zeroes, then each part at its offset */
    MN_X_BLOCK,      /* a block literal: comes with a reference */
    MN_X_CALLB,      /* a block called; call.address is the block */
    MN_X_FUNC,       /* the address of a function of the patch */
    MN_X_STATEMENTS, /* ({ ... }): the value is in a variable behind the statements */
    MN_X_NONZERO     /* the operand; raises the error `op` (enum mn_vm_error) when it is a zero */
};

enum mn_send_to { MN_TO_RECEIVER, MN_TO_SUPER, MN_TO_ORIGINAL, MN_TO_NEXT };

struct mn_x;
struct mn_s;
struct mn_body;

/* A variable of a function: parameter, local, or a temporary the checker made. */
struct mn_var {
    const char *name;
    const struct mn_ctype *type;
    bool is_param;
    bool temporary; /* made by the checker; written before anything reads it, whenever it is compiled */
    bool strong;    /* keeps what it holds */
    bool addressed; /* its address is taken: read it from memory after calls */
    bool assigned;  /* written after its declaration; a strong parameter that is not needs no reference of its
                       own */
    unsigned param; /* index among self, _cmd and the arguments */
    mn_slot slot;   /* the compiler's */
    bool placed;
    bool weak;

    /*
     * Capturing. A block sees a variable of the function around it through an image of its own, which is `of`
     * that one (itself an image in a nested block); all lead to one root, where the flags are. The block takes
     * the value along, or shares a cell with whoever else knows the variable: mn_var_is_cell().
     */
    struct mn_body *owner; /* the body it is a variable of; NULL: never captured */
    struct mn_var *of, *root, *next_image;
    bool by_block;    /* __block */
    bool captured;    /* by some block */
    bool by_name;     /* captured where captures share (Mango) */
    bool shared;      /* a block writes it, or takes its address */
    unsigned word;    /* of an image: where it is among what its block has captured */
    mn_slot address;  /* of a cell's value; the cell itself is in `slot` */

    struct mn_var *extent; /* of an array whose length is computed: its size in bytes (check_array.c) */
};

/* A variable of the whole source, or a static one of a function: bytes of the program's data. */
struct mn_global {
    const char *name;
    const struct mn_ctype *type;
    uint32_t offset;
    bool strong, weak;
    bool is_static; /* of this source alone */
    bool set; /* has an initialiser */
};

/* Whether a variable lives in a cell of its own. Known once the whole source is checked. */
static inline bool
mn_var_is_cell(const struct mn_var *var)
{
    const struct mn_var *root = var->root ? var->root : var;

    return root->weak || (root->captured && (root->by_block || root->shared || (root->by_name && root->assigned)));
}

struct mn_part {
    size_t offset;
    struct mn_bits bits; /* a bit-field's: the offset is that of its unit */
    struct mn_x *value;
};

struct mn_x {
    enum mn_xkind kind;
    const struct mn_ctype *type;
    uint32_t at; /* offset in the source */
    union {
        int64_t integer;
        long double floating;
        struct {
            const char *bytes;
            size_t length;
        } text;           /* TEXT, STRING */
        const char *name; /* CLASS, SELECTOR */
        struct {
            const char *name;
            void *address; /* in this process */
            bool own;      /* a function of Mend's own (builtin/ours.h) */
        } symbol;
        struct mn_var *var;
        const struct mn_global *global;
        struct {
            struct mn_x *base;
            int64_t offset;
            struct mn_bits bits; /* FIELD: of a bit-field */
        } part;                  /* MEMORY, FIELD */
        struct {
            struct mn_x *base, *index; /* the index is a 64-bit integer */
        } index;
        struct {
            struct mn_x *object;
            const char *class_name, *name;
            bool strong, weak;
            bool added; /* to a class that exists: beside the object */
        } ivar;
        struct {
            struct mn_x *a; /* the operand of ADDRESS, CONVERT, NEGATE, INVERT, TRUTH, NOT, BOX, NONZERO */
            struct mn_x *b;
            uint8_t op; /* enum mn_arith, enum mn_compare */
        } of;
        struct {
            struct mn_x *test, *yes, *no; /* ELSE: yes is left out */
        } choose;
        struct {
            struct mn_x *place, *value;
        } assign;
        struct {
            struct mn_x *place, *value;
            const struct mn_ctype *work; /* the type the operator works in */
            uint8_t op;
            bool before, truth; /* truth: the result is != 0 (BOOL) */
        } update;
        struct {
            struct mn_x *place;           /* a variable's */
            const struct mn_ctype *inner; /* what the callee finds behind the address */
            bool used;                    /* stands as an argument, the only place where it makes sense */
        } out;
        struct {
            enum mn_send_to to;
            struct mn_x *receiver;
            const char *selector; /* without ORG */
            const char *class_name;
            bool class_side;
            bool owned;    /* the result comes with a reference (alloc, new, copy, init) */
            bool consumes; /* init: takes a reference of the receiver */
            bool variadic;
            unsigned fixed;
            struct mn_x **args;
            unsigned count;
            /* Other results of the selector in the process, when classes differ: what the context may ask
             * for. */
            const struct mn_ctype *as_number, *as_object;
        } send;
        struct {
            unsigned function;    /* CALL: of the builder */
            struct mn_x *address; /* CALLC; CALLB: the block */
            const char *types;    /* of the function: "dd" */
            struct mn_x **args;
            unsigned count;
            bool open;  /* CALLB: nothing is known of the result; the context decides */
            bool owned; /* CALLC: the result comes with a reference */
        } call;
        struct mn_body *block; /* BLOCK */
        struct {
            struct mn_s *body;
            struct mn_var *value; /* NULL: none */
        } statements;
        struct {
            struct mn_x **items;
            unsigned count;
        } list;
        struct {
            struct mn_part *parts;
            unsigned count;
        } aggregate;
    };
};

enum mn_skind {
    MN_S_EXPRESSION,
    MN_S_DECLARE,
    MN_S_BLOCK,
    MN_S_SEQUENCE, /* statements without a scope of their own: `int a, b;` */
    MN_S_IF,
    MN_S_LOOP, /* while, do, for */
    MN_S_FOR_IN,
    MN_S_SWITCH,
    MN_S_CASE,
    MN_S_BREAK,
    MN_S_CONTINUE,
    MN_S_RETURN,
    MN_S_THROW,
    MN_S_POOL,
    MN_S_TRY,
    MN_S_SYNCHRONIZED,
    MN_S_ONCE, /* what runs once: the initialiser of a static variable */
    MN_S_GOTO,
    MN_S_LABEL
};

/* What a goto may leave and must not enter: a try, catch, finally, lock or pool. */
struct mn_nest {
    struct mn_nest *outer;
    unsigned depth; /* 1 outermost */
};

/* A name to go to. */
struct mn_goal {
    struct mn_goal *next;
    const char *name;
    bool defined;
    uint32_t at;          /* of the first mention */
    struct mn_nest *nest; /* around the label */
    /* the compiler's */
    bool has_label, bound, ahead; /* ahead: something jumps to it before it is bound */
    mn_label label;
    unsigned mark;
};

/* @catch: of a class by name, or of everything. */
struct mn_catch {
    const char *class_name; /* NULL: everything */
    struct mn_var *var;     /* NULL: `...` */
    struct mn_s *body;
};

/* A value of a switch, in the order of the text. */
struct mn_case {
    bool is_default;
    struct mn_x *first, *last; /* of the type of the switch's value; last: end of a range, or NULL */
    mn_label label;            /* the compiler's */
};

struct mn_s {
    enum mn_skind kind;
    uint32_t at;
    union {
        struct mn_x *x; /* EXPRESSION; RETURN, THROW: or NULL (THROW: what was caught) */
        struct {
            struct mn_var *var;
            struct mn_x *init; /* or NULL: zero */
        } declare;
        struct {
            struct mn_x *x;
            uint32_t data; /* 16 bytes of the program's */
        } once;
        struct {
            struct mn_s **items;
            unsigned count;
            unsigned depth; /* POOL: of its nest */
        } block;            /* BLOCK, SEQUENCE, POOL */
        struct {
            struct mn_x *test;
            struct mn_s *yes, *no;
        } branch;
        struct {
            struct mn_s *first; /* or NULL; its variables live around the loop */
            struct mn_x *test;  /* NULL: for ever */
            struct mn_x *step;
            struct mn_s *body;
            bool body_first; /* do */
        } loop;
        struct {
            struct mn_var *item; /* an unretained id the machine fills */
            struct mn_var *var;  /* declared by the loop and written in it: a copy of item; else NULL */
            struct mn_x
                *store; /* assigns the item to the variable or place; NULL when item is the variable itself */
            struct mn_x *collection;
            struct mn_s *body;
        } for_in;
        struct {
            struct mn_x *value;
            struct mn_case **cases;
            unsigned count;
            struct mn_s *body;
        } select;
        struct mn_case *label; /* CASE */
        struct {
            struct mn_s *body, *finally; /* finally: or NULL */
            struct mn_catch *catches;
            unsigned count;
            unsigned depth; /* of the nest that body and catches are */
        } attempt;          /* TRY */
        struct {
            struct mn_x *lock;
            struct mn_s *body;
        } locked; /* SYNCHRONIZED */
        struct {
            struct mn_goal *goal;
            struct mn_nest *nest; /* around the goto */
            struct mn_s *next;    /* goto of the body */
        } jump;                   /* GOTO, LABEL */
    };
};

/* A function or method ready to compile. */
struct mn_body {
    const char *name;       /* for messages: "-[Cart total]" */
    const char *class_name; /* NULL for a function */
    const char *selector;
    bool class_side;
    const char *encoding;
    const struct mn_ctype *result;
    struct mn_var **params; /* with self and _cmd for methods */
    const struct mn_ctype
        *travel_result; /* of the encoding, where declared types are only views; else NULL */
    const struct mn_ctype **travel_params; /* behind self and _cmd */
    unsigned param_count;
    bool returns_owned; /* its family hands a reference to the caller */
    bool takes_self;    /* init: owns a reference of self */
    struct mn_s *statements;
    struct mn_s *epilogue; /* before every return, or NULL: a dealloc letting go of instance variables */
    uint32_t at, end;      /* offsets of the head and of the closing brace */
    unsigned function;     /* its index, once reserved */

    struct mn_body *outer; /* of a block: the body it is written in */
    bool is_block;
    bool infers;            /* the first return tells the result's type */
    struct mn_var *images;  /* of what it has captured, in order */
    struct mn_var **images_end;
    struct mn_goal *goals;
    struct mn_s *gotos;
    unsigned blocks; /* written in it so far, for their names */
};
#endif
