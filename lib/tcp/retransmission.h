/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RETRANSMISSION_H
#define RETRANSMISSION_H

#include <stdint.h>

/* The retransmission timeout of one connection, RFC 6298, in microseconds. Pure arithmetic: who sends, and when, is the client's. */
struct retransmission {
	uint32_t smoothed_us; /* 0: no sample yet */
	uint32_t variation_us;
	uint32_t timeout_us; /* without back-off */
	uint32_t tries;      /* timeouts since the last progress: each doubles */
};

void retransmission_init(struct retransmission *retransmission);

/* A round trip of something that was sent once only (Karn, RFC 6298 section 3). */
void retransmission_sample(struct retransmission *retransmission, uint64_t round_trip_us);

/* How long to wait from now on, back-off included. */
uint64_t retransmission_timeout_us(const struct retransmission *retransmission);

#endif
