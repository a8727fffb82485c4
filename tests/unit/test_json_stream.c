/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/hexadecimal.h"
#include "base/random.h"
#include "record/json_stream.h"
#include "record/json_text.h"
#include "record/line_buffer.h"
#include "record/observation.h"

#define SEED       20260102
#define LINES      3000
#define VALUES_MAX 12

/* Keys in their order: jansson keeps that of insertion, and drops doubles. */
static const char *const keys[VALUES_MAX] = { "a", "bb", "c_c", "d", "e5", "ffffffffffffffff", "g",
	"h", "i", "j", "k", "l" };

/* A line being written, and the same value built by jansson. */
struct pair {
	struct json_stream stream;
	struct random_sequence random;
};

static void
attach(json_t *parent, const char *key, json_t *value)
{
	assert_non_null(value);
	if (key == NULL)
		assert_int_equal(json_array_append_new(parent, value), 0);
	else
		assert_int_equal(json_object_set_new(parent, key, value), 0);
}

static size_t
make_bytes(struct random_sequence *random, char *bytes, size_t capacity)
{
	static const char favourites[] = "\"\\/x0a \x7f\n\0\xc3\xbc\xff\xe2\x82\xac";
	const size_t length = (size_t)random_below(random, capacity + 1);
	const bool is_plain = random_below(random, 2) == 0;

	for (size_t i = 0; i < length; i++)
		bytes[i] = is_plain ? (char)('a' + random_below(random, 26))
				    : favourites[random_below(random, sizeof(favourites) - 1)];
	return length;
}

static void
put_text(struct pair *pair, json_t *parent, const char *key)
{
	char bytes[64];
	char text[JSON_TEXT_SIZE(sizeof(bytes))];
	const size_t length = make_bytes(&pair->random, bytes, sizeof(bytes));
	const size_t used = json_text_encode(bytes, length, text);

	attach(parent, key, json_stringn(text, used));
	json_stream_bytes(&pair->stream, key, bytes, length);
}

static void
put_hexadecimal(struct pair *pair, json_t *parent, const char *key)
{
	uint8_t bytes[40];
	char text[2 * sizeof(bytes) + 1];
	const size_t length = (size_t)random_below(&pair->random, sizeof(bytes) + 1);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)random_below(&pair->random, 256);
	attach(parent, key, json_string(hexadecimal_format(bytes, length, text)));
	json_stream_hexadecimal(&pair->stream, key, bytes, length);
}

static void
put_integer(struct pair *pair, json_t *parent, const char *key)
{
	/* All lengths of numbers, not only the longest. */
	const int64_t value = (int64_t)(random_below(&pair->random, UINT64_MAX) >>
					random_below(&pair->random, 64));
	const int64_t signed_value = random_below(&pair->random, 2) == 0 ? value : -value;

	attach(parent, key, json_integer(signed_value));
	json_stream_integer(&pair->stream, key, signed_value);
}

static void put_values(struct pair *pair, json_t *parent, unsigned int depth);

static void
put_nested(struct pair *pair, json_t *parent, const char *key, unsigned int depth)
{
	const bool is_array = random_below(&pair->random, 2) == 0;
	json_t *nested = is_array ? json_array() : json_object();

	if (is_array)
		json_stream_array(&pair->stream, key);
	else
		json_stream_object(&pair->stream, key);
	put_values(pair, nested, depth + 1);
	json_stream_close(&pair->stream);
	attach(parent, key, nested);
}

static void
put_value(struct pair *pair, json_t *parent, const char *key, unsigned int depth)
{
	switch (random_below(&pair->random, depth < 4 ? 7 : 5)) {
	case 0:
		attach(parent, key, json_null());
		json_stream_bytes(&pair->stream, key, NULL, 5);
		break;
	case 1:
		attach(parent, key, depth % 2 == 0 ? json_true() : json_false());
		json_stream_boolean(&pair->stream, key, depth % 2 == 0);
		break;
	case 2:
		put_integer(pair, parent, key);
		break;
	case 3:
		put_text(pair, parent, key);
		break;
	case 4:
		put_hexadecimal(pair, parent, key);
		break;
	default:
		put_nested(pair, parent, key, depth);
		break;
	}
}

static void
put_values(struct pair *pair, json_t *parent, unsigned int depth)
{
	const uint64_t count = random_below(&pair->random, VALUES_MAX + 1);

	for (uint64_t i = 0; i < count; i++)
		put_value(pair, parent, json_is_array(parent) ? NULL : keys[i], depth);
}

static void
lines_are_what_jansson_prints(void **state)
{
	struct pair pair = { .random = { SEED } };
	struct line_buffer buffer = { 0 };

	print_message("seed %d\n", SEED);
	for (int i = 0; i < LINES; i++) {
		const size_t before = buffer.length;
		json_t *root = json_object();

		json_stream_begin(&pair.stream, &buffer);
		put_values(&pair, root, 0);
		assert_int_equal(json_stream_end(&pair.stream), 0);
		char *expected = json_dumps(root, JSON_COMPACT);
		assert_non_null(expected);
		assert_int_equal(buffer.length - before, strlen(expected) + 1);
		assert_memory_equal(buffer.bytes + before, expected, strlen(expected));
		assert_int_equal(buffer.bytes[buffer.length - 1], '\n');
		json_t *parsed = json_loadb(buffer.bytes + before, buffer.length - before,
			JSON_REJECT_DUPLICATES, NULL);
		assert_true(json_equal(parsed, root));
		json_decref(parsed);
		json_decref(root);
		free(expected);
	}
	line_buffer_clear(&buffer);
}

static void
edges_are_right(void **state)
{
	struct line_buffer buffer = { 0 };
	struct json_stream stream;

	json_stream_begin(&stream, &buffer);
	json_stream_integer(&stream, "least", INT64_MIN);
	json_stream_integer(&stream, "most", INT64_MAX);
	json_stream_integer(&stream, "zero", 0);
	json_stream_optional(&stream, "some", true, -7);
	json_stream_optional(&stream, "none", false, -7);
	json_stream_words(&stream, "words", "a\"b");
	json_stream_words(&stream, "empty", "");
	json_stream_bytes(&stream, "no_bytes", "", 0);
	json_stream_hexadecimal(&stream, "no_digest", NULL, 32);
	assert_int_equal(json_stream_end(&stream), 0);
	assert_int_equal(line_buffer_append(&buffer, "", 1), 0);
	assert_string_equal(buffer.bytes,
		"{\"least\":-9223372036854775808,\"most\":9223372036854775807,\"zero\":0,"
		"\"some\":-7,\"none\":null,\"words\":\"a\\\"b\",\"empty\":null,"
		"\"no_bytes\":\"\",\"no_digest\":null}\n");
	line_buffer_clear(&buffer);
}

static void
long_bytes_are_cut(void **state)
{
	char bytes[OBSERVATION_TEXT + 1];
	struct line_buffer buffer = { 0 };
	struct json_stream stream;

	memset(bytes, 'x', sizeof(bytes));
	json_stream_begin(&stream, &buffer);
	json_stream_bytes(&stream, "k", bytes, sizeof(bytes));
	assert_int_equal(json_stream_end(&stream), 0);
	assert_int_equal(buffer.length, strlen("{\"k\":\"\"}\n") + OBSERVATION_TEXT);
	line_buffer_clear(&buffer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_what_jansson_prints),
		cmocka_unit_test(edges_are_right),
		cmocka_unit_test(long_bytes_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
