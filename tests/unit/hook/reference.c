/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct ref_layer {
    bool ours;
    bool stays;    /* ours, and somebody has hidden it: its record is never given back */
    int foreigner; /* -1: the method itself, or ours */
    int cls;
    enum ref_method method;
    struct ref_layer *below; /* NULL: the method itself; of ours also: what the superclass has */
    struct ref_layer *next;  /* of all */
};

struct ref_hook ref_hooks[REF_HOOKS];
struct ref_object ref_objects[REF_OBJECTS];

static struct ref_layer *records[REF_CLASSES][REF_METHODS]; /* the top of each pile; NULL: inherited */
static struct ref_layer *layers, *foreign[REF_FOREIGNERS];
static int orders;
static char text[512];

/* ---- Layers ---- */

static struct ref_layer *
push(int cls, enum ref_method method, int foreigner)
{
    struct ref_layer *layer = calloc(1, sizeof *layer);

    *layer = (struct ref_layer){.foreigner = foreigner, .cls = cls, .method = method, .next = layers};
    layer->below = records[cls][method];
    layers = layer;
    records[cls][method] = layer;
    return layer;
}

void
ref_init(void)
{
    push(0, REF_WALK, -1);
    push(0, REF_SET, -1);
    push(2, REF_WALK, -1);
}

static struct ref_layer *
top_of_ours(int cls, enum ref_method method)
{
    struct ref_layer *top = records[cls][method];

    if (top == NULL || !top->ours) {
        top = push(cls, method, -1);
        top->ours = true;
    }
    return top;
}

bool
ref_has_record(int cls, enum ref_method method)
{
    return records[cls][method] != NULL;
}

int
ref_owner(int cls, enum ref_method method)
{
    while (records[cls][method] == NULL)
        cls--;
    return cls;
}

static bool
is_empty(const struct ref_layer *layer)
{
    for (int i = 0; i < REF_HOOKS; i++)
        if (ref_hooks[i].used && ref_hooks[i].layer == layer)
            return false;
    return true;
}

/* After its last hook: the record is given back if nobody changed it. */
static bool
give_back(struct ref_layer *layer)
{
    if (!is_empty(layer) || layer->stays)
        return true;
    if (records[layer->cls][layer->method] == layer) {
        records[layer->cls][layer->method] = layer->below;
        return true;
    }
    layer->stays = true;
    return false;
}

static bool
is_reachable(const struct ref_layer *wanted)
{
    for (int c = 0; c < REF_CLASSES; c++)
        for (int m = 0; m < REF_METHODS; m++)
            for (const struct ref_layer *l = records[c][m]; l != NULL; l = l->below)
                if (l == wanted)
                    return true;
    return false;
}

void
ref_sweep(void)
{
    for (struct ref_layer **at = &layers; *at != NULL;) {
        struct ref_layer *layer = *at;

        if (is_reachable(layer)) {
            at = &layer->next;
            continue;
        }
        *at = layer->next;
        free(layer);
    }
}

/* ---- Foreigners ---- */

void
ref_swizzle(int foreigner, int cls, enum ref_method method)
{
    foreign[foreigner] = push(cls, method, foreigner);
}

bool
ref_may_unswizzle(int foreigner)
{
    const struct ref_layer *mine = foreign[foreigner], *l;

    if (mine == NULL)
        return false;
    for (l = records[mine->cls][mine->method]; l != mine; l = l->below)
        if (l->foreigner >= 0)
            return false;
    return true;
}

/* Blindly: hooks that were put over him are hidden from here on. */
void
ref_unswizzle(int foreigner)
{
    struct ref_layer *mine = foreign[foreigner];

    records[mine->cls][mine->method] = mine->below;
    foreign[foreigner] = NULL;
}

/* ---- Hooks ---- */

void
ref_add(struct ref_hook *hook)
{
    if (hook->object >= 0) {
        const struct ref_object *object = &ref_objects[hook->object];

        hook->cls = ref_owner(object->cls, hook->method);
        hook->outer = object->observed && hook->method == REF_SET;
    }
    hook->layer = top_of_ours(hook->cls, hook->method);
    hook->order = orders++;
    hook->used = true;
}

bool
ref_remove(struct ref_hook *hook)
{
    hook->used = false;
    return !give_back(hook->layer);
}

void
ref_die(int object)
{
    ref_objects[object].alive = false;
    for (int i = 0; i < REF_HOOKS; i++)
        if (ref_hooks[i].used && ref_hooks[i].object == object)
            ref_remove(&ref_hooks[i]);
}

enum ref_state
ref_state_of(const struct ref_hook *hook)
{
    if (hook->disabled)
        return REF_DISABLED;
    return records[hook->cls][hook->method] != hook->layer ? REF_FOREIGN : REF_IN_FORCE;
}

