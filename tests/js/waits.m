/* SPDX-License-Identifier: MIT */
/*
 * A script that cannot go on because another thread is inside one: it is told, and it goes on when that thread leaves.
 *
 * With MEND_JS_WAIT_REPORT set; the report is looked for in what the process writes.
 */
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static NSConditionLock *stage; /* 1: the other thread is in its native call; 2: it may leave; 3: it has left */

@interface Waiter : NSObject
@end
@implementation Waiter
+ (void)other:(JSShape *)shape
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];

    [shape title];
    [stage lock];
    [stage unlockWithCondition:3];
    [pool release];
}
/* The first thread's native call: it returns when the other is inside a script. */
+ (void)begin:(JSShape *)shape
{
    [NSThread detachNewThreadSelector:@selector(other:) toTarget:self withObject:shape];
    [stage lockWhenCondition:1];
    [stage unlock];
}
/* The other's: it returns a while after the first is ready to go on. */
+ (void)hold
{
    [stage lock];
    [stage unlockWithCondition:1];
    usleep(1000000);
}
@end

static const char script[] = "require('Waiter');\n"
                             "defineClass('JSShape', {\n"
                             "    hello: function () { Waiter.begin(self); return 'went on'; },\n"
                             "    title: function () { Waiter.hold(); return 'held'; }\n"
                             "});\n";

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    mend_source source = {.name = "w.js", .text = script, .length = strlen(script)};
    JSShape *shape = [[JSShape new] autorelease];
    char written[8192] = "";
    FILE *out = tmpfile();
    int saved = dup(2);
    mend_error err;
    bool good;

    stage = [[NSConditionLock alloc] initWithCondition:0];
    if (out == NULL || mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK)
        return 1;
    dup2(fileno(out), 2);
    good = [[shape hello] isEqual:@"went on"];
    [stage lockWhenCondition:3];
    [stage unlock];
    fflush(stderr);
    dup2(saved, 2);
    rewind(out);
    fread(written, 1, sizeof written - 1, out);
    if (!good || strstr(written, "a script waits to go on") == NULL) {
        printf("%d, written: %s\n", good, written);
        return 1;
    }
    [pool release];
    return 0;
}
