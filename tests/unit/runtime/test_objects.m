/* SPDX-License-Identifier: MIT */
/* Side storage and watches of an object's death. */
#import "mortals.h"

#include "base/alloc.h"
#include "runtime/create.h"
#include "runtime/exception.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static const char key, other_key;

static id
owned(id object, const void *k)
{
    return [mn_side_get(object, k) autorelease];
}

static void
store(id object, const void *k, id value)
{
    mend_error err = {0};

    if (mn_side_set(object, k, value, MN_SIDE_RETAIN, &err) != MEND_OK)
        fail_msg("%s", err.message);
}

static void
watch(id object, const char *letter, struct mn_watch **w)
{
    mend_error err = {0};

    if (mn_object_on_death(object, mark_death, (void *)letter, w, &err) != MEND_OK)
        fail_msg("%s", err.message);
}

/* A value nobody else owns. */
static void
store_mortal(id object, const void *k, char letter)
{
    Mortal *value = mortal(letter);

    store(object, k, value);
    [value release];
}

/* ---- Side storage ---- */

static void
a_value_is_kept_by_object_and_key(void **state)
{
    Mortal *a = mortal(0), *b = mortal(0);

    store(a, &key, @"a");
    store(a, &other_key, @"other");
    store(b, &key, @"b");
    assert_true([owned(a, &key) isEqual:@"a"]);
    assert_true([owned(a, &other_key) isEqual:@"other"]);
    assert_true([owned(b, &key) isEqual:@"b"]);
    assert_null(owned(b, &other_key));
    [a release];
    [b release];
}

static void
a_retained_value_lives_as_long_as_the_object(void **state)
{
    Mortal *object = mortal('o'), *value = mortal('v');

    store(object, &key, value);
    [value release];
    assert_string_equal(trace, "");
    [object release];
    assert_string_equal(trace, "ov");
}

static void
a_copied_value_is_a_copy(void **state)
{
    Mortal *object = mortal(0), *value = mortal('v');

    assert_int_equal(mn_side_set(object, &key, value, MN_SIDE_COPY, NULL), MEND_OK);
    [value release];
    assert_string_equal(trace, "v");
    [object release];
    assert_string_equal(trace, "vc");
}

static void
replacing_releases_the_old_value(void **state)
{
    Mortal *object = mortal(0), *old = mortal('1'), *new = mortal('2');

    store(object, &key, old);
    [old release];
    store(object, &key, new);
    [new release];
    assert_string_equal(trace, "1");
    store(object, &key, nil);
    assert_string_equal(trace, "12");
    assert_int_equal(mn_objects_tracked(), 0);
    [object release];
}

static void
a_pointer_is_destroyed_when_replaced_removed_or_at_death(void **state)
{
    Mortal *object = mortal('o');

    assert_int_equal(mn_side_set_pointer(object, &key, "1", mark_pointer, NULL), MEND_OK);
    assert_int_equal(mn_side_set_pointer(object, &key, "2", mark_pointer, NULL), MEND_OK);
    assert_string_equal(trace, "1");
    assert_string_equal(mn_side_peek_pointer(object, &key), "2");
    assert_true(mn_side_remove(object, &key));
    assert_false(mn_side_remove(object, &key));
    assert_string_equal(trace, "12");
    assert_int_equal(mn_side_set_pointer(object, &key, "3", mark_pointer, NULL), MEND_OK);
    assert_int_equal(mn_side_set_pointer(object, &other_key, "never", NULL, NULL), MEND_OK);
    [object release];
    assert_string_equal(trace, "12o3");
}

static void
adding_a_pointer_keeps_what_is_there(void **state)
{
    Mortal *object = mortal(0);
    void *now;

    assert_int_equal(mn_side_add_pointer(object, &key, "1", mark_pointer, &now, NULL), MEND_OK);
    assert_string_equal(now, "1");
    assert_int_equal(mn_side_add_pointer(object, &key, "2", mark_pointer, &now, NULL), MEND_OK);
    assert_string_equal(now, "1");
    store(object, &other_key, @"object");
    assert_int_equal(mn_side_add_pointer(object, &other_key, "3", mark_pointer, &now, NULL), MEND_EXISTS);
    assert_string_equal(trace, "");
    [object release];
}

