/* SPDX-License-Identifier: MIT */
/*
 * The machine: entering a function, the dispatch loop, calls out of it.
 *
 * The loop keeps pc, slots, function and fuel in registers and writes them to the activation only before what
 * may throw. Its instructions are those of op.def, in that order, so that the two can be read side by side.
 */
#include "vm/run.h"

#include "abi/frame.h"
#include "hook/call.h"
#include "runtime/exception.h"
#include "runtime/sync.h"
#include "value/box.h"
#include "value/cell.h"
#include "value/own.h"
#include "vm/activation.h"
#include "vm/added.h"
#include "vm/closure.h"
#include "vm/convert.h"
#include "vm/invoke.h"
#include "vm/once.h"
#include "vm/send.h"
#include "vm/tables.h"

#include <string.h>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-gcse",                                                                              \
                     "no-crossjumping") /* one indirect jump an instruction: the predictor learns pairs */
#endif

enum { FUEL = 65536, NESTED_SLOTS = 2048, SMALL_FRAME = 32 };

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* ---- entering and leaving ---- */

static inline void
clear_objects(const struct mn_function *function, uint64_t *slots)
{
    for (unsigned i = 0; i < function->object_count; i++)
        slots[function->objects[i]] = 0;
}

static inline void
release_slot(uint64_t *slot)
{
    id held = (id)*slot;

    *slot = 0; /* first: an exception from -dealloc must not release it again */
    mn_release(held);
}

static inline void
release_owned(const struct mn_function *function, uint64_t *slots)
{
    for (unsigned i = 0; i < function->owned_count; i++)
        if (slots[function->owned[i]] != 0)
            release_slot(&slots[function->owned[i]]);
}

/* The caller of the frame whose slots these are. */
static inline void
pop(struct mn_activation *activation, const struct mn_insn **pc)
{
    const uint64_t *header = activation->slots - MN_FRAME_HEADER;

    activation->function = (const struct mn_function *)header[0];
    activation->slots = (uint64_t *)header[1];
    *pc = (const struct mn_insn *)header[2];
}

/* Runs when an exception passes: every frame of the activation gives back what it holds. */
__attribute__((noinline, cold)) static void
unwind(struct mn_activation *activation)
{
    const struct mn_insn *pc;

    while (activation->function != NULL) {
        release_owned(activation->function, activation->slots);
        if (activation->slots == activation->base)
            activation->function = NULL;
        else
            pop(activation, &pc);
    }
}

/* The scoped clean-up of an activation, which has nothing to do after a return. */
static inline void
leave(struct mn_activation *activation)
{
    activation->mark = 0;
    if (UNLIKELY(activation->function != NULL))
        unwind(activation);
}

static const uint64_t *interpret(struct mn_activation *activation);

/* A CALL that the activation has no room for: an activation of its own. */
__attribute__((noinline)) static void
call_nested(const struct mn_activation *outer, const struct mn_function *callee, const uint16_t *copies,
            uint64_t *out)
{
    size_t room = callee->slots < NESTED_SLOTS ? NESTED_SLOTS : callee->slots;
    const uint64_t *result;

    if (!mn_stack_has(room * sizeof(uint64_t)))
        mn_vm_raise(outer, MN_VM_STACK_OVERFLOW, "the stack is used up in a call of %s", callee->name);
    {
        _Alignas(16) uint64_t slots[room];
        __attribute__((cleanup(leave))) struct mn_activation activation = {
            .function = callee, .slots = slots, .base = slots, .limit = slots + room, .pc = callee->run};

        mn_activation_enter(&activation);
        for (unsigned i = 0; i < callee->params; i++)
            slots[i] = outer->slots[copies[i]];
        clear_objects(callee, slots);
        result = interpret(&activation);
        if (result != NULL)
            memcpy(out, result, 8 * (size_t)callee->result_slots);
        else
            memset(out, 0, 8 * (size_t)callee->result_slots);
    }
}

/* ---- exceptions caught here ---- */

struct guarded {
    struct mn_activation *activation;
    const uint64_t *result;
};

static void
run_guarded(void *data)
{
    struct guarded *guarded = data;

    guarded->result = interpret(guarded->activation);
}

/*
 * Runs on behind a TRY until its ENDTRY. True: the activation stands there, or has returned `*result`. False:
 * an exception left the code between; frames that it left are gone.
 */
__attribute__((noinline)) static bool
guard(struct mn_activation *activation, uint64_t *slots, id *thrown, const uint64_t **result)
{
    struct guarded guarded = {activation, NULL};
    const struct mn_insn *pc;

    if (!mn_stack_has(0))
        mn_vm_raise(activation, MN_VM_STACK_OVERFLOW, "the stack is used up");
    activation->pc++;
    if (mn_try(run_guarded, &guarded, thrown)) {
        *result = guarded.result;
        return true;
    }
    while (activation->slots != slots) {
        release_owned(activation->function, activation->slots);
        pop(activation, &pc);
    }
    return false;
}

/* ---- calls out ---- */

static inline uint64_t *
result_slot(const struct mn_insn *insn, uint64_t *slots)
{
    return &slots[insn->a];
}

/* First call of a callee, or one that is never kept. */
__attribute__((noinline)) static void
send_slowly(struct mn_activation *activation, id receiver, IMP imp)
{
    const struct mn_function *function = activation->function;
    const struct mn_insn *insn = activation->pc;
    struct mn_callsite_live *live = &function->live[insn->c];
    const struct mn_callee *callee;
    struct mn_callee fresh;
    mend_error err;
    bool keep;

    if (mn_callee_learn(&fresh, activation, insn->c, receiver, &imp, &keep, &err) != MEND_OK)
        mn_vm_raise_status(activation, MN_VM_SIGNATURE, &err);
    callee = keep ? mn_callee_keep(live, &fresh) : NULL;
    mn_invoke(callee != NULL ? callee : &fresh, function, &function->sites[insn->c], imp, receiver,
              activation->slots, result_slot(insn, activation->slots));
}

