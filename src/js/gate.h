/* SPDX-License-Identifier: MIT */
/*
 * Who is inside the engine, and who waits to be.
 *
 * The engine lets go of its lock around native calls but takes it back in the reverse order only: a call that returned
 * waits until the entries that began after it have left. So an entry begun during another thread's short native call
 * could hold that thread up, for ever if it then waits for it. Therefore an entry waits at this gate until the others
 * have left; but not for one whose native call blocks (mn_js_blocks says so, or patience has run out), for that call
 * may be waiting for this very entry.
 */
#ifndef MN_JS_GATE_H
#define MN_JS_GATE_H

#include <stdbool.h>

struct mn_js_entry {
    bool counts; /* the outermost of its thread */
    bool stuck;  /* its native call blocks: nobody waits for it; atomic */
    struct mn_js_entry *next;
};

/* Around whatever runs a script, on the caller's stack:  MN_SCOPED(mn_js_leave) struct mn_js_entry entry; */
void mn_js_enter(struct mn_js_entry *entry);
void mn_js_leave(struct mn_js_entry *entry);

/* This thread's native call is going to wait for others, or has returned: then it waits for entries that began since, and
 * says so after MEND_JS_WAIT_REPORT seconds (5). */
void mn_js_blocks(void);
void mn_js_resumes(void);
#endif
