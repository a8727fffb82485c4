/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_RIG_H
#define SCAN_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/verify_engine.h"
#include "simulation/scan_script.h"

/*
 * One verify engine with the scripted protocol, a virtual clock and a hand that plays the peers segment by segment. After every
 * step the books are checked, and that no more sessions live than may.
 */
#define SCAN_RIG_OUR_ADDRESS 0xcb007102U
#define SCAN_RIG_PORT        853
#define SCAN_RIG_SENT        65536
#define SCAN_RIG_SECOND_NS   1000000000ULL

struct scan_rig_settings {
	unsigned int attempts;
	uint32_t max_connections;
	uint32_t park_capacity;
	uint64_t timeout_ns; /* of the protocol */
};

struct scan_rig {
	struct syn_cookie cookie;
	struct scan_script script;
	struct verify_engine *engine;
	uint32_t max_connections;
	uint64_t now_ns;
	size_t sent_count;
	struct segment sent[SCAN_RIG_SENT]; /* by the engine; payloads are not kept */
};

/* A connection as the peer of the engine sees it. */
struct scan_rig_peer {
	uint32_t address;
	uint16_t port; /* ours */
	uint32_t next; /* sequence number of its next segment */
	uint32_t acknowledgment;
};

struct scan_rig *scan_rig_create(const struct scan_rig_settings *settings);
void scan_rig_destroy(struct scan_rig *rig);

/* A SYN-ACK of the address to a probe that left age_ns ago reaches the engine. */
struct scan_rig_peer scan_rig_hit(struct scan_rig *rig, uint32_t address, uint64_t age_ns);

/* A segment of the peer. */
void scan_rig_segment(struct scan_rig *rig, struct scan_rig_peer *peer, uint8_t flags,
	const void *payload, size_t length);

/* The peer acknowledges the whole request and gives its verdict. */
void scan_rig_reply(
	struct scan_rig *rig, struct scan_rig_peer *peer, enum outcome outcome, uint8_t hints);

/* Let the engine work until it has nothing more to do now; and the same while time passes. */
void scan_rig_work(struct scan_rig *rig);
void scan_rig_wait(struct scan_rig *rig, uint64_t span_ns);

/* Segments sent to the address with exactly these flags. */
size_t scan_rig_count_sent(const struct scan_rig *rig, uint32_t address, uint8_t flags);

/* The peer of the last SYN that the engine sent to the address, which it has just answered. */
struct scan_rig_peer scan_rig_accept(struct scan_rig *rig, uint32_t address);

/* The next record, copied and freed; fails the test if there is none or it is of another address. */
struct observation scan_rig_record(struct scan_rig *rig, uint32_t address);

struct verify_state scan_rig_state(const struct scan_rig *rig);
uint64_t scan_rig_counter(const struct scan_rig *rig, enum verify_counter counter);

#endif
