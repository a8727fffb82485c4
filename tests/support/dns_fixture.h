/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_FIXTURE_H
#define DNS_FIXTURE_H

/* Names for tests, by cmocka: what goes wrong fails the test. Include it after cmocka.h. */
#include "base/fault.h"
#include "dns/dns_name.h"

static inline struct dns_name
dns_fixture_name(const char *text)
{
	struct dns_name name = { .length = 0 };
	struct fault fault = { .text = "" };

	assert_int_equal(dns_name_parse(text, &name, &fault), 0);
	return name;
}

#endif
