/* SPDX-License-Identifier: MIT */
/*
 * One class and its subclass, all languages: advice in C, blocks, the faces of Aspects, Stinger, VCHFFIHook,
 * JSPatch and InstructionPatch, and patches as source, instructions and script, on one method of both.
 *
 * A guest is one of these on one of the two classes. What a call does is told by a model of the order that
 * docs/design/faces.md promises: before advice, oldest first; what stands in place of the method, newest
 * outermost, each going on to the next below, to the original, or nowhere; after advice, oldest first. Every
 * pair of guests comes in both orders and goes in both; then all come and go at random (MEND_SEED,
 * MEND_SCALE). Afterwards nothing is left: the same function at the same place, and not one hook.
 */
#import <mend/compat/Aspects.h>
#import <mend/compat/IPIntructionPatch.h>
#import <mend/compat/JPEngine.h>
#import <mend/compat/Stinger.h>
#import <mend/compat/VCHFFIHook.h>
#include <mend/block_advice.h>
#include <mend/patch.h>

#import "seeds/seeds.h"

#include <objc/runtime.h>
#include <time.h>

enum { PARENT, CHILD, CLASSES };

@interface Parent : NSObject
- (void)work;
- (void)put:(NSString *)what;
@end
@implementation Parent
- (void)work
{
    mark("p");
}
- (void)put:(NSString *)what
{
    mark([what UTF8String]);
}
@end

@interface Child : Parent
@end
@implementation Child
- (void)work
{
    mark("c");
    [super work];
}
@end

@interface Fixed : NSObject
@end
@implementation Fixed
- (void)fixed
{
    mark("V");
}
@end

static const char *const class_names[CLASSES] = {"Parent", "Child"};
static const char *const selector = "work";
static id objects[CLASSES];
static IMP imps[CLASSES];

static Class
class_of(int c)
{
    return objc_getClass(class_names[c]);
}

/* ---- Guests ---- */

enum goes { ON, TO_ORIGINAL, NOWHERE };

struct guest {
    char letter[2];
    mend_position position;
    enum goes goes;
    void (*come)(const struct guest *guest, int c);
    void (*go)(const struct guest *guest, int c);
    bool one_class; /* at a time */
};

/* What a guest has of its presence on a class: a token, by the guest's letter. */
static void *kept[128][CLASSES];

static void **
place_of(const struct guest *guest, int c)
{
    return &kept[(unsigned char)guest->letter[0]][c];
}

static void
advises(mend_call *call, void *data)
{
    const struct guest *guest = data;

    mark(guest->letter);
    if (guest->position == MEND_INSTEAD)
        mend_call_proceed(call, NULL);
}

static void
c_comes(const struct guest *guest, int c)
{
    mend_target target = {.class_name = class_names[c], .selector = selector};
    mend_hook_spec spec = {.position = guest->position, .advice = advises, .data = (void *)guest};

    CHECK(mend_hook_add(&target, &spec, (mend_token **)place_of(guest, c), NULL) == MEND_OK);
}

static void
token_goes(const struct guest *guest, int c)
{
    CHECK(mend_hook_remove(*place_of(guest, c), NULL) == MEND_OK);
}

static mend_call *call_now; /* from making the block's first argument to the block's beginning */

static id
make_info(mend_call *call, void *data)
{
    call_now = call;
    return @"info";
}

static void
block_comes(const struct guest *guest, int c)
{
    mend_target target = {.class_name = class_names[c], .selector = selector};
    mend_block_spec spec = {.hook = {.position = guest->position}, .make_info = make_info};

    spec.block = ^(id info) {
      mend_call *call = call_now;

      mark(guest->letter);
      if (guest->position == MEND_INSTEAD)
          mend_call_proceed(call, NULL);
    };
    CHECK(mend_hook_add_block(&target, &spec, (mend_token **)place_of(guest, c), NULL) == MEND_OK);
}

static void
aspect_comes(const struct guest *guest, int c)
{
    NSError *error = nil;

    *place_of(guest, c) = [[class_of(c) aspect_hookSelector:@selector(work)
                                                withOptions:(AspectOptions)guest->position
                                                 usingBlock:^(id<AspectInfo> info) {
                                                   mark(guest->letter);
                                                   if (guest->position == MEND_INSTEAD)
                                                       [[info originalInvocation] invoke];
                                                 }
                                                      error:&error] retain];
    CHECK(error == nil);
}

