/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "reporters/asked.h"

#include <stdlib.h>

struct ldi_asked_stage {
	uint64_t duration_ns;
	double rate;
};

static double
get_rate(const struct ld_json *json, ld_json_ref object)
{
	ld_json_ref ref = ld_json_get(json, object, "rate");
	double rate = 0;

	return ref != LD_JSON_NONE && ld_json_double(json, ref, &rate) &&
		       rate > 0
		   ? rate
		   : 0;
}

void
ldi_asked_read(
    struct ldi_asked *asked, const struct ld_json *json, ld_json_ref arrival)
{
	ld_json_ref list = ld_json_get(json, arrival, "stages"), at;

	asked->rate = asked->most = get_rate(json, arrival);
	if (ld_json_kind(json, list) != LD_JSON_ARRAY)
		return;
	asked->stages = calloc(
	    (size_t)ld_json_count(json, list) + 1, sizeof(*asked->stages));
	if (asked->stages == NULL)
		return;
	for (at = ld_json_first(json, list); at != LD_JSON_NONE;
	     at = ld_json_next(json, list, at)) {
		struct ldi_asked_stage *stage = &asked->stages[asked->n++];
		ld_json_ref duration = ld_json_get(json, at, "duration_ns");

		if (duration != LD_JSON_NONE)
			ld_json_u64(json, duration, &stage->duration_ns);
		stage->rate = get_rate(json, at);
		if (stage->rate > asked->most)
			asked->most = stage->rate;
	}
}

void
ldi_asked_clear(struct ldi_asked *asked)
{
	free(asked->stages);
	*asked = (struct ldi_asked){ .n = 0 };
}

double
ldi_asked_at(const struct ldi_asked *asked, double t_ns)
{
	double rate = asked->rate;

	for (size_t i = 0; i < asked->n; i++) {
		const struct ldi_asked_stage *stage = &asked->stages[i];
		double duration = (double)stage->duration_ns;

		if (t_ns < duration)
			return rate + (stage->rate - rate) * t_ns / duration;
		t_ns -= duration;
		rate = stage->rate;
	}
	return rate;
}
