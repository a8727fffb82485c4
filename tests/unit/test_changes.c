/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "survey/changes.h"

/* A scan, to which hosts are added in the order of their addresses. */
static void
add(struct survey_set *set, uint32_t address, enum outcome outcome, uint8_t key,
	const char *country)
{
	struct survey_certificate leaf = { .details_hash = key, .has_spki = key != 0 };
	struct survey_host *host = survey_set_new_host(set);

	assert_non_null(host);
	host->address = address;
	host->port = 853;
	host->outcome = (uint8_t)outcome;
	host->country = (uint16_t)(country[0] << 8 | country[1]);
	host->timestamp_us = 1;
	if (key == 0)
		return;
	host->status = key % 2 == 0 ? CERTIFICATE_STATUS_OK : CERTIFICATE_STATUS_EXPIRED;
	memset(leaf.spki_sha256, key, sizeof(leaf.spki_sha256));
	assert_int_equal(survey_set_intern(set, &leaf, &host->certificate), 0);
}

struct scans {
	struct survey_set before;
	struct survey_set now;
};

static int
make_scans(void **state)
{
	struct scans *scans = calloc(1, sizeof(*scans));

	assert_non_null(scans);
	assert_int_equal(survey_set_init(&scans->before), 0);
	assert_int_equal(survey_set_init(&scans->now), 0);
	/* Stayed; another key; another outcome and status; gone for good; fell silent; never open; new. */
	add(&scans->before, 1, OUTCOME_ANSWER_RIGHT, 2, "DE");
	add(&scans->before, 2, OUTCOME_ANSWER_RIGHT, 2, "DE");
	add(&scans->before, 3, OUTCOME_ANSWER_RIGHT, 2, "DE");
	add(&scans->before, 4, OUTCOME_DNS_REFUSED, 2, "IE");
	add(&scans->before, 5, OUTCOME_ANSWER_RIGHT, 2, "IE");
	add(&scans->before, 6, OUTCOME_TLS_SILENT, 0, "IE");
	add(&scans->now, 1, OUTCOME_ANSWER_RIGHT, 2, "DE");
	add(&scans->now, 2, OUTCOME_ANSWER_RIGHT, 4, "DE");
	add(&scans->now, 3, OUTCOME_DNS_SERVFAIL, 3, "DE");
	add(&scans->now, 5, OUTCOME_TLS_CLOSED, 0, "IE");
	add(&scans->now, 6, OUTCOME_TLS_SILENT, 0, "IE");
	add(&scans->now, 7, OUTCOME_ANSWER_WRONG, 6, "FR");
	assert_int_equal(survey_set_finish(&scans->before), 0);
	assert_int_equal(survey_set_finish(&scans->now), 0);
	*state = scans;
	return 0;
}

static int
clear_scans(void **state)
{
	struct scans *scans = *state;

	survey_set_clear(&scans->before);
	survey_set_clear(&scans->now);
	free(scans);
	return 0;
}

static void
counts_what_became_of_each_address(void **state)
{
	struct scans *scans = *state;
	struct findings findings = { 0 };

	assert_int_equal(findings_count(&findings, &scans->now), 0);
	assert_int_equal(changes_add(&findings, &scans->before), 0);
	const struct change_findings *change = &findings.change;
	assert_true(change->has_baseline);
	assert_int_equal(change->before, 5);
	assert_int_equal(change->now, 4);
	assert_int_equal(change->stayed, 3);
	assert_int_equal(change->appeared, 1);
	assert_int_equal(change->gone, 2);
	assert_int_equal(change->changed_key, 2);
	assert_int_equal(change->changed_outcome, 2);
	assert_int_equal(change->changed_status, 1);
	findings_clear(&findings);
}

static void
grows_by_country(void **state)
{
	struct scans *scans = *state;
	struct findings findings = { 0 };
	char text[64];

	assert_int_equal(findings_count(&findings, &scans->now), 0);
	assert_int_equal(changes_add(&findings, &scans->before), 0);
	const struct table *growth = findings_table(&findings, "growth");
	assert_non_null(growth);
	assert_int_equal(table_rows(growth), 3);
	assert_string_equal(table_at(growth, 0, 0)->text, "DE");
	assert_string_equal(table_format(growth, 3, table_at(growth, 0, 3), text), "0");
	assert_string_equal(table_at(growth, 1, 0)->text, "IE");
	assert_string_equal(table_format(growth, 3, table_at(growth, 1, 3), text), "-100");
	assert_string_equal(table_at(growth, 2, 0)->text, "FR");
	assert_true(table_at(growth, 2, 3)->is_null);
	findings_clear(&findings);
}

/* Against itself nothing changed. */
static void
finds_nothing_where_nothing_changed(void **state)
{
	struct scans *scans = *state;
	struct findings findings = { 0 };

	assert_int_equal(findings_count(&findings, &scans->now), 0);
	assert_int_equal(changes_add(&findings, &scans->now), 0);
	assert_int_equal(findings.change.stayed, 4);
	assert_int_equal(findings.change.appeared + findings.change.gone +
				 findings.change.changed_key + findings.change.changed_outcome +
				 findings.change.changed_status,
		0);
	findings_clear(&findings);
}

static void
lists_what_changed(void **state)
{
	struct scans *scans = *state;
	char folder[] = "/tmp/dotscan-changes-XXXXXX";
	char path[96];
	char text[1024] = "";
	struct fault fault = { "" };

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/tables", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(changes_write_addresses(&scans->now, &scans->before, folder, &fault), 0);
	strcat(path, "/changed-addresses.csv");
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) < sizeof(text) - 1);
	fclose(file);
	unlink(path);
	*strrchr(path, '/') = '\0';
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_string_equal(text,
		"ip,port,country,change,outcome_before,outcome_now,other_key,other_status\n"
		"0.0.0.2,853,DE,stayed,answer-right,answer-right,yes,\n"
		"0.0.0.3,853,DE,stayed,answer-right,dns-servfail,yes,yes\n"
		"0.0.0.4,853,IE,gone,dns-refused,,,\n"
		"0.0.0.5,853,IE,gone,answer-right,tls-closed,,\n"
		"0.0.0.7,853,FR,new,,answer-wrong,,\n");
}

#define SCANNED(test) cmocka_unit_test_setup_teardown(test, make_scans, clear_scans)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCANNED(counts_what_became_of_each_address),
		SCANNED(grows_by_country),
		SCANNED(finds_nothing_where_nothing_changed),
		SCANNED(lists_what_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
