/* SPDX-License-Identifier: MIT */
/*
 * The command line's figures: what `mend run` adds to lsar's start, and how long a running server takes from
 * the receipt of a patch of twenty lines until the next call runs it. Both by the programs beside this one,
 * as a user has them.
 */
#include "bench.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <spawn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STARTS = 31, APPLIES = 15 };

extern char **environ;

static char mend[PATH_MAX], till[PATH_MAX];

/* build/bench/bin/bench knows build/bench/bin/mend and build/bench/examples/till. */
static bool
find_programs(void)
{
    char self[PATH_MAX - 32];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    if (n <= 0)
        return false;
    self[n] = '\0';
    dirname(self);
    snprintf(mend, sizeof mend, "%s/mend", self);
    dirname(self);
    snprintf(till, sizeof till, "%s/examples/till", self);
    return access(mend, X_OK) == 0 && access(till, X_OK) == 0;
}

/* Starts a program with its output thrown away, or into the pipe `out`. */
static pid_t
start(char *const argv[], int out)
{
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;

    posix_spawn_file_actions_init(&actions);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static double
seconds_of(char *const argv[])
{
    double began = bench_now();
    int status = -1;
    pid_t pid = start(argv, -1);

    if (pid > 0)
        waitpid(pid, &status, 0);
    return bench_now() - began;
}

static int
by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double
median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

/* lsar says how it is used when it is given nothing: nearly all of that time is its start. */
bool
measure_run_start(double *value)
{
    char *plain[] = {"lsar", "--help", NULL}, *with_agent[] = {mend, "run", "--", "lsar", "--help", NULL};
    double without[STARTS], with[STARTS];

    if (!find_programs())
        return false;
    for (int i = 0; i < STARTS; i++) {
        without[i] = seconds_of(plain);
        with[i] = seconds_of(with_agent);
    }
    *value = (median(with, STARTS) - median(without, STARTS)) * 1e3;
    return true;
}

static const char twenty_lines[] =
    "@implementation Tariff\n"
    "- (int)discountForQuantity:(int)quantity\n{\n"
    "    int discount = 0;\n    int step = 0;\n"
    "    if (quantity < 0) {\n        quantity = 0;\n    }\n"
    "    for (step = 0; step < quantity; step++) {\n"
    "        if (discount < 10) {\n            discount = discount + 1;\n        }\n    }\n"
    "    if (quantity >= 10) {\n        return 10;\n    }\n"
    "    if (discount > 5) {\n        return 5;\n    }\n"
    "    return [self ORGdiscountForQuantity:quantity];\n}\n@end\n";

/* What the agent says it took: "total_ns" of its answer. */
static bool
apply_once(const char *file, const char *pid, double *seconds)
{
    char *argv[] = {mend, "apply", (char *)file, "--pid", (char *)pid, "--json", NULL};
    char answer[4096];
    const char *total;
    ssize_t n;
    pid_t child;
    int ends[2];

    if (pipe(ends) != 0)
        return false;
    child = start(argv, ends[1]);
    close(ends[1]);
    n = child > 0 ? read(ends[0], answer, sizeof answer - 1) : 0;
    close(ends[0]);
    if (child > 0)
        waitpid(child, NULL, 0);
    answer[n > 0 ? n : 0] = '\0';
    if ((total = strstr(answer, "\"total_ns\":")) == NULL)
        return false;
    *seconds = strtod(total + strlen("\"total_ns\":"), NULL) / 1e9;
    return true;
}

bool
measure_receipt_to_call(double *value)
{
    char file[] = "/tmp/mend-bench-XXXXXX", pid_text[16];
    char *server[] = {mend, "run", "--", till, NULL};
    double taken[APPLIES];
    pid_t pid;
    int fd, count = 0;

    if (!find_programs() || (fd = mkstemp(file)) < 0)
        return false;
    if (write(fd, twenty_lines, strlen(twenty_lines)) < 0 || (pid = start(server, -1)) < 0) {
        close(fd);
        return false;
    }
    snprintf(pid_text, sizeof pid_text, "%d", (int)pid);
    while (count < APPLIES && apply_once(file, pid_text, &taken[count]))
        count++;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    close(fd);
    unlink(file);
    if (count < APPLIES)
        return false;
    *value = median(taken, APPLIES) * 1e3;
    return true;
}
