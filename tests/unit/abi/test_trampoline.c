/* SPDX-License-Identifier: MIT */
/* Trampolines as pieces of memory: their pages, reuse, children, failures, and what a call must leave alone.
 */
#include "abi/trampoline.h"
#include "base/alloc.h"
#include "machine.h"
#include "support/faults.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE              65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

enum { MANY = 3 * STUB_COUNT };

typedef long add_fn(long, long);

static const struct mn_signature *
signature(const char *encoding)
{
    const struct mn_signature *s;

    assert_int_equal(mn_signature_get(encoding, &s, NULL), MEND_OK);
    return s;
}

static mn_code
answer_context(struct mn_frame *frame, void *context)
{
    frame->result_integer[0] = (uint64_t)context;
    return NULL;
}

static mn_code
go_on(struct mn_frame *frame, void *context)
{
    (void)frame;
    return (mn_code)context;
}

static long
add(long a, long b)
{
    return a + b;
}

static struct mn_trampoline *
trampoline(const char *encoding, mn_handler *handler, void *context)
{
    struct mn_trampoline *t;
    mend_error err;

    if (mn_trampoline_new(signature(encoding), handler, context, &t, &err) != MEND_OK)
        fail_msg("%s", err.message);
    return t;
}

static long
call(const struct mn_trampoline *t, long a, long b)
{
    return ((add_fn *)mn_trampoline_code(t))(a, b);
}

/* Lines of /proc/self/maps whose permissions have both w and x. */
static int
writable_and_executable_mappings(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    int found = 0;

    while (fgets(line, sizeof line, maps) != NULL) {
        const char *permissions = strchr(line, ' ') + 1;

        if (permissions[1] == 'w' && permissions[2] == 'x') {
            print_message("%s", line);
            found++;
        }
    }
    fclose(maps);
    return found;
}

static void
thousands_live_at_once_and_each_knows_its_context(void **state)
{
    struct mn_trampoline **all = calloc(MANY, sizeof *all);

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        all[i] = trampoline("qqq", answer_context, (void *)(i + 1));
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(call(all[i], 1, 2), i + 1);
        assert_ptr_equal(mn_trampoline_at(mn_trampoline_code(all[i])), all[i]);
        assert_ptr_equal(mn_trampoline_context(all[i]), (void *)(i + 1));
    }
    assert_int_equal(writable_and_executable_mappings(), 0);
    for (size_t i = 0; i < MANY; i++)
        mn_trampoline_free(all[i]);
    free(all);
    assert_null(mn_trampoline_at((mn_code)add));
}

static void
a_freed_stub_is_used_again(void **state)
{
    struct mn_trampoline *first = trampoline("qqq", answer_context, (void *)1), *second;
    mn_code code = mn_trampoline_code(first);

    (void)state;
    mn_trampoline_free(first);
    second = trampoline("qqq", answer_context, (void *)2);
    assert_ptr_equal(mn_trampoline_code(second), code);
    assert_int_equal(call(second, 0, 0), 2);
    mn_trampoline_free(second);
    mn_trampoline_free(NULL);
}

static void
a_direct_one_passes_by_its_handler_until_resumed(void **state)
{
    struct mn_trampoline *t = trampoline("qqq", answer_context, (void *)7);

    (void)state;
    assert_int_equal(call(t, 1, 2), 7);
    mn_trampoline_direct(t, (mn_code)add);
    assert_int_equal(call(t, 1, 2), 3);
    mn_trampoline_resume(t);
    assert_int_equal(call(t, 1, 2), 7);
    mn_trampoline_free(t);
}

static double
sum(int count, ...)
{
    va_list args;
    double total = 0;

    va_start(args, count);
    for (int i = 0; i < count; i++)
        total += i % 2 ? va_arg(args, int) : va_arg(args, double);
    va_end(args);
    return total;
}

/* Uses every register that carries arguments. */
static mn_code
go_on_after_work(struct mn_frame *frame, void *context)
{
    (void)frame;
    spoil_argument_registers();
    return (mn_code)context;
}