static void
aspect_goes(const struct guest *guest, int c)
{
    CHECK([(id)*place_of(guest, c) remove]);
    [(id)*place_of(guest, c) release];
}

static void
sting_comes(const struct guest *guest, int c)
{
    CHECK_LONG([class_of(c) st_hookInstanceMethod:@selector(work)
                                           option:(STOption)guest->position
                                  usingIdentifier:[NSString stringWithUTF8String:guest->letter]
                                        withBlock:^(id<StingerParams> params) {
                                          mark(guest->letter);
                                          if (guest->position == MEND_INSTEAD)
                                              [params invokeAndGetOriginalRetValue:NULL];
                                        }],
               STHookResultSuccess);
}

static void
sting_goes(const struct guest *guest, int c)
{
    CHECK([class_of(c) st_removeHookWithIdentifier:[NSString stringWithUTF8String:guest->letter]
                                            forKey:@selector(work)]);
}

static void
script_of_the_engine_comes(const struct guest *guest, int c)
{
    [JPEngine evaluateScript:[NSString stringWithFormat:@"defineClass('%s', {work: function () { "
                                                        @"self.put('%s'); self.ORIGwork(); }});",
                                                        class_names[c], guest->letter]];
}

static void
script_of_the_engine_goes(const struct guest *guest, int c)
{
    [JPCleaner cleanClass:[NSString stringWithUTF8String:class_names[c]]];
}

static NSDictionary *
step(NSString *receiver, NSString *message, NSString *text)
{
    NSArray *arguments = text == nil
                             ? [NSArray array]
                             : [NSArray arrayWithObject:[NSDictionary dictionaryWithObject:text
                                                                                    forKey:@"stringValue"]];

    return [NSDictionary
        dictionaryWithObjectsAndKeys:receiver, @"receiver", message, @"message", arguments, @"args", nil];
}

static void
instructions_come(const struct guest *guest, int c)
{
    NSArray *steps =
        [NSArray arrayWithObjects:step(@"self", @"put:", [NSString stringWithUTF8String:guest->letter]),
                                  step(@"self", @"IPORI_work", nil), nil];
    NSDictionary *method =
        [NSDictionary dictionaryWithObjectsAndKeys:@"work", @"method", steps, @"messages", nil];
    NSDictionary *cls =
        [NSDictionary dictionaryWithObjectsAndKeys:[NSString stringWithUTF8String:class_names[c]], @"cls",
                                                   [NSArray arrayWithObject:method], @"methodList", nil];

    [IPIntructionPatch
        run:(id)[NSDictionary dictionaryWithObject:[NSArray arrayWithObject:cls] forKey:@"instructions"]];
}

static void
instructions_go(const struct guest *guest, int c)
{
    [IPIntructionPatch stop];
}

/* In texts of patches, CLASS and LETTER stand for the guest's. */
static const struct {
    const char *ending, *text;
} texts[128] = {
    ['s'] = {".m", "@implementation CLASS\n- (void)work { [self put:@\"LETTER\"]; [self ORGwork]; }\n@end\n"},
    ['n'] = {".m",
             "@implementation CLASS\n- (void)work { [self put:@\"LETTER\"]; [self PREVwork]; }\n@end\n"},
    ['e'] = {".m", "@implementation CLASS\n- (void)work { [self put:@\"LETTER\"]; }\n@end\n"},
    ['j'] = {".json", "{\"format\": 2, \"instructions\": [{\"cls\": \"CLASS\", \"methodList\": [{\"method\": "
                      "\"work\", \"messages\": ["
                      "{\"do\": \"expr\", \"value\": {\"send\": \"put:\", \"to\": {\"self\": true}, "
                      "\"args\": [\"LETTER\"]}},"
                      "{\"do\": \"expr\", \"value\": {\"original\": true}}]}]}]}"},
    ['k'] = {".js", "defineClass('CLASS', {work: function () { self.put('LETTER'); self.ORIGwork(); }});"},
};

static NSString *
id_of(const struct guest *guest, int c)
{
    return [NSString stringWithFormat:@"%s-%s", guest->letter, class_names[c]];
}

static void
patch_comes(const struct guest *guest, int c)
{
    int kind = guest->letter[0];
    NSString *text = [NSString stringWithUTF8String:texts[kind].text], *name;
    mend_source source;
    mend_error err;

    text = [text stringByReplacingOccurrencesOfString:@"CLASS"
                                           withString:[NSString stringWithUTF8String:class_names[c]]];
    text = [text stringByReplacingOccurrencesOfString:@"LETTER"
                                           withString:[NSString stringWithUTF8String:guest->letter]];
    name = [id_of(guest, c) stringByAppendingString:[NSString stringWithUTF8String:texts[kind].ending]];
    source = (mend_source){
        .name = [name UTF8String], .text = [text UTF8String], .length = strlen([text UTF8String])};
    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK) {
        fprintf(stderr, "%s: %s\n", source.name, err.message);
        seeds_failures++;
    }
}