static void
objects_and_pointers_are_not_taken_for_one_another(void **state)
{
    Mortal *object = mortal(0);

    store(object, &key, @"object");
    assert_int_equal(mn_side_set_pointer(object, &other_key, "pointer", NULL, NULL), MEND_OK);
    assert_null(mn_side_peek_pointer(object, &key));
    assert_null(mn_side_get(object, &other_key));
    mn_side_remove_all(object);
    assert_null(mn_side_get(object, &key));
    assert_int_equal(mn_objects_tracked(), 0);
    [object release];
}

/* Reads what a category of the host would read in its -dealloc. */
@interface Reader : Mortal
@end

@implementation Reader
- (void)dealloc
{
    Mortal *value = mn_side_get(self, &key);

    mark(value != nil ? 'r' : '-');
    [value release];
    store_mortal(self, &other_key, 's');
    [super dealloc];
}
@end

static void
values_can_be_read_and_set_in_dealloc(void **state)
{
    Reader *object = [[Reader alloc] init];

    store_mortal(object, &key, 'v');
    [object release];
    assert_string_equal(trace, "rvs");
}

/* Stores beside its owner while it dies with it. */
@interface Nuisance : Mortal {
  @public
    id owner;
}
@end

@implementation Nuisance
- (void)dealloc
{
    mend_error err;

    assert_int_equal(mn_side_set(owner, &other_key, @"too late", MN_SIDE_RETAIN, &err), MEND_REFUSED_OBJECT);
    assert_null(mn_side_get(owner, &key));
    mark('n');
    [super dealloc];
}
@end

static void
nothing_is_stored_beside_an_object_that_is_being_freed(void **state)
{
    Mortal *object = mortal(0);
    Nuisance *value = [[Nuisance alloc] init];

    value->owner = object;
    store(object, &key, value);
    [value release];
    [object release];
    assert_string_equal(trace, "n");
}

/* Replaces itself while it is being released as the old value: deadlock if a lock were held. */
@interface Restless : Mortal {
  @public
    id owner;
}
@end

@implementation Restless
- (void)dealloc
{
    store(owner, &key, @"again");
    [super dealloc];
}
@end

static void
a_values_dealloc_may_store_too(void **state)
{
    Mortal *object = mortal(0);
    Restless *value = [[Restless alloc] init];

    value->owner = object;
    store(object, &key, value);
    [value release];
    store(object, &key, @"new");
    assert_true([owned(object, &key) isEqual:@"again"]);
    [object release];
}

static void
classes_and_constant_strings_keep_values_for_ever(void **state)
{
    store([Mortal class], &key, @"class");
    store(@"constant", &key, @"string");
    assert_true([owned([Mortal class], &key) isEqual:@"class"]);
    assert_true([owned(@"constant", &key) isEqual:@"string"]);
    [@"constant" release];
    assert_true([owned(@"constant", &key) isEqual:@"string"]);
    mn_side_remove_all([Mortal class]);
    mn_side_remove_all(@"constant");
}

static void
nil_and_a_missing_key_are_refused(void **state)
{
    mend_error err;

    assert_int_equal(mn_side_set(nil, &key, @"x", MN_SIDE_RETAIN, &err), MEND_INVALID);
    assert_int_equal(mn_side_set(@"s", NULL, @"x", MN_SIDE_RETAIN, &err), MEND_INVALID);
    assert_null(mn_side_get(nil, &key));
    assert_false(mn_side_remove(nil, &key));
    mn_side_remove_all(nil);
}

/* ---- Death ---- */

static void
a_watch_runs_before_dealloc_and_values_go_after_it(void **state)
{
    Mortal *object = mortal('d');

    watch(object, "1", NULL);
    watch(object, "2", NULL);
    store_mortal(object, &key, 'v');
    [object retain];
    [object release];
    assert_string_equal(trace, "");
    [object release];
    assert_string_equal(trace, "12dv");
}

