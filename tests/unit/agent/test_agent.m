/* SPDX-License-Identifier: MIT */
/* The agent of this very program: its beginning, its end, and forks at awkward moments. */
#import <Foundation/Foundation.h>

#include "agent/protocol.h"
#include "base/clock.h"
#include "runtime/runtime.h"

#include <dirent.h>
#include <mend/agent.h>
#include <mend/hook.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

@interface AgentTariff : NSObject
+ (void)note;
+ (void)fork;
- (int)discount;
@end

static int noted_pools, noted_main, forked_ms;
static pid_t forked;

@implementation AgentTariff
+ (void)note
{
    noted_pools += [NSAutoreleasePool currentPool] != nil;
    noted_main += [NSThread isMainThread];
}
+ (void)fork
{
    uint64_t begin = mn_clock_ns();
    pid_t child = fork();

    if (child != 0) {
        forked = child;
        forked_ms = (int)((mn_clock_ns() - begin) / 1000000);
    }
}
- (int)discount
{
    return 1;
}
@end

#define STATUS @"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"
#define APPLY                                                                                                \
    @"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"apply\",\"params\":{\"name\":\"f.m\",\"source\":"           \
    @"\"@implementation AgentTariff\\n- (int)discount { return 2; }\\n@end\\n\"}}"

#define LOAD                                                                                                 \
    @"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"apply\",\"params\":{\"name\":\"l.m\",\"source\":"           \
    @"\"@implementation AgentTariff\\n- (int)discount { return 3; }\\n@end\\n[AgentTariff note];\\n\"}}"

#define FORK                                                                                                 \
    @"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"apply\",\"params\":{\"name\":\"k.m\",\"source\":"           \
    @"\"@implementation AgentTariff\\n- (int)discount { return 4; }\\n@end\\n[AgentTariff fork];\\n\"}}"

static char runtime_folder[] = "/tmp/mend-test-XXXXXX";

static void
sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static const char *
socket_path(pid_t pid)
{
    static struct sockaddr_un address;
    char folder[128];

    mn_socket_folder(0, geteuid(), folder, sizeof folder);
    mn_socket_address(folder, pid, &address);
    return address.sun_path;
}

/* A connection to the agent of `pid`, waited for; -1 when there is none for two seconds. */
static int
connect_to(pid_t pid)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strcpy(address.sun_path, socket_path(pid));
    for (int i = 0; i < 1000; i++) {
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        close(fd);
        sleep_ms(2);
    }
    return -1;
}

static void
send_text(int fd, NSString *text)
{
    const char *bytes = [text UTF8String];

    assert_true(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL) > 0);
}

/* The next packet that is no notification; "" when none comes. Lent until the next call. */
static const char *
receive(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    static __thread char text[4096];
    ssize_t n;

    do {
        n = poll(&p, 1, ms) == 1 ? recv(fd, text, sizeof text - 1, 0) : 0;
        text[n > 0 ? n : 0] = '\0';
    } while (strcmp(text, MN_BEGUN) == 0);
    return text;
}

static bool
receive_result(int fd, int ms)
{
    const char *text = receive(fd, ms);

    if (strstr(text, "\"result\"") == NULL)
        fprintf(stderr, "%s\n", text);
    return strstr(text, "\"result\"") != NULL;
}

static bool
serves(pid_t pid)
{
    int fd = connect_to(pid);
    bool answered;

    if (fd < 0)
        return false;
    send_text(fd, STATUS);
    answered = receive_result(fd, 2000);
    close(fd);
    return answered;
}

static void
it_can_be_started_stopped_and_started(void **state)
{
    mend_error err;

    for (int i = 0; i < 3; i++) {
        assert_int_equal(mend_agent_start(&err), MEND_OK);
        assert_int_equal(mend_agent_start(&err), MEND_OK);
        assert_true(serves(getpid()));
        mend_agent_stop();
        assert_int_equal(access(socket_path(getpid()), F_OK), -1);
        mend_agent_stop();
    }
}

