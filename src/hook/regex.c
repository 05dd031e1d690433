/* SPDX-License-Identifier: MIT */
/*
 * Reading a regular expression: by descent, each piece written behind the last as states.
 *
 * A piece is the run of states from where it began to the end, and is entered at its first and left behind
 * its last. An operator moves, copies or forks the whole run: at most (operators) x (states) steps, both
 * bounded.
 */
#include "hook/regex_code.h"

#include <string.h>

enum { MANY = 10000, NO_LIMIT = -1, SETS = 256 };

struct reader {
    const char *at, *end;
    struct mn_complaint complaint; /* the first one; `at` stays at its place */
    bool folds;
    int depth;
    unsigned count, room;
    unsigned set_count;
    struct mn_regex_state states[MN_REGEX_STATES];
    struct mn_regex_set sets[SETS];
};

static bool
stopped(const struct reader *r)
{
    return r->complaint.what != NULL;
}

static void
complain_at(struct reader *r, const char *at, const char *what, const char *remedy)
{
    if (stopped(r))
        return;
    r->at = at;
    r->complaint = (struct mn_complaint){what, remedy};
}

/* The byte n further on; 0 behind the end. */
static char
peek(const struct reader *r, size_t n)
{
    return (size_t)(r->end - r->at) > n ? r->at[n] : '\0';
}

/* ---- States ---- */

/* Makes room for n states at `where`. False, after a complaint: there is none. */
static bool
insert(struct reader *r, unsigned where, unsigned n, const char *because_of)
{
    if (n > r->room - r->count) {
        complain_at(r, because_of, "the regular expression repeats too much", "use simpler ones");
        return false;
    }
    memmove(&r->states[where + n], &r->states[where], (r->count - where) * sizeof r->states[0]);
    r->count += n;
    return true;
}

static void
emit(struct reader *r, enum mn_regex_kind kind, unsigned what)
{
    if (insert(r, r->count, 1, r->at))
        r->states[r->count - 1] = (struct mn_regex_state){.kind = (uint8_t)kind, .what = (uint8_t)what};
}

static void
emit_byte(struct reader *r, char c)
{
    unsigned char byte = (unsigned char)c;

    emit(r, MN_REGEX_BYTE, r->folds ? mn_regex_small(byte) : byte);
}

static void
lead(struct reader *r, unsigned from, enum mn_regex_kind kind, unsigned to)
{
    r->states[from] = (struct mn_regex_state){.kind = (uint8_t)kind, .to = (int16_t)((int)to - (int)from)};
}

/* ---- Sets ---- */

static void
fold(struct mn_regex_set *set)
{
    for (unsigned c = 'A'; c <= 'Z'; c++)
        if (mn_regex_set_has(set, (unsigned char)c))
            mn_regex_set_add(set, mn_regex_small((unsigned char)c));
}

static void
emit_set(struct reader *r, struct mn_regex_set set, bool negated)
{
    if (stopped(r))
        return;
    if (r->folds)
        fold(&set);
    for (unsigned i = 0; negated && i < 4; i++)
        set.bits[i] = ~set.bits[i];
    /* two bytes of text at least for each: they cannot be more than SETS */
    r->sets[r->set_count] = set;
    emit(r, MN_REGEX_SET, r->set_count++);
}

/* The classes of the C locale, as <ctype.h> has them; ours do not change with the locale. */
static bool
is_in_class(const char *name, unsigned c)
{
    static const struct {
        const char *name, *bytes; /* ranges, two bytes each */
    } classes[] = {
        {"alnum", "09AZaz"},   {"alpha", "AZaz"},   {"blank", "\t\t  "}, {"cntrl", "\001\037\177\177"},
        {"digit", "09"},       {"graph", "!~"},     {"lower", "az"},     {"print", " ~"},
        {"punct", "!/:@[`{~"}, {"space", "\t\r  "}, {"upper", "AZ"},     {"xdigit", "09AFaf"},
        {"word", "09AZ__az"},
    };

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (strcmp(classes[i].name, name) == 0)
            for (const char *range = classes[i].bytes; *range != '\0'; range += 2)
                if (c >= (unsigned char)range[0] && c <= (unsigned char)range[1])
                    return true;
    return false;
}

