/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "packet/frame_builder.h"
#include "packet/syn_template.h"

void
syn_template_init(struct syn_template *syn, const struct link_endpoints *link, uint16_t remote_port)
{
	const struct segment segment = {
		.remote_port = remote_port,
		.flags = TCP_SYN,
		.window = OUR_SYN_WINDOW,
		.mss = OUR_MSS,
	};
	const uint16_t tcp_size = TCP_HEADER_SIZE + 4;
	uint8_t frame[FRAME_SIZE_MAXIMUM];
	const uint8_t pseudo_tail[4] = { 0, IP_PROTOCOL_TCP, 0, (uint8_t)tcp_size };
	const size_t length = frame_build_segment(link, &segment, 0, frame);

	*syn = (struct syn_template){ 0 };
	syn->length = (uint16_t)length;
	syn->ip_offset = ETHERNET_HEADER_SIZE + (link->vlan != 0 ? VLAN_TAG_SIZE : 0);
	assert(length <= SYN_TEMPLATE_SIZE);
	memcpy(syn->frame, frame, length);
	uint8_t *ip = syn->frame + syn->ip_offset;
	uint8_t *tcp = ip + IPV4_HEADER_SIZE;
	memset(ip + IPV4_OFFSET_CHECKSUM, 0, 2);
	memset(tcp + TCP_OFFSET_CHECKSUM, 0, 2);
	syn->ip_sum = checksum_add(0, ip, IPV4_HEADER_SIZE);
	syn->tcp_sum =
		checksum_add(checksum_add(0, pseudo_tail, sizeof(pseudo_tail)), tcp, tcp_size);
}