static void
a_cancelled_watch_does_not_run(void **state)
{
    Mortal *object = mortal('d');
    struct mn_watch *first, *second, *third;

    watch(object, "1", &first);
    watch(object, "2", &second);
    watch(object, "3", &third);
    assert_true(mn_watch_cancel(second));
    [object release];
    assert_string_equal(trace, "13d");
    assert_false(mn_watch_cancel(first));
    assert_false(mn_watch_cancel(third));
    assert_false(mn_watch_cancel(NULL));
}

/* Cancels the other, whichever comes first. */
static struct mn_watch *pair[2];

static void
cancel_the_other(id object, void *data)
{
    mark(mn_watch_cancel(pair[1]) ? 'y' : 'n');
}

static void
a_watch_may_cancel_another(void **state)
{
    Mortal *object = mortal('d');

    assert_int_equal(mn_object_on_death(object, cancel_the_other, NULL, NULL, NULL), MEND_OK);
    watch(object, "2", &pair[1]);
    [object release];
    assert_string_equal(trace, "yd");
}

/* Frees a watched object and allocates until its address returns. */
static void
a_watch_never_runs_for_a_successor(void **state)
{
    unsigned same = 0;

    for (int i = 0; i < 200; i++) {
        Mortal *object = mortal(0), *successors[64];
        uintptr_t address = (uintptr_t)object;
        int n = 0;

        watch(object, "w", NULL);
        store(object, &key, @"old");
        [object release];
        assert_string_equal(trace, "w");
        trace[0] = '\0';
        do {
            successors[n] = mortal(0);
            assert_null(mn_side_get(successors[n], &key));
        } while ((uintptr_t)successors[n++] != address && n < 64);
        same += (uintptr_t)successors[n - 1] == address;
        while (n-- > 0)
            [successors[n] release];
        assert_string_equal(trace, "");
    }
    assert_true(same > 0 || getenv("ASAN_OPTIONS") != NULL); /* else the test has shown nothing */
}

/* A chain of classes with a -dealloc each. */
@interface Middle : Mortal
@end
@implementation Middle
- (void)dealloc
{
    mark('M');
    [super dealloc];
}
@end
@interface Leaf : Middle
@end
@implementation Leaf
- (void)dealloc
{
    mark('L');
    [super dealloc];
}
@end

static void
every_dealloc_of_a_chain_of_watched_classes_runs_once(void **state)
{
    Class order[][3] = {{[Mortal class], [Leaf class], [Middle class]},
                        {[Leaf class], [Middle class], [Mortal class]}};

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3; i++) {
            Mortal *watched = [[order[round][i] alloc] init], *free = [[order[round][i] alloc] init];
            const char *expected = order[round][i] == [Leaf class]     ? "wLMdLMd"
                                   : order[round][i] == [Middle class] ? "wMdMd"
                                                                       : "wdd";

            watched->letter = free->letter = 'd';
            watch(watched, "w", NULL);
            [watched release];
            [free release];
            assert_string_equal(trace, expected);
            trace[0] = '\0';
        }
}

/* Kept for reuse instead of freed. */
static id kept;

@interface Recycled : NSObject
@end
@implementation Recycled
- (void)dealloc
{
    mark('k');
    kept = self;
    if (NO)
        [super dealloc];
}
- (void)reallyGo
{
    [super dealloc];
}
@end

static void
an_object_kept_for_reuse_has_died_all_the_same(void **state)
{
    Recycled *object = [[Recycled alloc] init];

    watch(object, "w", NULL);
    store_mortal(object, &key, 'v');
    [object release];
    assert_string_equal(trace, "wkv");
    assert_null(mn_side_get(kept, &key));
    watch(kept, "2", NULL);
    [kept release];
    assert_string_equal(trace, "wkv2k");
    [kept reallyGo];
}

/* Is stored at, watched and referred to for the first time when it is dying, which nobody can know. */
static mn_weak late_reference;

@interface Late : Mortal
@end
@implementation Late
- (void)dealloc
{
    watch(self, "l", NULL);
    store_mortal(self, &key, 'v');
    assert_int_equal(mn_weak_store(&late_reference, self, NULL), MEND_OK);
    [super dealloc];
}
@end

