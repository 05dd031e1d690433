/* SPDX-License-Identifier: MIT */
/*
 * Which pages a process with scripts has: pages on   the engine compiles: some are writable and executable (else the
 * next would prove nothing);   pages off   none is, and scripts work.
 */
#include <mend/patch.h>

#include "fixture.h"

#include <Foundation/Foundation.h>
#include <stdio.h>
#include <string.h>

static const char script[] = "defineClass('JSShape', {hello: function () {\n"
                             "    var n = 0;\n"
                             "    for (var i = 0; i < 200000; i++) n += i % 7;\n"
                             "    return 'n' + n;\n"
                             "}});\n";

static unsigned
writable_and_executable(void)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], access[8];
    unsigned count = 0;

    while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
        if (sscanf(line, "%*s %7s", access) == 1 && access[1] == 'w' && access[2] == 'x')
            count++;
    if (maps != NULL)
        fclose(maps);
    return count;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    mend_source source = {.name = "p.js", .text = script, .length = strlen(script)};
    JSShape *shape = [[JSShape new] autorelease];
    bool wanted = argc > 1 && strcmp(argv[1], "on") == 0;
    mend_error err;
    unsigned found;

    if (mend_patch_apply(&source, NULL, NULL, NULL, &err) != MEND_OK) {
        printf("%s\n", err.message);
        return 1;
    }
    for (int i = 0; i < 20; i++)
        if (![[shape hello] isEqual:@"n599994"]) {
            printf("the script gave %s\n", [[shape hello] UTF8String]);
            return 1;
        }
    found = writable_and_executable();
    printf("%u mappings are writable and executable\n", found);
    [pool release];
    return (found != 0) != wanted;
}
