/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ipv4.h"
#include "base/number.h"
#include "config/config_text.h"
#include "config/config_value.h"

#define ENTRY_MAX_BYTES 4095
#define CPU_MAX         1023

static bool
is_digits(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static enum config_verdict
read_count(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value_out)
{
	if (*text == '\0')
		return CONFIG_EMPTY;
	if (*text == '-' && is_digits(text + 1))
		return CONFIG_OUT_OF_RANGE;
	/* YAML 1.1 takes a leading zero for octal, people do not. */
	if (!is_digits(text) || (text[0] == '0' && text[1] != '\0'))
		return CONFIG_WRONG;
	return number_parse(text, minimum, maximum, value_out) ? CONFIG_GOOD : CONFIG_OUT_OF_RANGE;
}

static enum config_verdict
write_count(const struct config_field *field, const char *text, FILE *yaml)
{
	uint64_t value = 0;
	enum config_verdict verdict = read_count(text, field->minimum, field->maximum, &value);

	if (verdict == CONFIG_GOOD)
		fprintf(yaml, "%" PRIu64, value);
	return verdict;
}

static enum config_verdict
write_text(const struct config_field *field, const char *text, FILE *yaml)
{
	size_t length = strlen(text);

	if (length == 0 && field->minimum > 0)
		return CONFIG_EMPTY;
	if (length > field->maximum)
		return CONFIG_TOO_LONG;
	if (!config_text_is_printable(text))
		return CONFIG_WRONG;
	config_value_print_text(text, yaml);
	return CONFIG_GOOD;
}

static enum config_verdict
write_identifier(const struct config_field *field, const char *text, FILE *yaml)
{
	size_t length =
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

	return text[length] != '\0' ? CONFIG_WRONG : write_text(field, text, yaml);
}

static enum config_verdict
write_flag(const struct config_field *field, const char *text, FILE *yaml)
{
	(void)field;
	if (*text == '\0')
		return CONFIG_EMPTY;
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return CONFIG_WRONG;
	fputs(text, yaml);
	return CONFIG_GOOD;
}

static enum config_verdict
write_cpu(const struct config_field *field, const char *text, FILE *yaml)
{
	if (strcmp(text, "last") != 0)
		return write_count(field, text, yaml);
	fprintf(yaml, "%d", CONFIG_CPU_LAST);
	return CONFIG_GOOD;
}

static enum config_verdict
write_duration(const struct config_field *field, const char *text, FILE *yaml)
{
	uint64_t value = 0;

	if (*text == '\0')
		return CONFIG_EMPTY;
	if (!duration_parse(text, &value))
		return CONFIG_WRONG;
	if (value < field->minimum || value > field->maximum)
		return CONFIG_OUT_OF_RANGE;
	fprintf(yaml, "%" PRIu64, value);
	return CONFIG_GOOD;
}

/* The field's name is the unit. */
static enum config_verdict
write_seconds(const struct config_field *field, const char *text, FILE *yaml)
{
	char duration[32];

	if (*text == '\0')
		return CONFIG_EMPTY;
	if (text[strspn(text, "0123456789.")] != '\0')
		return CONFIG_WRONG;
	const int length = snprintf(duration, sizeof(duration), "%ss", text);
	return length < (int)sizeof(duration) ? write_duration(field, duration, yaml)
					      : CONFIG_WRONG;
}

static enum config_verdict
write_rate(const struct config_field *field, const char *text, FILE *yaml)
{
	uint64_t value = 0;

	(void)field;
	if (*text == '\0')
		return CONFIG_EMPTY;
	if (!rate_parse(text, &value))
		return CONFIG_WRONG;
	fprintf(yaml, "%" PRIu64, value);
	return CONFIG_GOOD;
}

/* "a-b" with a <= b; each is a count within the bounds. */
static enum config_verdict
read_span(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *first_out,
	uint64_t *last_out)
{
	char half[8];
	size_t length = strcspn(text, "-");
	enum config_verdict verdict = CONFIG_WRONG;

	if (text[length] == '\0' || length >= sizeof(half))
		return CONFIG_WRONG;
	memcpy(half, text, length);
	half[length] = '\0';
	if (!is_digits(half) || !is_digits(text + length + 1))
		return CONFIG_WRONG;
	verdict = read_count(half, minimum, maximum, first_out);
	if (verdict == CONFIG_GOOD)
		verdict = read_count(text + length + 1, minimum, maximum, last_out);
	return verdict == CONFIG_GOOD && *first_out > *last_out ? CONFIG_WRONG : verdict;
}

static enum config_verdict
write_ports(const struct config_field *field, const char *text, FILE *yaml)
{
	uint64_t first = 0;
	uint64_t last = 0;
	enum config_verdict verdict = read_span(text, 1, UINT16_MAX, &first, &last);

	(void)field;
	if (*text == '\0')
		return CONFIG_EMPTY;
	if (verdict == CONFIG_GOOD)
		fprintf(yaml, "{first: %" PRIu64 ", last: %" PRIu64 "}", first, last);
	return verdict;
}

static enum config_verdict
write_address(const struct config_field *field, const char *text, FILE *yaml)
{
	uint32_t address = 0;

	/* An entry of a list cannot stand for "none". */
	if (*text == '\0' && config_kind_is_list(field->kind))
		return CONFIG_EMPTY;
	if (*text != '\0' && !ipv4_parse(text, &address))
		return CONFIG_WRONG;
	uint32_t network = address >> 24;
	if (*text != '\0' && (network == 0 || network == 127 || network >= 224))
		return CONFIG_OUT_OF_RANGE;
	fprintf(yaml, "%" PRIu32, address);
	return CONFIG_GOOD;
}

static enum config_verdict
write_mac(const struct config_field *field, const char *text, FILE *yaml)
{
	unsigned int bytes[6] = { 0 };
	unsigned int any = 0;

	(void)field;
	for (size_t i = 0; i < 6 && *text != '\0'; i++) {
		const char *pair = text + 3 * i;
		const char end = i == 5 ? '\0' : ':';

		if (strspn(pair, "0123456789abcdefABCDEF") != 2 || pair[2] != end)
			return CONFIG_WRONG;
		bytes[i] = (unsigned int)strtoul(pair, NULL, 16);
		any |= bytes[i];
	}
	if (*text != '\0' && (any == 0 || (bytes[0] & 1) != 0))
		return CONFIG_OUT_OF_RANGE;
	fprintf(yaml, "[%u, %u, %u, %u, %u, %u]", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
		bytes[5]);
	return CONFIG_GOOD;
}

/* One of the words, which end with NULL. */
static enum config_verdict
write_word(const struct config_field *field, const char *text, const char *const *words, FILE *yaml)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return write_text(field, text, yaml);
	return *text == '\0' ? CONFIG_EMPTY : CONFIG_WRONG;
}