static bool
add_class(struct mn_regex_set *set, const char *name)
{
    bool any = false;

    for (unsigned c = 1; c < 256; c++)
        if (is_in_class(name, c)) {
            mn_regex_set_add(set, (unsigned char)c);
            any = true;
        }
    return any;
}

/* The text of [:name:], [.x.] or [=x=] at `at`, which is left behind it; false, after a complaint. */
static bool
read_named(struct reader *r, char *name, size_t size)
{
    const char *open = r->at, kind = r->at[1];
    size_t n = 0;

    for (r->at += 2; peek(r, 0) != '\0'; r->at++) {
        if (r->at[0] == kind && peek(r, 1) == ']' && (n > 0 || kind == ':')) {
            r->at += 2;
            name[n] = '\0';
            return true;
        }
        if (n + 1 < size)
            name[n++] = *r->at;
    }
    complain_at(r, open, "the regular expression has an open bracket", "write \\[ for the byte itself");
    return false;
}

/* One end of a range; false: it is a class, which is in the set now, or a complaint. */
static bool
read_element(struct reader *r, struct mn_regex_set *set, unsigned char *byte)
{
    const char *open = r->at;
    char name[16];

    if (r->at[0] == '\\' && peek(r, 1) == '/') {
        *byte = '/';
        r->at += 2;
        return true;
    }
    if (r->at[0] != '[' || peek(r, 1) == '\0' || strchr(":.=", r->at[1]) == NULL) {
        *byte = (unsigned char)*r->at++;
        return true;
    }
    if (!read_named(r, name, sizeof name))
        return false;
    if (open[1] == ':') {
        if (!add_class(set, name))
            complain_at(r, open, "no class of bytes has this name",
                        "alnum alpha blank cntrl digit graph lower print punct space upper xdigit word");
        return false;
    }
    if (name[1] != '\0') {
        complain_at(r, open, "collating elements have no names here", "write the byte itself");
        return false;
    }
    *byte = (unsigned char)name[0];
    return true;
}

/* One byte, range or class of a bracket. */
static void
read_range(struct reader *r, struct mn_regex_set *set)
{
    const char *begin = r->at;
    unsigned char low, high;

    if (!read_element(r, set, &low)) {
        if (!stopped(r) && peek(r, 0) == '-' && peek(r, 1) != ']')
            complain_at(r, begin, "a class of bytes is no end of a range", "put the - last");
        return;
    }
    high = low;
    if (peek(r, 0) == '-' && peek(r, 1) != '\0' && peek(r, 1) != ']') {
        r->at++;
        if (!read_element(r, set, &high)) {
            complain_at(r, begin, "a class of bytes is no end of a range", "put the - last");
            return;
        }
    }
    if (low > high)
        complain_at(r, begin, "the range is empty", "write its lower end first, or the - last");
    for (unsigned c = low; c <= high && !stopped(r); c++)
        mn_regex_set_add(set, (unsigned char)c);
}

static void
read_bracket(struct reader *r)
{
    const char *open = r->at++;
    struct mn_regex_set set = {{0}};
    bool negated = peek(r, 0) == '^', first = true;

    if (negated)
        r->at++;
    for (; !stopped(r) && (first || peek(r, 0) != ']'); first = false) {
        if (peek(r, 0) == '\0') {
            complain_at(r, open, "the regular expression has an open bracket",
                        "write \\[ for the byte itself");
            return;
        }
        read_range(r, &set);
    }
    emit_set(r, set, negated);
    if (!stopped(r))
        r->at++;
}

/* ---- Atoms ---- */

static void read_alternatives(struct reader *r);

static void
read_group(struct reader *r)
{
    const char *open = r->at++;

    if (r->depth == MN_REGEX_DEPTH) {
        complain_at(r, open, "the regular expression is nested too deeply", "use a simpler one");
        return;
    }
    r->depth++;
    read_alternatives(r);
    r->depth--;
    if (peek(r, 0) != ')')
        complain_at(r, open, "the regular expression has an open parenthesis",
                    "write \\( for the byte itself");
    else if (!stopped(r))
        r->at++;
}

