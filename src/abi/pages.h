/* SPDX-License-Identifier: MIT */
/*
 * Executable memory made at run time, without any page that is, was or becomes both writable and executable.
 *
 * The bytes are written into a memory file by write(2), the file is sealed against change, and then mapped
 * read-execute beside private writable memory. Needs no /proc, works under PR_SET_MDWE, and keeps no
 * descriptor.
 */
#ifndef MN_ABI_PAGES_H
#define MN_ABI_PAGES_H

#include "base/error.h"

#include <stddef.h>

/*
 * Maps code (a multiple of 64 KiB) followed by `data_size` zeroed writable bytes. write(code, place) is called once to
 * fill `code`, when the place is known and the bytes behind it can be written. Fails with MEND_NO_CODE_PAGES naming the
 * system call; nothing is left behind then.
 */
mend_status mn_pages_map(unsigned char *code, void (*write)(unsigned char *code, unsigned char *place),
                         size_t code_size, size_t data_size, void **base, mend_error *err);
void mn_pages_unmap(void *base, size_t code_size, size_t data_size);
#endif
