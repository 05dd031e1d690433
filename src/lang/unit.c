/* SPDX-License-Identifier: MIT */
/*
 * The head of a compiled unit, its plan, and its needs; the code is vm/image.c's.
 *
 * Plan and needs are written with texts in place, as they are few; one walk writes and reads them, like the tables of
 * the code.
 */
#include "lang/unit.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "lang/builtin/builtin.h"
#include "lang/builtin/ours.h"
#include "lang/live.h"
#include "runtime/runtime.h"
#include "vm/image.h"
#include "vm/tables.h"

#include <float.h>
#include <limits.h>
#include <string.h>

enum { VERSION = 1, HEAD = 32 };

static const unsigned char magic[8] = {0x89, 'M', 'E', 'N', 'D', '\r', '\n', 0x1a};

/* What the code depends on in a machine; bytes 12 to 19 of the head. */
static void
describe_machine(unsigned char machine[8])
{
    const uint16_t order = 0x0102;

    memset(machine, 0, 8);
    memcpy(machine, &order, 2);
    machine[2] = sizeof(void *);
    machine[3] = sizeof(long);
    machine[4] = sizeof(long double);
    machine[5] = LDBL_MANT_DIG;
    machine[6] = (BOOL)-1 < 0 ? 'c' : 'C';
    machine[7] = CHAR_MIN < 0;
}

/* FNV-1a over 8 bytes at a time: it finds damage, it proves nothing. */
static uint64_t
checksum(const char *bytes, size_t length)
{
    uint64_t sum = 14695981039346656037u, word;

    for (; length >= 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        sum = (sum ^ word) * 1099511628211u;
        sum ^= sum >> 29;
    }
    for (; length; bytes++, length--)
        sum = (sum ^ (unsigned char)*bytes) * 1099511628211u;
    return sum;
}

