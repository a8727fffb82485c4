/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/byte_writer.h"
#include "dns/dns_edns.h"

static struct dns_record records[DNS_RECORDS_MAX];
static const struct dns_walk_room room = { DNS_MESSAGE_MAX, DNS_RECORDS_MAX, records };

/* The OPT of a reply without anything else, whose RDATA is given. */
static struct edns_observation
describe(uint16_t udp_size, uint32_t ttl, const void *options, uint16_t length)
{
	uint8_t message[4096];
	struct byte_writer writer;
	struct dns_walk walk;
	struct edns_observation edns;
	const char *reason = NULL;

	byte_writer_init(&writer, message, sizeof(message));
	byte_writer_bytes(&writer, "\0\7\x81\x80\0\0\0\0\0\0\0\1\0\0\51", 15);
	byte_writer_be16(&writer, udp_size);
	byte_writer_be32(&writer, ttl);
	byte_writer_be16(&writer, length);
	byte_writer_bytes(&writer, options, length);
	assert_true(dns_walk_message(message, writer.length, &room, &walk, &reason));
	dns_edns_describe(&walk, &edns);
	return edns;
}

static void
tells_what_opt_says(void **state)
{
	const struct edns_observation bare = describe(1232, 0, "", 0);
	const struct edns_observation full =
		describe(4096, 0x00018000, "\0\12\0\2ab\0\14\0\3\0\0\0\0\14\0\1\0", 18);

	assert_true(bare.is_present);
	assert_int_equal(bare.version, 0);
	assert_int_equal(bare.udp_size, 1232);
	assert_false(bare.has_do);
	assert_int_equal(bare.padding, OBSERVATION_NONE);
	assert_int_equal(bare.option_count, 0);
	assert_int_equal(full.version, 1);
	assert_int_equal(full.udp_size, 4096);
	assert_true(full.has_do);
	assert_int_equal(full.padding, 3);
	assert_int_equal(full.option_count, 3);
	assert_int_equal(full.options[0], 10);
	assert_int_equal(full.options[1], 12);
	assert_false(full.has_broken_options);
}

static void
knows_a_reply_without_it(void **state)
{
	const uint8_t message[12] = { [2] = 0x80 };
	struct dns_walk walk;
	struct edns_observation edns;
	const char *reason = NULL;

	assert_true(dns_walk_message(message, sizeof(message), &room, &walk, &reason));
	dns_edns_describe(&walk, &edns);
	assert_false(edns.is_present);
	assert_int_equal(edns.padding, OBSERVATION_NONE);
}

/* An option that RDLENGTH cuts off says that it is, at each place where it can be cut; those before it stay. */
static void
cut_options_are_a_result(void **state)
{
	static const char options[] = "\0\3\0\1x\0\14\0\4\0\0\0";

	for (uint16_t length = 6; length < 13; length++) {
		const struct edns_observation edns = describe(512, 0, options, length);
		assert_true(edns.has_broken_options);
		assert_int_equal(edns.option_count, 1);
		assert_int_equal(edns.options[0], 3);
		assert_int_equal(edns.padding, OBSERVATION_NONE);
	}
	assert_true(describe(512, 0, "\0\14\xff\xff", 4).has_broken_options);
}

static void
thousands_of_options_are_bounded(void **state)
{
	uint8_t options[4000] = { 0 };

	for (size_t i = 0; i < sizeof(options); i += 4)
		options[i + 1] = 5;
	const struct edns_observation edns = describe(512, 0, options, sizeof(options));
	assert_int_equal(edns.option_count, OBSERVATION_OPTIONS);
	assert_int_equal(edns.options[OBSERVATION_OPTIONS - 1], 5);
	assert_false(edns.has_broken_options);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_opt_says),
		cmocka_unit_test(knows_a_reply_without_it),
		cmocka_unit_test(cut_options_are_a_result),
		cmocka_unit_test(thousands_of_options_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
