/* SPDX-License-Identifier: MIT */
/*
 * The checker: from the syntax tree to the checked program (typed.h), against the classes alive in this
 * process.
 *
 * Internal to the check_*.c files. One struct mn_check reads one source. Errors are findings; checking goes
 * on after one, with MN_C_ERROR as the type of what failed, which is compatible with everything, so that one
 * mistake is reported once. Functions that return nodes never return NULL: when memory has run out they lend
 * a scratch node, and mn_check_unit() reports it at the end.
 */
#ifndef MN_LANG_CHECK_H
#define MN_LANG_CHECK_H

#include "base/list.h"
#include "base/map.h"
#include "lang/diagnostic.h"
#include "lang/live.h"
#include "lang/tree.h"
#include "lang/typed.h"

#include <mend/source.h>

#undef nil /* objc.h's; the tree has a member of this name */

/* What calling a method takes: from an interface in the source, or from the runtime's tables. */
struct mn_msig {
    const char *selector;
    const struct mn_ctype *result;
    const struct mn_ctype **params;
    unsigned count;
    bool class_side, variadic;
    bool declared; /* by the source; else read from an encoding */
    bool exact;    /* found on the receiver's own class, so the types are those of the method that will run */
};

struct mn_kivar {
    const char *name;
    const struct mn_ctype *type;
    bool strong;
    struct mn_span at;
    bool weak;
};

struct mn_kproperty {
    const char *name, *getter, *setter, *ivar; /* setter NULL: readonly; ivar NULL: no storage here */
    const struct mn_ctype *type;
    unsigned flags; /* enum mn_property_flags */
    bool dynamic, class_side;
    struct mn_global *storage; /* of a class property */
    uint32_t conditions[2];    /* undecided: as of a method's plan */
    struct mn_span at;
};

/* A class as the source and the process together describe it. */
struct mn_klass {
    const char *name; /* interned by the tree */
    Class live;       /* NULL: not registered */
    const char *superclass;
    struct mn_klass *super; /* when that is mentioned in the source too */
    bool implemented, declared, ordered, is_protocol;
    uint32_t condition; /* undecided, of the one part that implements it; 0: none */
    struct mn_span at;
    struct mn_list ivars;      /* struct mn_kivar: of a class to create, or added to a live one */
    struct mn_list properties; /* struct mn_kproperty */
    struct mn_list told;       /* struct mn_kivar: of the live class, where its own encoding does not say the type */
    struct mn_list methods;    /* struct mn_msig: declared or implemented here */
    struct mn_map selectors[2]; /* of instances, of the class: selector -> index in methods plus one */
    struct mn_list plans;      /* struct mn_method_plan */
    struct mn_list protocols;  /* const char * */
};

enum mn_namekind { MN_NAME_VAR, MN_NAME_GLOBAL, MN_NAME_VALUE, MN_NAME_TYPE, MN_NAME_FUNCTION, MN_NAME_EXTERN };

/* What an identifier stands for. */
struct mn_name_entry {
    const char *name; /* interned */
    enum mn_namekind kind;
    const struct mn_ctype *type; /* TYPE, EXTERN; FUNCTION: its function type */
    struct mn_var *var;
    struct mn_global *global;
    struct mn_x *value; /* VALUE: a constant */
    unsigned function;  /* FUNCTION: of the builder, when `own` */
    bool own;           /* defined in this source */
    struct mn_decl *waiting; /* FUNCTION: a header's own, whose body counts from its first use on */
    unsigned level;     /* of the scope */
    struct mn_span at;
    struct mn_name_entry *hidden; /* what the name meant outside, or NULL */
};

