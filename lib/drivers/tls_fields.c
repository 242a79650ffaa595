/* SPDX-License-Identifier: MIT */
/*
 * TLS as plans speak of it: `cacert` of a config, `verify` and `cert` of a
 * task, alike for every driver.
 */
#include "config.h"

#include <string.h>

#include <ld/buf.h>
#include <ld/driver.h>
#include <ld/json.h>
#include <ld/tls.h>

#include "net/tls.h"

/* -- the config ----------------------------------------------------------- */

enum ld_status
ld_tls_set_new(const struct ld_config *config, const char *const *alpn,
    struct ld_tls_set **set_out, struct ld_err *err)
{
	enum ld_status st = ldi_tls_set_new(config->cacert, alpn, set_out, err);

	if (st == LD_OK || err == NULL)
		return st;
	if (config->cacert_by_option) {
		ld_err_context(err, "--cacert");
		return st;
	}
	ld_err_context(err, "'cacert'");
	return ld_node_place(ld_node_get(config->object, "cacert"), err);
}

/* -- values --------------------------------------------------------------- */

static enum ld_json_kind
kind_of(struct ld_node node)
{
	return node.ref == LD_JSON_NONE ? LD_JSON_NULL
					: ld_json_kind(node.json, node.ref);
}

/* A string whose placeholders are known before the run. */
static enum ld_status
read_text(struct ld_compile *cc, struct ld_node node, const char *what,
    const char **text_out, struct ld_err *err)
{
	const struct ld_template *tpl;
	enum ld_status st;
	size_t len;

	if (kind_of(node) != LD_JSON_STRING)
		return ld_node_error(node, err, LD_INVALID,
		    "'%s' is a string, not %s", what,
		    kind_of(node) == LD_JSON_NULL
			? "missing"
			: ld_json_kind_name(kind_of(node)));
	st = ld_compile_text(cc, node, &tpl, err);
	if (st != LD_OK)
		return st;
	if (!ld_template_constant(tpl, text_out, &len))
		return ld_node_error(node, err, LD_INVALID,
		    "'%s' must be known before the run", what);
	if (len == 0 || strlen(*text_out) != len)
		return ld_node_error(node, err, LD_INVALID, "'%s' is %s", what,
		    len == 0 ? "empty" : "cut by a NUL character");
	return LD_OK;
}

static enum ld_status
read_verify(struct ld_compile *cc, struct ld_node node,
    struct ld_tls_options *options, struct ld_err *err)
{
	enum ld_json_kind kind = kind_of(node);
	const char *text;
	enum ld_status st;

	if (kind == LD_JSON_NULL || kind == LD_JSON_TRUE)
		return LD_OK;
	if (kind == LD_JSON_FALSE) {
		options->insecure = true;
		return LD_OK;
	}
	if (kind != LD_JSON_STRING)
		return ld_node_error(node, err, LD_INVALID,
		    "'verify' is true, false, or a CA file");
	st = read_text(cc, node, "verify", &text, err);
	if (st != LD_OK)
		return st;
	/* What a variable of the command line says is a string. */
	if (strcmp(text, "false") == 0)
		options->insecure = true;
	else if (strcmp(text, "true") != 0)
		options->ca_file = text;
	return LD_OK;
}

/* -- certificates --------------------------------------------------------- */

static enum ld_status
read_cert_array(struct ld_compile *cc, struct ld_node node,
    struct ld_tls_options *options, struct ld_err *err)
{
	struct ld_node cert = node, key = node, more = node;
	enum ld_status st;

	cert.ref = ld_json_at(node.json, node.ref, 0);
	key.ref = ld_json_at(node.json, node.ref, 1);
	more.ref = ld_json_at(node.json, node.ref, 2);
	if (key.ref == LD_JSON_NONE || more.ref != LD_JSON_NONE)
		return ld_node_error(node, err, LD_INVALID,
		    "'cert' is [certificate, key], two files");
	st = read_text(cc, cert, "cert", &options->cert_file, err);
	if (st == LD_OK && kind_of(key) != LD_JSON_NULL)
		st = read_text(cc, key, "key", &options->key_file, err);
	return st;
}

