/* SPDX-License-Identifier: MIT */
/*
 * IPIntructionPatch: a model becomes a document of format 1, and the document a patch under one id, so that the
 * next run replaces it in one step.
 */
#include "base/log.h"
#include "compat/attach.h"
#include "compat/instruction_model.h"
#include "runtime/exception.h"
#include "value/own.h"

#include <mend/patch.h>
#include <pthread.h>

/* What compiled code refers to when it names the class; only the address counts. */
MEND_API const char __objc_class_name_IPIntructionPatch = 0;

MEND_API void mend_instruction_use(void);

#define ID "IPIntructionPatch"

static void
tell(void *data, const mend_diagnostic *finding)
{
    (void)data;
    if (finding->severity != MEND_NOTE)
        mn_log(finding->severity == MEND_ERROR ? MN_LOG_WARNING : MN_LOG_INFO, "IPIntructionPatch: %s: %s", finding->pointer,
               finding->message);
}

static void
run(id self, SEL sel, id model)
{
    MN_SCOPED(mn_buffer_fini) struct mn_buffer text = MN_BUFFER_EMPTY;
    mend_source source = {.name = ID ".json", .id = ID};
    mend_error err;

    (void)self;
    (void)sel;
    mn_model_write(model, &text);
    source.text = mn_buffer_peek(&text);
    source.length = text.length;
    if (text.failed)
        mn_log(MN_LOG_WARNING, "IPIntructionPatch: the model could not be read");
    else if (mend_patch_apply(&source, tell, NULL, NULL, &err) != MEND_OK)
        mn_log(MN_LOG_WARNING, "IPIntructionPatch: nothing was changed: %s; %s", err.message, err.remedy);
}

static void
stop(id self, SEL sel)
{
    mend_error err;
    mend_status st = mend_patch_revert(ID, &err);

    (void)self;
    (void)sel;
    if (st != MEND_OK && st != MEND_NO_PATCH)
        mn_log(MN_LOG_WARNING, "IPIntructionPatch: %s; %s", err.message, err.remedy);
}

static void
register_face(void)
{
    static const struct mn_face_method methods[] = {{true, "run:", "v24@0:8@16", run}, {true, "stop", "v16@0:8", stop}};
    mend_error err;
    Class cls;

    mn_own_init();
    mn_model_classes();
    if (mn_face_class("NSObject", "IPIntructionPatch", 0, methods, 2, &cls, &err) != MEND_OK)
        mn_log(MN_LOG_ERROR, "IPIntructionPatch is not available: %s; %s", err.message, err.remedy);
}

void
mend_instruction_use(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_face);
}
