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
    assert_true(is_closed_within(fd, 2000));
    close(fd);
}

static void
one_who_never_reads_is_hung_up_on(void **state)
{
    int fd = connect_to_server(), other = connect_to_server();

    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < 20000 && (send(fd, STATUS, strlen(STATUS), MSG_NOSIGNAL) > 0 || errno == EAGAIN); i++)
        if (i % 100 == 99)
            sleep_ms(1);
    assert_true(is_closed_within(fd, 5000));
    assert_true(answers(other, STATUS));
    close(fd);
    close(other);
}

/* The server is kept from reading (its lock is held) until the one who asked has given up. */
static void
a_request_whose_sender_left_changes_nothing(void **state)
{
    int first = connect_to_server(), fd;

    assert_true(answers(first, STATUS));
    fd = connect_to_server();
    assert_true(answers(fd, STATUS));
    pthread_mutex_lock(&server.busy);
    send(first, STATUS, strlen(STATUS), 0);
    sleep_ms(20); /* now it waits for busy, with the next request behind */
    send(fd, APPLY, strlen(APPLY), 0);
    close(fd);
    pthread_mutex_unlock(&server.busy);
    sleep_ms(50);
    assert_int_equal(mn_fake_changes, 0);
    close(first);
}

static void
a_host_that_closes_every_descriptor_keeps_its_agent(void **state)
{
    int fd = connect_to_server(), replaced;

    assert_true(answers(fd, STATUS));
    pthread_mutex_lock(&server.lock);
    replaced = server.listener.fd;
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
        ONE(a_request_whose_sender_left_changes_nothing),
        ONE(a_host_that_closes_every_descriptor_keeps_its_agent),
        ONE(another_user_is_hung_up_on),
        ONE(closing_removes_the_socket_file),
    };

    if (mkdtemp(runtime_folder) == NULL)
        return 1;
    setenv("XDG_RUNTIME_DIR", runtime_folder, 1);
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