__attribute__((noinline)) static void
send_elsewhere(struct mn_activation *activation, id receiver, enum mn_site_kind kind)
{
    const struct mn_function *function = activation->function;
    const struct mn_insn *insn = activation->pc;
    struct mn_callsite_live *live = &function->live[insn->c];
    IMP imp = kind == MN_SITE_SUPER ? mn_super_imp(activation, insn->c, receiver)
                                    : mn_original_imp(activation, insn->c);
    const struct mn_callee *callee = mn_callee_find(live, imp);

    if (callee == NULL)
        send_slowly(activation, receiver, imp);
    else
        mn_invoke(callee, function, &function->sites[insn->c], imp, receiver, activation->slots,
                  result_slot(insn, activation->slots));
}

__attribute__((noinline)) static void
call_c(struct mn_activation *activation, void *address)
{
    const struct mn_function *function = activation->function;
    const struct mn_insn *insn = activation->pc;
    struct mn_callsite_live *live = &function->live[insn->c];
    const struct mn_callee *callee = atomic_load_explicit(&live->first, memory_order_acquire);
    struct mn_callee fresh;
    mend_error err;
    IMP none = NULL;
    bool keep;

    if (address == NULL)
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "a call of a null function pointer");
    if (callee == NULL) {
        if (mn_callee_learn(&fresh, activation, insn->c, nil, &none, &keep, &err) != MEND_OK)
            mn_vm_raise_status(activation, MN_VM_SIGNATURE, &err);
        callee = mn_callee_keep(live, &fresh);
    }
    mn_invoke_c(callee != NULL ? callee : &fresh, function, &function->sites[insn->c], address,
                activation->slots, result_slot(insn, activation->slots));
}

static void
make_list(struct mn_activation *activation, bool dictionary)
{
    const struct mn_function *function = activation->function;
    const struct mn_insn *insn = activation->pc;
    const struct mn_callsite *site = &function->sites[insn->c];
    id items[site->count + 1];

    for (uint32_t i = 0; i < site->count; i++)
        items[i] = (id)activation->slots[function->args[site->first + i].slot];
    activation->slots[insn->a] =
        (uint64_t)(dictionary ? mn_box_dictionary(items, site->count) : mn_box_array(items, site->count));
}

static id
box_number(enum mn_rep rep, uint64_t bits)
{
    static const uint8_t kinds[] = {
        [MN_REP_BOOL] = MN_BOOL,  [MN_REP_I8] = MN_CHAR,   [MN_REP_U8] = MN_UCHAR,   [MN_REP_I16] = MN_SHORT,
        [MN_REP_U16] = MN_USHORT, [MN_REP_I32] = MN_INT,   [MN_REP_U32] = MN_UINT,   [MN_REP_I64] = MN_LLONG,
        [MN_REP_U64] = MN_ULLONG, [MN_REP_F32] = MN_FLOAT, [MN_REP_F64] = MN_DOUBLE,
    };

    return mn_box_scalar((enum mn_kind)kinds[rep], bits);
}

static uint64_t
ivar_address(struct mn_activation *activation, id object, uint32_t index)
{
    struct mn_program *program = activation->function->program;
    const struct mn_code_ivar *entry = MN_LIST_AT(struct mn_code_ivar, &program->ivars, index);
    long offset = atomic_load_explicit(&program->ivar_live[index], memory_order_acquire) - 1;

    if (object == nil)
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "the instance variable %s of nil",
                    mn_program_text(program, entry->name));
    if (offset < 0 && !mn_program_ivar(program, index, &offset))
        mn_vm_raise(
            activation, MN_VM_UNKNOWN_IVAR, "%s has no instance variable %s",
            mn_program_text(program, MN_LIST_AT(struct mn_code_class, &program->classes, entry->owner)->name),
            mn_program_text(program, entry->name));
    return (uint64_t)((char *)object + offset);
}

/* ---- cells, weak references, locks ---- */

__attribute__((noinline)) static id
make_cell(const struct mn_activation *activation)
{
    const struct mn_insn *insn = activation->pc;
    const struct mn_typeref *type = &activation->function->program->type_live[insn->c];
    enum mn_cell_kind kind = insn->b != 0                 ? MN_CELL_WEAK
                             : type->rep == MN_REP_OBJECT ? MN_CELL_STRONG
                                                          : MN_CELL_PLAIN;
    mend_error err;
    id made;

    if (mn_cell_new(kind, type->type->size < 8 ? 8 : (type->type->size + 7) / 8 * 8, &made, &err) != MEND_OK)
        mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
    return made;
}

/* What is being deallocated counts as gone already. */
__attribute__((noinline)) static void
store_weak(const struct mn_activation *activation, struct mn_weak *weak, id object)
{
    mend_error err;
    mend_status st = mn_weak_store(weak, object, &err);

    if (st == MEND_REFUSED_OBJECT && !mn_object_is_block(object))
        st = mn_weak_store(weak, nil, &err);
    if (st != MEND_OK)
        mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
}

static void
give_lock_back(void *object)
{
    mn_sync_leave(object);
    mn_release(object);
}

__attribute__((noinline)) static id
take_lock(const struct mn_activation *activation, id object)
{
    mend_error err;
    id hold = nil;

    if (object == nil)
        return nil;
    mn_sync_enter(object);
    if (mn_guard_new(give_lock_back, object, &hold, &err) != MEND_OK) {
        mn_sync_leave(object);
        mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
    }
    mn_retain(object);
    return hold;
}

static long double
get_ld(const uint64_t *slots, unsigned slot)
{
    long double value;

    memcpy(&value, &slots[slot], sizeof value);
    return value;
}

static void
set_ld(uint64_t *slots, unsigned slot, long double value)
{
    slots[slot + 1] = 0;
    memcpy(&slots[slot], &value, MN_LDOUBLE_BYTES);
}

