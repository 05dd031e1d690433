/* SPDX-License-Identifier: MIT */
/*
 * What the loader says of documents: each line of the input is one; "yes" or the first fault is printed for it.
 * Only its form is judged, as by the schema.
 */
#include "lang/json/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
judge(const char *text, size_t length)
{
    struct mn_document document;
    struct mn_findings findings;
    mend_error err;

    if (mn_document_open(&document, "line", text, length, &err) != MEND_OK) {
        printf("no: %s\n", err.message);
        return;
    }
    mn_findings_init(&findings, &document.source);
    findings.stage = MEND_CHECK;
    mn_document_check(&document, &findings);
    if (mn_findings_status(&findings, &err) == MEND_OK)
        puts("yes");
    else
        printf("no: %u: %s\n", err.column, err.message);
    mn_findings_fini(&findings);
    mn_document_close(&document);
}

int
main(int argc, char **argv)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    if (argc < 2) /* run by itself there is nothing to judge */
        return 0;
    if (freopen(argv[1], "r", stdin) == NULL)
        return 2;
    while ((length = getline(&line, &room, stdin)) > 0)
        judge(line, (size_t)length - (line[length - 1] == '\n'));
    free(line);
    return 0;
}
