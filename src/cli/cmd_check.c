/* SPDX-License-Identifier: MIT */
/* mend check */
#include "agent/protocol.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/program.h"
#include "cli/rows.h"
#include "cli/start.h"
#include "cli/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A program about to be stopped before its main, and the socket its agent answers on. */
struct stopped {
    pid_t pid;
    int report;
};

/* In the child: stdout is for data, and constructors may print. */
static void
become_stopped(const char *path, char **argv, const char *library, int record, int report)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    mend_error err;

    if (nothing >= 0)
        dup2(nothing, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    mn_start_become(path, argv, library, record, report, "c", &err);
    _exit(mend_status_exit_code(MEND_IO));
}

static mend_status
start_stopped(const char *path, char **argv, int record, struct stopped *child, mend_error *err)
{
    char library[PATH_MAX];
    mend_status st;
    int ends[2];

    if ((st = mn_start_library(library, sizeof library, err)) != MEND_OK)
        return st;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return mn_fail(err, MEND_IO, "cannot open a socket: %s", strerror(errno));
    if ((child->pid = fork()) == 0)
        become_stopped(path, argv, library, record, ends[1]);
    close(ends[1]);
    child->report = ends[0];
    if (child->pid > 0)
        return MEND_OK;
    close(ends[0]);
    return mn_fail(err, MEND_IO, "cannot start %s: %s", path, strerror(errno));
}

/* What the program left instead of an answer. */
static mend_status
why_no_answer(const char *path, int state, mend_error *err)
{
    if (WIFSIGNALED(state))
        return mn_fail(err, MEND_TARGET_DIED, "%s was ended by signal %d (%s) before its main", path,
                       WTERMSIG(state), strsignal(WTERMSIG(state)));
    return mn_fail(err, MEND_TARGET_DIED, "%s ended with exit code %d before its main", path,
                   WEXITSTATUS(state));
}

static mend_status
hear(struct stopped *child, const char *path, const struct mn_options *o, struct mn_buffer *packet,
     mend_error *err)
{
    uint64_t deadline = mn_clock_ns() + o->timeout_ms * (uint64_t)1000000;
    mend_status st = mn_client_wait(child->report, deadline, path, err);
    enum mn_packet got = MN_PACKET_END;
    int state, fd;

    if (st == MEND_OK) {
        got = mn_packet_receive(child->report, packet, &fd, 0);
        if (fd >= 0)
            close(fd);
    } else {
        kill(child->pid, SIGKILL);
    }
    close(child->report);
    while (waitpid(child->pid, &state, 0) < 0 && errno == EINTR)
        ;
    if (st != MEND_OK)
        return st;
    if (got != MN_PACKET_GOT)
        return why_no_answer(path, state, err);
    if (strcmp(mn_buffer_peek(packet), MN_LAUNCH_INERT) == 0) {
        mn_fail(err, MEND_UNSUPPORTED, "%s has no Objective-C classes", path);
        mn_remedy(err, "name the Objective-C program itself");
        return MEND_UNSUPPORTED;
    }
    return MEND_OK;
}

static void
tell(struct mn_output *out, const char *path, const struct mn_patch_file *file, const struct mn_json *answer)
{
    const struct mn_json *member;
    void *cursor = NULL;
    const char *name;

    mn_rows_findings(answer);
    if (!out->options->json) {
        mn_buffer_printf(&out->text, "%s  checks  %s  ", path, file->path);
        mn_rows_patch_detail(answer, &out->text);
        mn_buffer_char(&out->text, '\n');
        return;
    }
    mn_json_put_text(&out->json, "against", path);
    while (mn_json_next(answer, &cursor, &name, &member))
        mn_json_put_copy(&out->json, name, member);
}

