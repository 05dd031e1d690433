// SPDX-License-Identifier: MIT
/*
 * How long reading takes: 10,000 lines of source (33 bytes each on average) until they are checked and compiled, the
 * compiled unit of them until it is verified and planned, and an instruction document of 1 MB. Processor time of this thread,
 * the least of several times.
 */
#import <Foundation/Foundation.h>

#include "bench.h"

#include <mend/patch.h>
#include <string.h>

enum { LINES = 10000, TIMES = 5 };

/* Methods of loops, conditions and sends. */
static NSString *
make_source(void)
{
    NSMutableString *text = [NSMutableString stringWithString:@"@interface BenchRead : NSObject\n@end\n@implementation BenchRead\n"];
    unsigned lines = 3;

    for (unsigned n = 0; lines + 45 < LINES; n++, lines += 45) {
        [text appendFormat:@"- (long)speed%05u:(long)x\n{\n    long sum = x, k = %u;\n", n, n];
        for (unsigned i = 0; i < 10; i++)
            [text appendFormat:@"    for (long i = 0; i < k; i++)\n        sum = sum * 3 + (i ^ %u);    \n"
                                "    if (sum > 1000 && k != x)\n        sum -= [self hash] + %u;     \n", i, i];
        [text appendString:@"    return sum;\n}\n"];
    }
    [text appendString:@"@end\n"];
    return text;
}

static void
take(void *to, const void *bytes, size_t length)
{
    [(NSMutableData *)to appendBytes:bytes length:length];
}

static bool
least_ms(const mend_source *source, double *value)
{
    for (int i = 0; i < TIMES; i++) {
        double start = bench_processor(), took;

        if (mend_patch_check(source, NULL, NULL, NULL, NULL) != MEND_OK)
            return false;
        took = (bench_processor() - start) * 1e3;
        *value = i == 0 || took < *value ? took : *value;
    }
    return true;
}

static bool
measure(bool compiled, double *value)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *text = make_source();
    NSMutableData *unit = [NSMutableData data];
    mend_source source = {.name = "reading.m", .text = [text UTF8String], .length = strlen([text UTF8String])};
    bool good = true;

    if (compiled) {
        good = mend_patch_compile(&source, MEND_COMPILED_UNIT, NULL, NULL, take, unit, NULL) == MEND_OK;
        source = (mend_source){.name = "reading.mendu", .text = [unit bytes], .length = [unit length]};
    }
    good = good && least_ms(&source, value);
    [pool release];
    return good;
}

bool
measure_reading_source(double *value)
{
    return measure(false, value);
}

bool
measure_reading_unit(double *value)
{
    return measure(true, value);
}

/* 250 methods of 20 steps, each with two sends and arithmetic. */
static NSString *
make_document(void)
{
    NSMutableString *text = [NSMutableString
        stringWithString:@"{\"format\": 2, \"instructions\": [{\"cls\": \"BenchRead\", \"superclass\": \"NSObject\", \"methodList\": ["];

    for (unsigned n = 0; n < 250; n++) {
        [text appendFormat:@"%s{\"method\": \"speed%05u:\", \"add\": true, \"returns\": \"long\", \"params\": [{\"name\": "
                            "\"text\", \"type\": \"NSString *\"}], \"messages\": [{\"do\": \"let\", \"name\": \"sum\", \"type\": "
                            "\"long\", \"value\": {\"int\": 0, \"type\": \"long\"}}",
                           n ? ", " : "", n];
        for (unsigned i = 0; i < 20; i++)
            [text appendFormat:@", {\"do\": \"set\", \"target\": {\"var\": \"sum\"}, \"op\": \"+=\", \"value\": {\"op\": \"*\", "
                                "\"l\": {\"send\": \"length\", \"to\": {\"send\": \"stringByAppendingString:\", \"to\": {\"var\": "
                                "\"text\"}, \"args\": [\"step %u\"]}}, \"r\": {\"int\": %u, \"type\": \"long\"}}}",
                               i, i];
        [text appendString:@", {\"do\": \"return\", \"value\": {\"var\": \"sum\"}}]}"];
    }
    [text appendString:@"]}]}"];
    return text;
}

bool
measure_reading_document(double *value)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    NSString *text = make_document();
    mend_source source = {.name = "reading.json", .text = [text UTF8String], .length = strlen([text UTF8String])};
    bool good = least_ms(&source, value);

    [pool release];
    return good;
}
