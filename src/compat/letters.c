/* SPDX-License-Identifier: MIT */
/* Qualifiers are skipped; long and long long, which compilers of 64-bit systems write alike, are one. */
#include "compat/letters.h"

#include "base/error.h"

enum { INFO = 1, FIRST_ARGUMENT = 2 };

static char
letter(const struct mn_type *type)
{
    switch (type->kind) {
    case MN_LONG:
        return mn_kind_letter(MN_LLONG);
    case MN_ULONG:
        return mn_kind_letter(MN_ULLONG);
    default:
        return mn_kind_letter(type->kind);
    }
}

bool
mn_letters_info_fits(const struct mn_signature *block)
{
    return block->count <= INFO || letter(block->arguments[INFO].type) == mn_kind_letter(MN_OBJECT);
}

mend_status
mn_letters_arguments_fit(const struct mn_signature *block, const struct mn_signature *method, mend_error *err)
{
    if (block->count > method->count && block->count > FIRST_ARGUMENT) {
        mn_fail(err, MEND_SIGNATURE_MISMATCH, "the block takes %d arguments, the method %d",
                block->count - FIRST_ARGUMENT, method->count - FIRST_ARGUMENT);
        mn_remedy(err, "let the block take the method's first arguments, or all of them");
        return MEND_SIGNATURE_MISMATCH;
    }
    for (int i = FIRST_ARGUMENT; i < block->count; i++) {
        char mine = letter(block->arguments[i].type), its = letter(method->arguments[i].type);

        if (mine != its)
            return mn_fail(err, MEND_SIGNATURE_MISMATCH,
                           "argument %d is '%c' in the block, '%c' in the method", i - INFO, mine, its);
    }
    return MEND_OK;
}

bool
mn_letters_result_fits(const struct mn_signature *block, const struct mn_signature *method)
{
    return letter(block->result) == letter(method->result);
}
