/* SPDX-License-Identifier: MIT */
/*
 * Random signatures against libffi, which was written by others from the same document.
 *
 * Each is called in three ways with random values: mn_call into a libffi closure; ffi_call into a trampoline
 * whose handler reads the frame and sets the result; ffi_call into a trampoline that jumps on to the closure.
 * What libffi has no type for is compared with compiled functions in test_shapes.c.
 */
#include "abi/encoding.h"
#include "abi/trampoline.h"
#include "base/alloc.h"
#include "machine.h"
#include "support/abi_trials.h"

#include <ffi.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { USUAL_ROUNDS = 1000000 };

static mn_code
handler_answers(struct mn_frame *frame, void *context)
{
    struct trial *t = context;
    _Alignas(16) unsigned char value[VALUE];

    for (unsigned i = 0; i < t->count; i++) {
        const struct mn_place *place = &t->signature->arguments[i].place;
        void *there = mn_frame_peek(frame, place);

        mn_frame_get(frame, place, value);
        compare_argument(t, i, value, "the frame holds another");
        if (there != NULL)
            compare_argument(t, i, there, "in place the frame holds another");
    }
    mn_frame_set(frame, &t->signature->result_place, t->wanted);
    return NULL;
}

static mn_code closure_code;

/* Leaves nothing in the argument registers that could pass for the caller's. */
static mn_code
handler_goes_on(struct mn_frame *frame, void *context)
{
    (void)frame;
    (void)context;
    spoil_argument_registers();
    return closure_code;
}

static void
run_trial(struct trial *t, ffi_closure *closure, void *code)
{
    _Alignas(16) unsigned char result[VALUE];
    void *values[ARGUMENTS];
    struct mn_trampoline *trampoline;
    ffi_cif cif;

    set_values(t, values);
    assert_int_equal(ffi_prep_cif(&cif, FFI_DEFAULT_ABI, t->count, t->result, t->arguments), FFI_OK);
    if (t->result->size != 0 && t->signature->result->kind != MN_VOID)
        assert_int_equal(t->result->size, t->signature->result->size);
    assert_int_equal(ffi_prep_closure_loc(closure, &cif, closure_called, t, code), FFI_OK);
    closure_code = (mn_code)(uintptr_t)code;

    mn_call(t->signature, closure_code, (const void *const *)values, result);
    check(t, result, "mn_call");
    if (libffi_fails(t->signature))
        return;

    assert_int_equal(mn_trampoline_new(t->signature, handler_answers, t, &trampoline, NULL), MEND_OK);
    ffi_call(&cif, mn_trampoline_code(trampoline), result, values);
    check(t, result, "a trampoline that answers");
    mn_trampoline_free(trampoline);

    set_values(t, values);
    assert_int_equal(mn_trampoline_new(t->signature, handler_goes_on, t, &trampoline, NULL), MEND_OK);
    ffi_call(&cif, mn_trampoline_code(trampoline), result, values);
    check(t, result, "a trampoline that goes on");
    mn_trampoline_free(trampoline);
}

static void
random_signatures_agree_with_libffi_both_ways(void **state)
{
    static struct trial t;
    uint64_t seed = abi_seed();
    size_t rounds = abi_rounds(USUAL_ROUNDS / SLOWNESS), done = 0;
    void *code;
    ffi_closure *closure = ffi_closure_alloc(sizeof *closure, &code);
    const char *only = getenv("MEND_SEED");

    (void)state;
    if (BY_LIBFFI)
        skip();
    if (only != NULL) /* a printed seed is that of one trial */
        rounds = 1;
    for (size_t i = 0; i < rounds; i++) {
        struct mn_arena arena = {.block = 2048};
        mend_error err = {0};

        make_trial(&t, only != NULL ? seed : seed + i * 0x10001, false);
        if (mn_signature_read(t.encoding, &arena, &t.signature, &err) != MEND_OK)
            fail_msg("%s: %s (MEND_SEED=%#llx)", t.encoding, err.message, (unsigned long long)t.seed);
        assert_int_equal(t.signature->count, t.count);
        if (make_values(&t)) {
            run_trial(&t, closure, code);
            done++;
        }
        mn_arena_fini(&arena);
    }
    ffi_closure_free(closure);
    print_message("%zu signatures\n", done);
    assert_true(done * 10 > rounds * 8);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_signatures_agree_with_libffi_both_ways)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
