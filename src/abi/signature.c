/* SPDX-License-Identifier: MIT */
/*
 * Encodings of whole calls. The types are read in a first walk, then placed by the CPU's classify.c.
 *
 * The frame numbers are of no use for finding arguments (they describe an idea of a frame, not the
 * machine's), but they are the sum of the sizes the compiler saw: a packed struct, or a vector that clang
 * leaves out of the text, shows there.
 */
#include "abi/signature.h"

#include "abi/encoding.h"
#include "abi/intern.h"
#include "abi/layout.h"
#include "base/list.h"

#include <string.h>

struct kept_signature {
    struct mn_interned head;
    struct mn_arena arena; /* holds this struct too */
    const struct mn_signature *signature;
};

/* One type of the text and the number behind it. */
struct entry {
    const struct mn_type *type;
    long number;
    bool numbered;
};

static struct mn_intern signatures;

/* What an argument adds to the frame numbers: small integers count as int, arrays are pointers by now. */
static size_t
numbered_size(const struct mn_type *type)
{
    return mn_kind_is_integer(type->kind) && type->size < sizeof(int) ? sizeof(int) : type->size;
}

static bool
number_fits(const struct mn_type *type, long given)
{
    size_t size = numbered_size(type), seen = (size_t)given;

    if (given < 0)
        return false;
    if (type->kind == MN_STRUCT || type->kind == MN_UNION || type->kind == MN_COMPLEX)
        return seen == size || seen == mn_round_up(size, 4) || seen == mn_round_up(size, 8);
    return seen <= 16; /* numbers written by hand, or for another word size, do no harm here */
}

/* entries[0] is the result, whose number is the sum. */
static mend_status
check_numbers(const struct entry *entries, size_t count, mend_error *err)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;

    for (size_t i = 1; i < count; i++) {
        long end = i + 1 < count ? entries[i + 1].number : entries[0].number;

        if (number_fits(entries[i].type, end - entries[i].number))
            continue;
        mn_type_describe(entries[i].type, &text);
        mn_fail(err, MEND_UNSUPPORTED_ENCODING,
                "Argument %zu, %s, has %zu bytes, but the frame numbers of the encoding leave %ld for it: a "
                "packed struct, or "
                "a vector that the encoding leaves out.",
                i, mn_buffer_peek(&text), entries[i].type->size, end - entries[i].number);
        mn_buffer_fini(&text);
        return MEND_UNSUPPORTED_ENCODING;
    }
    return MEND_OK;
}

/* In a parameter list, an array is the address of its first element. */
static mend_status
decay(struct mn_arena *arena, const struct mn_type **type, mend_error *err)
{
    const struct mn_type *pointer = mn_type_of(MN_SELECTOR);
    struct mn_type *decayed;

    if ((*type)->kind != MN_ARRAY)
        return MEND_OK;
    if ((decayed = mn_arena_copy(arena, pointer, 1, sizeof *pointer)) == NULL)
        return mn_fail_memory(err);
    decayed->kind = MN_POINTER;
    decayed->of = (*type)->of;
    decayed->qualifiers = (*type)->qualifiers;
    decayed->opaque = true;
    decayed->count = (*type)->count;
    *type = decayed;
    return MEND_OK;
}

/* `named`, 0 on entry: the number of arguments before a comma. */
static mend_status
read_entries(const char *text, struct mn_arena *arena, struct mn_list *entries, bool *all_numbered,
             size_t *named, mend_error *err)
{
    mend_status st;

    *all_numbered = true;
    do {
        struct entry *entry = mn_list_add(entries);

        if (entry == NULL)
            return mn_fail_memory(err);
        if (*text == ',' && entries->count > 2 && *named == 0) {
            *named = entries->count - 2;
            text++;
        }
        if (entries->count > MN_ARGUMENTS_MAX + 1)
            return mn_fail(err, MEND_BAD_ENCODING, "The encoding has more than %d arguments.",
                           MN_ARGUMENTS_MAX);
        if (entries->count == 1 ? *text >= '0' && *text <= '9' : false)
            return mn_fail(err, MEND_UNSUPPORTED_ENCODING,
                           "The encoding leaves out the type of the result (a vector?).");
        if ((st = mn_encoding_read(&text, arena, &entry->type, err)) != MEND_OK)
            return st;
        entry->numbered = mn_encoding_number(&text, &entry->number);
        *all_numbered &= entry->numbered;
        if (entries->count > 1 && (st = decay(arena, &entry->type, err)) != MEND_OK)
            return st;
        if ((entries->count > 1 || entry->type->kind != MN_VOID) &&
            (st = mn_type_need(entry->type, err)) != MEND_OK)
            return st;
    } while (*text != '\0');
    return MEND_OK;
}

