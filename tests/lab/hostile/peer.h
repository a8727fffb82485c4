/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PEER_H
#define PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One accepted connection, served by one thread with blocking calls, so that each behaviour reads as a story. Whoever says
 * nothing for PEER_PATIENCE_S seconds is dropped: longer than any time-out of a scanner, short enough to forget a killed one.
 */
#define PEER_PATIENCE_S 60

struct peer {
	int fd;
	SSL *ssl; /* NULL on a plain connection; works on memory, so that we choose how its bytes travel */
	size_t segment_bytes;  /* most bytes in one write; 0: all at once */
	unsigned int pause_ms; /* between two writes */
	bool is_gone;          /* it closed, reset, or was silent for too long */
};

/* Prepare an accepted socket. The caller keeps fd and closes it after peer_clear. */
void peer_init(struct peer *peer, int fd);
void peer_clear(struct peer *peer);

/* Wait for bytes. Returns how many came; 0 when the peer is gone. */
size_t peer_read(struct peer *peer, uint8_t *bytes, size_t capacity);

/* Send all bytes in the peer's rhythm. False when the peer is gone. */
bool peer_write(struct peer *peer, const void *bytes, size_t length);

/* End our half in order (FIN) and swallow what still comes, so that the kernel sends no RST for unread data. */
void peer_finish(struct peer *peer);

/* Make sure that everything so far is acknowledged, then send RST. */
void peer_reset(struct peer *peer);

/* Read and say nothing until the peer goes. */
void peer_ignore(struct peer *peer);

/* Do the TLS handshake as a server. False if it failed; what OpenSSL had to say (an alert) is sent. */
bool peer_accept_tls(struct peer *peer, SSL_CTX *context);

/* As read and write, inside TLS. */
size_t peer_read_tls(struct peer *peer, uint8_t *bytes, size_t capacity);
bool peer_write_tls(struct peer *peer, const void *bytes, size_t length);

/* close_notify, then peer_finish. */
void peer_finish_tls(struct peer *peer);

#endif
