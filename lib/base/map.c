/* SPDX-License-Identifier: MIT */
/*
 * Entries stand in an array in the order of insertion; an index of twice
 * that many slots or more, with linear probing, finds them.  The hash is
 * SipHash-1-3 (Aumasson, Bernstein, 2012) with a random key per map.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <ld/rng.h>

#include "base/map.h"

#define FIRST_SLOTS 16
#define EMPTY UINT32_MAX

struct entry {
	uint64_t hash;
	char *key;
	size_t len;
	void *value;
};

struct ldi_map {
	uint64_t seed[2];
	struct entry *entries;
	size_t count;
	uint32_t *slots; /* entry number, or EMPTY */
	size_t n_slots;  /* a power of two; entries has half as many */
};

static uint64_t
rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1], v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1], v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static uint64_t
sip_hash(const uint64_t seed[2], const char *key, size_t len)
{
	uint64_t v[4] = { seed[0] ^ UINT64_C(0x736f6d6570736575),
		seed[1] ^ UINT64_C(0x646f72616e646f6d),
		seed[0] ^ UINT64_C(0x6c7967656e657261),
		seed[1] ^ UINT64_C(0x7465646279746573) };
	uint64_t word, last = (uint64_t)len << 56;
	size_t whole = len & ~(size_t)7;

	for (size_t i = 0; i < whole; i += 8) {
		memcpy(&word, key + i, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	for (size_t i = whole; i < len; i++)
		last |= (uint64_t)(unsigned char)key[i] << (i - whole) * 8;
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct ldi_map *
ldi_map_new(void)
{
	struct ldi_map *map = calloc(1, sizeof(*map));

	if (map == NULL)
		return NULL;
	map->seed[0] = ld_rng_seed();
	map->seed[1] = ld_rng_seed();
	return map;
}

void
ldi_map_free(struct ldi_map *map)
{
	if (map == NULL)
		return;
	ldi_map_clear(map);
	free(map->entries);
	free(map->slots);
	free(map);
}

void
ldi_map_clear(struct ldi_map *map)
{
	for (size_t i = 0; i < map->count; i++)
		free(map->entries[i].key);
	for (size_t i = 0; i < map->n_slots; i++)
		map->slots[i] = EMPTY;
	map->count = 0;
}

size_t
ldi_map_count(const struct ldi_map *map)
{
	return map->count;
}

/* The slot that holds the key, or the empty one where it would go. */
static size_t
find_slot(const struct ldi_map *map, uint64_t hash, const char *key, size_t len)
{
	size_t mask = map->n_slots - 1;
	size_t at = (size_t)hash & mask;

	for (; map->slots[at] != EMPTY; at = (at + 1) & mask) {
		const struct entry *entry = &map->entries[map->slots[at]];

		if (entry->hash == hash && entry->len == len &&
		    (len == 0 || memcmp(entry->key, key, len) == 0))
			break;
	}
	return at;
}

void *
ldi_map_get(const struct ldi_map *map, const char *key, size_t len)
{
	uint32_t found;

	if (map->count == 0)
		return NULL;
	found =
	    map->slots[find_slot(map, sip_hash(map->seed, key, len), key, len)];
	return found == EMPTY ? NULL : map->entries[found].value;
}

static bool
grow(struct ldi_map *map)
{
	size_t n = map->n_slots == 0 ? FIRST_SLOTS : map->n_slots * 2;
	struct entry *entries;
	uint32_t *slots;

	if (n > EMPTY / 2)
		return false;
	entries = realloc(map->entries, n / 2 * sizeof(*entries));
	if (entries == NULL)
		return false;
	map->entries = entries;
	slots = malloc(n * sizeof(*slots));
	if (slots == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		slots[i] = EMPTY;
	for (uint32_t i = 0; i < map->count; i++) {
		size_t at = (size_t)entries[i].hash & (n - 1);

		while (slots[at] != EMPTY)
			at = (at + 1) & (n - 1);
		slots[at] = i;
	}
	free(map->slots);
	map->slots = slots;
	map->n_slots = n;
	return true;
}

bool
ldi_map_set(struct ldi_map *map, const char *key, size_t len, void *value,
    void **old_out)
{
	uint64_t hash = sip_hash(map->seed, key, len);
	struct entry *entry;
	char *copy;
	size_t at;

	if (old_out != NULL)
		*old_out = NULL;
	if (map->count >= map->n_slots / 2 && !grow(map))
		return false;
	at = find_slot(map, hash, key, len);
	if (map->slots[at] != EMPTY) {
		entry = &map->entries[map->slots[at]];
		if (old_out != NULL)
			*old_out = entry->value;
		entry->value = value;
		return true;
	}
	copy = malloc(len + 1);
	if (copy == NULL)
		return false;
	if (len > 0)
		memcpy(copy, key, len);
	copy[len] = '\0';
	map->entries[map->count] = (struct entry){
		.hash = hash, .key = copy, .len = len, .value = value
	};
	map->slots[at] = (uint32_t)map->count++;
	return true;
}

const char *
ldi_map_key(const struct ldi_map *map, size_t i, size_t *len_out)
{
	if (len_out != NULL)
		*len_out = map->entries[i].len;
	return map->entries[i].key;
}

void *
ldi_map_value(const struct ldi_map *map, size_t i)
{
	return map->entries[i].value;
}
