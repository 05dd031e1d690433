/* SPDX-License-Identifier: MIT */
/* Planning a call: from the callee's signature and the site's static types to moves, once per callee. */
#include "vm/send.h"

#include "abi/encoding.h"
#include "base/alloc.h"
#include "vm/builder.h"

#include <alloca.h>
#include <string.h>

#ifdef MN_FAULTS
#include "vm/run.h"

_Thread_local unsigned long mn_vm_slow;

unsigned long
mn_vm_slow_events(void)
{
    return mn_vm_slow;
}
#endif

void
mn_callsite_fini(struct mn_callsite_live *live)
{
    struct mn_callee *next, *callee = atomic_load(&live->first);

    for (; callee != NULL; callee = next) {
        next = callee->next;
        mn_free(callee);
    }
    mn_free(live->copies);
}

const struct mn_callee *
mn_callee_keep(struct mn_callsite_live *live, const struct mn_callee *callee)
{
    struct mn_callee *first = atomic_load_explicit(&live->first, memory_order_acquire), *copy;
    unsigned count = 0;

    for (const struct mn_callee *c = first; c != NULL; c = c->next)
        count++;
    if (count >= MN_CALLEES || (copy = mn_malloc(sizeof *copy)) == NULL)
        return NULL;
    *copy = *callee;
    do
        copy->next = first;
    while (!atomic_compare_exchange_weak_explicit(&live->first, &first, copy, memory_order_acq_rel,
                                                  memory_order_acquire));
    return copy;
}

/* ---- types ---- */

static bool
is_float(enum mn_rep rep)
{
    return rep == MN_REP_F32 || rep == MN_REP_F64 || rep == MN_REP_LD;
}

static const struct mn_typeref *
static_type(const struct mn_function *function, uint32_t type)
{
    return &function->program->type_live[type];
}

static const struct mn_arg *
site_arg(const struct mn_function *function, const struct mn_callsite *site, unsigned i)
{
    return &function->args[site->first + i];
}

/* Of a CALLC the site's type is the whole encoding and the result is what that says. */
static enum mn_rep
site_result(const struct mn_function *function, const struct mn_callsite *site)
{
    return (enum mn_rep)static_type(function, site->result)->rep;
}

/* Whether the slot already is what the live type wants. */
static bool
travels_as_is(enum mn_rep to, enum mn_rep from)
{
    if (is_float(to) || is_float(from))
        return to == from;
    return to != MN_REP_BOOL || from == MN_REP_BOOL;
}

static mend_status
check_argument(const struct mn_function *function, const struct mn_callsite *site, unsigned i,
               const struct mn_type *live, mend_error *err)
{
    const struct mn_typeref *given = static_type(function, site_arg(function, site, i)->type);
    enum mn_rep to = mn_rep_of_type(live), from = (enum mn_rep)given->rep;
    struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_status st;

    if (to == MN_REP_AGGREGATE ? from == to && given->type->size == live->size : from != MN_REP_AGGREGATE)
        if (to != MN_REP_OBJECT || !is_float(from))
            return MEND_OK;
    mn_buffer_printf(&text, "argument %u is ", i + 1);
    mn_type_describe(live, &text);
    mn_buffer_text(&text, " in the method, and ");
    mn_type_describe(given->type, &text);
    mn_buffer_text(&text, " was given");
    st = mn_fail(err, MEND_SIGNATURE_MISMATCH, "%s", mn_buffer_peek(&text));
    mn_buffer_fini(&text);
    return st;
}

/* ---- the result ---- */

static enum mn_take
take_of_integer(enum mn_rep rep)
{
    switch (rep) {
    case MN_REP_BOOL:
        return MN_TAKE_BOOL;
    case MN_REP_I8:
        return MN_TAKE_I8;
    case MN_REP_U8:
        return MN_TAKE_U8;
    case MN_REP_I16:
        return MN_TAKE_I16;
    case MN_REP_U16:
        return MN_TAKE_U16;
    case MN_REP_I32:
        return MN_TAKE_I32;
    case MN_REP_U32:
        return MN_TAKE_U32;
    default:
        return MN_TAKE_WORD;
    }
}

/* One extension does for both types when the narrower one decides; else the value is converted in two steps.
 */
static enum mn_take
take_integer(enum mn_rep live, enum mn_rep wanted)
{
    if (wanted == MN_REP_BOOL && live != MN_REP_BOOL && live != MN_REP_U8)
        return MN_TAKE_CONVERTED;
    if (mn_rep_size(wanted) <= mn_rep_size(live))
        return take_of_integer(wanted);
    if ((live == MN_REP_I8 || live == MN_REP_I16 || live == MN_REP_I32) &&
        (wanted == MN_REP_U16 || wanted == MN_REP_U32))
        return MN_TAKE_CONVERTED;
    return take_of_integer(live);
}

