/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "record/json_text.h"
#include "survey/geo_lookup.h"
#include "targets/geo_database.h"

#define LONGEST_ORGANISATION 256

static const char *const country_types[] = { "Country", "City", "Enterprise", NULL };
static const char *const asn_types[] = { "ASN", "ISP", "Enterprise", NULL };

/* What a database says of one address, and up to which address it says the same. */
struct geo_answer {
	MMDB_entry_s entry;
	uint32_t last;
	bool is_found;
};

/* A record without the value is no fault; one that cannot be decoded is. */
static int
find_value(MMDB_entry_s *entry, const char *key, const char *inner, MMDB_entry_data_s *value)
{
	const int status = MMDB_get_value(entry, value, key, inner, NULL);

	if (status == MMDB_SUCCESS)
		return 0;
	value->has_data = false;
	return status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR ||
			       status == MMDB_INVALID_LOOKUP_PATH_ERROR
		       ? 0
		       : ERROR_LIBRARY;
}

static int
look_up(MMDB_s *database, uint32_t address, struct geo_answer *answer)
{
	const struct sockaddr_in socket_address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address) };
	int status = MMDB_SUCCESS;
	const MMDB_lookup_result_s result =
		MMDB_lookup_sockaddr(database, (const struct sockaddr *)&socket_address, &status);

	if (status != MMDB_SUCCESS)
		return ERROR_LIBRARY;
	/* The library counts the 96 zero bits before an IPv4 address in an IPv6 tree. */
	const unsigned int bits =
		result.netmask > 32 && result.netmask >= 96 ? result.netmask - 96u : result.netmask;
	const uint64_t size = bits >= 32 ? 1 : 1ULL << (32 - bits);
	answer->entry = result.entry;
	answer->is_found = result.found_entry;
	answer->last = (uint32_t)((address & ~(size - 1)) + (size - 1));
	return 0;
}

typedef int (*geo_apply)(
	struct survey_set *set, MMDB_entry_s *entry, const char *key, struct survey_host *found);

static int
apply_country(
	struct survey_set *set, MMDB_entry_s *entry, const char *key, struct survey_host *found)
{
	MMDB_entry_data_s value;
	const int error = find_value(entry, key, "iso_code", &value);

	if (error != 0 || !value.has_data || value.type != MMDB_DATA_TYPE_UTF8_STRING ||
		value.data_size != 2)
		return error;
	const unsigned char first = (unsigned char)value.utf8_string[0];
	const unsigned char second = (unsigned char)value.utf8_string[1];
	if (isupper(first) && isupper(second))
		found->country = (uint16_t)(first << 8 | second);
	return 0;
}

static int
apply_asn(struct survey_set *set, MMDB_entry_s *entry, const char *key, struct survey_host *found)
{
	MMDB_entry_data_s value;
	char text[JSON_TEXT_SIZE(LONGEST_ORGANISATION)];

	int error = find_value(entry, "autonomous_system_number", NULL, &value);
	if (error != 0 || !value.has_data || value.type != MMDB_DATA_TYPE_UINT32)
		return error;
	found->asn = value.uint32;
	error = find_value(entry, "autonomous_system_organization", NULL, &value);
	if (error != 0 || !value.has_data || value.type != MMDB_DATA_TYPE_UTF8_STRING)
		return error;
	const size_t kept =
		value.data_size < LONGEST_ORGANISATION ? value.data_size : LONGEST_ORGANISATION;
	return text_pool_add(&set->texts, text, json_text_encode(value.utf8_string, kept, text),
		&found->organisation);
}

/* Neighbours share a block, so one look into the tree serves many hosts. */
static int
assign(struct survey_set *set, MMDB_s *database, const char *key, geo_apply apply)
{
	struct geo_answer answer = { .last = 0 };
	struct survey_host found = { 0 };
	bool has_answer = false;

	for (uint32_t i = 0; i < set->host_count; i++) {
		struct survey_host *host = &set->hosts[i];

		if (!has_answer || host->address > answer.last) {
			int error = look_up(database, host->address, &answer);
			found = (struct survey_host){ 0 };
			if (error == 0 && answer.is_found)
				error = apply(set, &answer.entry, key, &found);
			if (error != 0)
				return error;
			has_answer = true;
		}
		if (found.country != 0)
			host->country = found.country;
		if (found.asn != 0) {
			host->asn = found.asn;
			host->organisation = found.organisation;
		}
	}
	return 0;
}

static int
use_database(struct survey_set *set, const char *path, const char *const *types, const char *key,
	geo_apply apply, uint64_t *epoch_out, struct fault *fault)
{
	MMDB_s database;
	int error = geo_database_open(&database, path, types, fault);

	if (error != 0)
		return error;
	error = assign(set, &database, key, apply);
	*epoch_out = database.metadata.build_epoch;
	MMDB_close(&database);
	if (error == ERROR_LIBRARY)
		return fault_set(fault, ERROR_INPUT,
			"%s: a record or the search tree is damaged; accepted are complete .mmdb files",
			path);
	return error;
}

int
geo_lookup_assign(struct survey_set *set, const struct geo_lookup_settings *settings,
	struct geo_epochs *epochs_out, struct fault *fault)
{
	int error = 0;

	*epochs_out = (struct geo_epochs){ 0 };
	if (settings->country_db != NULL)
		error = use_database(set, settings->country_db, country_types,
			settings->is_registered ? "registered_country" : "country", apply_country,
			&epochs_out->country, fault);
	if (error == 0 && settings->asn_db != NULL)
		error = use_database(
			set, settings->asn_db, asn_types, NULL, apply_asn, &epochs_out->asn, fault);
	if (settings->country_db != NULL || settings->asn_db != NULL)
		set->has_geography = true;
	return error;
}

char *
country_format(uint16_t country, char *text)
{
	if (country == 0)
		(void)strcpy(text, "unknown");
	else
		(void)snprintf(text, 8, "%c%c", country >> 8, country & 0xff);
	return text;
}
