/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/atomic_file.h"
#include "record/checkpoint.h"
#include "record/json_builder.h"
#include "record/json_node.h"
#include "record/json_text.h"
#include "record/line_reader.h"

/* A full one has 4096 steps of 20 digits, and the configuration. */
#define FILE_MAXIMUM   (1U << 20)
#define CONFIG_MAXIMUM (256U << 10)

void
checkpoint_clear(struct checkpoint *checkpoint)
{
	if (checkpoint == NULL)
		return;
	free(checkpoint->config_text);
	memset(checkpoint, 0, sizeof(*checkpoint));
}

int
checkpoint_set_counter(struct checkpoint *checkpoint, const char *name, uint64_t value)
{
	struct checkpoint_counter *counter = checkpoint->counters;
	const struct checkpoint_counter *end = counter + checkpoint->counter_count;

	while (counter < end && strcmp(counter->name, name) != 0)
		counter++;
	if (counter == end) {
		if (checkpoint->counter_count == CHECKPOINT_COUNTERS ||
			strlen(name) >= sizeof(counter->name))
			return ERROR_FULL;
		strcpy(counter->name, name);
		checkpoint->counter_count++;
	}
	counter->value = value;
	return 0;
}

uint64_t
checkpoint_counter(const struct checkpoint *checkpoint, const char *name)
{
	for (size_t i = 0; i < checkpoint->counter_count; i++) {
		if (strcmp(checkpoint->counters[i].name, name) == 0)
			return checkpoint->counters[i].value;
	}
	return 0;
}

static void
put_number(struct json_builder *builder, const char *key, uint64_t value)
{
	if (value > CHECKPOINT_NUMBER_MAXIMUM)
		builder->has_failed = true;
	else
		json_builder_put_integer(builder, key, (int64_t)value);
}

static json_t *
shard_json(const struct checkpoint *checkpoint)
{
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_integer(&object, "index", checkpoint->shard_index);
	json_builder_put_integer(&object, "count", checkpoint->shard_count);
	return json_builder_take(&object);
}

static json_t *
steps_json(const struct checkpoint *checkpoint)
{
	struct json_builder passes;

	json_builder_array(&passes);
	for (size_t pass = 0; pass < checkpoint->pass_count; pass++) {
		struct json_builder lanes;

		json_builder_array(&lanes);
		for (size_t lane = 0; lane < checkpoint->lane_count; lane++)
			put_number(&lanes, NULL, checkpoint->steps[pass][lane]);
		json_builder_put(&passes, NULL, json_builder_take(&lanes));
	}
	return json_builder_take(&passes);
}

static json_t *
counters_json(const struct checkpoint *checkpoint)
{
	struct json_builder object;

	json_builder_object(&object);
	for (size_t i = 0; i < checkpoint->counter_count; i++)
		put_number(&object, checkpoint->counters[i].name, checkpoint->counters[i].value);
	return json_builder_take(&object);
}

/* Whether every number fits JSON; then only memory can be short. */
static bool
is_writable(const struct checkpoint *checkpoint)
{
	bool is_good = checkpoint->seed <= CHECKPOINT_NUMBER_MAXIMUM;

	for (size_t pass = 0; pass < checkpoint->pass_count; pass++) {
		for (size_t lane = 0; lane < checkpoint->lane_count; lane++)
			is_good = is_good &&
				  checkpoint->steps[pass][lane] <= CHECKPOINT_NUMBER_MAXIMUM;
	}
	for (size_t i = 0; i < checkpoint->counter_count; i++)
		is_good = is_good && checkpoint->counters[i].value <= CHECKPOINT_NUMBER_MAXIMUM;
	return is_good;
}

int
checkpoint_write(const struct checkpoint *checkpoint, const char *path, struct fault *fault)
{
	const char *config = checkpoint->config_text;
	struct line_buffer text = { 0 };
	struct json_builder object;

	if (!is_writable(checkpoint))
		return fault_set(
			fault, ERROR_INPUT, "%s: a seed, step or counter is above 2^63-1", path);
	json_builder_object(&object);
	json_builder_put_integer(&object, "schema", CHECKPOINT_SCHEMA);
	json_builder_put_bytes(&object, "scan", checkpoint->scan, strlen(checkpoint->scan));
	json_builder_put_hexadecimal(&object, "config_sha256", checkpoint->config_sha256, 32);
	json_builder_put(&object, "config", config == NULL ? json_null() : json_string(config));
	put_number(&object, "seed", checkpoint->seed);
	json_builder_put(&object, "shard", shard_json(checkpoint));
	json_builder_put_integer(&object, "probes", checkpoint->probes);
	json_builder_put_moment(&object, "started", checkpoint->started_us);
	json_builder_put(&object, "steps", steps_json(checkpoint));
	json_builder_put(&object, "counters", counters_json(checkpoint));
	int error = line_buffer_append_json(&text, json_builder_take(&object));
	if (error == 0)
		error = atomic_file_write(path, text.bytes, text.length, fault);
	line_buffer_clear(&text);
	return error;
}

