/* SPDX-License-Identifier: MIT */
/*
 * Blocks on libobjc2 and Apple's runtime, which copy and count them. Foundation makes their classes real, if there is
 * one; on libobjc2 Mend does it otherwise.
 */
#include "runtime/blocks.h"
#include "runtime/modern.h"

#include "base/error.h"

extern void *_NSConcreteStackBlock[], *_NSConcreteMallocBlock[], *_NSConcreteGlobalBlock[];

/* A class has a metaclass. */
static bool
is_real(Class cls)
{
    return __atomic_load_n((void *const *)(const void *)cls, __ATOMIC_ACQUIRE) != NULL;
}

static Class
heap_blocks(void)
{
    return (Class)(void *)_NSConcreteMallocBlock;
}

Class
mn_block_heap_class(void)
{
    return is_real(heap_blocks()) ? heap_blocks() : Nil;
}

mend_status
mn_blocks_register(mend_error *err)
{
    Class root = mn_class_named("NSObject");

    if (root == Nil)
        return mn_fail_method(err, MEND_NO_CLASS, "NSObject", NULL, "there is no Foundation yet");
    mn_runtime_lock();
    if (!is_real(heap_blocks()))
        modern_make_block_classes(root);
    mn_runtime_unlock();
    return MEND_OK;
}

bool
mn_object_is_block(id object)
{
    Class heap = heap_blocks(), cls = mn_object_class(object);

    if (cls == Nil)
        return false;
    if (cls == heap || (void *)cls == _NSConcreteStackBlock || (void *)cls == _NSConcreteGlobalBlock)
        return true;
    return is_real(heap) && mn_class_inherits(cls, mn_class_super(heap));
}

id
mn_block_copy(id block)
{
    return block != nil ? (id)_Block_copy((const void *)block) : nil;
}

void
mn_block_release(id block)
{
    if (block != nil)
        _Block_release((const void *)block);
}

const char *
mn_block_signature(id object)
{
    const struct mn_block *block = (const struct mn_block *)(const void *)object;
    const char *behind;

    if (block == NULL || (block->flags & MN_BLOCK_HAS_SIGNATURE) == 0)
        return NULL;
    behind = (const char *)(block->descriptor + 1);
    if ((block->flags & MN_BLOCK_HAS_HELPERS) != 0)
        behind += 2 * sizeof(void *);
    return *(const char *const *)(const void *)behind;
}

/* Apple counts in the flags, by two; libobjc2 in the reserved word. */
void
mn_block_count_first(struct mn_block *block)
{
    if (MODERN_BLOCK_COUNTS_IN_FLAGS)
        block->flags |= 2;
    else
        block->reserved = 1;
}
