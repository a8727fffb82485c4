/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulation/simulated_link.h"
#include "packet/frame_parser.h"

void
simulated_link_init(
	struct simulated_link *link, const struct simulated_link_settings *settings, uint64_t seed)
{
	link->settings = *settings;
	link->random.state = seed;
	link->count = 0;
}

static bool
happens(struct simulated_link *link, uint32_t permille)
{
	return random_below(&link->random, 1000) < permille;
}

static void
damage(struct simulated_link *link, struct simulated_flight *flight)
{
	const size_t bit = random_below(&link->random, flight->length * 8);

	if (happens(link, 500))
		flight->length = bit / 8;
	else
		flight->frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

static void
launch(struct simulated_link *link, const struct segment *segment, uint64_t now_ns)
{
	static const struct link_endpoints macs = { .our_mac = { 2, 1 }, .gateway_mac = { 2, 2 } };
	const uint64_t jitter_ns = link->settings.jitter_ns;

	if (link->count == SIMULATED_LINK_FLIGHTS || happens(link, link->settings.loss_permille))
		return;
	struct simulated_flight *flight = &link->flights[link->count++];
	flight->arrival_ns = now_ns + link->settings.delay_ns +
			     (jitter_ns > 0 ? random_below(&link->random, jitter_ns) : 0);
	flight->destination = segment->remote_address;
	flight->length = frame_build_segment(&macs, segment, 1, flight->frame);
	if (happens(link, link->settings.damage_permille))
		damage(link, flight);
}

void
simulated_link_send(struct simulated_link *link, const struct segment *segment, uint64_t now_ns)
{
	launch(link, segment, now_ns);
	if (happens(link, link->settings.duplicate_permille))
		launch(link, segment, now_ns);
}

static size_t
earliest(const struct simulated_link *link)
{
	size_t first = 0;

	for (size_t i = 1; i < link->count; i++)
		if (link->flights[i].arrival_ns < link->flights[first].arrival_ns)
			first = i;
	return first;
}

uint64_t
simulated_link_next_ns(const struct simulated_link *link)
{
	return link->count == 0 ? UINT64_MAX : link->flights[earliest(link)].arrival_ns;
}

/* Take out the flight, keeping the order of the others: without jitter a link is a queue. Its bytes stay in landed. */
static void
land(struct simulated_link *link, size_t index, struct simulated_flight *landed)
{
	*landed = link->flights[index];
	link->count--;
	for (size_t i = index; i < link->count; i++)
		link->flights[i] = link->flights[i + 1];
}

bool
simulated_link_receive(struct simulated_link *link, uint64_t now_ns, struct segment *segment_out)
{
	static struct simulated_flight landed;

	while (simulated_link_next_ns(link) <= now_ns) {
		struct parsed_frame parsed;
		land(link, earliest(link), &landed);
		const struct frame_parser parser = {
			.local_addresses = &landed.destination,
			.local_address_count = 1,
		};
		if (frame_parse(&parser, landed.frame, landed.length, &parsed) == FRAME_TCP) {
			*segment_out = parsed.segment;
			return true;
		}
	}
	return false;
}