bool
mn_unit_is(const void *bytes, size_t length)
{
    return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

/* ---- texts in place ---- */

enum { LONGEST = 1 << 20 };

/* A text, NULL told apart; when reading, kept in the unit's arena. Names hold no NUL. */
static void
walk_text(struct mn_codec *codec, struct mn_arena *arena, const char **text)
{
    uint32_t length = *text ? (uint32_t)strlen(*text) + 1 : 0;
    char *fresh;

    mn_codec_count(codec, &length, 1);
    if (!mn_codec_reads(codec)) {
        mn_codec_bytes(codec, (void *)(uintptr_t)*text, length);
        return;
    }
    *text = NULL;
    if (length == 0 || codec->failed)
        return;
    if (length > LONGEST || codec->bytes[length - 1] != 0 || memchr(codec->bytes, 0, length - 1)) {
        codec->failed = true;
        return;
    }
    if (!(fresh = mn_arena_strndup(arena, codec->bytes, length - 1)))
        codec->failed = codec->no_memory = true;
    *text = fresh;
    codec->bytes += length;
    codec->left -= length;
}

/* One that must be there. */
static void
walk_name(struct mn_codec *codec, struct mn_arena *arena, const char **text)
{
    walk_text(codec, arena, text);
    if (!*text || !**text)
        codec->failed = true;
}

/* Counts the elements of an array of the plan; when reading, makes room. */
static void *
walk_array(struct mn_codec *codec, struct mn_arena *arena, const void *items, size_t *count, size_t size, size_t least)
{
    uint32_t n = (uint32_t)*count;
    void *fresh;

    mn_codec_count(codec, &n, least);
    if (!mn_codec_reads(codec))
        return (void *)(uintptr_t)items;
    *count = 0;
    if (codec->failed)
        return NULL;
    if (!(fresh = mn_arena_alloc(arena, (n + 1) * size)))
        codec->failed = codec->no_memory = true;
    else
        *count = n;
    return fresh;
}

static void
walk_place(struct mn_codec *codec, unsigned *line, unsigned *column)
{
    uint32_t place[2] = {*line, *column};

    mn_codec_u32(codec, &place[0]);
    mn_codec_u32(codec, &place[1]);
    *line = place[0];
    *column = place[1];
}

/* ---- the plan ---- */

static void
walk_ivars(struct mn_codec *codec, struct mn_arena *arena, struct mn_class_plan *plan)
{
    struct mn_ivar_plan *ivars = walk_array(codec, arena, plan->ivars, &plan->ivar_count, sizeof *ivars, 16);

    for (size_t i = 0; i < plan->ivar_count && !codec->failed; i++) {
        uint64_t size = ivars[i].size, align = ivars[i].align;

        walk_name(codec, arena, &ivars[i].name);
        walk_name(codec, arena, &ivars[i].encoding);
        mn_codec_u64(codec, &size);
        mn_codec_u64(codec, &align);
        codec->failed |= size > LONGEST || align == 0 || align > 64 || (align & (align - 1)) != 0;
        ivars[i].size = (size_t)size;
        ivars[i].align = (size_t)align;
    }
    plan->ivars = ivars;
}

static void
walk_methods(struct mn_codec *codec, struct mn_arena *arena, struct mn_class_plan *plan)
{
    struct mn_method_plan *methods = walk_array(codec, arena, plan->methods, &plan->method_count, sizeof *methods, 16);

    for (size_t i = 0; i < plan->method_count && !codec->failed; i++) {
        uint8_t role = (uint8_t)methods[i].role;

        walk_name(codec, arena, &methods[i].selector);
        walk_name(codec, arena, &methods[i].encoding);
        mn_codec_bool(codec, &methods[i].class_side);
        mn_codec_bool(codec, &methods[i].next_after);
        mn_codec_u8(codec, &role);
        codec->failed |= role > MN_METHOD_ADDS;
        methods[i].role = (enum mn_method_role)role;
        mn_codec_u32(codec, &methods[i].function);
        walk_place(codec, &methods[i].line, &methods[i].column);
    }
    plan->methods = methods;
}

static void
walk_protocols(struct mn_codec *codec, struct mn_arena *arena, struct mn_class_plan *plan)
{
    const char **names = walk_array(codec, arena, plan->protocols, &plan->protocol_count, sizeof *names, 5);

    for (size_t i = 0; i < plan->protocol_count && !codec->failed; i++)
        walk_name(codec, arena, &names[i]);
    plan->protocols = names;
}

static void
walk_plan(struct mn_codec *codec, struct mn_arena *arena, struct mn_unit *unit)
{
    struct mn_class_plan *classes;
    uint8_t policy = (uint8_t)unit->policy;

    mn_codec_tag(codec, "PLAN");
    mn_codec_bool(codec, &unit->has_load);
    mn_codec_u32(codec, &unit->load);
    mn_codec_u8(codec, &policy);
    mn_codec_u32(codec, &unit->policy_after);
    codec->failed |= policy > MEND_POLICY_ABORT;
    unit->policy = (enum mend_policy)policy;
    classes = walk_array(codec, arena, unit->classes, &unit->class_count, sizeof *classes, 24);
    for (size_t i = 0; i < unit->class_count && !codec->failed; i++) {
        walk_name(codec, arena, &classes[i].name);
        walk_text(codec, arena, &classes[i].superclass);
        mn_codec_bool(codec, &classes[i].exists);
        codec->failed |= !classes[i].exists && !classes[i].superclass;
        walk_place(codec, &classes[i].line, &classes[i].column);
        walk_ivars(codec, arena, &classes[i]);
        walk_methods(codec, arena, &classes[i]);
        walk_protocols(codec, arena, &classes[i]);
    }
    unit->classes = classes;
}

/* ---- conditions ---- */

enum { WHOLE_CLASS = 0xffffffffu };

/* One condition that a class, or a method of it, waits for. */
static void
walk_condition(struct mn_codec *codec, struct mn_unit *unit, uint32_t class_index, uint32_t method, uint32_t condition)
{
    uint32_t entry[3] = {class_index, method, condition - 1};
    struct mn_class_plan *plan;
    uint32_t *place;

    for (unsigned i = 0; i < 3; i++)
        mn_codec_u32(codec, &entry[i]);
    if (!mn_codec_reads(codec) || codec->failed)
        return;
    codec->failed = entry[0] >= unit->class_count || entry[2] == UINT32_MAX;
    if (codec->failed)
        return;
    plan = (struct mn_class_plan *)(uintptr_t)&unit->classes[entry[0]];
    codec->failed = entry[1] != WHOLE_CLASS && entry[1] >= plan->method_count;
    if (codec->failed)
        return;
    place = entry[1] == WHOLE_CLASS ? &plan->condition : (uint32_t *)(uintptr_t)plan->methods[entry[1]].conditions;
    if (entry[1] != WHOLE_CLASS && *place)
        place++;
    codec->failed = *place != 0; /* a class has at most one, a method two */
    *place = entry[2] + 1;
}

static uint32_t
count_conditions(const struct mn_unit *unit)
{
    uint32_t count = 0;

    for (size_t i = 0; i < unit->class_count; i++) {
        count += unit->classes[i].condition != 0;
        for (size_t k = 0; k < unit->classes[i].method_count; k++)
            for (unsigned n = 0; n < 2; n++)
                count += unit->classes[i].methods[k].conditions[n] != 0;
    }
    return count;
}

/* The last part, which only units with undecided conditions have. */
static void
walk_conditions(struct mn_codec *codec, struct mn_unit *unit)
{
    uint32_t count = mn_codec_reads(codec) ? 0 : count_conditions(unit);

    if (mn_codec_reads(codec) ? !codec->left : !count)
        return;
    mn_codec_tag(codec, "COND");
    mn_codec_count(codec, &count, 12);
    if (mn_codec_reads(codec)) {
        for (uint32_t i = 0; i < count && !codec->failed; i++)
            walk_condition(codec, unit, 0, 0, 1);
        return;
    }
    for (uint32_t i = 0; i < unit->class_count; i++) {
        const struct mn_class_plan *plan = &unit->classes[i];

        if (plan->condition)
            walk_condition(codec, unit, i, WHOLE_CLASS, plan->condition);
        for (uint32_t k = 0; k < plan->method_count; k++)
            for (unsigned n = 0; n < 2; n++)
                if (plan->methods[k].conditions[n])
                    walk_condition(codec, unit, i, k, plan->methods[k].conditions[n]);
    }
}

/* ---- needs ---- */

/* What must be in the program: a class; a selector that some class has (class NULL); an instance variable. */
struct need {
    const char *class_name, *name, *encoding;
};

struct needs {
    struct need *items;
    size_t count;
};

static void
walk_needs(struct mn_codec *codec, struct mn_arena *arena, struct needs *needs)
{
    mn_codec_tag(codec, "NEED");
    needs->items = walk_array(codec, arena, needs->items, &needs->count, sizeof *needs->items, 12);
    for (size_t i = 0; i < needs->count && !codec->failed; i++) {
        walk_text(codec, arena, &needs->items[i].class_name);
        walk_text(codec, arena, &needs->items[i].name);
        walk_text(codec, arena, &needs->items[i].encoding);
        codec->failed |= !needs->items[i].class_name && !needs->items[i].name;
    }
}

static bool
is_made(const struct mn_unit *unit, const char *class_name)
{
    for (size_t i = 0; i < unit->class_count; i++)
        if (!unit->classes[i].exists && !strcmp(unit->classes[i].name, class_name))
            return true;
    return false;
}

static bool
adds_selector(const struct mn_unit *unit, const char *selector)
{
    for (size_t i = 0; i < unit->class_count; i++)
        for (size_t k = 0; k < unit->classes[i].method_count; k++)
            if (!strcmp(unit->classes[i].methods[k].selector, selector))
                return true;
    return false;
}

static void
add_need(struct needs *needs, const char *class_name, const char *name, const char *encoding)
{
    needs->items[needs->count++] = (struct need){class_name, name, encoding};
}

/* The types of a selector that means one thing in the whole process; NULL where it means several. */
static const char *
only_types(struct mn_live *live, const char *selector)
{
    const struct mn_live_selector *all = mn_live_selector(live, selector);

    if (all->instance_count + all->meta_count != 1)
        return NULL;
    return all->instance_count ? all->instance[0].types : all->meta[0].types;
}

static void
list_needs(const struct mn_unit *unit, struct mn_live *live, struct needs *needs)
{
    const struct mn_program *program = unit->program;

    for (size_t i = 0; i < program->classes.count; i++) {
        const char *name =
            mn_program_text(program, MN_LIST_AT(struct mn_code_class, &program->classes, i)->name);

        if (!is_made(unit, name) && mn_class_named(name) != Nil)
            add_need(needs, name, NULL, NULL);
    }
    for (size_t i = 0; i < program->selectors.count; i++) {
        const char *name = mn_program_text(program, *MN_LIST_AT(uint32_t, &program->selectors, i));

        if (!adds_selector(unit, name))
            add_need(needs, NULL, name, only_types(live, name));
    }
    for (size_t i = 0; i < program->ivars.count; i++) {
        const struct mn_code_ivar *entry = MN_LIST_AT(struct mn_code_ivar, &program->ivars, i);
        const char *owner = mn_program_text(
            program, MN_LIST_AT(struct mn_code_class, &program->classes, entry->owner)->name);
        const char *name = mn_program_text(program, entry->name);
        Class cls = mn_class_named(owner);
        struct mn_ivar ivar;

        if (!is_made(unit, owner) && cls != Nil && mn_ivar_find(cls, name, &ivar))
            add_need(needs, owner, name, ivar.types);
    }
}

/* Encodings without the names of classes and fields, which say nothing of the layout. */
static bool
same_layout(const char *a, const char *b)
{
    for (;;) {
        while (*a == '"')
            a += strcspn(a + 1, "\"") + 1 + (a[strcspn(a + 1, "\"") + 1] != 0);
        while (*b == '"')
            b += strcspn(b + 1, "\"") + 1 + (b[strcspn(b + 1, "\"") + 1] != 0);
        if (*a != *b)
            return false;
        if (*a == 0)
            return true;
        a++;
        b++;
    }
}

static mend_status
check_ivar(const char *file, const struct need *need, Class cls, mend_error *err)
{
    struct mn_ivar ivar;

    if (!mn_ivar_find(cls, need->name, &ivar))
        return mn_fail_at(err, MEND_NO_IVAR, file, 0, 0, "the class '%s' has no instance variable '%s'",
                          need->class_name, need->name);
    if (need->encoding && ivar.types && !same_layout(need->encoding, ivar.types))
        return mn_fail_at(err, MEND_CHECK, file, 0, 0,
                          "the instance variable '%s' of '%s' has the type %s here, and %s where this was compiled",
                          need->name, need->class_name, ivar.types, need->encoding);
    return MEND_OK;
}

static mend_status
check_selector(const char *file, const struct need *need, mend_error *err)
{
    const char *other;
    mend_status st;
    bool has;

    if (mn_selector_find(need->name) == NULL)
        return mn_fail_at(err, MEND_NO_METHOD, file, 0, 0, "no class of the program has a method '%s'", need->name);
    if (!need->encoding)
        return MEND_OK;
    if ((st = mn_live_has(need->name, need->encoding, &has, &other, err)) != MEND_OK || has || !other)
        return st;
    mn_fail_at(err, MEND_SIGNATURE_MISMATCH, file, 0, 0, "the methods '%s' of the program have the types %s, and %s where this was compiled",
               need->name, other, need->encoding);
    mn_remedy(err, "build the patch again against this program (mend build --against PROGRAM)");
    return MEND_SIGNATURE_MISMATCH;
}

static mend_status
check_needs(const char *file, const struct needs *needs, mend_error *err)
{
    mend_status st;

    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->items[i];
        Class cls = need->class_name ? mn_class_named(need->class_name) : Nil;

        if (need->class_name && cls == Nil)
            return mn_fail_at(err, MEND_NO_CLASS, file, 0, 0, "the class '%s' is not loaded", need->class_name);
        if (!need->class_name && (st = check_selector(file, need, err)) != MEND_OK)
            return st;
        if (need->class_name && need->name && (st = check_ivar(file, need, cls, err)) != MEND_OK)
            return st;
    }
    return MEND_OK;
}

