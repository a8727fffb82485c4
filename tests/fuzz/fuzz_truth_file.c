/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A truth file that somebody edited is refused with a reason, or stays within its limits and can be judged by. */
#include <stdlib.h>

#include "dns/dns_rdata.h"
#include "dns/dns_truth.h"
#include "trace/truth_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
judge_by(const struct truth_file *file)
{
	struct dns_truth *truth = dns_truth_create();
	struct fault fault = { "" };
	size_t added = 0;

	require(truth != NULL && file->variant_count <= TRUTH_FILE_VARIANTS_MAX);
	require(file->name != NULL && file->type != NULL && file->json != NULL);
	for (size_t i = 0; i < file->variant_count; i++) {
		const struct truth_variant *variant = &file->variants[i];
		require(variant->count > 0 && variant->count <= TRUTH_FILE_DATA_MAX);
		if (dns_truth_add(truth, DNS_TYPE_A, (const char *const *)variant->data,
			    variant->count, &fault) == 0)
			added++;
		else
			require(fault.text[0] != '\0');
	}
	require(dns_truth_count(truth) <= added);
	dns_truth_destroy(truth);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault = { "" };
	struct truth_file file;

	if (truth_file_parse((const char *)data, size, "fuzz", &file, &fault) == 0)
		judge_by(&file);
	else
		require(fault.text[0] != '\0');
	truth_file_clear(&file);
	return 0;
}
