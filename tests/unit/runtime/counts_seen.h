/* SPDX-License-Identifier: MIT */
/*
 * Shows the thread sanitizer how NSObject counts owners: libgnustep-base is not instrumented, so without this
 * every object that two threads own, and one frees, looks like a race.
 *
 * Call it first in main. Without the sanitizer it does nothing.
 */
#ifndef MN_TESTS_RUNTIME_COUNTS_SEEN_H
#define MN_TESTS_RUNTIME_COUNTS_SEEN_H

#import <Foundation/Foundation.h>

#if defined(__SANITIZE_THREAD__)
extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

static IMP uninstrumented_release, uninstrumented_dealloc;

static void
seen_release(id self, SEL _cmd)
{
    __tsan_release(self);
    ((void (*)(id, SEL))uninstrumented_release)(self, _cmd);
}

/* Whoever has let go before, through NSObject or on the word itself, did so before this. */
static void
seen_dealloc(id self, SEL _cmd)
{
    __tsan_acquire(self);
    __tsan_acquire((long *)self - 1);
    ((void (*)(id, SEL))uninstrumented_dealloc)(self, _cmd);
}

static inline void
counts_seen(void)
{
    Class root = [NSObject class];

    uninstrumented_release = class_replaceMethod(root, @selector(release), (IMP)seen_release, "Vv16@0:8");
    uninstrumented_dealloc = class_replaceMethod(root, @selector(dealloc), (IMP)seen_dealloc, "v16@0:8");
}
#else
static inline void
counts_seen(void)
{
}
#endif

#endif
