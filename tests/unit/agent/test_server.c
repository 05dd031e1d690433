/* SPDX-License-Identifier: MIT */
/* The server in a thread of this program, and everything unkind one can do to its socket. */
#include "agent/protocol.h"
#include "agent/server.h"
#include "base/alloc.h"
#include "fake_backend.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define STATUS "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"
#define APPLY                                                                                                \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"apply\",\"params\":{\"name\":\"f.m\",\"id\":\"f\","          \
    "\"source\":\"a\"}}"

static char runtime_folder[] = "/tmp/mend-test-XXXXXX";
static struct mn_server server;
static pthread_t thread;

static void *
run(void *none)
{
    mn_server_run(&server);
    return NULL;
}

static void
sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static int
start(void **state)
{
    mn_fake_reset();
    mn_server_init(&server, &mn_fake_backend);
    return pthread_create(&thread, NULL, run, NULL);
}

static int
stop(void **state)
{
    mn_server_close(&server);
    return pthread_join(thread, NULL);
}

/* A connection to the server, once it listens. */
static int
connect_to_server(void)
{
    struct sockaddr_un address;
    char folder[128];

    assert_true(mn_socket_folder(0, geteuid(), folder, sizeof folder));
    assert_true(mn_socket_address(folder, getpid(), &address));
    for (int i = 0; i < 1000; i++) {
        int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        close(fd);
        sleep_ms(2);
    }
    fail_msg("nobody listens on %s", address.sun_path);
    return -1;
}

/* Sends and waits; true when a reply came within two seconds. */
static bool
answers(int fd, const char *request)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char text[4096];
    ssize_t n;

    if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 || poll(&p, 1, 2000) != 1)
        return false;
    n = recv(fd, text, sizeof text, 0);
    return n > 0 && memchr(text, '}', (size_t)n) != NULL;
}

static bool
is_closed_within(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, ms) == 1 && (p.revents & (POLLRDHUP | POLLHUP)) != 0;
}

static void
a_request_is_answered_and_the_socket_is_private(void **state)
{
    char path[160];
    struct stat about;
    int fd = connect_to_server();

    assert_true(answers(fd, STATUS));
    snprintf(path, sizeof path, "%s/mend", runtime_folder);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    close(fd);
}

static void
a_message_cut_in_half_is_refused_and_the_connection_goes_on(void **state)
{
    int fd = connect_to_server();

    assert_true(answers(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"meth"));
    assert_true(answers(fd, STATUS));
    close(fd);
}

static void
a_thousand_silent_connections_do_not_lock_out_a_user(void **state)
{
    enum { MANY = 1000 };
    static int fds[MANY];
    int user;

    for (int i = 0; i < MANY; i++)
        fds[i] = connect_to_server();
    user = connect_to_server();
    assert_true(answers(user, STATUS));
    close(user);
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
}

static void
a_silent_connection_is_closed_after_a_while(void **state)
{
    int fd;

    stop(state);
    mn_server_init(&server, &mn_fake_backend);
    server.idle_ms = 50;
    pthread_create(&thread, NULL, run, NULL);
    fd = connect_to_server();
    assert_true(is_closed_within(fd, 30000));
    close(fd);
}

static void
one_who_never_reads_is_hung_up_on(void **state)
{
    int fd = connect_to_server(), other = connect_to_server();

    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (int waited = 0; waited < 30000;) { /* until the server has had enough, however slow it is */
        if (send(fd, STATUS, strlen(STATUS), MSG_NOSIGNAL) > 0)
            continue;
        if (errno != EAGAIN)
            break;
        sleep_ms(1);
        waited++;
    }
    assert_true(is_closed_within(fd, 30000));
    assert_true(answers(other, STATUS));
    close(fd);
    close(other);
}

/* How many requests have changed something. */
static unsigned
changes(void)
{
    unsigned count;

    pthread_mutex_lock(&server.busy);
    count = mn_fake_changes;
    pthread_mutex_unlock(&server.busy);
    return count;
}

/* Sends one packet and does not wait. */
static void
ask(int fd, const char *request)
{
    assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
}

/* The next packet, within two seconds; "" when none comes. Lent until the next call. */
static const char *
hear(int fd)
{
    static char text[4096];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n = poll(&p, 1, 2000) == 1 ? recv(fd, text, sizeof text - 1, 0) : 0;

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void
what_changes_nothing_is_answered_while_a_patch_is_worked_on(void **state)
{
    int working = connect_to_server(), waiting = connect_to_server(), other = connect_to_server();

    pthread_mutex_lock(&server.busy); /* as if the worker were in the middle of a long one */
    ask(working, APPLY);
    ask(waiting, APPLY);
    assert_true(answers(other, STATUS));
    assert_true(answers(working, STATUS));
    assert_int_equal(mn_fake_changes, 0);
    pthread_mutex_unlock(&server.busy);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(hear(i == 0 ? working : waiting), MN_BEGUN);
        assert_non_null(strstr(hear(i == 0 ? working : waiting), "result"));
    }
    assert_int_equal(changes(), 2);
    close(working);
    close(waiting);
    close(other);
}

