/* SPDX-License-Identifier: MIT */
/*
 * Documents of format 1 on a host class: the ten conformance vectors. Each is applied as it is, with comments and
 * trailing commas, and taken back.
 */
#import "seeds/seeds.h"

#include <mend/patch.h>
#include <pthread.h>

static NSMutableArray *said;
static BOOL quiet;

static void
say(NSString *text)
{
    @synchronized(said) {
        if (!quiet)
            [said addObject:text];
    }
}

static NSString *
taken(void)
{
    NSString *all = [said componentsJoinedByString:@" "];

    [said removeAllObjects];
    return all;
}

@interface Desk : NSObject {
@public
    int asked;
    void (^first)(NSString *);
    void (^second)(NSInteger);
    void (^succeed)(NSString *);
    void (^fail)(NSString *);
}
@end

@implementation Desk
- (void)sign:(NSString *)a count:(NSInteger)n {}
- (void)put:(NSString *)s { say(s); }
- (void)putInt:(NSInteger)n { say([NSString stringWithFormat:@"%ld", (long)n]); }
+ (void)stamp:(NSString *)s {}
+ (NSString *)title { return @"desk"; }
- (NSString *)title { return @"one desk"; }
+ (void)print:(NSString *)s { say(s); }
- (void)ask:(void (^)(NSString *))a num:(void (^)(int))b back:(NSString *(^)(int))c {}
- (void)prepare {}
- (void)two:(void (^)(NSString *))a two:(void (^)(NSInteger))b
{
    first = [a copy];
    second = [b copy];
}
- (void)wait {}
- (BOOL)ready { return asked++ >= 5; }
- (void)good { say(@"good"); }
- (void)bad { say(@"bad"); }
- (void)start {}
- (void)fetch:(void (^)(NSString *))ok fail:(void (^)(NSString *))no
{
    succeed = [ok copy];
    fail = [no copy];
}
- (void)down:(NSInteger)n
{
    if (n > 0)
        [self down:n - 1];
    [self putInt:n];
}
- (NSInteger)answer { return 1; }
- (BOOL)yes { return YES; }
- (BOOL)turn { return ++asked > 2; }
@end

/* ---- applying ---- */

static NSMutableString *warnings;

static void
note(void *data, const mend_diagnostic *d)
{
    [warnings appendFormat:@"%u: %s\n", d->line, d->message];
}

static BOOL
apply(NSString *text)
{
    const char *utf8 = [text UTF8String];
    mend_source source = {.name = "vector.json", .text = utf8, .length = strlen(utf8)};
    mend_error err = {0};

    [warnings release];
    warnings = [NSMutableString new];
    if (mend_patch_apply(&source, note, NULL, NULL, &err) == MEND_OK)
        return YES;
    printf("    not applied: %u:%u: %s\n%s", err.line, err.column, err.message, [warnings UTF8String]);
    return NO;
}

static void
revert(void)
{
    mend_error err = {0};

    CHECK(mend_patch_revert("vector", &err) == MEND_OK);
}

/* Format 1 may have comments and commas too many. */
static NSString *
lenient(NSString *text)
{
    text = [text stringByReplacingOccurrencesOfString:@"]}" withString:@"/* end */ , ] // here\n }"];
    return [@"// a patch\n" stringByAppendingString:text];
}

static void
vector(NSString *methods, void (*act)(void), NSString *trace)
{
    NSString *text = [NSString stringWithFormat:@"{\"instructions\":[{\"cls\":\"Desk\",\"methodList\":[%@]}]}", methods];

    for (int round = 0; round < 2; round++) {
        if (!apply(round == 0 ? text : lenient(text))) {
            CHECK(!"applied");
            continue;
        }
        [said removeAllObjects];
        act();
        CHECK_TEXT([taken() UTF8String], [trace UTF8String]);
        revert();
    }
}

/* ---- the vectors ---- */