/* Of an object or pointer only the truth may be taken, not the address as a number. */
static bool
wants_number(const struct mn_type *type)
{
    return type->kind != MN_BOOL &&
           (mn_kind_is_integer((enum mn_kind)type->kind) || mn_kind_is_floating((enum mn_kind)type->kind));
}

static mend_status
plan_result(struct mn_callee *callee, const struct mn_function *function, const struct mn_callsite *site,
            mend_error *err)
{
    const struct mn_typeref *wanted = static_type(function, site->result);
    enum mn_rep live = mn_rep_of_type(callee->signature->result), to = site_result(function, site);

    if (to == MN_REP_VOID) {
        callee->take = MN_TAKE_NOTHING;
    } else if (live == MN_REP_VOID) {
        callee->take = MN_TAKE_CONVERTED; /* to zero */
    } else if (to == MN_REP_AGGREGATE || live == MN_REP_AGGREGATE) {
        if (to != live || wanted->type->size != callee->signature->result->size)
            return mn_fail(err, MEND_SIGNATURE_MISMATCH,
                           "the method returns %s, and another type is wanted (\"%s\" against \"%s\")",
                           live == MN_REP_AGGREGATE ? "a struct" : "a scalar", callee->signature->encoding,
                           wanted->signature->encoding);
        callee->take = MN_TAKE_CONVERTED;
    } else if (to == MN_REP_OBJECT && live != MN_REP_OBJECT && live != MN_REP_U64) {
        return mn_fail(err, MEND_SIGNATURE_MISMATCH, "an object is wanted, and the method returns a number");
    } else if (wants_number(wanted->type) &&
               mn_kind_is_pointer((enum mn_kind)callee->signature->result->kind)) {
        return mn_fail(err, MEND_SIGNATURE_MISMATCH, "a number is wanted, and the method returns %s",
                       live == MN_REP_OBJECT ? "an object" : "a pointer");
    } else if (is_float(live) || is_float(to)) {
        callee->take = live != to || live == MN_REP_LD ? MN_TAKE_CONVERTED
                       : live == MN_REP_F64            ? MN_TAKE_DOUBLE
                                                       : MN_TAKE_FLOAT;
    } else {
        callee->take = (uint8_t)take_integer(live, to);
    }
    return MEND_OK;
}

/* ---- the arguments ---- */

/* Puts a piece of an argument into its register's entry; false when it is in none, or partly. */
static bool
plan_piece(struct mn_callee *callee, const struct mn_piece *piece, unsigned slot)
{
    size_t integers = offsetof(struct mn_frame, integer), vectors = offsetof(struct mn_frame, vector);
    size_t integer_size = sizeof(((struct mn_frame *)0)->integer[0]);
    size_t vector_size = sizeof(((struct mn_frame *)0)->vector[0]);

    slot += piece->value / 8;
    if (piece->size > 8 || piece->value % 8 != 0 || slot > UINT16_MAX)
        return false;
    if (piece->frame >= integers && piece->frame < integers + MN_FAST_INTEGERS * integer_size) {
        callee->integer_slot[(piece->frame - integers) / integer_size] = (uint16_t)slot;
        callee->integers++;
        return (piece->frame - integers) % integer_size == 0;
    }
    if (piece->frame >= vectors && piece->frame < vectors + MN_FAST_VECTORS * vector_size) {
        callee->vector_slot[(piece->frame - vectors) / vector_size] = (uint16_t)slot;
        callee->vectors++;
        return (piece->frame - vectors) % vector_size == 0;
    }
    return false;
}

/* Plans the register path; false when an argument needs the frame. */
static bool
plan_registers(struct mn_callee *callee, const struct mn_function *function, const struct mn_callsite *site)
{
    const struct mn_signature *signature = callee->signature;

    callee->integers = callee->skip;
    if (!MN_CPU_PLAIN_CALLS || signature->result_place.where == MN_IN_MEMORY ||
        callee->take == MN_TAKE_CONVERTED || site->variadic)
        return false;
    for (unsigned i = callee->skip; i < signature->count; i++) {
        const struct mn_place *place = &signature->arguments[i].place;
        const struct mn_arg *arg = site_arg(function, site, i - callee->skip);

        if (place->where == MN_NOWHERE)
            continue;
        if (place->where != MN_IN_REGISTERS ||
            !travels_as_is(mn_rep_of_type(signature->arguments[i].type),
                           (enum mn_rep)static_type(function, arg->type)->rep))
            return false;
        for (unsigned p = 0; p < place->pieces; p++)
            if (!plan_piece(callee, &place->piece[p], arg->slot))
                return false;
    }
    return true;
}

