/* SPDX-License-Identifier: MIT */
/*
 * Changed units: the input is a list of edits (offset, what to do there, byte) to a unit compiled at the start, sealed
 * anew. Reading must end in a refusal or in a program that verified; of those that verified, what uses no memory of its
 * own choosing and calls nobody is run. A leading 0xff takes the input itself for the bytes of a unit.
 */
#include "base/alloc.h"
#include "lang/unit.h"
#include "vm/disasm.h"
#include "vm/operand.h"
#include "vm/run.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const sources[] = {
    "static int sum; static int limit = 10; int add(int a, int b) { return a * 3 + b; }\n"
    "for (int i = 0; i < limit; i++) { double d = i; d = d * 2 + 1; sum = add(sum, (int)d) % 1000; }\n",
    "@interface Fuzzed : NSObject { int n; id held; }\n@property (copy) NSString *name;\n@end\n"
    "@implementation Fuzzed\n- (id)x:(NSRange)r y:(float *)p { *p += r.length; held = @[ @(n), @\"x\" ]; switch (n) { case 1: "
    "return nil; default: return [self description]; } }\n+ (long)z { return sizeof(int); }\n@end\n"
    "@implementation NSObject (Fuzzed)\n- (unsigned long)hash { return [self ORGhash] + [super hash]; }\n@end\n"};

static struct mn_buffer units[2];

static void
compile(void)
{
    for (unsigned i = 0; i < 2; i++) {
        mend_source source = {.name = "fuzz.m", .text = sources[i], .length = strlen(sources[i])};
        struct mn_unit *unit;

        if (mn_lang_read(&source, NULL, NULL, &unit, NULL) != MEND_OK || mn_unit_write(unit, &units[i], NULL) != MEND_OK)
            abort();
        mn_unit_free(unit);
    }
}

/* Neither memory but the frame's slots nor other code. */
static bool
is_harmless(const struct mn_program *program)
{
    static const char *const words[] = {"LOAD", "STORE", "COPY", "FILL",  "CALL", "SEND", "RET_", "IVAR", "BOX",
                                        "LEA",  "OBJ",   "POOL", "THROW", "DICT", "ARRAY"};

    for (unsigned f = 0; f < mn_program_function_count(program); f++) {
        const struct mn_function *function = mn_program_function(program, f);

        for (uint32_t i = 0; i < function->code_count; i++) {
            const char *name = mn_op_names[function->code[i].op];
            bool plain = name[0] == 'J' || !strncmp(name, "INCJ", 4) || !strncmp(name, "RET", 3);

            for (unsigned k = 0; k < 3; k++)
                plain |= mn_op_operands[function->code[i].op][k] == MN_OPERAND_D;
            for (unsigned w = 0; w < sizeof words / sizeof *words; w++)
                plain &= strstr(name, words[w]) == NULL;
            if (!plain || !strcmp(name, "RETAIN") || !strcmp(name, "RETAUT"))
                return false;
        }
    }
    return true;
}

static void
run(const struct mn_unit *unit)
{
    mend_error err;

    if (!unit->has_load || !is_harmless(unit->program))
        return;
    mn_program_interrupt(unit->program, true); /* at the first end of a slice */
    (void)mn_vm_run(mn_program_function(unit->program, unit->load), &err);
}

static void
read_unit(char *bytes, size_t length)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    struct mn_unit *unit;
    mend_error err;

    mn_unit_seal(bytes, length);
    if (mn_unit_read("fuzz.mendu", bytes, length, &unit, &err) == MEND_OK) {
        mn_disasm_program(unit->program, &text);
        mn_buffer_fini(&text);
        run(unit);
    }
    mn_unit_free(unit);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct mn_buffer *base;
    size_t length;
    char *bytes;

    if (!units[0].length)
        compile();
    if (!size)
        return 0;
    base = &units[data[0] & 1];
    length = data[0] == 0xff ? size - 1 : base->length;
    if (!(bytes = malloc(length + 1)))
        return 0;
    memcpy(bytes, data[0] == 0xff ? (const char *)data + 1 : base->data, length);
    for (size_t i = 1; data[0] != 0xff && i + 3 < size && length > 33; i += 4) {
        size_t at = 32 + (data[i] | (size_t)data[i + 1] << 8) % (length - 32);

        if (data[i + 2] == 0xfe)
            length = at; /* cut off */
        else if (data[i + 2] & 1)
            bytes[at] = (char)data[i + 3];
        else
            bytes[at] = (char)(bytes[at] + data[i + 3]);
    }
    read_unit(bytes, length);
    free(bytes);
    return 0;
}
