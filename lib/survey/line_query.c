/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/line_query.h"
#include "survey/line_field.h"

/* What a list holds, when the cursor has gone through it. */
static struct line_text
held_by(const struct line_cursor *cursor, const char *bracket)
{
	if (cursor->has_failed)
		return (struct line_text){ NULL, 0, false };
	return (struct line_text){ bracket + 1, (uint32_t)(cursor->at - bracket - 2), false };
}

/* Flags are words in a list, and there is a list exactly where there is an rcode; what they are is not asked here. */
static void
take_flags(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct line_query *query = member;
	const char *bracket = cursor->at;
	char word[8];

	(void)field;
	if (query->rcode.bytes == NULL) {
		LINE_SKIP(cursor, "null");
		return;
	}
	for (size_t i = 0; line_cursor_next_item(cursor, i); i++)
		(void)line_cursor_take_word(cursor, word, sizeof(word));
	query->flags = held_by(cursor, bracket);
}

struct line_answer {
	struct line_text type;
	struct line_text data;
};

static const struct line_field answer_fields[] = {
	LINE_PASS("{\"name\":", line_field_pass_text, 0),
	LINE_FIELD(",\"type\":", line_field_take_text, line_answer, type),
	LINE_PASS(",\"ttl\":", line_field_pass_number, UINT32_MAX),
	LINE_FIELD(",\"data\":", line_field_take_text, line_answer, data),
};

/* Keep the first answer that is not an alias, or the last alias where there is nothing else. */
static void
take_answers(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	struct line_query *query = member;
	bool is_final = false;

	(void)field;
	if (query->rcode.bytes == NULL) {
		LINE_SKIP(cursor, "null");
		return;
	}
	for (size_t i = 0; line_cursor_next_item(cursor, i); i++) {
		struct line_answer answer = { .type = { NULL, 0, false } };

		LINE_TAKE_FIELDS(cursor, answer_fields, &answer);
		LINE_SKIP(cursor, "}");
		if (!is_final)
			query->answer = answer.data;
		is_final |= answer.type.length != 5 || memcmp(answer.type.bytes, "CNAME", 5) != 0;
	}
}

static void
take_options(struct line_cursor *cursor, const struct line_field *field, void *member)
{
	const char *bracket = cursor->at;

	(void)field;
	for (size_t i = 0; line_cursor_next_item(cursor, i); i++)
		(void)line_cursor_take_number(cursor, UINT16_MAX);
	*(struct line_text *)member = held_by(cursor, bracket);
}

static const struct line_field edns_fields[] = {
	LINE_NUMBER("{\"version\":", line_edns, version, UINT8_MAX),
	LINE_NUMBER(",\"udp\":", line_edns, udp_size, UINT16_MAX),
	LINE_FIELD(",\"do\":", line_field_take_boolean, line_edns, has_do),
	LINE_FIELD(",\"padding\":", line_field_take_optional, line_edns, padding),
	LINE_FIELD(",\"options\":", take_options, line_edns, options),
	LINE_FIELD(",\"broken\":", line_field_take_boolean, line_edns, has_broken_options),
};

/* Scans before these keys wrote none. */
static void
take_edns(struct line_cursor *cursor, struct line_edns *edns)
{
	if (line_cursor_is_at(cursor, '}'))
		return;
	LINE_SKIP(cursor, ",\"octets\":");
	line_field_take_optional(cursor, NULL, &edns->octets);
	LINE_SKIP(cursor, ",\"edns\":");
	edns->is_known = edns->octets >= 0;
	edns->is_present = !line_cursor_take_null(cursor);
	if (!edns->is_present)
		return;
	LINE_TAKE_FIELDS(cursor, edns_fields, edns);
	LINE_SKIP(cursor, "}");
}

static const struct line_field query_fields[] = {
	LINE_PASS("{\"name\":", line_field_pass_text, 0),
	LINE_PASS(",\"type\":", line_field_pass_text, 0),
	LINE_PASS(",\"id\":", line_field_pass_number, UINT16_MAX),
	LINE_FIELD(",\"rcode\":", line_field_take_text, line_query, rcode),
	LINE_PASS(",\"flags\":", take_flags, 0),
	LINE_PASS(",\"answers\":", take_answers, 0),
	LINE_PASS(",\"duration_us\":", line_field_pass_optional, 0),
};

void
line_query_take(struct line_cursor *cursor, struct line_query *query_out)
{
	*query_out = (struct line_query){ .edns = { .padding = -1, .octets = -1 } };
	LINE_TAKE_FIELDS(cursor, query_fields, query_out);
	take_edns(cursor, &query_out->edns);
	LINE_SKIP(cursor, "}");
}
