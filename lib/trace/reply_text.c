/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns/dns_rdata.h"
#include "record/dns_flags.h"
#include "record/json_text.h"
#include "trace/query_message.h"
#include "trace/reply_text.h"

const char *
reply_text_flags(const struct dns_walk *walk, char *text)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} flags[] = {
#define X(bit, name) { DNS_FLAG_##bit, name },
		DNS_FLAG_LIST(X)
#undef X
	};
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if ((walk->flags & flags[i].bit) != 0)
			length += (size_t)sprintf(
				text + length, "%s%s", length == 0 ? "" : " ", flags[i].name);
	}
	return text;
}

size_t
reply_text_count(const struct dns_walk *walk, enum dns_section section)
{
	size_t count = 0;

	for (size_t i = 0; i < walk->record_count; i++)
		count += walk->records[i].section == section;
	return count;
}

char *
reply_text_data(const struct dns_walk *walk, const struct dns_record *record)
{
	uint8_t rdata[DNS_RDATA_BYTES(QUERY_MESSAGE_REPLY_MAX)];
	const size_t length = dns_walk_rdata(walk, record, rdata);
	char *data = dns_rdata_format(record->type, rdata, length);

	if (data == NULL)
		return NULL;
	const size_t data_length = strlen(data);
	char *text = malloc(JSON_TEXT_SIZE(data_length));
	if (text != NULL)
		(void)json_text_encode(data, data_length, text);
	free(data);
	return text;
}
