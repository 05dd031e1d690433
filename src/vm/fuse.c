/* SPDX-License-Identifier: MIT */
/* The copy of a function's code that is executed: pairs that often stand together become one (fused.def). */
#include "base/alloc.h"
#include "vm/tables.h"

#include <string.h>

#define KEY(first, second) ((uint32_t)(first) << 16 | (uint32_t)(second))

static const uint32_t pairs[] = {
#define FUSED(first, second) KEY(MN_OP_##first, MN_OP_##second),
#include "vm/fused.def"
#undef FUSED
};

/* 1 + the number of the pair, or 0. */
static unsigned
pair_of(unsigned first, unsigned second)
{
    for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i] == KEY(first, second))
            return i + 1;
    return 0;
}

mend_status
mn_fuse(struct mn_function *function, mend_error *err)
{
    const struct mn_insn *code = function->code;
    struct mn_insn *run = NULL;

    function->run = function->code;
    for (uint32_t i = 0; i + 1 < function->code_count; i++) {
        unsigned pair = pair_of(code[i].op, code[i + 1].op);

        if (pair == 0)
            continue;
        if (run == NULL) {
            if ((run = mn_malloc(function->code_count * sizeof *run)) == NULL)
                return mn_fail_memory(err);
            memcpy(run, code, function->code_count * sizeof *run);
            function->run = run;
        }
        run[i].op = (uint16_t)(MN_OP_COUNT + pair - 1);
    }
    return MEND_OK;
}
