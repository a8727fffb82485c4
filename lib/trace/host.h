/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOST_H
#define HOST_H

#include "trace/resolver.h"

enum host_state {
	HOST_IN_PROGRESS,
	HOST_PENDING,
	HOST_KNOWN,
	HOST_WITHOUT_ADDRESS, /* by word of its zone */
	HOST_OUT_OF_REACH,    /* its zone does not answer */
	HOST_CIRCULAR,
	HOST_LIMITED
};

/* The name of a server and its addresses by word of the zone that it is in. */
struct host {
	struct dns_name name;
	enum host_state state;
	bool is_alias; /* which RFC 2181 section 10.3 forbids */
	struct trace_address addresses[ZONE_CUT_ADDRESSES_MAX];
	size_t address_count;
};

/* The addresses of a server's name, by a walk of its own where there is room for one. Never NULL but without memory. */
const struct host *host_find(struct resolver *resolver, const struct dns_name *name);

#endif
