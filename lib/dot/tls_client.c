/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The options come first, or the other headers believe in other structs. */
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include "base/error.h"
#include "base/text.h"
#include "dot/certificate_facts.h"
#include "dot/tls_client.h"
#include "dot/tls_names.h"
#include "dot/tls_suites.h"

#define WEAKEST_RSA_BITS 512
#define WEAKEST_DH_BITS  512
#define WEAKEST_ECC_BITS 160

/* What is worth measuring is what servers still use, however weak: nothing secret is sent. */
static const uint16_t groups[] = { WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1,
	WOLFSSL_ECC_SECP521R1 };

struct tls_worker {
	WOLFSSL_CTX *context;
};

struct tls_client {
	WOLFSSL *library; /* NULL once finished */
	enum tls_state state;
	int alert;
	const uint8_t *input; /* borrowed */
	size_t input_length;
	uint8_t output[TLS_OUTPUT_BYTES];
	size_t output_length;
	bool has_overflowed;
	bool is_out_of_memory;
	struct certificate_observation *chain;
	struct tls_observation facts;
	char error[WOLFSSL_MAX_ERROR_SZ];
};

/* Never 0, or wolfSSL 5.5.4 asks again for ever. */
static int
receive(WOLFSSL *library, char *buffer, int size, void *context)
{
	struct tls_client *client = context;
	size_t length = (size_t)size < client->input_length ? (size_t)size : client->input_length;

	if (length == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	memcpy(buffer, client->input, length);
	client->input += length;
	client->input_length -= length;
	return (int)length;
}

static int
transmit(WOLFSSL *library, char *buffer, int size, void *context)
{
	struct tls_client *client = context;
	const size_t length = (size_t)size;

	if (length > sizeof(client->output) - client->output_length) {
		client->has_overflowed = true;
		return WOLFSSL_CBIO_ERR_GENERAL;
	}
	memcpy(client->output + client->output_length, buffer, length);
	client->output_length += length;
	return size;
}

/* Called for certificates of the chain in any order, each time with the whole chain as it came. */
static int
keep_chain(int is_valid, WOLFSSL_X509_STORE_CTX *store)
{
	struct tls_client *client = store->userCtx;

	if (client->chain != NULL || store->certs == NULL)
		return 1;
	client->chain = calloc(1, sizeof(*client->chain));
	if (client->chain == NULL) {
		client->is_out_of_memory = true;
		return 1;
	}
	for (int i = 0; i < store->totalCerts; i++) {
		const WOLFSSL_BUFFER_INFO *certificate = &store->certs[i];
		if (certificate_facts_add(
			    client->chain, certificate->buffer, certificate->length) != 0)
			client->is_out_of_memory = true;
	}
	return 1;
}

/* All suites the library has, but for the unwanted ones. */
static bool
set_suites(WOLFSSL_CTX *context)
{
	char all[TLS_SUITES_BYTES];
	char wanted[TLS_SUITES_BYTES];

	return wolfSSL_get_ciphers(all, (int)sizeof(all)) == WOLFSSL_SUCCESS &&
	       tls_suites_order(all, wanted) &&
	       wolfSSL_CTX_set_cipher_list(context, wanted) == WOLFSSL_SUCCESS;
}

static bool
configure(WOLFSSL_CTX *context)
{
	wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_NONE, keep_chain);
	wolfSSL_CTX_SetIORecv(context, receive);
	wolfSSL_CTX_SetIOSend(context, transmit);
	(void)wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
	if (!set_suites(context))
		return false;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (wolfSSL_CTX_UseSupportedCurve(context, groups[i]) != WOLFSSL_SUCCESS)
			return false;
	}
	/* A library without old versions refuses them, and a server that has nothing else then ends in tls-error. */
	if (wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1) != WOLFSSL_SUCCESS)
		(void)wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1_1);
	return wolfSSL_CTX_SetMinRsaKey_Sz(context, WEAKEST_RSA_BITS) == WOLFSSL_SUCCESS &&
	       wolfSSL_CTX_SetMinDhKey_Sz(context, WEAKEST_DH_BITS) == WOLFSSL_SUCCESS &&
	       wolfSSL_CTX_SetMinEccKey_Sz(context, WEAKEST_ECC_BITS) == WOLFSSL_SUCCESS;
}