#define SIGN                                                                                                 \
    @"{\"method\":\"sign:count:\",\"isStatic\":false,\"messages\":["                                         \
     "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"valueKey\":\"ARG_0\"}]},"                     \
     "{\"receiver\":\"self\",\"message\":\"putInt:\",\"args\":[{\"valueKey\":\"ARG_1\"}]},"                  \
     "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"stringValue\":\"ink\"}]},"                    \
     "{\"receiver\":\"self\",\"message\":\"putInt:\",\"args\":[{\"digital\":888,\"digitalType\":\"NSInteger\"}]}]}"

static void
signs(void)
{
    [[[Desk new] autorelease] sign:@"paper" count:7];
}

static void
arguments_and_literals(void)
{
    vector(SIGN, signs, @"paper 7 ink 888");
}

static void
stamps(void)
{
    [Desk stamp:@"red"];
}

static void
class_methods(void)
{
    vector(@"{\"method\":\"stamp:\",\"isStatic\":true,\"messages\":["
            "{\"receiver\":\"Desk\",\"isStatic\":true,\"message\":\"title\",\"returnType\":\"NSString\",\"returnObj\":\"t\"},"
            "{\"receiver\":\"Desk\",\"isStatic\":true,\"message\":\"print:\",\"args\":[{\"valueKey\":\"t\"}]},"
            "{\"receiver\":\"Desk\",\"isStatic\":true,\"message\":\"print:\",\"args\":[{\"valueKey\":\"ARG_0\"}]}]}",
           stamps, @"desk red");
}

static void
asks(void)
{
    [[[Desk new] autorelease]
        ask:^(NSString *s) { say(s); }
        num:^(int n) { say([NSString stringWithFormat:@"%d", n]); }
       back:^NSString *(int n) { say([NSString stringWithFormat:@"%d", n]); return @"got 666"; }];
}

static void
calling_blocks(void)
{
    vector(@"{\"method\":\"ask:num:back:\",\"messages\":["
            "{\"isBlock\":true,\"blockKey\":\"ARG_0\",\"args\":[{\"stringValue\":\"hello\"}]},"
            "{\"isBlock\":true,\"blockKey\":\"ARG_1\",\"args\":[{\"digital\":888,\"digitalType\":\"int\"}]},"
            "{\"isBlock\":true,\"blockKey\":\"ARG_2\",\"returnType\":\"NSString\",\"returnObj\":\"r\",\"args\":[{\"digital\":666,\"digitalType\":\"int\"}]},"
            "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"valueKey\":\"r\"}]}]}",
           asks, @"hello 888 666 got 666");
}

static void
prepares(void)
{
    Desk *d = [Desk new];
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    [d prepare];
    [pool release];
    d->second(666);
    d->first(@"late");
    [d->first release];
    [d->second release];
    [d release];
}

static void
blocks_that_outlive_the_call(void)
{
    vector(@"{\"method\":\"prepare\",\"messages\":["
            "{\"receiver\":\"self\",\"message\":\"two:two:\",\"args\":["
            "{\"type\":\"block\",\"blockParameterPrefix\":\"p\",\"blockParameterTypes\":[\"NSString\"],\"innerMessage\":["
            "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"valueKey\":\"BLOCK_ARG_0\",\"blockParameterPrefix\":\"p\"}]}]},"
            "{\"type\":\"block\",\"blockParameterPrefix\":\"q\",\"blockParameterTypes\":[\"NSInteger\"],\"innerMessage\":["
            "{\"receiver\":\"self\",\"message\":\"putInt:\",\"args\":[{\"valueKey\":\"BLOCK_ARG_0\",\"blockParameterPrefix\":\"q\"}]}]}]}]}",
           prepares, @"666 late");
}

static void
waits(void)
{
    [[[Desk new] autorelease] wait];
}

