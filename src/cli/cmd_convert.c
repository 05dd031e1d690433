/* SPDX-License-Identifier: MIT */
/* mend convert */
#include "base/error.h"
#include "cli/compile.h"
#include "cli/headers.h"
#include "cli/patch_verb.h"
#include "cli/verb.h"

#include <string.h>

static const struct language {
    const char *word, *ending, *text;
} languages[] = {
#define X(name, word, ending, text) {word, ending, text},
#include <mend/target.def>
#undef X
};

enum { LANGUAGES = sizeof languages / sizeof *languages };

static bool
ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), n = strlen(ending);

    return length > n && strcmp(path + length - n, ending) == 0;
}

/* What --to says, else what the ending of -o says; NULL: neither. */
static const struct language *
language_asked(const struct mn_options *o)
{
    for (int i = 0; i < LANGUAGES; i++)
        if (o->to != NULL ? strcmp(o->to, languages[i].word) == 0
                          : o->output != NULL && ends_in(o->output, languages[i].ending))
            return &languages[i];
    return NULL;
}

static int
refuse_language(const struct mn_options *o)
{
    struct mn_buffer words = MN_BUFFER_EMPTY;
    mend_error err;
    int code;

    for (int i = 0; i < LANGUAGES; i++)
        mn_buffer_printf(&words, "%s%s", i > 0 ? ", " : "", languages[i].word);
    if (o->to != NULL)
        mn_fail(&err, MEND_INVALID, "mend convert knows no language '%s'", o->to);
    else
        mn_fail(&err, MEND_INVALID, "mend convert is not told the language to convert to");
    mn_remedy(&err, "say --to with one of %s, or -o with a file of that ending", mn_buffer_peek(&words));
    code = mn_output_refuse(o, &err);
    mn_buffer_fini(&words);
    return code;
}

static void
tell(struct mn_output *out, const struct mn_patch_file *file, const struct mn_buffer *made)
{
    const struct mn_options *o = out->options;

    if (o->output == NULL && o->json)
        mn_json_put_bytes(&out->json, "text", mn_buffer_peek(made), made->length);
    else if (o->output == NULL)
        mn_buffer_append(&out->text, mn_buffer_peek(made), made->length);
    else if (o->json)
        mn_json_put_text(&out->json, "file", o->output);
    else
        mn_buffer_printf(&out->text, "%s  converted  %s  %zu bytes\n", file->path, o->output, made->length);
}

static mend_status
convert(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    const struct mn_options *o = out->options;
    struct mn_buffer headers = MN_BUFFER_EMPTY, made = MN_BUFFER_EMPTY;
    mend_status st = MEND_OK;

    if (!file->unit && o->operand_count > 1 && (st = mn_headers_read(file, o->operands + 1, &headers, err)) != MEND_OK)
        mn_output_error(out, err);
    else if ((st = mn_compile(out, file, &headers, language_asked(o)->word, &made, err)) == MEND_OK &&
             o->output != NULL && (st = mn_output_file(o->output, &made, err)) != MEND_OK)
        mn_output_error(out, err);
    if (st == MEND_OK)
        tell(out, file, &made);
    mn_buffer_fini(&headers);
    mn_buffer_fini(&made);
    return st;
}

static int
run(const struct mn_options *o)
{
    mend_error err;

    if (o->operand_count < 1) {
        mn_fail(&err, MEND_INVALID, "mend convert takes one patch file");
        mn_remedy(&err, "mend convert fix.m --to json");
        return mn_output_refuse(o, &err);
    }
    if (language_asked(o) == NULL)
        return refuse_language(o);
    return mn_patch_verb(o, convert);
}

const struct mn_verb mn_verb_convert = {
    .name = "convert",
    .summary = "write a patch in another language",
    .usage = "FILE --to LANGUAGE | -o FILE [-- COMPILER FLAGS]",
    .examples = {"mend convert fix.m --to json", "mend convert fix.m -o fix.js"},
    .about = "Reads Objective-C, Mango or an instruction document and writes the same patch in another language: "
             "json\n(format 2), objc, mango or js. What comes out compiles to the same instructions; a script does the "
             "same as far as\nthe types tell that the patch declares. Macros are expanded and comments are gone; what "
             "the other language cannot\nsay is an error that names its place. Without -o the text goes to stdout. With "
             "flags behind --, the headers that\nthe patch imports are read for their macros and types, as `mend "
             "build` does.\n",
    .takes = MN_TAKES(TO) | MN_TAKES(OUTPUT) | MN_TAKES(AGAINST) | MN_TAKES(TIMEOUT),
    .run = run,
};
