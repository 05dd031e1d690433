/* SPDX-License-Identifier: MIT */
/* Weak references, one thread at a time, and with known meetings of threads; the storm is test_weak_storm.m.
 */
#import "mortals.h"

#include "base/alloc.h"
#include "runtime/create.h"
#include "runtime/exception.h"
#include "runtime/install.h"

#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void
refer(mn_weak *weak, id object)
{
    mend_error err = {0};

    if (mn_weak_store(weak, object, &err) != MEND_OK)
        fail_msg("%s", err.message);
}

/* What it refers to, not owned. */
static id
look(mn_weak *weak)
{
    id object = mn_weak_load(weak);

    [object release];
    return object;
}

static void
a_reference_gives_the_object_until_its_last_owner_lets_go(void **state)
{
    Mortal *object = mortal('d'), *loaded;
    mn_weak weak = {0};

    assert_null(mn_weak_load(&weak));
    refer(&weak, object);
    loaded = mn_weak_load(&weak);
    assert_ptr_equal(loaded, object);
    assert_int_equal([object retainCount], 2);
    [object release];
    assert_ptr_equal(look(&weak), loaded);
    assert_string_equal(trace, "");
    [loaded release];
    assert_string_equal(trace, "d");
    assert_null(mn_weak_load(&weak));
    mn_weak_fini(&weak);
}

static void
a_reference_does_not_own(void **state)
{
    Mortal *object = mortal('d');
    mn_weak weak = {0};

    refer(&weak, object);
    assert_int_equal([object retainCount], 1);
    mn_weak_fini(&weak);
    assert_int_equal([object retainCount], 1);
    assert_int_equal(mn_objects_tracked(), 0);
    [object release];
}

static void
all_references_become_nil_and_copies_too(void **state)
{
    Mortal *object = mortal(0), *other = mortal(0);
    mn_weak a = {0}, b = {0}, c = {0};

    refer(&a, object);
    refer(&b, other);
    mn_weak_copy(&b, &a);
    mn_weak_copy(&c, &b);
    assert_true(mn_weak_is(&b, object) && mn_weak_is(&c, object) && !mn_weak_is(&b, other));
    [object release];
    assert_null(look(&a));
    assert_null(look(&b));
    assert_null(look(&c));
    assert_true(mn_weak_is(&a, nil));
    mn_weak_copy(&a, &c);
    assert_null(look(&a));
    refer(&a, other);
    assert_ptr_equal(look(&a), other);
    refer(&a, nil);
    assert_true(mn_weak_is(&a, nil));
    mn_weak_fini(&a);
    mn_weak_fini(&b);
    mn_weak_fini(&c);
    [other release];
}

static void
a_successor_at_the_same_address_is_not_the_object(void **state)
{
    unsigned same = 0;

    for (int i = 0; i < 200; i++) {
        Mortal *object = mortal(0), *next[64];
        uintptr_t address = (uintptr_t)object;
        mn_weak weak = {0}, other = {0};
        int n = 0;

        refer(&weak, object);
        [object release];
        do {
            next[n] = mortal(0);
            assert_false(mn_weak_is(&weak, next[n]));
        } while ((uintptr_t)next[n++] != address && n < 64);
        same += (uintptr_t)next[n - 1] == address;
        assert_null(mn_weak_load(&weak));
        refer(&other, next[n - 1]); /* while the old reference is still about */
        assert_ptr_equal(look(&other), next[n - 1]);
        mn_weak_fini(&other);
        mn_weak_fini(&weak);
        while (n-- > 0)
            [next[n] release];
    }
    assert_true(same > 0 || getenv("ASAN_OPTIONS") != NULL);
}

static void
an_autoreleased_object_goes_with_its_pool(void **state)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Mortal *object = [mortal('d') autorelease];
    mn_weak weak = {0};

    refer(&weak, object);
    assert_ptr_equal([mn_weak_load(&weak) autorelease], object);
    assert_string_equal(trace, "");
    [pool release];
    assert_string_equal(trace, "d");
    assert_null(mn_weak_load(&weak));
    mn_weak_fini(&weak);
}

