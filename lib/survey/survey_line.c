/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/survey_line.h"
#include "base/ipv4.h"
#include "record/timestamp.h"
#include "survey/line_field.h"

#define LONGEST_WORD 48

static void
pass_name(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	(void)field;
	(void)member;
	if (line_cursor_take_string(cursor).length == 0)
		cursor->has_failed = true;
}

static void
pass_digests(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	uint8_t digest[32];

	(void)field;
	(void)member;
	for (size_t i = 0; line_cursor_next_item(cursor, i); i++)
		(void)line_cursor_take_digest(cursor, digest);
}

/* A word that one of the parsers knows. */
#define TAKE_WORD(name, type, parse)                                                               \
	static void name(struct line_cursor *cursor, const struct line_field *field, void *member) \
	{                                                                                          \
		char word[LONGEST_WORD];                                                           \
                                                                                                   \
		(void)field;                                                                       \
		if (line_cursor_take_word(cursor, word, sizeof(word)) &&                           \
			!parse(word, (type *)member))                                              \
			cursor->has_failed = true;                                                 \
	}
TAKE_WORD(take_address, uint32_t, ipv4_parse)
TAKE_WORD(take_moment, int64_t, timestamp_parse_us)
TAKE_WORD(take_outcome, enum outcome, outcome_parse)
TAKE_WORD(take_status, enum certificate_status, certificate_status_parse)

static void
take_stage(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	char word[LONGEST_WORD];

	(void)field;
	if (line_cursor_take_word(cursor, word, sizeof(word)) &&
		strcmp(word, stage_text(outcome_stage(*(enum outcome *)member))) != 0)
		cursor->has_failed = true;
}

static uint32_t
find_flag(const char *word)
{
	for (unsigned int flag = 0; flag < CERTIFICATE_FLAG_COUNT; flag++) {
		if (strcmp(word, certificate_flag_text((enum certificate_flag)flag)) == 0)
			return CERTIFICATE_FLAG_BIT(flag);
	}
	return 0;
}

static void
take_flags(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	uint32_t *flags = member;
	char word[LONGEST_WORD];

	(void)field;
	for (size_t i = 0; line_cursor_next_item(cursor, i); i++) {
		if (!line_cursor_take_word(cursor, word, sizeof(word)))
			return;
		const uint32_t flag = find_flag(word);
		if (flag == 0 || (*flags & flag) != 0)
			cursor->has_failed = true;
		*flags |= flag;
	}
}

static void
take_digest(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct line_digest *digest = member;

	(void)field;
	digest->exists = line_cursor_take_digest(cursor, digest->bytes);
}

static void
take_names(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct line_names *names = member;

	(void)field;
	for (names->count = 0; line_cursor_next_item(cursor, names->count); names->count++) {
		if (names->count == SURVEY_LINE_NAMES) {
			cursor->has_failed = true;
			return;
		}
		names->texts[names->count] = line_cursor_take_string(cursor);
	}
}

static void
take_validity(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct survey_line *line = member;

	(void)field;
	line->has_validity = line_cursor_take_second(cursor, &line->not_before);
	LINE_SKIP(cursor, ",\"not_after\":");
	if (line_cursor_take_second(cursor, &line->not_after) != line->has_validity)
		cursor->has_failed = true;
}

static const struct line_field certificate_fields[] = {
	LINE_FIELD("", take_status, survey_line, status),
	LINE_FIELD(",\"flags\":", take_flags, survey_line, flags),
	LINE_FIELD(",\"sha256\":", take_digest, survey_line, sha256),
	LINE_FIELD(",\"spki_sha256\":", take_digest, survey_line, spki_sha256),
	LINE_FIELD(",\"subject\":", line_field_take_text, survey_line, subject),
	LINE_FIELD(",\"common_name\":", line_field_take_text, survey_line, common_name),
	LINE_FIELD(",\"issuer\":", line_field_take_text, survey_line, issuer),
	LINE_FIELD(",\"names\":", take_names, survey_line, names),
	LINE_FIELD(",\"ip_in_names\":", line_field_take_boolean, survey_line, has_address_in_names),
	LINE_PASS(",\"not_before\":", take_validity, 0),
	LINE_FIELD(",\"key\":", line_field_take_text, survey_line, key),
	LINE_FIELD(",\"signature\":", line_field_take_text, survey_line, signature),
	LINE_PASS(",\"chain_sha256\":", pass_digests, 0),
};

