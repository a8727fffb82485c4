/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/fault.h"

static void
test_first_text_stays(void **state)
{
	struct fault fault = { "" };

	assert_int_equal(
		fault_set(&fault, ERROR_INPUT, "%s:%d: too big", "scan.yaml", 7), ERROR_INPUT);
	assert_string_equal(fault.text, "scan.yaml:7: too big");
	/* The error is that of the call, the text that of the first cause. */
	assert_int_equal(fault_set(&fault, ERROR_FILE, "later"), ERROR_FILE);
	assert_string_equal(fault.text, "scan.yaml:7: too big");
}

static void
test_long_text_is_cut(void **state)
{
	struct fault fault = { "" };
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(fault_set(&fault, ERROR_MEMORY, "%s", text), ERROR_MEMORY);
	assert_int_equal(strlen(fault.text), sizeof(fault.text) - 1);
}

static void
test_errors_have_words(void **state)
{
	static const int errors[] = {
#define X(name, value, text) ERROR_##name,
		ERROR_LIST(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		assert_true(errors[i] < 0);
		assert_string_not_equal(error_text(errors[i]), error_text(-1000));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(error_text(errors[i]), error_text(errors[j]));
	}
	assert_string_equal(error_text(0), "success");
	assert_string_equal(error_text(1), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_text_stays),
		cmocka_unit_test(test_long_text_is_cut),
		cmocka_unit_test(test_errors_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
