/* SPDX-License-Identifier: MIT */
/* The preprocessor (spec/mango.md section 3): what macros and directives leave of a source, and what is said of wrong
 * ones. */
#include "reading.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
macros_stand_for_their_tokens(void **state)
{
    static const struct row rows[] = {
        {"a plain macro", "#define TWO 2\nint a = TWO;", "(var a int 2)"},
        {"an empty one", "#define NOTHING\nint NOTHING a = 1 NOTHING;", "(var a int 1)"},
        {"a macro in a macro", "#define A B\n#define B 3\nint a = A;", "(var a int 3)"},
        {"its own name is left alone", "#define a a + 1\nint b = a;", "(var b int (+ a 1))"},
        {"two that name each other end", "#define a b\n#define b a\nint c = a;", "(var c int a)"},
        {"arguments", "#define SUM(x, y) ((x) + (y))\nint a = SUM(1, 2 * 3);", "(var a int (+ 1 (* 2 3)))"},
        {"an argument with brackets and commas", "#define FIRST(x) x\nint a = FIRST(f(1, 2));", "(var a int (call f 1 2))"},
        {"no argument list, no macro", "#define F(x) 1\nint a = F;", "(var a int F)"},
        {"a macro without parameters", "#define F() 7\nint a = F();", "(var a int 7)"},
        {"an argument is expanded first", "#define ONE 1\n#define ID(x) x\nint a = ID(ID(ONE));", "(var a int 1)"},
        {"a name that comes out of a macro takes its argument from the text",
         "#define F(x) x\n#define G F\nint a = G(4);", "(var a int 4)"},
        {"a string of an argument", "#define S(x) #x\nchar *a = S(a  +\t\"b\\n\");",
         "(var a (pointer char) \"a + \\\"b\\\\n\\\"\")"},
        {"a string of an expanded argument takes two", "#define S(x) T(x)\n#define T(x) #x\n#define N 5\nchar *a = S(N);",
         "(var a (pointer char) \"5\")"},
        {"pasted names", "#define JOIN(a, b) a##b\nint JOIN(x, 1) = JOIN(0x, ff);", "(var x1 int 255)"},
        {"pasting with nothing", "#define JOIN(a, b) a##b\nint JOIN(x,) = JOIN(, 2);", "(var x int 2)"},
        {"pasted three times", "#define J(a) a##a##a\nint b = J(1);", "(var b int 111)"},
        {"a variable tail", "#define CALL(f, ...) f(__VA_ARGS__)\nint a = CALL(g, 1, 2);", "(var a int (call g 1 2))"},
        {"an empty tail takes the comma along", "#define CALL(f, ...) f(0, ##__VA_ARGS__)\nint a = CALL(g), b = CALL(g, 1);",
         "(var a int (call g 0))\n(var b int (call g 0 1))"},
        {"a tail with a name", "#define CALL(f, args...) f(args)\nint a = CALL(g, 1, 2);", "(var a int (call g 1 2))"},
        {"a macro over lines", "#define SUM \\\n 1 + \\\n 2\nint a = SUM;", "(var a int (+ 1 2))"},
        {"a comment over lines in a definition", "#define SUM /* a\n b */ 1\nint a = SUM;", "(var a int 1)"},
        {"undefined again", "#define A 1\n#undef A\nint a = A;", "(var a int A)"},
        {"the line", "int a = __LINE__,\nb = __LINE__;", "(var a int __LINE__)\n(var b int __LINE__)"},
        {"the line, where there are directives", "#define A\nint a = __LINE__;", "(var a int 2)"},
        {"#line", "#line 40 \"x.m\"\nint a = __LINE__; char *f = __FILE__;",
         "(var a int 40)\n(var f (pointer char) \"x.m\")"},
        {"counting", "#define A __COUNTER__\nint a = A, b = A;", "(var a int 0)\n(var b int 1)"},
        {"a macro in a string is none", "#define A 1\nchar *s = \"A\";", "(var s (pointer char) \"A\")"},
        {"pragmas as operators vanish", "#define A\nint a _Pragma(\"x\") = 1;", "(var a int 1)"},
    };
    (void)state;
    expect_rows("t.m", ROWS(rows));
}

