/* SPDX-License-Identifier: MIT */
/*
 * What the programs of the faces share: a trace, checks that say what they found, and a loop over tests.
 *
 * The programs know only the face's header and Foundation, as a program written for the old library does.
 */
#ifndef MN_TESTS_SEEDS_H
#define MN_TESTS_SEEDS_H

#import <Foundation/Foundation.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int seeds_failures;
static char seeds_trace[256];

static inline void
mark(const char *text)
{
    strncat(seeds_trace, text, sizeof seeds_trace - strlen(seeds_trace) - 1);
}

/* The trace since the last time. */
static inline const char *
traced(void)
{
    static char copy[sizeof seeds_trace];

    memcpy(copy, seeds_trace, sizeof copy);
    seeds_trace[0] = '\0';
    return copy;
}

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, __LINE__, __func__, #condition);            \
            seeds_failures++;                                                                                \
        }                                                                                                    \
    } while (0)

#define CHECK_LONG(is, wanted)                                                                               \
    do {                                                                                                     \
        long is_ = (long)(is), wanted_ = (long)(wanted);                                                     \
        if (is_ != wanted_) {                                                                                \
            fprintf(stderr, "%s:%d: %s: %s is %ld, not %ld\n", __FILE__, __LINE__, __func__, #is, is_,       \
                    wanted_);                                                                                \
            seeds_failures++;                                                                                \
        }                                                                                                    \
    } while (0)

#define CHECK_TEXT(is, wanted)                                                                               \
    do {                                                                                                     \
        const char *is_ = (is), *wanted_ = (wanted);                                                         \
        if (!is_ || strcmp(is_, wanted_) != 0) {                                                             \
            fprintf(stderr, "%s:%d: %s: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, __func__, #is, is_, \
                    wanted_);                                                                                \
            seeds_failures++;                                                                                \
        }                                                                                                    \
    } while (0)

struct seeds_test {
    const char *name;
    void (*run)(void);
};

#define TEST(name)                                                                                           \
    {                                                                                                        \
#name, name                                                                                          \
    }

static inline int
seeds_run(const struct seeds_test *tests, size_t count, int argc, char **argv)
{
    for (size_t i = 0; i < count; i++) {
        NSAutoreleasePool *pool;
        int before = seeds_failures;

        if (argc > 1 && strcmp(argv[1], tests[i].name) != 0)
            continue;
        pool = [NSAutoreleasePool new];
        seeds_trace[0] = '\0';
        tests[i].run();
        [pool release];
        printf("%s %s\n", seeds_failures == before ? "ok  " : "FAIL", tests[i].name);
        fflush(stdout);
    }
    return seeds_failures == 0 ? 0 : 1;
}
#endif
