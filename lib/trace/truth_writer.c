/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "dns/dns_rdata.h"
#include "record/atomic_file.h"
#include "record/json_builder.h"
#include "trace/answer_variants.h"
#include "trace/trace.h"
#include "trace/trace_json.h"
#include "trace/truth_file.h"

static void
put_name(struct json_builder *builder, const char *key, const struct dns_name *name)
{
	char text[DNS_NAME_TEXT_BYTES];

	dns_name_format(name, text);
	json_builder_put_bytes(builder, key, text, strlen(text));
}

static json_t *
make_holder(const struct comparison *comparison, const struct answer_holder *holder,
	const struct trace_times *times)
{
	const struct probe *probe = &comparison->probes[holder->probe];
	struct json_builder object;
	char address[TRACE_ADDRESS_TEXT_BYTES];
	uint32_t serial = 0;
	const bool has_serial = agreement_serial(comparison, probe, &serial);

	json_builder_object(&object);
	put_name(&object, "server", &comparison->cut.servers[probe->server].name);
	json_builder_put_words(&object, "address", trace_address_format(&probe->address, address));
	json_builder_put_words(
		&object, "transport", holder->transport == EXCHANGE_TCP ? "tcp" : "udp");
	json_builder_put_optional(&object, "serial", has_serial, serial);
	json_builder_put_integer(&object, "ttl", holder->ttl);
	json_builder_put_moment(&object, "time",
		trace_json_moment(probe->exchanges[holder->transport][COMPARISON_NAME], times));
	return json_builder_take(&object);
}

static json_t *
make_data(uint16_t type, const struct dns_rdata_set *set)
{
	struct json_builder data;

	json_builder_array(&data);
	for (size_t i = 0; i < set->count; i++) {
		char *text = dns_rdata_format(type, set->values[i].bytes, set->values[i].length);
		json_builder_put_bytes(&data, NULL, text, text == NULL ? 0 : strlen(text));
		free(text);
	}
	return json_builder_take(&data);
}

/* An alias or the lack of data is no answer of the type, and has none. */
static json_t *
make_variant(const struct comparison *comparison, const struct answer_variant *variant,
	const struct trace_times *times)
{
	const struct dns_rdata_set none = { .values = NULL };
	struct json_builder object;
	struct json_builder servers;
	char type[ANSWER_TYPE_BYTES];
	uint32_t ttl = variant->holder_count == 0 ? 0 : variant->holders[0].ttl;

	json_builder_array(&servers);
	for (size_t i = 0; i < variant->holder_count; i++) {
		if (variant->holders[i].ttl < ttl)
			ttl = variant->holders[i].ttl;
		json_builder_put(
			&servers, NULL, make_holder(comparison, &variant->holders[i], times));
	}
	json_builder_object(&object);
	json_builder_put_words(&object, "class", reply_class_name(variant->class));
	json_builder_put_words(&object, "type", answer_type_name(variant->type, type));
	json_builder_put(&object, "data",
		make_data(variant->type, variant->class == REPLY_ANSWER ? &variant->set : &none));
	json_builder_put_integer(&object, "ttl", ttl);
	json_builder_put_moment(&object, "seen", times->finished_us);
	json_builder_put(&object, "servers", json_builder_take(&servers));
	return json_builder_take(&object);
}

/* In the form of what servers give, so that the one takes the place of the other. */
static json_t *
make_announced(uint16_t announced_type, const struct dns_rdata_set *announced, int64_t now_us)
{
	struct json_builder object;
	char type[ANSWER_TYPE_BYTES];

	json_builder_object(&object);
	json_builder_put_words(&object, "class", reply_class_name(REPLY_ANSWER));
	json_builder_put_words(&object, "type", answer_type_name(announced_type, type));
	json_builder_put(&object, "data", make_data(announced_type, announced));
	json_builder_put_optional(&object, "ttl", false, 0);
	json_builder_put_moment(&object, "seen", now_us);
	json_builder_put(&object, "servers", json_array());
	return json_builder_take(&object);
}

