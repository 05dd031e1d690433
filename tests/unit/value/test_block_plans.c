/* SPDX-License-Identifier: MIT */
/*
 * Calls of methods turned into calls of blocks, with random signatures, against libffi.
 *
 * A trial has a method of random types. Three ways: its call, as a frame, is turned into a call of a block
 * whose code is a libffi closure, which checks its arguments and gives a result; a block made here with the
 * block's type is called by ffi_call; and the match of the two types is asked the other way round, with one
 * of them changed.
 */
#include "abi/encoding.h"
#include "support/abi_values.h"
#include "support/faults.h"
#include "value/block.h"
#include "value/block_plan.h"

#include <ffi.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { ARGUMENTS = 12, VALUE = 512, STACK = 8192, USUAL_ROUNDS = 20000, HIDDEN = 2 };

#define STRUCT(name, ...)                                                                                    \
    static ffi_type name = {.type = FFI_TYPE_STRUCT, .elements = (ffi_type *[]){__VA_ARGS__, NULL}}

STRUCT(s_i, &ffi_type_sint32);
STRUCT(s_fi, &ffi_type_float, &ffi_type_sint32);
STRUCT(s_ff, &ffi_type_float, &ffi_type_float);
STRUCT(s_fff, &ffi_type_float, &ffi_type_float, &ffi_type_float);
STRUCT(s_dd, &ffi_type_double, &ffi_type_double);
STRUCT(s_qq, &ffi_type_sint64, &ffi_type_sint64);
STRUCT(s_qd, &ffi_type_sint64, &ffi_type_double);
STRUCT(s_dq, &ffi_type_double, &ffi_type_sint64);
STRUCT(s_qqq, &ffi_type_sint64, &ffi_type_sint64, &ffi_type_sint64);
STRUCT(s_dddd, &ffi_type_double, &ffi_type_double, &ffi_type_double, &ffi_type_double);
STRUCT(s_qi, &ffi_type_sint64, &ffi_type_sint32);
STRUCT(s_Dc, &ffi_type_longdouble, &ffi_type_sint8);
STRUCT(s_css, &ffi_type_sint8, &ffi_type_sint16, &ffi_type_sint16);

static const struct {
    const char *letter;
    ffi_type *ffi;
} types[] = {
    {"c", &ffi_type_sint8},
    {"C", &ffi_type_uint8},
    {"s", &ffi_type_sint16},
    {"S", &ffi_type_uint16},
    {"i", &ffi_type_sint32},
    {"I", &ffi_type_uint32},
    {"q", &ffi_type_sint64},
    {"Q", &ffi_type_uint64},
    {"f", &ffi_type_float},
    {"d", &ffi_type_double},
    {"D", &ffi_type_longdouble},
    {"B", &ffi_type_uint8},
    {"@", &ffi_type_pointer},
    {":", &ffi_type_pointer},
    {"*", &ffi_type_pointer},
    {"@?", &ffi_type_pointer},
    {"^i", &ffi_type_pointer},
    {"#", &ffi_type_pointer},
    {"jf", &ffi_type_complex_float},
    {"jd", &ffi_type_complex_double},
    {"{a=i}", &s_i},
    {"{b=fi}", &s_fi},
    {"{c=ff}", &s_ff},
    {"{d=fff}", &s_fff},
    {"{e=dd}", &s_dd},
    {"{f=qq}", &s_qq},
    {"{g=qd}", &s_qd},
    {"{h=dq}", &s_dq},
    {"{i=qqq}", &s_qqq},
    {"{j=dddd}", &s_dddd},
    {"{k=qi}", &s_qi},
    {"{l=Dc}", &s_Dc},
    {"{m=css}", &s_css},
};

enum { TYPES = sizeof types / sizeof *types, OBJECT = 12, BLOCK = 15 };

/* Who takes part, and what was found wrong. */
struct trial {
    uint64_t seed, random;
    unsigned result, arguments[ARGUMENTS], count; /* of the method; result TYPES: void */
    unsigned taken;                               /* of these by the block */
    bool info, uses_result;
    unsigned block_result;
    char method_text[512], block_text[512];
    const struct mn_signature *method, *block;
    _Alignas(16) unsigned char values[ARGUMENTS][VALUE], wanted[VALUE];
    id block_object;
    void *info_object;
    const char *wrong;
};

static unsigned
random_result(struct trial *t)
{
    return abi_pick(&t->random, 5) == 0 ? TYPES : abi_pick(&t->random, TYPES);
}

static const char *
letter(unsigned type)
{
    return type == TYPES ? "v" : types[type].letter;
}