static void
while_and_if(void)
{
    vector(@"{\"method\":\"wait\",\"messages\":["
            "{\"isWhileSnippet\":true,\"args\":[{\"type\":\"while\",\"innerMessage\":["
            "{\"receiver\":\"self\",\"message\":\"ready\",\"returnType\":\"BOOL\",\"returnObj\":\"ok\"},"
            "{\"isIfSnippet\":true,\"args\":[{\"valueKey\":\"ok\"},"
            "{\"type\":\"if\",\"innerMessage\":[{\"receiver\":\"self\",\"message\":\"good\"},{\"args\":[{\"type\":\"breakWhile\"}]}]},"
            "{\"type\":\"else\",\"innerMessage\":[{\"receiver\":\"self\",\"message\":\"bad\"}]}]}]}]}]}",
           waits, @"bad bad bad bad bad good");
}

static void
fetches(void)
{
    for (int run = 0; run < 4; run++) { /* one, the other, both, neither */
        Desk *d = [Desk new];
        NSAutoreleasePool *pool = [NSAutoreleasePool new];

        [d start];
        if (run & 1)
            d->succeed(@"data");
        if (run & 2)
            d->fail(@"error");
        [d->succeed release];
        [d->fail release];
        [pool release];
        CHECK([d retainCount] == 1); /* the blocks are gone and hold nothing */
        [d release];
    }
}

static void
one_of_two_asynchronous_blocks(void)
{
    vector(@"{\"method\":\"start\",\"messages\":[{\"receiver\":\"self\",\"message\":\"fetch:fail:\",\"environmentPoolRefCount\":1,\"args\":["
            "{\"type\":\"block\",\"blockParameterPrefix\":\"a\",\"blockParameterTypes\":[\"NSString\"],\"innerMessage\":["
            "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"valueKey\":\"a_BLOCK_ARG_0\"}]}]},"
            "{\"type\":\"block\",\"blockParameterPrefix\":\"b\",\"blockParameterTypes\":[\"NSString\"],\"innerMessage\":["
            "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"valueKey\":\"b_BLOCK_ARG_0\"}]}]}]}]}",
           fetches, @"data error data error");
}

static void
goes_down(void)
{
    [[[Desk new] autorelease] down:3];
}

static void
recursion(void)
{
    vector(@"{\"method\":\"down:\",\"messages\":["
            "{\"receiver\":\"self\",\"message\":\"IPORI_down:\",\"args\":[{\"valueKey\":\"ARG_0\"}]},"
            "{\"receiver\":\"self\",\"message\":\"putInt:\",\"args\":[{\"valueKey\":\"ARG_0\"}]}]}",
           goes_down, @"0 0 1 1 2 2 3 3");
}

@interface Pairs : Desk {
@public
    NSString *word;
    int mixed;
    NSInteger number;
}
@end

@implementation Pairs
- (void)put:(NSString *)s
{
    if (s != word && ![s isEqual:@"ink"])
        mixed++;
}
- (void)putInt:(NSInteger)n
{
    if (n != number && n != 888)
        mixed++;
}
@end

static void *
calls_often(void *number)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Pairs *p = [Pairs new];

    p->number = (NSInteger)number;
    p->word = [NSString stringWithFormat:@"thread %ld", (long)p->number];
    for (int i = 0; i < 100000; i++)
        [p sign:p->word count:p->number];
    number = (void *)(long)p->mixed;
    [p release];
    [pool release];
    return number;
}

static void
on_two_threads(void)
{
    pthread_t threads[2];
    void *mixed;

    for (long i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, calls_often, (void *)(i + 1));
    for (long i = 0; i < 2; i++) {
        pthread_join(threads[i], &mixed);
        CHECK(mixed == NULL);
    }
}

static void
two_threads(void)
{
    vector(SIGN, on_two_threads, @"");
}

static void
titles(void)
{
    say([Desk title]);
    say([[[Desk new] autorelease] title]);
}

static void
instance_and_class_method_of_one_name(void)
{
    vector(@"{\"method\":\"title\",\"isStatic\":true,\"messages\":[{\"isReturnSnippet\":true,\"args\":[{\"stringValue\":\"all\"}]}]},"
            "{\"method\":\"title\",\"messages\":[{\"isReturnSnippet\":true,\"args\":[{\"stringValue\":\"this\"}]}]}",
           titles, @"all this");
}

