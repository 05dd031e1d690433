/* SPDX-License-Identifier: MIT */
/*
 * Levels: found without a lock by every -dealloc and -release of the classes concerned, made under the
 * runtime's mutex.
 *
 * They stand in an open hash of pointers that only grows; replaced tables are kept, because a reader may
 * stand on one (they double, so all together are no larger than the last).
 */
#include "runtime/override.h"

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/count.h"
#include "runtime/plain.h"
#include "runtime/tracked.h"

#include <stdint.h>

enum { EXCLUSIVE = 48, COPIES = 64, FIRST_PLACES = 64 };

struct table {
    const struct table *older; /* kept for readers */
    size_t places, used;       /* places is a power of two */
    struct mn_level *levels[];
};

/* Both are written under the runtime's mutex and read with acquire. */
static struct table *table;
static const struct mn_level *only[2][EXCLUSIVE]; /* the level of an exclusive copy */

/* ---- Finding ---- */

static size_t
first_place(Class cls, enum mn_override kind)
{
    return (size_t)(((uintptr_t)cls + kind) * 0x9e3779b97f4a7c15u >> 32);
}

static inline const struct mn_level *
find(const struct table *t, Class cls, enum mn_override kind, unsigned copy)
{
    const struct mn_level *level;

    for (size_t i = first_place(cls, kind);; i++) {
        level = __atomic_load_n(&t->levels[i & (t->places - 1)], __ATOMIC_ACQUIRE);
        if (level == NULL)
            return NULL;
        if (level->change.cls == cls && level->kind == kind && (copy == COPIES || level->copy == copy))
            return level;
    }
}

const struct mn_level *
mn_override_of(Class cls, enum mn_override kind)
{
    const struct table *t = __atomic_load_n(&table, __ATOMIC_ACQUIRE);

    return t != NULL ? find(t, cls, kind, COPIES) : NULL;
}

/* Which level's function runs: the nearest class from the object's upwards whose level uses that copy. */
static const struct mn_level *
running(id object, enum mn_override kind, unsigned copy)
{
    const struct table *t = __atomic_load_n(&table, __ATOMIC_ACQUIRE);
    Class cls = mn_object_class(object);
    const struct mn_level *level = t != NULL ? find(t, cls, kind, copy) : NULL;

    while (t != NULL && level == NULL && (cls = mn_class_super(cls)) != Nil)
        level = find(t, cls, kind, copy);
    return level;
}

IMP
mn_override_next(const struct mn_level *level, id object, SEL sel)
{
    IMP next = __atomic_load_n(&level->change.next, __ATOMIC_ACQUIRE);

    if (next != NULL)
        return next;
    return mn_lookup_super(object, level->super, sel);
}

/* ---- The functions ---- */

/* A host that gives an object an unrelated class while its -dealloc runs: what is left is the topmost one,
 * which frees the object. */
static __attribute__((noinline, cold)) void
without_level(id object, SEL sel)
{
    Class root = mn_object_class(object);

    while (mn_class_super(root) != Nil)
        root = mn_class_super(root);
    mn_run_void(mn_lookup_super(object, root, sel), object, sel);
}

/*
 * No level found. A thread may see our function before it sees the level: the mutex orders that. Or the
 * object has got another class since the message was looked up (KVO does that when the last observer goes):
 * then a level below its class is meant.
 */
static __attribute__((noinline, cold)) const struct mn_level *
hidden_level(id object, enum mn_override kind, unsigned copy)
{
    const struct mn_level *level, *found;

    mn_runtime_lock();
    found = running(object, kind, copy);
    for (size_t i = 0; found == NULL && i < table->places; i++) {
        level = table->levels[i];
        if (level != NULL && level->kind == kind && level->copy == copy &&
            mn_class_inherits(level->change.cls, mn_object_class(object)))
            found = level;
    }
    mn_runtime_unlock();
    return found;
}

static inline const struct mn_level *
level_of(id object, enum mn_override kind, unsigned copy)
{
    const struct mn_level *level;

    if (copy < EXCLUSIVE && (level = __atomic_load_n(&only[kind][copy], __ATOMIC_ACQUIRE)) != NULL)
        return level;
    level = running(object, kind, copy);
    return level != NULL ? level : hidden_level(object, kind, copy);
}

static inline void
dealloc(id object, SEL sel, unsigned copy)
{
    const struct mn_level *level = level_of(object, MN_OVERRIDE_DEALLOC, copy);

    if (level == NULL)
        without_level(object, sel);
    else if (mn_tracked_perhaps(object))
        mn_death_dealloc(object, sel, level);
    else
        mn_run_void(mn_override_next(level, object, sel), object, sel);
}

static inline void
release(id object, SEL sel, unsigned copy)
{
    const struct mn_level *level = level_of(object, MN_OVERRIDE_RELEASE, copy);

    if (level == NULL)
        without_level(object, sel);
    else if (mn_tracked_perhaps(object))
        mn_weak_release(object, sel, level);
    else
        mn_run_void(mn_override_next(level, object, sel), object, sel);
}

#define EIGHT(X, tens) X(tens##0) X(tens##1) X(tens##2) X(tens##3) X(tens##4) X(tens##5) X(tens##6) X(tens##7)
/* Octal, so that the names of the functions end in the numbers: 00 to 077. */
#define EACH_COPY(X)                                                                                         \
    EIGHT(X, 0) EIGHT(X, 01) EIGHT(X, 02) EIGHT(X, 03) EIGHT(X, 04) EIGHT(X, 05) EIGHT(X, 06) EIGHT(X, 07)