/* This thread's cache of curve points, which nothing else frees. */
#ifdef FP_ECC
static void
free_thread_cache(void)
{
	wc_ecc_fp_free();
}
#else
static void
free_thread_cache(void)
{
}
#endif

struct tls_worker *
tls_worker_create(struct fault *fault)
{
	struct tls_worker *worker = calloc(1, sizeof(*worker));

	if (worker == NULL || wolfSSL_Init() != WOLFSSL_SUCCESS) {
		free(worker);
		(void)fault_set(fault, ERROR_LIBRARY, "the TLS library cannot be initialised");
		return NULL;
	}
	worker->context = wolfSSL_CTX_new(wolfSSLv23_client_method());
	if (worker->context == NULL || !configure(worker->context)) {
		tls_worker_destroy(worker);
		(void)fault_set(
			fault, ERROR_LIBRARY, "the TLS library lacks a group or setting we need");
		return NULL;
	}
	return worker;
}

void
tls_worker_destroy(struct tls_worker *worker)
{
	if (worker == NULL)
		return;
	wolfSSL_CTX_free(worker->context);
	free_thread_cache();
	(void)wolfSSL_Cleanup();
	free(worker);
}

static void
note_alert(struct tls_client *client)
{
	WOLFSSL_ALERT_HISTORY history;

	if (wolfSSL_get_alert_history(client->library, &history) == WOLFSSL_SUCCESS &&
		history.last_rx.level != alert_none && history.last_rx.code >= 0)
		client->alert = history.last_rx.code;
}

static void
note_facts(struct tls_client *client)
{
	struct tls_observation *facts = &client->facts;
	const char *group = wolfSSL_get_curve_name(client->library);
	char *alpn = NULL;
	unsigned short alpn_length = 0;

	note_alert(client);
	const int suite = wolfSSL_get_current_cipher_suite(client->library);
	if (suite == 0)
		return;
	facts->has_server_hello = true;
	const char *version = wolfSSL_get_version(client->library);
	text_copy(facts->version, sizeof(facts->version),
		strcmp(version, "TLSv1") == 0 ? "TLSv1.0" : version);
	const char *cipher = wolfSSL_get_cipher_name_iana_from_suite(
		(unsigned char)(suite >> 8), (unsigned char)suite);
	text_copy(facts->cipher, sizeof(facts->cipher), cipher == NULL ? "" : cipher);
	if (group != NULL)
		tls_group_name(group, facts->group, sizeof(facts->group));
	if (wolfSSL_ALPN_GetProtocol(client->library, &alpn, &alpn_length) == WOLFSSL_SUCCESS &&
		alpn != NULL && alpn_length < sizeof(facts->alpn)) {
		memcpy(facts->alpn, alpn, alpn_length);
		facts->alpn[alpn_length] = '\0';
	}
}

/* The connection is over for us: say why. */
static void
fail(struct tls_client *client, int error)
{
	note_facts(client);
	if (error == WOLFSSL_ERROR_ZERO_RETURN && client->state == TLS_ESTABLISHED) {
		client->state = TLS_CLOSED;
		return;
	}
	client->state = client->alert >= 0 ? TLS_ALERTED : TLS_FAILED;
	if (client->has_overflowed)
		(void)snprintf(
			client->error, sizeof(client->error), "the peer asks for too much output");
	else if (client->state == TLS_FAILED)
		(void)wolfSSL_ERR_error_string_n(
			(unsigned long)error, client->error, sizeof(client->error));
}

static void
handshake(struct tls_client *client)
{
	const int result = wolfSSL_connect(client->library);

	if (result == WOLFSSL_SUCCESS) {
		note_facts(client);
		client->state = TLS_ESTABLISHED;
		return;
	}
	const int error = wolfSSL_get_error(client->library, result);
	if (error != WOLFSSL_ERROR_WANT_READ)
		fail(client, error);
}

