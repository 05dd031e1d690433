/* SPDX-License-Identifier: MIT */
/*
 * The patches in effect: an ordered list of ids, each with its body and the batch of hooks it placed.
 *
 * The list belongs to the runtime's mutex. Reading, top-level code and the freeing of what a patch leaves behind run
 * without it, because they run or may run code of the program; an apply under way therefore finds its own entry again
 * by serial number, as another thread may have replaced or reverted it meanwhile.
 */
#include <mend/patch.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/list.h"
#include "hook/batch.h"
#include "hook/edit.h"
#include "patch/engine.h"
#include "patch/guard.h"
#include "patch/plan.h"
#include "patch/top_level.h"
#include "runtime/runtime.h"

#include <string.h>
#include <time.h>

struct applied {
    char *id, *name;
    struct mn_body *body;   /* held */
    struct mn_batch *batch; /* committed, owned */
    unsigned methods, classes;
    unsigned long serial;
    long long applied_at;
};

static struct mn_list list = {.size = sizeof(struct applied *)}; /* oldest first */
static unsigned long last_serial;

static size_t
index_of(const char *id)
{
    size_t i;

    for (i = 0; i < list.count; i++)
        if (strcmp((*MN_LIST_AT(struct applied *, &list, i))->id, id) == 0)
            break;
    return i;
}

/* Takes an entry out; the empty list holds no memory. */
static void
strike(size_t index)
{
    mn_list_remove(&list, index);
    if (list.count == 0)
        mn_list_fini(&list);
}

/* Frees what a patch left; not under the mutex. NULL is accepted. */
static void
applied_free(struct applied *patch)
{
    if (patch == NULL)
        return;
    mn_batch_free(patch->batch);
    mn_body_release(patch->body);
    mn_free(patch->id);
    mn_free(patch->name);
    mn_free(patch);
}

/* The id of a source: its own, or its name without folder and ending. Owned by the caller. */
static char *
id_of(const mend_source *source)
{
    const char *name = source->name, *slash, *dot;

    if (source->id != NULL)
        return mn_strdup(source->id);
    if ((slash = strrchr(name, '/')) != NULL && slash[1] != '\0')
        name = slash + 1;
    dot = strrchr(name, '.');
    return dot != NULL && dot != name ? mn_strndup(name, (size_t)(dot - name)) : mn_strdup(name);
}

static mend_status
applied_new(const mend_source *source, struct mn_body *body, struct applied **out, mend_error *err)
{
    struct applied *patch = mn_calloc(1, sizeof *patch);

    *out = NULL;
    if (patch == NULL)
        return mn_fail_memory(err);
    patch->id = id_of(source);
    patch->name = mn_strdup(source->name);
    if (patch->id == NULL || patch->name == NULL) {
        applied_free(patch);
        return mn_fail_memory(err);
    }
    patch->body = mn_body_retain(body);
    patch->methods = mn_plan_methods(body);
    patch->applied_at = (long long)time(NULL);
    *out = patch;
    return MEND_OK;
}

/* An empty batch that mend_hook_each calls by the patch's id. */
static mend_status
new_batch(struct applied *patch, mend_error *err)
{
    mend_status st = mn_batch_new(&patch->batch, err);

    return st != MEND_OK ? st : mn_batch_set_name(patch->batch, patch->id, err);
}

/*
 * Commits patch's staged batch and enters it in the list, in the place of an earlier patch of the same id, which is
 * handed out; *serial identifies the entry. On failure nothing has changed.
 */
static mend_status
enter(struct applied *patch, struct applied **earlier, unsigned long *serial, mend_error *err)
{
    struct applied **place = NULL;
    mend_status st;
    size_t i;

    *earlier = NULL;
    mn_edit_lock(); /* around the batch: release functions must not see the list half changed */
    if ((i = index_of(patch->id)) < list.count) {
        place = MN_LIST_AT(struct applied *, &list, i);
        *earlier = *place;
    } else if ((place = mn_list_add(&list)) == NULL) {
        st = mn_fail_memory(err);
        goto done;
    }
    if ((st = mn_batch_prepare(patch->batch, *earlier != NULL ? (*earlier)->batch : NULL, err)) != MEND_OK) {
        if (*earlier == NULL)
            strike(i);
        *earlier = NULL;
        goto done;
    }
    mn_plan_hold(patch->body);
    mn_batch_commit(patch->batch);
    *serial = patch->serial = ++last_serial;
    *place = patch; /* from the unlock on another thread may free it */
done:
    mn_edit_unlock(false);
    return st;
}

