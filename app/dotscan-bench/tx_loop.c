/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_cycles.h>

#include "base/error.h"
#include "bench_port.h"
#include "clock.h"
#include "tx_loop.h"

/* Returns how many SYNs left until the targets or the time ran out. */
static uint64_t
send_until(struct tx_loop *loop, uint64_t end_ns)
{
	struct syn_sender *sender = &loop->scanner->sender;
	uint64_t sent = 0;

	for (;;) {
		const uint64_t now_ns = clock_now_ns();
		const uint32_t *addresses = NULL;

		bench_port_drop_received(&sender->queue);
		const size_t offered = prober_peek(sender->prober, now_ns, &addresses);
		if (offered == 0 || now_ns >= end_ns)
			return sent;
		const struct syn_burst_result result =
			syn_sender_send(sender, addresses, offered, now_ns);
		sent += result.sent;
		loop->refused += result.refused;
	}
}

int
tx_loop_round(struct tx_loop *loop, struct tx_round *round_out)
{
	uint64_t left_ns = loop->options->round_ns;
	struct tx_round round = { 0 };

	while (left_ns > 0) {
		const uint64_t start_ns = clock_now_ns();
		syn_sender_pace(&loop->scanner->sender, loop->options->rate_pps, start_ns);
		const uint64_t start_cpu_ns = clock_thread_ns();
		const uint64_t start = rte_rdtsc();

		round.sent += send_until(loop, start_ns + left_ns);
		round.cycles += rte_rdtsc() - start;
		round.cpu_ns += clock_thread_ns() - start_cpu_ns;
		const uint64_t spent_ns = clock_now_ns() - start_ns;
		left_ns -= spent_ns < left_ns ? spent_ns : left_ns;
		if (prober_is_finished(&loop->scanner->prober) &&
			bench_scanner_restart(loop->scanner, loop->options, ++loop->seed, 0) != 0)
			return ERROR_MEMORY;
	}
	*round_out = round;
	return 0;
}
