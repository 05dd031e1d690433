/* SPDX-License-Identifier: MIT */
/* Reading a file whose size, kind and content nobody has vouched for. */
#include "cli/source.h"

#include "agent/protocol.h"
#include "base/error.h"
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

static mend_status
too_large(const char *path, mend_error *err)
{
    return mn_fail(err, MEND_TOO_LARGE, "%s is larger than %d MiB, the most a patch may have", path,
                   MN_SOURCE_MAX >> 20);
}

static mend_status
read_all(int fd, const char *path, struct mn_buffer *text, mend_error *err)
{
    for (;;) {
        char *room = mn_buffer_extend(text, PIECE);
        ssize_t n;

        if (room == NULL)
            return mn_fail_memory(err);
        n = read(fd, room, PIECE);
        text->length -= PIECE - (size_t)(n > 0 ? n : 0);
        if (n == 0)
            return MEND_OK;
        if (n < 0 && errno == EINTR && mn_interrupted())
            return mn_fail_interrupted(err);
        if (n < 0 && errno != EINTR)
            return mn_fail(err, MEND_IO, "cannot read %s: %s", path, strerror(errno));
        if (text->length > MN_SOURCE_MAX)
            return too_large(path, err);
    }
}

/* One UTF-8 sequence at `s` of at most `left` bytes; its length, 0 when malformed (RFC 3629). */
static size_t
sequence(const unsigned char *s, size_t left)
{
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;

    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90) ||
        (s[0] == 0xF4 && s[1] > 0x8F))
        return 0;
    return n;
}

static mend_status
look_at(const char *path, const struct mn_buffer *text, mend_error *err)
{
    const unsigned char *bytes = (const unsigned char *)mn_buffer_peek(text);
    size_t n;

    if (text->length == 0)
        return mn_fail(err, MEND_NOT_TEXT, "%s is empty", path);
    for (size_t i = 0; i < text->length; i += n)
        if (bytes[i] == 0 || (n = sequence(bytes + i, text->length - i)) == 0)
            return mn_fail(err, MEND_NOT_TEXT, "%s is not text: byte %zu is 0x%02x", path, i + 1, bytes[i]);
    return MEND_OK;
}

static mend_status
open_file(const char *path, int *fd, mend_error *err)
{
    struct stat about;

    *fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 && errno == EINTR && mn_interrupted())
        return mn_fail_interrupted(err); /* nobody writes to the FIFO */
    if (*fd < 0)
        return mn_fail(err, MEND_IO, "cannot read %s: %s", path, strerror(errno));
    if (fstat(*fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > MN_SOURCE_MAX) {
        close(*fd);
        return too_large(path, err);
    }
    return MEND_OK;
}

mend_status
mn_patch_file_read(const char *path, struct mn_patch_file *file, mend_error *err)
{
    mend_status st;
    int fd;

    *file = (struct mn_patch_file){.path = strcmp(path, "-") == 0 ? "stdin" : path};
    if ((st = open_file(path, &fd, err)) != MEND_OK)
        return st;
    st = read_all(fd, path, &file->text, err);
    close(fd);
    file->unit = st == MEND_OK && file->text.length >= 8 && memcmp(file->text.data, MN_UNIT_MAGIC, 8) == 0;
    if (st == MEND_OK && !file->unit)
        st = look_at(path, &file->text, err);
    if (st != MEND_OK)
        mn_patch_file_free(file);
    return st;
}

void
mn_patch_file_free(struct mn_patch_file *file)
{
    mn_buffer_fini(&file->text);
}

void
mn_patch_file_id(const char *path, char *id, size_t size)
{
    const char *slash = strrchr(path, '/'), *start = slash != NULL ? slash + 1 : path;
    char *dot;

    mn_copy_text(id, size, start);
    if ((dot = strrchr(id, '.')) != NULL && dot != id)
        *dot = '\0';
}
