/* SPDX-License-Identifier: MIT */
/*
 * Times the rows and prints the tables.
 *
 *     bench [--json FILE] [--rounds N] [--seed N] [--rows TEXT]
 *
 * Draws a method of each kind (void, two integers, object, double, a struct of 32 bytes) from the list (methods.m). Each round times every
 * row on each of them for some milliseconds, in a new random order; what is printed is the median over the
 * rounds, and the median of the round's ratio to the floor of the same round. With --rows, only rows and figures
 * whose name has TEXT in it (beside the floor).
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DRAWN = 5, ROWS_MAX = 32, ROUNDS_MAX = 201, SLICES = 50, SENDS = 4000 };

struct timing {
    double ns[ROUNDS_MAX], ratio[ROUNDS_MAX];
    int rounds;
};

static struct timing timings[DRAWN][ROWS_MAX];
static struct bench_method *drawn[DRAWN];
static int over_limit;
static const char *only = "";

double
bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double
bench_processor(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double
median(const double *values, int count)
{
    double sorted[ROUNDS_MAX];

    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, by_value);
    return count ? sorted[count / 2] : 0;
}

static size_t
row_count(void)
{
    size_t n = 0;

    while (bench_rows[n].name)
        n++;
    return n;
}

/* ---- Drawing ---- */

static struct bench_method *
draw(bool (*wanted)(enum bench_shape))
{
    for (;;) {
        struct bench_method *m = &bench_methods[(size_t)rand() % bench_method_count];

        if (wanted(m->shape))
            return m;
    }
}

static bool
is_void(enum bench_shape shape)
{
    return shape == BENCH_VOID;
}

static bool
is_two_integers(enum bench_shape shape)
{
    return shape == BENCH_INTS || shape == BENCH_LONGS;
}

static bool
is_object(enum bench_shape shape)
{
    return shape == BENCH_OBJECT;
}

static bool
is_double(enum bench_shape shape)
{
    return shape == BENCH_DOUBLE;
}

static bool
is_struct(enum bench_shape shape)
{
    return shape == BENCH_STRUCT;
}

static void
draw_all(void)
{
    static bool (*const kinds[DRAWN])(enum bench_shape) = {is_void, is_two_integers, is_object, is_double, is_struct};

    for (int i = 0; i < DRAWN; i++) {
        drawn[i] = draw(kinds[i]);
        bench_prepare(drawn[i]);
    }
}

/* ---- Timing ---- */

/*
 * Nanoseconds a send, in the median of many short slices: on a shared machine whole milliseconds without an
 * interruption are rare. Negative when the row cannot do the method.
 */
static double
time_row(const struct bench_row *row, const struct bench_method *method)
{
    double ns[SLICES];

    if (!row->begin(method))
        return -1;
    method->send(method->object, SENDS);
    for (int i = 0; i < SLICES; i++) {
        double start = bench_now();

        method->send(method->object, SENDS);
        ns[i] = (bench_now() - start) / SENDS * 1e9;
    }
    row->end(method);
    return median(ns, SLICES);
}

static bool
is_asked(size_t row)
{
    return row == 0 || strstr(bench_rows[row].name, only);
}

static void
run_round(int method)
{
    size_t rows = row_count(), order[ROWS_MAX];
    double ns[ROWS_MAX];

    for (size_t i = 0; i < rows; i++)
        order[i] = i;
    for (size_t i = rows; i-- > 1;) {
        size_t j = (size_t)rand() % (i + 1), t = order[i];

        order[i] = order[j];
        order[j] = t;
    }
    for (size_t i = 0; i < rows; i++) {
        size_t row = order[i];

        ns[row] = is_asked(row) ? time_row(&bench_rows[row], drawn[method]) : -1;
    }
    for (size_t i = 0; i < rows; i++) {
        struct timing *t = &timings[method][i];

        if (ns[i] < 0)
            continue;
        t->ns[t->rounds] = ns[i];
        t->ratio[t->rounds++] = ns[i] / ns[0];
    }
}

/* ---- Printing ---- */

static void
print_row(int method, size_t i)
{
    const struct bench_row *row = &bench_rows[i];
    const struct timing *t = &timings[method][i];
    double ratio = median(t->ratio, t->rounds);

    if (t->rounds == 0)
        return;
    printf("  %-40s %8.2f ns %7.2f x", row->name, median(t->ns, t->rounds), ratio);
    if (row->limit > 0) {
        printf("   at most %.1f: %s", row->limit, ratio <= row->limit ? "yes" : "NO");
        over_limit += ratio > row->limit;
    }
    putchar('\n');
}

static void
print_table(void)
{
    for (int m = 0; m < DRAWN; m++) {
        printf("-[%s %s]\n", drawn[m]->class_name, drawn[m]->selector);
        for (size_t i = 0; i < row_count(); i++)
            print_row(m, i);
    }
}

static void
print_json(FILE *out)
{
    fprintf(out, "{\"rows\": [");
    for (int m = 0; m < DRAWN; m++)
        for (size_t i = 0; i < row_count(); i++) {
            const struct timing *t = &timings[m][i];

            fprintf(out,
                    "%s\n  {\"class\": \"%s\", \"selector\": \"%s\", \"row\": \"%s\", \"ns\": %.3f, "
                    "\"ratio\": %.3f, \"limit\": %.1f}",
                    m || i ? "," : "", drawn[m]->class_name, drawn[m]->selector, bench_rows[i].name,
                    median(t->ns, t->rounds), median(t->ratio, t->rounds),
                    bench_rows[i].limit);
        }
    fprintf(out, "\n], \"figures\": [");
}

static void
run_figures(FILE *json)
{
    for (const struct bench_figure *f = bench_figures; f->name; f++) {
        double value;

        if (!strstr(f->name, only) || !f->measure(&value))
            continue;
        printf("%-60s %10.2f %s", f->name, value, f->unit);
        if (f->limit != 0) {
            bool kept = f->limit > 0 ? value <= f->limit : value >= -f->limit;

            printf("   at %s %g: %s", f->limit > 0 ? "most" : "least", f->limit > 0 ? f->limit : -f->limit,
                   kept ? "yes" : "NO");
            over_limit += !kept;
        }
        putchar('\n');
        if (json)
            fprintf(json, "%s\n  {\"figure\": \"%s\", \"unit\": \"%s\", \"value\": %.3f, \"limit\": %.1f}",
                    f == bench_figures ? "" : ",", f->name, f->unit, value, f->limit);
    }
    if (json)
        fprintf(json, "\n]");
    if (strstr("numeric kernels", only))
        numeric_table(json);
    if (json)
        fprintf(json, "}\n");
}

int
main(int argc, char **argv)
{
    unsigned seed = (unsigned)time(NULL);
    int rounds = 41;
    FILE *json = NULL;

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0)
            seed = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--rounds") == 0)
            rounds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--json") == 0)
            json = fopen(argv[i + 1], "w");
        else if (strcmp(argv[i], "--rows") == 0)
            only = argv[i + 1];
    }
    if (rounds < 1 || rounds > ROUNDS_MAX)
        rounds = 41;
    srand(seed);
    draw_all();
    printf("seed %u, %d rounds; medians; x is the ratio to the floor of the same round\n", seed, rounds);
    for (int r = 0; r < rounds; r++)
        for (int m = 0; m < DRAWN; m++)
            run_round(m);
    print_table();
    if (json)
        print_json(json);
    run_figures(json);
    if (json)
        fclose(json);
    if (over_limit != 0)
        printf("%d of the figures above are over their limit\n", over_limit);
    return 0; /* measured is measured: a loaded machine is no failure */
}
