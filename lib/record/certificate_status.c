/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "record/certificate_status.h"

static const char *const status_texts[CERTIFICATE_STATUS_COUNT] = {
#define X(name, text) text,
	CERTIFICATE_STATUS_LIST(X)
#undef X
};

static const char *const flag_texts[CERTIFICATE_FLAG_COUNT] = {
#define X(name, text) text,
	CERTIFICATE_FLAG_LIST(X)
#undef X
};

const char *
certificate_status_text(enum certificate_status status)
{
	return status_texts[status];
}

const char *
certificate_flag_text(enum certificate_flag flag)
{
	return flag_texts[flag];
}

bool
certificate_status_parse(const char *text, enum certificate_status *status_out)
{
	for (unsigned int i = 0; i < CERTIFICATE_STATUS_COUNT; i++) {
		if (strcmp(status_texts[i], text) == 0) {
			*status_out = (enum certificate_status)i;
			return true;
		}
	}
	return false;
}
