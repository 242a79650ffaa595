/* SPDX-License-Identifier: MIT */
/* net/pem.h - PEM files, as OpenSSL wants them. */
#ifndef LDI_NET_PEM_H
#define LDI_NET_PEM_H

#include <openssl/bio.h>

#include <ld/buf.h>
#include <ld/err.h>

/* The file's text; `what` is "CA file", say.  The buffer is initialized here,
 * and to be given to ldi_pem_forget(), whatever comes out. */
enum ld_status ldi_pem_read(
    const char *file, const char *what, struct ld_buf *buf, struct ld_err *err);
/* Wipes it: it may have held a key. */
void ldi_pem_forget(struct ld_buf *buf);

/* "CA file 'x' cannot be used: REASON", by the first of OpenSSL's errors, which
 * tells most; they are cleared. */
enum ld_status ldi_pem_refuse(
    const char *file, const char *what, struct ld_err *err);

#endif /* LDI_NET_PEM_H */