static uint32_t
wide(const struct mn_insn *insn)
{
    return insn->b | (uint32_t)insn->c << 16;
}

/* ---- the loop ---- */

/* One line an instruction. */
/* clang-format off */

#define A       slots[pc->a]
#define B       slots[pc->b]
#define C       slots[pc->c]
#define IMM     ((int64_t)(int16_t)pc->c)
#define I32(x)  ((uint64_t)(int64_t)(int32_t)(x))
#define U32(x)  ((uint64_t)(uint32_t)(x))
#define S(x)    ((int64_t)(x))
#define F32(x)  (*(float *)&(x))
#define F64(x)  (*(double *)&(x))
#define LD(x)   get_ld(slots, pc->x)

/* Loads and stores may meet any address: packed structs and byte buffers hold values at odd ones. */
#define PEEK(type, address)                                                                                           \
    __extension__({                                                                                                   \
        type peeked;                                                                                                  \
        memcpy(&peeked, (const void *)(uintptr_t)(address), sizeof peeked);                                           \
        peeked;                                                                                                       \
    })
#define POKE(type, address, value)                                                                                    \
    do {                                                                                                              \
        type poked = (type)(value);                                                                                   \
        memcpy((void *)(uintptr_t)(address), &poked, sizeof poked);                                                   \
    } while (0)

#define NEXT                                                                                                          \
    do {                                                                                                              \
        pc++;                                                                                                         \
        goto *labels[pc->op];                                                                                         \
    } while (0)
#define SIMPLE(name, action)                                                                                          \
    L_##name:                                                                                                         \
    action;                                                                                                           \
    NEXT
#define JUMP(distance)                                                                                                \
    do {                                                                                                              \
        pc += (distance);                                                                                             \
        if (UNLIKELY(--fuel < 0))                                                                                     \
            goto refuel;                                                                                              \
    } while (0)
#define BRANCH(name, condition)                                                                                       \
    L_##name:                                                                                                         \
    if (condition)                                                                                                    \
        JUMP((int16_t)pc->c);                                                                                       \
    NEXT
/*
 * A counting loop's step and test. The store comes before the wrap of a 32-bit counter is looked at, so that one round's
 * load waits for nothing but the last one's addition.
 */
#define COUNT(name, next, last, condition)                                                                            \
    L_##name:                                                                                                         \
    {                                                                                                                 \
        uint64_t count = next;                                                                                        \
                                                                                                                      \
        A = count;                                                                                                    \
        if (last == INT32_MAX && UNLIKELY(count == (uint64_t)INT32_MAX + 1))                                          \
            A = count = (uint64_t)INT32_MIN;                                                                          \
        else if (last == UINT32_MAX && UNLIKELY(count == (uint64_t)UINT32_MAX + 1))                                   \
            A = count = 0;                                                                                            \
        if (condition)                                                                                                \
            JUMP((int16_t)pc->c);                                                                                     \
        NEXT;                                                                                                         \
    }
#define DIVIDE(name, zero, value)                                                                                     \
    L_##name:                                                                                                         \
    if (UNLIKELY(zero))                                                                                               \
        goto divide_by_zero;                                                                                          \
    A = value;                                                                                                        \
    NEXT

/* What instructions that begin a pair do (fused.def). */
#define DO_ADDI_I32 A = I32(B + (uint64_t)IMM)
#define DO_ADD_64 A = B + C
#define DO_ADD_F64 F64(A) = F64(B) + F64(C)
#define DO_ADD_I32 A = I32(B + C)
#define DO_ADD_U32 A = U32(B + C)
#define DO_ANDI A = B & (uint64_t)IMM
#define DO_I_TO_F64 F64(A) = (double)S(B)
#define DO_LOADX_64 A = PEEK(uint64_t, B + 8 * C)
#define DO_LOADX_I8 A = (uint64_t)PEEK(int8_t, B + C)
#define DO_LOAD_64 A = PEEK(uint64_t, B + (uint64_t)IMM)
#define DO_MULADD_F64 F64(A) = F64(A) + F64(B) * F64(C)
#define DO_MULI_64 A = B * (uint64_t)IMM
#define DO_MUL_F64 F64(A) = F64(B) * F64(C)
#define DO_MUL_I32 A = I32(B * C)
#define DO_MUL_U32 A = U32(B * C)
#define DO_SHRI_U A = B >> pc->c
#define DO_STOREX_64 POKE(uint64_t, A + 8 * B, C)
#define DO_STOREX_8 POKE(uint8_t, A + B, C)
#define DO_STORE_64 POKE(uint64_t, A + (uint64_t)IMM, B)
#define DO_SUB_F64 F64(A) = F64(B) - F64(C)

/* INT_MIN / -1 is what negation wraps to, INT_MIN % -1 is 0; the machine's division would trap. */
static inline uint64_t
divide(int64_t a, int64_t b)
{
    return b == -1 ? 0 - (uint64_t)a : (uint64_t)(a / b);
}

static inline uint64_t
remain(int64_t a, int64_t b)
{
    return b == -1 ? 0 : (uint64_t)(a % b);
}