static void
what_comes_first_in_dealloc_goes_with_the_object_all_the_same(void **state)
{
    for (int i = 0; i < 2; i++) {
        Late *object = [[Late alloc] init];

        trace[0] = '\0';
        object->letter = 'd';
        [object release];
        assert_string_equal(trace, "ldv"); /* seen at the next -dealloc above */
        assert_null(mn_weak_load(&late_reference));
    }
    mn_weak_fini(&late_reference);
}

/* The same object, watched before: now it can be known. */
@interface Dying : Mortal
@end
@implementation Dying
- (void)dealloc
{
    mend_error err;

    assert_int_equal(mn_object_on_death(self, mark_death, "x", NULL, &err), MEND_REFUSED_OBJECT);
    assert_int_equal(mn_weak_store(&late_reference, self, &err), MEND_REFUSED_OBJECT);
    [super dealloc];
}
@end

static void
a_dying_object_is_neither_watched_nor_referred_to(void **state)
{
    Dying *object = [[Dying alloc] init];

    watch(object, "w", NULL);
    [object release];
    assert_string_equal(trace, "w");
}

@interface Watched : NSObject {
    int value;
}
@end
@implementation Watched
- (void)setValue:(int)v
{
    value = v;
}
- (int)value
{
    return value;
}
- (void)dealloc
{
    mark('d');
    [super dealloc];
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
an_object_observed_before_or_after_dies_as_any_other(void **state)
{
    for (int before = 0; before < 2; before++) {
        Watched *object = [[Watched alloc] init], *observer = [[Watched alloc] init];

        trace[0] = '\0';
        if (before)
            [object addObserver:observer forKeyPath:@"value" options:0 context:NULL];
        watch(object, "w", NULL);
        store_mortal(object, &key, 'v');
        if (!before)
            [object addObserver:observer forKeyPath:@"value" options:0 context:NULL];
        [object setValue:1];
        assert_string_equal(trace, "o");
        [object removeObserver:observer forKeyPath:@"value"];
        [object release];
        assert_string_equal(trace, "owdv");
        [observer release];
    }
}

static void
a_proxy_can_be_watched(void **state)
{
    NSProxy *proxy = [[NSProxy class] alloc];

    watch(proxy, "p", NULL);
    store_mortal(proxy, &key, 'v');
    [proxy release];
    assert_string_equal(trace, "pv");
}

static void
a_root_class_without_dealloc_is_refused(void **state)
{
    mend_error err = {0};
    id object;
    Class cls;

    assert_int_equal(mn_class_new(Nil, "Rootless", &cls, NULL), MEND_OK);
    assert_int_equal(mn_class_add_ivar(cls, "isa", sizeof(Class), sizeof(Class), "#", NULL), MEND_OK);
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
    object = class_createInstance(cls, 0);
    assert_int_equal(mn_object_on_death(object, mark_death, "x", NULL, &err), MEND_REFUSED_OBJECT);
    assert_string_equal(err.class_name, "Rootless");
    assert_string_equal(err.selector, "dealloc");
    object_dispose(object);
}

/* ---- An exception out of -dealloc, and of a value's ---- */

@interface Thrower : NSObject
@end
@implementation Thrower
- (void)dealloc
{
    if (NO)
        [super dealloc];
    [NSException raise:@"thrown" format:@"in dealloc"];
}
@end

static void
release_it(void *object)
{
    [(id)object release];
}

static void
an_exception_out_of_dealloc_leaves_nothing_behind(void **state)
{
    Thrower *object = [[Thrower alloc] init];
    id exception = nil;

    watch(object, "w", NULL);
    store_mortal(object, &key, 'v');
    assert_false(mn_try(release_it, object, &exception));
    assert_true([[exception name] isEqual:@"thrown"]);
    assert_string_equal(trace, "wv");
    assert_int_equal(mn_objects_tracked(), 0);
    NSDeallocateObject(object);
}

static void
a_value_that_throws_does_not_keep_the_others(void **state)
{
    Mortal *object = mortal(0);
    Thrower *thrower = [[Thrower alloc] init];
    id exception = nil;

    store(object, &key, thrower);
    store_mortal(object, &other_key, 'v');
    [thrower release];
    assert_false(mn_try(release_it, object, &exception));
    assert_string_equal(trace, "v");
    assert_int_equal(mn_objects_tracked(), 0);
    NSDeallocateObject(object);
    NSDeallocateObject(thrower);
}

/* ---- No memory, forks, threads ---- */

@interface Fresh0 : Mortal
@end
@implementation Fresh0
@end

static void
without_memory_nothing_is_stored(void **state)
{
    struct mn_faults f = {.keeps = true}; /* the class keeps its override */
    Mortal *object = [[Fresh0 alloc] init];

    store(object, &key, @"old");
    while (mn_faults_next(&f)) {
        mend_error err = {0};
        mend_status st = mn_side_set(object, &key, @"new", MN_SIDE_RETAIN, &err);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_true([owned(object, &key) isEqual:@"old"]);
        } else {
            assert_int_equal(st, MEND_OK);
        }
    }
    [object release];
}

