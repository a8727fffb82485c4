/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "clock.h"
#include "cpu_meter.h"
#include "dns/dns_truth.h"
#include "dot/ca_store.h"
#include "dot/dot_client.h"
#include "dot/dot_worker.h"
#include "packet/frame_parser.h"
#include "record/certificate_log.h"
#include "record/record_writer.h"
#include "scan/verify_engine.h"
#include "tls_verify.h"

#define SECOND_NS 1000000000ULL
#define BUDGET    64
/* Closing connections linger beside the open ones. */
#define HOSTS_PER_CONNECTION 4
#define HOSTS_SPARE          64
#define PARK_CAPACITY        65536

struct tls_verify {
	struct syn_cookie cookie;
	struct tls_network network;
	struct dns_question_template question;
	struct dns_truth *truth;
	struct ca_store *ca_store;
	struct dot_worker *dot;
	struct verify_engine *engine;
	struct line_file records;
	struct certificate_log certificates;
	char directory[64];
	uint32_t connections;
	uint64_t finished;
	uint64_t wrong; /* records that say anything but answer-right */
	struct cpu_meter meter;
	struct cpu_meter record_meter; /* of this, for writing records */
};

static void
emit(void *context, const struct segment *segment)
{
	struct tls_verify *verify = context;

	/* Without memory it is lost, as on a network, and the round ends for want of records. */
	(void)frame_queue_add(&verify->network.outbound, segment);
}

static int
open_files(struct tls_verify *verify, struct fault *fault)
{
	char path[96];
	uint64_t torn = 0;

	(void)snprintf(verify->directory, sizeof(verify->directory), "/tmp/dotscan-bench-XXXXXX");
	if (mkdtemp(verify->directory) == NULL)
		return fault_set(fault, ERROR_FILE, "no folder in /tmp for the records");
	(void)snprintf(path, sizeof(path), "%s/records.jsonl", verify->directory);
	int error = line_file_open(&verify->records, path, &torn, fault);
	(void)snprintf(path, sizeof(path), "%s/certificates.jsonl", verify->directory);
	if (error == 0)
		error = certificate_log_open(&verify->certificates, path, &torn, fault);
	return error;
}

static void
remove_files(const struct tls_verify *verify)
{
	char path[96];

	if (verify->directory[0] == '\0')
		return;
	(void)snprintf(path, sizeof(path), "%s/records.jsonl", verify->directory);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/certificates.jsonl", verify->directory);
	(void)unlink(path);
	(void)rmdir(verify->directory);
}

