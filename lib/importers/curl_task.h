/* SPDX-License-Identifier: MIT */
/*
 * importers/curl_task.h - one curl command line as one task.
 */
#ifndef LDI_IMPORTERS_CURL_TASK_H
#define LDI_IMPORTERS_CURL_TASK_H

#include <stddef.h>
#include <stdint.h>

#include <ld/buf.h>
#include <ld/err.h>

/*
 * Append the JSON object of the task that stands for `command`, without its
 * "type".  A command that makes none or several is LD_INVALID; what it says
 * that a task cannot is dropped, as ld_import() would tell in losses, whose
 * number goes to *losses_out (may be NULL).
 */
enum ld_status ldi_curl_task(const char *command, size_t len,
    struct ld_buf *out, uint64_t *losses_out, struct ld_err *err);

#endif /* LDI_IMPORTERS_CURL_TASK_H */
