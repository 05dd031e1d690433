/* SPDX-License-Identifier: MIT */
/*
 * Arguments and results of every shape, between Mend and clang: blocks clang compiled, called by us; blocks
 * made here, called by code clang compiled.
 */
#include "abi/encoding.h"
#include "block_shapes.h"
#include "support/abi_values.h"
#include "value/block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { VALUES = 20, FEW_V = 2, FEW_W = 4, MANY_V = 11, MANY_W = 13 }; /* argument 0 is the block */

struct probe {
    const struct block_shape *shape;
    const struct mn_signature *type;
    bool many;
    id block;
    _Alignas(16) unsigned char v[1024], w[1024], result[1024];
    bool same; /* what the body of a made block found */
};

static const void *
compiled_block(const struct probe *p)
{
    return *(const void *const *)(p->many ? p->shape->many : p->shape->few);
}

static void
expect(struct probe *p, const char *how, bool seen)
{
    const char *name = p->shape->shape->name, *list = p->many ? "many" : "few";

    if (seen && !clang_seen.right)
        fail_msg("%s (%s), %s: the arguments around it differ", name, list, how);
    if (seen && !abi_same(p->type->result, clang_seen.v, p->v))
        fail_msg("%s (%s), %s: the block saw another argument", name, list, how);
    if (!seen && !p->same)
        fail_msg("%s (%s), %s: the frame holds other arguments", name, list, how);
    if (!abi_same(p->type->result, p->result, p->w))
        fail_msg("%s (%s), %s: another result", name, list, how);
    memset(&clang_seen, 0x5a, sizeof clang_seen);
    memset(p->result, 0x5a, sizeof p->result);
    p->same = false;
}

static void
call_compiled(struct probe *p, const struct mn_signature *type)
{
    static const long longs[] = {1, 2, 3, 4};
    static const double doubles[] = {1, 2, 3, 4, 5, 6};
    const int eleven = 11;
    const double half = 2.5;
    const signed char five = -5;
    const void *few[] = {&eleven, p->v, &half, p->w};
    const void *many[13] = {[10] = p->v, [11] = &five, [12] = p->w};

    for (int i = 0; i < 4; i++)
        many[i] = &longs[i];
    for (int i = 0; i < 6; i++)
        many[4 + i] = &doubles[i];
    mn_block_call(type, (id)(void *)compiled_block(p), p->many ? many : few, p->result);
    expect(p, "a compiled block", true);
}

static bool
holds(const struct probe *p, const struct mn_frame *frame, size_t i, const void *wanted)
{
    _Alignas(16) unsigned char value[1024];

    mn_frame_get(frame, &p->type->arguments[i].place, value);
    return abi_same(p->type->arguments[i].type, value, wanted);
}

static void
answers(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    struct probe *p = context;
    const id *self = mn_frame_peek(frame, &type->arguments[0].place);

    p->same = *self == p->block && holds(p, frame, p->many ? MANY_V : FEW_V, p->v) &&
              holds(p, frame, p->many ? MANY_W : FEW_W, p->w);
    mn_frame_set(frame, &type->result_place, p->w);
}

static void
call_made(struct probe *p)
{
    (p->many ? p->shape->send_many : p->shape->send_few)((void *)p->block, p->v, p->w, p->result);
    expect(p, "a block made here", false);
}

/* Clang's own words for the type, if they are enough to go by: equal to ours, or refused. */
static const struct mn_signature *
own_type(struct probe *p)
{
    const struct mn_signature *own = NULL;
    mend_error err;

    if (mn_block_type((id)(void *)compiled_block(p), NULL, &own, &err) != MEND_OK) {
        assert_int_equal(err.status, MEND_UNSUPPORTED_ENCODING);
        return NULL;
    }
    assert_int_equal(own->result->size, p->shape->shape->size);
    return own;
}

static void
probe(const struct block_shape *shape, bool many, uint64_t *random)
{
    static struct probe p;
    const struct mn_signature *own;
    char encoding[4096];
    mend_error err;

    p = (struct probe){.shape = shape, .many = many};
    snprintf(encoding, sizeof encoding, many ? "%s@?qqqqdddddd%sc%s" : "%s@?i%sd%s", shape->shape->encoding,
             shape->shape->encoding, shape->shape->encoding);
    if (mn_block_new(encoding, answers, &p, NULL, &p.block, &err) != MEND_OK) {
        assert_true(strstr(err.message, "__int128") || strstr(err.message, "by way of libffi"));
        return;
    }
    assert_int_equal(mn_block_type(p.block, NULL, &p.type, NULL), MEND_OK);
#ifdef MEND_ABI_LIBFFI
    if (many && abi_is_mixed(p.type->result)) {
        mn_block_release(p.block);
        return;
    }
#endif
    own = own_type(&p);
    for (int i = 0; i < VALUES; i++) {
        abi_fill(random, p.type->result, p.v);
        abi_fill(random, p.type->result, p.w);
        call_compiled(&p, p.type);
        if (own)
            call_compiled(&p, own);
        call_made(&p);
    }
    mn_block_release(p.block);
}

static void
every_shape_travels_into_and_out_of_blocks(void **state)
{
    uint64_t random = abi_seed();

    for (const struct block_shape *s = block_shapes; s->shape; s++) {
        probe(s, false, &random);
        probe(s, true, &random);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_shape_travels_into_and_out_of_blocks)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
