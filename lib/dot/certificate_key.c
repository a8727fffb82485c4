/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "base/text.h"
#include "dot/certificate_key.h"
#include "dot/der_reader.h"
#include "dot/object_identifier.h"

#define KEY_TEXT 32

static const struct {
	struct object_identifier identifier;
	enum key_kind kind;
	const char *name;
} key_algorithms[] = {
	{ { 9, { PKCS1_ARC, 1 } }, KEY_RSA, "rsa" },
	{ { 9, { PKCS1_ARC, 10 } }, KEY_RSA_PSS, "rsa-pss" },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01 } }, KEY_DSA, "dsa" },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 } }, KEY_ECDSA, "ecdsa" },
	{ { 3, { 0x2b, 0x65, 0x70 } }, KEY_ED25519, "ed25519" },
	{ { 3, { 0x2b, 0x65, 0x71 } }, KEY_ED448, "ed448" },
};

static const struct {
	struct object_identifier identifier;
	struct certificate_curve curve;
} curves[] = {
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 } },
		{ 256, "256", ECC_SECP256R1 } },
	{ { 5, { 0x2b, 0x81, 0x04, 0x00, 0x22 } }, { 384, "384", ECC_SECP384R1 } },
	{ { 5, { 0x2b, 0x81, 0x04, 0x00, 0x23 } }, { 521, "521", ECC_SECP521R1 } },
	{ { 5, { 0x2b, 0x81, 0x04, 0x00, 0x21 } }, { 224, "224", ECC_SECP224R1 } },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x01 } },
		{ 192, "192", CERTIFICATE_CURVE_UNCHECKED } },
	{ { 5, { 0x2b, 0x81, 0x04, 0x00, 0x0a } },
		{ 256, "secp256k1", CERTIFICATE_CURVE_UNCHECKED } },
	{ { 9, { 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07 } },
		{ 256, "brainpool256", CERTIFICATE_CURVE_UNCHECKED } },
	{ { 9, { 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b } },
		{ 384, "brainpool384", CERTIFICATE_CURVE_UNCHECKED } },
	{ { 9, { 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d } },
		{ 512, "brainpool512", CERTIFICATE_CURVE_UNCHECKED } },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum key_kind
certificate_key_kind(const struct x509_certificate *certificate)
{
	for (size_t i = 0; i < COUNT(key_algorithms); i++) {
		if (object_identifier_is(certificate->key_algorithm, &key_algorithms[i].identifier))
			return key_algorithms[i].kind;
	}
	return KEY_UNKNOWN;
}

const struct certificate_curve *
certificate_key_curve(const struct x509_certificate *certificate)
{
	struct byte_reader reader;
	struct der_value identifier;

	byte_reader_init(
		&reader, certificate->key_parameters.bytes, certificate->key_parameters.length);
	if (!der_read(&reader, DER_OBJECT_IDENTIFIER, &identifier))
		return NULL;
	for (size_t i = 0; i < COUNT(curves); i++) {
		if (object_identifier_is(identifier.contents, &curves[i].identifier))
			return &curves[i].curve;
	}
	return NULL;
}

unsigned int
certificate_key_count_bits(struct byte_span number)
{
	while (number.length > 0 && number.bytes[0] == 0) {
		number.bytes++;
		number.length--;
	}
	if (number.length == 0)
		return 0;
	return (unsigned int)(number.length - 1) * 8 + 32 -
	       (unsigned int)__builtin_clz(number.bytes[0]);
}

bool
certificate_key_numbers(
	struct byte_span der, struct byte_span *first_out, struct byte_span *second_out)
{
	struct byte_reader reader, inner;
	struct der_value sequence, first, second;

	byte_reader_init(&reader, der.bytes, der.length);
	if (!der_read(&reader, DER_SEQUENCE, &sequence))
		return false;
	der_enter(&sequence, &inner);
	if (!der_read(&inner, DER_INTEGER, &first) || !der_read(&inner, DER_INTEGER, &second))
		return false;
	*first_out = first.contents;
	*second_out = second.contents;
	return true;
}

static unsigned int
key_bits(const struct x509_certificate *certificate, enum key_kind kind)
{
	struct byte_span modulus, ignored;
	const struct certificate_curve *curve;

	switch (kind) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return certificate_key_numbers(certificate->key_bits, &modulus, &ignored)
			       ? certificate_key_count_bits(modulus)
			       : 0;
	case KEY_DSA:
		return certificate_key_numbers(certificate->key_parameters, &modulus, &ignored)
			       ? certificate_key_count_bits(modulus)
			       : 0;
	case KEY_ECDSA:
		curve = certificate_key_curve(certificate);
		return curve != NULL ? curve->bits : 0;
	case KEY_ED25519:
		return 253;
	case KEY_ED448:
		return 448;
	case KEY_UNKNOWN:
		break;
	}
	return 0;
}

void
certificate_key_name(const struct x509_certificate *certificate, char *text)
{
	const enum key_kind kind = certificate_key_kind(certificate);

	if (kind == KEY_UNKNOWN) {
		der_identifier_format(certificate->key_algorithm, text, KEY_TEXT);
		return;
	}
	const char *name = "";
	for (size_t i = 0; i < COUNT(key_algorithms); i++) {
		if (key_algorithms[i].kind == kind)
			name = key_algorithms[i].name;
	}
	if (kind == KEY_ED25519 || kind == KEY_ED448) {
		text_copy(text, KEY_TEXT, name);
	} else if (kind == KEY_ECDSA) {
		const struct certificate_curve *curve = certificate_key_curve(certificate);
		text_copy(text, KEY_TEXT, "ecdsa-");
		text_copy(text + strlen("ecdsa-"), KEY_TEXT - strlen("ecdsa-"),
			curve != NULL ? curve->name : "other");
	} else {
		(void)snprintf(text, KEY_TEXT, "%s-%u", name, key_bits(certificate, kind));
	}
}

unsigned int
certificate_key_strength(const struct x509_certificate *certificate)
{
	static const struct {
		unsigned int modulus_bits;
		unsigned int strength;
	} steps[] = { { 15360, 256 }, { 7680, 192 }, { 3072, 128 }, { 2048, 112 }, { 1024, 80 } };
	const enum key_kind kind = certificate_key_kind(certificate);
	const unsigned int bits = key_bits(certificate, kind);

	if (kind == KEY_ECDSA || kind == KEY_ED25519 || kind == KEY_ED448)
		return kind == KEY_ED25519 ? 128 : bits / 2;
	for (size_t i = 0; i < COUNT(steps); i++) {
		if (bits >= steps[i].modulus_bits)
			return steps[i].strength;
	}
	return bits > 0 ? 40 : 0;
}