static void
variadic_calls_pass_whatever_the_signature_says(void **state)
{
    static const char *const encodings[] = {"qi", "di", NULL};

    (void)state;
    if (BY_LIBFFI)
        skip();
    for (int i = 0; i < 3; i++) {
        struct mn_trampoline *t;
        double (*code)(int, ...);

        assert_int_equal(mn_trampoline_new(encodings[i] ? signature(encodings[i]) : NULL, go_on_after_work,
                                           (void *)sum, &t, NULL),
                         MEND_OK);
        code = (double (*)(int, ...))mn_trampoline_code(t);
        assert_true(code(12, 0.5, 1, 0.5, 2, 0.5, 3, 0.5, 4, 0.5, 5, 0.5, 6) == 24);
        assert_true(
            code(20, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1, 1.0, 1) == 20);
        mn_trampoline_free(t);
    }
}

static void
variadic_functions_are_called_with_the_promoted_arguments(void **state)
{
    const char *format = "%d %g %s %g %Lg";
    int one = 1;
    double half = 0.5, two = 2;
    long double third = 3;
    const char *text = "x";
    char buffer[64], *to = buffer;
    size_t size = sizeof buffer;
    const void *arguments[] = {&to, &size, &format, &one, &half, &text, &two, &third};
    int length = 0;

    (void)state;
    mn_call(signature("i*Q*id*dD"), (mn_code)snprintf, arguments, &length);
    assert_string_equal(buffer, "1 0.5 x 2 3");
    assert_int_equal(length, 11);
}

static long
whole_register(long first, long second)
{
    return first * 0x10000 + second;
}

/* clang's callees rely on it, though the document does not ask for it. */
static void
small_integers_fill_their_registers(void **state)
{
    const signed char c = -5;
    const unsigned char uc = 250;
    const short s = -7;
    const unsigned short us = 65000;
    const void *arguments[2][2] = {{&c, &s}, {&uc, &us}};
    long result;

    (void)state;
    mn_call(signature("qcs"), (mn_code)whole_register, arguments[0], &result);
    assert_int_equal(result, -5 * 0x10000L - 7);
    mn_call(signature("qCS"), (mn_code)whole_register, arguments[1], &result);
    assert_int_equal(result, 250 * 0x10000L + 65000);
    mn_call(signature("qBc"), (mn_code)whole_register, (const void *[]){&(const bool){true}, &c}, &result);
    assert_int_equal(result, 0x10000L - 5);
}

void call_with_canaries(mn_code code, struct canaries *found);
__asm__(CALL_WITH_CANARIES);

static mn_code
replay(struct mn_frame *frame, void *context)
{
    mn_call_frame((mn_code)context, frame, 0);
    return NULL;
}

static void
registers_and_modes_of_the_caller_survive(void **state)
{
    mn_handler *handlers[] = {go_on, replay};
    static const char *const encodings[] = {"qqq", "qqqd"};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct mn_trampoline *t = trampoline(encodings[i / 2], handlers[i % 2], (void *)add);
        struct canaries c = {0};

        call_with_canaries(mn_trampoline_code(t), &c);
        assert_int_equal(c.result, 3);
        for (unsigned r = 0; r < KEPT_REGISTERS; r++)
            assert_int_equal(c.registers[r], 0x1111 * (r + 1));
        assert_true(modes_are_kept(&c));
        mn_trampoline_free(t);
    }
}

/* Takes stubs until one lies in a mapped page; the others are given back. */
static struct mn_trampoline *
mapped_trampoline(mn_handler *handler, void *context)
{
    static struct mn_trampoline *taken[STUB_COUNT + 1];
    struct mn_trampoline *found;
    size_t count = 0;

    do
        taken[count++] = trampoline("qqq", handler, context);
    while (count <= STUB_COUNT);
    found = taken[count - 1];
    for (size_t i = 0; i + 1 < count; i++)
        mn_trampoline_free(taken[i]);
    return found;
}

/* Runs `body` in a child; its result is the exit code. */
static void
in_a_child(int (*body)(void *), void *data)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        _exit(body(data));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("the child ended with %#x", status);
}

static int
change_everything(void *data)
{
    struct mn_trampoline **pair = data;

    for (int i = 0; i < 2; i++)
        mn_trampoline_direct(pair[i], (mn_code)add);
    return call(pair[0], 1, 2) == 3 && call(pair[1], 1, 2) == 3 ? 0 : 1;
}

