/* SPDX-License-Identifier: MIT */
/*
 * Globs as automata, after Thompson: a state a byte, and forks for braces.
 *
 * The set of states is a bitset, so matching costs at most (bytes of the name) x (states) steps, and needs no
 * memory but its stack. Invariant of a compiled glob: every state leads to later ones, but for ANY_RUN, which
 * also stays; so following forks ends.
 */
#include "hook/glob.h"

#include <stdint.h>
#include <string.h>

enum kind {
    BYTE,
    ANY,     /* ? */
    ANY_RUN, /* * */
    FORK,    /* goes on at the next state and at `to` */
    JUMP,    /* goes on at `to` */
    END
};

struct state {
    uint8_t kind;
    char byte;
    uint16_t to;
};

struct mn_glob {
    const char *literal; /* without wildcards: the only name it matches; else NULL */
    bool all;            /* "*" */
    uint16_t count;
    struct state states[];
};

/* ---- Reading ---- */

struct reader {
    const char *at;
    struct mn_complaint complaint;
    struct state states[MN_GLOB_STATES];
    unsigned count;
    int depth;
};

static void
complain(struct reader *r, const char *what, const char *remedy)
{
    if (r->complaint.what == NULL)
        r->complaint = (struct mn_complaint){what, remedy};
}

/* A new state; the last one for want of room, after a complaint. */
static struct state *
emit(struct reader *r, enum kind kind, char byte)
{
    struct state *state;

    if (r->count == MN_GLOB_STATES) {
        complain(r, "this name is too long", "use * for a part of it");
        return &r->states[MN_GLOB_STATES - 1];
    }
    state = &r->states[r->count++];
    *state = (struct state){.kind = (uint8_t)kind, .byte = byte};
    return state;
}

/* What names are made of, besides what \ introduces. */
static bool
is_plain(char c)
{
    unsigned char u = (unsigned char)c;

    return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u >= 0x80 ||
           (u != '\0' && strchr("_:$.", c) != NULL);
}

static void read_run(struct reader *r);

/* {a,b}: each alternative but the last begins with a fork to the next, and ends with a jump behind the brace.
 */
static void
read_braces(struct reader *r)
{
    const char *open = r->at;
    uint16_t ends[MN_GLOB_STATES];
    unsigned count = 0;

    if (r->depth == MN_GLOB_DEPTH) {
        complain(r, "braces are nested too deeply", "write the alternatives out");
        return;
    }
    r->depth++;
    for (;;) {
        struct state *fork = emit(r, FORK, 0);

        r->at++; /* the brace, or the comma */
        read_run(r);
        if (r->complaint.what != NULL)
            return;
        if (*r->at != ',') {
            *fork =
                (struct state){.kind = JUMP, .to = (uint16_t)(fork - r->states + 1)}; /* to its own body */
            break;
        }
        ends[count++] = (uint16_t)r->count;
        emit(r, JUMP, 0);
        fork->to = (uint16_t)r->count;
    }
    if (*r->at != '}') {
        if (*r->at == '\0')
            r->at = open;
        complain(r, "a brace is not closed", "write }, and no space between the braces");
        return;
    }
    r->at++;
    r->depth--;
    while (count-- > 0)
        r->states[ends[count]].to = (uint16_t)r->count;
}

static void
read_one(struct reader *r)
{
    char c = *r->at;

    if (c == '{') {
        read_braces(r);
        return;
    }
    if (c == '\\') {
        if (r->at[1] == '\0') {
            complain(r, "nothing follows \\", "write \\\\ for the byte itself");
            return;
        }
        emit(r, BYTE, *++r->at);
    } else if (c == '?') {
        emit(r, ANY, 0);
    } else if (c == '*') {
        emit(r, ANY_RUN, 0);
    } else {
        emit(r, BYTE, c);
    }
    r->at++;
}

/* Up to what cannot be part of a name, or ends an alternative. */
static void
read_run(struct reader *r)
{
    while (r->complaint.what == NULL &&
           (is_plain(*r->at) || (*r->at != '\0' && strchr("*?{\\", *r->at) != NULL)))
        read_one(r);
}

