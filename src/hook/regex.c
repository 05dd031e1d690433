/* SPDX-License-Identifier: MIT */
/* Reckoning: a regular expression costs what its tree will have in nodes, repetitions written out as the
 * library does. */
#include "hook/regex.h"

#include "base/alloc.h"

#include <regex.h>
#include <string.h>

enum {
    DEEPEST = 32,           /* parentheses */
    COSTLIEST = 4096,       /* nodes */
    LEARNS_FROM = 16 * 1024 /* bytes of text; a state takes 2 KB */
};

struct mn_regex {
    regex_t compiled;
    int flags;
    size_t learned;
    char text[MN_REGEX_BYTES + 1];
};

/* ---- What it will cost ---- */

struct reckoning {
    unsigned long before[DEEPEST]; /* of the groups that are open, what stands in front of them */
    int depth;
    unsigned long sum, last; /* of the group read now: all, and the part a repetition would repeat */
};

static void
atom(struct reckoning *r)
{
    r->sum += r->last;
    r->last = 1;
}

static const char *
open_group(struct reckoning *r)
{
    if (r->depth == DEEPEST)
        return "the regular expression is nested too deeply";
    r->before[r->depth++] = r->sum + r->last;
    r->sum = r->last = 0;
    return NULL;
}

static void
close_group(struct reckoning *r)
{
    if (r->depth == 0) { /* a parenthesis as such, or an error: regcomp knows */
        atom(r);
        return;
    }
    r->last += r->sum + 1;
    r->sum = r->before[--r->depth];
}

static void
repeat(struct reckoning *r, unsigned long times)
{
    r->last = (r->last + 1) * times;
}

static unsigned long
number_at(const char **at)
{
    unsigned long n = 0;

    while (**at >= '0' && **at <= '9' && n < COSTLIEST)
        n = n * 10 + (unsigned long)(*(*at)++ - '0');
    return n;
}

/* A bound, {m}, {m,} or {m,n}; `at` is behind the brace. */
static unsigned long
bound_at(const char *at)
{
    unsigned long low = number_at(&at), high = 0;

    if (*at == ',') {
        at++;
        high = number_at(&at);
    }
    return (low > high ? low : high) + 1;
}

/* The end of a bracket expression, whose first byte may be the closing bracket and which may hold
 * [:classes:]. */
static const char *
bracket_end(const char *at)
{
    at++;
    if (*at == '^')
        at++;
    if (*at == ']')
        at++;
    for (; *at != '\0' && *at != ']'; at++)
        if (at[0] == '[' && at[1] != '\0' && strchr(":.=", at[1])) {
            const char kind[] = {at[1], ']', '\0'};
            const char *end = strstr(at + 2, kind);

            if (end == NULL)
                return at;
            at = end + 1;
        }
    return *at == ']' ? at : at - 1;
}

static const char *
reckon(const char *at, struct reckoning *r)
{
    const char *what = NULL;
    bool again = false; /* a repetition stands directly in front: the library's work doubles with each */

    for (; *at != '\0' && what == NULL; at++) {
        bool repetition = *at == '+' || *at == '*' || *at == '?';

        if (*at == '\\' && at[1] >= '1' && at[1] <= '9')
            return "a regular expression may not refer back";
        if (*at == '\\' && at[1] != '\0') {
            atom(r);
            at++;
        } else if (*at == '(') {
            what = open_group(r);
        } else if (*at == ')') {
            close_group(r);
        } else if (*at == '[') {
            atom(r);
            at = bracket_end(at);
        } else if (repetition) {
            repeat(r, *at == '+' || again ? 2 : 1);
        } else if (*at == '{') {
            repeat(r, bound_at(at + 1));
        } else {
            atom(r);
        }
        again = repetition;
        if (r->sum > COSTLIEST || r->last > COSTLIEST)
            what = "the regular expression repeats too much";
    }
    return what;
}

/* ---- Reading ---- */

/* What stands between slashes, \/ being a slash. */
static struct mn_complaint
take_text(const char **at, char *text)
{
    const char *p = *at + 1;
    size_t n = 0;

    for (; *p != '/' && *p != '\0'; p++) {
        if (p[0] == '\\' && p[1] == '/')
            p++;
        else if (p[0] == '\\' && p[1] != '\0' && n < MN_REGEX_BYTES)
            text[n++] = *p++; /* and the byte it escapes */
        if (n == MN_REGEX_BYTES)
            return (struct mn_complaint){"a regular expression may have 512 bytes at most",
                                         "split it into several items"};
        text[n++] = *p;
    }
    text[n] = '\0';
    if (*p == '\0')
        return (struct mn_complaint){"a regular expression is not closed",
                                     "write / at its end, and \\/ for a slash in it"};
    if (n == 0)
        return (struct mn_complaint){"the regular expression is empty", "write * for any name"};
    *at = p + 1;
    return (struct mn_complaint){0};
}

static struct mn_complaint
check(const char *text)
{
    struct reckoning r = {.depth = 0};
    const char *what = reckon(text, &r);

    return (struct mn_complaint){what, "use a simpler one, or several items"};
}

static struct mn_complaint
compile(struct mn_regex *regex, bool *no_memory)
{
    int code = regcomp(&regex->compiled, regex->text, regex->flags);

    *no_memory = code == REG_ESPACE;
    if (code == 0 || code == REG_ESPACE)
        return (struct mn_complaint){0};
    if (code == REG_EPAREN || code == REG_EBRACK || code == REG_EBRACE)
        return (struct mn_complaint){"the regular expression has an open bracket or parenthesis",
                                     "see regex(7)"};
    return (struct mn_complaint){"this is not a POSIX extended regular expression", "see regex(7)"};
}

struct mn_complaint
mn_regex_read(const char **at, struct mn_regex **out)
{
    struct mn_regex *regex = mn_calloc(1, sizeof *regex);
    struct mn_complaint complaint;
    const char *end = *at;
    bool no_memory = false;

    *out = NULL;
    if (regex == NULL)
        return (struct mn_complaint){0};
    regex->flags = REG_EXTENDED | REG_NOSUB;
    complaint = take_text(&end, regex->text);
    if (complaint.what == NULL && *end == 'i') {
        regex->flags |= REG_ICASE;
        end++;
    }
    if (complaint.what == NULL)
        complaint = check(regex->text);
    if (complaint.what == NULL)
        complaint = compile(regex, &no_memory);
    if (complaint.what != NULL || no_memory) {
        mn_free(regex);
        return complaint;
    }
    *at = end;
    *out = regex;
    return complaint;
}

void
mn_regex_free(struct mn_regex *regex)
{
    if (regex == NULL)
        return;
    regfree(&regex->compiled);
    mn_free(regex);
}

/* ---- Matching ---- */

/* Makes it forget the states it has met. */
static void
renew(struct mn_regex *regex)
{
    regex_t fresh;

    regex->learned = 0;
    if (regcomp(&fresh, regex->text, regex->flags) != 0)
        return; /* for want of memory: the old one still serves */
    regfree(&regex->compiled);
    regex->compiled = fresh;
}

bool
mn_regex_finds(struct mn_regex *regex, const char *text)
{
    regex->learned += strlen(text);
    if (regex->learned > LEARNS_FROM)
        renew(regex);
    return regexec(&regex->compiled, text, 0, NULL, 0) == 0;
}
