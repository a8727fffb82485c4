/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/byte_order.h"
#include "base/byte_writer.h"
#include "base/hexadecimal.h"
#include "base/ipv4.h"
#include "dns/dns_name.h"
#include "dns/dns_rdata.h"

#define CLASS_IN          1
#define RR_HEADER_BYTES   11 /* root owner, type, class, TTL, RDLENGTH */
#define GENERIC_TEXT_HEAD 16
#define STRINGS_MAX       512 /* ldns takes RDLENGTH octets of memory for each string, were it empty */

static const struct dns_rdata_shape shapes[] = {
	{ DNS_TYPE_A, 4, 0, 0, false, "A" },
	{ DNS_TYPE_AAAA, 16, 0, 0, false, "AAAA" },
	{ DNS_TYPE_CNAME, 0, 1, 0, false, "CNAME" },
	{ DNS_TYPE_NS, 0, 1, 0, false, "NS" },
	{ DNS_TYPE_PTR, 0, 1, 0, false, "PTR" },
	{ DNS_TYPE_DNAME, 0, 1, 0, false, "DNAME" },
	{ DNS_TYPE_SOA, 0, 2, 20, false, "SOA" },
	{ DNS_TYPE_MX, 2, 1, 0, false, "MX" },
	{ DNS_TYPE_SRV, 6, 1, 0, false, "SRV" },
	{ DNS_TYPE_TXT, 0, 0, 0, true, "TXT" },
};

const struct dns_rdata_shape *
dns_rdata_shape(uint16_t type)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (shapes[i].type == type)
			return &shapes[i];
	}
	return NULL;
}

static char *
format_generic(const uint8_t *rdata, size_t length)
{
	char *text = malloc(GENERIC_TEXT_HEAD + 2 * length + 1);

	if (text == NULL)
		return NULL;
	const int head = sprintf(text, "\\# %zu%s", length, length > 0 ? " " : "");
	(void)hexadecimal_format(rdata, length, text + head);
	return text;
}

/* ldns parses a whole record: build the smallest one around the data. */
static ldns_rr *
parse_record(uint16_t type, const uint8_t *rdata, size_t length)
{
	uint8_t *wire = malloc(RR_HEADER_BYTES + length);
	struct byte_writer writer;
	ldns_rr *record = NULL;
	size_t at = 0;

	if (wire == NULL)
		return NULL;
	byte_writer_init(&writer, wire, RR_HEADER_BYTES + length);
	byte_writer_u8(&writer, 0);
	byte_writer_be16(&writer, type);
	byte_writer_be16(&writer, CLASS_IN);
	byte_writer_be32(&writer, 0);
	byte_writer_be16(&writer, (uint16_t)length);
	byte_writer_bytes(&writer, rdata, length);
	if (ldns_wire2rr(&record, wire, writer.length, &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
		record = NULL;
	free(wire);
	return record;
}

static char *
join_fields(const ldns_rr *record)
{
	ldns_buffer *buffer = ldns_buffer_new(256);

	if (buffer == NULL)
		return NULL;
	for (size_t i = 0; i < ldns_rr_rd_count(record); i++) {
		if (i > 0)
			ldns_buffer_printf(buffer, " ");
		(void)ldns_rdf2buffer_str(buffer, ldns_rr_rdf(record, i));
	}
	char *text = ldns_buffer_status_ok(buffer) ? ldns_buffer_export2str(buffer) : NULL;
	ldns_buffer_free(buffer);
	return text;
}

/* As ldns writes them, which parses, allocates and frees for it. */
static char *
format_address(int family, const uint8_t *rdata)
{
	char text[INET6_ADDRSTRLEN];

	if (family == AF_INET)
		return strdup(ipv4_format(load_be32(rdata), text));
	return inet_ntop(family, rdata, text, sizeof(text)) == NULL ? NULL : strdup(text);
}

char *
dns_rdata_format(uint16_t type, const uint8_t *rdata, size_t length)
{
	const struct dns_rdata_shape *shape = dns_rdata_shape(type);

	if (shape != NULL && (type == DNS_TYPE_A || type == DNS_TYPE_AAAA) &&
		length == shape->fixed_before)
		return format_address(type == DNS_TYPE_A ? AF_INET : AF_INET6, rdata);
	if (shape == NULL || (shape->has_strings && length > STRINGS_MAX))
		return format_generic(rdata, length);
	ldns_rr *record = parse_record(type, rdata, length);
	if (record == NULL)
		return format_generic(rdata, length);
	char *text = join_fields(record);
	ldns_rr_free(record);
	return text;
}

size_t
dns_rdata_parse(uint16_t type, const char *text, uint8_t *rdata, size_t capacity)
{
	const size_t line_size = strlen(text) + 64;
	char *type_text = ldns_rr_type2str((ldns_rr_type)type);
	char *line = malloc(line_size);
	ldns_buffer *buffer = ldns_buffer_new(512);
	ldns_rr *record = NULL;
	size_t length = 0;

	if (type_text == NULL || line == NULL || buffer == NULL)
		goto cleanup;
	(void)snprintf(line, line_size, ". 0 IN %s %s", type_text, text);
	if (ldns_rr_new_frm_str(&record, line, 0, NULL, NULL) != LDNS_STATUS_OK) {
		record = NULL;
		goto cleanup;
	}
	if (ldns_rr_rd_count(record) > 0 &&
		ldns_rr_rdata2buffer_wire(buffer, record) == LDNS_STATUS_OK) {
		if (ldns_buffer_position(buffer) <= capacity) {
			length = ldns_buffer_position(buffer);
			memcpy(rdata, ldns_buffer_begin(buffer), length);
		}
	}
cleanup:
	ldns_rr_free(record);
	ldns_buffer_free(buffer);
	free(line);
	free(type_text);
	return length;
}

void
dns_rdata_fold(uint16_t type, uint8_t *rdata, size_t length)
{
	const struct dns_rdata_shape *shape = dns_rdata_shape(type);

	if (shape == NULL || shape->names == 0)
		return;
	/* Length octets are below 64, and so no letters. */
	for (size_t i = shape->fixed_before; i + shape->fixed_after < length; i++) {
		if (rdata[i] >= 'A' && rdata[i] <= 'Z')
			rdata[i] = (uint8_t)(rdata[i] + ('a' - 'A'));
	}
}
