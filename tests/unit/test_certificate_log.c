/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/base64.h"
#include "record/certificate_log.h"
#include "record_fixture.h"

static void
base64_follows_the_standard(void **state)
{
	/* RFC 4648, section 10, and the ends of the alphabet. */
	static const char *const rows[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" }, { "\xff\xff\xfe", "///+" } };
	char text[16];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const size_t length = strlen(rows[i][0]);

		assert_int_equal(base64_encode((const uint8_t *)rows[i][0], length, text),
			strlen(rows[i][1]));
		assert_string_equal(text, rows[i][1]);
		assert_true(strlen(text) < BASE64_SIZE(length));
	}
}

static void
add(struct certificate_log *log, uint8_t seed)
{
	struct observation observation;

	fixture_right(&observation, 0xc6120001, seed);
	fixture_der(&observation.certificate->chain[1], 0x77, 3);
	observation.certificate->chain_count = 2;
	assert_int_equal(certificate_log_add(log, "lab", &observation), 0);
	observation_clear(&observation);
}

static size_t
count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

/* Also across a restart, and after a line was torn. */
static void
each_certificate_is_kept_once(void **state)
{
	char folder[64];
	char path[128];
	struct certificate_log log;
	struct fault fault = { "" };
	uint64_t torn;
	size_t length;

	fixture_folder(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/certificates.jsonl", folder);
	assert_int_equal(certificate_log_open(&log, path, &torn, &fault), 0);
	add(&log, 1);
	add(&log, 2);
	add(&log, 1);
	assert_int_equal(line_file_flush(&log.file, &fault), 0);
	certificate_log_close(&log);
	char *text = fixture_load(folder, "certificates.jsonl", &length);
	assert_int_equal(count_lines(text), 3); /* two leaves and what stands above both */
	static const char start[] = "{\"schema\":1,\"scan\":\"lab\",\"sha256\":\"0101";
	assert_memory_equal(text, start, strlen(start));
	assert_non_null(strstr(text,
		"\"spki_sha256\":null,\"first_ip\":\"198.18.0.1\","
		"\"first_seen\":\"2026-01-02T03:04:05.678901Z\",\"chain_position\":1,\"der\":\"d36F\"}\n"));

	fixture_store(folder, "certificates.jsonl", text, length - 5);
	free(text);
	assert_int_equal(certificate_log_open(&log, path, &torn, &fault), 0);
	assert_true(torn > 100);
	assert_int_equal(log.known.count, 2);
	add(&log, 1);
	add(&log, 2);
	assert_int_equal(log.known.count, 3);
	assert_int_equal(line_file_flush(&log.file, &fault), 0);
	assert_int_equal(log.file.line_count, 1);
	certificate_log_close(&log);
	fixture_remove(folder);
}

static void
a_foreign_file_is_refused(void **state)
{
	char folder[64];
	char path[128];
	struct certificate_log log;
	struct fault fault = { "" };
	uint64_t torn = 5;

	fixture_folder(folder, sizeof(folder));
	snprintf(path, sizeof(path), "%s/certificates.jsonl", folder);
	fixture_store(folder, "certificates.jsonl", "{\"a\":1}\n", 8);
	assert_int_equal(certificate_log_open(&log, path, &torn, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, "certificates.jsonl:1: not a certificate's line"));
	assert_int_equal(torn, 5);
	fixture_remove(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_follows_the_standard),
		cmocka_unit_test(each_certificate_is_kept_once),
		cmocka_unit_test(a_foreign_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
