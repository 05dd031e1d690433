/* SPDX-License-Identifier: MIT */
/*
 * A program: what one patch compiles to. Functions of fixed-width instructions over numbered constants.
 *
 * Everything an instruction names is an index into a table of the program or of its function, so the tables
 * are also the file format; what indices mean in this process (selectors, classes, parsed types, cached call
 * plans) stands beside them, filled at loading or at first use. A finished program never changes otherwise
 * and may run on any number of threads. Loading registers selectors and parses encodings; it runs no host
 * code: classes, NSString constants and instance variables are resolved when an instruction first needs them.
 */
#ifndef MN_VM_PROGRAM_H
#define MN_VM_PROGRAM_H

#include <mend/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mn_op {
#define OP(name, a, b, c, text) MN_OP_##name,
#include "vm/op.def"
#undef OP
    MN_OP_COUNT
};

struct mn_insn {
    uint16_t op, a, b, c;
};

/* How a C scalar stands in a slot, and how wide it is in memory. */
enum mn_rep {
    MN_REP_VOID,
    MN_REP_BOOL, /* one byte, 0 or 1 */
    MN_REP_I8,
    MN_REP_U8,
    MN_REP_I16,
    MN_REP_U16,
    MN_REP_I32,
    MN_REP_U32,
    MN_REP_I64,
    MN_REP_U64, /* and every pointer, C string, SEL */
    MN_REP_F32,
    MN_REP_F64,
    MN_REP_LD,        /* two slots */
    MN_REP_OBJECT,    /* id, Class, block: an object slot */
    MN_REP_AGGREGATE, /* struct, union, array: size rounded up to whole slots */
};

/* What a slot may hold; fixed per slot for the whole function. */
enum mn_slot_kind {
    MN_SLOT_VALUE,  /* numbers, pointers, SEL, pieces of structs; not initialised */
    MN_SLOT_OBJECT, /* an object nobody here keeps: results, temporaries, self; starts as nil */
    MN_SLOT_OWNED,  /* an object this frame holds a reference to (strong locals); starts as nil, released on
                       every way out */
};

/* Errors a patch itself raises; texts in error.c. */
enum mn_vm_error {
    MN_VM_DIVIDE_BY_ZERO,
    MN_VM_NULL_POINTER,
    MN_VM_STACK_OVERFLOW,
    MN_VM_INTERRUPTED,
    MN_VM_UNKNOWN_IDENTIFIER,
    MN_VM_UNKNOWN_IVAR,
    MN_VM_BOUNDS,
    MN_VM_ILLEGAL_TYPE,  /* MFRuntimeErrorIllegalParameterType */
    MN_VM_NOT_SUPPORTED, /* MFErrorNotSupportType */
    MN_VM_SIGNATURE,     /* MendErrorSignature: the live method cannot be called with these arguments */
    MN_VM_NOT_CALLABLE,  /* MFRuntimeErrorCallCanNotBeCalleeValue */
    MN_VM_ENUMERATION,   /* NSGenericException: collection was mutated while being enumerated */
    MN_VM_COUNT,         /* MFRuntimeErrorParameterListCountNoMatch */
    MN_VM_NO_FUNCTION,   /* MFRuntimeErrorNotFoundCFunction */
    MN_VM_NUMBER_FORMAT, /* MFRuntimeErrorNotSupportNumberFormat */
    MN_VM_ERROR_COUNT
};

/* Where an instruction and those after it come from. Sorted by pc. */
struct mn_line {
    uint32_t pc, line;
    uint16_t column;
};

/* One argument of a call site: its first slot and its static type (index into mn_program.types). */
struct mn_arg {
    uint16_t slot;
    uint32_t type;
};

enum mn_site_kind {
    MN_SITE_CALL,
    MN_SITE_CALLC,
    MN_SITE_SEND,
    MN_SITE_SUPER,
    MN_SITE_ORIGINAL,
    MN_SITE_NEXT,
    MN_SITE_LIST,
    MN_SITE_CALLBLOCK, /* `result` is the whole type of the block, as the source sees it */
    MN_SITE_BLOCK      /* the arguments are what a new block captures */
};

/* A call site, as compiled. Receivers and callees are operands of the instruction; these are the rest. */
struct mn_callsite {
    uint8_t kind;
    bool variadic;         /* arguments past `fixed` follow C's default promotions */
    uint16_t fixed;        /* arguments that the callee's signature names, without self and _cmd */
    uint32_t selector;     /* SEND, SUPER, ORIGINAL, NEXT */
    uint32_t owner;        /* SUPER: the lexical class (index into classes) */
    uint32_t result;       /* static type of the result */
    uint32_t first, count; /* arguments: a run of mn_function.args */
};

