/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "record/atomic_file.h"
#include "record/json_builder.h"
#include "record/summary.h"

#define WHY_SIZE 160

int
summary_add_loss(struct summary *summary, const char *name, uint64_t count)
{
	if (summary->loss_count == SUMMARY_LOSSES)
		return ERROR_FULL;
	summary->losses[summary->loss_count++] = (struct summary_loss){ name, count };
	return 0;
}

uint64_t
summary_lost(const struct summary *summary)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < summary->loss_count; i++)
		lost += summary->losses[i].count;
	return lost;
}

static bool
is_stopped(const struct summary *summary)
{
	return summary->end != RUN_END_COMPLETE;
}

/* One line of the books. */
struct claim {
	const char *left_name;
	uint64_t left;
	const char *right_name;
	uint64_t right;
};

bool
summary_is_balanced(const struct summary *summary, char *why, size_t why_size)
{
	const uint64_t records = summary->tally.records;
	const uint64_t due = summary->targets.planned * summary->probes;
	const uint64_t visited = summary->targets.visited;
	const uint64_t in_flight = summary->books.in_flight;
	uint64_t outcomes = 0;

	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		outcomes += summary->tally.outcomes[i];
	const struct claim claims[] = {
		{ "SYNs sent and visits skipped", summary->sent.syn + summary->sent.skipped,
			"visits of targets", visited },
		{ "visits of targets", visited, "planned targets times probes",
			is_stopped(summary) ? visited : due },
		{ "hits in flight", is_stopped(summary) ? 0 : in_flight, "those allowed at the end",
			0 },
		{ "hits", summary->books.hits, "records and hits in flight", records + in_flight },
		{ "outcomes", outcomes, "records", records },
	};
	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		if (claims[i].left == claims[i].right)
			continue;
		if (why != NULL)
			(void)snprintf(why, why_size, "%s are %" PRIu64 ", but %s are %" PRIu64,
				claims[i].left_name, claims[i].left, claims[i].right_name,
				claims[i].right);
		return false;
	}
	return true;
}

enum run_exit
summary_exit_code(const struct summary *summary)
{
	switch (summary->end) {
	case RUN_END_FAILURE:
		return RUN_EXIT_FAILURE;
	case RUN_END_INTERRUPTED:
		return RUN_EXIT_INTERRUPTED;
	case RUN_END_COMPLETE:
	case RUN_END_LIMIT:
		break;
	}
	return summary_is_balanced(summary, NULL, 0) && summary_lost(summary) == 0
		       ? RUN_EXIT_BALANCED
		       : RUN_EXIT_UNBALANCED;
}

static const char *
end_text(enum run_end end)
{
	static const char *const texts[] = {
#define X(name, text, sentence) text,
		RUN_END_LIST(X)
#undef X
	};

	return texts[end];
}

static void
put_count(struct json_builder *object, const char *key, uint64_t count)
{
	json_builder_put_integer(object, key, count > INT64_MAX ? INT64_MAX : (int64_t)count);
}

static json_t *
shard_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_integer(&object, "index", summary->shard_index);
	json_builder_put_integer(&object, "count", summary->shard_count);
	return json_builder_take(&object);
}

static json_t *
rate_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	/* "line" has no number. */
	json_builder_put_optional(
		&object, "asked_pps", summary->asked_pps != 0, (int64_t)summary->asked_pps);
	json_builder_put(&object, "sent_pps", json_real(summary->sent_pps));
	return json_builder_take(&object);
}

static json_t *
targets_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	put_count(&object, "included", summary->targets.included);
	put_count(&object, "excluded", summary->targets.excluded);
	put_count(&object, "planned", summary->targets.planned);
	put_count(&object, "visited", summary->targets.visited);
	return json_builder_take(&object);
}

static void
put_optional_words(struct json_builder *object, const char *key, const char *words)
{
	json_builder_put_words(object, key, words == NULL ? "" : words);
}

static json_t *
geo_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	put_optional_words(&object, "country", summary->country);
	put_optional_words(&object, "country_db_built", summary->country_db_date);
	put_optional_words(&object, "asn_db_built", summary->asn_db_date);
	return json_builder_take(&object);
}

