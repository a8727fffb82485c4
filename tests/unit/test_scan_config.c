/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/number.h"
#include "config/config_document.h"
#include "support/config_fixture.h"

static struct scan_config *
load_minimal_with(const char *override)
{
	return config_fixture_load(FOLDER "/minimal.yaml", &override, 1);
}

static void
assert_refused(const char *override, const char *expected)
{
	struct scan_config *config = NULL;
	struct fault fault = { .text = "" };

	assert_int_equal(scan_config_load(FOLDER "/minimal.yaml", &override, 1, &config, &fault),
		ERROR_INPUT);
	assert_null(config);
	assert_string_equal(fault.text, expected);
}

static int
parse(const void *bytes, size_t length, struct fault *fault)
{
	const struct scan_config_source source = {
		.name = "scan.yaml", .bytes = bytes, .length = length
	};
	struct scan_config *config = NULL;
	int error = scan_config_parse(&source, &config, fault);

	scan_config_free(config);
	return error;
}

static void
test_defaults(void **state)
{
	struct scan_config *config = config_fixture_load(FOLDER "/minimal.yaml", NULL, 0);

	assert_string_equal(config->scan.id, "scan");
	assert_string_equal(config->scan.contact, "");
	assert_int_equal(config->scan.targets.include_count, 1);
	assert_string_equal(config->scan.targets.include[0], "198.18.0.0/15");
	assert_int_equal(config->scan.targets.exclude_count, 0);
	assert_null(config->scan.targets.exclude);
	assert_false(config->scan.targets.allow_reserved);
	assert_int_equal(config->scan.port, 853);
	assert_int_equal(config->scan.rate_pps, 100000);
	assert_int_equal(config->scan.probes, 1);
	assert_int_equal(config->scan.probe_interval_ns, 2000000000);
	assert_int_equal(config->scan.cooldown_ns, 8000000000);
	assert_int_equal(config->scan.shard.index, 0);
	assert_int_equal(config->scan.shard.count, 1);
	assert_int_equal(config->nic.source_ports.first, 32768);
	assert_int_equal(config->nic.source_ports.last, 49151);
	assert_int_equal(config->nic.gateway, 0xcb007101);
	assert_int_equal(config->nic.vlan, 0);
	assert_int_equal(config->cores.main, 0);
	assert_string_equal(config->verify.type, "A");
	assert_true(config->verify.truth_max_age_ns == 86400000000000);
	assert_false(config->verify.truth_accept_split);
	assert_false(config->verify.truth_accept_lame);
	assert_int_equal(config->verify.queries, 2);
	assert_int_equal(config->verify.attempts, 2);
	assert_int_equal(config->verify.timeouts.connect_ns, 3000000000);
	assert_int_equal(config->verify.timeouts.tls_ns, 5000000000);
	assert_int_equal(config->verify.timeouts.dns_ns, 5000000000);
	assert_int_equal(config->verify.max_connections, 4096);
	assert_true(config->verify.alpn);
	assert_string_equal(config->verify.ca_file, "/etc/ssl/certs/ca-certificates.crt");
	assert_false(config->output.csv);
	assert_true(config->output.certificates);
	assert_int_equal(config->output.status_interval_ns, 1000000000);
	assert_int_equal(config->output.checkpoint_interval_ns, 5000000000);
	scan_config_free(config);
}

static void
assert_full_scan_section(const struct config_scan *scan)
{
	assert_string_equal(scan->id, "weekly-2026.07_b");
	assert_string_equal(scan->contact, "https://scans.example.org/opt-out");
	assert_int_equal(scan->targets.include_count, 3);
	assert_string_equal(scan->targets.include[2], "192.0.2.10-192.0.2.20");
	assert_string_equal(scan->targets.include_files[0], "targets with spaces.txt");
	assert_string_equal(scan->targets.countries[1], "NO");
	assert_int_equal(scan->targets.asns_count, 2);
	assert_int_equal(scan->targets.asns[1], 64511);
	assert_int_equal(scan->targets.exclude_count, 9);
	assert_string_equal(scan->targets.exclude_files[1], "it's \"quoted\" \\ back.txt");
	assert_true(scan->targets.allow_reserved);
	assert_string_equal(scan->geo.country_db, "länder.mmdb");
	assert_string_equal(scan->geo.country, "registered");
	assert_int_equal(scan->port, 8853);
	assert_int_equal(scan->rate_pps, 1250000);
	assert_int_equal(scan->probe_interval_ns, 1500000000);
	assert_true(scan->seed == INT64_MAX);
	assert_int_equal(scan->shard.index, 2);
	assert_int_equal(scan->shard.count, 7);
	assert_true(scan->max_targets == 1ULL << 32);
	assert_int_equal(scan->max_hits, 1000);
	assert_int_equal(scan->max_runtime_ns, 7200000000000);
}