#define FUNCTIONS(n)                                                                                         \
    static void dealloc_##n(id object, SEL sel)                                                              \
    {                                                                                                        \
        dealloc(object, sel, n);                                                                             \
    }                                                                                                        \
    static void release_##n(id object, SEL sel)                                                              \
    {                                                                                                        \
        release(object, sel, n);                                                                             \
    }
#define DEALLOC(n) (IMP)(void *) dealloc_##n,
#define RELEASE(n) (IMP)(void *) release_##n,

EACH_COPY(FUNCTIONS)

static const struct {
    const char *selector, *types;
    IMP copies[COPIES];
} overrides[] = {
    [MN_OVERRIDE_DEALLOC] = {"dealloc", "v16@0:8", {EACH_COPY(DEALLOC)}},
    [MN_OVERRIDE_RELEASE] = {"release", "Vv16@0:8", {EACH_COPY(RELEASE)}},
};

/* ---- Making ---- */

static bool
related(Class a, Class b)
{
    return mn_class_inherits(a, b) || mn_class_inherits(b, a);
}

/* A copy nobody uses, else a shared one that no level above or below the class uses; COPIES: none is left. */
static unsigned
free_copy(Class cls, enum mn_override kind)
{
    bool taken[COPIES + 1] = {false};
    unsigned copy = 0;

    while (copy < EXCLUSIVE && only[kind][copy] != NULL)
        copy++;
    if (copy < EXCLUSIVE)
        return copy;
    for (size_t i = 0; table != NULL && i < table->places; i++) {
        const struct mn_level *level = table->levels[i];

        if (level != NULL && level->kind == kind && related(cls, level->change.cls))
            taken[level->copy] = true;
    }
    while (taken[copy])
        copy++;
    return copy;
}

static void
put(struct table *t, struct mn_level *level)
{
    size_t i = first_place(level->change.cls, level->kind);

    while (t->levels[i & (t->places - 1)] != NULL)
        i++;
    __atomic_store_n(&t->levels[i & (t->places - 1)], level, __ATOMIC_RELEASE);
    t->used++;
}

/* Room for one more, a third of the places left free. */
static bool
make_room(void)
{
    size_t places = table == NULL ? FIRST_PLACES : table->places * 2;
    struct table *larger;

    if (table != NULL && (table->used + 1) * 3 <= table->places * 2)
        return true;
    larger = mn_calloc(1, sizeof(*larger) + places * sizeof(struct mn_level *));
    if (larger == NULL)
        return false;
    larger->older = table;
    larger->places = places;
    for (size_t i = 0; table != NULL && i < table->places; i++)
        if (table->levels[i] != NULL)
            put(larger, table->levels[i]);
    __atomic_store_n(&table, larger, __ATOMIC_RELEASE);
    return true;
}

IMP
mn_override_beneath(Class cls, enum mn_override kind)
{
    SEL sel = mn_selector(overrides[kind].selector);
    const struct mn_level *level;
    struct mn_method method;

    for (; cls != Nil; cls = mn_class_super(cls)) {
        if (!mn_method_own(cls, sel, &method))
            continue;
        level = mn_override_of(cls, kind);
        if (level == NULL || level->change.imp != method.imp)
            return method.imp;
        if (level->change.next != NULL)
            return level->change.next;
    }
    return NULL;
}

static mend_status
refuse(Class cls, enum mn_override kind, const char *why, mend_error *err)
{
    return mn_fail_method(err, MEND_REFUSED_OBJECT, mn_class_name(cls), overrides[kind].selector, "%s", why);
}

/* Readers find the level as soon as they can run its function. */
static mend_status
install(struct mn_level *level, mend_error *err)
{
    struct mn_change *const changes[] = {&level->change};
    struct mn_install batch;
    mend_status st = mn_install_prepare(&batch, changes, 1, err);

    if (st != MEND_OK)
        return st;
    put(table, level);
    if (level->copy < EXCLUSIVE)
        __atomic_store_n(&only[level->kind][level->copy], level, __ATOMIC_RELEASE);
    mn_install_commit(&batch);
    return MEND_OK;
}

static mend_status
make_level(Class cls, enum mn_override kind, mend_error *err)
{
    unsigned copy = free_copy(cls, kind);
    struct mn_level *level;
    mend_status st;

    if (!mn_method_find(cls, mn_selector(overrides[kind].selector), NULL))
        return refuse(cls, kind, "nothing tells when such an object dies", err);
    if (copy == COPIES)
        return refuse(cls, kind, "too many of its superclasses and subclasses are watched already", err);
    if (!make_room() || (level = mn_calloc(1, sizeof(*level))) == NULL)
        return mn_fail_memory(err);
    level->change =
        (struct mn_change){.cls = cls,
                           .sel = mn_selector_typed(overrides[kind].selector, overrides[kind].types),
                           .types = overrides[kind].types,
                           .stays = true,
                           .imp = overrides[kind].copies[copy]};
    level->super = mn_class_super(cls);
    level->kind = kind;
    level->copy = copy;
    level->root = level->super == Nil;
    level->by_word = kind == MN_OVERRIDE_RELEASE && mn_count_by_word(cls);
    if ((st = install(level, err)) != MEND_OK)
        mn_free(level);
    return st;
}

mend_status
mn_override_install(Class cls, enum mn_override kind, mend_error *err)
{
    mend_status st = MEND_OK;

    if (mn_override_of(cls, kind) != NULL)
        return MEND_OK;
    mn_runtime_lock();
    if (mn_override_of(cls, kind) == NULL)
        st = make_level(cls, kind, err);
    mn_runtime_unlock();
    return st;
}
