/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ipv4.h"
#include "record/dns_flags.h"
#include "record/dns_rcode.h"
#include "record/json_builder.h"
#include "record/record_writer.h"
#include "record/timestamp.h"

static json_t *
syn_json(const struct syn_observation *syn)
{
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_integer(&object, "rtt_us", syn->rtt_us);
	json_builder_put_integer(&object, "ttl", syn->ttl);
	json_builder_put_integer(&object, "window", syn->window);
	json_builder_put_optional(&object, "mss", syn->mss != 0, syn->mss);
	return json_builder_take(&object);
}

static void
put_duration(struct json_builder *object, const char *key, int64_t duration_us)
{
	json_builder_put_optional(object, key, duration_us >= 0, duration_us);
}

static json_t *
timing_json(const struct timing_observation *timing)
{
	struct json_builder object;

	json_builder_object(&object);
	put_duration(&object, "tcp", timing->tcp_us);
	put_duration(&object, "tls", timing->tls_us);
	put_duration(&object, "dns", timing->dns_us);
	put_duration(&object, "total", timing->total_us);
	return json_builder_take(&object);
}

static json_t *
tls_json(const struct tls_observation *tls)
{
	const bool has_hello = tls->has_server_hello;
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_words(&object, "version", has_hello ? tls->version : "");
	json_builder_put_words(&object, "cipher", has_hello ? tls->cipher : "");
	json_builder_put_words(&object, "group", has_hello ? tls->group : "");
	json_builder_put_words(&object, "alpn", has_hello ? tls->alpn : "");
	json_builder_put_words(&object, "alert", tls->alert);
	return json_builder_take(&object);
}

static json_t *
certificate_flags_json(uint32_t flags)
{
	struct json_builder array;

	json_builder_array(&array);
	for (unsigned int i = 0; i < CERTIFICATE_FLAG_COUNT; i++) {
		if ((flags & CERTIFICATE_FLAG_BIT(i)) != 0)
			json_builder_put_words(
				&array, NULL, certificate_flag_text((enum certificate_flag)i));
	}
	return json_builder_take(&array);
}

static json_t *
names_json(const struct certificate_observation *certificate)
{
	struct json_builder array;

	json_builder_array(&array);
	for (size_t i = 0; i < certificate->name_count; i++)
		json_builder_put_bytes(
			&array, NULL, certificate->names[i].bytes, certificate->names[i].length);
	return json_builder_take(&array);
}

static json_t *
chain_json(const struct certificate_observation *certificate)
{
	struct json_builder array;

	json_builder_array(&array);
	for (size_t i = 0; i < certificate->chain_count; i++)
		json_builder_put_hexadecimal(&array, NULL, certificate->chain[i].sha256, 32);
	return json_builder_take(&array);
}

static void
put_second(struct json_builder *object, const char *key, bool has_value, int64_t seconds)
{
	char text[TIMESTAMP_SIZE] = "";

	if (has_value)
		(void)timestamp_format_seconds(seconds, text);
	json_builder_put_words(object, key, text);
}

static void
put_text(struct json_builder *object, const char *key, const struct peer_text *text)
{
	json_builder_put_bytes(object, key, text->bytes, text->length);
}

/* Where none was presented the keys stay, and all are null. */
static json_t *
no_certificate_json(void)
{
	static const char *const keys[] = { "status", "flags", "sha256", "spki_sha256", "subject",
		"common_name", "issuer", "names", "ip_in_names", "not_before", "not_after", "key",
		"signature", "chain_sha256" };
	struct json_builder object;

	json_builder_object(&object);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_builder_put(&object, keys[i], json_null());
	return json_builder_take(&object);
}

/* All zero is how an observation says that the key could not be read. */
static bool
has_digest(const uint8_t digest[32])
{
	static const uint8_t none[32];

	return memcmp(digest, none, sizeof(none)) != 0;
}

static json_t *
certificate_json(const struct certificate_observation *certificate)
{
	const bool has_leaf = certificate->chain_count > 0;
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_words(&object, "status", certificate_status_text(certificate->status));
	json_builder_put(&object, "flags", certificate_flags_json(certificate->flags));
	json_builder_put_hexadecimal(
		&object, "sha256", has_leaf ? certificate->chain[0].sha256 : NULL, 32);
	json_builder_put_hexadecimal(&object, "spki_sha256",
		has_digest(certificate->spki_sha256) ? certificate->spki_sha256 : NULL, 32);
	put_text(&object, "subject", &certificate->subject);
	put_text(&object, "common_name", &certificate->common_name);
	put_text(&object, "issuer", &certificate->issuer);
	json_builder_put(&object, "names", names_json(certificate));
	json_builder_put(&object, "ip_in_names", json_boolean(certificate->has_address_in_names));
	put_second(&object, "not_before", certificate->has_validity, certificate->not_before);
	put_second(&object, "not_after", certificate->has_validity, certificate->not_after);
	json_builder_put_words(&object, "key", certificate->key);
	json_builder_put_words(&object, "signature", certificate->signature);
	json_builder_put(&object, "chain_sha256", chain_json(certificate));
	return json_builder_take(&object);
}

