/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ipv4.h"
#include "record/dns_flags.h"
#include "record/dns_rcode.h"
#include "record/json_stream.h"
#include "record/record_writer.h"
#include "record/timestamp.h"

static void
put_syn(struct json_stream *record, const struct syn_observation *syn)
{
	json_stream_object(record, "syn");
	json_stream_integer(record, "rtt_us", syn->rtt_us);
	json_stream_integer(record, "ttl", syn->ttl);
	json_stream_integer(record, "window", syn->window);
	json_stream_optional(record, "mss", syn->mss != 0, syn->mss);
	json_stream_close(record);
}

static void
put_duration(struct json_stream *record, const char *key, int64_t duration_us)
{
	json_stream_optional(record, key, duration_us >= 0, duration_us);
}

static void
put_timing(struct json_stream *record, const struct timing_observation *timing)
{
	json_stream_object(record, "timing_us");
	put_duration(record, "tcp", timing->tcp_us);
	put_duration(record, "tls", timing->tls_us);
	put_duration(record, "dns", timing->dns_us);
	put_duration(record, "total", timing->total_us);
	json_stream_close(record);
}

static void
put_tls(struct json_stream *record, const struct tls_observation *tls)
{
	const bool has_hello = tls->has_server_hello;

	json_stream_object(record, "tls");
	json_stream_words(record, "version", has_hello ? tls->version : "");
	json_stream_words(record, "cipher", has_hello ? tls->cipher : "");
	json_stream_words(record, "group", has_hello ? tls->group : "");
	json_stream_words(record, "alpn", has_hello ? tls->alpn : "");
	json_stream_words(record, "alert", tls->alert);
	json_stream_close(record);
}

static void
put_certificate_flags(struct json_stream *record, uint32_t flags)
{
	json_stream_array(record, "flags");
	for (unsigned int i = 0; i < CERTIFICATE_FLAG_COUNT; i++) {
		if ((flags & CERTIFICATE_FLAG_BIT(i)) != 0)
			json_stream_words(
				record, NULL, certificate_flag_text((enum certificate_flag)i));
	}
	json_stream_close(record);
}

static void
put_text(struct json_stream *record, const char *key, const struct peer_text *text)
{
	json_stream_bytes(record, key, text->bytes, text->length);
}

static void
put_names(struct json_stream *record, const struct certificate_observation *certificate)
{
	json_stream_array(record, "names");
	for (size_t i = 0; i < certificate->name_count; i++)
		put_text(record, NULL, &certificate->names[i]);
	json_stream_close(record);
}

static void
put_chain(struct json_stream *record, const struct certificate_observation *certificate)
{
	json_stream_array(record, "chain_sha256");
	for (size_t i = 0; i < certificate->chain_count; i++)
		json_stream_hexadecimal(record, NULL, certificate->chain[i].sha256, 32);
	json_stream_close(record);
}

static void
put_second(struct json_stream *record, const char *key, bool has_value, int64_t seconds)
{
	char text[TIMESTAMP_SIZE] = "";

	if (has_value)
		(void)timestamp_format_seconds(seconds, text);
	json_stream_words(record, key, text);
}

/* Where none was presented the keys stay, and all are null. */
static void
put_no_certificate(struct json_stream *record)
{
	static const char *const keys[] = { "status", "flags", "sha256", "spki_sha256", "subject",
		"common_name", "issuer", "names", "ip_in_names", "not_before", "not_after", "key",
		"signature", "chain_sha256" };

	json_stream_object(record, "certificate");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_stream_null(record, keys[i]);
	json_stream_close(record);
}

/* All zero is how an observation says that the key could not be read. */
static bool
has_digest(const uint8_t digest[32])
{
	static const uint8_t none[32];

	return memcmp(digest, none, sizeof(none)) != 0;
}

static void
put_certificate(struct json_stream *record, const struct certificate_observation *certificate)
{
	const bool has_leaf = certificate->chain_count > 0;

	json_stream_object(record, "certificate");
	json_stream_words(record, "status", certificate_status_text(certificate->status));
	put_certificate_flags(record, certificate->flags);
	json_stream_hexadecimal(
		record, "sha256", has_leaf ? certificate->chain[0].sha256 : NULL, 32);
	json_stream_hexadecimal(record, "spki_sha256",
		has_digest(certificate->spki_sha256) ? certificate->spki_sha256 : NULL, 32);
	put_text(record, "subject", &certificate->subject);
	put_text(record, "common_name", &certificate->common_name);
	put_text(record, "issuer", &certificate->issuer);
	put_names(record, certificate);
	json_stream_boolean(record, "ip_in_names", certificate->has_address_in_names);
	put_second(record, "not_before", certificate->has_validity, certificate->not_before);
	put_second(record, "not_after", certificate->has_validity, certificate->not_after);
	json_stream_words(record, "key", certificate->key);
	json_stream_words(record, "signature", certificate->signature);
	put_chain(record, certificate);
	json_stream_close(record);
}

