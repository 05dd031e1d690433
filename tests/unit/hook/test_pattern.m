/* SPDX-License-Identifier: MIT */
/* What patterns name, what they refuse, and that neither long nor nasty ones hurt. */
#import "support/hook_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "hook/glob.h"
#include "hook/pattern.h"
#include "support/faults.h"

@protocol PatternPlain
- (void)plain;
+ (void)plainSide;
@end

@protocol PatternRich <PatternPlain>
- (void)rich:(int)a;
@end

@interface PatternAdopter : NSObject <PatternRich>
- (void)extra;
@end

@implementation PatternAdopter
- (void)plain
{
}
+ (void)plainSide
{
}
- (void)rich:(int)a
{
}
- (void)extra
{
}
@end

@interface PatternHeir : PatternAdopter
@end

@implementation PatternHeir
- (void)plain
{
}
@end

@interface PatternStranger : NSObject
@end

@implementation PatternStranger
- (void)plain
{
}
@end

static bool
glob_matches(const char *text, const char *name)
{
    struct mn_arena arena = MN_ARENA_EMPTY;
    const struct mn_glob *glob;
    const char *at = text;
    bool found;

    if (mn_glob_read(&at, &arena, &glob).what != NULL || *at != '\0')
        fail_msg("'%s' is refused at '%s'", text, at);
    found = mn_glob_matches(glob, name);
    mn_arena_fini(&arena);
    return found;
}

static void
globs_match_whole_names(void **state)
{
    static const struct {
        const char *glob, *yes, *no;
    } rows[] = {
        {"abc", "abc", "abcd"},
        {"abc", "abc", "ab"},
        {"*", "", NULL},
        {"*", "anything:at:all:", NULL},
        {"a*", "a", "ba"},
        {"*a", "bca", "ab"},
        {"*a*", "xax", "xbx"},
        {"a*b*c", "aXbYbZc", "aXcYb"},
        {"a**c", "abbc", "abbd"},
        {"a?c", "abc", "ac"},
        {"?", "a", ""},
        {"??*", "ab", "a"},
        {"{a,b}", "b", "c"},
        {"{a,b}c", "ac", "abc"},
        {"x{a,,bb}y", "xy", "xaay"},
        {"x{a,,bb}y", "xbby", "xby"},
        {"{b,a*}*d", "bd", "cd"},
        {"{b,a*}*d", "axxd", "bxxc"},
        {"{a{b,c},d}e", "ace", "ae"},
        {"{a{b,c},d}e", "de", "abde"},
        {"{*:,x}", "set:", "y"},
        {"\\*", "*", "a"},
        {"a\\{b", "a{b", "ab"},
        {"_$.:", "_$.:", "____"},
        {"n\xc3\xa4m?", "n\xc3\xa4me", "name"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!glob_matches(rows[i].glob, rows[i].yes))
            fail_msg("'%s' does not match '%s'", rows[i].glob, rows[i].yes);
        if (rows[i].no != NULL && glob_matches(rows[i].glob, rows[i].no))
            fail_msg("'%s' matches '%s'", rows[i].glob, rows[i].no);
    }
}

/* A matcher that goes back would take longer than the universe. */
static void
globs_take_time_linear_in_the_name(void **state)
{
    char glob[512] = "", name[20001];
    uint64_t begin;

    for (int i = 0; i < 100; i++)
        strcat(glob, "*a");
    strcat(glob, "b");
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    begin = mn_clock_ns();
    assert_false(glob_matches(glob, name));
    assert_false(glob_matches("{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}{a,aa}b", name));
    assert_true(mn_clock_ns() - begin < 20000000000u);
}

static bool
names(const char *text, const char *class_name, const char *selector)
{
    struct mn_selection selection;
    struct mn_pattern *pattern;
    Class cls = mn_class_named(class_name);
    mend_error err;
    bool found;

    if (*selector == '+') {
        cls = mn_class_meta(cls);
        selector++;
    }
    assert_non_null(cls);
    if (mn_pattern_read(text, &pattern, &err) != MEND_OK)
        fail_msg("'%s': %s", text, err.message);
    assert_string_equal(mn_pattern_text(pattern), text);
    found = mn_pattern_select(pattern, cls, &selection) && mn_selection_has(&selection, mn_selector(selector));
    mn_pattern_free(pattern);
    return found;
}

