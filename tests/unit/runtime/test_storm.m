/* SPDX-License-Identifier: MIT */
/*
 * The storm: threads send while methods are installed and taken back, each on a class and with a selector
 * that were never hooked before in the process. Every answer is checked against what the method may be at
 * that moment.
 *
 *     runtime_storm                 Mend installs: no crash, no wrong answer
 *     runtime_storm --control       the same with the runtime's own class_addMethod and
 * method_setImplementation runtime_storm --show-fault    passes when a control run crashed or answered
 * wrongly: the storm is real
 */
#import <Foundation/Foundation.h>

#include "families.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SENDERS = 3, FAMILIES = 2500, WIDTH = 2, TRIES = 12, CONTROL_SECONDS = 4 };

/* What a method is: read before and after a send, it says which answers are right. */
enum phase { BEFORE, CHANGING, CHANGED };

/* A parent and its children, all with live tables. Each family sees two installs: one on the parent (own
 * method or class method), one on the first child (inherited or absent method). */
struct family {
    Class parent, child[WIDTH];
    id p, c[WIDTH];
    SEL own, inherited, cls, absent;
    struct mn_change on_parent, on_child;
    int phase_parent, phase_child;
};

static struct family families[FAMILIES];
static int ready, stop;
static unsigned long sends, wrong;

#define READ(x)     __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define WRITE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELEASE)

static bool
class_side(int i)
{
    return i % 2 == 1;
}

static bool
adds(int i)
{
    return i % 4 >= 2;
}

static void
make_family(int i)
{
    struct family *f = &families[i];

    f->own = fresh_selector("own");
    f->cls = fresh_selector("cls");
    f->inherited = fresh_selector("inherited");
    f->parent = fresh_class([NSObject class]);
    give(f->parent, f->own, returns_1);
    give(f->parent, f->inherited, returns_2);
    give(mn_class_meta(f->parent), f->cls, returns_1);
    enrol(f->parent);
    f->p = instance(f->parent);
    for (int k = 0; k < WIDTH; k++) {
        enrol(f->child[k] = fresh_class(f->parent));
        f->c[k] = instance(f->child[k]);
        send_long(f->c[k], f->own);
        send_long((id)f->child[k], f->cls);
    }
}

/* Sends, and checks the answer against the phase it was in before and is in after. */
static void
ask(id receiver, SEL sel, int before, const int *phase, long old, long new)
{
    long answer = send_long(receiver, sel);
    int after = READ(*phase);
    bool may_be_old = before != CHANGED || after != CHANGED; /* hooked or unhooked meanwhile */
    bool may_be_new = before != BEFORE || after != BEFORE;

    if (!(may_be_old && answer == old) && !(may_be_new && answer == new))
        __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
}

static void
send_to_family(struct family *f, int i, unsigned r)
{
    int parent = READ(f->phase_parent), child = READ(f->phase_child);
    unsigned any = r % WIDTH;

    ask(f->p, f->own, parent, &f->phase_parent, 1, class_side(i) ? 1 : 99);
    ask(f->c[any], f->own, parent, &f->phase_parent, 1, class_side(i) ? 1 : 99);
    ask((id)f->child[any], f->cls, parent, &f->phase_parent, 1, class_side(i) ? 99 : 1);
    ask(f->p, f->inherited, BEFORE, &f->phase_child, 2, 2);
    ask(f->c[0], f->inherited, child, &f->phase_child, 2, adds(i) ? 2 : 50);
    ask(f->c[1], f->inherited, BEFORE, &f->phase_child, 2, 2);
    if (child == CHANGED && adds(i) && i % 3 != 0) /* it stays */
        ask(f->c[0], f->absent, child, &f->phase_child, 50, 50);
}

/* Most sends go to the families being changed. */
static void *
sender(void *data)
{
    unsigned r = (unsigned)(uintptr_t)data + 1;
    unsigned long count = 0;

    while (!READ(stop)) {
        int n = READ(ready), i;

        r = r * 1103515245u + 12345u;
        i = n - 1 - (int)((r >> 8) % 4 == 0 ? (r >> 10) % (unsigned)n : (r >> 10) % 2);
        send_to_family(&families[i < 0 ? 0 : i], i < 0 ? 0 : i, r >> 16);
        count += 6;
    }
    __atomic_fetch_add(&sends, count, __ATOMIC_RELAXED);
    return NULL;
}

