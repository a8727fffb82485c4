/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "record/outcome.h"

struct outcome_row {
	const char *text;
	const char *sentence;
	enum stage stage;
	bool may_improve;
};

static const struct outcome_row rows[OUTCOME_COUNT] = {
#define X(name, text, stage, may_improve, sentence) \
	[OUTCOME_##name] = { text, sentence, STAGE_##stage, may_improve },
	OUTCOME_LIST(X)
#undef X
};

const char *
outcome_text(enum outcome outcome)
{
	return rows[outcome].text;
}

const char *
outcome_sentence(enum outcome outcome)
{
	return rows[outcome].sentence;
}

enum stage
outcome_stage(enum outcome outcome)
{
	return rows[outcome].stage;
}

bool
outcome_may_improve(enum outcome outcome)
{
	return rows[outcome].may_improve;
}

const char *
stage_text(enum stage stage)
{
	static const char *const texts[STAGE_COUNT] = { "tcp", "tls", "dns", "answer" };

	return texts[stage];
}

bool
outcome_parse(const char *text, enum outcome *outcome_out)
{
	for (unsigned int i = 0; i < OUTCOME_COUNT; i++) {
		if (strcmp(rows[i].text, text) == 0) {
			*outcome_out = (enum outcome)i;
			return true;
		}
	}
	return false;
}