static void
an_array_lets_go_of_what_it_held(void **state)
{
    NSMutableArray *array = [[NSMutableArray alloc] init];
    mn_weak weak[20] = {{0}};

    for (int i = 0; i < 20; i++) {
        Mortal *m = mortal(0);

        refer(&weak[i], m);
        [array addObject:m];
        [m release];
        assert_ptr_equal(look(&weak[i]), m);
    }
    [array release];
    for (int i = 0; i < 20; i++) {
        assert_null(mn_weak_load(&weak[i]));
        mn_weak_fini(&weak[i]);
    }
}

/* ---- Objects that never die ---- */

static void
what_never_dies_is_never_nil(void **state)
{
    id immortals[] = {@"constant", [Mortal class], [NSNull null], [NSNumber numberWithInt:3]};

    for (unsigned i = 0; i < sizeof(immortals) / sizeof(immortals[0]); i++) {
        mn_weak weak = {0};

        refer(&weak, immortals[i]);
        for (int n = 0; n < 5; n++)
            [immortals[i] retain];
        for (int n = 0; n < 5; n++)
            [immortals[i] release];
        assert_ptr_equal(look(&weak), immortals[i]);
        mn_weak_fini(&weak);
    }
}

/* ---- Objects that count themselves ---- */

/* Not NSObject's count. One in a pool of its own, as custom allocation does. */
@interface Own : Mortal {
  @public
    int owners;
}
@end

@implementation Own
- (id)init
{
    owners = 1;
    return [super init];
}
- (id)retain
{
    owners++;
    return self;
}
- (oneway void)release
{
    if (--owners == 0)
        [self dealloc];
}
@end

@interface OwnChild : Own
@end
@implementation OwnChild
- (oneway void)release
{
    [super release];
}
@end

static void
an_object_that_counts_itself_is_asked_itself(void **state)
{
    Class classes[] = {[Own class], [OwnChild class], [Own class]};

    for (int i = 0; i < 3; i++) {
        Own *object = [[classes[i] alloc] init];
        mn_weak weak = {0};

        trace[0] = '\0';
        object->letter = 'd';
        refer(&weak, object);
        assert_ptr_equal(mn_weak_load(&weak), object);
        assert_int_equal(object->owners, 2);
        [object release];
        assert_int_equal(object->owners, 1);
        [object release];
        assert_string_equal(trace, "d");
        assert_null(mn_weak_load(&weak));
        mn_weak_fini(&weak);
    }
}

/* Memory of its own, no word before the object. */
static struct {
    Class isa;
    char rest[64];
} arena[2];

static void
an_object_outside_nsobjects_allocation_is_not_touched(void **state)
{
    Own *object = (Own *)&arena[1];
    mn_weak weak = {0};

    memset(arena, 0x5a, sizeof(arena));
    memset(&arena[1], 0, sizeof(arena[1]));
    arena[1].isa = [Own class];
    object->owners = 100;
    refer(&weak, object);
    assert_ptr_equal(look(&weak), object);
    assert_int_equal(object->owners, 100);
    for (size_t i = 0; i < sizeof(arena[0].rest); i++)
        assert_int_equal(arena[0].rest[i], 0x5a);
    mn_weak_fini(&weak);
}

/* Asks for itself in its own -release: nobody can know yet whether it is the last. */
static mn_weak to_itself;

@interface Curious : Mortal
@end
@implementation Curious
- (oneway void)release
{
    mark(mn_weak_load(&to_itself) == nil ? 'n' : 'y');
    [super release];
}
@end

static void
a_load_inside_the_objects_own_release_gives_nil_at_once(void **state)
{
    Curious *object = [[Curious alloc] init];

    refer(&to_itself, object);
    [object retain];
    [object release];
    assert_ptr_equal(mn_weak_load(&to_itself), object);
    trace[0] = '\0';
    [object release];
    [object release];
    assert_string_equal(trace, "nn");
    assert_null(mn_weak_load(&to_itself));
    mn_weak_fini(&to_itself);
}

/* Sleeps in -release, so that loads of other threads meet it there. */
static int in_release, go_on;

@interface Slow : Mortal {
  @public
    int owners;
}
@end
@implementation Slow
- (id)retain
{
    __atomic_add_fetch(&owners, 1, __ATOMIC_SEQ_CST);
    return self;
}
- (oneway void)release
{
    __atomic_store_n(&in_release, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&go_on, __ATOMIC_SEQ_CST))
        usleep(100);
    if (__atomic_sub_fetch(&owners, 1, __ATOMIC_SEQ_CST) < 0)
        [self dealloc];
}
@end

