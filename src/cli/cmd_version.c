/* SPDX-License-Identifier: MIT */
/* mend version */
#include "agent/protocol.h"
#include "cli/output.h"
#include "cli/verb.h"

static int
run(const struct mn_options *o)
{
    struct mn_output out;

    mn_output_begin(&out, o);
    if (o->json) {
        mn_json_put_text(&out.json, "version", MEND_VERSION_STRING);
        mn_json_array(&out.json, "proto");
        mn_json_put_int(&out.json, NULL, MN_PROTO_MIN);
        mn_json_put_int(&out.json, NULL, MN_PROTO_MAX);
        mn_json_end(&out.json);
    } else {
        mn_buffer_text(&out.text, "mend " MEND_VERSION_STRING "\n");
        if (o->verbose)
            mn_buffer_printf(&out.text, "protocol %d to %d\n", MN_PROTO_MIN, MN_PROTO_MAX);
    }
    return mn_output_end(&out, MEND_OK);
}

const struct mn_verb mn_verb_version = {
    .name = "version",
    .summary = "print the version",
    .usage = "",
    .examples = {"mend version", "mend version --json"},
    .about = "Prints the version of the command line. The version of each process' agent is in `mend ps`.\n",
    .run = run,
};
