/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_NETWORK_H
#define SCAN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

/*
 * Everything between one scanner and its many hosts in virtual time: frames are lost, doubled, delayed and so reordered. All
 * that are on their way are in a heap by arrival; there is no limit to how many.
 */
struct scan_network_settings {
	uint32_t loss_permille; /* each way */
	uint32_t duplicate_permille;
	uint64_t jitter_ns;
};

struct scan_flight {
	uint64_t arrival_ns;
	uint64_t serial; /* first come, first served, if they arrive at once */
	uint8_t *frame;
	size_t length;
	bool is_to_scanner;
};

struct scan_network {
	struct scan_network_settings settings;
	struct random_sequence random;
	struct scan_flight *flights;
	size_t count;
	size_t capacity;
	uint64_t serial;
	uint64_t lost;
};

void scan_network_init(
	struct scan_network *network, const struct scan_network_settings *settings, uint64_t seed);
void scan_network_clear(struct scan_network *network);

/* Copies the frame, which arrives at arrival_ns or up to the jitter later, or never. */
void scan_network_send(struct scan_network *network, const uint8_t *frame, size_t length,
	bool is_to_scanner, uint64_t arrival_ns);

/* The next frame that has arrived by now_ns; false if there is none. The caller frees its bytes. */
bool scan_network_receive(
	struct scan_network *network, uint64_t now_ns, struct scan_flight *flight_out);

#endif
