/* SPDX-License-Identifier: MIT */
/*
 * Mend on libobjc2 without a Foundation: a root class of the test's own, and the lowest folders up to hook/. Built where
 * -DMEND_RUNTIME=libobjc2 says so (docs/porting.md).
 */
#include "hook/site.h"
#include "runtime/blocks.h"
#include "runtime/create.h"
#include "runtime/exception.h"
#include "runtime/install.h"
#include "runtime/objects.h"
#include "value/block.h"

#include <mend/hook.h>
#include <objc/objc-arc.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

typedef struct {
    double x, y, width, height;
} Rect;

/* libobjc2 looks for the class of that name when it makes blocks objects. */
__attribute__((objc_root_class))
@interface NSObject
{
    Class isa;
}
+ (id)alloc;
- (id)init;
- (id)retain;
- (void)release;
- (void)dealloc;
- (BOOL)isNice;
@end

static int deaths;

@implementation NSObject
+ (id)alloc
{
    return class_createInstance(self, 0);
}
- (id)init
{
    return self;
}
- (id)retain
{
    return objc_retain_fast_np(self);
}
- (void)release
{
    objc_release_fast_np(self);
}
- (void)_ARCCompliantRetainRelease
{
}
- (void)dealloc
{
    deaths++;
    object_dispose(self);
}
- (BOOL)isNice
{
    return YES;
}
@end

@interface Shape : NSObject
- (int)add:(int)a to:(int)b;
- (Rect)grow:(Rect)r by:(double)d;
- (double)mean:(int)count, ...;
- (void)fails;
+ (long)count;
@end

@implementation Shape
- (int)add:(int)a to:(int)b
{
    return a + b;
}
- (Rect)grow:(Rect)r by:(double)d
{
    r.width += d;
    return r;
}
- (double)mean:(int)count, ...
{
    va_list list;
    double sum = 0;

    va_start(list, count);
    for (int i = 0; i < count; i++)
        sum += va_arg(list, double);
    va_end(list);
    return sum / count;
}
- (void)fails
{
    @throw self;
}
+ (long)count
{
    return 7;
}
@end

@interface Square : Shape
@end

@implementation Square
@end

@interface Cube : Square
- (int)add:(int)a to:(int)b;
@end

@implementation Cube
- (int)add:(int)a to:(int)b
{
    return [super add:a to:b] * 10;
}
@end

/* ---- Methods ---- */

static int
times(id self, SEL sel, int a, int b)
{
    return a * b;
}

static int
minus(id self, SEL sel, int a, int b)
{
    return a - b;
}

static struct mn_change
change_of(Class cls, IMP imp)
{
    return (struct mn_change){.cls = cls, .sel = mn_selector("add:to:"), .imp = imp};
}

static void
a_method_is_replaced_and_given_back(void **state)
{
    struct mn_change change = change_of(mn_class_named("Shape"), (IMP)times);
    Shape *shape = [[Shape alloc] init], *square = [[Square alloc] init], *cube = [[Cube alloc] init];

    assert_int_equal(mn_install_one(&change, NULL), MEND_OK);
    assert_int_equal([shape add:3 to:4], 12);
    assert_int_equal([square add:3 to:4], 12);
    assert_int_equal([cube add:3 to:4], 120);
    assert_true(mn_install_stands(&change));
    assert_int_equal(mn_install_revert_one(&change, NULL), MEND_OK);
    assert_int_equal([shape add:3 to:4], 7);
    assert_int_equal([cube add:3 to:4], 70);
    [shape release];
    [square release];
    [cube release];
}

/* What was added and taken back is not seen, runs what is inherited, and follows it. */
static void
an_inherited_method_is_added_and_becomes_a_vestige(void **state)
{
    Class square = mn_class_named("Square");
    struct mn_change below = change_of(square, (IMP)times), above = change_of(mn_class_named("Shape"), (IMP)minus);
    Shape *shape = [[Shape alloc] init], *one = [[Square alloc] init];
    struct mn_method method;

    for (int i = 0; i < 3; i++) {
        assert_int_equal(mn_install_one(&below, NULL), MEND_OK);
        assert_ptr_equal(below.owner, mn_class_named("Shape"));
        assert_int_equal([one add:3 to:4], 12);
        assert_int_equal([shape add:3 to:4], 7);
        assert_int_equal(mn_install_revert_one(&below, NULL), MEND_OK);
        assert_int_equal([one add:3 to:4], 7);
        assert_false(mn_method_own(square, below.sel, NULL));
        assert_true(mn_method_find(square, below.sel, &method));
        assert_ptr_equal(method.owner, mn_class_named("Shape"));
    }
    assert_int_equal(mn_install_one(&above, NULL), MEND_OK);
    assert_int_equal([one add:3 to:4], -1);
    assert_int_equal(mn_install_revert_one(&above, NULL), MEND_OK);
    assert_int_equal([one add:3 to:4], 7);
    [shape release];
    [one release];
}

