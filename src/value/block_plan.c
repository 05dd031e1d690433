/* SPDX-License-Identifier: MIT */
/*
 * From places to moves, and a call by them.
 *
 * Whatever carries arguments is a multiple of 8 bytes on every CPU, so a move copies whole words: a small
 * integer keeps the bits that fill its register, and the tail of a struct costs no care. Equal types have
 * equal pieces; only where they lie can differ.
 */
#include "value/block_plan.h"

#include "abi/layout.h"
#include "base/alloc.h"
#include "runtime/blocks.h"

#include <stddef.h>

enum { METHOD_HIDDEN = 2, BLOCK_HIDDEN = 1, WORD = 8 };

/* ---- Making ---- */

static uint32_t
words_of(const struct mn_piece *piece)
{
    return mn_cpu_piece_is_vector(piece) || piece->size > WORD ? 2
                                                               : 1; /* vector registers lie 16 bytes apart */
}

static void
add_move(struct mn_block_plan *plan, struct mn_block_move move)
{
    struct mn_block_move *last = plan->count ? &plan->moves[plan->count - 1] : NULL;

    if (last && last->from_stack == move.from_stack && last->to_stack == move.to_stack &&
        last->from + last->words * WORD == move.from && last->to + last->words * WORD == move.to)
        last->words += move.words;
    else
        plan->moves[plan->count++] = move;
}

static void
add_argument(struct mn_block_plan *plan, const struct mn_place *from, const struct mn_place *to)
{
    if (from->where == MN_BY_REFERENCE)
        return; /* see copy_values */
    if (from->where == MN_ON_STACK && to->where == MN_ON_STACK) {
        add_move(plan, (struct mn_block_move){.from = from->stack,
                                              .to = to->stack,
                                              .words = (uint32_t)mn_round_up(from->size, WORD) / WORD,
                                              .from_stack = true,
                                              .to_stack = true});
        return;
    }
    /* What one side has in registers and the other on the stack has general registers among its pieces, so
     * that its pieces begin at whole words. */
    for (unsigned i = 0; i < (from->where == MN_IN_REGISTERS ? from : to)->pieces; i++) {
        struct mn_block_move move = {.from_stack = from->where == MN_ON_STACK,
                                     .to_stack = to->where == MN_ON_STACK};
        const struct mn_piece *a = &from->piece[i], *b = &to->piece[i];

        move.from = move.from_stack ? from->stack + b->value : a->frame;
        move.to = move.to_stack ? to->stack + a->value : b->frame;
        if (move.from_stack || move.to_stack)
            move.words = (uint32_t)mn_round_up((move.from_stack ? b : a)->size, WORD) / WORD;
        else
            move.words = words_of(a);
        add_move(plan, move);
    }
}

/* No argument takes more moves than it has pieces, or one. */
static size_t
moves_at_most(const struct mn_signature *block)
{
    return (size_t)block->count * MN_PIECES;
}

/* What mn_frame_open wants, then a result in memory. */
static void
add_room(struct mn_block_plan *plan)
{
    const struct mn_signature *block = plan->block;

    plan->result_room = (uint32_t)mn_round_up(mn_signature_room(block), 16);
    plan->room = plan->result_room;
    if (block->result_place.where == MN_IN_MEMORY)
        plan->room += (uint32_t)mn_round_up(block->result->size, 16);
}

/* Single words, as far as the block's own description goes; its moves say the rest. */
static bool
is_of_words(const struct mn_block_plan *plan)
{
    const struct mn_signature *block = plan->block;
    const struct mn_place *result = &block->result_place;

    if ((block->shape & ~(uint32_t)MN_SHAPE_VECTOR) != 0 || block->copies != 0 || result->where == MN_IN_MEMORY)
        return false;
    if (plan->result && (result->pieces > 1 || (result->pieces == 1 && result->piece[0].size > WORD)))
        return false;
    for (size_t i = 0; i < block->count; i++)
        for (unsigned p = 0; p < block->arguments[i].place.pieces; p++)
            if (block->arguments[i].place.piece[p].size > WORD)
                return false;
    return true;
}

/*
 * General registers lie in the frame in the order in which arguments take them, from that of the block on, and so do
 * vector registers, of two words each: the word moved to the k-th is the k-th argument of its kind of a C function that
 * takes words and doubles.
 */
