/* SPDX-License-Identifier: MIT */
/*
 * Collecting findings and handing them over. How one is written out is in diagnostic_format.c.
 *
 * They are kept in order of arrival (the lexer's first, then the parser's, then the checker's) and sorted by
 * place only when handed over: a note goes where the finding before it goes.
 */
#include "lang/diagnostic.h"
#include "base/alloc.h"
#include "lang/rendering.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
mn_findings_init(struct mn_findings *findings, const struct mn_source *source)
{
    *findings =
        (struct mn_findings){.source = source, .list = MN_LIST_OF(struct mn_finding), .stage = MEND_SYNTAX};
}

void
mn_findings_fini(struct mn_findings *findings)
{
    mn_arena_fini(&findings->arena);
    mn_list_fini(&findings->list);
}

static struct mn_finding *
finding_at(const struct mn_findings *findings, size_t index)
{
    return MN_LIST_AT(struct mn_finding, &findings->list, index);
}

static const char *
format_text(struct mn_findings *findings, const char *format, va_list args)
{
    struct mn_buffer text = MN_BUFFER_EMPTY;
    const char *kept = NULL;

    mn_buffer_vprintf(&text, format, args);
    if (!text.failed)
        kept = mn_arena_strndup(&findings->arena, mn_buffer_peek(&text), text.length);
    mn_buffer_fini(&text);
    if (!kept)
        findings->failed = true;
    return kept;
}

static bool
has_error_at(const struct mn_findings *findings, uint32_t offset)
{
    for (size_t i = findings->list.count; i-- > 0;)
        if (finding_at(findings, i)->severity == MEND_ERROR && finding_at(findings, i)->span.start == offset)
            return true;
    return false;
}

/* Counts the finding and says whether it is to be kept. */
static bool
admit(struct mn_findings *findings, mend_severity severity, struct mn_span span)
{
    if (findings->muted)
        return false;
    if (severity == MEND_NOTE)
        return !findings->dropped;
    if (findings->source->next && mn_source_piece(findings->source, span.start)->kind == MN_PIECE_SYSTEM) {
        findings->silent += severity == MEND_ERROR;
        return false;
    }
    if (severity == MEND_WARNING)
        return findings->warnings++ < MN_FINDINGS_MAX;
    if (findings->errors < MN_FINDINGS_MAX && has_error_at(findings, span.start))
        return false;
    return findings->errors++ < MN_FINDINGS_MAX;
}

static void
record(struct mn_findings *findings, mend_severity severity, mend_status status, struct mn_span span,
       const char *format, va_list args)
{
    struct mn_finding *fresh;
    const char *message;
    bool kept = admit(findings, severity, span);

    if (!findings->muted)
        findings->dropped = !kept;
    if (!kept)
        return;
    message = format_text(findings, format, args);
    fresh = message ? mn_list_add(&findings->list) : NULL;
    if (!fresh) {
        findings->failed = true;
        findings->dropped = true;
        return;
    }
    *fresh = (struct mn_finding){severity, status, span, message, NULL, false};
}

void
mn_error_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    record(findings, MEND_ERROR, findings->stage, span, format, args);
    va_end(args);
}

void
mn_error_status_at(struct mn_findings *findings, mend_status status, struct mn_span span, const char *format,
                   ...)
{
    va_list args;

    va_start(args, format);
    record(findings, MEND_ERROR, status, span, format, args);
    va_end(args);
}

void
mn_warning_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    record(findings, MEND_WARNING, MEND_OK, span, format, args);
    va_end(args);
}

void
mn_remark_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    findings->dropped = false;
    record(findings, MEND_NOTE, MEND_OK, span, format, args);
    va_end(args);
    if (!findings->failed && findings->list.count)
        MN_LIST_AT(struct mn_finding, &findings->list, findings->list.count - 1)->alone = true;
}

void
mn_note_at(struct mn_findings *findings, struct mn_span span, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    record(findings, MEND_NOTE, MEND_OK, span, format, args);
    va_end(args);
}

void
mn_suggest(struct mn_findings *findings, const char *format, ...)
{
    va_list args;

    if (findings->muted || findings->dropped || !findings->list.count)
        return;
    va_start(args, format);
    finding_at(findings, findings->list.count - 1)->suggestion = format_text(findings, format, args);
    va_end(args);
}

/* The error that stands first in the text, or NULL. */
static const struct mn_finding *
first_error(const struct mn_findings *findings)
{
    const struct mn_finding *first = NULL;

    for (size_t i = 0; i < findings->list.count; i++) {
        const struct mn_finding *f = finding_at(findings, i);

        if (f->severity == MEND_ERROR && (!first || f->span.start < first->span.start))
            first = f;
    }
    return first;
}

mend_status
mn_findings_status(const struct mn_findings *findings, mend_error *err)
{
    const struct mn_finding *first = first_error(findings);
    struct mn_position place;

    if (findings->failed)
        return mn_fail_memory(err);
    if (!first)
        return MEND_OK;
    place = mn_source_position(findings->source, first->span.start);
    mn_fail_at(err, first->status, place.file, place.line, place.column, "%s", first->message);
    if (first->suggestion)
        mn_remedy(err, "%s", first->suggestion);
    return first->status;
}

