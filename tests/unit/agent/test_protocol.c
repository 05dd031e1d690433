/* SPDX-License-Identifier: MIT */
/* Packets, sealed memory files, socket folders, and refusals there and back. */
#include "agent/protocol.h"
#include "base/alloc.h"
#include "base/error.h"
#include "support/faults.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static int ends[2];

static int
open_pair(void **state)
{
    int room = 4 << 20;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room); /* works for root alone */
    return 0;
}

static int
close_pair(void **state)
{
    close(ends[0]);
    close(ends[1]);
    return 0;
}

static int
open_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 512; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void
a_packet_arrives_whole_with_its_descriptor(void **state)
{
    struct mn_buffer got = MN_BUFFER_EMPTY;
    int fd, sent = memfd_create("x", MFD_CLOEXEC);
    struct stat a, b;

    assert_int_equal(mn_packet_send(ends[0], "hello", 5, sent, 0), MN_PACKET_GOT);
    assert_int_equal(mn_packet_receive(ends[1], &got, &fd, 0), MN_PACKET_GOT);
    assert_string_equal(got.data, "hello");
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    fstat(sent, &a);
    fstat(fd, &b);
    assert_int_equal(a.st_ino, b.st_ino);
    close(fd);
    close(sent);
    assert_int_equal(mn_packet_receive(ends[1], &got, &fd, MSG_DONTWAIT), MN_PACKET_NONE);
    mn_buffer_fini(&got);
}

/* What a hostile sender may put beside a packet stays open in neither the table nor the kernel. */
static void
more_descriptors_than_one_are_closed(void **state)
{
    enum { MANY = 200 };
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(MANY * sizeof(int))];
    } control = {0};
    struct iovec piece = {.iov_base = "x", .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct mn_buffer got = MN_BUFFER_EMPTY;
    int before = open_descriptors(), fd;

    control.header = (struct cmsghdr){
        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(MANY * sizeof(int))};
    for (int i = 0; i < MANY; i++)
        memcpy(CMSG_DATA(&control.header) + i * sizeof(int), &ends[0], sizeof(int));
    assert_int_equal(sendmsg(ends[0], &message, 0), 1);
    assert_int_equal(mn_packet_receive(ends[1], &got, &fd, 0), MN_PACKET_GOT);
    assert_int_equal(open_descriptors(), before + 1);
    close(fd);
    mn_buffer_fini(&got);
}

static void
a_packet_over_the_limit_is_dropped_and_the_next_is_read(void **state)
{
    char *big = calloc(1, MN_MESSAGE_MAX + 1);
    struct mn_buffer got = MN_BUFFER_EMPTY;
    int fd;

    assert_int_equal(mn_packet_send(ends[0], big, MN_MESSAGE_MAX + 1, -1, 0), MN_PACKET_TOO_LARGE);
    if (send(ends[0], big, MN_MESSAGE_MAX + 1, 0) > 0)
        assert_int_equal(mn_packet_receive(ends[1], &got, &fd, 0), MN_PACKET_TOO_LARGE);
    assert_int_equal(mn_packet_send(ends[0], "next", 4, -1, 0), MN_PACKET_GOT);
    assert_int_equal(mn_packet_receive(ends[1], &got, &fd, 0), MN_PACKET_GOT);
    assert_string_equal(got.data, "next");
    free(big);
    mn_buffer_fini(&got);
}

static void
an_end_is_told_to_both_sides(void **state)
{
    struct mn_buffer got = MN_BUFFER_EMPTY;
    int fd;

    shutdown(ends[0], SHUT_RDWR);
    assert_int_equal(mn_packet_receive(ends[1], &got, &fd, 0), MN_PACKET_END);
    assert_int_equal(mn_packet_send(ends[1], "x", 1, -1, 0), MN_PACKET_END);
    mn_buffer_fini(&got);
}

static void
receiving_without_memory_fails_and_keeps_the_packet(void **state)
{
    struct mn_faults f = {0};

    while (mn_faults_next(&f)) {
        struct mn_buffer got = MN_BUFFER_EMPTY;
        enum mn_packet what;
        int fd;

        mn_packet_send(ends[0], "hello", 5, -1, 0);
        what = mn_packet_receive(ends[1], &got, &fd, 0);
        assert_int_equal(what, mn_faults_hit(&f) ? MN_PACKET_FAILED : MN_PACKET_GOT);
        mn_buffer_fini(&got);
        if (what != MN_PACKET_GOT) {
            assert_int_equal(mn_packet_receive(ends[1], &got, &fd, 0), MN_PACKET_GOT);
            mn_buffer_fini(&got);
        }
    }
}

static void
what_is_sealed_can_be_read_and_not_changed(void **state)
{
    struct mn_buffer got = MN_BUFFER_EMPTY;
    mend_error err;
    int fd;

    assert_int_equal(mn_sealed_new("t", "source", 6, &fd, &err), MEND_OK);
    assert_int_equal(write(fd, "x", 1), -1);
    assert_int_equal(ftruncate(fd, 0), -1);
    assert_int_equal(mn_sealed_read(fd, 6, &got, &err), MEND_OK);
    assert_string_equal(got.data, "source");
    mn_buffer_clear(&got);
    assert_int_equal(mn_sealed_read(fd, 5, &got, &err), MEND_TOO_LARGE);
    close(fd);
    mn_buffer_fini(&got);
}

