/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <string.h>

#include "base/ipv4.h"
#include "config/config_text.h"
#include "config/scan_config.h"
#include "config/scan_config_rules.h"

/* A second SYN sooner than most answers take would be sent to nearly every target that answers. */
#define PROBE_INTERVAL_MIN_NS 100000000ULL

/* RFC 1035, 2.3.4 */
#define NAME_MAX_LENGTH  253
#define LABEL_MAX_LENGTH 63

#define PLACEHOLDER "{label}"

typedef int (*rule)(const struct scan_config *config, struct fault *fault);

static int
check_contact(const struct scan_config *config, struct fault *fault)
{
	const char *contact = config->scan.contact;
	const char *at = strchr(contact, '@');
	bool is_url = strncmp(contact, "https://", 8) == 0 || strncmp(contact, "http://", 7) == 0;
	bool is_mail = at != NULL && at != contact && strchr(at, '.') != NULL;
	char quoted[CONFIG_QUOTE_SIZE];

	if (*contact == '\0' || ((is_url || is_mail) && strpbrk(contact, " ,<>") == NULL))
		return 0;
	return scan_config_fault(config, "scan.contact", fault,
		"%s is not a contact; accepted: a mail address or an http(s) URL",
		config_text_quote(contact, quoted));
}

static int
check_targets(const struct scan_config *config, struct fault *fault)
{
	const struct config_targets *targets = &config->scan.targets;

	if (targets->include_count + targets->include_files_count + targets->countries_count +
			targets->asns_count ==
		0)
		return scan_config_fault(config, "scan.targets", fault,
			"names no target; accepted: at least one of include, include_files, countries and asns");
	if (targets->countries_count > 0 && config->scan.geo.country_db[0] == '\0')
		return scan_config_fault(config, "scan.targets.countries", fault,
			"needs a database; accepted: with scan.geo.country_db");
	if (targets->asns_count > 0 && config->scan.geo.asn_db[0] == '\0')
		return scan_config_fault(config, "scan.targets.asns", fault,
			"needs a database; accepted: with scan.geo.asn_db");
	return 0;
}

static int
check_shard(const struct scan_config *config, struct fault *fault)
{
	const struct config_shard *shard = &config->scan.shard;

	if (shard->index < shard->count)
		return 0;
	return scan_config_fault(config, "scan.shard.index", fault,
		"%u is not below scan.shard.count; accepted: 0 to %u", shard->index,
		shard->count - 1);
}

static int
check_probes(const struct scan_config *config, struct fault *fault)
{
	if (config->scan.probes == 1 || config->scan.probe_interval_ns >= PROBE_INTERVAL_MIN_NS)
		return 0;
	return scan_config_fault(config, "scan.probe_interval", fault,
		"is too short for %u probes; accepted: 100ms to 10m", config->scan.probes);
}

static int
check_gateway(const struct scan_config *config, struct fault *fault)
{
	static const uint8_t no_mac[6] = { 0 };
	const struct config_nic *nic = &config->nic;
	bool has_mac = memcmp(nic->gateway_mac, no_mac, sizeof(no_mac)) != 0;

	if (nic->gateway == 0 && !has_mac)
		return scan_config_fault(config, "nic.gateway", fault,
			"is missing; accepted: its address, or its MAC address as nic.gateway_mac");
	if (nic->gateway != 0 && has_mac)
		return scan_config_fault(config, "nic.gateway_mac", fault,
			"excludes nic.gateway; accepted: one of them");
	return 0;
}

