/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_LAB_H
#define TLS_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_server;
struct tls_server_context;

/*
 * The resolvers that TLS benchmarks talk to: OpenSSL on memory, X25519, P-256 leaves from one authority, right answers. Each
 * context has a certificate of its own.
 */
#define TLS_LAB_CONTEXTS_MAXIMUM 256

/* Queries a connection, as a scan sends them. */
#define TLS_LAB_QUERIES 2
#define TLS_LAB_NAME    "{label}.probe.example."
#define TLS_LAB_TYPE    "A"
#define TLS_LAB_ANSWER  "192.0.2.53"

struct tls_lab {
	struct tls_server_context *contexts[TLS_LAB_CONTEXTS_MAXIMUM];
	unsigned int context_count;
};

/* version is TLS1_2_VERSION or TLS1_3_VERSION. Failures abort, as those of the servers do. */
void tls_lab_init(struct tls_lab *lab, int version, unsigned int context_count);
void tls_lab_clear(struct tls_lab *lab);

/* One resolver's end of a connection. */
struct tls_resolver {
	struct tls_server *server; /* NULL: none */
	uint8_t query[1024];
	size_t query_length;
};

void tls_resolver_open(
	struct tls_resolver *resolver, const struct tls_lab *lab, unsigned int number);
void tls_resolver_close(struct tls_resolver *resolver);

/* Bytes from the client in; queries that are whole are answered, unless it shall keep silent. */
void tls_resolver_input(
	struct tls_resolver *resolver, const uint8_t *bytes, size_t length, bool is_silent);

/* Up to capacity bytes for the client; 0: none now. */
size_t tls_resolver_output(struct tls_resolver *resolver, uint8_t *bytes, size_t capacity);

#endif
