/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/ipv4.h"
#include "record/dns_rcode.h"
#include "record/json_text.h"
#include "record/timestamp.h"
#include "survey/survey_line.h"

#define LONGEST_TEXT 4200 /* of OBSERVATION_TEXT bytes, each as \xNN */

/* Keys stand in the order in which record_write puts them, so each is asked for where it must be. */
struct line_cursor {
	const char *at;
	const char *end;
	bool has_failed;
};

static bool
skip_literal(struct line_cursor *cursor, const char *literal, size_t length)
{
	if (cursor->has_failed || (size_t)(cursor->end - cursor->at) < length ||
		memcmp(cursor->at, literal, length) != 0)
		cursor->has_failed = true;
	else
		cursor->at += length;
	return !cursor->has_failed;
}

/* The length of a literal is known to the compiler, and this is the inner loop. */
#define SKIP(cursor, literal) skip_literal(cursor, literal, sizeof(literal) - 1)

static bool
is_next(const struct line_cursor *cursor, char character)
{
	return !cursor->has_failed && cursor->at < cursor->end && *cursor->at == character;
}

/* What record_write leaves to JSON: quotes and backslashes. Other escapes are for the full reader. */
static bool
is_plain_escape(const struct line_cursor *cursor)
{
	return cursor->end - cursor->at > 1 && (cursor->at[1] == '"' || cursor->at[1] == '\\');
}

/* Text beyond ASCII must be as json_text_encode makes it, or it could not be written again. */
static bool
is_encoded(const struct line_text *text)
{
	char plain[LONGEST_TEXT];
	char bytes[LONGEST_TEXT];
	char again[JSON_TEXT_SIZE(LONGEST_TEXT)];

	if (text->length > LONGEST_TEXT)
		return false;
	const size_t length = line_text_copy(text, plain);
	const size_t decoded = json_text_decode(plain, length, bytes);
	return json_text_encode(bytes, decoded, again) == length &&
	       memcmp(plain, again, length) == 0;
}

/* A string, without its quotes. */
static struct line_text
take_string(struct line_cursor *cursor)
{
	struct line_text text = { NULL, 0, false };
	bool is_ascii = true;

	if (!SKIP(cursor, "\""))
		return text;
	text.bytes = cursor->at;
	while (cursor->at < cursor->end && *cursor->at != '"') {
		const unsigned char byte = (unsigned char)*cursor->at;

		if (byte < 0x20 || byte == 0x7f)
			break;
		if (byte == '\\' && !is_plain_escape(cursor))
			break;
		text.is_escaped |= byte == '\\';
		is_ascii &= byte < 0x80;
		cursor->at += byte == '\\' ? 2 : 1;
	}
	text.length = (uint32_t)(cursor->at - text.bytes);
	if (text.length > LONGEST_TEXT || (!is_ascii && !is_encoded(&text)))
		cursor->has_failed = true;
	(void)SKIP(cursor, "\"");
	return text;
}

static struct line_text
take_text(struct line_cursor *cursor)
{
	if (is_next(cursor, 'n')) {
		(void)SKIP(cursor, "null");
		return (struct line_text){ NULL, 0, false };
	}
	return take_string(cursor);
}

/* Of our own words, which need no escape and fit. */
static bool
take_word(struct line_cursor *cursor, char *word, size_t size)
{
	const struct line_text text = take_string(cursor);

	if (cursor->has_failed || text.is_escaped || text.length >= size) {
		cursor->has_failed = true;
		return false;
	}
	memcpy(word, text.bytes, text.length);
	word[text.length] = '\0';
	return true;
}

static uint64_t
take_number(struct line_cursor *cursor, uint64_t maximum)
{
	const char *start = cursor->at;
	uint64_t value = 0;

	while (!cursor->has_failed && cursor->at < cursor->end && *cursor->at >= '0' &&
		*cursor->at <= '9') {
		value = value * 10 + (uint64_t)(*cursor->at++ - '0');
		if (value > maximum || cursor->at - start > 18)
			cursor->has_failed = true;
	}
	if (cursor->at == start || (*start == '0' && cursor->at - start > 1))
		cursor->has_failed = true;
	return cursor->has_failed ? 0 : value;
}

static int64_t
take_duration(struct line_cursor *cursor)
{
	if (is_next(cursor, 'n')) {
		(void)SKIP(cursor, "null");
		return -1;
	}
	return (int64_t)take_number(cursor, INT64_MAX);
}

