/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "dot/chain_cache.h"
#include "dot/dot_worker.h"
#include "dot/tls_client.h"

struct dot_worker *
dot_worker_create(const struct dot_settings *settings, struct fault *fault)
{
	struct dot_worker *worker = calloc(1, sizeof(*worker));

	assert(settings->question != NULL && settings->ca_store != NULL);
	assert(settings->queries >= 1 && settings->queries <= OBSERVATION_QUERIES);
	if (worker == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
		return NULL;
	}
	worker->settings = *settings;
	worker->tls = tls_worker_create(fault);
	worker->verdicts = chain_cache_create(settings->ca_store);
	if (worker->tls == NULL || worker->verdicts == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "%s", error_text(ERROR_MEMORY));
		dot_worker_destroy(worker);
		return NULL;
	}
	return worker;
}

void
dot_worker_destroy(struct dot_worker *worker)
{
	if (worker == NULL)
		return;
	chain_cache_destroy(worker->verdicts);
	tls_worker_destroy(worker->tls);
	free(worker);
}
