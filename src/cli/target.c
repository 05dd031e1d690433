/* SPDX-License-Identifier: MIT */
/* Finding sockets, and deciding what the absence of one means. */
#include "cli/target.h"

#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/output.h"
#include "cli/process.h"
#include "cli/together.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/*
 * START: how long a process that carries the preloaded library may take to reach its main. SCAN: how long one
 * that was not asked for by its pid may hold up the answer (it may be stopped). DEATH: how long a dying
 * process may look alive after its socket was closed.
 */
enum { START_MS = 1500, SCAN_MS = 2000, DEATH_MS = 200 };

#define MS 1000000u

static mend_status
open_in(struct mn_client *client, const char *folder, pid_t pid, uid_t owner, uint64_t deadline,
        mend_error *err)
{
    struct sockaddr_un address;
    mend_status st;

    if (access(folder, F_OK) != 0 && errno == ENOENT)
        return mn_fail(err, MEND_NO_AGENT, "there is no %s", folder);
    if ((st = mn_socket_folder_check(folder, owner, err)) != MEND_OK)
        return st;
    if (!mn_socket_address(folder, pid, &address))
        return mn_fail(err, MEND_NO_AGENT, "%s is too long for a socket", folder);
    st = mn_client_open(client, &address, pid, owner, deadline, err);
    if (st == MEND_NO_AGENT && !mn_process_lives(pid))
        unlink(address.sun_path); /* left behind */
    return st;
}

/* Tries the folders of one user; keeps the first failure that says more than "no agent". */
static mend_status
open_of_user(struct mn_client *client, pid_t pid, uid_t uid, uint64_t deadline, mend_error *err)
{
    mend_status st = mn_fail(err, MEND_NO_AGENT, "process %d has no agent", (int)pid);
    char folder[sizeof((struct sockaddr_un *)NULL)->sun_path];
    mend_error one;

    for (unsigned i = 0; i < MN_SOCKET_FOLDERS; i++) {
        mend_status now;

        if ((i == 0 && uid != geteuid()) || !mn_socket_folder(i, uid, folder, sizeof folder))
            continue;
        if ((now = open_in(client, folder, pid, uid, deadline, &one)) == MEND_OK)
            return MEND_OK;
        if (now != MEND_NO_AGENT && st == MEND_NO_AGENT) {
            st = now;
            *err = one;
        }
    }
    return st;
}

static mend_status
try_pid(struct mn_client *client, pid_t pid, uint64_t deadline, mend_error *err)
{
    uid_t uid, me = geteuid();
    mend_status st;

    if (!mn_process_user(pid, &uid))
        return mn_fail(err, MEND_NO_PROCESS, "there is no process %d", (int)pid);
    if (uid != me && me != 0)
        return mn_fail(err, MEND_NO_PERMISSION, "process %d belongs to user %u", (int)pid, (unsigned)uid);
    st = open_of_user(client, pid, uid, deadline, err);
    if (st == MEND_NO_AGENT && uid != me)
        st = open_of_user(client, pid, me, deadline, err); /* it was root's when its agent started */
    return st;
}

/* A process just started may not have come to its main yet. */
static mend_status
open_pid(struct mn_client *client, pid_t pid, uint64_t deadline, mend_error *err)
{
    uint64_t patience = mn_clock_ns() + START_MS * (uint64_t)MS;
    mend_status st;

    while ((st = try_pid(client, pid, deadline, err)) == MEND_NO_AGENT && mn_process_carries_agent(pid)) {
        uint64_t now = mn_clock_ns();

        if (mn_interrupted())
            return mn_fail_interrupted(err);
        if (now >= patience || now >= deadline)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 5 * MS}, NULL);
    }
    return st;
}

static bool
is_listed(const struct mn_list *targets, pid_t pid)
{
    for (size_t i = 0; i < targets->count; i++)
        if (MN_LIST_AT(struct mn_target, targets, i)->pid == pid)
            return true;
    return false;
}

static mend_status
add_pid(struct mn_list *targets, const char *text, mend_error *err)
{
    struct mn_target *t;
    char *end;
    long pid = strtol(text, &end, 10);

    if (end == text || *end != '\0' || pid <= 0 || pid > 1 << 30)
        return mn_fail(err, MEND_INVALID, "'%s' is not a process id", text);
    if (is_listed(targets, (pid_t)pid))
        return MEND_OK;
    if ((t = mn_list_add(targets)) == NULL)
        return mn_fail_memory(err);
    t->pid = (pid_t)pid;
    t->client.fd = -1;
    return MEND_OK;
}

static mend_status
add_found(struct mn_list *targets, const char *folder, pid_t pid, uid_t owner, mend_error *err)
{
    struct mn_target *t = mn_list_add(targets);

    if (t == NULL)
        return mn_fail_memory(err);
    t->pid = pid;
    t->client.fd = -1;
    t->owner = owner;
    mn_copy_text(t->folder, sizeof t->folder, folder);
    return MEND_OK;
}