static mend_status
tell_reply(struct mn_output *out, const char *path, const struct mn_patch_file *file,
           const struct mn_buffer *packet, mend_error *err)
{
    const struct mn_json *result, *error;
    struct mn_json *reply;
    mend_status st;

    if (mn_json_parse(NULL, packet->data, packet->length, NULL, &reply, err) != MEND_OK) {
        mn_fail(err, MEND_PROTOCOL, "the answer of the agent in %s is not JSON", path);
        return mn_output_error(out, err);
    }
    if ((st = mn_client_split(reply, &result, &error, err)) == MEND_OK) {
        tell(out, path, file, result);
    } else if (error == NULL || mn_rows_findings(mn_json_member(error, "data")) == 0) {
        mn_output_error(out, err);
    } else {
        mn_say(out->options, "%s does not check against %s", file->path, path);
        if (out->options->json)
            mn_json_put_copy(&out->json, "error", error);
    }
    mn_json_free(reply);
    return st;
}

static mend_status
against_program(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    const struct mn_options *o = out->options;
    char path[PATH_MAX], *alone[] = {path, NULL};
    struct mn_buffer packet = MN_BUFFER_EMPTY;
    struct stopped child = {-1, -1};
    mend_status st;
    int record = -1;

    if ((st = mn_program_find(o->against, path, sizeof path, err)) == MEND_OK &&
        (st = mn_program_check(path, true, err)) == MEND_OK &&
        (st = mn_start_record(o, file, 1, &record, err)) == MEND_OK &&
        (st = start_stopped(path, alone, record, &child, err)) == MEND_OK)
        st = hear(&child, path, o, &packet, err);
    st = st != MEND_OK ? mn_output_error(out, err) : tell_reply(out, path, file, &packet, err);
    if (record >= 0)
        close(record);
    mn_buffer_fini(&packet);
    return st;
}

static mend_status
against_processes(struct mn_output *out, const struct mn_patch_file *file, mend_error *err)
{
    static const struct mn_row_words words = {"checks", mn_rows_patch_detail};
    const struct mn_options *o = out->options;
    struct mn_list targets;
    struct mn_ask ask;
    mend_status st;

    if ((st = mn_ask_patch(&ask, "check", file, o->id, o->colour, err)) != MEND_OK)
        return mn_output_error(out, err);
    if ((st = mn_targets_open(&targets, o, false, err)) != MEND_OK)
        mn_output_error(out, err);
    else
        st = mn_rows_ask(out, &targets, &ask, &words);
    mn_targets_close(&targets);
    mn_ask_fini(&ask);
    return st;
}

static int
run(const struct mn_options *o)
{
    struct mn_patch_file file;
    struct mn_output out;
    mend_status st;
    mend_error err;

    if (o->operand_count != 1 || (o->against != NULL && o->pids.count + o->names.count != 0)) {
        mn_fail(&err, MEND_INVALID, "mend check takes one patch file and what to check it against");
        mn_remedy(&err, "mend check fix.m --against PROGRAM, or --pid PID");
        return mn_output_refuse(o, &err);
    }
    if (mn_patch_file_read(o->operands[0], &file, &err) != MEND_OK)
        return mn_output_refuse(o, &err);
    mn_output_begin(&out, o);
    st = o->against != NULL ? against_program(&out, &file, &err) : against_processes(&out, &file, &err);
    mn_patch_file_free(&file);
    return mn_output_end(&out, st);
}

const struct mn_verb mn_verb_check = {
    .name = "check",
    .summary = "check a patch against a program, without running either",
    .usage = "FILE --against PROGRAM | --pid PID | --name NAME",
    .examples = {"mend check fix.m --against lsar", "mend check fix.m --pid 4711 --json"},
    .about = "With --against, the program is started and stopped before its main, where all its classes are "
             "known; with\n"
             "--pid or --name, running processes are asked. No message is sent to the program's classes, and "
             "nothing\n"
             "changes. What is found here is all that `apply` could find.\n",
    .takes = MN_TAKES_TARGETS | MN_TAKES(AGAINST) | MN_TAKES(ID),
    .run = run,
};