static int
check_source_addresses(const struct scan_config *config, struct fault *fault)
{
	const struct config_nic *nic = &config->nic;
	char text[IPV4_TEXT_SIZE];
	char field[48];

	for (uint32_t i = 0; i < nic->source_addresses_count; i++) {
		uint32_t address = nic->source_addresses[i];

		(void)snprintf(field, sizeof(field), "nic.source_addresses[%u]", i);
		if (address == nic->gateway)
			return scan_config_fault(config, field, fault,
				"%s is the gateway; accepted: an address of our own",
				ipv4_format(address, text));
		for (uint32_t j = 0; j < i; j++)
			if (nic->source_addresses[j] == address)
				return scan_config_fault(config, field, fault,
					"%s is named twice; accepted: each address once",
					ipv4_format(address, text));
	}
	return 0;
}

/*
 * A power of two many and aligned, so that a port is a few bits of a keyed hash and a reply's port
 * is checked by a mask.
 */
static int
check_source_ports(const struct scan_config *config, struct fault *fault)
{
	uint32_t first = config->nic.source_ports.first;
	uint32_t count = config->nic.source_ports.last - first + 1U;

	if ((count & (count - 1)) != 0)
		return scan_config_fault(config, "nic.source_ports", fault,
			"%u ports are not a power of two many; accepted: such as 32768-49151",
			count);
	if (first % count != 0)
		return scan_config_fault(config, "nic.source_ports", fault,
			"%u is not a multiple of the %u ports; accepted: such as 32768-49151",
			first, count);
	return 0;
}

/*
 * Whether argument is this option, also joined with its value or, if long, abbreviated as
 * getopt_long allows.
 */
static bool
is_option(const char *argument, const char *option)
{
	size_t length = strcspn(argument, "=");

	if (option[1] != '-')
		return strncmp(argument, option, 2) == 0;
	return length > 2 && strncmp(argument, option, length) == 0;
}

/*
 * The arguments that other fields of the configuration stand for, or that would make this another
 * program.
 */
static int
check_eal(const struct scan_config *config, struct fault *fault)
{
	static const struct {
		const char *option;
		const char *accepted;
	} ours[] = { { "-c", "the cores section" }, { "-l", "the cores section" },
		{ "--lcores", "the cores section" }, { "--main-lcore", "the cores section" },
		{ "-s", "the cores section" }, { "-S", "the cores section" },
		{ "-a", "nic.device" }, { "--allow", "nic.device" }, { "-b", "nic.device" },
		{ "--block", "nic.device" }, { "--vdev", "nic.device" },
		{ "--no-pci", "nic.device" }, { "--proc-type", "a scan of its own" },
		{ "-h", "dotscan-dpdk --help" }, { "--help", "dotscan-dpdk --help" },
		{ "-v", "dotscan-dpdk --version" }, { "--version", "dotscan-dpdk --version" } };
	char quoted[CONFIG_QUOTE_SIZE];
	char field[48];

	for (uint32_t i = 0; i < config->nic.eal_count; i++) {
		const char *argument = config->nic.eal[i];

		(void)snprintf(field, sizeof(field), "nic.eal[%u]", i);
		config_text_quote(argument, quoted);
		if (strcmp(argument, "--") == 0 || (i == 0 && argument[0] != '-'))
			return scan_config_fault(config, field, fault,
				"%s is not an option; accepted: EAL arguments, such as --no-huge",
				quoted);
		for (size_t j = 0; j < sizeof(ours) / sizeof(ours[0]); j++)
			if (is_option(argument, ours[j].option))
				return scan_config_fault(config, field, fault,
					"%s is set elsewhere; accepted: %s", quoted,
					ours[j].accepted);
	}
	return 0;
}

static int
check_cpus(const struct scan_config *config, const char *field, const uint32_t *cpus,
	uint32_t count, struct fault *fault)
{
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t j = 0; j < i; j++)
			if (cpus[i] == cpus[j])
				return scan_config_fault(config, field, fault,
					"CPU %u is named twice; accepted: each CPU once in a list",
					cpus[i]);
	if (count > 64)
		return scan_config_fault(
			config, field, fault, "has %u CPUs; accepted: up to 64", count);
	return 0;
}