static json_t *
sent_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	put_count(&object, "syn", summary->sent.syn);
	put_count(&object, "retries", summary->sent.retries);
	put_count(&object, "skipped", summary->sent.skipped);
	put_count(&object, "reprobes", summary->sent.reprobes);
	return json_builder_take(&object);
}

static json_t *
received_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	put_count(&object, "synack", summary->received.synack);
	put_count(&object, "rst", summary->received.rst);
	put_count(&object, "icmp", summary->received.icmp);
	put_count(&object, "duplicate", summary->received.duplicate);
	put_count(&object, "invalid", summary->received.invalid);
	return json_builder_take(&object);
}

static json_t *
outcomes_json(const struct tally *tally)
{
	struct json_builder object;

	json_builder_object(&object);
	for (unsigned int i = 0; i < OUTCOME_COUNT; i++)
		put_count(&object, outcome_text((enum outcome)i), tally->outcomes[i]);
	return json_builder_take(&object);
}

static json_t *
certificates_json(const struct tally *tally)
{
	struct json_builder object;

	json_builder_object(&object);
	for (unsigned int i = 0; i < CERTIFICATE_STATUS_COUNT; i++)
		put_count(&object, certificate_status_text((enum certificate_status)i),
			tally->certificates[i]);
	put_count(&object, "none", tally->no_certificate);
	return json_builder_take(&object);
}

static json_t *
losses_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	for (size_t i = 0; i < summary->loss_count; i++)
		put_count(&object, summary->losses[i].name, summary->losses[i].count);
	return json_builder_take(&object);
}

static json_t *
books_json(const struct summary *summary)
{
	char why[WHY_SIZE] = "";
	const bool is_balanced = summary_is_balanced(summary, why, sizeof(why));
	struct json_builder object;

	json_builder_object(&object);
	put_count(&object, "hits", summary->books.hits);
	put_count(&object, "records", summary->tally.records);
	put_count(&object, "in_flight", summary->books.in_flight);
	json_builder_put(&object, "balanced", json_boolean(is_balanced));
	json_builder_put_words(&object, "why", why);
	return json_builder_take(&object);
}

static json_t *
summary_json(const struct summary *summary)
{
	struct json_builder object;

	json_builder_object(&object);
	json_builder_put_integer(&object, "schema", SUMMARY_SCHEMA);
	json_builder_put_bytes(&object, "scan", summary->scan, strlen(summary->scan));
	json_builder_put_words(&object, "version", summary->version);
	json_builder_put_hexadecimal(&object, "config_sha256", summary->config_sha256, 32);
	put_count(&object, "seed", summary->seed);
	json_builder_put(&object, "shard", shard_json(summary));
	json_builder_put_integer(&object, "port", summary->port);
	json_builder_put_integer(&object, "probes", summary->probes);
	json_builder_put_moment(&object, "started", summary->started_us);
	json_builder_put_moment(&object, "finished", summary->finished_us);
	json_builder_put_words(&object, "end", end_text(summary->end));
	json_builder_put_integer(&object, "exit_code", summary_exit_code(summary));
	json_builder_put(&object, "rate", rate_json(summary));
	json_builder_put(&object, "targets", targets_json(summary));
	json_builder_put(&object, "geo", geo_json(summary));
	json_builder_put(&object, "sent", sent_json(summary));
	json_builder_put(&object, "received", received_json(summary));
	json_builder_put(&object, "outcomes", outcomes_json(&summary->tally));
	json_builder_put(&object, "certificates", certificates_json(&summary->tally));
	json_builder_put(&object, "losses", losses_json(summary));
	json_builder_put(&object, "books", books_json(summary));
	return json_builder_take(&object);
}

int
summary_write(const struct summary *summary, const char *path, struct fault *fault)
{
	json_t *json = summary_json(summary);
	char *text =
		json == NULL ? NULL : json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(8));
	int error = ERROR_MEMORY;

	json_decref(json);
	if (text != NULL) {
		/* The terminating zero makes room for the newline that a text file ends with. */
		const size_t length = strlen(text);
		text[length] = '\n';
		error = atomic_file_write(path, text, length + 1, fault);
	}
	free(text);
	return error;
}
