/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/reply_signs.h"

static struct line_text
text_of(const char *words)
{
	return (struct line_text){ words, (uint32_t)strlen(words), false };
}

static struct line_query
reply(int64_t octets, int64_t padding, const char *options)
{
	return (struct line_query){ .rcode = text_of("NOERROR"),
		.flags = text_of("\"qr\",\"rd\",\"ra\""),
		.edns = { .is_known = true,
			.is_present = true,
			.udp_size = 1232,
			.padding = padding,
			.octets = octets,
			.options = text_of(options) } };
}

static void
assert_signs(const struct line_query *query, const char *flags, const char *edns,
	const char *padding, const char *options)
{
	char text[REPLY_SIGN_SIZE];

	assert_string_equal(reply_signs_flags(query, text), flags);
	assert_string_equal(reply_signs_edns(query, text), edns);
	assert_string_equal(reply_signs_padding(query, text), padding);
	assert_string_equal(reply_signs_options(query, text), options);
}

static void
tells_to_what_a_reply_is_padded(void **state)
{
	const struct line_query as_asked = reply(468, 389, "12");
	const struct line_query twice = reply(936, 0, "12");
	const struct line_query as_queries = reply(128, 40, "15,12");
	const struct line_query odd = reply(500, 400, "12,10");
	const struct line_query none = reply(468, -1, "");

	assert_signs(&as_asked, "rd+ra", "1232", "468", "12");
	assert_signs(&twice, "rd+ra", "1232", "468", "12");
	assert_signs(&as_queries, "rd+ra", "1232", "128", "15+12");
	assert_signs(&odd, "rd+ra", "1232", "other", "12+10");
	assert_signs(&none, "rd+ra", "1232", "none", "none");
}

static void
tells_odd_headers(void **state)
{
	struct line_query query = reply(60, -1, "");

	query.flags = text_of("");
	query.edns.has_do = true;
	query.edns.version = 1;
	query.edns.has_broken_options = true;
	assert_signs(&query, "none", "1232+do+v1", "none", "broken");
	query.flags = text_of("\"qr\"");
	query.edns.options = text_of("12");
	assert_signs(&query, "none", "1232+do+v1", "none", "12+broken");
	query.flags = text_of("\"tc\"");
	assert_signs(&query, "tc", "1232+do+v1", "none", "12+broken");
}

static void
tells_absence_from_ignorance(void **state)
{
	struct line_query query = { .rcode = text_of("REFUSED"),
		.flags = text_of("\"qr\""),
		.edns = { .is_known = true, .octets = 40, .padding = -1 } };

	assert_signs(&query, "none", "none", "none", "none");
	query.edns.is_known = false;
	assert_signs(&query, "none", "unknown", "unknown", "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_to_what_a_reply_is_padded),
		cmocka_unit_test(tells_odd_headers),
		cmocka_unit_test(tells_absence_from_ignorance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