/* ---- Many times, under load ---- */

static int load_over;

static void
looks_on(mend_call *call, void *unused)
{
}

/* Calls a hooked method until the test is over. */
static void *
calls_a_hooked_method(void *object)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    while (!__atomic_load_n(&load_over, __ATOMIC_ACQUIRE)) {
        [(NSObject *)object hash];
        usleep(20);
    }
    [pool drain];
    return NULL;
}

static unsigned
lines_of(const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned lines = 0;
    int c;

    while ((c = getc(file)) != EOF)
        lines += c == '\n';
    fclose(file);
    return lines;
}

static unsigned
descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static long
resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size = 0, resident = 0;

    assert_int_equal(fscanf(file, "%ld %ld", &size, &resident), 2);
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

static void
cycle(int times)
{
    for (int i = 0; i < times; i++) {
        assert_int_equal(mend_agent_start(NULL), MEND_OK);
        if (i % 8 == 0)
            assert_true(serves(getpid()));
        mend_agent_stop();
    }
}

/* A sanitizer keeps what is freed, and its shadow of it; an emulator keeps what it translated. */
static bool
memory_is_kept(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return getenv("EMULATED") != NULL;
#endif
}

static void
thousands_of_starts_and_stops_leave_nothing_behind(void **state)
{
    const char *scale = getenv("MEND_SCALE");
    int times = 300 * (scale ? atoi(scale) : 1);
    mend_target target = {.class_name = "NSObject", .selector = "hash"};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = looks_on};
    NSObject *object = [NSObject new];
    mend_token *token;
    pthread_t load;
    unsigned files, maps;
    long resident;

    assert_int_equal(mend_hook_add(&target, &spec, &token, NULL), MEND_OK);
    load_over = 0;
    pthread_create(&load, NULL, calls_a_hooked_method, object);
    cycle(100); /* stacks and arenas that the C library keeps */
    files = descriptors();
    maps = lines_of("/proc/self/maps");
    resident = resident_bytes();
    cycle(times);
    assert_int_equal(descriptors(), files);
    if (!memory_is_kept()) {
        assert_int_equal(lines_of("/proc/self/maps"), maps);
        assert_in_range(resident_bytes(), 0, resident + 256 * 1024); /* pages of the library are touched late */
    }
    __atomic_store_n(&load_over, 1, __ATOMIC_RELEASE);
    pthread_join(load, NULL);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    [object release];
}

