/* SPDX-License-Identifier: MIT */
/*
 * The preloaded library. It stands in every process that inherits LD_PRELOAD, so it links nothing and does
 * nothing until the last moment before main, and nothing at all in a process without Objective-C: no file, no
 * thread, no output, no library loaded. (What front.c stands in front of goes on to libobjc until then.)
 *
 * Just before main every class of the program is registered (its constructors have run) and none of its own
 * code has. There, if NSObject and NSAutoreleasePool exist, it opens libmend.so.0 beside itself and enters
 * the agent.
 */
#include "agent/front.h"
#include "agent/protocol.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* The program's own main. Written once, before main, by the only thread there is. */
static int (*program_main)(int argc, char **argv, char **envp);

/* What `mend` left for this very process, not for an ancestor of it. */
struct launch {
    bool ours;
    int launch_fd, report_fd;
    char flags[8];
};

static struct launch
take_launch(void)
{
    struct launch l = {.launch_fd = -1, .report_fd = -1};
    const char *note = getenv(MN_LAUNCH_VARIABLE);
    int pid;

    if (note == NULL || sscanf(note, MN_LAUNCH_FORMAT, &pid, &l.launch_fd, &l.report_fd, l.flags) != 4 ||
        pid != getpid())
        return (struct launch){.launch_fd = -1, .report_fd = -1};
    l.ours = true;
    unsetenv(MN_LAUNCH_VARIABLE);
    return l;
}

static bool
has_objective_c(void)
{
    void *(*class_named)(const char *) = NULL;

    *(void **)&class_named = dlsym(RTLD_DEFAULT, "objc_lookUpClass");
    return class_named != NULL && class_named("NSObject") != NULL && class_named("NSAutoreleasePool") != NULL;
}

/* The library beside this one; NULL: it is not there, or not to be loaded. */
static void *
open_core(void)
{
    char path[4096];
    const char *slash;
    Dl_info self;

    if (dladdr((void *)&program_main, &self) == 0 || (slash = strrchr(self.dli_fname, '/')) == NULL)
        return NULL;
    if (snprintf(path, sizeof path, "%.*s/" MN_CORE_LIBRARY, (int)(slash - self.dli_fname), self.dli_fname) >=
        (int)sizeof path)
        return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

/* What the host does to its own classes becomes as safe as what Mend does, unless the user wants it
 * untouched. */
static void
guard(void *core)
{
    const struct mn_guard_calls *behind = mn_front_behind();
    const char *wish = getenv(MN_GUARD_VARIABLE);
    bool (*begin)(const struct mn_guard_calls *, void (*)(const struct mn_guard_calls *)) = NULL;

    *(void **)&begin = dlsym(core, "mend_agent_guard");
    if (begin != NULL && behind != NULL && (wish == NULL || strcmp(wish, "off") != 0))
        begin(behind, mn_front_set);
}

static int
enter(void *core, const struct launch *l)
{
    int (*begin)(int, int) = NULL;

    *(void **)&begin = dlsym(core, "mend_agent_enter");
    return begin != NULL ? begin(l->launch_fd, l->report_fd) : -1;
}

static void
say(const struct launch *l, const char *about, const char *detail)
{
    if (l->ours && strchr(l->flags, 'q') == NULL && strchr(l->flags, 'c') == NULL)
        dprintf(STDERR_FILENO, "mend: %s%s%s\n", program_invocation_short_name, about, detail);
}

/* No patch can be applied here: a program that was to start with one does not start. */
static void
stay_out(const struct launch *l, const char *why)
{
    bool patched = strchr(l->flags, 'p') != NULL;

    if (strchr(l->flags, 'c') != NULL) {
        if (write(l->report_fd, MN_LAUNCH_INERT, sizeof MN_LAUNCH_INERT - 1) < 0)
            _exit(1);
        _exit(5);
    }
    say(l, why, patched ? "; it was not started" : "; it runs without an agent");
    if (patched)
        _exit(5); /* MEND_UNSUPPORTED */
}

static void
before_main(void)
{
    struct launch l;
    void *core;
    int code = -1;

    if (getauxval(AT_SECURE) != 0)
        return;
    l = take_launch();
    if (!has_objective_c()) {
        stay_out(&l, " has no Objective-C classes");
    } else if ((core = open_core()) == NULL) {
        stay_out(&l, " cannot load " MN_CORE_LIBRARY);
    } else {
        guard(core);
        code = enter(core, &l);
    }
    if (l.launch_fd >= 0)
        close(l.launch_fd);
    if (l.report_fd >= 0)
        close(l.report_fd);
    if (code >= 0)
        _exit(code);
}

static int
run_main(int argc, char **argv, char **envp)
{
    int saved = errno;

    before_main();
    errno = saved;
    return program_main(argc, argv, envp);
}

typedef int start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                       void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

MEND_API start_main __libc_start_main;

int
__libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                  void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    start_main *next = NULL;

    program_main = main;
    *(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
    return next(run_main, argc, argv, init, fini, rtld_fini, stack_end);
}
