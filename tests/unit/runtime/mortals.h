/* SPDX-License-Identifier: MIT */
/*
 * Objects whose death leaves a letter in a trace, and that count how many are alive.
 *
 * Fixtures of test_objects.m, test_weak.m, test_objects_limits.m.
 */
#ifndef MN_TESTS_RUNTIME_MORTALS_H
#define MN_TESTS_RUNTIME_MORTALS_H

#import <Foundation/Foundation.h>

#import "counts_seen.h"

#include "runtime/objects.h"
#include "support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static char trace[256] __attribute__((unused));
static long alive __attribute__((unused));

static inline void
mark(char c)
{
    size_t n = strlen(trace);

    if (n + 1 < sizeof(trace)) {
        trace[n] = c;
        trace[n + 1] = '\0';
    }
}

/* Marks its letter when it dies. */
@interface Mortal : NSObject <NSCopying> {
  @public
    char letter;
}
@end

@implementation Mortal
- (id)init
{
    __atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED);
    return self;
}
- (id)copyWithZone:(NSZone *)zone
{
    Mortal *copy = [[Mortal alloc] init];

    copy->letter = 'c';
    return copy;
}
- (void)dealloc
{
    if (letter != 0)
        mark(letter);
    __atomic_fetch_sub(&alive, 1, __ATOMIC_RELAXED);
    [super dealloc];
}
@end

static inline Mortal *
mortal(char letter)
{
    Mortal *m = [[Mortal alloc] init];

    m->letter = letter;
    return m;
}

static inline void
mark_pointer(void *pointer)
{
    mark(*(const char *)pointer);
}

static inline void
mark_death(id object, void *data)
{
    mark(*(const char *)data);
}

/* Every test begins and ends with nothing stored. */
static inline int
begin_clean(void **state)
{
    trace[0] = '\0';
    *state = [NSAutoreleasePool new];
    return 0;
}

static inline int
end_clean(void **state)
{
    [(id)*state release];
    return mn_objects_tracked() == 0 && alive == 0 ? 0 : -1;
}

#define CLEAN(test) cmocka_unit_test_setup_teardown(test, begin_clean, end_clean)

#endif