static int
check_cores(const struct scan_config *config, struct fault *fault)
{
	const struct config_cores *cores = &config->cores;
	int error = check_cpus(config, "cores.io", cores->io, cores->io_count, fault);

	return error != 0 ? error
			  : check_cpus(config, "cores.verify", cores->verify, cores->verify_count,
				    fault);
}

/* What is wrong with a name (RFC 1035 2.3.1, with the underscore of RFC 8552), or NULL. */
static const char *
name_error(const char *name)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	size_t total = 0;
	bool has_placeholder = false;

	if (strcmp(name, ".") == 0)
		return NULL;
	while (*name != '\0') {
		size_t length = 0;

		while (*name != '\0' && *name != '.') {
			bool is_placeholder = strncmp(name, PLACEHOLDER, strlen(PLACEHOLDER)) == 0;

			if (is_placeholder && has_placeholder)
				return "has more than one {label}";
			if (!is_placeholder && strchr(letters, *name) == NULL)
				return "has a character that no host name has";
			has_placeholder |= is_placeholder;
			length += is_placeholder ? SCAN_CONFIG_LABEL_LENGTH : 1;
			name += is_placeholder ? strlen(PLACEHOLDER) : 1;
		}
		if (length == 0)
			return "has an empty label";
		if (length > LABEL_MAX_LENGTH)
			return "has a label of more than 63 characters";
		total += length + (total > 0);
		name += *name == '.';
	}
	return total > NAME_MAX_LENGTH ? "has more than 253 characters" : NULL;
}

static int
check_name(const struct scan_config *config, struct fault *fault)
{
	const char *error = name_error(config->verify.name);
	char quoted[CONFIG_QUOTE_SIZE];

	if (error == NULL)
		return 0;
	return scan_config_fault(config, "verify.name", fault,
		"%s %s; accepted: a domain name with at most one {label}, such as \"{label}.probe.example.\"",
		config_text_quote(config->verify.name, quoted), error);
}

static int
check_truth(const struct scan_config *config, struct fault *fault)
{
	const struct config_verify *verify = &config->verify;
	bool is_a = strcmp(verify->type, "A") == 0;
	bool is_aaaa = strcmp(verify->type, "AAAA") == 0;

	if (verify->expect_count > 0 && verify->truth[0] != '\0')
		return scan_config_fault(config, "verify.truth", fault,
			"excludes verify.expect; accepted: one of them");
	for (uint32_t i = 0; i < verify->expect_count; i++) {
		uint8_t address[16];
		char field[48];
		char quoted[CONFIG_QUOTE_SIZE];
		uint32_t ipv4 = 0;

		if ((!is_a && !is_aaaa) || (is_a && ipv4_parse(verify->expect[i], &ipv4)) ||
			(is_aaaa && inet_pton(AF_INET6, verify->expect[i], address) == 1))
			continue;
		(void)snprintf(field, sizeof(field), "verify.expect[%u]", i);
		return scan_config_fault(config, field, fault,
			"%s is not the data of a record of type %s; accepted: an IPv%c address",
			config_text_quote(verify->expect[i], quoted), verify->type,
			is_a ? '4' : '6');
	}
	return 0;
}

static int
check_connections(const struct scan_config *config, struct fault *fault)
{
	if (config->verify.max_connections >= config->cores.verify_count)
		return 0;
	return scan_config_fault(config, "verify.max_connections", fault,
		"%u are fewer than the CPUs of cores.verify; accepted: %u to 1000000",
		config->verify.max_connections, config->cores.verify_count);
}

int
scan_config_check_rules(const struct scan_config *config, struct fault *fault)
{
	static const rule rules[] = { check_contact, check_targets, check_shard, check_probes,
		check_gateway, check_source_addresses, check_source_ports, check_eal, check_cores,
		check_name, check_truth, check_connections };
	int error = 0;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && error == 0; i++)
		error = rules[i](config, fault);
	return error;
}
