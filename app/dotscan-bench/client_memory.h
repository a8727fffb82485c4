/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLIENT_MEMORY_H
#define CLIENT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Counts what wolfSSL, the TLS of a scan, holds from now on. Before any use of it; false if it refuses. One thread. */
bool client_memory_watch(void);

/* Bytes held now, as the allocator rounds them. */
size_t client_memory_bytes(void);

/* The most that was held since the last call. */
size_t client_memory_peak(void);

#endif
