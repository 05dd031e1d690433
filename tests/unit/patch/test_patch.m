/* SPDX-License-Identifier: MIT */
/* A patch as one unit: source text in, changed methods out, and back. */
#include <mend/patch.h>

#include "base/alloc.h"
#include <mend/hook.h>
#include <mend/queue.h>
#include "support/faults.h"

#include <Foundation/Foundation.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static int deallocs;

@interface PatchTill : NSObject
- (int)total;
- (int)tax:(int)percent;
+ (int)tills;
@end

@implementation PatchTill
- (int)total
{
    return 1;
}
- (int)tax:(int)percent
{
    return percent;
}
+ (int)tills
{
    return 10;
}
- (void)dealloc
{
    deallocs++;
    [super dealloc];
}
@end

@interface PatchExpress : PatchTill
@end
@implementation PatchExpress
@end

/* Methods that patches give to the fixture. */
@interface NSObject (PatchTests)
- (int)rebate;
- (int)pump;
@end

struct findings {
    unsigned errors;
    char first[400];
};

static void
note(void *data, const mend_diagnostic *finding)
{
    struct findings *f = data;

    if (finding->severity == MEND_ERROR && f->errors++ == 0)
        snprintf(f->first, sizeof f->first, "%s:%u: %s", finding->file, finding->line, finding->message);
}

static mend_status
apply(const char *id, const char *text, mend_error *err)
{
    mend_source source = {.name = "till.m", .id = id, .text = text, .length = strlen(text)};
    struct findings findings = {0};
    mend_status st = mend_patch_apply(&source, note, &findings, NULL, err);

    if (findings.errors != 0 && st == MEND_OK)
        fail_msg("applied in spite of %s", findings.first);
    return st;
}

static void
must_apply(const char *id, const char *text)
{
    mend_error err = {0};

    if (apply(id, text, &err) != MEND_OK)
        fail_msg("%s: %s:%u:%u %s (%s)", id, err.file, err.line, err.column, err.message, err.remedy);
}

static void
must_revert(const char *id)
{
    mend_error err = {0};

    if (mend_patch_revert(id, &err) != MEND_OK)
        fail_msg("%s: %s", id, err.message);
}

static IMP
imp_of(Class cls, const char *name)
{
    return class_getMethodImplementation(cls, sel_registerName(name));
}

static int
total(void)
{
    PatchTill *till = [PatchTill new];
    int sum = [till total];

    [till release];
    return sum;
}

static int
count_patch(void *data, const mend_patch_info *info)
{
    ++*(int *)data;
    return 1;
}

static int
patches(void)
{
    int count = 0;

    assert_int_equal(mend_patch_each(count_patch, &count, NULL), MEND_OK);
    return count;
}

static void
replaces_methods_and_gives_the_exact_imp_back(void **state)
{
    IMP before = imp_of([PatchTill class], "total"), meta = imp_of(object_getClass([PatchTill class]), "tills");

    assert_int_equal(total(), 1);
    must_apply("a", "@implementation PatchTill\n- (int)total { return 2; }\n+ (int)tills { return 20; }\n@end\n");
    assert_int_equal(total(), 2);
    assert_int_equal([PatchTill tills], 20);
    assert_int_equal([PatchExpress tills], 20);
    assert_int_equal(patches(), 1);
    must_revert("a");
    assert_int_equal(total(), 1);
    assert_int_equal([PatchTill tills], 10);
    assert_ptr_equal(imp_of([PatchTill class], "total"), before);
    assert_ptr_equal(imp_of(object_getClass([PatchTill class]), "tills"), meta);
    assert_int_equal(patches(), 0);
}

static void
the_same_id_replaces_its_earlier_version(void **state)
{
    must_apply("a", "@implementation PatchTill\n- (int)total { return 2; }\n- (int)tax:(int)p { return 0; }\n@end\n");
    must_apply("a", "@implementation PatchTill\n- (int)total { return [self ORGtotal] + 2; }\n@end\n");
    assert_int_equal(patches(), 1);
    assert_int_equal(total(), 3);
    assert_int_equal([[[PatchTill new] autorelease] tax:7], 7);
    must_revert("a");
    assert_int_equal(total(), 1);
}

