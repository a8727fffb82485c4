/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hexadecimal.h"
#include "base/ipv4.h"
#include "record/base64.h"
#include "record/certificate_log.h"
#include "record/json_builder.h"
#include "record/line_reader.h"

/*
 * Where the digest starts in a line that add_certificate wrote: it comes before all that a peer
 * chose.
 */
#define DIGEST_LEAD ",\"sha256\":\""

static bool
read_digest(const char *line, size_t length, uint8_t digest[DIGEST_SIZE])
{
	const char *lead = memmem(line, length, DIGEST_LEAD, strlen(DIGEST_LEAD));

	if (lead == NULL || length < 2 || memcmp(line + length - 2, "}\n", 2) != 0)
		return false;
	const char *text = lead + strlen(DIGEST_LEAD);
	return (size_t)(line + length - text) >= 2 * DIGEST_SIZE &&
	       hexadecimal_parse(text, digest, DIGEST_SIZE);
}

static int
learn(struct certificate_log *log, const char *path, struct fault *fault)
{
	struct line_reader reader;
	const char *line;
	size_t length;
	uint8_t digest[DIGEST_SIZE];
	int error = line_reader_open(&reader, path, CERTIFICATE_LINE_MAXIMUM, fault);

	if (error != 0)
		return error;
	for (;;) {
		error = line_reader_next(&reader, &line, &length, fault);
		if (error <= 0)
			break;
		if (!read_digest(line, length, digest)) {
			error = fault_set(fault, ERROR_INPUT, "%s:%llu: not a certificate's line",
				path, (unsigned long long)reader.line);
			break;
		}
		error = digest_set_add(&log->known, digest);
		if (error < 0)
			break;
	}
	line_reader_close(&reader);
	return error;
}

int
certificate_log_open(struct certificate_log *log, const char *path, uint64_t *torn_bytes_out,
	struct fault *fault)
{
	uint64_t torn_bytes = 0;

	*log = (struct certificate_log){ .file.fd = -1 };
	int error = digest_set_init(&log->known);
	if (error == 0)
		error = line_file_open(&log->file, path, &torn_bytes, fault);
	if (error == 0 && log->file.size_bytes > 0)
		error = learn(log, path, fault);
	if (error != 0)
		certificate_log_close(log);
	else
		*torn_bytes_out = torn_bytes;
	return error;
}

void
certificate_log_close(struct certificate_log *log)
{
	if (log == NULL)
		return;
	line_file_close(&log->file);
	digest_set_clear(&log->known);
}

static json_t *
der_json(const struct peer_der *der)
{
	char *text = malloc(BASE64_SIZE(der->length));

	if (text == NULL)
		return NULL;
	json_t *json = json_stringn_nocheck(text, base64_encode(der->bytes, der->length, text));
	free(text);
	return json;
}

static int
add_certificate(struct certificate_log *log, const char *scan,
	const struct observation *observation, size_t position)
{
	static const uint8_t unread[DIGEST_SIZE];
	const struct certificate_observation *certificate = observation->certificate;
	const uint8_t *spki = certificate->spki_sha256;
	const bool has_spki = position == 0 && memcmp(spki, unread, DIGEST_SIZE) != 0;
	char address[IPV4_TEXT_SIZE];
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_integer(&object, "schema", CERTIFICATE_SCHEMA);
	json_builder_put_bytes(&object, "scan", scan, strlen(scan));
	json_builder_put_hexadecimal(
		&object, "sha256", certificate->chain[position].sha256, DIGEST_SIZE);
	json_builder_put_hexadecimal(&object, "spki_sha256", has_spki ? spki : NULL, DIGEST_SIZE);
	json_builder_put_words(&object, "first_ip", ipv4_format(observation->address, address));
	json_builder_put_moment(&object, "first_seen", observation->timestamp_us);
	json_builder_put_integer(&object, "chain_position", (int64_t)position);
	json_builder_put(&object, "der", der_json(&certificate->chain[position]));
	return line_buffer_append_json(&log->file.pending, json_builder_take(&object));
}

int
certificate_log_add(
	struct certificate_log *log, const char *scan, const struct observation *observation)
{
	const struct certificate_observation *certificate = observation->certificate;

	if (certificate == NULL)
		return 0;
	for (size_t i = 0; i < certificate->chain_count; i++) {
		const struct peer_der *der = &certificate->chain[i];

		if (der->bytes == NULL || digest_set_has(&log->known, der->sha256))
			continue;
		int error = add_certificate(log, scan, observation, i);
		if (error == 0)
			error = digest_set_add(&log->known, der->sha256);
		if (error < 0)
			return error;
	}
	return 0;
}