static enum config_verdict
write_record_type(const struct config_field *field, const char *text, FILE *yaml)
{
	static const char *const types[] = { "A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS",
		"MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "SVCB", "TLSA", "TXT", NULL };

	return write_word(field, text, types, yaml);
}

static enum config_verdict
write_country_meaning(const struct config_field *field, const char *text, FILE *yaml)
{
	static const char *const meanings[] = { "located", "registered", NULL };

	return write_word(field, text, meanings, yaml);
}

static enum config_verdict
write_text_entry(const struct config_field *field, const char *text, FILE *yaml)
{
	const struct config_field entry = {
		.kind = field->kind, .minimum = 1, .maximum = ENTRY_MAX_BYTES
	};

	return write_text(&entry, text, yaml);
}

static enum config_verdict
write_range(const struct config_field *field, const char *text, FILE *yaml)
{
	struct ipv4_range range;

	if (*text != '\0' && !ipv4_range_parse(text, &range))
		return CONFIG_WRONG;
	return write_text_entry(field, text, yaml);
}

static enum config_verdict
write_country(const struct config_field *field, const char *text, FILE *yaml)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (*text != '\0' && (strlen(text) != 2 || strspn(text, letters) != 2))
		return CONFIG_WRONG;
	return write_text_entry(field, text, yaml);
}

static enum config_verdict
write_asn(const struct config_field *field, const char *text, FILE *yaml)
{
	const struct config_field entry = {
		.kind = field->kind, .minimum = 1, .maximum = UINT32_MAX
	};

	return write_count(&entry, strncmp(text, "AS", 2) == 0 ? text + 2 : text, yaml);
}

static enum config_verdict
write_cpus(const struct config_field *field, const char *text, FILE *yaml)
{
	uint64_t first = 0;
	uint64_t last = 0;
	enum config_verdict verdict = read_span(text, 0, CPU_MAX, &first, &last);

	(void)field;
	if (is_digits(text) || *text == '\0') {
		verdict = read_count(text, 0, CPU_MAX, &first);
		last = first;
	}
	if (verdict != CONFIG_GOOD)
		return verdict;
	for (uint64_t cpu = first; cpu <= last; cpu++)
		fprintf(yaml, "%s%" PRIu64, cpu == first ? "" : ", ", cpu);
	return CONFIG_GOOD;
}