/* What a thread that forks takes first (agent/fork.c). */
static void *
is_free(void *unused)
{
    int taken = pthread_mutex_trylock(&server.busy);

    if (taken == 0)
        pthread_mutex_unlock(&server.busy);
    return taken == 0 ? &server : NULL;
}

static atomic_int free_inside, top_level_runs;

static bool
another_thread_could_fork(void)
{
    pthread_t thread;
    void *found = NULL;

    pthread_create(&thread, NULL, is_free, NULL);
    pthread_join(thread, &found);
    return found != NULL;
}

static mend_status
looks_whether_it_is_free(struct mn_body *body, mend_error *err)
{
    free_inside += another_thread_could_fork();
    top_level_runs++;
    return MEND_OK;
}

static void
a_fork_does_not_wait_for_top_level_code(void **state)
{
    static const struct mn_engine engine = {.load = looks_whether_it_is_free};
    int fd = connect_to_server();

    mn_fake_top_level(&engine);
    for (int i = 1; i <= 3; i++) {
        ask(fd, APPLY);
        assert_string_equal(hear(fd), MN_BEGUN);
        assert_non_null(strstr(hear(fd), "result"));
        changes(); /* the worker has had the lock again to the end */
        assert_int_equal(top_level_runs, i);
        assert_int_equal(free_inside, i);
    }
    mn_fake_top_level(NULL);
    close(fd);
}

static void
one_connection_has_one_request_in_the_queue(void **state)
{
    int fd = connect_to_server();

    pthread_mutex_lock(&server.busy);
    ask(fd, APPLY);
    ask(fd, APPLY);
    assert_non_null(strstr(hear(fd), "one request at a time"));
    pthread_mutex_unlock(&server.busy);
    assert_string_equal(hear(fd), MN_BEGUN);
    assert_non_null(strstr(hear(fd), "result"));
    assert_int_equal(changes(), 1);
    ask(fd, APPLY);
    assert_string_equal(hear(fd), MN_BEGUN);
    assert_non_null(strstr(hear(fd), "result"));
    close(fd);
}

/* Whether in hand or in the queue: neither has begun when their senders give up. */
static void
a_request_whose_sender_left_changes_nothing(void **state)
{
    int first = connect_to_server(), second = connect_to_server(), third = connect_to_server();

    pthread_mutex_lock(&server.busy);
    ask(first, APPLY);
    ask(second, APPLY);
    ask(third, APPLY);
    assert_true(answers(third, STATUS)); /* all three were read */
    close(first);
    shutdown(second, SHUT_WR);
    sleep_ms(20);
    pthread_mutex_unlock(&server.busy);
    assert_string_equal(hear(third), MN_BEGUN);
    assert_non_null(strstr(hear(third), "result"));
    assert_string_equal(hear(second), ""); /* it was never told that it began */
    assert_int_equal(changes(), 1);
    close(second);
    close(third);
}

static void
who_waits_for_an_answer_is_not_silent(void **state)
{
    int fd;

    stop(state);
    mn_server_init(&server, &mn_fake_backend);
    server.idle_ms = 50;
    pthread_create(&thread, NULL, run, NULL);
    fd = connect_to_server();
    pthread_mutex_lock(&server.busy);
    ask(fd, APPLY);
    sleep_ms(150);
    pthread_mutex_unlock(&server.busy);
    assert_string_equal(hear(fd), MN_BEGUN);
    assert_non_null(strstr(hear(fd), "result"));
    close(fd);
}

static void
closing_lets_the_request_in_hand_end_and_drops_the_others(void **state)
{
    int first = connect_to_server(), second = connect_to_server();

    pthread_mutex_lock(&server.busy);
    ask(first, APPLY);
    while (true) { /* until the worker has it */
        bool taken;

        pthread_mutex_lock(&server.lock);
        taken = server.now != NULL;
        pthread_mutex_unlock(&server.lock);
        if (taken)
            break;
        sleep_ms(1);
    }
    ask(second, APPLY);
    assert_true(answers(second, STATUS));
    mn_server_close(&server);
    pthread_mutex_unlock(&server.busy);
    assert_string_equal(hear(first), MN_BEGUN);
    assert_non_null(strstr(hear(first), "result"));
    assert_string_equal(hear(second), "");
    assert_int_equal(changes(), 1);
    close(first);
    close(second);
}

static void
a_host_that_closes_every_descriptor_keeps_its_agent(void **state)
{
    int fd = connect_to_server(), replaced;

    assert_true(answers(fd, STATUS));
    pthread_mutex_lock(&server.lock);
    replaced = server.listener.socket.fd;
    assert_true(dup3(STDIN_FILENO, replaced, O_CLOEXEC) == replaced); /* the host's own, at the same number */
    pthread_mutex_unlock(&server.lock);
    close(fd);
    for (int i = 0; i < 500; i++) { /* the first connection wakes it and meets nobody */
        fd = connect_to_server();
        if (answers(fd, STATUS))
            break;
        close(fd);
        sleep_ms(2);
    }
    assert_true(answers(fd, STATUS));
    pthread_mutex_lock(&server.lock);
    assert_true(fcntl(replaced, F_GETFD) >= 0);
    close(replaced);
    pthread_mutex_unlock(&server.lock);
    close(fd);
}

