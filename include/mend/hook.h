/* SPDX-License-Identifier: MIT */
/*
 * Hooks: advice in plain C that runs before, instead of or after an Objective-C method.
 *
 *     static void
 *     on_greet(mend_call *call, void *data)
 *     {
 *         ++*(unsigned *)data;
 *     }
 *
 *     mend_target greet = {.class_name = "Greeter", .selector = "greet:"};
 *     mend_hook_spec count = {.position = MEND_BEFORE, .advice = on_greet, .data = &greetings};
 *     mend_token *token;
 *     if (mend_hook_add(&greet, &count, &token, &err) != MEND_OK) ...
 *
 * One call of a hooked method runs all `before` advice, then the `instead` advice from the outside in, each
 * of which may run the next one by mend_call_proceed(), the innermost next being the method itself, then all
 * `after` advice. When an Objective-C exception leaves the insteads or the method, `throwing` advice runs in
 * place of the after advice. Within a position, a higher priority runs earlier, and equal ones run in the
 * order they were added; among insteads a higher priority is further outside, and of equal ones the newest is
 * outermost. Hooks with names can be placed beside each other (mend_hook_spec.ahead_of, .behind), which
 * counts for more than priority.
 *
 * A call uses the hooks that are in force when it enters the method, to its end: changes made meanwhile, also
 * by its own advice, are for the calls that come later. A class and its superclass may both be hooked; both
 * then run.
 *
 * Every function may be called from any thread, also from advice, and while other threads call the methods
 * concerned. Advice runs without any lock of Mend's. It may leave by an exception, by longjmp or by ending
 * the thread; the rest of the advice of that call then does not run. (Before advice on dealloc is no way to keep
 * an object: where it leaves by an exception or ends the thread, the object is deallocated as it leaves.)
 */
#ifndef MEND_HOOK_H
#define MEND_HOOK_H

#include <mend/error.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct objc_class;
struct objc_object;
struct objc_selector;

/* The method meant: an instance method, or with class_side a class method. Everything is copied. */
typedef struct mend_target {
    struct objc_class *cls; /* the class itself, or NULL to look class_name up */
    const char *class_name; /* used when cls is NULL */
    const char *selector;   /* "greet:with:" */
    int class_side;         /* 1: the class method of that name. A metaclass in cls means the same */

    /*
     * One object alone: the hook runs only in calls whose receiver it is. cls and class_name are not used;
     * the class that gets the hook is the one whose implementation the object would run, and all others of
     * that class pay about a nanosecond. Nothing about the object changes, so key-value observing and other
     * people's isa swizzles may come and go before and after. The object is not retained: when its
     * deallocation begins, its hooks are gone (but those on dealloc itself run), and the data is released.
     */
    struct objc_object *object;

    /*
     * What the advice takes the method's encoding to be: compared with the method's own, member by member.
     * Needed for MEND_HOOK_MAY_ADD unless a protocol of the class declares the method. NULL: not compared.
     */
    const char *encoding;
} mend_target;

/* The numbers of the first three are those of AspectOptions. */
typedef enum mend_position {
    MEND_AFTER = 0,
    MEND_INSTEAD = 1,
    MEND_BEFORE = 2,
    MEND_THROWING = 3 /* when the method or an instead leaves by an Objective-C exception. Only methods with
                         such advice have their exceptions caught; one that goes on is thrown again, so a
                         debugger sees the stack of the second throw. Other unwinding passes unseen */
} mend_position;

enum {
    MEND_HOOK_UNSAFE = 1,     /* also where a selector or position is refused for the program's own good; what
                                 would  break reference counting or Mend itself stays refused */
    MEND_HOOK_DISABLED = 2,   /* put in place, but not in force until mend_hook_enable */
    MEND_HOOK_ONCE = 4,       /* runs once in the whole process, and removes itself as it begins */
    MEND_HOOK_NO_REENTRY = 8, /* the same as max_depth 1 */
    MEND_HOOK_THIS_THREAD = 16, /* runs only in calls made by the thread that adds it */
    MEND_HOOK_WEAK = 32,    /* mend_target.encoding need only travel as the method's own does: any pointer for
                               any    other, integers of one width, structures under other names */
    MEND_HOOK_MAY_ADD = 64, /* the class may be without the method: it gets one, and loses it with its last
                               hook. Where nothing is inherited, next is what the class's own
                               forwardInvocation: does, or else nothing, and the result is zero */
    MEND_HOOK_COUNTED = 128, /* count the runs of the advice, for mend_hook_each */
    MEND_HOOK_TIMED = 256,   /* and the time spent in it */
    MEND_HOOK_SCRATCH = 512  /* mend_call_scratch is wanted */
};

