/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ipv4.h"
#include "base/number.h"
#include "record/record_brief.h"

/*
 * The keys stand in the order in which record_write puts them. Further in, a key is found by its
 * text with the comma and quote before it: within a JSON string a quote always follows a backslash,
 * so no peer can write that.
 */
struct cursor {
	const char *at;
	const char *end;
	bool has_failed;
};

static void
skip(struct cursor *cursor, const char *literal)
{
	const size_t length = strlen(literal);

	if (cursor->has_failed || (size_t)(cursor->end - cursor->at) < length ||
		memcmp(cursor->at, literal, length) != 0)
		cursor->has_failed = true;
	else
		cursor->at += length;
}

/* The characters up to, not with, the end of a string or number. */
static const char *
take_value(struct cursor *cursor, size_t *length_out)
{
	const char *start = cursor->at;

	while (!cursor->has_failed && cursor->at < cursor->end && *cursor->at != '"' &&
		*cursor->at != ',' && *cursor->at != '}')
		cursor->at += *cursor->at == '\\' && cursor->end - cursor->at > 1 ? 2 : 1;
	*length_out = (size_t)(cursor->at - start);
	return start;
}

static void
take_text(struct cursor *cursor, char *text, size_t size)
{
	size_t length;
	const char *value = take_value(cursor, &length);

	if (length >= size) {
		cursor->has_failed = true;
		length = 0;
	}
	memcpy(text, value, length);
	text[length] = '\0';
}

/* Moves behind the next occurrence of a literal; false, and no move, where there is none. */
static bool
find(struct cursor *cursor, const char *literal)
{
	const size_t left = cursor->has_failed ? 0 : (size_t)(cursor->end - cursor->at);
	const char *found = memmem(cursor->at, left, literal, strlen(literal));

	if (found == NULL)
		return false;
	cursor->at = found + strlen(literal);
	return true;
}

static void
read_certificate(struct cursor *cursor, struct record_brief *brief)
{
	char text[32];

	if (!find(cursor, ",\"certificate\":{\"status\":")) {
		cursor->has_failed = true;
		return;
	}
	brief->has_certificate = cursor->at < cursor->end && *cursor->at == '"';
	if (!brief->has_certificate)
		return;
	skip(cursor, "\"");
	take_text(cursor, text, sizeof(text));
	if (!certificate_status_parse(text, &brief->certificate))
		cursor->has_failed = true;
}

static void
read_replies(struct cursor *cursor, struct record_brief *brief)
{
	while (find(cursor, ",\"rcode\":")) {
		if (brief->query_count == OBSERVATION_QUERIES) {
			cursor->has_failed = true;
			return;
		}
		brief->has_reply[brief->query_count++] =
			cursor->at < cursor->end && *cursor->at == '"';
	}
}

static void
read_head(struct cursor *cursor, struct record_brief *brief)
{
	char address[IPV4_TEXT_SIZE];
	char port[8];
	char outcome[32];
	uint64_t number = 0;
	size_t length;

	skip(cursor, "{\"schema\":1,\"scan\":\"");
	brief->scan = cursor->at;
	/* A scan's name may hold the characters at which take_value stops. */
	while (!cursor->has_failed && cursor->at < cursor->end && *cursor->at != '"')
		cursor->at += *cursor->at == '\\' && cursor->end - cursor->at > 1 ? 2 : 1;
	brief->scan_length = (size_t)(cursor->at - brief->scan);
	skip(cursor, "\",\"ip\":\"");
	take_text(cursor, address, sizeof(address));
	skip(cursor, "\",\"port\":");
	take_text(cursor, port, sizeof(port));
	skip(cursor, ",\"timestamp\":\"");
	(void)take_value(cursor, &length);
	skip(cursor, "\",\"outcome\":\"");
	take_text(cursor, outcome, sizeof(outcome));
	skip(cursor, "\",\"stage\":\"");
	if (cursor->has_failed || !ipv4_parse(address, &brief->address) ||
		!number_parse(port, 0, UINT16_MAX, &number) ||
		!outcome_parse(outcome, &brief->outcome))
		cursor->has_failed = true;
	brief->port = (uint16_t)number;
}

bool
record_brief_read(const char *line, size_t length, struct record_brief *brief_out)
{
	struct record_brief brief = { 0 };
	struct cursor cursor = { line, line + length, false };

	if (length > 0 && line[length - 1] == '\n')
		cursor.end--;
	/* Not whole: only the full reader looks at what stands between. */
	if (cursor.end == cursor.at || cursor.end[-1] != '}')
		return false;
	read_head(&cursor, &brief);
	read_certificate(&cursor, &brief);
	read_replies(&cursor, &brief);
	if (cursor.has_failed || !find(&cursor, ",\"first_bytes\":") ||
		!find(&cursor, ",\"error\":"))
		return false;
	*brief_out = brief;
	return true;
}

void
record_brief_of(const struct observation *observation, struct record_brief *brief_out)
{
	*brief_out = (struct record_brief){
		.address = observation->address,
		.port = observation->port,
		.outcome = observation->outcome,
		.has_certificate = observation->certificate != NULL,
		.query_count = (unsigned int)observation->dns_count,
	};
	if (observation->certificate != NULL)
		brief_out->certificate = observation->certificate->status;
	for (size_t i = 0; i < observation->dns_count; i++)
		brief_out->has_reply[i] = observation->dns[i].rcode != OBSERVATION_NONE;
}
