/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dot/x509_certificate.h"
#include "dot/der_reader.h"

#define EXTENSIONS_MAX 64 /* real ones have about ten */
#define PURPOSES_MAX   64

static bool
read_algorithm(
	struct byte_reader *reader, struct byte_span *identifier, struct byte_span *parameters)
{
	struct der_value algorithm, value;
	struct byte_reader inner;

	if (!der_read(reader, DER_SEQUENCE, &algorithm))
		return false;
	der_enter(&algorithm, &inner);
	if (!der_read(&inner, DER_OBJECT_IDENTIFIER, &value))
		return false;
	*identifier = value.contents;
	if (byte_reader_left(&inner) > 0) {
		if (!der_read_any(&inner, &value))
			return false;
		*parameters = value.whole;
	}
	return der_is_at_end(&inner);
}

static bool
read_public_key(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value spki, bits;
	struct byte_reader inner;

	if (!der_read(reader, DER_SEQUENCE, &spki))
		return false;
	certificate->spki = spki.whole;
	der_enter(&spki, &inner);
	return read_algorithm(&inner, &certificate->key_algorithm, &certificate->key_parameters) &&
	       der_read(&inner, DER_BIT_STRING, &bits) && der_bits(&bits, &certificate->key_bits) &&
	       der_is_at_end(&inner);
}

static bool
read_validity(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value validity, from, until;
	struct byte_reader inner;

	if (!der_read(reader, DER_SEQUENCE, &validity))
		return false;
	der_enter(&validity, &inner);
	if (!der_read_any(&inner, &from) || !der_read_any(&inner, &until))
		return false;
	certificate->has_validity = der_time(&from, &certificate->not_before) &&
				    der_time(&until, &certificate->not_after);
	return true;
}

static bool
read_basic_constraints(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value sequence, value;
	struct byte_reader inner;

	if (!der_read(reader, DER_SEQUENCE, &sequence))
		return false;
	certificate->has_basic_constraints = true;
	der_enter(&sequence, &inner);
	if (der_read_optional(&inner, DER_BOOLEAN, &value))
		certificate->is_ca = value.contents.length == 1 && value.contents.bytes[0] != 0;
	if (der_read_optional(&inner, DER_INTEGER, &value)) {
		/* A length no chain of ours can reach stands for all longer ones. */
		const bool is_small = value.contents.length == 1 && value.contents.bytes[0] < 0x80;
		certificate->path_length = is_small ? value.contents.bytes[0] : INT16_MAX;
	}
	return der_is_at_end(&inner);
}

static bool
read_key_usage(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value bits;

	if (!der_read(reader, DER_BIT_STRING, &bits) || bits.contents.length < 1)
		return false;
	certificate->has_key_usage = true;
	/* Bit 0 is the most significant bit of the first octet; only the first eight matter here. */
	if (bits.contents.length >= 2) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			if (bits.contents.bytes[1] & (0x80U >> bit))
				certificate->key_usage |= 1U << bit;
		}
	}
	return true;
}

static bool
read_extended_key_usage(struct byte_reader *reader, struct x509_certificate *certificate)
{
	static const uint8_t server_auth[] = { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
	static const uint8_t netscape_step_up[] = { 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x42, 0x04,
		0x01 };
	static const uint8_t microsoft_step_up[] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a,
		0x03, 0x03 };
	const struct byte_span allowed[] = { { server_auth, sizeof(server_auth) },
		{ netscape_step_up, sizeof(netscape_step_up) },
		{ microsoft_step_up, sizeof(microsoft_step_up) } };
	struct der_value sequence, purpose;
	struct byte_reader inner;

	if (!der_read(reader, DER_SEQUENCE, &sequence))
		return false;
	certificate->has_extended_key_usage = true;
	der_enter(&sequence, &inner);
	for (unsigned int i = 0; i < PURPOSES_MAX && byte_reader_left(&inner) > 0; i++) {
		if (!der_read(&inner, DER_OBJECT_IDENTIFIER, &purpose))
			return false;
		for (size_t k = 0; k < sizeof(allowed) / sizeof(allowed[0]); k++) {
			if (byte_span_equal(purpose.contents, allowed[k]))
				certificate->allows_server = true;
		}
	}
	return der_is_at_end(&inner);
}

static bool
read_alternative_names(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value names;

	if (!der_read(reader, DER_SEQUENCE, &names))
		return false;
	certificate->alternative_names = names.contents;
	return true;
}

static bool
read_subject_key_id(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value id;

	if (!der_read(reader, DER_OCTET_STRING, &id))
		return false;
	certificate->subject_key_id = id.contents;
	return true;
}

static bool
read_authority_key_id(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value sequence, value;
	struct byte_reader inner;

	if (!der_read(reader, DER_SEQUENCE, &sequence))
		return false;
	der_enter(&sequence, &inner);
	if (der_read_optional(&inner, DER_CONTEXT(0), &value))
		certificate->authority_key_id = value.contents;
	(void)der_read_optional(&inner, DER_CONTEXT_CONSTRUCTED(1), &value);
	if (der_read_optional(&inner, DER_CONTEXT(2), &value))
		certificate->authority_serial = value.contents;
	return der_is_at_end(&inner);
}

/* Understood well enough not to be refused when critical; what they say is not looked at. */
static bool
read_ignored(struct byte_reader *reader, struct x509_certificate *certificate)
{
	return true;
}