static void
a_method_added_to_nothing_stays_and_says_so(void **state)
{
    struct mn_change change = {.cls = mn_class_named("Shape"), .sel = mn_selector("product:of:"),
                               .types = "i24@0:8i16i20", .imp = (IMP)times};
    Shape *shape = [[Shape alloc] init];
    mend_error err;

    assert_int_equal(mn_install_one(&change, NULL), MEND_OK);
    assert_int_equal(((int (*)(id, SEL, int, int))mn_lookup(shape, change.sel))(shape, change.sel, 5, 6), 30);
    assert_int_equal(mn_install_revert_one(&change, &err), MEND_FOREIGN_IMP);
    assert_non_null(strstr(err.message, "cannot take an added method away"));
    assert_int_equal(change.state, MN_CHANGE_FOREIGN);
    [shape release];
}

static void
lookups_find_what_sends_run(void **state)
{
    Shape *shape = [[Shape alloc] init];
    Class cls = mn_class_named("Shape");
    SEL add = mn_selector("add:to:");
    struct mn_method method;

    assert_ptr_equal(mn_lookup(shape, add), class_getMethodImplementation(cls, add));
    assert_true(mn_method_find(mn_class_named("Square"), add, &method));
    assert_string_equal(method.types, "i24@0:8i16i20");
    assert_true(mn_class_initialised(cls));
    assert_true(mn_class_is_meta(mn_class_meta(cls)));
    assert_true(mn_object_is_class((id)cls) && !mn_object_is_class(shape));
    assert_ptr_equal(mn_class_super(cls), mn_class_named("NSObject"));
    assert_true(mn_selector_equal(add, mn_selector_typed("add:to:", "i24@0:8i16i20")));
    assert_int_equal(((long (*)(id, SEL))mn_lookup(nil, add))(nil, add), 0);
    [shape release];
}

/* ---- Storms ---- */

enum { STORM_CLASSES = 200, STORM_CALLERS = 3 };

static Class stormed[STORM_CLASSES];
static atomic_bool storming;
static atomic_ulong calls, wrong;

static void *
call_all(void *unused)
{
    unsigned long made = 0, bad = 0;

    (void)unused;
    while (atomic_load(&storming))
        for (int i = 0; i < STORM_CLASSES; i++, made++) {
            id object = class_createInstance(stormed[i], 0);
            int result = [(Shape *)object add:6 to:2];

            bad += result != 8 && result != 12;
            [object release];
        }
    atomic_fetch_add(&calls, made);
    atomic_fetch_add(&wrong, bad);
    return NULL;
}

/* Each class inherits the method, is messaged, and gets one of its own and loses it again under callers. */
static void
methods_come_and_go_under_callers(void **state)
{
    static struct mn_change changes[STORM_CLASSES];
    pthread_t callers[STORM_CALLERS];
    char name[32];

    for (int i = 0; i < STORM_CLASSES; i++) {
        snprintf(name, sizeof name, "Stormed%d", i);
        assert_int_equal(mn_class_new(mn_class_named("Shape"), name, &stormed[i], NULL), MEND_OK);
        assert_int_equal(mn_class_register(stormed[i], NULL), MEND_OK);
        changes[i] = change_of(stormed[i], (IMP)times);
    }
    atomic_store(&storming, true);
    for (int i = 0; i < STORM_CALLERS; i++)
        pthread_create(&callers[i], NULL, call_all, NULL);
    for (int round = 0; round < 20; round++)
        for (int i = 0; i < STORM_CLASSES; i++) {
            assert_int_equal(mn_install_one(&changes[i], NULL), MEND_OK);
            assert_int_equal(mn_install_revert_one(&changes[i], NULL), MEND_OK);
        }
    atomic_store(&storming, false);
    for (int i = 0; i < STORM_CALLERS; i++)
        pthread_join(callers[i], NULL);
    assert_true(calls > 0);
    assert_int_equal(wrong, 0);
}

