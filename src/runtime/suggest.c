/* SPDX-License-Identifier: MIT */
/*
 * Nearest names. The distance is Damerau's (optimal string alignment) in half steps, over three rows on the
 * stack; names longer than a row are never suggested. A process has some thousands of names, so each is
 * simply tried; the bound on the distance ends most trials after a comparison of lengths.
 */
#include "runtime/suggest.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 160, STEP = 2, CASE_STEP = 1 };

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned
change_cost(char a, char b)
{
    if (a == b)
        return 0;
    return tolower((unsigned char)a) == tolower((unsigned char)b) ? CASE_STEP : STEP;
}

unsigned
mn_name_distance(const char *a, const char *b, unsigned limit)
{
    size_t la = strlen(a), lb = strlen(b), gap = la > lb ? la - lb : lb - la;
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];

    if (la > LONGEST || lb > LONGEST || gap * STEP > limit)
        return limit + 1;
    for (size_t j = 0; j <= lb; j++)
        above[j] = (unsigned)j * STEP;
    for (size_t i = 1; i <= la; i++) {
        unsigned smallest = row[0] = (unsigned)i * STEP;
        unsigned *oldest = before;

        for (size_t j = 1; j <= lb; j++) {
            row[j] =
                least(least(above[j], row[j - 1]) + STEP, above[j - 1] + change_cost(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + STEP);
            smallest = least(smallest, row[j]);
        }
        if (smallest > limit)
            return limit + 1;
        before = above;
        above = row;
        row = oldest;
    }
    return above[lb] <= limit ? above[lb] : limit + 1;
}

unsigned
mn_name_tolerance(size_t length)
{
    return length < 3 ? CASE_STEP : (unsigned)(length < 24 ? (length + 2) / 3 : 8) * STEP;
}

struct search {
    const char *wanted, *best;
    unsigned limit; /* only what is at most this far improves on best */
    bool done;
};

static struct search
search_for(const char *misspelt)
{
    struct search search = {.wanted = misspelt};

    if (misspelt != NULL)
        search.limit = mn_name_tolerance(strlen(misspelt));
    return search;
}

/* False when nothing better can come. An exact match is no misspelling of anything: it is not offered. */
static bool
consider(struct search *search, const char *name)
{
    unsigned distance =
        name != NULL ? mn_name_distance(search->wanted, name, search->limit) : search->limit + 1;

    if (distance == 0 || distance > search->limit)
        return true;
    search->best = name;
    search->limit = distance - 1;
    search->done = distance == 1;
    return !search->done;
}

static bool
consider_class(void *data, Class cls)
{
    return consider(data, mn_class_name(cls));
}

const char *
mn_suggest_class(const char *misspelt)
{
    struct search search = search_for(misspelt);

    if (misspelt != NULL)
        mn_class_each(consider_class, &search);
    return search.best;
}

static bool
consider_method(void *data, const struct mn_method *method)
{
    return consider(data, mn_selector_name(method->sel));
}

static bool
consider_methods(void *data, Class cls)
{
    struct search *search = data;

    mn_method_each(cls, consider_method, search);
    if (!search->done)
        mn_method_each(mn_class_meta(cls), consider_method, search);
    return !search->done;
}

const char *
mn_suggest_selector(Class cls, const char *misspelt)
{
    struct search search = search_for(misspelt);

    if (misspelt == NULL)
        return NULL;
    if (cls == Nil)
        mn_class_each(consider_methods, &search);
    for (; cls != Nil && !search.done; cls = mn_class_super(cls))
        mn_method_each(cls, consider_method, &search);
    return search.best;
}

static bool
consider_ivar(void *data, const struct mn_ivar *ivar)
{
    return consider(data, ivar->name);
}

const char *
mn_suggest_ivar(Class cls, const char *misspelt)
{
    struct search search = search_for(misspelt);

    for (; misspelt != NULL && cls != Nil && !search.done; cls = mn_class_super(cls))
        mn_ivar_each(cls, consider_ivar, &search);
    return search.best;
}
