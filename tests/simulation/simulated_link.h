/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIMULATED_LINK_H
#define SIMULATED_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "packet/frame_builder.h"
#include "packet/segment.h"

/*
 * A path between two hosts in virtual time that loses, delays, reorders, doubles and damages. What travels are real frames,
 * built and parsed by our own code, so a damaged one must be caught by its checksums.
 */
#define SIMULATED_LINK_FLIGHTS 1024

struct simulated_link_settings {
	uint32_t loss_permille;
	uint32_t duplicate_permille;
	uint32_t damage_permille; /* a bit flipped, or the end cut off */
	uint64_t delay_ns;        /* one way */
	uint64_t jitter_ns;       /* more than the gap between segments reorders them */
};

struct simulated_flight {
	uint64_t arrival_ns;
	uint32_t destination;
	size_t length;
	uint8_t frame[FRAME_SIZE_MAXIMUM];
};

struct simulated_link {
	struct simulated_link_settings settings;
	struct random_sequence random;
	struct simulated_flight flights[SIMULATED_LINK_FLIGHTS];
	size_t count;
};

void simulated_link_init(
	struct simulated_link *link, const struct simulated_link_settings *settings, uint64_t seed);

/* The segment as its sender sees it: it goes to remote_address. A full link loses it. */
void simulated_link_send(
	struct simulated_link *link, const struct segment *segment, uint64_t now_ns);

/* When the next frame arrives; UINT64_MAX if none is on its way. */
uint64_t simulated_link_next_ns(const struct simulated_link *link);

/*
 * The next frame that has arrived by now_ns at whatever address, as its receiver sees it; the payload is borrowed until the
 * next call. False if there is none. Damaged frames are dropped on the way.
 */
bool simulated_link_receive(
	struct simulated_link *link, uint64_t now_ns, struct segment *segment_out);

#endif
