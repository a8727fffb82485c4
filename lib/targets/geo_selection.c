/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "targets/geo_database.h"
#include "targets/geo_selection.h"

#define LETTERS       26
#define COUNTRY_CODES (LETTERS * LETTERS)

static const char *const country_types[] = { "Country", "City", "Enterprise", NULL };
static const char *const asn_types[] = { "ASN", "ISP", "Enterprise", NULL };

struct country_search {
	struct range_list *ranges;
	const char *key;
	bool is_wanted[COUNTRY_CODES];
	bool is_found[COUNTRY_CODES];
};

struct wanted_asn {
	uint32_t number;
	bool is_found;
};

struct asn_search {
	struct range_list *ranges;
	struct wanted_asn *wanted; /* sorted by number */
	size_t count;
};

/* 0 to 25, or a negative number for what is no letter. */
static int
letter_index(char letter)
{
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a';
	return letter >= 'A' && letter <= 'Z' ? letter - 'A' : -1;
}

/* The place of a code of two letters in a table of all, or a negative number. */
static int
country_index(const char *code, size_t length)
{
	if (length != 2 || letter_index(code[0]) < 0 || letter_index(code[1]) < 0)
		return -1;
	return letter_index(code[0]) * LETTERS + letter_index(code[1]);
}

/*
 * Find one value of a record. A record without it is no fault; a record that cannot be decoded is
 * one.
 */
static int
find_value(MMDB_entry_s *entry, const char *key, const char *inner_key, MMDB_entry_data_s *value)
{
	int status = MMDB_get_value(entry, value, key, inner_key, NULL);

	if (status == MMDB_SUCCESS)
		return 0;
	value->has_data = false;
	if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR ||
		status == MMDB_INVALID_LOOKUP_PATH_ERROR)
		return 0;
	return ERROR_LIBRARY;
}

static int
visit_country(void *context, struct ipv4_range range, MMDB_entry_s *entry)
{
	struct country_search *search = context;
	MMDB_entry_data_s value;
	int error = find_value(entry, search->key, "iso_code", &value);

	if (error != 0 || !value.has_data || value.type != MMDB_DATA_TYPE_UTF8_STRING)
		return error;
	int index = country_index(value.utf8_string, value.data_size);
	if (index < 0 || !search->is_wanted[index])
		return 0;
	search->is_found[index] = true;
	return range_list_add(search->ranges, range);
}

