/* SPDX-License-Identifier: MIT */
#include "vm/added.h"

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/objects.h"
#include "value/own.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* A variable of a class; its address is the key of the side storage. Never freed. */
struct added {
    struct added *next;
    size_t size;
    uint8_t kind; /* enum mn_ivar_kind */
    char names[]; /* class, NUL, name, NUL */
};

/* Its value beside one object. */
struct value {
    uint64_t kind, unused;
    char bytes[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct added *all;

static void
destroy(void *pointer)
{
    struct value *value = pointer;

    if (value->kind == MN_IVAR_STRONG)
        mn_release(*(id *)(void *)value->bytes);
    else if (value->kind == MN_IVAR_WEAK)
        mn_weak_fini((struct mn_weak *)(void *)value->bytes);
    mn_free(value);
}

static struct added *
find(const char *class_name, const char *name, size_t size, uint8_t kind)
{
    for (struct added *a = all; a != NULL; a = a->next)
        if (a->size == size && a->kind == kind && strcmp(a->names, class_name) == 0 &&
            strcmp(a->names + strlen(class_name) + 1, name) == 0)
            return a;
    return NULL;
}

static struct added *
make(const char *class_name, const char *name, size_t size, uint8_t kind)
{
    size_t first = strlen(class_name) + 1, second = strlen(name) + 1;
    struct added *made = mn_malloc(sizeof *made + first + second);

    if (made == NULL)
        return NULL;
    *made = (struct added){.next = all, .size = size, .kind = kind};
    memcpy(made->names, class_name, first);
    memcpy(made->names + first, name, second);
    all = made;
    return made;
}

static struct added *
variable(const struct mn_activation *activation, uint32_t index)
{
    struct mn_program *program = activation->function->program;
    const struct mn_code_ivar *entry = MN_LIST_AT(struct mn_code_ivar, &program->ivars, index);
    long known = atomic_load_explicit(&program->ivar_live[index], memory_order_acquire);
    const char *class_name, *name;
    struct added *found;
    size_t size;

    if (known != 0)
        return (struct added *)known;
    class_name = mn_program_text(program, MN_LIST_AT(struct mn_code_class, &program->classes, entry->owner)->name);
    name = mn_program_text(program, entry->name);
    size = program->type_live[entry->type].type->size;
    pthread_mutex_lock(&lock);
    found = find(class_name, name, size, entry->kind);
    if (found == NULL)
        found = make(class_name, name, size, entry->kind);
    pthread_mutex_unlock(&lock);
    if (found == NULL)
        mn_vm_raise(activation, MN_VM_NOT_SUPPORTED, "there is no memory for the instance variable %s", name);
    atomic_store_explicit(&program->ivar_live[index], (long)found, memory_order_release);
    return found;
}

uint64_t
mn_added_place(const struct mn_activation *activation, id object, uint32_t index)
{
    const struct added *added = variable(activation, index);
    struct value *value, *fresh;
    void *now = NULL;
    mend_error err;
    mend_status st;

    if (object == nil)
        mn_vm_raise(activation, MN_VM_NULL_POINTER, "the instance variable %s of nil",
                    added->names + strlen(added->names) + 1);
    if ((value = mn_side_peek_pointer(object, added)) != NULL)
        return (uint64_t)value->bytes;
    fresh = mn_calloc(1, sizeof *fresh + (added->size < 8 ? 8 : added->size));
    if (fresh == NULL)
        mn_vm_raise(activation, MN_VM_NOT_SUPPORTED, "there is no memory for an instance variable");
    fresh->kind = added->kind;
    st = mn_side_add_pointer(object, added, fresh, destroy, &now, &err);
    if (now != fresh)
        mn_free(fresh);
    if (st != MEND_OK)
        mn_vm_raise_status(activation, MN_VM_NOT_SUPPORTED, &err);
    return (uint64_t)((struct value *)now)->bytes;
}
