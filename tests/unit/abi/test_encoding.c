/* SPDX-License-Identifier: MIT */
/* Encodings to types and back: layouts, texts, comparisons, refusals. */
#include "abi/encoding.h"
#include "abi/signature.h"
#include "base/alloc.h"
#include "support/faults.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct mn_type *
type_of(const char *encoding)
{
    const struct mn_type *type;
    mend_error err;

    if (mn_type_get(encoding, &type, &err) != MEND_OK)
        fail_msg("%s: %s", encoding, err.message);
    return type;
}

struct bits {
    int a : 3;
    unsigned b : 5;
    long long c : 40;
    unsigned char d : 1;
    char e;
};
struct gaps {
    int a : 3;
    int : 5;
    int b : 4;
    int : 0;
    int c : 2;
};
struct straddling {
    int a : 20;
    int b : 20;
    short c : 9;
    short d : 9;
};
struct nested {
    char a;
    struct {
        short b;
        long double c;
    } d[2];
    union {
        char e;
        double f;
    } g;
};

static void
sizes_and_alignments_are_the_compilers(void **state)
{
    static const struct {
        const char *encoding;
        size_t size, align;
    } rows[] = {
#define ROW(encoding, type) {encoding, sizeof(type), _Alignof(type)}
        ROW("c", char),
        ROW("B", _Bool),
        ROW("s", short),
        ROW("i", int),
        ROW("l", long),
        ROW("q", long long),
        ROW("t", __int128),
        ROW("f", float),
        ROW("d", double),
        ROW("D", long double),
        ROW("jf", _Complex float),
        ROW("jd", _Complex double),
        ROW("jD", _Complex long double),
        ROW("ji", _Complex int),
        ROW("*", char *),
        ROW("^{x}", void *),
        ROW("@?", void *),
        ROW(":", void *),
        ROW("[3[4i]]", int[3][4]),
        ROW("{bits=b0i3b3I5b8q40b48C1c}", struct bits),
        ROW("{gaps=b0i3b3i5b8i4b32i0b32i2}", struct gaps),
        ROW("{straddling=b0i20b32i20b52s9b64s9}", struct straddling),
        ROW("{nested=c[2{?=sD}](?=cd)}", struct nested),
        ROW("{e=}", struct {}),
        ROW(
            "{f=i[0c]}",
            struct {
                int n;
                char tail[];
            }),
        ROW(
            "{ct=ct}",
            struct {
                char c;
                __int128 t;
            }),
        ROW(
            "(u=[5c]s)",
            union {
                char c[5];
                short s;
            }),
#undef ROW
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct mn_type *type = type_of(rows[i].encoding);

        if (!type->complete || type->size != rows[i].size || type->align != rows[i].align)
            fail_msg("%s: size %zu align %u, the compiler says %zu and %zu", rows[i].encoding, type->size,
                     type->align, rows[i].size, rows[i].align);
    }
}

static void
fields_know_their_names_and_offsets(void **state)
{
    const struct mn_type *type = type_of("{P=\"c\"c\"o\"@\"NSString\"\"q\"@\"d\"d\"b\"b192I3\"last\"@\"A\"}");
    static const struct {
        const char *name, *class_name;
        size_t offset;
    } want[] = {{"c", NULL, 0},  {"o", "NSString", 8}, {"q", NULL, 16},
                {"d", NULL, 24}, {"b", NULL, 24},      {"last", "A", 32}};

    (void)state;
    type = type_of("{P=\"c\"c\"o\"@\"NSString\"\"q\"@\"d\"d\"b\"b256I3\"last\"@\"A\"}");
    assert_int_equal(type->count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(type->fields[i].name, want[i].name);
        if (want[i].class_name == NULL)
            assert_null(type->fields[i].type->name);
        else
            assert_string_equal(type->fields[i].type->name, want[i].class_name);
        assert_int_equal(type->fields[i].offset, i < 4 ? want[i].offset : i == 4 ? 32 : 40);
    }
    assert_true(type->complete);
}

