/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "packet/frame_builder.h"
#include "packet/wire_headers.h"
#include "scan/reception.h"

#define OUR_ADDRESS    0xcb007102U
#define REMOTE_ADDRESS 0xc6120709U
#define OUR_PORT       40000
#define REMOTE_PORT    853

struct fixture {
	struct syn_cookie cookie;
	struct receiver receiver;
	uint32_t our_address;
	uint32_t sequence; /* of the SYN to REMOTE_ADDRESS from OUR_PORT */
};

static void
setup(struct fixture *fixture)
{
	static const uint64_t secret[4] = { 1, 2, 3, 4 };

	syn_cookie_init(&fixture->cookie, secret, 32768, 16384);
	fixture->our_address = OUR_ADDRESS;
	fixture->receiver = (struct receiver){
		.parser = { &fixture->our_address, 1, 0 },
		.cookie = &fixture->cookie,
		.remote_port = REMOTE_PORT,
	};
	fixture->sequence =
		(uint32_t)syn_cookie_hash(&fixture->cookie, REMOTE_ADDRESS, OUR_ADDRESS, OUR_PORT);
}

/* As the peer sends it: local is the peer. */
static size_t
build(const struct segment *segment, uint8_t *frame)
{
	static const struct link_endpoints link = { { 2, 2 }, { 2, 1 }, 0 };

	return frame_build_segment(&link, segment, 9, frame);
}

static struct segment
peer_segment(uint8_t flags, uint32_t acknowledgment)
{
	return (struct segment){
		.local_address = REMOTE_ADDRESS,
		.remote_address = OUR_ADDRESS,
		.local_port = REMOTE_PORT,
		.remote_port = OUR_PORT,
		.sequence = 0x11223344,
		.acknowledgment = acknowledgment,
		.window = 65535,
		.flags = flags,
	};
}

static enum reception
sort(const struct fixture *fixture, const struct segment *segment)
{
	struct parsed_frame parsed;
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	const size_t length = build(segment, frame);

	return receiver_sort(&fixture->receiver, frame, length, &parsed);
}

/* Flags, and how far the acknowledgment lies beyond the sequence number of our SYN. */
struct row {
	uint8_t flags;
	uint32_t beyond;
	enum reception expected;
};

static void
assert_rows(const struct row *rows, size_t count)
{
	struct fixture fixture;

	setup(&fixture);
	for (size_t i = 0; i < count; i++) {
		const struct segment segment =
			peer_segment(rows[i].flags, fixture.sequence + rows[i].beyond);
		const enum reception got = sort(&fixture, &segment);

		if (got != rows[i].expected)
			fail_msg("flags %02x, isn + %d: %s, not %s", rows[i].flags,
				(int)rows[i].beyond, reception_names[got].key,
				reception_names[rows[i].expected].key);
	}
}

#define ROWS(rows) rows, sizeof(rows) / sizeof((rows)[0])

static void
test_syn_acks(void **state)
{
	static const struct row rows[] = {
		{ TCP_SYN | TCP_ACK, 1, RECEPTION_SYNACK },
		{ TCP_SYN | TCP_ACK, 0, RECEPTION_BAD_COOKIE },
		{ TCP_SYN | TCP_ACK, 2, RECEPTION_BAD_COOKIE },
		{ TCP_SYN | TCP_ACK, (uint32_t)-1, RECEPTION_BAD_COOKIE },
		{ TCP_SYN | TCP_ACK, 0x80000001, RECEPTION_BAD_COOKIE },
		{ TCP_SYN | TCP_ACK | TCP_PSH, 1, RECEPTION_SYNACK },
		{ TCP_SYN | TCP_ACK | TCP_FIN, 1, RECEPTION_SYNACK },
		/* The answer to a connection that a worker opened itself. */
		{ TCP_SYN | TCP_ACK, SYN_COOKIE_CONNECT_OFFSET + 1, RECEPTION_SEGMENT },
		{ TCP_SYN | TCP_ACK, SYN_COOKIE_CONNECT_OFFSET, RECEPTION_BAD_COOKIE },
		{ TCP_SYN | TCP_ACK, SYN_COOKIE_CONNECT_OFFSET + 2, RECEPTION_BAD_COOKIE },
	};

	assert_rows(ROWS(rows));
}