static bool
prepare(struct tls_client *client, bool offers_dot_alpn)
{
	static char dot_protocol_name[] = "dot"; /* RFC 7858 in the IANA registry of ALPN names */

	wolfSSL_SetIOReadCtx(client->library, client);
	wolfSSL_SetIOWriteCtx(client->library, client);
	wolfSSL_SetCertCbCtx(client->library, client);
	/* Testing a server's Diffie-Hellman prime takes up to 400 ms; who chose a bad one is not our secret's problem. */
	if (wolfSSL_SetEnableDhKeyTest(client->library, 0) != WOLFSSL_SUCCESS)
		return false;
	if (offers_dot_alpn &&
		wolfSSL_UseALPN(client->library, dot_protocol_name, sizeof(dot_protocol_name) - 1,
			WOLFSSL_ALPN_CONTINUE_ON_MISMATCH) != WOLFSSL_SUCCESS)
		return false;
	return wolfSSL_UseKeyShare(client->library, WOLFSSL_ECC_X25519) == WOLFSSL_SUCCESS;
}

struct tls_client *
tls_client_create(struct tls_worker *worker, bool offers_dot_alpn)
{
	struct tls_client *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->alert = -1;
	client->library = wolfSSL_new(worker->context);
	if (client->library == NULL || !prepare(client, offers_dot_alpn)) {
		tls_client_destroy(client);
		return NULL;
	}
	handshake(client);
	if (client->state != TLS_AWAITS_HANDSHAKE) {
		tls_client_destroy(client);
		return NULL;
	}
	return client;
}

static void
destroy_chain(struct certificate_observation *chain)
{
	if (chain == NULL)
		return;
	for (size_t i = 0; i < chain->chain_count; i++)
		free(chain->chain[i].bytes);
	free(chain);
}

void
tls_client_destroy(struct tls_client *client)
{
	if (client == NULL)
		return;
	wolfSSL_free(client->library);
	destroy_chain(client->chain);
	free(client);
}

enum tls_state
tls_client_input(struct tls_client *client, const uint8_t *bytes, size_t length)
{
	client->input = bytes;
	client->input_length = length;
	if (client->library != NULL && client->state == TLS_AWAITS_HANDSHAKE)
		handshake(client);
	return client->state;
}

size_t
tls_client_read(struct tls_client *client, uint8_t *bytes, size_t capacity)
{
	if (client->library == NULL || client->state != TLS_ESTABLISHED)
		return 0;
	const int result = wolfSSL_read(client->library, bytes, (int)capacity);
	if (result > 0)
		return (size_t)result;
	const int error = wolfSSL_get_error(client->library, result);
	if (error != WOLFSSL_ERROR_WANT_READ)
		fail(client, error);
	return 0;
}

bool
tls_client_write(struct tls_client *client, const uint8_t *bytes, size_t length)
{
	if (client->library == NULL || client->state != TLS_ESTABLISHED)
		return false;
	const int result = wolfSSL_write(client->library, bytes, (int)length);
	if (result == (int)length)
		return true;
	fail(client, wolfSSL_get_error(client->library, result));
	return false;
}

size_t
tls_client_output(struct tls_client *client, uint8_t *bytes, size_t capacity)
{
	const size_t length = capacity < client->output_length ? capacity : client->output_length;

	memcpy(bytes, client->output, length);
	client->output_length -= length;
	memmove(client->output, client->output + length, client->output_length);
	return length;
}

void
tls_client_finish(struct tls_client *client)
{
	if (client->library == NULL)
		return;
	client->input_length = 0;
	if (client->state == TLS_ESTABLISHED || client->state == TLS_CLOSED)
		(void)wolfSSL_shutdown(client->library);
	note_facts(client);
	wolfSSL_free(client->library);
	client->library = NULL;
}

enum tls_state
tls_client_state(const struct tls_client *client)
{
	return client->state;
}

int
tls_client_alert(const struct tls_client *client)
{
	return client->alert;
}

void
tls_client_describe(const struct tls_client *client, struct tls_observation *tls_out)
{
	*tls_out = client->facts;
	if (client->alert >= 0 && client->state == TLS_ALERTED)
		tls_alert_name((uint8_t)client->alert, tls_out->alert);
}

const char *
tls_client_error(const struct tls_client *client)
{
	return client->error;
}

struct certificate_observation *
tls_client_take_chain(struct tls_client *client)
{
	struct certificate_observation *chain = client->chain;

	if (chain == NULL || chain->chain_count == 0)
		return NULL;
	client->chain = NULL;
	return chain;
}
