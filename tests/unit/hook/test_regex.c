/* SPDX-License-Identifier: MIT */
/* Regular expressions against tables, against the C library's on random ones, and against nasty ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <regex.h>

#include "base/clock.h"
#include "hook/regex.h"

/* `text` with its slashes. */
static const struct mn_regex *
compiled(const char *text, struct mn_arena *arena)
{
    unsigned budget = MN_REGEX_STATES;
    const struct mn_regex *regex;
    const char *at = text;
    struct mn_complaint complaint = mn_regex_read(&at, arena, &budget, &regex);

    if (complaint.what != NULL || *at != '\0')
        fail_msg("'%s' is refused at '%s': %s", text, at, complaint.what);
    return regex;
}

static bool
finds(const char *text, const char *name)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    bool found = mn_regex_finds(compiled(text, &arena), name);

    mn_arena_fini(&arena);
    return found;
}

static void
expressions_find_what_posix_says(void **state)
{
    static const struct {
        const char *regex, *yes, *no;
    } rows[] = {
        {"/b/", "abc", "ac"},
        {"/^b/", "bc", "ab"},
        {"/b$/", "ab", "bc"},
        {"/^$/", "", "a"},
        {"/a.c/", "xabc", "ac"},
        {"/ab*c/", "ac", "abb"},
        {"/^ab+c$/", "abbc", "ac"},
        {"/^ab?c$/", "ac", "abbc"},
        {"/^a{3}$/", "aaa", "aa"},
        {"/^a{2,}$/", "aaaa", "a"},
        {"/^a{0,2}$/", "", "aaa"},
        {"/^a{0}b$/", "b", "ab"},
        {"/^(ab){2,3}$/", "ababab", "ab"},
        {"/^(ab){2,3}$/", "abab", "abababab"},
        {"/^(a|bc|)d$/", "bcd", "abcd"},
        {"/^(a|bc|)d$/", "d", "cd"},
        {"/^(|a)+$/", "aaa", "b"},
        {"/^(a*)*b$/", "aaab", "aaac"},
        {"/^(a*)+$/", "", "b"},
        {"/^(a?){3}$/", "aaa", "aaaa"},
        {"/^((a|b)c?)*$/", "acbca", "cc"},
        {"/^a**b$/", "aab", "aac"},
        {"/^()$/", "", "a"},
        {"/^[abc]+$/", "cab", "cad"},
        {"/^[^abc]+$/", "xyz", "xaz"},
        {"/^[]a]+$/", "]a", "b"},
        {"/^[^]a]$/", "b", "]"},
        {"/^[a-]+$/", "-a", "b"},
        {"/^[a-cx-z]+$/", "bzy", "d"},
        {"/^[\\w]+$/", "\\w", "a"},
        {"/^[a\\/]+$/", "/a", "\\"},
        {"/^[[:digit:][:upper:]_]+$/", "A9_", "a"},
        {"/^[[.-.][=x=]]+$/", "-x", "="},
        {"/^[[.a.]-c]+$/", "abc", "d"},
        {"/^[a[]+$/", "[a", "b"},
        {"/a\\.b/", "a.b", "axb"},
        {"/a\\/b/", "a/b", "ab"},
        {"/^\\(\\[\\{\\*$/", "([{*", "(["},
        {"/^}$/", "}", "{"},
        {"/^\\w+\\s\\W$/", "ab_9 :", "ab9:"},
        {"/^\\S+$/", "ab:", "a b"},
        {"/\\bset\\b/", "a set:", "reset"},
        {"/\\Bset/", "reset", "a set"},
        {"/\\<set/", "set:", "reset"},
        {"/set\\>/", "reset:", "setter"},
        {"/^HoOk[A-C]$/i", "hOoKb", "hook"},
        {"/^[^a]$/i", "b", "A"},
        {"/^\xc3\xa4.$/", "\xc3\xa4x", "ax"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!finds(rows[i].regex, rows[i].yes))
            fail_msg("'%s' does not find '%s'", rows[i].regex, rows[i].yes);
        if (finds(rows[i].regex, rows[i].no))
            fail_msg("'%s' finds '%s'", rows[i].regex, rows[i].no);
    }
    assert_false(finds("/a^b/", "a^b")); /* nothing begins behind a byte */
    assert_false(finds("/a$b/", "a$b"));
}

/* ---- Against the C library ---- */

