/* SPDX-License-Identifier: MIT */
/*
 * Hooks whose advice is a block.
 *
 *     mend_block_spec spec = {.hook.position = MEND_BEFORE, .block = ^(int a) { printf("adding %d\n", a); }};
 *     mend_hook_add_block(&add, &spec, &token, &err);
 *
 * The block's parameters are the method's arguments, typed, without receiver and selector: all of them or
 * only the first few. In front of them it may have one more that tells about the call:
 *
 *     ^(mend_call *call, int a, id b)      the call itself, for <mend/hook.h>: mend_call_proceed,
 * mend_call_receiver...
 *     ^(id info, int a, id b)              an object, where the spec has make_info
 *
 * Before and after the method, and when it throws, the block returns nothing. Instead of it, the block
 * returns what the method does, and that is the result, as it is: in place of init, new, copy and the like it
 * returns an owned object, as they do. A block that has the call may also return nothing and set the result
 * through it (mend_call_set_object).
 *
 * What a block captures lives by the rules of the process's Blocks runtime. Debian's libBlocksRuntime keeps
 * captured blocks and __block variables alive, but does not retain captured objects: keep those alive as long
 * as the hook.
 *
 * Types are compared before anything changes, as deep as they go: members of structures, unions, bit-fields,
 * what pointers point to. Objects, classes and blocks are alike; void * goes with every pointer; qualifiers
 * and class names do not count.
 */
#ifndef MEND_BLOCK_ADVICE_H
#define MEND_BLOCK_ADVICE_H

#include <mend/hook.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MEND_BLOCK_RESULT_UNUSED = 1 /* the block's result is neither checked nor used, in any position */
};

typedef struct mend_block_spec {
    mend_hook_spec hook; /* as for other hooks, without advice: that is the block. With MEND_HOOK_WEAK its
                            types need only travel as the method's do. data is for the two functions below */
    const void *block;   /* copied; the copy is released when the hook is removed and the last call left it */
    const char *encoding; /* the block's type, "v@?i", in place of what the block says; NULL: what it says.
                             Copied */

    /*
     * The object for a first parameter; NULL: the block has none. Called in each call whose block takes one,
     * before it; the object is borrowed until the block has returned, and then handed to end_info, which may
     * be NULL, also when an exception leaves the block (not by longjmp).
     */
    struct objc_object *(*make_info)(mend_call *call, void *data);
    void (*end_info)(struct objc_object *info, mend_call *call, void *data);
    unsigned options; /* MEND_BLOCK_*, or 0 */
} mend_block_spec;

/*
 * As mend_hook_add and mend_group_add, for a block. Copying the block may run code of the program; that
 * happens before anything is looked at. On failure nothing has changed, the copy is released, and
 * spec->hook.release is not called.
 *
 * Beside their statuses: MEND_SIGNATURE_MISMATCH, with the first difference and the declaration that would
 * fit; MEND_INVALID, when spec->block is not a block; MEND_UNSUPPORTED_ENCODING, when it carries no signature
 * and none is given, or when it takes arguments of a method whose encoding cannot be read.
 *
 * Where the method of that name later becomes another one with other types (a category loaded, say), a block
 * that does not fit it is passed over, with a warning in the log.
 */
MEND_API mend_status mend_hook_add_block(const mend_target *target, const mend_block_spec *spec,
                                         mend_token **token, mend_error *err);
MEND_API mend_status mend_group_add_block(mend_group *group, const mend_target *target,
                                          const mend_block_spec *spec, mend_error *err);

#ifdef __cplusplus
}
#endif
#endif
