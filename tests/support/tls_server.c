/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "support/tls_server.h"

#define REQUIRE(claim)                                                              \
	do {                                                                        \
		if (!(claim)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #claim); \
			ERR_print_errors_fp(stderr);                                \
			abort();                                                    \
		}                                                                   \
	} while (0)

struct tls_server_context {
	SSL_CTX *library;
	enum tls_server_alpn alpn;
};

struct tls_server {
	SSL *library;
	BIO *from_client;
	BIO *to_client;
	bool has_failed;
	char error[256];
};

static int
select_alpn(SSL *library, const unsigned char **chosen, unsigned char *chosen_length,
	const unsigned char *offered, unsigned int offered_length, void *argument)
{
	static const unsigned char dot[] = "\003dot";
	const struct tls_server_context *context = argument;

	if (context->alpn == TLS_SERVER_REFUSES_ALPN)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	if (context->alpn == TLS_SERVER_IGNORES_ALPN)
		return SSL_TLSEXT_ERR_NOACK;
	unsigned char *match = NULL;
	if (SSL_select_next_proto(&match, chosen_length, dot, sizeof(dot) - 1, offered,
		    offered_length) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*chosen = match;
	return SSL_TLSEXT_ERR_OK;
}

static int
accept_client_certificate(int is_valid, X509_STORE_CTX *store)
{
	return 1;
}

struct tls_server_context *
tls_server_context_create(const struct tls_server_settings *settings)
{
	struct tls_server_context *context = calloc(1, sizeof(*context));

	REQUIRE(context != NULL);
	context->alpn = settings->alpn;
	context->library = SSL_CTX_new(TLS_server_method());
	REQUIRE(context->library != NULL);
	/* Level 0 lets old versions and small keys in. */
	SSL_CTX_set_security_level(context->library, 0);
	REQUIRE(SSL_CTX_set_min_proto_version(context->library,
		settings->minimum_version != 0 ? settings->minimum_version : TLS1_VERSION));
	REQUIRE(SSL_CTX_set_max_proto_version(context->library, settings->maximum_version));
	REQUIRE(SSL_CTX_set_cipher_list(context->library,
		settings->ciphers != NULL ? settings->ciphers : "ALL:@SECLEVEL=0"));
	if (settings->ciphersuites != NULL)
		REQUIRE(SSL_CTX_set_ciphersuites(context->library, settings->ciphersuites));
	if (settings->groups != NULL)
		REQUIRE(SSL_CTX_set1_groups_list(context->library, settings->groups));
	SSL_CTX_set_dh_auto(context->library, 1);
	SSL_CTX_set_num_tickets(context->library, settings->tickets);
	SSL_CTX_set_session_cache_mode(context->library, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(context->library, select_alpn, context);
	if (settings->requires_client_certificate)
		SSL_CTX_set_verify(context->library,
			SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
			accept_client_certificate);
	REQUIRE(SSL_CTX_use_certificate(context->library, settings->chain[0]) == 1);
	for (size_t i = 1; i < settings->chain_count; i++)
		REQUIRE(SSL_CTX_add1_chain_cert(context->library, settings->chain[i]) == 1);
	SSL_CTX_set_mode(context->library, SSL_MODE_NO_AUTO_CHAIN);
	REQUIRE(SSL_CTX_use_PrivateKey(context->library, settings->key) == 1);
	return context;
}

void
tls_server_context_destroy(struct tls_server_context *context)
{
	if (context == NULL)
		return;
	SSL_CTX_free(context->library);
	free(context);
}

struct tls_server *
tls_server_create(struct tls_server_context *context)
{
	struct tls_server *server = calloc(1, sizeof(*server));

	REQUIRE(server != NULL);
	server->library = SSL_new(context->library);
	server->from_client = BIO_new(BIO_s_mem());
	server->to_client = BIO_new(BIO_s_mem());
	REQUIRE(server->library != NULL && server->from_client != NULL &&
		server->to_client != NULL);
	SSL_set_bio(server->library, server->from_client, server->to_client);
	SSL_set_accept_state(server->library);
	return server;
}

void
tls_server_destroy(struct tls_server *server)
{
	if (server == NULL)
		return;
	SSL_free(server->library);
	free(server);
}

static void
note(struct tls_server *server, int result)
{
	const int error = SSL_get_error(server->library, result);

	if (error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL) {
		server->has_failed = true;
		ERR_error_string_n(ERR_peek_last_error(), server->error, sizeof(server->error));
	}
	ERR_clear_error();
}

bool
tls_server_input(struct tls_server *server, const uint8_t *bytes, size_t length)
{
	if (length > 0)
		REQUIRE(BIO_write(server->from_client, bytes, (int)length) == (int)length);
	if (!server->has_failed && !SSL_is_init_finished(server->library)) {
		const int result = SSL_do_handshake(server->library);
		if (result != 1)
			note(server, result);
	}
	return !server->has_failed;
}

size_t
tls_server_output(struct tls_server *server, uint8_t *bytes, size_t capacity)
{
	const int length = BIO_read(server->to_client, bytes, (int)capacity);

	return length > 0 ? (size_t)length : 0;
}

bool
tls_server_is_established(const struct tls_server *server)
{
	return SSL_is_init_finished(server->library) == 1;
}

bool
tls_server_is_closed(const struct tls_server *server)
{
	return (SSL_get_shutdown(server->library) & SSL_RECEIVED_SHUTDOWN) != 0;
}

size_t
tls_server_read(struct tls_server *server, uint8_t *bytes, size_t capacity)
{
	if (!tls_server_is_established(server) || server->has_failed)
		return 0;
	const int result = SSL_read(server->library, bytes, (int)capacity);
	if (result > 0)
		return (size_t)result;
	note(server, result);
	return 0;
}

void
tls_server_write(struct tls_server *server, const uint8_t *bytes, size_t length)
{
	REQUIRE(SSL_write(server->library, bytes, (int)length) == (int)length);
}

void
tls_server_close(struct tls_server *server)
{
	(void)SSL_shutdown(server->library);
	ERR_clear_error();
}

void
tls_server_update_keys(struct tls_server *server)
{
	REQUIRE(SSL_key_update(server->library, SSL_KEY_UPDATE_REQUESTED) == 1);
	REQUIRE(SSL_do_handshake(server->library) == 1);
}

const char *
tls_server_error(const struct tls_server *server)
{
	return server->error;
}
