/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEMORY_WATCH_H
#define MEMORY_WATCH_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Counts what the two TLS libraries allocate: wolfSSL, which is dotscan's client, and OpenSSL, which plays the resolvers.
 * Not for several threads.
 */

/* From now on, and without end; before OpenSSL has allocated anything. False if it has. */
bool memory_watch_resolvers(void);

/*
 * Until it is stopped: counting costs time, a tenth of a verified connection. wolfSSL must hold no memory at either moment. False if the
 * library keeps its allocator.
 */
bool memory_watch_clients(bool is_watched);

/* Bytes held now, of the heap, by each. */
size_t memory_watch_resolver_bytes(void);
size_t memory_watch_client_bytes(void);

/* The most that the client's library held since the last call. */
size_t memory_watch_client_peak(void);

#endif
