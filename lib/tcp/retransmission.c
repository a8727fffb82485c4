/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/retransmission.h"
#include "tcp/tcp_limits.h"

void
retransmission_init(struct retransmission *retransmission)
{
	*retransmission = (struct retransmission){ .timeout_us = TCP_TIMEOUT_INITIAL_US };
}

void
retransmission_sample(struct retransmission *retransmission, uint64_t round_trip_us)
{
	uint32_t sample = round_trip_us < TCP_TIMEOUT_MAXIMUM_US ? (uint32_t)round_trip_us
								 : TCP_TIMEOUT_MAXIMUM_US;

	/* 0 stands for no sample. */
	if (sample == 0)
		sample = 1;
	if (retransmission->smoothed_us == 0) {
		/* RFC 6298 section 2.2 */
		retransmission->smoothed_us = sample;
		retransmission->variation_us = sample / 2;
	} else {
		/* RFC 6298 section 2.3: variation first, with the old mean. */
		const uint32_t mean = retransmission->smoothed_us;
		const uint32_t error = sample > mean ? sample - mean : mean - sample;
		retransmission->variation_us = retransmission->variation_us / 4 * 3 + error / 4;
		retransmission->smoothed_us = mean - mean / 8 + sample / 8;
		if (retransmission->smoothed_us == 0)
			retransmission->smoothed_us = 1;
	}
	uint64_t timeout =
		(uint64_t)retransmission->smoothed_us + 4 * (uint64_t)retransmission->variation_us;
	if (timeout < TCP_TIMEOUT_MINIMUM_US)
		timeout = TCP_TIMEOUT_MINIMUM_US;
	if (timeout > TCP_TIMEOUT_MAXIMUM_US)
		timeout = TCP_TIMEOUT_MAXIMUM_US;
	retransmission->timeout_us = (uint32_t)timeout;
}

uint64_t
retransmission_timeout_us(const struct retransmission *retransmission)
{
	const uint32_t doublings = retransmission->tries < 16 ? retransmission->tries : 16;
	const uint64_t timeout = (uint64_t)retransmission->timeout_us << doublings;

	return timeout < TCP_TIMEOUT_MAXIMUM_US ? timeout : TCP_TIMEOUT_MAXIMUM_US;
}
