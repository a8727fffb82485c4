/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_COUNTERS_H
#define TCP_COUNTERS_H

#include <stdint.h>

#include "stats/counter.h"

/* What happened to segments and connections. Every segment that is not used as it came has its own counter. */
#define TCP_COUNTER_LIST(X)                                                                    \
	X(SEGMENTS_RECEIVED, "segments_received", "segments handed to a connection")           \
	X(SEGMENTS_SENT, "segments_sent", "segments emitted")                                  \
	X(RETRANSMISSIONS, "retransmissions", "segments emitted again")                        \
	X(WINDOW_PROBES, "window_probes", "bytes sent into a closed window")                   \
	X(OUT_OF_ORDER, "out_of_order", "segments kept beyond a gap")                          \
	X(OUT_OF_ORDER_FULL, "out_of_order_full", "segments beyond a gap dropped, no room")    \
	X(DUPLICATES, "duplicates", "segments without anything new")                           \
	X(OUT_OF_WINDOW, "out_of_window", "segments beyond our window")                        \
	X(NO_CHUNK, "no_chunk", "segments dropped or cut, pool empty")                         \
	X(UNREAD_FULL, "unread_full", "segments dropped or cut, too much unread")              \
	X(AFTER_FIN, "after_fin", "data beyond the peer's FIN")                                \
	X(DISCARDED, "discarded", "data segments that came after we closed")                   \
	X(NO_ACKNOWLEDGMENT, "no_acknowledgment", "segments without ACK")                      \
	X(BAD_ACKNOWLEDGMENT, "bad_acknowledgment", "acknowledgments of what was never sent")  \
	X(UNEXPECTED_SYN, "unexpected_syn", "SYN on a connection that stands, or without ACK") \
	X(CHALLENGE_ACKS, "challenge_acks", "challenge ACKs, RFC 5961")                        \
	X(CHALLENGES_WITHHELD, "challenges_withheld", "challenge ACKs over the limit")         \
	X(RESETS_RECEIVED, "resets_received", "connections the peer reset")                    \
	X(RESETS_IGNORED, "resets_ignored", "RST outside the window or with a wrong ACK")      \
	X(RESETS_SENT, "resets_sent", "RST emitted")                                           \
	X(TIMEOUTS, "timeouts", "connections given up, no acknowledgment")                     \
	X(LINGERED, "lingered", "connections reset, peer did not finish closing")              \
	X(EXCESSES, "excesses", "connections reset, peer sent too much")                       \
	X(AFTER_CLOSE, "after_close", "segments for a closed connection")                      \
	X(ICMP_SOFT, "icmp_soft", "ICMP errors, no action")                                    \
	X(ICMP_MTU, "icmp_mtu", "ICMP errors that lowered the segment size")                   \
	X(ICMP_IGNORED, "icmp_ignored", "ICMP errors about nothing in flight")                 \
	X(NO_SEND_BUFFER, "no_send_buffer", "sends refused, pool empty")

enum tcp_counter {
#define X(name, key, text) TCP_COUNTER_##name,
	TCP_COUNTER_LIST(X)
#undef X
		TCP_COUNTER_COUNT
};

/* One writer; any thread may read through tcp_counters_get. */
struct tcp_counters {
	uint64_t values[TCP_COUNTER_COUNT];
};

static inline void
tcp_counters_add(struct tcp_counters *counters, enum tcp_counter counter)
{
	counter_add(&counters->values[counter], 1);
}

static inline uint64_t
tcp_counters_get(const struct tcp_counters *counters, enum tcp_counter counter)
{
	return counter_read(&counters->values[counter]);
}

extern const struct counter_name tcp_counter_names[TCP_COUNTER_COUNT];

#endif
