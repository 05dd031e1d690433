/* SPDX-License-Identifier: MIT */
/* Numbers shared by C and assembly: where entry.S finds what it needs; entry.c pins them. */
#ifndef MN_HOOK_X86_64_OFFSETS_H
#define MN_HOOK_X86_64_OFFSETS_H

/* struct mn_holder, struct mn_hold */
#define HOLDER_TOP   0
#define HOLDER_LIMIT 8
#define HOLDER_LOW   16
#define HOLD_FRAME   0
#define HOLD_CHAIN   8
#define HOLD_SIZE    16

/* struct mn_site, struct mn_chain with its first link */
#define SITE_CHAIN     0
#define SITE_ORIGINAL  8
#define SITE_SIGNATURE 16
#define CHAIN_WORD     0
#define CHAIN_VERSION  8
#define CHAIN_STATE    16
#define CHAIN_ADVICE   72
#define CHAIN_DATA     80

/* struct mend_call */
#define CALL_FRAME     0
#define CALL_SITE      8
#define CALL_SIGNATURE 16
#define CALL_CHAIN     24
#define CALL_RUN       32
#define CALL_STATE     40
#define CALL_SETTLED   45
#define CALL_SIZE      48
#endif