/* From behind the key of its status. */
static void
take_certificate(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct survey_line *line = member;

	(void)field;
	line->has_certificate = !line_cursor_is_at(cursor, 'n');
	if (line->has_certificate)
		LINE_TAKE_FIELDS(cursor, certificate_fields, line);
	else
		LINE_SKIP(cursor,
			"null,\"flags\":null,\"sha256\":null,\"spki_sha256\":null,"
			"\"subject\":null,\"common_name\":null,\"issuer\":null,\"names\":null,"
			"\"ip_in_names\":null,\"not_before\":null,\"not_after\":null,"
			"\"key\":null,\"signature\":null,\"chain_sha256\":null");
}

/* What is kept is of the first query that got a valid reply. */
static void
take_queries(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct survey_line *line = member;

	(void)field;
	for (; line_cursor_next_item(cursor, line->query_count); line->query_count++) {
		struct line_query query;

		line_query_take(cursor, &query);
		if (line->reply.rcode.bytes == NULL && query.rcode.bytes != NULL)
			line->reply = query;
	}
}

static const struct line_field record_fields[] = {
	LINE_PASS("{\"schema\":1,\"scan\":", pass_name, 0),
	LINE_FIELD(",\"ip\":", take_address, survey_line, address),
	LINE_NUMBER(",\"port\":", survey_line, port, UINT16_MAX),
	LINE_FIELD(",\"timestamp\":", take_moment, survey_line, timestamp_us),
	LINE_FIELD(",\"outcome\":", take_outcome, survey_line, outcome),
	LINE_FIELD(",\"stage\":", take_stage, survey_line, outcome),
	LINE_NUMBER(",\"attempts\":", survey_line, attempts, 1000),
	LINE_NUMBER(",\"syn\":{\"rtt_us\":", survey_line, rtt_us, UINT32_MAX),
	LINE_NUMBER(",\"ttl\":", survey_line, ttl, UINT8_MAX),
	LINE_PASS(",\"window\":", line_field_pass_number, UINT16_MAX),
	LINE_PASS(",\"mss\":", line_field_pass_optional, 0),
	LINE_FIELD("},\"timing_us\":{\"tcp\":", line_field_take_optional, survey_line, tcp_us),
	LINE_FIELD(",\"tls\":", line_field_take_optional, survey_line, tls_us),
	LINE_FIELD(",\"dns\":", line_field_take_optional, survey_line, dns_us),
	LINE_FIELD(",\"total\":", line_field_take_optional, survey_line, total_us),
	LINE_FIELD("},\"tls\":{\"version\":", line_field_take_text, survey_line, version),
	LINE_FIELD(",\"cipher\":", line_field_take_text, survey_line, cipher),
	LINE_FIELD(",\"group\":", line_field_take_text, survey_line, group),
	LINE_FIELD(",\"alpn\":", line_field_take_text, survey_line, alpn),
	LINE_FIELD(",\"alert\":", line_field_take_text, survey_line, alert),
	LINE_PASS("},\"certificate\":{\"status\":", take_certificate, 0),
	LINE_PASS("},\"dns\":", take_queries, 0),
	LINE_FIELD(",\"first_bytes\":", line_field_take_text, survey_line, first_bytes),
	LINE_PASS(",\"error\":", line_field_pass_text, 0),
};

bool
survey_line_read(const char *line, size_t length, struct survey_line *line_out)
{
	struct line_cursor cursor = { line, line + length, false };

	if (length > 0 && line[length - 1] == '\n')
		cursor.end--;
	/* The texts of names are many, and their count says how many there are: they need no zeroes. */
	memset(line_out, 0,
		offsetof(struct survey_line, names) + offsetof(struct line_names, texts));
	LINE_TAKE_FIELDS(&cursor, record_fields, line_out);
	LINE_SKIP(&cursor, "}");
	return !cursor.has_failed && cursor.at == cursor.end;
}
