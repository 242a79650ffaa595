/* SPDX-License-Identifier: MIT */
/* Where the connections of a program go, and where they come from. */
#include "config.h"

#include <ld/pins.h>

#include "engine/program.h"
#include "plan/bind.h"
#include "plan/node.h"

typedef enum ld_status add_fn(
    struct ld_pins *pins, const char *text, struct ld_err *err);

/* A key of the config that is a list of texts. */
struct list {
	const char *key, *example;
	add_fn *add;
};

static enum ld_status
add_node(struct ld_program *p, const struct list *list, struct ld_node node,
    struct ld_err *err)
{
	const struct ld_template *tpl;
	const char *text;
	enum ld_status st;
	size_t len;

	if (ldi_node_kind(node) != LD_JSON_STRING)
		return ld_node_error(node, err, LD_INVALID,
		    "'%s' holds strings such as \"%s\"", list->key,
		    list->example);
	st = ldi_bind_text(p->bind, node, &tpl, err);
	if (st != LD_OK)
		return st;
	if (!ld_template_constant(tpl, &text, &len))
		return ld_node_error(node, err, LD_INVALID,
		    "'%s' must be known before the run, and %s is not",
		    list->key, ld_template_shape(tpl));
	st = list->add(p->pins, text, err);
	if (st == LD_OK)
		return st;
	ld_err_context(err, "'%s'", list->key);
	return ld_node_place(node, err);
}

static enum ld_status
add_list(struct ld_program *p, const struct list *list, struct ld_node nodes,
    struct ld_err *err)
{
	enum ld_json_kind kind = ldi_node_kind(nodes);
	enum ld_status st = LD_OK;

	if (kind == LD_JSON_NULL)
		return LD_OK;
	if (kind != LD_JSON_ARRAY)
		return ld_node_error(nodes, err, LD_INVALID,
		    "'%s' is an array of strings such as \"%s\"", list->key,
		    list->example);
	for (struct ld_node node = ldi_node_first(nodes);
	     st == LD_OK && ldi_node_present(node);
	     node = ldi_node_next(nodes, node))
		st = add_node(p, list, node, err);
	return st;
}

static enum ld_status
add_options(struct ld_program *p, const char *option, const char *const *texts,
    size_t n, add_fn *add, struct ld_err *err)
{
	enum ld_status st = LD_OK;

	for (size_t i = 0; st == LD_OK && i < n; i++) {
		st = add(p->pins, texts[i], err);
		if (st != LD_OK)
			ld_err_context(err, "--%s", option);
	}
	return st;
}

/* The plan's first: of two pins the later holds.  Of sources the command line
 * replaces the plan's. */
enum ld_status
ldi_program_pins(struct ld_program *p, struct ld_err *err)
{
	static const struct list resolve = { "resolve",
		"shop.test:443:127.0.0.1", ld_pins_add };
	static const struct list bind = { "bind", "127.0.0.2", ld_pins_bind };
	const struct ld_config *c = p->config;
	enum ld_status st;

	p->pins = ld_pins_new();
	if (p->pins == NULL)
		return ld_err_set(err, LD_NOMEM, "addresses");
	st = add_list(p, &resolve, c->resolve, err);
	if (st == LD_OK)
		st = add_options(p, "resolve", c->option_resolve,
		    c->n_option_resolve, ld_pins_add, err);
	if (st == LD_OK)
		st = add_options(p, "connect-to", c->option_connect_to,
		    c->n_option_connect_to, ld_pins_connect_to, err);
	if (st == LD_OK && c->n_option_bind == 0)
		st = add_list(p, &bind, c->bind, err);
	if (st == LD_OK)
		st = add_options(p, "bind", c->option_bind, c->n_option_bind,
		    ld_pins_bind, err);
	return st;
}
