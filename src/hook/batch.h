/* SPDX-License-Identifier: MIT */
/*
 * A batch: hooks on many methods that go into force together, and leave it together, by one store.
 *
 *     mn_batch_new(&batch, err);
 *     mn_batch_add(batch, &item, &site, err);              // every check; nothing changes yet
 *     mn_batch_prepare(batch, earlier or NULL, err);       // every allocation; takes the runtime's mutex
 *     mn_batch_commit(batch);                              // cannot fail; gives the mutex back
 *     ...
 *     mn_batch_revert(batch, err);
 *     mn_batch_free(batch);
 *
 * Each hook points at its batch's live word and carries the version that the word must hold: a batch that
 * replaces an earlier one shares its word, so the same store ends the old and begins the new
 * (docs/design/hook-reclamation.md).
 *
 * Nothing here runs code of the host, except mn_batch_revert and mn_batch_free, which may run release
 * functions after giving the mutex back. Any thread; one thread at a time a batch.
 */
#ifndef MN_HOOK_BATCH_H
#define MN_HOOK_BATCH_H

#include <mend/hook.h>
#include <objc/objc.h>
#include <stdbool.h>
#include <stddef.h>

struct mn_batch;
struct mn_site; /* hook/site.h: an intercepted method; never freed */

struct mn_batch_item {
    Class cls;         /* the metaclass for a class method */
    SEL sel;           /* any selector of that name */
    const char *types; /* the encoding of the body: must agree with the method's own, or NULL not to compare.
                          The encoding of the new method with may_add. Copied */
    bool may_add;      /* the class may be without the method: it gets one, and loses it at revert */
    bool strict;       /* `types` must be the method's own, not only travel as they do */
    id object;         /* only for calls it receives; nil: all */
    mend_hook_spec spec; /* what to place there; copied */
};

mend_status mn_batch_new(struct mn_batch **batch, mend_error *err);

/*
 * Stages one item after all checks that hold now (method, signature, refused selectors and positions). *site
 * (may be NULL) is what a patch binds ORG to. On failure the batch is as before. Not after mn_batch_prepare.
 */
mend_status mn_batch_add(struct mn_batch *batch, const struct mn_batch_item *item, struct mn_site **site,
                         mend_error *err);

/*
 * Makes the switch ready: after it returns MEND_OK this thread holds the runtime's mutex until
 * mn_batch_commit or mn_batch_cancel. `earlier` is a committed batch that this one replaces: it is empty
 * afterwards and only to be freed. On failure nothing has changed, the mutex is not held and the batch can be
 * prepared again.
 */
mend_status mn_batch_prepare(struct mn_batch *batch, struct mn_batch *earlier, mend_error *err);
void mn_batch_commit(struct mn_batch *batch);
void mn_batch_cancel(struct mn_batch *batch);

/* Out of force by one store, then taken from the methods. MEND_NOT_INSTALLED when it is not committed;
 * MEND_FOREIGN_IMP when a method was replaced by someone else: reverted all the same, calls pass through. */
mend_status mn_batch_revert(struct mn_batch *batch, mend_error *err);

/* The text is what mend_hook_each calls the owner of its hooks; copied. NULL: nothing. */
mend_status mn_batch_set_name(struct mn_batch *batch, const char *name, mend_error *err);

/* Places all hooks anew, above whoever replaced their methods since (mend_group_reapply). */
mend_status mn_batch_reapply(struct mn_batch *batch, mend_error *err);

/* As mend_group_quiesce. */
mend_status mn_batch_quiesce(struct mn_batch *batch, unsigned milliseconds,
                             void (*report)(const mend_inside *inside, void *data), void *data,
                             mend_error *err);

/* Release functions are called also for hooks that were staged and never committed. By default not. */
void mn_batch_release_staged(struct mn_batch *batch);

/* Also reverts a committed one. NULL is allowed. */
void mn_batch_free(struct mn_batch *batch);

/* How many hooks are staged or in place. */
size_t mn_batch_count(const struct mn_batch *batch);

/*
 * The method as the binary had it: below all hooks, also those of superclasses where it is inherited. Call it
 * with the receiver's frame and `mend_call_selector`. NULL when the method was not there before (a unit added
 * it).
 */
IMP mn_site_original(const struct mn_site *site);
#endif