static void
without_memory_no_pointer_is_taken(void **state)
{
    struct mn_faults f = {0};
    Mortal *object = mortal(0);

    while (mn_faults_next(&f)) {
        void *now = NULL;
        mend_status st = mn_side_add_pointer(object, &key, "p", mark_pointer, &now, NULL);

        assert_int_equal(st, mn_faults_hit(&f) ? MEND_NO_MEMORY : MEND_OK);
        assert_int_equal(now != NULL, st == MEND_OK);
        mn_side_remove_all(object);
        st = mn_side_set_pointer(object, &key, "p", NULL, NULL);
        assert_int_equal(st, MEND_OK);
        mn_side_remove_all(object);
    }
    [object release];
}

@interface Fresh1 : Mortal
@end
@implementation Fresh1
@end

static void
without_memory_no_watch_is_set(void **state)
{
    struct mn_faults f = {.keeps = true};

    while (mn_faults_next(&f)) {
        Mortal *object = [[Fresh1 alloc] init];
        struct mn_watch *w = (void *)1;
        mend_status st = mn_object_on_death(object, mark_death, "w", &w, NULL);

        trace[0] = '\0';
        assert_int_equal(st, mn_faults_hit(&f) ? MEND_NO_MEMORY : MEND_OK);
        assert_int_equal(w != NULL, st == MEND_OK);
        [object release];
        assert_string_equal(trace, st == MEND_OK ? "w" : "");
        mn_watch_cancel(w);
    }
}

static void
what_dies_gives_back_every_byte(void **state)
{
    size_t before;

    for (int round = 0; round < 2; round++) {
        Mortal *objects[300];

        before = mn_alloc_live(); /* of the second round: the classes have their overrides */
        for (int i = 0; i < 300; i++) {
            objects[i] = mortal(0);
            store(objects[i], &key, @"value");
            watch(objects[i], "w", NULL);
        }
        for (int i = 0; i < 300; i++)
            [objects[i] release];
    }
    assert_int_equal(mn_alloc_live(), before);
}

static int churn;

static void *
churner(void *data)
{
    id shared = data;
    unsigned n = 0;

    while (!__atomic_load_n(&churn, __ATOMIC_ACQUIRE)) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        Mortal *own = mortal(0), *value = mortal(0);

        mn_side_set(shared, n % 2 ? &key : &other_key, value, MN_SIDE_RETAIN, NULL);
        mn_side_set(own, &key, value, MN_SIDE_RETAIN, NULL);
        [value release];
        value = mn_side_get(shared, n++ % 3 ? &key : &other_key);
        if (value != nil && value->letter != 0)
            abort();
        [value release];
        [own release];
        [pool release];
    }
    return NULL;
}

