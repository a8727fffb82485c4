/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WORLD_ZONE_H
#define WORLD_ZONE_H

#include <stdbool.h>

#include "base/byte_writer.h"
#include "dns_world/dns_world.h"

#define ZONE_RECORDS_MAX 500 /* the delegations of all cases */
#define ZONE_RDATA_BYTES 300

struct zone_record {
	struct dns_name owner;
	uint16_t type;
	uint16_t rdata_length;
	uint8_t rdata[ZONE_RDATA_BYTES];
};

/* A zone as one server has it. */
struct world_zone {
	struct dns_name origin;
	struct zone_record records[ZONE_RECORDS_MAX];
	size_t count;
};

/* Adds records, a line each, "owner type data", all names absolute. False where one cannot be read. */
bool world_zone_add(struct world_zone *zone, const char *text);

/* What a server says when asked for name and type out of that zone, as RFC 1034 section 4.3.2 has it. */
struct zone_reply {
	bool is_referral;
	bool is_authoritative;
	bool is_nxdomain;
	uint16_t counts[3];
	uint8_t bytes[12288]; /* the records of all sections */
	size_t length;
};

void world_zone_answer(const struct world_zone *zone, const struct dns_name *name, uint16_t type,
	struct zone_reply *reply);

/* Adds a record from presentation format to a section. False where it cannot be read. */
bool world_zone_put(struct zone_reply *reply, int section, const char *line);

/* Of an answer of one A record, makes one of that many, with addresses that count on. */
void world_zone_repeat(struct zone_reply *reply, unsigned int count);

#endif
