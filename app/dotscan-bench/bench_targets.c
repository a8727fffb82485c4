/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "base/random.h"
#include "bench_port.h"
#include "bench_targets.h"

/* Public addresses without a reserved block in them, for blocks up to a /3. */
#define BLOCK_ADDRESS "64.0.0.0"
#define LAB_NETWORK   "198.18.0.0/15"
#define TEXT_SIZE     24

/* The same in every run, so that runs can be compared. */
#define EXCLUSION_SEED 853

static void
write_block(const struct bench_options *options, char *text)
{
	if (!bench_port_is_private(options->device))
		(void)snprintf(text, TEXT_SIZE, "%s", LAB_NETWORK);
	else
		(void)snprintf(text, TEXT_SIZE, "%s/%" PRIu64,
			options->bits >= 30 ? "0.0.0.0" : BLOCK_ADDRESS, 32 - options->bits);
}

/* Random networks inside the block. */
static void
write_exclusion(
	const struct ipv4_range *block, struct random_sequence *random, char text[TEXT_SIZE])
{
	const uint32_t size = block->last - block->first;
	const uint32_t address = block->first + (uint32_t)random_below(random, (uint64_t)size + 1);
	char quad[IPV4_TEXT_SIZE];
	/* Wide ones would leave nothing of a small block. */
	const uint64_t prefix = size > 0xffffff ? 24 + random_below(random, 9) : 32;

	(void)snprintf(text, TEXT_SIZE, "%s/%" PRIu64, ipv4_format(address, quad), prefix);
}

int
bench_targets_init(
	struct target_list *targets, const struct bench_options *options, struct fault *fault)
{
	struct random_sequence random = { EXCLUSION_SEED };
	struct ipv4_range block = { 0, 0 };
	char include[TEXT_SIZE];
	const char *includes[] = { include };
	char(*texts)[TEXT_SIZE] = calloc(options->exclusions + 1, sizeof(*texts));
	const char **excludes = calloc(options->exclusions + 1, sizeof(*excludes));
	int error = ERROR_MEMORY;

	write_block(options, include);
	if (texts != NULL && excludes != NULL && ipv4_range_parse(include, &block)) {
		for (size_t i = 0; i < options->exclusions; i++) {
			write_exclusion(&block, &random, texts[i]);
			excludes[i] = texts[i];
		}
		const struct target_settings settings = {
			.include = { includes, 1 },
			.exclude = { excludes, options->exclusions },
			.allow_reserved = !bench_port_is_private(options->device),
		};
		error = target_list_init(targets, &settings, fault);
	}
	if (error == ERROR_MEMORY)
		(void)fault_set(fault, error, "out of memory for %" PRIu64 " exclusions",
			options->exclusions);
	else if (error == 0 && targets->set.count == 0)
		error = fault_set(fault, ERROR_INPUT,
			"--exclusions leaves no target; accepted: fewer, or more --bits");
	free(texts);
	free(excludes);
	return error;
}