static void
start_senders(pthread_t *threads)
{
    for (uintptr_t i = 0; i < SENDERS; i++)
        pthread_create(&threads[i], NULL, sender, (void *)i);
}

static void
stop_senders(pthread_t *threads)
{
    WRITE(stop, 1);
    for (int i = 0; i < SENDERS; i++)
        pthread_join(threads[i], NULL);
}

static void
hook_family(int i)
{
    struct family *f = &families[i];

    if (adds(i))
        f->absent = fresh_selector("absent");
    f->on_parent = change_of(class_side(i) ? mn_class_meta(f->parent) : f->parent,
                             class_side(i) ? f->cls : f->own, returns_99);
    f->on_child = change_of(f->child[0], adds(i) ? f->absent : f->inherited, returns_50);
    WRITE(f->phase_parent, CHANGING);
    install(&f->on_parent);
    WRITE(f->phase_parent, CHANGED);
    WRITE(f->phase_child, CHANGING);
    install(&f->on_child);
    WRITE(f->phase_child, CHANGED);
}

static void
unhook_family(int i)
{
    struct family *f = &families[i];

    WRITE(f->phase_parent, CHANGING);
    WRITE(f->phase_child, CHANGING);
    revert(&f->on_child);
    revert(&f->on_parent);
}

static int
storm(void)
{
    pthread_t threads[SENDERS];
    struct timespec pause = {.tv_nsec = 20000};

    make_family(0);
    WRITE(ready, 1);
    start_senders(threads);
    for (int i = 1; i < FAMILIES; i++) {
        make_family(i);
        WRITE(ready, i + 1);
        nanosleep(&pause, NULL); /* the senders find it */
        hook_family(i);
        if (i % 3 == 0)
            unhook_family(i);
    }
    hook_family(0);
    stop_senders(threads);
    for (int i = 0; i < FAMILIES; i++)
        if (READ(families[i].phase_parent) == CHANGED)
            unhook_family(i);
    printf("%d installs under %lu sends by %d threads: %lu wrong\n", 2 * FAMILIES, sends, SENDERS, wrong);
    return wrong != 0;
}

/* The runtime's own calls on the same kind of family, round and round, for seconds rather than a count. */
static int
control(void)
{
    pthread_t threads[SENDERS];
    time_t end = time(NULL) + CONTROL_SECONDS;
    unsigned long installs = 0;

    for (int i = 0; i < 8; i++)
        make_family(i);
    WRITE(ready, 2);
    start_senders(threads);
    while (time(NULL) < end && READ(wrong) == 0) {
        struct family *f = &families[READ(ready) - 1];

        class_addMethod(f->parent, fresh_selector("absent"), (IMP)returns_50, FAMILY_TYPES);
        class_addMethod(mn_class_meta(f->parent), fresh_selector("absent"), (IMP)returns_50, FAMILY_TYPES);
        class_addMethod(f->child[0], fresh_selector("absent"), (IMP)returns_50, FAMILY_TYPES);
        if (++installs % 500 == 0)
            WRITE(ready, 2 + (int)(installs / 500) % 7);
    }
    stop_senders(threads);
    printf("control: %lu installs, %lu wrong\n", 3 * installs, wrong);
    return wrong != 0;
}

/* Watch it fail once: if the runtime's own calls stood this storm, it would prove nothing about ours. */
static int
show_fault(const char *program)
{
    for (int i = 1; i <= TRIES; i++) {
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
            execl(program, program, "--control", (char *)NULL);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status))
            printf("control run %d died: %s\n", i, strsignal(WTERMSIG(status)));
        else if (WEXITSTATUS(status) != 0)
            printf("control run %d failed\n", i);
        else
            continue;
        return 0;
    }
    printf("%d control runs, and no fault seen\n", TRIES);
    return 1;
}

int
main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1 && strcmp(argv[1], "--show-fault") == 0)
        return show_fault("/proc/self/exe");
    [NSObject class];
    return argc > 1 && strcmp(argv[1], "--control") == 0 ? control() : storm();
}
