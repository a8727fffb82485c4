/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <poll.h>
#include <string.h>

#include "behaviour.h"
#include "dns_reply.h"

#define DRIP_MS       1000
#define TINY_SEGMENT  7
#define NEXT_QUERY_MS 500 /* how long a reordering server hopes for a second query */

static bool
read_exactly(struct peer *peer, uint8_t *bytes, size_t length)
{
	for (size_t have = 0; have < length;) {
		size_t got = peer_read_tls(peer, bytes + have, length - have);
		if (got == 0)
			return false;
		have += got;
	}
	return true;
}

static bool
read_query(struct peer *peer, struct dns_query *query)
{
	uint8_t length[2];
	if (!read_exactly(peer, length, sizeof(length)))
		return false;
	query->length = (size_t)(length[0] << 8 | length[1]);
	return query->length <= sizeof(query->bytes) &&
	       read_exactly(peer, query->bytes, query->length) && dns_query_parse(query) == 0;
}

static bool
answer_one(struct peer *peer, dns_reply_writer *write_reply)
{
	struct dns_query query;
	uint8_t reply[DNS_REPLY_CAPACITY];
	return read_query(peer, &query) && peer_write_tls(peer, reply, write_reply(&query, reply));
}

/* Answer every query alike until the client has had enough. */
static void
answer_all(struct peer *peer, SSL_CTX *context, dns_reply_writer *write_reply)
{
	if (!peer_accept_tls(peer, context))
		return peer_finish(peer);
	while (answer_one(peer, write_reply)) {
	}
	peer_finish_tls(peer);
}

/* The replies of dns_reply.h, each a behaviour of its own. */
#define REPLY_LIST(X)                     \
	X(right, "right")                 \
	X(wrong, "wrong")                 \
	X(formerr, "formerr")             \
	X(servfail, "servfail")           \
	X(nxdomain, "nxdomain")           \
	X(notimp, "notimp")               \
	X(refused, "refused")             \
	X(notauth, "notauth")             \
	X(nodata, "nodata")               \
	X(referral, "referral")           \
	X(wrong_id, "wrong-id")           \
	X(wrong_name, "wrong-name")       \
	X(wrong_type, "wrong-type")       \
	X(echo, "echo")                   \
	X(cut_record, "cut-record")       \
	X(false_counts, "false-counts")   \
	X(pointer_loop, "pointer-loop")   \
	X(short_message, "short-message") \
	X(false_length, "false-length")

#define X(name, text)                                                 \
	static void serve_##name(struct peer *peer, SSL_CTX *context) \
	{                                                             \
		answer_all(peer, context, dns_reply_##name);          \
	}
REPLY_LIST(X)
#undef X

static void
serve_http_in_tls(struct peer *peer, SSL_CTX *context)
{
	if (peer_accept_tls(peer, context) && answer_one(peer, dns_reply_http))
		return peer_finish_tls(peer);
	peer_finish(peer);
}

static void
serve_tls_silence(struct peer *peer, SSL_CTX *context)
{
	if (peer_accept_tls(peer, context))
		peer_ignore(peer);
}

static void
serve_tls_close(struct peer *peer, SSL_CTX *context)
{
	if (peer_accept_tls(peer, context))
		peer_finish_tls(peer);
}

static void
serve_query_close(struct peer *peer, SSL_CTX *context)
{
	struct dns_query query;
	if (peer_accept_tls(peer, context) && read_query(peer, &query))
		peer_finish_tls(peer);
}

static void
serve_query_reset(struct peer *peer, SSL_CTX *context)
{
	struct dns_query query;
	if (peer_accept_tls(peer, context) && read_query(peer, &query))
		peer_reset(peer);
}

static void
serve_endless_text(struct peer *peer, SSL_CTX *context)
{
	uint8_t text[4096];
	struct dns_query query;
	memset(text, '#', sizeof(text));
	if (!peer_accept_tls(peer, context) || !read_query(peer, &query))
		return;
	while (peer_write_tls(peer, text, sizeof(text))) {
	}
}

static void
serve_one_query(struct peer *peer, SSL_CTX *context)
{
	if (peer_accept_tls(peer, context) && answer_one(peer, dns_reply_right))
		return peer_finish_tls(peer);
	peer_finish(peer);
}

/* RFC 7766 section 7: replies may come in any order. */
static void
serve_reordered(struct peer *peer, SSL_CTX *context)
{
	struct dns_query first;
	uint8_t reply[DNS_REPLY_CAPACITY];
	if (!peer_accept_tls(peer, context))
		return peer_finish(peer);
	while (read_query(peer, &first)) {
		struct pollfd more = { .fd = peer->fd, .events = POLLIN };
		bool has_second = SSL_has_pending(peer->ssl) == 1 ||
				  BIO_pending(SSL_get_rbio(peer->ssl)) > 0 ||
				  poll(&more, 1, NEXT_QUERY_MS) == 1;
		if ((has_second && !answer_one(peer, dns_reply_right)) ||
			!peer_write_tls(peer, reply, dns_reply_right(&first, reply)))
			break;
	}
	peer_finish_tls(peer);
}

static void
serve_tiny_segments(struct peer *peer, SSL_CTX *context)
{
	peer->segment_bytes = TINY_SEGMENT;
	serve_right(peer, context);
}

static void
serve_drip_handshake(struct peer *peer, SSL_CTX *context)
{
	peer->segment_bytes = 1;
	peer->pause_ms = DRIP_MS;
	serve_right(peer, context);
}

static void
serve_drip_answer(struct peer *peer, SSL_CTX *context)
{
	struct dns_query query;
	uint8_t reply[DNS_REPLY_CAPACITY];
	if (!peer_accept_tls(peer, context) || !read_query(peer, &query))
		return;
	size_t length = dns_reply_right(&query, reply);
	peer->pause_ms = DRIP_MS;
	for (size_t at = 0; at < length && peer_write_tls(peer, reply + at, 1); at++) {
	}
	peer_finish_tls(peer);
}

const struct behaviour tls_behaviours[] = {
#define X(name, text) { text, true, serve_##name },
	REPLY_LIST(X)
#undef X
		{ "http-in-tls", true, serve_http_in_tls },
	{ "tls-silence", true, serve_tls_silence },
	{ "tls-close", true, serve_tls_close },
	{ "query-close", true, serve_query_close },
	{ "query-reset", true, serve_query_reset },
	{ "endless-text", true, serve_endless_text },
	{ "one-query", true, serve_one_query },
	{ "reordered", true, serve_reordered },
	{ "tiny-segments", true, serve_tiny_segments },
	{ "drip-handshake", true, serve_drip_handshake },
	{ "drip-answer", true, serve_drip_answer },
	{ NULL, false, NULL },
};