struct mn_check {
    struct mn_arena *arena; /* everything checked */
    struct mn_arena *keep;  /* what the unit keeps: texts of the plans */
    struct mn_findings *findings;
    struct mn_tree *tree;
    struct mn_builder *builder;
    struct mn_live *live;
    bool decides;               /* conditions of @If run while reading; else they stay undecided */
    const uint32_t *undecided;  /* of the method or property whose methods are being planned; two, or NULL */
    struct mn_list names;   /* struct mn_name_entry *: scopes, innermost last */
    struct mn_map tags;     /* tag -> struct mn_ctype */
    struct mn_map builtins; /* name -> struct mn_name_entry, as they are first used */
    struct mn_list classes; /* struct mn_klass * */
    struct mn_list aliases; /* of check_annotation.c */
    struct mn_list hoisted; /* struct mn_var *: compound literals, which live as long as the block around them */
    struct mn_list wanted;  /* struct mn_decl *: functions of headers that are used */
    struct mn_list outs;    /* struct mn_x *: addresses of strong variables, which must become arguments */
    struct mn_list bodies;  /* struct mn_body *: checked, to be compiled */
    unsigned level;
    /* Lent instead of what could not be allocated; never looked at by the compiler. */
    struct {
        struct mn_x x; /* an INT of the error type, whatever was asked for: so no chain of nodes can close */
        struct mn_var var;
        struct mn_s s;
        struct mn_body body;
        struct mn_name_entry name;
        struct mn_klass klass;
    } lost;

    enum mend_profile profile; /* never DEFAULT */
    struct mend_context *context; /* or NULL */

    /* the function being checked */
    enum mn_dialect dialect;
    struct mn_klass *klass; /* NULL outside methods */
    bool class_side, is_dealloc, calls_next;
    struct mn_body *body, *top; /* top: of the statements outside; it has no name, so return and goto mean nothing */
    struct mn_var *self, *cmd;
    struct mn_var *tail; /* of a function with a variable argument list: where its values lie */
    bool value_unused; /* the expression being entered is a whole statement */
    unsigned loops, switches;
    struct mn_list *cases; /* struct mn_case *: of the innermost switch */
    const struct mn_ctype *switch_type;
    struct mn_nest *nest;
    unsigned catches; /* around what is being checked, in this body */
};

/* ---- nodes (check.c) ---- */