static void *
release_in_thread(void *object)
{
    [(id)object release];
    return NULL;
}

static void *
let_go_soon(void *data)
{
    usleep(30000);
    __atomic_store_n(&go_on, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void
a_load_waits_for_a_release_under_way(void **state)
{
    for (int owners = 0; owners < 2; owners++) {
        Slow *object = [[Slow alloc] init];
        pthread_t releaser, waker;
        mn_weak weak = {0};
        id loaded;

        object->owners = owners;
        in_release = go_on = 0;
        refer(&weak, object);
        pthread_create(&releaser, NULL, release_in_thread, object);
        while (!__atomic_load_n(&in_release, __ATOMIC_SEQ_CST))
            usleep(100);
        pthread_create(&waker, NULL, let_go_soon, NULL);
        loaded = mn_weak_load(&weak);
        pthread_join(releaser, NULL);
        pthread_join(waker, NULL);
        if (owners == 0) {
            assert_null(loaded); /* it was the last */
        } else {
            assert_ptr_equal(loaded, object);
            [object release];
            [object release];
        }
        mn_weak_fini(&weak);
    }
}

static void
a_load_gives_up_on_a_release_that_does_not_end(void **state)
{
    Slow *object = [[Slow alloc] init];
    pthread_t releaser;
    mn_weak weak = {0};
    struct timespec begin, end;

    object->owners = 1;
    in_release = go_on = 0;
    refer(&weak, object);
    pthread_create(&releaser, NULL, release_in_thread, object);
    while (!__atomic_load_n(&in_release, __ATOMIC_SEQ_CST))
        usleep(100);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    assert_null(mn_weak_load(&weak));
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_in_range(end.tv_sec - begin.tv_sec, 0, 20);
    __atomic_store_n(&go_on, 1, __ATOMIC_SEQ_CST);
    pthread_join(releaser, NULL);
    assert_ptr_equal(look(&weak), object);
    [object release];
    mn_weak_fini(&weak);
}

/* Sleeps in -retain. */
static int in_retain;

@interface Reluctant : Mortal {
  @public
    int owners;
}
@end
@implementation Reluctant
- (id)retain
{
    __atomic_store_n(&in_retain, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&go_on, __ATOMIC_SEQ_CST))
        usleep(100);
    __atomic_add_fetch(&owners, 1, __ATOMIC_SEQ_CST);
    return self;
}
- (oneway void)release
{
    if (__atomic_sub_fetch(&owners, 1, __ATOMIC_SEQ_CST) < 0)
        [self dealloc];
}
@end

static void *
load_in_thread(void *weak)
{
    return mn_weak_load(weak);
}

static void
a_release_is_put_off_until_a_load_has_retained(void **state)
{
    Reluctant *object = [[Reluctant alloc] init];
    mn_weak weak = {0};
    pthread_t loading;
    void *loaded;

    object->letter = 'd';
    in_retain = go_on = 0;
    refer(&weak, object);
    pthread_create(&loading, NULL, load_in_thread, &weak);
    while (!__atomic_load_n(&in_retain, __ATOMIC_SEQ_CST))
        usleep(100);
    [object release]; /* the only owner */
    assert_string_equal(trace, "");
    __atomic_store_n(&go_on, 1, __ATOMIC_SEQ_CST);
    pthread_join(loading, &loaded);
    assert_ptr_equal(loaded, object);
    assert_int_equal(object->owners, 0);
    assert_string_equal(trace, "");
    [object release];
    assert_string_equal(trace, "d");
    mn_weak_fini(&weak);
}

@interface Refuser : Mortal
@end
@implementation Refuser
- (id)retain
{
    [NSException raise:@"refused" format:@"in retain"];
    return self;
}
@end

static void
load_it(void *weak)
{
    mn_weak_load(weak);
}

static void
an_exception_out_of_retain_leaves_the_reference_usable(void **state)
{
    Refuser *object = [[Refuser alloc] init];
    mn_weak weak = {0};
    id exception;

    refer(&weak, object);
    for (int i = 0; i < 3; i++)
        assert_false(mn_try(load_it, &weak, &exception));
    assert_true(mn_weak_is(&weak, object));
    [object release];
    assert_null(mn_weak_load(&weak));
    mn_weak_fini(&weak);
}

/* ---- A release that goes past ours ---- */

/* The IMP a pool or a loop found before the class had its override. */
static void
a_load_after_an_old_release_counted_down_keeps_the_object(void **state)
{
    static mn_weak weak;
    void (*old_release)(id, SEL) = (void (*)(id, SEL))[NSObject instanceMethodForSelector:@selector(release)];
    Mortal *object = mortal('d');

    refer(&weak, object);
    assert_ptr_equal(mn_weak_load(&weak), object);
    old_release(object, @selector(release));
    assert_ptr_equal(mn_weak_load(&weak), object);
    old_release(object, @selector(release));
    assert_string_equal(trace, "");
    /* The two steps of the last one, with a load between them. */
    assert_int_equal(((long *)object)[-1], 0);
    assert_ptr_equal(mn_weak_load(&weak), object); /* after the count was seen to be 0 */
    [object dealloc];                              /* what that release then sends */
    assert_string_equal(trace, "");
    assert_int_equal([object retainCount], 1);
    [object release];
    assert_string_equal(trace, "d");
    assert_null(mn_weak_load(&weak));
    mn_weak_fini(&weak);
}

/* ---- KVO ---- */

@interface Seen : Mortal {
    int value;
}
@end
@implementation Seen
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
    mark('o');
}
@end

