/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "survey/key_clusters.h"

#define CASES        100000
#define NODES        12
#define HOLDS        30
#define KEYS         14
#define NUMBER(name) ((uint32_t)(sizeof(name) / sizeof((name)[0])))

static uint8_t digests[KEYS][32];

static void
make_digests(void)
{
	for (uint8_t i = 0; i < KEYS; i++)
		memset(digests[i], i + 1, sizeof(digests[i]));
}

/* Spread the lowest number of any neighbour until nothing changes: slow, and plainly right. */
static void
reference(const struct key_holding *holdings, uint32_t count, uint32_t *lowest)
{
	bool changed = true;

	for (uint32_t i = 0; i < NODES; i++)
		lowest[i] = i;
	while (changed) {
		changed = false;
		for (uint32_t a = 0; a < count; a++) {
			for (uint32_t b = 0; b < count; b++) {
				uint32_t *left = &lowest[holdings[a].node];
				const uint32_t *right = &lowest[holdings[b].node];
				if (holdings[a].digest == holdings[b].digest && *right < *left) {
					*left = *right;
					changed = true;
				}
			}
		}
	}
}

static void
check_against_reference(const struct key_holding *holdings, uint32_t count)
{
	struct key_clusters clusters = { 0 };
	uint32_t lowest[NODES];
	uint32_t clustered = 0;

	reference(holdings, count, lowest);
	assert_int_equal(key_clusters_build(&clusters, holdings, count, NODES), 0);
	for (uint32_t a = 0; a < NODES; a++) {
		bool is_alone = true;
		for (uint32_t b = 0; b < NODES; b++) {
			const bool together = clusters.node_cluster[a] != 0 &&
					      clusters.node_cluster[a] == clusters.node_cluster[b];
			if (a == b)
				continue;
			assert_int_equal(together, lowest[a] == lowest[b]);
			is_alone &= lowest[a] != lowest[b];
		}
		assert_int_equal(clusters.node_cluster[a] == 0, is_alone);
		clustered += !is_alone;
	}
	for (uint32_t c = 0; c < clusters.cluster_count; c++) {
		assert_true(clusters.clusters[c].size >= 2);
		assert_true(c == 0 || clusters.clusters[c - 1].size >= clusters.clusters[c].size);
		for (uint32_t m = 0; m < clusters.clusters[c].size; m++)
			assert_int_equal(
				clusters.node_cluster[clusters.members[clusters.clusters[c].first +
								       m]],
				c + 1);
		clustered -= clusters.clusters[c].size;
	}
	assert_int_equal(clustered, 0);
	key_clusters_clear(&clusters);
}

static void
agrees_with_a_plain_reference_100000_times(void **state)
{
	struct random_sequence sequence = { 20190501 };
	struct key_holding holdings[HOLDS];

	(void)state;
	make_digests();
	for (uint32_t i = 0; i < CASES; i++) {
		uint32_t count = 0;
		for (uint32_t node = 0; node < NODES; node++) {
			const uint64_t keys = random_below(&sequence, 4);
			for (uint64_t k = 0; k < keys && count < HOLDS; k++)
				holdings[count++] = (struct key_holding){
					digests[random_below(&sequence, KEYS)], node
				};
		}
		check_against_reference(holdings, count);
	}
}

/* The key survey splits this one: its merge renumbers only what it has passed already. */
static void
joins_what_the_original_splits(void **state)
{
	const struct key_holding holdings[] = { { digests[0], 0 }, { digests[2], 0 },
		{ digests[1], 1 }, { digests[3], 1 }, { digests[3], 2 }, { digests[0], 3 },
		{ digests[1], 3 }, { digests[2], 4 } };
	struct key_clusters clusters = { 0 };

	(void)state;
	make_digests();
	assert_int_equal(key_clusters_build(&clusters, holdings, NUMBER(holdings), 5), 0);
	assert_int_equal(clusters.cluster_count, 1);
	assert_int_equal(clusters.clusters[0].size, 5);
	key_clusters_clear(&clusters);
}

static void
counts_who_holds_a_key_once_for_each_address(void **state)
{
	const struct key_holding holdings[] = { { digests[0], 0 }, { digests[0], 0 },
		{ digests[0], 1 }, { digests[1], 2 } };
	struct key_clusters clusters = { 0 };

	(void)state;
	make_digests();
	assert_int_equal(key_clusters_build(&clusters, holdings, NUMBER(holdings), 3), 0);
	assert_int_equal(clusters.key_count, 2);
	assert_int_equal(clusters.key_nodes[0], 2);
	assert_int_equal(clusters.key_nodes[1], 1);
	assert_int_equal(clusters.key_first[1], 3);
	assert_int_equal(clusters.node_cluster[2], 0);
	key_clusters_clear(&clusters);
}

static void
takes_nothing_at_all(void **state)
{
	struct key_clusters clusters = { 0 };

	(void)state;
	assert_int_equal(key_clusters_build(&clusters, NULL, 0, 0), 0);
	assert_int_equal(clusters.cluster_count, 0);
	key_clusters_clear(&clusters);
	key_clusters_clear(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_plain_reference_100000_times),
		cmocka_unit_test(joins_what_the_original_splits),
		cmocka_unit_test(counts_who_holds_a_key_once_for_each_address),
		cmocka_unit_test(takes_nothing_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
