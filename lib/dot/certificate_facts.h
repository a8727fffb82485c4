/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CERTIFICATE_FACTS_H
#define CERTIFICATE_FACTS_H

#include "record/observation.h"

/*
 * What a presented chain says of itself, before anybody judges it. Certificates come from peers: any bytes are taken,
 * and what cannot be read is left absent.
 */

/*
 * Append a copy of one certificate and its SHA-256, leaf first. Returns 0 or ERROR_MEMORY; a chain longer than
 * OBSERVATION_CHAIN is cut there, with the flag CHAIN_TOO_LONG.
 */
int certificate_facts_add(
	struct certificate_observation *certificate, const uint8_t *der, size_t length);

/*
 * Fill in what the leaf says: subject, names, validity, key, signature, hash of its key, and whether address (host order) is
 * among its names; flags UNPARSED and NAME_UNCHECKED. Returns 0 or ERROR_MEMORY. There must be a leaf; its facts are taken once.
 */
int certificate_facts_take(struct certificate_observation *certificate, uint32_t address);

#endif
