/* SPDX-License-Identifier: MIT */
/*
 * Whether a block can stand in a method's place, and words for it when it cannot.
 *
 * Types are compared by abi/type.h; what is added here are the liberties C itself takes without a cast
 * between pointers, and the one thing types that "travel alike" may differ in: how a small integer fills its
 * register.
 */
#include "value/block_plan.h"

/* Receiver and selector; the block. */
enum { METHOD_HIDDEN = 2, BLOCK_HIDDEN = 1 };

static bool
is_void_pointer(const struct mn_type *type)
{
    return type->kind == MN_POINTER && type->of->kind == MN_VOID;
}

/* Pointers of different kinds that C converts by itself. */
static bool
converts(const struct mn_type *a, const struct mn_type *b)
{
    if (a->kind != b->kind && mn_kind_is_object(a->kind) && mn_kind_is_object(b->kind))
        return true;
    return mn_kind_is_pointer(a->kind) && mn_kind_is_pointer(b->kind) &&
           (is_void_pointer(a) || is_void_pointer(b));
}

/* Integers of one width, but the compiled callee relies on another filling of the register. */
static bool
extend_differently(const struct mn_type *a, const struct mn_type *b)
{
    return mn_kind_is_integer(a->kind) && mn_kind_is_integer(b->kind) && a->size < sizeof(int) &&
           mn_kind_is_signed(a->kind) != mn_kind_is_signed(b->kind);
}

/* If not, the difference is appended: "double against int". */
static bool
fits(const struct mn_type *block, const struct mn_type *method, bool weak, struct mn_buffer *difference)
{
    if (converts(block, method))
        return true;
    return mn_type_compare(block, method, !weak || extend_differently(block, method), difference);
}

/* The declaration that would fit, with as many of the method's arguments as there are. */
static void
write_declaration(const struct mn_signature *method, const struct mn_signature *block,
                  struct mn_block_terms terms, struct mn_buffer *out)
{
    bool info = terms.info && block->count > BLOCK_HIDDEN;

    mn_type_describe(terms.result ? method->result : mn_type_of(MN_VOID), out);
    mn_buffer_text(out, " (^)(");
    if (info)
        mn_type_describe(block->arguments[BLOCK_HIDDEN].type, out);
    for (size_t i = METHOD_HIDDEN; i < method->count; i++) {
        mn_buffer_text(out, info || i > METHOD_HIDDEN ? ", " : "");
        mn_type_describe(method->arguments[i].type, out);
    }
    mn_buffer_text(out, info || method->count > METHOD_HIDDEN ? ")" : "void)");
}

static mend_status
mismatch(const struct mn_signature *method, const struct mn_signature *block, struct mn_block_terms terms,
         struct mn_buffer *text, mend_error *err)
{
    struct mn_buffer fitting = MN_BUFFER_EMPTY;

    write_declaration(method, block, terms, &fitting);
    mn_fail(err, MEND_SIGNATURE_MISMATCH, "%s", mn_buffer_peek(text));
    mn_remedy(err, "declare the block %s", mn_buffer_peek(&fitting));
    mn_buffer_fini(&fitting);
    mn_buffer_fini(text);
    return MEND_SIGNATURE_MISMATCH;
}

/* The first argument of the block that is one of the method's. */
static size_t
first_shared(const struct mn_signature *block, struct mn_block_terms terms)
{
    return BLOCK_HIDDEN + (terms.info && block->count > BLOCK_HIDDEN ? 1 : 0);
}

static mend_status
match_arguments(const struct mn_signature *method, const struct mn_signature *block,
                struct mn_block_terms terms, mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY, difference = MN_BUFFER_EMPTY;
    size_t first = first_shared(block, terms), taken = block->count - first;

    if (taken > (size_t)method->count - METHOD_HIDDEN) {
        mn_buffer_printf(&text, "the block takes %zu arguments, the method %d", taken,
                         (int)method->count - METHOD_HIDDEN);
        return mismatch(method, block, terms, &text, err);
    }
    for (size_t i = 0; i < taken; i++) {
        if (fits(block->arguments[first + i].type, method->arguments[METHOD_HIDDEN + i].type, terms.weak,
                 &difference))
            continue;
        mn_buffer_printf(&text, "argument %zu of the block does not fit the method's: %s", i + 1,
                         mn_buffer_peek(&difference));
        mn_buffer_fini(&difference);
        return mismatch(method, block, terms, &text, err);
    }
    return MEND_OK;
}

static mend_status
match_result(const struct mn_signature *method, const struct mn_signature *block, struct mn_block_terms terms,
             mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY, difference = MN_BUFFER_EMPTY;

    if (!terms.result || fits(block->result, method->result, terms.weak, &difference))
        return MEND_OK;
    mn_buffer_printf(&text, "the block's result does not fit the method's: %s", mn_buffer_peek(&difference));
    mn_buffer_fini(&difference);
    return mismatch(method, block, terms, &text, err);
}

static mend_status
match_unknown_method(const struct mn_signature *block, struct mn_block_terms terms, mend_error *err)
{
    if (block->count == first_shared(block, terms) && !terms.result)
        return MEND_OK;
    mn_fail(err, MEND_UNSUPPORTED_ENCODING,
            "the method's encoding does not tell how arguments and result travel");
    mn_remedy(err, "use a block that takes none of the method's arguments, before the method");
    return MEND_UNSUPPORTED_ENCODING;
}

mend_status
mn_block_match(const struct mn_signature *method, const struct mn_signature *block,
               struct mn_block_terms terms, mend_error *err)
{
    mend_status st;

    if (!method)
        return match_unknown_method(block, terms, err);
    st = match_arguments(method, block, terms, err);
    return st == MEND_OK ? match_result(method, block, terms, err) : st;
}
