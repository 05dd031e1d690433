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
#define EXPECT_AT(got, wanted, line) expect(got, wanted, line)

/* One method patched by a source, a document and a script; each calls what it is in place of. */
static const struct layer {
    const char *id, *name, *text, *mark;
} layers[] = {
    {"s", "s.m", "@implementation JSShape\n- (NSString *)greet:(NSString *)n { return [@\"s\" stringByAppendingString:[self PREVgreet:n]]; }\n@end\n", "s"},
    {"d", "d.json",
     "{\"format\": 2, \"instructions\": [{\"cls\": \"JSShape\", \"methodList\": [{\"method\": \"greet:\", \"params\": [{\"name\": \"n\"}], \"messages\": ["
     "{\"do\": \"return\", \"value\": {\"send\": \"stringByAppendingString:\", \"to\": \"d\", \"args\": ["
     "{\"original\": true, \"args\": [{\"var\": \"n\"}]}]}}]}]}]}",
     "d"},
    {"j", "j.js", "defineClass('JSShape', {greet: function (n) { return 'j' + self.ORIGgreet(n).toJS(); }});", "j"},
};

/* What the method gives with these in force, the last one outermost. A script's ORIG and a document's original are the
 * method as the binary had it, so what they cover is not seen below them; the source's PREV is the next one. */
static void
expect_layers(const int *order, const bool *in_force, int line)
{
    char wanted[32] = "";
    JSShape *shape = [[JSShape new] autorelease];

    for (int i = 2; i >= 0; i--)
        if (in_force[order[i]]) {
            strcat(wanted, layers[order[i]].mark);
            if (order[i] != 0)
                break;
        }
    strcat(wanted, "greet x");
    EXPECT_AT([shape greet:@"x"], wanted, line);
    EXPECT_AT([JSCaller perform:@"greet:" on:shape with:@"x"], wanted, line);
}

static void
source_document_and_script_stack_on_one_method(void)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    IMP before = class_getMethodImplementation([JSShape class], @selector(greet:));

    for (int on = 0; on < 6; on++)
        for (int off = 0; off < 6; off++) {
            bool in_force[3] = {false, false, false};

            for (int i = 0; i < 3; i++) {
                apply(layers[orders[on][i]].name, layers[orders[on][i]].text);
                in_force[orders[on][i]] = true;
                expect_layers(orders[on], in_force, __LINE__);
            }
            for (int i = 0; i < 3; i++) {
                revert(layers[orders[off][i]].id);
                in_force[orders[off][i]] = false;
                expect_layers(orders[on], in_force, __LINE__);
            }
            if (class_getMethodImplementation([JSShape class], @selector(greet:)) != before) {
                printf("order %d back %d: another implementation is left\n", on, off);
                exit(1);
            }
        }
}

/* A script over a patched parent, and a source over a parent that a script patched. */
static void
overrides_of_both_languages_inherit_from_one_another(void)
{
    JSShape *square = [[JSSquare new] autorelease], *shape = [[JSShape new] autorelease];

    apply("parent.m", "@implementation JSShape\n- (NSString *)greet:(NSString *)n { return @\"source parent\"; }\n@end\n");
    apply("child.js", "defineClass('JSSquare', {greet: function (n) { return 'script child, ' + self.super().greet(n).toJS(); }});");
    EXPECT([square greet:@"x"], "script child, source parent");
    EXPECT([shape greet:@"x"], "source parent");
    revert("parent");
    EXPECT([square greet:@"x"], "script child, greet x");
    apply("parent.mg", "class JSShape { -(NSString *)greet:(NSString *)n { return @\"mango parent\"; } }");
    EXPECT([square greet:@"x"], "script child, mango parent");
    revert("parent");
    revert("child");

    apply("parent.js", "defineClass('JSShape', {greet: function (n) { return 'script parent of ' + n.toJS(); }});");
    EXPECT([square greet:@"x"], "script parent of x");
    apply("child.m", "@implementation JSSquare\n- (NSString *)greet:(NSString *)n { return [@\"source child, \" stringByAppendingString:[super greet:n]]; }\n@end\n");
    EXPECT([square greet:@"x"], "source child, script parent of x");
    EXPECT([shape greet:@"x"], "script parent of x");
    apply("asks.js", "defineClass('JSShape', {hello: function () { return self.greet('y'); }});");
    EXPECT([shape hello], "script parent of y");
    revert("asks");
    revert("parent");
    EXPECT([square greet:@"x"], "source child, greet x");
    revert("child");
    EXPECT([square greet:@"x"], "greet x");
}

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
    source_document_and_script_stack_on_one_method();
    overrides_of_both_languages_inherit_from_one_another();
    [pool release];
    return 0;
}
