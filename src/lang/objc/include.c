/* SPDX-License-Identifier: MIT */
/*
 * #import and #include: a header found under one of the include roots is read once, for its declarations.
 *
 * `<...>` never reads the system's headers here: what they declare comes from the program itself, or, when a unit is
 * built, as the prelude. A header that is not found is no error: the patch may not need it.
 */
#include "lang/objc/preprocess.h"

#include <stdio.h>
#include <string.h>

/* The path between the quotes, in `path`; false when the line has none. */
static bool
read_path(struct mn_pp *pp, const struct mn_token *t, char *path, size_t size)
{
    const char *p = mn_source_at(pp->source, t->start), *end = p + (t->end - t->start), *start;

    while (p < end && *p != '"' && *p != '<')
        p++;
    if (p == end || *p == '<')
        return false;
    start = ++p;
    while (p < end && *p != '"')
        p++;
    if (p == end || p == start || (size_t)(p - start) >= size)
        return false;
    memcpy(path, start, (size_t)(p - start));
    path[p - start] = 0;
    return true;
}

/* A path leads into a root, not out of it. */
static bool
stays_inside(const char *path)
{
    if (*path == '/')
        return false;
    for (const char *p = path; p; p = strchr(p, '/')) {
        p += *p == '/';
        if (p[0] == '.' && p[1] == '.' && (!p[2] || p[2] == '/'))
            return false;
    }
    return true;
}

static bool
was_read(struct mn_pp *pp, const char *path)
{
    for (size_t i = 0; i < pp->imported.count; i++)
        if (!strcmp(*MN_LIST_AT(const char *, &pp->imported, i), path))
            return true;
    return false;
}

static bool
note_read(struct mn_pp *pp, const char *path)
{
    const char **place = mn_list_add(&pp->imported);

    if (place)
        *place = mn_arena_strdup(&pp->tree->arena, path);
    return place && *place;
}

static void
read_header(struct mn_pp *pp, const struct mn_token *t, const char *path)
{
    struct mn_source text, *piece;
    mend_error err;
    mend_status st;

    if (was_read(pp, path))
        return;
    st = mn_source_load(&text, path, &err);
    if (st == MEND_IO || st == MEND_SYNTAX) /* gone meanwhile, or empty */
        return;
    if (st == MEND_OK) {
        st = mn_source_add(pp->source, MN_PIECE_HEADER, path, text.text, text.length, &piece, &err);
        mn_source_close(&text);
    }
    if (st == MEND_NO_MEMORY || (st == MEND_OK && !note_read(pp, path)))
        pp->failed = true;
    else if (st != MEND_OK)
        mn_pp_error(pp, mn_pp_span(t), "the header '%s' cannot be read: %s", path, err.message);
    else
        mn_pp_piece(pp, piece);
}

void
mn_pp_import(struct mn_pp *pp, const struct mn_token *t)
{
    const char *const *roots = pp->options->include_roots;
    char name[512], path[1024];
    FILE *found;

    if (!roots || pp->piece->kind == MN_PIECE_SYSTEM || !read_path(pp, t, name, sizeof name))
        return;
    if (!stays_inside(name)) {
        mn_warning_at(pp->findings, mn_pp_span(t), "the header lies outside the include roots: it is left out");
        return;
    }
    if (++pp->imports > MN_IMPORTS_MAX) {
        mn_pp_error(pp, mn_pp_span(t), "headers import one another more than %d deep", MN_IMPORTS_MAX);
    } else {
        for (; *roots; roots++) {
            if ((size_t)snprintf(path, sizeof path, "%s/%s", *roots, name) >= sizeof path || !(found = fopen(path, "re")))
                continue;
            fclose(found);
            read_header(pp, t, path);
            break;
        }
    }
    pp->imports--;
}
