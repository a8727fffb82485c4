/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/byte_order.h"
#include "base/error.h"
#include "packet/frame_parser.h"
#include "packet/wire_headers.h"
#include "tls_network.h"

#define MSS 1400

/* What a thousand connections have on their way at once; more only takes more memory. */
#define QUEUE_BYTES (16U << 20)

int
tls_network_init(struct tls_network *network, const struct tls_lab *lab,
	const struct syn_cookie *cookie, uint32_t hosts)
{
	*network = (struct tls_network){
		.lab = lab,
		.cookie = cookie,
		.hosts = calloc(hosts, sizeof(*network->hosts)),
		.host_count = hosts,
	};
	if (network->hosts != NULL && frame_queue_init(&network->inbound, QUEUE_BYTES) &&
		frame_queue_init(&network->outbound, QUEUE_BYTES))
		return 0;
	tls_network_clear(network);
	return ERROR_MEMORY;
}

void
tls_network_clear(struct tls_network *network)
{
	for (uint32_t i = 0; network->hosts != NULL && i < network->host_count; i++)
		tls_resolver_close(&network->hosts[i].resolver);
	free(network->hosts);
	frame_queue_clear(&network->inbound);
	frame_queue_clear(&network->outbound);
	*network = (struct tls_network){ 0 };
}

static struct segment
segment_of(const struct tls_host *host, uint8_t flags)
{
	return (struct segment){
		.local_address = host->address,
		.remote_address = TLS_NETWORK_LOCAL,
		.local_port = TLS_NETWORK_PORT,
		.remote_port = host->client_port,
		.sequence = host->sequence,
		.acknowledgment = host->expected,
		.flags = flags,
		.window = 64240,
	};
}

bool
tls_network_synack(struct tls_network *network)
{
	struct tls_host *host = &network->hosts[network->next % network->host_count];
	const uint32_t address = TLS_NETWORK_FIRST + network->next;
	const uint16_t port = syn_cookie_port(network->cookie, address, 0);

	tls_resolver_close(&host->resolver);
	*host = (struct tls_host){
		.address = address,
		.sequence = address * 2654435761U,
		.expected = 1 + (uint32_t)syn_cookie_hash(
					network->cookie, address, TLS_NETWORK_LOCAL, port),
		.client_port = port,
	};
	tls_resolver_open(&host->resolver, network->lab, network->next++);
	struct segment answer = segment_of(host, TCP_SYN | TCP_ACK);
	answer.mss = MSS;
	host->sequence++;
	return frame_queue_add(&network->inbound, &answer);
}

/* Everything the resolver has to say, in full segments; where it has nothing, the acknowledgment alone. */
static bool
answer(struct tls_network *network, struct tls_host *host, bool owes_acknowledgment)
{
	uint8_t bytes[MSS];
	bool is_added = true;
	size_t length = 0;

	while (is_added &&
		(length = tls_resolver_output(&host->resolver, bytes, sizeof(bytes))) > 0) {
		struct segment data = segment_of(host, TCP_ACK | TCP_PSH);

		data.payload = bytes;
		data.payload_length = (uint16_t)length;
		is_added = frame_queue_add(&network->inbound, &data);
		host->sequence += (uint32_t)length;
		owes_acknowledgment = false;
	}
	if (is_added && owes_acknowledgment) {
		const struct segment bare = segment_of(host, TCP_ACK);
		is_added = frame_queue_add(&network->inbound, &bare);
	}
	return is_added;
}

static bool
deliver(struct tls_network *network, struct tls_host *host, const struct segment *segment)
{
	if ((segment->flags & TCP_RST) != 0) {
		tls_resolver_close(&host->resolver);
		return true;
	}
	/* On this network nothing is lost or overtaken; what is not next is a duplicate. */
	if (segment_span(segment) == 0 || segment->sequence != host->expected)
		return true;
	host->expected += segment_span(segment);
	if (segment->payload_length > 0)
		tls_resolver_input(&host->resolver, segment->payload, segment->payload_length,
			network->is_silent);
	const bool closes = (segment->flags & TCP_FIN) != 0 && !host->has_sent_fin;
	if (!answer(network, host, !closes))
		return false;
	if (!closes)
		return true;
	const struct segment fin = segment_of(host, TCP_ACK | TCP_FIN);
	host->has_sent_fin = true;
	host->sequence++;
	/* All that may still come is the acknowledgment of this. */
	tls_resolver_close(&host->resolver);
	return frame_queue_add(&network->inbound, &fin);
}

bool
tls_network_work(struct tls_network *network)
{
	const uint8_t *frame = NULL;
	size_t length = 0;

	while ((frame = frame_queue_take(&network->outbound, &length)) != NULL) {
		const uint32_t address =
			load_be32(frame + ETHERNET_HEADER_SIZE + IPV4_OFFSET_DESTINATION);
		const struct frame_parser parser = { &address, 1, 0 };
		struct tls_host *host =
			&network->hosts[(address - TLS_NETWORK_FIRST) % network->host_count];
		struct parsed_frame parsed;

		if (host->address != address || host->resolver.server == NULL ||
			frame_parse(&parser, frame, length, &parsed) != FRAME_TCP)
			continue;
		if (!deliver(network, host, &parsed.segment))
			return false;
	}
	return true;
}
