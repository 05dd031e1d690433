/* SPDX-License-Identifier: MIT */
/*
 * Bytes to a compiled unit: whatever the text says, reading it against this process must end in a unit that
 * verifies or in a refusal. A leading '%' chooses Mango.
 */
#include "lang/lang.h"

#include <stdbool.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool mango = size && data[0] == '%';
    mend_source source = {
        .name = mango ? "fuzz.mg" : "fuzz.m", .text = (const char *)data + mango, .length = size - mango};
    struct mn_unit *unit;
    mend_error err;
    mend_status st = mn_lang_read(&source, NULL, NULL, &unit, &err);

    if (st == MEND_INTERNAL || st == MEND_BAD_PROGRAM)
        __builtin_trap(); /* what was checked must compile */
    mn_unit_free(unit);
    return 0;
}