static bool
find_registers(struct mn_block_plan *plan)
{
    const uint32_t doubles_at = offsetof(struct mn_frame, vector), double_words = 16 / WORD;

    for (const struct mn_block_move *m = plan->moves; m < plan->moves + plan->count; m++)
        for (uint32_t i = 0; i < m->words; i++) {
            uint32_t to = m->to + i * WORD;
            bool vector = to >= doubles_at;
            uint32_t word = (to - (vector ? doubles_at : plan->block_at)) / WORD;

            if (m->from_stack || word >= (vector ? MN_BLOCK_QUICK_DOUBLES * double_words : MN_BLOCK_QUICK_WORDS))
                return false;
            if (!vector)
                plan->quick_from[word] = (uint16_t)(m->from + i * WORD);
            else if (word % double_words == 0)
                plan->doubles_from[word / double_words] = (uint16_t)(m->from + i * WORD);
        }
    return true;
}

static void
find_quick_way(struct mn_block_plan *plan)
{
    const struct mn_place *result = &plan->block->result_place;

    if (!MN_CPU_PLAIN_CALLS || !is_of_words(plan) || !find_registers(plan))
        return;
    if (!(plan->block->shape & MN_SHAPE_VECTOR))
        plan->quick = MN_BLOCK_WORDS;
    else if (plan->result && result->pieces == 1 && mn_cpu_piece_is_vector(&result->piece[0]))
        plan->quick = MN_BLOCK_DOUBLE_RESULT;
    else
        plan->quick = MN_BLOCK_DOUBLES;
}

mend_status
mn_block_plan_new(const struct mn_signature *method, const struct mn_signature *block,
                  struct mn_block_terms terms, struct mn_block_plan **out, mend_error *err)
{
    bool info = terms.info && block->count > BLOCK_HIDDEN;
    struct mn_block_plan *plan;
    mend_status st;

    *out = NULL;
    if ((st = mn_block_match(method, block, terms, err)) != MEND_OK)
        return st;
    if (!(plan = mn_calloc(1, sizeof *plan + moves_at_most(block) * sizeof plan->moves[0])))
        return mn_fail_memory(err);
    plan->block = block;
    if (method)
        plan->arguments = method->arguments + METHOD_HIDDEN - BLOCK_HIDDEN - info;
    plan->result = terms.result ? &method->result_place : NULL;
    plan->block_at = block->arguments[0].place.piece[0].frame;
    plan->info_at = info ? block->arguments[BLOCK_HIDDEN].place.piece[0].frame : 0;
    add_room(plan);
    for (size_t to = BLOCK_HIDDEN + info, from = METHOD_HIDDEN; to < block->count; to++, from++)
        add_argument(plan, &method->arguments[from].place, &block->arguments[to].place);
    find_quick_way(plan);
    *out = plan;
    return MEND_OK;
}

void
mn_block_plan_free(struct mn_block_plan *plan)
{
    mn_free(plan);
}

/* ---- Calling ---- */

static inline void
copy_words(void *to, const void *from, uint32_t words)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    do {
        memcpy(t, f, WORD);
        t += WORD;
        f += WORD;
    } while (--words);
}

static inline void
move_arguments(const struct mn_block_plan *plan, struct mn_frame *to, const struct mn_frame *from)
{
    const struct mn_block_move *end = plan->moves + plan->count;

    for (const struct mn_block_move *m = plan->moves; m < end; m++)
        copy_words((m->to_stack ? to->stack : (unsigned char *)to) + m->to,
                   (m->from_stack ? from->stack : (const unsigned char *)from) + m->from, m->words);
}

/* Values that travel by reference: the block's copies are its own to change. */
static void
copy_values(const struct mn_block_plan *plan, struct mn_frame *to, const struct mn_frame *from)
{
    for (size_t i = BLOCK_HIDDEN; i < plan->block->count; i++) {
        const struct mn_place *place = &plan->block->arguments[i].place;

        if (place->where == MN_BY_REFERENCE)
            mn_frame_set(to, place, mn_frame_reference(from, &plan->arguments[i].place));
    }
}

static inline void
move_result(const struct mn_block_plan *plan, struct mn_frame *to, const struct mn_frame *from)
{
    const struct mn_place *there = plan->result, *here = &plan->block->result_place;

    if (there->where == MN_IN_REGISTERS) {
        for (unsigned i = 0; i < there->pieces; i++)
            copy_words((unsigned char *)to + there->piece[i].frame,
                       (const unsigned char *)from + here->piece[i].frame,
                       here->piece[i].size > WORD ? 2 : 1);
    } else if (there->where == MN_IN_MEMORY) {
        memcpy(mn_frame_result_memory(to), mn_frame_result_memory(from), there->size);
        mn_cpu_result_in_memory(to);
    }
}