static const char *const texts[] = {
    "v",
    "rn*",
    "nr*",
    "Vv",
    "A@\"NSString\"",
    "@?",
    "@?<v@?@\"NSArray\"^B>",
    "^^{bf}",
    "^{op=}",
    "^?",
    "^",
    "^![16,16f]",
    "{?=\"x\"@\"s\"r*\"o\"^{op}}",
    "{P=\"a\"@\"NSString\"\"b\"i}",
    "(u=id)",
    "[4rf]",
    "jd",
    "b3",
    "b320I1",
    "{x=b3b4}",
    "?",
    "^r^r{bf}",
    "{vector<int, std::allocator<int> >=^i^i^i}",
    "%",
    "O@",
    "R^v",
    "No^@",
    "{=ii}",
    "{S=\"\"(?=\"a\"i\"b\"f)}",
};

static void
a_type_is_written_as_it_was_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mn_buffer out = MN_BUFFER_EMPTY;

        mn_encoding_write(type_of(texts[i]), &out);
        assert_string_equal(mn_buffer_peek(&out), texts[i]);
        mn_buffer_fini(&out);
    }
}

static void
types_read_as_c(void **state)
{
    static const char *const rows[][2] = {
        {"q", "long long"},
        {"{CGRect=dd}", "struct CGRect"},
        {"@\"NSString\"", "NSString *"},
        {"@\"<P>\"", "id<P>"},
        {"^^{op}", "struct op **"},
        {"r*", "const char *"},
        {"^?", "a function pointer"},
        {"[4i]", "int[4]"},
        {"^[4i]", "int (*)[4]"},
        {"@?<d@?i@>", "double (^)(int, id)"},
        {"jf", "_Complex float"},
        {"{?=i}", "an unnamed struct"},
        {"#", "Class"},
        {":", "SEL"},
        {"B", "_Bool"},
        {"@?", "a block"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mn_buffer out = MN_BUFFER_EMPTY;

        mn_type_describe(type_of(rows[i][0]), &out);
        assert_string_equal(mn_buffer_peek(&out), rows[i][1]);
        mn_buffer_fini(&out);
    }
}

static void
equal_types_are_equal_and_others_differ_in_words(void **state)
{
    static const struct {
        const char *a, *b, *difference; /* NULL: equal */
        bool compatible;
    } rows[] = {
        {"l", "q", NULL, true},
        {"*", "^c", NULL, true},
        {"r^{op}", "^{op=ii}", NULL, true},
        {"^{op=}", "^{op=ii}", NULL, true},
        {"@\"NSString\"", "@", NULL, true},
        {"{?=ii}", "{P=ii}", NULL, true},
        {"@?", "@?<v@?>", NULL, true},
        {"i", "I", "int against unsigned int", true},
        {"d", "f", "double against float", false},
        {"{P=ii}", "{Q=ii}", "struct P against struct Q", true},
        {"{R={O=\"x\"d\"y\"d}}", "{R={O=\"x\"d\"y\"f}}", "field 1.y is double against float", false},
        {"{R=\"origin\"{O=\"x\"d}}", "{R=\"origin\"{O=\"x\"f}}", "field origin.x is double against float",
         false},
        {"^i", "^d", "int against double", true},
        {"@", "^v", "id against void *", true},
        {"[2i]", "[3i]", "int[2] against int[3]", false},
        {"{P=i}", "i", "struct P against int", false},
        {"C", "B", "unsigned char against _Bool", true},
        {"i", "q", "int against long long", false},
        {"v", "i", "void against int", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mn_buffer out = MN_BUFFER_EMPTY;
        const struct mn_type *a = type_of(rows[i].a), *b = type_of(rows[i].b);

        mn_type_difference(a, b, &out);
        assert_string_equal(mn_buffer_peek(&out), rows[i].difference != NULL ? rows[i].difference : "");
        assert_int_equal(mn_type_equal(a, b), rows[i].difference == NULL);
        assert_int_equal(mn_type_equal(b, a), rows[i].difference == NULL);
        if (mn_type_compatible(a, b) != rows[i].compatible)
            fail_msg("%s, %s: compatible is %d", rows[i].a, rows[i].b, !rows[i].compatible);
        mn_buffer_fini(&out);
    }
}

static void
malformed_encodings_are_refused_with_the_place(void **state)
{
    static const char *const rows[] = {"",
                                       "x",
                                       "{",
                                       "{a=i",
                                       "(a",
                                       "[",
                                       "[3",
                                       "[3i",
                                       "[i]",
                                       "@\"NS",
                                       "@?<",
                                       "@?<>",
                                       "j@",
                                       "jv",
                                       "b",
                                       "b0",
                                       "b200",
                                       "b0i33",
                                       "![16",
                                       "![16,16f",
                                       "ii",
                                       "[99999999999i]",
                                       "[1073741825c]",
                                       "{a=[1073741824c][2c]}",
                                       "rrrrrrrrrrrrrrrri",
                                       "{x=\"a}",
                                       "r",
                                       "~",
                                       "\x80"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct mn_type *type = type_of("i");
        mend_error err;

        if (mn_type_get(rows[i], &type, &err) != MEND_BAD_ENCODING)
            fail_msg("accepted \"%s\"", rows[i]);
        assert_null(type);
        assert_true(err.message[0] != '\0');
    }
}

static void
deep_and_long_encodings_are_refused(void **state)
{
    char *deep = calloc(1, 300000);
    const struct mn_type *type;
    mend_error err;

    (void)state;
    memset(deep, '^', MN_ENCODING_DEPTH - 1);
    deep[MN_ENCODING_DEPTH - 1] = 'i';
    assert_int_equal(mn_type_get(deep, &type, &err), MEND_OK);
    memset(deep, '^', 60000);
    deep[60000] = 'i';
    assert_int_equal(mn_type_get(deep, &type, &err), MEND_BAD_ENCODING);
    memset(deep, '[', 60000);
    assert_int_equal(mn_type_get(deep, &type, &err), MEND_BAD_ENCODING);
    memset(deep, 'i', 299999);
    assert_int_equal(mn_type_get(deep, &type, &err), MEND_BAD_ENCODING);
    free(deep);
}

static void
what_an_encoding_does_not_describe_is_refused_by_name(void **state)
{
    static const char *const rows[][2] = {
        {"v@:{CGThing}", "struct CGThing"},
        {"v@:?", "an unknown type"},
        {"v@:![16,16f]", "a vector"},
        {"v@:{x=b3}", "a bit-field of 3 bits"},
        {"v@:{x=b0i3b40i2}", "struct x"},
        {"v@:v", "void"},
        {"v21@0:8{pk=ci}16", "struct pk"},
        {"v26@0:8{pk=ci}16i21", "struct pk"},
        {"32@0:16", "the result"},
        {"v32@0:816", "frame numbers"},
        {"v48@0:8f1632i48", "frame numbers"},
        {"{q}@:", "struct q"},
        {"v@:{y={z=[2?]}}", "an unknown type"},
        {"[3i]@:", NULL},
    };

    (void)state;
    for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++) {
        const struct mn_signature *s;
        mend_error err = {0};

        assert_int_equal(mn_signature_get(rows[i][0], &s, &err), MEND_UNSUPPORTED_ENCODING);
        assert_null(s);
        if (strstr(err.message, rows[i][1]) == NULL)
            fail_msg("%s: \"%s\" does not name %s", rows[i][0], err.message, rows[i][1]);
    }
}

static void
frame_numbers_by_hand_or_of_another_word_size_do_no_harm(void **state)
{
    static const char *const rows[] = {
        "v@:@",
        "v12@0:4@8",
        "v24@0:8@16",
        "i20@?0i8d12",
        "v24@+0:+8@+16",
        "v0@0:0@0",
        "v32@0:8{pt=ff}16q24",
        "{_NSRect={_NSPoint=dd}{_NSSize=dd}}48@0:8{_NSRect={_NSPoint=dd}{_NSSize=dd}}16"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct mn_signature *s;
        mend_error err = {0};

        if (mn_signature_get(rows[i], &s, &err) != MEND_OK)
            fail_msg("%s: %s", rows[i], err.message);
    }
}

static void
signatures_are_interned_and_compare_in_words(void **state)
{
    const struct mn_signature *a, *b;
    char copy[] = "v24@0:8@16";
    struct mn_buffer out = MN_BUFFER_EMPTY;

    (void)state;
    assert_int_equal(mn_signature_get("v24@0:8@16", &a, NULL), MEND_OK);
    assert_int_equal(mn_signature_get(copy, &b, NULL), MEND_OK);
    assert_ptr_equal(a, b);
    assert_int_equal(mn_signature_get("v@:@", &b, NULL), MEND_OK);
    assert_true(mn_signature_equal(a, b, true));
    assert_int_equal(mn_signature_get("v@:d", &b, NULL), MEND_OK);
    mn_signature_difference(a, b, false, &out);
    assert_string_equal(mn_buffer_peek(&out), "argument 1 is id against double");
    mn_buffer_clear(&out);
    assert_int_equal(mn_signature_get("v@:", &b, NULL), MEND_OK);
    mn_signature_difference(a, b, false, &out);
    assert_string_equal(mn_buffer_peek(&out), "1 arguments against 0");
    mn_buffer_clear(&out);
    assert_int_equal(mn_signature_get("v28@0:8s16[4i]20", &a, NULL), MEND_OK);
    mn_signature_write(a, true, &out);
    assert_string_equal(mn_buffer_peek(&out), "v28@0:8s16[4i]20");
    mn_buffer_fini(&out);
}

enum { THREADS = 4, DISTINCT = 2000 };

static pthread_barrier_t together;

/* Every thread asks for the same encodings at the same time, none of which was known before. */
static void *
intern_many(void *data)
{
    const struct mn_signature **found = data;
    char text[64];

    for (int i = 0; i < DISTINCT; i++) {
        snprintf(text, sizeof text, "{T%d=i[%dc]}@:^{T%d}", i, i, i);
        pthread_barrier_wait(&together);
        if (mn_signature_get(text, &found[i], NULL) != MEND_OK)
            found[i] = NULL;
    }
    return NULL;
}

static void
threads_that_ask_for_one_encoding_get_one_signature(void **state)
{
    static const struct mn_signature *found[THREADS][DISTINCT];
    pthread_t threads[THREADS];

    (void)state;
    pthread_barrier_init(&together, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, intern_many, found[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&together);
    for (int i = 0; i < DISTINCT; i++)
        for (int t = 0; t < THREADS; t++) {
            assert_non_null(found[t][i]);
            assert_ptr_equal(found[t][i], found[0][i]);
            assert_int_equal(found[t][i]->result->fields[1].type->count, i);
        }
}

static void
running_out_of_memory_keeps_nothing(void **state)
{
    struct mn_faults f = {.keeps = true};
    size_t before = mn_alloc_live();
    char text[128];
    int round = 0;

    (void)state;
    while (mn_faults_next(&f)) {
        const struct mn_signature *s;
        const struct mn_type *t;
        mend_status st;

        snprintf(text, sizeof text, "{R%d=\"a\"@\"NSString\"}@:r[4{X=ii}]@?<v@?i>", round++);
        st = mn_signature_get(text, &s, NULL);
        if (st == MEND_OK)
            st = mn_type_get("@\"Fresh\"", &t, NULL);
        if (mn_faults_hit(&f)) {
            assert_int_equal(st, MEND_NO_MEMORY);
        } else {
            assert_int_equal(st, MEND_OK);
            assert_true(mn_alloc_live() > before);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_alignments_are_the_compilers),
        cmocka_unit_test(fields_know_their_names_and_offsets),
        cmocka_unit_test(a_type_is_written_as_it_was_read),
        cmocka_unit_test(types_read_as_c),
        cmocka_unit_test(equal_types_are_equal_and_others_differ_in_words),
        cmocka_unit_test(malformed_encodings_are_refused_with_the_place),
        cmocka_unit_test(deep_and_long_encodings_are_refused),
        cmocka_unit_test(what_an_encoding_does_not_describe_is_refused_by_name),
        cmocka_unit_test(frame_numbers_by_hand_or_of_another_word_size_do_no_harm),
        cmocka_unit_test(signatures_are_interned_and_compare_in_words),
        cmocka_unit_test(threads_that_ask_for_one_encoding_get_one_signature),
        cmocka_unit_test(running_out_of_memory_keeps_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
