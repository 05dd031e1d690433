/* SPDX-License-Identifier: MIT */
/*
 * The bench: rows that are timed side by side, and figures that stand alone.
 *
 * A row puts something on a method (nothing, a swizzle, advice, a patch), and takes it away again. The driver
 * (main.c) draws classes and methods at random, and for each drawn method times all rows in turn, round after
 * round, so that whatever else the machine does meets all of them alike. What counts is the ratio to the row
 * "floor", a swizzle written by hand in C, in the same rounds. To add a row, add a line to rows.c.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stddef.h>

/* What a method of the bench takes and gives; its letter is that of the encoding. */
enum bench_shape { BENCH_VOID, BENCH_INTS, BENCH_LONGS, BENCH_OBJECT, BENCH_DOUBLE, BENCH_STRUCT };

/* One of the methods drawn from (methods.m): its class, its selector, and a loop of sends to it. */
struct bench_method {
    const char *class_name, *selector;
    enum bench_shape shape;
    void (*send)(void *object, long times);
    void *object; /* the receiver */
    void *other;  /* of the same class; nothing is sent to it */
};

extern struct bench_method bench_methods[];
extern const size_t bench_method_count;

/* Makes the receiver of a method, and the other. */
void bench_prepare(struct bench_method *method);

struct bench_row {
    const char *name;
    bool (*begin)(const struct bench_method *method); /* false: this row cannot do this method */
    void (*end)(const struct bench_method *method);
    double limit; /* the ratio to the floor not to be passed; 0: none */
};

extern const struct bench_row bench_rows[]; /* the first is "floor"; ends with a NULL name */

/* A number on its own, in its own unit. */
struct bench_figure {
    const char *name, *unit;
    bool (*measure)(double *value); /* false: cannot be measured here */
    double limit;                   /* not to be passed; -x: x is to be reached; 0: none */
};

extern const struct bench_figure bench_figures[];

/* Seconds on the monotonic clock. */
double bench_now(void);

/* Seconds of processor time of this thread: for what takes so long that a busy machine interrupts it. */
double bench_processor(void);

/* How often advice has run; rows check that what they time does happen. */
extern unsigned long bench_counter;

/* floor.c */
bool floor_begin(const struct bench_method *method);
void floor_end(const struct bench_method *method);

/* closure.c */
bool closure_begin(const struct bench_method *method);
void closure_end(const struct bench_method *method);

/* by_libffi.c */
bool libffi_before_begin(const struct bench_method *method);
bool libffi_proceed_begin(const struct bench_method *method);
void libffi_end(const struct bench_method *method);

/* hooks.c */
bool before_begin(const struct bench_method *method);
bool instead_begin(const struct bench_method *method);
bool proceed_begin(const struct bench_method *method);
bool around_begin(const struct bench_method *method);
bool of_object_begin(const struct bench_method *method);
bool of_other_begin(const struct bench_method *method);
bool of_both_begin(const struct bench_method *method);
void hooks_end(const struct bench_method *method);

/* blocks.c */
bool block_before_begin(const struct bench_method *method);
bool block_after_begin(const struct bench_method *method);
bool block_proceed_begin(const struct bench_method *method);
void blocks_end(const struct bench_method *method);

/* faces.m */
bool aspect_before_begin(const struct bench_method *method);
bool aspect_after_begin(const struct bench_method *method);
bool aspect_instead_begin(const struct bench_method *method);
bool aspect_info_begin(const struct bench_method *method);
void aspect_end(const struct bench_method *method);
bool stinger_before_begin(const struct bench_method *method);
bool stinger_after_begin(const struct bench_method *method);
bool stinger_params_begin(const struct bench_method *method);
void stinger_end(const struct bench_method *method);

/* many.c */
bool measure_many_own_time(double *value);
bool measure_many_own_bytes(double *value);
bool measure_many_inherited_time(double *value);
bool measure_many_inherited_bytes(double *value);
bool measure_toggle(double *value);
bool measure_pattern(double *value);

/* threads.c */
bool measure_scaling(double *value);
bool measure_scaling_under_toggles(double *value);

/* objects.m */
bool measure_release_of_others(double *value);
bool measure_dealloc_of_others(double *value);

/* kernels.m */
bool patched_begin(const struct bench_method *method);
void patched_end(const struct bench_method *method);
bool measure_sum_beside_lua(double *value);
bool measure_sum_beside_compiled(double *value);
bool measure_fib_beside_lua(double *value);

/* scripts.m */
bool measure_script_first_time(double *value);
bool measure_script_first_memory(double *value);
bool measure_script_further_time(double *value);
bool measure_script_out(double *value);
bool measure_script_in(double *value);
bool measure_script_fib(double *value);

/* mango.m */
bool measure_mangofix_empty(double *value);
bool measure_mangofix_loop(double *value);
bool measure_mangofix_fib(double *value);
bool measure_ocrunner_empty(double *value);
bool measure_ocrunner_loop(double *value);
bool measure_ocrunner_fib(double *value);

/* reading.m: 10,000 lines, and the unit compiled of them. */
bool measure_reading_source(double *value);
bool measure_reading_unit(double *value);

/* reading.m: a document of 5,000 steps, 1.1 MB. */
bool measure_reading_document(double *value);

/* numeric.m: a table of its own, printed at once */
void numeric_table(FILE *json);

/* beside.m: times the compiled text; and milliseconds */
bool measure_strings(double *value);
bool measure_dictionaries(double *value);
bool measure_arrays(double *value);
bool measure_void_sends(double *value);
bool measure_scalar_sends(double *value);
bool measure_object_results(double *value);

/* live.c */
bool measure_run_start(double *value);
bool measure_receipt_to_call(double *value);
#endif