/* The polling thread waits on a descriptor that is no longer there. */
static void
a_host_that_closes_every_descriptor_can_still_end_its_agent(void **state)
{
    int fd = connect_to_server();

    assert_true(answers(fd, STATUS));
    close(fd);
    sleep_ms(20);
    pthread_mutex_lock(&server.lock);
    assert_true(dup3(STDIN_FILENO, server.listener.socket.fd, O_CLOEXEC) >= 0);
    fd = server.listener.socket.fd;
    pthread_mutex_unlock(&server.lock);
    mn_server_close(&server);
    pthread_join(thread, NULL);
    assert_true(fcntl(fd, F_GETFD) >= 0); /* the host's own is left alone */
    close(fd);
    start(state);
}

/* Had the closer closed the descriptor itself, its number could be somebody else's when the thread polls it.
 */
static void
who_closes_the_server_leaves_the_descriptor_to_the_thread_that_polls_it(void **state)
{
    int door;

    close(connect_to_server());
    stop(state);
    mn_server_init(&server, &mn_fake_backend);
    assert_int_equal(mn_listener_open(&server.listener, NULL),
                     MEND_OK); /* no thread runs: between two polls */
    door = server.listener.socket.fd;
    mn_server_close(&server);
    assert_true(fcntl(door, F_GETFD) >= 0);
    assert_int_equal(poll(&(struct pollfd){.fd = door, .events = POLLIN}, 1, 1000), 1);
    mn_listener_close(&server.listener);
    start(state);
}

static void
it_ends_at_once_however_often_it_is_started(void **state)
{
    for (int i = 0; i < 300; i++) {
        stop(state);
        start(state);
        if (i % 3 == 0)
            close(connect_to_server());
    }
}

static void
another_user_is_hung_up_on(void **state)
{
    char folder[128];
    pid_t child;
    int status;

    if (geteuid() != 0) {
        skip();
        return;
    }
    close(connect_to_server());
    /* The folder keeps others out; here it is opened to them, so that the second lock is what is tested. */
    chmod(runtime_folder, 0755);
    if ((child = fork()) == 0) {
        struct sockaddr_un address;
        int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

        mn_socket_folder(0, 0, folder, sizeof folder);
        chmod(folder, 0755);
        mn_socket_address(folder, getppid(), &address);
        chmod(address.sun_path, 0777);
        if (setuid(65534) != 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
            _exit(2);
        _exit(answers(fd, STATUS) ? 1 : 0);
    }
    waitpid(child, &status, 0);
    mn_socket_folder(0, 0, folder, sizeof folder);
    chmod(folder, 0700);
    chmod(runtime_folder, 0700);
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void
closing_removes_the_socket_file(void **state)
{
    struct sockaddr_un address;
    char folder[128];

    close(connect_to_server());
    mn_socket_folder(0, geteuid(), folder, sizeof folder);
    mn_socket_address(folder, getpid(), &address);
    assert_int_equal(access(address.sun_path, F_OK), 0);
    mn_server_close(&server);
    assert_int_equal(access(address.sun_path, F_OK), -1);
}

static int
remove_folder(void **state)
{
    char path[160];

    snprintf(path, sizeof path, "%s/mend", runtime_folder);
    rmdir(path);
    rmdir(runtime_folder);
    return 0;
}

int
main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        ONE(a_request_is_answered_and_the_socket_is_private),
        ONE(a_message_cut_in_half_is_refused_and_the_connection_goes_on),
        ONE(a_thousand_silent_connections_do_not_lock_out_a_user),
        ONE(a_silent_connection_is_closed_after_a_while),
        ONE(one_who_never_reads_is_hung_up_on),
        ONE(what_changes_nothing_is_answered_while_a_patch_is_worked_on),
        ONE(a_fork_does_not_wait_for_top_level_code),
        ONE(one_connection_has_one_request_in_the_queue),
        ONE(a_request_whose_sender_left_changes_nothing),
        ONE(who_waits_for_an_answer_is_not_silent),
        ONE(closing_lets_the_request_in_hand_end_and_drops_the_others),
        ONE(a_host_that_closes_every_descriptor_keeps_its_agent),
        ONE(a_host_that_closes_every_descriptor_can_still_end_its_agent),
        ONE(who_closes_the_server_leaves_the_descriptor_to_the_thread_that_polls_it),
        ONE(it_ends_at_once_however_often_it_is_started),
        ONE(another_user_is_hung_up_on),
        ONE(closing_removes_the_socket_file),
    };

    if (mkdtemp(runtime_folder) == NULL)
        return 1;
    setenv("XDG_RUNTIME_DIR", runtime_folder, 1);
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
