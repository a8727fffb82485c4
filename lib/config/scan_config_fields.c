/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/scan_config_fields.h"
#include "config/config_field_table.h"
#include "config/scan_config.h"

#define PATH_SIZE 4095
#define MANY      10000
#define ADDRESSES (1ULL << 32)

/*
 * One line a field: struct, key, member, kind, flags, minimum, maximum, default, what is accepted (NULL: as kind and range say).
 * A new option is a line here, a member in scan_config.h and a line in docs/configuration.md.
 */
// clang-format off
#define ROOT_FIELDS(FIELD, SECTION) \
	FIELD(scan_config, version, version, COUNT, REQUIRED_IDENTITY, 1, 1, "", "1") \
	SECTION(scan_config, scan) \
	SECTION(scan_config, nic) \
	SECTION(scan_config, cores) \
	SECTION(scan_config, verify) \
	SECTION(scan_config, output)

#define SCAN_FIELDS(FIELD, SECTION) \
	FIELD(config_scan, id, id, IDENTIFIER, IDENTITY, 1, 64, "scan", NULL) \
	FIELD(config_scan, contact, contact, TEXT, OPTIONAL, 0, 254, "", \
	      "a mail address or an http(s) URL where those scanned can complain") \
	SECTION(config_scan, targets) \
	SECTION(config_scan, geo) \
	FIELD(config_scan, port, port, COUNT, IDENTITY, 1, 65535, "853", NULL) \
	FIELD(config_scan, rate, rate_pps, RATE, OPTIONAL, 0, 0, "100kpps", NULL) \
	FIELD(config_scan, probes, probes, COUNT, IDENTITY, 1, 16, "1", NULL) \
	FIELD(config_scan, probe_interval, probe_interval_ns, DURATION, OPTIONAL, 10 * MS, 10 * MINUTE, "2s", NULL) \
	FIELD(config_scan, cooldown, cooldown_ns, DURATION, OPTIONAL, 10 * MS, 10 * MINUTE, "8s", NULL) \
	FIELD(config_scan, seed, seed, COUNT, IDENTITY, 0, INT64_MAX, "0", NULL) \
	SECTION(config_scan, shard) \
	FIELD(config_scan, max_targets, max_targets, COUNT, IDENTITY, 0, ADDRESSES, "0", NULL) \
	FIELD(config_scan, max_hits, max_hits, COUNT, OPTIONAL, 0, ADDRESSES, "0", NULL) \
	FIELD(config_scan, max_runtime, max_runtime_ns, DURATION, OPTIONAL, 0, 365 * DAY, "0", NULL)

#define TARGETS_FIELDS(FIELD, SECTION) \
	FIELD(config_targets, include, include, RANGES, IDENTITY, 0, MANY, "", NULL) \
	FIELD(config_targets, include_files, include_files, TEXTS, IDENTITY, 0, 256, "", "a list of file names") \
	FIELD(config_targets, countries, countries, COUNTRIES, IDENTITY, 0, 300, "", NULL) \
	FIELD(config_targets, asns, asns, ASNS, IDENTITY, 0, MANY, "", NULL) \
	FIELD(config_targets, exclude, exclude, RANGES, IDENTITY, 0, MANY, "", NULL) \
	FIELD(config_targets, exclude_files, exclude_files, TEXTS, IDENTITY, 0, 256, "", "a list of file names") \
	FIELD(config_targets, allow_reserved, allow_reserved, FLAG, IDENTITY, 0, 0, "false", NULL)

#define GEO_FIELDS(FIELD, SECTION) \
	FIELD(config_geo, country_db, country_db, TEXT, IDENTITY, 0, PATH_SIZE, "", "the name of an .mmdb file") \
	FIELD(config_geo, asn_db, asn_db, TEXT, IDENTITY, 0, PATH_SIZE, "", "the name of an .mmdb file") \
	FIELD(config_geo, country, country, COUNTRY_MEANING, IDENTITY, 1, 10, "located", NULL)

#define SHARD_FIELDS(FIELD, SECTION) \
	FIELD(config_shard, index, index, COUNT, IDENTITY, 0, 65534, "0", NULL) \
	FIELD(config_shard, count, count, COUNT, IDENTITY, 1, 65535, "1", NULL)

#define NIC_FIELDS(FIELD, SECTION) \
	FIELD(config_nic, device, device, TEXT, REQUIRED, 1, 255, "", \
	      "a PCI address such as 0000:3b:00.0, or a DPDK vdev such as \"net_af_xdp0,iface=eth1\"") \
	FIELD(config_nic, source_addresses, source_addresses, ADDRESSES, REQUIRED, 1, 256, "", NULL) \
	FIELD(config_nic, source_ports, source_ports, PORTS, OPTIONAL, 0, 0, "32768-49151", NULL) \
	FIELD(config_nic, gateway, gateway, ADDRESS, OPTIONAL, 0, 0, "", NULL) \
	FIELD(config_nic, gateway_mac, gateway_mac, MAC, OPTIONAL, 0, 0, "", NULL) \
	FIELD(config_nic, vlan, vlan, COUNT, OPTIONAL, 0, 4094, "0", NULL) \
	FIELD(config_nic, eal, eal, TEXTS, OPTIONAL, 0, 64, "", "a list of EAL arguments")