static void
a_forked_child_changes_only_itself(void **state)
{
    struct mn_trampoline *pair[] = {trampoline("qqq", answer_context, (void *)5),
                                    mapped_trampoline(answer_context, (void *)6)};

    (void)state;
    in_a_child(change_everything, pair);
    assert_int_equal(call(pair[0], 1, 2), 5);
    assert_int_equal(call(pair[1], 1, 2), 6);
    mn_trampoline_free(pair[0]);
    mn_trampoline_free(pair[1]);
}

/* Makes more trampolines than all pools made so far hold. */
static int
make_many(void *data)
{
    const struct mn_signature *s = data;

    for (size_t i = 0; i < 2 * MANY; i++) {
        struct mn_trampoline *t;

        if (mn_trampoline_new(s, go_on, (void *)add, &t, NULL) != MEND_OK)
            return 2;
        if (call(t, (long)i, 1) != (long)i + 1)
            return 3;
    }
    return 0;
}

static int
make_many_where_execution_cannot_be_gained(void *data)
{
    if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0)
        return errno == EINVAL ? 0 : 1; /* before Linux 6.3 */
    return make_many(data);
}

static int
make_many_without_proc(void *data)
{
    char directory[] = "/tmp/mend-chroot-XXXXXX";

    if (mkdtemp(directory) == NULL || chroot(directory) != 0 || chdir("/") != 0)
        return errno == EPERM ? 0 : 1; /* needs root */
    return make_many(data);
}

static void
pages_are_made_where_executable_memory_is_restricted(void **state)
{
    (void)state;
    in_a_child(make_many_where_execution_cannot_be_gained, (void *)signature("qqq"));
    in_a_child(make_many_without_proc, (void *)signature("qqq"));
}

enum { THREADS = 4, TURNS = 20000 };

static void *
take_call_and_free(void *data)
{
    struct mn_trampoline *held[8] = {0};
    const struct mn_signature *s = data;
    intptr_t wrong = 0;

    for (long i = 0; i < TURNS; i++) {
        struct mn_trampoline **t = &held[i % 8];

        if (*t != NULL) {
            wrong += call(*t, 0, 0) != (long)(intptr_t)(t + 1);
            mn_trampoline_free(*t);
        }
        wrong += mn_trampoline_new(s, answer_context, t + 1, t, NULL) != MEND_OK;
    }
    for (int i = 0; i < 8; i++)
        mn_trampoline_free(held[i]);
    return (void *)wrong;
}

static void
threads_take_and_free_without_meeting(void **state)
{
    pthread_t threads[THREADS];
    void *wrong;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_call_and_free, (void *)signature("qqq")), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

static int
run_out_of_memory(void *data)
{
    const struct mn_signature *s = data;
    struct mn_faults f = {.keeps = true};
    struct mn_trampoline *t;

    /* Use up what there is, so that each round needs a new pool. */
    while (mn_faults_next(&f)) {
        mend_status st = MEND_OK;

        for (size_t i = 0; st == MEND_OK && i <= STUB_COUNT; i++)
            st = mn_trampoline_new(s, go_on, (void *)add, &t, NULL);
        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(t);
        } else {
            assert_int_equal(st, MEND_OK);
            assert_int_equal(call(t, 1, 2), 3);
        }
    }
    return 0;
}

static void
running_out_of_memory_is_reported(void **state)
{
    (void)state;
    in_a_child(run_out_of_memory, (void *)signature("qqq"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_freed_stub_is_used_again),
        cmocka_unit_test(thousands_live_at_once_and_each_knows_its_context),
        cmocka_unit_test(a_direct_one_passes_by_its_handler_until_resumed),
        cmocka_unit_test(variadic_calls_pass_whatever_the_signature_says),
        cmocka_unit_test(variadic_functions_are_called_with_the_promoted_arguments),
        cmocka_unit_test(small_integers_fill_their_registers),
        cmocka_unit_test(registers_and_modes_of_the_caller_survive),
        cmocka_unit_test(a_forked_child_changes_only_itself),
        cmocka_unit_test(pages_are_made_where_executable_memory_is_restricted),
        cmocka_unit_test(threads_take_and_free_without_meeting),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
