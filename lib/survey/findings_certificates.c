/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "survey/findings.h"

#define DAY 86400LL

static void
put_three(struct table *table, uint64_t tls, uint64_t reply, uint64_t right,
	const struct survey_counts *all)
{
	table_put_number(table, (double)reply);
	table_put_share(table, reply, all->steps[FUNNEL_REPLY]);
	table_put_number(table, (double)right);
	table_put_share(table, right, all->steps[FUNNEL_RIGHT]);
	table_put_number(table, (double)tls);
}

static void
add_three_columns(struct table *table)
{
	table_column(table, "resolvers_2019", "any valid reply", COLUMN_COUNT);
	table_column(table, "share_2019", "share", COLUMN_SHARE);
	table_column(table, "resolvers", "right answer", COLUMN_COUNT);
	table_column(table, "share", "share", COLUMN_SHARE);
	table_column(table, "tls", "all with TLS", COLUMN_COUNT);
}

static void
add_statuses(struct findings *findings)
{
	struct table *table = findings_new_table(findings, "certificates", "Certificates",
		"The chain as a verifier sees it; the name is not asked. Counted for both definitions of an open resolver.");
	const struct survey_counts *all = &findings->all;

	table_column(table, "status", "certificate", COLUMN_TEXT);
	add_three_columns(table);
	for (unsigned int status = 0; status < STATUS_COUNT; status++) {
		table_put_text(
			table, status == STATUS_NONE
				       ? "none presented"
				       : certificate_status_text((enum certificate_status)status));
		put_three(table, all->statuses_tls[status], all->statuses_reply[status],
			all->statuses_right[status], all);
	}
	(void)table_sort(table, 1);
}

static void
add_flags(struct findings *findings)
{
	uint64_t counts[CERTIFICATE_FLAG_COUNT][3] = { 0 };
	struct table *table =
		findings_new_table(findings, "certificate-flags", "All that is true of a chain",
			"A chain can be expired and self-signed at once: each is counted.");

	table_column(table, "flag", "flag", COLUMN_TEXT);
	add_three_columns(table);
	for (uint32_t i = 0; i < findings->set->host_count; i++) {
		const struct survey_host *host = &findings->set->hosts[i];

		for (unsigned int flag = 0; flag < CERTIFICATE_FLAG_COUNT; flag++) {
			if ((host->certificate_flags & CERTIFICATE_FLAG_BIT(flag)) == 0)
				continue;
			counts[flag][0] += host->outcome >= OUTCOME_DNS_SILENT;
			counts[flag][1] += survey_is_open_2019(host);
			counts[flag][2] += survey_is_open(host);
		}
	}
	for (unsigned int flag = 0; flag < CERTIFICATE_FLAG_COUNT; flag++) {
		if (counts[flag][0] == 0)
			continue;
		table_put_text(table, certificate_flag_text((enum certificate_flag)flag));
		put_three(table, counts[flag][0], counts[flag][1], counts[flag][2], &findings->all);
	}
	(void)table_sort(table, 1);
}

/* Where the certificate stands in its life at the moment it was seen. */
static unsigned int
horizon_of(const struct survey_host *host, const struct survey_certificate *leaf)
{
	const int64_t left = leaf->not_after - host->timestamp_us / 1000000;

	if (left < -365 * DAY)
		return 0;
	if (left < 0)
		return 1;
	if (left < 14 * DAY)
		return 2;
	if (left < 90 * DAY)
		return 3;
	if (left < 398 * DAY)
		return 4;
	return left < 10 * 365 * DAY ? 5 : 6;
}

static void
add_horizon(struct findings *findings)
{
	static const char *const words[] = { "expired over a year ago", "expired within a year",
		"ends within 14 days", "ends within 90 days", "ends within 398 days",
		"ends within 10 years", "ends later" };
	uint64_t counts[7][3] = { 0 };
	struct table *table = findings_new_table(
		findings, "validity", "When certificates end", "At the moment they were seen.");

	table_column(table, "validity", "validity", COLUMN_TEXT);
	add_three_columns(table);
	for (uint32_t i = 0; i < findings->set->host_count; i++) {
		const struct survey_host *host = &findings->set->hosts[i];
		const struct survey_certificate *leaf = survey_certificate_of(findings->set, host);

		if (leaf == NULL || !leaf->has_validity)
			continue;
		uint64_t *row = counts[horizon_of(host, leaf)];
		row[0] += host->outcome >= OUTCOME_DNS_SILENT;
		row[1] += survey_is_open_2019(host);
		row[2] += survey_is_open(host);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		table_put_text(table, words[i]);
		put_three(table, counts[i][0], counts[i][1], counts[i][2], &findings->all);
	}
}

void
findings_add_certificates(struct findings *findings)
{
	add_statuses(findings);
	add_flags(findings);
	add_horizon(findings);
}