static void
another_id_stacks_and_comes_off_in_any_order(void **state)
{
    const char *a = "@implementation PatchTill\n- (int)total { return 2; }\n@end\n";
    const char *b = "@implementation PatchTill\n- (int)total { return 3; }\n@end\n";

    must_apply("a", a);
    must_apply("b", b);
    assert_int_equal(total(), 3);
    must_revert("a");
    assert_int_equal(total(), 3);
    must_revert("b");
    assert_int_equal(total(), 1);
    must_apply("a", a);
    must_apply("b", b);
    must_revert("b");
    assert_int_equal(total(), 2);
    must_revert("a");
    assert_int_equal(total(), 1);
}

static void
one_error_anywhere_changes_nothing(void **state)
{
    static const char *const bad[] = {
        "@implementation PatchTill\n- (int)total { return 2; }\n- (int)tax:(int)p { return p +; }\n@end\n",
        "@implementation PatchTill\n- (int)total { return 2; }\n@end\n@implementation PatchTill2 : NoSuchBase\n- (int)x { return 1; }\n@end\n",
        "@implementation PatchTill\n- (int)total { return 2; }\n- (void)tax:(int)p { }\n@end\n",
        "@implementation PatchTill\n- (int)total { return 2; }\n- (int)tax:(int)p { return [self noSuchThingAtAll]; }\n@end\n",
        "@implementation PatchTill\n- (int)total { return 2; }\n- (id)retain { return self; }\n@end\n",
        "", "\0\0", "@implementation",
    };
    IMP before = imp_of([PatchTill class], "total");
    mend_error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mend_status st = apply("bad", bad[i], &err);

        if (bad[i][0] == '\0' && st == MEND_OK) { /* an empty patch is a patch that changes nothing */
            must_revert("bad");
            continue;
        }
        if (st == MEND_OK)
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(err.status, st);
        assert_string_not_equal(err.message, "");
        assert_string_not_equal(err.remedy, "");
        assert_ptr_equal(imp_of([PatchTill class], "total"), before);
        assert_int_equal(total(), 1);
        assert_int_equal(patches(), 0);
    }
}

static void
a_method_the_patch_added_is_unknown_again_after_revert(void **state)
{
    PatchTill *till = [PatchTill new];
    SEL rebate = sel_registerName("rebate");

    assert_false([till respondsToSelector:rebate]);
    must_apply("a", "@implementation PatchTill\n- (int)rebate { return 5; }\n@end\n");
    assert_true([till respondsToSelector:rebate]);
    assert_int_equal([till rebate], 5);
    assert_int_equal([[[PatchExpress new] autorelease] rebate], 5);
    must_revert("a");
    assert_false([till respondsToSelector:rebate]);
    assert_false([PatchExpress instancesRespondToSelector:rebate]);
    [till release];
}

static void
an_inherited_method_is_patched_on_the_subclass_alone(void **state)
{
    must_apply("a", "@implementation PatchExpress\n- (int)total { return [super total] + 40; }\n@end\n");
    assert_int_equal([[[PatchExpress new] autorelease] total], 41);
    assert_int_equal(total(), 1);
    must_apply("b", "@implementation PatchTill\n- (int)total { return 2; }\n@end\n");
    assert_int_equal([[[PatchExpress new] autorelease] total], 42);
    must_revert("a");
    assert_int_equal([[[PatchExpress new] autorelease] total], 2);
    must_revert("b");
    assert_int_equal([[[PatchExpress new] autorelease] total], 1);
}