static mend_status
scan_folder(struct mn_list *targets, const char *folder, uid_t owner, const struct mn_options *o,
            mend_error *err)
{
    mend_status st = MEND_OK;
    struct dirent *entry;
    mend_error one;
    DIR *all;

    if (access(folder, F_OK) != 0)
        return MEND_OK;
    if (mn_socket_folder_check(folder, owner, &one) != MEND_OK) {
        mn_say(o, "%s: it is passed over", one.message);
        return MEND_OK;
    }
    if ((all = opendir(folder)) == NULL)
        return MEND_OK;
    while (st == MEND_OK && (entry = readdir(all)) != NULL) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);

        if (end != entry->d_name && strcmp(end, ".sock") == 0 && pid > 0)
            st = add_found(targets, folder, (pid_t)pid, owner, err);
    }
    closedir(all);
    return st;
}

static mend_status
scan_user(struct mn_list *targets, uid_t uid, const struct mn_options *o, mend_error *err)
{
    char folder[sizeof((struct sockaddr_un *)NULL)->sun_path];
    mend_status st = MEND_OK;

    for (unsigned i = 0; i < MN_SOCKET_FOLDERS && st == MEND_OK; i++)
        if ((i != 0 || uid == geteuid()) && mn_socket_folder(i, uid, folder, sizeof folder))
            st = scan_folder(targets, folder, uid, o, err);
    return st;
}

/* Every other user that has a folder at `parent`/`prefix`UID. */
static mend_status
scan_others(struct mn_list *targets, const char *parent, const char *prefix, const struct mn_options *o,
            mend_error *err)
{
    DIR *all = opendir(parent);
    size_t length = strlen(prefix);
    mend_status st = MEND_OK;
    struct dirent *entry;

    if (all == NULL)
        return MEND_OK;
    while (st == MEND_OK && (entry = readdir(all)) != NULL) {
        unsigned long uid;
        char *end;

        if (strncmp(entry->d_name, prefix, length) != 0 || !isdigit((unsigned char)entry->d_name[length]))
            continue;
        uid = strtoul(entry->d_name + length, &end, 10);
        if (*end == '\0' && uid != geteuid())
            st = scan_user(targets, (uid_t)uid, o, err);
    }
    closedir(all);
    return st;
}

/* Every socket file of every user we may ask. */
static mend_status
scan(struct mn_list *targets, const struct mn_options *o, mend_error *err)
{
    mend_status st = scan_user(targets, geteuid(), o, err);

    if (st == MEND_OK && geteuid() == 0)
        st = scan_others(targets, "/run/user", "", o, err);
    if (st == MEND_OK && geteuid() == 0)
        st = scan_others(targets, "/tmp", "mend-", o, err);
    return st;
}

struct opening {
    struct mn_list *targets;
    unsigned timeout_ms;
};

static void
open_one(void *data, size_t i)
{
    const struct opening *o = data;
    struct mn_target *t = MN_LIST_AT(struct mn_target, o->targets, i);
    unsigned patience = t->folder[0] != '\0' && o->timeout_ms > SCAN_MS ? SCAN_MS : o->timeout_ms;
    uint64_t deadline = mn_clock_ns() + patience * (uint64_t)MS;

    if (t->folder[0] == '\0')
        t->status = open_pid(&t->client, t->pid, deadline, &t->error);
    else
        t->status = open_in(&t->client, t->folder, t->pid, t->owner, deadline, &t->error);
    if (t->status != MEND_OK)
        mn_process_name(t->pid, t->client.name, sizeof t->client.name);
}

/* A process that is asked takes a descriptor; the usual limit is for programs that fear select(). */
static void
open_all(struct mn_list *targets, unsigned timeout_ms)
{
    struct opening o = {targets, timeout_ms};
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    mn_together(targets->count, open_one, &o);
}

static bool
has_name(const struct mn_options *o, const struct mn_target *t)
{
    size_t length = t->status == MEND_OK ? sizeof t->client.name : 15; /* what the kernel keeps of a name */

    for (size_t i = 0; i < o->names.count; i++)
        if (strncmp(*MN_LIST_AT(const char *, &o->names, i), t->client.name, length) == 0)
            return true;
    return o->names.count == 0;
}

static bool
any_has_name(const struct mn_options *o, const struct mn_list *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        if (has_name(o, MN_LIST_AT(struct mn_target, targets, i)))
            return true;
    return false;
}

/* Whether a process that a scan found is to be in the list: it lives, though it may not answer, and is meant.
 */