/* One call of a hooked method, lent to advice until the advice returns. */
typedef struct mend_call mend_call;

typedef void (*mend_advice)(mend_call *call, void *data);

typedef struct mend_hook_spec {
    mend_position position;
    mend_advice advice;
    void *data;                  /* handed to the advice; must live until release is called */
    void (*release)(void *data); /* may be NULL. Called once, without locks, when the hook is removed and the
                                    last call that can use data has left; never called when adding fails */
    int priority;                /* higher runs earlier, or further outside (instead); default 0 */
    unsigned options;            /* MEND_HOOK_*, or 0 */
    unsigned
        max_depth;    /* not 0: the hook takes part in at most so many calls of the method on one thread that
                         are inside each other, its own advice's sends included. (A call left by longjmp
                         counts until the thread calls a hooked method at or above its place on the stack) */
    const char *name; /* for mend_hook_each and for the next two; NULL: none. Copied, as these are */
    const char
        *ahead_of;      /* runs earlier (instead: further outside) than hooks of that name in its position */
    const char *behind; /* and later (further inside). A circle of such wishes is MEND_INVALID */
} mend_hook_spec;

/*
 * One hook in place. A handle, not an address: using it after mend_hook_remove() is harmless and gives
 * MEND_NOT_INSTALLED, from any number of threads.
 */
typedef struct mend_token mend_token;

/*
 * Puts `spec` before, after or in place of the target method, and hands out a token.
 *
 * All or nothing: on failure the method runs exactly as before and *token is NULL. The class need not have
 * been messaged yet; no code of the program runs. A method that the class only inherits is hooked on this
 * class alone. `spec` is copied. token may be NULL: the hook then stays for good.
 *
 * MEND_NO_CLASS, MEND_NO_METHOD, MEND_SIGNATURE_MISMATCH (with the first difference), MEND_REFUSED_SELECTOR,
 * MEND_REFUSED_POSITION (no original to run after or around: the call's size is unknown),
 * MEND_REFUSED_OBJECT (a class, a block, a constant), MEND_UNSUPPORTED_ENCODING, MEND_NO_CODE_PAGES,
 * MEND_NO_MEMORY, MEND_INVALID.
 */
MEND_API mend_status mend_hook_add(const mend_target *target, const mend_hook_spec *spec, mend_token **token,
                                   mend_error *err);

/*
 * Takes a hook away. Calls that start after this returned do not run it; calls already inside finish with it.
 * Never waits for them. After the last hook of a method the class has its own implementation back.
 *
 * MEND_NOT_INSTALLED when it was removed before; MEND_FOREIGN_IMP (it is removed all the same, and calls pass
 * through) when someone else replaced the method since.
 */
MEND_API mend_status mend_hook_remove(mend_token *token, mend_error *err);

/* Puts a hook out of force and back without removing it: one store each. MEND_NOT_INSTALLED as above. */
MEND_API mend_status mend_hook_disable(mend_token *token, mend_error *err);
MEND_API mend_status mend_hook_enable(mend_token *token, mend_error *err);

/*
 * Places a hook anew, above whoever replaced its method since; by one store, so that no call runs it twice.
 * *token becomes another token; the old one is stale. Where nobody replaced the method nothing happens. On
 * failure everything is as before. MEND_NOT_INSTALLED as above, and the statuses of mend_hook_add.
 */
MEND_API mend_status mend_hook_reapply(mend_token **token, mend_error *err);

/* One call that is still inside a method, held by advice that was taken away. */
typedef struct mend_inside {
    int thread; /* as the system numbers threads (gettid) */
    const char *class_name, *selector;
    int class_side;
} mend_inside;

/*
 * Waits until every call that was inside the hooked method when this was called has left it, so that the
 * code and data of the advice can go. Works for a token in place (calls that come later are not waited for)
 * and for one removed.
 *
 * MEND_TIMEOUT when some are still inside after `milliseconds`, or when only calls of the calling thread are
 * left, for which waiting is in vain; `report` (may be NULL) is then called for each of them, without locks.
 * Never delays mend_hook_remove. Calls of a hook with before advice alone leave when the advice does.
 */
MEND_API mend_status mend_hook_quiesce(const mend_token *token, unsigned milliseconds,
                                       void (*report)(const mend_inside *inside, void *data), void *data,
                                       mend_error *err);

/* ---- Several hooks as one transaction ---- */

typedef struct mend_group mend_group;

/* An empty group; mend_group_free() it. One thread at a time may use a group. */
MEND_API mend_status mend_group_new(mend_group **group, mend_error *err);

/* What mend_hook_each calls the owner of its hooks. Copied. NULL: nothing. */
MEND_API mend_status mend_group_set_name(mend_group *group, const char *name, mend_error *err);

