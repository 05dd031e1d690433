/* SPDX-License-Identifier: MIT */
#include "cli/patch_verb.h"

int
mn_patch_verb(const struct mn_options *o, mn_patch_verb_run *run)
{
    struct mn_patch_file file;
    struct mn_output out;
    mend_status st;
    mend_error err;

    if (mn_patch_file_read(o->operands[0], &file, &err) != MEND_OK)
        return mn_output_refuse(o, &err);
    mn_output_begin(&out, o);
    st = run(&out, &file, &err);
    mn_patch_file_free(&file);
    return mn_output_end(&out, st);
}
