/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <rte_telemetry.h>

#include "base/error.h"
#include "base/number.h"
#include "tcp/tcp_worker.h"
#include "telemetry.h"

/* EAL's commands carry no context and cannot be taken back, so this is the one mutable state of the file. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	struct io_worker *const *io_workers;
	const struct verify_worker *verify_workers;
	uint16_t io_count;
	uint16_t verify_count;
} workers;

static void
add_io(struct rte_tel_data *data, const struct io_worker *worker)
{
	for (int i = 0; i < RECEPTION_COUNT; i++)
		(void)rte_tel_data_add_dict_u64(data, reception_key((enum reception)i),
			io_worker_reception(worker, (enum reception)i));
	for (int i = 0; i < IO_COUNTER_COUNT; i++)
		(void)rte_tel_data_add_dict_u64(data, io_counter_key((enum io_counter)i),
			io_worker_counter(worker, (enum io_counter)i));
}

static void
add_verify(struct rte_tel_data *data, const struct verify_worker *worker)
{
	for (int i = 0; i < VERIFY_COUNTER_COUNT; i++)
		(void)rte_tel_data_add_dict_u64(data, verify_counter_key((enum verify_counter)i),
			verify_engine_counter(worker->engine, (enum verify_counter)i));
	for (int i = 0; i < VERIFY_WORKER_COUNTER_COUNT; i++)
		(void)rte_tel_data_add_dict_u64(data,
			verify_worker_counter_key((enum verify_worker_counter)i),
			verify_worker_counter(worker, (enum verify_worker_counter)i));
	(void)rte_tel_data_add_dict_u64(data, "parked", atomic_load(&worker->published.parked));
	(void)rte_tel_data_add_dict_u64(data, "sessions", atomic_load(&worker->published.sessions));
	(void)rte_tel_data_add_dict_u64(
		data, "in_flight", atomic_load(&worker->published.in_flight));
	(void)rte_tel_data_add_dict_u64(
		data, "responder_bytes", atomic_load(&worker->published.responder_bytes));
}

static void
add_tcp(struct rte_tel_data *data, const struct verify_worker *worker)
{
	const struct tcp_counters *counters = &verify_engine_tcp(worker->engine)->counters;

	for (int i = 0; i < TCP_COUNTER_COUNT; i++)
		(void)rte_tel_data_add_dict_u64(data, tcp_counters_key((enum tcp_counter)i),
			tcp_counters_get(counters, (enum tcp_counter)i));
}

/* The number behind the comma; false if there is none below count. */
static bool
read_index(const char *parameters, uint16_t worker_count, uint64_t *index_out)
{
	return worker_count > 0 && parameters != NULL &&
	       number_parse(parameters, 0, worker_count - 1U, index_out);
}

static int
handle_io(const char *command, const char *parameters, struct rte_tel_data *data)
{
	uint64_t index = 0;
	int result = -1;

	(void)pthread_mutex_lock(&lock);
	if (read_index(parameters, workers.io_count, &index)) {
		(void)rte_tel_data_start_dict(data);
		add_io(data, workers.io_workers[index]);
		result = 0;
	}
	(void)pthread_mutex_unlock(&lock);
	return result;
}

static int
handle_verify(const char *command, const char *parameters, struct rte_tel_data *data)
{
	uint64_t index = 0;
	int result = -1;

	(void)pthread_mutex_lock(&lock);
	if (read_index(parameters, workers.verify_count, &index)) {
		(void)rte_tel_data_start_dict(data);
		add_verify(data, &workers.verify_workers[index]);
		result = 0;
	}
	(void)pthread_mutex_unlock(&lock);
	return result;
}

static int
handle_tcp(const char *command, const char *parameters, struct rte_tel_data *data)
{
	uint64_t index = 0;
	int result = -1;

	(void)pthread_mutex_lock(&lock);
	if (read_index(parameters, workers.verify_count, &index)) {
		(void)rte_tel_data_start_dict(data);
		add_tcp(data, &workers.verify_workers[index]);
		result = 0;
	}
	(void)pthread_mutex_unlock(&lock);
	return result;
}

static int
handle_summary(const char *command, const char *parameters, struct rte_tel_data *data)
{
	uint64_t syn = 0, synack = 0, hits = 0, records = 0, in_flight = 0;

	(void)rte_tel_data_start_dict(data);
	(void)pthread_mutex_lock(&lock);
	for (uint16_t i = 0; i < workers.io_count; i++) {
		syn += io_worker_counter(workers.io_workers[i], IO_SYN_SENT);
		synack += io_worker_reception(workers.io_workers[i], RECEPTION_SYNACK);
	}
	for (uint16_t i = 0; i < workers.verify_count; i++) {
		hits += verify_engine_counter(workers.verify_workers[i].engine, VERIFY_HITS);
		records += verify_engine_counter(workers.verify_workers[i].engine, VERIFY_RECORDS);
		in_flight += atomic_load(&workers.verify_workers[i].published.in_flight);
	}
	(void)pthread_mutex_unlock(&lock);
	(void)rte_tel_data_add_dict_u64(data, "syn", syn);
	(void)rte_tel_data_add_dict_u64(data, "synack", synack);
	(void)rte_tel_data_add_dict_u64(data, "hits", hits);
	(void)rte_tel_data_add_dict_u64(data, "records", records);
	(void)rte_tel_data_add_dict_u64(data, "in_flight", in_flight);
	return 0;
}

int
telemetry_register(struct io_worker *const *io_workers, uint16_t io_count,
	const struct verify_worker *verify_workers, uint16_t verify_count)
{
	(void)pthread_mutex_lock(&lock);
	workers.io_workers = io_workers;
	workers.verify_workers = verify_workers;
	workers.io_count = io_count;
	workers.verify_count = verify_count;
	(void)pthread_mutex_unlock(&lock);
	const bool is_registered =
		rte_telemetry_register_cmd(
			"/dotscan/summary", handle_summary, "Totals of the scan") == 0 &&
		rte_telemetry_register_cmd("/dotscan/io", handle_io,
			"Counters of an I/O worker; parameter: its number") == 0 &&
		rte_telemetry_register_cmd("/dotscan/verify", handle_verify,
			"Counters of a verify worker; parameter: its number") == 0 &&
		rte_telemetry_register_cmd("/dotscan/tcp", handle_tcp,
			"TCP counters of a verify worker; parameter: its number") == 0;
	return is_registered ? 0 : ERROR_LIBRARY;
}

void
telemetry_forget(void)
{
	(void)pthread_mutex_lock(&lock);
	workers.io_count = 0;
	workers.verify_count = 0;
	(void)pthread_mutex_unlock(&lock);
}