/* What load put in place, out of force again. */
static mend_status
unload(struct mn_body *body, mend_error *err)
{
    return body->engine->unload != NULL ? body->engine->unload(body, err) : MEND_OK;
}

/* Takes an entry out of the list and its hooks out of force. *patch is the caller's to free; NULL: no longer there. */
static mend_status
leave(const char *id, unsigned long serial, struct applied **patch, mend_error *err)
{
    mend_status st = MEND_NO_PATCH;
    size_t i;

    *patch = NULL;
    mn_runtime_lock();
    if ((i = index_of(id)) < list.count) {
        struct applied *found = *MN_LIST_AT(struct applied *, &list, i);

        if (serial == 0 || found->serial == serial) {
            strike(i);
            *patch = found;
        }
    }
    mn_runtime_unlock();
    if (*patch != NULL) {
        mend_status loaded = unload((*patch)->body, err);

        st = mn_batch_revert((*patch)->batch, err);
        st = loaded != MEND_OK ? loaded : st;
    }
    return st;
}

void
mn_patch_withdraw(const struct mn_body *body)
{
    struct applied *patch = NULL;
    unsigned long serial = 0;
    char *id = NULL;

    mn_runtime_lock();
    for (size_t i = 0; i < list.count && id == NULL; i++) {
        struct applied *found = *MN_LIST_AT(struct applied *, &list, i);

        if (found->body == body) {
            id = mn_strdup(found->id);
            serial = found->serial;
        }
    }
    mn_runtime_unlock();
    if (id == NULL)
        return;
    leave(id, serial, &patch, NULL);
    applied_free(patch);
    mn_free(id);
}

/* Puts the earlier version of a patch back whose successor could not load. True when it is in force again. */
static bool
reinstate(struct applied *earlier, const char *id, unsigned long serial)
{
    struct applied *failed = NULL;
    unsigned created;
    bool back;
    size_t i;

    mn_batch_free(earlier->batch); /* the successor emptied it */
    earlier->batch = NULL;
    if (new_batch(earlier, NULL) != MEND_OK ||
        mn_plan_stage(earlier->body, earlier->batch, false, &created, NULL) != MEND_OK)
        return false;
    mn_edit_lock();
    i = index_of(id);
    back = i < list.count && (*MN_LIST_AT(struct applied *, &list, i))->serial == serial &&
           enter(earlier, &failed, &serial, NULL) == MEND_OK;
    mn_edit_unlock(false);
    applied_free(failed);
    return back;
}

/* What load put in place counts among the patch's methods. */
static void
count_loaded(const char *id, unsigned long serial, const struct mn_body *body)
{
    size_t i;

    mn_runtime_lock();
    if ((i = index_of(id)) < list.count) {
        struct applied *patch = *MN_LIST_AT(struct applied *, &list, i);

        if (patch->serial == serial) {
            patch->methods += body->loaded_methods;
            patch->classes += body->loaded_classes;
        }
    }
    mn_runtime_unlock();
}

/* Top-level code, and the way back when it fails. Consumes earlier. */
static mend_status
load_or_undo(struct mn_body *body, const mend_source *source, const char *id, unsigned long serial,
             struct applied *earlier, mend_error *err)
{
    struct applied *failed;
    mend_status st = mn_top_level_run(body, source->main_ms, err);

    if (st == MEND_OK)
        count_loaded(id, serial, body);
    if (st == MEND_OK && earlier != NULL)
        unload(earlier->body, NULL); /* its successor stands in its place: methods it does not define end here */
    if (st == MEND_OK || (earlier != NULL && reinstate(earlier, id, serial))) {
        if (st == MEND_OK)
            applied_free(earlier);
        return st;
    }
    leave(id, serial, &failed, NULL);
    applied_free(failed);
    if (earlier != NULL)
        mn_remedy(err, "correct the top-level code; the earlier version could not be put back and is reverted");
    applied_free(earlier);
    return st;
}

static mend_status
check_source(const mend_source *source, mend_error *err)
{
    if (source == NULL || source->name == NULL || (source->text == NULL && source->length != 0))
        return mn_fail(err, MEND_INVALID, "a patch needs a name and a text");
    if (source->name[0] == '\0' || (source->id != NULL && source->id[0] == '\0'))
        return mn_fail(err, MEND_INVALID, "a patch's name or id is empty");
    return MEND_OK;
}

