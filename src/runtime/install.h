/* SPDX-License-Identifier: MIT */
/*
 * The one way Mend changes which function a method runs. Safe while any number of threads send messages to
 * the classes concerned, which the runtime's own class_addMethod and method_setImplementation are not.
 *
 * A change replaces the method cls itself has, or gives cls a method it inherited or lacked; superclasses are
 * never touched, subclasses that do not override follow. A batch of changes is prepared (all checks, all
 * memory), then committed, which cannot fail:
 *
 *     struct mn_change change = {.cls = cls, .sel = sel, .imp = trampoline};   // stays where it is until
 * reverted struct mn_change *changes[] = {&change}; struct mn_install batch; if ((st =
 * mn_install_prepare(&batch, changes, 1, err)) != MEND_OK) return st; // nothing changed
 *     trampoline_calls(change.original);
 *     mn_install_commit(&batch);                                              // or
 * mn_install_abandon(&batch)
 *
 * The runtime's mutex is held from a successful prepare to the commit or abandon, which the same thread must
 * make; the host can neither load nor change anything in between. Different methods of a batch take effect
 * one after the other; who needs them to switch together gates them on a word of his own.
 */
#ifndef MN_RUNTIME_INSTALL_H
#define MN_RUNTIME_INSTALL_H

#include "runtime/runtime.h"

enum mn_change_state {
    MN_CHANGE_IDLE, /* zero: not prepared, or taken back */
    MN_CHANGE_PREPARED,
    MN_CHANGE_INSTALLED,
    MN_CHANGE_FOREIGN /* could not be taken back: someone else replaced it, or keeps our IMP */
};

struct mn_change {
    /* Filled by the caller. */
    Class cls;         /* a metaclass for a class method */
    SEL sel;           /* typed or not */
    const char *types; /* lent; needed only for a method cls neither has nor inherits */
    IMP imp;           /* what the method shall run */
    bool stays; /* never taken back; a change it was put on top of can be taken back beneath it: `next` is
                 * then as if that one had never been */

    /* Filled by prepare. */
    IMP original; /* what it ran before; for an inherited method the superclass's, which may change later: who
                   * calls it should look it up (mn_lookup_super) when owner != cls. NULL when the method was
                   * absent */
    Class owner;  /* the class original belongs to: cls, a superclass, or Nil when absent */
    enum mn_change_state state;

    IMP next; /* what the class itself had, or NULL for an inherited or absent method: one word, so that it
               * can be read without a lock while a change beneath goes (`original` and `owner` never change)
               */

    void *record;            /* private: the place in the runtime's lists */
    struct mn_change *older; /* private: another that stays */
};

struct mn_install {
    struct mn_change *const *changes;
    size_t count;
    void *spare; /* private: memory the commit will use */
};

/*
 * Checks everything and gets all memory. On failure nothing has changed and the mutex is free again:
 * MEND_NO_CLASS (Nil, or a class still being built), MEND_INVALID (no selector, no imp, the same method
 * twice, a change already installed), MEND_NO_METHOD (absent, and types is NULL), MEND_NO_MEMORY. `changes`
 * is borrowed until commit or abandon; each change must stay at its address until it is reverted.
 */
mend_status mn_install_prepare(struct mn_install *batch, struct mn_change *const *changes, size_t count,
                               mend_error *err);

/* Puts a prepared batch into effect, in order, and frees the mutex. Allocates nothing (one exception: a class
 * whose +initialize is running at this moment has its table rebuilt by the runtime itself). */
void mn_install_commit(struct mn_install *batch);

/* Drops a prepared batch: nothing has changed. */
void mn_install_abandon(struct mn_install *batch);

/*
 * Takes installed changes back, last one first: each method runs exactly what it ran before, and a method
 * that was added disappears from dispatch and from respondsToSelector:. Changes not installed are skipped.
 *
 * A change whose record holds somebody else's IMP by now is left as it is and becomes MN_CHANGE_FOREIGN: its
 * imp must stay callable for ever (the other side may call it as its "original"). One hidden by a category
 * loaded later is taken back beneath it and is MN_CHANGE_FOREIGN too. MEND_FOREIGN_IMP then, all others being
 * reverted; MEND_NO_MEMORY: nothing was reverted (possible only where the host rebuilt tables meanwhile).
 */
mend_status mn_install_revert(struct mn_change *const *changes, size_t count, mend_error *err);

/* The same for one change: prepare and commit, revert. */
mend_status mn_install_one(struct mn_change *change, mend_error *err);
mend_status mn_install_revert_one(struct mn_change *change, mend_error *err);

/* A change that was installed is what its class runs: nobody replaced it, or he has put it back; no category
 * hides it. */
bool mn_install_stands(const struct mn_change *change);

#endif
