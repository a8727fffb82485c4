/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "record/json_text.h"

static void
expect(const char *bytes, size_t length, const char *text)
{
	char encoded[256];
	char decoded[256];

	assert_int_equal(json_text_encode(bytes, length, encoded), strlen(text));
	assert_string_equal(encoded, text);
	assert_int_equal(json_text_decode(encoded, strlen(encoded), decoded), length);
	assert_memory_equal(decoded, bytes, length);
}

#define EXPECT(bytes, text) expect(bytes, sizeof(bytes) - 1, text)

static void
printable_text_stays(void **state)
{
	EXPECT("", "");
	EXPECT("CN=dot.test,O=M\xc3\xbcller", "CN=dot.test,O=M\xc3\xbcller");
	EXPECT("\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80");
	EXPECT("CN=a\\,b", "CN=a\\,b");
	EXPECT("\\032\"/", "\\032\"/");
}

static void
everything_else_is_escaped(void **state)
{
	EXPECT("a\0b", "a\\x00b");
	EXPECT("\n\x1b[31m\x7f", "\\x0a\\x1b[31m\\x7f");
	EXPECT("\xc2\x85\xc2\xa0", "\\xc2\\x85\xc2\xa0"); /* C1 is a control, U+00A0 is not */
	EXPECT("\xff\xfe", "\\xff\\xfe");
	EXPECT("\xc0\xaf", "\\xc0\\xaf");                   /* overlong */
	EXPECT("\xe0\x80\x80", "\\xe0\\x80\\x80");          /* overlong */
	EXPECT("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* a surrogate */
	EXPECT("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* above U+10FFFF */
	EXPECT("\xe2\x82", "\\xe2\\x82");                   /* cut off */
	EXPECT("\xe2\x82z", "\\xe2\\x82z");
}

static void
what_looks_like_an_escape_is_escaped(void **state)
{
	EXPECT("\\x41", "\\x5cx41");
	EXPECT("\\\\x41", "\\\\x5cx41");
	EXPECT("\\x4", "\\x4");
	EXPECT("\\x4G", "\\x4G");
	EXPECT("\\xAB", "\\xAB");
	EXPECT("\\\xff", "\\\\xff");
	EXPECT("\\x\xff", "\\x\\xff");
	EXPECT("\\x5\xff", "\\x5\\xff");
}

/* Bytes that are likely to meet in awkward ways. */
static void
all_bytes_come_back(void **state)
{
	static const char alphabet[] =
		"\\\\\\xxx01af5cAFg\0\n\x7f\x80\xbf\xc2\xc3\xe0\xa0\xed\xf0\x90\xf4\xff";
	struct random_sequence sequence = { 7 };
	char bytes[64];
	char encoded[JSON_TEXT_SIZE(64)];
	char decoded[64];

	for (int round = 0; round < 200000; round++) {
		const size_t length = random_below(&sequence, sizeof(bytes) + 1);

		for (size_t i = 0; i < length; i++)
			bytes[i] = alphabet[random_below(&sequence, sizeof(alphabet) - 1)];
		const size_t used = json_text_encode(bytes, length, encoded);
		assert_true(used < sizeof(encoded));
		assert_null(memchr(encoded, '\n', used));
		assert_int_equal(json_text_decode(encoded, used, decoded), length);
		assert_memory_equal(decoded, bytes, length);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_text_stays),
		cmocka_unit_test(everything_else_is_escaped),
		cmocka_unit_test(what_looks_like_an_escape_is_escaped),
		cmocka_unit_test(all_bytes_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