static bool
take_boolean(struct line_cursor *cursor)
{
	const bool value = is_next(cursor, 't');

	return (value ? SKIP(cursor, "true") : SKIP(cursor, "false")) && value;
}

static int
digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool
take_digest(struct line_cursor *cursor, uint8_t digest[32])
{
	const struct line_text text = take_text(cursor);

	if (cursor->has_failed || text.bytes == NULL)
		return false;
	if (text.length != 64) {
		cursor->has_failed = true;
		return false;
	}
	for (size_t i = 0; i < 32; i++) {
		const int high = digit_value(text.bytes[2 * i]);
		const int low = digit_value(text.bytes[2 * i + 1]);

		if (high < 0 || low < 0) {
			cursor->has_failed = true;
			return false;
		}
		digest[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static void
read_head(struct line_cursor *cursor, struct survey_line *line)
{
	char word[48];

	SKIP(cursor, "{\"schema\":1,\"scan\":");
	if (take_string(cursor).length == 0)
		cursor->has_failed = true;
	SKIP(cursor, ",\"ip\":");
	if (take_word(cursor, word, sizeof(word)) && !ipv4_parse(word, &line->address))
		cursor->has_failed = true;
	SKIP(cursor, ",\"port\":");
	line->port = (uint16_t)take_number(cursor, UINT16_MAX);
	SKIP(cursor, ",\"timestamp\":");
	if (take_word(cursor, word, sizeof(word)) && !timestamp_parse_us(word, &line->timestamp_us))
		cursor->has_failed = true;
	SKIP(cursor, ",\"outcome\":");
	if (take_word(cursor, word, sizeof(word)) && !outcome_parse(word, &line->outcome))
		cursor->has_failed = true;
	SKIP(cursor, ",\"stage\":");
	if (take_word(cursor, word, sizeof(word)) &&
		strcmp(word, stage_text(outcome_stage(line->outcome))) != 0)
		cursor->has_failed = true;
	SKIP(cursor, ",\"attempts\":");
	line->attempts = take_number(cursor, 1000);
}

static void
read_syn_and_timing(struct line_cursor *cursor, struct survey_line *line)
{
	SKIP(cursor, ",\"syn\":{\"rtt_us\":");
	line->rtt_us = take_number(cursor, UINT32_MAX);
	SKIP(cursor, ",\"ttl\":");
	line->ttl = take_number(cursor, UINT8_MAX);
	SKIP(cursor, ",\"window\":");
	(void)take_number(cursor, UINT16_MAX);
	SKIP(cursor, ",\"mss\":");
	(void)take_duration(cursor);
	SKIP(cursor, "},\"timing_us\":{\"tcp\":");
	line->tcp_us = take_duration(cursor);
	SKIP(cursor, ",\"tls\":");
	line->tls_us = take_duration(cursor);
	SKIP(cursor, ",\"dns\":");
	line->dns_us = take_duration(cursor);
	SKIP(cursor, ",\"total\":");
	line->total_us = take_duration(cursor);
}

static void
read_tls(struct line_cursor *cursor, struct survey_line *line)
{
	SKIP(cursor, "},\"tls\":{\"version\":");
	line->version = take_text(cursor);
	SKIP(cursor, ",\"cipher\":");
	line->cipher = take_text(cursor);
	SKIP(cursor, ",\"group\":");
	line->group = take_text(cursor);
	SKIP(cursor, ",\"alpn\":");
	line->alpn = take_text(cursor);
	SKIP(cursor, ",\"alert\":");
	line->alert = take_text(cursor);
}

static uint32_t
take_flags(struct line_cursor *cursor)
{
	uint32_t flags = 0;
	char word[32];

	SKIP(cursor, "[");
	while (!cursor->has_failed && !is_next(cursor, ']')) {
		const uint32_t before = flags;

		if (before != 0)
			SKIP(cursor, ",");
		if (!take_word(cursor, word, sizeof(word)))
			break;
		for (unsigned int flag = 0; flag < CERTIFICATE_FLAG_COUNT; flag++) {
			if (strcmp(word, certificate_flag_text((enum certificate_flag)flag)) == 0)
				flags |= CERTIFICATE_FLAG_BIT(flag);
		}
		cursor->has_failed |= flags == before;
	}
	SKIP(cursor, "]");
	return flags;
}

static void
read_names(struct line_cursor *cursor, struct survey_line *line)
{
	SKIP(cursor, ",\"names\":[");
	while (!cursor->has_failed && !is_next(cursor, ']')) {
		if (line->name_count == SURVEY_LINE_NAMES) {
			cursor->has_failed = true;
			return;
		}
		if (line->name_count > 0)
			SKIP(cursor, ",");
		line->names[line->name_count++] = take_string(cursor);
	}
	SKIP(cursor, "],\"ip_in_names\":");
	line->has_address_in_names = take_boolean(cursor);
}

static bool
take_second(struct line_cursor *cursor, int64_t *second)
{
	char word[32];

	if (is_next(cursor, 'n'))
		return SKIP(cursor, "null") && false;
	if (!take_word(cursor, word, sizeof(word)))
		return false;
	if (!timestamp_parse_seconds(word, second))
		cursor->has_failed = true;
	return true;
}

static void
read_validity(struct line_cursor *cursor, struct survey_line *line)
{
	SKIP(cursor, ",\"not_before\":");
	line->has_validity = take_second(cursor, &line->not_before);
	SKIP(cursor, ",\"not_after\":");
	if (take_second(cursor, &line->not_after) != line->has_validity)
		cursor->has_failed = true;
}

static void
read_chain(struct line_cursor *cursor)
{
	uint8_t digest[32];

	SKIP(cursor, ",\"chain_sha256\":[");
	for (size_t i = 0; !cursor->has_failed && !is_next(cursor, ']'); i++) {
		if (i > 0)
			SKIP(cursor, ",");
		(void)take_digest(cursor, digest);
	}
	SKIP(cursor, "]");
}

static void
read_certificate(struct line_cursor *cursor, struct survey_line *line)
{
	char word[32];

	SKIP(cursor, "},\"certificate\":{\"status\":");
	if (is_next(cursor, 'n')) {
		SKIP(cursor, "null,\"flags\":null,\"sha256\":null,\"spki_sha256\":null,"
			     "\"subject\":null,\"common_name\":null,\"issuer\":null,\"names\":null,"
			     "\"ip_in_names\":null,\"not_before\":null,\"not_after\":null,"
			     "\"key\":null,\"signature\":null,\"chain_sha256\":null");
		return;
	}
	line->has_certificate = true;
	if (take_word(cursor, word, sizeof(word)) && !certificate_status_parse(word, &line->status))
		cursor->has_failed = true;
	SKIP(cursor, ",\"flags\":");
	line->flags = take_flags(cursor);
	SKIP(cursor, ",\"sha256\":");
	line->has_sha256 = take_digest(cursor, line->sha256);
	SKIP(cursor, ",\"spki_sha256\":");
	line->has_spki = take_digest(cursor, line->spki_sha256);
	SKIP(cursor, ",\"subject\":");
	line->subject = take_text(cursor);
	SKIP(cursor, ",\"common_name\":");
	line->common_name = take_text(cursor);
	SKIP(cursor, ",\"issuer\":");
	line->issuer = take_text(cursor);
	read_names(cursor, line);
	read_validity(cursor, line);
	SKIP(cursor, ",\"key\":");
	line->key = take_text(cursor);
	SKIP(cursor, ",\"signature\":");
	line->signature = take_text(cursor);
	read_chain(cursor);
}

/* Flags are words in a list; what they are is not asked here. */
static void
skip_words(struct line_cursor *cursor)
{
	SKIP(cursor, "[");
	for (size_t i = 0; !cursor->has_failed && !is_next(cursor, ']'); i++) {
		if (i > 0)
			SKIP(cursor, ",");
		(void)take_string(cursor);
	}
	SKIP(cursor, "]");
}

/* Keep the first answer that is not an alias, or the last alias where there is nothing else. */
static void
read_answers(struct line_cursor *cursor, struct line_text *kept)
{
	bool is_final = false;

	SKIP(cursor, "[");
	for (size_t i = 0; !cursor->has_failed && !is_next(cursor, ']'); i++) {
		if (i > 0)
			SKIP(cursor, ",");
		SKIP(cursor, "{\"name\":");
		(void)take_text(cursor);
		SKIP(cursor, ",\"type\":");
		const struct line_text type = take_text(cursor);
		SKIP(cursor, ",\"ttl\":");
		(void)take_number(cursor, UINT32_MAX);
		SKIP(cursor, ",\"data\":");
		const struct line_text data = take_text(cursor);
		SKIP(cursor, "}");
		if (!is_final)
			*kept = data;
		is_final |= type.length != 5 || memcmp(type.bytes, "CNAME", 5) != 0;
	}
	SKIP(cursor, "]");
}

static struct line_text
take_options(struct line_cursor *cursor)
{
	struct line_text codes = { NULL, 0, false };

	if (!SKIP(cursor, "["))
		return codes;
	codes.bytes = cursor->at;
	for (size_t i = 0; !cursor->has_failed && !is_next(cursor, ']'); i++) {
		if (i > 0)
			SKIP(cursor, ",");
		(void)take_number(cursor, UINT16_MAX);
	}
	codes.length = (uint32_t)(cursor->at - codes.bytes);
	SKIP(cursor, "]");
	return codes;
}

/* Scans before these keys wrote none. */
static void
read_edns(struct line_cursor *cursor, struct line_edns *edns)
{
	if (is_next(cursor, '}'))
		return;
	SKIP(cursor, ",\"octets\":");
	edns->octets = take_duration(cursor);
	edns->is_known = edns->octets >= 0;
	SKIP(cursor, ",\"edns\":");
	if (is_next(cursor, 'n')) {
		SKIP(cursor, "null");
		return;
	}
	edns->is_present = true;
	SKIP(cursor, "{\"version\":");
	edns->version = (uint8_t)take_number(cursor, UINT8_MAX);
	SKIP(cursor, ",\"udp\":");
	edns->udp_size = (uint16_t)take_number(cursor, UINT16_MAX);
	SKIP(cursor, ",\"do\":");
	edns->has_do = take_boolean(cursor);
	SKIP(cursor, ",\"padding\":");
	edns->padding = take_duration(cursor);
	SKIP(cursor, ",\"options\":");
	edns->options = take_options(cursor);
	SKIP(cursor, ",\"broken\":");
	edns->has_broken_options = take_boolean(cursor);
	SKIP(cursor, "}");
}

static void
read_query(struct line_cursor *cursor, struct survey_line *line)
{
	struct line_text answer = { NULL, 0, false };
	struct line_edns edns = { .padding = -1, .octets = -1 };

	SKIP(cursor, "{\"name\":");
	(void)take_text(cursor);
	SKIP(cursor, ",\"type\":");
	(void)take_text(cursor);
	SKIP(cursor, ",\"id\":");
	(void)take_number(cursor, UINT16_MAX);
	SKIP(cursor, ",\"rcode\":");
	const struct line_text rcode = take_text(cursor);
	SKIP(cursor, ",\"flags\":");
	if (rcode.bytes == NULL) {
		SKIP(cursor, "null,\"answers\":null");
	} else {
		skip_words(cursor);
		SKIP(cursor, ",\"answers\":");
		read_answers(cursor, &answer);
	}
	SKIP(cursor, ",\"duration_us\":");
	(void)take_duration(cursor);
	read_edns(cursor, &edns);
	SKIP(cursor, "}");
	if (line->rcode.bytes == NULL && rcode.bytes != NULL) {
		line->rcode = rcode;
		line->answer = answer;
		line->edns = edns;
	}
}

bool
survey_line_read(const char *line, size_t length, struct survey_line *line_out)
{
	struct line_cursor cursor = { line, line + length, false };

	if (length > 0 && line[length - 1] == '\n')
		cursor.end--;
	/* The names are many and their count says how many there are: they need no zeroes. */
	memset(line_out, 0, offsetof(struct survey_line, names));
	line_out->name_count = 0;
	memset((char *)line_out + offsetof(struct survey_line, not_before), 0,
		sizeof(*line_out) - offsetof(struct survey_line, not_before));
	read_head(&cursor, line_out);
	read_syn_and_timing(&cursor, line_out);
	read_tls(&cursor, line_out);
	read_certificate(&cursor, line_out);
	SKIP(&cursor, "},\"dns\":[");
	for (; !cursor.has_failed && !is_next(&cursor, ']'); line_out->query_count++) {
		if (line_out->query_count > 0)
			SKIP(&cursor, ",");
		read_query(&cursor, line_out);
	}
	SKIP(&cursor, "],\"first_bytes\":");
	line_out->first_bytes = take_text(&cursor);
	SKIP(&cursor, ",\"error\":");
	(void)take_text(&cursor);
	SKIP(&cursor, "}");
	return !cursor.has_failed && cursor.at == cursor.end;
}

size_t
line_text_copy(const struct line_text *text, char *buffer)
{
	size_t used = 0;

	for (size_t i = 0; i < text->length; i++) {
		if (text->bytes[i] == '\\' && i + 1 < text->length)
			i++;
		buffer[used++] = text->bytes[i];
	}
	return used;
}
