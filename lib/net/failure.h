/* SPDX-License-Identifier: MIT */
/*
 * net/failure.h - why a stream ended: the class for records, a sentence for
 * people.
 */
#ifndef LDI_NET_FAILURE_H
#define LDI_NET_FAILURE_H

#include <stdbool.h>

#include <ld/api.h>
#include <ld/ledger.h>
#include <ld/limits.h>

struct ldi_failure {
	enum ld_class cls;
	char text[LD_MAX_FAILURE_TEXT];
};

void ldi_failure_set(struct ldi_failure *failure, enum ld_class cls,
    const char *fmt, ...) LD_PRINTF(3, 4);

/* Room for the words of an errno. */
#define LDI_ERRNO_TEXT 96
/* "connection refused": in lower case, from any thread. */
const char *ldi_errno_text(int errnum, char buf[LDI_ERRNO_TEXT]);

/* Of a failing connect(), or of a failing send() or recv(). */
enum ld_class ldi_class_of_connect(int errnum);
enum ld_class ldi_class_of_io(int errnum);

#endif /* LDI_NET_FAILURE_H */
