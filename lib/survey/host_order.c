/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "survey/host_order.h"
#include "survey/survey_set.h"

#define RADIX_BITS  12
#define RADIX_SIZE  (1U << RADIX_BITS)
#define RADIX_STEPS 4 /* of 48 bits: address and port */

struct host_place {
	uint64_t key;
	uint32_t index;
};

static bool
is_sorted(const struct survey_set *set)
{
	for (uint32_t i = 1; i < set->host_count; i++) {
		const struct survey_host *host = &set->hosts[i];
		if (host[-1].address > host->address ||
			(host[-1].address == host->address && host[-1].port >= host->port))
			return false;
	}
	return true;
}

/* One pass of a radix sort, stable, from places to sorted. */
static void
sort_step(const struct host_place *places, struct host_place *sorted, uint32_t count,
	unsigned int step)
{
	uint32_t starts[RADIX_SIZE + 1] = { 0 };
	const unsigned int shift = step * RADIX_BITS;

	for (uint32_t i = 0; i < count; i++)
		starts[(places[i].key >> shift & (RADIX_SIZE - 1)) + 1]++;
	for (uint32_t i = 1; i < RADIX_SIZE; i++)
		starts[i] += starts[i - 1];
	for (uint32_t i = 0; i < count; i++)
		sorted[starts[places[i].key >> shift & (RADIX_SIZE - 1)]++] = places[i];
}

static int
compare_numbers(uint64_t left, uint64_t right)
{
	return (left > right) - (left < right);
}

/* Positive where left is the later record of the same address and port. */
static int
compare_records(const struct survey_set *set, const struct survey_host *left,
	const struct survey_host *right)
{
	const struct survey_certificate *a = survey_certificate_of(set, left);
	const struct survey_certificate *b = survey_certificate_of(set, right);

	if (left->timestamp_us != right->timestamp_us)
		return left->timestamp_us > right->timestamp_us ? 1 : -1;
	if (left->outcome != right->outcome)
		return left->outcome > right->outcome ? 1 : -1;
	if (a != NULL && b != NULL && memcmp(a->sha256, b->sha256, 32) != 0)
		return memcmp(a->sha256, b->sha256, 32);
	if ((a == NULL) != (b == NULL))
		return a != NULL ? 1 : -1;
	if (left->status != right->status)
		return left->status > right->status ? 1 : -1;
	if (left->country != right->country)
		return left->country > right->country ? 1 : -1;
	return compare_numbers((uint64_t)left->total_us << 32 | left->rtt_us,
		(uint64_t)right->total_us << 32 | right->rtt_us);
}

static uint32_t
gather(const struct survey_set *set, const struct host_place *places, struct survey_host *hosts)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < set->host_count; i++) {
		const struct survey_host *host = &set->hosts[places[i].index];

		if (i == 0 || places[i].key != places[i - 1].key)
			hosts[kept++] = *host;
		else if (compare_records(set, host, &hosts[kept - 1]) > 0)
			hosts[kept - 1] = *host;
	}
	return kept;
}

int
host_order_sort(struct survey_set *set)
{
	if (is_sorted(set))
		return 0;
	struct host_place *places = calloc(set->host_count, sizeof(*places));
	struct host_place *spare = calloc(set->host_count, sizeof(*spare));
	struct survey_host *hosts = calloc(set->host_count, sizeof(*hosts));
	const int error = places == NULL || spare == NULL || hosts == NULL ? ERROR_MEMORY : 0;

	for (uint32_t i = 0; error == 0 && i < set->host_count; i++)
		places[i] = (struct host_place){
			(uint64_t)set->hosts[i].address << 16 | set->hosts[i].port, i
		};
	for (unsigned int step = 0; error == 0 && step < RADIX_STEPS; step++) {
		struct host_place *swap = places;

		sort_step(places, spare, set->host_count, step);
		places = spare;
		spare = swap;
	}
	if (error == 0) {
		set->host_count = gather(set, places, hosts);
		set->host_capacity = set->host_count;
		free(set->hosts);
		set->hosts = hosts;
		hosts = NULL;
	}
	free(hosts);
	free(places);
	free(spare);
	return error;
}
