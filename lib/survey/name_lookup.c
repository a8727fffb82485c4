/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/ipv4.h"
#include "pacing/pacer.h"
#include "survey/dns_client.h"
#include "survey/name_lookup.h"
#include "survey/name_set.h"

#define BURST_MS       5
#define WAIT_MS        5
#define PROGRESS_STEPS 64

struct lookup_question {
	uint32_t subject;
	uint8_t type;
};

struct lookup_run {
	struct name_book *book;
	struct survey_set *set;
	const struct lookup_settings *settings;
	struct lookup_counts *counts;
	struct lookup_question *questions;
	uint32_t question_count;
	uint32_t question_capacity;
	uint8_t *is_listed; /* by the number of a text, a bit each */
	uint32_t listed_size;
	FILE *file;
	uint64_t done;
	int error;
};

static uint64_t
now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int
list_question(struct lookup_run *run, enum lookup_type type, uint32_t subject)
{
	if (run->question_count == run->question_capacity) {
		const uint32_t capacity = run->question_capacity * 2 + 1024;
		struct lookup_question *grown =
			reallocarray(run->questions, capacity, sizeof(*grown));
		if (grown == NULL)
			return ERROR_MEMORY;
		run->questions = grown;
		run->question_capacity = capacity;
	}
	run->questions[run->question_count++] = (struct lookup_question){ subject, (uint8_t)type };
	return 0;
}

/* Whether a name is listed already; it is from now on. */
static bool
was_listed(struct lookup_run *run, uint32_t name)
{
	const uint8_t bit = (uint8_t)(1U << (name & 7));

	if (name >> 3 >= run->listed_size)
		return true;
	const bool was = (run->is_listed[name >> 3] & bit) != 0;
	run->is_listed[name >> 3] |= bit;
	return was;
}

static int
list_name(struct lookup_run *run, uint32_t name)
{
	if (name == TEXT_NONE || was_listed(run, name) ||
		name_book_find(run->book, LOOKUP_A, name) != NULL ||
		!name_book_is_askable(survey_text(run->set, name)))
		return 0;
	return list_question(run, LOOKUP_A, name);
}

/* First the addresses, then the names: what the addresses are called is known by then. */
static int
list_questions(struct lookup_run *run, const struct host_keys *keys, enum lookup_type type)
{
	int error = 0;

	run->question_count = 0;
	run->done = 0;
	for (uint32_t node = 0; node < keys->node_count && error == 0; node++) {
		const uint32_t first = keys->node_holding[node];
		const struct survey_host *host = host_keys_host(keys, run->set, first);

		if (type == LOOKUP_PTR) {
			if (name_book_find(run->book, LOOKUP_PTR, host->address) == NULL)
				error = list_question(run, LOOKUP_PTR, host->address);
			continue;
		}
		for (uint32_t h = first; h < keys->node_holding[node + 1] && error == 0; h++) {
			const struct survey_host *at = host_keys_host(keys, run->set, h);
			uint32_t name;
			for (uint32_t i = 0;
				error == 0 && name_set_name(run->set, run->book, at, i, &name); i++)
				error = list_name(run, name);
		}
	}
	return error;
}

static void
write_line(struct lookup_run *run, const struct dns_client_answer *answer)
{
	char address[IPV4_TEXT_SIZE];

	if (answer->type == LOOKUP_PTR) {
		(void)fprintf(run->file,
			"{\"schema\":1,\"type\":\"PTR\",\"name\":\"%s\",\"answers\":[",
			ipv4_format(answer->subject, address));
		if (answer->status == LOOKUP_FOUND)
			(void)fprintf(run->file, "\"%s\"", answer->name);
	} else {
		/* Names that are asked have no character that JSON would escape. */
		(void)fprintf(run->file,
			"{\"schema\":1,\"type\":\"A\",\"name\":\"%s\",\"answers\":[",
			survey_text(run->set, answer->subject));
		for (uint32_t i = 0; i < answer->address_count; i++)
			(void)fprintf(run->file, "%s\"%s\"", i > 0 ? "," : "",
				ipv4_format(answer->addresses[i], address));
	}
	(void)fputs("]}\n", run->file);
}