static void
a_class_the_patch_brings_along_is_orphaned_and_reused(void **state)
{
    const char *text = "@interface PatchPump : PatchTill\n@end\n"
                       "@implementation PatchPump\n- (int)pump { return 3; }\n- (int)total { return 8; }\n@end\n";
    Class pump;

    assert_null(objc_getClass("PatchPump"));
    must_apply("a", text);
    pump = objc_getClass("PatchPump");
    assert_non_null(pump);
    assert_int_equal([[[pump new] autorelease] pump], 3);
    assert_int_equal([[[pump new] autorelease] total], 8);
    must_revert("a");
    assert_ptr_equal(objc_getClass("PatchPump"), pump);
    assert_false([pump instancesRespondToSelector:sel_registerName("pump")]);
    assert_int_equal([[[pump new] autorelease] total], 1);
    must_apply("a", text);
    assert_ptr_equal(objc_getClass("PatchPump"), pump);
    assert_int_equal([[[pump new] autorelease] pump], 3);
    must_revert("a");
}

static void
dealloc_runs_the_body_then_what_was_there_exactly_once(void **state)
{
    must_apply("a", "@implementation PatchTill\n- (void)dealloc { [self tax: 1]; }\n@end\n");
    deallocs = 0;
    [[PatchTill new] release];
    assert_int_equal(deallocs, 1);
    must_apply("a", "@implementation PatchTill\n- (void)dealloc { [self ORGdealloc]; }\n@end\n");
    deallocs = 0;
    [[PatchTill new] release];
    assert_int_equal(deallocs, 1);
    must_revert("a");
    deallocs = 0;
    [[PatchTill new] release];
    assert_int_equal(deallocs, 1);
}

static int
note_owner(void *data, const mend_hook_info *info)
{
    if (info->owner != NULL && strcmp(info->selector, "total") == 0)
        snprintf(data, 32, "%s", info->owner);
    return 1;
}

/* What a policy makes of a method that fails; -1: the exception came through. */
static int
total_under(const char *policy)
{
    char text[300];
    int total = -1;

    snprintf(text, sizeof text,
             "#pragma mend policy(%s)\n@implementation PatchTill\n- (int)total { @throw @\"x\"; }\n@end\n", policy);
    must_apply("a", text);
    @try {
        total = [[[PatchTill new] autorelease] total];
    } @catch (id e) {
    }
    return total;
}

static void
a_failing_method_is_dealt_with_as_its_patch_asks(void **state)
{
    assert_int_equal(total_under("propagate"), -1);
    assert_int_equal(total_under("zero"), 0);
    assert_int_equal(total_under("next"), 1);
    assert_int_equal(total_under("zero after 2"), -1);
    assert_int_equal([[[PatchTill new] autorelease] total], 0);
    must_revert("a");
    assert_int_equal(total_under("withdraw"), 0);
    assert_int_equal(mend_patch_revert("a", NULL), MEND_NO_PATCH);
    assert_int_equal([[[PatchTill new] autorelease] total], 1);
}

static id kept_block;

@interface PatchKeeper : NSObject
@end
@implementation PatchKeeper
- (void)keep:(id)block
{
    [kept_block release];
    kept_block = [block copy];
}
- (void)fill
{
}
@end

static void *
call_kept(void *data)
{
    struct block {
        Class isa;
        int flags, reserved;
        int (*invoke)(void *block, int n);
    } *block = (void *)kept_block;
    NSAutoreleasePool *own = [NSAutoreleasePool new];

    *(int *)data = block->invoke(block, 5);
    [own release];
    return NULL;
}

static void
a_block_outlives_its_patch_and_runs_on_any_thread(void **state)
{
    pthread_t thread;
    int result = 0;

    must_apply("a", "static int base = 30;\n@implementation PatchKeeper\n- (void)fill\n{\n    __block int n = 7;\n"
                    "    [self keep:^(int k) { n += k; return n + base; }];\n}\n@end\n");
    [[[PatchKeeper new] autorelease] fill];
    must_revert("a");
    call_kept(&result);
    assert_int_equal(result, 42);
    assert_int_equal(pthread_create(&thread, NULL, call_kept, &result), 0);
    pthread_join(thread, NULL);
    assert_int_equal(result, 47);
    [kept_block release];
    kept_block = nil;
}

