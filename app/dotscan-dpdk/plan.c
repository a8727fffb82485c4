/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "base/random.h"
#include "plan.h"
#include "record/checkpoint.h"
#include "record/timestamp.h"
#include "scan.h"
#include "scan/verify_engine.h"
#include "targets/geo_selection.h"
#include "targets/target_stream.h"
#include "verify_worker.h"

/* Measured, docs/performance.md: a live TLS client at its handshake's peak, with the speed build and with the system library. */
#define TLS_SESSION_BYTES (96ULL << 10)

#define RX_DESCRIPTORS 4096
#define TX_DESCRIPTORS 2048

static struct target_texts
texts_of(char *const *texts, uint32_t count)
{
	return (struct target_texts){ (const char *const *)texts, count };
}

/* The day a database was built, which tells how far its borders may be trusted; empty: not used. */
static void
write_build_date(uint64_t epoch, char date[16])
{
	char text[TIMESTAMP_SIZE];

	if (epoch != 0 && epoch <= INT64_MAX && timestamp_format_seconds((int64_t)epoch, text))
		(void)snprintf(date, 16, "%.10s", text);
}

static int
select_by_geography(struct plan *plan, const struct config_scan *scan,
	struct geo_selection *selection, struct fault *fault)
{
	const struct geo_settings settings = {
		.country_db = scan->geo.country_db,
		.asn_db = scan->geo.asn_db,
		.countries = (const char *const *)scan->targets.countries,
		.country_count = scan->targets.countries_count,
		.asns = scan->targets.asns,
		.asn_count = scan->targets.asns_count,
		.country_meaning = strcmp(scan->geo.country, "registered") == 0
					   ? GEO_COUNTRY_REGISTERED
					   : GEO_COUNTRY_LOCATED,
	};
	const int error = geo_selection_init(selection, &settings, fault);

	if (error == 0) {
		write_build_date(selection->country_db_epoch, plan->country_db_date);
		write_build_date(selection->asn_db_epoch, plan->asn_db_date);
	}
	return error;
}

static int
load_targets(struct plan *plan, const struct scan_config *config, struct fault *fault)
{
	const struct config_targets *targets = &config->scan.targets;
	struct geo_selection selection = { 0 };
	struct target_settings settings = {
		.include = texts_of(targets->include, targets->include_count),
		.include_files = texts_of(targets->include_files, targets->include_files_count),
		.exclude = texts_of(targets->exclude, targets->exclude_count),
		.exclude_files = texts_of(targets->exclude_files, targets->exclude_files_count),
		.allow_reserved = targets->allow_reserved,
	};
	int error = 0;

	if (targets->countries_count + targets->asns_count > 0) {
		error = select_by_geography(plan, &config->scan, &selection, fault);
		settings.selection = &selection.ranges;
	}
	if (error == 0)
		error = target_list_init(&plan->targets, &settings, fault);
	geo_selection_clear(&selection);
	if (error != 0)
		return error;
	if (plan->targets.planned == 0)
		return scan_config_fault(config, "scan.targets", fault,
			"no address is left after exclusions; accepted: at least one");
	return 0;
}

/* Shards and limits are counted, not estimated: the books need the number. */
static void
count_targets(struct plan *plan, const struct config_scan *scan)
{
	struct target_stream stream;

	plan->planned = plan->targets.planned;
	if (scan->shard.count > 1) {
		target_stream_init(&stream, &plan->walk, 0, 1, TARGET_STREAM_UNLIMITED);
		plan->planned = target_stream_count_rest(&stream);
	}
	if (scan->max_targets != 0 && scan->max_targets < plan->planned)
		plan->planned = scan->max_targets;
	if (scan->rate_pps != RATE_LINE)
		plan->sending_ns = (uint64_t)((double)plan->planned * scan->probes /
					      (double)scan->rate_pps * 1e9) +
				   (scan->probes - 1) * scan->probe_interval_ns;
}

static int
choose_cpus(struct plan *plan, const struct scan_config *config, struct fault *fault)
{
	const struct config_cores *cores = &config->cores;
	const long online = sysconf(_SC_NPROCESSORS_CONF);

	if (cores->io_count > ENVIRONMENT_WORKERS || cores->verify_count > ENVIRONMENT_WORKERS)
		return scan_config_fault(config, "cores", fault,
			"too many workers; accepted: up to %d of each kind", ENVIRONMENT_WORKERS);
	if (cores->main >= online)
		return scan_config_fault(config, "cores.main", fault,
			"this machine has no CPU %u; accepted: 0 to %ld", cores->main, online - 1);
	for (uint32_t i = 0; i < cores->io_count; i++) {
		if (cores->io[i] >= online)
			return scan_config_fault(config, "cores.io", fault,
				"this machine has no CPU %u; accepted: 0 to %ld", cores->io[i],
				online - 1);
		plan->io_cpus[i] = (uint16_t)cores->io[i];
	}
	for (uint32_t i = 0; i < cores->verify_count; i++) {
		if (cores->verify[i] >= online)
			return scan_config_fault(config, "cores.verify", fault,
				"this machine has no CPU %u; accepted: 0 to %ld", cores->verify[i],
				online - 1);
		plan->verify_cpus[i] = (uint16_t)cores->verify[i];
	}
	plan->cpus = (struct environment_settings){
		.program = "dotscan-dpdk",
		.device = config->nic.device,
		.main_cpu = (uint16_t)cores->main,
		.io_cpus = plan->io_cpus,
		.io_count = cores->io_count,
		.verify_cpus = plan->verify_cpus,
		.verify_count = cores->verify_count,
		.arguments = (const char *const *)config->nic.eal,
		.argument_count = config->nic.eal_count,
	};
	return 0;
}