/* The extensions of arc 2.5.29, by their last number, that OpenSSL handles or that we do. */
static const struct {
	uint8_t number;
	bool (*read)(struct byte_reader *reader, struct x509_certificate *certificate);
} extension_readers[] = {
	{ 14, read_subject_key_id }, { 15, read_key_usage }, { 17, read_alternative_names },
	{ 19, read_basic_constraints }, { 30, read_ignored },  /* nameConstraints */
	{ 31, read_ignored },                                  /* cRLDistributionPoints */
	{ 32, read_ignored },                                  /* certificatePolicies */
	{ 33, read_ignored },                                  /* policyMappings */
	{ 35, read_authority_key_id }, { 36, read_ignored },   /* policyConstraints */
	{ 37, read_extended_key_usage }, { 54, read_ignored }, /* inhibitAnyPolicy */
};

static void
take_extension(struct byte_span identifier, bool is_critical, struct byte_span contents,
	struct x509_certificate *certificate)
{
	struct byte_reader reader;

	byte_reader_init(&reader, contents.bytes, contents.length);
	if (identifier.length == 3 && identifier.bytes[0] == 0x55 && identifier.bytes[1] == 0x1d) {
		for (size_t i = 0; i < sizeof(extension_readers) / sizeof(extension_readers[0]);
			i++) {
			if (extension_readers[i].number != identifier.bytes[2])
				continue;
			if (!extension_readers[i].read(&reader, certificate))
				certificate->has_broken_extension = true;
			return;
		}
	}
	if (is_critical)
		certificate->has_unknown_critical = true;
}

static bool
read_extensions(struct byte_span explicit_contents, struct x509_certificate *certificate)
{
	struct byte_reader reader, inner, parts;
	struct der_value list, extension, identifier, value;

	byte_reader_init(&reader, explicit_contents.bytes, explicit_contents.length);
	if (!der_read(&reader, DER_SEQUENCE, &list) || !der_is_at_end(&reader))
		return false;
	der_enter(&list, &inner);
	for (unsigned int i = 0; i < EXTENSIONS_MAX && byte_reader_left(&inner) > 0; i++) {
		bool is_critical = false;

		if (!der_read(&inner, DER_SEQUENCE, &extension))
			return false;
		der_enter(&extension, &parts);
		if (!der_read(&parts, DER_OBJECT_IDENTIFIER, &identifier))
			return false;
		if (der_read_optional(&parts, DER_BOOLEAN, &value))
			is_critical = value.contents.length == 1 && value.contents.bytes[0] != 0;
		if (!der_read(&parts, DER_OCTET_STRING, &value))
			return false;
		take_extension(identifier.contents, is_critical, value.contents, certificate);
	}
	return der_is_at_end(&inner);
}

static bool
read_version_and_serial(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value value, number;
	struct byte_reader inner;

	certificate->version = 1;
	if (der_read_optional(reader, DER_CONTEXT_CONSTRUCTED(0), &value)) {
		der_enter(&value, &inner);
		if (!der_read(&inner, DER_INTEGER, &number) || number.contents.length != 1)
			return false;
		certificate->version = number.contents.bytes[0] + 1U;
	}
	if (!der_read(reader, DER_INTEGER, &value))
		return false;
	certificate->serial = value.contents;
	return true;
}

static bool
read_signed_part(struct byte_reader *reader, struct x509_certificate *certificate)
{
	struct der_value tbs, value;
	struct byte_reader inner;
	struct byte_span ignored_identifier, ignored_parameters;

	if (!der_read(reader, DER_SEQUENCE, &tbs))
		return false;
	certificate->tbs = tbs.whole;
	der_enter(&tbs, &inner);
	if (!read_version_and_serial(&inner, certificate))
		return false;
	if (!read_algorithm(&inner, &ignored_identifier, &ignored_parameters))
		return false;
	if (!der_read(&inner, DER_SEQUENCE, &value))
		return false;
	certificate->issuer = value.whole;
	if (!read_validity(&inner, certificate) || !der_read(&inner, DER_SEQUENCE, &value))
		return false;
	certificate->subject = value.whole;
	if (!read_public_key(&inner, certificate))
		return false;
	(void)der_read_optional(&inner, DER_CONTEXT(1), &value);
	(void)der_read_optional(&inner, DER_CONTEXT(2), &value);
	if (der_read_optional(&inner, DER_CONTEXT_CONSTRUCTED(3), &value) &&
		!read_extensions(value.contents, certificate))
		return false;
	return der_is_at_end(&inner);
}

bool
x509_certificate_parse(struct x509_certificate *certificate, const uint8_t *der, size_t length)
{
	struct x509_certificate parsed = { .der = { der, length },
		.path_length = X509_PATH_LENGTH_NONE };
	struct byte_reader reader, inner;
	struct der_value outer, bits;

	*certificate = parsed;
	byte_reader_init(&reader, der, length);
	if (!der_read(&reader, DER_SEQUENCE, &outer) || !der_is_at_end(&reader))
		return false;
	der_enter(&outer, &inner);
	if (!read_signed_part(&inner, &parsed) ||
		!read_algorithm(
			&inner, &parsed.signature_algorithm, &parsed.signature_parameters) ||
		!der_read(&inner, DER_BIT_STRING, &bits) ||
		!der_bits(&bits, &parsed.signature_bits) || !der_is_at_end(&inner))
		return false;
	*certificate = parsed;
	return true;
}
