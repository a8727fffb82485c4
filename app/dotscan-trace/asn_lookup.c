/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/socket.h>

#include "asn_lookup.h"
#include "base/error.h"
#include "trace/trace_address.h"

int
asn_lookup_open(MMDB_s *database, const char *path, struct fault *fault)
{
	const int status = MMDB_open(path, MMDB_MODE_MMAP, database);

	if (status != MMDB_SUCCESS)
		return fault_set(fault, ERROR_FILE, "%s: %s", path, MMDB_strerror(status));
	if (strstr(database->metadata.database_type, "ASN") == NULL) {
		(void)fault_set(fault, ERROR_FILE,
			"%s: is of type %.60s; accepted: a database of AS numbers", path,
			database->metadata.database_type);
		MMDB_close(database);
		return ERROR_FILE;
	}
	return 0;
}

uint32_t
asn_lookup(void *context, const struct trace_address *address)
{
	char text[TRACE_ADDRESS_TEXT_BYTES];
	int resolve_error = 0;
	int error = 0;
	MMDB_entry_data_s value = { .has_data = false };
	MMDB_lookup_result_s found = MMDB_lookup_string(
		context, trace_address_format(address, text), &resolve_error, &error);

	if (resolve_error != 0 || error != MMDB_SUCCESS || !found.found_entry ||
		MMDB_get_value(&found.entry, &value, "autonomous_system_number", NULL) !=
			MMDB_SUCCESS ||
		!value.has_data || value.type != MMDB_DATA_TYPE_UINT32)
		return 0;
	return value.uint32;
}