static void
put_dns_flags(struct json_stream *record, uint16_t flags)
{
	json_stream_array(record, "flags");
#define X(name, text)                       \
	if ((flags & DNS_FLAG_##name) != 0) \
		json_stream_words(record, NULL, text);
	DNS_FLAG_LIST(X)
#undef X
	json_stream_close(record);
}

static void
put_answers(struct json_stream *record, const struct dns_observation *dns)
{
	json_stream_array(record, "answers");
	for (size_t i = 0; i < dns->answer_count; i++) {
		const struct answer_observation *answer = &dns->answers[i];

		json_stream_object(record, NULL);
		json_stream_words(record, "name", answer->name);
		json_stream_words(record, "type", answer->type);
		json_stream_integer(record, "ttl", answer->ttl);
		put_text(record, "data", &answer->data);
		json_stream_close(record);
	}
	json_stream_close(record);
}

static void
put_reply(struct json_stream *record, const struct dns_observation *dns)
{
	char rcode[DNS_RCODE_SIZE];

	if (dns->rcode == OBSERVATION_NONE) {
		json_stream_null(record, "rcode");
		json_stream_null(record, "flags");
		json_stream_null(record, "answers");
		return;
	}
	json_stream_words(record, "rcode", dns_rcode_format(dns->rcode, rcode));
	put_dns_flags(record, dns->flags);
	put_answers(record, dns);
}

static void
put_edns(struct json_stream *record, const struct edns_observation *edns)
{
	if (!edns->is_present) {
		json_stream_null(record, "edns");
		return;
	}
	json_stream_object(record, "edns");
	json_stream_integer(record, "version", edns->version);
	json_stream_integer(record, "udp", edns->udp_size);
	json_stream_boolean(record, "do", edns->has_do);
	json_stream_optional(record, "padding", edns->padding >= 0, edns->padding);
	json_stream_array(record, "options");
	for (size_t i = 0; i < edns->option_count; i++)
		json_stream_integer(record, NULL, edns->options[i]);
	json_stream_close(record);
	json_stream_boolean(record, "broken", edns->has_broken_options);
	json_stream_close(record);
}

static void
put_queries(struct json_stream *record, const struct observation *observation)
{
	json_stream_array(record, "dns");
	for (size_t i = 0; i < observation->dns_count; i++) {
		const struct dns_observation *dns = &observation->dns[i];

		json_stream_object(record, NULL);
		json_stream_words(record, "name", dns->name);
		json_stream_words(record, "type", dns->type);
		json_stream_integer(record, "id", dns->id);
		put_reply(record, dns);
		put_duration(record, "duration_us", dns->duration_us);
		json_stream_optional(record, "octets", dns->octets >= 0, dns->octets);
		put_edns(record, &dns->edns);
		json_stream_close(record);
	}
	json_stream_close(record);
}

static void
put_head(struct json_stream *record, const char *scan, const struct observation *observation)
{
	char address[IPV4_TEXT_SIZE];
	char moment[TIMESTAMP_SIZE];

	(void)timestamp_format_us(observation->timestamp_us, moment);
	json_stream_integer(record, "schema", RECORD_SCHEMA);
	json_stream_bytes(record, "scan", scan, strlen(scan));
	json_stream_words(record, "ip", ipv4_format(observation->address, address));
	json_stream_integer(record, "port", observation->port);
	json_stream_words(record, "timestamp", moment);
	json_stream_words(record, "outcome", outcome_text(observation->outcome));
	json_stream_words(record, "stage", stage_text(outcome_stage(observation->outcome)));
	json_stream_integer(record, "attempts", observation->attempts);
}

int
record_write(struct line_buffer *buffer, const char *scan, const struct observation *observation)
{
	const size_t first_length = observation->first_bytes_length;
	struct json_stream record;

	json_stream_begin(&record, buffer);
	put_head(&record, scan, observation);
	put_syn(&record, &observation->syn);
	put_timing(&record, &observation->timing);
	put_tls(&record, &observation->tls);
	if (observation->certificate == NULL)
		put_no_certificate(&record);
	else
		put_certificate(&record, observation->certificate);
	put_queries(&record, observation);
	json_stream_hexadecimal(&record, "first_bytes",
		first_length == 0 ? NULL : observation->first_bytes, first_length);
	json_stream_words(&record, "error", observation->error);
	return json_stream_end(&record);
}
