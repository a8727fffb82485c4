/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "clock.h"
#include "dns/dns_truth.h"
#include "dot/ca_store.h"
#include "dot/dot_client.h"
#include "dot/dot_worker.h"
#include "protocol_setup.h"
#include "truth_setup.h"
#include "truth_watch.h"

struct protocol_setup {
	struct dns_question_template question;
	struct dns_truth *truth; /* NULL: answers stay unchecked */
	struct truth_watch truth_watch;
	struct ca_store *ca_store;
	struct dot_worker **workers;
	uint32_t worker_count;
};

static int
set_up_question(struct protocol_setup *setup, const struct scan_config *config, struct fault *fault)
{
	struct fault reason = { { 0 } };

	if (dns_question_template_parse(
		    config->verify.name, config->verify.type, &setup->question, &reason) == 0)
		return 0;
	return scan_config_fault(config, "verify.name", fault, "%s", reason.text);
}

static int
set_up_truth(struct protocol_setup *setup, const struct scan_config *config, struct fault *fault)
{
	truth_watch_init(&setup->truth_watch, config);
	const int error =
		truth_setup(config, setup->question.type, clock_wall_us(), &setup->truth, fault);
	setup->truth_watch.type = setup->question.type;
	setup->truth_watch.truth = setup->truth;
	return error;
}

/* Without a file nobody is trusted, and every chain says so. */
static int
set_up_trust(struct protocol_setup *setup, const struct scan_config *config, struct fault *fault)
{
	struct fault reason = { { 0 } };

	if (config->verify.ca_file[0] == '\0')
		setup->ca_store = ca_store_create();
	else
		setup->ca_store = ca_store_load(config->verify.ca_file, &reason);
	if (setup->ca_store != NULL)
		return 0;
	return scan_config_fault(config, "verify.ca_file", fault, "%s", reason.text);
}

static int
set_up_workers(struct protocol_setup *setup, const struct scan_config *config, struct fault *fault)
{
	const struct dot_settings settings = {
		.question = &setup->question,
		.truth = setup->truth,
		.ca_store = setup->ca_store,
		.queries = config->verify.queries,
		.offers_alpn = config->verify.alpn,
		.connect_timeout_ns = config->verify.timeouts.connect_ns,
		.tls_timeout_ns = config->verify.timeouts.tls_ns,
		.dns_timeout_ns = config->verify.timeouts.dns_ns,
	};

	setup->workers = calloc(config->cores.verify_count, sizeof(*setup->workers));
	if (setup->workers == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	for (uint32_t i = 0; i < config->cores.verify_count; i++) {
		setup->workers[i] = dot_worker_create(&settings, fault);
		if (setup->workers[i] == NULL)
			return fault_set(fault, ERROR_LIBRARY, "the TLS library does not start");
		setup->worker_count++;
	}
	return 0;
}

struct protocol_setup *
protocol_setup_create(const struct scan_config *config, struct fault *fault)
{
	struct protocol_setup *setup = calloc(1, sizeof(*setup));

	if (setup == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory");
		return NULL;
	}
	int error = set_up_question(setup, config, fault);
	if (error == 0)
		error = set_up_truth(setup, config, fault);
	if (error == 0)
		error = set_up_trust(setup, config, fault);
	if (error == 0)
		error = set_up_workers(setup, config, fault);
	if (error == 0)
		return setup;
	protocol_setup_destroy(setup);
	return NULL;
}

void
protocol_setup_destroy(struct protocol_setup *setup)
{
	if (setup == NULL)
		return;
	for (uint32_t i = 0; i < setup->worker_count; i++)
		dot_worker_destroy(setup->workers[i]);
	free(setup->workers);
	ca_store_destroy(setup->ca_store);
	dns_truth_destroy(setup->truth);
	free(setup);
}

const struct protocol *
protocol_setup_protocol(const struct protocol_setup *setup)
{
	return &dot_protocol;
}

void *
protocol_setup_context(const struct protocol_setup *setup, uint32_t verify_worker)
{
	return setup->workers[verify_worker];
}

int
protocol_setup_refresh(struct protocol_setup *setup, struct fault *fault)
{
	return truth_watch_look(&setup->truth_watch, fault);
}
