/* SPDX-License-Identifier: MIT */
/* Tokens and literals, seen through the expressions they make (spec/mango.md section 2). */
#include "unit/lang/reading.h"

static void
literals_have_the_value_that_is_written(void **state)
{
    static const struct row rows[] = {
        {"decimal, octal, hexadecimal and binary integers", "a(42, 017, 0x1F, 0b101, 0);",
         "(do (call a 42 15 31 5 0))"},
        {"suffixes of integers in any order", "a(1u, 2UL, 3lu, 4LL, 5ull);",
         "(do (call a 1u 2ul 3ul 4ll 5ull))"},
        {"the largest integer", "a(18446744073709551615u, 0xFFFFFFFFFFFFFFFF);",
         "(do (call a 18446744073709551615u 18446744073709551615))"},
        {"floating-point numbers in all forms", "a(1.5, 1.5f, 2., .5, 1e3, 5.f, 1.5L, 0x1p4, 1E-2);",
         "(do (call a 1.5 1.5f 2.0 0.5 1000.0 5.0f 1.5l 16.0 0.01))"},
        {"a dot before a letter ends the number", "a(1.foo(), 1.fits);",
         "(do (call a (call (. 1 foo)) (. 1 fits)))"},
        {"a boxed number takes a message", "a(@1.stringValue());",
         "(do (call a (call (. (box 1) stringValue))))"},
        {"characters", "a('A', '\\n', '\\'', '\\x41', '\\0', 'ab');",
         "(do (call a (char 65) (char 10) (char 39) (char 65) (char 0) (char 24930)))"},
        {"a character beyond ASCII is its code point", "a('é');", "(do (call a (char 233)))"},
        {"escapes in strings", "a(\"\\n\\t\\\\\\\"\\x41\\101\\u00e9\\U0001F600\");",
         "(do (call a \"\\x0A\\x09\\\\\\\"AA\xC3\xA9\xF0\x9F\x98\x80\"))"},
        {"an unknown escape keeps its backslash", "a(@\"a\\d\");", "(do (call a @\"a\\\\d\"))"},
        {"adjacent strings make one", "a(\"x\" \"y\", @\"p\" \"q\" @\"r\");",
         "(do (call a \"xy\" @\"pqr\"))"},
        {"a NUL may stand in a string", "a(@\"x\\0y\");", "(do (call a @\"x\\x00y\"))"},
        {"an empty string", "a(@\"\", \"\");", "(do (call a @\"\" \"\"))"},
        {"YES and NO have synonyms", "a(YES, true, TRUE, NO, false, FALSE, nil, Nil, NULL);",
         "(do (call a YES YES YES NO NO NO nil Nil NULL))"},
        {"names may hold letters of any script and '$'", "a($version, größe, _x);",
         "(do (call a $version größe _x))"},
        {"blanks between '@' and its word", "a(@ selector (x:), @ \"s\");",
         "(do (call a (selector x:) @\"s\"))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
blanks_and_comments_are_nothing(void **state)
{
    static const struct row rows[] = {
        {"comments of both kinds", "a/* b */(1 // c\n);", "(do (call a 1))"},
        {"a spliced line comment goes on", "a(1 // c \\\n 2\n);", "(do (call a 1))"},
        {"a backslash joins lines", "a(1, \\\n 2);", "(do (call a 1 2))"},
        {"a no-break space and a form feed", "a(1,\xC2\xA0\f2);", "(do (call a 1 2))"},
        {"a byte order mark",
         "\xEF\xBB\xBF"
         "a();",
         "(do (call a))"},
    };

    expect_rows("t.m", ROWS(rows));
}

static void
all_line_ends_count_the_same(void **state)
{
    static const struct row rows[] = {
        {"LF", "a();\n\n  `", "3:3 error: '`' starts no token of the language\n"},
        {"CRLF", "a();\r\n\r\n  `", "3:3 error: '`' starts no token of the language\n"},
        {"CR", "a();\r\r  `", "3:3 error: '`' starts no token of the language\n"},
    };

    expect_findings("t.m", ROWS(rows));
}

static void
bad_tokens_are_told_apart(void **state)
{
    static const struct row rows[] = {
        {"an unterminated comment is shown where it opens", "a();\n/* b\n",
         "2:1 error: unterminated comment: '*/' is missing\n"},
        {"an unterminated string ends with its line", "a(\"b);\nc();",
         "1:3 error: unterminated string: '\"' is missing before the end of the line\n"},
        {"an integer too large", "a(18446744073709551616);",
         "1:3 error: integer literal too large: it does not fit 64 bits\n"},
        {"a suffix that is none", "a(10xy);", "1:3 error: invalid suffix 'xy' on a number\n"},
        {"a digit beyond the base", "a(089);", "1:3 error: '8' is no octal digit\n"},
        {"an escape without digits", "a(\"\\xg\");", "1:3 error: '\\x' needs hexadecimal digits\n"},
        {"a surrogate is no character", "a(\"\\uD800\");",
         "1:3 error: the escape names no Unicode character\n"},
        {"an empty character", "a('');", "1:3 error: empty character constant\n"},
        {"an unknown escape is a warning", "a(\"\\d\");",
         "1:4 warning: unknown escape: the backslash is kept\n"},
        {"a control character", "a(\x01);", "1:3 error: the control character 0x01 is no source text\n"},
    };

    expect_findings("t.m", ROWS(rows));
}

static void
directives_that_mean_nothing_to_the_code_vanish(void **state)
{
    static const struct row rows[] = {
        {"#import, #include and #pragma mark, whatever they hold",
         "#import <A/B.h>\n#include \"it's\"\n#pragma mark - it's\na();", "(do (call a))"},
        {"#pragma mark between statements", "void f(void) { a();\n#pragma mark -\nb(); }",
         "(func f (function void) (block (do (call a)) (do (call b))))"},
        {"a capital word with parentheses is an annotation", "#If(NO) a();",
         "(annotated (@If NO) (do (call a)))"},
    };

    expect_rows("t.m", ROWS(rows));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_have_the_value_that_is_written),
        cmocka_unit_test(blanks_and_comments_are_nothing),
        cmocka_unit_test(all_line_ends_count_the_same),
        cmocka_unit_test(bad_tokens_are_told_apart),
        cmocka_unit_test(directives_that_mean_nothing_to_the_code_vanish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
