/* SPDX-License-Identifier: MIT */
/* Making a planned call, and learning what to plan: the ways that the dispatch loop does not take in place.
 */
#include "vm/invoke.h"

#include "base/error.h"
#include "hook/batch.h"
#include "hook/call.h"
#include "runtime/blocks.h"
#include "vm/builder.h"
#include "vm/checking.h"

#include <string.h>

/* ---- the register paths ---- */

static void
take_double(enum mn_take take, double value, uint64_t *out)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    *out = take == MN_TAKE_FLOAT ? (uint32_t)bits : bits;
}

static double
vector(const struct mn_callee *callee, const uint64_t *slots, unsigned i)
{
    double value;

    memcpy(&value, &slots[callee->vector_slot[i]], sizeof value);
    return value;
}

#define INTEGERS mn_register, mn_register, mn_register, mn_register, mn_register, mn_register
#define DOUBLES  double, double, double, double, double, double, double, double

/* All registers; only the first two doubles where no more are used. */
static void
call_registers(const struct mn_callee *callee, mn_code code, const mn_register *w, const uint64_t *slots,
               uint64_t *out)
{
    enum mn_take take = (enum mn_take)callee->take;
    double d[MN_FAST_VECTORS];

    d[0] = vector(callee, slots, 0);
    d[1] = vector(callee, slots, 1);
    if (callee->vectors <= 2) {
        if (take == MN_TAKE_DOUBLE || take == MN_TAKE_FLOAT)
            take_double(
                take,
                ((double (*)(INTEGERS, double, double))code)(w[0], w[1], w[2], w[3], w[4], w[5], d[0], d[1]),
                out);
        else
            mn_take_integer(take,
                            ((mn_register(*)(INTEGERS, double, double))code)(w[0], w[1], w[2], w[3], w[4],
                                                                             w[5], d[0], d[1]),
                            out);
        return;
    }
    for (unsigned i = 2; i < MN_FAST_VECTORS; i++)
        d[i] = vector(callee, slots, i);
    if (take == MN_TAKE_DOUBLE || take == MN_TAKE_FLOAT)
        take_double(take,
                    ((double (*)(INTEGERS, DOUBLES))code)(w[0], w[1], w[2], w[3], w[4], w[5], d[0], d[1],
                                                          d[2], d[3], d[4], d[5], d[6], d[7]),
                    out);
    else
        mn_take_integer(take,
                        ((mn_register(*)(INTEGERS, DOUBLES))code)(w[0], w[1], w[2], w[3], w[4], w[5], d[0],
                                                                  d[1], d[2], d[3], d[4], d[5], d[6], d[7]),
                        out);
}

void
mn_invoke(const struct mn_callee *callee, const struct mn_function *function, const struct mn_callsite *site,
          IMP imp, id receiver, const uint64_t *slots, uint64_t *out)
{
    mn_register w[MN_FAST_INTEGERS] = {(mn_register)receiver, (mn_register)callee->sel};

    if (callee->path == MN_PATH_INTEGERS) {
        mn_invoke_inline(callee, function, site, imp, receiver, slots, out);
    } else if (callee->path == MN_PATH_FRAME) {
        mn_callee_call_frame(callee, function, site, imp, receiver, callee->sel, slots, out);
    } else {
        for (unsigned i = 2; i < MN_FAST_INTEGERS; i++)
            w[i] = slots[callee->integer_slot[i]];
        call_registers(callee, (mn_code)imp, w, slots, out);
    }
}

void
mn_invoke_c(const struct mn_callee *callee, const struct mn_function *function,
            const struct mn_callsite *site, void *address, const uint64_t *slots, uint64_t *out)
{
    mn_register w[MN_FAST_INTEGERS];

    if (callee->path == MN_PATH_FRAME) {
        mn_callee_call_frame(callee, function, site, (IMP)address, nil, NULL, slots, out);
        return;
    }
    for (unsigned i = 0; i < MN_FAST_INTEGERS; i++)
        w[i] = slots[callee->integer_slot[i]];
    call_registers(callee, (mn_code)address, w, slots, out);
}

void
mn_invoke_block(const struct mn_callee *callee, const struct mn_function *function,
                const struct mn_callsite *site, id block, const uint64_t *slots, uint64_t *out)
{
    mn_register w[MN_FAST_INTEGERS] = {(mn_register)block};
    mn_code code = (mn_code)mn_block_invoke(block);

    if (callee->path == MN_PATH_FRAME) {
        mn_callee_call_frame(callee, function, site, (IMP)code, block, NULL, slots, out);
        return;
    }
    for (unsigned i = 1; i < MN_FAST_INTEGERS; i++)
        w[i] = slots[callee->integer_slot[i]];
    call_registers(callee, code, w, slots, out);
}

