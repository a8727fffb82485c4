/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/reception.h"

const struct counter_name reception_names[RECEPTION_COUNT] = { RECEPTION_LIST(COUNTER_NAME) };

static enum reception
sort_segment(const struct receiver *receiver, const struct segment *segment)
{
	if (segment->remote_port != receiver->remote_port ||
		!syn_cookie_owns_port(receiver->cookie, segment->local_port))
		return RECEPTION_OTHER_PORT;
	if ((segment->flags & TCP_ACK) == 0)
		return (segment->flags & TCP_RST) != 0 ? RECEPTION_SEGMENT : RECEPTION_BAD_COOKIE;

	const uint32_t sequence = (uint32_t)syn_cookie_hash(receiver->cookie,
		segment->remote_address, segment->local_address, segment->local_port);
	const uint32_t beyond = segment->acknowledgment - sequence;
	if ((segment->flags & TCP_RST) != 0) {
		/* Some stacks acknowledge the SYN's sequence number itself, as zmap found. */
		if (beyond <= 1)
			return RECEPTION_RST;
		return beyond <= SYN_COOKIE_WINDOW ? RECEPTION_SEGMENT : RECEPTION_BAD_COOKIE;
	}
	if ((segment->flags & TCP_SYN) != 0) {
		if (beyond == 1 + SYN_COOKIE_CONNECT_OFFSET)
			return RECEPTION_SEGMENT;
		return beyond == 1 ? RECEPTION_SYNACK : RECEPTION_BAD_COOKIE;
	}
	return beyond - 1 <= SYN_COOKIE_WINDOW - 1 ? RECEPTION_SEGMENT : RECEPTION_BAD_COOKIE;
}

/* RFC 5927 section 4.1: the quoted sequence number must be one that we sent. */
static enum reception
sort_icmp_error(const struct receiver *receiver, const struct icmp_error *error)
{
	if (error->remote_port != receiver->remote_port ||
		!syn_cookie_owns_port(receiver->cookie, error->local_port))
		return RECEPTION_OTHER_PORT;

	const uint32_t sequence = (uint32_t)syn_cookie_hash(
		receiver->cookie, error->remote_address, error->local_address, error->local_port);
	return error->sequence - sequence <= SYN_COOKIE_WINDOW ? RECEPTION_ICMP
							       : RECEPTION_BAD_COOKIE;
}

enum reception
receiver_sort(const struct receiver *receiver, const uint8_t *frame, size_t length,
	struct parsed_frame *parsed_out)
{
	switch (frame_parse(&receiver->parser, frame, length, parsed_out)) {
	case FRAME_TCP:
		return sort_segment(receiver, &parsed_out->segment);
	case FRAME_ICMP_ERROR:
		return sort_icmp_error(receiver, &parsed_out->icmp_error);
	case FRAME_ICMP_ECHO:
		return RECEPTION_ECHO;
	case FRAME_ARP:
		return RECEPTION_ARP;
	case FRAME_OTHER_PROTOCOL:
		return RECEPTION_OTHER_PROTOCOL;
	case FRAME_OTHER_ADDRESS:
		return RECEPTION_OTHER_ADDRESS;
	case FRAME_FRAGMENT:
		return RECEPTION_FRAGMENT;
	case FRAME_BAD_CHECKSUM:
		return RECEPTION_BAD_CHECKSUM;
	case FRAME_MALFORMED:
		break;
	}
	return RECEPTION_MALFORMED;
}
