/* SPDX-License-Identifier: MIT */
/*
 * The weak storm: threads load weak references while another lets the last strong one go. An object knows
 * when its -dealloc has begun; whoever holds one that is dead, or was dead when given, has found the fault.
 *
 *     runtime_weak_storm                 Mend's weak references, three ways of counting owners
 *     runtime_weak_storm --control       references made nil by -dealloc alone
 *     runtime_weak_storm --show-fault    passes when a control run gave a dying object away
 */
#import <Foundation/Foundation.h>

#import "counts_seen.h"

#include "runtime/objects.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOADERS = 3, SLOTS = 4, CONTROL_TRIES = 20 };

#define READ(x)     __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define WRITE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELEASE)
#define ADD(x)      __atomic_fetch_add(&(x), 1, __ATOMIC_RELAXED)

static unsigned long loads, nils, dead_given, deaths;
static int stop;

/* ---- Objects that know whether they live ---- */

enum { ALIVE = 0x600d, DEAD = 0xdead };

@interface Plain : NSObject {
  @public
    int state;
}
@end

@implementation Plain
- (id)init
{
    state = ALIVE;
    return self;
}
- (void)dealloc
{
    WRITE(state, DEAD);
    ADD(deaths);
    [super dealloc];
}
@end

/* Its own -release, which ends at NSObject's. */
@interface Passing : Plain
@end

@implementation Passing
- (id)retain
{
    return [super retain];
}
- (oneway void)release
{
    if (READ(state) == ALIVE)
        [super release];
}
@end

/* A count of its own, nothing of NSObject's. */
@interface Counting : Plain {
    int owners;
}
@end

@implementation Counting
- (id)init
{
    owners = 1;
    return [super init];
}
- (id)retain
{
    __atomic_add_fetch(&owners, 1, __ATOMIC_SEQ_CST);
    return self;
}
- (oneway void)release
{
    if (__atomic_sub_fetch(&owners, 1, __ATOMIC_SEQ_CST) == 0)
        [self dealloc];
}
@end

/* Observed while it is referred to: KVO gives it another class in the middle. */
@interface Observed : Plain {
    int value;
}
@end

@implementation Observed
- (void)setValue:(int)v
{
    value = v;
}
- (int)value
{
    return value;
}
- (void)observeValueForKeyPath:(NSString *)path
                      ofObject:(id)object
                        change:(NSDictionary *)change
                       context:(void *)context
{
}
@end

/* ---- References made nil by -dealloc alone: what one would write first ---- */

static pthread_mutex_t naive_lock = PTHREAD_MUTEX_INITIALIZER;
static id naive_slots[SLOTS];

@interface Naive : Plain
@end

@implementation Naive
- (void)dealloc
{
    sched_yield(); /* a subclass's -dealloc comes first and takes its time */
    pthread_mutex_lock(&naive_lock);
    for (int i = 0; i < SLOTS; i++)
        if (naive_slots[i] == self)
            naive_slots[i] = nil;
    pthread_mutex_unlock(&naive_lock);
    [super dealloc];
}
@end

static id
naive_load(int slot)
{
    id object;

    pthread_mutex_lock(&naive_lock);
    object = [naive_slots[slot] retain];
    pthread_mutex_unlock(&naive_lock);
    return object;
}

static void
naive_store(int slot, id object)
{
    pthread_mutex_lock(&naive_lock);
    naive_slots[slot] = object;
    pthread_mutex_unlock(&naive_lock);
}

/* ---- The storm ---- */

static mn_weak slots[SLOTS];
static bool naive;

static void
check(Plain *object)
{
    if (READ(object->state) != ALIVE)
        ADD(dead_given);
}

