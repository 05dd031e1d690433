/* SPDX-License-Identifier: MIT */
/*
 * JavaScript sources: found by their ending here, read by a module that is loaded when the first one is.
 *
 * libmend-js.so lies beside the library (or in ../lib beside the program) that holds this code; nowhere else is
 * looked first, so that a process gets the module its Mend was installed with. It is never unloaded: the engine keeps
 * threads. A process without scripts never maps it.
 */
#include "patch/host.h"

#include "base/error.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define MODULE "libmend-js.so"

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static const struct mn_module *loaded; /* atomic */

void *
mn_script_dispatch(const char *name, const char **encoding)
{
    static const struct {
        const char *name, *encoding;
        void *address;
    } functions[] = {
#define X(name, encoding) {#name, encoding, (void *)mn_##name},
        MN_DISPATCH_FUNCTIONS
#undef X
    };

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, name) == 0) {
            *encoding = functions[i].encoding;
            return functions[i].address;
        }
    return NULL;
}

static bool
is_script(const mend_source *source)
{
    size_t length = strlen(source->name);

    return length > 3 && strcmp(source->name + length - 3, ".js") == 0;
}

/* Tries one place; `folder` is what the code's own file lies in. */
static void *
open_in(const char *folder, int length, const char *below)
{
    char path[PATH_MAX];

    if ((size_t)snprintf(path, sizeof path, "%.*s%s" MODULE, length, folder, below) >= sizeof path)
        return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static void *
open_module(void)
{
    Dl_info self;
    const char *slash;
    void *module = NULL;

    if (dladdr((const void *)open_module, &self) != 0 && self.dli_fname != NULL &&
        (slash = strrchr(self.dli_fname, '/')) != NULL) {
        int length = (int)(slash + 1 - self.dli_fname);

        if ((module = open_in(self.dli_fname, length, "")) == NULL)
            module = open_in(self.dli_fname, length, "../lib/");
    }
    return module != NULL ? module : dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
}

static const struct mn_module *
load_module(mend_error *err)
{
    const struct mn_module *module;
    mn_module_entry *entry;
    char why[200] = "";
    void *library = open_module();

    if (library == NULL) {
        const char *reason = dlerror();

        mn_fail(err, MEND_UNSUPPORTED, "JavaScript cannot be loaded: %s", reason != NULL ? reason : MODULE);
        mn_remedy(err, "install " MODULE " beside libmend.so, and the package libjavascriptcoregtk-4.1-0");
        return NULL;
    }
    entry = (mn_module_entry *)dlsym(library, "mend_js_module");
    module = entry != NULL ? entry(&mn_host_functions, why, sizeof why) : NULL;
    if (module == NULL) {
        mn_fail(err, MEND_UNSUPPORTED, MODULE " does not start: %s", entry != NULL ? why : "it is another library");
        mn_remedy(err, "install the " MODULE " of this version of Mend");
    }
    return module;
}

const struct mn_module *
mn_script_module(mend_error *err)
{
    const struct mn_module *module = __atomic_load_n(&loaded, __ATOMIC_ACQUIRE);

    if (module != NULL)
        return module;
    pthread_mutex_lock(&loading); /* held while the loader runs constructors: none of them is the host's */
    if ((module = loaded) == NULL && (module = load_module(err)) != NULL)
        __atomic_store_n(&loaded, module, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&loading);
    return module;
}

/* The body's engine is the module's own from here on. */
static mend_status
open_script(const mend_source *source, bool applies, mend_diagnose diagnose, void *data, struct mn_body **body,
            mend_error *err)
{
    const struct mn_module *module = mn_script_module(err);

    *body = NULL;
    if (module == NULL)
        return MEND_UNSUPPORTED;
    return module->engine->open(source, applies, diagnose, data, body, err);
}

const struct mn_engine mn_script_engine = {.reads = is_script, .open = open_script};
