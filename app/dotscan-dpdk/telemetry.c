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
add_counters(struct rte_tel_data *data, const struct counter_name *names, const uint64_t *counters,
	int count)
{
	for (int i = 0; i < count; i++)
		(void)rte_tel_data_add_dict_u64(data, names[i].key, counter_read(&counters[i]));
}

static void
add_io(struct rte_tel_data *data, const struct io_worker *worker)
{
	add_counters(data, reception_names, worker->intake.receptions, RECEPTION_COUNT);
	add_counters(data, io_counter_names, worker->counters, IO_COUNTER_COUNT);
}

static void
add_verify(struct rte_tel_data *data, const struct verify_worker *worker)
{
	add_counters(data, verify_counter_names, verify_engine_counters(worker->engine),
		VERIFY_COUNTER_COUNT);
	add_counters(
		data, verify_worker_counter_names, worker->counters, VERIFY_WORKER_COUNTER_COUNT);
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
	add_counters(data, tcp_counter_names, verify_engine_tcp(worker->engine)->counters.values,
		TCP_COUNTER_COUNT);
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
