/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/ipv4.h"

/* Reads one decimal number of at most maximum without leading zeros; returns the rest of the text, or NULL. */
static const char *
read_decimal(const char *text, uint32_t maximum, uint32_t *value_out)
{
	const char *start = text;
	uint32_t value = 0;

	while (*text >= '0' && *text <= '9') {
		value = value * 10 + (uint32_t)(*text - '0');
		if (value > maximum)
			return NULL;
		text++;
	}
	if (text == start || (*start == '0' && text - start > 1))
		return NULL;
	*value_out = value;
	return text;
}

static const char *
read_address(const char *text, uint32_t *address_out)
{
	uint32_t address = 0;

	for (int part = 0; part < 4; part++) {
		uint32_t value = 0;

		if (part > 0 && *text++ != '.')
			return NULL;
		text = read_decimal(text, 255, &value);
		if (text == NULL)
			return NULL;
		address = address << 8 | value;
	}
	*address_out = address;
	return text;
}

bool
ipv4_parse(const char *text, uint32_t *address_out)
{
	uint32_t address = 0;
	const char *rest = read_address(text, &address);

	if (rest == NULL || *rest != '\0')
		return false;
	*address_out = address;
	return true;
}

static bool
read_prefix_length(const char *text, uint32_t first, struct ipv4_range *range_out)
{
	uint32_t length = 0;
	const char *rest = read_decimal(text, 32, &length);

	if (rest == NULL || *rest != '\0')
		return false;
	uint32_t host_bits = length == 0 ? UINT32_MAX : (uint32_t)((1ULL << (32 - length)) - 1);
	/* Host bits may be set: 192.0.2.7/24 is the network of that host, as zmap and ip(8) read it. */
	*range_out = (struct ipv4_range){ first & ~host_bits, first | host_bits };
	return true;
}

bool
ipv4_range_parse(const char *text, struct ipv4_range *range_out)
{
	struct ipv4_range range = { 0, 0 };
	const char *rest = read_address(text, &range.first);

	if (rest == NULL)
		return false;
	if (*rest == '/')
		return read_prefix_length(rest + 1, range.first, range_out);
	if (*rest == '\0') {
		*range_out = (struct ipv4_range){ range.first, range.first };
		return true;
	}
	if (*rest != '-')
		return false;
	rest = read_address(rest + 1, &range.last);
	if (rest == NULL || *rest != '\0' || range.last < range.first)
		return false;
	*range_out = range;
	return true;
}

static char *
write_octet(uint32_t octet, char *text)
{
	if (octet >= 100)
		*text++ = (char)('0' + octet / 100);
	if (octet >= 10)
		*text++ = (char)('0' + octet / 10 % 10);
	*text++ = (char)('0' + octet % 10);
	return text;
}

char *
ipv4_format(uint32_t address, char *text)
{
	char *end = text;

	for (int shift = 24; shift >= 0; shift -= 8) {
		end = write_octet(address >> shift & 255, end);
		*end++ = shift > 0 ? '.' : '\0';
	}
	return text;
}