/* A text made for messages and names, in the arena; "" when memory has run out. */
const char *mn_text_of(struct mn_check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Line and column of an offset; 1-based. */
void mn_line_of(const struct mn_check *c, uint32_t at, unsigned *line, unsigned *column);

struct mn_x *mn_x_new(struct mn_check *c, enum mn_xkind kind, const struct mn_ctype *type, uint32_t at);
struct mn_x *mn_x_int(struct mn_check *c, int64_t value, const struct mn_ctype *type, uint32_t at);
/* A C string; the text is lent: a constant, or of the arena. */
struct mn_x *mn_x_text(struct mn_check *c, const char *text, uint32_t at);
struct mn_x *mn_x_error(struct mn_check *c, uint32_t at);
struct mn_x *mn_x_var(struct mn_check *c, struct mn_var *var, uint32_t at);
struct mn_x *mn_x_unary(struct mn_check *c, enum mn_xkind kind, const struct mn_ctype *type, struct mn_x *a);
struct mn_x *mn_x_binary(struct mn_check *c, enum mn_xkind kind, const struct mn_ctype *type, int op,
                         struct mn_x *a, struct mn_x *b);
struct mn_x *mn_x_assign(struct mn_check *c, struct mn_x *place, struct mn_x *value);
struct mn_x *mn_x_string(struct mn_check *c, const char *bytes, size_t length, uint32_t at);
struct mn_x *mn_x_class(struct mn_check *c, const char *name, uint32_t at);
bool mn_x_is_place(const struct mn_x *x);
bool mn_x_is_zero(const struct mn_x *x); /* an integer constant 0: also nil and NULL */
bool mn_x_is_error(const struct mn_x *x);
const char *mn_spelled(struct mn_check *c, const struct mn_ctype *type); /* for messages */

/* The address of a variable for a call's argument: see MN_X_OUT. mn_check_outs reports those that became
 * none. */
struct mn_x *mn_out(struct mn_check *c, struct mn_x *place, const struct mn_ctype *inner);
void mn_check_outs(struct mn_check *c);

/* The variable as the body being checked sees it: itself, or its image in a block. */
struct mn_var *mn_capture(struct mn_check *c, struct mn_var *var);

/* Notes that a variable is written after its declaration, or that its address is taken. */
void mn_var_written(struct mn_var *var);
void mn_var_addressed(struct mn_var *var);

/* A variable of the body being checked, not bound to a name. */
struct mn_var *mn_temp_var(struct mn_check *c, const struct mn_ctype *type);

/* ---- scopes (scope.c) ---- */

void mn_scope_open(struct mn_check *c);
void mn_scope_close(struct mn_check *c);
struct mn_name_entry *mn_scope_find(struct mn_check *c, const char *name);
struct mn_name_entry *mn_scope_add(struct mn_check *c, enum mn_namekind kind, const char *name,
                                   struct mn_span at);
struct mn_var *mn_scope_var(struct mn_check *c, const char *name, const struct mn_ctype *type,
                            struct mn_span at);

/* ---- types (check_type.c) ---- */

const struct mn_ctype *mn_check_type(struct mn_check *c, struct mn_tname *type);
void mn_check_tag(struct mn_check *c, struct mn_tag_decl *tag);

/* The type of a variable, field or parameter: arrays of parameters decay; Mango's numbers widen (spec 1.3
 * D1). */
const struct mn_ctype *mn_check_variable_type(struct mn_check *c, struct mn_tname *type);
const struct mn_ctype *mn_mango_type(const struct mn_ctype *type);

/* Whether values of the type can be arguments or, if `result`, come back; reports what cannot. */
bool mn_check_passable(struct mn_check *c, const struct mn_ctype *type, bool result, struct mn_span at);

/* A type read from an encoding, with the field names this source or the built-in table knows; NULL: not
 * expressible. */
const struct mn_ctype *mn_encoded_type(struct mn_check *c, const char *encoding);
struct mn_type;
const struct mn_ctype *mn_machine_type(struct mn_check *c, const struct mn_type *type);

/* Result and arguments of a method's encoding; false when a part of it is not expressible. */
bool mn_encoded_method(struct mn_check *c, const char *encoding, struct mn_msig *out);

/* The function type of a result's and arguments' encodings in a row; NULL when one is not expressible. */
const struct mn_ctype *mn_encoded_function(struct mn_check *c, const char *encoding, bool variadic);

/* The encoding of a type, in the arena. */
const char *mn_type_text(struct mn_check *c, const struct mn_ctype *type);
const struct mn_ctype *mn_known_tag(struct mn_check *c, const char *tag);
const struct mn_ctype *mn_known_type(struct mn_check *c,
                                     const char *name); /* typedef, built-in or tag; or NULL */

/* ---- conversion (check_convert.c) ---- */

/* The value as `type`, after reporting what cannot be: `what` begins the message ("argument 1 of 'foo:'"). */
struct mn_x *mn_convert(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span,
                        const char *what);
struct mn_x *mn_cast(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type, struct mn_span span);
struct mn_x *mn_truth(struct mn_check *c, struct mn_x *x, struct mn_span span);
struct mn_x *mn_decay(struct mn_check *c, struct mn_x *x);

/*
 * A result whose class is unknown takes the type the context wants, if some class gives such a result: the
 * machine converts from what the method that runs really returns. Anything else stays as it is.
 */
struct mn_x *mn_settle(struct mn_x *x, bool number);

/* Between scalars, without a word; constants fold. */
struct mn_x *mn_coerce(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type);

/* ---- values whose kind only the run knows (check_dynamic.c) ---- */

/* The type of a variable declared with `t`, read as `type`: dynamic where the name says nothing, in Mango. */
const struct mn_ctype *mn_dynamic_type(struct mn_check *c, struct mn_tname *t, const struct mn_ctype *type);

/* To and from one. The first gives the error node for what can be none; the others leave static values alone. */
struct mn_x *mn_dynamic_of(struct mn_check *c, struct mn_x *x);
struct mn_x *mn_dynamic_as(struct mn_check *c, struct mn_x *x, const struct mn_ctype *type);
struct mn_x *mn_dynamic_object(struct mn_check *c, struct mn_x *x);
struct mn_x *mn_dynamic_texted(struct mn_check *c, struct mn_x *x); /* as `+` prints it */
struct mn_x *mn_dynamic_box(struct mn_check *c, struct mn_x *x);    /* as @(x) */

struct mn_x *mn_dynamic_operate(struct mn_check *c, enum mn_arith op, struct mn_x *a, struct mn_x *b,
                                struct mn_span span);
struct mn_x *mn_dynamic_comparison(struct mn_check *c, enum mn_compare op, struct mn_x *a, struct mn_x *b,
                                   struct mn_span span);
struct mn_x *mn_dynamic_signed(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_span span);

/* ---- what is not there (check_lenient.c) ---- */

/* In place of an unknown name; NULL in the mend profile. What assigning to such a node does is the next. */
struct mn_x *mn_lenient_name(struct mn_check *c, const char *name, struct mn_span span);
bool mn_is_lenient_name(const struct mn_x *x);
struct mn_x *mn_lenient_assign(struct mn_check *c, const struct mn_x *name, struct mn_x *value);

/* A selector nothing has: what its send is taken for. In the ocrunner profile the send asks the receiver first. */
void mn_lenient_signature(struct mn_check *c, const char *selector, struct mn_x **args, unsigned count,
                          struct mn_msig *out);
struct mn_x *mn_lenient_send(struct mn_check *c, struct mn_x *send);

/* nil in a collection literal: left out in the ocrunner profile. */
struct mn_x *mn_lenient_element(struct mn_check *c, struct mn_x *x);
struct mn_x *mn_lenient_collection(struct mn_check *c, struct mn_x *x);

/* A name of the context (check_lenient.c): a dynamic value, and what assigning to it does; NULL: no such name. */
struct mn_x *mn_context_name(struct mn_check *c, const char *name, uint32_t at);
bool mn_is_context_name(const struct mn_x *x);
struct mn_x *mn_context_assign(struct mn_check *c, const struct mn_x *name, struct mn_x *value);

/* ORG selectors as methods, in the mangofix profile (check_original.c): said first, made when bodies are checked. */
void mn_declare_originals(struct mn_check *c);
void mn_make_originals(struct mn_check *c);

/* list[x] where only the run knows whether x is an index or a key. */
struct mn_x *mn_dynamic_element(struct mn_check *c, struct mn_x *list, struct mn_x *key, struct mn_span at);

/* x.name where a structure known here has that field; NULL when none has. is_message: objects may answer it too. */
struct mn_x *mn_dynamic_field(struct mn_check *c, struct mn_x *x, const char *name, bool is_message);

/* ---- expressions ---- */

struct mn_x *mn_check_expr(struct mn_check *c,
                           struct mn_expr *e); /* arrays and functions stay what they are */
struct mn_x *mn_check_value(struct mn_check *c, struct mn_expr *e); /* a value, not void */
struct mn_x *mn_check_init(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *type,
                           const char *what);
struct mn_x *mn_check_condition(struct mn_check *c, struct mn_expr *e);
bool mn_check_constant(struct mn_check *c, struct mn_expr *e, int64_t *value);

/* What comparisons give (int, in Mango BOOL), and the number a Mango operand counts as: BOOL takes part as
 * signed. */
const struct mn_ctype *mn_truth_type(const struct mn_check *c);
const struct mn_ctype *mn_mango_kind(const struct mn_ctype *type);
struct mn_x *mn_check_unary(struct mn_check *c,
                            struct mn_expr *e); /* check_unary.c; the next is in check_operator.c */
struct mn_x *mn_check_binary(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_check_conditional(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_arith(struct mn_check *c, enum mn_operator op, struct mn_x *a, struct mn_x *b,
                      struct mn_span span);
struct mn_x *mn_concat(struct mn_check *c, struct mn_x *a, struct mn_x *b, struct mn_span span);
/* A call of a C function of Mend's own; types: its result's and arguments' encodings. */
struct mn_x *mn_x_call_ours(struct mn_check *c, void (*function)(void), const char *types,
                            const struct mn_ctype *result, struct mn_x **args, unsigned count, uint32_t at);

struct mn_x *mn_compare_selectors(struct mn_check *c, bool differ, struct mn_x *a, struct mn_x *b);
struct mn_x *mn_fold(struct mn_check *c, struct mn_x *x); /* check_fold.c */

struct mn_x *mn_check_assign(struct mn_check *c, struct mn_expr *e); /* check_assign.c */
struct mn_x *mn_check_step(struct mn_check *c, struct mn_expr *e);   /* ++ and -- */

struct mn_x *mn_check_literal(struct mn_check *c, struct mn_expr *e); /* check_literal.c */
struct mn_x *mn_check_braces(struct mn_check *c, struct mn_expr *e, const struct mn_ctype *type);

/* Sends (check_send.c). */
struct mn_x *mn_check_send(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_send(struct mn_check *c, struct mn_x *receiver, const char *selector, struct mn_x **args,
                     const struct mn_span *spans, unsigned count, struct mn_span span, struct mn_span at);
struct mn_x *mn_send_to(struct mn_check *c, enum mn_send_to to, struct mn_x *receiver, const char *selector,
                        struct mn_x **args, const struct mn_span *spans, unsigned count, struct mn_span span,
                        struct mn_span at);
struct mn_x *mn_send_known(struct mn_check *c, struct mn_x *receiver, const char *selector,
                           const struct mn_ctype *result, struct mn_x **args, unsigned count, uint32_t at);
void mn_adapt_format(struct mn_check *c, struct mn_x **args, const struct mn_span *spans, unsigned count,
                     unsigned fixed, struct mn_x *format);

/* Properties, fields and subscripts (check_member.c). */
struct mn_x *mn_check_member(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_check_arrow(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_check_index(struct mn_check *c, struct mn_expr *e);

/* A place that is written by a send: a property or an object's subscript. */
struct mn_accessor {
    struct mn_x *receiver; /* evaluated once; a variable when it was not one already */
    struct mn_x *key;      /* of a subscript, likewise */
    struct mn_x *before;   /* evaluates both into their variables; NULL when nothing is to be done */
    const char *getter, *setter;
    const struct mn_ctype *type;
    bool is_super;
};

/* False when the place is an ordinary one. True with out->type NULL when it is an accessor in error. */
bool mn_check_accessor(struct mn_check *c, struct mn_expr *e, bool reads, struct mn_accessor *out);
struct mn_x *mn_accessor_get(struct mn_check *c, const struct mn_accessor *a, struct mn_expr *e);
struct mn_x *mn_accessor_set(struct mn_check *c, const struct mn_accessor *a, struct mn_x *value,
                             struct mn_expr *e);
struct mn_x *mn_find_ivar(struct mn_check *c, struct mn_x *object, const char *class_name, const char *name,
                          uint32_t at);

/* va_start and its like (check_va.c): values one behind the other in memory of the caller's frame. */
struct mn_x *mn_check_va(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_pack_tail(struct mn_check *c, struct mn_x **values, unsigned count, uint32_t at);

/* Calls of functions (check_call.c). */
struct mn_x *mn_check_call(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_promote_argument(struct mn_check *c, struct mn_x *x, struct mn_span span);

/* ---- statements (check_stmt.c) ---- */

struct mn_s *mn_check_stmt(struct mn_check *c, struct mn_stmt *s);
struct mn_s *mn_check_body(struct mn_check *c, struct mn_stmt *compound);

/* Warns where a body that has a result can end without one; the statements are checked and without error. */
void mn_check_end(struct mn_check *c, const struct mn_body *body);
struct mn_s *mn_check_local(struct mn_check *c, struct mn_decl *decl);
struct mn_s *mn_s_new(struct mn_check *c, enum mn_skind kind, uint32_t at);
struct mn_s *mn_s_block(struct mn_check *c, struct mn_s **items, unsigned count, uint32_t at);

/* Several that declare into the block around them: no scope of their own. */
struct mn_s *mn_s_sequence(struct mn_check *c, struct mn_s **items, unsigned count, uint32_t at);

/* ---- variables that outlive calls (check_global.c) ---- */

/*
 * Declares one, static in a function, extern, or of the whole source; the statement that sets it, at load or
 * once, where its initialiser is no constant; or NULL.
 */
struct mn_s *mn_check_global(struct mn_check *c, struct mn_decl *decl);

/* One that no name stands for, zero at first. */
struct mn_global *mn_global_new(struct mn_check *c, const struct mn_ctype *type, bool strong, bool weak);
struct mn_x *mn_global_node(struct mn_check *c, const struct mn_global *global, uint32_t at);
/* Annotations and other names of classes (check_annotation.c): before anything else is checked. */
void mn_settle_annotations(struct mn_check *c);
void mn_class_alias(struct mn_check *c, const char *alias, const char *original);
const char *mn_class_real(const struct mn_check *c, const char *name);

/*
 * Arrays whose length is computed (check_array.c). Whether a declaration is one; *length is the checked length where there is one,
 * else NULL. The statements that make it. The size in bytes of the array that x names; NULL: x names none.
 */
bool mn_is_computed_length(struct mn_check *c, struct mn_decl *d, struct mn_x **length);
struct mn_s *mn_check_computed_array(struct mn_check *c, struct mn_decl *d, struct mn_x *length);
struct mn_var *mn_extent_of(const struct mn_x *x);

/* A compound literal as a place. */
struct mn_x *mn_lasting(struct mn_check *c, struct mn_x *value);

/* Blocks (check_block.c). */
struct mn_x *mn_check_block(struct mn_check *c, struct mn_expr *e);
struct mn_x *mn_call_block(struct mn_check *c, struct mn_expr *e, struct mn_x *block);
struct mn_x *mn_check_statements(struct mn_check *c, struct mn_expr *e);

/* Exceptions, locks, jumps (check_leave.c). */
struct mn_s *mn_check_try(struct mn_check *c, struct mn_stmt *stmt);
struct mn_s *mn_check_throw(struct mn_check *c, struct mn_stmt *stmt);
struct mn_s *mn_check_synchronized(struct mn_check *c, struct mn_stmt *stmt);
struct mn_s *mn_check_pool(struct mn_check *c, struct mn_stmt *stmt);
struct mn_s *mn_check_goto(struct mn_check *c, struct mn_stmt *stmt);
void mn_check_goals(struct mn_check *c, struct mn_body *body); /* at the body's end */
struct mn_s *mn_check_scoped(struct mn_check *c, struct mn_stmt *stmt);

/* ---- classes (check_class.c, check_method.c, check_accessor.c) ---- */

void mn_klass_init(struct mn_klass *k);
void mn_klass_fini(struct mn_klass *k);

/* What the source itself declares or implements, and a place for more of that; NULL: nothing, no memory. */
struct mn_msig *mn_klass_method(const struct mn_klass *k, bool class_side, const char *selector);
struct mn_msig *mn_klass_add_method(struct mn_klass *k, bool class_side, const char *selector);
struct mn_klass *mn_klass_named(struct mn_check *c, const char *name);
struct mn_klass *mn_klass_add(struct mn_check *c, const char *name);
bool mn_class_known(struct mn_check *c, const char *name);
const char *mn_super_name(struct mn_check *c, const char *class_name);

/* Whether `class_name` is `ancestor` or below it, as far as known. */
bool mn_class_below(struct mn_check *c, const char *class_name, const char *ancestor);

enum mn_found { MN_FOUND_NOWHERE, MN_FOUND_ELSEWHERE, MN_FOUND_BELOW, MN_FOUND_HERE };

/* The method a send to (an instance of) the class would run. class_name NULL: any class of the process. */
enum mn_found mn_find_method(struct mn_check *c, const char *class_name, bool class_side,
                             const char *selector, struct mn_msig *out);
const struct mn_kproperty *mn_find_property(struct mn_check *c, const char *class_name, const char *name,
                                            bool class_side);
void mn_collect_classes(struct mn_check *c); /* pass 1 over the items: what exists */
void mn_check_classes(struct mn_check *c);   /* methods and accessors */
void mn_check_method(struct mn_check *c, struct mn_klass *k, struct mn_method_decl *m);
void mn_settle_properties(struct mn_check *c,
                          struct mn_klass *k); /* their storage, before any body is checked */
void mn_make_accessors(struct mn_check *c, struct mn_klass *k); /* those the source does not write itself */
struct mn_method_plan;
struct mn_method_plan *mn_plan_method(struct mn_check *c, struct mn_klass *k, const char *selector,
                                      bool class_side, const struct mn_ctype *result, struct mn_var **params,
                                      unsigned count, struct mn_span at);
struct mn_body *mn_body_new(struct mn_check *c, struct mn_klass *k, const struct mn_method_plan *plan);
void mn_body_done(struct mn_check *c, struct mn_body *body);

/* ---- the unit (check_unit.c) ---- */

/* The index of a function of this source that is being used. */
unsigned mn_use_function(struct mn_check *c, struct mn_name_entry *entry, struct mn_span at);

/* Checks the whole tree. `load` gets the body of the top-level statements, or NULL. */
mend_status mn_check_unit(struct mn_check *c, struct mn_body **load, mend_error *err);
#endif