static void
threads_may_store_and_read_at_one_object(void **state)
{
    Mortal *shared = mortal(0);
    pthread_t threads[3];

    churn = 0;
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, churner, shared);
    for (int i = 0; i < 8; i++) {
        int status = -1;
        pid_t child;

        usleep(60000);
        child = fork(); /* in the middle of it */
        if (child == 0) {
            Mortal *object = mortal('c');

            alarm(10);
            store(object, &key, @"child");
            watch(object, "w", NULL);
            store(shared, &key, nil);
            [object release];
            _exit(strcmp(trace, "wc") != 0);
        }
        waitpid(child, &status, 0);
        assert_int_equal(status, 0);
    }
    __atomic_store_n(&churn, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    [shared release];
}

/* Exactly one of canceller and watch has the data. */
static int owned_by_watch;

static void
take(id object, void *data)
{
    __atomic_fetch_add((int *)data, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&owned_by_watch, 1, __ATOMIC_RELAXED);
}

static struct mn_watch *to_cancel;
static pthread_barrier_t line;

static void *
canceller(void *data)
{
    unsigned long taken = 0;

    for (int i = 0; i < 3000; i++) {
        pthread_barrier_wait(&line);
        taken += mn_watch_cancel(to_cancel);
        pthread_barrier_wait(&line);
    }
    return (void *)taken;
}

static void
either_the_canceller_or_the_watch_takes_the_data(void **state)
{
    pthread_t thread;
    void *taken;
    int data = 0;

    owned_by_watch = 0;
    pthread_barrier_init(&line, NULL, 2);
    pthread_create(&thread, NULL, canceller, NULL);
    for (int i = 0; i < 3000; i++) {
        Mortal *object = mortal(0);

        assert_int_equal(mn_object_on_death(object, take, &data, &to_cancel, NULL), MEND_OK);
        pthread_barrier_wait(&line);
        [object release];
        pthread_barrier_wait(&line);
    }
    pthread_join(thread, &taken);
    assert_int_equal(data, owned_by_watch);
    assert_int_equal((unsigned long)taken + (unsigned long)owned_by_watch, 3000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CLEAN(a_value_is_kept_by_object_and_key),
        CLEAN(a_retained_value_lives_as_long_as_the_object),
        CLEAN(a_copied_value_is_a_copy),
        CLEAN(replacing_releases_the_old_value),
        CLEAN(a_pointer_is_destroyed_when_replaced_removed_or_at_death),
        CLEAN(adding_a_pointer_keeps_what_is_there),
        CLEAN(objects_and_pointers_are_not_taken_for_one_another),
        CLEAN(values_can_be_read_and_set_in_dealloc),
        CLEAN(nothing_is_stored_beside_an_object_that_is_being_freed),
        CLEAN(a_values_dealloc_may_store_too),
        CLEAN(classes_and_constant_strings_keep_values_for_ever),
        CLEAN(nil_and_a_missing_key_are_refused),
        CLEAN(a_watch_runs_before_dealloc_and_values_go_after_it),
        CLEAN(a_cancelled_watch_does_not_run),
        CLEAN(a_watch_may_cancel_another),
        CLEAN(a_watch_never_runs_for_a_successor),
        CLEAN(every_dealloc_of_a_chain_of_watched_classes_runs_once),
        CLEAN(an_object_kept_for_reuse_has_died_all_the_same),
        CLEAN(what_comes_first_in_dealloc_goes_with_the_object_all_the_same),
        CLEAN(a_dying_object_is_neither_watched_nor_referred_to),
        CLEAN(an_object_observed_before_or_after_dies_as_any_other),
        CLEAN(a_proxy_can_be_watched),
        CLEAN(a_root_class_without_dealloc_is_refused),
        CLEAN(an_exception_out_of_dealloc_leaves_nothing_behind),
        CLEAN(a_value_that_throws_does_not_keep_the_others),
        CLEAN(without_memory_nothing_is_stored),
        CLEAN(without_memory_no_pointer_is_taken),
        CLEAN(without_memory_no_watch_is_set),
        CLEAN(what_dies_gives_back_every_byte),
        CLEAN(threads_may_store_and_read_at_one_object),
        CLEAN(either_the_canceller_or_the_watch_takes_the_data),
    };

    counts_seen();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
