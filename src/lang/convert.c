/* SPDX-License-Identifier: MIT */
/* From any language with a tree to any with a writer. */
#include "lang/convert.h"

#include "lang/js/write.h"
#include "lang/json/json.h"
#include "lang/json/write.h"
#include "lang/objc/write.h"

static void
to_json(const struct mn_conversion *c)
{
    mn_json_write(c->tree, c->findings, c->out);
}

/* One writer a line of target.def. */
static void (*const writers[MN_TARGETS])(const struct mn_conversion *) = {
    [MN_TARGET_JSON] = to_json,
    [MN_TARGET_OBJC] = mn_objc_write,
    [MN_TARGET_MANGO] = mn_mango_write,
    [MN_TARGET_SCRIPT] = mn_script_write,
};

/* Drops the items that headers declare: they are somebody else's. */
static void
keep_own_items(const struct mn_source *source, struct mn_tree *tree)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < tree->item_count; i++)
        if (mn_source_piece(source, tree->items[i].span.start)->kind != MN_PIECE_SYSTEM)
            tree->items[kept++] = tree->items[i];
    tree->item_count = kept;
}

static mend_status
write_tree(struct mn_source *source, const mend_source *text, enum mn_target target, struct mn_tree *tree,
           struct mn_findings *findings, struct mn_buffer *out, mend_error *err)
{
    struct mn_conversion conversion = {.tree = tree, .source = source, .findings = findings, .out = out};
    mend_status st = mn_lang_parse(source, text, tree, findings, err);

    if (st != MEND_OK)
        return st;
    findings->stage = MEND_CHECK;
    keep_own_items(source, tree);
    writers[target](&conversion);
    if ((st = mn_findings_status(findings, err)) == MEND_OK && out->failed)
        st = mn_fail_memory(err);
    return st;
}

static mend_status
convert_source(struct mn_source *source, const mend_source *text, enum mn_target target, mend_diagnose diagnose,
               void *data, struct mn_buffer *out, mend_error *err)
{
    struct mn_findings findings;
    struct mn_tree tree;
    mend_status st;

    if (!mn_tree_init(&tree))
        return mn_fail_memory(err);
    mn_findings_init(&findings, source);
    st = write_tree(source, text, target, &tree, &findings, out, err);
    mn_findings_emit(&findings, diagnose, data);
    mn_findings_fini(&findings);
    mn_tree_fini(&tree);
    return st;
}

mend_status
mn_lang_convert(const mend_source *text, enum mn_target target, mend_diagnose diagnose, void *data, struct mn_buffer *out,
                mend_error *err)
{
    struct mn_json_unit document;
    struct mn_source source;
    mend_status st;

    if (mn_json_is_document(text)) {
        if ((st = mn_json_open(&document, text, diagnose, data, err)) != MEND_OK)
            return st;
        st = document.status;
        if (st == MEND_OK)
            st = convert_source(&document.source, text, target, diagnose, data, out, err);
        mn_json_close(&document);
        return st;
    }
    if ((st = mn_source_open(&source, text->name, text->text, text->length, err)) != MEND_OK)
        return st;
    st = convert_source(&source, text, target, diagnose, data, out, err);
    mn_source_close(&source);
    return st;
}
