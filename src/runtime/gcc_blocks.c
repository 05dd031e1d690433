/* SPDX-License-Identifier: MIT */
/*
 * Block classes on GCC's runtime.
 *
 * A block's isa is the address of a symbol: 256 zeroed bytes in libBlocksRuntime, or a copy of them in the
 * program itself (a program linked at fixed addresses gets the symbol moved into it), or one zeroed word in
 * libgnustep-base. Into areas large enough we write a class under construction and let the runtime register
 * it; it is a class at that address from then on. The one word can become nothing: blocks of a program linked
 * in that order get a real class when Mend copies them to the heap.
 *
 * A class always has a metaclass, so an isa whose first word is zero is a block class nobody has registered.
 */
#include "runtime/gcc_blocks.h"
#include "runtime/blocks.h"
#include "runtime/create.h"
#include "runtime/gcc_abi.h"

#include "base/error.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *symbol, *class_name;
} kinds[] = {
    {"_NSConcreteMallocBlock", "__NSMallocBlock__"},
    {"_NSConcreteStackBlock", "__NSStackBlock__"},
    {"_NSConcreteGlobalBlock", "__NSGlobalBlock__"},
    {"_NSConcreteAutoBlock", "__NSAutoBlock__"},
    {"_NSConcreteFinalizingBlock", "__NSFinalizingBlock__"},
    {"_NSConcreteWeakBlockVariable", "__NSWeakBlockVariable__"},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), AREA_SIZE = 256 };

static Class base;       /* NSBlock */
static Class heap_class; /* written under the runtime's mutex, read with acquire */

Class
mn_block_heap_class(void)
{
    return __atomic_load_n(&heap_class, __ATOMIC_ACQUIRE);
}

bool
mn_object_is_block(id object)
{
    Class isa = object != nil ? __atomic_load_n(&object->class_pointer, __ATOMIC_RELAXED) : Nil;
    Class block = __atomic_load_n(&base, __ATOMIC_ACQUIRE);

    if (isa == Nil)
        return false;
    if (GCC_READ(gcc_class(isa)->isa) == Nil)
        return true;
    return block != Nil && mn_class_inherits(isa, block);
}

/* ---- The base class ---- */

/* Drops the class unless it became known. */
static mend_status
fill_base(Class cls, mend_error *err)
{
    Protocol *copying = mn_protocol_named("NSCopying");
    mend_status st = MEND_OK;

    for (const struct mn_block_method *m = mn_block_methods; m->name != NULL && st == MEND_OK; m++)
        st = mn_class_add_method(cls, mn_selector(m->name), m->imp, m->types, err);
    if (st == MEND_OK && copying != NULL)
        st = mn_class_add_protocol(cls, copying, err);
    if (st == MEND_OK)
        st = mn_class_register(cls, err);
    if (st != MEND_OK)
        mn_class_free(cls);
    return st;
}

static mend_status
make_base(Class *block, mend_error *err)
{
    Class root = mn_class_named("NSObject");
    mend_status st;

    if ((*block = mn_class_named("NSBlock")) != Nil)
        return MEND_OK;
    if (root == Nil)
        return mn_fail_method(err, MEND_NO_CLASS, "NSObject", NULL, "there is no Foundation yet");
    if ((st = mn_class_new(root, "NSBlock", block, err)) != MEND_OK)
        return st;
    return fill_base(*block, err);
}

/* ---- The areas ---- */

/* The class name, with a number if the other set of classes has taken it. */
static void
free_name(const char *stem, char *name, size_t size)
{
    snprintf(name, size, "%s", stem);
    for (unsigned n = 2; mn_class_named(name) != Nil; n++)
        snprintf(name, size, "%s%u", stem, n);
}

static bool
is_blank(const void *area)
{
    static const char zeros[AREA_SIZE];

    return memcmp(area, zeros, AREA_SIZE) == 0;
}

/* Registers a class at that address. */
static mend_status
fill_area(void *area, Class block, const char *stem, mend_error *err)
{
    char name[64];
    Class shell;
    mend_status st;

    free_name(stem, name, sizeof(name));
    if (!mn_gcc_reserve_selectors(1))
        return mn_fail_memory(err);
    if ((st = mn_class_new(block, name, &shell, err)) != MEND_OK)
        return st;
    memcpy(area, shell,
           sizeof(struct gcc_class)); /* nothing points to the shell; its metaclass moves along */
    free(shell);
    objc_registerClassPair(area);
    return MEND_OK;
}

/* Large enough for a class: only what the symbol itself spans is ours to write. */
static bool
is_area(void *address)
{
    const ElfW(Sym) *symbol = NULL;
    Dl_info info;

    return dladdr1(address, &info, (void **)&symbol, RTLD_DL_SYMENT) != 0 && symbol != NULL &&
           symbol->st_size >= AREA_SIZE && info.dli_saddr == address;
}

struct areas {
    unsigned count;
    struct {
        void *address;
        unsigned kind;
    } found[2 * KINDS];
};

static void
find_in(void *library, struct areas *areas)
{
    for (unsigned kind = 0; kind < KINDS; kind++) {
        void *area = dlsym(library, kinds[kind].symbol);

        if (area == NULL || !is_area(area))
            continue;
        areas->found[areas->count].address = area;
        areas->found[areas->count++].kind = kind;
    }
}

/* Those the program sees, and libBlocksRuntime's own, which another library may hide or the program copy. The
 * same one may be found twice. Takes the loader's lock, under which others take the runtime's. */
static void
find_areas(struct areas *areas)
{
    void *library = dlopen("libBlocksRuntime.so.0", RTLD_LAZY | RTLD_NOLOAD);

    areas->count = 0;
    find_in(RTLD_DEFAULT, areas);
    if (library == NULL)
        return;
    find_in(library, areas);
    dlclose(library);
}

/* *heap is the first area for heap blocks, or stays. */
static mend_status
register_areas(const struct areas *areas, Class block, Class *heap, mend_error *err)
{
    mend_status st = MEND_OK;

    for (unsigned i = 0; i < areas->count && st == MEND_OK; i++) {
        void *area = areas->found[i].address;
        unsigned kind = areas->found[i].kind;

        if (is_blank(area))
            st = fill_area(area, block, kinds[kind].class_name, err);
        if (st == MEND_OK && kind == 0 && *heap == Nil)
            *heap = area;
    }
    return st;
}

/* Without libBlocksRuntime heap blocks still need a class. */
static mend_status
make_heap_class(Class block, Class *heap, mend_error *err)
{
    char name[64];
    mend_status st;

    free_name(kinds[0].class_name, name, sizeof(name));
    if ((st = mn_class_new(block, name, heap, err)) != MEND_OK)
        return st;
    if ((st = mn_class_register(*heap, err)) != MEND_OK)
        mn_class_free(*heap);
    return st;
}

mend_status
mn_blocks_register(mend_error *err)
{
    struct areas areas;
    Class block, heap;
    mend_status st;

    find_areas(&areas);
    mn_runtime_lock();
    heap = heap_class;
    if ((st = make_base(&block, err)) == MEND_OK) {
        __atomic_store_n(&base, block, __ATOMIC_RELEASE);
        st = register_areas(&areas, block, &heap, err);
    }
    if (st == MEND_OK && heap == Nil)
        st = make_heap_class(block, &heap, err);
    if (st == MEND_OK)
        __atomic_store_n(&heap_class, heap, __ATOMIC_RELEASE);
    mn_runtime_unlock();
    return st;
}
