/* SPDX-License-Identifier: MIT */
/*
 * data/shortest.h - the fewest decimal digits that read back as the double.
 */
#ifndef LDI_DATA_SHORTEST_H
#define LDI_DATA_SHORTEST_H

/* Digits that tell any two doubles apart. */
#define LDI_SHORTEST_MAX 17

/* d.ddd * 10^exp, without zeros behind the last digit that counts. */
struct ldi_shortest {
	char digits[LDI_SHORTEST_MAX + 1];
	int count;
	int exp;
};

/* `value` is finite and not negative. */
void ldi_shortest(struct ldi_shortest *out, double value);
/* The nearest that has `count` digits, 1 to LDI_SHORTEST_MAX. */
void ldi_shortest_rounded(struct ldi_shortest *out, double value, int count);

#endif /* LDI_DATA_SHORTEST_H */
