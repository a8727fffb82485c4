/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct inquiry;

/*
 * Moves the messages of exchanges over non-blocking sockets. Each query has a socket of its own, connected, so that the kernel lets in
 * only what comes from the address and port that was asked, on a port that the kernel chose at random.
 */
struct network;

/* NULL with a fault. The inquiry is borrowed. */
struct network *network_create(struct inquiry *inquiry, struct fault *fault);
void network_destroy(struct network *network);

/* Nanoseconds of the monotonic clock, by which all deadlines of a run go. */
uint64_t network_now_ns(void);

/* Whether there is a way to public addresses of that family (4 or 6); sends nothing. */
bool network_has_family(int family);

/* Send what is new, and close what is over. Returns 0 or ERROR_MEMORY. */
int network_send(struct network *network);

/* Wait until until_ns or for a message, and take what came. Returns 0 or ERROR_MEMORY. */
int network_wait(struct network *network, uint64_t until_ns);

#endif
