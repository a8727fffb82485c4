/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "support/mmdb_writer.h"
#include "targets/geo_selection.h"

#define COUNTRIES(...)                                     \
	.countries = (const char *const[]){ __VA_ARGS__ }, \
	.country_count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)
#define ASNS(...)                                  \
	.asns = (const uint32_t[]){ __VA_ARGS__ }, \
	.asn_count = sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t)

/* Two databases that most tests share. */
struct files {
	char country[40];
	char asn[40];
};

static uint32_t
put_country(struct mmdb_writer *writer, const char *located, const char *registered)
{
	uint32_t offset = mmdb_put_map(writer, 2);

	mmdb_put_text(writer, "country");
	mmdb_put_map(writer, 1);
	mmdb_put_text(writer, "iso_code");
	mmdb_put_text(writer, located);
	mmdb_put_text(writer, "registered_country");
	mmdb_put_map(writer, 1);
	mmdb_put_text(writer, "iso_code");
	mmdb_put_text(writer, registered);
	return offset;
}

static uint32_t
put_asn(struct mmdb_writer *writer, uint32_t number)
{
	uint32_t offset = mmdb_put_map(writer, 1);

	mmdb_put_text(writer, "autonomous_system_number");
	mmdb_put_number(writer, 6, number);
	return offset;
}

static void
fill_countries(struct mmdb_writer *writer, uint16_t ip_version)
{
	mmdb_init(writer, "Test-Country", ip_version);
	uint32_t german = put_country(writer, "DE", "DE");
	uint32_t swedish = put_country(writer, "SE", "DE");
	uint32_t nowhere = mmdb_put_map(writer, 0);

	mmdb_insert(writer, 0x01020000, 16, german);
	mmdb_insert(writer, 0x01030000, 17, swedish);
	mmdb_insert(writer, 0x02000000, 24, german);
	mmdb_insert(writer, 0x02000100, 32, swedish);
	mmdb_insert(writer, 0xdf000000, 8, nowhere);
	mmdb_insert(writer, 0xffffffff, 32, german);
	if (ip_version == 6)
		mmdb_alias_mapped(writer);
}

static int
write_files(void **state)
{
	static struct files files;
	static struct mmdb_writer writer;

	strcpy(files.country, "/tmp/test_geo_country.XXXXXX");
	strcpy(files.asn, "/tmp/test_geo_asn.XXXXXX");
	fill_countries(&writer, 6);
	mmdb_write(&writer, files.country);
	mmdb_init(&writer, "Test-ASN", 4);
	writer.epoch = 1600000000;
	mmdb_insert(&writer, 0x01028000, 17, put_asn(&writer, 64500));
	mmdb_insert(&writer, 0x01030000, 16, put_asn(&writer, 4200000000));
	mmdb_insert(&writer, 0x03000000, 8, put_asn(&writer, 64501));
	mmdb_write(&writer, files.asn);
	*state = &files;
	return 0;
}

static int
remove_files(void **state)
{
	const struct files *files = *state;

	return unlink(files->country) | unlink(files->asn);
}

static void
assert_selects(const struct geo_settings *settings, const struct ipv4_range *ranges, size_t count)
{
	struct geo_selection selection;
	struct fault fault = { { 0 } };
	int error = geo_selection_init(&selection, settings, &fault);

	if (error != 0)
		fail_msg("%d: %s", error, fault.text);
	assert_int_equal(selection.ranges.count, count);
	assert_memory_equal(selection.ranges.ranges, ranges, count * sizeof(*ranges));
	assert_true(selection.country_db_epoch == (settings->country_count > 0 ? 1700000000 : 0));
	assert_true(selection.asn_db_epoch == (settings->asn_count > 0 ? 1600000000 : 0));
	geo_selection_clear(&selection);
}

