/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "survey/baseline_table.h"
#include "survey/provider.h"

static void
names_providers_by_registrable_domain(void **state)
{
	static const struct {
		const char *common_name;
		const char *subject;
		const char *provider; /* NULL: none */
		bool is_factory;
	} cases[] = {
		{ "dns3.cleanbrowsing.org", "", "cleanbrowsing.org", false },
		{ "*.Quad9.NET.", "", "quad9.net", false },
		{ "dot.a.b.co.uk", "", "b.co.uk", false },
		{ "co.uk", "", "co.uk", false },
		{ "192.0.2.1", "", "192.0.2.1", false },
		{ "netbsd", "", "netbsd", false },
		{ "dot.lab.test", "", "lab.test", false },
		{ "", "", NULL, false },
		{ "FGT60D4615", "emailAddress=support@fortinet.com,CN=FGT60D4615",
			"Fortinet (factory certificates)", true },
		{ "x", "CN=x,O=Fortinet", "Fortinet (factory certificates)", true },
	};
	char name[PROVIDER_SIZE];
	bool is_factory;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const bool has_name =
			provider_name(cases[i].common_name, cases[i].subject, name, &is_factory);
		assert_int_equal(has_name, cases[i].provider != NULL);
		assert_int_equal(is_factory, cases[i].is_factory);
		if (has_name)
			assert_string_equal(name, cases[i].provider);
	}
}

static int
add(struct survey_set *set, const char *line)
{
	struct fault fault = { "" };

	return baseline_table_add_line(set, line, strlen(line), "table", 3, &fault);
}

static void
reads_rows_of_the_2019_table(void **state)
{
	struct survey_set set;

	(void)state;
	assert_int_equal(survey_set_init(&set), 0);
	assert_int_equal(add(&set, "1.1.1.1\tUS\tCN=cloudflare-dns.com\t\"ok\"\n"), 0);
	assert_int_equal(
		add(&set,
			"9.9.9.9\t\tCN=a/emailAddress=support@fortinet.com\tself signed certificate\n"),
		0);
	assert_int_equal(add(&set, "8.8.8.8\t-\t-\t\"-\"\n"), 0);
	assert_int_equal(add(&set, "resolver_ip\tcountry\tcertinfo\tverification\n"), 0);
	assert_int_equal(add(&set, "300.1.1.1\tUS\t-\tok\n"), 1);
	assert_int_equal(add(&set, "1.1.1.2\tUS\tok\n"), 1);
	assert_int_equal(set.host_count, 3);
	assert_int_equal(set.hosts[0].country, 'U' << 8 | 'S');
	assert_int_equal(set.hosts[0].status, CERTIFICATE_STATUS_OK);
	assert_int_equal(set.hosts[1].country, 0);
	assert_int_equal(set.hosts[1].status, CERTIFICATE_STATUS_SELF_SIGNED);
	assert_int_equal(set.hosts[2].certificate, SURVEY_NONE);
	assert_int_equal(provider_assign(&set), 0);
	assert_string_equal(survey_text(&set, set.certificates[0].provider), "cloudflare-dns.com");
	assert_true(set.certificates[1].is_factory);
	survey_set_clear(&set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_providers_by_registrable_domain),
		cmocka_unit_test(reads_rows_of_the_2019_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
