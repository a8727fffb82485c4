/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_NETWORK_H
#define TLS_NETWORK_H

#include "frame_queue.h"
#include "packet/syn_cookie.h"
#include "tls_lab.h"

/*
 * A network without loss or delay with a resolver behind every address, for one verify engine: frames of the engine in,
 * frames for the engine out. Its TCP is as small as such a network allows.
 */
#define TLS_NETWORK_LOCAL 0xc6120001U /* 198.18.0.1, the engine's address */
#define TLS_NETWORK_FIRST 0x10000000U /* 16.0.0.0, the first resolver's */
#define TLS_NETWORK_PORT  853

struct tls_host {
	struct tls_resolver resolver;
	uint32_t address;
	uint32_t sequence; /* next to send */
	uint32_t expected; /* next from the client */
	uint16_t client_port;
	bool has_sent_fin;
};

struct tls_network {
	const struct tls_lab *lab;       /* borrowed */
	const struct syn_cookie *cookie; /* borrowed: SYN-ACKs prove it */
	struct tls_host *hosts;          /* by number modulo host_count */
	uint32_t host_count;
	uint32_t next;              /* number of the host that answers next */
	bool is_silent;             /* queries are not answered */
	struct frame_queue inbound; /* for the engine */
	struct frame_queue outbound;
};

/* hosts: connections that may be open at once, closing ones included. Returns 0 or ERROR_MEMORY. */
int tls_network_init(struct tls_network *network, const struct tls_lab *lab,
	const struct syn_cookie *cookie, uint32_t hosts);
void tls_network_clear(struct tls_network *network);

/* The next host, never heard of before, answers the SYN that it was sent. */
bool tls_network_synack(struct tls_network *network);

/* Deliver all outbound frames and let the hosts answer. False when out of memory. */
bool tls_network_work(struct tls_network *network);

#endif
