/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/position_log.h"

void
position_log_init(struct position_log *log, uint64_t interval_ns)
{
	log->interval_ns = interval_ns;
	log->count = 0;
}

void
position_log_note(struct position_log *log, const struct position_sample *sample)
{
	const uint64_t count = log->count;

	if (count > 0 &&
		sample->time_ns - log->samples[(count - 1) % POSITION_LOG_SAMPLES].time_ns <
			log->interval_ns)
		return;
	struct position_sample *kept = &log->samples[count % POSITION_LOG_SAMPLES];
	__atomic_store_n(&kept->time_ns, sample->time_ns, __ATOMIC_RELAXED);
	__atomic_store_n(&kept->step, sample->step, __ATOMIC_RELAXED);
	__atomic_store_n(&kept->settled, sample->settled, __ATOMIC_RELAXED);
	__atomic_store_n(&log->count, count + 1, __ATOMIC_RELEASE);
}

bool
position_log_find(
	const struct position_log *log, uint64_t time_ns, struct position_sample *sample_out)
{
	const uint64_t count = __atomic_load_n(&log->count, __ATOMIC_ACQUIRE);
	/* The oldest few may be overwritten while we look. */
	uint64_t low = count > POSITION_LOG_SAMPLES - 64 ? count - (POSITION_LOG_SAMPLES - 64) : 0;
	uint64_t high = count;

	/* Invariant: samples before low are at or before time_ns, those from high on are later. */
	const uint64_t first = low;
	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;
		const struct position_sample *sample = &log->samples[middle % POSITION_LOG_SAMPLES];

		if (__atomic_load_n(&sample->time_ns, __ATOMIC_RELAXED) <= time_ns)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == first)
		return false;
	const struct position_sample *found = &log->samples[(low - 1) % POSITION_LOG_SAMPLES];
	sample_out->time_ns = __atomic_load_n(&found->time_ns, __ATOMIC_RELAXED);
	sample_out->step = __atomic_load_n(&found->step, __ATOMIC_RELAXED);
	sample_out->settled = __atomic_load_n(&found->settled, __ATOMIC_RELAXED);
	return true;
}