/* ---- the whole ---- */

static void
write_head(char *head)
{
    uint32_t version = VERSION, ops = MN_OP_COUNT;

    memcpy(head, magic, sizeof magic);
    memcpy(head + 8, &version, 4);
    describe_machine((unsigned char *)head + 12);
    memcpy(head + 20, &ops, 4);
}

void
mn_unit_seal(void *bytes, size_t length)
{
    uint64_t sum;

    if (length < HEAD)
        return;
    sum = checksum((char *)bytes + HEAD, length - HEAD);
    memcpy((char *)bytes + 24, &sum, sizeof sum);
}

mend_status
mn_unit_write(const struct mn_unit *unit, struct mn_buffer *out, mend_error *err)
{
    const struct mn_program *program = unit->program;
    size_t start = out->length,
           most = program->classes.count + program->selectors.count + program->ivars.count;
    struct mn_codec codec = {.out = out};
    struct needs needs = {.items = mn_calloc(most + 1, sizeof *needs.items)};
    struct mn_live live;
    bool no_memory;

    if (!needs.items || !mn_buffer_extend(out, HEAD)) {
        mn_free(needs.items);
        return mn_fail_memory(err);
    }
    mn_live_init(&live);
    list_needs(unit, &live, &needs);
    walk_needs(&codec, NULL, &needs);
    no_memory = live.arena.failed;
    mn_live_fini(&live);
    walk_plan(&codec, NULL, (struct mn_unit *)(uintptr_t)unit); /* a writer changes nothing */
    mn_program_write(program, &codec);
    walk_conditions(&codec, (struct mn_unit *)(uintptr_t)unit);
    mn_free(needs.items);
    if (out->failed || no_memory)
        return mn_fail_memory(err);
    write_head(out->data + start);
    mn_unit_seal(out->data + start, out->length - start);
    return MEND_OK;
}

