/* SPDX-License-Identifier: MIT */
/*
 * Objects that cross the border both ways, many times: memory stays flat and every object dies.
 *
 * MEND_SCALE lengthens it (in torture: 10 million crossings). Memory is compared between the middle and the end, when
 * the engine's heap has found its size.
 */
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CROSSINGS = 100000, GROWTH_MAX = 16 << 20 };

static const char script[] = "defineClass('JSShape', {\n"
                             "    give: function (x) { return self.ORIGgive(x); },\n"
                             "    hello: function () { return 'h' + self.title().toJS(); }\n"
                             "});\n";

static long
resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long total = 0, pages = 0;

    if (file == NULL || fscanf(file, "%ld %ld", &total, &pages) != 2)
        abort();
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void
cross(long times)
{
    for (long i = 0; i < times; i++) {
        NSAutoreleasePool *pool = [NSAutoreleasePool new];
        JSShape *shape = [[JSShape new] autorelease], *other = [[JSShape new] autorelease];

        [shape setTitle:@"t"];
        if ([shape give:other] != other || ![[shape hello] isEqual:@"ht"])
            abort();
        [pool release];
    }
}

int
main(void)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    const char *scale = getenv("MEND_SCALE");
    long times = CROSSINGS / 4 * (scale != NULL ? atol(scale) : 1), half, end, left;
    mend_source source = {.name = "crossings.js", .text = script, .length = strlen(script)};
    mend_error err;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK) {
        printf("%s\n", err.message);
        return 1;
    }
    cross(times / 2);
    half = resident();
    cross(times / 2);
    end = resident();
    left = [JSShape made] - [JSCaller deallocs];
    printf("%ld objects, %ld not yet let go by the engine, memory %+ld kB in the second half\n", (long)[JSShape made], left,
           (end - half) / 1024);
    [pool release];
    return end - half > GROWTH_MAX || left > [JSShape made] / 2;
}
