/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROTOCOL_SETUP_H
#define PROTOCOL_SETUP_H

#include "base/fault.h"
#include "config/scan_config.h"
#include "record/protocol.h"

/* The protocol that answers hits, set up from the configuration, with one context for each verify worker. */
struct protocol_setup;

/* What can be wrong with the name, the truth or the CA file is found here. NULL with a fault. config outlives it. */
struct protocol_setup *protocol_setup_create(const struct scan_config *config, struct fault *fault);
void protocol_setup_destroy(struct protocol_setup *setup);

/*
 * For the main thread, while verify workers run: takes in what verify.truth says anew. Returns how many answers are right that were not
 * before, or an error with the fault set; nothing is lost then.
 */
int protocol_setup_refresh(struct protocol_setup *setup, struct fault *fault);

const struct protocol *protocol_setup_protocol(const struct protocol_setup *setup);
void *protocol_setup_context(const struct protocol_setup *setup, uint32_t verify_worker);

#endif
