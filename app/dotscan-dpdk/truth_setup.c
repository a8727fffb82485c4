/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <strings.h>

#include "base/error.h"
#include "base/number.h"
#include "record/timestamp.h"
#include "trace/truth_file.h"
#include "truth_setup.h"

#define NS_PER_US      1000
#define CLOCK_SLACK_US 300000000 /* clocks of two machines may differ by so much */

static int
refuse(const struct scan_config *config, const char *reason, struct fault *fault)
{
	return scan_config_fault(
		config, "verify.truth", fault, "%s: %s", config->verify.truth, reason);
}

static int
check_question(const struct scan_config *config, const struct truth_file *file, struct fault *fault)
{
	if (truth_file_same_name(file->name, config->verify.name) &&
		strcasecmp(file->type, config->verify.type) == 0)
		return 0;
	return scan_config_fault(config, "verify.truth", fault,
		"%s is for %.300s %.15s; accepted: for verify.name and verify.type, as dotscan-trace '%s' %s --truth makes it",
		config->verify.truth, file->name, file->type, config->verify.name,
		config->verify.type);
}

static bool
is_too_old(const struct scan_config *config, int64_t moment_us, int64_t now_us)
{
	const uint64_t maximum_ns = config->verify.truth_max_age_ns;

	return maximum_ns != 0 && now_us - moment_us > (int64_t)(maximum_ns / NS_PER_US);
}

static int
check_age(const struct scan_config *config, const struct truth_file *file, int64_t now_us,
	struct fault *fault)
{
	char taken[TIMESTAMP_SIZE];
	char maximum[32];

	(void)timestamp_format_us(file->taken_us, taken);
	if (file->taken_us > now_us + CLOCK_SLACK_US)
		return scan_config_fault(config, "verify.truth", fault,
			"%s is of %s, which is in the future; accepted: a truth of now",
			config->verify.truth, taken);
	if (!is_too_old(config, file->taken_us, now_us))
		return 0;
	return scan_config_fault(config, "verify.truth", fault,
		"%s is of %s and too old; accepted: not older than verify.truth_max_age, %s",
		config->verify.truth, taken,
		duration_format(config->verify.truth_max_age_ns, maximum));
}

/* What the last run saw or was told; what only earlier runs saw is no sign that the zone is well. */
static bool
has_answer(const struct truth_file *file)
{
	for (size_t i = 0; i < file->variant_count; i++) {
		if (file->variants[i].seen_us >= file->taken_us)
			return true;
	}
	return false;
}

static int
check_agreement(
	const struct scan_config *config, const struct truth_file *file, struct fault *fault)
{
	if (!has_answer(file))
		return refuse(config,
			"the zone's servers gave no answer; accepted: at least one answer", fault);
	if (file->is_split && !config->verify.truth_accept_split)
		return refuse(config,
			"the zone's servers give different answers; accepted: with verify.truth_accept_split: true, and then each of them is right",
			fault);
	if (file->is_lame && !config->verify.truth_accept_lame)
		return refuse(config,
			"a server of the zone is lame; accepted: with verify.truth_accept_lame: true",
			fault);
	return 0;
}

static int
add_variants(const struct scan_config *config, const struct truth_file *file, uint16_t type,
	int64_t now_us, struct dns_truth *truth, struct fault *fault)
{
	struct fault reason = { { 0 } };

	for (size_t i = 0; i < file->variant_count; i++) {
		const struct truth_variant *variant = &file->variants[i];
		if (is_too_old(config, variant->seen_us, now_us))
			continue;
		if (dns_truth_add(truth, type, (const char *const *)variant->data, variant->count,
			    &reason) != 0)
			return refuse(config, reason.text, fault);
	}
	return 0;
}

/* A running scan takes what a changing zone shows: servers that disagree for a while, or that are lame. */
static int
read_file(const struct scan_config *config, uint16_t type, int64_t now_us, bool is_running,
	struct dns_truth *truth, struct fault *fault)
{
	struct truth_file file;
	struct fault reason = { { 0 } };

	int error = truth_file_read(config->verify.truth, &file, &reason);
	if (error != 0)
		error = scan_config_fault(config, "verify.truth", fault, "%s", reason.text);
	if (error == 0)
		error = check_question(config, &file, fault);
	if (error == 0)
		error = check_age(config, &file, now_us, fault);
	if (error == 0 && !is_running)
		error = check_agreement(config, &file, fault);
	if (error == 0)
		error = add_variants(config, &file, type, now_us, truth, fault);
	truth_file_clear(&file);
	return error;
}

int
truth_setup(const struct scan_config *config, uint16_t type, int64_t now_us,
	struct dns_truth **truth_out, struct fault *fault)
{
	const struct config_verify *verify = &config->verify;
	struct fault reason = { { 0 } };
	int error = 0;

	*truth_out = NULL;
	if (verify->truth[0] == '\0' && verify->expect_count == 0)
		return 0;
	struct dns_truth *truth = dns_truth_create();
	if (truth == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	if (verify->truth[0] != '\0')
		error = read_file(config, type, now_us, false, truth, fault);
	else if (dns_truth_add(truth, type, (const char *const *)verify->expect,
			 verify->expect_count, &reason) != 0)
		error = scan_config_fault(config, "verify.expect", fault, "%s", reason.text);
	if (error == 0)
		*truth_out = truth;
	else
		dns_truth_destroy(truth);
	return error;
}

int
truth_setup_add(const struct scan_config *config, uint16_t type, int64_t now_us,
	struct dns_truth *truth, struct fault *fault)
{
	return read_file(config, type, now_us, true, truth, fault);
}