/* ---- Hooks ---- */

static int counted;

static void
count(mend_call *call, void *data)
{
    counted++;
}

static void
count_around(mend_call *call, void *data)
{
    counted++;
    mend_call_proceed(call, NULL);
    counted++;
}

static mend_token *
hook(const char *selector, mend_position position, mend_advice advice)
{
    mend_target target = {.class_name = "Shape", .selector = selector};
    mend_hook_spec spec = {.position = position, .advice = advice};
    mend_token *token;
    mend_error err;

    counted = 0;
    if (mend_hook_add(&target, &spec, &token, &err) != MEND_OK)
        fail_msg("%s", err.message);
    return token;
}

static void
hooks_run_around_methods_of_every_kind(void **state)
{
    Shape *shape = [[Square alloc] init];
    mend_token *token = hook("grow:by:", MEND_INSTEAD, count_around);
    Rect r = [shape grow:(Rect){1, 2, 3, 4} by:0.5];
    double mean;

    assert_true(r.x == 1 && r.width == 3.5 && r.height == 4 && counted == 2);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    token = hook("mean:", MEND_BEFORE, count);
    mean = [shape mean:4, 1.0, 2.0, 3.0, 6.0];
    assert_true(mean == 3 && counted == 1);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    token = hook("add:to:", MEND_AFTER, count);
    assert_int_equal([shape add:1 to:2], 3);
    assert_int_equal(counted, 1);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    assert_int_equal([shape add:1 to:2], 3);
    assert_int_equal(counted, 1);
    [shape release];
}

static void
exceptions_pass_hooked_methods(void **state)
{
    Shape *shape = [[Shape alloc] init];
    mend_token *token = hook("fails", MEND_INSTEAD, count_around);
    bool caught = false;

    @try {
        [shape fails];
    } @catch (Shape *e) {
        caught = e == shape;
    }
    assert_true(caught);
    assert_int_equal(counted, 1);
    assert_int_equal(mend_hook_remove(token, NULL), MEND_OK);
    [shape release];
}

static void
fail_body(void *shape)
{
    [(Shape *)shape fails];
}

static void
an_exception_is_caught_in_c(void **state)
{
    Shape *shape = [[Shape alloc] init];
    id exception = nil;

    assert_false(mn_try(fail_body, shape, &exception));
    assert_ptr_equal(exception, shape);
    [shape release];
}

/* ---- Blocks ---- */

static void
answer(struct mn_frame *frame, const struct mn_signature *type, void *context)
{
    int a;

    mn_frame_get(frame, &type->arguments[1].place, &a);
    a += *(int *)context;
    mn_frame_set(frame, &type->result_place, &a);
}

static void
blocks_are_made_copied_and_called(void **state)
{
    static int base = 40;
    int captured = 5;
    int (^own)(int) = ^(int a) {
      return a + captured;
    };
    int (^copy)(int) = (int (^)(int))mn_block_copy((id)own);
    int (^made)(int);
    id block;

    assert_int_equal(copy(2), 7);
    assert_true(mn_object_is_block((id)copy));
    assert_string_equal(mn_block_signature((id)copy), "i12@?0i8");
    mn_block_release((id)copy);
    assert_int_equal(mn_block_new("i@?i", answer, &base, NULL, &block, NULL), MEND_OK);
    made = (int (^)(int))block;
    assert_int_equal(made(2), 42);
    assert_ptr_equal(mn_block_copy(block), block);
    mn_block_release(block);
    assert_int_equal(made(3), 43);
    mn_block_release(block);
}

/* ---- Objects ---- */

static int ended;

static void
end(void *pointer)
{
    ended += pointer == &ended;
}

static void
watch(id object, void *data)
{
    ended += [(Shape *)object add:1 to:*(int *)data];
}

