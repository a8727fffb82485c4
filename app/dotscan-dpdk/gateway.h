/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "base/fault.h"
#include "scan.h"

/*
 * Fill in the link's gateway_mac: the configured one, or by ARP through the first queue, once a second up to ten times, before any
 * worker uses it. Returns 0, or ERROR_DEVICE with a fault.
 */
int gateway_resolve(struct scan *scan, struct fault *fault);

#endif
