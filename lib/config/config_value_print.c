/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "base/ipv4.h"
#include "base/number.h"
#include "config/config_value.h"
#include "config/scan_config.h"

static uint64_t
read_unsigned(const void *value, size_t size)
{
	if (size == sizeof(uint16_t))
		return *(const uint16_t *)value;
	if (size == sizeof(uint32_t))
		return *(const uint32_t *)value;
	return *(const uint64_t *)value;
}

void
config_value_print_text(const char *text, FILE *file)
{
	fputc('"', file);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(*text, file);
	}
	fputc('"', file);
}

static void
print_mac(const uint8_t *bytes, FILE *file)
{
	uint8_t any = 0;

	for (size_t i = 0; i < 6; i++)
		any |= bytes[i];
	if (any == 0)
		fputs("\"\"", file);
	else
		fprintf(file, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2],
			bytes[3], bytes[4], bytes[5]);
}

static void
print_address(uint32_t address, FILE *file)
{
	char text[IPV4_TEXT_SIZE];

	fputs(address == 0 ? "\"\"" : ipv4_format(address, text), file);
}

void
config_value_print(enum config_kind kind, const void *value, size_t size, FILE *file)
{
	const struct config_port_range *ports = value;
	char text[32];

	switch (kind) {
	case CONFIG_SECTION:
	case CONFIG_SECONDS: /* of bench.yaml only, which is never printed */
	case CONFIG_CPU:
		return;
	case CONFIG_TEXT:
	case CONFIG_IDENTIFIER:
	case CONFIG_RECORD_TYPE:
	case CONFIG_COUNTRY_MEANING:
	case CONFIG_TEXTS:
	case CONFIG_RANGES:
	case CONFIG_COUNTRIES:
		config_value_print_text(*(char *const *)value, file);
		return;
	case CONFIG_COUNT:
	case CONFIG_ASNS:
	case CONFIG_CPUS:
		fprintf(file, "%" PRIu64, read_unsigned(value, size));
		return;
	case CONFIG_FLAG:
		fputs(*(const bool *)value ? "true" : "false", file);
		return;
	case CONFIG_DURATION:
		fputs(duration_format(read_unsigned(value, size), text), file);
		return;
	case CONFIG_RATE:
		fputs(rate_format(read_unsigned(value, size), text), file);
		return;
	case CONFIG_PORTS:
		fprintf(file, "%u-%u", ports->first, ports->last);
		return;
	case CONFIG_ADDRESS:
	case CONFIG_ADDRESSES:
		print_address((uint32_t)read_unsigned(value, size), file);
		return;
	case CONFIG_MAC:
		print_mac(value, file);
		return;
	}
}
