/* SPDX-License-Identifier: MIT */
/*
 * ld/api.h - marks on declarations, shared by all public headers.
 *
 * LD_API is what makes a symbol leave the library; everything else is hidden.
 */
#ifndef LD_API_H
#define LD_API_H

#define LD_API __attribute__((visibility("default")))
#define LD_MUST_CHECK __attribute__((warn_unused_result))
#define LD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#endif /* LD_API_H */
