/* SPDX-License-Identifier: MIT */
/*
 * An edit: hooks put on any number of methods, or taken from them, as one change.
 *
 * Putting: every array and every entry of the runtime's tables is prepared; then the new arrays are published
 * with their hooks not yet in force, the methods are pointed at their trampolines, and one store of the live
 * word puts all in force. Taking: the live word has ended them already; what is left is clearing up, and may
 * be late.
 *
 * All functions but mn_edit_lock are for the thread that called it.
 */
#ifndef MN_HOOK_EDIT_H
#define MN_HOOK_EDIT_H

#include "hook/site.h"

/* Takes the runtime's mutex and clears up what was left over. */
void mn_edit_lock(void);

/* The same, if that takes no longer than some tries. */
bool mn_edit_trylock(void);

/* Gives the mutex back, then, at the end of the outermost edit, runs the release functions that are due.
 * `now`: scan for them in any case. */
void mn_edit_unlock(bool now);

struct mn_edit {
    struct mn_hook **hooks; /* by site */
    size_t count;
    struct mn_change **changes; /* of the sites to be installed */
    struct mn_install install;
};

/* Checks and allocates for putting `count` hooks in place. On failure nothing has changed. */
mend_status mn_edit_prepare(struct mn_edit *edit, struct mn_hook *const *hooks, size_t count,
                            mend_error *err);

/* Puts them in place, and in force by storing `value` in the live word, if there is one. */
void mn_edit_commit(struct mn_edit *edit, struct mn_live *live, uint32_t value);
void mn_edit_cancel(struct mn_edit *edit);

/*
 * Takes the unit whose first hook is `hooks` away; its version is not in its live word any more. `live` is
 * given back; NULL when another unit uses it now. MEND_FOREIGN_IMP when a method cannot be given back.
 */
mend_status mn_edit_remove(struct mn_hook *hooks, struct mn_live *live, mend_error *err);

/*
 * The same from outside the lock, for the unit whose first hook is live->owner, without ever waiting for it
 * long: if it is not to be had, the clearing up is left to the next who has it, and the answer is MEND_OK.
 * The caller is the one whose store ended the version. Who owns the word is read under the mutex: a hook that
 * is being renewed (renew.c) changes hands there.
 */
mend_status mn_edit_remove_unlocked(struct mn_live *live, mend_error *err);

/*
 * Moves all hooks of one site to another, installing that: they stay in force, or out of it, as they are.
 * `from` is left without hooks and, where its method still has its entry, given back. On failure nothing has
 * changed.
 */
mend_status mn_edit_move(struct mn_site *from, struct mn_site *to, mend_error *err);

/* Publishes a new array for what the site has: calls that hold the old one began before. */
mend_status mn_edit_republish(struct mn_site *site, mend_error *err);

/* Takes away a hook that can never run again, with the rest of its unit only if that is a token. Any thread,
 * without the lock; it is for whoever holds an array that names the hook. */
void mn_edit_spend(struct mn_hook *hook);

/* The same for hooks of groups that are spent already. */
void mn_edit_clear_spent(void);

/* Ends a version: true for the one caller that did it. No lock. */
bool mn_word_end(mn_word *word, uint32_t version);

/* Hooks in place. */
size_t mn_edit_hooks(void);
#endif