#define CORES_FIELDS(FIELD, SECTION) \
	FIELD(config_cores, main, main, COUNT, OPTIONAL, 0, 1023, "0", NULL) \
	FIELD(config_cores, io, io, CPUS, REQUIRED, 1, 64, "", NULL) \
	FIELD(config_cores, verify, verify, CPUS, REQUIRED, 1, 64, "", NULL)

#define VERIFY_FIELDS(FIELD, SECTION) \
	FIELD(config_verify, name, name, TEXT, REQUIRED_IDENTITY, 1, 253, "", \
	      "a domain name with at most one {label}, such as \"{label}.probe.example.\"") \
	FIELD(config_verify, type, type, RECORD_TYPE, IDENTITY, 1, 10, "A", NULL) \
	FIELD(config_verify, expect, expect, TEXTS, IDENTITY, 0, 64, "", "a list of the right answers") \
	FIELD(config_verify, truth, truth, TEXT, IDENTITY, 0, PATH_SIZE, "", "the name of a file by dotscan-trace") \
	FIELD(config_verify, truth_max_age, truth_max_age_ns, DURATION, OPTIONAL, 0, 365 * DAY, "1d", NULL) \
	FIELD(config_verify, truth_accept_split, truth_accept_split, FLAG, OPTIONAL, 0, 0, "false", NULL) \
	FIELD(config_verify, truth_accept_lame, truth_accept_lame, FLAG, OPTIONAL, 0, 0, "false", NULL) \
	FIELD(config_verify, queries, queries, COUNT, IDENTITY, 1, 4, "2", NULL) \
	FIELD(config_verify, attempts, attempts, COUNT, OPTIONAL, 1, 8, "2", NULL) \
	SECTION(config_verify, timeouts) \
	FIELD(config_verify, max_connections, max_connections, COUNT, OPTIONAL, 1, 1000000, "4096", NULL) \
	FIELD(config_verify, alpn, alpn, FLAG, IDENTITY, 0, 0, "true", NULL) \
	FIELD(config_verify, ca_file, ca_file, TEXT, IDENTITY, 0, PATH_SIZE, "/etc/ssl/certs/ca-certificates.crt", \
	      "the name of a PEM file")

#define TIMEOUTS_FIELDS(FIELD, SECTION) \
	FIELD(config_timeouts, connect, connect_ns, DURATION, OPTIONAL, 10 * MS, 10 * MINUTE, "3s", NULL) \
	FIELD(config_timeouts, tls, tls_ns, DURATION, OPTIONAL, 10 * MS, 10 * MINUTE, "5s", NULL) \
	FIELD(config_timeouts, dns, dns_ns, DURATION, OPTIONAL, 10 * MS, 10 * MINUTE, "5s", NULL)

#define OUTPUT_FIELDS(FIELD, SECTION) \
	FIELD(config_output, directory, directory, TEXT, REQUIRED, 1, PATH_SIZE, "", "the name of a directory") \
	FIELD(config_output, csv, csv, FLAG, OPTIONAL, 0, 0, "false", NULL) \
	FIELD(config_output, certificates, certificates, FLAG, OPTIONAL, 0, 0, "true", NULL) \
	FIELD(config_output, status_interval, status_interval_ns, DURATION, OPTIONAL, 100 * MS, HOUR, "1s", NULL) \
	FIELD(config_output, checkpoint_interval, checkpoint_interval_ns, DURATION, OPTIONAL, 100 * MS, HOUR, "5s", NULL)

static const cyaml_schema_field_t port_range_schema[] = {
	CYAML_FIELD_UINT("first", CYAML_FLAG_DEFAULT, struct config_port_range, first),
	CYAML_FIELD_UINT("last", CYAML_FLAG_DEFAULT, struct config_port_range, last),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t byte_entry = { CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint8_t) };
static const cyaml_schema_value_t word_entry = { CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint32_t) };
static const cyaml_schema_value_t text_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED)
};

DEFINE_SECTION(targets, TARGETS_FIELDS);
DEFINE_SECTION(geo, GEO_FIELDS);
DEFINE_SECTION(shard, SHARD_FIELDS);
DEFINE_SECTION(scan, SCAN_FIELDS);
DEFINE_SECTION(nic, NIC_FIELDS);
DEFINE_SECTION(cores, CORES_FIELDS);
DEFINE_SECTION(timeouts, TIMEOUTS_FIELDS);
DEFINE_SECTION(verify, VERIFY_FIELDS);
DEFINE_SECTION(output, OUTPUT_FIELDS);
DEFINE_FIELDS(root, ROOT_FIELDS);
// clang-format on

const struct config_section scan_config_section = { root_fields, root_schema };

const cyaml_schema_value_t scan_config_schema = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct scan_config, root_schema) };
