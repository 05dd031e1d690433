/* SPDX-License-Identifier: MIT */
/* mend disasm */
#include "base/error.h"
#include "cli/compile.h"
#include "cli/headers.h"
#include "cli/patch_verb.h"
#include "cli/verb.h"

static mend_status
disasm(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    struct mn_buffer headers = MN_BUFFER_EMPTY, made = MN_BUFFER_EMPTY;
    const struct mn_options *o = out->options;
    mend_status st = MEND_OK;

    if (!file->unit && (st = mn_headers_read(file, o->operands + 1, &headers, err)) != MEND_OK)
        mn_output_error(out, err);
    if (st == MEND_OK)
        st = mn_compile(out, file, &headers, "listing", &made, err);
    if (st == MEND_OK && o->json)
        mn_json_put_bytes(&out->json, "listing", made.data, made.length);
    else if (st == MEND_OK)
        mn_buffer_append(&out->text, made.data, made.length);
    mn_buffer_fini(&headers);
    mn_buffer_fini(&made);
    return st;
}

static int
run(const struct mn_options *o)
{
    mend_error err;

    if (o->operand_count < 1) {
        mn_fail(&err, MEND_INVALID, "mend disasm takes one patch file or unit");
        mn_remedy(&err, "mend disasm fix.mendu");
        return mn_output_refuse(o, &err);
    }
    return mn_patch_verb(o, disasm);
}

const struct mn_verb mn_verb_disasm = {
    .name = "disasm",
    .summary = "show the instructions of a patch or unit",
    .usage = "FILE [--against PROGRAM] [-- COMPILER FLAGS]",
    .examples = {"mend disasm fix.mendu", "mend disasm fix.m --against lsar"},
    .about = "Each function of the patch with its instructions, constants and the lines they come from. A source "
             "is compiled\nas `mend build` does. The instructions are described in docs/bytecode.md.\n",
    .takes = MN_TAKES(AGAINST) | MN_TAKES(TIMEOUT),
    .run = run,
};
