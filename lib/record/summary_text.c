/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "record/summary_text.h"
#include "record/timestamp.h"

#define WHY_SIZE 160

static double
percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static const char *
end_sentence(enum run_end end)
{
	static const char *const sentences[] = {
#define X(name, text, sentence) sentence,
		RUN_END_LIST(X)
#undef X
	};

	return sentences[end];
}

/* Whole seconds are enough for people. */
static void
format_moment(int64_t microseconds, char *text)
{
	if (!timestamp_format_seconds(microseconds / 1000000, text))
		strcpy(text, "?");
}

static void
print_time(const struct summary *summary, FILE *file)
{
	const int64_t seconds = (summary->finished_us - summary->started_us) / 1000000;
	char started[TIMESTAMP_SIZE];
	char finished[TIMESTAMP_SIZE];

	format_moment(summary->started_us, started);
	format_moment(summary->finished_us, finished);
	fprintf(file, "  time      %s to %s (%" PRId64 ":%02d:%02d)\n", started, finished,
		seconds / 3600, (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void
print_head(const struct summary *summary, FILE *file)
{
	char asked[32];
	char sent[32];

	fprintf(file,
		"Scan \"%s\", port %u, shard %" PRIu32 " of %" PRIu32 ", seed %" PRIu64 ": %s\n",
		summary->scan, summary->port, summary->shard_index + 1, summary->shard_count,
		summary->seed, end_sentence(summary->end));
	print_time(summary, file);
	fprintf(file,
		"  targets   %" PRIu64 " planned (%" PRIu64 " named, %" PRIu64
		" excluded), %" PRIu32 " probe%s each\n",
		summary->targets.planned, summary->targets.included, summary->targets.excluded,
		summary->probes, summary->probes == 1 ? "" : "s");
	fprintf(file, "  sent      %" PRIu64 " SYN at %s a second (asked: %s)", summary->sent.syn,
		count_format(summary->sent_pps, sent),
		summary->asked_pps == 0 ? "line" : rate_format(summary->asked_pps, asked));
	if (summary->sent.skipped > 0)
		fprintf(file, ", %" PRIu64 " not needed", summary->sent.skipped);
	fprintf(file,
		"\n  received  %" PRIu64 " SYN-ACK, %" PRIu64 " RST, %" PRIu64 " ICMP, %" PRIu64
		" duplicates, %" PRIu64 " invalid\n",
		summary->received.synack, summary->received.rst, summary->received.icmp,
		summary->received.duplicate, summary->received.invalid);
	fprintf(file, "  answered  %" PRIu64 " of %" PRIu64 " targets (%.3g %%)\n",
		summary->books.hits, summary->targets.planned,
		percent(summary->books.hits, summary->targets.planned));
}

static void
print_outcomes(const struct tally *tally, FILE *file)
{
	fprintf(file, "\n  %-22s %10s %8s\n", "outcome", "addresses", "share");
	/* The best first: they are what people look for. Absent ones are in summary.json. */
	for (unsigned int i = OUTCOME_COUNT; i-- > 0;) {
		const enum outcome outcome = (enum outcome)i;

		if (tally->outcomes[i] > 0)
			fprintf(file, "  %-22s %10" PRIu64 " %6.2f %%  %s\n", outcome_text(outcome),
				tally->outcomes[i], percent(tally->outcomes[i], tally->records),
				outcome_sentence(outcome));
	}
	if (tally->records == 0)
		fprintf(file, "  none\n");
}

static void
print_certificates(const struct tally *tally, FILE *file)
{
	const uint64_t presented = tally->records - tally->no_certificate;

	fprintf(file, "\n  %-22s %10s %8s\n", "certificate", "addresses", "share");
	for (unsigned int i = 0; i < CERTIFICATE_STATUS_COUNT; i++) {
		if (tally->certificates[i] > 0)
			fprintf(file, "  %-22s %10" PRIu64 " %6.2f %%\n",
				certificate_status_text((enum certificate_status)i),
				tally->certificates[i], percent(tally->certificates[i], presented));
	}
	if (presented == 0)
		fprintf(file, "  none\n");
}

static void
print_books(const struct summary *summary, FILE *file)
{
	char why[WHY_SIZE];

	fprintf(file, "\n  losses    ");
	if (summary_lost(summary) == 0)
		fprintf(file, "none");
	for (size_t i = 0, printed = 0; i < summary->loss_count; i++) {
		if (summary->losses[i].count > 0)
			fprintf(file, "%s%s %" PRIu64, printed++ == 0 ? "" : ", ",
				summary->losses[i].name, summary->losses[i].count);
	}
	fprintf(file, "\n  books     ");
	if (summary_is_balanced(summary, why, sizeof(why)))
		fprintf(file, "balance: ");
	else
		fprintf(file, "DO NOT BALANCE, %s: ", why);
	fprintf(file, "%" PRIu64 " hits, %" PRIu64 " records, %" PRIu64 " in flight\n",
		summary->books.hits, summary->tally.records, summary->books.in_flight);
}

void
summary_print(const struct summary *summary, const char *folder, bool with_csv, FILE *file)
{
	print_head(summary, file);
	print_outcomes(&summary->tally, file);
	print_certificates(&summary->tally, file);
	print_books(summary, file);
	fprintf(file, "  files     %s/records.jsonl, summary.json, certificates.jsonl%s\n", folder,
		with_csv ? ", records.csv" : "");
}