/* Stages one hook. Makes every check that mend_hook_add makes, and changes nothing in the program. Once it
 * has returned MEND_OK, spec->release will be called, also when the group is never committed. On failure
 * the group is as before. MEND_INVALID when the group is committed, and for MEND_HOOK_DISABLED. */
MEND_API mend_status mend_group_add(mend_group *group, const mend_target *target, const mend_hook_spec *spec,
                                    mend_error *err);

/* Puts all staged hooks in force together, by one store; on failure none, and the group can be committed
 * again. */
MEND_API mend_status mend_group_commit(mend_group *group, mend_error *err);

/* Takes all of them away together, by one store, as mend_hook_remove does; the group is then empty.
 * MEND_NOT_INSTALLED when it is not committed; MEND_FOREIGN_IMP as for mend_hook_remove. */
MEND_API mend_status mend_group_revert(mend_group *group, mend_error *err);

/* As mend_hook_reapply and mend_hook_quiesce, for all hooks of a group; quiescing also after
 * mend_group_revert. */
MEND_API mend_status mend_group_reapply(mend_group *group, mend_error *err);
MEND_API mend_status mend_group_quiesce(mend_group *group, unsigned milliseconds,
                                        void (*report)(const mend_inside *inside, void *data), void *data,
                                        mend_error *err);

/* Frees the group; hooks still in force are taken away first. NULL is allowed. */
MEND_API void mend_group_free(mend_group *group);

/* ---- What advice can do; only on the thread that runs it, only until it returns ---- */

/* NULL where Mend cannot read the method's encoding (such methods take before advice only). */
MEND_API struct objc_object *mend_call_receiver(const mend_call *call);

/* The selector as the caller sent it. Compare by name (sel_isEqual): the runtime has several of one name. */
MEND_API const struct objc_selector *mend_call_selector(const mend_call *call);

/* The type encoding of the method, lent as long as the call. */
MEND_API const char *mend_call_encoding(const mend_call *call);

/* How many arguments the method takes beside receiver and selector. Those are not counted: the first has
 * index 0. What a variadic method takes beyond its named arguments is unknown and not counted. */
MEND_API unsigned mend_call_argument_count(const mend_call *call);

/*
 * Copies an argument to value or from it; size must be the argument's own (MEND_INVALID, also for an index
 * out of range). A change is seen by the advice that follows and by the method. Objects are neither retained
 * nor released.
 */
MEND_API mend_status mend_call_get_argument(const mend_call *call, unsigned index, void *value, size_t size,
                                            mend_error *err);
MEND_API mend_status mend_call_set_argument(mend_call *call, unsigned index, const void *value, size_t size,
                                            mend_error *err);

/* The argument where it lies, to read or write; NULL when there is no such index or it lies in pieces (a
 * structure passed half in one register file, half in another: use the copying calls). */
MEND_API void *mend_call_argument_peek(mend_call *call, unsigned index);

/* The result so far: what the method returned, or zero where it has not run. size as above; MEND_INVALID for
 * void and for a structure without members. Setting it in before advice has effect only with mend_call_skip.
 * Objects are neither retained nor released. */
MEND_API mend_status mend_call_get_result(const mend_call *call, void *value, size_t size, mend_error *err);
MEND_API mend_status mend_call_set_result(mend_call *call, const void *value, size_t size, mend_error *err);

/*
 * Sets a result that is an object (borrowed; nil is one), counted as the caller expects: retained, and the result
 * it replaces released, for methods that give an owned object (alloc, new, copy, mutableCopy and init with what
 * follows in camel case); retained and autoreleased for all others. Sends -retain and the like; a block is
 * copied. MEND_INVALID when the result is no object. MEND_NO_MEMORY, and nothing changes.
 *
 * An init method also owns its receiver: advice in its place that does not proceed, or skips it, releases the
 * receiver when it has set the result, also where the receiver is the result.
 */
MEND_API mend_status mend_call_set_object(mend_call *call, struct objc_object *object, mend_error *err);

/* How many calls of this method the call is inside of, on this thread. Calls with nothing but plain before
 * advice are not counted: Mend has left them when the method runs. */
MEND_API unsigned mend_call_depth(const mend_call *call);

/*
 * MEND_SCRATCH_WORDS words, zero when the call begins, for this call and this hook; the hooks of a group
 * share them, so that before advice can leave something to after advice. NULL unless the hook was added with
 * MEND_HOOK_SCRATCH.
 */
enum { MEND_SCRATCH_WORDS = 4 };
MEND_API uintptr_t *mend_call_scratch(mend_call *call);

/* In throwing advice: the exception, borrowed; NULL elsewhere (and after `@throw nil`). */
MEND_API struct objc_object *mend_call_exception(const mend_call *call);

