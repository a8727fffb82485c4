/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_CONFIG_H
#define SCAN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct config_document;
struct fault;

/*
 * scan.yaml as the program uses it: every field is there, with its default where the file says
 * nothing, in the units its name says, and in its range. docs/configuration.md describes the
 * fields; scan_config_fields.c lists them. An address or a MAC of zeros, an empty text and a list
 * of length 0 stand for "none". Lists are NULL if empty.
 */

/* Inclusive; a power of two many, and the first is a multiple of that. */
struct config_port_range {
	uint16_t first;
	uint16_t last;
};

struct config_targets {
	char **include; /* CIDR, address or a-b; each passes ipv4_range_parse */
	uint32_t include_count;
	char **include_files;
	uint32_t include_files_count;
	char **countries; /* two capital letters each */
	uint32_t countries_count;
	uint32_t *asns;
	uint32_t asns_count;
	char **exclude;
	uint32_t exclude_count;
	char **exclude_files;
	uint32_t exclude_files_count;
	bool allow_reserved;
};

struct config_geo {
	char *country_db;
	char *asn_db;
	char *country; /* "located" or "registered": which of the database's two countries counts */
};

struct config_shard {
	uint32_t index;
	uint32_t count; /* index < count */
};

struct config_scan {
	char *id;
	char *contact;
	struct config_targets targets;
	struct config_geo geo;
	uint16_t port;
	uint64_t rate_pps; /* RATE_LINE: as fast as the device takes packets */
	uint32_t probes;
	uint64_t probe_interval_ns;
	uint64_t cooldown_ns;
	uint64_t seed; /* 0: to be chosen at random */
	struct config_shard shard;
	uint64_t max_targets; /* 0: no limit, as with the next two */
	uint64_t max_hits;
	uint64_t max_runtime_ns;
};

/* Exactly one of gateway and gateway_mac is not zero. */
struct config_nic {
	char *device;
	uint32_t *source_addresses; /* host order, at least one, no two alike */
	uint32_t source_addresses_count;
	struct config_port_range source_ports;
	uint32_t gateway;
	uint8_t gateway_mac[6];
	uint16_t vlan; /* 0: none */
	char **eal;
	uint32_t eal_count;
};

/* CPU numbers. io and verify name no CPU twice, but may name the same as another role. */
struct config_cores {
	uint32_t main;
	uint32_t *io;
	uint32_t io_count;
	uint32_t *verify;
	uint32_t verify_count;
};

struct config_timeouts {
	uint64_t connect_ns;
	uint64_t tls_ns;
	uint64_t dns_ns;
};

/* expect and truth are never both set. */
struct config_verify {
	char *name; /* at most one {label} */
	char *type; /* mnemonic in capitals */
	char **expect;
	uint32_t expect_count;
	char *truth;
	uint64_t truth_max_age_ns; /* 0: any age */
	bool truth_accept_split;
	bool truth_accept_lame;
	uint32_t queries;
	uint32_t attempts;
	struct config_timeouts timeouts;
	uint32_t max_connections;
	bool alpn;
	char *ca_file;
};

struct config_output {
	char *directory;
	bool csv;
	bool certificates;
	uint64_t status_interval_ns;
	uint64_t checkpoint_interval_ns;
};

struct scan_config {
	uint32_t version;
	struct config_scan scan;
	struct config_nic nic;
	struct config_cores cores;
	struct config_verify verify;
	struct config_output output;
	struct config_document *document; /* where each value came from */
};

/* The characters that {label} in verify.name becomes. */
#define SCAN_CONFIG_LABEL_LENGTH 16

/*
 * A configuration in memory: bytes that name was read from, and fields that override it, each
 * "scan.rate=50kpps"; the last wins.
 */
struct scan_config_source {
	const char *name;
	const uint8_t *bytes;
	size_t length;
	const char *const *overrides;
	size_t override_count;
};

/*
 * Read a file, apply the overrides, check everything that can be known without looking at the
 * machine. The caller frees the result. ERROR_INPUT and ERROR_FILE come with one line in fault:
 * "file:line: field: what is wrong; accepted: what is", where the place is "--set field=value" for
 * an override and only the file's name if it cannot be read.
 */
int scan_config_load(const char *path, const char *const overrides[], size_t override_count,
	struct scan_config **config_out, struct fault *fault);

/* scan_config_load without the file. */
int scan_config_parse(const struct scan_config_source *source, struct scan_config **config_out,
	struct fault *fault);

void scan_config_free(struct scan_config *config);

/*
 * Whether all files that the configuration names can be read here. Returns 0, or ERROR_INPUT with
 * the line in fault.
 */
int scan_config_check_files(const struct scan_config *config, struct fault *fault);

/*
 * A scan that is not of reserved space alone needs a contact: returns ERROR_INPUT with the line in
 * fault if there is none.
 */
int scan_config_require_contact(
	const struct scan_config *config, bool are_targets_reserved, struct fault *fault);

/*
 * Say what the machine does not accept about a field, such as "cores.io[1]": "file:line:
 * cores.io[1]: " is put in front of the text, which should end in "; accepted: ...". Returns
 * ERROR_INPUT.
 */
int scan_config_fault(const struct scan_config *config, const char *field, struct fault *fault,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Write every field as YAML that loads to the same configuration. Returns 0 or ERROR_FILE. */
int scan_config_print(const struct scan_config *config, FILE *file);

/*
 * The same of only the fields that say what the scan is, and so may not change between two parts of one scan (docs/configuration.md marks
 * them). Rate, cores, device, limits, timeouts, contact and output may. Returns 0 or ERROR_FILE.
 */
int scan_config_print_identity(const struct scan_config *config, FILE *file);

#endif
