/* SPDX-License-Identifier: MIT */
/* A program written for OCRunner: sources and compiled units put into force and taken back. */
#import <mend/compat/ORInterpreter.h>

#import "seeds/seeds.h"

#include <mend/patch.h>
#include <unistd.h>

@interface Shelf : NSObject
@end
@implementation Shelf
- (int)size { return 1; }
- (int)depth { return 2; }
@end

static Shelf *
shelf(void)
{
    return [[Shelf new] autorelease];
}

static IMP
size_imp(void)
{
    return class_getMethodImplementation([Shelf class], @selector(size));
}

static void
sources_stack_and_recover_takes_all_back(void)
{
    IMP before = size_imp();

    [ORInterpreter executeSourceCode:@"int shared = 30;\n@implementation Shelf\n- (int)size { return 10 + [self ORGsize]; }\n@end"];
    CHECK_LONG([shelf() size], 11);
    [ORInterpreter executeSourceCode:@"@implementation Shelf\n- (int)depth { return shared + 1; }\n- (int)size { return 20; }\n@end"];
    CHECK_LONG([shelf() size], 20);
    CHECK_LONG([shelf() depth], 31);
    [ORInterpreter recover];
    CHECK_LONG([shelf() size] * 10 + [shelf() depth], 12);
    CHECK(size_imp() == before);
    [ORInterpreter recover];
    [ORInterpreter executeSourceCode:@"@implementation Shelf\n- (int)size { return shared; }\n@end"];
    CHECK_LONG([shelf() size], 30); /* names outlive recover */
    [ORInterpreter recoverWithClearEnvironment:YES];
    [ORInterpreter executeSourceCode:@"@implementation Shelf\n- (int)size { return shared; }\n@end"];
    CHECK_LONG([shelf() size], 0); /* and are forgotten here: unknown names read as zero */
    [ORInterpreter recoverWithClearEnvironment:NO];
    CHECK_LONG([shelf() size], 1);
}

static void
what_is_wrong_changes_nothing(void)
{
    [ORInterpreter executeSourceCode:@"@implementation Shelf\n- (int)size { return 3 }\n@end"];
    [ORInterpreter executeSourceCode:nil];
    [ORInterpreter excuteBinaryPatchFile:@"/no/such/file"];
    [ORInterpreter excuteBinaryPatchFile:@"/proc/self/status"];
    CHECK_LONG([shelf() size], 1);
}

static void
keep(void *to, const void *bytes, size_t length)
{
    [[NSData dataWithBytes:bytes length:length] writeToFile:(NSString *)to atomically:YES];
}

static void
a_compiled_unit_is_put_into_force(void)
{
    static const char text[] = "@implementation Shelf\n- (int)size { return 77; }\n@end\n";
    mend_source source = {.name = "fix.m", .text = text, .length = sizeof text - 1};
    NSString *path = [NSTemporaryDirectory()
        stringByAppendingPathComponent:[NSString stringWithFormat:@"mend-orinterpreter-%d", getpid()]];

    CHECK(mend_patch_compile(&source, MEND_COMPILED_UNIT, NULL, NULL, keep, path, NULL) == MEND_OK);
    [ORInterpreter excuteBinaryPatchFile:path];
    unlink([path UTF8String]);
    CHECK_LONG([shelf() size], 77);
    [ORInterpreter recover];
    CHECK_LONG([shelf() size], 1);
}

int
main(int argc, char **argv)
{
    static const struct seeds_test tests[] = {
        TEST(sources_stack_and_recover_takes_all_back),
        TEST(what_is_wrong_changes_nothing),
        TEST(a_compiled_unit_is_put_into_force),
    };

    return seeds_run(tests, sizeof tests / sizeof *tests, argc, argv);
}
