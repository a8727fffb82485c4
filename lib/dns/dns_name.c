/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/error.h"
#include "dns/dns_name.h"

#define HEADER_BYTES 12
#define LABEL_MAX    63
#define TEXT_MAX     1023 /* every octet of the longest name as \DDD, and more */
#define HOPS_MAX     127  /* a name has at most that many labels, and each hop must bring one */

static bool
append(struct dns_name *name, const uint8_t *bytes, size_t length)
{
	if (length > DNS_NAME_BYTES - name->length)
		return false;
	memcpy(name->bytes + name->length, bytes, length);
	name->length += length;
	return true;
}

bool
dns_name_read(const uint8_t *message, size_t limit, size_t *offset, struct dns_name *name_out)
{
	struct dns_name name = { .length = 0 };
	size_t at = *offset;
	size_t part_start = *offset;
	size_t end = 0; /* behind the name where it began; 0: not known yet */

	for (unsigned int hops = 0; hops <= HOPS_MAX;) {
		if (at >= limit)
			return false;
		const uint8_t octet = message[at];
		if (octet >= 0xc0) {
			if (limit - at < 2)
				return false;
			const size_t target = (size_t)(octet & 0x3f) << 8 | message[at + 1];
			/* Backwards only, so that it ends. */
			if (target >= part_start || target < HEADER_BYTES)
				return false;
			if (end == 0)
				end = at + 2;
			at = part_start = target;
			hops++;
			continue;
		}
		if (octet > LABEL_MAX || (size_t)octet + 1 > limit - at ||
			!append(&name, message + at, (size_t)octet + 1))
			return false;
		at += (size_t)octet + 1;
		if (octet == 0) {
			*offset = end == 0 ? at : end;
			if (name_out != NULL)
				*name_out = name;
			return true;
		}
	}
	return false;
}

static uint8_t
fold(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + ('a' - 'A')) : octet;
}

bool
dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	if (a->length != b->length)
		return false;
	/* Length octets are below 64, so folding does not touch them. */
	for (size_t i = 0; i < a->length; i++) {
		if (fold(a->bytes[i]) != fold(b->bytes[i]))
			return false;
	}
	return true;
}

void
dns_name_fold(struct dns_name *name)
{
	for (size_t i = 0; i < name->length; i++)
		name->bytes[i] = fold(name->bytes[i]);
}

int
dns_name_parse(const char *text, struct dns_name *name_out, struct fault *fault)
{
	ldns_rdf *rdf = NULL;
	ldns_status status = LDNS_STATUS_EMPTY_LABEL;

	if (text[0] != '\0' && strlen(text) <= TEXT_MAX)
		status = ldns_str2rdf_dname(&rdf, text);
	if (status != LDNS_STATUS_OK)
		return fault_set(fault, ERROR_INPUT,
			"\"%.300s\" is no domain name: %s; accepted are labels of 1 to 63 characters, 253 in all",
			text, ldns_get_errorstr_by_id(status));
	struct dns_name name = { .length = ldns_rdf_size(rdf) };
	/* A relative name lacks the root label. */
	const bool is_relative = name.length == 0 || ldns_rdf_data(rdf)[name.length - 1] != 0;
	const bool fits = name.length + (is_relative ? 1 : 0) <= DNS_NAME_BYTES;
	if (fits) {
		memcpy(name.bytes, ldns_rdf_data(rdf), name.length);
		if (is_relative)
			name.bytes[name.length++] = 0;
	}
	ldns_rdf_deep_free(rdf);
	if (!fits)
		return fault_set(fault, ERROR_INPUT,
			"\"%.300s\" is too long: a domain name has 253 characters", text);
	dns_name_fold(&name);
	*name_out = name;
	return 0;
}

/* What means something else in a zone file, RFC 1035 section 5.1. A switch costs a tenth of a search in a text. */
static bool
is_special(uint8_t octet)
{
	switch (octet) {
	case '.':
	case '\\':
	case '"':
	case '(':
	case ')':
	case ';':
	case '@':
	case '$':
		return true;
	default:
		return false;
	}
}

static char *
format_octet(uint8_t octet, char *text)
{
	if (octet <= ' ' || octet >= 0x7f)
		return text + sprintf(text, "\\%03u", octet);
	if (is_special(octet))
		*text++ = '\\';
	*text++ = (char)octet;
	return text;
}

void
dns_name_format(const struct dns_name *name, char *text)
{
	size_t at = 0;

	if (name->length <= 1)
		*text++ = '.';
	while (at < name->length && name->bytes[at] != 0) {
		const uint8_t length = name->bytes[at++];
		for (uint8_t i = 0; i < length; i++)
			text = format_octet(name->bytes[at++], text);
		*text++ = '.';
	}
	*text = '\0';
}
