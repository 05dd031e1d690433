/* SPDX-License-Identifier: MIT */
/*
 * A pattern is an array of items, each two tests (of a class, of a selector) or one of the method's whole
 * spelling.
 *
 * A method matches when an item that includes names it and none that excludes does; the order of items means
 * nothing. Globs and regular expressions lie in one arena.
 */
#include "hook/pattern.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"
#include "hook/glob.h"
#include "hook/regex.h"
#include "runtime/adoption.h"

#include <stdio.h>
#include <string.h>

enum test_kind {
    NAME,     /* class or selector: a glob */
    REGEX,    /* class, selector or spelling */
    INHERITS, /* class: ^ */
    ADOPTS,   /* class: @ */
    DECLARED  /* selector: @ */
};

struct test {
    enum test_kind kind;
    const struct mn_glob *glob;
    const char *protocol; /* of DECLARED */
    const struct mn_regex *regex;
};

struct item {
    bool excludes, instance_side, class_side;
    bool whole; /* `selector` tests the spelling, and there is no test of the class */
    struct test class_test, selector;
};

struct mn_pattern {
    struct mn_arena arena;
    char *text;
    struct mn_list items; /* struct item */
};

static struct item *
item_of(const struct mn_pattern *pattern, size_t i)
{
    return MN_LIST_AT(struct item, &pattern->items, i);
}

/* A spelling longer than this is no method anybody wrote. */
enum { SPELLING = 2048 };

/* ---- Reading ---- */

struct reader {
    const char *start, *at;
    struct mn_pattern *pattern;
    bool no_memory;
    unsigned regex_states;         /* left to the regular expressions */
    struct mn_complaint complaint; /* the first one; `at` stays at its place */
};

static bool
stopped(const struct reader *r)
{
    return r->complaint.what != NULL || r->no_memory;
}

