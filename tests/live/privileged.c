/* SPDX-License-Identifier: MIT */
/* Starts the agent from inside and says what came of it: run set-user-id, it must be refused. */
#include <mend/agent.h>
#include <stdio.h>

int
main(void)
{
    mend_error err;
    mend_status st = mend_agent_start(&err);

    puts(mend_status_name(st));
    return st == MEND_OK ? 0 : 1;
}