static void
make_trial(struct trial *t, uint64_t seed)
{
    *t = (struct trial){.seed = seed, .random = seed};
    t->result = random_result(t);
    t->count = abi_pick(&t->random, ARGUMENTS + 1);
    t->taken = abi_pick(&t->random, 3) == 0 ? abi_pick(&t->random, t->count + 1) : t->count;
    t->info = abi_pick(&t->random, 2);
    t->uses_result = abi_pick(&t->random, 2);
    t->block_result = t->uses_result ? t->result : random_result(t);
    strcpy(t->method_text, letter(t->result));
    strcat(t->method_text, "@:");
    snprintf(t->block_text, sizeof t->block_text, "%s@?%s", letter(t->block_result), t->info ? "@" : "");
    for (unsigned i = 0; i < t->count; i++) {
        t->arguments[i] = abi_pick(&t->random, TYPES);
        strcat(t->method_text, letter(t->arguments[i]));
        if (i < t->taken)
            strcat(t->block_text, letter(t->arguments[i]));
    }
    assert_int_equal(mn_signature_get(t->method_text, &t->method, NULL), MEND_OK);
    assert_int_equal(mn_signature_get(t->block_text, &t->block, NULL), MEND_OK);
    for (unsigned i = 0; i < t->count; i++)
        abi_fill(&t->random, t->method->arguments[i + HIDDEN].type, t->values[i]);
    abi_fill(&t->random, t->block->result, t->wanted);
    t->info_object = t;
}

static void
check(const struct trial *t, const char *how)
{
    if (t->wrong)
        fail_msg("%s: %s; method %s, block %s (MEND_SEED=%#llx)", how, t->wrong, t->method_text,
                 t->block_text, (unsigned long long)t->seed);
}

/* ---- libffi's side ---- */

struct ffi_side {
    ffi_cif cif;
    ffi_type *arguments[ARGUMENTS + 2];
    unsigned count;
};

static void
make_side(const struct trial *t, struct ffi_side *side)
{
    side->count = 0;
    side->arguments[side->count++] = &ffi_type_pointer;
    if (t->info)
        side->arguments[side->count++] = &ffi_type_pointer;
    for (unsigned i = 0; i < t->taken; i++)
        side->arguments[side->count++] = types[t->arguments[i]].ffi;
    assert_int_equal(ffi_prep_cif(&side->cif, FFI_DEFAULT_ABI, side->count,
                                  t->block_result == TYPES ? &ffi_type_void : types[t->block_result].ffi,
                                  side->arguments),
                     FFI_OK);
}

static void
closure_called(ffi_cif *cif, void *result, void **arguments, void *data)
{
    struct trial *t = data;
    unsigned first = 1 + t->info;
    size_t size = t->block->result->size;

    if (*(id *)arguments[0] != t->block_object)
        t->wrong = "the closure got another block";
    if (t->info && *(void **)arguments[1] != t->info_object)
        t->wrong = "the closure got another info";
    for (unsigned i = 0; i < t->taken; i++)
        if (!abi_same(t->method->arguments[i + HIDDEN].type, arguments[first + i], t->values[i]))
            t->wrong = "the closure got another argument";
    if (size != 0 && size < sizeof(ffi_arg) && cif->rtype->type != FFI_TYPE_STRUCT) {
        ffi_arg wide = 0;

        memcpy(&wide, t->wanted, size);
        memcpy(result, &wide, sizeof wide);
    } else {
        memcpy(result, t->wanted, size);
    }
}

/* ---- The three ways ---- */

static void
fill_call(const struct trial *t, struct mn_frame *call, unsigned char *stack, unsigned char *result)
{
    memset(call, 0xa5, sizeof *call);
    mn_frame_open(call, t->method, stack);
    if (t->method->result_place.where == MN_IN_MEMORY)
        mn_cpu_set_result_memory(call, result);
    for (unsigned i = 0; i < t->count; i++)
        mn_frame_set(call, &t->method->arguments[i + HIDDEN].place, t->values[i]);
}

static void
a_plan(struct trial *t, const struct ffi_side *side, ffi_closure *closure, void *code)
{
    static _Alignas(16) unsigned char stack[STACK], result[VALUE], got[VALUE];
    struct mn_block_descriptor descriptor = {.size = sizeof(struct mn_block)};
    struct mn_block block = {.invoke = code, .descriptor = &descriptor};
    struct mn_block_terms terms = {.info = t->info, .result = t->uses_result};
    struct mn_block_plan *plan;
    struct mn_frame call, before;
    mend_error err = {0};

    t->block_object = (id)(void *)&block;
    assert_int_equal(ffi_prep_closure_loc(closure, (ffi_cif *)&side->cif, closure_called, t, code), FFI_OK);
    if (mn_block_plan_new(t->method, t->block, terms, &plan, &err) != MEND_OK)
        fail_msg("%s; method %s, block %s", err.message, t->method_text, t->block_text);
    fill_call(t, &call, stack, result);
    before = call;
    mn_block_plan_call(plan, t->block_object, t->info_object, &call);
    check(t, "a plan");
    if (t->uses_result) {
        mn_frame_get(&call, &t->method->result_place, got);
        mn_frame_set(&before, &t->method->result_place, t->wanted);
        if (t->method->result_place.where == MN_IN_MEMORY && memcmp(&call, &before, sizeof call) != 0)
            t->wrong = "the caller is not told where the result is";
        if (!abi_same(t->method->result, got, t->wanted))
            t->wrong = "the call has another result";
    } else if (memcmp(&call, &before, sizeof call) != 0) {
        t->wrong = "the call's frame changed";
    }
    check(t, "a plan");
    mn_block_plan_free(plan);
}

