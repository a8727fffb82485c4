/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECORD_THREAD_H
#define RECORD_THREAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/fault.h"
#include "record/run_directory.h"
#include "scan.h"

/*
 * The one thread that touches the disk: it takes the records of all verify workers and writes them, and saves a checkpoint
 * when asked to. After a failure it goes on taking records, so that nobody waits for it, and counts them as dropped.
 */
struct record_thread {
	struct scan *scan;
	struct run_directory *directory; /* borrowed; nobody else uses it while the thread runs */
	pthread_t thread;
	bool is_running;
	atomic_bool ends;
	pthread_mutex_t lock;
	struct checkpoint *
		wanted; /* under lock: owned, to be saved as soon as all records so far are written */
	struct fault fault; /* valid once error is not 0 */
	atomic_int error;
	_Atomic uint64_t written;
	_Atomic uint64_t dropped; /* records that could not be written */
	_Atomic uint64_t right;   /* of those written, answer-right: for the status line */
};

/* Fills a zeroed struct and starts the thread. Returns 0 or ERROR_LIBRARY. */
int record_thread_start(
	struct record_thread *thread, struct scan *scan, struct run_directory *directory);

/* Take over the checkpoint and save it after every record that was in a ring before this call. One not yet saved is replaced. */
void record_thread_save(struct record_thread *thread, struct checkpoint *checkpoint);

/* Write what is left in the rings and end. All verify workers have ended before. */
void record_thread_stop(struct record_thread *thread);

#endif
