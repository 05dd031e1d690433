/* SPDX-License-Identifier: MIT */
/* What others do: a libffi closure in place of the method, which counts and calls the saved IMP by ffi_call.
 */
#include "bench.h"

#include <ffi.h>
#include <objc/runtime.h>

static struct {
    ffi_cif cif;
    ffi_type *types[4], *four[5];
    ffi_type four_type;
    ffi_closure *closure;
    IMP saved;
} now;

static void
on_call(ffi_cif *cif, void *result, void **arguments, void *data)
{
    (void)data;
    bench_counter++;
    ffi_call(cif, (void (*)(void))now.saved, result, arguments);
}

/* The result; the arguments behind self and _cmd go to now.types. */
static ffi_type *
describe(enum bench_shape shape, unsigned *count)
{
    static ffi_type *const argument[] = {
        [BENCH_INTS] = &ffi_type_sint,      [BENCH_LONGS] = &ffi_type_slong,
        [BENCH_OBJECT] = &ffi_type_pointer, [BENCH_DOUBLE] = &ffi_type_double,
        [BENCH_STRUCT] = &ffi_type_slong,   [BENCH_VOID] = NULL};

    now.types[0] = now.types[1] = &ffi_type_pointer;
    now.types[2] = now.types[3] = argument[shape];
    *count = shape == BENCH_VOID ? 2 : shape == BENCH_INTS || shape == BENCH_LONGS ? 4 : 3;
    if (shape == BENCH_STRUCT) {
        for (int i = 0; i < 4; i++)
            now.four[i] = &ffi_type_slong;
        now.four_type = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = now.four};
        return &now.four_type;
    }
    return shape == BENCH_VOID ? &ffi_type_void : argument[shape];
}

static Method
own(const struct bench_method *method)
{
    return class_getInstanceMethod(objc_getClass(method->class_name), sel_registerName(method->selector));
}

bool
closure_begin(const struct bench_method *method)
{
    unsigned count;
    ffi_type *result = describe(method->shape, &count);
    void *code;

    now.closure = ffi_closure_alloc(sizeof *now.closure, &code);
    if (!now.closure || ffi_prep_cif(&now.cif, FFI_DEFAULT_ABI, count, result, now.types) != FFI_OK ||
        ffi_prep_closure_loc(now.closure, &now.cif, on_call, NULL, code) != FFI_OK)
        return false;
    now.saved = method_setImplementation(own(method), (IMP)code);
    return true;
}

void
closure_end(const struct bench_method *method)
{
    method_setImplementation(own(method), now.saved);
    ffi_closure_free(now.closure);
}