static void
test_full(void **state)
{
	static const uint8_t mac[6] = { 2, 0x0a, 0, 0, 0, 0xfe };
	static const uint32_t io[] = { 1, 4, 5, 6 };
	struct scan_config *config = config_fixture_load(FOLDER "/full.yaml", NULL, 0);

	assert_full_scan_section(&config->scan);
	assert_string_equal(config->nic.device, "0000:3b:00.0");
	assert_int_equal(config->nic.source_addresses[1], 0xcb007103);
	assert_int_equal(config->nic.source_ports.first, 49152);
	assert_int_equal(config->nic.gateway, 0);
	assert_memory_equal(config->nic.gateway_mac, mac, sizeof(mac));
	assert_int_equal(config->nic.vlan, 4094);
	assert_int_equal(config->nic.eal_count, 4);
	assert_string_equal(config->nic.eal[2], "512");
	assert_int_equal(config->cores.main, 3);
	assert_int_equal(config->cores.io_count, 4);
	assert_memory_equal(config->cores.io, io, sizeof(io));
	assert_string_equal(config->verify.name, "x-{label}.probe.example.net");
	assert_string_equal(config->verify.expect[0], "2001:db8::53");
	assert_true(config->verify.truth_max_age_ns == 5400000000000);
	assert_true(config->verify.truth_accept_split);
	assert_true(config->verify.truth_accept_lame);
	assert_int_equal(config->verify.timeouts.connect_ns, 10000000);
	assert_int_equal(config->verify.timeouts.tls_ns, 600000000000);
	assert_int_equal(config->verify.timeouts.dns_ns, 2500000000);
	assert_false(config->verify.alpn);
	assert_string_equal(config->verify.ca_file, "");
	assert_true(config->output.csv);
	assert_false(config->output.certificates);
	assert_int_equal(config->output.checkpoint_interval_ns, 3600000000000);
	scan_config_free(config);
}

static void
test_override_scalar(void **state)
{
	static const char *const overrides[] = { "scan.rate=5pps", "scan.rate=line",
		"verify.timeouts.tls=30s", "verify.timeouts.dns=1s", "scan.contact=#a@b.example",
		"output.directory=a: b", "scan.shard.index=1", "scan.shard.count=3" };
	struct scan_config *config = config_fixture_load(
		FOLDER "/minimal.yaml", overrides, sizeof(overrides) / sizeof(overrides[0]));

	assert_int_equal(config->scan.rate_pps, RATE_LINE);
	assert_int_equal(config->verify.timeouts.tls_ns, 30000000000);
	assert_int_equal(config->verify.timeouts.dns_ns, 1000000000);
	assert_string_equal(config->scan.contact, "#a@b.example");
	assert_string_equal(config->output.directory, "a: b");
	assert_int_equal(config->scan.shard.index, 1);
	scan_config_free(config);
}

static void
test_override_list(void **state)
{
	struct scan_config *config =
		load_minimal_with("scan.targets.include=[192.0.2.1, 192.0.2.9]");

	assert_int_equal(config->scan.targets.include_count, 2);
	assert_string_equal(config->scan.targets.include[1], "192.0.2.9");
	scan_config_free(config);
	config = load_minimal_with("nic.eal=--huge-dir=/mnt/a,b");
	assert_int_equal(config->nic.eal_count, 1);
	assert_string_equal(config->nic.eal[0], "--huge-dir=/mnt/a,b");
	scan_config_free(config);
	config = load_minimal_with("nic.eal=[]");
	assert_int_equal(config->nic.eal_count, 0);
	scan_config_free(config);
}

static void
test_override_mends_the_file(void **state)
{
	const char *const overrides[] = { "scan.rate=5kpps" };
	struct scan_config *config =
		config_fixture_load(FOLDER "/broken-rate-is-word.yaml", overrides, 1);

	assert_int_equal(config->scan.rate_pps, 5000);
	scan_config_free(config);
}