static void
observing_does_not_disturb_references_in_either_order(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    int remove_first = 1; /* GNUstep leaks what it knows of an object that dies observed */
#else
    int remove_first = 0;
#endif

    for (int first = 0; first < 2; first++)
        for (int remove = remove_first; remove < 2; remove++) {
            Seen *object = [[Seen alloc] init];
            mn_weak weak = {0};

            trace[0] = '\0';
            object->letter = 'd';
            if (first)
                [object addObserver:object forKeyPath:@"value" options:0 context:NULL];
            refer(&weak, object);
            if (!first)
                [object addObserver:object forKeyPath:@"value" options:0 context:NULL];
            assert_ptr_equal(look(&weak), object);
            [object setValue:1];
            assert_string_equal(trace, "o");
            if (remove)
                [object removeObserver:object forKeyPath:@"value"];
            [object release];
            assert_string_equal(trace, "od");
            assert_null(mn_weak_load(&weak));
            mn_weak_fini(&weak);
        }
}

/* ---- Overrides ---- */

static long host_releases;
static void (*replaced_release)(id, SEL);

static void
counting_release(id self, SEL _cmd)
{
    host_releases++;
    replaced_release(self, _cmd);
}

@interface Swizzled : Mortal
@end
@implementation Swizzled
@end

static void
a_host_may_replace_release_afterwards(void **state)
{
    struct mn_change change = {
        .cls = [Swizzled class],
        .sel = @selector(release),
        .imp = (IMP)counting_release
    };
    Swizzled *object = [[Swizzled alloc] init];
    mn_weak weak = {0};

    refer(&weak, object);
    assert_int_equal(mn_install_one(&change, NULL), MEND_OK);
    replaced_release = (void (*)(id, SEL))change.original;
    host_releases = 0;
    [object retain];
    [object release];
    assert_ptr_equal(look(&weak), object);
    [object release];
    assert_int_equal(host_releases, 3);
    assert_null(mn_weak_load(&weak));
    mn_weak_fini(&weak);
    assert_int_equal(mn_install_revert_one(&change, NULL), MEND_OK);
}

static void
too_many_levels_are_refused(void **state)
{
    Class cls = [Mortal class];
    mend_status st = MEND_OK;
    int depth = 0;

    for (; depth < 80 && st == MEND_OK; depth++) {
        char name[32];
        mn_weak weak = {0};
        mend_error err = {0};
        Mortal *object;

        snprintf(name, sizeof(name), "Deep%d", depth);
        assert_int_equal(mn_class_new(cls, name, &cls, NULL), MEND_OK);
        assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
        trace[0] = '\0';
        object = [[cls alloc] init];
        object->letter = 'd';
        st = mn_weak_store(&weak, object, &err);
        if (st == MEND_OK)
            assert_ptr_equal(look(&weak), object);
        else
            assert_string_equal(err.class_name, name);
        [object release];
        assert_string_equal(trace, "d");
        assert_null(mn_weak_load(&weak));
        mn_weak_fini(&weak);
    }
    assert_int_equal(st, MEND_REFUSED_OBJECT);
    assert_in_range(depth, 40, 66);
}

/* ---- No memory, forks ---- */