static mend_status
check_head(const char *name, const char *bytes, size_t length, mend_error *err)
{
    unsigned char machine[8];
    uint32_t version, ops;
    uint64_t sum;

    if (!mn_unit_is(bytes, length) || length < HEAD)
        return mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "this is no compiled unit, or one cut short");
    memcpy(&version, bytes + 8, 4);
    memcpy(&ops, bytes + 20, 4);
    memcpy(&sum, bytes + 24, 8);
    describe_machine(machine);
    if (memcmp(machine, bytes + 12, sizeof machine) != 0)
        return mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "the unit was compiled for another kind of machine");
    if (version != VERSION || ops > MN_OP_COUNT)
        return mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "the unit was compiled by a %s version of Mend (format %u)",
                          version < VERSION ? "much older" : "newer", version);
    if (sum != checksum(bytes + HEAD, length - HEAD))
        return mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "the unit is damaged: its checksum is wrong");
    return MEND_OK;
}

static void *
resolve(const char *name, bool own)
{
    return own ? mn_ours_find(name) : mn_builtin_symbol(name);
}

/* A function without arguments that gives a BOOL, or nothing at all. */
static bool
decides(const struct mn_unit *unit, uint32_t condition)
{
    const struct mn_function *f = condition ? mn_program_function(unit->program, condition - 1) : NULL;

    return !condition || (f && f->params == 0 && !f->selector && f->types_text != UINT32_MAX &&
                          strcmp(mn_program_text(unit->program, f->types_text), "B") == 0);
}

