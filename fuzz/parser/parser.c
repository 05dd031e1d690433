/* SPDX-License-Identifier: MIT */
/*
 * Source bytes through the lexer and the parser, in both dialects, then through the printer (which visits every
 * node) and the formatter of findings. Whatever the bytes: no fault, no leak, and a status that fits the findings.
 */
#include "lang/objc/parse.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_out(void *data, const mend_diagnostic *finding)
{
    char small[64], large[2048];
    size_t needed = mend_diagnostic_format(finding, *(int *)data, large, sizeof large);

    if (mend_diagnostic_format(finding, *(int *)data, small, sizeof small) != needed)
        abort(); /* the length does not depend on the room */
    for (const char *c = large; *c; c++)
        if ((unsigned char)*c < 0x20 && *c != '\n' && *c != '\33')
            abort(); /* control characters never reach a terminal */
}

static void
read_as(struct mn_source *source, enum mn_dialect dialect)
{
    struct mn_parse_options options = {.dialect_given = true, .dialect = dialect};
    struct mn_buffer text = MN_BUFFER_EMPTY;
    struct mn_findings findings;
    struct mn_tree tree;
    mend_error err;
    mend_status st;
    int colour = dialect == MN_DIALECT_MANGO;

    mn_findings_init(&findings, source);
    if (!mn_tree_init(&tree))
        abort();
    st = mn_objc_parse(&tree, source, &options, &findings, &err);
    if ((st == MEND_OK) != (findings.errors == 0))
        abort();
    mn_tree_print(&tree, &text);
    mn_findings_emit(&findings, write_out, &colour);
    mn_buffer_fini(&text);
    mn_tree_fini(&tree);
    mn_findings_fini(&findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mn_source source;

    if (mn_source_open(&source, "fuzz.m", (const char *)data, size, NULL) != MEND_OK)
        return 0;
    read_as(&source, MN_DIALECT_OBJC);
    read_as(&source, MN_DIALECT_MANGO);
    mn_source_close(&source);
    return 0;
}
