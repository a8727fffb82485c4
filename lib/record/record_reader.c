/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "record/dns_flags.h"
#include "record/dns_rcode.h"
#include "record/json_node.h"
#include "record/json_text.h"
#include "record/record_reader.h"
#include "record/timestamp.h"

/* Copies a text of ours into a field of size bytes; null is the empty text. */
static void
read_words(const struct json_node *object, const char *key, char *field, size_t size)
{
	const struct json_node node = json_node_member(object, key);
	size_t length;

	if (json_node_is_null(&node))
		return;
	const char *text = json_node_text(&node, JSON_TEXT_SIZE(size), &length);
	char *decoded = malloc(length + 1);
	if (decoded == NULL) {
		node.source->error = ERROR_MEMORY;
		return;
	}
	length = json_text_decode(text, length, decoded);
	if (length >= size || memchr(decoded, '\0', length) != NULL)
		json_node_refuse(&node, "expected a shorter text");
	else if (length == 0)
		json_node_refuse(&node, "expected null or a text that is not empty");
	else
		memcpy(field, decoded, length);
	free(decoded);
}

static void
read_bytes(const struct json_node *node, struct peer_text *text)
{
	size_t length;

	if (json_node_is_null(node))
		return;
	const char *encoded = json_node_text(node, JSON_TEXT_SIZE(OBSERVATION_TEXT), &length);
	if (node->source->error != 0)
		return;
	char *decoded = malloc(length + 1);
	if (decoded == NULL) {
		node->source->error = ERROR_MEMORY;
		return;
	}
	length = json_text_decode(encoded, length, decoded);
	decoded[length] = '\0';
	*text = (struct peer_text){ decoded, length };
	if (length > OBSERVATION_TEXT)
		json_node_refuse(node, "expected a shorter text");
}

static void
read_text(const struct json_node *object, const char *key, struct peer_text *text)
{
	const struct json_node node = json_node_member(object, key);

	read_bytes(&node, text);
}

static int64_t
read_integer(const struct json_node *object, const char *key, int64_t minimum, int64_t maximum)
{
	const struct json_node node = json_node_member(object, key);

	return json_node_integer(&node, minimum, maximum);
}

static int64_t
read_duration(const struct json_node *object, const char *key)
{
	const struct json_node node = json_node_member(object, key);

	return json_node_is_null(&node) ? OBSERVATION_NONE : json_node_integer(&node, 0, INT64_MAX);
}

static void
read_syn(const struct json_node *record, struct syn_observation *syn)
{
	const struct json_node node = json_node_member(record, "syn");
	const struct json_node mss = json_node_member(&node, "mss");

	json_node_expect_object(&node, 4);
	syn->rtt_us = (uint32_t)read_integer(&node, "rtt_us", 0, UINT32_MAX);
	syn->ttl = (uint8_t)read_integer(&node, "ttl", 0, UINT8_MAX);
	syn->window = (uint16_t)read_integer(&node, "window", 0, UINT16_MAX);
	if (!json_node_is_null(&mss))
		syn->mss = (uint16_t)json_node_integer(&mss, 1, UINT16_MAX);
}

static void
read_timing(const struct json_node *record, struct timing_observation *timing)
{
	const struct json_node node = json_node_member(record, "timing_us");

	json_node_expect_object(&node, 4);
	timing->tcp_us = read_duration(&node, "tcp");
	timing->tls_us = read_duration(&node, "tls");
	timing->dns_us = read_duration(&node, "dns");
	timing->total_us = read_duration(&node, "total");
}

static void
read_tls(const struct json_node *record, struct tls_observation *tls)
{
	const struct json_node node = json_node_member(record, "tls");

	json_node_expect_object(&node, 5);
	read_words(&node, "version", tls->version, sizeof(tls->version));
	read_words(&node, "cipher", tls->cipher, sizeof(tls->cipher));
	read_words(&node, "group", tls->group, sizeof(tls->group));
	read_words(&node, "alpn", tls->alpn, sizeof(tls->alpn));
	read_words(&node, "alert", tls->alert, sizeof(tls->alert));
	tls->has_server_hello = tls->version[0] != '\0' || tls->cipher[0] != '\0' ||
				tls->group[0] != '\0' || tls->alpn[0] != '\0';
}

