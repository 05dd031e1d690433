/* SPDX-License-Identifier: MIT */
/* Reading /proc. */
#include "cli/process.h"

#include "agent/protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What follows "FIELD:" in /proc/PID/status; false when there is no such process or field. */
static bool
status_field(pid_t pid, const char *field, char *value, size_t size)
{
    char path[64], line[256];
    size_t length = strlen(field);
    bool found = false;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    if ((file = fopen(path, "re")) == NULL)
        return false;
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, field, length) == 0 && line[length] == ':';
    fclose(file);
    if (found)
        snprintf(value, size, "%s", line + length + 1);
    return found;
}

/* The second number is the effective user. */
bool
mn_process_user(pid_t pid, uid_t *uid)
{
    char ids[128];
    unsigned effective;

    if (!status_field(pid, "Uid", ids, sizeof ids) || sscanf(ids, "%*u %u", &effective) != 1)
        return false;
    *uid = effective;
    return true;
}

bool
mn_process_lives(pid_t pid)
{
    char state[64];

    return status_field(pid, "State", state, sizeof state) && strpbrk(state, "ZX") == NULL;
}

void
mn_process_name(pid_t pid, char *name, size_t size)
{
    char path[64];
    FILE *file;

    name[0] = '\0';
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    if ((file = fopen(path, "re")) == NULL)
        return;
    if (fgets(name, (int)size, file) != NULL)
        name[strcspn(name, "\n")] = '\0';
    fclose(file);
}

/* Whether both links name the same file. */
static bool
same_link(const char *one, const char *other)
{
    char names[2][512];
    ssize_t n = readlink(one, names[0], sizeof names[0]);

    return n > 0 && n == readlink(other, names[1], sizeof names[1]) &&
           memcmp(names[0], names[1], (size_t)n) == 0;
}

bool
mn_process_carries_agent(pid_t pid)
{
    char path[64], *variable = NULL;
    bool found = false;
    size_t room = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    if (same_link(path, "/proc/self/exe"))
        return true;
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    if ((file = fopen(path, "re")) == NULL)
        return false;
    while (!found && getdelim(&variable, &room, '\0', file) >= 0)
        found = strncmp(variable, "LD_PRELOAD=", 11) == 0 && strstr(variable, MN_AGENT_LIBRARY) != NULL;
    free(variable);
    fclose(file);
    return found;
}
