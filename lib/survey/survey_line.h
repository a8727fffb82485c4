/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_LINE_H
#define SURVEY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/certificate_status.h"
#include "record/outcome.h"
#include "survey/line_query.h"

#define SURVEY_LINE_NAMES 128 /* as many as a record keeps of one certificate */

struct line_digest {
	bool exists;
	uint8_t bytes[32];
};

struct line_names {
	uint32_t count;
	struct line_text texts[SURVEY_LINE_NAMES];
};

/*
 * What the survey needs of one record, without a tree and without a copy: ten times as fast as the
 * full reader, which a scan of millions needs. Durations in microseconds, -1 where a stage did not
 * finish.
 */
struct survey_line {
	int64_t timestamp_us;
	uint32_t address;
	uint64_t port;
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
	bool has_validity;
	bool has_address_in_names;
	enum certificate_status status;
	uint32_t flags; /* CERTIFICATE_FLAG_BIT of each */
	struct line_digest sha256;
	struct line_digest spki_sha256;
	struct line_text subject;
	struct line_text common_name;
	struct line_text issuer;
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;
	struct line_text key;
	struct line_text signature;
	uint32_t query_count;
	struct line_query reply; /* the first query that has a valid reply */
	struct line_text first_bytes;
	struct line_names names; /* of subjectAltName */
};

/*
 * Read one line as record_write makes them, with or without its newline. Returns false on anything
 * else: whether it is a record in another form or none at all is for record_read to say. All texts
 * are printable UTF-8 without control characters.
 */
bool survey_line_read(const char *line, size_t length, struct survey_line *line_out);

#endif
