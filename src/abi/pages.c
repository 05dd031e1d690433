/* SPDX-License-Identifier: MIT */
/* Code pages out of sealed memory files (memfd_create(2), fcntl(2) F_ADD_SEALS). */
#include "abi/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC                                                                                             \
    0x0010U /* Linux 6.3: this file will be mapped executable, whatever vm.memfd_noexec's default */
#endif

static int
open_file(void)
{
    int fd = memfd_create("mend-trampolines", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

    if (fd < 0 && errno == EINVAL)
        fd = memfd_create("mend-trampolines", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return fd;
}

static bool
write_all(int fd, const char *bytes, size_t size)
{
    while (size != 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* The name of the call that failed, or NULL; the file is then sealed and lies over the first pages at `place`. */
static const char *
cover(int fd, const void *code, size_t code_size, unsigned char *place)
{
    if (!write_all(fd, code, code_size))
        return "write";
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return "fcntl(F_ADD_SEALS)";
    if (mmap(place, code_size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
        return "mmap(PROT_EXEC)";
    return NULL;
}

/* The same; *place is then mapped. */
static const char *
map(int fd, unsigned char *code, void (*write)(unsigned char *code, unsigned char *place), size_t code_size,
    size_t data_size, unsigned char **place)
{
    const char *failed;

    *place = mmap(NULL, code_size + data_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (*place == MAP_FAILED)
        return "mmap";
    write(code, *place);
    if ((failed = cover(fd, code, code_size, *place)) != NULL) {
        int error = errno;

        munmap(*place, code_size + data_size);
        errno = error;
    }
    return failed;
}

mend_status
mn_pages_map(unsigned char *code, void (*write)(unsigned char *code, unsigned char *place), size_t code_size,
             size_t data_size, void **base, mend_error *err)
{
    const char *failed = "memfd_create";
    unsigned char *mapped = NULL;
    int fd, error, cancel;

    /* write and close are cancellation points; a thread must not end here with the file open. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    if ((fd = open_file()) >= 0) {
        failed = map(fd, code, write, code_size, data_size, &mapped);
        error = errno;
        close(fd);
    } else {
        error = errno;
    }
    pthread_setcancelstate(cancel, NULL);
    if (failed != NULL)
        return mn_fail(err, MEND_NO_CODE_PAGES, "The system gives no executable memory: %s: %s.", failed,
                       strerror(error));
    *base = mapped;
    return MEND_OK;
}

void
mn_pages_unmap(void *base, size_t code_size, size_t data_size)
{
    munmap(base, code_size + data_size);
}
