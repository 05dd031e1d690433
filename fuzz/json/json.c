/* SPDX-License-Identifier: MIT */
/* Bytes to verified bytecode by way of an instruction document: a unit, or a refusal. */
#include "lang/lang.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mend_source source = {.name = "fuzz.json", .text = (const char *)data, .length = size};
    struct mn_unit *unit;
    mend_error err;
    mend_status st = mn_lang_read(&source, NULL, NULL, &unit, &err);

    if (st == MEND_INTERNAL || st == MEND_BAD_PROGRAM)
        __builtin_trap(); /* what was checked must compile */
    mn_unit_free(unit);
    return 0;
}
