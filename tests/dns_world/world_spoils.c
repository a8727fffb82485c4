/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/byte_order.h"
#include "dns_world/world_spoils.h"

#define HEADER_BYTES 12
#define BOMB_BYTES \
	0x3e00 /* of empty strings: what a reader takes at most, but for the rest of the message */
#define TOO_MANY      20000 /* octets */
#define CHAIN_RECORDS 200
#define DEEP_RECORDS  255
#define DEEP_LABELS   100 /* with the question's own labels still a name */

static void
append(struct world_reply *reply, const void *bytes, size_t length)
{
	memcpy(reply->bytes + reply->length, bytes, length);
	reply->length += length;
}

static void
append_be16(struct world_reply *reply, size_t value)
{
	store_be16(reply->bytes + reply->length, (uint16_t)value);
	reply->length += 2;
}

static void
append_pointer(struct world_reply *reply, size_t target)
{
	append_be16(reply, 0xc000 | target);
}

static void
put_pointer_loop(struct world_reply *reply)
{
	static const uint8_t record[] = { 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 1 };

	append_pointer(reply, reply->length);
	append(reply, record, sizeof(record));
}

static void
put_tsig(struct world_reply *reply)
{
	static const uint8_t tsig[] = { 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 0 };

	append(reply, tsig, sizeof(tsig));
}

/* One record of empty strings, and one record more than was counted. */
static void
put_string_bomb(struct world_reply *reply)
{
	static const uint8_t head[] = { 0xc0, HEADER_BYTES, 0, 16, 0, 1, 0, 0, 0, 1 };

	append(reply, head, sizeof(head));
	append_be16(reply, BOMB_BYTES);
	memset(reply->bytes + reply->length, 0, BOMB_BYTES);
	reply->length += BOMB_BYTES;
	put_tsig(reply);
}

/* Each name points to the one before it and adds nothing: a chain as long as the message. */
static void
put_pointer_chain(struct world_reply *reply)
{
	static const uint8_t head[] = { 0, 2, 0, 1, 0, 0, 0, 1, 0, 2 };

	store_be16(reply->bytes + 6, CHAIN_RECORDS);
	for (unsigned int i = 0; i < CHAIN_RECORDS; i++) {
		const size_t target = i == 0 ? HEADER_BYTES : reply->length - 2;
		append_pointer(reply, target);
		append(reply, head, sizeof(head));
		append_pointer(reply, target);
	}
}

/* Nothing is wrong with this one, but that to read each name takes as many steps as it has labels, and there are as many as fit. */
static void
put_deep_names(struct world_reply *reply)
{
	static const uint8_t head[] = { 0, 5, 0, 1, 0, 0, 0, 1, 0, 2 };
	size_t deepest = HEADER_BYTES;

	store_be16(reply->bytes + 6, DEEP_RECORDS);
	for (unsigned int i = 0; i < DEEP_RECORDS; i++) {
		const size_t owner = reply->length;
		if (i < DEEP_LABELS)
			append(reply, "\1x", 2);
		append_pointer(reply, deepest);
		append(reply, head, sizeof(head));
		append_pointer(reply, deepest);
		if (i < DEEP_LABELS)
			deepest = owner;
	}
}

void
world_spoils_put(uint32_t manners, size_t question_end, struct world_reply *reply)
{
	reply->bytes[3] &= 0xf0; /* NOERROR */
	memset(reply->bytes + 6, 0, 6);
	reply->bytes[7] = 1;
	reply->length = question_end;
	if ((manners & WORLD_POINTER_LOOP) != 0) {
		put_pointer_loop(reply);
	} else if ((manners & WORLD_STRING_BOMB) != 0) {
		put_string_bomb(reply);
	} else if ((manners & WORLD_TSIG) != 0) {
		put_tsig(reply);
	} else if ((manners & WORLD_OVERSIZE) != 0) {
		memset(reply->bytes + reply->length, 0, TOO_MANY);
		reply->length += TOO_MANY;
	} else if ((manners & WORLD_POINTER_CHAIN) != 0) {
		put_pointer_chain(reply);
	} else {
		put_deep_names(reply);
	}
}