static void
test_resets(void **state)
{
	static const struct row rows[] = {
		{ TCP_RST | TCP_ACK, 1, RECEPTION_RST },
		{ TCP_RST | TCP_ACK, 0, RECEPTION_RST },
		{ TCP_RST | TCP_ACK, 2, RECEPTION_SEGMENT },
		{ TCP_RST | TCP_ACK, SYN_COOKIE_CONNECT_OFFSET + 1, RECEPTION_SEGMENT },
		{ TCP_RST | TCP_ACK, SYN_COOKIE_WINDOW, RECEPTION_SEGMENT },
		{ TCP_RST | TCP_ACK, SYN_COOKIE_WINDOW + 1, RECEPTION_BAD_COOKIE },
		{ TCP_RST | TCP_ACK, (uint32_t)-1, RECEPTION_BAD_COOKIE },
		{ TCP_RST | TCP_SYN | TCP_ACK, 1, RECEPTION_RST },
		/* Proves nothing, so only who has the connection may believe it. */
		{ TCP_RST, 1, RECEPTION_SEGMENT },
		{ TCP_RST, 0x80000001, RECEPTION_SEGMENT },
		{ TCP_RST | TCP_SYN, 1, RECEPTION_SEGMENT },
	};

	assert_rows(ROWS(rows));
}

static void
test_later_segments(void **state)
{
	static const struct row rows[] = {
		{ TCP_ACK, 1, RECEPTION_SEGMENT },
		{ TCP_ACK, 0, RECEPTION_BAD_COOKIE },
		{ TCP_ACK, SYN_COOKIE_WINDOW, RECEPTION_SEGMENT },
		{ TCP_ACK, SYN_COOKIE_WINDOW + 1, RECEPTION_BAD_COOKIE },
		{ TCP_ACK, (uint32_t)-1, RECEPTION_BAD_COOKIE },
		{ TCP_ACK | TCP_FIN, 400, RECEPTION_SEGMENT },
		{ TCP_ACK | TCP_PSH | TCP_URG, 400, RECEPTION_SEGMENT },
		/* The last acknowledgment that either kind of connection can see. */
		{ TCP_ACK, SYN_COOKIE_SEND_MAXIMUM + 2, RECEPTION_SEGMENT },
		{ TCP_ACK, SYN_COOKIE_CONNECT_OFFSET + SYN_COOKIE_SEND_MAXIMUM + 2,
			RECEPTION_SEGMENT },
		/* Without ACK and RST nothing can be an answer. */
		{ TCP_SYN, 1, RECEPTION_BAD_COOKIE },
		{ TCP_FIN, 1, RECEPTION_BAD_COOKIE },
		{ 0, 1, RECEPTION_BAD_COOKIE },
	};

	assert_rows(ROWS(rows));
}

static void
test_ports_and_addresses(void **state)
{
	struct fixture fixture;

	setup(&fixture);
	struct segment segment = peer_segment(TCP_SYN | TCP_ACK, fixture.sequence + 1);
	segment.local_port = REMOTE_PORT + 1;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_OTHER_PORT);
	segment.local_port = REMOTE_PORT;
	segment.remote_port = 32767;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_OTHER_PORT);
	segment.remote_port = 49152;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_OTHER_PORT);
	/* One of our ports, but not the one that this number was sent from. */
	segment.remote_port = OUR_PORT + 1;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_BAD_COOKIE);
	segment.remote_port = OUR_PORT;
	segment.remote_address = OUR_ADDRESS + 1;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_OTHER_ADDRESS);
	segment.remote_address = OUR_ADDRESS;
	segment.local_address = REMOTE_ADDRESS + 1;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_BAD_COOKIE);
	segment.local_address = REMOTE_ADDRESS;
	assert_int_equal(sort(&fixture, &segment), RECEPTION_SYNACK);
}

/* An unreachable from a router on the way, which quotes the IPv4 header and 8 bytes. */
static enum reception
sort_icmp(const struct fixture *fixture, uint16_t our_port, uint16_t port, uint32_t sequence)
{
	static const struct link_endpoints link = { { 2, 2 }, { 2, 1 }, 0 };
	const struct segment quoted = {
		.local_address = OUR_ADDRESS,
		.remote_address = REMOTE_ADDRESS,
		.local_port = our_port,
		.remote_port = port,
		.sequence = sequence,
		.flags = TCP_SYN,
	};
	uint8_t syn[FRAME_SIZE_MAXIMUM];
	uint8_t message[ICMP_HEADER_SIZE + IPV4_HEADER_SIZE + 8] = { 0 };
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	struct parsed_frame parsed;

	(void)frame_build_segment(&link, &quoted, 5, syn);
	memcpy(message + ICMP_HEADER_SIZE, syn + ETHERNET_HEADER_SIZE, IPV4_HEADER_SIZE + 8);
	const size_t length = frame_build_echo_reply(
		&link, 0xc0000201, OUR_ADDRESS, message, sizeof(message), frame);
	/* Type 3 in place of 0: the sum falls by the same. */
	uint8_t *icmp = frame + ETHERNET_HEADER_SIZE + IPV4_HEADER_SIZE;
	uint16_t sum = (uint16_t)(icmp[2] << 8 | icmp[3]);
	icmp[0] = ICMP_UNREACHABLE;
	sum = (uint16_t)(sum - (sum < 0x300 ? 0x301 : 0x300));
	icmp[2] = (uint8_t)(sum >> 8);
	icmp[3] = (uint8_t)sum;
	return receiver_sort(&fixture->receiver, frame, length, &parsed);
}

