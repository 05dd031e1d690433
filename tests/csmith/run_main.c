/* SPDX-License-Identifier: MIT */
/*
 * Runs the function `main` of one preprocessed C source in the machine: run_main [-plain] FILE
 * -plain leaves the optimiser out.
 *
 * Exit status: main's, or 3 when the source is refused (the first finding goes to standard error as "line: message").
 */
#include "lang/lang.h"
#include "vm/builder.h"
#include "vm/run.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
read_all(const char *path, size_t *length)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0, got;

    *length = 0;
    if (f == NULL)
        return NULL;
    do {
        room += 1 << 16;
        text = realloc(text, room);
        if (text == NULL)
            break;
        got = fread(text + *length, 1, room - *length, f);
        *length += got;
    } while (got != 0);
    fclose(f);
    return text;
}

static void
report(void *data, const mend_diagnostic *d)
{
    if (d->severity == MEND_ERROR && !*(int *)data) {
        fprintf(stderr, "%u: %s\n", d->line, d->message);
        *(int *)data = 1;
    }
}

int
main(int argc, char **argv)
{
    char *program_argv[] = {argv[0], NULL};
    uint64_t params[2] = {1, (uint64_t)(uintptr_t)program_argv}, result[1] = {0};
    int reported = 0;
    mend_source source = {.name = argc > 1 ? argv[1] : ""};
    const struct mn_function *function;
    struct mn_unit *unit;
    mend_error err;
    char *text;

    mn_optimise_never = argc == 3 && strcmp(argv[1], "-plain") == 0;
    if (mn_optimise_never) {
        argv++;
        argc--;
        source.name = argv[1];
    }
    if (argc != 2 || (text = read_all(argv[1], &source.length)) == NULL) {
        fprintf(stderr, "usage: run_main FILE\n");
        return 2;
    }
    source.text = text;
    if (mn_lang_read(&source, report, &reported, &unit, &err) != MEND_OK) {
        if (!reported)
            fprintf(stderr, "0: %s\n", err.message);
        return 3;
    }
    function = mn_program_function_named(unit->program, "main");
    if (function == NULL) {
        fprintf(stderr, "0: there is no main\n");
        return 3;
    }
    mn_vm_call(function, params, result);
    mn_unit_free(unit);
    free(text);
    fflush(stdout);
    return (int)result[0];
}
