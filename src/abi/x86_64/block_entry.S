/* SPDX-License-Identifier: MIT */
/*
 * The invoke functions of blocks made at run time: from the block to the slot it carries.
 *
 *   on entry   rdi = block, or rsi = block where rdi is the address of a result in memory (psABI 3.2.3); everything
 *              else as the caller of the block left it
 *   on exit    r11 = the block's slot; nothing else touched; jump to the slot's entry (entry.S)
 *
 * Nothing is pushed, so the unwind rule at entry holds throughout.
 */
#include "abi/x86_64/assembly.h"

ROUTINE mn_block_entry
    endbr64
    lea BLOCK_SLOT(%rdi), %r11
    jmp *SLOT_ENTRY(%r11)
END_ROUTINE mn_block_entry

ROUTINE mn_block_entry_memory
    endbr64
    lea BLOCK_SLOT(%rsi), %r11
    jmp *SLOT_ENTRY(%r11)
END_ROUTINE mn_block_entry_memory

NOTES
