/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_HEADERS_H
#define WIRE_HEADERS_H

/* Offsets and values of the headers that we read and write. Sources: IEEE 802.3/802.1Q, RFC 791, 792, 826, 9293. */

#define ETHERNET_HEADER_SIZE   14
#define ETHERNET_OFFSET_SOURCE 6
#define ETHERNET_OFFSET_TYPE   12
#define ETHERNET_FRAME_MINIMUM 60 /* without FCS */
#define VLAN_TAG_SIZE          4
#define ETHERTYPE_IPV4         0x0800
#define ETHERTYPE_ARP          0x0806
#define ETHERTYPE_VLAN         0x8100

#define IPV4_HEADER_SIZE           20
#define IPV4_OFFSET_TOTAL_LENGTH   2
#define IPV4_OFFSET_IDENTIFICATION 4
#define IPV4_OFFSET_FRAGMENT       6
#define IPV4_OFFSET_TTL            8
#define IPV4_OFFSET_PROTOCOL       9
#define IPV4_OFFSET_CHECKSUM       10
#define IPV4_OFFSET_SOURCE         12
#define IPV4_OFFSET_DESTINATION    16
#define IPV4_DONT_FRAGMENT         0x4000
#define IPV4_FRAGMENT_MASK         0x3fff /* more-fragments and the offset */
#define IPV4_OUR_TTL               64
#define IP_PROTOCOL_ICMP           1
#define IP_PROTOCOL_TCP            6

#define TCP_HEADER_SIZE             20
#define TCP_HEADER_MAXIMUM          60
#define TCP_OFFSET_DESTINATION_PORT 2
#define TCP_OFFSET_SEQUENCE         4
#define TCP_OFFSET_ACKNOWLEDGMENT   8
#define TCP_OFFSET_DATA_OFFSET      12
#define TCP_OFFSET_FLAGS            13
#define TCP_OFFSET_WINDOW           14
#define TCP_OFFSET_CHECKSUM         16
#define TCP_OPTION_END              0
#define TCP_OPTION_NOP              1
#define TCP_OPTION_MSS              2
#define TCP_OPTION_WINDOW_SCALE     3
#define TCP_WINDOW_SCALE_MAXIMUM    14 /* RFC 7323 section 2.3 */

#define ICMP_HEADER_SIZE   8
#define ICMP_ECHO_REPLY    0
#define ICMP_UNREACHABLE   3
#define ICMP_ECHO_REQUEST  8
#define ICMP_TIME_EXCEEDED 11

#define ARP_PACKET_SIZE 28
#define ARP_REQUEST     1
#define ARP_REPLY       2

#define OUR_MSS 1460
/* Never closes and needs no scaling: what arrives is taken from the network at once. */
#define OUR_WINDOW     32768
#define OUR_SYN_WINDOW 64240

#endif
