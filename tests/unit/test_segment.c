/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "packet/segment.h"

static void
order_survives_the_wrap(void **state)
{
	assert_true(sequence_before(1, 2));
	assert_false(sequence_before(2, 1));
	assert_false(sequence_before(7, 7));
	assert_true(sequence_at_most(7, 7));
	assert_true(sequence_before(UINT32_MAX, 0));
	assert_false(sequence_before(0, UINT32_MAX));
	assert_true(sequence_before(UINT32_MAX - 1000, 1000));
	assert_true(sequence_at_most(UINT32_MAX, 0));
	assert_false(sequence_at_most(0, UINT32_MAX));
	assert_true(sequence_before(5, 5 + 0x7fffffffU));
	assert_false(sequence_before(5 + 0x7fffffffU, 5));
}

static void
span_counts_syn_and_fin(void **state)
{
	struct segment segment = { .payload_length = 10 };

	assert_int_equal(segment_span(&segment), 10);
	segment.flags = TCP_ACK | TCP_PSH | TCP_URG;
	assert_int_equal(segment_span(&segment), 10);
	segment.flags = TCP_FIN;
	assert_int_equal(segment_span(&segment), 11);
	segment.flags = TCP_FIN | TCP_SYN;
	assert_int_equal(segment_span(&segment), 12);
	segment.payload_length = UINT16_MAX;
	assert_int_equal(segment_span(&segment), 65537);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_survives_the_wrap),
		cmocka_unit_test(span_counts_syn_and_fin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
