/* SPDX-License-Identifier: MIT */
/*
 * Sources with errors and sources meant to hurt: every error of a run is reported once, where it is; nothing
 * makes the reader slow, deep or faulty.
 */
#include "base/alloc.h"
#include "support/faults.h"
#include "unit/lang/reading.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

static void
an_error_says_what_was_expected_and_where(void **state)
{
    static const struct row rows[] = {
        {"a missing ';' is missed at the end of the line", "void f(void) {\n    a()\n    b();\n}",
         "2:8 error: expected ';' after the expression\n"},
        {"within a line, what stands there instead", "a(1 2);",
         "1:5 error: expected ')' after the arguments, found '2'\n1:2 note: to match this '('\n"},
        {"an unclosed send shows where it opens", "x = [a b;",
         "1:9 error: expected ']' after the message, found ';'\n1:5 note: to match this '['\n"},
        {"an unclosed brace at the end of the file", "void f(void) {\n    a();\n",
         "2:9 error: expected '}' to end the block\n1:14 note: to match this '{'\n"},
        {"a reserved word is no name", "int if;",
         "1:5 error: expected a name to declare, but 'if' is a reserved word\n"},
        {"a type is no expression", "x = 1 + int;",
         "1:9 error: expected an expression, but 'int' is a type\n"},
        {"a missing @end", "@implementation A\n- (void)m { }\n",
         "3:1 error: expected '@end'\n1:1 note: to close this '@implementation'\n"},
        {"an @end too many", "@end",
         "1:1 error: '@end' closes nothing: no '@interface' or '@implementation' is open\n"},
        {"a brace too many", "a(); }\nb();", "1:6 error: '}' closes nothing\n"},
        {"a method outside of a class", "- (void)m { }",
         "1:1 error: a method must stand in an '@implementation' or in the body of a class\n"},
        {"a method without a body", "@implementation A\n- (void)m\n- (void)n { }\n@end",
         "2:10 error: expected '{' to open the method's body\n"},
        {"types that do not combine", "short double x;",
         "1:1 error: these words do not make a type together\n"},
        {"two types", "int float x;", "1:5 error: 'float' does not combine with the type before it\n"},
        {"@try alone", "void f(void) { @try { } }",
         "1:16 error: '@try' needs a '@catch' or a '@finally' behind it\n"},
        {"a struct without its encoding", "declare struct S { keys: a }",
         "1:16 error: struct 'S' lacks its 'typeEncoding'\n"},
        {"a literal's own brace does not end the block around it",
         "void f(void) {\n    @{@\"a\"};\n    b();\n}",
         "2:11 error: expected ':' after the key of a dictionary entry, found '}'\n"},
        {"a conditional cut short", "x = a ? b;",
         "1:10 error: expected ':' after the second part of a conditional, found ';'\n1:7 note: to match "
         "this '?'\n"},
        {"a block without parameters in its type", "void ^b;",
         "1:6 error: '^' declares a block, which needs parameters: 'result (^name)(...)'\n"},
        {"instance variables without their closing brace", "@interface A { int a;\n@property int x;\n@end",
         "1:22 error: expected '}' after the instance variables\n1:14 note: to match this '{'\n"},
        {"an unknown property attribute is a warning", "@interface A\n@property (shiny) int x;\n@end",
         "2:12 warning: unknown property attribute 'shiny' is ignored\n"},
    };

    expect_findings("t.m", ROWS(rows));
}

static void
all_errors_of_a_file_come_in_one_run(void **state)
{
    static const struct row rows[] = {
        {"one bad statement costs one statement",
         "@implementation A\n- (void)m {\n    a(;\n    b();\n    [c d;\n    e();\n}\n- (int { }\n- (void)n { "
         "return 1 }\n@end\nx = ;\ny();\n",
         "3:7 error: expected an expression, found ';'\n"
         "5:9 error: expected ']' after the message, found ';'\n5:5 note: to match this '['\n"
         "8:8 error: expected ')' after the type, found '{'\n8:3 note: to match this '('\n"
         "9:22 error: expected ';' after 'return', found '}'\n"
         "11:5 error: expected an expression, found ';'\n"},
        {"a bad member costs one member",
         "class A : B {\n - (void) { }\n - (void)ok { }\n @property;\n - (void)also { x = ; }\n}\n",
         "2:11 error: expected the name of a method, found '{'\n4:11 error: expected a type, found ';'\n"
         "5:21 error: expected an expression, found ';'\n"},
    };

    expect_findings("t.m", ROWS(rows));
}

