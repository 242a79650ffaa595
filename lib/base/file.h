/* SPDX-License-Identifier: MIT */
/*
 * base/file.h - files read whole, and files that have no name.
 */
#ifndef LDI_BASE_FILE_H
#define LDI_BASE_FILE_H

#include <ld/buf.h>
#include <ld/err.h>

/* Append everything up to the end of file.  LD_INVALID when that is more than
 * the buffer may hold; `what` names it then ("the CSV file"). */
enum ld_status ldi_file_read(
    int fd, struct ld_buf *buf, const char *what, struct ld_err *err);

/* A file in $TMPDIR, or /tmp, whose name is gone already; -1 with errno. */
int ldi_file_unnamed(void);

#endif /* LDI_BASE_FILE_H */
