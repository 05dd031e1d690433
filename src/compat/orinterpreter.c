/* SPDX-License-Identifier: MIT */
/*
 * ORInterpreter: each executed source is a patch of its own, ORInterpreter-1 and so on, stacked in that order; they
 * share a context, which clearing the environment replaces by a fresh one.
 */
#include "base/error.h"
#include "base/log.h"
#include "compat/attach.h"
#include "compat/message.h"
#include "compat/source_file.h"
#include "lang/unit.h"
#include "runtime/exception.h"
#include "value/own.h"

#include <mend/context.h>
#include <mend/patch.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* What compiled code refers to when it names the class; only the address counts. */
MEND_API const char __objc_class_name_ORInterpreter = 0;

MEND_API void mend_orinterpreter_use(void);

#define FACE "ORInterpreter"

/* Numbers of the patches, from one; what is reverted stays a number. Under `mutex`, held over no other code. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned first = 1, next = 1, environment = 1;

static void
id_of(char *text, size_t size, unsigned number)
{
    snprintf(text, size, FACE "-%u", number);
}

static void
execute(const char *name, const char *bytes, size_t length)
{
    mend_context *context = NULL;
    unsigned number, shared;
    char patch[40], names[40];
    mend_source source = {.name = name, .id = patch, .text = bytes, .length = length, .profile = MEND_PROFILE_OCRUNNER};
    mend_error err;
    mend_status st;

    pthread_mutex_lock(&mutex);
    number = next++;
    shared = environment;
    pthread_mutex_unlock(&mutex);
    id_of(patch, sizeof patch, number);
    snprintf(names, sizeof names, FACE "/%u", shared);
    if ((st = mend_context_open(names, &context, &err)) == MEND_OK) {
        source.context = context;
        st = mend_patch_apply(&source, mn_face_tell, (void *)FACE, NULL, &err);
    }
    if (st != MEND_OK)
        mn_log(MN_LOG_WARNING, FACE ": nothing was changed: %s; %s", err.message, err.remedy);
}

static void
execute_source(id self, SEL sel, id text)
{
    const char *bytes = mn_face_text(text);

    (void)self, (void)sel;
    if (bytes == NULL)
        mn_log(MN_LOG_WARNING, FACE ": the source is nil");
    else
        execute(FACE ".m", bytes, strlen(bytes));
}

static void
execute_file(id self, SEL sel, id path)
{
    MN_SCOPED(mn_buffer_fini) struct mn_buffer bytes = MN_BUFFER_EMPTY;
    const char *name = mn_face_text(path), *slash;
    mend_error err;

    (void)self, (void)sel;
    if (mn_face_read(name, &bytes, &err) != MEND_OK) {
        mn_log(MN_LOG_WARNING, FACE ": %s", err.message);
        return;
    }
    slash = strrchr(name, '/');
    if (!mn_unit_is(bytes.data, bytes.length))
        mn_log(MN_LOG_WARNING, FACE ": '%s' is no compiled unit; write one with `mend build`", name);
    else
        execute(slash != NULL && slash[1] != '\0' ? slash + 1 : name, bytes.data, bytes.length);
}

static void
recover_clearing(id self, SEL sel, BOOL clear)
{
    unsigned from, to;
    mend_error err;
    char patch[40];

    (void)self, (void)sel;
    pthread_mutex_lock(&mutex);
    from = first;
    to = first = next;
    environment += clear != 0;
    pthread_mutex_unlock(&mutex);
    while (to-- > from) {
        mend_status st;

        id_of(patch, sizeof patch, to);
        st = mend_patch_revert(patch, &err);
        if (st != MEND_OK && st != MEND_NO_PATCH)
            mn_log(MN_LOG_WARNING, FACE ": %s; %s", err.message, err.remedy);
    }
}

static void
recover(id self, SEL sel)
{
    recover_clearing(self, sel, 0);
}

static void
register_face(void)
{
    static const struct mn_face_method methods[] = {
        {true, "executeSourceCode:", "v24@0:8@16", execute_source},
        {true, "excuteBinaryPatchFile:", "v24@0:8@16", execute_file},
        {true, "recover", "v16@0:8", recover},
        {true, "recoverWithClearEnvironment:", "v20@0:8C16", recover_clearing}};
    mend_error err;
    Class cls;

    mn_own_init();
    if (mn_face_class("NSObject", FACE, 0, methods, sizeof methods / sizeof *methods, &cls, &err) != MEND_OK)
        mn_log(MN_LOG_ERROR, FACE " is not available: %s; %s", err.message, err.remedy);
}

void
mend_orinterpreter_use(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_face);
}