static const char *const cert_keys[] = { "cert", "key", "password" };

static enum ld_status
unknown_key(struct ld_node key, struct ld_err *err)
{
	const char *near;
	struct ld_buf word;

	ld_buf_init(&word, 1024);
	ld_json_text(key.json, key.ref, &word);
	near =
	    ld_err_nearest(ld_buf_str(&word), cert_keys, 3, sizeof(*cert_keys));
	ld_node_error(key, err, LD_INVALID,
	    near != NULL ? "unknown key '%.60s'; did you mean '%s'?"
			 : "unknown key '%.60s'",
	    ld_buf_str(&word), near);
	ld_buf_clear(&word);
	return LD_INVALID;
}

static enum ld_status
read_cert_member(struct ld_compile *cc, struct ld_node key,
    struct ld_tls_options *options, struct ld_err *err)
{
	const char **const to[] = { &options->cert_file, &options->key_file,
		&options->password };
	struct ld_node value = key;

	value.ref = ld_json_value(key.json, key.ref);
	for (size_t i = 0; i < 3; i++) {
		if (!ld_json_is(key.json, key.ref, cert_keys[i]))
			continue;
		if (kind_of(value) == LD_JSON_NULL)
			return LD_OK;
		return read_text(cc, value, cert_keys[i], to[i], err);
	}
	return unknown_key(key, err);
}

static enum ld_status
read_cert_object(struct ld_compile *cc, struct ld_node node,
    struct ld_tls_options *options, struct ld_err *err)
{
	struct ld_node key = node;
	enum ld_status st = LD_OK;

	for (key.ref = ld_json_first(node.json, node.ref);
	     st == LD_OK && key.ref != LD_JSON_NONE;
	     key.ref = ld_json_next(node.json, node.ref, key.ref))
		st = read_cert_member(cc, key, options, err);
	if (st == LD_OK && options->cert_file == NULL)
		st = ld_node_error(
		    node, err, LD_INVALID, "'cert' is missing in this object");
	return st;
}

static enum ld_status
read_cert(struct ld_compile *cc, struct ld_node node,
    struct ld_tls_options *options, struct ld_err *err)
{
	switch (kind_of(node)) {
	case LD_JSON_NULL:
		return LD_OK;
	case LD_JSON_STRING:
		return read_text(cc, node, "cert", &options->cert_file, err);
	case LD_JSON_ARRAY:
		return read_cert_array(cc, node, options, err);
	case LD_JSON_OBJECT:
		return read_cert_object(cc, node, options, err);
	case LD_JSON_TRUE:
	case LD_JSON_FALSE:
	case LD_JSON_NUMBER:
		break;
	}
	return ld_node_error(node, err, LD_INVALID,
	    "'cert' is a file, [certificate, key], or {\"cert\", \"key\", "
	    "\"password\"}");
}

static enum ld_status
placed(struct ld_node node, enum ld_status st, struct ld_err *err)
{
	if (st != LD_OK && kind_of(node) != LD_JSON_NULL)
		ld_node_place(node, err);
	return st;
}

/* -- both ----------------------------------------------------------------- */

enum ld_status
ld_tls_compile(struct ld_tls_set *set, const struct ld_tls_fields *fields,
    struct ld_compile *cc, struct ld_tls **tls_out, bool *insecure_out,
    struct ld_err *err)
{
	struct ld_tls_options options = { 0 };
	enum ld_status st = read_verify(cc, fields->verify, &options, err);

	if (st == LD_OK)
		st = read_cert(cc, fields->cert, &options, err);
	if (st != LD_OK)
		return st;
	if (options.ca_file != NULL)
		st = ldi_tls_set_check(set, options.ca_file, err);
	if (st != LD_OK)
		return placed(fields->verify, st, err);
	*insecure_out = options.insecure;
	return placed(
	    fields->cert, ld_tls_set_get(set, &options, tls_out, err), err);
}