static void
test_icmp_errors(void **state)
{
	struct fixture fixture;

	setup(&fixture);
	const uint32_t sequence = fixture.sequence;
	assert_int_equal(sort_icmp(&fixture, OUR_PORT, REMOTE_PORT, sequence), RECEPTION_ICMP);
	assert_int_equal(
		sort_icmp(&fixture, OUR_PORT, REMOTE_PORT, sequence + 500), RECEPTION_ICMP);
	assert_int_equal(sort_icmp(&fixture, OUR_PORT, REMOTE_PORT, sequence + SYN_COOKIE_WINDOW),
		RECEPTION_ICMP);
	assert_int_equal(
		sort_icmp(&fixture, OUR_PORT, REMOTE_PORT, sequence + SYN_COOKIE_WINDOW + 1),
		RECEPTION_BAD_COOKIE);
	assert_int_equal(
		sort_icmp(&fixture, OUR_PORT, REMOTE_PORT, sequence - 1), RECEPTION_BAD_COOKIE);
	assert_int_equal(
		sort_icmp(&fixture, OUR_PORT + 1, REMOTE_PORT, sequence), RECEPTION_BAD_COOKIE);
	assert_int_equal(sort_icmp(&fixture, 1000, REMOTE_PORT, sequence), RECEPTION_OTHER_PORT);
	assert_int_equal(sort_icmp(&fixture, OUR_PORT, 443, sequence), RECEPTION_OTHER_PORT);
}

static void
test_the_rest_by_kind(void **state)
{
	static const struct link_endpoints link = { { 2, 2 }, { 2, 1 }, 0 };
	struct fixture fixture;
	struct parsed_frame parsed;
	uint8_t frame[FRAME_SIZE_MAXIMUM];

	setup(&fixture);
	size_t length = frame_build_arp_request(&link, REMOTE_ADDRESS, OUR_ADDRESS, frame);
	assert_int_equal(receiver_sort(&fixture.receiver, frame, length, &parsed), RECEPTION_ARP);
	const struct segment segment = peer_segment(TCP_SYN | TCP_ACK, fixture.sequence + 1);
	length = build(&segment, frame);
	assert_int_equal(receiver_sort(&fixture.receiver, frame, 20, &parsed), RECEPTION_MALFORMED);
	frame[ETHERNET_HEADER_SIZE + IPV4_HEADER_SIZE + TCP_OFFSET_WINDOW] ^= 1;
	assert_int_equal(
		receiver_sort(&fixture.receiver, frame, length, &parsed), RECEPTION_BAD_CHECKSUM);
	frame[ETHERNET_OFFSET_TYPE] = 0x86;
	frame[ETHERNET_OFFSET_TYPE + 1] = 0xdd;
	assert_int_equal(
		receiver_sort(&fixture.receiver, frame, length, &parsed), RECEPTION_OTHER_PROTOCOL);
}

/* A million segments that know our address and ports, and nothing else: none may become a hit. */
static void
test_junk_never_hits(void **state)
{
	struct random_sequence random = { .state = 20260101 };
	struct fixture fixture;
	uint32_t later = 0;

	setup(&fixture);
	for (int i = 0; i < 1000000; i++) {
		const uint64_t draw = random_next(&random);
		struct segment segment =
			peer_segment((uint8_t)(draw & 0x3f), (uint32_t)(draw >> 32));

		segment.local_address = (uint32_t)random_next(&random);
		segment.remote_port = (uint16_t)(32768 + (draw >> 8 & 16383));
		if (i % 2 == 0)
			segment.flags = TCP_SYN | TCP_ACK;
		const enum reception got = sort(&fixture, &segment);
		assert_int_not_equal(got, RECEPTION_SYNACK);
		assert_int_not_equal(got, RECEPTION_RST);
		/* 8,192 of 2^32 numbers: one or two in a million, and RSTs without ACK. */
		if (got == RECEPTION_SEGMENT && (segment.flags & (TCP_RST | TCP_ACK)) != TCP_RST)
			later++;
	}
	assert_in_range(later, 0, 10);
}

static void
test_keys_and_texts(void **state)
{
	for (int i = 0; i < RECEPTION_COUNT; i++) {
		assert_true(strlen(reception_names[i].text) > 0);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(reception_names[i].key, reception_names[j].key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syn_acks),
		cmocka_unit_test(test_resets),
		cmocka_unit_test(test_later_segments),
		cmocka_unit_test(test_ports_and_addresses),
		cmocka_unit_test(test_icmp_errors),
		cmocka_unit_test(test_the_rest_by_kind),
		cmocka_unit_test(test_junk_never_hits),
		cmocka_unit_test(test_keys_and_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
