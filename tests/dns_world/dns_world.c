/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dns_world/dns_world.h"
#include "dns_world/world_cases.h"
#include "dns_world/world_manners.h"
#include "dns_world/world_zone.h"

#define SERVERS_MAX 256
#define TEXT_BYTES  4096
#define USUAL_MS    10
#define MS          1000000ULL
#define ROOT_TEXT                                                                              \
	". SOA a.root-servers.net. nstld.verisign-grs.com. 2026010100 1800 900 604800 86400\n" \
	". NS a.root-servers.net.\na.root-servers.net. A 198.41.0.4\n"                         \
	"test. NS ns.test.\nns.test. A 185.253.0.1\n"
#define TEST_TEXT                                                                                  \
	"test. SOA ns.test. hostmaster.test. 2026010100 7200 900 1209600 300\ntest. NS ns.test.\n" \
	"ns.test. A 185.253.0.1\n"

struct world_server {
	struct trace_address address;
	struct world_manners manners;
	unsigned int delay_ms;
	struct world_zone *zone; /* owned */
};

struct world {
	struct world_server servers[SERVERS_MAX];
	size_t server_count;
	struct world_zone *test; /* that of "test." */
	struct world_server crowd;
};

static struct world_zone *
zone_create(const char *origin)
{
	struct world_zone *zone = calloc(1, sizeof(*zone));
	struct fault fault = { .text = "" };

	if (zone != NULL && dns_name_parse(origin, &zone->origin, &fault) != 0) {
		free(zone);
		return NULL;
	}
	return zone;
}

static bool
add_server(struct world *world, const char *address, struct world_zone *zone, uint32_t manners,
	unsigned int delay_ms)
{
	if (zone == NULL || world->server_count == SERVERS_MAX) {
		free(zone);
		return false;
	}
	struct world_server *server = &world->servers[world->server_count++];
	server->zone = zone;
	server->manners = (struct world_manners){ manners, zone };
	server->delay_ms = delay_ms == 0 ? USUAL_MS : delay_ms;
	return trace_address_parse(address, &server->address);
}

static void
server_address(int family, size_t case_index, unsigned int server, char *text, size_t size)
{
	(void)snprintf(text, size, family == 4 ? "185.%zu.%u.1" : "2a00:%zx:%x::1", case_index,
		server + 1);
}

/* %z, %1 to %4 and %a to %d. */
static void
expand(const char *text, size_t case_index, char *expanded)
{
	size_t length = 0;

	for (; *text != '\0' && length < TEXT_BYTES - 64; text++) {
		char address[48];
		if (*text != '%') {
			expanded[length++] = *text;
			continue;
		}
		text++;
		if (*text == 'z') {
			length += (size_t)sprintf(
				expanded + length, "%s.test.", world_cases[case_index].label);
		} else {
			const bool is_ipv6 = *text >= 'a';
			server_address(is_ipv6 ? 6 : 4, case_index,
				(unsigned int)(*text - (is_ipv6 ? 'a' : '1')), address,
				sizeof(address));
			length += (size_t)sprintf(expanded + length, "%s", address);
		}
	}
	expanded[length] = '\0';
}

#define USUAL_DELEGATION "%z NS ns1.%z\n%z NS ns2.%z\nns1.%z A %1\nns2.%z A %2\n"
#define USUAL_ZONE                                                                       \
	"%z SOA ns1.%z hostmaster.%z 2026010101 7200 900 1209600 300\n" USUAL_DELEGATION \
	"www.%z A 192.0.2.53\n"

static bool
add_case_server(struct world *world, size_t index, unsigned int number, int family)
{
	const struct world_case *wrong = &world_cases[index];
	char text[TEXT_BYTES];
	char origin[64];
	char address[48];

	(void)snprintf(origin, sizeof(origin), "%s.test.", wrong->label);
	struct world_zone *zone = zone_create(origin);
	server_address(family, index, number, address, sizeof(address));
	expand(wrong->zones[number] == NULL ? USUAL_ZONE : wrong->zones[number], index, text);
	return add_server(world, address, zone, wrong->manners[number], wrong->delays_ms[number]) &&
	       world_zone_add(zone, text);
}

static bool
add_case(struct world *world, size_t index)
{
	const struct world_case *wrong = &world_cases[index];
	const unsigned int servers = wrong->server_count == 0 ? 2 : wrong->server_count;
	char text[TEXT_BYTES];

	expand(wrong->delegation == NULL ? USUAL_DELEGATION : wrong->delegation, index, text);
	if (!world_zone_add(world->test, text))
		return false;
	for (unsigned int i = 0; i < servers; i++) {
		if (!add_case_server(world, index, i, 4) ||
			(wrong->is_dual_stack && !add_case_server(world, index, i, 6)))
			return false;
	}
	return true;
}

struct world *
world_create(void)
{
	struct world *world = calloc(1, sizeof(*world));
	struct world_zone *root = zone_create(".");

	if (world == NULL)
		return NULL;
	world->test = zone_create("test.");
	bool is_whole = add_server(world, "198.41.0.4", root, 0, 0) &&
			world_zone_add(root, ROOT_TEXT) &&
			add_server(world, "185.253.0.1", world->test, 0, 0) &&
			world_zone_add(world->test, TEST_TEXT);
	for (size_t i = 0; i < world_case_count && is_whole; i++)
		is_whole = add_case(world, i);
	world->crowd.zone = zone_create("crowd.test.");
	world->crowd.manners = (struct world_manners){ WORLD_DEEP_NAMES, world->crowd.zone };
	world->crowd.delay_ms = USUAL_MS;
	if (is_whole && world->crowd.zone != NULL)
		return world;
	world_destroy(world);
	return NULL;
}

void
world_destroy(struct world *world)
{
	if (world == NULL)
		return;
	for (size_t i = 0; i < world->server_count; i++)
		free(world->servers[i].zone);
	free(world->crowd.zone);
	free(world);
}

const struct trace_address *
world_address(const struct world *world, size_t index)
{
	return index < world->server_count ? &world->servers[index].address : NULL;
}

static const struct world_server *
find_server(const struct world *world, const struct trace_address *address)
{
	static const uint8_t crowd[] = { 185, 252 };

	for (size_t i = 0; i < world->server_count; i++) {
		if (trace_address_equal(&world->servers[i].address, address))
			return &world->servers[i];
	}
	return address->family == 4 && memcmp(address->bytes, crowd, sizeof(crowd)) == 0
		       ? &world->crowd
		       : NULL;
}

bool
world_accepts_tcp(const struct world *world, const struct trace_address *address)
{
	const struct world_server *server = find_server(world, address);

	return server != NULL && (server->manners.bits & WORLD_NO_TCP) == 0;
}

uint64_t
world_delay_ns(const struct world *world, const struct trace_address *address)
{
	const struct world_server *server = find_server(world, address);

	return server == NULL ? 0 : server->delay_ms * MS;
}

size_t
world_answer(const struct world *world, const struct trace_address *address, bool is_tcp,
	const uint8_t *query, size_t length, struct world_reply replies[WORLD_REPLIES_MAX])
{
	const struct world_server *server = find_server(world, address);

	return server == NULL
		       ? 0
		       : world_manners_reply(&server->manners, is_tcp, query, length, replies);
}
