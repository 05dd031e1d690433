/* SPDX-License-Identifier: MIT */
/*
 * The compiler is given the directives of the patch alone, each on its own line, so that it reads the same headers under
 * the same conditions and everything it writes besides is theirs. Lines under the patch's own name are left out again: the
 * patch's macros are its reader's affair.
 */
#include "cli/headers.h"

#include "base/error.h"
#include "cli/output.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 512, PIECE = 64 << 10 };

static bool
imports(const char *line)
{
    while (*line == ' ' || *line == '\t' || *line == '#')
        line++;
    return strncmp(line, "import", 6) == 0 || strncmp(line, "include", 7) == 0;
}

/* Copies the directives, blank lines for everything else; whether one of them reads a header. */
static bool
keep_directives(const struct mn_buffer *text, struct mn_buffer *out)
{
    const char *p = text->data, *end = p + text->length;
    bool comment = false, continues = false, any = false;

    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p)), *q = p;
        size_t length;

        stop = stop != NULL ? stop : end;
        while (q < stop && (*q == ' ' || *q == '\t'))
            q++;
        if (continues || (!comment && q < stop && *q == '#')) {
            length = (size_t)(stop - p);
            mn_buffer_append(out, p, length);
            any |= !continues && imports(q);
            continues = length != 0 && stop[-1] == '\\';
        }
        for (q = p; q + 1 < stop; q++) { /* comments over lines */
            if (!comment && q[0] == '/' && q[1] == '/')
                break;
            if (q[0] == (comment ? '*' : '/') && q[1] == (comment ? '/' : '*')) {
                comment = !comment;
                q++;
            }
        }
        mn_buffer_char(out, '\n');
        p = stop + (stop < end);
    }
    return any;
}

/* Appends words separated by blanks, which stay in *text. */
static int
split(char *text, char **words, int count, int most)
{
    for (char *word = strtok(text, " \t\n"); word != NULL && count < most; word = strtok(NULL, " \t\n"))
        words[count++] = word;
    return count;
}

/* What a command writes; false when it cannot be run or fails. */
static bool
output_of(const char *command, struct mn_buffer *out)
{
    FILE *in = popen(command, "r");
    char piece[4096];
    size_t n;

    if (in == NULL)
        return false;
    while ((n = fread(piece, 1, sizeof piece, in)) > 0)
        mn_buffer_append(out, piece, n);
    mn_buffer_char(out, '\0');
    return pclose(in) == 0 && !out->failed;
}

/* The flags of gnustep-config that say something of macros and folders; others would write files. */
static int
gnustep_flags(struct mn_buffer *text, char **words, int count)
{
    char *all[WORDS];
    int n;

    if (!output_of("gnustep-config --objc-flags 2>/dev/null", text))
        return count;
    n = split(text->data, all, 0, WORDS);
    for (int i = 0; i < n && count < WORDS; i++)
        if (strncmp(all[i], "-I", 2) == 0 || strncmp(all[i], "-D", 2) == 0 || strncmp(all[i], "-f", 2) == 0 ||
            strcmp(all[i], "-pthread") == 0)
            words[count++] = all[i];
    return count;
}

static void
become_compiler(char **words, int in, int out)
{
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    execvp(words[0], words);
    _exit(127);
}