static void
test_override_refused(void **state)
{
	assert_refused("scan.rate=fast", "--set scan.rate=fast: scan.rate: \"fast\" is not a rate; "
					 "accepted: 5pps, 50kpps, 1.2Mpps, 1Gbps or line");
	assert_refused("output.dir=x",
		"--set output.dir=x: output.dir: is not a field; "
		"accepted: directory, csv, certificates, status_interval, checkpoint_interval");
	assert_refused("verify.timeouts.tsl=1s",
		"--set verify.timeouts.tsl=1s: verify.timeouts.tsl: "
		"is not a field (did you mean \"tls\"?); accepted: connect, tls, dns");
	assert_refused("scan.port.x=1",
		"--set scan.port.x=1: scan.port.x: is not a field (did you mean \"port\"?); accepted: "
		"id, contact, targets, geo, port, rate, probes, probe_interval, cooldown, seed, shard, "
		"max_targets, max_hits, max_runtime");
	assert_refused("scan=1",
		"--set scan=1: scan: is a section; accepted: one field of it, as in scan.port=853");
	assert_refused("scan.rate",
		"--set scan.rate: field: is not named; accepted: field=value, such as scan.rate=50kpps");
	assert_refused("=5",
		"--set =5: field: is not named; accepted: field=value, such as scan.rate=50kpps");
	assert_refused("scan.seed=",
		"--set scan.seed=: scan.seed: is empty; accepted: 0 to 9223372036854775807");
	assert_refused("scan.targets.include=[",
		"--set scan.targets.include=[: document: is not YAML: while parsing a flow node, "
		"did not find expected node content; accepted: well-formed YAML");
	assert_refused("cores.io=[1, x\n]",
		"--set cores.io=[1, x\\x0a]: cores.io[1]: \"x\" is not a CPU number; "
		"accepted: a list of CPU numbers, 0 to 1023, such as [1, 4-7]");
	/* A rule between fields blames the override that breaks it. */
	assert_refused("scan.shard.index=1",
		"--set scan.shard.index=1: scan.shard.index: 1 is not below scan.shard.count; "
		"accepted: 0 to 0");
}

static void
assert_unreadable(const char *path, const char *expected)
{
	struct scan_config *config = NULL;
	struct fault fault = { .text = "" };

	assert_int_equal(scan_config_load(path, NULL, 0, &config, &fault), ERROR_FILE);
	assert_null(config);
	assert_string_equal(fault.text, expected);
}

static void
test_file_that_cannot_be_read(void **state)
{
	char path[] = "/tmp/dotscan-config-XXXXXX";
	char expected[256];
	int descriptor = mkstemp(path);

	assert_unreadable("no/such.yaml", "no/such.yaml: cannot be read: there is no such file; "
					  "accepted: a readable YAML file of at most 1 MiB");
	assert_unreadable(FOLDER, FOLDER ": cannot be read: it is a directory; "
					 "accepted: a readable YAML file of at most 1 MiB");
	assert_true(descriptor >= 0);
	close(descriptor);
	assert_int_equal(chmod(path, 0), 0);
	snprintf(expected, sizeof(expected),
		"%s: cannot be read: Permission denied; accepted: a readable YAML file of at most 1 MiB",
		path);
	/* Root may read everything, so it becomes somebody else for a moment. */
	bool is_root = geteuid() == 0;
	if (is_root)
		assert_int_equal(seteuid(65534), 0);
	struct scan_config *config = NULL;
	struct fault fault = { .text = "" };
	int error = scan_config_load(path, NULL, 0, &config, &fault);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	unlink(path);
	assert_int_equal(error, ERROR_FILE);
	assert_string_equal(fault.text, expected);
}

static char big_text[CONFIG_MAX_BYTES + 1];

static void
test_file_that_is_too_big(void **state)
{
	struct fault fault = { .text = "" };
	char path[] = "/tmp/dotscan-config-XXXXXX";
	int descriptor = mkstemp(path);
	struct scan_config *config = NULL;

	assert_true(descriptor >= 0);
	memset(big_text, '#', sizeof(big_text));
	assert_int_equal(write(descriptor, big_text, sizeof(big_text)), sizeof(big_text));
	close(descriptor);
	assert_int_equal(scan_config_load(path, NULL, 0, &config, &fault), ERROR_INPUT);
	assert_non_null(strstr(fault.text, ": cannot be read: it is too big; accepted: "));
	unlink(path);
}

static void
assert_big_text_refused(const char *expected)
{
	struct fault fault = { .text = "" };

	assert_int_equal(parse(big_text, sizeof(big_text), &fault), ERROR_INPUT);
	assert_string_equal(fault.text, expected);
}

/* Half a million entries, half a million keys, a million open brackets. */
static void
test_bounds(void **state)
{
	memset(big_text, ',', sizeof(big_text));
	for (size_t i = 1; i < sizeof(big_text); i += 2)
		big_text[i] = 'a';
	big_text[0] = '[';
	assert_big_text_refused(
		"scan.yaml:1: document: has too many entries; accepted: up to 10000");
	big_text[0] = '{';
	assert_big_text_refused("scan.yaml:1: a: is given twice, first in line 1; accepted: once");
	memset(big_text, '[', sizeof(big_text));
	assert_big_text_refused("scan.yaml:1: document: is nested too deep; accepted: 16 levels");
}

