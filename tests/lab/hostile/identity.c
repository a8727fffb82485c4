/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"

static int
choose_dot(SSL *ssl, const unsigned char **out, unsigned char *out_length,
	const unsigned char *offered, unsigned int offered_length, void *unused)
{
	static const unsigned char dot[] = "\3dot";
	(void)ssl;
	(void)unused;
	if (SSL_select_next_proto((unsigned char **)(uintptr_t)out, out_length, dot,
		    sizeof(dot) - 1, offered, offered_length) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	return SSL_TLSEXT_ERR_OK;
}

static int
refuse_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_length,
	const unsigned char *offered, unsigned int offered_length, void *unused)
{
	(void)ssl;
	(void)out;
	(void)out_length;
	(void)offered;
	(void)offered_length;
	(void)unused;
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static bool
only_version(SSL_CTX *context, int version)
{
	return SSL_CTX_set_min_proto_version(context, version) == 1 &&
	       SSL_CTX_set_max_proto_version(context, version) == 1;
}

static bool
apply_option(SSL_CTX *context, const char *option)
{
	if (strcmp(option, "-") == 0)
		return true;
	if (strcmp(option, "1.0") == 0)
		return only_version(context, TLS1_VERSION);
	if (strcmp(option, "1.1") == 0)
		return only_version(context, TLS1_1_VERSION);
	if (strcmp(option, "1.2") == 0)
		return only_version(context, TLS1_2_VERSION);
	if (strcmp(option, "1.3") == 0)
		return only_version(context, TLS1_3_VERSION);
	if (strcmp(option, "group-p384") == 0)
		return SSL_CTX_set1_groups_list(context, "P-384") == 1;
	if (strcmp(option, "refuse-alpn") == 0) {
		SSL_CTX_set_alpn_select_cb(context, refuse_alpn, NULL);
		return true;
	}
	if (strcmp(option, "need-certificate") == 0) {
		SSL_CTX_set_verify(
			context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
		return true;
	}
	return false;
}

static bool
apply_options(SSL_CTX *context, const char *options)
{
	char *list = strdup(options);
	bool is_applied = list != NULL;
	char *rest = NULL;
	for (char *option = strtok_r(list, ",", &rest); is_applied && option != NULL;
		option = strtok_r(NULL, ",", &rest))
		is_applied = apply_option(context, option);
	free(list);
	return is_applied;
}

SSL_CTX *
identity_open(const char *pem_path, const char *options)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (context == NULL)
		return NULL;
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_alpn_select_cb(context, choose_dot, NULL);
	if (SSL_CTX_set_min_proto_version(context, TLS1_VERSION) == 1 &&
		SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1 &&
		SSL_CTX_use_certificate_chain_file(context, pem_path) == 1 &&
		SSL_CTX_use_PrivateKey_file(context, pem_path, SSL_FILETYPE_PEM) == 1 &&
		apply_options(context, options))
		return context;
	fprintf(stderr, "hostile_server: %s with options %s:\n", pem_path, options);
	ERR_print_errors_fp(stderr);
	SSL_CTX_free(context);
	return NULL;
}