static bool
in_vectors(const struct mn_place *place)
{
    for (unsigned i = 0; i < place->pieces; i++)
        if (mn_cpu_piece_is_vector(&place->piece[i]))
            return true;
    return false;
}

/* Places everything; fills what follows from the places. */
static mend_status
place_all(struct mn_signature *s, mend_error *err)
{
    struct mn_layout layout = {0};
    bool vector;

    mn_cpu_place_result(&layout, s->result, &s->result_place);
    vector = in_vectors(&s->result_place);
    for (size_t i = 0; i < s->count; i++) {
        layout.variadic = i >= s->named;
        mn_cpu_place_argument(&layout, s->arguments[i].type, &s->arguments[i].place);
        vector |= in_vectors(&s->arguments[i].place);
        if (layout.disputed)
            return mn_fail(err, MEND_UNSUPPORTED_ENCODING,
                           "Argument %zu is an __int128 on the stack, which gcc and clang pass differently.",
                           i + 1);
    }
    s->stack = (uint32_t)layout.stack;
    s->copies = (uint32_t)layout.copies;
    s->integers = (uint8_t)layout.integers;
    s->vectors = (uint8_t)layout.vectors;
    s->shape = (uint32_t)mn_round_up(layout.stack, 16) | mn_cpu_result_shape(&s->result_place) |
               (vector ? MN_SHAPE_VECTOR : 0);
    return MEND_OK;
}

/* Arguments are at most MN_ARGUMENTS_MAX times 1 GiB: sizes do not wrap, but stack offsets have 32 bits. */
static bool
too_large(const struct entry *entries, size_t count)
{
    size_t total = 0;

    for (size_t i = 1; i < count; i++)
        total += entries[i].type->size + 64; /* for alignment */
    return total > MN_TYPE_SIZE_MAX;
}

mend_status
mn_signature_read(const char *encoding, struct mn_arena *arena, const struct mn_signature **out,
                  mend_error *err)
{
    struct mn_list list = MN_LIST_OF(struct entry);
    const struct entry *entries;
    struct mn_signature *s;
    size_t named = 0;
    bool numbered;
    mend_status st;

    *out = NULL;
    if ((st = read_entries(encoding, arena, &list, &numbered, &named, err)) != MEND_OK)
        goto done;
    entries = list.items;
    if (numbered && (st = check_numbers(entries, list.count, err)) != MEND_OK)
        goto done;
    if (too_large(entries, list.count)) {
        st = mn_fail(err, MEND_BAD_ENCODING, "The arguments are larger than 1 GiB.");
        goto done;
    }
    if ((s = mn_arena_alloc(arena, sizeof *s + (list.count - 1) * sizeof *s->arguments)) == NULL) {
        st = mn_fail_memory(err);
        goto done;
    }
    s->encoding = encoding;
    s->cpu = NULL;
    s->has_numbers = numbered;
    s->result = entries[0].type;
    s->count = (uint16_t)(list.count - 1);
    s->named = named != 0 ? (uint16_t)named : s->count;
    for (size_t i = 0; i < s->count; i++)
        s->arguments[i].type = entries[i + 1].type;
    if ((st = place_all(s, err)) != MEND_OK || (st = mn_cpu_ready(s, arena, err)) != MEND_OK)
        goto done;
    *out = s;
done:
    mn_list_fini(&list);
    return st;
}

static mend_status
make(const char *encoding, size_t length, uint64_t hash, struct kept_signature **out, mend_error *err)
{
    struct mn_arena arena = {.block = 128};
    struct kept_signature *kept = mn_arena_alloc(&arena, sizeof *kept);
    const char *text = mn_arena_strndup(&arena, encoding, length);
    mend_status st = kept == NULL || text == NULL ? mn_fail_memory(err)
                                                  : mn_signature_read(text, &arena, &kept->signature, err);

    if (st != MEND_OK) {
        mn_arena_fini(&arena);
        return st;
    }
    kept->head = (struct mn_interned){.hash = hash, .length = length, .text = text};
    kept->arena = arena;
    *out = kept;
    return MEND_OK;
}

mend_status
mn_signature_get(const char *encoding, const struct mn_signature **out, mend_error *err)
{
    size_t length = strlen(encoding);
    uint64_t hash = mn_intern_hash(encoding, length);
    struct kept_signature *kept =
                              (struct kept_signature *)mn_intern_find(&signatures, encoding, length, hash),
                          *fresh = NULL;
    mend_status st;

    *out = NULL;
    if (kept == NULL) {
        if (length > MN_ENCODING_MAX)
            return mn_fail(err, MEND_BAD_ENCODING, "The encoding is longer than %d bytes.", MN_ENCODING_MAX);
        if ((st = make(encoding, length, hash, &fresh, err)) != MEND_OK)
            return st;
        kept = (struct kept_signature *)mn_intern_add(&signatures, &fresh->head);
        if (kept != fresh) {
            struct mn_arena arena = fresh->arena;

            mn_arena_fini(&arena);
        }
    }
    *out = kept->signature;
    return MEND_OK;
}