static void
assert_fault(const struct geo_settings *settings, int error, const char *expected)
{
	struct geo_selection selection;
	struct fault fault = { { 0 } };

	assert_int_equal(geo_selection_init(&selection, settings, &fault), error);
	if (strstr(fault.text, expected) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", expected, fault.text);
}

static void
finds_countries_where_addresses_are(void **state)
{
	const struct files *files = *state;
	const struct geo_settings german = { .country_db = files->country, COUNTRIES("DE") };
	const struct geo_settings both = { .country_db = files->country, COUNTRIES("se", "De") };
	const struct ipv4_range german_ranges[] = { { 0x01020000, 0x0102ffff },
		{ 0x02000000, 0x020000ff }, { UINT32_MAX, UINT32_MAX } };
	const struct ipv4_range both_ranges[] = { { 0x01020000, 0x01037fff },
		{ 0x02000000, 0x02000100 }, { UINT32_MAX, UINT32_MAX } };

	assert_selects(&german, german_ranges, 3);
	assert_selects(&both, both_ranges, 3);
}

static void
finds_countries_where_addresses_are_registered(void **state)
{
	const struct files *files = *state;
	struct geo_settings settings = { .country_db = files->country, COUNTRIES("DE") };
	const struct ipv4_range ranges[] = { { 0x01020000, 0x01037fff }, { 0x02000000, 0x02000100 },
		{ UINT32_MAX, UINT32_MAX } };

	settings.country_meaning = GEO_COUNTRY_REGISTERED;
	assert_selects(&settings, ranges, 3);
}

static void
finds_networks_and_narrows_countries_to_them(void **state)
{
	const struct files *files = *state;
	const struct geo_settings networks = { .asn_db = files->asn,
		ASNS(4200000000, 64500, 64500) };
	const struct geo_settings narrowed = { .country_db = files->country,
		.asn_db = files->asn,
		COUNTRIES("DE", "SE"),
		ASNS(4200000000, 64501) };
	const struct ipv4_range network_ranges[] = { { 0x01028000, 0x0103ffff } };
	const struct ipv4_range narrowed_ranges[] = { { 0x01030000, 0x01037fff } };

	assert_selects(&networks, network_ranges, 1);
	assert_selects(&narrowed, narrowed_ranges, 1);
}

static void
nothing_asked_for_opens_nothing(void **state)
{
	const struct geo_settings settings = { .country_db = "/nonexistent.mmdb" };

	assert_selects(&settings, NULL, 0);
}

static void
names_what_is_wrong_with_the_question(void **state)
{
	const struct files *files = *state;
	const struct geo_settings no_country_db = { COUNTRIES("DE") };
	const struct geo_settings no_asn_db = { .asn_db = "", ASNS(1) };
	const struct geo_settings long_code = { .country_db = files->country,
		COUNTRIES("DE", "DEU") };
	const struct geo_settings odd_code = { .country_db = files->country, COUNTRIES("D1") };
	const struct geo_settings unknown = { .country_db = files->country, COUNTRIES("DE", "ZZ") };
	const struct geo_settings unknown_asn = { .asn_db = files->asn, ASNS(64500, 7) };

	assert_fault(&no_country_db, ERROR_INPUT, "countries: needs scan.geo.country_db");
	assert_fault(&no_asn_db, ERROR_INPUT, "asns: needs scan.geo.asn_db");
	assert_fault(&long_code, ERROR_INPUT,
		"scan.targets.countries[1]: \"DEU\" is not a country code; accepted are the two letters");
	assert_fault(&odd_code, ERROR_INPUT, "scan.targets.countries[0]: \"D1\" is not a country");
	assert_fault(&unknown, ERROR_INPUT, "has no IPv4 address for \"ZZ\"");
	assert_fault(&unknown_asn, ERROR_INPUT, "has no IPv4 address for AS7");
}

static void
names_what_is_wrong_with_the_file(void **state)
{
	const struct files *files = *state;
	char text[] = "/tmp/test_geo_text.XXXXXX";
	int descriptor = mkstemp(text);
	char expected[128];
	const struct geo_settings missing = { .country_db = "/nonexistent.mmdb", COUNTRIES("DE") };
	const struct geo_settings folder = { .country_db = "/", COUNTRIES("DE") };
	const struct geo_settings no_database = { .country_db = text, COUNTRIES("DE") };
	const struct geo_settings other_type = { .country_db = files->asn, COUNTRIES("DE") };
	const struct geo_settings other_asn_type = { .asn_db = files->country, ASNS(1) };

	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, "country,first,last\n", 19), 19);
	assert_int_equal(close(descriptor), 0);
	assert_fault(&missing, ERROR_FILE, "/nonexistent.mmdb: cannot be opened: No such file");
	assert_fault(&folder, ERROR_FILE, "/: empty, or not a regular file");
	(void)snprintf(expected, sizeof(expected), "%s: not a MaxMind DB file", text);
	assert_fault(&no_database, ERROR_INPUT, expected);
	(void)snprintf(expected, sizeof(expected),
		"%s: a database of type \"Test-ASN\"; accepted are those with Country, City or Enterprise",
		files->asn);
	assert_fault(&other_type, ERROR_INPUT, expected);
	assert_fault(
		&other_asn_type, ERROR_INPUT, "type \"Test-Country\"; accepted are those with ASN");
	assert_int_equal(unlink(text), 0);
}

