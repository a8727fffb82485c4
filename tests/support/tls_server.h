/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_SERVER_H
#define TLS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* A TLS server on memory, by OpenSSL: bytes in, bytes out, no socket and no thread. For tests and benchmarks. */

enum tls_server_alpn {
	TLS_SERVER_IGNORES_ALPN,
	TLS_SERVER_SELECTS_DOT,
	TLS_SERVER_REFUSES_ALPN, /* alert no_application_protocol to whoever offers any */
};

struct tls_server_settings {
	EVP_PKEY *key;
	X509 *const *chain; /* leaf first */
	size_t chain_count;
	int minimum_version; /* TLS1_VERSION ...; 0: any */
	int maximum_version;
	const char *ciphers;      /* of TLS 1.2 and older; NULL: OpenSSL's default */
	const char *ciphersuites; /* of TLS 1.3 */
	const char *groups;
	enum tls_server_alpn alpn;
	bool requires_client_certificate;
	unsigned int tickets; /* of TLS 1.3 after each handshake */
};

struct tls_server_context;
struct tls_server;

/* One context serves many connections. What fails aborts. */
struct tls_server_context *tls_server_context_create(const struct tls_server_settings *settings);
void tls_server_context_destroy(struct tls_server_context *context);

struct tls_server *tls_server_create(struct tls_server_context *context);
void tls_server_destroy(struct tls_server *server);

/* Bytes from the client; the handshake goes on as far as it can. Returns false once it has failed. */
bool tls_server_input(struct tls_server *server, const uint8_t *bytes, size_t length);

/* Up to capacity bytes for the client; 0: none now. */
size_t tls_server_output(struct tls_server *server, uint8_t *bytes, size_t capacity);

bool tls_server_is_established(const struct tls_server *server);

/* Whether the client said close_notify; known after tls_server_read has returned 0. */
bool tls_server_is_closed(const struct tls_server *server);

/* Decrypted bytes of the client; 0: none now. */
size_t tls_server_read(struct tls_server *server, uint8_t *bytes, size_t capacity);

/* Encrypt and queue. */
void tls_server_write(struct tls_server *server, const uint8_t *bytes, size_t length);

/* Queue close_notify. */
void tls_server_close(struct tls_server *server);

/* Ask the client for new keys (TLS 1.3), so that it must answer. */
void tls_server_update_keys(struct tls_server *server);

/* OpenSSL's words for what failed; the text lies in the server. */
const char *tls_server_error(const struct tls_server *server);

#endif
