/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/dns_edns.h"
#include "base/byte_reader.h"

#define OPTION_PADDING 12 /* RFC 7830 section 3 */
#define DO_BIT         0x8000

static void
describe_options(
	const struct dns_walk *walk, const struct dns_record *opt, struct edns_observation *edns)
{
	struct byte_reader reader;

	byte_reader_init(&reader, walk->message + opt->data, opt->data_length);
	while (byte_reader_left(&reader) > 0 && edns->option_count < OBSERVATION_OPTIONS) {
		const uint16_t code = byte_reader_be16(&reader);
		const uint16_t length = byte_reader_be16(&reader);

		byte_reader_skip(&reader, length);
		if (reader.has_failed) {
			edns->has_broken_options = true;
			return;
		}
		if (code == OPTION_PADDING && edns->padding == OBSERVATION_NONE)
			edns->padding = length;
		edns->options[edns->option_count++] = code;
	}
}

void
dns_edns_describe(const struct dns_walk *walk, struct edns_observation *edns_out)
{
	const struct dns_record *opt = dns_walk_find_opt(walk);

	*edns_out = (struct edns_observation){ .padding = OBSERVATION_NONE };
	if (opt == NULL)
		return;
	edns_out->is_present = true;
	edns_out->version = (uint8_t)(opt->ttl >> 16);
	edns_out->udp_size = opt->class;
	edns_out->has_do = (opt->ttl & DO_BIT) != 0;
	describe_options(walk, opt, edns_out);
}