struct mn_code_class {
    uint32_t name; /* text */
    bool meta;     /* the class object's own class: sends to super in class methods */
};

enum mn_ivar_kind {
    MN_IVAR_NATIVE, /* the class has it: `type` is UINT32_MAX */
    MN_IVAR_PLAIN,  /* added beside the object: bytes, an object it holds, a weak reference */
    MN_IVAR_STRONG,
    MN_IVAR_WEAK
};

struct mn_code_ivar {
    uint32_t owner, name; /* class, text */
    uint32_t type;
    uint8_t kind; /* enum mn_ivar_kind */
};

/* Code or data of the process that a program names. */
struct mn_code_symbol {
    uint32_t name; /* text */
    bool own;      /* a function that Mend brings itself */
};

struct mn_text {
    uint32_t offset, length; /* in mn_program.bytes; a NUL follows */
};

struct mn_callsite_live; /* vm/send.h: what a site has learned about its callees */
struct mn_program;
struct mn_type;
struct mn_signature;
struct mn_trampoline;

/* How an argument register of a hooked call reaches a parameter's slot. */
struct mn_entry {
    uint16_t frame, slot; /* byte offset in struct mn_frame; slot */
    uint8_t shift;        /* bits of the register above the value: it is shifted up and down to be extended */
    bool is_signed;
};

enum { MN_NO_PLACE = 0xffff };

/* What is compiled of it is written and read by image.c: a field added here is added there. */
struct mn_function {
    struct mn_program *program; /* back pointer, not counted */
    const char *name; /* for messages: "-[Cart total]" or a C function's name; bytes of the program */
    const char *class_name, *selector; /* NULL for C functions */
    bool class_method;
    uint32_t name_text, class_text, selector_text, types_text; /* the same as indices; UINT32_MAX: none */
    const struct mn_signature *signature; /* of its own encoding: self and _cmd included for methods */
    struct mn_entry *entry; /* made at loading: parameters in registers, behind the first `entry_words` */
    uint16_t entry_count;
    uint16_t entry_words;  /* so many slots are the first integer registers as they are */
    uint16_t result_place; /* byte offset in struct mn_frame of a result of one register, or MN_NO_PLACE */
    bool stack_params;     /* some parameters come on the stack */
    uint16_t slots;        /* frame size */
    uint16_t
        params; /* slots that arguments fill, from slot 0 on: self, _cmd, arguments each in whole slots */
    uint16_t result_slots; /* 0 for void */
    uint8_t *kinds;        /* enum mn_slot_kind of each slot */
    uint16_t *objects;     /* OBJECT slots past the parameters, then OWNED slots: what entry sets to nil */
    uint16_t object_count;
    uint16_t *owned; /* the OWNED slots: a tail of `objects` */
    uint16_t owned_count;
    struct mn_insn *code;
    struct mn_insn *run; /* the code as it is executed, with pairs made one (fuse.c): a copy, or the code itself */
    uint32_t code_count;
    struct mn_line *lines;
    uint32_t line_count;
    struct mn_callsite *sites;
    struct mn_callsite_live *live; /* parallel to sites */
    uint32_t site_count;
    struct mn_arg *args;
    uint32_t arg_count;
    struct mn_trampoline *native; /* made by the first FUNC; atomic */
};

/* Counted. All tables below are counted arrays in the order the builder made them. */
struct mn_program;

struct mn_program *mn_program_retain(struct mn_program *program);

/* Where a variable of its data lies in this process. */
void *mn_program_data(const struct mn_program *program, uint32_t offset);

/* The last release frees everything, also NSString constants (by message: not under a lock of ours). NULL is
 * accepted. */
void mn_program_release(struct mn_program *program);

/*
 * The same for those who put the program into effect: its unit (which begins with one) and each hook. With the
 * last of them its static variables let go of their objects.
 */
struct mn_program *mn_program_use(struct mn_program *program);
void mn_program_unuse(struct mn_program *program);

const char *mn_program_name(const struct mn_program *program); /* what error texts call the file */
unsigned mn_program_function_count(const struct mn_program *program);

/* Lent; lives as long as the program. */
const struct mn_function *mn_program_function(const struct mn_program *program, unsigned index);
const struct mn_function *mn_program_function_named(const struct mn_program *program, const char *name);

/* Line and column of the instruction at pc; 0 when unknown. */
void mn_function_place(const struct mn_function *function, uint32_t pc, unsigned *line, unsigned *column);

/*
 * Asks every thread that runs this program to stop with MendErrorInterrupted, at the next end of a fuel slice
 * (65,536 jumps and calls); false lets calls run again. Any thread, any time.
 */
void mn_program_interrupt(struct mn_program *program, bool stop);
#endif
