/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

#define FORMAT_SIZE 32

struct unit {
	const char *name;
	uint64_t factor;
};

bool
number_parse(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value_out)
{
	uint64_t value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		uint64_t digit = (uint64_t)(*text - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value < minimum || value > maximum)
		return false;
	*value_out = value;
	return true;
}

/* A decimal number with up to nine places, in billionths, and what follows it. Returns false if it begins with no digit or is too big. */
static bool
read_billionths(const char *text, unsigned __int128 *billionths_out, const char **rest_out)
{
	uint64_t whole = 0;
	uint64_t fraction = 0;
	uint64_t place = 1000000000;

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		const uint64_t digit = (uint64_t)(*text - '0');
		if (whole > (UINT64_MAX - digit) / 10)
			return false;
		whole = whole * 10 + digit;
	}
	if (*text == '.') {
		for (text++; *text >= '0' && *text <= '9'; text++) {
			place /= 10;
			if (place == 0)
				return false;
			fraction += place * (uint64_t)(*text - '0');
		}
		if (place == 1000000000)
			return false;
	}
	*billionths_out = (unsigned __int128)whole * 1000000000ULL + fraction;
	*rest_out = text;
	return true;
}

static bool
read_with_unit(const char *text, const struct unit *units, uint64_t maximum, uint64_t *value_out)
{
	const unsigned __int128 limit = ((unsigned __int128)maximum + 1) * 1000000000ULL;
	unsigned __int128 billionths = 0;
	const char *rest = NULL;

	if (!read_billionths(text, &billionths, &rest))
		return false;
	for (; units->name != NULL; units++) {
		if (strcmp(rest, units->name) != 0)
			continue;
		/* Divided first, so that the product below cannot overflow. */
		if (billionths > limit / units->factor)
			return false;
		const unsigned __int128 value = billionths * units->factor / 1000000000ULL;
		if (value > maximum)
			return false;
		*value_out = (uint64_t)value;
		return true;
	}
	return false;
}

static const struct unit duration_units[] = { { "d", 86400000000000ULL }, { "h", 3600000000000ULL },
	{ "m", 60000000000ULL }, { "s", 1000000000ULL }, { "ms", 1000000ULL }, { "us", 1000ULL },
	{ "ns", 1 }, { NULL, 0 } };

bool
duration_parse(const char *text, uint64_t *nanoseconds_out)
{
	if (strcmp(text, "0") == 0) {
		*nanoseconds_out = 0;
		return true;
	}
	return read_with_unit(text, duration_units, UINT64_MAX / 4, nanoseconds_out);
}

bool
rate_parse(const char *text, uint64_t *pps_out)
{
	static const struct unit packet_units[] = { { "pps", 1 }, { "kpps", 1000 },
		{ "Mpps", 1000000 }, { "Gpps", 1000000000 }, { NULL, 0 } };
	static const struct unit bit_units[] = { { "bps", 1 }, { "kbps", 1000 },
		{ "Mbps", 1000000 }, { "Gbps", 1000000000 }, { NULL, 0 } };
	uint64_t value = 0;

	if (strcmp(text, "line") == 0) {
		*pps_out = RATE_LINE;
		return true;
	}
	if (!read_with_unit(text, packet_units, 1000000000, &value)) {
		if (!read_with_unit(text, bit_units, 1000000000ULL * SYN_WIRE_BITS, &value))
			return false;
		value /= SYN_WIRE_BITS;
	}
	if (value == 0)
		return false;
	*pps_out = value;
	return true;
}

char *
duration_format(uint64_t nanoseconds, char *text)
{
	const struct unit *unit = duration_units;

	if (nanoseconds == 0)
		return strcpy(text, "0");
	while (nanoseconds % unit->factor != 0)
		unit++;
	(void)snprintf(text, FORMAT_SIZE, "%" PRIu64 "%s", nanoseconds / unit->factor, unit->name);
	return text;
}

char *
rate_format(uint64_t pps, char *text)
{
	if (pps == RATE_LINE)
		return strcpy(text, "line");
	if (pps % 1000000 == 0)
		(void)snprintf(text, FORMAT_SIZE, "%" PRIu64 "Mpps", pps / 1000000);
	else if (pps % 1000 == 0)
		(void)snprintf(text, FORMAT_SIZE, "%" PRIu64 "kpps", pps / 1000);
	else
		(void)snprintf(text, FORMAT_SIZE, "%" PRIu64 "pps", pps);
	return text;
}

char *
count_format(double count, char *text)
{
	static const char suffixes[] = { ' ', 'k', 'M', 'G', 'T' };
	size_t step = 0;

	/* 999.5 would print as 1000 at three digits, so the next suffix begins there. */
	while (count >= 999.5 && step + 1 < sizeof(suffixes)) {
		count /= 1000;
		step++;
	}
	if (step == 0)
		(void)snprintf(text, FORMAT_SIZE, "%.0f", count);
	else
		(void)snprintf(text, FORMAT_SIZE, "%.*f%c",
			count < 9.995   ? 2
			: count < 99.95 ? 1
					: 0,
			count, suffixes[step]);
	return text;
}
