/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/tcp_worker.h"
#include "tcp/tcp_limits.h"

int
tcp_worker_init(struct tcp_worker *worker, const struct tcp_worker_settings *settings)
{
	*worker = (struct tcp_worker){
		.send_total_maximum = settings->send_total_maximum,
		.emit = settings->emit,
		.context = settings->context,
	};
	int error = receive_pool_init(&worker->receive, settings->receive_chunks);
	if (error == 0)
		error = block_pool_init(
			&worker->send, settings->connections, TCP_SEND_BUFFER_BYTES);
	if (error != 0)
		tcp_worker_clear(worker);
	return error;
}

void
tcp_worker_clear(struct tcp_worker *worker)
{
	if (worker == NULL)
		return;
	receive_pool_clear(&worker->receive);
	block_pool_clear(&worker->send);
}

size_t
tcp_worker_bytes(const struct tcp_worker_settings *settings)
{
	return receive_pool_bytes(settings->receive_chunks) +
	       block_pool_bytes(settings->connections, TCP_SEND_BUFFER_BYTES);
}
