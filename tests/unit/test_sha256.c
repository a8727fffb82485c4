/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hexadecimal.h"
#include "base/random.h"
#include "base/sha256.h"

static void
assert_digest(const void *bytes, size_t length, const char *expected)
{
	uint8_t digest[SHA256_SIZE];
	char text[2 * SHA256_SIZE + 1];

	sha256_digest(bytes, length, digest);
	assert_string_equal(hexadecimal_format(digest, sizeof(digest), text), expected);
}

/* The examples that NIST publishes with FIPS 180-4. */
static void
test_published_vectors(void **state)
{
	const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

	assert_digest("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_digest(two_blocks, strlen(two_blocks),
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void
test_million_a(void **state)
{
	uint8_t digest[SHA256_SIZE];
	char text[2 * SHA256_SIZE + 1];
	struct sha256 hash;

	sha256_init(&hash);
	for (int i = 0; i < 100000; i++)
		sha256_add(&hash, "aaaaaaaaaa", 10);
	sha256_finish(&hash, digest);
	assert_string_equal(hexadecimal_format(digest, sizeof(digest), text),
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every length around the padding's edges, in every two pieces. */
static void
test_pieces_do_not_matter(void **state)
{
	uint8_t bytes[200];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		uint8_t whole[SHA256_SIZE];

		sha256_digest(bytes, length, whole);
		for (size_t cut = 0; cut <= length; cut++) {
			struct sha256 hash;
			uint8_t pieces[SHA256_SIZE];

			sha256_init(&hash);
			sha256_add(&hash, bytes, cut);
			sha256_add(&hash, bytes + cut, length - cut);
			sha256_finish(&hash, pieces);
			assert_memory_equal(pieces, whole, SHA256_SIZE);
		}
	}
}

/* Where the processor has instructions for it, both halves are at work here. */
static void
test_portable_blocks_agree(void **state)
{
	uint8_t bytes[16 * SHA256_BLOCK_SIZE];
	struct random_sequence random = { 20260103 };

	print_message("seed 20260103\n");
	for (size_t blocks = 0; blocks <= 16; blocks++) {
		struct sha256 hash;
		uint32_t portable[8];

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)random_below(&random, 256);
		sha256_init(&hash);
		memcpy(portable, hash.state, sizeof(portable));
		sha256_hash_portably(portable, bytes, blocks);
		sha256_add(&hash, bytes, blocks * SHA256_BLOCK_SIZE);
		assert_memory_equal(hash.state, portable, sizeof(portable));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vectors),
		cmocka_unit_test(test_million_a),
		cmocka_unit_test(test_pieces_do_not_matter),
		cmocka_unit_test(test_portable_blocks_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