static void
conditionals_choose_the_text(void **state)
{
    static const struct row rows[] = {
        {"defined", "#define A\n#ifdef A\nint a;\n#else\nint b;\n#endif", "(var a int)"},
        {"not defined", "#ifndef A\nint a;\n#else\nint b;\n#endif", "(var a int)"},
        {"elif", "#if 0\nint a;\n#elif 1\nint b;\n#elif 1\nint c;\n#else\nint d;\n#endif", "(var b int)"},
        {"a condition behind the branch taken is not looked at", "#if 1\nint a;\n#elif 1 / 0\nint b;\n#endif", "(var a int)"},
        {"inside one another", "#if 1\n#if 0\nint a;\n#else\nint b;\n#endif\n#else\n#if 1\nint c;\n#endif\n#endif", "(var b int)"},
        {"text that does not count may hold anything", "#if 0\n` ' \" 08 don't #elf @\n#endif\nint a;", "(var a int)"},
        {"arithmetic", "#if 1 + 2 * 3 == 7 && (5 % 3) == 2 && -1 < 0 && ~0 == -1 && (1 ? 2 : 3) == 2\nint a;\n#endif", "(var a int)"},
        {"shifts and bits", "#if (1 << 4 | 3) == 19 && (6 & 3) == 2 && (6 ^ 3) == 5 && 16 >> 2 == 4 && !0\nint a;\n#endif", "(var a int)"},
        {"unsigned comparison", "#if -1 > 0u\nint a;\n#endif", "(var a int)"},
        {"what does not count is not divided", "#if 0 && 1 / 0 || 1\nint a;\n#endif", "(var a int)"},
        {"names that are no macros are 0", "#if NOBODY\nint a;\n#else\nint b;\n#endif", "(var b int)"},
        {"a macro in a condition", "#define V(x) (x * 2)\n#if V(2) == 4\nint a;\n#endif", "(var a int)"},
        {"defined() keeps its name", "#define A B\n#if defined(A) && defined A && !defined(B)\nint a;\n#endif", "(var a int)"},
        {"characters", "#if 'A' == 65\nint a;\n#endif", "(var a int)"},
        {"what is defined from the start", "#if __OBJC__ && MEND && !DEBUG && !TARGET_OS_IPHONE\nint a;\n#endif", "(var a int)"},
        {"features", "#if __has_feature(objc_arc) && !__has_include(<x.h>) && defined(__has_feature)\nint a;\n#endif", "(var a int)"},
        {"true is 1", "#if true && !false\nint a;\n#endif", "(var a int)"},
        {"pragmas and imports vanish", "#import <A/B.h>\n#include \"x.h\" // y\nint a;\n#pragma mark - x /* y\n z */ int b;\n#pragma once",
         "(var a int)\n(var b int)"},
        {"an annotation is no directive", "#define A\n#If(1) int a;", "(var (@If 1) a int)"},
    };
    (void)state;
    expect_rows("t.m", ROWS(rows));
}