/* Runs the activation's function; the slots of its result, which lie in its frame, or NULL. */
__attribute__((noinline)) static const uint64_t *
interpret(struct mn_activation *activation)
{
    static const void *const labels[] = {
#define OP(name, a, b, c, text) &&L_##name,
#include "vm/op.def"
#undef OP
#define FUSED(first, second) &&L_##first##__##second,
#include "vm/fused.def"
#undef FUSED
    };
    const struct mn_function *function = activation->function;
    const struct mn_insn *pc = activation->pc - 1; /* of the instruction running */
    uint64_t *slots = activation->slots;
    struct mn_program *program = function->program;
    const struct mn_callee *callee;
    const uint64_t *result;
    int fuel = FUEL;
    IMP imp;

    NEXT;

    SIMPLE(NOP, (void)0);
    SIMPLE(MOV, A = B);
    SIMPLE(MOVO, A = B);
    SIMPLE(MOVN, memmove(&A, &B, 8 * (size_t)pc->c));
    SIMPLE(CLEAR, memset(&A, 0, 8 * (size_t)pc->b));
    SIMPLE(LDI, A = I32(wide(pc)));
    SIMPLE(LDK, A = *MN_LIST_AT(uint64_t, &program->numbers, wide(pc)));
    SIMPLE(LDNIL, A = 0);
L_LDSTR:
    A = (uint64_t)atomic_load_explicit(&program->string_live[wide(pc)], memory_order_acquire);
    if (UNLIKELY(A == 0)) {
        activation->pc = pc;
        A = (uint64_t)mn_program_string(program, wide(pc));
    }
    NEXT;
    SIMPLE(LDTEXT, A = (uint64_t)mn_program_text(program, wide(pc)));
L_LDCLASS:
    A = (uint64_t)atomic_load_explicit(&program->class_live[wide(pc)], memory_order_acquire);
    if (UNLIKELY(A == 0))
        A = (uint64_t)mn_program_class(program, wide(pc));
    NEXT;
    SIMPLE(LDSEL, A = (uint64_t)program->selector_live[wide(pc)]);
    SIMPLE(LEA, A = (uint64_t)((char *)&B + pc->c));

    SIMPLE(ADD_I32, DO_ADD_I32);
    SIMPLE(ADD_U32, DO_ADD_U32);
    SIMPLE(ADD_64, DO_ADD_64);
    SIMPLE(SUB_I32, A = I32(B - C));
    SIMPLE(SUB_U32, A = U32(B - C));
    SIMPLE(SUB_64, A = B - C);
    SIMPLE(MUL_I32, DO_MUL_I32);
    SIMPLE(MUL_U32, DO_MUL_U32);
    SIMPLE(MUL_64, A = B * C);
    DIVIDE(DIV_I32, C == 0, I32(divide(S(B), S(C))));
    DIVIDE(DIV_U32, U32(C) == 0, U32(B) / U32(C));
    DIVIDE(DIV_I64, C == 0, divide(S(B), S(C)));
    DIVIDE(DIV_U64, C == 0, B / C);
    DIVIDE(REM_I32, C == 0, I32(remain(S(B), S(C))));
    DIVIDE(REM_U32, U32(C) == 0, U32(B) % U32(C));
    DIVIDE(REM_I64, C == 0, remain(S(B), S(C)));
    DIVIDE(REM_U64, C == 0, B % C);
    SIMPLE(AND, A = B & C);
    SIMPLE(OR, A = B | C);
    SIMPLE(XOR, A = B ^ C);
    SIMPLE(SHL_I32, A = I32(B << (C & 31)));
    SIMPLE(SHL_U32, A = U32(B << (C & 31)));
    SIMPLE(SHL_64, A = B << (C & 63));
    SIMPLE(SHR_I32, A = (uint64_t)(S(B) >> (C & 31)));
    SIMPLE(SHR_U32, A = B >> (C & 31));
    SIMPLE(SHR_I64, A = (uint64_t)(S(B) >> (C & 63)));
    SIMPLE(SHR_U64, A = B >> (C & 63));
    SIMPLE(NEG_I32, A = I32(0 - B));
    SIMPLE(NEG_U32, A = U32(0 - B));
    SIMPLE(NEG_64, A = 0 - B);
    SIMPLE(NOT_64, A = ~B);
    SIMPLE(NOT_U32, A = U32(~B));
    SIMPLE(LNOT, A = B == 0);

    SIMPLE(ADDI_I32, DO_ADDI_I32);
    SIMPLE(ADDI_U32, A = U32(B + (uint64_t)IMM));
    SIMPLE(ADDI_64, A = B + (uint64_t)IMM);
    SIMPLE(MULI_I32, A = I32(B * (uint64_t)IMM));
    SIMPLE(MULI_U32, A = U32(B * (uint64_t)IMM));
    SIMPLE(MULI_64, DO_MULI_64);
    SIMPLE(DIVI_I32, A = I32(divide(S(B), IMM)));
    SIMPLE(DIVI_I64, A = divide(S(B), IMM));
    SIMPLE(DIVI_U64, A = B / (uint64_t)IMM);
    SIMPLE(REMI_I32, A = I32(remain(S(B), IMM)));
    SIMPLE(REMI_I64, A = remain(S(B), IMM));
    SIMPLE(REMI_U64, A = B % (uint64_t)IMM);
    SIMPLE(ANDI, DO_ANDI);
    SIMPLE(ORI, A = B | (uint64_t)IMM);
    SIMPLE(XORI, A = B ^ (uint64_t)IMM);
    SIMPLE(SHLI_I32, A = I32(B << pc->c));
    SIMPLE(SHLI_U32, A = U32(B << pc->c));
    SIMPLE(SHLI_64, A = B << pc->c);
    SIMPLE(SHRI_I, A = (uint64_t)(S(B) >> pc->c));
    SIMPLE(SHRI_U, DO_SHRI_U);

#define FLOAT(expression)                                                                                             \
    do {                                                                                                              \
        float value = (expression);                                                                                   \
        A = 0;                                                                                                        \
        F32(A) = value;                                                                                               \
    } while (0)
    SIMPLE(ADD_F32, FLOAT(F32(B) + F32(C)));
    SIMPLE(SUB_F32, FLOAT(F32(B) - F32(C)));
    SIMPLE(MUL_F32, FLOAT(F32(B) * F32(C)));
    SIMPLE(DIV_F32, FLOAT(F32(B) / F32(C)));
    SIMPLE(NEG_F32, FLOAT(-F32(B)));
    SIMPLE(ADD_F64, DO_ADD_F64);
    SIMPLE(SUB_F64, DO_SUB_F64);
    SIMPLE(MUL_F64, DO_MUL_F64);
    SIMPLE(DIV_F64, F64(A) = F64(B) / F64(C));
    SIMPLE(NEG_F64, F64(A) = -F64(B));
    SIMPLE(MULADD_F64, DO_MULADD_F64);
    SIMPLE(MULSUB_F64, F64(A) = F64(A) - F64(B) * F64(C));
    SIMPLE(ADD_LD, set_ld(slots, pc->a, LD(b) + LD(c)));
    SIMPLE(SUB_LD, set_ld(slots, pc->a, LD(b) - LD(c)));
    SIMPLE(MUL_LD, set_ld(slots, pc->a, LD(b) * LD(c)));
    SIMPLE(DIV_LD, set_ld(slots, pc->a, LD(b) / LD(c)));
    SIMPLE(NEG_LD, set_ld(slots, pc->a, -LD(b)));

    SIMPLE(EQ, A = B == C);
    SIMPLE(NE, A = B != C);
    SIMPLE(LT_I, A = S(B) < S(C));
    SIMPLE(LE_I, A = S(B) <= S(C));
    SIMPLE(LT_U, A = B < C);
    SIMPLE(LE_U, A = B <= C);
    SIMPLE(EQ_F32, A = F32(B) == F32(C));
    SIMPLE(NE_F32, A = F32(B) != F32(C));
    SIMPLE(LT_F32, A = F32(B) < F32(C));
    SIMPLE(LE_F32, A = F32(B) <= F32(C));
    SIMPLE(EQ_F64, A = F64(B) == F64(C));
    SIMPLE(NE_F64, A = F64(B) != F64(C));
    SIMPLE(LT_F64, A = F64(B) < F64(C));
    SIMPLE(LE_F64, A = F64(B) <= F64(C));
    SIMPLE(EQ_LD, A = LD(b) == LD(c));
    SIMPLE(NE_LD, A = LD(b) != LD(c));
    SIMPLE(LT_LD, A = LD(b) < LD(c));
    SIMPLE(LE_LD, A = LD(b) <= LD(c));

    SIMPLE(EXT_I8, A = (uint64_t)(int64_t)(int8_t)B);
    SIMPLE(EXT_U8, A = (uint8_t)B);
    SIMPLE(EXT_I16, A = (uint64_t)(int64_t)(int16_t)B);
    SIMPLE(EXT_U16, A = (uint16_t)B);
    SIMPLE(EXT_I32, A = I32(B));
    SIMPLE(EXT_U32, A = U32(B));
    SIMPLE(TRUTH, A = B != 0);
    SIMPLE(TRUTH_F32, A = F32(B) != 0);
    SIMPLE(TRUTH_F64, A = F64(B) != 0);
    SIMPLE(TRUTH_LD, A = LD(b) != 0);
    SIMPLE(I_TO_F32, FLOAT((float)S(B)));
    SIMPLE(U_TO_F32, FLOAT((float)B));
    SIMPLE(I_TO_F64, DO_I_TO_F64);
    SIMPLE(U_TO_F64, F64(A) = (double)B);
    SIMPLE(I_TO_LD, set_ld(slots, pc->a, S(B)));
    SIMPLE(U_TO_LD, set_ld(slots, pc->a, B));
    SIMPLE(F32_TO_F64, F64(A) = F32(B));
    SIMPLE(F64_TO_F32, FLOAT((float)F64(B)));
    SIMPLE(F64_TO_LD, set_ld(slots, pc->a, F64(B)));
    SIMPLE(LD_TO_F64, F64(A) = (double)LD(b));
L_F64_TO_INT: {
    double value = F64(B);

    if (pc->c == MN_REP_I32 && value > -2147483649.0 && value < 2147483648.0)
        A = I32((int32_t)value);
    else
        A = mn_float_to_int((enum mn_rep)pc->c, value);
    NEXT;
}
    SIMPLE(LD_TO_INT, A = mn_float_to_int((enum mn_rep)pc->c, LD(b)));

    SIMPLE(LOAD_I8, A = (uint64_t)PEEK(int8_t, B + (uint64_t)IMM));
    SIMPLE(LOAD_U8, A = PEEK(uint8_t, B + (uint64_t)IMM));
    SIMPLE(LOAD_I16, A = (uint64_t)PEEK(int16_t, B + (uint64_t)IMM));
    SIMPLE(LOAD_U16, A = PEEK(uint16_t, B + (uint64_t)IMM));
    SIMPLE(LOAD_I32, A = (uint64_t)PEEK(int32_t, B + (uint64_t)IMM));
    SIMPLE(LOAD_U32, A = PEEK(uint32_t, B + (uint64_t)IMM));
    SIMPLE(LOAD_64, DO_LOAD_64);
    SIMPLE(LOAD_LD, set_ld(slots, pc->a, PEEK(long double, B + (uint64_t)IMM)));
    SIMPLE(LOAD_OBJ, A = PEEK(uint64_t, B + (uint64_t)IMM));
    SIMPLE(STORE_8, POKE(uint8_t, A + (uint64_t)IMM, B));
    SIMPLE(STORE_16, POKE(uint16_t, A + (uint64_t)IMM, B));
    SIMPLE(STORE_32, POKE(uint32_t, A + (uint64_t)IMM, B));
    SIMPLE(STORE_64, DO_STORE_64);
    SIMPLE(STORE_LD, memcpy((void *)(A + (uint64_t)IMM), &B, 16));
L_STORE_STRONG:
    activation->pc = pc;
    mn_store_strong((id *)(A + (uint64_t)IMM), (id)B);
    NEXT;
    SIMPLE(LOADX_I8, DO_LOADX_I8);
    SIMPLE(LOADX_U8, A = PEEK(uint8_t, B + C));
    SIMPLE(LOADX_I16, A = (uint64_t)PEEK(int16_t, B + 2 * C));
    SIMPLE(LOADX_U16, A = PEEK(uint16_t, B + 2 * C));
    SIMPLE(LOADX_I32, A = (uint64_t)PEEK(int32_t, B + 4 * C));
    SIMPLE(LOADX_U32, A = PEEK(uint32_t, B + 4 * C));
    SIMPLE(LOADX_64, DO_LOADX_64);
    SIMPLE(STOREX_8, DO_STOREX_8);
    SIMPLE(STOREX_16, POKE(uint16_t, A + 2 * B, C));
    SIMPLE(STOREX_32, POKE(uint32_t, A + 4 * B, C));
    SIMPLE(STOREX_64, DO_STOREX_64);
    SIMPLE(LDF_I8, A = (uint64_t)PEEK(int8_t, (uint64_t)&B + pc->c));
    SIMPLE(LDF_U8, A = PEEK(uint8_t, (uint64_t)&B + pc->c));
    SIMPLE(LDF_I16, A = (uint64_t)PEEK(int16_t, (uint64_t)&B + pc->c));
    SIMPLE(LDF_U16, A = PEEK(uint16_t, (uint64_t)&B + pc->c));
    SIMPLE(LDF_I32, A = (uint64_t)PEEK(int32_t, (uint64_t)&B + pc->c));
    SIMPLE(LDF_U32, A = PEEK(uint32_t, (uint64_t)&B + pc->c));
    SIMPLE(LDF_64, A = PEEK(uint64_t, (uint64_t)&B + pc->c));
    SIMPLE(STF_8, POKE(uint8_t, (uint64_t)&A + pc->c, B));
    SIMPLE(STF_16, POKE(uint16_t, (uint64_t)&A + pc->c, B));
    SIMPLE(STF_32, POKE(uint32_t, (uint64_t)&A + pc->c, B));
    SIMPLE(STF_64, POKE(uint64_t, (uint64_t)&A + pc->c, B));
    SIMPLE(COPY, memmove((void *)A, (const void *)B, pc->c));
    SIMPLE(COPYV, memmove((void *)A, (const void *)B, C));
    SIMPLE(FILL, memset((void *)A, (int)B, C));
L_NULLCHECK:
    if (UNLIKELY(A == 0)) {
        activation->pc = pc;
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "a null pointer is used");
    }
    NEXT;
