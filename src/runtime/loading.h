/* SPDX-License-Identifier: MIT */
/*
 * News of classes and categories: what tells us that something was loaded or registered.
 *
 * Sources: the runtime's own load callback (libraries that are opened, modules that register late); an IMP of
 * ours in front of -[NSBundle load], because Foundation takes that callback away while it loads a bundle, and
 * for good; and one in front of +[NSObject initialize], which a class made at run time reaches before its
 * first message is answered. What none of them sees (docs/design/pointcuts.md) a sweep finds.
 *
 * The two IMPs are put there once and stay: they pass calls on and look whether anybody listens.
 */
#ifndef MN_RUNTIME_LOADING_H
#define MN_RUNTIME_LOADING_H

#include "runtime/runtime.h"

/*
 * cls (never a metaclass) is new, or has new methods on either side, or may have. Told with the runtime's
 * mutex held, perhaps by the runtime itself inside a load: must not run code of the host. May come twice for
 * the same change.
 */
typedef void (*mn_loading_news)(Class cls);

/*
 * Tells `news` from now on. `first_use`: also of classes that are messaged for the first time. One listener
 * in the process: a second call only adds first_use. Takes the runtime's mutex. MEND_NO_MEMORY: as before.
 */
mend_status mn_loading_watch(mn_loading_news news, bool first_use, mend_error *err);

/* first_use is not needed any more. Under the runtime's mutex. */
void mn_loading_forget_first_use(void);

/* Tells the listener of every class there is. Takes the runtime's mutex. MEND_NO_MEMORY: of none. */
mend_status mn_loading_sweep(mend_error *err);

/* Visits all method records of cls, also those that a category loaded later hides, until visit returns false.
 */
void mn_method_each_record(Class cls, bool (*visit)(void *data, const struct mn_method *method), void *data);

#endif
