/* SPDX-License-Identifier: MIT */
/* The tables of the bench: a row is a line here and one or two functions elsewhere. */
#include "bench.h"

static bool
nothing_begin(const struct bench_method *method)
{
    (void)method;
    return true;
}

static void
nothing_end(const struct bench_method *method)
{
    (void)method;
}

const struct bench_row bench_rows[] = {
    {"floor: a C swizzle by hand", floor_begin, floor_end, 0},
    {"the method alone", nothing_begin, nothing_end, 0},
    {"C before", before_begin, hooks_end, 1.8},
    {"C instead, not calling next", instead_begin, hooks_end, 2.0},
    {"C instead, calling next", proceed_begin, hooks_end, 2.5},
    {"C before and after", around_begin, hooks_end, 3.0},
    {"C before, of this object", of_object_begin, hooks_end, 3.5},
    {"C before, of another object", of_other_begin, hooks_end, 1.8},
    {"C before, of the class and of this object", of_both_begin, hooks_end, 3.5},
    {"a patched method, empty or one addition", patched_begin, patched_end, 3.0},
    {"block before, all arguments", block_before_begin, blocks_end, 4.0},
    {"block after, all arguments", block_after_begin, blocks_end, 4.0},
    {"block instead, calling next", block_proceed_begin, blocks_end, 4.0},
    {"Aspects before, no arguments", aspect_before_begin, aspect_end, 8.0},
    {"Aspects after, no arguments", aspect_after_begin, aspect_end, 8.0},
    {"Aspects instead, no arguments", aspect_instead_begin, aspect_end, 8.0},
    {"Aspects before, with the information", aspect_info_begin, aspect_end, 0},
    {"Stinger before, no arguments", stinger_before_begin, stinger_end, 8.0},
    {"Stinger after, no arguments", stinger_after_begin, stinger_end, 8.0},
    {"Stinger before, with the params", stinger_params_begin, stinger_end, 0},
    {"by way of libffi: C before", libffi_before_begin, libffi_end, 0},
    {"by way of libffi: instead, next", libffi_proceed_begin, libffi_end, 0},
    {"libffi closure and ffi_call", closure_begin, closure_end, 0},
    {0},
};

const struct bench_figure bench_figures[] = {
    {"10,000 own methods of libgnustep-base hooked", "ms", measure_many_own_time, 100},
    {"  memory for each, beside the shared pages", "bytes", measure_many_own_bytes, 512},
    {"2,000 inherited methods of libgnustep-base hooked", "ms", measure_many_inherited_time, 0},
    {"  memory for each, with the runtime's tables", "bytes", measure_many_inherited_bytes, 0},
    {"`for (i...) s += i` in a patch beside Lua 5.4", "times", measure_sum_beside_lua, 0.8},
    {"  beside the same loop compiled", "times", measure_sum_beside_compiled, 0},
    {"fib(24) by sends in a patch beside Lua by method calls", "times", measure_fib_beside_lua, 1.2},
    {"MangoFix's measures: an empty patched method", "ns", measure_mangofix_empty, 0},
    {"  one turn of a loop", "ns", measure_mangofix_loop, 0},
    {"  fib(20) by sends", "ms", measure_mangofix_fib, 0},
    {"OCRunner's: an empty patched method", "ns", measure_ocrunner_empty, 0},
    {"  one turn of a loop", "ns", measure_ocrunner_loop, 0},
    {"  fib(20) by sends", "ms", measure_ocrunner_fib, 0},
    {"100,000 generated methods hooked by one pattern", "ms", measure_pattern, 1000},
    {"hook and unhook a known method, median", "us", measure_toggle, 5},
    {"a hook of one object adds to the release of others", "ns", measure_release_of_others, 3},
    {"  and to their dealloc", "ns", measure_dealloc_of_others, 5},
    {"two threads: how a hooked method scales beside the bare one", "times", measure_scaling, -0.95},
    {"  while a third thread toggles hooks", "times", measure_scaling_under_toggles, -0.95},
    {"the first script of a process", "ms", measure_script_first_time, 20},
    {"  private memory it takes", "MB", measure_script_first_memory, 8},
    {"  each further one", "ms", measure_script_further_time, 1},
    {"script to a method with two ints, beside a bare callback", "times", measure_script_out, 2},
    {"method call to a script's body, beside a bare call", "times", measure_script_in, 2},
    {"fib(20) by sends in a script, a call beside both bare ones", "times", measure_script_fib, 2.5},
    {"10,000 lines of source to checked code", "ms", measure_reading_source, 60},
    {"  the same from a compiled unit", "ms", measure_reading_unit, 5},
    {"an instruction document of 1 MB to checked code", "ms", measure_reading_document, 90},
    {"strings in a patch beside the same text compiled", "times", measure_strings, 1.3},
    {"  dictionaries", "times", measure_dictionaries, 1.3},
    {"  arrays", "times", measure_arrays, 1.3},
    {"a cached send of a void method beside a compiled one", "times", measure_void_sends, 3},
    {"  of a scalar method", "times", measure_scalar_sends, 3},
    {"  of an object kept in a strong variable", "times", measure_object_results, 1.5},
    {"`mend run` adds to the start of lsar", "ms", measure_run_start, 15},
    {"from the agent's receipt of a 20-line patch to the new body", "ms", measure_receipt_to_call, 5},
    {0},
};