static void
wrong_directives_are_reported_at_their_place(void **state)
{
    static const struct row rows[] = {
        {"an unterminated conditional", "int a;\n#if 1\nint b;", "2:1 error: this conditional has no '#endif'\n"},
        {"else alone", "int a;\n#else", "2:1 error: '#else' without '#if'\n"},
        {"endif alone", "int a;\n#endif", "2:1 error: '#endif' without '#if'\n"},
        {"else twice", "#if 1\nint a;\n#else\n#else\n#endif",
         "4:1 error: '#else' behind '#else'\n1:1 note: the conditional begins here\n"},
        {"too few arguments", "#define F(a, b) a\nint x = F(1);",
         "2:9 error: the macro 'F' takes 2 arguments, 1 given\n1:9 note: 'F' is a macro, defined here\n"},
        {"arguments without end", "#define F(a) a\nint x = F(1;",
         "2:9 error: the arguments of the macro 'F' end without ')'\n1:9 note: 'F' is a macro, defined here\n"},
        {"#error", "#error not here\nint a;", "1:1 error: #error: not here\n"},
        {"#warning", "#warning look out \nint a;", "1:1 warning: #warning: look out\n"},
        {"an unknown directive", "#defin A\nint a;", "1:1 error: there is no directive '#defin'\n"},
        {"a macro without name", "#define 1\nint a;", "1:9 error: '#define' needs the name of a macro\n"},
        {"'##' at an end", "#define A ## a\nint a;", "1:11 error: '##' must stand between two tokens\n"},
        {"'#' before no parameter", "#define A(x) #y\nint a;", "1:14 error: '#' must stand before a parameter of the macro\n"},
        {"what makes no token", "#define A(x) x ## +\nint a = A(1);",
         "1:16 error: '1' and '+' make no token together\n"},
        {"another meaning", "#define A 1\n#define A 2\nint a;",
         "2:9 warning: the macro 'A' is defined again with another meaning\n1:9 note: the earlier definition is here\n"},
        {"the same meaning is none", "#define A  1\n#define A 1\nint a;", ""},
        {"a condition without value", "#if\nint a;\n#endif\nint b;", "1:1 error: the condition is missing\n"},
        {"division by zero", "#if 1 / 0\n#endif\nint b;", "1:1 error: division by zero in the condition\n"},
        {"half a condition", "#if (1\n#endif\nint b;", "1:1 error: ')' is missing in the condition\n"},
        {"two values", "#if 1 2\n#endif\nint b;", "1:7 error: an operator is missing in the condition\n"},
        {"no constant", "#if 1.5\n#endif\nint b;", "1:5 error: this is no integer constant in the condition\n"},
        {"#line moves what is said", "#line 100\nint a = ;", "100:9 error: expected an expression, found ';'\n"},
        {"a wrong token out of a macro is shown at its use", "#define BAD 1 +\nint a = BAD;\nint b;",
         "2:12 error: expected an expression, found ';'\n"},
        {"what a macro made is named by its use", "#define BAD )\nint a = (1 + BAD;",
         "2:14 error: expected an expression, found ')'\n1:9 note: 'BAD' is a macro, defined here\n"},
        {"a pragma nobody knows", "#pragma mend speed(11)\nint a;", "1:1 warning: this pragma of Mend is not known: it is left out\n"},
    };
    (void)state;
    expect_findings("t.m", ROWS(rows));
}

/* ---- limits ---- */

static void
expect_error(const char *text, const char *message)
{
    struct reading r;

    reading_open(&r, "t.m", text);
    if (!strstr(mn_buffer_peek(&r.found), message))
        fail_msg("expected \"%s\", found \"%s\"", message, mn_buffer_peek(&r.found));
    reading_close(&r);
}

static void
nesting_and_growth_are_limited(void **state)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    (void)state;
    for (int i = 0; i < 70; i++)
        mn_buffer_text(&text, "#if 1\n");
    mn_buffer_text(&text, "int a;\n");
    for (int i = 0; i < 70; i++)
        mn_buffer_text(&text, "#endif\n");
    expect_error(mn_buffer_peek(&text), "more than 64 conditionals inside one another");
    mn_buffer_clear(&text);
    for (int i = 0; i < 300; i++)
        mn_buffer_printf(&text, "#define A%d A%d\n", i, i + 1);
    mn_buffer_text(&text, "int a = A0;");
    expect_error(mn_buffer_peek(&text), "macros are nested too deeply: at most 200 levels");
    mn_buffer_clear(&text);
    for (int i = 0; i < 40; i++)
        mn_buffer_printf(&text, "#define A%d A%d A%d\n", i, i + 1, i + 1);
    mn_buffer_text(&text, "int a = A0;");
    expect_error(mn_buffer_peek(&text), "the macros of this source make more than 1048576 tokens");
    mn_buffer_clear(&text);
    mn_buffer_text(&text, "#define F(x) x\nint a = ");
    for (int i = 0; i < 300; i++)
        mn_buffer_text(&text, "F(");
    mn_buffer_text(&text, "1");
    for (int i = 0; i < 300; i++)
        mn_buffer_text(&text, ")");
    mn_buffer_text(&text, ";");
    expect_error(mn_buffer_peek(&text), "macros are nested too deeply: at most 200 levels");
    mn_buffer_fini(&text);
}

