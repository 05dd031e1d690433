/* SPDX-License-Identifier: MIT */
/*
 * How Aspects and Stinger compare a block with a method: by the first letter of each type's encoding.
 *
 * Behind the block itself and the object that tells about the call stand the method's arguments, so an index
 * means the same in both signatures: 0 is block or self, 1 information or _cmd, 2 the first argument. Whether
 * what has one letter also travels alike, block advice checks for itself.
 */
#ifndef MN_COMPAT_LETTERS_H
#define MN_COMPAT_LETTERS_H

#include "abi/signature.h"

/* The block's first parameter, if it has any, is an object. */
bool mn_letters_info_fits(const struct mn_signature *block);

/* All the arguments the block takes beside; it may take fewer than the method has, not more. MEND_OK or
 * MEND_SIGNATURE_MISMATCH, saying where. */
mend_status mn_letters_arguments_fit(const struct mn_signature *block, const struct mn_signature *method,
                                     mend_error *err);

bool mn_letters_result_fits(const struct mn_signature *block, const struct mn_signature *method);
#endif