static void *
loader(void *data)
{
    unsigned r = (unsigned)(uintptr_t)data;

    while (!READ(stop) && (naive == false || READ(dead_given) == 0)) {
        int slot = (int)((r = r * 1103515245u + 12345u) >> 16) % SLOTS;
        Plain *object = naive ? naive_load(slot) : mn_weak_load(&slots[slot]);

        ADD(loads);
        if (object == nil) {
            ADD(nils);
            continue;
        }
        check(object);
        if (r >> 28 == 0)
            sched_yield();
        check(object);
        [object release];
    }
    return NULL;
}

/* Two owners let go at once: this thread and the one that takes objects from here. */
static void *handed_over; /* an object */

static void *
second_owner(void *data)
{
    while (!READ(stop)) {
        id object = __atomic_exchange_n(&handed_over, NULL, __ATOMIC_ACQ_REL);

        [object release];
    }
    [(id)__atomic_exchange_n(&handed_over, NULL, __ATOMIC_ACQ_REL) release];
    return NULL;
}

static void
one_life(Class cls, unsigned n)
{
    int slot = (int)(n % SLOTS);
    Plain *object = [[cls alloc] init];

    if (naive) {
        naive_store(slot, object);
    } else if (mn_weak_store(&slots[slot], object, NULL) != MEND_OK) {
        fprintf(stderr, "the store failed\n");
        _exit(2);
    }
    if (cls == [Observed class] && n % 2 == 0) {
        [object addObserver:object forKeyPath:@"value" options:0 context:NULL];
        [object removeObserver:object forKeyPath:@"value"];
    }
    if (n % 8 == 0)
        sched_yield();
    if (n % 4 == 1)
        [(id)__atomic_exchange_n(&handed_over, (void *)[object retain], __ATOMIC_ACQ_REL) release];
    [object release];
}

static int
storm(Class cls, int milliseconds)
{
    pthread_t threads[LOADERS + 1];
    struct timespec now, end;
    unsigned long lives = 0;

    WRITE(stop, 0);
    loads = nils = deaths = dead_given = 0;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += milliseconds / 1000;
    end.tv_nsec += milliseconds % 1000 * 1000000L;
    for (uintptr_t i = 0; i < LOADERS; i++)
        pthread_create(&threads[i], NULL, loader, (void *)(i + 1));
    pthread_create(&threads[LOADERS], NULL, second_owner, NULL);
    do {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];

        for (int i = 0; i < 100; i++)
            one_life(cls, (unsigned)lives++);
        [pool release];
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec)) &&
             READ(dead_given) == 0);
    WRITE(stop, 1);
    for (int i = 0; i <= LOADERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < SLOTS; i++)
        mn_weak_fini(&slots[i]);
    printf("%s: %lu lives, %lu deaths, %lu loads (%lu nil), %lu dead objects given away, %zu still known\n",
           class_getName(cls), lives, deaths, loads, nils, dead_given, mn_objects_tracked());
    if (naive)
        return dead_given != 0;
    return dead_given != 0 || deaths != lives || mn_objects_tracked() != 0;
}

static int
show_fault(void)
{
    for (int i = 1; i <= CONTROL_TRIES; i++) {
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
            execl("/proc/self/exe", "weak storm", "--control", (char *)NULL);
            _exit(0);
        }
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status) || WEXITSTATUS(status) != 0) {
            printf("control run %d gave a dying object away\n", i);
            return 0;
        }
    }
    printf("%d control runs, and no fault seen\n", CONTROL_TRIES);
    return 1;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    int failed = 0, scale = getenv("MEND_SCALE") != NULL ? atoi(getenv("MEND_SCALE")) : 1;

    counts_seen();
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1 && strcmp(argv[1], "--show-fault") == 0)
        return show_fault();
    if (argc > 1 && strcmp(argv[1], "--control") == 0) {
        naive = true;
        return storm([Naive class], 2000);
    }
    failed += storm([Plain class], 2500 * scale);
    failed += storm([Passing class], 2000 * scale);
    failed += storm([Counting class], 2000 * scale);
    failed += storm([Observed class], 1500 * scale);
    [pool release];
    return failed;
}