/* ---- headers ---- */

static char folder[] = "/tmp/mend-pp-XXXXXX";

static void
write_file(const char *name, const char *text)
{
    char path[300];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_non_null(out = fopen(path, "w"));
    fputs(text, out);
    fclose(out);
}

static void
read_with(struct reading *r, const struct mn_parse_options *options, const char *text)
{
    *r = (struct reading){0};
    assert_int_equal(mn_source_open(&r->source, "t.m", text, strlen(text), &r->err), MEND_OK);
    mn_findings_init(&r->findings, &r->source);
    assert_true(mn_tree_init(&r->tree));
    r->status = mn_objc_parse(&r->tree, &r->source, options, &r->findings, &r->err);
    mn_tree_print(&r->tree, &r->printed);
    mn_findings_emit(&r->findings, reading_note, &r->found);
}

static void
headers_under_a_root_are_read_once_for_their_declarations(void **state)
{
    const char *const roots[] = {"/nonexistent", folder, NULL};
    struct mn_parse_options options = {.include_roots = roots};
    struct reading r;

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_file("a.h", "#import \"b.h\"\n#define FROM_A 5\nint in_a;\n");
    write_file("b.h", "#import \"a.h\"\nint in_b;\n@implementation X\n- (void)m { }\n@end\n");
    write_file("bad.h", "int ok;\nint = 3;\n");
    read_with(&r, &options, "#import \"a.h\"\n#import \"b.h\"\n#import \"none.h\"\n#import <a.h>\nint main_ = FROM_A;");
    assert_string_equal(mn_buffer_peek(&r.found), "");
    assert_string_equal(mn_buffer_peek(&r.printed), "(var in_b int)\n(var in_a int)\n(var main_ int 5)\n");
    reading_close(&r);
    read_with(&r, &options, "#import \"bad.h\"\nint a;");
    assert_string_equal(mn_buffer_peek(&r.found), "2:5 error: expected a name to declare, found '='\n");
    reading_close(&r);
    read_with(&r, &options, "#import \"../x.h\"\nint a;");
    assert_string_equal(mn_buffer_peek(&r.found),
                        "1:1 warning: the header lies outside the include roots: it is left out\n");
    reading_close(&r);
    read_with(&r, NULL, "#import \"a.h\"\nint a;");
    assert_string_equal(mn_buffer_peek(&r.printed), "(var a int)\n");
    reading_close(&r);
}

static void
a_prelude_is_read_first_and_in_silence(void **state)
{
    const char *prelude = "# 1 \"x.h\"\n#define NIL_LIKE 0\n#define nil ((void *)0)\nint in_x;\nint = broken;\nint also;\n";
    struct mn_parse_options options = {.prelude = prelude, .prelude_length = strlen(prelude), .prelude_name = "headers"};
    struct reading r;

    (void)state;
    read_with(&r, &options, "int a = NIL_LIKE; id b = nil;");
    assert_string_equal(mn_buffer_peek(&r.found), "");
    assert_string_equal(mn_buffer_peek(&r.printed), "(var in_x int)\n(var also int)\n(var a int 0)\n(var b id nil)\n");
    reading_close(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(macros_stand_for_their_tokens),
        cmocka_unit_test(conditionals_choose_the_text),
        cmocka_unit_test(wrong_directives_are_reported_at_their_place),
        cmocka_unit_test(nesting_and_growth_are_limited),
        cmocka_unit_test(headers_under_a_root_are_read_once_for_their_declarations),
        cmocka_unit_test(a_prelude_is_read_first_and_in_silence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