/* What follows a backslash; true: it is a place, not a byte. */
static bool
read_escape(struct reader *r)
{
    static const char places[] = "bB<>";
    static const uint8_t kinds[] = {MN_REGEX_EDGE, MN_REGEX_NO_EDGE, MN_REGEX_WORD, MN_REGEX_WORD_END};
    char c = peek(r, 1);
    const char *place;
    struct mn_regex_set set = {{0}};

    if (c == '\0') { /* the text ended in a backslash: it paired with nothing */
        complain_at(r, r->at, "nothing follows \\", "write \\\\ for the byte itself");
    } else if (c >= '1' && c <= '9') {
        complain_at(r, r->at, "a regular expression may not refer back",
                    "use a simpler one, or several items");
    } else if ((place = strchr(places, c)) != NULL) {
        emit(r, kinds[place - places], 0);
        r->at += 2;
        return true;
    } else if (strchr("wWsS", c) != NULL) {
        add_class(&set, c == 'w' || c == 'W' ? "word" : "space");
        emit_set(r, set, c == 'W' || c == 'S');
    } else if (mn_regex_in_word((unsigned char)c) && c != '_') {
        complain_at(r, r->at, "this escape means nothing", "write the byte without \\");
    } else {
        emit_byte(r, c);
    }
    if (!stopped(r))
        r->at += 2;
    return false;
}

/* True: it is a place, not a byte, and nothing to repeat. */
static bool
read_atom(struct reader *r)
{
    char c = *r->at;

    if (c == '(') {
        read_group(r);
    } else if (c == '[') {
        read_bracket(r);
    } else if (c == '\\') {
        return read_escape(r);
    } else {
        if (c == '^' || c == '$')
            emit(r, c == '^' ? MN_REGEX_BEGIN : MN_REGEX_END, 0);
        else if (c == '.')
            emit(r, MN_REGEX_ANY, 0);
        else
            emit_byte(r, c);
        if (!stopped(r))
            r->at++;
        return c == '^' || c == '$';
    }
    return false;
}

/* ---- Repetitions ---- */

struct bound {
    int low, high; /* high NO_LIMIT: none */
};

static int
read_number(struct reader *r)
{
    int n = 0;

    while (peek(r, 0) >= '0' && peek(r, 0) <= '9') {
        if (n < MANY)
            n = n * 10 + (*r->at - '0');
        r->at++;
    }
    return n;
}

/* {m}, {m,} or {m,n}. */
static struct bound
read_bound(struct reader *r)
{
    const char *open = r->at++;
    struct bound bound = {0, 0};
    bool good = peek(r, 0) >= '0' && peek(r, 0) <= '9';

    bound.low = bound.high = read_number(r);
    if (peek(r, 0) == ',') {
        r->at++;
        bound.high = peek(r, 0) == '}' ? NO_LIMIT : read_number(r);
    }
    if (!good || peek(r, 0) != '}' || (bound.high != NO_LIMIT && bound.high < bound.low))
        complain_at(r, open, "this is not a number of repetitions", "write {m}, {m,} or {m,n}, or \\{");
    else
        r->at++;
    return bound;
}

/* The run of states from `begin` on, repeated: its copies one behind the other, a fork in front of each that
 * may be left out, to behind all, and one from the last back to its beginning where there is no limit. */
static void
repeat(struct reader *r, unsigned begin, struct bound bound, const char *because_of)
{
    struct mn_regex_state piece[MN_REGEX_STATES];
    unsigned length = r->count - begin;
    bool loops = bound.high == NO_LIMIT;
    unsigned copies = loops ? (bound.low > 0 ? (unsigned)bound.low : 1) : (unsigned)bound.high;
    unsigned size = copies * length + (copies - (unsigned)bound.low) + (loops ? 1 : 0);

    memcpy(piece, &r->states[begin], length * sizeof piece[0]);
    r->count = begin;
    if (!insert(r, begin, size, because_of))
        return;
    for (unsigned i = 0, at = begin; i < copies; i++) {
        if (i >= (unsigned)bound.low)
            lead(r, at++, MN_REGEX_FORK, begin + size);
        memcpy(&r->states[at], piece, length * sizeof piece[0]);
        at += length;
        if (loops && i + 1 == copies)
            lead(r, at, MN_REGEX_FORK, at - length);
    }
}

