/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <time.h>

#include "record/timestamp.h"

#define US_PER_SECOND 1000000

/* count decimal digits of number, and what follows them. strftime takes ten times as long, three times in each record. */
static char *
put_digits(char *text, int number, int count, char follower)
{
	for (int i = count - 1; i >= 0; i--, number /= 10)
		text[i] = (char)('0' + number % 10);
	text[count] = follower;
	return text + count + 1;
}

static bool
format(int64_t seconds, int microseconds, bool with_fraction, char *text)
{
	const time_t when = (time_t)seconds;
	struct tm parts;

	text[0] = '\0';
	if (gmtime_r(&when, &parts) == NULL || parts.tm_year < -1900 || parts.tm_year > 8099)
		return false;
	text = put_digits(text, parts.tm_year + 1900, 4, '-');
	text = put_digits(text, parts.tm_mon + 1, 2, '-');
	text = put_digits(text, parts.tm_mday, 2, 'T');
	text = put_digits(text, parts.tm_hour, 2, ':');
	text = put_digits(text, parts.tm_min, 2, ':');
	text = put_digits(text, parts.tm_sec, 2, with_fraction ? '.' : 'Z');
	if (with_fraction)
		text = put_digits(text, microseconds, 6, 'Z');
	*text = '\0';
	return true;
}

bool
timestamp_format_us(int64_t microseconds, char *text)
{
	int64_t seconds = microseconds / US_PER_SECOND;
	int64_t rest = microseconds % US_PER_SECOND;

	if (rest < 0) {
		rest += US_PER_SECOND;
		seconds--;
	}
	return format(seconds, (int)rest, true, text);
}

bool
timestamp_format_seconds(int64_t seconds, char *text)
{
	return format(seconds, 0, false, text);
}

/* Decimal digits at text[from..from+count), or -1. */
static int
digits(const char *text, size_t from, size_t count)
{
	int value = 0;

	for (size_t i = from; i < from + count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/*
 * Whatever was parsed must print as the same text: that refuses 30 February, 24 o'clock and leap
 * seconds alike.
 */
bool
timestamp_parse_seconds(const char *text, int64_t *seconds_out)
{
	char again[TIMESTAMP_SIZE];

	if (strlen(text) != strlen("2026-01-02T03:04:05Z"))
		return false;
	struct tm parts = {
		.tm_year = digits(text, 0, 4) - 1900,
		.tm_mon = digits(text, 5, 2) - 1,
		.tm_mday = digits(text, 8, 2),
		.tm_hour = digits(text, 11, 2),
		.tm_min = digits(text, 14, 2),
		.tm_sec = digits(text, 17, 2),
	};
	const int64_t seconds = timegm(&parts);
	if (!timestamp_format_seconds(seconds, again) || strcmp(text, again) != 0)
		return false;
	*seconds_out = seconds;
	return true;
}

bool
timestamp_parse_us(const char *text, int64_t *microseconds_out)
{
	char whole[TIMESTAMP_SIZE];
	int64_t seconds;

	if (strlen(text) != strlen("2026-01-02T03:04:05.678901Z") || text[19] != '.' ||
		text[26] != 'Z')
		return false;
	const int fraction = digits(text, 20, 6);
	memcpy(whole, text, 19);
	memcpy(whole + 19, "Z", 2);
	if (fraction < 0 || !timestamp_parse_seconds(whole, &seconds))
		return false;
	*microseconds_out = seconds * US_PER_SECOND + fraction;
	return true;
}