static json_t *
dns_flags_json(uint16_t flags)
{
	struct json_builder array;

	json_builder_array(&array);
#define X(name, text)                       \
	if ((flags & DNS_FLAG_##name) != 0) \
		json_builder_put_words(&array, NULL, text);
	DNS_FLAG_LIST(X)
#undef X
	return json_builder_take(&array);
}

static json_t *
answers_json(const struct dns_observation *dns)
{
	struct json_builder array;

	json_builder_array(&array);
	for (size_t i = 0; i < dns->answer_count; i++) {
		const struct answer_observation *answer = &dns->answers[i];
		struct json_builder object;

		json_builder_object(&object);
		json_builder_put_words(&object, "name", answer->name);
		json_builder_put_words(&object, "type", answer->type);
		json_builder_put_integer(&object, "ttl", answer->ttl);
		put_text(&object, "data", &answer->data);
		json_builder_put(&array, NULL, json_builder_take(&object));
	}
	return json_builder_take(&array);
}

static json_t *
edns_json(const struct edns_observation *edns)
{
	struct json_builder object;
	struct json_builder options;

	if (!edns->is_present)
		return json_null();
	json_builder_array(&options);
	for (size_t i = 0; i < edns->option_count; i++)
		json_builder_put_integer(&options, NULL, edns->options[i]);
	json_builder_object(&object);
	json_builder_put_integer(&object, "version", edns->version);
	json_builder_put_integer(&object, "udp", edns->udp_size);
	json_builder_put(&object, "do", json_boolean(edns->has_do));
	json_builder_put_optional(&object, "padding", edns->padding >= 0, edns->padding);
	json_builder_put(&object, "options", json_builder_take(&options));
	json_builder_put(&object, "broken", json_boolean(edns->has_broken_options));
	return json_builder_take(&object);
}

static json_t *
query_json(const struct dns_observation *dns)
{
	const bool has_reply = dns->rcode != OBSERVATION_NONE;
	char rcode[DNS_RCODE_SIZE] = "";
	struct json_builder object;

	if (has_reply)
		dns_rcode_format(dns->rcode, rcode);
	json_builder_object(&object);
	json_builder_put_words(&object, "name", dns->name);
	json_builder_put_words(&object, "type", dns->type);
	json_builder_put_integer(&object, "id", dns->id);
	json_builder_put_words(&object, "rcode", rcode);
	json_builder_put(&object, "flags", has_reply ? dns_flags_json(dns->flags) : json_null());
	json_builder_put(&object, "answers", has_reply ? answers_json(dns) : json_null());
	put_duration(&object, "duration_us", dns->duration_us);
	json_builder_put_optional(&object, "octets", dns->octets >= 0, dns->octets);
	json_builder_put(&object, "edns", edns_json(&dns->edns));
	return json_builder_take(&object);
}

static json_t *
dns_json(const struct observation *observation)
{
	struct json_builder array;

	json_builder_array(&array);
	for (size_t i = 0; i < observation->dns_count; i++)
		json_builder_put(&array, NULL, query_json(&observation->dns[i]));
	return json_builder_take(&array);
}

static void
put_head(struct json_builder *record, const char *scan, const struct observation *observation)
{
	char address[IPV4_TEXT_SIZE];

	json_builder_put_integer(record, "schema", RECORD_SCHEMA);
	json_builder_put_bytes(record, "scan", scan, strlen(scan));
	json_builder_put_words(record, "ip", ipv4_format(observation->address, address));
	json_builder_put_integer(record, "port", observation->port);
	json_builder_put_moment(record, "timestamp", observation->timestamp_us);
	json_builder_put_words(record, "outcome", outcome_text(observation->outcome));
	json_builder_put_words(record, "stage", stage_text(outcome_stage(observation->outcome)));
	json_builder_put_integer(record, "attempts", observation->attempts);
}

int
record_write(struct line_buffer *buffer, const char *scan, const struct observation *observation)
{
	const struct certificate_observation *certificate = observation->certificate;
	const size_t first_length = observation->first_bytes_length;
	struct json_builder record;

	json_builder_object(&record);
	put_head(&record, scan, observation);
	json_builder_put(&record, "syn", syn_json(&observation->syn));
	json_builder_put(&record, "timing_us", timing_json(&observation->timing));
	json_builder_put(&record, "tls", tls_json(&observation->tls));
	json_builder_put(&record, "certificate",
		certificate == NULL ? no_certificate_json() : certificate_json(certificate));
	json_builder_put(&record, "dns", dns_json(observation));
	json_builder_put_hexadecimal(&record, "first_bytes",
		first_length == 0 ? NULL : observation->first_bytes, first_length);
	json_builder_put_words(&record, "error", observation->error);
	return line_buffer_append_json(buffer, json_builder_take(&record));
}
