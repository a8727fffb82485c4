/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The second half of a pipeline to measure dotscan against: ask each address on standard input for DNS over TLS with getdns, once, 2 s,
 * whatever its certificate, and print address, verdict and whether the answer is the address that is given. scripts/bench-peers
 * builds it where getdns is installed; nothing else of the project uses getdns.
 */
#include <arpa/inet.h>
#include <getdns/getdns.h>
#include <getdns/getdns_extra.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS 2000

/* A stub that speaks TLS and nothing else. One for all: what can be kept between two servers is. */
static getdns_context *
create_context(void)
{
	getdns_transport_list_t transport = GETDNS_TRANSPORT_TLS;
	getdns_context *context = NULL;

	if (getdns_context_create(&context, 0) != GETDNS_RETURN_GOOD)
		return NULL;
	if (getdns_context_set_resolution_type(context, GETDNS_RESOLUTION_STUB) !=
			GETDNS_RETURN_GOOD ||
		getdns_context_set_dns_transport_list(context, 1, &transport) !=
			GETDNS_RETURN_GOOD ||
		getdns_context_set_tls_authentication(context, GETDNS_AUTHENTICATION_NONE) !=
			GETDNS_RETURN_GOOD ||
		getdns_context_set_timeout(context, TIMEOUT_MS) != GETDNS_RETURN_GOOD) {
		getdns_context_destroy(context);
		return NULL;
	}
	return context;
}

static bool
set_upstream(getdns_context *context, const char *address)
{
	getdns_list *upstreams = getdns_list_create();
	getdns_dict *upstream = NULL;
	const bool is_set = upstreams != NULL &&
			    getdns_str2dict(address, &upstream) == GETDNS_RETURN_GOOD &&
			    getdns_list_set_dict(upstreams, 0, upstream) == GETDNS_RETURN_GOOD &&
			    getdns_context_set_upstream_recursive_servers(context, upstreams) ==
				    GETDNS_RETURN_GOOD;

	getdns_dict_destroy(upstream);
	getdns_list_destroy(upstreams);
	return is_set;
}

static bool
is_right(const getdns_dict *response, uint32_t right)
{
	getdns_list *addresses = NULL;
	getdns_bindata *data = NULL;
	size_t count = 0;

	return getdns_dict_get_list(response, "just_address_answers", &addresses) ==
		       GETDNS_RETURN_GOOD &&
	       getdns_list_get_length(addresses, &count) == GETDNS_RETURN_GOOD && count == 1 &&
	       getdns_dict_get_bindata(response, "/just_address_answers/0/address_data", &data) ==
		       GETDNS_RETURN_GOOD &&
	       data->size == sizeof(right) && memcmp(data->data, &right, sizeof(right)) == 0;
}

static void
ask(getdns_context *context, const char *address, uint32_t right)
{
	getdns_dict *response = NULL;
	uint32_t status = 0;
	char name[64];

	(void)snprintf(name, sizeof(name), "g%08lx%08lx.probe.example.", (unsigned long)random(),
		(unsigned long)random());
	if (!set_upstream(context, address) ||
		getdns_general_sync(context, name, GETDNS_RRTYPE_A, NULL, &response) !=
			GETDNS_RETURN_GOOD ||
		getdns_dict_get_int(response, "status", &status) != GETDNS_RETURN_GOOD) {
		printf("%s,error,0\n", address);
	} else {
		const char *verdict =
			status == GETDNS_RESPSTATUS_ALL_TIMEOUT ? "timeout" : "answer";
		printf("%s,%s,%d\n", address, verdict, is_right(response, right));
	}
	getdns_dict_destroy(response);
}

int
main(int argc, char **argv)
{
	getdns_context *context = NULL;
	struct in_addr right;
	char line[64];

	if (argc != 2 || inet_pton(AF_INET, argv[1], &right) != 1) {
		(void)fputs(
			"usage: peer_getdns RIGHT-ADDRESS < addresses > verdicts.csv\n", stderr);
		return 2;
	}
	/* getdns writes to connections that servers have reset. */
	(void)signal(SIGPIPE, SIG_IGN);
	context = create_context();
	if (context == NULL) {
		(void)fputs("peer_getdns: getdns does not start\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\r\n")] = '\0';
		ask(context, line, right.s_addr);
	}
	getdns_context_destroy(context);
	return fflush(stdout) == 0 ? 0 : 1;
}