/* ---- learning ---- */

static const struct mn_callsite *
site_of(const struct mn_activation *activation, unsigned index)
{
    return &activation->function->sites[index];
}

/* The encoding that a receiver which forwards gives for the selector; NULL when it gives none. Sends
 * messages. */
static const char *
forwarded_types(id receiver, SEL sel)
{
    SEL ask = mn_selector("methodSignatureForSelector:"), type = mn_selector("methodType");
    id signature;

    if (!mn_method_find(mn_object_class(receiver), ask, NULL))
        return NULL;
    signature = ((id(*)(id, SEL, SEL))mn_lookup(receiver, ask))(receiver, ask, sel);
    if (signature == nil || !mn_method_find(mn_object_class(signature), type, NULL))
        return NULL;
    return ((const char *(*)(id, SEL))(mn_code)mn_lookup(signature, type))(signature, type);
}

/* What the site itself says of its callee: result, self, _cmd, arguments. For receivers nobody knows anything
 * about. */
static mend_status
static_signature(const struct mn_activation *activation, const struct mn_callsite *site,
                 const struct mn_signature **signature, mend_error *err)
{
    const struct mn_function *function = activation->function;
    const struct mn_typeref *types = function->program->type_live;
    struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_status st;

    mn_buffer_text(&text, types[site->result].signature->encoding);
    mn_buffer_text(&text, "@:");
    for (uint32_t i = 0; i < site->fixed; i++)
        mn_buffer_text(&text, types[function->args[site->first + i].type].signature->encoding);
    st = text.failed ? mn_fail_memory(err) : mn_signature_get(mn_buffer_peek(&text), signature, err);
    mn_buffer_fini(&text);
    return st;
}

/* A miss: the forwarding machinery gets a typed selector, and its IMP serves this call alone. */
static mend_status
learn_forwarding(struct mn_callee *callee, const struct mn_activation *activation,
                 const struct mn_callsite *site, id receiver, SEL sel, const struct mn_signature **signature,
                 mend_error *err)
{
    const char *types;
    mend_status st = static_signature(activation, site, signature, err);

    if (st != MEND_OK)
        return st;
    if ((types = forwarded_types(receiver, sel)) != NULL)
        st = mn_signature_get(types, signature, err);
    /* A spelling of one's own only where nobody has another (mn_selector_only). */
    if (st == MEND_OK && (types != NULL || mn_selector_types(sel) == NULL))
        callee->sel = mn_selector_typed(mn_selector_name(sel), types != NULL ? types : (*signature)->encoding);
    return st;
}

/* The method that will run: a site's receiver, superclass or hooked call says which class to look in. */
static mend_status
learn_method(struct mn_callee *callee, const struct mn_activation *activation, unsigned index, id receiver,
             IMP *imp, bool *keep, const struct mn_signature **signature, mend_error *err)
{
    const struct mn_callsite *site = site_of(activation, index);
    struct mn_callsite_live *live = &activation->function->live[index];
    Class cls = mn_object_class(receiver);
    struct mn_method method;
    mend_status st;

    callee->sel = live->sel;
    if (site->kind == MN_SITE_SUPER)
        cls = atomic_load_explicit(&live->above, memory_order_acquire);
    else if (site->kind != MN_SITE_SEND && live->own && activation->call != NULL) {
        *signature = mn_call_signature(activation->call);
        return MEND_OK;
    }
    if (mn_method_find(cls, live->sel, &method) && method.types != NULL) {
        callee->sel = mn_selector_typed(mn_selector_name(live->sel), method.types);
        *keep = site->kind != MN_SITE_SEND || method.imp == *imp;
        return mn_signature_get(method.types, signature, err);
    }
    *keep = false;
    st = learn_forwarding(callee, activation, site, receiver, live->sel, signature, err);
    if (st == MEND_OK && site->kind == MN_SITE_SEND)
        *imp = mn_lookup(receiver, callee->sel);
    return st;
}

