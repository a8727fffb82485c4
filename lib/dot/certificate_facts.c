/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "base/sha256.h"
#include "dot/certificate_facts.h"
#include "dot/certificate_key.h"
#include "dot/certificate_signature.h"
#include "dot/der_reader.h"
#include "dot/distinguished_name.h"

#define SAN_DNS_NAME   DER_CONTEXT(2)
#define SAN_IP_ADDRESS DER_CONTEXT(7)

int
certificate_facts_add(
	struct certificate_observation *certificate, const uint8_t *der, size_t length)
{
	if (certificate->chain_count == OBSERVATION_CHAIN) {
		certificate->flags |= CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_CHAIN_TOO_LONG);
		return 0;
	}
	struct peer_der *copy = &certificate->chain[certificate->chain_count];
	copy->bytes = malloc(length > 0 ? length : 1);
	if (copy->bytes == NULL)
		return ERROR_MEMORY;
	if (length > 0)
		memcpy(copy->bytes, der, length);
	copy->length = length;
	sha256_digest(copy->bytes, length, copy->sha256);
	certificate->chain_count++;
	return 0;
}

static int
add_name(struct certificate_observation *certificate, const void *bytes, size_t length)
{
	if (certificate->name_count == OBSERVATION_NAMES)
		return 0;
	int error = peer_text_set(&certificate->names[certificate->name_count], bytes, length);
	if (error == 0)
		certificate->name_count++;
	return error;
}

static int
add_address(struct certificate_observation *certificate, struct byte_span octets, uint32_t address)
{
	char text[INET6_ADDRSTRLEN];

	if (octets.length != 4 && octets.length != 16)
		return 0;
	if (octets.length == 4 && load_be32(octets.bytes) == address)
		certificate->has_address_in_names = true;
	const int family = octets.length == 4 ? AF_INET : AF_INET6;
	if (inet_ntop(family, octets.bytes, text, sizeof(text)) == NULL)
		return 0;
	return add_name(certificate, text, strlen(text));
}

static int
take_names(struct certificate_observation *certificate, struct byte_span names, uint32_t address)
{
	struct byte_reader reader;
	struct der_value name;
	int error = 0;

	byte_reader_init(&reader, names.bytes, names.length);
	while (error == 0 && byte_reader_left(&reader) > 0) {
		if (!der_read_any(&reader, &name))
			return 0;
		if (name.tag == SAN_DNS_NAME)
			error = add_name(certificate, name.contents.bytes, name.contents.length);
		else if (name.tag == SAN_IP_ADDRESS)
			error = add_address(certificate, name.contents, address);
	}
	return error;
}

static int
take_subject(struct certificate_observation *certificate, const struct x509_certificate *leaf)
{
	uint8_t text[OBSERVATION_TEXT];
	size_t length = distinguished_name_format(leaf->subject, text, sizeof(text));
	int error = peer_text_set(&certificate->subject, text, length);

	if (error == 0) {
		length = distinguished_name_format(leaf->issuer, text, sizeof(text));
		error = peer_text_set(&certificate->issuer, text, length);
	}
	if (error == 0 && distinguished_name_common(leaf->subject, text, sizeof(text), &length))
		error = peer_text_set(&certificate->common_name, text, length);
	return error;
}

int
certificate_facts_take(struct certificate_observation *certificate, uint32_t address)
{
	struct x509_certificate leaf;

	assert(certificate->chain_count > 0);
	certificate->flags |= CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_NAME_UNCHECKED);
	if (!x509_certificate_parse(
		    &leaf, certificate->chain[0].bytes, certificate->chain[0].length)) {
		certificate->flags |= CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_UNPARSED);
		certificate->status = CERTIFICATE_STATUS_OTHER;
		return 0;
	}
	certificate->has_validity = leaf.has_validity;
	certificate->not_before = leaf.not_before;
	certificate->not_after = leaf.not_after;
	certificate_key_name(&leaf, certificate->key);
	certificate_signature_name(&leaf, certificate->signature);
	sha256_digest(leaf.spki.bytes, leaf.spki.length, certificate->spki_sha256);
	int error = take_subject(certificate, &leaf);
	if (error == 0)
		error = take_names(certificate, leaf.alternative_names, address);
	/* Without a name to expect, only the address itself can be looked for. */
	if (certificate->has_address_in_names)
		certificate->flags &= ~CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_NAME_UNCHECKED);
	return error;
}