static bool
is_wanted(const struct mn_options *o, const struct mn_target *t)
{
    if (t->status == MEND_OK || t->status == MEND_TIMEOUT)
        return has_name(o, t);
    if (t->status != MEND_NO_AGENT)
        mn_say(o, "%s: it is passed over", t->error.message);
    return false;
}

/* Keeps those meant by their pid, and of the others each wanted process once. */
static void
select_wanted(struct mn_list *targets, const struct mn_options *o)
{
    struct mn_list kept = *targets;

    kept.count = 0;
    for (size_t i = 0; i < targets->count; i++) {
        struct mn_target *t = MN_LIST_AT(struct mn_target, targets, i);

        if (t->folder[0] != '\0' && (is_listed(&kept, t->pid) || !is_wanted(o, t))) {
            mn_client_close(&t->client);
            continue;
        }
        *MN_LIST_AT(struct mn_target, &kept, kept.count) = *t;
        kept.count++;
    }
    targets->count = kept.count;
}

static int
by_pid(const void *a, const void *b)
{
    const struct mn_target *x = a, *y = b;

    return (x->pid > y->pid) - (x->pid < y->pid);
}

/* What is meant, with no client open yet; the first *named of it by their pids. */
static mend_status
collect(struct mn_list *targets, size_t *named, const struct mn_options *o, mend_error *err)
{
    mend_status st = MEND_OK;

    for (size_t i = 0; i < o->pids.count && st == MEND_OK; i++)
        st = add_pid(targets, *MN_LIST_AT(const char *, &o->pids, i), err);
    *named = targets->count;
    if (st == MEND_OK && (o->names.count != 0 || o->pids.count == 0))
        st = scan(targets, o, err);
    return st;
}

mend_status
mn_targets_open(struct mn_list *targets, const struct mn_options *o, bool all, mend_error *err)
{
    mend_status st;
    size_t named;

    *targets = MN_LIST_OF(struct mn_target);
    if (o->pids.count == 0 && o->names.count == 0 && !all) {
        mn_fail(err, MEND_INVALID, "no process was named");
        mn_remedy(err, "say --pid PID or --name NAME; `mend ps` lists the candidates");
        return MEND_INVALID;
    }
    if ((st = collect(targets, &named, o, err)) != MEND_OK)
        return st;
    open_all(targets, o->timeout_ms);
    if (mn_interrupted())
        return mn_fail_interrupted(err);
    select_wanted(targets, o);
    if (targets->count > named)
        qsort(MN_LIST_AT(struct mn_target, targets, named), targets->count - named, sizeof(struct mn_target),
              by_pid);
    else if (o->names.count != 0 && !any_has_name(o, targets))
        return mn_fail(err, MEND_NO_PROCESS, "no process with an agent has the name %s",
                       *MN_LIST_AT(const char *, &o->names, 0));
    return MEND_OK;
}

/* The socket of a dying process closes before the process is seen to be dead. */
static mend_status
why_it_hung_up(pid_t pid, mend_error *err)
{
    for (int i = 0; i < DEATH_MS / 5; i++) {
        if (!mn_process_lives(pid))
            return mn_fail(err, MEND_TARGET_DIED, "process %d died during the operation", (int)pid);
        nanosleep(&(struct timespec){.tv_nsec = 5 * MS}, NULL);
    }
    return mn_fail(err, MEND_NO_AGENT, "the agent of process %d hung up; see `mend status`", (int)pid);
}

struct asking {
    struct mn_list *targets;
    const struct mn_ask *ask;
    unsigned timeout_ms;
};

static void
ask_one(void *data, size_t i)
{
    const struct asking *a = data;
    struct mn_target *t = MN_LIST_AT(struct mn_target, a->targets, i);

    if (t->status != MEND_OK)
        return;
    t->client.deadline_ns = mn_clock_ns() + a->timeout_ms * (uint64_t)MS;
    t->status = mn_client_call(&t->client, &a->ask->text, a->ask->fd, &t->result, &t->refusal, &t->error);
    if (t->status == MEND_TARGET_DIED && t->refusal == NULL)
        t->status = why_it_hung_up(t->pid, &t->error);
}

mend_status
mn_targets_ask(struct mn_list *targets, const struct mn_ask *ask, unsigned timeout_ms)
{
    struct asking a = {targets, ask, timeout_ms};
    mend_status all = MEND_OK;

    mn_together(targets->count, ask_one, &a);
    for (size_t i = 0; i < targets->count; i++) {
        mend_status one = MN_LIST_AT(struct mn_target, targets, i)->status;

        if (one == MEND_INTERRUPTED)
            return one;
        all = i == 0 || one == all ? one : MEND_MIXED;
    }
    return all;
}

void
mn_targets_close(struct mn_list *targets)
{
    for (size_t i = 0; i < targets->count; i++)
        mn_client_close(&MN_LIST_AT(struct mn_target, targets, i)->client);
    mn_list_fini(targets);
}