mend_status
mend_patch_apply(const mend_source *source, mend_diagnose diagnose, void *data, mend_patch_report *report,
                 mend_error *err)
{
    mend_patch_report own = {0};
    struct mn_body *body = NULL;
    struct applied *patch = NULL, *earlier;
    uint64_t start = mn_clock_ns(), opened, staged;
    unsigned long serial;
    char *id = NULL;
    mend_status st;

    if ((st = check_source(source, err)) != MEND_OK)
        return st;
    if ((st = mn_body_open(source, true, diagnose, data, &body, err)) != MEND_OK)
        goto done;
    opened = mn_clock_ns();
    if ((st = applied_new(source, body, &patch, err)) != MEND_OK)
        goto done;
    if ((id = mn_strdup(patch->id)) == NULL) {
        st = mn_fail_memory(err);
        goto done;
    }
    if ((st = new_batch(patch, err)) != MEND_OK)
        goto done;
    if ((st = mn_plan_stage(body, patch->batch, true, &patch->classes, err)) != MEND_OK)
        goto done;
    staged = mn_clock_ns();
    own.methods = patch->methods;
    own.classes = patch->classes;
    if ((st = enter(patch, &earlier, &serial, err)) != MEND_OK)
        goto done;
    patch = NULL; /* the list's now */
    own.replaced = earlier != NULL;
    own.read_ns = opened - start;
    own.check_ns = staged - opened;
    own.commit_ns = mn_clock_ns() - staged;
    if ((st = load_or_undo(body, source, id, serial, earlier, err)) != MEND_OK)
        goto done;
    own.methods += body->loaded_methods;
    own.classes += body->loaded_classes;
    if (report != NULL)
        *report = own;
done:
    applied_free(patch);
    mn_body_release(body);
    mn_free(id);
    return st;
}

mend_status
mend_patch_check(const mend_source *source, mend_diagnose diagnose, void *data, mend_patch_report *report,
                 mend_error *err)
{
    mend_patch_report own = {0};
    struct mn_body *body = NULL;
    struct mn_batch *batch = NULL;
    uint64_t start = mn_clock_ns(), opened;
    unsigned created;
    mend_status st;

    if ((st = check_source(source, err)) != MEND_OK)
        return st;
    if ((st = mn_body_open(source, false, diagnose, data, &body, err)) != MEND_OK)
        goto done;
    opened = mn_clock_ns();
    if ((st = mn_batch_new(&batch, err)) != MEND_OK)
        goto done;
    if ((st = mn_plan_stage(body, batch, false, &created, err)) != MEND_OK)
        goto done;
    own.methods = mn_plan_methods(body);
    for (size_t i = 0; i < body->class_count; i++)
        own.classes += !body->classes[i].exists;
    own.read_ns = opened - start;
    own.check_ns = mn_clock_ns() - opened;
    if (report != NULL)
        *report = own;
done:
    mn_batch_free(batch);
    mn_body_release(body);
    return st;
}

mend_status
mend_patch_revert(const char *id, mend_error *err)
{
    struct applied *patch;
    mend_status st;

    if (id == NULL)
        return mn_fail(err, MEND_INVALID, "no id given");
    st = leave(id, 0, &patch, err);
    if (patch == NULL)
        return mn_fail(err, MEND_NO_PATCH, "no patch '%s' is applied", id);
    applied_free(patch);
    return st;
}

mend_status
mend_patch_each(int (*visit)(void *data, const mend_patch_info *info), void *data, mend_error *err)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    mend_patch_info *infos;
    size_t count;
    bool failed;

    mn_runtime_lock();
    count = list.count;
    infos = mn_arena_alloc(&arena, count * sizeof *infos);
    for (size_t i = 0; infos != NULL && i < count; i++) {
        const struct applied *patch = *MN_LIST_AT(struct applied *, &list, i);

        infos[i] = (mend_patch_info){.id = mn_arena_strdup(&arena, patch->id),
                                     .name = mn_arena_strdup(&arena, patch->name),
                                     .methods = patch->methods,
                                     .classes = patch->classes,
                                     .applied_at = patch->applied_at};
    }
    mn_runtime_unlock();
    failed = arena.failed;
    for (size_t i = 0; !failed && i < count; i++)
        if (!visit(data, &infos[i]))
            break;
    mn_arena_fini(&arena);
    return failed ? mn_fail_memory(err) : MEND_OK;
}