static void
test_too_many_keys(void **state)
{
	struct fault fault = { .text = "" };
	char text[2048] = "";
	size_t length = 0;

	for (int i = 0; i < 65; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "key%d: 1\n", i);
	assert_int_equal(parse(text, length, &fault), ERROR_INPUT);
	assert_string_equal(
		fault.text, "scan.yaml:65: document: has too many fields; accepted: up to 64");
}

static void
test_no_bytes(void **state)
{
	struct fault fault = { .text = "" };

	assert_int_equal(parse(NULL, 0, &fault), ERROR_INPUT);
	assert_string_equal(fault.text,
		"scan.yaml:1: document: is empty; "
		"accepted: the sections of a configuration, as in \"scan:\"");
}

static void
test_contact(void **state)
{
	struct scan_config *config = config_fixture_load(FOLDER "/minimal.yaml", NULL, 0);
	struct fault fault = { .text = "" };

	assert_int_equal(scan_config_require_contact(config, true, &fault), 0);
	assert_int_equal(scan_config_require_contact(config, false, &fault), ERROR_INPUT);
	assert_string_equal(fault.text, FOLDER
		"/minimal.yaml:3: scan.contact: is missing, and the targets are not all reserved "
		"space; accepted: a mail address or an http(s) URL where those scanned can "
		"complain");
	scan_config_free(config);
	config = load_minimal_with("scan.contact=scans@example.org");
	assert_int_equal(scan_config_require_contact(config, false, &fault), 0);
	scan_config_free(config);
}

static void
test_fault_of_the_program(void **state)
{
	struct scan_config *config = config_fixture_load(FOLDER "/full.yaml", NULL, 0);
	struct fault fault = { .text = "" };

	assert_int_equal(scan_config_fault(config, "scan.targets.exclude[3]", &fault,
				 "%d does not do; accepted: less", 12),
		ERROR_INPUT);
	assert_string_equal(fault.text,
		FOLDER "/full.yaml:15: scan.targets.exclude[3]: 12 does not do; accepted: less");
	scan_config_free(config);
}

static void
assert_identity(const char *override, bool is_same_expected)
{
	struct scan_config *one = config_fixture_load(FOLDER "/minimal.yaml", NULL, 0);
	struct scan_config *other = load_minimal_with(override);
	char *identity_of_one = config_fixture_print(one, scan_config_print_identity);
	char *identity_of_other = config_fixture_print(other, scan_config_print_identity);

	assert_true(strlen(identity_of_one) > 0);
	if ((strcmp(identity_of_one, identity_of_other) == 0) != is_same_expected)
		fail_msg("%s: %s, %s", override, identity_of_one, identity_of_other);
	free(identity_of_one);
	free(identity_of_other);
	scan_config_free(one);
	scan_config_free(other);
}

static void
test_identity(void **state)
{
	static const char *const may_change[] = { "scan.rate=5pps", "scan.contact=a@b.example",
		"scan.cooldown=1s", "scan.max_hits=5", "nic.device=net_null0",
		"nic.source_addresses=203.0.113.9", "cores.io=[2, 3]", "verify.timeouts.tls=1s",
		"verify.attempts=1", "verify.truth_max_age=2d", "verify.truth_accept_split=true",
		"verify.truth_accept_lame=true", "verify.max_connections=9",
		"output.directory=elsewhere", "output.status_interval=5s" };
	static const char *const may_not[] = { "scan.id=other",
		"scan.targets.include=198.18.0.0/16", "scan.targets.exclude=198.18.0.0/16",
		"scan.targets.allow_reserved=true", "scan.port=443", "scan.probes=2", "scan.seed=1",
		"scan.shard.count=2", "scan.max_targets=5", "verify.name={label}.example",
		"verify.type=NS", "verify.expect=192.0.2.1", "verify.truth=t", "verify.queries=1",
		"verify.alpn=false", "verify.ca_file=x" };

	for (size_t i = 0; i < sizeof(may_change) / sizeof(may_change[0]); i++)
		assert_identity(may_change[i], true);
	for (size_t i = 0; i < sizeof(may_not) / sizeof(may_not[0]); i++)
		assert_identity(may_not[i], false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_override_scalar),
		cmocka_unit_test(test_override_list),
		cmocka_unit_test(test_override_mends_the_file),
		cmocka_unit_test(test_override_refused),
		cmocka_unit_test(test_file_that_cannot_be_read),
		cmocka_unit_test(test_file_that_is_too_big),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_too_many_keys),
		cmocka_unit_test(test_no_bytes),
		cmocka_unit_test(test_contact),
		cmocka_unit_test(test_fault_of_the_program),
		cmocka_unit_test(test_identity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