static void
keep_answer(void *context, const struct dns_client_answer *answer)
{
	struct lookup_run *run = context;
	uint32_t name = TEXT_NONE;
	int error = 0;

	run->done++;
	if (answer->status == LOOKUP_UNKNOWN) {
		run->counts->failed++;
		return;
	}
	run->counts->found += answer->status == LOOKUP_FOUND;
	run->counts->nothing += answer->status == LOOKUP_NOTHING;
	if (answer->type == LOOKUP_PTR && answer->status == LOOKUP_FOUND)
		error = text_pool_add(&run->set->texts, answer->name, strlen(answer->name), &name);
	if (error == 0 && answer->type == LOOKUP_PTR)
		error = name_book_add(run->book, LOOKUP_PTR, answer->subject, answer->status, &name,
			answer->status == LOOKUP_FOUND ? 1 : 0);
	else if (error == 0)
		error = name_book_add(run->book, LOOKUP_A, answer->subject, answer->status,
			answer->addresses, answer->address_count);
	if (error != 0)
		run->error = error;
	write_line(run, answer);
}

/* Keep as many questions in flight as rate and limit allow, until all are answered. */
static int
ask_all(struct lookup_run *run, struct dns_client *client)
{
	const struct lookup_settings *settings = run->settings;
	const uint64_t burst = settings->rate * BURST_MS / 1000 + 1;
	struct pacer pacer;
	uint32_t asked = 0;

	pacer_init(&pacer, settings->rate, burst, now_ns());
	for (unsigned int step = 0; asked < run->question_count || dns_client_in_flight(client) > 0;
		step++) {
		const uint32_t room = settings->in_flight - dns_client_in_flight(client);
		const uint32_t left = run->question_count - asked;
		uint64_t granted = pacer_take(&pacer, left < room ? left : room, now_ns());

		run->counts->asked += granted;
		for (; granted > 0 && run->error == 0; granted--) {
			const struct lookup_question *question = &run->questions[asked++];
			const char *name = question->type == LOOKUP_A
						   ? survey_text(run->set, question->subject)
						   : NULL;
			run->error =
				dns_client_ask(client, question->type, question->subject, name);
		}
		dns_client_wait(client, left > 0 && room > 0 ? 1 : WAIT_MS);
		if (run->error != 0)
			return run->error;
		if (step % PROGRESS_STEPS == 0 &&
			!settings->progress(settings->context, run->done, run->question_count))
			return 1;
	}
	(void)settings->progress(settings->context, run->done, run->question_count);
	return 0;
}

static int
ask_both(struct lookup_run *run, const struct host_keys *keys, struct fault *fault)
{
	struct dns_client *client = NULL;
	int error = dns_client_create(&client, run->settings->resolver, run->settings->timeout_ms,
		keep_answer, run, fault);

	if (error != 0)
		return error;
	error = list_questions(run, keys, LOOKUP_PTR);
	if (error == 0)
		error = ask_all(run, client);
	run->listed_size = (run->set->texts.count >> 3) + 1;
	run->is_listed = calloc(run->listed_size, 1);
	if (error == 0 && run->is_listed == NULL)
		error = ERROR_MEMORY;
	if (error == 0)
		error = list_questions(run, keys, LOOKUP_A);
	if (error == 0)
		error = ask_all(run, client);
	/* What is still in flight is told as failed, to a run that is still there. */
	dns_client_destroy(client);
	return error;
}

int
name_lookup_run(struct name_book *book, struct survey_set *set, const struct host_keys *keys,
	const struct lookup_settings *settings, struct lookup_counts *counts, struct fault *fault)
{
	struct lookup_run run = {
		.book = book, .set = set, .settings = settings, .counts = counts
	};

	*counts = (struct lookup_counts){ 0 };
	run.file = fopen(settings->path, "ae");
	if (run.file == NULL)
		return fault_set(fault, ERROR_FILE, "%s: cannot write: %s", settings->path,
			strerrordesc_np(errno));
	int error = ask_both(&run, keys, fault);
	const bool is_written = ferror(run.file) == 0;
	if ((fclose(run.file) != 0 || !is_written) && error >= 0)
		error = fault_set(fault, ERROR_FILE, "%s: cannot write: %s", settings->path,
			strerrordesc_np(errno));
	free(run.questions);
	free(run.is_listed);
	return error;
}
