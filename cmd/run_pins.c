/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/pins.h>

#include "run_pins.h"

enum ld_status
run_pins_check(const struct ld_opt_list *resolve,
    const struct ld_opt_list *connect_to, struct ld_err *err)
{
	struct ld_pins *pins = ld_pins_new();
	enum ld_status st = LD_OK;

	if (pins == NULL)
		return ld_err_set(err, LD_NOMEM, "out of memory");
	for (size_t i = 0; st == LD_OK && i < resolve->n; i++)
		st = ld_pins_add(pins, resolve->items[i], err);
	if (st != LD_OK)
		ld_err_context(err, "--resolve");
	for (size_t i = 0; st == LD_OK && i < connect_to->n; i++) {
		st = ld_pins_connect_to(pins, connect_to->items[i], err);
		if (st != LD_OK)
			ld_err_context(err, "--connect-to");
	}
	ld_pins_free(pins);
	return st;
}
