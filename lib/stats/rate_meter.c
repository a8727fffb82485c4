/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/rate_meter.h"

static const struct rate_sample *
back(const struct rate_meter *meter, size_t steps)
{
	return &meter->samples[(meter->sample_count - 1 - steps) % RATE_METER_SAMPLES];
}

static double
between(const struct rate_sample *from, const struct rate_sample *to)
{
	if (to->at_ns <= from->at_ns)
		return 0;
	return (double)(to->count - from->count) * 1e9 / (double)(to->at_ns - from->at_ns);
}

void
rate_meter_init(struct rate_meter *meter, uint64_t count, uint64_t now_ns)
{
	*meter = (struct rate_meter){ .first = { now_ns, count } };
	rate_meter_sample(meter, count, now_ns);
}

void
rate_meter_sample(struct rate_meter *meter, uint64_t count, uint64_t now_ns)
{
	meter->samples[meter->sample_count % RATE_METER_SAMPLES] =
		(struct rate_sample){ now_ns, count };
	meter->sample_count++;
}

double
rate_meter_now(const struct rate_meter *meter)
{
	return meter->sample_count < 2 ? 0 : between(back(meter, 1), back(meter, 0));
}

double
rate_meter_window(const struct rate_meter *meter)
{
	const size_t held =
		meter->sample_count < RATE_METER_SAMPLES ? meter->sample_count : RATE_METER_SAMPLES;

	return between(back(meter, held - 1), back(meter, 0));
}

double
rate_meter_average(const struct rate_meter *meter)
{
	return between(&meter->first, back(meter, 0));
}
