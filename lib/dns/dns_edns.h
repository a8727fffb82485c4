/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_EDNS_H
#define DNS_EDNS_H

#include "dns/dns_walk.h"
#include "record/observation.h"

/*
 * What the OPT record of a reply says (RFC 6891 section 6.1.2), which tells much about the software that sent it. Cannot fail:
 * options beyond OBSERVATION_OPTIONS are left out, and where one is cut off by RDLENGTH, has_broken_options says so.
 */
void dns_edns_describe(const struct dns_walk *walk, struct edns_observation *edns_out);

#endif