L_IVAR: {
    long place = atomic_load_explicit(&program->ivar_live[pc->c], memory_order_acquire);

    if (LIKELY(place != 0 && B != 0)) {
        A = B + (uint64_t)(place - 1);
    } else {
        activation->pc = pc;
        A = ivar_address(activation, (id)B, pc->c);
    }
    NEXT;
}

L_JMP:
    JUMP((int32_t)wide(pc));
    NEXT;
L_JT:
    if (A != 0)
        JUMP((int32_t)wide(pc));
    NEXT;
L_JF:
    if (A == 0)
        JUMP((int32_t)wide(pc));
    NEXT;
    BRANCH(JEQ, A == B);
    BRANCH(JNE, A != B);
    BRANCH(JLT_I, S(A) < S(B));
    BRANCH(JLE_I, S(A) <= S(B));
    BRANCH(JLT_U, A < B);
    BRANCH(JLE_U, A <= B);
#define CONSTANT ((int64_t)(int16_t)pc->b)
    BRANCH(JEQI, S(A) == CONSTANT);
    BRANCH(JNEI, S(A) != CONSTANT);
    BRANCH(JLTI, S(A) < CONSTANT);
    BRANCH(JLEI, S(A) <= CONSTANT);
    BRANCH(JGTI, S(A) > CONSTANT);
    BRANCH(JGEI, S(A) >= CONSTANT);
    BRANCH(JEQ_F64, F64(A) == F64(B));
    BRANCH(JNE_F64, F64(A) != F64(B));
    BRANCH(JLT_F64, F64(A) < F64(B));
    BRANCH(JLE_F64, F64(A) <= F64(B));
    BRANCH(JNLT_F64, !(F64(A) < F64(B)));
    BRANCH(JNLE_F64, !(F64(A) <= F64(B)));
    COUNT(INCJLT_I32, A + 1, INT32_MAX, S(count) < S(B))
    COUNT(INCJLT_U32, A + 1, UINT32_MAX, count < B)
    COUNT(INCJLT_I64, A + 1, INT64_MAX, S(count) < S(B))
    COUNT(INCJLT_U64, A + 1, INT64_MAX, count < B)
    COUNT(INCJLE_I32, A + 1, INT32_MAX, S(count) <= S(B))
    COUNT(INCJLE_I64, A + 1, INT64_MAX, S(count) <= S(B))
    COUNT(INCJLTI_I32, A + 1, INT32_MAX, S(count) < CONSTANT)
    COUNT(INCJLTI_I64, A + 1, INT64_MAX, S(count) < CONSTANT)