/* The signature that names the variadic tail too, by its static types. */
static mend_status
with_tail(const struct mn_function *function, const struct mn_callsite *site,
          const struct mn_signature **signature, mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_status st;

    mn_encoding_write((*signature)->result, &text);
    for (unsigned i = 0; i < (*signature)->count; i++)
        mn_encoding_write((*signature)->arguments[i].type, &text);
    if (site->fixed < site->count && (*signature)->count != 0)
        mn_buffer_text(&text, ",");
    for (unsigned i = site->fixed; i < site->count; i++)
        mn_encoding_write(static_type(function, site_arg(function, site, i)->type)->type, &text);
    st = text.failed ? mn_fail_memory(err) : mn_signature_get(mn_buffer_peek(&text), signature, err);
    mn_buffer_fini(&text);
    return st;
}

mend_status
mn_callee_plan(struct mn_callee *callee, const struct mn_function *function, const struct mn_callsite *site,
               const struct mn_signature *signature, unsigned skip, mend_error *err)
{
    mend_status st;

    mn_vm_count_slow();
    if (signature->count != site->fixed + skip)
        return mn_fail(err, MEND_SIGNATURE_MISMATCH, "the method takes %d arguments, and %u were given",
                       (int)signature->count - (int)skip, (unsigned)site->fixed);
    if (site->variadic && (st = with_tail(function, site, &signature, err)) != MEND_OK)
        return st;
    callee->signature = signature;
    callee->skip = (uint8_t)skip;
    callee->integers = callee->vectors = 0;
    memset(callee->integer_slot, 0, sizeof callee->integer_slot);
    memset(callee->vector_slot, 0, sizeof callee->vector_slot);
    for (unsigned i = skip; i < signature->count; i++)
        if ((st = check_argument(function, site, i - skip, signature->arguments[i].type, err)) != MEND_OK)
            return st;
    if ((st = plan_result(callee, function, site, err)) != MEND_OK)
        return st;
    if (!plan_registers(callee, function, site))
        callee->path = MN_PATH_FRAME;
    else if (callee->vectors == 0 && callee->take != MN_TAKE_DOUBLE && callee->take != MN_TAKE_FLOAT)
        callee->path = MN_PATH_INTEGERS;
    else
        callee->path = MN_PATH_VECTORS;
    return MEND_OK;
}

/* ---- calling by the frame ---- */

void
mn_callee_fill_frame(const struct mn_callee *callee, const struct mn_function *function,
                     const struct mn_callsite *site, const uint64_t *slots, struct mn_frame *frame)
{
    const struct mn_signature *signature = callee->signature;

    for (unsigned i = callee->skip; i < signature->count; i++) {
        const struct mn_arg *arg = site_arg(function, site, i - callee->skip);
        enum mn_rep to = mn_rep_of_type(signature->arguments[i].type);
        enum mn_rep from = (enum mn_rep)static_type(function, arg->type)->rep;
        uint64_t converted[2] = {0, 0};

        if (travels_as_is(to, from)) {
            mn_frame_set(frame, &signature->arguments[i].place, &slots[arg->slot]);
        } else {
            mn_convert_value(to, converted, from, &slots[arg->slot]);
            mn_frame_set(frame, &signature->arguments[i].place, converted);
        }
    }
}

void
mn_callee_take_frame(const struct mn_callee *callee, const struct mn_function *function,
                     const struct mn_callsite *site, const struct mn_frame *frame, uint64_t *out)
{
    const struct mn_typeref *wanted = static_type(function, site->result);
    enum mn_rep live = mn_rep_of_type(callee->signature->result), to = site_result(function, site);
    uint64_t raw[2] = {0, 0};

    if (to == MN_REP_VOID)
        return;
    if (live == MN_REP_VOID) {
        memset(out, 0, 8 * (size_t)wanted->slots);
        return;
    }
    if (to == MN_REP_AGGREGATE) {
        if (wanted->slots != 0)
            out[wanted->slots - 1] = 0; /* the bytes behind the value */
        mn_frame_get(frame, &callee->signature->result_place, out);
        return;
    }
    mn_frame_get(frame, &callee->signature->result_place, raw);
    raw[0] = mn_extend_slot(live, raw[0]);
    mn_convert_value(to, out, live, raw);
}

void
mn_callee_call_frame(const struct mn_callee *callee, const struct mn_function *function,
                     const struct mn_callsite *site, IMP imp, id receiver, SEL sel, const uint64_t *slots,
                     uint64_t *out)
{
    const struct mn_signature *signature = callee->signature;
    struct mn_frame frame;

    mn_frame_open(&frame, signature, alloca(mn_signature_room(signature) + 16));
    if (signature->result_place.where == MN_IN_MEMORY)
        mn_cpu_set_result_memory(&frame, alloca(signature->result_place.size + 16));
    if (callee->skip > 0)
        mn_frame_set(&frame, &signature->arguments[0].place, &receiver);
    if (callee->skip > 1)
        mn_frame_set(&frame, &signature->arguments[1].place, &sel);
    mn_callee_fill_frame(callee, function, site, slots, &frame);
    mn_call_frame((mn_code)imp, &frame, signature->shape);
    mn_callee_take_frame(callee, function, site, &frame, out);
}