static void
complain(struct reader *r, const char *what, const char *remedy)
{
    if (!stopped(r))
        r->complaint = (struct mn_complaint){what, remedy};
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_spaces(struct reader *r)
{
    while (is_space(*r->at))
        r->at++;
}

static void
expect(struct reader *r, char c, const char *what, const char *remedy)
{
    if (*r->at != c)
        complain(r, what, remedy);
    else if (!stopped(r))
        r->at++;
}

static const struct mn_glob *
read_glob(struct reader *r)
{
    const struct mn_glob *glob;
    struct mn_complaint complaint = mn_glob_read(&r->at, &r->pattern->arena, &glob);

    if (complaint.what != NULL)
        complain(r, complaint.what, complaint.remedy);
    else if (glob == NULL)
        r->no_memory = true;
    return glob;
}

static void
read_regex(struct reader *r, struct test *test)
{
    struct mn_complaint complaint =
        mn_regex_read(&r->at, &r->pattern->arena, &r->regex_states, &test->regex);

    test->kind = REGEX;
    if (complaint.what != NULL)
        complain(r, complaint.what, complaint.remedy);
    else if (test->regex == NULL)
        r->no_memory = true;
}

/* ---- Items ---- */

static void
read_class_test(struct reader *r, struct test *test)
{
    if (*r->at == '/') {
        read_regex(r, test);
        return;
    }
    test->kind = *r->at == '^' ? INHERITS : *r->at == '@' ? ADOPTS : NAME;
    if (test->kind != NAME)
        r->at++;
    test->glob = read_glob(r);
}

static void
read_selector_test(struct reader *r, struct test *test)
{
    const char *name;

    if (*r->at == '/') {
        read_regex(r, test);
        return;
    }
    test->kind = *r->at == '@' ? DECLARED : NAME;
    if (test->kind == DECLARED)
        r->at++;
    name = r->at;
    test->glob = read_glob(r);
    if (test->kind == NAME || stopped(r))
        return;
    test->protocol = mn_arena_strndup(&r->pattern->arena, name, (size_t)(r->at - name));
    if (test->protocol == NULL) {
        r->no_memory = true;
        return;
    }
    if (strpbrk(test->protocol, "*?{\\") != NULL) {
        r->at = name;
        complain(r, "the protocol of a selector is one name, without wildcards", "write one item a protocol");
    }
}

static void
read_method(struct reader *r, struct item *item)
{
    item->instance_side = *r->at != '+';
    item->class_side = *r->at != '-';
    r->at++;
    expect(r, '[', "a [ is missing", "write -[Class selector]");
    skip_spaces(r);
    if (stopped(r))
        return;
    read_class_test(r, &item->class_test);
    if (stopped(r))
        return;
    if (!is_space(*r->at)) {
        complain(r, *r->at == ']' ? "a selector is missing" : "no name has this byte",
                 *r->at == ']' ? "write -[Class *] for all methods"
                               : "write \\ in front of it if it is meant");
        return;
    }
    skip_spaces(r);
    if (*r->at == ']')
        complain(r, "a selector is missing", "write -[Class *] for all methods");
    else
        read_selector_test(r, &item->selector);
    skip_spaces(r);
    expect(r, ']', "a ] is missing", "write -[Class selector], and \\ in front of a byte that no name has");
}

/* "!" or "-x ". */
static bool
read_exclusion(struct reader *r)
{
    if (*r->at == '!')
        r->at++;
    else if (r->at[0] == '-' && r->at[1] == 'x' && is_space(r->at[2]))
        r->at += 3;
    else
        return false;
    skip_spaces(r);
    return true;
}

static void
read_item(struct reader *r)
{
    struct item *item;

    if (r->pattern->items.count == MN_PATTERN_ITEMS) {
        complain(r, "a pattern may have 256 items at most", "join some of them by {a,b}");
        return;
    }
    if ((item = mn_list_add(&r->pattern->items)) == NULL) {
        r->no_memory = true;
        return;
    }
    item->excludes = read_exclusion(r);
    if (*r->at == '/') {
        item->whole = item->instance_side = item->class_side = true;
        read_regex(r, &item->selector);
    } else if (*r->at == '-' || *r->at == '+' || *r->at == '*') {
        read_method(r, item);
    } else {
        complain(r, "a method begins with -, + or *", "write -[Class selector], or *[...] for both sides");
    }
    if (!stopped(r) && *r->at != '\0' && *r->at != ',' && !is_space(*r->at))
        complain(r, "something follows the item", "put a space or a comma between items");
}

static void
read_items(struct reader *r)
{
    bool includes = false;

    while (!stopped(r)) {
        while (is_space(*r->at) || *r->at == ',')
            r->at++;
        if (*r->at == '\0')
            break;
        read_item(r);
    }
    for (size_t i = 0; i < r->pattern->items.count; i++)
        includes |= !item_of(r->pattern, i)->excludes;
    if (r->pattern->items.count == 0)
        complain(r, "the pattern is empty", "write -[Class selector]; *[* *] is every method");
    else if (!includes)
        complain(r, "the pattern only excludes", "say first of what, as in *[Foo* *] !*[FooBar *]");
}

static mend_status
report(const struct reader *r, mend_error *err)
{
    unsigned line = 1, column = 1;

    if (r->no_memory)
        return mn_fail_memory(err);
    for (const char *p = r->start; p < r->at; p++)
        if (*p == '\n')
            line++, column = 1;
        else
            column++;
    mn_fail(err, MEND_SYNTAX, "%s, in column %u of the pattern", r->complaint.what, column);
    mn_remedy(err, "%s", r->complaint.remedy);
    if (err != NULL) {
        err->line = line;
        err->column = column;
    }
    return MEND_SYNTAX;
}

static struct mn_pattern *
new_pattern(const char *text)
{
    struct mn_pattern *pattern = mn_calloc(1, sizeof *pattern);

    if (pattern == NULL)
        return NULL;
    pattern->arena = (struct mn_arena){.block = 256};
    pattern->items = MN_LIST_OF(struct item);
    if ((pattern->text = mn_strdup(text)) != NULL)
        return pattern;
    mn_free(pattern);
    return NULL;
}

mend_status
mn_pattern_read(const char *text, struct mn_pattern **pattern, mend_error *err)
{
    struct reader r = {.start = text, .at = text, .regex_states = MN_PATTERN_REGEX_STATES};

    *pattern = NULL;
    if (strnlen(text, MN_PATTERN_BYTES + 1) > MN_PATTERN_BYTES)
        return mn_fail(err, MEND_TOO_LARGE, "a pattern may have %d bytes at most", MN_PATTERN_BYTES);
    if ((r.pattern = new_pattern(text)) == NULL)
        return mn_fail_memory(err);
    read_items(&r);
    if (stopped(&r)) {
        mend_status st = report(&r, err);

        mn_pattern_free(r.pattern);
        return st;
    }
    *pattern = r.pattern;
    return MEND_OK;
}

mend_status
mn_pattern_exact(const char *class_name, const char *selector, bool class_side, struct mn_pattern **out,
                 mend_error *err)
{
    char text[SPELLING];
    struct mn_pattern *pattern;
    struct item *item;

    *out = NULL;
    snprintf(text, sizeof text, "%c[%s %s]", class_side ? '+' : '-', class_name, selector);
    if ((pattern = new_pattern(text)) == NULL)
        return mn_fail_memory(err);
    if ((item = mn_list_add(&pattern->items)) == NULL) {
        mn_pattern_free(pattern);
        return mn_fail_memory(err);
    }
    item->class_side = class_side;
    item->instance_side = !class_side;
    item->class_test.glob = mn_glob_literal(class_name, &pattern->arena);
    item->selector.glob = mn_glob_literal(selector, &pattern->arena);
    if (item->class_test.glob == NULL || item->selector.glob == NULL) {
        mn_pattern_free(pattern);
        return mn_fail_memory(err);
    }
    *out = pattern;
    return MEND_OK;
}

void
mn_pattern_free(struct mn_pattern *pattern)
{
    if (pattern == NULL)
        return;
    mn_list_fini(&pattern->items);
    mn_arena_fini(&pattern->arena);
    mn_free(pattern->text);
    mn_free(pattern);
}

const char *
mn_pattern_text(const struct mn_pattern *pattern)
{
    return pattern->text;
}

/* ---- Matching ---- */

static bool
name_matches(const struct test *test, const char *name)
{
    return test->kind == REGEX ? mn_regex_finds(test->regex, name) : mn_glob_matches(test->glob, name);
}

struct adoption {
    const struct mn_glob *glob;
    bool found;
};

static bool
look_at_protocol(void *data, const char *name)
{
    struct adoption *adoption = data;

    adoption->found = name != NULL && mn_glob_matches(adoption->glob, name);
    return !adoption->found;
}

static bool
class_matches(const struct test *test, Class cls)
{
    struct adoption adoption = {.glob = test->glob};

    switch (test->kind) {
    case INHERITS:
        while (cls != Nil && !mn_glob_matches(test->glob, mn_class_name(cls)))
            cls = mn_class_super(cls);
        return cls != Nil;
    case ADOPTS:
        mn_class_each_adopted(cls, look_at_protocol, &adoption);
        return adoption.found;
    default:
        return name_matches(test, mn_class_name(cls));
    }
}

bool
mn_pattern_select(const struct mn_pattern *pattern, Class cls, struct mn_selection *selection)
{
    bool class_side = mn_class_is_meta(cls), includes = false;

    *selection = (struct mn_selection){.pattern = pattern, .cls = cls};
    for (size_t i = 0; i < pattern->items.count; i++) {
        const struct item *item = item_of(pattern, i);

        if (!(class_side ? item->class_side : item->instance_side))
            continue;
        if (!item->whole && !class_matches(&item->class_test, cls))
            continue;
        selection->items[i / 64] |= (uint64_t)1 << (i % 64);
        includes |= !item->excludes;
    }
    return includes;
}

static bool
spelling_matches(const struct test *test, Class cls, const char *selector)
{
    char text[SPELLING];
    int n = snprintf(text, sizeof text, "%c[%s %s]", mn_class_is_meta(cls) ? '+' : '-', mn_class_name(cls),
                     selector);

    return n > 0 && n < SPELLING && name_matches(test, text);
}

static bool
item_has(const struct item *item, Class cls, SEL sel, const char *name)
{
    if (item->whole)
        return spelling_matches(&item->selector, cls, name);
    if (item->selector.kind == DECLARED)
        return mn_protocol_method(mn_protocol_named(item->selector.protocol), sel, !mn_class_is_meta(cls),
                                  NULL);
    return name_matches(&item->selector, name);
}

bool
mn_selection_has(const struct mn_selection *selection, SEL sel)
{
    const struct mn_pattern *pattern = selection->pattern;
    const char *name = mn_selector_name(sel);
    bool found = false;

    for (size_t i = 0; i < pattern->items.count; i++) {
        const struct item *item = item_of(pattern, i);

        if (!(selection->items[i / 64] >> (i % 64) & 1) || (found && !item->excludes))
            continue;
        if (!item_has(item, selection->cls, sel, name))
            continue;
        if (item->excludes)
            return false;
        found = true;
    }
    return found;
}