/* In throwing advice: another exception goes on in its place (borrowed; it must live until a handler has
 * it, as an autoreleased one does). MEND_INVALID elsewhere. */
MEND_API mend_status mend_call_set_exception(mend_call *call, struct objc_object *exception, mend_error *err);

/* In throwing advice: the exception ends here, and the call returns with what mend_call_set_result set, else
 * zero. Throwing advice further on does not run; after advice does. MEND_INVALID elsewhere. */
MEND_API mend_status mend_call_swallow(mend_call *call, mend_error *err);

/*
 * In instead advice: runs the next instead, or the method, with the arguments as they are now; its result
 * becomes the call's. May be used any number of times. An exception of the method passes through.
 * MEND_INVALID elsewhere.
 */
MEND_API mend_status mend_call_proceed(mend_call *call, mend_error *err);

/* In before advice: the method and its insteads do not run; the result is what mend_call_set_result set, else
 * zero. The other before advice and the after advice do run. MEND_INVALID elsewhere. MEND_REFUSED_POSITION
 * where the result's place is unknown (an encoding Mend cannot read), and on dealloc unless the hook was added
 * with MEND_HOOK_UNSAFE. */
MEND_API mend_status mend_call_skip(mend_call *call, mend_error *err);

/* ---- Threads that hooks leave alone ---- */

/*
 * From one to the other, calls that the calling thread makes of hooked methods run the methods as if nobody had
 * hooked or patched them. They nest; an end too many does nothing. Advice that reports by sending messages uses
 * them so as not to report itself. What leaves between them, by an exception or by longjmp, has to end them too.
 * Calls that are inside already keep their hooks. A method that has nothing but hooks or patches gives zero.
 */
MEND_API void mend_bypass_begin(void);
MEND_API void mend_bypass_end(void);

/* ---- What is hooked ---- */

typedef enum mend_hook_state {
    MEND_HOOK_IS_IN_FORCE,
    MEND_HOOK_IS_DISABLED,
    MEND_HOOK_IS_FOREIGN /* someone replaced the method since: whether the hook runs is up to them
                             (mend_hook_reapply) */
} mend_hook_state;

/* One hook, as mend_hook_each shows it. Texts are lent until the visit returns; NULL where there is none. */
typedef struct mend_hook_info {
    const char *class_name, *selector;
    int class_side;
    const struct objc_object *object; /* of an object hook; not to be sent anything: it may be dead by now */
    mend_position position;
    int priority;
    unsigned options;
    const char *name;  /* mend_hook_spec.name */
    const char *owner; /* of a group or a patch */
    mend_hook_state state;
    unsigned turn; /* among the hooks of this method in this position: 0 runs first, or is outermost */
    unsigned long long calls;       /* runs of the advice, with MEND_HOOK_COUNTED or MEND_HOOK_TIMED */
    unsigned long long nanoseconds; /* in the advice, with MEND_HOOK_TIMED; that of an instead includes what
                                       it proceeds to */
    mend_token *token;              /* NULL for members of groups and patches */
} mend_hook_info;

/*
 * Visits every hook as it was at one moment: methods in the order in which they were first hooked, the hooks
 * of one in the order they run. Without locks; the visitor may add and remove hooks, and ends the visits by
 * returning 0. What waits for classes to come is a pointcut (mend_pointcut_each_armed). MEND_NO_MEMORY: none
 * was visited.
 */
MEND_API mend_status mend_hook_each(int (*visit)(void *data, const mend_hook_info *info), void *data,
                                    mend_error *err);

/* ---- Life ---- */

/* What the engine holds at the moment. All of it but `methods`, `trampolines` and `threads` returns to its
 * earlier value when hooks are removed and the calls inside have left. */
typedef struct mend_hook_stats {
    size_t hooks;       /* in place: tokens not yet removed, and members of groups and patches */
    size_t methods;     /* methods ever hooked: each keeps its entry for whoever cached its address */
    size_t chains;      /* arrays of advice in use */
    size_t retired;     /* arrays replaced but perhaps still used by a call */
    size_t unreleased;  /* hooks removed whose data is not yet released */
    size_t trampolines; /* entries of code handed out, one a method */
    size_t threads;     /* threads that have been inside a hooked method and still run */
    size_t bytes;       /* memory of chains, hooks and methods together */
} mend_hook_stats;

MEND_API void mend_hook_get_stats(mend_hook_stats *stats);

/*
 * Frees what no call uses any more, and runs the release functions that have become due. Every change of a
 * hook does this for itself now and then; calling it makes it certain. Gives the number of replaced arrays
 * still in use by calls that are inside (mend_hook_stats.retired).
 */
MEND_API size_t mend_hook_collect(void);

#ifdef __cplusplus
}
#endif
#endif