static void
what_was_understood_beside_an_error_is_in_the_tree(void **state)
{
    struct reading r;

    reading_open(&r, "t.m", "@implementation A\n- (void)m { a(; }\n- (void)n { b(); }\n@end\nc();\n");
    assert_int_equal(r.status, MEND_SYNTAX);
    assert_non_null(strstr(mn_buffer_peek(&r.printed), "(- n void (block (do (call b))))"));
    assert_non_null(strstr(mn_buffer_peek(&r.printed), "(do (call c))"));
    reading_close(&r);
}

/* ---- depth ---- */

/* `times` times `open`, then `middle`, then `times` times `close`. */
static char *
nested(const char *start, const char *open, const char *middle, const char *close, const char *end,
       size_t times)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    mn_buffer_text(&text, start);
    for (size_t i = 0; i < times; i++)
        mn_buffer_text(&text, open);
    mn_buffer_text(&text, middle);
    for (size_t i = 0; i < times; i++)
        mn_buffer_text(&text, close);
    mn_buffer_text(&text, end);
    assert_false(text.failed);
    return mn_buffer_take(&text);
}

struct shape {
    const char *start, *open, *middle, *close, *end;
};

static const struct shape deep[] = {
    {"x = ", "(", "1", ")", ";"},
    {"void f(void) {", "{", "", "}", "}"},
    {"x = ", "[a b:", "1", "]", ";"},
    {"x = ", "!", "1", "", ";"},
    {"x = ", "1 + ", "1", "", ";"},
    {"x = ", "(int)", "1", "", ";"},
    {"x = ", "a ? b : ", "1", "", ";"},
    {"x = ", "^{ return ", "1", "; }", ";"},
    {"x = ", "@[", "1", "]", ";"},
    {"x = ", "@{a: ", "1", "}", ";"},
    {"x = ", "({ x = ", "1", "; })", ";"},
    {"void f(void) { ", "if (a) ", ";", "", "}"},
    {"void f(void) { ", "while (a) ", ";", "", "}"},
    {"void f(void) { ", "switch (a) { case 1: ", ";", "}", "}"},
    {"int ", "(*", "x", ")", ";"},
    {"int ", "*", "x", "", ";"},
    {"int x", "[1]", "", "", ";"},
    {"int x", "(int ", "", ")", ";"},
    {"", "struct { ", "int x;", "} y;", ";"},
    {"int x = ", "{", "1", "}", ";"},
    {"x = a", ".b", "", "", ";"},
    {"x = a", "(1)", "", "", ";"},
    {"x = ", "a = ", "1", "", ";"},
    {"x = ", "1, ", "1", "", ";"},
    {"x = ", "sizeof(", "1", ")", ";"},
    {"NSArray", "<NSArray", "", ">", " *x;"},
};

/* Reads a text on a thread with the stack a host's thread may have. */
struct job {
    const char *text;
    mend_status status;
    struct mn_buffer found;
};

