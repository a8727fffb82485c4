/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "record/dns_rcode.h"
#include "record/json_builder.h"
#include "trace/answer_variants.h"
#include "trace/reply_text.h"
#include "trace/trace.h"
#include "trace/trace_json.h"

#define NS_PER_US 1000

int64_t
trace_json_moment(const struct exchange *exchange, const struct trace_times *times)
{
	const uint64_t ended_ns = exchange->sent_ns + exchange->duration_ns;

	return times->started_us + (int64_t)((ended_ns - times->started_ns) / NS_PER_US);
}

static void
put_text(struct json_builder *builder, const char *key, const char *text)
{
	json_builder_put_bytes(builder, key, text, text == NULL ? 0 : strlen(text));
}

static void
put_name(struct json_builder *builder, const char *key, const struct dns_name *name)
{
	char text[DNS_NAME_TEXT_BYTES];

	dns_name_format(name, text);
	put_text(builder, key, text);
}

static void
put_address(struct json_builder *builder, const char *key, const struct trace_address *address)
{
	char text[TRACE_ADDRESS_TEXT_BYTES];

	json_builder_put_words(builder, key, trace_address_format(address, text));
}

static void
put_type(struct json_builder *builder, const char *key, uint16_t type)
{
	char text[ANSWER_TYPE_BYTES];

	json_builder_put_words(builder, key, answer_type_name(type, text));
}

static json_t *
make_section(const struct dns_walk *walk, enum dns_section section)
{
	struct json_builder records;

	json_builder_array(&records);
	for (size_t i = 0; i < walk->record_count; i++) {
		const struct dns_record *record = &walk->records[i];
		struct dns_name owner = { .length = 0 };
		struct json_builder object;
		if (record->section != section)
			continue;
		dns_walk_owner(walk, record, &owner);
		dns_name_fold(&owner); /* its case is that of our question, which is random */
		char *data = reply_text_data(walk, record);
		json_builder_object(&object);
		put_name(&object, "name", &owner);
		put_type(&object, "type", record->type);
		json_builder_put_integer(&object, "ttl", record->ttl);
		put_text(&object, "data", data);
		free(data);
		json_builder_put(&records, NULL, json_builder_take(&object));
	}
	return json_builder_take(&records);
}

static json_t *
make_reply(const struct dns_walk *walk)
{
	struct json_builder object;
	char rcode[DNS_RCODE_SIZE];
	char flags[REPLY_TEXT_FLAGS_BYTES];

	if (walk == NULL)
		return json_null();
	json_builder_object(&object);
	json_builder_put_words(&object, "status", dns_rcode_format(walk->rcode, rcode));
	json_builder_put_words(&object, "flags", reply_text_flags(walk, flags));
	json_builder_put(&object, "answer", make_section(walk, DNS_SECTION_ANSWER));
	json_builder_put(&object, "authority", make_section(walk, DNS_SECTION_AUTHORITY));
	json_builder_put(&object, "additional", make_section(walk, DNS_SECTION_ADDITIONAL));
	return json_builder_take(&object);
}

/* What became of one exchange; class NULL where it has none. */
static void
put_exchange(struct json_builder *object, const struct exchange *exchange, const char *class)
{
	put_name(object, "name", &exchange->name);
	put_type(object, "type", exchange->type);
	json_builder_put_words(
		object, "transport", exchange->transport == EXCHANGE_TCP ? "tcp" : "udp");
	json_builder_put_words(object, "result", exchange_status_name(exchange->status));
	put_text(object, "class", class);
	json_builder_put_optional(object, "duration_us", exchange->walk != NULL,
		(int64_t)(exchange->duration_ns / NS_PER_US));
	json_builder_put_integer(object, "queries", exchange->queries);
	json_builder_put_integer(object, "ignored", exchange->ignored);
	json_builder_put(object, "truncated", json_boolean(exchange->was_truncated));
	json_builder_put(object, "without_edns", json_boolean(exchange->edns_failed));
	put_text(object, "broken", exchange->broken_reason);
	json_builder_put(object, "reply", make_reply(exchange->walk));
}

static void
append_steps(struct json_builder *steps, const struct resolution *resolution)
{
	for (size_t i = 0; i < resolution->step_count; i++) {
		const struct resolver_step *step = &resolution->steps[i];
		struct json_builder object;

		json_builder_object(&object);
		put_name(&object, "zone", &step->cut->zone);
		put_name(&object, "server", &step->server);
		put_address(&object, "address", &step->address);
		put_exchange(&object, step->exchange,
			step->exchange->walk == NULL ? NULL : reply_class_name(step->class));
		json_builder_put(steps, NULL, json_builder_take(&object));
	}
}

