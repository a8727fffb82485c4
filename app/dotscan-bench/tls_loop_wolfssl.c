/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

/* The options come first, or the other headers believe in other structs. */
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include "tls_loop.h"

#define BUFFER_BYTES 16384

struct client {
	WOLFSSL *library;
	uint8_t in[BUFFER_BYTES];
	size_t in_length;
	size_t in_read;
	uint8_t out[BUFFER_BYTES];
	size_t out_length;
};

static int
receive(WOLFSSL *library, char *buffer, int size, void *context)
{
	struct client *client = context;
	size_t length = client->in_length - client->in_read;

	if (length == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	length = length < (size_t)size ? length : (size_t)size;
	memcpy(buffer, client->in + client->in_read, length);
	client->in_read += length;
	return (int)length;
}

static int
transmit(WOLFSSL *library, char *buffer, int size, void *context)
{
	struct client *client = context;

	if ((size_t)size > sizeof(client->out) - client->out_length)
		return WOLFSSL_CBIO_ERR_GENERAL;
	memcpy(client->out + client->out_length, buffer, (size_t)size);
	client->out_length += (size_t)size;
	return size;
}

static void *
context_create(void)
{
	if (wolfSSL_Init() != WOLFSSL_SUCCESS)
		return NULL;
	WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfSSLv23_client_method());
	if (context == NULL)
		return NULL;
	wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_NONE, NULL);
	wolfSSL_CTX_SetIORecv(context, receive);
	wolfSSL_CTX_SetIOSend(context, transmit);
	(void)wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
	(void)wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_X25519);
	/* The certificates' curve, without which TLS 1.2 finds no suite. */
	(void)wolfSSL_CTX_UseSupportedCurve(context, WOLFSSL_ECC_SECP256R1);
	return context;
}

static void
context_destroy(void *context)
{
	wolfSSL_CTX_free(context);
	(void)wolfSSL_Cleanup();
}

static void
close_client(void *argument)
{
	struct client *client = argument;

	if (client->library != NULL) {
		(void)wolfSSL_shutdown(client->library);
		wolfSSL_free(client->library);
	}
	free(client);
}

static void *
open_client(void *context)
{
	char alpn[] = "dot";
	struct client *client = malloc(sizeof(*client));

	if (client == NULL)
		return NULL;
	client->in_length = 0;
	client->in_read = 0;
	client->out_length = 0;
	client->library = wolfSSL_new(context);
	if (client->library == NULL) {
		close_client(client);
		return NULL;
	}
	wolfSSL_SetIOReadCtx(client->library, client);
	wolfSSL_SetIOWriteCtx(client->library, client);
	/* Otherwise it begins with a key share of P-256. */
	(void)wolfSSL_UseKeyShare(client->library, WOLFSSL_ECC_X25519);
	(void)wolfSSL_UseALPN(client->library, alpn, 3, WOLFSSL_ALPN_CONTINUE_ON_MISMATCH);
	return client;
}

static int
outcome_of(struct client *client, int result)
{
	if (result > 0)
		return result;
	return wolfSSL_get_error(client->library, result) == WOLFSSL_ERROR_WANT_READ ? 0 : -1;
}

static int
connect_client(void *argument)
{
	struct client *client = argument;

	return outcome_of(client, wolfSSL_connect(client->library));
}

static int
write_client(void *argument, const uint8_t *bytes, size_t length)
{
	struct client *client = argument;

	return outcome_of(client, wolfSSL_write(client->library, bytes, (int)length));
}

static int
read_client(void *argument, uint8_t *bytes, size_t capacity)
{
	struct client *client = argument;
	int outcome = 0;

	/* It also says that it wants more after a ticket that has nothing for the caller. */
	do
		outcome = outcome_of(client, wolfSSL_read(client->library, bytes, (int)capacity));
	while (outcome == 0 && client->in_read < client->in_length);
	return outcome;
}

static void
input(void *argument, const uint8_t *bytes, size_t length)
{
	struct client *client = argument;

	client->in_length -= client->in_read;
	memmove(client->in, client->in + client->in_read, client->in_length);
	client->in_read = 0;
	if (length > sizeof(client->in) - client->in_length)
		length = sizeof(client->in) - client->in_length;
	memcpy(client->in + client->in_length, bytes, length);
	client->in_length += length;
}

static size_t
output(void *argument, uint8_t *bytes, size_t capacity)
{
	struct client *client = argument;
	const size_t length = client->out_length < capacity ? client->out_length : capacity;

	memcpy(bytes, client->out, length);
	client->out_length -= length;
	memmove(client->out, client->out + length, client->out_length);
	return length;
}

const struct tls_loop_client tls_loop_wolfssl = {
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