static uint32_t
read_number(const struct json_node *object, const char *key, int64_t minimum)
{
	const struct json_node node = json_node_member(object, key);

	return (uint32_t)json_node_integer(&node, minimum, UINT32_MAX);
}

static void
read_config(const struct json_node *root, struct checkpoint *checkpoint)
{
	const struct json_node sha256 = json_node_member(root, "config_sha256");
	const struct json_node config = json_node_member(root, "config");

	json_node_hexadecimal(&sha256, checkpoint->config_sha256, 32);
	if (json_node_is_null(&config))
		return;
	checkpoint->config_text = strdup(json_node_text(&config, CONFIG_MAXIMUM, NULL));
	if (checkpoint->config_text == NULL)
		root->source->error = ERROR_MEMORY;
}

static void
read_steps(const struct json_node *root, struct checkpoint *checkpoint)
{
	const struct json_node steps = json_node_member(root, "steps");

	checkpoint->pass_count = json_node_expect_array(&steps, CHECKPOINT_PASSES);
	if (checkpoint->pass_count == 0)
		json_node_refuse(&steps, "expected at least one pass");
	for (size_t pass = 0; pass < checkpoint->pass_count; pass++) {
		const struct json_node lanes = json_node_item(&steps, pass);
		const size_t count = json_node_expect_array(&lanes, CHECKPOINT_LANES);

		if (pass == 0)
			checkpoint->lane_count = count;
		if (count == 0 || count != checkpoint->lane_count)
			json_node_refuse(
				&lanes, "expected as many lanes, at least one, in each pass");
		for (size_t lane = 0; lane < count; lane++) {
			const struct json_node step = json_node_item(&lanes, lane);
			checkpoint->steps[pass][lane] =
				(uint64_t)json_node_integer(&step, 0, CHECKPOINT_NUMBER_MAXIMUM);
		}
	}
}

static void
read_counters(const struct json_node *root, struct checkpoint *checkpoint)
{
	const struct json_node counters = json_node_member(root, "counters");
	const char *name;
	json_t *value;

	json_node_expect_object(&counters, CHECKPOINT_COUNTERS);
	if (root->source->error != 0)
		return;
	json_object_foreach((json_t *)(uintptr_t)counters.json, name, value)
	{
		const struct json_node node = json_node_member(&counters, name);
		const int64_t number = json_node_integer(&node, 0, CHECKPOINT_NUMBER_MAXIMUM);

		if (checkpoint_set_counter(checkpoint, name, (uint64_t)number) != 0)
			json_node_refuse(&node, "expected a shorter name");
	}
}

static void
read_root(const struct json_node *root, struct checkpoint *checkpoint)
{
	const struct json_node schema = json_node_member(root, "schema");
	const struct json_node scan = json_node_member(root, "scan");
	const struct json_node seed = json_node_member(root, "seed");
	const struct json_node shard = json_node_member(root, "shard");
	const struct json_node started = json_node_member(root, "started");
	size_t length;

	json_node_expect_object(root, 10);
	(void)json_node_integer(&schema, CHECKPOINT_SCHEMA, CHECKPOINT_SCHEMA);
	const char *name = json_node_text(&scan, SCAN_NAME_SIZE - 1, &length);
	length = json_text_decode(name, length, checkpoint->scan);
	checkpoint->scan[length] = '\0';
	read_config(root, checkpoint);
	checkpoint->seed = (uint64_t)json_node_integer(&seed, 0, CHECKPOINT_NUMBER_MAXIMUM);
	json_node_expect_object(&shard, 2);
	checkpoint->shard_index = read_number(&shard, "index", 0);
	checkpoint->shard_count = read_number(&shard, "count", 1);
	checkpoint->probes = read_number(root, "probes", 1);
	checkpoint->started_us = json_node_moment(&started);
	read_steps(root, checkpoint);
	read_counters(root, checkpoint);
}

/* The one line of the file, in a reader that must be closed. */
static int
load(struct line_reader *reader, const char *path, const char **text, size_t *length,
	struct fault *fault)
{
	int got = line_reader_open(reader, path, FILE_MAXIMUM, fault);

	if (got == 0) {
		got = line_reader_next(reader, text, length, fault);
		if (got == 0)
			got = fault_set(fault, ERROR_INPUT, "%s: is empty", path);
	}
	return got < 0 ? got : 0;
}

int
checkpoint_read(struct checkpoint *checkpoint_out, const char *path, struct fault *fault)
{
	struct json_source source = { .file = path, .fault = fault };
	struct checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	struct line_reader reader = { .fd = -1 };
	const char *text;
	size_t length;
	json_t *json;

	if (checkpoint == NULL)
		return ERROR_MEMORY;
	int error = load(&reader, path, &text, &length, fault);
	if (error == 0) {
		const struct json_node root = json_node_parse(&source, text, length, &json);
		read_root(&root, checkpoint);
		json_decref(json);
		error = source.error;
	}
	if (error == 0)
		*checkpoint_out = *checkpoint;
	else
		checkpoint_clear(checkpoint);
	free(checkpoint);
	line_reader_close(&reader);
	return error;
}
