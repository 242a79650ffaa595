/* SPDX-License-Identifier: MIT */
/*
 * file.h - inputs read whole, outputs that are not inputs.
 */
#ifndef CMD_FILE_H
#define CMD_FILE_H

#include <ld/buf.h>
#include <ld/err.h>

#include "common/cmd.h"

/* What errors call an input: "-" is "(stdin)". */
const char *cmd_input_name(const char *path);

/* Open for reading; "-" is stdin.  -1 and *err on failure, a directory being
 * one. */
int cmd_open_input(const char *path, struct ld_err *err);

/* Close what cmd_open_input() opened; stdin stays open. */
void cmd_close_input(int fd);

/* Append the whole input to `out`. */
enum ld_status cmd_read_input(
    const char *path, struct ld_buf *out, struct ld_err *err);

/*
 * Open an output and empty it; NULL or "-" is stdout.  CMD_USAGE when it is
 * also one of the `n` inputs (same device and inode; "-" is stdin), which
 * then stays as it was; CMD_OUTPUT for any other failure.
 */
enum cmd_exit cmd_open_output(const char *path, const char *const *inputs,
    size_t n, int *fd_out, struct ld_err *err);

/* Write all of it; LD_IO with the output's name on failure. */
enum ld_status cmd_write_output(
    int fd, const char *path, const struct ld_buf *content, struct ld_err *err);

/* Close it and learn whether the last bytes arrived; stdout stays open. */
enum ld_status cmd_close_output(int fd, const char *path, struct ld_err *err);

#endif /* CMD_FILE_H */