static int
compare_asns(const void *left, const void *right)
{
	const struct wanted_asn *a = left;
	const struct wanted_asn *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

static int
visit_asn(void *context, struct ipv4_range range, MMDB_entry_s *entry)
{
	struct asn_search *search = context;
	MMDB_entry_data_s value;
	int error = find_value(entry, "autonomous_system_number", NULL, &value);

	if (error != 0 || !value.has_data || value.type != MMDB_DATA_TYPE_UINT32)
		return error;
	const struct wanted_asn key = { .number = value.uint32 };
	struct wanted_asn *wanted =
		bsearch(&key, search->wanted, search->count, sizeof(key), compare_asns);
	if (wanted == NULL)
		return 0;
	wanted->is_found = true;
	return range_list_add(search->ranges, range);
}

/* Open, walk and close one database. */
static int
search_database(const char *path, const char *const *types, geo_database_visit visit, void *search,
	uint64_t *epoch_out, struct fault *fault)
{
	MMDB_s database;
	int error = geo_database_open(&database, path, types, fault);

	if (error != 0)
		return error;
	error = geo_database_walk(&database, visit, search, fault);
	*epoch_out = database.metadata.build_epoch;
	MMDB_close(&database);
	if (error == ERROR_LIBRARY)
		return fault_set(fault, ERROR_INPUT,
			"%s: a record is damaged; accepted are complete .mmdb files", path);
	if (error == ERROR_MEMORY)
		return fault_set(fault, error, "%s: out of memory", path);
	return error;
}

static int
want_countries(
	struct country_search *search, const struct geo_settings *settings, struct fault *fault)
{
	for (size_t i = 0; i < settings->country_count; i++) {
		const char *code = settings->countries[i];
		int index = country_index(code, strlen(code));

		if (index < 0)
			return fault_set(fault, ERROR_INPUT,
				"scan.targets.countries[%zu]: \"%.20s\" is not a country code; accepted are the two letters of ISO 3166-1, such as DE",
				i, code);
		search->is_wanted[index] = true;
	}
	return 0;
}

static int
find_countries(struct geo_selection *selection, const struct geo_settings *settings,
	struct range_list *ranges, struct fault *fault)
{
	struct country_search search = { .ranges = ranges };

	search.key =
		settings->country_meaning == GEO_COUNTRY_LOCATED ? "country" : "registered_country";
	if (settings->country_db == NULL || settings->country_db[0] == '\0')
		return fault_set(fault, ERROR_INPUT,
			"scan.targets.countries: needs scan.geo.country_db, a MaxMind DB file with countries");
	int error = want_countries(&search, settings, fault);
	if (error == 0)
		error = search_database(settings->country_db, country_types, visit_country, &search,
			&selection->country_db_epoch, fault);
	for (size_t i = 0; error == 0 && i < settings->country_count; i++) {
		if (!search.is_found[country_index(settings->countries[i], 2)])
			error = fault_set(fault, ERROR_INPUT,
				"scan.targets.countries[%zu]: %s has no IPv4 address for \"%s\"; accepted are codes that it knows",
				i, settings->country_db, settings->countries[i]);
	}
	range_list_normalise(ranges);
	return error;
}

static int
search_asns(struct geo_selection *selection, const struct geo_settings *settings,
	struct asn_search *search, struct fault *fault)
{
	for (size_t i = 0; i < settings->asn_count; i++)
		search->wanted[i].number = settings->asns[i];
	qsort(search->wanted, search->count, sizeof(*search->wanted), compare_asns);
	/* The same number twice: the search finds either one, so only one may stay. */
	size_t kept = 1;
	for (size_t i = 1; i < search->count; i++) {
		if (search->wanted[i].number != search->wanted[kept - 1].number)
			search->wanted[kept++] = search->wanted[i];
	}
	search->count = kept;
	int error = search_database(
		settings->asn_db, asn_types, visit_asn, search, &selection->asn_db_epoch, fault);
	for (size_t i = 0; error == 0 && i < search->count; i++) {
		if (!search->wanted[i].is_found)
			error = fault_set(fault, ERROR_INPUT,
				"scan.targets.asns: %s has no IPv4 address for AS%u; accepted are numbers that it knows",
				settings->asn_db, search->wanted[i].number);
	}
	range_list_normalise(search->ranges);
	return error;
}

static int
find_asns(struct geo_selection *selection, const struct geo_settings *settings,
	struct range_list *ranges, struct fault *fault)
{
	struct asn_search search = { .ranges = ranges, .count = settings->asn_count };

	if (settings->asn_db == NULL || settings->asn_db[0] == '\0')
		return fault_set(fault, ERROR_INPUT,
			"scan.targets.asns: needs scan.geo.asn_db, a MaxMind DB file with networks");
	search.wanted = calloc(search.count, sizeof(*search.wanted));
	if (search.wanted == NULL)
		return fault_set(fault, ERROR_MEMORY, "scan.targets.asns: out of memory");
	int error = search_asns(selection, settings, &search, fault);
	free(search.wanted);
	return error;
}

int
geo_selection_init(
	struct geo_selection *selection, const struct geo_settings *settings, struct fault *fault)
{
	struct geo_selection built = { 0 };
	struct range_list countries = { 0 };
	struct range_list asns = { 0 };
	int error = 0;

	if (settings->country_count > 0)
		error = find_countries(&built, settings, &countries, fault);
	if (error == 0 && settings->asn_count > 0)
		error = find_asns(&built, settings, &asns, fault);
	if (error == 0 && settings->country_count > 0 && settings->asn_count > 0)
		error = range_list_intersect(&countries, &asns, &built.ranges);
	else if (error == 0)
		error = range_list_intersect(settings->asn_count > 0 ? &asns : &countries,
			&(const struct range_list){ &(struct ipv4_range){ 0, UINT32_MAX }, 1, 1 },
			&built.ranges);
	range_list_clear(&countries);
	range_list_clear(&asns);
	if (error == ERROR_MEMORY)
		return fault_set(fault, error, "scan.targets: out of memory");
	if (error == 0)
		*selection = built;
	return error;
}

void
geo_selection_clear(struct geo_selection *selection)
{
	if (selection == NULL)
		return;
	range_list_clear(&selection->ranges);
	*selection = (struct geo_selection){ 0 };
}