static void
side_values_live_as_long_as_the_object(void **state)
{
    static const char key, other;
    Shape *shape = [[Shape alloc] init], *value = [[Shape alloc] init];
    void *now;

    assert_int_equal(mn_side_set(shape, &key, value, MN_SIDE_RETAIN, NULL), MEND_OK);
    [value release];
    assert_ptr_equal(mn_object_class(shape), mn_class_named("Shape"));
    value = mn_side_get(shape, &key);
    assert_non_null(value);
    [value release];
    assert_int_equal(mn_side_add_pointer(shape, &other, &ended, end, &now, NULL), MEND_OK);
    assert_ptr_equal(mn_side_peek_pointer(shape, &other), &ended);
    assert_int_equal(mn_side_add_pointer(shape, &other, &now, end, &now, NULL), MEND_OK);
    assert_ptr_equal(now, &ended);
    assert_int_equal(mn_side_add_pointer(shape, &key, &now, end, &now, NULL), MEND_EXISTS);
    assert_null(mn_side_get(shape, &other));
    deaths = ended = 0;
    [shape release];
    assert_int_equal(ended, 1);
    assert_true(deaths >= 2);
}

static void
weak_references_become_nil(void **state)
{
    Shape *shape = [[Shape alloc] init], *loaded;
    mn_weak weak = {0}, copy = {0};

    assert_int_equal(mn_weak_store(&weak, shape, NULL), MEND_OK);
    mn_weak_copy(&copy, &weak);
    loaded = mn_weak_load(&copy);
    assert_ptr_equal(loaded, shape);
    [loaded release];
    assert_true(mn_weak_is(&weak, shape));
    [shape release];
    assert_null(mn_weak_load(&weak));
    assert_true(mn_weak_is(&copy, nil));
    mn_weak_fini(&weak);
    mn_weak_fini(&copy);
}

static void
a_death_is_told_before_dealloc(void **state)
{
    static int three = 3;
    Shape *shape = [[Square alloc] init], *spared = [[Square alloc] init];
    struct mn_watch *first, *second;

    ended = 0;
    assert_int_equal(mn_object_on_death(shape, watch, &three, &first, NULL), MEND_OK);
    assert_int_equal(mn_object_on_death(spared, watch, &three, &second, NULL), MEND_OK);
    [shape release];
    assert_int_equal(ended, 4);
    assert_false(mn_watch_cancel(first));
    assert_true(mn_watch_cancel(second));
    [spared release];
    assert_int_equal(ended, 4);
}

/* ---- Classes ---- */

static void
a_class_is_made_with_variables_and_methods(void **state)
{
    struct mn_ivar ivar;
    mend_error err;
    Class cls;
    id object;

    assert_int_equal(mn_class_new(mn_class_named("Shape"), "Made", &cls, NULL), MEND_OK);
    assert_false(mn_class_registered(cls));
    assert_int_equal(mn_class_add_ivar(cls, "size", sizeof(double), _Alignof(double), "d", NULL), MEND_OK);
    assert_int_equal(mn_class_add_method(cls, mn_selector("add:to:"), (IMP)minus, "i24@0:8i16i20", NULL), MEND_OK);
    assert_int_equal(mn_class_register(cls, NULL), MEND_OK);
    assert_true(mn_class_registered(cls) && mn_class_registered(mn_class_meta(cls)));
    assert_true(mn_ivar_find(cls, "size", &ivar));
    assert_true((size_t)ivar.offset + sizeof(double) <= mn_class_instance_size(cls) && ivar.offset % 8 == 0);
    object = [[cls alloc] init];
    assert_int_equal([object add:9 to:2], 7);
    [object release];
    assert_int_equal(mn_class_new(Nil, "Made", &cls, &err), MEND_EXISTS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookups_find_what_sends_run),
        cmocka_unit_test(a_method_is_replaced_and_given_back),
        cmocka_unit_test(an_inherited_method_is_added_and_becomes_a_vestige),
        cmocka_unit_test(a_method_added_to_nothing_stays_and_says_so),
        cmocka_unit_test(methods_come_and_go_under_callers),
        cmocka_unit_test(hooks_run_around_methods_of_every_kind),
        cmocka_unit_test(exceptions_pass_hooked_methods),
        cmocka_unit_test(an_exception_is_caught_in_c),
        cmocka_unit_test(blocks_are_made_copied_and_called),
        cmocka_unit_test(side_values_live_as_long_as_the_object),
        cmocka_unit_test(weak_references_become_nil),
        cmocka_unit_test(a_death_is_told_before_dealloc),
        cmocka_unit_test(a_class_is_made_with_variables_and_methods),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
