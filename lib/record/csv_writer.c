/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/ipv4.h"
#include "record/csv_writer.h"

#define VERDICT_ANSWER  "DoT query answer"
#define VERDICT_TIMEOUT "DoT query timeout"
#define VERDICT_ERROR   "DoT query error"

static bool
is_timeout(enum outcome outcome)
{
	return outcome == OUTCOME_TCP_TIMEOUT || outcome == OUTCOME_TLS_SILENT ||
	       outcome == OUTCOME_TLS_TIMEOUT || outcome == OUTCOME_DNS_SILENT;
}

int
csv_write(struct line_buffer *buffer, const struct record_brief *brief, unsigned int query_count)
{
	const char *otherwise = is_timeout(brief->outcome) ? VERDICT_TIMEOUT : VERDICT_ERROR;
	char address[IPV4_TEXT_SIZE];
	char line[IPV4_TEXT_SIZE + OBSERVATION_QUERIES * sizeof("," VERDICT_TIMEOUT) + 2];
	int used = snprintf(line, sizeof(line), "%s", ipv4_format(brief->address, address));

	for (unsigned int i = 0; i < query_count && i < OBSERVATION_QUERIES; i++)
		used += snprintf(line + used, sizeof(line) - (size_t)used, ",%s",
			brief->has_reply[i] ? VERDICT_ANSWER : otherwise);
	line[used++] = '\n';
	return line_buffer_append(buffer, line, (size_t)used);
}