L_RET:
    result = &A;
    if (UNLIKELY(function->owned_count != 0)) {
        activation->pc = pc;
        release_owned(function, slots);
    }
    if (slots == activation->base) {
        activation->function = NULL;
        return result;
    }
    {
        unsigned count = function->result_slots;

        pop(activation, &pc);
        function = activation->function;
        slots = activation->slots;
        A = result[0];
        for (unsigned i = 1; i < count; i++)
            (&A)[i] = result[i];
    }
    NEXT;
L_RETVOID:
    if (UNLIKELY(function->owned_count != 0)) {
        activation->pc = pc;
        release_owned(function, slots);
    }
    if (slots == activation->base) {
        activation->function = NULL;
        return NULL;
    }
    {
        unsigned count = function->result_slots;

        pop(activation, &pc);
        function = activation->function;
        slots = activation->slots;
        for (unsigned i = 0; i < count; i++)
            (&A)[i] = 0;
    }
    NEXT;
L_RAISE:
    activation->pc = pc;
    mn_vm_raise(activation, (enum mn_vm_error)pc->a, "%s", mn_program_text(program, wide(pc)));
L_THROW:
    activation->pc = pc;
    if (A == 0)
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "nil is thrown");
    mn_throw((id)A);

L_CALL: {
    const struct mn_function *next = MN_LIST_AT(struct mn_function, &program->functions, pc->b);
    const uint16_t *copies = function->live[pc->c].copies;
    uint64_t *frame = slots + function->slots + MN_FRAME_HEADER;

    activation->pc = pc;
    if (UNLIKELY(--fuel < 0))
        goto refuel_call;
called:
    if (UNLIKELY(frame + next->slots >= activation->limit)) {
        call_nested(activation, next, copies, &A);
        NEXT;
    }
    for (unsigned i = 0; i < next->params; i++)
        frame[i] = slots[copies[i]];
    clear_objects(next, frame);
    frame[-3] = (uint64_t)function;
    frame[-2] = (uint64_t)slots;
    frame[-1] = (uint64_t)pc;
    activation->function = function = next;
    activation->slots = slots = frame;
    pc = next->run - 1;
    NEXT;
refuel_call:
    fuel = FUEL;
    if (atomic_load_explicit(&program->stop, memory_order_relaxed))
        mn_vm_raise(activation, MN_VM_INTERRUPTED, "the patch was stopped");
    goto called;
}
L_CALLC:
    activation->pc = pc;
    call_c(activation, (void *)B);
    NEXT;
