/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESOLVER_MEMORY_H
#define RESOLVER_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Counts what OpenSSL, the TLS of the resolvers, holds from now on. Before any use of it; false if it refuses. One thread. */
bool resolver_memory_watch(void);

/* Bytes held now, as the allocator rounds them. */
size_t resolver_memory_bytes(void);

/* The most that was held since the last call. */
size_t resolver_memory_peak(void);

#endif