static void
the_hooks_of_a_patch_are_listed_under_its_id(void **state)
{
    char owner[32] = "nobody";

    must_apply("rebate-fix", "@implementation PatchTill\n- (int)total { return 2; }\n@end\n");
    assert_int_equal(mend_hook_each(note_owner, owner, NULL), MEND_OK);
    assert_string_equal(owner, "rebate-fix");
    must_revert("rebate-fix");
}

static void
an_unknown_id_is_no_patch(void **state)
{
    mend_error err;

    assert_int_equal(mend_patch_revert("nobody", &err), MEND_NO_PATCH);
    assert_non_null(strstr(err.message, "nobody"));
}

static int
foreign_total(id self, SEL _cmd)
{
    return 77;
}

static void
a_swizzle_over_the_patch_survives_its_revert(void **state)
{
    Method method = class_getInstanceMethod([PatchTill class], @selector(total));
    IMP before, ours;
    mend_error err;

    before = imp_of([PatchTill class], "total");
    must_apply("a", "@implementation PatchTill\n- (int)total { return 2; }\n@end\n");
    ours = method_setImplementation(method, (IMP)foreign_total);
    assert_int_equal(mend_patch_revert("a", &err), MEND_FOREIGN_IMP);
    assert_int_equal(total(), 77);
    method_setImplementation(method, ours); /* the other side lets go: calls pass through ours */
    assert_int_equal(total(), 1);
    method_setImplementation(method, before);
}

static void
fail_each_allocation(bool keeps)
{
    const char *text = "@implementation PatchTill\n- (int)total { NSString *s = @\"abc\"; return [s length]; }\n@end\n";
    struct mn_faults faults = {.keeps = keeps};
    IMP before = imp_of([PatchTill class], "total");
    mend_error err;

    while (mn_faults_next(&faults)) {
        mend_status st = apply("a", text, &err);

        if (mn_faults_hit(&faults) && st != MEND_OK) {
            if (st != MEND_NO_MEMORY)
                fail_msg("%s: %s", mend_status_name(st), err.message);
            assert_int_equal(patches(), 0);
        } else {
            assert_int_equal(st, MEND_OK);
            assert_int_equal(total(), 3);
            must_revert("a");
        }
        mend_hook_collect();
        assert_ptr_equal(imp_of([PatchTill class], "total"), before);
        assert_int_equal(total(), 1);
    }
}

/* A check that runs short of memory half-way may meet, and intern, encodings that a whole one never looks at: the
 * first pass lets it keep them, the second counts every block. */
static void
the_nth_failing_allocation_leaves_everything_as_it_was(void **state)
{
    fail_each_allocation(true);
    fail_each_allocation(false);
}

static int stop;

static void *
keep_calling(void *data)
{
    PatchTill *till = data;
    long wrong = 0;

    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        int a = [till total];

        wrong += a != 1 && a != 2 && a != 3;
    }
    return (void *)wrong;
}

static void
callers_see_the_old_or_the_new_body_while_patches_come_and_go(void **state)
{
    PatchTill *till = [PatchTill new];
    pthread_t threads[3];
    void *wrong;

    stop = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_calling, till), 0);
    for (int i = 0; i < 200; i++) {
        must_apply("a", "@implementation PatchTill\n- (int)total { return 2; }\n@end\n");
        must_apply("a", "@implementation PatchTill\n- (int)total { return 3; }\n@end\n");
        must_revert("a");
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    assert_int_equal([till total], 1);
    [till release];
}

