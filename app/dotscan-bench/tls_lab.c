/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "support/certificate_maker.h"
#include "support/dns_reply.h"
#include "support/tls_server.h"
#include "tls_lab.h"

/* What OpenSSL's servers send unless told otherwise. */
#define TICKETS 2

static struct tls_server_context *
make_context(int version, EVP_PKEY *authority_key, X509 *authority, unsigned int number)
{
	char name[32];
	char names[64];
	EVP_PKEY *key = certificate_maker_key("ecdsa-256");

	(void)snprintf(name, sizeof(name), "dot%u.test", number);
	(void)snprintf(names, sizeof(names), "DNS:dot%u.test", number);
	const struct certificate_request request = {
		.key = key,
		.subject = name,
		.issuer_key = authority_key,
		.issuer = authority,
		.names = names,
	};
	X509 *leaf = certificate_maker_make(&request);
	X509 *const chain[] = { leaf, authority };
	const struct tls_server_settings settings = {
		.key = key,
		.chain = chain,
		.chain_count = 2,
		.minimum_version = version,
		.maximum_version = version,
		.groups = "X25519",
		.alpn = TLS_SERVER_SELECTS_DOT,
		.tickets = TICKETS,
	};
	struct tls_server_context *context = tls_server_context_create(&settings);
	X509_free(leaf);
	EVP_PKEY_free(key);
	return context;
}

void
tls_lab_init(struct tls_lab *lab, int version, unsigned int context_count)
{
	EVP_PKEY *key = certificate_maker_key("ecdsa-256");
	const struct certificate_request request = {
		.key = key, .subject = "Bench Authority", .is_ca = true
	};
	X509 *authority = certificate_maker_make(&request);

	lab->context_count = context_count;
	for (unsigned int i = 0; i < context_count; i++)
		lab->contexts[i] = make_context(version, key, authority, i);
	X509_free(authority);
	EVP_PKEY_free(key);
}

void
tls_lab_clear(struct tls_lab *lab)
{
	for (unsigned int i = 0; i < lab->context_count; i++)
		tls_server_context_destroy(lab->contexts[i]);
	*lab = (struct tls_lab){ 0 };
}

void
tls_resolver_open(struct tls_resolver *resolver, const struct tls_lab *lab, unsigned int number)
{
	resolver->server = tls_server_create(lab->contexts[number % lab->context_count]);
	resolver->query_length = 0;
}

void
tls_resolver_close(struct tls_resolver *resolver)
{
	tls_server_destroy(resolver->server);
	resolver->server = NULL;
}

static void
answer_queries(struct tls_resolver *resolver)
{
	static const struct dns_reply_settings settings = { .addresses = { TLS_LAB_ANSWER } };
	uint8_t reply[DNS_REPLY_BYTES];
	uint8_t *query = resolver->query;

	while (resolver->query_length >= 2) {
		const size_t whole = 2 + ((size_t)query[0] << 8 | query[1]);

		if (resolver->query_length < whole)
			return;
		tls_server_write(resolver->server, reply, dns_reply_make(&settings, query, reply));
		resolver->query_length -= whole;
		memmove(query, query + whole, resolver->query_length);
	}
}

void
tls_resolver_input(
	struct tls_resolver *resolver, const uint8_t *bytes, size_t length, bool is_silent)
{
	size_t read = 0;

	if (!tls_server_input(resolver->server, bytes, length))
		return;
	while ((read = tls_server_read(resolver->server, resolver->query + resolver->query_length,
			sizeof(resolver->query) - resolver->query_length)) > 0) {
		resolver->query_length += read;
		if (!is_silent)
			answer_queries(resolver);
	}
}

size_t
tls_resolver_output(struct tls_resolver *resolver, uint8_t *bytes, size_t capacity)
{
	return tls_server_output(resolver->server, bytes, capacity);
}