static void
read_repetitions(struct reader *r, unsigned begin, bool is_place)
{
    while (!stopped(r) && peek(r, 0) != '\0' && strchr("*+?{", *r->at) != NULL) {
        const char *sign = r->at;
        struct bound bound = {*sign == '+' ? 1 : 0, *sign == '?' ? 1 : NO_LIMIT};

        if (is_place) {
            complain_at(r, sign, "there is nothing to repeat", "write \\ in front of it if it is meant");
            return;
        }
        if (*sign == '{')
            bound = read_bound(r);
        else
            r->at++;
        if (!stopped(r))
            repeat(r, begin, bound, sign);
    }
}

/* ---- The whole ---- */

static void
read_branch(struct reader *r)
{
    bool nothing = true; /* stands in front of a repetition */

    while (!stopped(r) && peek(r, 0) != '\0' && *r->at != '|' && *r->at != ')') {
        unsigned begin = r->count;

        if (strchr("*+?{", *r->at) == NULL)
            nothing = read_atom(r);
        read_repetitions(r, begin, nothing);
    }
}

/* Each alternative but the last begins with a fork to the next and ends with a jump behind all; until that
 * place is known, a jump leads to the jump before it. */
static void
read_alternatives(struct reader *r)
{
    unsigned branch = r->count, last = 0;
    bool any = false;

    for (;;) {
        read_branch(r);
        if (stopped(r) || peek(r, 0) != '|')
            break;
        if (!insert(r, branch, 1, r->at) || !insert(r, r->count, 1, r->at))
            return;
        r->at++;
        lead(r, r->count - 1, MN_REGEX_JUMP, any ? last : r->count - 1);
        last = r->count - 1;
        lead(r, branch, MN_REGEX_FORK, r->count);
        branch = r->count;
        any = true;
    }
    while (any) {
        unsigned before = last + (unsigned)r->states[last].to;

        any = before != last;
        lead(r, last, MN_REGEX_JUMP, r->count);
        last = before;
    }
}

/* Where the closing slash is; a backslash goes with the byte behind it. */
static struct mn_complaint
find_end(const char *begin, const char **end)
{
    const char *p = begin;

    while (*p != '/' && *p != '\0')
        p += p[0] == '\\' && p[1] != '\0' ? 2 : 1;
    *end = p;
    if (*p == '\0')
        return (struct mn_complaint){"a regular expression is not closed",
                                     "write / at its end, and \\/ for a slash in it"};
    if (p == begin)
        return (struct mn_complaint){"the regular expression is empty", "write * for any name"};
    if (p - begin > MN_REGEX_BYTES)
        return (struct mn_complaint){"a regular expression may have 512 bytes at most",
                                     "split it into several items"};
    return (struct mn_complaint){0};
}

static const struct mn_regex *
keep(const struct reader *r, struct mn_arena *arena)
{
    struct mn_regex_set *sets = mn_arena_alloc(arena, (r->set_count + 1) * sizeof *sets);
    struct mn_regex *regex = mn_arena_alloc(arena, sizeof *regex + r->count * sizeof r->states[0]);

    if (sets == NULL || regex == NULL)
        return NULL;
    memcpy(sets, r->sets, r->set_count * sizeof *sets);
    memcpy(regex->states, r->states, r->count * sizeof r->states[0]);
    regex->folds = r->folds;
    regex->count = r->count;
    regex->sets = sets;
    return regex;
}

struct mn_complaint
mn_regex_read(const char **at, struct mn_arena *arena, unsigned *budget, const struct mn_regex **regex)
{
    struct reader r;
    const char *end;
    struct mn_complaint complaint = find_end(*at + 1, &end);

    *regex = NULL;
    if (complaint.what != NULL)
        return complaint;
    r.at = *at + 1;
    r.end = end;
    r.complaint = complaint;
    r.folds = end[1] == 'i';
    r.depth = 0;
    r.count = r.set_count = 0;
    r.room = *budget < MN_REGEX_STATES ? *budget : MN_REGEX_STATES;
    read_alternatives(&r);
    if (peek(&r, 0) == ')')
        complain_at(&r, r.at, "a ) closes nothing", "write \\) for the byte itself");
    emit(&r, MN_REGEX_FOUND, 0);
    *at = r.at;
    if (stopped(&r))
        return r.complaint;
    *at = end + (r.folds ? 2 : 1);
    *budget -= r.count;
    *regex = keep(&r, arena);
    return r.complaint;
}
