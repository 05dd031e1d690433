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

/* struct mn_site */
#define SITE_CHAIN       0
#define SITE_ORIGINAL    8
#define SITE_RESULT_AT   32
#define SITE_RECEIVER_AT 34

/* struct mn_chain, its first link, struct mn_link */
#define CHAIN_WORD    0
#define CHAIN_VERSION 8
#define CHAIN_STATE   16
#define CHAIN_BEFORES 24
#define CHAIN_AFTERS  28
#define CHAIN_FLAGS   34
#define CHAIN_OBJECTS 48
#define CHAIN_LINKS   72
#define CHAIN_SHORT   16 /* MN_CHAIN_SHORT */
#define LINK_ADVICE   0
#define LINK_DATA     8
#define LINK_VERSION  16
#define LINK_WORD     20
#define LINK_SHIFT    5 /* of its size */

/* struct mn_object_chains */
#define OBJECTS_MASK   0
#define OBJECTS_SLOTS  8
#define OBJECT_OBJECT  0
#define OBJECT_CHAIN   8
#define OBJECT_SHIFT   4
#define OBJECTS_FACTOR 0x9e3779b97f4a7c15 /* mn_object_hash */

/* struct mend_call, whose state is */
#define CALL_FRAME   0
#define CALL_SITE    8
#define CALL_STATE   16 /* and the run */
#define CALL_CHAIN   32
#define CALL_SIZE    40
#define STATE_SETTLED 5

/* The state while after advice runs: the method is settled and has a result; as a number. */
#define STATE_AFTER 0x0001010000000001
#endif
