/* SPDX-License-Identifier: MIT */
/*
 * Arguments and results of every shape in shapes.c, against functions compiled by gcc and by clang: calls of
 * ours, calls that go through a trampoline and on, calls that are replayed, and calls that the handler
 * answers.
 */
#include "abi/encoding.h"
#include "abi/trampoline.h"
#include "machine.h"
#include "shapes.h"
#include "support/abi_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { VALUES = 20 };

/* One parameter list of one shape. */
struct probe {
    const struct shape *shape;
    struct shape_seen *seen;
    const struct mn_signature *signature;
    bool many;
    mn_code target;
    void (*send)(mn_code, const void *, const void *, void *);
    _Alignas(16) unsigned char v[1024], w[1024], result[1024];
    char wrong[64];
};

static const long longs[] = {1, 2, 3, 4};
static const double doubles[] = {1, 2, 3, 4, 5, 6};

static const struct mn_type *
type_of(const struct probe *p)
{
    return p->signature->result;
}

static void
expect(struct probe *p, const char *how, bool reached)
{
    const char *list = p->many ? "many" : "few";

    if (p->wrong[0] != '\0')
        fail_msg("%s (%s), %s: %s", p->shape->name, list, how, p->wrong);
    if (reached && !p->seen->right)
        fail_msg("%s (%s), %s: the arguments around it differ", p->shape->name, list, how);
    if (reached && !abi_same(type_of(p), p->seen->v, p->v))
        fail_msg("%s (%s), %s: the function saw another argument", p->shape->name, list, how);
    if (!abi_same(type_of(p), p->result, p->w))
        fail_msg("%s (%s), %s: another result", p->shape->name, list, how);
    memset(p->seen, 0x5a, sizeof *p->seen);
    memset(p->result, 0x5a, sizeof p->result);
}

static void
call(struct probe *p)
{
    const int eleven = 11;
    const double half = 2.5;
    const signed char five = -5;
    const void *few[] = {&eleven, p->v, &half, p->w};
    const void *many[13] = {[10] = p->v, [11] = &five, [12] = p->w};

    for (int i = 0; i < 4; i++)
        many[i] = &longs[i];
    for (int i = 0; i < 6; i++)
        many[4 + i] = &doubles[i];
    mn_call(p->signature, p->target, p->many ? many : few, p->result);
    expect(p, "mn_call", true);
}

static mn_code
goes_on(struct mn_frame *frame, void *context)
{
    (void)frame;
    return ((struct probe *)context)->target;
}

static mn_code
replays(struct mn_frame *frame, void *context)
{
    struct probe *p = context;

    mn_call_frame(p->target, frame, p->signature->shape);
    return NULL;
}

static void
compare(struct probe *p, struct mn_frame *frame, size_t i, const void *wanted)
{
    _Alignas(16) unsigned char value[1024];
    const struct mn_argument *a = &p->signature->arguments[i];

    mn_frame_get(frame, &a->place, value);
    if (!abi_same(a->type, value, wanted))
        snprintf(p->wrong, sizeof p->wrong, "the frame holds another argument %zu", i);
    mn_frame_set(frame, &a->place, value);
    mn_frame_get(frame, &a->place, value);
    if (!abi_same(a->type, value, wanted))
        snprintf(p->wrong, sizeof p->wrong, "argument %zu cannot be set", i);
}

static mn_code
answers(struct mn_frame *frame, void *context)
{
    struct probe *p = context;

    compare(p, frame, p->many ? 10 : 1, p->v);
    compare(p, frame, p->many ? 12 : 3, p->w);
    mn_frame_clear(frame, &p->signature->result_place);
    mn_frame_set(frame, &p->signature->result_place, p->w);
    return NULL;
}

static void
send_through(struct probe *p, mn_handler *handler, const char *how, bool reaches)
{
    struct mn_trampoline *t;

    assert_int_equal(mn_trampoline_new(p->signature, handler, p, &t, NULL), MEND_OK);
    p->send(mn_trampoline_code(t), p->v, p->w, p->result);
    expect(p, how, reaches);
    mn_trampoline_free(t);
}

static void
probe(const struct shape *shape, struct shape_seen *seen, bool many, uint64_t *random)
{
    static struct probe p;
    char encoding[4096];
    mend_error err;

    p = (struct probe){.shape = shape, .seen = seen, .many = many};
    p.target = many ? shape->many : shape->few;
    p.send = many ? shape->send_many : shape->send_few;
    snprintf(encoding, sizeof encoding, many ? "%sqqqqdddddd%sc%s" : "%si%sd%s", shape->encoding,
             shape->encoding, shape->encoding);
    if (many && INT128_IS_DISPUTED && !BY_LIBFFI && strstr(shape->name, "int128") != NULL) {
        assert_int_equal(mn_signature_get(encoding, &p.signature, &err), MEND_UNSUPPORTED_ENCODING);
        assert_non_null(strstr(err.message, "__int128"));
        return;
    }
    if (mn_signature_get(encoding, &p.signature, &err) != MEND_OK && BY_LIBFFI && strstr(err.message, "libffi"))
        return;
    if (p.signature == NULL)
        fail_msg("%s: %s", encoding, err.message);
    assert_int_equal(type_of(&p)->size, shape->size);
    assert_int_equal(type_of(&p)->align, shape->align);
    for (int i = 0; i < VALUES; i++) {
        abi_fill(random, type_of(&p), p.v);
        abi_fill(random, type_of(&p), p.w);
        call(&p);
        send_through(&p, goes_on, "through a trampoline and on", true);
        send_through(&p, replays, "replayed from the frame", true);
        send_through(&p, answers, "answered from the frame", false);
    }
}

static void
probe_all(const struct shape *shapes, struct shape_seen *seen)
{
    uint64_t random = abi_seed();
    int functions = 0;

    for (const struct shape *s = shapes; s->name != NULL; s++) {
        probe(s, seen, false, &random);
        probe(s, seen, true, &random);
        functions += 2;
    }
    print_message("%d functions\n", functions);
}

static void
every_shape_travels_as_gcc_sends_it(void **state)
{
    (void)state;
    probe_all(gcc_shapes, &gcc_seen);
}

static void
every_shape_travels_as_clang_sends_it(void **state)
{
    (void)state;
    probe_all(clang_shapes, &clang_seen);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_travels_as_gcc_sends_it),
        cmocka_unit_test(every_shape_travels_as_clang_sends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
