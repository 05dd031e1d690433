// SPDX-License-Identifier: MIT
// mend-host: a program with Foundation and nothing else. Patches are built in it, before this main (cli/compile.c).
#import <Foundation/Foundation.h>

int
main(void)
{
    return [NSProcessInfo class] == Nil;
}