static uint32_t
read_certificate_flags(const struct json_node *certificate)
{
	const struct json_node node = json_node_member(certificate, "flags");
	const size_t count = json_node_expect_array(&node, CERTIFICATE_FLAG_COUNT);
	uint32_t flags = 0;

	for (size_t i = 0; i < count; i++) {
		const struct json_node item = json_node_item(&node, i);
		const char *text = json_node_text(&item, 32, NULL);
		const uint32_t before = flags;

		for (unsigned int flag = 0; flag < CERTIFICATE_FLAG_COUNT; flag++) {
			if (strcmp(text, certificate_flag_text((enum certificate_flag)flag)) == 0)
				flags |= CERTIFICATE_FLAG_BIT(flag);
		}
		if (flags == before)
			json_node_refuse(&item, "expected a certificate flag, each once");
	}
	return flags;
}

static void
read_chain(const struct json_node *node, struct certificate_observation *certificate)
{
	const struct json_node chain = json_node_member(node, "chain_sha256");
	const struct json_node leaf = json_node_member(node, "sha256");
	uint8_t digest[32] = { 0 };

	certificate->chain_count = json_node_expect_array(&chain, OBSERVATION_CHAIN);
	for (size_t i = 0; i < certificate->chain_count; i++) {
		const struct json_node item = json_node_item(&chain, i);
		json_node_hexadecimal(&item, certificate->chain[i].sha256, 32);
	}
	if (certificate->chain_count == 0) {
		if (!json_node_is_null(&leaf))
			json_node_refuse(&leaf, "expected null, because chain_sha256 is empty");
		return;
	}
	json_node_hexadecimal(&leaf, digest, sizeof(digest));
	if (memcmp(digest, certificate->chain[0].sha256, sizeof(digest)) != 0)
		json_node_refuse(&leaf, "expected the first of chain_sha256");
}

static void
read_names(const struct json_node *node, struct certificate_observation *certificate)
{
	const struct json_node names = json_node_member(node, "names");
	const struct json_node has_address = json_node_member(node, "ip_in_names");

	certificate->name_count = json_node_expect_array(&names, OBSERVATION_NAMES);
	for (size_t i = 0; i < certificate->name_count; i++) {
		const struct json_node item = json_node_item(&names, i);
		read_bytes(&item, &certificate->names[i]);
		if (certificate->names[i].bytes == NULL)
			json_node_refuse(&item, "expected a text");
	}
	certificate->has_address_in_names = json_node_boolean(&has_address);
}

static bool
read_second(const struct json_node *certificate, const char *key, int64_t *seconds)
{
	const struct json_node node = json_node_member(certificate, key);

	if (json_node_is_null(&node))
		return false;
	if (!timestamp_parse_seconds(json_node_text(&node, TIMESTAMP_SIZE, NULL), seconds))
		json_node_refuse(&node, "expected null or a time like 2026-01-02T03:04:05Z");
	return true;
}

static void
read_validity(const struct json_node *node, struct certificate_observation *certificate)
{
	const struct json_node not_after = json_node_member(node, "not_after");
	const bool has_start = read_second(node, "not_before", &certificate->not_before);
	const bool has_end = read_second(node, "not_after", &certificate->not_after);

	certificate->has_validity = has_start && has_end;
	if (has_start != has_end)
		json_node_refuse(&not_after, "expected null exactly where not_before is null");
}

static void
read_presented(const struct json_node *node, struct certificate_observation *certificate)
{
	const struct json_node status = json_node_member(node, "status");
	const struct json_node spki = json_node_member(node, "spki_sha256");

	if (!certificate_status_parse(json_node_text(&status, 32, NULL), &certificate->status))
		json_node_refuse(&status, "expected null or a certificate status");
	certificate->flags = read_certificate_flags(node);
	read_chain(node, certificate);
	if (!json_node_is_null(&spki))
		json_node_hexadecimal(&spki, certificate->spki_sha256, 32);
	read_text(node, "subject", &certificate->subject);
	read_text(node, "common_name", &certificate->common_name);
	read_text(node, "issuer", &certificate->issuer);
	read_names(node, certificate);
	read_validity(node, certificate);
	read_words(node, "key", certificate->key, sizeof(certificate->key));
	read_words(node, "signature", certificate->signature, sizeof(certificate->signature));
}

static void
expect_no_certificate(const struct json_node *certificate)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)certificate->json, key, value)
	{
		const struct json_node node = json_node_member(certificate, key);
		if (!json_is_null(value))
			json_node_refuse(
				&node, "expected null, because certificate.status is null");
	}
}

