/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ASN_LOOKUP_H
#define ASN_LOOKUP_H

#include <maxminddb.h>
#include <stdint.h>

#include "base/fault.h"

struct trace_address;

/* Returns 0, or ERROR_FILE with the fault. MMDB_close ends it. */
int asn_lookup_open(MMDB_s *database, const char *path, struct fault *fault);

/* The autonomous system that announces the address, 0 where the database does not know; context is the MMDB_s. */
uint32_t asn_lookup(void *context, const struct trace_address *address);

#endif