/* The NUL-terminated line of a place, in *buffer; NULL when memory has run out. */
static const char *
line_of(struct mn_buffer *buffer, const struct mn_position *place)
{
    mn_buffer_clear(buffer);
    mn_buffer_append(buffer, place->line_text, place->line_length);
    return buffer->failed ? NULL : mn_buffer_peek(buffer);
}

static void
emit_one(const struct mn_findings *findings, const struct mn_finding *f, struct mn_buffer *line,
         mend_diagnose diagnose, void *data)
{
    struct mn_position place = mn_source_position(findings->source, f->span.start);
    const struct mn_rendering *rendering = findings->source->rendering;
    struct mn_span span = rendering ? mn_rendering_span(rendering, f->span.start) : f->span;
    struct mn_buffer pointer = MN_BUFFER_EMPTY;
    unsigned rest = (unsigned)(place.line_length -
                               (place.column - 1 < place.line_length ? place.column - 1 : place.line_length));
    unsigned width = span.end > span.start ? span.end - span.start : 1;

    if (!rendering)
        rendering = findings->rendering;
    if (rendering)
        rendering->pointer(rendering->document, span.start, &pointer);
    diagnose(data, &(mend_diagnostic){
                       .severity = f->severity,
                       .file = place.file,
                       .line = place.line,
                       .column = place.column,
                       .width = width > rest ? (rest ? rest : 1) : width,
                       .message = f->message,
                       .suggestion = f->suggestion,
                       .source_line = line_of(line, &place),
                       .pointer = rendering ? mn_buffer_peek(&pointer) : NULL,
                   });
    mn_buffer_fini(&pointer);
}

/* Where a finding lies in what a macro made, a note shows the macro. */
static void
emit_macro(const struct mn_findings *findings, const struct mn_finding *f, struct mn_buffer *line,
           mend_diagnose diagnose, void *data)
{
    const struct mn_list *uses = &findings->source->uses;

    for (size_t i = 0; f->severity != MEND_NOTE && i < uses->count; i++) {
        const struct mn_macro_use *use = MN_LIST_AT(struct mn_macro_use, uses, i);
        struct mn_finding note = {.severity = MEND_NOTE, .span = {use->defined_start, use->defined_end}};
        char text[120];

        if (use->at != f->span.start)
            continue;
        snprintf(text, sizeof text, "'%.80s' is a macro, defined here", use->name);
        note.message = text;
        emit_one(findings, &note, line, diagnose, data);
        break;
    }
}

/* To the finding before it. */
static bool
is_attached(const struct mn_finding *finding)
{
    return finding->severity == MEND_NOTE && !finding->alone;
}

/* The order of the text: order[i] is an index into the list. Insertion keeps equal places in order of
 * arrival. */
static void
sort_by_place(const struct mn_findings *findings, uint32_t *order)
{
    uint32_t count = 0, anchor = 0;

    for (uint32_t i = 0; i < findings->list.count; i++) {
        uint32_t start, at = count;

        if (is_attached(finding_at(findings, i)))
            continue;
        start = finding_at(findings, i)->span.start;
        while (at > 0 && finding_at(findings, order[at - 1])->span.start > start)
            at--;
        memmove(order + at + 1, order + at, (count - at) * sizeof *order);
        order[at] = i;
        count++;
    }
    for (uint32_t i = 0; i < findings->list.count; i++) { /* notes, behind their anchor */
        uint32_t at = 0;

        if (!is_attached(finding_at(findings, i))) {
            anchor = i;
            continue;
        }
        while (at < count && order[at] != anchor)
            at++;
        at += at < count;
        memmove(order + at + 1, order + at, (count - at) * sizeof *order);
        order[at] = anchor = i;
        count++;
    }
}

void
mn_findings_emit(const struct mn_findings *findings, mend_diagnose diagnose, void *data)
{
    size_t count = findings->list.count;
    struct mn_buffer line = MN_BUFFER_EMPTY;
    uint32_t *order;

    if (!diagnose || !count)
        return;
    order = mn_malloc((count + 1) * sizeof *order);
    if (order)
        sort_by_place(findings, order);
    for (size_t i = 0; i < count; i++) { /* without memory for the order: as they arrived */
        const struct mn_finding *f = finding_at(findings, order ? order[i] : i);

        emit_one(findings, f, &line, diagnose, data);
        emit_macro(findings, f, &line, diagnose, data);
    }
    mn_free(order);
    mn_buffer_fini(&line);
    if (findings->errors > MN_FINDINGS_MAX) {
        char text[96];

        snprintf(text, sizeof text, "%u more errors are not shown", findings->errors - MN_FINDINGS_MAX);
        diagnose(data, &(mend_diagnostic){.severity = MEND_NOTE,
                                          .file = findings->source->name,
                                          .line = 1,
                                          .column = 1,
                                          .width = 1,
                                          .message = text});
    }
}