static const struct {
	const char *name;
	enum config_verdict (*write)(const struct config_field *, const char *, FILE *);
} kinds[] = {
	[CONFIG_TEXT] = { "text", write_text },
	[CONFIG_IDENTIFIER] = { "an identifier", write_identifier },
	[CONFIG_COUNT] = { "a whole number", write_count },
	[CONFIG_FLAG] = { "a truth value", write_flag },
	[CONFIG_DURATION] = { "a duration", write_duration },
	[CONFIG_SECONDS] = { "a number of seconds", write_seconds },
	[CONFIG_CPU] = { "a CPU number", write_cpu },
	[CONFIG_RATE] = { "a rate", write_rate },
	[CONFIG_PORTS] = { "a range of ports", write_ports },
	[CONFIG_ADDRESS] = { "an IPv4 address", write_address },
	[CONFIG_MAC] = { "a MAC address", write_mac },
	[CONFIG_RECORD_TYPE] = { "a record type", write_record_type },
	[CONFIG_COUNTRY_MEANING] = { "a meaning of country", write_country_meaning },
	[CONFIG_TEXTS] = { "text", write_text_entry },
	[CONFIG_RANGES] = { "an IPv4 range", write_range },
	[CONFIG_COUNTRIES] = { "a country code", write_country },
	[CONFIG_ASNS] = { "an AS number", write_asn },
	[CONFIG_ADDRESSES] = { "an IPv4 address", write_address },
	[CONFIG_CPUS] = { "a CPU number", write_cpus },
};

enum config_verdict
config_value_write(const struct config_field *field, const char *text, FILE *yaml)
{
	return kinds[field->kind].write(field, text, yaml);
}

const char *
config_value_name(enum config_kind kind)
{
	return kinds[kind].name;
}

/* For the kinds whose values have no bounds of the field's own. */
static const char *
accepted_of_kind(enum config_kind kind)
{
	static const char *const texts[] = {
		[CONFIG_IDENTIFIER] = "1 to 64 letters, digits, dots, underscores and hyphens",
		[CONFIG_FLAG] = "true or false",
		[CONFIG_RATE] = "5pps, 50kpps, 1.2Mpps, 1Gbps or line",
		[CONFIG_PORTS] = "first-last, a power of two many, such as 32768-49151",
		[CONFIG_ADDRESS] = "a unicast IPv4 address such as 192.0.2.1",
		[CONFIG_MAC] = "a unicast MAC address such as 02:00:00:00:00:01",
		[CONFIG_RECORD_TYPE] =
			"A, AAAA, CAA, CNAME, DNSKEY, DS, HTTPS, MX, NAPTR, NS, PTR, SOA, SRV, SVCB, TLSA or TXT",
		[CONFIG_COUNTRY_MEANING] = "located or registered",
		[CONFIG_RANGES] = "a list of CIDR, address or first-last, such as [192.0.2.0/24]",
		[CONFIG_COUNTRIES] = "a list of ISO 3166 codes in capitals, such as [IS, NZ]",
		[CONFIG_ASNS] = "a list of AS numbers, 1 to 4294967295, such as [64496]",
		[CONFIG_ADDRESSES] = "a list of unicast IPv4 addresses, such as [192.0.2.1]",
		[CONFIG_CPUS] = "a list of CPU numbers, 0 to 1023, such as [1, 4-7]",
	};

	return texts[kind];
}

char *
config_value_accepted(const struct config_field *field, char *buffer)
{
	char minimum[32];
	char maximum[32];

	if (field->accepted != NULL)
		(void)snprintf(buffer, CONFIG_ACCEPTED_SIZE, "%s", field->accepted);
	else if (field->kind == CONFIG_COUNT)
		(void)snprintf(buffer, CONFIG_ACCEPTED_SIZE, "%" PRIu64 " to %" PRIu64,
			field->minimum, field->maximum);
	else if (field->kind == CONFIG_CPU)
		(void)snprintf(buffer, CONFIG_ACCEPTED_SIZE, "%" PRIu64 " to %" PRIu64 ", or last",
			field->minimum, field->maximum);
	else if (field->kind == CONFIG_SECONDS)
		(void)snprintf(buffer, CONFIG_ACCEPTED_SIZE, "%s to %s, without the unit",
			duration_format(field->minimum, minimum),
			duration_format(field->maximum, maximum));
	else if (field->kind == CONFIG_DURATION)
		(void)snprintf(buffer, CONFIG_ACCEPTED_SIZE, "%s to %s, such as 500ms, 2s or 3m",
			duration_format(field->minimum, minimum),
			duration_format(field->maximum, maximum));
	else
		(void)snprintf(buffer, CONFIG_ACCEPTED_SIZE, "%s", accepted_of_kind(field->kind));
	return buffer;
}
