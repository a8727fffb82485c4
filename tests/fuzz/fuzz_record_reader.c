/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line that reads as a record writes a line that reads as the same record; both readers agree on what is ours. */
#include <stdlib.h>
#include <string.h>

#include "record/record_brief.h"
#include "record/record_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
write_read_write(const struct record *record)
{
	struct line_buffer first = { 0 };
	struct line_buffer second = { 0 };
	struct fault fault = { "" };
	struct record again;
	struct record_brief brief;

	require(record_write(&first, record->scan, &record->observation) == 0);
	require(first.length <= RECORD_LINE_MAXIMUM);
	require(memchr(first.bytes, '\n', first.length) == first.bytes + first.length - 1);
	require(record_brief_read(first.bytes, first.length, &brief));
	require(brief.address == record->observation.address);
	require(brief.outcome == record->observation.outcome);
	require(brief.query_count == record->observation.dns_count);
	require(record_read(first.bytes, first.length, "fuzz", 1, &again, &fault) == 0);
	require(record_write(&second, again.scan, &again.observation) == 0);
	require(first.length == second.length &&
		memcmp(first.bytes, second.bytes, first.length) == 0);
	observation_clear(&again.observation);
	line_buffer_clear(&first);
	line_buffer_clear(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { "" };
	struct record record;
	struct record_brief brief;

	(void)record_brief_read((const char *)data, size, &brief);
	if (record_read((const char *)data, size, "fuzz", 1, &record, &fault) == 0) {
		write_read_write(&record);
		observation_clear(&record.observation);
	} else {
		require(fault.text[0] != '\0');
	}
	return 0;
}