static inline void
call_with(const struct mn_block_plan *plan, id block, void *info, struct mn_frame *call, unsigned char *room)
{
    struct mn_frame frame;

    mn_frame_open(&frame, plan->block, room);
    if (plan->block->result_place.where == MN_IN_MEMORY)
        mn_cpu_set_result_memory(&frame, room + plan->result_room);
    move_arguments(plan, &frame, call);
    if (MN_CPU_COPIES && plan->block->copies != 0)
        copy_values(plan, &frame, call);
    memcpy((unsigned char *)&frame + plan->block_at, &block, sizeof block);
    if (plan->info_at)
        memcpy((unsigned char *)&frame + plan->info_at, &info, sizeof info);
    mn_call_frame((mn_code)mn_block_invoke(block), &frame, plan->block->shape);
    if (plan->result)
        move_result(plan, call, &frame);
}

/* Apart, so that most calls need no frame of variable size. */
static __attribute__((noinline)) void
call_with_room(const struct mn_block_plan *plan, id block, void *info, struct mn_frame *call)
{
    unsigned char room[plan->room] __attribute__((aligned(16)));

    call_with(plan, block, info, call, room);
}

static inline uint64_t
word_at(const struct mn_frame *call, uint16_t offset)
{
    uint64_t word;

    memcpy(&word, (const unsigned char *)call + offset, sizeof word);
    return word;
}

static inline double
double_at(const struct mn_frame *call, uint16_t offset)
{
    double bits;

    memcpy(&bits, (const unsigned char *)call + offset, sizeof bits);
    return bits;
}

static inline uint64_t
call_with_words(const struct mn_block_plan *plan, id block, uint64_t first, const struct mn_frame *call)
{
    typedef uint64_t code(id, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
    const uint16_t *from = plan->quick_from;

    return ((code *)mn_block_invoke(block))(block, first, word_at(call, from[2]), word_at(call, from[3]),
                                            word_at(call, from[4]), word_at(call, from[5]));
}

#define WORDS_AND_DOUBLES uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, double, double, double, double

static inline uint64_t
call_with_doubles(const struct mn_block_plan *plan, id block, uint64_t first, const struct mn_frame *call)
{
    typedef uint64_t code(id, WORDS_AND_DOUBLES);
    const uint16_t *from = plan->quick_from, *doubles = plan->doubles_from;

    return ((code *)mn_block_invoke(block))(block, first, word_at(call, from[2]), word_at(call, from[3]),
                                            word_at(call, from[4]), word_at(call, from[5]),
                                            double_at(call, doubles[0]), double_at(call, doubles[1]),
                                            double_at(call, doubles[2]), double_at(call, doubles[3]));
}

static inline uint64_t
call_for_a_double(const struct mn_block_plan *plan, id block, uint64_t first, const struct mn_frame *call)
{
    typedef double code(id, WORDS_AND_DOUBLES);
    const uint16_t *from = plan->quick_from, *doubles = plan->doubles_from;
    double result = ((code *)mn_block_invoke(block))(
        block, first, word_at(call, from[2]), word_at(call, from[3]), word_at(call, from[4]), word_at(call, from[5]),
        double_at(call, doubles[0]), double_at(call, doubles[1]), double_at(call, doubles[2]),
        double_at(call, doubles[3]));
    uint64_t bits;

    memcpy(&bits, &result, sizeof bits);
    return bits;
}

static inline void
call_quickly(const struct mn_block_plan *plan, id block, void *info, struct mn_frame *call)
{
    uint64_t first = plan->info_at ? (uint64_t)(uintptr_t)info : word_at(call, plan->quick_from[1]), result;

    if (plan->quick == MN_BLOCK_WORDS)
        result = call_with_words(plan, block, first, call);
    else if (plan->quick == MN_BLOCK_DOUBLES)
        result = call_with_doubles(plan, block, first, call);
    else
        result = call_for_a_double(plan, block, first, call);
    if (plan->result && plan->result->pieces)
        memcpy((unsigned char *)call + plan->result->piece[0].frame, &result, sizeof result);
}

void
mn_block_plan_call(const struct mn_block_plan *plan, id block, void *info, struct mn_frame *call)
{
    if (plan->quick != MN_BLOCK_SLOW)
        call_quickly(plan, block, info, call);
    else if (plan->room)
        call_with_room(plan, block, info, call);
    else
        call_with(plan, block, info, call, NULL);
}
