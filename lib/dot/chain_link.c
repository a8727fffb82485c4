/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dot/chain_link.h"
#include "dot/certificate_signature.h"

static bool
key_ids_agree(const struct x509_certificate *issuer, const struct x509_certificate *child)
{
	if (child->authority_key_id.bytes != NULL && issuer->subject_key_id.bytes != NULL &&
		!byte_span_equal(child->authority_key_id, issuer->subject_key_id))
		return false;
	return child->authority_serial.bytes == NULL ||
	       byte_span_equal(child->authority_serial, issuer->serial);
}

bool
chain_link_init(struct chain_link *link, const uint8_t *der, size_t length)
{
	struct x509_certificate *certificate = &link->certificate;

	if (!x509_certificate_parse(certificate, der, length))
		return false;
	distinguished_name_id(certificate->subject, link->subject_id);
	distinguished_name_id(certificate->issuer, link->issuer_id);
	link->is_self_issued =
		memcmp(link->subject_id, link->issuer_id, DISTINGUISHED_NAME_ID_BYTES) == 0;
	link->is_self_signed = link->is_self_issued && key_ids_agree(certificate, certificate) &&
			       certificate_signature_fits(certificate, certificate);
	return true;
}

bool
chain_link_may_have_issued(const struct chain_link *issuer, const struct chain_link *child)
{
	return memcmp(issuer->subject_id, child->issuer_id, DISTINGUISHED_NAME_ID_BYTES) == 0 &&
	       key_ids_agree(&issuer->certificate, &child->certificate) &&
	       certificate_signature_fits(&child->certificate, &issuer->certificate);
}
