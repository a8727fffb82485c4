/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include <ldns/ldns.h>

#include "dns/dns_rdata.h"
#include "dns_world/world_zone.h"
#include "trace/name_tree.h"

#define CLASS_IN 1
#define TTL      300
#define TYPE_DS  43

static bool
read_record(const char *line, struct zone_record *record)
{
	char owner[300];
	char type[16];
	char data[300];
	struct fault fault = { .text = "" };

	if (sscanf(line, "%299s %15s %299[^\n]", owner, type, data) != 3 ||
		dns_name_parse(owner, &record->owner, &fault) != 0)
		return false;
	record->type = (uint16_t)ldns_get_rr_type_by_name(type);
	record->rdata_length =
		(uint16_t)dns_rdata_parse(record->type, data, record->rdata, sizeof(record->rdata));
	return record->rdata_length > 0;
}

bool
world_zone_add(struct world_zone *zone, const char *text)
{
	while (*text != '\0') {
		const size_t length = strcspn(text, "\n");
		if (length > 0 && (zone->count == ZONE_RECORDS_MAX ||
					  !read_record(text, &zone->records[zone->count++])))
			return false;
		text += length + (text[length] == '\n');
	}
	return true;
}

static void
put(struct zone_reply *reply, int section, const struct dns_name *owner,
	const struct zone_record *record)
{
	struct byte_writer writer = {
		.bytes = reply->bytes, .capacity = sizeof(reply->bytes), .length = reply->length
	};

	byte_writer_bytes(&writer, owner->bytes, owner->length);
	byte_writer_be16(&writer, record->type);
	byte_writer_be16(&writer, CLASS_IN);
	byte_writer_be32(&writer, TTL);
	byte_writer_be16(&writer, record->rdata_length);
	byte_writer_bytes(&writer, record->rdata, record->rdata_length);
	if (!writer.has_failed) {
		reply->length = writer.length;
		reply->counts[section]++;
	}
}

static unsigned int
put_all(const struct world_zone *zone, const struct dns_name *name, uint16_t type, int section,
	struct zone_reply *reply)
{
	unsigned int found = 0;

	for (size_t i = 0; i < zone->count; i++) {
		const struct zone_record *record = &zone->records[i];
		if (record->type == type && dns_name_equal(&record->owner, name)) {
			put(reply, section, name, record);
			found++;
		}
	}
	return found;
}

/* The owner of the NS records below the origin that the name is within, or NULL. */
static const struct dns_name *
delegation_of(const struct world_zone *zone, const struct dns_name *name, uint16_t type)
{
	for (size_t i = 0; i < zone->count; i++) {
		const struct zone_record *record = &zone->records[i];
		if (record->type == DNS_TYPE_NS &&
			name_tree_is_below(&record->owner, &zone->origin) &&
			name_tree_is_within(name, &record->owner) &&
			!(type == TYPE_DS && dns_name_equal(name, &record->owner)))
			return &record->owner;
	}
	return NULL;
}

static void
put_referral(const struct world_zone *zone, const struct dns_name *owner, struct zone_reply *reply)
{
	reply->is_referral = true;
	(void)put_all(zone, owner, DNS_TYPE_NS, 1, reply);
	for (size_t i = 0; i < zone->count; i++) {
		const struct zone_record *record = &zone->records[i];
		struct dns_name server = { .length = record->rdata_length };
		if (record->type != DNS_TYPE_NS || !dns_name_equal(&record->owner, owner))
			continue;
		memcpy(server.bytes, record->rdata, record->rdata_length);
		(void)put_all(zone, &server, DNS_TYPE_A, 2, reply);
		(void)put_all(zone, &server, DNS_TYPE_AAAA, 2, reply);
	}
}

static bool
exists(const struct world_zone *zone, const struct dns_name *name)
{
	for (size_t i = 0; i < zone->count; i++) {
		if (name_tree_is_within(&zone->records[i].owner, name))
			return true;
	}
	return false;
}

static bool
put_subtree_alias(
	const struct world_zone *zone, const struct dns_name *name, struct zone_reply *reply)
{
	for (size_t i = 0; i < zone->count; i++) {
		const struct zone_record *record = &zone->records[i];
		if (record->type == DNS_TYPE_DNAME && name_tree_is_below(name, &record->owner)) {
			put(reply, 0, &record->owner, record);
			return true;
		}
	}
	return false;
}

void
world_zone_answer(const struct world_zone *zone, const struct dns_name *name, uint16_t type,
	struct zone_reply *reply)
{
	const struct dns_name *delegation = delegation_of(zone, name, type);

	memset(reply, 0, sizeof(*reply));
	if (delegation != NULL) {
		put_referral(zone, delegation, reply);
		return;
	}
	reply->is_authoritative = true;
	if (put_all(zone, name, type, 0, reply) > 0 ||
		put_all(zone, name, DNS_TYPE_CNAME, 0, reply) > 0 ||
		put_subtree_alias(zone, name, reply))
		return;
	reply->is_nxdomain = !exists(zone, name);
	(void)put_all(zone, &zone->origin, DNS_TYPE_SOA, 1, reply);
}

bool
world_zone_put(struct zone_reply *reply, int section, const char *line)
{
	struct zone_record record;

	if (!read_record(line, &record))
		return false;
	put(reply, section, &record.owner, &record);
	return true;
}

void
world_zone_repeat(struct zone_reply *reply, unsigned int count)
{
	const size_t length = reply->length;

	for (unsigned int i = 1; i < count && reply->length + length <= sizeof(reply->bytes); i++) {
		memcpy(reply->bytes + reply->length, reply->bytes, length);
		reply->length += length;
		reply->bytes[reply->length - 1] += (uint8_t)i;
		reply->counts[0]++;
	}
}
