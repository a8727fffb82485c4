/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DOT_CLIENT_H
#define DOT_CLIENT_H

#include "record/protocol.h"

/*
 * Verifies a DNS-over-TLS resolver (RFC 7858): TLS on the first byte, then queries one after another. context is a struct dot_worker.
 *
 * How the outcomes of record/outcome.h are told apart where that list leaves room:
 * - Bytes are TLS if they begin with the header of a handshake or alert record of version 3.x; otherwise not-tls.
 * - RST, FIN or any breach within the handshake, once a byte of TLS came, is tls-error; an alert is tls-alert.
 * - A fatal alert after the handshake and before any reply (certificate_required of TLS 1.3) is tls-alert too: the server refuses
 *   us, only later than TLS 1.2 would. After a reply it counts as closing.
 * - A reply that is not whole when time is up is dns-silent, when the connection ends dns-closed; but not-dns if its length is
 *   none that a message can have.
 * - Several queries: answer-wrong if any is; otherwise the furthest. After a reply that is no valid one, no more is asked.
 * - A connection never takes more than DOT_BYTES_MAX, and a handshake no more than DOT_HANDSHAKE_BYTES_MAX: beyond that it is
 *   tls-error or not-dns.
 *
 * Of timing, tcp_us is left to the caller; tls_us and total_us count from open, dns_us is the first query's.
 */
extern const struct protocol dot_protocol;

#define DOT_HANDSHAKE_BYTES_MAX (64U << 10)  /* four times the longest chain seen in surveys */
#define DOT_BYTES_MAX           (128U << 10) /* an honest connection stays below 20 KiB */

/* What next_hints may hold: the server refused ALPN, so offer none. */
#define DOT_HINT_NO_ALPN 1U

#endif
