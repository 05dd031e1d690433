/* SPDX-License-Identifier: MIT */
/*
 * Every shape, as argument and as result, through block advice in every position: methods compiled by gcc and
 * by clang, hooked with blocks compiled by clang (../value/block_shapes.c). Right, or refused by name.
 */
#import "support/hook_fixture.h"

#include "../value/block_shapes.h"
#include "shape_probe.h"

#include <mend/block_advice.h>

enum { VALUES = 6 };

static void
expect_seen(const struct shape_probe *p, const struct shape_seen *seen, const char *otherwise)
{
    if (!seen->right || !abi_same(p->type, seen->v, p->v))
        shape_probe_fails(p, otherwise);
}

static mend_token *
hook(const struct shape_probe *p, mend_position position)
{
    const struct block_shape *block = &block_shapes[p->index];
    const char *e = p->method->shape->encoding;
    mend_target target = {.cls = p->cls, .selector = sel_getName(p->sel)};
    char encoding[4096];
    mend_block_spec spec = {.hook = {.position = position},
                            .block = *(const void *const *)(p->many ? block->many : block->few),
                            .encoding = encoding,
                            .options = position == MEND_INSTEAD ? 0 : MEND_BLOCK_RESULT_UNUSED};
    mend_token *token;
    mend_error err;

    snprintf(encoding, sizeof encoding, p->many ? "%s@?qqqqdddddd%sc%s" : "%s@?i%sd%s", e, e, e);
    if (mend_hook_add_block(&target, &spec, &token, &err) != MEND_OK)
        shape_probe_fails(p, err.message);
    return token;
}

static void
call_in_every_position(struct shape_probe *p)
{
    for (mend_position position = MEND_AFTER; position <= MEND_BEFORE; position++) {
        mend_token *token = hook(p, position);

        memset(&clang_seen, 0, sizeof clang_seen);
        shape_probe_call(p);
        hook_off(token);
        expect_seen(p, &clang_seen, "the block saw other arguments");
        if (position != MEND_INSTEAD)
            expect_seen(p, p->seen, "the method saw other arguments");
        if (!abi_same(p->type, p->result, position == MEND_INSTEAD ? p->w : p->v))
            shape_probe_fails(p, "not the result that was given");
    }
}

static void
blocks_see_and_replace_what_methods_compiled_by_gcc_take_and_give(void **state)
{
    shape_probe_all(bygcc_methods, &bygcc_seen, "ByGcc", VALUES, call_in_every_position);
}

static void
blocks_see_and_replace_what_methods_compiled_by_clang_take_and_give(void **state)
{
    shape_probe_all(byclang_methods, &byclang_seen, "ByClang", VALUES, call_in_every_position);
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
