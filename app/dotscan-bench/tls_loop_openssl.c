/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/ssl.h>

#include "tls_loop.h"

static void *
context_create(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());

	if (context == NULL)
		return NULL;
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set1_groups_list(context, "X25519:P-256");
	(void)SSL_CTX_set_alpn_protos(context, (const unsigned char *)"\003dot", 4);
	return context;
}

static void
context_destroy(void *context)
{
	SSL_CTX_free(context);
}

static void *
open_client(void *context)
{
	SSL *client = SSL_new(context);
	BIO *in = BIO_new(BIO_s_mem());
	BIO *out = BIO_new(BIO_s_mem());

	if (client == NULL || in == NULL || out == NULL) {
		SSL_free(client);
		BIO_free(in);
		BIO_free(out);
		return NULL;
	}
	SSL_set_bio(client, in, out);
	SSL_set_connect_state(client);
	return client;
}

static int
outcome_of(SSL *client, int result)
{
	if (result > 0)
		return result;
	return SSL_get_error(client, result) == SSL_ERROR_WANT_READ ? 0 : -1;
}

static int
connect_client(void *client)
{
	return outcome_of(client, SSL_do_handshake(client));
}

static int
write_client(void *client, const uint8_t *bytes, size_t length)
{
	return outcome_of(client, SSL_write(client, bytes, (int)length));
}

static int
read_client(void *client, uint8_t *bytes, size_t capacity)
{
	return outcome_of(client, SSL_read(client, bytes, (int)capacity));
}

static void
input(void *client, const uint8_t *bytes, size_t length)
{
	(void)BIO_write(SSL_get_rbio(client), bytes, (int)length);
}

static size_t
output(void *client, uint8_t *bytes, size_t capacity)
{
	const int length = BIO_read(SSL_get_wbio(client), bytes, (int)capacity);

	return length > 0 ? (size_t)length : 0;
}

static void
close_client(void *client)
{
	(void)SSL_shutdown(client);
	SSL_free(client);
}

const struct tls_loop_client tls_loop_openssl = {
	.context_create = context_create,
	.context_destroy = context_destroy,
	.open = open_client,
	.connect = connect_client,
	.write = write_client,
	.read = read_client,
	.input = input,
	.output = output,
	.close = close_client,
};
