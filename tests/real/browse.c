/* SPDX-License-Identifier: MIT */
/*
 * Asks a web server for one page on several connections at once, without a pause, and counts.
 *
 *     browse PORT PATH THREADS OLD NEW
 *
 * Each line on stdin begins a phase of that name; the end of stdin ends the run. Then one line a phase is printed:
 *
 *     NAME answers failed old new p50_us p99_us max_us
 *
 * An answer that is not 200, is cut short, or has neither OLD nor NEW in it has failed; of those that failed the first is
 * shown on stderr. Only addresses on this machine are asked. Each phase keeps a histogram per thread, added up at the end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PHASES 16
#define SLOTS (64 + 58 * 32) /* of the histogram: 5 bits below the leading one, so a slot is at most 3 % wide */
#define PAGE (1u << 20)

struct counts {
    unsigned long answers, failed, old, new;
    unsigned long slots[SLOTS];
    uint64_t slowest;
};

static struct {
    struct sockaddr_in server;
    const char *path, *old, *new;
    atomic_int phase; /* -1: end */
    atomic_bool shown;
} run;

struct visitor {
    pthread_t thread;
    struct counts *counts; /* PHASES of them */
    char *page;
};

static uint64_t
now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static unsigned
slot_of(uint64_t us)
{
    unsigned top;

    if (us < 64)
        return (unsigned)us;
    top = 63 - (unsigned)__builtin_clzll(us);
    return 64 + (top - 6) * 32 + (unsigned)((us >> (top - 5)) & 31);
}

/* The upper end of a slot. */
static uint64_t
slot_end(unsigned slot)
{
    unsigned top;

    if (slot < 64)
        return slot;
    top = (slot - 64) / 32 + 6;
    return ((UINT64_C(32) + (slot - 64) % 32 + 1) << (top - 5)) - 1;
}

static bool
send_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Reads to the end of the connection; the page ends with a NUL. */
static bool
receive_all(int fd, char *page)
{
    size_t have = 0;

    for (;;) {
        ssize_t n = recv(fd, page + have, PAGE - 1 - have, 0);

        if (n < 0)
            return false;
        if (n == 0)
            break;
        have += (size_t)n;
        if (have == PAGE - 1)
            return false;
    }
    page[have] = '\0';
    return true;
}

/* The body is as long as the head says. */
static bool
is_whole(const char *page)
{
    const char *body = strstr(page, "\r\n\r\n"), *length = strcasestr(page, "\r\ncontent-length:");

    if (!body || strncmp(page, "HTTP/1.", 7) != 0 || strncmp(page + 8, " 200 ", 5) != 0)
        return false;
    return !length || length > body || strtoul(length + 17, NULL, 10) == strlen(body + 4);
}

static bool
ask(struct visitor *v)
{
    char request[512];
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", run.path);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 20};
    bool ok;

    v->page[0] = '\0';
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ok = connect(fd, (struct sockaddr *)&run.server, sizeof run.server) == 0 && send_all(fd, request, (size_t)n) &&
         receive_all(fd, v->page) && is_whole(v->page);
    close(fd);
    return ok;
}

static void
count(struct visitor *v, struct counts *c, bool ok, uint64_t us)
{
    bool new = ok && strstr(v->page, run.new), old = ok && !new && strstr(v->page, run.old);

    c->answers++;
    c->new += new;
    c->old += old;
    c->slots[slot_of(us)]++;
    if (us > c->slowest)
        c->slowest = us;
    if (new || old)
        return;
    c->failed++;
    if (!atomic_exchange(&run.shown, true))
        fprintf(stderr, "browse: after %llu us, %s: %.2000s\n", (unsigned long long)us, strerror(errno), v->page);
}

static void *
visit(void *data)
{
    struct visitor *v = data;
    int phase;

    while ((phase = atomic_load(&run.phase)) >= 0) {
        uint64_t start = now_us();
        bool ok = ask(v);

        count(v, &v->counts[phase], ok, now_us() - start);
    }
    return NULL;
}

static uint64_t
percentile(const struct counts *c, unsigned percent)
{
    unsigned long seen = 0;

    for (unsigned i = 0; i < SLOTS; i++)
        if ((seen += c->slots[i]) * 100 >= c->answers * percent && c->answers > 0)
            return slot_end(i);
    return 0;
}

static void
add(struct counts *sum, const struct counts *c)
{
    sum->answers += c->answers;
    sum->failed += c->failed;
    sum->old += c->old;
    sum->new += c->new;
    for (unsigned i = 0; i < SLOTS; i++)
        sum->slots[i] += c->slots[i];
    if (c->slowest > sum->slowest)
        sum->slowest = c->slowest;
}

int
main(int argc, char **argv)
{
    static char names[PHASES][64];
    int threads, phases = 0;
    struct visitor *visitors;

    if (argc != 6 || (threads = atoi(argv[3])) < 1 || threads > 64) {
        fprintf(stderr, "usage: browse PORT PATH THREADS OLD NEW\n");
        return 2;
    }
    run.server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])),
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    run.path = argv[2];
    run.old = argv[4];
    run.new = argv[5];
    visitors = calloc((size_t)threads, sizeof *visitors);
    while (phases < PHASES && fgets(names[phases], sizeof names[phases], stdin)) {
        names[phases][strcspn(names[phases], "\n")] = '\0';
        atomic_store(&run.phase, phases++);
        for (int i = 0; phases == 1 && i < threads; i++) {
            visitors[i].counts = calloc(PHASES, sizeof *visitors[i].counts);
            visitors[i].page = malloc(PAGE);
            if (pthread_create(&visitors[i].thread, NULL, visit, &visitors[i]) != 0)
                return 1;
        }
    }
    atomic_store(&run.phase, -1);
    for (int i = 0; phases > 0 && i < threads; i++)
        pthread_join(visitors[i].thread, NULL);
    for (int p = 0; p < phases; p++) {
        static struct counts sum;

        sum = (struct counts){0};
        for (int i = 0; i < threads; i++)
            add(&sum, &visitors[i].counts[p]);
        printf("%s %lu %lu %lu %lu %llu %llu %llu\n", names[p], sum.answers, sum.failed, sum.old, sum.new,
               (unsigned long long)percentile(&sum, 50), (unsigned long long)percentile(&sum, 99),
               (unsigned long long)sum.slowest);
    }
    return 0;
}