L_SEND: {
    id receiver = (id)B;
    struct mn_callsite_live *live = &function->live[pc->c];

    if (UNLIKELY(receiver == nil)) {
        for (unsigned i = 0; i < live->result_slots; i++)
            (&A)[i] = 0;
        NEXT;
    }
    activation->pc = pc;
    imp = mn_lookup(receiver, live->sel);
    callee = mn_callee_find(live, imp);
    if (LIKELY(callee != NULL))
        mn_invoke_inline(callee, function, &function->sites[pc->c], imp, receiver, slots, &A);
    else
        send_slowly(activation, receiver, imp);
    NEXT;
}
L_SENDSUPER:
    activation->pc = pc;
    if (B == 0)
        memset(&A, 0, 8 * (size_t)function->live[pc->c].result_slots);
    else
        send_elsewhere(activation, (id)B, MN_SITE_SUPER);
    NEXT;
L_SENDORG:
    activation->pc = pc;
    if (B == 0)
        memset(&A, 0, 8 * (size_t)function->live[pc->c].result_slots);
    else
        send_elsewhere(activation, (id)B, MN_SITE_ORIGINAL);
    NEXT;
L_SENDNEXT:
    activation->pc = pc;
    mn_proceed(activation, pc->c, (id)B, &A);
    NEXT;

    SIMPLE(RETAIN, (activation->pc = pc, mn_retain((id)A)));
    SIMPLE(AUTORELEASE, (activation->pc = pc, mn_autorelease((id)A)));
    SIMPLE(RETAUT, (activation->pc = pc, mn_autorelease(mn_retain((id)A))));
L_STRONG:
    activation->pc = pc;
    mn_store_strong((id *)&A, (id)B);
    NEXT;
L_TAKE: {
    id old = (id)A;

    activation->pc = pc;
    A = B;
    mn_release(old);
    NEXT;
}
L_GIVE:
    A = B;
    B = 0;
    NEXT;
L_RELEASE:
    activation->pc = pc;
    release_slot(&A);
    NEXT;
L_DROP:
    activation->pc = pc;
    release_slot(&A);
    NEXT;
    SIMPLE(CASTO, A = B);
    SIMPLE(POOL, (activation->pc = pc, A = (uint64_t)mn_pool_push()));
L_POOLEND:
    activation->pc = pc;
    {
        id pool = (id)A;

        A = 0;
        mn_pool_pop(pool);
    }
    NEXT;

    SIMPLE(BOX, (activation->pc = pc, A = (uint64_t)box_number((enum mn_rep)pc->c, B)));
L_BOXTEXT:
    activation->pc = pc;
    if (B == 0)
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "a NULL string is boxed");
    A = (uint64_t)mn_box_text((const char *)B);
    NEXT;
    SIMPLE(BOXSTRUCT, (activation->pc = pc,
                       A = (uint64_t)mn_box_bytes(
                           &B, mn_program_text(program, *MN_LIST_AT(uint32_t, &program->types, pc->c)))));
    SIMPLE(ARRAY, (activation->pc = pc, make_list(activation, false)));
    SIMPLE(DICT, (activation->pc = pc, make_list(activation, true)));
    SIMPLE(LD_TO_F32, FLOAT((float)LD(b)));
    SIMPLE(LDSYM, A = (uint64_t)(uintptr_t)*MN_LIST_AT(void *, &program->symbol_live, wide(pc)));
    SIMPLE(LDDATA, A = (uint64_t)(program->data + wide(pc)));

    SIMPLE(CELL, (activation->pc = pc, A = (uint64_t)make_cell(activation)));
    SIMPLE(CELLADDR, A = (uint64_t)mn_cell_value((id)B));
    SIMPLE(ONCE, (activation->pc = pc, A = (uint64_t)mn_once_begin(activation, (struct mn_once *)B)));
    SIMPLE(ONCEDONE, mn_once_end((id)A));
    SIMPLE(LOAD_WEAK, (activation->pc = pc, A = (uint64_t)mn_weak_load((struct mn_weak *)(B + (uint64_t)IMM))));
L_STORE_WEAK:
    activation->pc = pc;
    store_weak(activation, (struct mn_weak *)(A + (uint64_t)IMM), (id)B);
    NEXT;
    SIMPLE(BLOCK, (activation->pc = pc, A = (uint64_t)mn_closure_new(activation, pc->b, pc->c)));
    SIMPLE(CAPTURED, (activation->pc = pc, A = (uint64_t)mn_closure_captured(activation, (id)B)));
L_CALLB:
    activation->pc = pc;
    mn_closure_call(activation, pc->c, (id)B, &A);
    NEXT;
    SIMPLE(COPYB, (activation->pc = pc, A = (uint64_t)mn_closure_keep(activation, (id)B)));
