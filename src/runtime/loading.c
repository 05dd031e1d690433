/* SPDX-License-Identifier: MIT */
/*
 * What the runtime and GNUstep's Foundation do when something is loaded.
 *
 * On GCC's runtime __objc_exec_class, called by each module's constructor, registers classes, attaches categories,
 * sends +load and then calls _objc_load_callback for each class and each category, all with the mutex held; modules
 * whose superclass has not come yet get all that when it has. -[NSBundle load] puts a callback of its own there and
 * NULL afterwards, so ours is set again at the end of each such load. objc_registerClassPair calls nobody; the first
 * message to a class sends +initialize, with the mutex held and before any method of the class is entered.
 *
 * On libobjc2 the callback comes for each class as it is registered, also by objc_registerClassPair, and for no
 * category; a lock of the runtime's own is held then, under which we must not wait for ours. Apple's runtime has no such
 * callback: there only bundles, first messages and sweeps tell.
 *
 * What a host puts into the callback itself is kept and called after ours.
 */
#include "runtime/loading.h"

#include "runtime/install.h"
#include "runtime/plain.h"

#include "base/error.h"

#if defined(__APPLE__)
static void (*_objc_load_callback)(Class cls, struct objc_category *category); /* nobody calls it */
#elif __has_include(<objc/hooks.h>)
#include <objc/hooks.h>
#endif

/* All of this under the mutex. */
static mn_loading_news listener;
static bool wants_first_use;
static void (*next_callback)(Class cls, struct objc_category *category);

/* What is being told of: a host's callback that calls ours, which it had found there, must not go round. */
static Class told_class;
static struct objc_category *told_category;

static void
tell(Class cls)
{
    if (listener != NULL)
        listener(cls);
}

/* ---- Our own IMPs in front of two methods of Foundation ---- */

static BOOL bundle_load(id self, SEL sel);
static void first_message(id self, SEL sel);

static struct mn_change bundle_change = {.types = "C16@0:8", .imp = (IMP)(void *)bundle_load, .stays = true};
static struct mn_change first_change = {.types = "v16@0:8", .imp = (IMP)(void *)first_message, .stays = true};

/* What the method ran before; NULL where nothing did. */
static IMP
next_of(const struct mn_change *change, id self, SEL sel)
{
    IMP own = __atomic_load_n(&change->next, __ATOMIC_ACQUIRE);

    if (own != NULL)
        return own;
    return change->owner != Nil ? mn_lookup_super(self, mn_class_super(change->cls), sel) : NULL;
}

static BOOL
bundle_load(id self, SEL sel)
{
    IMP next = next_of(&bundle_change, self, sel);
    BOOL done = next != NULL && ((BOOL(*)(id, SEL))(void *)next)(self, sel);

    mn_loading_sweep(NULL); /* for want of memory: a later load tries again */
    return done;
}

/* Sent to a class that has no +initialize of its own nearer than NSObject's. The mutex is held. */
static void
first_message(id self, SEL sel)
{
    IMP next = next_of(&first_change, self, sel);

    if (wants_first_use && mn_object_is_class(self))
        tell((Class)self);
    if (next != NULL)
        mn_run_void(next, self, sel);
}

/* Puts the IMP in front, once. */
static mend_status
put(struct mn_change *change, Class cls, const char *selector, mend_error *err)
{
    if (change->state != MN_CHANGE_IDLE || cls == Nil)
        return MEND_OK;
    change->cls = cls;
    change->sel = mn_selector(selector);
    return mn_install_one(change, err);
}

/* Both, as far as Foundation is there. */
static mend_status
put_all(mend_error *err)
{
    mend_status st = put(&bundle_change, mn_class_named("NSBundle"), "load", err);

    if (st == MEND_OK && wants_first_use)
        st = put(&first_change, mn_class_meta(mn_class_named("NSObject")), "initialize", err);
    return st;
}

/* ---- The runtime's callback ---- */

static bool missed; /* a class came while another thread had the mutex; atomic */

static bool
tell_of(void *data, Class cls)
{
    (void)data;
    tell(cls);
    return true;
}

static void
tell_next(Class cls, struct objc_category *category)
{
    void (*next)(Class, struct objc_category *) = next_callback;

    if (next == NULL)
        return;
    told_class = cls;
    told_category = category;
    next(cls, category);
    told_class = Nil;
}

/* On GCC's runtime the mutex is this thread's already. */
static void
loaded(Class cls, struct objc_category *category)
{
    if (cls == told_class && category == told_category)
        return;
    if (!mn_runtime_trylock()) {
        __atomic_store_n(&missed, true, __ATOMIC_RELAXED);
        return;
    }
    put_all(NULL); /* Foundation itself may just have come */
    tell(cls);
    if (__atomic_exchange_n(&missed, false, __ATOMIC_RELAXED))
        mn_class_each(tell_of, NULL);
    tell_next(cls, category);
    mn_runtime_unlock();
}

static void
set_callback(void)
{
    if (_objc_load_callback == loaded)
        return;
    next_callback = _objc_load_callback;
    _objc_load_callback = loaded;
}

/* ---- Listening ---- */

mend_status
mn_loading_watch(mn_loading_news news, bool first_use, mend_error *err)
{
    mend_status st;
    bool wanted;

    mn_runtime_lock();
    wanted = wants_first_use;
    wants_first_use |= first_use;
    if ((st = put_all(err)) == MEND_OK) {
        listener = news;
        set_callback();
    } else {
        wants_first_use = wanted;
    }
    mn_runtime_unlock();
    return st;
}

void
mn_loading_forget_first_use(void)
{
    wants_first_use = false;
}

/* ---- Looking for oneself ---- */

mend_status
mn_loading_sweep(mend_error *err)
{
    mend_status st = MEND_OK;

    mn_runtime_lock();
    if (listener != NULL) {
        set_callback();
        st = mn_class_each(tell_of, NULL);
    }
    mn_runtime_unlock();
    return st == MEND_OK ? st : mn_fail_memory(err);
}