static void
patterns_name_methods_by_class_and_selector(void **state)
{
    static const struct {
        const char *pattern, *class_name, *yes, *no;
    } rows[] = {
        {"-[HookBase greet]", "HookBase", "greet", "+greet"},
        {"-[HookBase greet]", "HookBase", "greet", "add:to:"},
        {"+[HookBase count]", "HookBase", "+count", "count"},
        {"+[* count:]", "HookBase", "+count:", "+count"},
        {"*[HookBase count]", "HookBase", "+count", "greet"},
        {"*[HookBase count]", "HookBase", "count", "greet"},
        {"-[HookBase *]", "HookBase", "inherited:", "+count"},
        {"-[Hook* *:to:]", "HookBase", "add:to:", "greet"},
        {"-[Hook{Base,Child} {greet,shared}]", "HookChild", "shared", "inherited:"},
        {"-[HookBas? ?reet]", "HookBase", "greet", "shared"},
        {"-[ HookBase   greet ]", "HookBase", "greet", "shared"},
        {"  -[HookBase greet]\n+[HookBase count],-[HookBase shared]", "HookBase", "shared", "inherited:"},
        {"  -[HookBase greet]\n+[HookBase count],-[HookBase shared]", "HookBase", "+count", "count"},
        /* exclusions, wherever they stand */
        {"-[HookBase *] !-[HookBase greet]", "HookBase", "shared", "greet"},
        {"!-[HookBase greet] -[HookBase *]", "HookBase", "shared", "greet"},
        {"-[HookBase *] -x -[* greet]", "HookBase", "shared", "greet"},
        {"-[HookBase *], -x *[* *:*]", "HookBase", "greet", "add:to:"},
        {"*[HookBase *] !+[* *]", "HookBase", "count", "+count"},
        {"*[HookBase *] ! /count:/", "HookBase", "+count", "+count:"},
        /* regular expressions */
        {"-[/^HookB/ greet]", "HookBase", "greet", "shared"},
        {"-[/BASE$/i greet]", "HookBase", "greet", "shared"},
        {"-[HookBase /^(greet|shared)$/]", "HookBase", "greet", "inherited:"},
        {"-[HookBase /to:/]", "HookBase", "add:to:", "greet"},
        {"/^\\+\\[HookBase co/", "HookBase", "+count:", "count:"},
        {"/\\[HookBase (greet|shared)\\]$/", "HookBase", "greet", "inherited:"},
        {"-[HookBase /^[[:lower:]]{5}$/]", "HookBase", "greet", "shared"},
        {"-[HookBase /^[]g[]r?e+t$/]", "HookBase", "greet", "shared"},
        {"-[/a\\/b|HookBase/ greet]", "HookBase", "greet", "shared"},
        /* who inherits */
        {"-[^HookBase shared]", "HookBase", "shared", "greet"},
        {"-[^HookBase shared]", "HookGrandchild", "shared", "greet"},
        {"-[^Hook{Child,Types} *]", "HookGrandchild", "shared", "+shared"},
        {"+[^HookBase count]", "HookGrandchild", "+count", "count"},
        {"+[^NSObject alloc]", "HookGrandchild", "+alloc", "alloc"},
        /* who adopts, and what is declared */
        {"-[@PatternRich *]", "PatternAdopter", "extra", "+plainSide"},
        {"-[@PatternPlain *]", "PatternHeir", "plain", "+plainSide"},
        {"+[@Pattern* *]", "PatternHeir", "+plainSide", "plain"},
        {"-[* @PatternPlain]", "PatternStranger", "plain", "+plainSide"},
        {"*[Pattern* @PatternRich]", "PatternAdopter", "rich:", "extra"},
        {"*[Pattern* @PatternRich]", "PatternAdopter", "+plainSide", "plainSide"},
        {"-[@PatternRich @PatternPlain]", "PatternAdopter", "plain", "rich:"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!names(rows[i].pattern, rows[i].class_name, rows[i].yes))
            fail_msg("'%s' does not name %s %s", rows[i].pattern, rows[i].class_name, rows[i].yes);
        if (names(rows[i].pattern, rows[i].class_name, rows[i].no))
            fail_msg("'%s' names %s %s", rows[i].pattern, rows[i].class_name, rows[i].no);
    }
    assert_false(names("-[^HookChild shared]", "HookBase", "shared"));
    assert_false(names("-[HookBase shared]", "HookChild", "shared"));
    assert_false(names("-[@PatternPlain plain]", "PatternStranger", "plain"));
    assert_false(names("-[@NoSuchProtocol *]", "PatternAdopter", "plain"));
    assert_false(names("-[* @NoSuchProtocol]", "PatternAdopter", "plain"));
}