static uint32_t seed = 1;

static unsigned
below(unsigned n)
{
    seed = seed * 1664525 + 1013904223;
    return (unsigned)(((uint64_t)seed * n) >> 32);
}

static void write_alternatives(char *out, int depth);

static void
write_atom(char *out, int depth)
{
    static const char *const atoms[] = {"a", "b", "c", ".", "[ab]", "[^a]", "[b-c]"};

    if (depth > 0 && below(3) == 0) {
        strcat(out, "(");
        write_alternatives(out, depth - 1);
        strcat(out, ")");
    } else {
        strcat(out, atoms[below(7)]);
    }
}

static void
write_branch(char *out, int depth)
{
    static const char *const signs[] = {"*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}"};

    for (unsigned n = 1 + below(3); n > 0; n--) {
        write_atom(out, depth);
        if (below(3) == 0)
            strcat(out, signs[below(7)]);
    }
}

static void
write_alternatives(char *out, int depth)
{
    write_branch(out, depth);
    while (below(4) == 0) {
        strcat(out, "|");
        write_branch(out, depth);
    }
}

static void
write_regex(char *out)
{
    *out = '\0';
    if (below(2) == 0)
        strcat(out, "^(");
    else
        strcat(out, "(");
    write_alternatives(out, 2);
    strcat(out, below(2) == 0 ? ")$" : ")");
}

static void
write_name(char *out)
{
    unsigned n = below(9);

    for (unsigned i = 0; i < n; i++)
        out[i] = "abcd"[below(4)];
    out[n] = '\0';
}

static void
compare(const char *text)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    char slashed[2080], name[16];
    regex_t theirs;
    const struct mn_regex *ours;

    snprintf(slashed, sizeof slashed, "/%s/", text);
    if (strlen(text) > 80 || regcomp(&theirs, text, REG_EXTENDED | REG_NOSUB) != 0)
        return;
    ours = compiled(slashed, &arena);
    for (int i = 0; i < 20; i++) {
        write_name(name);
        if (mn_regex_finds(ours, name) != (regexec(&theirs, name, 0, NULL, 0) == 0))
            fail_msg("'%s' on '%s': we say %d", text, name, mn_regex_finds(ours, name));
    }
    regfree(&theirs);
    mn_arena_fini(&arena);
}

static void
random_expressions_find_what_the_c_library_finds(void **state)
{
    const char *scale = getenv("MEND_SCALE");
    int rounds = 5000 * (scale ? atoi(scale) : 1);
    char text[2048];

    for (int i = 0; i < rounds; i++) {
        write_regex(text);
        compare(text);
    }
}

/* ---- Time ---- */

/* On these the C library's compiler doubles its work byte by byte, or its matcher does. */
static void
nested_repetitions_take_linear_time(void **state)
{
    static const char *const nasty[] = {
        "/a++++++++++++++++++++++++++++++++/",
        "/((((((((((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+b/",
        "/^o??????????????????????????+++++++???????+++++++++++++++++++++++++b/",
        "/(((((((a*)*)*)*)*)*)*)*b/",
        "/((((a?){3}){3}){3}){3}b/",
        "/(a|aa|aaa|(a|aa)*)*b/",
        "/.*.*.*.*.*.*.*.*.*.*.*.*b/",
    };
    char name[20001];
    uint64_t begin = mn_clock_ns();

    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (size_t i = 0; i < sizeof nasty / sizeof nasty[0]; i++)
        if (finds(nasty[i], name) != (i == 0))
            fail_msg("'%s' is wrong on many a", nasty[i]);
    assert_true(mn_clock_ns() - begin < 60000000000u);
}

static void
the_states_are_taken_off_the_budget(void **state)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    const struct mn_regex *regex;
    const char *at = "/abc/";
    unsigned budget = 8;

    assert_null(mn_regex_read(&at, &arena, &budget, &regex).what);
    assert_int_equal(budget, 4); /* three bytes and the end */
    at = "/abcd/";
    assert_non_null(mn_regex_read(&at, &arena, &budget, &regex).what);
    assert_null(regex);
    assert_int_equal(budget, 4);
    mn_arena_fini(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_find_what_posix_says),
        cmocka_unit_test(random_expressions_find_what_the_c_library_finds),
        cmocka_unit_test(nested_repetitions_take_linear_time),
        cmocka_unit_test(the_states_are_taken_off_the_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