static void
a_while_inside_a_while(void)
{
    vector(@"{\"method\":\"wait\",\"messages\":["
            "{\"isWhileSnippet\":true,\"args\":[{\"type\":\"while\",\"innerMessage\":["
            "{\"isWhileSnippet\":true,\"args\":[{\"type\":\"while\",\"innerMessage\":["
            "{\"receiver\":\"self\",\"message\":\"bad\"},{\"args\":[{\"type\":\"breakWhile\"}]}]}]},"
            "{\"receiver\":\"self\",\"message\":\"turn\",\"returnType\":\"BOOL\",\"returnObj\":\"end\"},"
            "{\"isIfSnippet\":true,\"args\":[{\"valueKey\":\"end\"},{\"type\":\"if\",\"innerMessage\":["
            "{\"args\":[{\"type\":\"breakWhile\"}]},{\"receiver\":\"self\",\"message\":\"good\"}]}]}]}]}]}",
           waits, @"bad bad bad good");
}

/* ---- the rest of the contract ---- */

static void
answers(void)
{
    [[[Desk new] autorelease] putInt:[[[Desk new] autorelease] answer]];
}

static void
the_last_return_wins_and_the_body_goes_on(void)
{
    vector(@"{\"method\":\"answer\",\"messages\":["
            "{\"isReturnSnippet\":true,\"args\":[{\"integerValue\":5}]},"
            "{\"receiver\":\"self\",\"message\":\"good\"},"
            "{\"isReturnSnippet\":true,\"args\":[{\"digital\":6,\"digitalType\":\"NSInteger\"}]}]}",
           answers, @"good 6");
}

static void
a_missing_value_is_nil_in_its_place(void)
{
    vector(@"{\"method\":\"wait\",\"messages\":["
            "{\"receiver\":\"self\",\"message\":\"putInt:\",\"args\":[{\"valueKey\":\"nothing\"}]},"
            "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"stringValue\":\"\"}]}]}",
           waits, @"0 ");
    CHECK([warnings rangeOfString:@"nothing is stored under 'nothing'"].length != 0);
}

static void
a_method_listed_twice_runs_both_bodies(void)
{
    vector(@"{\"method\":\"wait\",\"messages\":[{\"receiver\":\"self\",\"message\":\"good\"}]},"
            "{\"method\":\"wait\",\"messages\":[{\"receiver\":\"self\",\"message\":\"bad\"}]}",
           waits, @"good bad");
}

static void
structures_come_from_helpers(void)
{
    vector(@"{\"method\":\"wait\",\"messages\":["
            "{\"receiver\":\"self\",\"message\":\"generateNSRange:len:\",\"returnType\":\"NSRange\",\"returnObj\":\"r\","
            "\"args\":[{\"digital\":1,\"digitalType\":\"NSUInteger\"},{\"digital\":2,\"digitalType\":\"NSUInteger\"}]},"
            "{\"receiver\":\"NSValue\",\"isStatic\":true,\"message\":\"valueWithRange:\",\"returnType\":\"NSValue\",\"returnObj\":\"v\","
            "\"args\":[{\"valueKey\":\"r\"}]},"
            "{\"receiver\":\"v\",\"message\":\"description\",\"returnType\":\"NSString\",\"returnObj\":\"s\"},"
            "{\"receiver\":\"self\",\"message\":\"put:\",\"args\":[{\"valueKey\":\"s\"}]}]}",
           waits, @"{location=1, length=2}");
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(arguments_and_literals),
        TEST(class_methods),
        TEST(calling_blocks),
        TEST(blocks_that_outlive_the_call),
        TEST(while_and_if),
        TEST(one_of_two_asynchronous_blocks),
        TEST(recursion),
        TEST(two_threads),
        TEST(instance_and_class_method_of_one_name),
        TEST(a_while_inside_a_while),
        TEST(the_last_return_wins_and_the_body_goes_on),
        TEST(a_missing_value_is_nil_in_its_place),
        TEST(a_method_listed_twice_runs_both_bodies),
        TEST(structures_come_from_helpers),
    };

    said = [NSMutableArray new];
    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