static const struct mn_glob *
keep(const struct reader *r, struct mn_arena *arena)
{
    struct mn_glob *glob = mn_arena_alloc(arena, sizeof *glob + r->count * sizeof r->states[0]);
    char *literal;

    if (glob == NULL)
        return NULL;
    glob->count = (uint16_t)r->count;
    memcpy(glob->states, r->states, r->count * sizeof r->states[0]);
    glob->all = r->count == 2 && r->states[0].kind == ANY_RUN;
    for (unsigned i = 0; i + 1 < r->count; i++)
        if (r->states[i].kind != BYTE)
            return glob;
    if ((literal = mn_arena_alloc(arena, r->count)) == NULL)
        return NULL;
    for (unsigned i = 0; i + 1 < r->count; i++)
        literal[i] = r->states[i].byte;
    glob->literal = literal;
    return glob;
}

struct mn_complaint
mn_glob_read(const char **at, struct mn_arena *arena, const struct mn_glob **glob)
{
    struct reader r;

    *glob = NULL;
    r.at = *at;
    r.count = 0;
    r.depth = 0;
    r.complaint = (struct mn_complaint){0};
    read_run(&r);
    if (r.at == *at)
        complain(&r, "a name is missing", "write * for any");
    emit(&r, END, 0);
    *at = r.at;
    if (r.complaint.what == NULL)
        *glob = keep(&r, arena);
    return r.complaint;
}

const struct mn_glob *
mn_glob_literal(const char *text, struct mn_arena *arena)
{
    struct mn_glob *glob = mn_arena_alloc(arena, sizeof *glob);

    if (glob == NULL || (glob->literal = mn_arena_strdup(arena, text)) == NULL)
        return NULL;
    return glob;
}

/* ---- Matching ---- */

struct set {
    uint64_t bits[MN_GLOB_STATES / 64];
};

/* Adds a state, or what it leads to without a byte. Forks go down into an alternative by recursion, at most
 * as deep as there are braces, and along the alternatives by the loop. */
static void
add(const struct mn_glob *glob, struct set *set, unsigned state)
{
    for (;;) {
        const struct state *s = &glob->states[state];

        if (s->kind == JUMP) {
            state = s->to;
            continue;
        }
        if (set->bits[state / 64] >> (state % 64) & 1)
            return;
        set->bits[state / 64] |= (uint64_t)1 << (state % 64);
        if (s->kind == FORK) {
            add(glob, set, state + 1);
            state = s->to;
        } else if (s->kind == ANY_RUN) {
            state++;
        } else {
            return;
        }
    }
}

static bool
step(const struct mn_glob *glob, const struct set *now, struct set *next, char byte)
{
    bool any = false;

    for (unsigned word = 0; word * 64 < glob->count; word++) {
        for (uint64_t bits = now->bits[word]; bits != 0; bits &= bits - 1) {
            unsigned state = word * 64 + (unsigned)__builtin_ctzll(bits);
            const struct state *s = &glob->states[state];

            if (s->kind == ANY_RUN)
                add(glob, next, state);
            else if (s->kind == ANY || (s->kind == BYTE && s->byte == byte))
                add(glob, next, state + 1);
            else
                continue;
            any = true;
        }
    }
    return any;
}

static void
clear(const struct mn_glob *glob, struct set *set)
{
    memset(set->bits, 0, (glob->count + 63U) / 64 * sizeof set->bits[0]);
}

bool
mn_glob_matches(const struct mn_glob *glob, const char *name)
{
    struct set sets[2], *now = &sets[0], *next = &sets[1];
    unsigned end = glob->count - 1U;

    if (glob->literal != NULL)
        return strcmp(glob->literal, name) == 0;
    if (glob->all)
        return true;
    clear(glob, now);
    add(glob, now, 0);
    for (; *name != '\0'; name++) {
        struct set *before = now;

        clear(glob, next);
        if (!step(glob, now, next, *name))
            return false;
        now = next;
        next = before;
    }
    return now->bits[end / 64] >> (end % 64) & 1;
}
