/* SPDX-License-Identifier: MIT */
/*
 * swizzler SECONDS: a host that adds methods to classes in use, exchanges and replaces others and gives
 * classes categories, by the runtime's own calls and in bursts, while threads send to those classes and to
 * classes made a moment ago. Says how much it did; fails where an answer was wrong. Knows nothing of Mend.
 */
#import <Foundation/Foundation.h>
#include <objc/message.h>
#include <objc/runtime.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SENDERS = 3, FAMILIES = 8 };

#define TYPES "q16@0:8"

/* The runtime's, as its modules give their categories to it. */
struct list {
    struct list *next;
    int count;
    struct {
        const char *name, *types;
        IMP imp;
    } method;
};
extern void class_add_method_list(Class cls, struct list *list);

struct family {
    Class parent, heir; /* the heir overrides nothing the tests look at, but has a method of its own */
    id p, h;
};

static struct family families[FAMILIES];
static SEL toggled, other, added[FAMILIES]; /* added: the newest, or none */
static void *newest; /* a class; clang has no atomic operations on Class */
static int stop, wrong;
static unsigned long sends;

static long
one(id self, SEL _cmd)
{
    return 1;
}

static long
two(id self, SEL _cmd)
{
    return 2;
}

static long
fifty(id self, SEL _cmd)
{
    return 50;
}

static long
ask(id object, SEL sel)
{
    return ((long (*)(id, SEL))objc_msg_lookup(object, sel))(object, sel);
}

static void
require(int truth)
{
    if (!truth)
        __atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
}

static SEL
fresh_selector(void)
{
    static unsigned number;
    char name[64];

    snprintf(name, sizeof name, "fresh_%u", number++);
    return sel_registerName(name);
}

static Class
fresh_class(Class super)
{
    static unsigned number;
    char name[64];

    snprintf(name, sizeof name, "Swizzled%u", number++);
    return objc_allocateClassPair(super, name, 0);
}

static void
make_family(struct family *f)
{
    f->parent = fresh_class([NSObject class]);
    class_addMethod(f->parent, toggled, (IMP)one, TYPES);
    class_addMethod(f->parent, other, (IMP)two, TYPES);
    objc_registerClassPair(f->parent);
    f->heir = fresh_class(f->parent);
    for (int i = 0; i < 40; i++) /* it has a share of every bucket by then */
        class_addMethod(f->heir, fresh_selector(), (IMP)fifty, TYPES);
    objc_registerClassPair(f->heir);
    f->p = [f->parent new];
    f->h = [f->heir new];
}

static void *
sender(void *data)
{
    unsigned long count = 0;

    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        struct family *f = &families[count % FAMILIES];
        SEL sel = __atomic_load_n(&added[count % FAMILIES], __ATOMIC_ACQUIRE);
        long a = ask(f->p, toggled), b = ask(f->h, toggled);

        require((a == 1 || a == 2) && (b == 1 || b == 2));
        if (sel != NULL)
            require(ask(f->p, sel) == 50 && ask(f->h, sel) == 50 && ask((id)f->parent, sel) == 50);
        if ((count & 63) == 0)
            require(ask((id)__atomic_load_n(&newest, __ATOMIC_ACQUIRE), @selector(class)) != 0);
        count++;
    }
    __atomic_fetch_add(&sends, count, __ATOMIC_RELAXED);
    return NULL;
}

static void
add_methods(struct family *f, SEL *place)
{
    SEL sel = fresh_selector();

    class_addMethod(f->parent, sel, (IMP)fifty, TYPES);
    class_addMethod(object_getClass((id)f->parent), sel, (IMP)fifty, TYPES);
    __atomic_store_n(place, sel, __ATOMIC_RELEASE);
    require(ask(f->h, sel) == 50);
}

static void
swizzle(struct family *f)
{
    Method method = class_getInstanceMethod(f->parent, toggled);

    method_setImplementation(method, (IMP)two);
    require(ask(f->p, toggled) == 2 && ask(f->h, toggled) == 2);
    class_replaceMethod(f->parent, toggled, (IMP)one, TYPES);
    require(ask(f->p, toggled) == 1 && ask(f->h, toggled) == 1);
    method_exchangeImplementations(method, class_getInstanceMethod(f->parent, other));
    require(ask(f->p, toggled) == 2 && ask(f->h, toggled) == 2);
    method_exchangeImplementations(method, class_getInstanceMethod(f->parent, other));
    require(ask(f->h, toggled) == 1);
}

static void
attach_category(struct family *f)
{
    struct list *list = calloc(1, sizeof *list);
    SEL sel = fresh_selector();

    list->count = 1;
    list->method.name = sel_getName(sel);
    list->method.types = TYPES;
    list->method.imp = (IMP)fifty;
    class_add_method_list(f->parent, list);
    require(ask(f->h, sel) == 50);
}

/* A class whose first message comes from whichever thread is first. */
static void
make_class(void)
{
    Class cls = fresh_class([NSObject class]);

    for (int i = 0; i < 20; i++)
        class_addMethod(cls, fresh_selector(), (IMP)fifty, TYPES);
    objc_registerClassPair(cls);
    __atomic_store_n(&newest, (void *)cls, __ATOMIC_RELEASE);
}

int
main(int argc, char **argv)
{
    pthread_t threads[SENDERS];
    time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
    const struct timespec pause = {.tv_nsec = 20000};
    unsigned long rounds = 0;

    toggled = sel_registerName("toggled");
    other = sel_registerName("toggledOther");
    newest = (void *)[NSObject class];
    for (int i = 0; i < FAMILIES; i++)
        make_family(&families[i]);
    for (int i = 0; i < SENDERS; i++)
        pthread_create(&threads[i], NULL, sender, NULL);
    for (; time(NULL) < end && rounds < 20000; rounds++) {
        struct family *f = &families[rounds % FAMILIES];

        add_methods(f, &added[rounds % FAMILIES]);
        swizzle(f);
        if (rounds % 4 == 0)
            attach_category(f);
        if (rounds % 16 == 0)
            make_class();
        nanosleep(&pause, NULL); /* whoever waits for the runtime's mutex gets it */
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < SENDERS; i++)
        pthread_join(threads[i], NULL);
    printf("%lu rounds, %lu sends, %d wrong\n", rounds, sends, wrong);
    return wrong != 0;
}