/* Writes the database, asks it for DE and removes it; returns the error. */
static int
ask_for_german(struct mmdb_writer *writer, struct geo_selection *selection, struct fault *fault)
{
	char path[] = "/tmp/test_geo_other.XXXXXX";
	const struct geo_settings settings = { .country_db = path, COUNTRIES("DE") };

	mmdb_write(writer, path);
	*fault = (struct fault){ { 0 } };
	int error = geo_selection_init(selection, &settings, fault);
	assert_int_equal(unlink(path), 0);
	return error;
}

static void
reads_ipv4_databases_too(void **state)
{
	static struct mmdb_writer writer;
	struct geo_selection selection;
	struct fault fault;

	fill_countries(&writer, 4);
	assert_int_equal(ask_for_german(&writer, &selection, &fault), 0);
	assert_true(range_list_address_count(&selection.ranges) == 65536 + 256 + 1);
	geo_selection_clear(&selection);
}

/* ::/64 is one leaf, so all of IPv4 is; and a tree where ::/64 is empty has no IPv4 at all. */
static void
reads_trees_that_end_above_ipv4(void **state)
{
	static struct mmdb_writer writer;
	struct geo_selection selection;
	struct fault fault;

	mmdb_init(&writer, "Test-Country", 6);
	writer.nodes[63][0] = MMDB_RECORD_DATA | put_country(&writer, "DE", "DE");
	assert_int_equal(ask_for_german(&writer, &selection, &fault), 0);
	assert_true(range_list_address_count(&selection.ranges) == 1ULL << 32);
	geo_selection_clear(&selection);

	mmdb_init(&writer, "Test-Country", 6);
	writer.nodes[63][0] = MMDB_RECORD_EMPTY;
	assert_int_equal(ask_for_german(&writer, &selection, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, "has no IPv4 address for \"DE\""));
}

static void
refuses_damaged_trees(void **state)
{
	static struct mmdb_writer writer;
	struct geo_selection selection;
	struct fault fault;

	/* A node that is its own child, a record beyond the data, and one between tree and data. */
	for (size_t i = 0; i < 3; i++) {
		fill_countries(&writer, 6);
		const uint32_t records[] = { 96, MMDB_RECORD_DATA | 100000,
			writer.node_count + 15 };
		writer.nodes[96][1] = records[i];
		assert_int_equal(ask_for_german(&writer, &selection, &fault), ERROR_INPUT);
		assert_non_null(strstr(fault.text, ": the search tree is damaged; accepted are"));
	}
	/* Nodes whose halves are the same: 2^31 leaves, if they were all visited. */
	mmdb_init(&writer, "Test-Country", 6);
	uint32_t german = put_country(&writer, "DE", "DE");
	for (uint32_t i = 0; i < 31; i++) {
		uint32_t node = writer.node_count - 1;

		writer.nodes[node][0] = i < 30 ? mmdb_new_node(&writer) : MMDB_RECORD_DATA | german;
		writer.nodes[node][1] = writer.nodes[node][0];
	}
	assert_int_equal(ask_for_german(&writer, &selection, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, "the search tree is damaged"));
	/* Damage above IPv4, where the library only hands the record over. */
	fill_countries(&writer, 6);
	writer.nodes[63][0] = MMDB_RECORD_DATA | 100000;
	assert_int_equal(ask_for_german(&writer, &selection, &fault), ERROR_INPUT);
	fill_countries(&writer, 6);
	writer.nodes[63][0] = writer.node_count + 15;
	assert_int_equal(ask_for_german(&writer, &selection, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, "the search tree is damaged"));
}

static void
refuses_damaged_records(void **state)
{
	static struct mmdb_writer writer;
	struct geo_selection selection;
	struct fault fault;

	fill_countries(&writer, 6);
	/* A map of 28 pairs at the very end of the data. */
	mmdb_insert(&writer, 0x50000000, 8, mmdb_put_map(&writer, 28));
	assert_int_equal(ask_for_german(&writer, &selection, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, ": a record is damaged; accepted are"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_countries_where_addresses_are),
		cmocka_unit_test(finds_countries_where_addresses_are_registered),
		cmocka_unit_test(finds_networks_and_narrows_countries_to_them),
		cmocka_unit_test(nothing_asked_for_opens_nothing),
		cmocka_unit_test(names_what_is_wrong_with_the_question),
		cmocka_unit_test(names_what_is_wrong_with_the_file),
		cmocka_unit_test(reads_ipv4_databases_too),
		cmocka_unit_test(reads_trees_that_end_above_ipv4),
		cmocka_unit_test(refuses_damaged_trees),
		cmocka_unit_test(refuses_damaged_records),
	};

	return cmocka_run_group_tests(tests, write_files, remove_files);
}