static json_t *
make_probe(const struct comparison *comparison, const struct probe *probe)
{
	struct json_builder object;
	struct json_builder exchanges;
	uint32_t serial = 0;

	json_builder_object(&object);
	put_name(&object, "server", &comparison->cut.servers[probe->server].name);
	put_address(&object, "address", &probe->address);
	json_builder_put(&object, "by_glue", json_boolean((probe->sources & PROBE_BY_GLUE) != 0));
	json_builder_put(&object, "by_zone", json_boolean((probe->sources & PROBE_BY_ZONE) != 0));
	json_builder_put(&object, "authoritative",
		json_boolean(comparison_is_authoritative(comparison, probe)));
	const bool has_serial = agreement_serial(comparison, probe, &serial);
	json_builder_put_optional(&object, "serial", has_serial, serial);
	json_builder_array(&exchanges);
	for (int i = 0; i < 2 * COMPARISON_QUESTIONS; i++) {
		const enum comparison_question question =
			(enum comparison_question)(i % COMPARISON_QUESTIONS);
		const struct exchange *exchange =
			probe->exchanges[i / COMPARISON_QUESTIONS][question];
		struct json_builder item;
		if (exchange == NULL)
			continue;
		json_builder_object(&item);
		put_exchange(&item, exchange,
			exchange->walk == NULL ? NULL
					       : reply_class_name(reply_class_of(&exchange->meaning,
							 &comparison->cut.zone)));
		json_builder_put(&exchanges, NULL, json_builder_take(&item));
	}
	json_builder_put(&object, "exchanges", json_builder_take(&exchanges));
	return json_builder_take(&object);
}

static json_t *
make_comparison(const struct comparison *comparison)
{
	struct json_builder object;
	struct json_builder servers;
	struct json_builder probes;

	json_builder_array(&servers);
	for (size_t i = 0; i < comparison->cut.server_count; i++) {
		const struct cut_server *server = &comparison->cut.servers[i];
		struct json_builder item;
		json_builder_object(&item);
		put_name(&item, "name", &server->name);
		json_builder_put(&item, "in_parent", json_boolean(server->is_in_parent));
		json_builder_put(&item, "in_child", json_boolean(server->is_in_child));
		json_builder_put(&servers, NULL, json_builder_take(&item));
	}
	json_builder_array(&probes);
	for (size_t i = 0; i < comparison->probe_count; i++)
		json_builder_put(&probes, NULL, make_probe(comparison, &comparison->probes[i]));
	json_builder_object(&object);
	put_name(&object, "zone", &comparison->cut.zone);
	put_name(&object, "parent", &comparison->cut.parent);
	json_builder_put(&object, "servers", json_builder_take(&servers));
	json_builder_put(&object, "probes", json_builder_take(&probes));
	return json_builder_take(&object);
}

static json_t *
make_finding(const struct finding *finding)
{
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_words(&object, "finding", finding_key(finding->kind));
	json_builder_put_words(
		&object, "severity", finding_severity_name(finding_severity(finding->kind)));
	json_builder_put(
		&object, "disagreement", json_boolean(finding_is_disagreement(finding->kind)));
	json_builder_put_words(&object, "zonemaster", finding_zonemaster(finding->kind));
	put_name(&object, "zone", &finding->zone);
	put_name(&object, "server", &finding->server);
	if (finding->has_address)
		put_address(&object, "address", &finding->address);
	else
		json_builder_put(&object, "address", json_null());
	json_builder_put_words(&object, "text", finding_text(finding->kind));
	put_text(&object, "detail", finding->detail[0] == '\0' ? NULL : finding->detail);
	return json_builder_take(&object);
}

json_t *
trace_json_make(const struct trace *trace, const char *shown_as, const struct trace_times *times)
{
	const struct inquiry_sums sums = inquiry_sum(&trace->inquiry);
	struct json_builder object;
	struct json_builder steps;
	struct json_builder comparisons;
	struct json_builder findings;

	json_builder_array(&steps);
	append_steps(&steps, &trace->resolver.priming);
	append_steps(&steps, &trace->resolution);
	if (trace->has_own_address)
		append_steps(&steps, &trace->own_address);
	json_builder_array(&comparisons);
	for (size_t i = 0; i < trace->comparison_count; i++)
		json_builder_put(&comparisons, NULL, make_comparison(trace->comparisons[i]));
	json_builder_array(&findings);
	for (size_t i = 0; i < trace->findings.count; i++)
		json_builder_put(&findings, NULL, make_finding(&trace->findings.findings[i]));
	json_builder_object(&object);
	json_builder_put_integer(&object, "schema", TRACE_JSON_SCHEMA);
	put_text(&object, "name", shown_as);
	put_name(&object, "asked", &trace->settings.name);
	put_type(&object, "type", trace->settings.type);
	json_builder_put_moment(&object, "started", times->started_us);
	json_builder_put_moment(&object, "finished", times->finished_us);
	json_builder_put_words(&object, "verdict", trace_verdict_name(trace->verdict));
	json_builder_put_integer(&object, "exit_code", trace_verdict_exit_code(trace->verdict));
	json_builder_put_words(
		&object, "failure", resolution_failure_name(trace->resolution.failure));
	json_builder_put_integer(&object, "queries", sums.queries);
	json_builder_put_integer(&object, "ignored", sums.ignored);
	json_builder_put(&object, "steps", json_builder_take(&steps));
	json_builder_put(&object, "comparisons", json_builder_take(&comparisons));
	json_builder_put(&object, "findings", json_builder_take(&findings));
	return json_builder_take(&object);
}
