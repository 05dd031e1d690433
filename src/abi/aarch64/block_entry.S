/* SPDX-License-Identifier: MIT */
/*
 * The invoke functions of blocks made at run time: from the block to the slot it carries.
 *
 *   on entry   x0 = block, also where x8 is the address of a result in memory (AAPCS64 6.9); everything else as the
 *              caller of the block left it
 *   on exit    x17 = the block's slot; x16 its entry (entry.S), jumped to; nothing else touched
 *
 * Nothing is pushed, so the unwind rule at entry holds throughout.
 */
#include "abi/aarch64/assembly.h"

.macro ENTER_BY_BLOCK name
ROUTINE \name
    LANDING
    add x17, x0, #BLOCK_SLOT
    ldr x16, [x17, #SLOT_ENTRY]
    br x16
END_ROUTINE \name
.endm

ENTER_BY_BLOCK mn_block_entry
ENTER_BY_BLOCK mn_block_entry_memory

NOTES
