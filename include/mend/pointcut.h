/* SPDX-License-Identifier: MIT */
/*
 * Pointcuts: one hook on every method that a pattern names, now and, if asked, whenever another arrives.
 *
 *     mend_hook_spec count = {.position = MEND_BEFORE, .advice = on_call, .data = &calls};
 *     mend_pointcut *all;
 *     mend_pointcut_counts found;
 *
 *     mend_pointcut_new("-[XAD* *] !-[* dealloc]", &count, MEND_POINTCUT_FUTURE, &all, &err);
 *     mend_pointcut_count(all, &found, &err); // nothing is hooked yet
 *     printf("%zu methods, %zu of them refused\n", found.methods, found.refused);
 *     mend_pointcut_commit(all, &err);
 *     ...
 *     mend_pointcut_free(all);
 *
 * A pattern is a list of items, divided by white space or commas:
 *
 *     -[CLASS SELECTOR]     instance methods; +[...] class methods; *[...] both
 *     /REGEX/               methods whose spelling, "-[Class selector]", contains a match
 *     !ITEM  or  -x ITEM    not these, wherever in the list it stands
 *
 *     CLASS       GLOB      classes of such a name
 *                 ^GLOB     classes of such a name and all that inherit from them
 *                 @GLOB     classes that adopt such a protocol: themselves, by a superclass, by a protocol
 *     SELECTOR    GLOB      selectors of such a name
 *                 @NAME     the methods this protocol, or one it adopts, declares
 *     either      /REGEX/   POSIX extended, a match anywhere in the name; /REGEX/i ignores case
 *
 *     GLOB        * any bytes   ? one byte   {a,b} either   \x the byte x   everything else itself
 *
 * (GCC's runtime does not record the @optional methods of protocols.)
 *
 * A pattern names the methods that classes implement themselves, each once, where it is implemented:
 * "-[NSArray *]" does not hook what NSArray inherits. A method that may not be hooked this way (retain, or a
 * position its encoding forbids) is skipped and counted as refused. Limits: 64 KiB of text, 256 items, 1024
 * bytes a name; a regular expression has at most 512 bytes, no back reference, and repetitions that come to at
 * most 1024 states (8192 in all of a pattern).
 *
 * Matching and hooking run no code of the program: no class is initialised by it.
 *
 * Any thread; one thread at a time a pointcut, except where a comment says otherwise.
 */
#ifndef MEND_POINTCUT_H
#define MEND_POINTCUT_H

#include <mend/hook.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mend_pointcut mend_pointcut;

enum {
    MEND_POINTCUT_FUTURE =
        1 /* stays armed: what is loaded or registered after the commit is hooked on arrival */
};

/*
 * Reads a pattern; changes nothing. `spec` is copied; with NULL the pointcut can be counted and visited only.
 * spec->release is called once for all methods together. MEND_HOOK_MAY_ADD is refused, and
 * MEND_HOOK_THIS_THREAD with FUTURE. MEND_SYNTAX (err->line, err->column and the remedy
 * say where and what), MEND_TOO_LARGE, MEND_INVALID, MEND_NO_MEMORY; *pointcut is NULL then.
 */
MEND_API mend_status mend_pointcut_new(const char *pattern, const mend_hook_spec *spec, unsigned options,
                                       mend_pointcut **pointcut, mend_error *err);

/*
 * A hook on one method that need not be there yet: it waits until the class is loaded and has or inherits the
 * method. To be committed as any pointcut; mend_pointcut_state.waiting says whether it still waits. The
 * target is copied, cls must be NULL. Errors as mend_pointcut_new, and MEND_REFUSED_SELECTOR,
 * MEND_REFUSED_POSITION.
 */
MEND_API mend_status mend_pointcut_await(const mend_target *target, const mend_hook_spec *spec,
                                         mend_pointcut **pointcut, mend_error *err);

typedef struct mend_pointcut_counts {
    size_t classes; /* that have such methods; the two sides of one class are one */
    size_t methods; /* matched, refused ones too */
    size_t refused; /* would be skipped */
} mend_pointcut_counts;

/* What matches at this moment, and nothing else happens. MEND_NO_MEMORY. */
MEND_API mend_status mend_pointcut_count(const mend_pointcut *pointcut, mend_pointcut_counts *counts,
                                         mend_error *err);

typedef struct mend_match {
    struct objc_class *cls;                       /* never a metaclass */
    const char *class_name, *selector, *encoding; /* live as long as the process */
    int class_side;                               /* 1: a class method */
    int hooked;                                   /* 1: this pointcut's advice is on it */
    mend_status refused;                          /* MEND_OK, or why it is skipped */
} mend_match;

/* Visits what matches at this moment, until visit returns 0. No lock is held during the visits, which may use
 * any call of Mend but those that free this pointcut. why is NULL where nothing is refused, and lent. */
MEND_API mend_status mend_pointcut_each(const mend_pointcut *pointcut,
                                        int (*visit)(void *data, const mend_match *match,
                                                     const mend_error *why),
                                        void *data, mend_error *err);

/*
 * Hooks what matches, all together and in force by one store; on failure nothing. Nothing matching is no
 * failure. With MEND_POINTCUT_FUTURE it is armed from the same moment on. MEND_INVALID (no spec, or committed
 * already), MEND_NO_CODE_PAGES, MEND_NO_MEMORY.
 */
MEND_API mend_status mend_pointcut_commit(mend_pointcut *pointcut, mend_error *err);

/* Out of force by one store, disarmed; never waits for calls or for a class being loaded. It can be committed
 * again. MEND_NOT_INSTALLED; MEND_FOREIGN_IMP as for mend_hook_remove. */
MEND_API mend_status mend_pointcut_revert(mend_pointcut *pointcut, mend_error *err);

/* All its hooks, those to come too, out of force and back: one store each. Any thread. MEND_NOT_INSTALLED. */
MEND_API mend_status mend_pointcut_disable(mend_pointcut *pointcut, mend_error *err);
MEND_API mend_status mend_pointcut_enable(mend_pointcut *pointcut, mend_error *err);

/* Frees it; what is committed is reverted first. NULL is allowed. */
MEND_API void mend_pointcut_free(mend_pointcut *pointcut);

typedef struct mend_pointcut_state {
    int committed, armed;
    int waiting;    /* armed, and has no method yet */
    size_t hooked;  /* methods */
    size_t arrived; /* of these, since the commit */
    size_t refused; /* skipped by the commit */
    size_t
        missed; /* arrivals that could not be hooked for want of memory; tried again at each later arrival */
} mend_pointcut_state;

/* Any thread. */
MEND_API void mend_pointcut_get_state(const mend_pointcut *pointcut, mend_pointcut_state *state);

/* Visits every armed pointcut of the process, oldest first, until visit returns 0. The runtime's mutex is
 * held during the visits: they must not run code of the program. Any thread. */
MEND_API void mend_pointcut_each_armed(int (*visit)(void *data, const char *pattern,
                                                    const mend_pointcut_state *state),
                                       void *data);

/*
 * Looks whether anything arrived that nobody told us of. Mend learns by itself of libraries and bundles that
 * are loaded, and of classes made at run time when they are first messaged; needed only where a class made by
 * objc_registerClassPair() has a +initialize of its own or no NSObject above it. Any thread.
 */
MEND_API mend_status mend_pointcut_refresh(mend_error *err);

#ifdef __cplusplus
}
#endif
#endif
