/* SPDX-License-Identifier: MIT */
#include "queue/main_queue.h"

#include "queue/native.h"
#include "runtime/create.h"
#include "runtime/exception.h"
#include "runtime/own_sends.h"
#include "value/box.h"
#include "value/own.h"

#include <mend/queue.h>
#include <unistd.h>

static struct mn_items ready; /* at most one is waiting: the main queue is serial */
static Class drainer;
static pthread_once_t made = PTHREAD_ONCE_INIT;

bool
mn_main_thread(void)
{
    return getpid() == gettid();
}

bool
mn_main_add(struct mn_item *item)
{
    mn_items_add(&ready, item);
    return true;
}

size_t
mend_main_queue_drain(void)
{
    size_t ran = 0;

    if (!mn_main_thread())
        return 0;
    if (mn_native() != NULL) {
        if (mn_native()->drain_main != NULL)
            mn_native()->drain_main(NULL);
        return 0;
    }
    for (;; ran++) {
        struct mn_item *item;

        mn_dispatch_lock();
        item = mn_items_take(&ready);
        mn_dispatch_unlock();
        if (item == NULL)
            return ran;
        mn_item_run(item);
    }
}

static void
drain(id self, SEL cmd)
{
    (void)self;
    (void)cmd;
    mend_main_queue_drain();
}

/* Without a root class of Foundation there is no run loop either. */
static void
make_drainer(void)
{
    Class root = mn_class_named("NSObject"), cls;

    if (root == Nil || mn_class_new(root, "MendMainQueue", &cls, NULL) != MEND_OK)
        return;
    if (mn_class_add_method(mn_class_meta(cls), mn_selector("mendDrain"), (IMP)(void *)drain, "v@:", NULL) !=
            MEND_OK ||
        mn_class_register(cls, NULL) != MEND_OK)
        mn_class_free(cls);
    else
        drainer = cls;
}

/* The modes in which a main loop runs; Foundation's names of them are their own texts. */
static id
modes(void)
{
    id names[] = {mn_box_text("NSDefaultRunLoopMode"), mn_box_text("NSModalPanelRunLoopMode"),
                  mn_box_text("NSEventTrackingRunLoopMode")};

    return mn_box_array(names, sizeof names / sizeof names[0]);
}

static void
ask_the_run_loop(id loop)
{
    MN_SCOPED(mn_own_sends_end) struct mn_own_sends own = MN_OWN_SENDS_CLOSED;
    SEL drain_it = mn_selector("mendDrain"), sel;

    mn_own_sends_begin(&own);
    if (mn_main_thread()) {
        sel = mn_selector("currentRunLoop");
        loop = ((id(*)(id, SEL))mn_lookup(loop, sel))(loop, sel);
        sel = mn_selector("performSelector:target:argument:order:modes:");
        ((void (*)(id, SEL, SEL, id, id, unsigned long, id))(void *)mn_lookup(loop, sel))(
            loop, sel, drain_it, (id)drainer, nil, 0, modes());
    } else {
        sel = mn_selector("performSelectorOnMainThread:withObject:waitUntilDone:modes:");
        ((void (*)(id, SEL, SEL, id, bool, id))(void *)mn_lookup((id)drainer, sel))((id)drainer, sel, drain_it, nil,
                                                                                    false, modes());
    }
}

/* On the main thread itself performSelectorOnMainThread: would run at once, in the middle of what submits. */
void
mn_main_wake(void)
{
    id pool, loop = (id)mn_class_named("NSRunLoop");

    pthread_once(&made, make_drainer);
    if (drainer == Nil || loop == nil)
        return;
    pool = mn_pool_push();
    ask_the_run_loop(loop);
    mn_pool_pop(pool);
}
