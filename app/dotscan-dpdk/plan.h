/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAN_H
#define PLAN_H

#include <stdio.h>

#include "base/fault.h"
#include "config/scan_config.h"
#include "port/environment.h"
#include "port/port.h"
#include "targets/target_list.h"
#include "targets/target_walk.h"

/* What a scan will do and take, worked out before anything is opened. */
struct plan {
	struct target_list targets;
	struct target_walk walk;
	uint64_t seed;
	uint64_t planned;    /* of this shard, at most max_targets */
	uint64_t sending_ns; /* at the asked rate; 0: at line rate */
	uint64_t pool_bytes;
	uint64_t engine_bytes; /* all verify workers, TLS objects apart */
	uint64_t tls_bytes;
	struct port_settings port;
	struct environment_settings cpus;
	uint16_t io_cpus[ENVIRONMENT_WORKERS];
	uint16_t verify_cpus[ENVIRONMENT_WORKERS];
	char country_db_date[16]; /* "2026-01-02", empty: not used */
	char asn_db_date[16];
};

/* Check what the configuration asks of this machine, and load the targets. Fills a zeroed plan. Returns 0, or an error with a fault. */
int plan_init(struct plan *plan, const struct scan_config *config, struct fault *fault);

/* Fix the order of the targets, and count them. seed 0: a random one is taken. Returns 0, or an error with a fault. */
int plan_choose_order(
	struct plan *plan, const struct scan_config *config, uint64_t seed, struct fault *fault);

void plan_clear(struct plan *plan);

void plan_print(const struct plan *plan, const struct scan_config *config, FILE *file);

#endif