/* ---- Vectors that no frame keeps ---- */

/* gcc's form names them: ![32,32f]. */
static bool
names_wide_vector(const char *text)
{
    while ((text = strstr(text, "![")) != NULL) {
        long size;

        text += 2;
        if (mn_encoding_number(&text, &size) && size > MN_VECTOR_KEPT)
            return true;
    }
    return false;
}

/* clang 14 leaves vectors out, with only the frame numbers to show it: i16 (a vector at 20) d36 reads i1620d36. */
static bool
leaves_room(const char *text, struct mn_arena *arena)
{
    const struct mn_type *type;
    long total, number, next;

    if (!(*text >= '0' && *text <= '9') && mn_encoding_read(&text, arena, &type, NULL) != MEND_OK)
        return false;
    if (!mn_encoding_number(&text, &total) || mn_encoding_read(&text, arena, &type, NULL) != MEND_OK ||
        !mn_encoding_number(&text, &number))
        return false;
    while (*text != '\0') {
        size_t size = numbered_size(type);

        if (mn_encoding_read(&text, arena, &type, NULL) != MEND_OK || !mn_encoding_number(&text, &next))
            return false;
        if (next < number || next > total || (size_t)(next - number) >= size + 2 * MN_VECTOR_KEPT)
            return true;
        number = next;
    }
    return total < number || (size_t)(total - number) >= numbered_size(type) + 2 * MN_VECTOR_KEPT;
}

bool
mn_signature_hides_wide_vector(const char *encoding)
{
    struct mn_arena arena = {.block = 128};
    bool hides = strstr(encoding, "![") ? names_wide_vector(encoding) : leaves_room(encoding, &arena);

    mn_arena_fini(&arena);
    return hides;
}

void
mn_signature_write(const struct mn_signature *signature, bool numbers, struct mn_buffer *out)
{
    size_t total = 0, at = 0;

    for (size_t i = 0; i < signature->count; i++)
        total += numbered_size(signature->arguments[i].type);
    mn_encoding_write(signature->result, out);
    if (numbers)
        mn_buffer_printf(out, "%zu", total);
    for (size_t i = 0; i < signature->count; i++) {
        if (i == signature->named)
            mn_buffer_text(out, ",");
        mn_encoding_write(signature->arguments[i].type, out);
        if (numbers)
            mn_buffer_printf(out, "%zu", at);
        at += numbered_size(signature->arguments[i].type);
    }
}

/* How many leading arguments messages do not count: self and _cmd, or the block. */
static size_t
hidden_arguments(const struct mn_signature *s)
{
    if (s->count >= 1 && s->arguments[0].type->kind == MN_BLOCK)
        return 1;
    return s->count >= 2 && s->arguments[1].type->kind == MN_SELECTOR ? 2 : 0;
}

/* One pair of types; the difference is introduced by what differs. */
static bool
same_part(const struct mn_type *a, const struct mn_type *b, bool strict, const char *what, size_t number,
          struct mn_buffer *out)
{
    struct mn_buffer difference = MN_BUFFER_EMPTY;
    bool same = mn_type_compare(a, b, strict, out != NULL ? &difference : NULL);

    if (!same && out != NULL) {
        bool field = difference.length > 6 && memcmp(difference.data, "field ", 6) == 0;

        mn_buffer_text(out, what);
        if (number != 0)
            mn_buffer_printf(out, " %zu", number);
        mn_buffer_printf(out, "%s%s", field ? ": " : " is ", mn_buffer_peek(&difference));
    }
    mn_buffer_fini(&difference);
    return same;
}

static bool
compare(const struct mn_signature *a, const struct mn_signature *b, bool strict, struct mn_buffer *out)
{
    size_t hidden = hidden_arguments(a);

    if (a == b)
        return true;
    if (a->count != b->count) {
        if (out != NULL)
            mn_buffer_printf(out, "%d arguments against %d", (int)a->count - (int)hidden,
                             (int)b->count - (int)hidden);
        return false;
    }
    if (!same_part(a->result, b->result, strict, "the result", 0, out))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_part(a->arguments[i].type, b->arguments[i].type, strict,
                       i < hidden ? "hidden argument" : "argument", i < hidden ? i + 1 : i + 1 - hidden, out))
            return false;
    return true;
}

bool
mn_signature_equal(const struct mn_signature *a, const struct mn_signature *b, bool strict)
{
    return compare(a, b, strict, NULL);
}

void
mn_signature_difference(const struct mn_signature *a, const struct mn_signature *b, bool strict,
                        struct mn_buffer *out)
{
    compare(a, b, strict, out);
}
