/* SPDX-License-Identifier: MIT */
/*
 * Two lists that only grow at their head, so readers need no lock: of contexts, and of a context's names.
 */
#include "lang/builtin/context.h"

#include "base/alloc.h"
#include "base/error.h"
#include "lang/builtin/dynamic.h"
#include "runtime/exception.h"
#include "value/own.h"
#include "vm/program.h"
#include "vm/run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* A name: a value of its own, or a patch's variable. */
struct entry {
    struct entry *next;
    const char *name;
    id value; /* strong; when there is no place */
    char *encoding;
    void *place;
    bool strong;
    struct mn_program *program; /* in use */
};

struct mend_context {
    struct mend_context *next;
    const char *name;
    int64_t number;
    _Atomic(struct entry *) entries;
};

static _Atomic(struct mend_context *) contexts;
static pthread_mutex_t growing = PTHREAD_MUTEX_INITIALIZER;

static struct entry *
entry_of(const struct mend_context *context, const char *name)
{
    for (struct entry *e = atomic_load(&context->entries); e != NULL; e = e->next)
        if (strcmp(e->name, name) == 0)
            return e;
    return NULL;
}

static struct mend_context *
numbered(int64_t number)
{
    for (struct mend_context *c = atomic_load(&contexts); c != NULL; c = c->next)
        if (c->number == number)
            return c;
    return NULL;
}

mend_status
mend_context_open(const char *name, mend_context **context, mend_error *err)
{
    struct mend_context *c, *first;

    *context = NULL;
    if (name == NULL || *name == '\0')
        return mn_fail(err, MEND_INVALID, "a context needs a name");
    mn_own_init();
    pthread_mutex_lock(&growing);
    first = atomic_load(&contexts);
    for (c = first; c != NULL && strcmp(c->name, name) != 0; c = c->next)
        ;
    if (c == NULL && (c = mn_calloc(1, sizeof *c)) != NULL) {
        if ((c->name = mn_strdup(name)) == NULL) {
            mn_free(c);
            c = NULL;
        } else {
            c->next = first;
            c->number = first != NULL ? first->number + 1 : 1;
            atomic_store(&contexts, c);
        }
    }
    pthread_mutex_unlock(&growing);
    *context = c;
    return c != NULL ? MEND_OK : mn_fail_memory(err);
}

int64_t
mn_context_number(const struct mend_context *context)
{
    return context->number;
}

bool
mn_context_has(const struct mend_context *context, const char *name)
{
    return entry_of(context, name) != NULL;
}

/* The entry of a name, made when there is none; NULL when memory has run out. */
static struct entry *
make_entry(struct mend_context *context, const char *name)
{
    struct entry *e;

    pthread_mutex_lock(&growing);
    if ((e = entry_of(context, name)) == NULL && (e = mn_calloc(1, sizeof *e)) != NULL) {
        if ((e->name = mn_strdup(name)) == NULL) {
            mn_free(e);
            e = NULL;
        } else {
            e->next = atomic_load(&context->entries);
            atomic_store(&context->entries, e);
        }
    }
    pthread_mutex_unlock(&growing);
    return e;
}

static id
value_of(const struct entry *e)
{
    return e->place != NULL ? mn_dynamic_read(e->place, e->encoding) : e->value;
}

/* False when the variable behind the name cannot hold it. */
static bool
give(struct entry *e, id value)
{
    if (e->place == NULL) {
        mn_store_strong(&e->value, value);
        return true;
    }
    if (e->strong) {
        if (mn_dynamic_kind(value) != '@' && mn_dynamic_kind(value) != 0)
            return false;
        mn_store_strong(e->place, value);
        return true;
    }
    return mn_dynamic_write(value, e->place, e->encoding);
}

id
mn_context_get(int64_t context, const char *name)
{
    const struct mend_context *c = numbered(context);
    const struct entry *e = c != NULL ? entry_of(c, name) : NULL;

    return e != NULL ? value_of(e) : nil;
}

void
mn_context_set(int64_t context, const char *name, id value)
{
    struct mend_context *c = numbered(context);
    struct entry *e = c != NULL ? make_entry(c, name) : NULL;

    if (e == NULL || !give(e, value))
        mn_vm_raise_here(MN_VM_ILLEGAL_TYPE, "'%s' cannot hold this value", name);
}

void
mn_context_export(struct mend_context *context, const char *name, const char *encoding, void *place, bool strong,
                  struct mn_program *program)
{
    struct entry *e = make_entry(context, name);
    char *types = mn_strdup(encoding);
    struct mn_program *old;

    if (e == NULL || types == NULL) {
        mn_free(types);
        return;
    }
    old = e->program;
    mn_program_use(program);
    e->strong = strong;
    e->program = program;
    e->encoding = types; /* the one before stays: a reader may be at it */
    e->place = place;
    mn_program_unuse(old);
}

/* ---- the host's side ---- */

struct reading {
    const void *from;
    const char *encoding;
    id value;
};

static void
read_memory(void *data)
{
    struct reading *r = data;

    r->value = mn_dynamic_read(r->from, r->encoding);
}

/* As a dynamic value; false without memory, which a patch learns by an exception and a host must not. */
static bool
try_read(const void *from, const char *encoding, id *value)
{
    struct reading r = {from, encoding, nil};
    bool read = mn_try(read_memory, &r, NULL);

    *value = r.value;
    return read;
}

mend_status
mend_context_set(mend_context *context, const char *name, const char *encoding, const void *value, mend_error *err)
{
    struct entry *e;
    id fresh;

    if (context == NULL || name == NULL || *name == '\0' || encoding == NULL || value == NULL)
        return mn_fail(err, MEND_INVALID, "a context, a name, an encoding and a value are needed");
    if (!try_read(value, encoding, &fresh) || (e = make_entry(context, name)) == NULL)
        return mn_fail_memory(err);
    if (!give(e, fresh))
        return mn_fail(err, MEND_INVALID, "the variable '%s' has the type '%s' and cannot hold a value of the type '%s'",
                       name, e->encoding, encoding);
    return MEND_OK;
}

mend_status
mend_context_get(mend_context *context, const char *name, const char *encoding, void *value, mend_error *err)
{
    const struct entry *e;
    id kept;

    if (context == NULL || name == NULL || encoding == NULL || value == NULL)
        return mn_fail(err, MEND_INVALID, "a context, a name, an encoding and a place are needed");
    if ((e = entry_of(context, name)) == NULL)
        return mn_fail(err, MEND_INVALID, "the context '%s' has no name '%s'", context->name, name);
    kept = e->value;
    if (e->place != NULL && !try_read(e->place, e->encoding, &kept))
        return mn_fail_memory(err);
    if (!mn_dynamic_write(kept, value, encoding))
        return mn_fail(err, MEND_INVALID, "the value of '%s' cannot become a value of the type '%s'", name, encoding);
    return MEND_OK;
}
