/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "clock.h"
#include "record_thread.h"
#include "scan/verify_engine.h"

#define RECORD_BURST      64
#define FLUSH_INTERVAL_NS 100000000ULL
#define SLEEP_NS          2000000L

static void
note_error(struct record_thread *thread, int error)
{
	/* The fault was set before, by whoever failed first. */
	if (error != 0 && atomic_load(&thread->error) == 0)
		atomic_store_explicit(&thread->error, error, memory_order_release);
}

static void
write_record(struct record_thread *thread, struct verify_record *record)
{
	int error = atomic_load_explicit(&thread->error, memory_order_relaxed);

	if (error == 0) {
		error = run_directory_add(thread->directory, &record->observation, &thread->fault);
		note_error(thread, error);
	}
	if (error != 0)
		atomic_fetch_add_explicit(&thread->dropped, 1, memory_order_relaxed);
	else
		atomic_fetch_add_explicit(&thread->written, 1, memory_order_relaxed);
	if (error == 0 && record->observation.outcome == OUTCOME_ANSWER_RIGHT)
		atomic_fetch_add_explicit(&thread->right, 1, memory_order_relaxed);
	verify_record_free(record);
}

static unsigned int
take_records(struct record_thread *thread)
{
	void *records[RECORD_BURST];
	unsigned int total = 0;

	for (uint16_t w = 0; w < thread->scan->verify_count; w++) {
		const unsigned int taken = rte_ring_sc_dequeue_burst(
			thread->scan->records[w], records, RECORD_BURST, NULL);

		for (unsigned int i = 0; i < taken; i++)
			write_record(thread, records[i]);
		total += taken;
	}
	return total;
}

static void
flush(struct record_thread *thread)
{
	if (atomic_load(&thread->error) == 0)
		note_error(thread, run_directory_flush(thread->directory, &thread->fault));
}

static struct checkpoint *
take_wanted(struct record_thread *thread)
{
	(void)pthread_mutex_lock(&thread->lock);
	struct checkpoint *wanted = thread->wanted;
	thread->wanted = NULL;
	(void)pthread_mutex_unlock(&thread->lock);
	return wanted;
}

/* What the checkpoint calls done has its records in the rings at the latest, so they are written first. */
static void
save_wanted(struct record_thread *thread)
{
	struct checkpoint *wanted = take_wanted(thread);

	if (wanted == NULL)
		return;
	while (take_records(thread) > 0) {
		/* Until each ring was seen empty. */
	}
	if (atomic_load(&thread->error) == 0)
		note_error(thread,
			run_directory_save_checkpoint(thread->directory, wanted, &thread->fault));
	checkpoint_clear(wanted);
	free(wanted);
}

static void *
run(void *argument)
{
	struct record_thread *thread = argument;
	const struct timespec sleep = { 0, SLEEP_NS };
	uint64_t flushed_ns = clock_now_ns();

	while (!atomic_load_explicit(&thread->ends, memory_order_acquire)) {
		const unsigned int taken = take_records(thread);
		const uint64_t now_ns = clock_now_ns();

		if (now_ns - flushed_ns >= FLUSH_INTERVAL_NS) {
			flush(thread);
			flushed_ns = now_ns;
		}
		save_wanted(thread);
		if (taken == 0)
			(void)nanosleep(&sleep, NULL);
	}
	while (take_records(thread) > 0) {
		/* The last ones. */
	}
	flush(thread);
	save_wanted(thread);
	return NULL;
}

int
record_thread_start(
	struct record_thread *thread, struct scan *scan, struct run_directory *directory)
{
	cpu_set_t cpus;

	thread->scan = scan;
	thread->directory = directory;
	CPU_ZERO(&cpus);
	CPU_SET(scan->cpus.main_cpu, &cpus);
	if (pthread_mutex_init(&thread->lock, NULL) != 0)
		return ERROR_LIBRARY;
	if (pthread_create(&thread->thread, NULL, run, thread) != 0) {
		(void)pthread_mutex_destroy(&thread->lock);
		return ERROR_LIBRARY;
	}
	thread->is_running = true;
	(void)pthread_setname_np(thread->thread, "dotscan-writer");
	(void)pthread_setaffinity_np(thread->thread, sizeof(cpus), &cpus);
	return 0;
}

void
record_thread_save(struct record_thread *thread, struct checkpoint *checkpoint)
{
	(void)pthread_mutex_lock(&thread->lock);
	struct checkpoint *replaced = thread->wanted;
	thread->wanted = checkpoint;
	(void)pthread_mutex_unlock(&thread->lock);
	if (replaced != NULL)
		checkpoint_clear(replaced);
	free(replaced);
}

void
record_thread_stop(struct record_thread *thread)
{
	if (!thread->is_running)
		return;
	atomic_store_explicit(&thread->ends, true, memory_order_release);
	(void)pthread_join(thread->thread, NULL);
	(void)pthread_mutex_destroy(&thread->lock);
	thread->is_running = false;
}
