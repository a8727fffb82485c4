/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LINK_ENDPOINTS_H
#define LINK_ENDPOINTS_H

#include <stdint.h>

#define MAC_SIZE 6

/* Who speaks on our link: everything leaves to the gateway. vlan 0: untagged. */
struct link_endpoints {
	uint8_t our_mac[MAC_SIZE];
	uint8_t gateway_mac[MAC_SIZE];
	uint16_t vlan;
};

#endif
