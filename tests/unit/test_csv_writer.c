/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "record/csv_writer.h"

static void
expect(const struct record_brief *brief, unsigned int query_count, const char *row)
{
	struct line_buffer buffer = { 0 };

	assert_int_equal(csv_write(&buffer, brief, query_count), 0);
	assert_int_equal(buffer.length, strlen(row));
	assert_memory_equal(buffer.bytes, row, strlen(row));
	line_buffer_clear(&buffer);
}

static void
one_verdict_for_each_query(void **state)
{
	struct record_brief brief = { .address = 0xd28061dd, .outcome = OUTCOME_ANSWER_RIGHT };

	brief.has_reply[0] = true;
	brief.has_reply[1] = true;
	brief.query_count = 2;
	expect(&brief, 2, "210.128.97.221,DoT query answer,DoT query answer\n");
	expect(&brief, 1, "210.128.97.221,DoT query answer\n");
	brief.has_reply[1] = false;
	expect(&brief, 2, "210.128.97.221,DoT query answer,DoT query error\n");
	brief.outcome = OUTCOME_DNS_REFUSED;
	expect(&brief, 2, "210.128.97.221,DoT query answer,DoT query error\n");
}

static void
silence_is_a_timeout_and_all_else_an_error(void **state)
{
	struct record_brief brief = { .address = 0xffffffff };

	for (unsigned int i = 0; i < OUTCOME_COUNT; i++) {
		const char *text = outcome_text(i);
		const bool is_timeout =
			strcmp(text, "tcp-timeout") == 0 || strcmp(text, "tls-silent") == 0 ||
			strcmp(text, "tls-timeout") == 0 || strcmp(text, "dns-silent") == 0;

		brief.outcome = i;
		expect(&brief, 2,
			is_timeout ? "255.255.255.255,DoT query timeout,DoT query timeout\n"
				   : "255.255.255.255,DoT query error,DoT query error\n");
	}
}

static void
the_longest_row_fits(void **state)
{
	const struct record_brief brief = { .address = 0xffffffff, .outcome = OUTCOME_TLS_SILENT };

	expect(&brief, OBSERVATION_QUERIES,
		"255.255.255.255,DoT query timeout,DoT query timeout,DoT query timeout,DoT query timeout\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_verdict_for_each_query),
		cmocka_unit_test(silence_is_a_timeout_and_all_else_an_error),
		cmocka_unit_test(the_longest_row_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
