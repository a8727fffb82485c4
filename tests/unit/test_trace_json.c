/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "dns/dns_rdata.h"
#include "dns_world/world_cases.h"
#include "dns_world/world_fixture.h"
#include "trace/trace_json.h"

static const struct trace_times times = {
	.started_us = 1000000, .started_ns = 0, .finished_us = 1700000000000000
};

static json_t *
make(const char *host, const char *label, uint16_t type)
{
	struct world_run_cost cost;
	struct trace *trace = world_fixture_run(host, label, type, &cost);
	json_t *json = trace_json_make(trace, "as it was written", &times);

	assert_non_null(json);
	trace_destroy(trace);
	return json;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	assert_non_null(value);
	return json_is_null(value) ? "null" : json_string_value(value);
}

static const json_t *
item_of(const json_t *object, const char *key, size_t index)
{
	const json_t *item = json_array_get(json_object_get(object, key), index);

	assert_non_null(item);
	return item;
}

static void
tells_what_was_asked_and_the_verdict(void **state)
{
	json_t *json = make("www.", "stale-serial", DNS_TYPE_A);

	assert_int_equal(json_integer_value(json_object_get(json, "schema")), TRACE_JSON_SCHEMA);
	assert_string_equal(text_of(json, "name"), "as it was written");
	assert_string_equal(text_of(json, "asked"), "www.stale-serial.test.");
	assert_string_equal(text_of(json, "type"), "A");
	assert_string_equal(text_of(json, "started"), "1970-01-01T00:00:01.000000Z");
	assert_string_equal(text_of(json, "finished"), "2023-11-14T22:13:20.000000Z");
	assert_string_equal(text_of(json, "verdict"), "differs");
	assert_string_equal(text_of(json, "failure"), "none");
	assert_int_equal(json_integer_value(json_object_get(json, "exit_code")), 1);
	assert_true(json_integer_value(json_object_get(json, "queries")) > 10);
	json_decref(json);
}

static void
tells_each_step_with_its_reply(void **state)
{
	json_t *json = make("www.", "good", DNS_TYPE_A);
	const json_t *step = item_of(json, "steps", 2);
	const json_t *reply = json_object_get(step, "reply");

	assert_string_equal(text_of(step, "zone"), "test.");
	assert_string_equal(text_of(step, "server"), "ns.test.");
	assert_string_equal(text_of(step, "address"), "185.253.0.1");
	assert_string_equal(text_of(step, "class"), "referral");
	assert_string_equal(text_of(step, "result"), "replied");
	assert_string_equal(text_of(step, "transport"), "udp");
	assert_string_equal(text_of(step, "broken"), "null");
	assert_string_equal(text_of(reply, "status"), "NOERROR");
	assert_string_equal(text_of(reply, "flags"), "qr");
	assert_int_equal(json_array_size(json_object_get(reply, "answer")), 0);
	const json_t *record = item_of(reply, "authority", 0);
	assert_string_equal(text_of(record, "name"), "good.test.");
	assert_string_equal(text_of(record, "type"), "NS");
	assert_string_equal(text_of(record, "data"), "ns1.good.test.");
	json_decref(json);
}

static void
tells_each_server_and_each_finding(void **state)
{
	json_t *json = make("www.", "stale-serial", DNS_TYPE_A);
	const json_t *comparison = item_of(json, "comparisons", 0);
	const json_t *finding = item_of(json, "findings", 0);

	assert_string_equal(text_of(comparison, "zone"), "stale-serial.test.");
	assert_string_equal(text_of(comparison, "parent"), "test.");
	assert_true(json_is_true(json_object_get(item_of(comparison, "servers", 0), "in_parent")));
	assert_true(json_is_true(json_object_get(item_of(comparison, "servers", 0), "in_child")));
	const json_t *probe = item_of(comparison, "probes", 1);
	assert_string_equal(text_of(probe, "address"), "185.1.2.1");
	assert_int_equal(json_integer_value(json_object_get(probe, "serial")), 2025123101);
	assert_int_equal(json_array_size(json_object_get(probe, "exchanges")), 6);
	assert_string_equal(text_of(finding, "finding"), "serials-differ");
	assert_string_equal(text_of(finding, "severity"), "warning");
	assert_string_equal(text_of(finding, "zonemaster"), "CONSISTENCY01");
	assert_string_equal(text_of(finding, "server"), "ns2.stale-serial.test.");
	assert_string_equal(text_of(finding, "address"), "185.1.2.1");
	assert_true(json_is_true(json_object_get(finding, "disagreement")));
	json_decref(json);
}

/* Every key is there in every run, whatever servers sent, and the whole is text. */
static void
keeps_its_shape_whatever_servers_send(void **state)
{
	static const char *const keys[] = { "schema", "name", "asked", "type", "started",
		"finished", "verdict", "exit_code", "failure", "queries", "ignored", "steps",
		"comparisons", "findings" };
	static const char *const exchange_keys[] = { "name", "type", "transport", "result", "class",
		"duration_us", "queries", "ignored", "truncated", "without_edns", "broken",
		"reply" };

	for (size_t i = 0; i < world_case_count; i++) {
		json_t *json = make("www.", world_cases[i].label, DNS_TYPE_A);
		assert_int_equal(json_object_size(json), sizeof(keys) / sizeof(keys[0]));
		for (size_t j = 0; j < sizeof(keys) / sizeof(keys[0]); j++)
			assert_non_null(json_object_get(json, keys[j]));
		const json_t *step = item_of(json, "steps", 0);
		for (size_t j = 0; j < sizeof(exchange_keys) / sizeof(exchange_keys[0]); j++)
			assert_non_null(json_object_get(step, exchange_keys[j]));
		char *text = json_dumps(json, JSON_COMPACT);
		assert_non_null(text);
		free(text);
		json_decref(json);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_was_asked_and_the_verdict),
		cmocka_unit_test(tells_each_step_with_its_reply),
		cmocka_unit_test(tells_each_server_and_each_finding),
		cmocka_unit_test(keeps_its_shape_whatever_servers_send),
	};

	return cmocka_run_group_tests(tests, world_fixture_set_up, world_fixture_tear_down);
}
