/* SPDX-License-Identifier: MIT */
/*
 * Every shape, as argument and as result, through block advice in every position: methods compiled by gcc and
 * by clang, hooked with blocks compiled by clang (../value/block_shapes.c). Right, or refused by name.
 */
#import "support/hook_fixture.h"

#include "../value/block_shapes.h"
#include "abi/signature.h"
#include "method_shapes.h"
#include "runtime/create.h"
#include "runtime/runtime.h"
#include "support/abi_values.h"

#include <mend/block_advice.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <objc/runtime.h>

enum { VALUES = 6 };

struct probe {
    const struct method_shape *method;
    const struct block_shape *block;
    struct shape_seen *seen;
    const struct mn_type *type;
    id object;
    Class cls;
    SEL sel;
    bool many;
    char block_encoding[4096];
    _Alignas(16) unsigned char v[1024], w[1024], result[1024];
};

static void
call_method(struct probe *p)
{
    memset(&clang_seen, 0, sizeof clang_seen);
    memset(p->seen, 0, sizeof *p->seen);
    memset(p->result, 0x5a, sizeof p->result);
    (p->many ? p->method->send_many
             : p->method->send_few)((void (*)(void))class_getMethodImplementation(p->cls, p->sel), p->object,
                                    (void *)p->sel, p->v, p->w, p->result);
}

static void
expect_seen(const struct probe *p, const struct shape_seen *seen, const char *who)
{
    if (!seen->right || !abi_same(p->type, seen->v, p->v))
        fail_msg("%s (%s): %s saw other arguments", p->method->shape->name, p->many ? "many" : "few", who);
}

static void
expect_result(const struct probe *p, const void *wanted, const char *whose)
{
    if (!abi_same(p->type, p->result, wanted))
        fail_msg("%s (%s): not the result of the %s", p->method->shape->name, p->many ? "many" : "few",
                 whose);
}

static mend_token *
hook(struct probe *p, mend_position position)
{
    mend_target target = {.cls = p->cls, .selector = sel_getName(p->sel)};
    mend_block_spec spec = {.hook = {.position = position},
                            .block = *(const void *const *)(p->many ? p->block->many : p->block->few),
                            .encoding = p->block_encoding,
                            .options = position == MEND_INSTEAD ? 0 : MEND_BLOCK_RESULT_UNUSED};
    mend_token *token;
    mend_error err;

    if (mend_hook_add_block(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("%s (%s): %s", p->method->shape->name, p->many ? "many" : "few", err.message);
    return token;
}

static void
probe_positions(struct probe *p, uint64_t *random)
{
    mend_token *token;

    for (int i = 0; i < VALUES; i++) {
        abi_fill(random, p->type, p->v);
        abi_fill(random, p->type, p->w);
        for (mend_position position = MEND_AFTER; position <= MEND_BEFORE; position++) {
            token = hook(p, position);
            call_method(p);
            hook_off(token);
            expect_seen(p, &clang_seen, "the block");
            if (position != MEND_INSTEAD)
                expect_seen(p, p->seen, "the method");
            expect_result(p, position == MEND_INSTEAD ? p->w : p->v,
                          position == MEND_INSTEAD ? "block" : "method");
        }
    }
}

static void
probe(struct probe *p, const char *class_name, uint64_t *random)
{
    const char *e = p->method->shape->encoding;
    const struct mn_signature *signature;
    char encoding[4096];
    mend_error err;

    snprintf(encoding, sizeof encoding, p->many ? "%s@:qqqqdddddd%sc%s" : "%s@:i%sd%s", e, e, e);
    snprintf(p->block_encoding, sizeof p->block_encoding, p->many ? "%s@?qqqqdddddd%sc%s" : "%s@?i%sd%s", e,
             e, e);
    if (mn_signature_get(encoding, &signature, &err) != MEND_OK) {
        assert_true(strstr(err.message, "__int128") || strstr(err.message, "by way of libffi"));
        return;
    }
    p->type = signature->result;
#ifdef MEND_ABI_LIBFFI
    if (p->many && abi_is_mixed(p->type))
        return;
#endif
    p->sel = mn_selector(p->many ? "many" : "few");
    p->cls = objc_allocateClassPair([NSObject class], class_name, 0);
    class_addMethod(p->cls, p->sel, (IMP)(p->many ? p->method->many : p->method->few), encoding);
    objc_registerClassPair(p->cls);
    p->object = [p->cls new];
    probe_positions(p, random);
    [p->object release];
}

/* A class a shape, with a method a parameter list. */
static void
probe_all(const struct method_shape *methods, struct shape_seen *seen, const char *prefix)
{
    uint64_t random = abi_seed();

    for (size_t i = 0; methods[i].shape; i++)
        for (int many = 0; many < 2; many++) {
            static struct probe p;
            char name[64];

            p = (struct probe){.method = &methods[i], .block = &block_shapes[i], .seen = seen, .many = many};
            snprintf(name, sizeof name, "%s_%s_%d", prefix, methods[i].shape->name, many);
            probe(&p, name, &random);
        }
}

static void
blocks_see_and_replace_what_methods_compiled_by_gcc_take_and_give(void **state)
{
    probe_all(bygcc_methods, &bygcc_seen, "ByGcc");
}

static void
blocks_see_and_replace_what_methods_compiled_by_clang_take_and_give(void **state)
{
    probe_all(byclang_methods, &byclang_seen, "ByClang");
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_see_and_replace_what_methods_compiled_by_gcc_take_and_give),
        cmocka_unit_test(blocks_see_and_replace_what_methods_compiled_by_clang_take_and_give),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