static void
read_certificate(const struct json_node *record, struct observation *observation)
{
	const struct json_node node = json_node_member(record, "certificate");
	const struct json_node status = json_node_member(&node, "status");

	json_node_expect_object(&node, 14);
	if (json_node_is_null(&status)) {
		expect_no_certificate(&node);
		return;
	}
	if (record->source->error != 0)
		return;
	observation->certificate = calloc(1, sizeof(*observation->certificate));
	if (observation->certificate == NULL)
		record->source->error = ERROR_MEMORY;
	else
		read_presented(&node, observation->certificate);
}

static uint16_t
read_dns_flags(const struct json_node *query)
{
	static const struct {
		uint16_t bit;
		const char *text;
	} rows[] = {
#define X(name, text) { DNS_FLAG_##name, text },
		DNS_FLAG_LIST(X)
#undef X
	};
	const size_t row_count = sizeof(rows) / sizeof(rows[0]);
	const struct json_node node = json_node_member(query, "flags");
	const size_t count = json_node_expect_array(&node, row_count);
	uint16_t flags = 0;

	for (size_t i = 0; i < count; i++) {
		const struct json_node item = json_node_item(&node, i);
		const char *text = json_node_text(&item, 8, NULL);
		const uint16_t before = flags;

		for (size_t row = 0; row < row_count; row++) {
			if (strcmp(text, rows[row].text) == 0)
				flags |= rows[row].bit;
		}
		if (flags == before)
			json_node_refuse(&item, "expected a flag of a DNS reply, each once");
	}
	return flags;
}

static void
read_answer(const struct json_node *node, struct answer_observation *answer)
{
	json_node_expect_object(node, 4);
	read_words(node, "name", answer->name, sizeof(answer->name));
	read_words(node, "type", answer->type, sizeof(answer->type));
	answer->ttl = (uint32_t)read_integer(node, "ttl", 0, UINT32_MAX);
	read_text(node, "data", &answer->data);
}

static void
read_answers(const struct json_node *query, struct dns_observation *dns)
{
	const struct json_node node = json_node_member(query, "answers");
	const size_t count = json_node_expect_array(&node, OBSERVATION_ANSWERS);

	if (count == 0)
		return;
	dns->answers = calloc(count, sizeof(*dns->answers));
	if (dns->answers == NULL) {
		query->source->error = ERROR_MEMORY;
		return;
	}
	dns->answer_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct json_node item = json_node_item(&node, i);
		read_answer(&item, &dns->answers[i]);
	}
}

static void
read_edns(const struct json_node *node, struct edns_observation *edns)
{
	const struct json_node has_do = json_node_member(node, "do");
	const struct json_node padding = json_node_member(node, "padding");
	const struct json_node options = json_node_member(node, "options");
	const struct json_node broken = json_node_member(node, "broken");

	json_node_expect_object(node, 6);
	edns->is_present = true;
	edns->version = (uint8_t)read_integer(node, "version", 0, UINT8_MAX);
	edns->udp_size = (uint16_t)read_integer(node, "udp", 0, UINT16_MAX);
	edns->has_do = json_node_boolean(&has_do);
	if (!json_node_is_null(&padding))
		edns->padding = (int32_t)json_node_integer(&padding, 0, UINT16_MAX);
	edns->option_count = json_node_expect_array(&options, OBSERVATION_OPTIONS);
	for (size_t i = 0; i < edns->option_count; i++) {
		const struct json_node item = json_node_item(&options, i);
		edns->options[i] = (uint16_t)json_node_integer(&item, 0, UINT16_MAX);
	}
	edns->has_broken_options = json_node_boolean(&broken);
}

/* Records of scans before these two keys have neither. */
static bool
is_without_edns(const struct json_node *query)
{
	return json_object_get(query->json, "octets") == NULL &&
	       json_object_get(query->json, "edns") == NULL;
}

static void
read_reply_form(const struct json_node *query, struct dns_observation *dns)
{
	const struct json_node octets = json_node_member(query, "octets");
	const struct json_node edns = json_node_member(query, "edns");

	if (is_without_edns(query))
		return;
	if (!json_node_is_null(&octets))
		dns->octets = (int32_t)json_node_integer(&octets, 12, UINT16_MAX);
	if (json_node_is_null(&edns))
		return;
	if (dns->octets == OBSERVATION_NONE)
		json_node_refuse(&edns, "expected null, because octets is null");
	read_edns(&edns, &dns->edns);
}

static void
expect_null(const struct json_node *query, const char *key)
{
	const struct json_node node = json_node_member(query, key);

	if (!json_node_is_null(&node))
		json_node_refuse(&node, "expected null, because rcode is null");
}

