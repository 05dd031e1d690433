/* SPDX-License-Identifier: MIT */
#include "lang/json/json.h"

#include "base/alloc.h"
#include "lang/json/render.h"

#include <string.h>

enum { RENDERED_MOST = 256 << 20 };

bool
mn_json_is_document(const mend_source *text)
{
    const char *dot = strrchr(text->name, '.');
    size_t at = 0;

    if (dot && !strchr(dot, '/'))
        return !strcmp(dot, ".json");
    while (at < text->length && strchr(" \t\r\n", text->text[at]))
        at++;
    return at < text->length && text->text[at] == '{';
}

static void
pointer_of(const void *document, uint32_t offset, struct mn_buffer *out)
{
    mn_node_pointer(mn_document_find(document, offset), out);
}

static mend_status
render(struct mn_json_unit *unit, struct mn_findings *findings, const char *name, mend_error *err)
{
    struct mn_render r = {.document = &unit->document,
                          .findings = findings,
                          .out = MN_BUFFER_EMPTY,
                          .before = MN_BUFFER_EMPTY,
                          .map = MN_LIST_OF(struct mn_rendered)};
    mend_status st;

    mn_render_unit(&r);
    st = unit->status = mn_findings_status(findings, err);
    if (st == MEND_CHECK)
        st = MEND_OK;
    if (r.arena.failed || r.out.failed || r.before.failed)
        st = mn_fail_memory(err);
    if (st == MEND_OK && r.before.length) { /* what is declared for single sends comes first */
        struct mn_buffer whole = r.before;

        for (size_t i = 0; i < r.map.count; i++)
            MN_LIST_AT(struct mn_rendered, &r.map, i)->at += (uint32_t)whole.length;
        mn_buffer_append(&whole, mn_buffer_peek(&r.out), r.out.length);
        r.before = MN_BUFFER_EMPTY;
        mn_buffer_fini(&r.out);
        r.out = whole;
        if (r.out.failed)
            st = mn_fail_memory(err);
    }
    if (st == MEND_OK)
        st = mn_source_open_large(&unit->source, name, mn_buffer_peek(&r.out), r.out.length, RENDERED_MOST,
                                  unit->status == MEND_OK ? err : NULL);
    if (st == MEND_OK) {
        unit->rendering.map = r.map;
        unit->rendering.policy = r.policy;
        unit->source.rendering = &unit->rendering;
    } else {
        mn_list_fini(&r.map);
    }
    mn_map_fini(&r.functions);
    mn_buffer_fini(&r.out);
    mn_buffer_fini(&r.before);
    mn_arena_fini(&r.arena);
    return st;
}

mend_status
mn_json_open(struct mn_json_unit *unit, const mend_source *text, mend_diagnose diagnose, void *data, mend_error *err)
{
    struct mn_findings findings;
    mend_status st;

    *unit = (struct mn_json_unit){0};
    if ((st = mn_document_open(&unit->document, text->name, text->text, text->length, err)) != MEND_OK)
        return st;
    unit->rendering = (struct mn_rendering){
        .original = &unit->document.source, .pointer = pointer_of, .document = &unit->document};
    unit->document.source.rendering = NULL;
    mn_findings_init(&findings, &unit->document.source);
    findings.stage = MEND_CHECK;
    findings.rendering = &unit->rendering;
    mn_document_check(&unit->document, &findings);
    if ((st = mn_findings_status(&findings, err)) == MEND_OK)
        st = render(unit, &findings, text->name, err);
    mn_findings_emit(&findings, diagnose, data);
    mn_findings_fini(&findings);
    if (st != MEND_OK)
        mn_json_close(unit);
    return st;
}

void
mn_json_close(struct mn_json_unit *unit)
{
    mn_source_close(&unit->source);
    mn_list_fini(&unit->rendering.map);
    mn_document_close(&unit->document);
}
