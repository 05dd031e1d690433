/* SPDX-License-Identifier: MIT */
/*
 * without_exec PROGRAM ARGUMENT...: runs it, and all it starts, where no memory can become executable that was
 * not so from the beginning (PR_SET_MDWE is inherited). Exit code 77 where the kernel cannot do that.
 */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE              65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

int
main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0) {
        fputs("this kernel has no PR_SET_MDWE\n", stderr);
        return 77;
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 1;
}
