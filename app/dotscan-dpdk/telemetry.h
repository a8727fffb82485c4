/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TELEMETRY_H
#define TELEMETRY_H

#include "io_worker.h"
#include "verify_worker.h"

/*
 * The counters through DPDK's telemetry socket: /dotscan/summary, /dotscan/io,N and /dotscan/verify,N, and /dotscan/tcp,N for the TCP of
 * a verify worker. The workers must outlive the registration: EAL's telemetry thread reads them. Returns 0 or ERROR_LIBRARY.
 */
int telemetry_register(struct io_worker *const *io_workers, uint16_t io_count,
	const struct verify_worker *verify_workers, uint16_t verify_count);

/* From now on the commands answer with nothing. */
void telemetry_forget(void);

#endif
