/* SPDX-License-Identifier: MIT */
/*
 * Each system call that hooking makes fails once, in each way it can: the linker puts the functions here in front of
 * the C library's (--wrap). The hook is refused with the call's name, nothing has changed, and the next attempt works.
 */
#import "support/hook_fixture.h"

#include "abi/trampoline.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Fails the nth call from now on (0: none), or all. */
static unsigned fail_at, calls;
static bool fail_all;
static int with;
static const char *failed;
static int mapped; /* and not given back */

static bool
fails(const char *name)
{
    calls++;
    if (!fail_all && calls != fail_at)
        return false;
    failed = name;
    errno = with;
    return true;
}

int __real_memfd_create(const char *name, unsigned flags);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_fcntl(int fd, int command, ...);

int
__wrap_memfd_create(const char *name, unsigned flags)
{
    return fails("memfd_create") ? -1 : __real_memfd_create(name, flags);
}

void *
__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    void *place = fails("mmap") ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);

    mapped += place != MAP_FAILED && !(flags & MAP_FIXED);
    return place;
}

int
__wrap_munmap(void *at, size_t size)
{
    mapped--;
    errno = EBUSY; /* which no error may take from the call that failed */
    return __real_munmap(at, size);
}

/* EINTR is no failure, and neither is a short write: each is met once, and the rest follows. */
ssize_t
__wrap_write(int fd, const void *bytes, size_t size)
{
    if (fails("write"))
        return -1;
    return __real_write(fd, bytes, size > 1 ? size / 2 + 1 : size);
}

int
__wrap_fcntl(int fd, int command, ...)
{
    va_list list;
    long argument;

    va_start(list, command);
    argument = va_arg(list, long);
    va_end(list);
    return fails("fcntl") ? -1 : __real_fcntl(fd, command, argument);
}

static unsigned
entries_of(const char *folder)
{
    DIR *open = opendir(folder);
    unsigned count = 0;

    while (readdir(open))
        count++;
    closedir(open);
    return count;
}

static mn_code
never_called(struct mn_frame *frame, void *context)
{
    return NULL;
}

/* Until the next one needs pages. Never given back: the pool is the process's. */
static void
use_up_the_trampolines(void)
{
    struct mn_trampoline *trampoline;

    fail_all = true;
    with = ENOMEM;
    while (mn_trampoline_new(NULL, never_called, NULL, &trampoline, NULL) == MEND_OK)
        ;
    fail_all = false;
}

/* A method that was hooked once keeps its trampoline: each round has one of its own. */
static const char *const selectors[] = {"takeInt:", "takeLong:", "takeShort:", "takeChar:", "takeFloat:", "takeDouble:"};
static unsigned round_of;

static mend_status
hook(mend_token **token, mend_error *err)
{
    mend_target target = {.class_name = "HookTypes", .selector = selectors[round_of]};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = hook_writes, .data = "a"};

    return mend_hook_add(&target, &spec, token, err);
}

/* The nth system call of the hook fails with `error`. False: it makes no more than n - 1. */
static bool
nth_call_fails(unsigned nth, int error)
{
    mend_hook_stats before = hook_baseline(), now;
    void *plain = hook_imp("HookTypes", selectors[round_of]);
    unsigned files = entries_of("/proc/self/fd");
    int mappings = mapped;
    mend_token *token;
    mend_error err;
    mend_status st;

    calls = 0;
    fail_at = nth;
    with = error;
    failed = NULL;
    st = hook(&token, &err);
    fail_at = 0;
    assert_int_equal(entries_of("/proc/self/fd"), files);
    if (st == MEND_OK) {
        hook_off(token);
        return failed != NULL; /* it was met, and done again */
    }
    assert_int_equal(st, MEND_NO_CODE_PAGES);
    assert_non_null(failed);
    if (!strstr(err.message, failed) || !strstr(err.message, strerror(error)))
        fail_msg("%s failed with %s, and the error is: %s", failed, strerror(error), err.message);
    assert_null(token);
    assert_ptr_equal(hook_imp("HookTypes", selectors[round_of]), plain);
    assert_int_equal(mapped, mappings);
    mend_hook_get_stats(&now);
    assert_int_equal(now.methods, before.methods);
    assert_int_equal(now.trampolines, before.trampolines);
    hook_assert_baseline(&before);
    return true;
}

static void
each_failing_call_refuses_the_hook_by_name_and_changes_nothing(void **state)
{
    static const int errors[] = {ENOMEM, EMFILE, ENOSPC, EPERM};
    unsigned refused = 0;

    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++, round_of++) {
        unsigned nth = 1;

        use_up_the_trampolines();
        while (nth_call_fails(nth, errors[i]))
            nth++;
        assert_true(nth > 6); /* memfd_create, mmap, write at least twice, fcntl, mmap */
        refused += nth - 1;
    }
    print_message("%u refusals\n", refused);
}

/* The file's flag is unknown to kernels before 6.3, and a write may be interrupted. */
static void
what_is_no_failure_is_done_again(void **state)
{
    mend_token *token;

    use_up_the_trampolines();
    calls = 0;
    fail_at = 1;
    with = EINVAL;
    assert_int_equal(hook(&token, NULL), MEND_OK);
    assert_string_equal(failed, "memfd_create");
    hook_off(token);
    round_of++;
    use_up_the_trampolines();
    calls = 0;
    fail_at = 3;
    with = EINTR;
    assert_int_equal(hook(&token, NULL), MEND_OK);
    assert_string_equal(failed, "write");
    hook_off(token);
    fail_at = 0;
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failing_call_refuses_the_hook_by_name_and_changes_nothing),
        cmocka_unit_test(what_is_no_failure_is_done_again),
    };

    hook_test_main(argc, argv);
    hook_off(hook_on("HookBase", "greet", MEND_BEFORE, hook_writes, "w")); /* what is made once is made */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
