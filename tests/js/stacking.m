/* SPDX-License-Identifier: MIT */
/* Scripts and sources on the same methods: the order of arrival, calls from script to script included, and exact undo. */
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <objc/runtime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
apply(const char *name, const char *text)
{
    mend_source source = {.name = name, .text = text, .length = strlen(text)};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK) {
        printf("%s: %s\n", name, err.message);
        exit(1);
    }
}

static void
revert(const char *id)
{
    mend_error err;

    if (mend_patch_revert(id, &err) != MEND_OK) {
        printf("revert %s: %s\n", id, err.message);
        exit(1);
    }
}

static void
expect(NSString *got, const char *wanted, int line)
{
    if ([got isEqual:[NSString stringWithUTF8String:wanted]])
        return;
    printf("line %d: wanted %s, got %s\n", line, wanted, [[got description] UTF8String]);
    exit(1);
}
#define EXPECT(got, wanted) expect(got, wanted, __LINE__)

/* What a script says about a global, told by one that lives only for the question. */
static void
expect_global(const char *expression, const char *wanted, int line)
{
    char text[300];

    snprintf(text, sizeof text, "defineClass('JSShape', {title: function () { return String(%s); }});", expression);
    apply("asks.js", text);
    expect([[[JSShape new] autorelease] title], wanted, line);
    revert("asks");
}

/* Globals that a script made go with it; those it changed are as before, unless a later script uses them. */
static void
globals_go_with_their_script(void)
{
    apply("first.js", "global.one = 'a'; two = [1]; require('NSDate'); global.shared = 1;");
    apply("second.js", "global.three = 'c'; one = 'changed';");
    expect_global("one + three", "changedc", __LINE__);
    revert("second");
    expect_global("one + typeof three", "aundefined", __LINE__);
    apply("first.js", "global.one = 'a'; global.shared = 1;"); /* its next version, with the same values */
    expect_global("one + typeof two + shared", "aundefined1", __LINE__);
    revert("first");
    expect_global("typeof one + typeof shared + typeof NSDate", "undefinedundefinedobject", __LINE__);
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    JSShape *shape = [[JSShape new] autorelease], *square = [[JSSquare new] autorelease];
    IMP hello = class_getMethodImplementation([JSShape class], @selector(hello));

    apply("script.js", "defineClass('JSShape', {\n"
                       "    hello: function () { return 'script ' + self.greet('x'); },\n"
                       "    greet: function (n) { return 'greet by script'; }\n});");
    EXPECT([shape hello], "script greet by script");
    EXPECT([square hello], "square script greet by script");

    apply("source.m", "@implementation JSShape\n"
                      "- (NSString *)greet:(NSString *)name { return @\"greet by source\"; }\n@end\n");
    EXPECT([shape greet:@"x"], "greet by source");
    EXPECT([[shape hello] substringToIndex:7], "script ");
    EXPECT([JSCaller perform:@"hello" on:shape], [[shape hello] UTF8String]);
    apply("script.js", "defineClass('JSShape', {\n"
                       "    hello: function () { return 'second ' + self.greet('x').toJS(); }\n});");
    EXPECT([shape hello], "second greet by source");
    revert("source");
    EXPECT([shape greet:@"x"], "greet x"); /* the second version does not define it */
    EXPECT([shape hello], "second greet x");

    apply("square.js", "defineClass('JSSquare', {hello: function () { return 'js ' + self.super().hello().toJS(); }});");
    EXPECT([square hello], "js second greet x");
    revert("script");
    EXPECT([square hello], "js hello");
    EXPECT([shape hello], "hello");
    revert("square");
    EXPECT([square hello], "square hello");
    if (class_getMethodImplementation([JSShape class], @selector(hello)) != hello) {
        printf("the implementation is not the exact one\n");
        return 1;
    }
    globals_go_with_their_script();
    [pool release];
    return 0;
}