static void
patch_goes(const struct guest *guest, int c)
{
    CHECK(mend_patch_revert([id_of(guest, c) UTF8String], NULL) == MEND_OK);
}

#define THREE(before, instead, after, who)                                                                   \
    {before, MEND_BEFORE, ON, who##_comes, WAY(who)}, {instead, MEND_INSTEAD, ON, who##_comes, WAY(who)},    \
    {                                                                                                        \
        after, MEND_AFTER, ON, who##_comes, WAY(who)                                                         \
    }
#define WAY(who)   who##_goes
#define c_goes     token_goes
#define block_goes token_goes

static const struct guest guests[] = {
    THREE("1", "C", "6", c),
    THREE("2", "B", "7", block),
    THREE("3", "A", "8", aspect),
    THREE("4", "S", "9", sting),
    {"J", MEND_INSTEAD, TO_ORIGINAL, script_of_the_engine_comes, script_of_the_engine_goes},
    {"I", MEND_INSTEAD, TO_ORIGINAL, instructions_come, instructions_go, .one_class = true},
    {"s", MEND_INSTEAD, TO_ORIGINAL, patch_comes, patch_goes},
    {"n", MEND_INSTEAD, ON, patch_comes, patch_goes},
    {"e", MEND_INSTEAD, NOWHERE, patch_comes, patch_goes},
    {"j", MEND_INSTEAD, TO_ORIGINAL, patch_comes, patch_goes},
    {"k", MEND_INSTEAD, TO_ORIGINAL, patch_comes, patch_goes},
};
enum { GUESTS = sizeof guests / sizeof *guests };

/* ---- The model: who is there, oldest first ---- */

static const struct guest *present[CLASSES][GUESTS + 1];
static int count[CLASSES];

static bool
is_present(const struct guest *guest, int c)
{
    for (int i = 0; i < count[c]; i++)
        if (present[c][i] == guest)
            return true;
    return false;
}

static bool
may_come(const struct guest *guest, int c)
{
    return !is_present(guest, c) && !(guest->one_class && is_present(guest, 1 - c));
}

static void
comes(const struct guest *guest, int c)
{
    guest->come(guest, c);
    present[c][count[c]++] = guest;
}

static void
goes(const struct guest *guest, int c)
{
    int at = 0;

    guest->go(guest, c);
    while (present[c][at] != guest)
        at++;
    count[c]--;
    memmove(&present[c][at], &present[c][at + 1], (size_t)(count[c] - at) * sizeof present[c][0]);
    if (guest->letter[0] ==
        'J') /* JPCleaner takes every script's method off the class: patches keep the rest of what they are */
        for (int i = 0; i < count[c]; i++)
            if (present[c][i]->letter[0] == 'k') {
                goes(present[c][i], c);
                break;
            }
}

static void
expect_position(char *text, int c, mend_position position)
{
    for (int i = 0; i < count[c]; i++)
        if (present[c][i]->position == position)
            strcat(text, present[c][i]->letter);
}

static void
expect_class(char *text, int c)
{
    enum goes way = ON;

    expect_position(text, c, MEND_BEFORE);
    for (int i = count[c] - 1; i >= 0 && way == ON; i--)
        if (present[c][i]->position == MEND_INSTEAD) {
            strcat(text, present[c][i]->letter);
            way = present[c][i]->goes;
        }
    if (way != NOWHERE) {
        strcat(text, c == CHILD ? "c" : "p");
        if (c == CHILD)
            expect_class(text, PARENT);
    }
    expect_position(text, c, MEND_AFTER);
}

static void
calls_agree_with_the_model(void)
{
    for (int c = 0; c < CLASSES; c++) {
        char wanted[4 * GUESTS] = "";

        expect_class(wanted, c);
        [objects[c] work];
        CHECK_TEXT(traced(), wanted);
    }
}

/* ---- Nothing is left ---- */

static void
nothing_is_left(const mend_hook_stats *before)
{
    mend_hook_stats now;

    mend_hook_collect();
    mend_hook_get_stats(&now);
    CHECK_LONG(now.hooks, before->hooks);
    CHECK_LONG(now.chains, before->chains);
    CHECK_LONG(now.retired, before->retired);
    CHECK_LONG(now.unreleased, before->unreleased);
    for (int c = 0; c < CLASSES; c++)
        CHECK(class_getMethodImplementation(class_of(c), @selector(work)) == imps[c]);
    calls_agree_with_the_model();
}

static mend_hook_stats
now(void)
{
    mend_hook_stats stats;

    mend_hook_collect();
    mend_hook_get_stats(&stats);
    return stats;
}

/* ---- Tests ---- */

static void
a_pair(const struct guest *first, int c, const struct guest *second, int d, bool first_goes_first)
{
    comes(first, c);
    if (may_come(second, d)) {
        comes(second, d);
        calls_agree_with_the_model();
        goes(first_goes_first ? first : second, first_goes_first ? c : d);
        calls_agree_with_the_model();
    }
    while (count[PARENT] > 0)
        goes(present[PARENT][0], PARENT);
    while (count[CHILD] > 0)
        goes(present[CHILD][0], CHILD);
}

/* Both orders of arrival: each of a pair is the first once. */
static void
every_pair_comes_and_goes_in_both_orders(void)
{
    for (int i = 0; i < GUESTS * CLASSES; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        mend_hook_stats before = now();

        for (int k = 0; k < GUESTS * CLASSES; k++)
            for (int way = 0; way < 2; way++)
                a_pair(&guests[i % GUESTS], i / GUESTS, &guests[k % GUESTS], k / GUESTS, way == 0);
        [pool release];
        nothing_is_left(&before);
    }
}

static unsigned long random_state;

static int
below(int limit)
{
    random_state = random_state * 6364136223846793005ul + 1442695040888963407ul;
    return (int)((random_state >> 33) % (unsigned long)limit);
}

static void
all_come_and_go_at_random(void)
{
    const char *seed = getenv("MEND_SEED"), *scale = getenv("MEND_SCALE");
    long steps = 1000 * (scale ? atol(scale) : 1), most = 0;
    mend_hook_stats before = now();

    random_state = seed ? strtoul(seed, NULL, 0) : (unsigned long)time(NULL);
    printf("MEND_SEED=%lu\n", random_state);
    for (long i = 0; i < steps && seeds_failures == 0; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        const struct guest *guest = &guests[below(GUESTS)];
        int c = below(CLASSES);

        if (is_present(guest, c))
            goes(guest, c);
        else if (may_come(guest, c))
            comes(guest, c);
        most = count[PARENT] + count[CHILD] > most ? count[PARENT] + count[CHILD] : most;
        calls_agree_with_the_model();
        [pool release];
    }
    printf("%ld steps, at most %ld guests at once\n", steps, most);
    for (int c = 0; c < CLASSES; c++)
        while (count[c] > 0)
            goes(present[c][below(count[c])], c);
    nothing_is_left(&before);
}

/* VCHFFIHook has no way back: what came through it is the oldest for the rest of the program, and goes
 * nowhere. */
static void
what_stays_for_ever_is_below_what_came_later(void)
{
    static const struct guest fixed = {"V", MEND_INSTEAD, NOWHERE, NULL, NULL};
    mend_hook_stats before;

    comes(&guests[1], PARENT);
    CHECK([VCHFFIHook hookClass:[Parent class]
                   hookSelector:@selector(work)
                         target:[Fixed class]
                 targetSelector:@selector(fixed)]);
    present[PARENT][count[PARENT]++] = &fixed;
    calls_agree_with_the_model();
    goes(&guests[1], PARENT);
    calls_agree_with_the_model();
    imps[PARENT] = class_getMethodImplementation([Parent class], @selector(work));
    before = now();
    for (int i = 0; i < GUESTS * CLASSES; i++) {
        comes(&guests[i % GUESTS], i / GUESTS);
        calls_agree_with_the_model();
        goes(&guests[i % GUESTS], i / GUESTS);
    }
    nothing_is_left(&before);
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(every_pair_comes_and_goes_in_both_orders),
        TEST(all_come_and_go_at_random),
        TEST(what_stays_for_ever_is_below_what_came_later),
    };
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    mend_aspects_refuse_hierarchy(0);
    [JPEngine startEngine];
    objects[PARENT] = [Parent new];
    objects[CHILD] = [Child new];
    for (int c = 0; c < CLASSES; c++)
        imps[c] = class_getMethodImplementation(class_of(c), @selector(work));
    [pool release];
    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