L_TRY: {
    id thrown = nil;

    activation->pc = pc;
    if (guard(activation, slots, &thrown, &result)) {
        if (UNLIKELY(activation->function == NULL))
            return result;
        pc = activation->pc;
    } else {
        A = (uint64_t)thrown;
        JUMP((int32_t)wide(pc));
    }
    NEXT;
}
L_ENDTRY:
    activation->pc = pc;
    return NULL;
    SIMPLE(ISKIND, A = B != 0 && C != 0 && mn_class_inherits(mn_object_class((id)B), (Class)C));
    SIMPLE(SYNC, (activation->pc = pc, A = (uint64_t)take_lock(activation, (id)B)));
    SIMPLE(FUNC, (activation->pc = pc, A = (uint64_t)mn_closure_address(activation, pc->b)));
    SIMPLE(SIDE, (activation->pc = pc, A = mn_added_place(activation, (id)B, pc->c)));

#define FUSED(first, second)                                                                                          \
    L_##first##__##second:                                                                                            \
    DO_##first;                                                                                                       \
    pc++;                                                                                                             \
    goto L_##second;
#include "vm/fused.def"
#undef FUSED

refuel:
    fuel = FUEL;
    if (atomic_load_explicit(&program->stop, memory_order_relaxed)) {
        activation->pc = pc;
        mn_vm_raise(activation, MN_VM_INTERRUPTED, "the patch was stopped");
    }
    NEXT;
divide_by_zero:
    activation->pc = pc;
    mn_vm_raise(activation, MN_VM_DIVIDE_BY_ZERO, "division by zero");
}

/* clang-format on */

/* ---- entries ---- */

/* What a call of a function needs beside its slots, as one check. */
__attribute__((noinline, cold, noreturn)) static void
raise_overflow(const struct mn_function *function)
{
    struct mn_activation here = {.function = function, .pc = function->run};

    mn_vm_raise(&here, MN_VM_STACK_OVERFLOW, "the stack is used up in a call of %s", function->name);
}

static inline void
need_stack(const struct mn_function *function)
{
    if (!mn_stack_has(function->slots * sizeof(uint64_t)))
        raise_overflow(function);
}

static inline void
load_params(const struct mn_function *function, const struct mn_frame *frame, uint64_t *slots)
{
    for (unsigned i = 0; i < function->entry_words; i++)
        slots[i] = frame->integer[i];
    for (unsigned i = 0; i < function->entry_count; i++) {
        const struct mn_entry *entry = &function->entry[i];
        uint64_t raw;

        memcpy(&raw, (const char *)frame + entry->frame, sizeof raw);
        raw <<= entry->shift;
        slots[entry->slot] =
            entry->is_signed ? (uint64_t)((int64_t)raw >> entry->shift) : raw >> entry->shift;
    }
    if (UNLIKELY(function->stack_params))
        mn_entry_stack(function, frame, slots);
}

static inline void
store_result(const struct mn_function *function, struct mn_frame *frame, const struct mn_signature *signature,
             const uint64_t *result)
{
    if (LIKELY(function->result_place != MN_NO_PLACE))
        memcpy((char *)frame + function->result_place, result, sizeof *result);
    else
        mn_frame_set(frame, &signature->result_place, result);
}

/* The body, given its slots; `call` is NULL for what is no hooked method. */
static inline void
run_body(const struct mn_function *function, struct mn_frame *frame, const struct mn_signature *signature,
         mend_call *call, uint64_t *slots)
{
    __attribute__((cleanup(leave))) struct mn_activation activation = {.function = function,
                                                                       .slots = slots,
                                                                       .base = slots,
                                                                       .limit = slots,
                                                                       .pc = function->run,
                                                                       .call = call};
    const uint64_t *result;

    mn_activation_enter(&activation);
    load_params(function, frame, slots);
    clear_objects(function, slots);
    result = interpret(&activation);
    if (result != NULL)
        store_result(function, frame, signature, result);
}

__attribute__((noinline)) static void
run_large_body(const struct mn_function *function, struct mn_frame *frame, const struct mn_signature *signature,
               mend_call *call)
{
    need_stack(function);
    {
        _Alignas(16) uint64_t slots[function->slots + 1];

        run_body(function, frame, signature, call, slots);
    }
}

void
mn_vm_enter(const struct mn_function *function, struct mn_frame *frame)
{
    _Alignas(16) uint64_t slots[SMALL_FRAME];

    if (UNLIKELY(function->slots > SMALL_FRAME)) {
        run_large_body(function, frame, function->signature, NULL);
        return;
    }
    if (!mn_stack_has(0))
        raise_overflow(function);
    run_body(function, frame, function->signature, NULL, slots);
}

void
mn_vm_advice(mend_call *call, void *data)
{
    const struct mn_function *function = data;
    _Alignas(16)
        uint64_t slots[SMALL_FRAME]; /* most bodies fit: a frame of fixed size costs nothing to make */

    if (UNLIKELY(function->slots > SMALL_FRAME)) {
        run_large_body(function, call->frame, mn_call_signature(call), call);
        return;
    }
    if (!mn_stack_has(0))
        raise_overflow(function);
    run_body(function, call->frame, mn_call_signature(call), call, slots);
}

void
mn_vm_call(const struct mn_function *function, const uint64_t *params, uint64_t *out)
{
    need_stack(function);
    {
        _Alignas(16) uint64_t slots[function->slots + 1];
        __attribute__((cleanup(leave))) struct mn_activation activation = {
            .function = function, .slots = slots, .base = slots, .limit = slots, .pc = function->run};
        const uint64_t *result;

        mn_activation_enter(&activation);
        if (function->params != 0)
            memcpy(slots, params, 8 * (size_t)function->params);
        clear_objects(function, slots);
        result = interpret(&activation);
        if (out != NULL && result != NULL)
            memcpy(out, result, 8 * (size_t)function->result_slots);
        else if (out != NULL)
            memset(out, 0, 8 * (size_t)function->result_slots);
    }
}