static void
body(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    struct trial *t = context;
    _Alignas(16) unsigned char value[VALUE];

    for (unsigned i = 0; i < t->taken; i++) {
        const struct mn_argument *a = &type->arguments[1 + t->info + i];

        mn_frame_get(frame, &a->place, value);
        if (!abi_same(a->type, value, t->values[i]))
            t->wrong = "the frame holds another argument";
    }
    mn_frame_set(frame, &type->result_place, t->wanted);
}

/* libffi 3.4.4 looks for a struct of one long double in rax, and copies a struct of the last general register
 * and a vector register wrongly. */
static bool
libffi_fails(const struct mn_signature *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        const struct mn_place *place = &s->arguments[i].place;

        if (place->pieces == 2 && place->piece[0].frame == FRAME_INTEGER + 5 * 8 &&
            place->piece[1].frame >= FRAME_VECTOR)
            return true;
    }
    return false;
}

static void
a_made_block(struct trial *t, struct ffi_side *side)
{
    _Alignas(16) unsigned char result[VALUE];
    void *values[ARGUMENTS + 2];
    unsigned count = 0;
    id block;

    if (libffi_fails(t->block))
        return;
    assert_int_equal(mn_block_new(t->block_text, body, t, NULL, &block, NULL), MEND_OK);
    values[count++] = &block;
    if (t->info)
        values[count++] = &t->info_object;
    for (unsigned i = 0; i < t->taken; i++)
        values[count++] = t->values[i];
    ffi_call(&side->cif, (mn_code)mn_block_invoke(block), result, values);
    if (!abi_same(t->block->result, result, t->wanted))
        t->wrong = "libffi got another result";
    check(t, "a made block");
    mn_block_release(block);
}

/* libffi 3.4.4 aligns the address of a large struct, where that is what travels, like the struct itself. */
static bool
libffi_misplaces(const struct mn_signature *s)
{
    for (unsigned i = 0; i < s->count; i++)
        if (s->arguments[i].place.where == MN_BY_REFERENCE && s->arguments[i].place.pieces == 0 &&
            s->arguments[i].place.stack % s->arguments[i].type->align != 0)
            return true;
    return false;
}

static bool
is_object(unsigned type)
{
    return type != TYPES && (type == OBJECT || type == BLOCK || !strcmp(letter(type), "#"));
}

/* One argument of the method changed for another type: refused, unless objects of different kinds. */
static void
a_changed_type(struct trial *t)
{
    struct mn_block_terms terms = {.info = t->info, .result = t->uses_result};
    unsigned which = t->taken ? abi_pick(&t->random, t->taken) : 0, other = abi_pick(&t->random, TYPES);
    char text[512];
    const struct mn_signature *changed;
    mend_error err = {0};
    bool fits;

    if (!t->taken)
        return;
    fits = other == t->arguments[which] || (is_object(other) && is_object(t->arguments[which]));
    snprintf(text, sizeof text, "%s@:", letter(t->result));
    for (unsigned i = 0; i < t->count; i++)
        strcat(text, letter(i == which ? other : t->arguments[i]));
    assert_int_equal(mn_signature_get(text, &changed, NULL), MEND_OK);
    if ((mn_block_match(changed, t->block, terms, &err) == MEND_OK) != fits)
        t->wrong = fits ? err.message : "another type passes";
    check(t, text);
}

static void
random_methods_and_blocks_agree_with_libffi(void **state)
{
    static struct trial t;
    static struct ffi_side side;
    uint64_t seed = abi_seed();
    size_t rounds = getenv("MEND_SEED") ? 1 : abi_rounds(USUAL_ROUNDS);
    void *code;
    ffi_closure *closure = ffi_closure_alloc(sizeof *closure, &code);

#ifdef MEND_ABI_LIBFFI /* which would be compared with itself; its faults below are known by registers */
    rounds = 0;
#endif
    for (size_t i = 0; i < rounds; i++) {
        make_trial(&t, seed + i * 0x10001);
        make_side(&t, &side);
        if (libffi_misplaces(t.block))
            continue;
        a_plan(&t, &side, closure, code);
        a_made_block(&t, &side);
        a_changed_type(&t);
    }
    ffi_closure_free(closure);
}