static bool
is_same_answer(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "class"), json_object_get(b, "class")) != 0 &&
	       json_equal(json_object_get(a, "type"), json_object_get(b, "type")) != 0 &&
	       json_equal(json_object_get(a, "data"), json_object_get(b, "data")) != 0;
}

/* Keeps what is an answer and not there yet, while there is room. Takes the reference. */
static void
keep(struct json_builder *variants, json_t *variant)
{
	const json_t *kept = NULL;
	size_t i = 0;

	bool is_wanted = json_array_size(json_object_get(variant, "data")) > 0 &&
			 json_array_size(variants->json) < TRUTH_FILE_VARIANTS_MAX;
	json_array_foreach(variants->json, i, kept) is_wanted =
		is_wanted && !is_same_answer(kept, variant);
	if (is_wanted || variant == NULL)
		json_builder_put(variants, NULL, variant);
	else
		json_decref(variant);
}

/* First what this run has seen, then what is announced, then what earlier runs have seen, the latest first. */
static json_t *
make_variants(const struct truth_contents *contents, const struct comparison *comparison,
	const struct answer_variants *variants)
{
	struct json_builder array;
	json_t *earlier = NULL;
	size_t i = 0;

	json_builder_array(&array);
	for (i = 0; comparison != NULL && i < variants->count; i++)
		json_builder_put(&array, NULL,
			make_variant(comparison, &variants->variants[i], contents->times));
	keep(&array, make_announced(contents->trace->settings.type, contents->announced,
			     contents->times->finished_us));
	json_array_foreach(contents->earlier->json, i, earlier) keep(&array, json_incref(earlier));
	return json_builder_take(&array);
}

static json_t *
make_file(const struct truth_contents *contents, const struct answer_variants *variants)
{
	const struct trace *trace = contents->trace;
	const struct comparison *comparison = trace_last_comparison(trace);
	const struct resolution *resolution = &trace->resolution;
	const struct dns_name *final = resolution->end_count == 0
					       ? &trace->settings.name
					       : &resolution->ends[resolution->end_count - 1].name;
	struct json_builder object;
	char type[ANSWER_TYPE_BYTES];

	json_builder_object(&object);
	json_builder_put_integer(&object, "schema", TRUTH_FILE_SCHEMA);
	json_builder_put_bytes(&object, "name", contents->shown_as, strlen(contents->shown_as));
	json_builder_put_words(&object, "type", answer_type_name(trace->settings.type, type));
	put_name(&object, "final_name", final);
	put_name(&object, "zone",
		comparison == NULL ? &trace->settings.hints.zone : &comparison->cut.zone);
	json_builder_put_moment(&object, "taken", contents->times->finished_us);
	json_builder_put_words(&object, "verdict", trace_verdict_name(trace->verdict));
	json_builder_put(&object, "split", json_boolean(variants->count > 1));
	json_builder_put(&object, "lame", json_boolean(trace_is_lame(trace)));
	json_builder_put(&object, "variants", make_variants(contents, comparison, variants));
	return json_builder_take(&object);
}

int
truth_file_write(const char *path, const struct truth_contents *contents, struct fault *fault)
{
	const struct comparison *comparison = trace_last_comparison(contents->trace);
	struct answer_variants *variants = calloc(1, sizeof(*variants));
	json_t *json = NULL;
	char *text = NULL;
	int error = ERROR_MEMORY;

	if (variants == NULL)
		return fault_set(fault, error, "%s", error_text(error));
	if (comparison == NULL ||
		answer_variants_make(comparison, COMPARISON_NAME, variants) == 0) {
		json = make_file(contents, variants);
		text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(2));
	}
	error = text == NULL ? fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY))
			     : atomic_file_write(path, text, strlen(text), fault);
	free(text);
	json_decref(json);
	answer_variants_clear(variants);
	free(variants);
	return error;
}