void
ref_reapply(struct ref_hook *hook)
{
    struct ref_layer *old = hook->layer;

    if (records[hook->cls][hook->method] == old)
        return;
    hook->layer = top_of_ours(hook->cls, hook->method);
    give_back(old);
}

/* ---- Calls ---- */

struct passage {
    int object;
    bool outside; /* on the class that observing gave it */
    const struct ref_layer *layer;
    int cls;
    enum ref_method method;
};

static void
event(char letter)
{
    size_t n = strlen(text);

    if (n + 1 < sizeof text)
        text[n] = letter;
}

static bool
takes_part(const struct ref_hook *hook, const struct passage *p)
{
    if (!hook->used || hook->method != p->method)
        return false;
    if (p->outside)
        return hook->outer && hook->object == p->object;
    if (hook->layer != p->layer)
        return false;
    return hook->object < 0 ||
           (hook->object == p->object && !(hook->outer && ref_objects[p->object].observed));
}

static bool
goes_first(const struct ref_hook *a, const struct ref_hook *b)
{
    if (a->priority != b->priority)
        return a->priority > b->priority;
    return a->position == REF_INSTEAD ? a->order > b->order : a->order < b->order;
}

static int
in_turn(const struct passage *p, enum ref_position position, struct ref_hook **turn)
{
    int n = 0;

    for (int i = 0; i < REF_HOOKS; i++)
        if (ref_hooks[i].position == position && takes_part(&ref_hooks[i], p)) {
            int at = n++;

            for (; at > 0 && goes_first(&ref_hooks[i], turn[at - 1]); at--)
                turn[at] = turn[at - 1];
            turn[at] = &ref_hooks[i];
        }
    return n;
}

static bool
runs(struct ref_hook *hook)
{
    if (hook->disabled || hook->spent)
        return false;
    hook->spent = hook->once;
    return true;
}

static void call_record(int cls, const struct ref_layer *layer, int object, enum ref_method method);

static void
call_class(int cls, int object, enum ref_method method)
{
    cls = ref_owner(cls, method);
    call_record(cls, records[cls][method], object, method);
}

static void
call_below(const struct passage *p)
{
    if (p->outside) { /* the observed object's setter, which tells the observer */
        call_class(ref_objects[p->object].cls, p->object, p->method);
        event('K');
    } else if (p->layer->below != NULL) {
        call_record(p->cls, p->layer->below, p->object, p->method);
    } else {
        call_class(p->cls - 1, p->object, p->method);
    }
}

static void
call_insteads(const struct passage *p, struct ref_hook **turn, int count)
{
    if (count == 0) {
        call_below(p);
        return;
    }
    if (!runs(turn[0])) {
        call_insteads(p, turn + 1, count - 1);
        return;
    }
    event(turn[0]->letters[0]);
    if (turn[0]->kind == REF_HIDING)
        return;
    call_insteads(p, turn + 1, count - 1);
    if (turn[0]->kind == REF_TWICE)
        call_insteads(p, turn + 1, count - 1);
    event(turn[0]->letters[1]);
}

static void
call_hooked(const struct passage *p)
{
    struct ref_hook *before[REF_HOOKS], *instead[REF_HOOKS], *after[REF_HOOKS];
    int befores = in_turn(p, REF_BEFORE, before), insteads = in_turn(p, REF_INSTEAD, instead),
        afters = in_turn(p, REF_AFTER, after);
    bool skipped = false;

    for (int i = 0; i < befores; i++)
        if (runs(before[i])) {
            event(before[i]->letters[0]);
            skipped |= before[i]->kind == REF_SKIPPING;
        }
    if (!skipped)
        call_insteads(p, instead, insteads);
    for (int i = 0; i < afters; i++)
        if (runs(after[i]))
            event(after[i]->letters[0]);
}

static void
call_record(int cls, const struct ref_layer *layer, int object, enum ref_method method)
{
    struct passage p = {.object = object, .layer = layer, .cls = cls, .method = method};

    if (layer->ours) {
        call_hooked(&p);
    } else if (layer->foreigner >= 0) {
        event((char)('0' + layer->foreigner));
        call_record(cls, layer->below, object, method);
    } else if (cls == 0) {
        event('.');
    } else {
        event(':');
        call_class(cls - 1, object, method);
    }
}

const char *
ref_call(int object, enum ref_method method)
{
    struct passage outside = {.object = object, .outside = true, .method = method};

    memset(text, 0, sizeof text);
    if (ref_objects[object].observed && method == REF_SET)
        call_hooked(&outside);
    else
        call_class(ref_objects[object].cls, object, method);
    for (int i = 0; i < REF_HOOKS; i++)
        if (ref_hooks[i].used && ref_hooks[i].spent)
            ref_remove(&ref_hooks[i]);
    return text;
}
