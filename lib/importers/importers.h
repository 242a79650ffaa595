/* SPDX-License-Identifier: MIT */
/*
 * importers/importers.h - the built-in importers; registry.c lists them.
 */
#ifndef LDI_IMPORTERS_IMPORTERS_H
#define LDI_IMPORTERS_IMPORTERS_H

#include <ld/import.h>

extern const struct ld_importer ldi_importer_curl;
extern const struct ld_importer ldi_importer_har;

#endif /* LDI_IMPORTERS_IMPORTERS_H */
