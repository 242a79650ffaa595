/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "reporters/axis.h"

static void
add_tick(struct ldi_axis *axis, double value)
{
	if (axis->n < LDI_AXIS_TICKS)
		axis->tick[axis->n++] = value;
}

/* The least of 1, 2, 5 x 10^n that is not below `step`. */
static double
round_step(double step)
{
	double power = 1;

	while (power * 10 <= step)
		power *= 10;
	while (power > step)
		power /= 10;
	if (step <= power)
		return power;
	return step <= power * 2   ? power * 2
	       : step <= power * 5 ? power * 5
				   : power * 10;
}

static void
set_steps(struct ldi_axis *axis, double max, double step)
{
	*axis = (struct ldi_axis){ .max = step };
	while (axis->max < max * 0.9999)
		axis->max += step;
	for (unsigned i = 0; i * step <= axis->max * 1.0001; i++)
		add_tick(axis, i * step);
}

void
ldi_axis_linear(struct ldi_axis *axis, double max, unsigned want)
{
	set_steps(axis, max, round_step((max > 0 ? max : 1) / want));
}

void
ldi_axis_whole(struct ldi_axis *axis, double max, unsigned want)
{
	double step = round_step((max > 0 ? max : 1) / want);

	set_steps(axis, max, step < 1 ? 1 : step);
}

/* At 1, 2 and 5 of every decade; where decades are many, at powers of ten,
 * and not at all of those. */
static void
log_ticks(struct ldi_axis *axis)
{
	static const double steps[] = { 1, 2, 5 };
	double decades = log10(axis->max / axis->min);
	unsigned every = decades > 8 ? 3 : decades > 6 ? 2 : 1;
	unsigned count = 0;

	for (double power = 1; power <= axis->max * 1.0001; power *= 10) {
		if (count++ % every != 0)
			continue;
		for (size_t i = 0; i < (decades < 6 ? 3 : 1); i++)
			if (power * steps[i] >= axis->min * 0.9999 &&
			    power * steps[i] <= axis->max * 1.0001)
				add_tick(axis, power * steps[i]);
	}
}

void
ldi_axis_log(struct ldi_axis *axis, double min, double max, unsigned names)
{
	double up;

	min = min < 1 ? 1 : min;
	max = max < min ? min : max;
	up = round_step(max);
	/* Downwards: the step above min, or the one below it. */
	*axis = (struct ldi_axis){ .min = round_step(min), .log = true };
	if (axis->min > min) {
		double power = pow(10, floor(log10(min) + 1e-9));

		axis->min = min >= power * 5   ? power * 5
			    : min >= power * 2 ? power * 2
					       : power;
	}
	axis->max = up > axis->min ? up : axis->min * 2;
	log_ticks(axis);
	axis->sparse = axis->n > names;
}

void
ldi_axis_time(struct ldi_axis *axis, uint64_t end_ns)
{
	static const double steps[] = { 1e8, 2e8, 5e8, 1e9, 2e9, 5e9, 10e9,
		15e9, 30e9, 60e9, 120e9, 300e9, 600e9, 900e9, 1800e9, 3600e9,
		7200e9, 14400e9, 28800e9, 86400e9 };
	size_t i = 0, n = sizeof(steps) / sizeof(steps[0]);
	double step;

	*axis = (struct ldi_axis){ .max = (double)end_ns };
	while (i + 1 < n && axis->max / steps[i] > 6.5)
		i++;
	step = steps[i];
	while (axis->max / step > 10)
		step *= 2;
	for (unsigned t = 0; t * step <= axis->max * 1.0001; t++)
		add_tick(axis, t * step);
}

bool
ldi_axis_named(const struct ldi_axis *axis, size_t tick)
{
	double value = axis->tick[tick], power = 1;

	while (power < value * 0.9999)
		power *= 10;
	return !axis->sparse || power < value * 1.0001;
}

double
ldi_axis_at(const struct ldi_axis *axis, double value)
{
	double at;

	if (axis->max <= axis->min)
		return 0;
	if (axis->log)
		at = value <= axis->min
			 ? 0
			 : log(value / axis->min) / log(axis->max / axis->min);
	else
		at = (value - axis->min) / (axis->max - axis->min);
	return at < 0 ? 0 : at > 1 ? 1 : at;
}
