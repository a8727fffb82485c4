/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <string.h>

#include "base/byte_order.h"
#include "targets/reserved_ranges.h"
#include "trace/trace_address.h"

#define IPV4_BYTES   4
#define IPV6_BYTES   16
#define PREFIX_IPV4  3 /* octets: the address classes C of RFC 2182's time */
#define PREFIX_IPV6  6
#define MAPPED_BYTES 12

static const struct special_range {
	uint8_t prefix[IPV6_BYTES];
	unsigned int bits;
	const char *name;
} special_ranges[] = {
	{ { 0 }, 127, "unspecified or loopback" },
	{ { [10] = 0xff, [11] = 0xff }, 96, "IPv4-mapped" },
	{ { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 }, 48, "local translation" },
	{ { 0x01 }, 64, "discard-only" },
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, "documentation" },
	{ { 0xfc }, 7, "unique local" },
	{ { 0xfe, 0x80 }, 10, "link-local" },
	{ { 0xff }, 8, "multicast" },
};

struct trace_address
trace_address_make(const uint8_t *bytes, size_t length)
{
	struct trace_address address = { .family = length == IPV4_BYTES ? 4 : 6 };

	memcpy(address.bytes, bytes, length == IPV4_BYTES ? IPV4_BYTES : IPV6_BYTES);
	return address;
}

bool
trace_address_parse(const char *text, struct trace_address *address_out)
{
	uint8_t bytes[IPV6_BYTES];

	if (inet_pton(AF_INET, text, bytes) == 1)
		*address_out = trace_address_make(bytes, IPV4_BYTES);
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		*address_out = trace_address_make(bytes, IPV6_BYTES);
	else
		return false;
	return true;
}

const char *
trace_address_format(const struct trace_address *address, char *text)
{
	return inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, text,
		TRACE_ADDRESS_TEXT_BYTES);
}

bool
trace_address_equal(const struct trace_address *a, const struct trace_address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool
trace_address_same_prefix(const struct trace_address *a, const struct trace_address *b)
{
	return a->family == b->family &&
	       memcmp(a->bytes, b->bytes, a->family == 4 ? PREFIX_IPV4 : PREFIX_IPV6) == 0;
}

static bool
has_prefix(const uint8_t *bytes, const struct special_range *range)
{
	const unsigned int whole = range->bits / 8;
	const unsigned int rest = range->bits % 8;

	return memcmp(bytes, range->prefix, whole) == 0 &&
	       (rest == 0 || (bytes[whole] ^ range->prefix[whole]) >> (8 - rest) == 0);
}

const char *
trace_address_special(const struct trace_address *address)
{
	if (address->family == 4) {
		const struct reserved_range *range =
			reserved_ranges_find(load_be32(address->bytes));
		return range == NULL ? NULL : range->name;
	}
	for (size_t i = 0; i < sizeof(special_ranges) / sizeof(special_ranges[0]); i++) {
		if (has_prefix(address->bytes, &special_ranges[i]))
			return special_ranges[i].name;
	}
	return NULL;
}
