/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "survey/cluster_graph.h"
#include "survey/cluster_view.h"

struct scene {
	struct survey_set set;
	struct host_keys keys;
};

static void
add(struct scene *scene, uint32_t address, uint16_t port, uint8_t key, uint32_t asn)
{
	struct survey_certificate leaf = { .details_hash = key, .has_spki = true };
	struct survey_host *host = survey_set_new_host(&scene->set);

	assert_non_null(host);
	host->address = address;
	host->port = port;
	host->asn = asn;
	host->outcome = OUTCOME_ANSWER_RIGHT;
	memset(leaf.spki_sha256, key, sizeof(leaf.spki_sha256));
	assert_int_equal(survey_set_intern(&scene->set, &leaf, &host->certificate), 0);
	assert_int_equal(
		text_pool_add(&scene->set.texts, "Net & \"Co\"", 10, &host->organisation), 0);
}

static int
make_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	assert_int_equal(survey_set_init(&scene->set), 0);
	*state = scene;
	return 0;
}

static int
clear_scene(void **state)
{
	struct scene *scene = *state;

	host_keys_clear(&scene->keys);
	survey_set_clear(&scene->set);
	free(scene);
	return 0;
}

static void
build(struct scene *scene)
{
	assert_int_equal(survey_set_finish(&scene->set), 0);
	assert_int_equal(host_keys_build(&scene->keys, &scene->set), 0);
	assert_int_equal(scene->keys.clusters.cluster_count, 1);
}

/* The drawing of the one cluster, which graphviz would read; free it. */
static char *
draw(struct scene *scene)
{
	char path[] = "/tmp/dotscan-graph-XXXXXX";
	struct fault fault = { "" };
	char *text = calloc(1, 65536);
	const int fd = mkstemp(path);

	assert_non_null(text);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(cluster_graph_write(&scene->keys, &scene->set, 0, path, &fault), 0);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, 65535, file) < 65535);
	fclose(file);
	unlink(path);
	return text;
}

static size_t
count(const char *text, const char *part)
{
	size_t found = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		found++;
	return found;
}

static void
joins_few_holders_pair_by_pair(void **state)
{
	struct scene *scene = *state;

	add(scene, 1, 853, 1, 64500);
	add(scene, 2, 853, 1, 64500);
	add(scene, 3, 443, 1, 64501);
	build(scene);
	char *text = draw(scene);
	assert_int_equal(count(text, " -- "), 3);
	assert_int_equal(count(text, "label=\"0.0.0."), 3);
	assert_non_null(strstr(text, "same key on ports 853 and 853"));
	assert_non_null(strstr(text, "same key on ports 443 and 853"));
	assert_non_null(strstr(text, "AS64500 Net &amp; &quot;Co&quot;: 2"));
	assert_null(strstr(text, "not drawn"));
	free(text);
}

static void
makes_a_key_of_many_a_node(void **state)
{
	struct scene *scene = *state;

	for (uint32_t i = 1; i <= 9; i++)
		add(scene, i, 853, 7, 64500);
	build(scene);
	char *text = draw(scene);
	assert_non_null(strstr(text, "label=\"key 07070707\\n9 addresses\""));
	assert_int_equal(count(text, " -- "), 9);
	free(text);
}

/* 30 networks of 10 addresses each: 24 nodes, and one for what is left. */
static void
folds_networks_and_counts_the_rest(void **state)
{
	struct scene *scene = *state;
	struct cluster_view view = { .nodes = NULL };

	for (uint32_t i = 0; i < 300; i++)
		add(scene, i + 1, 853, 7, 64500 + i % 30);
	build(scene);
	assert_int_equal(cluster_view_build(&view, &scene->keys, &scene->set, 0), 0);
	assert_int_equal(view.node_count, CLUSTER_VIEW_NODES);
	assert_int_equal(view.nodes[0].count, 10);
	assert_int_equal(view.left_out, 60);
	assert_int_equal(view.network_count, 30);
	assert_int_equal(view.key_count, 1);
	cluster_view_clear(&view);
	char *text = draw(scene);
	assert_int_equal(count(text, "10 addresses\\nfrom"), CLUSTER_VIEW_NODES);
	assert_non_null(strstr(text, "60 more addresses"));
	assert_non_null(strstr(text, "not drawn: 60 addresses, 0 keys"));
	assert_non_null(strstr(text, "18 more networks"));
	free(text);
}

#define DRAWN(test) cmocka_unit_test_setup_teardown(test, make_scene, clear_scene)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DRAWN(joins_few_holders_pair_by_pair),
		DRAWN(makes_a_key_of_many_a_node),
		DRAWN(folds_networks_and_counts_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
