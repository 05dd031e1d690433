/* SPDX-License-Identifier: MIT */
/*
 * JavaScript files as people publish them, through the scanner. The oracle is the engine's own parser.
 *
 *     scan_files LEAST FOLDER...    at least LEAST files must be found
 *
 * Of each file: its tokens together are the file, byte for byte, at the lines and columns told; where the engine accepts
 * the file, every bracket has its partner and no token is wrong (a slash taken for the other kind breaks strings and
 * brackets soon); and the engine accepts the file inside a script's wrapper exactly when it does without.
 */
#include "js/scan.h"

#include "js/class.h"

#include <JavaScriptCore/JavaScript.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 2 << 20 };

static JSGlobalContextRef context;
static unsigned files, accepted, faults;
static unsigned long calls;

/* What class.c does in the module. */
bool
mn_js_calls(const char *name, size_t length)
{
    (void)name;
    calls += length != 0;
    return true;
}

struct seen {
    const char *text, *at;
    unsigned line;
    const char *line_start, *wrong;
};

static void
fault(struct seen *seen, const char *what)
{
    if (seen->wrong == NULL)
        seen->wrong = what;
}

static bool
see(void *data, const struct mn_js_token *token)
{
    struct seen *seen = data;

    if (token->start != seen->at || token->length == 0)
        fault(seen, "a gap between tokens");
    if (token->line != seen->line || token->column != (unsigned)(token->start - seen->line_start) + 1)
        fault(seen, "a wrong line or column");
    for (const char *p = token->start; p < token->start + token->length; p++)
        if (*p == '\n') {
            seen->line++;
            seen->line_start = p + 1;
        }
    seen->at = token->start + token->length;
    return true;
}

static bool
see_wrong(void *data, const struct mn_js_token *token)
{
    if (token->kind == MN_JS_WRONG)
        *(unsigned *)data = token->line;
    return true;
}

static bool
engine_accepts(const char *text)
{
    JSStringRef script = JSStringCreateWithUTF8CString(text);
    bool good = JSCheckScriptSyntax(context, script, NULL, 1, NULL);

    JSStringRelease(script);
    return good;
}

static bool
wrapper_accepts(const char *text)
{
    size_t room = strlen(text) + 64;
    char *wrapped = malloc(room);
    bool good;

    snprintf(wrapped, room, "(function(defineClass,include,resourcePath){%s%s\n})", text[0] == '#' ? "//" : "", text);
    good = engine_accepts(wrapped);
    free(wrapped);
    return good;
}

static void
check(const char *path, const char *text, size_t length)
{
    struct seen seen = {.text = text, .at = text, .line = 1, .line_start = text};
    bool balanced = mn_js_scan(text, length, see, &seen), good;
    unsigned wrong = 0;

    if (seen.at != text + length)
        fault(&seen, "the end is not reached");
    mn_js_scan(text, length, see_wrong, &wrong);
    good = engine_accepts(text);
    accepted += good;
    if (good && !balanced)
        fault(&seen, "a bracket without partner");
    if (good && wrong != 0)
        fault(&seen, "a wrong token");
    if (good && !wrapper_accepts(text))
        fault(&seen, "not accepted inside the wrapper");
    mn_js_scan_calls(text, length);
    if (seen.wrong != NULL) {
        printf("%s: %s (%u)\n", path, seen.wrong, wrong);
        faults++;
    }
}

static int
visit(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    size_t length = strlen(path);
    FILE *file;
    char *text;

    (void)where;
    if (kind != FTW_F || length < 4 || strcmp(path + length - 3, ".js") != 0 || status->st_size > BYTES_MAX ||
        (file = fopen(path, "r")) == NULL)
        return 0;
    text = calloc(1, (size_t)status->st_size + 1);
    length = fread(text, 1, (size_t)status->st_size, file);
    fclose(file);
    if (strlen(text) == length) {
        files++;
        check(path, text, length);
    }
    free(text);
    return 0;
}

int
main(int argc, char **argv)
{
    context = JSGlobalContextCreate(NULL);
    for (int i = 2; i < argc; i++)
        nftw(argv[i], visit, 16, FTW_PHYS);
    printf("%u files, %u accepted by the engine, %lu calls of methods, %u faults\n", files, accepted, calls, faults);
    return faults != 0 || files < (unsigned)atoi(argv[1]);
}