@interface Fresh : Mortal
@end
@implementation Fresh
@end

static void
without_memory_a_reference_stays_as_it_was(void **state)
{
    struct mn_faults f = {.keeps = true}; /* the class keeps its overrides */
    Mortal *old = mortal(0);
    mn_weak weak = {0};

    refer(&weak, old);
    while (mn_faults_next(&f)) {
        Fresh *object = [[Fresh alloc] init];
        mend_status st = mn_weak_store(&weak, object, NULL);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_true(mn_weak_is(&weak, old));
        } else {
            assert_int_equal(st, MEND_OK);
            assert_true(mn_weak_is(&weak, object));
        }
        refer(&weak, old);
        [object release];
    }
    mn_weak_fini(&weak);
    [old release];
}

static int stop;
static mn_weak busy;

static void *
load_and_release(void *data)
{
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE))
        [mn_weak_load(&busy) release];
    return NULL;
}

/* Own ones have flights and pins of threads that the child does not have. */
static void
a_child_finds_references_in_order(void **state)
{
    for (int own = 0; own < 2; own++) {
        Mortal *object = [[own ? [Slow class] : [Mortal class] alloc] init];
        pthread_t threads[2];

        if (own)
            ((Slow *)object)->owners = 0;
        go_on = 1;
        stop = 0;
        refer(&busy, object);
        for (int i = 0; i < 2; i++)
            pthread_create(&threads[i], NULL, load_and_release, NULL);
        for (int i = 0; i < 10; i++) {
            int status = -1;
            pid_t child;

            usleep(10000);
            if ((child = fork()) == 0) {
                mn_weak weak = {0};
                Mortal *mine = mortal(0);

                alarm(10);
                if (mn_weak_load(&busy) != object)
                    _exit(3);
                refer(&weak, mine);
                [mine release];
                _exit(mn_weak_load(&weak) != nil || !mn_weak_is(&busy, object));
            }
            waitpid(child, &status, 0);
            assert_int_equal(status, 0);
        }
        __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        [object release];
        assert_null(mn_weak_load(&busy));
        mn_weak_fini(&busy);
    }
}

/* Several threads store to one reference what they alone own, and load what others stored. */
static void *
store_and_load(void *data)
{
    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        Mortal *object = mortal(0), *loaded;

        if (mn_weak_store(&busy, object, NULL) != MEND_OK)
            abort();
        loaded = mn_weak_load(&busy);
        if (loaded != nil && loaded->letter != 0)
            abort();
        [object release];
        [loaded release];
    }
    return NULL;
}

static void
one_reference_may_be_stored_and_loaded_by_several_threads(void **state)
{
    pthread_t threads[3];
    size_t before = mn_alloc_live();

    stop = 0;
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, store_and_load, NULL);
    usleep(500000);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    mn_weak_fini(&busy);
    assert_int_equal(mn_alloc_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLEAN(a_reference_gives_the_object_until_its_last_owner_lets_go),
        CLEAN(a_reference_does_not_own),
        CLEAN(all_references_become_nil_and_copies_too),
        CLEAN(a_successor_at_the_same_address_is_not_the_object),
        CLEAN(an_autoreleased_object_goes_with_its_pool),
        CLEAN(an_array_lets_go_of_what_it_held),
        CLEAN(what_never_dies_is_never_nil),
        CLEAN(an_object_that_counts_itself_is_asked_itself),
        CLEAN(an_object_outside_nsobjects_allocation_is_not_touched),
        CLEAN(a_load_inside_the_objects_own_release_gives_nil_at_once),
        CLEAN(a_load_waits_for_a_release_under_way),
        CLEAN(a_load_gives_up_on_a_release_that_does_not_end),
        CLEAN(a_release_is_put_off_until_a_load_has_retained),
        CLEAN(an_exception_out_of_retain_leaves_the_reference_usable),
        CLEAN(a_load_after_an_old_release_counted_down_keeps_the_object),
        CLEAN(observing_does_not_disturb_references_in_either_order),
        CLEAN(a_host_may_replace_release_afterwards),
        CLEAN(too_many_levels_are_refused),
        CLEAN(without_memory_a_reference_stays_as_it_was),
        CLEAN(a_child_finds_references_in_order),
        CLEAN(one_reference_may_be_stored_and_loaded_by_several_threads),
    };

    counts_seen();
    [NSAutoreleasePool new];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