static int
make_protocol(struct tls_verify *verify, struct fault *fault)
{
	const char *const truth[] = { TLS_LAB_ANSWER };
	int error =
		dns_question_template_parse(TLS_LAB_NAME, TLS_LAB_TYPE, &verify->question, fault);

	verify->truth = dns_truth_create();
	verify->ca_store = ca_store_create();
	if (verify->truth == NULL || verify->ca_store == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	if (error == 0)
		error = dns_truth_add(verify->truth, verify->question.type, truth, 1, fault);
	if (error != 0)
		return error;
	const struct dot_settings settings = {
		.question = &verify->question,
		.truth = verify->truth,
		.ca_store = verify->ca_store,
		.queries = TLS_LAB_QUERIES,
		.offers_alpn = true,
		.connect_timeout_ns = 60 * SECOND_NS,
		.tls_timeout_ns = 60 * SECOND_NS,
		.dns_timeout_ns = 60 * SECOND_NS,
	};
	verify->dot = dot_worker_create(&settings, fault);
	return verify->dot == NULL ? ERROR_LIBRARY : 0;
}

static int
make_engine(struct tls_verify *verify, struct fault *fault)
{
	const struct verify_settings settings = {
		.protocol = &dot_protocol,
		.protocol_context = verify->dot,
		.cookie = &verify->cookie,
		.key = { 1, 2 },
		.remote_port = TLS_NETWORK_PORT,
		.attempts = 1,
		.max_connections = verify->connections,
		.park_capacity = PARK_CAPACITY,
		.connect_timeout_ns = 60 * SECOND_NS,
		.wall_offset_us = clock_wall_us() - (int64_t)(clock_now_ns() / 1000),
		.emit = emit,
		.context = verify,
	};

	verify->engine = verify_engine_create(&settings, clock_now_ns());
	return verify->engine == NULL ? fault_set(fault, ERROR_MEMORY, "out of memory") : 0;
}

struct tls_verify *
tls_verify_create(const struct tls_lab *lab, uint32_t connections, struct fault *fault)
{
	static const uint64_t secret[4] = { 1, 2, 3, 4 };
	struct tls_verify *verify = calloc(1, sizeof(*verify));

	if (verify == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	verify->connections = connections;
	cpu_meter_init(&verify->meter);
	cpu_meter_init(&verify->record_meter);
	verify->records.fd = -1;
	verify->certificates.file.fd = -1;
	syn_cookie_init(&verify->cookie, secret, 32768, 16384);
	int error = tls_network_init(&verify->network, lab, &verify->cookie,
		connections * HOSTS_PER_CONNECTION + HOSTS_SPARE);
	if (error == 0)
		error = open_files(verify, fault);
	if (error == 0)
		error = make_protocol(verify, fault);
	if (error == 0)
		error = make_engine(verify, fault);
	if (error == 0)
		return verify;
	(void)fault_set(fault, error, "out of memory");
	tls_verify_destroy(verify);
	return NULL;
}

void
tls_verify_destroy(struct tls_verify *verify)
{
	if (verify == NULL)
		return;
	verify_engine_destroy(verify->engine);
	dot_worker_destroy(verify->dot);
	dns_truth_destroy(verify->truth);
	ca_store_destroy(verify->ca_store);
	line_file_close(&verify->records);
	certificate_log_close(&verify->certificates);
	remove_files(verify);
	tls_network_clear(&verify->network);
	free(verify);
}

static int
write_records(struct tls_verify *verify, struct fault *fault)
{
	struct verify_record *record = NULL;
	int error = 0;

	while (error == 0 && (record = verify_engine_take_record(verify->engine)) != NULL) {
		error = record_write(&verify->records.pending, "bench", &record->observation);
		if (error == 0)
			error = certificate_log_add(
				&verify->certificates, "bench", &record->observation);
		if (error == 0 && verify->records.pending.length >= LINE_FILE_PENDING)
			error = line_file_flush(&verify->records, fault);
		verify->finished++;
		verify->wrong += record->observation.outcome != OUTCOME_ANSWER_RIGHT;
		verify_record_free(record);
	}
	return error;
}

/* What a verify worker does in a round, down to the frames, and what the writer does. */
static int
work(struct tls_verify *verify, struct fault *fault)
{
	static const uint32_t local_address = TLS_NETWORK_LOCAL;
	const struct frame_parser parser = { &local_address, 1, 0 };
	const uint64_t now_ns = clock_now_ns();
	const uint8_t *frame = NULL;
	size_t length = 0;

	while ((frame = frame_queue_take(&verify->network.inbound, &length)) != NULL) {
		struct parsed_frame parsed;

		if (frame_parse(&parser, frame, length, &parsed) == FRAME_TCP)
			verify_engine_input(verify->engine, &parsed.segment, now_ns);
	}
	while (verify_engine_work(verify->engine, BUDGET, now_ns)) {
		/* Until there is nothing to do without the network. */
	}
	cpu_meter_start(&verify->record_meter);
	const int error = write_records(verify, fault);
	cpu_meter_stop(&verify->record_meter);
	return error;
}

static uint64_t
in_flight(const struct tls_verify *verify)
{
	struct verify_state state;

	verify_engine_state(verify->engine, &state);
	return state.parked + state.under_verification + state.untaken;
}

static int
start_connections(struct tls_verify *verify)
{
	for (uint64_t alive = in_flight(verify); alive < verify->connections; alive++)
		if (!tls_network_synack(&verify->network))
			return ERROR_MEMORY;
	return 0;
}

/* The worker, timed, and then the network. */
static int
work_once(struct tls_verify *verify, struct fault *fault)
{
	cpu_meter_start(&verify->meter);
	const int error = work(verify, fault);
	cpu_meter_stop(&verify->meter);
	return error == 0 && !tls_network_work(&verify->network) ? ERROR_MEMORY : error;
}

int
tls_verify_round(struct tls_verify *verify, uint64_t round_ns, struct bench_stage *stage,
	struct bench_stage *record_stage, struct fault *fault)
{
	const uint64_t finished_before = verify->finished;
	int error = 0;

	verify->network.is_silent = false;
	verify->meter.used_ns = 0;
	verify->record_meter.used_ns = 0;
	/* Always whole herds: a round that left some half verified would owe their cost to the next. */
	while (verify->meter.used_ns < round_ns && error == 0) {
		error = start_connections(verify);
		while (error == 0 && in_flight(verify) + verify->network.inbound.length > 0)
			error = work_once(verify, fault);
	}
	bench_stage_add(stage, verify->finished - finished_before, verify->meter.used_ns);
	if (record_stage != NULL)
		bench_stage_add(record_stage, verify->finished - finished_before,
			verify->record_meter.used_ns);
	if (error == 0 && verify->wrong > 0)
		error = fault_set(fault, ERROR_LIBRARY,
			"%llu of %llu records do not say answer-right",
			(unsigned long long)verify->wrong, (unsigned long long)verify->finished);
	return error == 0 ? 0 : fault_set(fault, error, "out of memory");
}

int
tls_verify_hold(struct tls_verify *verify, struct fault *fault)
{
	int error = 0;

	verify->network.is_silent = true;
	error = start_connections(verify);
	while (error == 0 && verify->network.inbound.length > 0)
		error = work_once(verify, fault);
	if (error != 0)
		return fault_set(fault, error, "out of memory");
	return (int)in_flight(verify);
}
