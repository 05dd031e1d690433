/* SPDX-License-Identifier: MIT */
/*
 * Methods of random signatures under random chains of advice, with libffi on both sides: it sends with random values, a
 * closure of its is the method. Every advice finds the arguments, after advice and an instead that has proceeded find
 * the result, and each leaves nothing in the registers that could pass for the caller's or the method's.
 */
#include "../abi/machine.h"
#include "support/abi_trials.h"

#include "base/arena.h"
#include "runtime/create.h"
#include "runtime/runtime.h"

#include <mend/hook.h>
#include <objc/runtime.h>
#include <stdlib.h>

enum { USUAL_ROUNDS = 3000, HOOKS = 8 };

static struct trial trial;
static int ran;
static bool proceeds;

static void
look_at_arguments(mend_call *call)
{
    _Alignas(16) unsigned char value[VALUE];

    for (unsigned i = 2; i < trial.count; i++) {
        const struct mn_type *type = trial.signature->arguments[i].type;
        void *there = mend_call_argument_peek(call, i - 2);

        assert_int_equal(mend_call_get_argument(call, i - 2, value, type->size, NULL), MEND_OK);
        compare_argument(&trial, i, value, "advice found another");
        if (there)
            compare_argument(&trial, i, there, "in place advice found another");
    }
    assert_ptr_equal(mend_call_receiver(call), *(void **)trial.values[0]);
    assert_ptr_equal(mend_call_selector(call), *(void **)trial.values[1]);
}

static void
look_at_result(mend_call *call)
{
    const struct mn_type *type = trial.signature->result;
    _Alignas(16) unsigned char value[VALUE];

    if (type->size == 0)
        return;
    assert_int_equal(mend_call_get_result(call, value, type->size, NULL), MEND_OK);
    if (!abi_same(type, value, trial.wanted))
        fail_msg("advice found another result of %s (MEND_SEED=%#llx)", trial.encoding, (unsigned long long)trial.seed);
}

static void
before(mend_call *call, void *data)
{
    (void)data;
    ran++;
    look_at_arguments(call);
    spoil_argument_registers();
}

static void
after(mend_call *call, void *data)
{
    (void)data;
    ran++;
    look_at_arguments(call);
    if (proceeds)
        look_at_result(call);
    spoil_argument_registers();
}

/* Without proceeding it gives the wanted result itself, or where there is none, nothing. */
static void
instead(mend_call *call, void *data)
{
    (void)data;
    ran++;
    look_at_arguments(call);
    if (proceeds) {
        spoil_argument_registers();
        assert_int_equal(mend_call_proceed(call, NULL), MEND_OK);
        look_at_result(call);
    } else if (trial.signature->result->size) {
        assert_int_equal(mend_call_set_result(call, trial.wanted, trial.signature->result->size, NULL), MEND_OK);
    }
    spoil_argument_registers();
}

/* A class with one method of the trial's types; its instances are its only two. */
static Class
new_class(IMP imp)
{
    static int number;
    char name[32];
    Class cls;

    snprintf(name, sizeof name, "RandomChain%d", number++);
    assert_int_equal(mn_class_new(objc_getClass("NSObject"), name, &cls, NULL), MEND_OK);
    assert_int_equal(mn_class_add_method(cls, mn_selector("call"), imp, trial.encoding, NULL), MEND_OK);
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
    return cls;
}

/* Adds hooks; gives how many a call to `object` runs. */
static int
add_hooks(Class cls, id object, id other, mend_token *tokens[HOOKS], int *count)
{
    static const mend_position positions[] = {MEND_BEFORE, MEND_BEFORE, MEND_AFTER, MEND_AFTER, MEND_INSTEAD};
    static const mend_advice advice[] = {before, before, after, after, instead};
    int wanted = 0, some = 1 + (int)abi_pick(&trial.random, HOOKS - 1);

    for (*count = 0; *count < some; ++*count) {
        unsigned which = abi_pick(&trial.random, *count == 0 ? 5 : 4), whose = abi_pick(&trial.random, 6);
        mend_target target = {.selector = "call"};
        mend_hook_spec spec = {.position = positions[which], .advice = advice[which]};

        if (whose > 1)
            target.cls = cls;
        else
            target.object = whose ? other : object;
        if (mend_hook_add(&target, &spec, &tokens[*count], NULL) != MEND_OK)
            fail_msg("no hook on %s (MEND_SEED=%#llx)", trial.encoding, (unsigned long long)trial.seed);
        wanted += whose != 1;
    }
    return wanted;
}

static void
send(ffi_cif *cif, id object, const char *how)
{
    _Alignas(16) unsigned char result[VALUE];
    void *values[ARGUMENTS];
    IMP imp = mn_lookup(object, mn_selector("call"));

    *(id *)trial.values[0] = object;
    *(SEL *)trial.values[1] = mn_selector("call");
    set_values(&trial, values);
    ffi_call(cif, (void (*)(void))imp, result, values);
    check(&trial, result, how);
}

static void
run_trial(ffi_closure *closure, void *code)
{
    mend_token *tokens[HOOKS];
    ffi_cif cif;
    Class cls = new_class((IMP)code);
    id object = class_createInstance(cls, 0), other = class_createInstance(cls, 0);
    int count, wanted;

    assert_int_equal(ffi_prep_cif(&cif, FFI_DEFAULT_ABI, trial.count, trial.result, trial.arguments), FFI_OK);
    assert_int_equal(ffi_prep_closure_loc(closure, &cif, closure_called, &trial, code), FFI_OK);
    proceeds = abi_pick(&trial.random, 4) != 0;
    wanted = add_hooks(cls, object, other, tokens, &count);
    for (int twice = 0; twice < 2; twice++) {
        ran = 0;
        send(&cif, object, "under advice");
        assert_int_equal(ran, wanted);
    }
    for (int i = 0; i < count; i++)
        assert_int_equal(mend_hook_remove(tokens[i], NULL), MEND_OK);
    ran = 0;
    send(&cif, object, "without advice");
    assert_int_equal(ran, 0);
    object_dispose(object);
    object_dispose(other);
}

static void
random_calls_pass_unchanged_through_random_chains(void **state)
{
    uint64_t seed = abi_seed();
    const char *only = getenv("MEND_SEED");
    size_t rounds = only ? 1 : abi_rounds(USUAL_ROUNDS / SLOWNESS), done = 0;
    void *code;
    ffi_closure *closure = ffi_closure_alloc(sizeof *closure, &code);

    (void)state;
    if (BY_LIBFFI)
        skip();
    for (size_t i = 0; i < rounds; i++) {
        struct mn_arena arena = {.block = 2048};

        make_trial(&trial, only ? seed : seed + i * 0x10001, true);
        assert_int_equal(mn_signature_read(trial.encoding, &arena, &trial.signature, NULL), MEND_OK);
        if (make_values(&trial) && !libffi_fails(trial.signature)) {
            run_trial(closure, code);
            done++;
        }
        mn_arena_fini(&arena);
    }
    ffi_closure_free(closure);
    print_message("%zu signatures\n", done);
    assert_true(done * 10 > rounds * 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_calls_pass_unchanged_through_random_chains)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