static void
plan_memory(struct plan *plan, const struct scan_config *config)
{
	const uint32_t workers = config->cores.verify_count;
	struct verify_settings settings;

	verify_worker_settings(config, &settings);
	plan->port = (struct port_settings){
		.device = config->nic.device,
		.queue_count = (uint16_t)config->cores.io_count,
		.rx_descriptors = RX_DESCRIPTORS,
		.tx_descriptors = TX_DESCRIPTORS,
		.buffers_held = SCAN_SEGMENT_RING * workers + SCAN_FRAME_RING * workers,
	};
	plan->pool_bytes = port_memory_bytes(&plan->port);
	plan->engine_bytes = verify_engine_bytes(&settings) * workers;
	plan->tls_bytes = TLS_SESSION_BYTES * settings.max_connections * workers;
	plan->cpus.memory_bytes =
		plan->pool_bytes +
		(uint64_t)config->cores.io_count * workers * SCAN_SEGMENT_RING * sizeof(void *) +
		(uint64_t)workers * (SCAN_FRAME_RING + SCAN_RECORD_RING) * sizeof(void *);
}

int
plan_init(struct plan *plan, const struct scan_config *config, struct fault *fault)
{
	int error = scan_config_check_files(config, fault);

	if (error == 0)
		error = choose_cpus(plan, config, fault);
	if (error == 0)
		error = load_targets(plan, config, fault);
	if (error == 0)
		error = scan_config_require_contact(config, plan->targets.is_reserved_only, fault);
	if (error == 0)
		plan_memory(plan, config);
	return error;
}

int
plan_choose_order(
	struct plan *plan, const struct scan_config *config, uint64_t seed, struct fault *fault)
{
	plan->seed = seed;
	while (plan->seed == 0) {
		if (random_secret(&plan->seed, sizeof(plan->seed)) != 0)
			return fault_set(
				fault, ERROR_LIBRARY, "the kernel gives no random numbers");
		plan->seed &= CHECKPOINT_NUMBER_MAXIMUM;
	}
	target_walk_init(&plan->walk, &plan->targets.set, plan->seed, config->scan.shard.index,
		config->scan.shard.count);
	count_targets(plan, &config->scan);
	return 0;
}

void
plan_clear(struct plan *plan)
{
	target_list_clear(&plan->targets);
}

static void
print_cpus(const struct environment_settings *cpus, const char *role, const uint16_t *list,
	size_t count, FILE *file)
{
	(void)fprintf(file, "  %-10s CPU", role);
	for (size_t i = 0; i < count; i++)
		(void)fprintf(file, "%s %u%s", i > 0 ? "," : "", list[i],
			environment_is_shared(cpus, list[i]) ? " (shared: sleeps when idle)" : "");
	(void)fputc('\n', file);
}

static void
print_targets(const struct plan *plan, const struct config_scan *scan, FILE *file)
{
	char rate[32];

	(void)fprintf(file,
		"Targets: %" PRIu64 " of %" PRIu64 " included; %" PRIu64 " excluded, %" PRIu64
		" reserved",
		plan->planned, plan->targets.included, plan->targets.excluded,
		plan->targets.reserved);
	if (scan->shard.count > 1)
		(void)fprintf(file, "; shard %u/%u", scan->shard.index, scan->shard.count);
	if (scan->max_targets != 0)
		(void)fprintf(file, "; at most %" PRIu64, scan->max_targets);
	(void)fprintf(file, "\nProbes:  %u each to TCP port %u at %s", scan->probes, scan->port,
		rate_format(scan->rate_pps, rate));
	if (plan->sending_ns > 0)
		(void)fprintf(file, ", %.1f s, then %.1f s for late answers",
			(double)plan->sending_ns / 1e9, (double)scan->cooldown_ns / 1e9);
	(void)fprintf(
		file, "\nSeed:    %" PRIu64 "%s\n", plan->seed, scan->seed == 0 ? " (random)" : "");
}

void
plan_print(const struct plan *plan, const struct scan_config *config, FILE *file)
{
	const double megabyte = 1 << 20;

	print_targets(plan, &config->scan, file);
	(void)fprintf(file, "Device:  %s\n", config->nic.device);
	(void)fputs("Threads:\n", file);
	print_cpus(&plan->cpus, "main", &plan->cpus.main_cpu, 1, file);
	print_cpus(&plan->cpus, "I/O", plan->io_cpus, plan->cpus.io_count, file);
	print_cpus(&plan->cpus, "verify", plan->verify_cpus, plan->cpus.verify_count, file);
	(void)fprintf(file,
		"Memory:  %.0f MB at most: packet buffers %.0f, TCP %.0f, TLS %.0f for %u connections, targets %.0f; and 4 to 17 bytes a responder\n",
		(double)(plan->cpus.memory_bytes + plan->engine_bytes + plan->tls_bytes +
			 plan->targets.set.size_bytes) /
			megabyte,
		(double)plan->cpus.memory_bytes / megabyte, (double)plan->engine_bytes / megabyte,
		(double)plan->tls_bytes / megabyte, config->verify.max_connections,
		(double)plan->targets.set.size_bytes / megabyte);
	(void)fprintf(file, "Output:  %s\n", config->output.directory);
}