static void
what_is_not_sealed_is_refused(void **state)
{
    struct mn_buffer got = MN_BUFFER_EMPTY;
    mend_error err;
    int fd = memfd_create("t", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    assert_int_equal(mn_sealed_read(fd, 100, &got, &err), MEND_PROTOCOL);
    assert_int_equal(mn_sealed_read(ends[0], 100, &got, &err), MEND_PROTOCOL);
    assert_int_equal(mn_sealed_read(-1, 100, &got, &err), MEND_PROTOCOL);
    close(fd);
    mn_buffer_fini(&got);
}

static void
a_folder_must_be_ours_and_closed_to_others(void **state)
{
    char folder[] = "/tmp/mend-test-XXXXXX", link[64];
    mend_error err;

    assert_non_null(mkdtemp(folder));
    assert_int_equal(mn_socket_folder_check(folder, geteuid(), &err), MEND_OK);
    assert_int_equal(mn_socket_folder_check(folder, geteuid() + 1, &err), MEND_NO_PERMISSION);
    chmod(folder, 0710);
    assert_int_equal(mn_socket_folder_check(folder, geteuid(), &err), MEND_NO_PERMISSION);
    chmod(folder, 0700);
    snprintf(link, sizeof link, "%s.link", folder);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(mn_socket_folder_check(link, geteuid(), &err), MEND_NO_PERMISSION);
    unlink(link);
    rmdir(folder);
    assert_int_equal(mn_socket_folder_check(folder, geteuid(), &err), MEND_IO);
}

static void
a_path_too_long_for_a_socket_is_told(void **state)
{
    struct sockaddr_un address;
    char folder[200];

    memset(folder, 'a', sizeof folder);
    folder[0] = '/';
    folder[101] = '\0';
    assert_false(mn_socket_address(folder, 1234567, &address));
    folder[90] = '\0';
    assert_true(mn_socket_address(folder, 1234567, &address));
}

static void
a_refusal_reads_as_it_was_written(void **state)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    struct mn_json_writer w = MN_JSON_INTO(&text);
    struct mn_json *document;
    mend_error sent, got;

    mn_fail_method(&sent, MEND_NO_METHOD, "Tariff", "price:", "Tariff has no method 'price:'");
    strcpy(sent.file, "fix.m");
    sent.line = 3;
    sent.column = 7;
    mn_json_object(&w, NULL);
    mn_error_begin(&w, sent.status, &sent);
    mn_json_end(&w);
    mn_json_end(&w);
    assert_int_equal(mn_json_parse(NULL, text.data, text.length, NULL, &document, &got), MEND_OK);
    assert_int_equal(mn_error_read(document, &got), MEND_NO_METHOD);
    assert_memory_equal(&sent, &got, offsetof(mend_error, class_name));
    assert_string_equal(sent.class_name, got.class_name);
    assert_string_equal(sent.selector, got.selector);
    assert_string_equal(sent.file, got.file);
    assert_string_equal(sent.message, got.message);
    assert_string_equal(sent.remedy, got.remedy);
    mn_json_free(document);
    mn_buffer_clear(&text);
    mn_error_text(&text, &got);
    assert_string_equal(
        text.data, "mend: fix.m:3:7: Tariff has no method 'price:' (class Tariff, selector price:) [E0101]\n"
                   "      check the selector, and whether it is a class or an instance method\n");
    mn_buffer_fini(&text);
}

static void
an_unknown_code_is_an_error_all_the_same(void **state)
{
    static const char *const errors[] = {"{}", "{\"code\":0}", "{\"code\":-32601,\"message\":\"no\"}",
                                         "{\"code\":\"x\"}"};

    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        struct mn_json *document;
        mend_error err;

        assert_int_equal(mn_json_parse(NULL, errors[i], strlen(errors[i]), NULL, &document, &err), MEND_OK);
        assert_int_equal(mn_error_read(document, &err), MEND_PROTOCOL);
        mn_json_free(document);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_packet_arrives_whole_with_its_descriptor, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(more_descriptors_than_one_are_closed, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(a_packet_over_the_limit_is_dropped_and_the_next_is_read, open_pair,
                                        close_pair),
        cmocka_unit_test_setup_teardown(an_end_is_told_to_both_sides, open_pair, close_pair),
        cmocka_unit_test_setup_teardown(receiving_without_memory_fails_and_keeps_the_packet, open_pair,
                                        close_pair),
        cmocka_unit_test(what_is_sealed_can_be_read_and_not_changed),
        cmocka_unit_test_setup_teardown(what_is_not_sealed_is_refused, open_pair, close_pair),
        cmocka_unit_test(a_folder_must_be_ours_and_closed_to_others),
        cmocka_unit_test(a_path_too_long_for_a_socket_is_told),
        cmocka_unit_test(a_refusal_reads_as_it_was_written),
        cmocka_unit_test(an_unknown_code_is_an_error_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