/* A file without a name that holds the text. */
static int
as_file(const struct mn_buffer *text)
{
    FILE *file = tmpfile();
    int fd = -1;

    if (file != NULL && fwrite(text->data, 1, text->length, file) == text->length && fflush(file) == 0)
        fd = dup(fileno(file));
    if (file != NULL)
        fclose(file);
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static mend_status
run_compiler(char **words, const struct mn_buffer *directives, struct mn_buffer *out, mend_error *err)
{
    int in = as_file(directives), ends[2], state = 0;
    pid_t pid;
    ssize_t n;

    if (in < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        if (in >= 0)
            close(in);
        return mn_fail(err, MEND_IO, "cannot hand the patch to the compiler: %s", strerror(errno));
    }
    if ((pid = fork()) == 0)
        become_compiler(words, in, ends[1]);
    close(in);
    close(ends[1]);
    do {
        char *room = mn_buffer_extend(out, PIECE);

        if (room == NULL)
            break;
        n = read(ends[0], room, PIECE);
        out->length -= PIECE - (size_t)(n > 0 ? n : 0);
    } while (n > 0 || (n < 0 && errno == EINTR && !mn_interrupted()));
    close(ends[0]);
    while (pid > 0 && waitpid(pid, &state, 0) < 0 && errno == EINTR)
        ;
    if (out->failed)
        return mn_fail_memory(err);
    if (pid < 0 || (WIFEXITED(state) && WEXITSTATUS(state) == 127)) {
        mn_fail(err, MEND_UNSUPPORTED, "the C compiler '%s' cannot be run", words[0]);
        mn_remedy(err, "install one, or name it in CC; a patch without #import needs none");
        return MEND_UNSUPPORTED;
    }
    if (state != 0) {
        mn_fail(err, MEND_CHECK, "the headers cannot be read: see the compiler's messages");
        mn_remedy(err, "give the compiler its flags behind --: mend build fix.m -- -I include");
        return MEND_CHECK;
    }
    return MEND_OK;
}

/* Appends what is not under the name of the standard input; bytes that are no ASCII become '?'. */
static void
keep_headers(struct mn_buffer *written, struct mn_buffer *headers)
{
    char *p = written->data, *end = p + written->length;
    bool own = true;

    while (p < end) {
        char *stop = memchr(p, '\n', (size_t)(end - p));

        stop = stop != NULL ? stop + 1 : end;
        if (p[0] == '#' && p[1] == ' ' && isdigit((unsigned char)p[2])) {
            char *name = memchr(p, '"', (size_t)(stop - p));

            own = name != NULL && strncmp(name, "\"<stdin>\"", 9) == 0;
        }
        for (char *q = p; q < stop; q++)
            if ((unsigned char)*q >= 0x80 || *q == '\0')
                *q = '?';
        if (!own)
            mn_buffer_append(headers, p, (size_t)(stop - p));
        p = stop;
    }
}

mend_status
mn_headers_read(const struct mn_patch_file *file, char *const *flags, struct mn_buffer *headers, mend_error *err)
{
    struct mn_buffer directives = MN_BUFFER_EMPTY, written = MN_BUFFER_EMPTY, text = MN_BUFFER_EMPTY,
                     folder = MN_BUFFER_EMPTY;
    const char *cc = getenv("CC"), *slash = strrchr(file->path, '/');
    char *words[WORDS + 16] = {(char *)(uintptr_t)(cc != NULL && *cc != '\0' ? cc : "cc"), "-E", "-dD", "-w"};
    int count = 4;
    mend_status st = MEND_OK;

    if (keep_directives(&file->text, &directives)) {
        mn_buffer_printf(&folder, "-I%.*s", slash != NULL ? (int)(slash - file->path) : 1,
                         slash != NULL ? file->path : ".");
        words[count++] = (char *)(uintptr_t)mn_buffer_peek(&folder);
        for (int i = 0; flags[i] != NULL && count < WORDS; i++)
            words[count++] = flags[i];
        if (flags[0] == NULL)
            count = gnustep_flags(&text, words, count);
        words[count++] = "-xobjective-c";
        words[count++] = "-";
        words[count] = NULL;
        st = run_compiler(words, &directives, &written, err);
        if (st == MEND_OK)
            keep_headers(&written, headers);
    }
    if (st == MEND_OK && (headers->failed || directives.failed || folder.failed))
        st = mn_fail_memory(err);
    mn_buffer_fini(&directives);
    mn_buffer_fini(&written);
    mn_buffer_fini(&text);
    mn_buffer_fini(&folder);
    return st;
}
