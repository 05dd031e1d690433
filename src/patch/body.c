/* SPDX-License-Identifier: MIT */
/* Bodies: the list of engines, and the count of references that hooks and the registry hold. */
#include "patch/host.h"

#include "base/error.h"

static const struct mn_engine *const engines[] = {&mn_source_engine, &mn_script_engine};

mend_status
mn_body_open(const mend_source *source, bool applies, mend_diagnose diagnose, void *data, struct mn_body **body,
             mend_error *err)
{
    *body = NULL;
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (engines[i]->reads(source))
            return engines[i]->open(source, applies, diagnose, data, body, err);
    mn_fail_at(err, MEND_INVALID, source->name, 0, 0, "no language of Mend has this file's ending");
    mn_remedy(err, "name the file .m for Objective-C, .mg for Mango or .js for JavaScript");
    return MEND_INVALID;
}

struct mn_body *
mn_body_retain(struct mn_body *body)
{
    __atomic_fetch_add(&body->references, 1, __ATOMIC_RELAXED);
    return body;
}

void
mn_body_release(struct mn_body *body)
{
    if (body != NULL && __atomic_sub_fetch(&body->references, 1, __ATOMIC_ACQ_REL) == 0)
        body->engine->close(body);
}
