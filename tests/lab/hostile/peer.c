/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "peer.h"

#define RECORD_BYTES 16640 /* a TLS record with its overhead */
#define SETTLE_MS    100   /* longer than the kernel delays an ACK */

static void
sleep_ms(unsigned int duration_ms)
{
	struct timespec duration = { .tv_sec = duration_ms / 1000,
		.tv_nsec = (long)(duration_ms % 1000) * 1000000L };
	nanosleep(&duration, NULL);
}

static void
set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

void
peer_init(struct peer *peer, int fd)
{
	struct timeval patience = { .tv_sec = PEER_PATIENCE_S };
	*peer = (struct peer){ .fd = fd };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

void
peer_clear(struct peer *peer)
{
	SSL_free(peer->ssl);
	peer->ssl = NULL;
}

size_t
peer_read(struct peer *peer, uint8_t *bytes, size_t capacity)
{
	if (peer->is_gone)
		return 0;
	ssize_t got = recv(peer->fd, bytes, capacity, 0);
	if (got <= 0) {
		peer->is_gone = true;
		return 0;
	}
	return (size_t)got;
}

bool
peer_write(struct peer *peer, const void *bytes, size_t length)
{
	const uint8_t *next = bytes;
	while (length > 0 && !peer->is_gone) {
		size_t part = length;
		if (peer->segment_bytes > 0 && part > peer->segment_bytes)
			part = peer->segment_bytes;
		ssize_t sent = send(peer->fd, next, part, MSG_NOSIGNAL);
		if (sent <= 0) {
			peer->is_gone = true;
			break;
		}
		next += sent;
		length -= (size_t)sent;
		if (peer->pause_ms > 0)
			sleep_ms(peer->pause_ms);
	}
	return !peer->is_gone;
}

void
peer_ignore(struct peer *peer)
{
	uint8_t bytes[4096];
	while (peer_read(peer, bytes, sizeof(bytes)) > 0) {
	}
}

void
peer_finish(struct peer *peer)
{
	(void)shutdown(peer->fd, SHUT_WR);
	peer_ignore(peer);
}

void
peer_reset(struct peer *peer)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	set_option(peer->fd, IPPROTO_TCP, TCP_QUICKACK, 1);
	sleep_ms(SETTLE_MS);
	(void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	peer->is_gone = true;
}

static bool
flush_tls(struct peer *peer)
{
	uint8_t bytes[RECORD_BYTES];
	int waiting;
	while ((waiting = BIO_read(SSL_get_wbio(peer->ssl), bytes, sizeof(bytes))) > 0) {
		if (!peer_write(peer, bytes, (size_t)waiting))
			return false;
	}
	return true;
}

/* After a TLS call returned result: send what it produced and fetch what it lacks. False: it cannot go on. */
static bool
step_tls(struct peer *peer, int result)
{
	int reason = SSL_get_error(peer->ssl, result);
	uint8_t bytes[RECORD_BYTES];

	if (!flush_tls(peer) || reason != SSL_ERROR_WANT_READ)
		return false;
	size_t got = peer_read(peer, bytes, sizeof(bytes));
	return got > 0 && BIO_write(SSL_get_rbio(peer->ssl), bytes, (int)got) == (int)got;
}

bool
peer_accept_tls(struct peer *peer, SSL_CTX *context)
{
	peer->ssl = SSL_new(context);
	BIO *in = BIO_new(BIO_s_mem());
	BIO *out = BIO_new(BIO_s_mem());
	if (peer->ssl == NULL || in == NULL || out == NULL)
		return false;
	SSL_set_bio(peer->ssl, in, out);
	int result;
	while ((result = SSL_accept(peer->ssl)) != 1) {
		if (!step_tls(peer, result))
			return false;
	}
	return flush_tls(peer);
}

size_t
peer_read_tls(struct peer *peer, uint8_t *bytes, size_t capacity)
{
	int result;
	while ((result = SSL_read(peer->ssl, bytes, (int)capacity)) <= 0) {
		if (!step_tls(peer, result))
			return 0;
	}
	return (size_t)result;
}

bool
peer_write_tls(struct peer *peer, const void *bytes, size_t length)
{
	return SSL_write(peer->ssl, bytes, (int)length) == (int)length && flush_tls(peer);
}

void
peer_finish_tls(struct peer *peer)
{
	if (!peer->is_gone) {
		(void)SSL_shutdown(peer->ssl);
		(void)flush_tls(peer);
	}
	peer_finish(peer);
}
