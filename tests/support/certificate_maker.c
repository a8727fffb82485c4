/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "support/certificate_maker.h"

#define YEAR_S (365 * 24 * 3600L)

#define REQUIRE(claim)                                                              \
	do {                                                                        \
		if (!(claim)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #claim); \
			abort();                                                    \
		}                                                                   \
	} while (0)

EVP_PKEY *
certificate_maker_key(const char *kind)
{
	EVP_PKEY *key = NULL;

	if (strncmp(kind, "rsa-", 4) == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)atoi(kind + 4));
	else if (strcmp(kind, "ecdsa-256") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	else if (strcmp(kind, "ecdsa-384") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	else if (strcmp(kind, "ecdsa-521") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521");
	else if (strcmp(kind, "ed25519") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else if (strcmp(kind, "ed448") == 0)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "ED448");
	REQUIRE(key != NULL);
	return key;
}

static void
set_subject(X509 *certificate, const struct certificate_request *request)
{
	X509_NAME *name = X509_get_subject_name(certificate);

	if (request->raw_common_name != NULL)
		REQUIRE(X509_NAME_add_entry_by_txt(name, "CN", V_ASN1_T61STRING,
			request->raw_common_name, (int)request->raw_common_name_length, -1, 0));
	else if (request->subject != NULL)
		REQUIRE(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
			(const unsigned char *)request->subject, -1, -1, 0));
	REQUIRE(X509_set_issuer_name(certificate,
		request->issuer != NULL ? X509_get_subject_name(request->issuer) : name));
}

static void
add_extension(X509 *certificate, X509V3_CTX *context, int nid, const char *value)
{
	if (value == NULL)
		return;
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
	REQUIRE(extension != NULL && X509_add_ext(certificate, extension, -1));
	X509_EXTENSION_free(extension);
}

static void
add_unknown_critical(X509 *certificate, const char *identifier)
{
	ASN1_OBJECT *object = OBJ_txt2obj(identifier, 1);
	ASN1_OCTET_STRING *contents = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension;

	REQUIRE(object != NULL && contents != NULL);
	REQUIRE(ASN1_OCTET_STRING_set(contents, (const unsigned char *)"\x05", 2));
	extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, contents);
	REQUIRE(extension != NULL && X509_add_ext(certificate, extension, -1));
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(contents);
	ASN1_OBJECT_free(object);
}

static void
add_comment(X509 *certificate, X509V3_CTX *context, size_t size)
{
	char *comment = malloc(size + 1);

	REQUIRE(comment != NULL);
	memset(comment, 'x', size);
	comment[size] = '\0';
	add_extension(certificate, context, NID_netscape_comment, comment);
	free(comment);
}

static void
add_extensions(X509 *certificate, const struct certificate_request *request)
{
	char constraints[64] = "critical,CA:TRUE";
	X509V3_CTX context;

	X509V3_set_ctx(&context, request->issuer != NULL ? request->issuer : certificate,
		certificate, NULL, NULL, 0);
	if (request->is_ca && request->path_length > 0)
		snprintf(constraints, sizeof(constraints), "critical,CA:TRUE,pathlen:%d",
			request->path_length - 1);
	if (request->is_ca)
		add_extension(certificate, &context, NID_basic_constraints, constraints);
	add_extension(certificate, &context, NID_subject_key_identifier, "hash");
	add_extension(certificate, &context, NID_key_usage, request->key_usage);
	add_extension(certificate, &context, NID_ext_key_usage, request->extended_key_usage);
	add_extension(certificate, &context, NID_subject_alt_name, request->names);
	if (request->issuer != NULL)
		add_extension(certificate, &context, NID_authority_key_identifier, "keyid");
	if (request->critical_extension != NULL)
		add_unknown_critical(certificate, request->critical_extension);
	if (request->comment_bytes > 0)
		add_comment(certificate, &context, request->comment_bytes);
}

static void
sign(X509 *certificate, const struct certificate_request *request)
{
	EVP_PKEY *key = request->issuer_key != NULL ? request->issuer_key : request->key;
	const int type = EVP_PKEY_get_base_id(key);
	const char *name = request->digest != NULL ? request->digest : "SHA256";
	const EVP_MD *digest = EVP_get_digestbyname(name);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_context = NULL;

	if (type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448)
		digest = NULL;
	REQUIRE(context != NULL && EVP_DigestSignInit(context, &key_context, digest, NULL, key));
	if (request->has_pss_signature) {
		REQUIRE(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) > 0);
		REQUIRE(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, RSA_PSS_SALTLEN_DIGEST) > 0);
	}
	REQUIRE(X509_sign_ctx(certificate, context) > 0);
	EVP_MD_CTX_free(context);
}

static void
spoil_signature(X509 *certificate)
{
	const ASN1_BIT_STRING *signature;

	X509_get0_signature(&signature, NULL, certificate);
	/* A byte in the middle: the encoding of an ECDSA signature stays readable. */
	signature->data[signature->length / 2] ^= 0x01;
}

X509 *
certificate_maker_make(const struct certificate_request *request)
{
	static long serial = 1000;
	X509 *certificate = X509_new();

	REQUIRE(certificate != NULL);
	X509_set_version(certificate, request->is_version_1 ? X509_VERSION_1 : X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(certificate), request->not_before_s);
	X509_gmtime_adj(X509_getm_notAfter(certificate),
		request->not_after_s != 0 ? request->not_after_s : YEAR_S);
	set_subject(certificate, request);
	REQUIRE(X509_set_pubkey(certificate, request->key));
	if (!request->is_version_1)
		add_extensions(certificate, request);
	sign(certificate, request);
	if (request->has_bad_signature)
		spoil_signature(certificate);
	return certificate;
}

uint8_t *
certificate_maker_der(X509 *certificate, size_t *length_out)
{
	const int length = i2d_X509(certificate, NULL);
	uint8_t *der = malloc((size_t)length);
	unsigned char *end = der;

	REQUIRE(der != NULL && length > 0);
	REQUIRE(i2d_X509(certificate, &end) == length);
	*length_out = (size_t)length;
	return der;
}

void
certificate_maker_write_pem(const char *path, X509 *const *certificates, size_t count)
{
	FILE *file = fopen(path, "w");

	REQUIRE(file != NULL);
	for (size_t i = 0; i < count; i++)
		REQUIRE(PEM_write_X509(file, certificates[i]));
	REQUIRE(fclose(file) == 0);
}
