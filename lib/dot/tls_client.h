/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "record/observation.h"

/*
 * A TLS client on memory: TLS 1.0 (where the library has it) to 1.3, any certificate, no server name. Bytes from the peer are given
 * to it, bytes for the peer are fetched from it; it does no I/O and knows no time. A handshake succeeds whatever the certificate
 * is worth: the chain is kept, and judged elsewhere. Only this file knows the TLS library.
 */

/* What all clients of one worker share. Created, used and destroyed by one thread. */
struct tls_worker;

/* NULL, with *fault set, if the library refuses. */
struct tls_worker *tls_worker_create(struct fault *fault);
void tls_worker_destroy(struct tls_worker *worker);

struct tls_client;

enum tls_state {
	TLS_AWAITS_HANDSHAKE,
	TLS_ESTABLISHED,
	TLS_CLOSED,  /* the peer said close_notify */
	TLS_ALERTED, /* the peer sent a fatal alert, or a warning that ended the handshake */
	TLS_FAILED,  /* the peer broke the protocol, or asked for what the library cannot do */
};

/* Undelivered output of one client. Our flights are below 1 KiB; a peer that makes us write more fails. */
#define TLS_OUTPUT_BYTES 2048

/* The ClientHello is ready to be fetched at once. NULL when out of memory. */
struct tls_client *tls_client_create(struct tls_worker *worker, bool offers_dot_alpn);
void tls_client_destroy(struct tls_client *client);

/*
 * Take bytes from the peer. They are borrowed until the next call of this function, during which tls_client_read must be called
 * until it returns 0 if the state is TLS_ESTABLISHED. Returns the state.
 */
enum tls_state tls_client_input(struct tls_client *client, const uint8_t *bytes, size_t length);

/* Up to capacity decrypted bytes; 0: no more now, and the state tells why. */
size_t tls_client_read(struct tls_client *client, uint8_t *bytes, size_t capacity);

/* Encrypt and queue. Returns false, and the state is TLS_FAILED, if that cannot be done. */
bool tls_client_write(struct tls_client *client, const uint8_t *bytes, size_t length);

/* Up to capacity bytes for the peer; 0: none. */
size_t tls_client_output(struct tls_client *client, uint8_t *bytes, size_t capacity);

/* Queue close_notify if the connection stands, and give back the library's memory. Output, facts and chain stay. */
void tls_client_finish(struct tls_client *client);

enum tls_state tls_client_state(const struct tls_client *client);

/* The last alert the peer sent; -1: none. */
int tls_client_alert(const struct tls_client *client);

/* What was negotiated so far, and the alert. */
void tls_client_describe(const struct tls_client *client, struct tls_observation *tls_out);

/* The library's words for what failed; empty: nothing did. */
const char *tls_client_error(const struct tls_client *client);

/* The presented chain, to be owned by the caller; NULL if none came or it was taken before. Only chain and flags are set. */
struct certificate_observation *tls_client_take_chain(struct tls_client *client);

#endif
