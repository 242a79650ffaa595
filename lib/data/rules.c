/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <string.h>

#include <ld/num.h>
#include <ld/time.h>
#include <ld/validity.h>

static const struct ld_rule_row rows[] = {
#define X(name, word, unit, degraded, invalid, help) \
	{ word, LD_RULE_##unit, degraded, invalid, help },
	LD_RULE_MAP(X)
#undef X
};

const struct ld_rule_row *
ld_rules(void)
{
	return rows;
}

void
ld_thresholds_init(struct ld_thresholds *thresholds)
{
	for (size_t i = 0; i < LD_RULE_N; i++) {
		thresholds->of[i].degraded = rows[i].degraded;
		thresholds->of[i].invalid = rows[i].invalid;
	}
}

static bool
read_value(enum ld_rule_unit unit, const char *text, size_t len, double *out)
{
	uint64_t whole;

	if (len == 3 && memcmp(text, "off", 3) == 0) {
		*out = HUGE_VAL;
		return true;
	}
	if (unit == LD_RULE_SHARE)
		return ld_num_share(text, len, out);
	if ((unit == LD_RULE_COUNT
		    ? ld_num_u64(text, len, &whole, NULL)
		    : ld_duration_parse(text, len, &whole, NULL)) != LD_OK)
		return false;
	*out = (double)whole;
	return true;
}

static enum ld_status
find_rule(const char *text, size_t len, size_t *rule_out, struct ld_err *err)
{
	char word[40];
	const char *near;

	for (size_t i = 0; i < LD_RULE_N; i++)
		if (strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, text, len) == 0) {
			*rule_out = i;
			return LD_OK;
		}
	if (len >= sizeof(word))
		len = sizeof(word) - 1;
	memcpy(word, text, len);
	word[len] = '\0';
	near = ld_err_nearest(word, &rows[0].name, LD_RULE_N, sizeof(rows[0]));
	if (near != NULL)
		return ld_err_set(err, LD_INVALID,
		    "there is no rule '%s'; did you mean '%s'?", word, near);
	return ld_err_set(err, LD_INVALID,
	    "there is no rule '%s'; there are late, busy, missed, shed, local, "
	    "clock, suspend and stall",
	    word);
}

static const char *
example(enum ld_rule_unit unit)
{
	return unit == LD_RULE_SHARE   ? "a share such as 0.02 or 2%"
	       : unit == LD_RULE_COUNT ? "a count"
				       : "a duration such as 500ms";
}

enum ld_status
ld_thresholds_set(
    struct ld_thresholds *thresholds, const char *text, struct ld_err *err)
{
	const char *equals = strchr(text, '='), *value, *colon;
	const struct ld_rule_row *row;
	size_t rule = 0, len;
	double degraded, invalid;
	enum ld_status st;

	if (equals == NULL)
		return ld_err_set(err, LD_INVALID,
		    "'%.60s' is not NAME=DEGRADED:INVALID", text);
	st = find_rule(text, (size_t)(equals - text), &rule, err);
	if (st != LD_OK)
		return st;
	row = &rows[rule];
	value = equals + 1;
	colon = strchr(value, ':');
	len = colon != NULL ? (size_t)(colon - value) : strlen(value);
	if (!read_value(row->unit, value, len, &degraded))
		return ld_err_set(err, LD_INVALID,
		    "%s: '%.*s' is not %s, or off", row->name,
		    len < 60 ? (int)len : 60, value, example(row->unit));
	invalid = row->degraded < row->invalid ? row->invalid : degraded;
	if (colon != NULL &&
	    !read_value(row->unit, colon + 1, strlen(colon + 1), &invalid))
		return ld_err_set(err, LD_INVALID,
		    "%s: '%.60s' is not %s, or off", row->name, colon + 1,
		    example(row->unit));
	if (invalid < degraded && colon != NULL)
		return ld_err_set(err, LD_INVALID,
		    "%s: invalid from '%.60s' on would hide degraded",
		    row->name, colon + 1);
	thresholds->of[rule].degraded = degraded;
	thresholds->of[rule].invalid = invalid < degraded ? degraded : invalid;
	return LD_OK;
}