mend_status
mn_callee_learn(struct mn_callee *callee, const struct mn_activation *activation, unsigned index, id receiver,
                IMP *imp, bool *keep, mend_error *err)
{
    const struct mn_function *function = activation->function;
    const struct mn_callsite *site = site_of(activation, index);
    const struct mn_signature *signature = NULL;
    unsigned skip = site->kind == MN_SITE_CALLC ? 0 : 2;
    mend_status st = MEND_OK;

    *callee = (struct mn_callee){0};
    *keep = true;
    if (site->kind == MN_SITE_CALLC)
        signature = function->program->type_live[site->result].signature;
    else
        st = learn_method(callee, activation, index, receiver, imp, keep, &signature, err);
    if (st == MEND_OK && signature == NULL)
        st = mn_fail(err, MEND_BAD_ENCODING, "the method's encoding cannot be read");
    if (st == MEND_OK)
        st = mn_callee_plan(callee, function, site, signature, skip, err);
    callee->imp = *imp;
    if (st != MEND_OK && err != NULL && skip != 0) {
        mn_copy_text(err->class_name, sizeof err->class_name, mn_class_name(mn_object_class(receiver)));
        mn_copy_text(err->selector, sizeof err->selector, mn_selector_name(function->live[index].sel));
    }
    return st;
}

/* ---- super, original, next ---- */

IMP
mn_super_imp(const struct mn_activation *activation, unsigned index, id receiver)
{
    struct mn_callsite_live *live = &activation->function->live[index];
    Class above = atomic_load_explicit(&live->above, memory_order_acquire), lexical;

    if (above == Nil) {
        lexical = mn_program_class(activation->function->program, site_of(activation, index)->owner);
        if (lexical == Nil)
            mn_vm_raise(activation, MN_VM_UNKNOWN_IDENTIFIER, "the class of a send to super is not loaded");
        above = mn_class_super(lexical);
        atomic_store_explicit(&live->above, above, memory_order_release);
    }
    return mn_lookup_super(receiver, above, live->sel);
}

/* Where patch/ said the original of another method of this patch is. */
static IMP
bound_original(const struct mn_function *function, SEL sel)
{
    const struct mn_program *program = function->program;

    for (size_t i = 0; function->class_name != NULL && i < program->originals.count; i++) {
        const struct mn_binding_original *original =
            MN_LIST_AT(struct mn_binding_original, &program->originals, i);

        if (original->class_method == function->class_method &&
            strcmp(original->class_name, function->class_name) == 0 &&
            strcmp(original->selector, mn_selector_name(sel)) == 0)
            return mn_site_original(__atomic_load_n(&original->site, __ATOMIC_ACQUIRE));
    }
    return NULL;
}

IMP
mn_original_imp(const struct mn_activation *activation, unsigned index)
{
    const struct mn_function *function = activation->function;
    const struct mn_callsite_live *live = &function->live[index];
    IMP imp = live->own && activation->call != NULL ? mn_call_original(activation->call)
                                                    : bound_original(function, live->sel);

    if (imp == NULL)
        mn_vm_raise(activation, MN_VM_NOT_CALLABLE, "%s has no original: the patch added the method",
                    mn_selector_name(live->sel));
    return imp;
}

void
mn_proceed(const struct mn_activation *activation, unsigned index, id receiver, uint64_t *out)
{
    const struct mn_function *function = activation->function;
    const struct mn_callsite *site = site_of(activation, index);
    struct mn_callsite_live *live = &function->live[index];
    const struct mn_callee *callee = atomic_load_explicit(&live->first, memory_order_acquire);
    mend_call *call = activation->call;
    struct mn_callee fresh;
    mend_error err;
    IMP none = NULL;
    bool keep;

    if (!live->own || call == NULL)
        mn_vm_raise(activation, MN_VM_NOT_CALLABLE,
                    "%s is not the method that is running: it has no next here", mn_selector_name(live->sel));
    if (callee == NULL) {
        if (mn_callee_learn(&fresh, activation, index, receiver, &none, &keep, &err) != MEND_OK)
            mn_vm_raise_status(activation, MN_VM_SIGNATURE, &err);
        callee = mn_callee_keep(live, &fresh);
    }
    if (callee == NULL)
        callee = &fresh;
    mn_callee_fill_frame(callee, function, site, activation->slots, call->frame);
    mn_call_proceed(call);
    mn_callee_take_frame(callee, function, site, call->frame, out);
}

/* ---- parameters ---- */

void
mn_entry_stack(const struct mn_function *function, const struct mn_frame *frame, uint64_t *slots)
{
    const struct mn_signature *signature = function->signature;
    unsigned slot = 0;

    for (unsigned i = 0; i < signature->count; i++) {
        const struct mn_type *type = signature->arguments[i].type;

        mn_frame_get(frame, &signature->arguments[i].place, &slots[slot]);
        if (mn_rep_size(mn_rep_of_type(type)) < 8 && type->size != 0 && type->size < 8)
            slots[slot] = mn_extend_slot(mn_rep_of_type(type), slots[slot]);
        slot += mn_whole_slots(type);
    }
}
