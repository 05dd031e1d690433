/* SPDX-License-Identifier: MIT */
/* PATH, ELF headers (System V gABI, chapters 4 and 5) and permission bits. */
#include "cli/program.h"

#include "base/error.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static bool
is_program(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, X_OK) == 0;
}

static mend_status
find_in_path(const char *name, char *path, size_t size, mend_error *err)
{
    const char *folders = getenv("PATH");

    if (folders == NULL)
        folders = "/usr/local/bin:/usr/bin:/bin";
    for (const char *start = folders;; start += strcspn(start, ":") + 1) {
        int length = (int)strcspn(start, ":");
        int n = snprintf(path, size, "%.*s%s%s", length, start, length > 0 ? "/" : "./", name);

        if (n > 0 && (size_t)n < size && is_program(path))
            return MEND_OK;
        if (start[length] == '\0')
            break;
    }
    return mn_fail(err, MEND_IO, "cannot find the program %s", name);
}

mend_status
mn_program_find(const char *name, char *path, size_t size, mend_error *err)
{
    if (strchr(name, '/') == NULL)
        return find_in_path(name, path, size, err);
    if (strlen(name) >= size)
        return mn_fail(err, MEND_IO, "the path of the program is too long");
    strcpy(path, name);
    if (is_program(path))
        return MEND_OK;
    return mn_fail(err, MEND_IO, "cannot run %s: %s", name,
                   access(path, F_OK) != 0 ? strerror(errno) : "it is not an executable file");
}

/* AT_SECURE will be set: the linker ignores LD_PRELOAD then, as it must. */
static bool
is_privileged(int fd, const struct stat *about)
{
    return ((about->st_mode & S_ISUID) && about->st_uid != geteuid()) ||
           ((about->st_mode & S_ISGID) && about->st_gid != getegid()) ||
           (geteuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0);
}

static bool
has_interpreter(int fd, const Elf64_Ehdr *header)
{
    for (int i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr segment;
        off_t at = (off_t)(header->e_phoff + (uint64_t)i * header->e_phentsize);

        if (pread(fd, &segment, sizeof segment, at) != (ssize_t)sizeof segment)
            return false;
        if (segment.p_type == PT_INTERP)
            return true;
    }
    return false;
}

static mend_status
check_elf(int fd, const char *path, const Elf64_Ehdr *header, mend_error *err)
{
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != EM_X86_64)
        return mn_fail(err, MEND_UNSUPPORTED, "%s is a program for another kind of processor", path);
    if (!has_interpreter(fd, header)) {
        mn_fail(err, MEND_UNSUPPORTED, "%s is statically linked: nothing can be loaded into it", path);
        mn_remedy(err, "use a dynamically linked build");
        return MEND_UNSUPPORTED;
    }
    return MEND_OK;
}

static mend_status
check_open(int fd, const char *path, bool patched, mend_error *err)
{
    Elf64_Ehdr header = {0};
    struct stat about;
    ssize_t n;

    if (fstat(fd, &about) == 0 && is_privileged(fd, &about)) {
        mn_fail(err, MEND_UNSUPPORTED, "%s runs with another user's rights: it takes no patches", path);
        mn_remedy(err, "run it as the user whose rights it takes");
        return MEND_UNSUPPORTED;
    }
    n = pread(fd, &header, sizeof header, 0);
    if (n == (ssize_t)sizeof header && memcmp(header.e_ident, ELFMAG, SELFMAG) == 0)
        return check_elf(fd, path, &header, err);
    if (n < 2 || memcmp(header.e_ident, "#!", 2) != 0)
        return mn_fail(err, MEND_UNSUPPORTED, "%s is not a program", path);
    if (!patched)
        return MEND_OK;
    mn_fail(err, MEND_UNSUPPORTED, "%s is a script: the program that runs it has no Objective-C", path);
    mn_remedy(err, "start the script with `mend run` alone and patch its program with `mend apply`");
    return MEND_UNSUPPORTED;
}

/* A program that may be run but not read is left to the preloaded library. */
mend_status
mn_program_check(const char *path, bool patched, mend_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    mend_status st;

    if (fd < 0)
        return MEND_OK;
    st = check_open(fd, path, patched, err);
    close(fd);
    return st;
}
