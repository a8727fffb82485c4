/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_FIXTURE_H
#define RECORD_FIXTURE_H

/* Observations that the tests of records share. Include after cmocka.h. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/observation.h"

/* 2026-01-02T03:04:05.678901Z */
#define FIXTURE_TIMESTAMP_US 1767323045678901LL

static inline void
fixture_text(struct peer_text *text, const char *words)
{
	assert_int_equal(peer_text_set(text, words, strlen(words)), 0);
}

/*
 * A DER of some bytes that depend on seed; its digest is made up, which nothing in records looks
 * at.
 */
static inline void
fixture_der(struct peer_der *der, uint8_t seed, size_t length)
{
	der->bytes = malloc(length);
	assert_non_null(der->bytes);
	for (size_t i = 0; i < length; i++)
		der->bytes[i] = (uint8_t)(i * 7 + seed);
	der->length = length;
	memset(der->sha256, seed, sizeof(der->sha256));
}

/* A SYN-ACK and nothing else. */
static inline void
fixture_silent(struct observation *observation, uint32_t address)
{
	observation_init(observation);
	observation->address = address;
	observation->port = 853;
	observation->timestamp_us = FIXTURE_TIMESTAMP_US;
	observation->outcome = OUTCOME_TLS_SILENT;
	observation->attempts = 2;
	observation->syn =
		(struct syn_observation){ .rtt_us = 812, .window = 64240, .mss = 1460, .ttl = 64 };
	observation->timing.tcp_us = 812;
	observation->timing.total_us = 5000812;
}

static inline void
fixture_certificate(struct observation *observation, uint8_t seed)
{
	struct certificate_observation *certificate = calloc(1, sizeof(*certificate));

	assert_non_null(certificate);
	observation->certificate = certificate;
	certificate->status = CERTIFICATE_STATUS_SELF_SIGNED;
	certificate->flags = CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_SELF_SIGNED) |
			     CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_NAME_UNCHECKED);
	memset(certificate->spki_sha256, 0xa0 ^ seed, 32);
	fixture_text(&certificate->subject, "CN=dot.test");
	fixture_text(&certificate->common_name, "dot.test");
	fixture_text(&certificate->issuer, "CN=dot.test");
	fixture_text(&certificate->names[0], "dot.test");
	certificate->name_count = 1;
	certificate->has_validity = true;
	certificate->not_before = 1767225600;
	certificate->not_after = 1798761600;
	strcpy(certificate->key, "ecdsa-256");
	strcpy(certificate->signature, "ecdsa-sha256");
	fixture_der(&certificate->chain[0], seed, 300);
	certificate->chain_count = 1;
}

static inline void
fixture_query(struct dns_observation *dns, const char *name)
{
	snprintf(dns->name, sizeof(dns->name), "%s", name);
	strcpy(dns->type, "A");
	dns->id = 4242;
	dns->rcode = 0;
	dns->flags = DNS_FLAG_QR | DNS_FLAG_RD | DNS_FLAG_RA;
	dns->answers = calloc(1, sizeof(*dns->answers));
	assert_non_null(dns->answers);
	dns->answer_count = 1;
	snprintf(dns->answers[0].name, sizeof(dns->answers[0].name), "%s", name);
	strcpy(dns->answers[0].type, "A");
	dns->answers[0].ttl = 3600;
	fixture_text(&dns->answers[0].data, "192.0.2.53");
	dns->duration_us = 640;
	dns->octets = 468;
	dns->edns = (struct edns_observation){ .is_present = true,
		.udp_size = 1232,
		.padding = 376,
		.options = { 12 },
		.option_count = 1 };
}

/* An open resolver with everything. */
static inline void
fixture_right(struct observation *observation, uint32_t address, uint8_t seed)
{
	fixture_silent(observation, address);
	observation->outcome = OUTCOME_ANSWER_RIGHT;
	observation->attempts = 1;
	observation->timing = (struct timing_observation){ 812, 3120, 640, 4600 };
	observation->tls.has_server_hello = true;
	strcpy(observation->tls.version, "TLSv1.3");
	strcpy(observation->tls.cipher, "TLS_AES_128_GCM_SHA256");
	strcpy(observation->tls.group, "x25519");
	strcpy(observation->tls.alpn, "dot");
	fixture_certificate(observation, seed);
	fixture_query(&observation->dns[0], "k3f9.probe.example.");
	observation->dns_count = 1;
}

/* A new empty folder for one test, and its end with all the files in it. */
static inline void
fixture_folder(char *folder, size_t size)
{
	snprintf(folder, size, "/tmp/dotscan-record-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

static inline void
fixture_remove(const char *folder)
{
	static const char *const names[] = { "records.jsonl", "certificates.jsonl", "records.csv",
		"scan.checkpoint", "scan.checkpoint.new", "summary.json", "summary.json.new",
		"lines" };
	char path[512];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
}

/* The whole of a file and a terminating zero; free it. */
static inline char *
fixture_load(const char *folder, const char *name, size_t *length_out)
{
	char path[512];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	char *bytes = calloc(1, (size_t)status.st_size + 1);
	assert_non_null(bytes);
	const size_t got = fread(bytes, 1, (size_t)status.st_size, file);
	assert_int_equal(got, status.st_size);
	fclose(file);
	if (length_out != NULL)
		*length_out = got;
	return bytes;
}

/* A folder with one file, "lines", in it. */
struct fixture_place {
	char folder[64];
	char path[128];
};

static inline void
fixture_enter(struct fixture_place *place)
{
	fixture_folder(place->folder, sizeof(place->folder));
	snprintf(place->path, sizeof(place->path), "%s/lines", place->folder);
}

static inline void
fixture_expect(const struct fixture_place *place, const char *expected)
{
	char *bytes = fixture_load(place->folder, "lines", NULL);

	assert_string_equal(bytes, expected);
	free(bytes);
}

static inline void
fixture_store(const char *folder, const char *name, const char *bytes, size_t length)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

#endif
