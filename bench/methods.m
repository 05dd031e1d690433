/* SPDX-License-Identifier: MIT */
/* The list of 20 that the bench draws from: each a class of its own, so that nothing is shared but the shape. */
#import <Foundation/Foundation.h>

#include "bench.h"

#include <objc/runtime.h>

typedef struct {
    long a, b, c, d;
} Four;

#define CLASS(name, method)                                                                                           \
    @interface name : NSObject                                                                                        \
    {                                                                                                                 \
        long value;                                                                                                   \
    }                                                                                                                 \
    @end                                                                                                              \
    @implementation name                                                                                              \
    method                                                                                                            \
    @end

#define VOID_CLASS(name, sel)                                                                                         \
    CLASS(name, -(void)sel { value++; })                                                                              \
    static void send_##name(void *object, long times)                                                                 \
    {                                                                                                                 \
        while (times-- > 0)                                                                                           \
            [(name *)object sel];                                                                                     \
    }
#define TWO_CLASS(name, type, first, second)                                                                          \
    CLASS(name, -(type)first : (type)a second : (type)b { return a + b; })                                            \
    static void send_##name(void *object, long times)                                                                 \
    {                                                                                                                 \
        while (times-- > 0)                                                                                           \
            [(name *)object first:(type)times second:2];                                                              \
    }
#define ONE_CLASS(name, result, type, sel, given, answer)                                                             \
    CLASS(name, -(result)sel : (type)a { return answer; })                                                            \
    static void send_##name(void *object, long times)                                                                 \
    {                                                                                                                 \
        while (times-- > 0)                                                                                           \
            [(name *)object sel:given];                                                                               \
    }

VOID_CLASS(BenchAlpha, step)
VOID_CLASS(BenchBravo, tick)
VOID_CLASS(BenchCharlie, poke)
VOID_CLASS(BenchDelta, touch)
VOID_CLASS(BenchEcho, advance)
TWO_CLASS(BenchFoxtrot, int, add, to)
TWO_CLASS(BenchGolf, int, sum, with)
TWO_CLASS(BenchHotel, int, join, and)
TWO_CLASS(BenchIndia, int, mix, into)
TWO_CLASS(BenchJuliett, int, plus, also)
TWO_CLASS(BenchKilo, long, add, to)
TWO_CLASS(BenchLima, long, total, of)
TWO_CLASS(BenchMike, long, span, until)
ONE_CLASS(BenchNovember, id, id, echo, nil, a)
ONE_CLASS(BenchOscar, id, id, same, nil, a)
ONE_CLASS(BenchPapa, id, id, pass, nil, a)
ONE_CLASS(BenchQuebec, double, double, twice, 1.5, a + a)
ONE_CLASS(BenchRomeo, double, double, half, 1.5, a / 2)
ONE_CLASS(BenchSierra, Four, long, four, 5, ((Four){a, a, a, value}))
ONE_CLASS(BenchTango, Four, long, fill, 5, ((Four){a, a, a, value}))

struct bench_method bench_methods[] = {
    {"BenchAlpha", "step", BENCH_VOID, send_BenchAlpha, 0, 0},
    {"BenchBravo", "tick", BENCH_VOID, send_BenchBravo, 0, 0},
    {"BenchCharlie", "poke", BENCH_VOID, send_BenchCharlie, 0, 0},
    {"BenchDelta", "touch", BENCH_VOID, send_BenchDelta, 0, 0},
    {"BenchEcho", "advance", BENCH_VOID, send_BenchEcho, 0, 0},
    {"BenchFoxtrot", "add:to:", BENCH_INTS, send_BenchFoxtrot, 0, 0},
    {"BenchGolf", "sum:with:", BENCH_INTS, send_BenchGolf, 0, 0},
    {"BenchHotel", "join:and:", BENCH_INTS, send_BenchHotel, 0, 0},
    {"BenchIndia", "mix:into:", BENCH_INTS, send_BenchIndia, 0, 0},
    {"BenchJuliett", "plus:also:", BENCH_INTS, send_BenchJuliett, 0, 0},
    {"BenchKilo", "add:to:", BENCH_LONGS, send_BenchKilo, 0, 0},
    {"BenchLima", "total:of:", BENCH_LONGS, send_BenchLima, 0, 0},
    {"BenchMike", "span:until:", BENCH_LONGS, send_BenchMike, 0, 0},
    {"BenchNovember", "echo:", BENCH_OBJECT, send_BenchNovember, 0, 0},
    {"BenchOscar", "same:", BENCH_OBJECT, send_BenchOscar, 0, 0},
    {"BenchPapa", "pass:", BENCH_OBJECT, send_BenchPapa, 0, 0},
    {"BenchQuebec", "twice:", BENCH_DOUBLE, send_BenchQuebec, 0, 0},
    {"BenchRomeo", "half:", BENCH_DOUBLE, send_BenchRomeo, 0, 0},
    {"BenchSierra", "four:", BENCH_STRUCT, send_BenchSierra, 0, 0},
    {"BenchTango", "fill:", BENCH_STRUCT, send_BenchTango, 0, 0},
};

const size_t bench_method_count = sizeof bench_methods / sizeof bench_methods[0];

void
bench_prepare(struct bench_method *method)
{
    Class cls = objc_getClass(method->class_name);

    if (method->object)
        return;
    method->object = [cls new];
    method->other = [cls new];
}