static void
a_version_put_back_again_and_again_stays_the_same(void **state)
{
    size_t live = 0;

    must_apply("p", "@implementation PatchTill\n- (int)total { return 2; }\n- (int)tax:(int)p { return 3; }\n@end\n");
    for (int i = 0; i < 10; i++) {
        mend_error err;

        assert_int_not_equal(apply("p",
                                   "@implementation PatchTill\n- (int)total { return 4; }\n@end\n"
                                   "[NSException raise:@\"Till\" format:@\"closed\"];\n",
                                   &err),
                             MEND_OK);
        assert_int_equal(total(), 2);
        if (i == 1)
            live = mn_alloc_live();
    }
    assert_int_equal(mn_alloc_live(), live);
    must_revert("p");
}

/* ---- What a release function may do ---- */

static mend_token *inside;
static int patches_seen;
static bool mutex_was_free;

static void *
hook_another(void *unused)
{
    mend_target target = {.class_name = "PatchTill", .selector = "tax:"};
    mend_hook_spec spec = {.position = MEND_BEFORE, .advice = (mend_advice)(void *)hook_another};
    mend_token *token;

    if (mend_hook_add(&target, &spec, &token, NULL) == MEND_OK)
        mend_hook_remove(token, NULL);
    __atomic_store_n(&mutex_was_free, true, __ATOMIC_SEQ_CST);
    return NULL;
}

/* Waits for a thread that needs the runtime's mutex, and asks for the patches. */
static void
waits_for_another(void *thread)
{
    struct timespec until;

    patches_seen = patches();
    pthread_create(thread, NULL, hook_another, NULL);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 5;
    if (pthread_timedjoin_np(*(pthread_t *)thread, NULL, &until) == 0)
        *(pthread_t *)thread = 0;
}

static void
patches_from_inside(mend_call *call, void *data)
{
    mend_hook_remove(inside, NULL); /* the data is this call's until it leaves */
    mend_call_proceed(call, NULL);
}

static void
release_functions_run_without_the_lock_and_see_the_patch(void **state)
{
    pthread_t thread = 0;
    mend_target target = {.class_name = "PatchTill", .selector = "total"};
    mend_hook_spec spec = {
        .position = MEND_INSTEAD, .advice = patches_from_inside, .data = &thread, .release = waits_for_another};

    mutex_was_free = false;
    patches_seen = -1;
    assert_int_equal(mend_hook_add(&target, &spec, &inside, NULL), MEND_OK);
    assert_int_equal(total(), 1);
    must_apply("p", "@implementation PatchTill\n- (int)total { return 2; }\n@end\n"); /* gives the data back */
    assert_int_equal(patches_seen, 1);
    if (thread != 0)
        pthread_join(thread, NULL);
    else
        assert_true(mutex_was_free);
    assert_int_equal(thread, 0);
    must_revert("p");
    assert_int_equal(total(), 1);
}

static void
memory_returns_to_its_baseline(void **state)
{
    const char *text = "@implementation PatchTill\n- (int)total { return [@\"four\" length]; }\n@end\n";
    size_t before;

    must_apply("a", text);
    assert_int_equal(total(), 4);
    must_revert("a");
    mend_hook_collect();
    before = mn_alloc_live();
    for (int i = 0; i < 50; i++) {
        must_apply("a", text);
        assert_int_equal(total(), 4);
        must_revert("a");
    }
    mend_hook_collect();
    assert_int_equal(mn_alloc_live(), before);
}

static int
setup(void **state)
{
    *state = [NSAutoreleasePool new];
    return 0;
}

static int
teardown(void **state)
{
    [(NSAutoreleasePool *)*state release];
    return 0;
}

/* ---- Where top-level code runs ---- */

static const char ran_where[] = "[NSThread isMainThread] ? [PatchPlace setMain] : [PatchPlace setOther];";
static int ran_on_main, ran_elsewhere;

@interface PatchPlace : NSObject
+ (void)setMain;
+ (void)setOther;
@end

@implementation PatchPlace
+ (void)setMain
{
    ran_on_main++;
}
+ (void)setOther
{
    ran_elsewhere++;
}
@end

