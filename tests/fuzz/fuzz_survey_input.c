/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The light reader and the full one agree on every record; rows of the 2019 table are read or refused. */
#include <stdlib.h>
#include <string.h>

#include "record/json_text.h"
#include "record/record_reader.h"
#include "survey/baseline_table.h"
#include "survey/provider.h"
#include "survey/survey_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* The light reader's text, decoded, is the other's bytes. */
static void
require_text(const struct line_text *text, const struct peer_text *bytes)
{
	char plain[8192];

	require((text->bytes == NULL) == (bytes->bytes == NULL));
	if (text->bytes == NULL)
		return;
	const size_t length = json_text_decode(plain, line_text_copy(text, plain), plain);
	require(length == bytes->length && memcmp(plain, bytes->bytes, length) == 0);
}

/* Of the first reply. */
static void
require_same_edns(const struct survey_line *line, const struct observation *observation)
{
	size_t first = 0;

	while (first < observation->dns_count && observation->dns[first].rcode == OBSERVATION_NONE)
		first++;
	if (first == observation->dns_count)
		return;
	const struct dns_observation *reply = &observation->dns[first];
	require(line->reply.edns.is_known == (reply->octets != OBSERVATION_NONE));
	require(line->reply.edns.octets == reply->octets);
	require(line->reply.edns.is_present == reply->edns.is_present);
	if (!line->reply.edns.is_present)
		return;
	require(line->reply.edns.version == reply->edns.version);
	require(line->reply.edns.udp_size == reply->edns.udp_size);
	require(line->reply.edns.has_do == reply->edns.has_do);
	require(line->reply.edns.padding == reply->edns.padding);
	require(line->reply.edns.has_broken_options == reply->edns.has_broken_options);
	require((line->reply.edns.options.length == 0) == (reply->edns.option_count == 0));
}

static void
require_same(const struct survey_line *line, const struct observation *observation)
{
	const struct certificate_observation *leaf = observation->certificate;

	require(line->address == observation->address && line->port == observation->port);
	require(line->outcome == observation->outcome);
	require(line->timestamp_us == observation->timestamp_us);
	require(line->rtt_us == observation->syn.rtt_us && line->ttl == observation->syn.ttl);
	require(line->tls_us == observation->timing.tls_us);
	require(line->total_us == observation->timing.total_us);
	require_same_edns(line, observation);
	require(line->has_certificate == (leaf != NULL));
	if (leaf == NULL)
		return;
	require(line->status == leaf->status && line->flags == leaf->flags);
	require(!line->spki_sha256.exists ||
		memcmp(line->spki_sha256.bytes, leaf->spki_sha256, 32) == 0);
	require(line->names.count == leaf->name_count);
	require_text(&line->common_name, &leaf->common_name);
	require_text(&line->subject, &leaf->subject);
	for (uint32_t i = 0; i < line->names.count; i++)
		require_text(&line->names.texts[i], &leaf->names[i]);
	require(line->has_validity == leaf->has_validity);
	require(!leaf->has_validity || line->not_after == leaf->not_after);
}

static void
compare_readers(const char *text, size_t size)
{
	struct survey_line line;
	struct record record;
	struct fault fault = { "" };

	if (!survey_line_read(text, size, &line))
		return;
	if (record_read(text, size, "fuzz", 1, &record, &fault) != 0)
		return;
	require_same(&line, &record.observation);
	observation_clear(&record.observation);
}

/* One line of records, or rows of the table. */
static void
add_input(struct survey_set *set, const char *text, size_t size)
{
	struct fault fault = { "" };

	if (size > 0 && text[0] == '{') {
		require(record_loader_add_line(set, text, size, "fuzz", 1, &fault) >= 0);
		return;
	}
	for (size_t start = 0; start < size;) {
		const char *end = memchr(text + start, '\n', size - start);
		const size_t length = end == NULL ? size - start : (size_t)(end - text) - start + 1;
		require(baseline_table_add_line(set, text + start, length, "fuzz", 1, &fault) >= 0);
		start += length;
	}
}

/* A set is for many inputs, as it is for many lines of a file. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct survey_set set;
	const char *text = (const char *)data;

	compare_readers(text, size);
	if (set.certificate_slots == NULL)
		require(survey_set_init(&set) == 0);
	add_input(&set, text, size);
	if (set.host_count > 200) {
		require(provider_assign(&set) == 0);
		require(survey_set_finish(&set) == 0);
		survey_set_clear(&set);
	}
	return 0;
}
