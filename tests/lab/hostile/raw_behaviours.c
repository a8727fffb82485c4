/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "behaviour.h"

#define JUNK_BYTES 16384

/* Wait for the ClientHello, or what part of it comes first. */
static bool
await_hello(struct peer *peer)
{
	uint8_t bytes[4096];
	return peer_read(peer, bytes, sizeof(bytes)) > 0;
}

static void
say(struct peer *peer, const void *bytes, size_t length)
{
	if (peer_write(peer, bytes, length))
		peer_ignore(peer);
}

static void
serve_silence(struct peer *peer, SSL_CTX *context)
{
	peer_ignore(peer);
}

/* A close with unread data would be an RST: only our half is ended. */
static void
serve_close_at_accept(struct peer *peer, SSL_CTX *context)
{
	peer_finish(peer);
}

static void
serve_close_after_hello(struct peer *peer, SSL_CTX *context)
{
	if (await_hello(peer))
		peer_finish(peer);
}

static void
serve_reset_after_hello(struct peer *peer, SSL_CTX *context)
{
	if (await_hello(peer))
		peer_reset(peer);
}

static void
serve_http(struct peer *peer, SSL_CTX *context)
{
	static const char page[] = "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n"
				   "This port speaks HTTP.\n";
	if (await_hello(peer) && peer_write(peer, page, sizeof(page) - 1))
		peer_finish(peer);
}

static void
serve_ssh_banner(struct peer *peer, SSL_CTX *context)
{
	static const char banner[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n";
	say(peer, banner, sizeof(banner) - 1);
}

/* What a plain DNS server makes of a ClientHello: FORMERR, two bytes of length first. */
static void
serve_plain_dns(struct peer *peer, SSL_CTX *context)
{
	static const uint8_t reply[] = { 0, 12, 0x01, 0x00, 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0 };
	if (await_hello(peer))
		say(peer, reply, sizeof(reply));
}

static void
serve_endless_junk(struct peer *peer, SSL_CTX *context)
{
	uint8_t junk[JUNK_BYTES];
	memset(junk, 0xa5, sizeof(junk));
	while (peer_write(peer, junk, sizeof(junk))) {
	}
}

/* Records with right headers and nothing sensible in them, for ever. */
static void
serve_endless_records(struct peer *peer, SSL_CTX *context)
{
	uint8_t record[5 + 4096];
	memset(record, 0xa5, sizeof(record));
	memcpy(record, "\x16\x03\x03\x10\x00", 5);
	if (!await_hello(peer))
		return;
	while (peer_write(peer, record, sizeof(record))) {
	}
}

static const uint8_t bad_server_hello[] = { 0x16, 0x03, 0x03, 0x00, 0x0c, 0x02, 0x00, 0x00, 0x08,
	0x7f, 0x7f, 0xde, 0xad, 0xbe, 0xef, 0x00, 0x01 };

static void
serve_bad_hello(struct peer *peer, SSL_CTX *context)
{
	if (await_hello(peer))
		say(peer, bad_server_hello, sizeof(bad_server_hello));
}

/* A record of 122 bytes is announced; four come, and then silence, FIN or RST. */
static bool
send_half_record(struct peer *peer)
{
	return await_hello(peer) && peer_write(peer, "\x16\x03\x03\x00\x7a\x02\x00\x00\x76", 9);
}

static void
serve_half_record(struct peer *peer, SSL_CTX *context)
{
	if (send_half_record(peer))
		peer_ignore(peer);
}

static void
serve_half_record_close(struct peer *peer, SSL_CTX *context)
{
	if (send_half_record(peer))
		peer_finish(peer);
}

static void
serve_half_record_reset(struct peer *peer, SSL_CTX *context)
{
	if (send_half_record(peer))
		peer_reset(peer);
}

static void
serve_alert(struct peer *peer, uint8_t description)
{
	const uint8_t alert[7] = { 21, 3, 1, 0, 2, 2, description };
	if (await_hello(peer) && peer_write(peer, alert, sizeof(alert)))
		peer_finish(peer);
}

static void
serve_alert_handshake_failure(struct peer *peer, SSL_CTX *context)
{
	serve_alert(peer, SSL_AD_HANDSHAKE_FAILURE);
}

static void
serve_alert_protocol_version(struct peer *peer, SSL_CTX *context)
{
	serve_alert(peer, SSL_AD_PROTOCOL_VERSION);
}

static void
serve_alert_internal_error(struct peer *peer, SSL_CTX *context)
{
	serve_alert(peer, SSL_AD_INTERNAL_ERROR);
}

static void
serve_alert_unrecognized_name(struct peer *peer, SSL_CTX *context)
{
	serve_alert(peer, SSL_AD_UNRECOGNIZED_NAME);
}

const struct behaviour raw_behaviours[] = {
	{ "silence", false, serve_silence },
	{ "close-at-accept", false, serve_close_at_accept },
	{ "close-after-hello", false, serve_close_after_hello },
	{ "reset-after-hello", false, serve_reset_after_hello },
	{ "http", false, serve_http },
	{ "ssh-banner", false, serve_ssh_banner },
	{ "plain-dns", false, serve_plain_dns },
	{ "endless-junk", false, serve_endless_junk },
	{ "endless-records", false, serve_endless_records },
	{ "bad-hello", false, serve_bad_hello },
	{ "half-record", false, serve_half_record },
	{ "half-record-close", false, serve_half_record_close },
	{ "half-record-reset", false, serve_half_record_reset },
	{ "alert-handshake-failure", false, serve_alert_handshake_failure },
	{ "alert-protocol-version", false, serve_alert_protocol_version },
	{ "alert-internal-error", false, serve_alert_internal_error },
	{ "alert-unrecognized-name", false, serve_alert_unrecognized_name },
	{ NULL, false, NULL },
};