static void *
run_job(void *data)
{
    struct job *job = data;
    struct reading r;

    reading_open(&r, "t.m", job->text);
    job->status = r.status;
    mn_buffer_text(&job->found, mn_buffer_peek(&r.found));
    reading_close(&r);
    return NULL;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STACK (4u << 20) /* their frames are several times as large */
#else
#define STACK (256u << 10)
#endif

static struct job
read_on_a_small_stack(const char *text)
{
    struct job job = {.text = text};
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    assert_int_equal(pthread_attr_setstacksize(&attributes, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run_job, &job), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    return job;
}

static void
nesting_is_refused_before_a_thread_of_256_kib_overflows(void **state)
{
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        const struct shape *s = &deep[i];

        for (size_t times = 40; times <= 40000; times *= 10) {
            char *text = nested(s->start, s->open, s->middle, s->close, s->end, times);
            struct job job = read_on_a_small_stack(text);

            if (job.status != (times < 100 ? MEND_OK : MEND_TOO_DEEP))
                print_error("%zu times '%s': status %d\n%s", times, s->open, job.status,
                            mn_buffer_peek(&job.found));
            assert_int_equal(job.status, times < 100 ? MEND_OK : MEND_TOO_DEEP);
            mn_buffer_fini(&job.found);
            mn_free(text);
        }
    }
}

static void
a_chain_of_else_ifs_may_be_long(void **state)
{
    char *text = nested("void f(void) { ", "if (a) b(); else ", ";", "", "}", 50000);
    struct job job = read_on_a_small_stack(text);

    assert_int_equal(job.status, MEND_OK);
    mn_buffer_fini(&job.found);
    mn_free(text);
}

/* ---- time ---- */

static double
seconds_to_read(const char *name, const char *text)
{
    struct timespec start, end;
    struct reading r;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
    reading_open(&r, name, text);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    reading_close(&r);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

/* Eight times the text may take eight times as long, and some: not sixty-four times. */
static void
hostile_sources_are_read_in_linear_time(void **state)
{
    static const struct shape shapes[] = {
        {"x = c ? ", "a.b:(1)", ".c", ":(2)", ";"},
        {"x = ", "a ? b.c:(1) ", "", "", ";"},
        {"x = @{", "a.b:(c), ", "", "", "};"},
        {"x = ", "(a)", "1", "", ";"},
        {"", "a<b<c ", "", "", ";"},
        {"", "(", "", "]", ";"},
        {"", "([{", "", ")", ";"},
        {"", "[", "", ")]}", ";"},
        {"x = [a ", "b:(x) ", "", "", "];"},
        {"x = a", ".b:c", ":(1)", "", ";"},
        {"", "@A(", "", "", ";"},
        {"", "int x = 3 4;\n", "", "", ""},
        {"- (void)", "a:(int)b ", "{}", "", ""},
        {"", "\"\n", "", "", ""},
        {"", "typedef ", "", "", ""},
        {"", "/*", "", "", ""},
        {"", "a * b;\n", "", "", ""},
        {"x = f(", "(T)y, ", "1", "", ");"},
        {"", "x = (", "", "", ""},
        {"@implementation A\n", "- (int { }\n", "", "", "@end"},
    };

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct shape *s = &shapes[i];
        char *small = nested(s->start, s->open, s->middle, s->close, s->end, 8000);
        char *large = nested(s->start, s->open, s->middle, s->close, s->end, 64000);
        double before = seconds_to_read("t.mg", small), after = seconds_to_read("t.mg", large);

        if (after > 24 * before + 0.05)
            print_error("'%s': %.4f s, then %.4f s for eight times the text\n", s->open, before, after);
        assert_true(after <= 24 * before + 0.05);
        mn_free(small);
        mn_free(large);
    }
}

static void
every_beginning_of_a_source_is_survived(void **state)
{
    static const char whole[] =
        "#import <A.h>\n@interface A<T> : B <P> { @public int a[2]; }\n@property (getter=g) int *p;\n@end\n"
        "@implementation A (C)\n- (id)m:(int)n, ... { for (id x in @[@1, @{k: v}]) { [x a:^(int i) { return "
        "i ? x.b:(1) : "
        "2; }]; } switch (n) { case 1 ... 2: break; default: @throw; } return (T *)n + sizeof(int); }\n@end\n"
        "class D : E { @If(1) - f { s = {a: 1}; } }\ndeclare struct S { typeEncoding: \"{S=i}\", keys: a }\n";

    for (size_t length = 1; length < sizeof whole; length++) {
        char *part = strndup(whole, length);
        struct reading r;

        reading_open(&r, length % 2 ? "t.m" : "t.mg", part);
        assert_true((r.status == MEND_OK) == (r.findings.errors == 0));
        reading_close(&r);
        free(part);
    }
}

static void
a_failed_allocation_ends_reading_and_nothing_leaks(void **state)
{
    static const char text[] =
        "@implementation A\n@synthesize p = _p;\n- (id)m:(int)n { NSString *s = @\"a\" @\"b\"; "
        "[s a:@[@1] b:^(int i) { return s.c:(i); }]; return @{s: @(n)}; }\n@end\nint x = 3 4;\n";
    struct mn_faults f = {0};
    struct mn_source source;

    assert_int_equal(mn_source_open(&source, "t.m", text, sizeof text - 1, NULL), MEND_OK);
    while (mn_faults_next(&f)) {
        struct mn_findings findings;
        struct mn_tree tree;
        mend_status st = MEND_NO_MEMORY;

        mn_findings_init(&findings, &source);
        if (mn_tree_init(&tree))
            st = mn_objc_parse(&tree, &source, NULL, &findings, NULL);
        if (mn_faults_hit(&f))
            assert_int_equal(st, MEND_NO_MEMORY);
        else
            assert_int_equal(st, MEND_SYNTAX);
        mn_tree_fini(&tree);
        mn_findings_fini(&findings);
    }
    mn_source_close(&source);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_says_what_was_expected_and_where),
        cmocka_unit_test(all_errors_of_a_file_come_in_one_run),
        cmocka_unit_test(what_was_understood_beside_an_error_is_in_the_tree),
        cmocka_unit_test(nesting_is_refused_before_a_thread_of_256_kib_overflows),
        cmocka_unit_test(a_chain_of_else_ifs_may_be_long),
        cmocka_unit_test(hostile_sources_are_read_in_linear_time),
        cmocka_unit_test(every_beginning_of_a_source_is_survived),
        cmocka_unit_test(a_failed_allocation_ends_reading_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