/* The functions that the plan names exist and take what their methods are given. */
static mend_status
check_functions(const struct mn_unit *unit, mend_error *err)
{
    const struct mn_function *load = mn_program_function(unit->program, unit->load);

    for (size_t i = 0; i < unit->class_count; i++) {
        if (!decides(unit, unit->classes[i].condition))
            return mn_fail(err, MEND_BAD_PROGRAM, "the condition of the class '%s' has no code", unit->classes[i].name);
        for (size_t k = 0; k < unit->classes[i].method_count; k++) {
            const struct mn_method_plan *m = &unit->classes[i].methods[k];
            const struct mn_function *f = mn_program_function(unit->program, m->function);
            const struct mn_signature *signature;
            mend_status st;

            if (!f || !f->selector || strcmp(f->selector, m->selector) != 0)
                return mn_fail(err, MEND_BAD_PROGRAM, "the method '%s' has no code", m->selector);
            if ((st = mn_signature_get(m->encoding, &signature, err)) != MEND_OK)
                return st;
            if (!mn_signature_equal(f->signature, signature, false))
                return mn_fail(err, MEND_BAD_PROGRAM, "the code of '%s' has other types than the method", m->selector);
            if (!decides(unit, m->conditions[0]) || !decides(unit, m->conditions[1]))
                return mn_fail(err, MEND_BAD_PROGRAM, "a condition of the method '%s' has no code", m->selector);
        }
    }
    if (unit->has_load && (!load || load->params != 0))
        return mn_fail(err, MEND_BAD_PROGRAM, "the top-level code is missing");
    return MEND_OK;
}

mend_status
mn_unit_read(const char *name, const void *bytes, size_t length, struct mn_unit **unit, mend_error *err)
{
    struct mn_codec codec = {.bytes = (const char *)bytes + HEAD, .left = length - HEAD};
    struct needs needs = {0};
    struct mn_unit *fresh = NULL;
    struct mn_arena *arena;
    mend_status st;

    *unit = NULL;
    if ((st = check_head(name, bytes, length, err)) != MEND_OK)
        return st;
    if (!(fresh = mn_unit_new(&arena)) || !(fresh->name = mn_arena_strdup(arena, name))) {
        st = mn_fail_memory(err);
        goto done;
    }
    walk_needs(&codec, arena, &needs);
    walk_plan(&codec, arena, fresh);
    if (codec.failed) {
        st = codec.no_memory ? mn_fail_memory(err)
                             : mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "the unit is damaged or cut short");
        goto done;
    }
    if ((st = check_needs(name, &needs, err)) != MEND_OK ||
        (st = mn_program_read(&codec, resolve, &fresh->program, err)) != MEND_OK)
        goto done;
    walk_conditions(&codec, fresh);
    if (codec.failed) {
        st = mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "the unit is damaged or cut short");
        goto done;
    }
    if ((st = check_functions(fresh, err)) != MEND_OK)
        goto done;
    if (codec.left) {
        st = mn_fail_at(err, MEND_BAD_PROGRAM, name, 0, 0, "the unit has %zu bytes too many", codec.left);
        goto done;
    }
    *unit = fresh;
    fresh = NULL;
done:
    mn_unit_free(fresh);
    return st;
}