static void
refusals_name_the_column_and_the_remedy(void **state)
{
    static const struct {
        const char *pattern;
        unsigned line, column;
        const char *message, *remedy;
    } rows[] = {
        {"", 1, 1, "empty", "-[Class selector]"},
        {"  ,, ", 1, 6, "empty", "-[Class selector]"},
        {"Foo bar", 1, 1, "begins with", "-[Class selector]"},
        {"-(Foo bar)", 1, 2, "[ is missing", "-[Class selector]"},
        {"-[Foo]", 1, 6, "selector is missing", "-[Class *]"},
        {"-[Foo ]", 1, 7, "selector is missing", "-[Class *]"},
        {"-[ bar:", 1, 8, "no name has this byte", "\\"},
        {"-[]", 1, 3, "name is missing", "*"},
        {"-[Foo bar", 1, 10, "] is missing", "-[Class selector]"},
        {"-[Foo bar baz]", 1, 11, "] is missing", "-[Class selector]"},
        {"-[Foo bar]x", 1, 11, "follows", "space"},
        {"-[Foo(Category) bar]", 1, 6, "no name has this byte", "\\"},
        {"-[Foo bar]\n  -[Foo", 2, 8, "no name has this byte", "\\"},
        {"-[{Foo,Bar bar]", 1, 11, "not closed", "}"},
        {"-[{Foo, Bar} bar]", 1, 8, "not closed", "no space"},
        {"-[{{{{{{{{{a}}}}}}}}} b]", 1, 11, "too deeply", "alternatives"},
        {"-[Foo /bar]", 1, 7, "not closed", "\\/"},
        {"-[Foo /a(/]", 1, 9, "open parenthesis", "\\("},
        {"-[Foo /[[:a/]", 1, 9, "open bracket", "\\["},
        {"-[Foo /b[a/]", 1, 9, "open bracket", "\\["},
        {"-[Foo /[[:abc:]]/]", 1, 9, "no class", "alnum"},
        {"-[Foo /[z-a]/]", 1, 9, "range is empty", "lower end"},
        {"-[Foo /[[:alpha:]-z]/]", 1, 9, "no end of a range", "last"},
        {"-[Foo /[[.hyphen.]]/]", 1, 9, "no names", "byte itself"},
        {"-[Foo /(a)\\1/]", 1, 11, "refer back", "simpler"},
        {"-[Foo /ab\\q/]", 1, 10, "means nothing", "without"},
        {"-[Foo /a)/]", 1, 9, "closes nothing", "\\)"},
        {"-[Foo /*a/]", 1, 8, "nothing to repeat", "\\"},
        {"-[Foo /a|+b/]", 1, 10, "nothing to repeat", "\\"},
        {"-[Foo /^*b/]", 1, 9, "nothing to repeat", "\\"},
        {"-[Foo /a{2,1}/]", 1, 9, "number of repetitions", "{m,n}"},
        {"-[Foo /a{x}/]", 1, 9, "number of repetitions", "{m,n}"},
        {"-[Foo /((a{99}){99})/]", 1, 16, "repeats too much", "simpler"},
        {"-[Foo /((((((((((((((((((((((((((((((((((a/]", 1, 40, "too deeply", "simpler"},
        {"-[Foo //]", 1, 7, "is empty", "*"},
        {"-[* @Prot*]", 1, 6, "without wildcards", "one item"},
        {"!-[Foo bar]", 1, 12, "only excludes", "first"},
        {"-[Foo bar] -x", 1, 13, "[ is missing", "-[Class selector]"},
        {"-[Foo bar\\", 1, 10, "nothing follows", "\\\\"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mn_pattern *pattern = (struct mn_pattern *)&pattern;
        mend_error err;

        if (mn_pattern_read(rows[i].pattern, &pattern, &err) != MEND_SYNTAX)
            fail_msg("'%s' is accepted", rows[i].pattern);
        assert_null(pattern);
        if (err.line != rows[i].line || err.column != rows[i].column || !strstr(err.message, rows[i].message) ||
            !strstr(err.remedy, rows[i].remedy))
            fail_msg("'%s': %u:%u %s (%s)", rows[i].pattern, err.line, err.column, err.message, err.remedy);
    }
}

static char *
repeated(const char *text, size_t times)
{
    size_t n = strlen(text);
    char *all = malloc(n * times + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(all + n * i, text, n);
    all[n * times] = '\0';
    return all;
}

static mend_status
read_status(const char *text)
{
    struct mn_pattern *pattern;
    mend_status st = mn_pattern_read(text, &pattern, NULL);

    mn_pattern_free(pattern);
    return st;
}

static void
large_patterns_have_limits(void **state)
{
    char *items = repeated("-[A b] ", MN_PATTERN_ITEMS), *more = repeated("-[A b] ", MN_PATTERN_ITEMS + 1);
    char *bytes = repeated(" ", MN_PATTERN_BYTES + 1), *name = repeated("a", 3000);
    char *long_name = malloc(4000), *long_regex = malloc(4000);

    sprintf(long_name, "-[%s b]", name);
    sprintf(long_regex, "-[/%s/ b]", name);
    assert_int_equal(read_status(items), MEND_OK);
    assert_int_equal(read_status(more), MEND_SYNTAX);
    assert_int_equal(read_status(bytes), MEND_TOO_LARGE);
    assert_int_equal(read_status(long_name), MEND_SYNTAX);
    assert_int_equal(read_status(long_regex), MEND_SYNTAX);
    assert_int_equal(read_status("/a{1000}/ /b{1000}/ /c{1000}/ /d{1000}/"), MEND_OK);
    assert_int_equal(read_status("/a{1000}/ /b{1000}/ /c{1000}/ /d{1000}/ /e{1000}/ /f{1000}/ /g{1000}/ "
                                 "/h{1000}/ /i{1000}/"),
                     MEND_SYNTAX);
    free(items);
    free(more);
    free(bytes);
    free(name);
    free(long_name);
    free(long_regex);
}

static void
an_exact_pattern_takes_names_as_they_are(void **state)
{
    struct mn_pattern *pattern;
    struct mn_selection selection;

    assert_int_equal(mn_pattern_exact("HookBase", "count", true, &pattern, NULL), MEND_OK);
    assert_string_equal(mn_pattern_text(pattern), "+[HookBase count]");
    assert_false(mn_pattern_select(pattern, [HookBase class], &selection));
    assert_true(mn_pattern_select(pattern, mn_class_meta([HookBase class]), &selection));
    assert_true(mn_selection_has(&selection, @selector(count)));
    assert_false(mn_selection_has(&selection, @selector(count:)));
    mn_pattern_free(pattern);
    assert_int_equal(mn_pattern_exact("Hook*", "*", false, &pattern, NULL), MEND_OK);
    assert_false(mn_pattern_select(pattern, [HookBase class], &selection));
    mn_pattern_free(pattern);
}

static void
reading_gives_everything_back_when_memory_runs_out(void **state)
{
    struct mn_faults f = {0};
    struct mn_pattern *pattern;

    while (mn_faults_next(&f)) {
        mend_error err;
        mend_status st = mn_pattern_read("-[/Foo/ {a,b}*] -[@P @Q] !*[^X y]", &pattern, &err);

        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
            assert_null(pattern);
        } else {
            assert_int_equal(st, MEND_OK);
        }
        mn_pattern_free(pattern);
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_whole_names),
        cmocka_unit_test(globs_take_time_linear_in_the_name),
        cmocka_unit_test(patterns_name_methods_by_class_and_selector),
        cmocka_unit_test(refusals_name_the_column_and_the_remedy),
        cmocka_unit_test(large_patterns_have_limits),
        cmocka_unit_test(an_exact_pattern_takes_names_as_they_are),
        cmocka_unit_test(reading_gives_everything_back_when_memory_runs_out),
    };

    hook_test_main(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