/* Ends a child by the sum of what held in it. */
static int
outcome_of(pid_t child)
{
    int status = -1;

    for (int i = 0; i < 5000 && waitpid(child, &status, WNOHANG) == 0; i++)
        sleep_ms(2);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static void
a_forked_child_is_served_by_itself(void **state)
{
    mend_error err;
    pid_t child;

    mend_agent_start(&err);
    assert_true(serves(getpid()));
    if ((child = fork()) == 0)
        _exit(serves(getpid()) && serves(getppid()) ? 0 : 1);
    assert_int_equal(outcome_of(child), 0);
    assert_true(serves(getpid()));
    mend_agent_stop();
}

/* As a +load would: it holds the runtime's mutex, which the request in hand waits for. */
static void
a_fork_inside_load_does_not_wait_for_the_request_that_waits_for_it(void **state)
{
    uint64_t began;
    mend_error err;
    pid_t child;
    int fd;

    mend_agent_start(&err);
    fd = connect_to(getpid());
    mn_runtime_lock();
    send_text(fd, APPLY);
    sleep_ms(50);
    began = mn_clock_ns();
    if ((child = fork()) == 0) {
        mn_runtime_unlock();
        _exit(serves(getpid()) ? 0 : 1);
    }
    assert_in_range(mn_clock_ns() - began, 100000000, 5000000000); /* it did wait, and gave up */
    assert_int_equal(outcome_of(child), 0);
    mn_runtime_unlock();
    assert_true(receive_result(fd, 5000));
    assert_int_equal([[[AgentTariff new] autorelease] discount], 2);
    close(fd);
    mend_agent_stop();
}

/* The child of top-level code returns from it, and has nowhere to go. */
static void
top_level_code_that_forks_waits_for_nobody(void **state)
{
    mend_error err;
    int fd;

    mend_agent_start(&err);
    fd = connect_to(getpid());
    for (int i = 0; i < 3; i++) {
        send_text(fd, FORK);
        assert_true(receive_result(fd, 5000));
        assert_int_equal(outcome_of(forked), 0);
        assert_true(serves(getpid()));
    }
    print_message("fork took %d ms\n", forked_ms);
    close(fd);
    mend_agent_stop();
}

static void
top_level_code_runs_on_a_thread_of_its_own_with_a_pool(void **state)
{
    mend_error err;
    int fd;

    mend_agent_start(&err);
    fd = connect_to(getpid());
    send_text(fd, LOAD);
    assert_true(receive_result(fd, 5000));
    assert_int_equal(noted_pools, 1);
    assert_int_equal(noted_main, 0);
    close(fd);
    mend_agent_stop();
}

/* As while a +load or +initialize takes its time. */
static void
what_waits_for_a_class_being_loaded_can_still_be_given_up(void **state)
{
    int before = [[[AgentTariff new] autorelease] discount], gone, asking;
    mend_error err;

    mend_agent_start(&err);
    gone = connect_to(getpid());
    asking = connect_to(getpid());
    mn_runtime_lock();
    send_text(gone, LOAD);
    sleep_ms(50);
    send_text(asking, STATUS);
    assert_non_null(strstr(receive(asking, 2000), "loading or initialising a class"));
    close(gone);
    sleep_ms(20);
    mn_runtime_unlock();
    send_text(asking, STATUS);
    assert_true(receive_result(asking, 2000));
    mend_agent_stop(); /* whatever was still waiting has been done or dropped */
    assert_int_equal([[[AgentTariff new] autorelease] discount], before);
    close(asking);
}

static void *
apply_again_and_again(void *stop)
{
    int fd = connect_to(getpid());

    while (!*(volatile bool *)stop) {
        send_text(fd, APPLY);
        if (!receive_result(fd, 5000))
            abort();
    }
    close(fd);
    return NULL;
}

static void
children_of_a_busy_process_are_whole(void **state)
{
    volatile bool stop = false;
    pthread_t busy;
    mend_error err;

    mend_agent_start(&err);
    assert_true(serves(getpid()));
    pthread_create(&busy, NULL, apply_again_and_again, (void *)&stop);
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();

        if (child == 0) {
            int discount = [[[AgentTariff new] autorelease] discount];

            _exit((discount == 1 || discount == 2) && (i % 10 != 0 || serves(getpid())) ? 0 : 1);
        }
        assert_int_equal(outcome_of(child), 0);
    }
    stop = true;
    pthread_join(busy, NULL);
    mend_agent_stop();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_can_be_started_stopped_and_started),
        cmocka_unit_test(thousands_of_starts_and_stops_leave_nothing_behind),
        cmocka_unit_test(a_forked_child_is_served_by_itself),
        cmocka_unit_test(top_level_code_that_forks_waits_for_nobody),
        cmocka_unit_test(a_fork_inside_load_does_not_wait_for_the_request_that_waits_for_it),
        cmocka_unit_test(what_waits_for_a_class_being_loaded_can_still_be_given_up),
        cmocka_unit_test(children_of_a_busy_process_are_whole),
        cmocka_unit_test(top_level_code_runs_on_a_thread_of_its_own_with_a_pool),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    char command[64];
    int failed;

    if (mkdtemp(runtime_folder) == NULL)
        return 1;
    setenv("XDG_RUNTIME_DIR", runtime_folder, 1);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -r %s", runtime_folder);
    if (system(command) != 0)
        return 1;
    [pool release];
    return failed;
}
