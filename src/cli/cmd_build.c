/* SPDX-License-Identifier: MIT */
/* mend build */
#include "base/error.h"
#include "cli/compile.h"
#include "cli/headers.h"
#include "cli/patch_verb.h"
#include "cli/verb.h"

#include <string.h>

/* The file's name with the ending of units. */
static const char *
output_name(const struct mn_options *o, struct mn_buffer *name)
{
    const char *path = o->operands[0], *slash = strrchr(path, '/'), *dot = strrchr(path, '.');

    if (o->output != NULL)
        return o->output;
    mn_buffer_append(name, path, dot != NULL && (slash == NULL || dot > slash + 1) ? (size_t)(dot - path) : strlen(path));
    mn_buffer_text(name, ".mendu");
    return mn_buffer_peek(name);
}

static mend_status
build(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    const struct mn_options *o = out->options;
    struct mn_buffer headers = MN_BUFFER_EMPTY, made = MN_BUFFER_EMPTY, name = MN_BUFFER_EMPTY;
    const char *path = output_name(o, &name);
    mend_status st = mn_headers_read(file, o->operands + 1, &headers, err);

    if (st != MEND_OK)
        mn_output_error(out, err);
    else if ((st = mn_compile(out, file, &headers, "unit", &made, err)) == MEND_OK &&
             (st = mn_output_file(path, &made, err)) != MEND_OK)
        mn_output_error(out, err);
    if (st == MEND_OK && o->json) {
        mn_json_put_text(&out->json, "unit", path);
        mn_json_put_int(&out->json, "bytes", (long long)made.length);
    } else if (st == MEND_OK) {
        mn_buffer_printf(&out->text, "%s  built  %s  %zu bytes\n", file->path, path, made.length);
    }
    mn_buffer_fini(&headers);
    mn_buffer_fini(&made);
    mn_buffer_fini(&name);
    return st;
}

static int
run(const struct mn_options *o)
{
    mend_error err;

    if (o->operand_count < 1) {
        mn_fail(&err, MEND_INVALID, "mend build takes one patch file");
        mn_remedy(&err, "mend build fix.m");
        return mn_output_refuse(o, &err);
    }
    return mn_patch_verb(o, build);
}

const struct mn_verb mn_verb_build = {
    .name = "build",
    .summary = "compile a patch to a unit that needs no headers where it is applied",
    .usage = "FILE [-o FILE] [--against PROGRAM] [-- COMPILER FLAGS]",
    .examples = {"mend build fix.m", "mend build fix.m -o out/fix.mendu --against lsar -- -I include -DDEBUG"},
    .about = "Reads the headers that the patch imports with the C compiler's preprocessor ($CC, else cc; flags "
             "stand\nbehind --, else gnustep-config gives them), checks the patch against the types they "
             "declare, and writes\nfix.mendu. Every verb that takes a patch takes a unit. Classes are those of "
             "Foundation and of the headers;\n--against adds those of a program, which is started and stopped "
             "before its main.\n",
    .takes = MN_TAKES(AGAINST) | MN_TAKES(OUTPUT) | MN_TAKES(TIMEOUT),
    .run = run,
};