/* ---- Words ---- */

static void
expect_words(const char *method, const char *block, struct mn_block_terms terms, const char *message,
             const char *remedy)
{
    const struct mn_signature *m = NULL, *b;
    mend_error err = {0};

    if (method)
        assert_int_equal(mn_signature_get(method, &m, NULL), MEND_OK);
    assert_int_equal(mn_signature_get(block, &b, NULL), MEND_OK);
    assert_int_not_equal(mn_block_match(m, b, terms, &err), MEND_OK);
    assert_string_equal(err.message, message);
    assert_string_equal(err.remedy, remedy);
}

static void
a_difference_is_named_with_the_declaration_that_fits(void **state)
{
    const struct mn_block_terms plain = {0}, info = {.info = true}, result = {.result = true};

    expect_words("v@:if", "v@?id", plain,
                 "argument 2 of the block does not fit the method's: double against float",
                 "declare the block void (^)(int, float)");
    expect_words("v@:i", "v@?ii", plain, "the block takes 2 arguments, the method 1",
                 "declare the block void (^)(int)");
    expect_words("v@:", "v@?@i", info, "the block takes 1 arguments, the method 0",
                 "declare the block void (^)(id)");
    expect_words("i@:", "d@?", result, "the block's result does not fit the method's: double against int",
                 "declare the block int (^)(void)");
    expect_words("i@:", "v@?", result, "the block's result does not fit the method's: void against int",
                 "declare the block int (^)(void)");
    expect_words("v@:{R={P=dd}d}", "v@?{R={P=df}d}", plain,
                 "argument 1 of the block does not fit the method's: field 1.2 is float against double",
                 "declare the block void (^)(struct R)");
    expect_words(NULL, "v@?i", plain, "the method's encoding does not tell how arguments and result travel",
                 "use a block that takes none of the method's arguments, before the method");
}

static bool
matches(const char *method, const char *block, struct mn_block_terms terms)
{
    const struct mn_signature *m, *b;

    assert_int_equal(mn_signature_get(method, &m, NULL), MEND_OK);
    assert_int_equal(mn_signature_get(block, &b, NULL), MEND_OK);
    return mn_block_match(m, b, terms, NULL) == MEND_OK;
}

static void
what_c_converts_by_itself_fits(void **state)
{
    const struct mn_block_terms strict = {0}, weak = {.weak = true};

    assert_true(matches("v@:@", "v@?@\"NSString\"", strict));
    assert_true(matches("v@:@?", "v@?@", strict));
    assert_true(matches("v@:@", "v@?#", strict));
    assert_true(matches("v@:r*", "v@?*", strict));
    assert_true(matches("v@:^{S}", "v@?^v", strict));
    assert_true(matches("v@:^v", "v@?^i", strict));
    assert_true(matches("v@:l", "v@?q", strict));
    assert_false(matches("v@:^i", "v@?^f", strict));
    assert_false(matches("v@:@", "v@?^i", strict));
    assert_false(matches("v@:i", "v@?I", strict));
    assert_true(matches("v@:^i", "v@?^f", weak));
    assert_true(matches("v@:i", "v@?I", weak));
    assert_true(matches("v@:{a=ii}", "v@?{b=ii}", weak));
    assert_false(matches("v@:i", "v@?q", weak));
    assert_false(matches("v@:@?<v@?i>", "v@?@?<v@?d>", strict));
}

/* Their registers are filled differently, and compiled code relies on that. */
static void
small_integers_of_other_sign_fit_never(void **state)
{
    const struct mn_block_terms weak = {.weak = true};

    assert_false(matches("v@:c", "v@?C", weak));
    assert_false(matches("v@:S", "v@?s", weak));
    assert_true(matches("v@:C", "v@?B", weak));
}

static void
the_nth_failing_allocation_leaves_nothing_behind(void **state)
{
    const struct mn_signature *method, *block;
    struct mn_faults f = {0};
    struct mn_block_plan *plan;

    assert_int_equal(mn_signature_get("{R=dddd}@:i{L=qqqq}", &method, NULL), MEND_OK);
    assert_int_equal(mn_signature_get("{R=dddd}@?i{L=qqqq}", &block, NULL), MEND_OK);
    while (mn_faults_next(&f)) {
        mend_status st =
            mn_block_plan_new(method, block, (struct mn_block_terms){.result = true}, &plan, NULL);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(plan);
        } else {
            assert_int_equal(st, MEND_OK);
            mn_block_plan_free(plan);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_methods_and_blocks_agree_with_libffi),
        cmocka_unit_test(a_difference_is_named_with_the_declaration_that_fits),
        cmocka_unit_test(what_c_converts_by_itself_fits),
        cmocka_unit_test(small_integers_of_other_sign_fit_never),
        cmocka_unit_test(the_nth_failing_allocation_leaves_nothing_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