struct request {
    unsigned main_ms;
    mend_status status;
    mend_error error;
    int answered;
};

static void *
requests(void *data)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    struct request *request = data;
    mend_source source = {.name = "place.m", .text = ran_where, .length = sizeof ran_where - 1, .main_ms = request->main_ms};

    request->status = mend_patch_apply(&source, NULL, NULL, NULL, &request->error);
    __atomic_store_n(&request->answered, 1, __ATOMIC_RELEASE);
    [pool drain];
    return NULL;
}

static void
top_level_code_runs_on_the_main_thread_on_request(void **state)
{
    struct request elsewhere = {0}, here = {.main_ms = 60000};
    pthread_t thread;

    ran_on_main = ran_elsewhere = 0;
    pthread_create(&thread, NULL, requests, &elsewhere);
    pthread_join(thread, NULL);
    assert_int_equal(elsewhere.status, MEND_OK);
    assert_int_equal(ran_elsewhere, 1);
    pthread_create(&thread, NULL, requests, &here);
    while (!__atomic_load_n(&here.answered, __ATOMIC_ACQUIRE)) {
        mend_main_queue_drain();
        usleep(1000);
    }
    pthread_join(thread, NULL);
    assert_int_equal(here.status, MEND_OK);
    assert_int_equal(ran_on_main, 1);
    assert_int_equal(ran_elsewhere, 1);
    here.answered = 0;
    requests(&here); /* from the main thread itself */
    assert_int_equal(ran_on_main, 2);
    mend_patch_revert("place", NULL);
}

/* Nobody drains its queue: the patch is taken back, and what comes late does nothing. */
static void
a_main_thread_that_does_not_come_leaves_everything_as_it_was(void **state)
{
    struct request request = {.main_ms = 1};
    pthread_t thread;

    ran_on_main = ran_elsewhere = 0;
    pthread_create(&thread, NULL, requests, &request);
    pthread_join(thread, NULL);
    assert_int_equal(request.status, MEND_TIMEOUT);
    assert_non_null(strstr(request.error.message, "main thread"));
    assert_int_equal(mend_patch_revert("place", NULL), MEND_NO_PATCH);
    mend_main_queue_drain();
    assert_int_equal(ran_on_main + ran_elsewhere, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replaces_methods_and_gives_the_exact_imp_back, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_id_replaces_its_earlier_version, setup, teardown),
        cmocka_unit_test_setup_teardown(another_id_stacks_and_comes_off_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(one_error_anywhere_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_method_the_patch_added_is_unknown_again_after_revert, setup, teardown),
        cmocka_unit_test_setup_teardown(an_inherited_method_is_patched_on_the_subclass_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_class_the_patch_brings_along_is_orphaned_and_reused, setup, teardown),
        cmocka_unit_test_setup_teardown(dealloc_runs_the_body_then_what_was_there_exactly_once, setup, teardown),
        cmocka_unit_test_setup_teardown(the_hooks_of_a_patch_are_listed_under_its_id, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failing_method_is_dealt_with_as_its_patch_asks, setup, teardown),
        cmocka_unit_test_setup_teardown(a_block_outlives_its_patch_and_runs_on_any_thread, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unknown_id_is_no_patch, setup, teardown),
        cmocka_unit_test_setup_teardown(a_swizzle_over_the_patch_survives_its_revert, setup, teardown),
        cmocka_unit_test_setup_teardown(the_nth_failing_allocation_leaves_everything_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(callers_see_the_old_or_the_new_body_while_patches_come_and_go, setup, teardown),
        cmocka_unit_test_setup_teardown(a_version_put_back_again_and_again_stays_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(release_functions_run_without_the_lock_and_see_the_patch, setup, teardown),
        cmocka_unit_test_setup_teardown(top_level_code_runs_on_the_main_thread_on_request, setup, teardown),
        cmocka_unit_test_setup_teardown(a_main_thread_that_does_not_come_leaves_everything_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_returns_to_its_baseline, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
