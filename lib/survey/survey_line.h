/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_LINE_H
#define SURVEY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/certificate_status.h"
#include "record/outcome.h"

#define SURVEY_LINE_NAMES 128 /* as many as a record keeps of one certificate */

/* Text of a record, still with JSON's escapes; bytes NULL: null. Borrowed from the line. */
struct line_text {
	const char *bytes;
	uint32_t length;
	bool is_escaped; /* holds a backslash */
};

/* The form of a reply: its OPT record (RFC 6891). */
struct line_edns {
	bool is_known; /* false: no reply, or a record of a scan that did not keep this */
	bool is_present;
	bool has_do;
	bool has_broken_options;
	uint8_t version;
	uint16_t udp_size;
	int64_t padding;          /* octets; -1: no such option */
	int64_t octets;           /* of the whole reply */
	struct line_text options; /* codes, with commas between; empty: none */
};

/*
 * What the survey needs of one record, without a tree and without a copy: ten times as fast as the
 * full reader, which a scan of millions needs. Durations in microseconds, -1 where a stage did not
 * finish.
 */
struct survey_line {
	int64_t timestamp_us;
	uint32_t address;
	uint16_t port;
	enum outcome outcome;
	uint64_t attempts;
	uint64_t rtt_us;
	uint64_t ttl;
	int64_t tcp_us;
	int64_t tls_us;
	int64_t dns_us;
	int64_t total_us;
	struct line_text version;
	struct line_text cipher;
	struct line_text group;
	struct line_text alpn;
	struct line_text alert;
	bool has_certificate;
	bool has_sha256;
	bool has_spki;
	bool has_validity;
	bool has_address_in_names;
	enum certificate_status status;
	uint32_t flags; /* CERTIFICATE_FLAG_BIT of each */
	uint8_t sha256[32];
	uint8_t spki_sha256[32];
	struct line_text subject;
	struct line_text common_name;
	struct line_text issuer;
	struct line_text names[SURVEY_LINE_NAMES];
	uint32_t name_count;
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;
	struct line_text key;
	struct line_text signature;
	uint32_t query_count;
	struct line_text rcode;  /* of the first reply that has one */
	struct line_text answer; /* the data of that reply's first address or other record */
	struct line_edns edns;   /* of that reply */
	struct line_text first_bytes;
};

/*
 * Read one line as record_write makes them, with or without its newline. Returns false on anything
 * else: whether it is a record in another form or none at all is for record_read to say. All texts
 * are printable UTF-8 without control characters.
 */
bool survey_line_read(const char *line, size_t length, struct survey_line *line_out);

/*
 * The text without JSON's escapes, into buffer, which has room for text->length bytes. Returns its
 * length.
 */
size_t line_text_copy(const struct line_text *text, char *buffer);

#endif
