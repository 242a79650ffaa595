/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ld/pins.h>

#include "run_pins.h"

typedef enum ld_status add_fn(
    struct ld_pins *pins, const char *text, struct ld_err *err);

static enum ld_status
add_all(struct ld_pins *pins, const char *option,
    const struct ld_opt_list *list, add_fn *add, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < list->n; i++)
		st = add(pins, list->items[i], err);
	return st == LD_OK ? LD_OK : ld_err_context(err, "--%s", option);
}

enum ld_status
run_pins_check(const struct ld_opt_list *resolve,
    const struct ld_opt_list *connect_to, const struct ld_opt_list *bind,
    struct ld_err *err)
{
	struct ld_pins *pins = ld_pins_new();
	enum ld_status st;

	if (pins == NULL)
		return ld_err_set(err, LD_NOMEM, "out of memory");
	st = add_all(pins, "resolve", resolve, ld_pins_add, err);
	if (st == LD_OK)
		st = add_all(
		    pins, "connect-to", connect_to, ld_pins_connect_to, err);
	if (st == LD_OK)
		st = add_all(pins, "bind", bind, ld_pins_bind, err);
	ld_pins_free(pins);
	return st;
}