static void
read_query(const struct json_node *node, struct dns_observation *dns)
{
	const struct json_node rcode = json_node_member(node, "rcode");

	json_node_expect_object(node, is_without_edns(node) ? 7 : 9);
	read_words(node, "name", dns->name, sizeof(dns->name));
	read_words(node, "type", dns->type, sizeof(dns->type));
	dns->id = (uint16_t)read_integer(node, "id", 0, UINT16_MAX);
	dns->duration_us = read_duration(node, "duration_us");
	if (json_node_is_null(&rcode)) {
		expect_null(node, "flags");
		expect_null(node, "answers");
		if (!is_without_edns(node)) {
			expect_null(node, "octets");
			expect_null(node, "edns");
		}
		return;
	}
	if (!dns_rcode_parse(json_node_text(&rcode, DNS_RCODE_SIZE, NULL), &dns->rcode))
		json_node_refuse(&rcode, "expected null or the name of an rcode");
	dns->flags = read_dns_flags(node);
	read_answers(node, dns);
	read_reply_form(node, dns);
}

static void
read_dns(const struct json_node *record, struct observation *observation)
{
	const struct json_node node = json_node_member(record, "dns");

	observation->dns_count = json_node_expect_array(&node, OBSERVATION_QUERIES);
	for (size_t i = 0; i < observation->dns_count; i++) {
		const struct json_node item = json_node_item(&node, i);
		read_query(&item, &observation->dns[i]);
	}
}

static void
read_first_bytes(const struct json_node *record, struct observation *observation)
{
	const struct json_node node = json_node_member(record, "first_bytes");
	size_t length;

	if (json_node_is_null(&node))
		return;
	(void)json_node_text(&node, 2 * OBSERVATION_FIRST_BYTES, &length);
	if (length == 0)
		json_node_refuse(&node, "expected null or some hexadecimal digits");
	json_node_hexadecimal(&node, observation->first_bytes, length / 2);
	observation->first_bytes_length = length / 2;
}

static void
read_outcome(const struct json_node *record, struct observation *observation)
{
	const struct json_node outcome = json_node_member(record, "outcome");
	const struct json_node stage = json_node_member(record, "stage");

	if (!outcome_parse(json_node_text(&outcome, 32, NULL), &observation->outcome)) {
		json_node_refuse(&outcome, "expected an outcome");
		return;
	}
	const char *expected = stage_text(outcome_stage(observation->outcome));
	if (strcmp(json_node_text(&stage, 16, NULL), expected) != 0)
		json_node_refuse(&stage, "expected the stage of this outcome");
}

static void
read_head(const struct json_node *node, struct record *record)
{
	struct observation *observation = &record->observation;
	const struct json_node scan = json_node_member(node, "scan");
	const struct json_node address = json_node_member(node, "ip");
	const struct json_node timestamp = json_node_member(node, "timestamp");

	(void)read_integer(node, "schema", RECORD_SCHEMA, RECORD_SCHEMA);
	read_words(node, "scan", record->scan, sizeof(record->scan));
	if (record->scan[0] == '\0')
		json_node_refuse(&scan, "expected the name of a scan");
	if (!ipv4_parse(json_node_text(&address, IPV4_TEXT_SIZE, NULL), &observation->address))
		json_node_refuse(&address, "expected an IPv4 address");
	observation->port = (uint16_t)read_integer(node, "port", 0, UINT16_MAX);
	observation->timestamp_us = json_node_moment(&timestamp);
	read_outcome(node, observation);
	observation->attempts = (unsigned int)read_integer(node, "attempts", 0, 1000);
}

int
record_read(const char *text, size_t length, const char *file, uint64_t line,
	struct record *record_out, struct fault *fault)
{
	struct json_source source = { .file = file, .line = line, .fault = fault };
	struct record *record = calloc(1, sizeof(*record));
	json_t *root;

	if (record == NULL)
		return ERROR_MEMORY;
	observation_init(&record->observation);
	const struct json_node node = json_node_parse(&source, text, length, &root);
	json_node_expect_object(&node, 15);
	read_head(&node, record);
	read_syn(&node, &record->observation.syn);
	read_timing(&node, &record->observation.timing);
	read_tls(&node, &record->observation.tls);
	read_certificate(&node, &record->observation);
	read_dns(&node, &record->observation);
	read_first_bytes(&node, &record->observation);
	read_words(&node, "error", record->observation.error, sizeof(record->observation.error));
	json_decref(root);
	if (source.error == 0)
		*record_out = *record;
	else
		observation_clear(&record->observation);
	free(record);
	return source.error;
}
