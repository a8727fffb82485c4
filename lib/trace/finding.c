/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/finding.h"

static const struct {
	const char *key;
	enum finding_severity severity;
	const char *zonemaster;
	bool is_disagreement;
	const char *text;
} kinds[] = {
#define X(name, key, severity, zonemaster, is_disagreement, text) \
	[FINDING_##name] = { key, FINDING_##severity, zonemaster, is_disagreement, text },
	FINDING_LIST(X)
#undef X
};

/* Two names of one zone bring its findings twice. */
static bool
is_known(const struct finding_list *list, const struct finding *finding)
{
	for (const struct finding *seen = list->findings; seen < finding; seen++) {
		if (seen->kind == finding->kind && seen->has_address == finding->has_address &&
			dns_name_equal(&seen->zone, &finding->zone) &&
			dns_name_equal(&seen->server, &finding->server) &&
			(!seen->has_address ||
				trace_address_equal(&seen->address, &finding->address)) &&
			strcmp(seen->detail, finding->detail) == 0)
			return true;
	}
	return false;
}

void
finding_add(struct finding_list *list, enum finding_kind kind, const struct dns_name *zone,
	const struct dns_name *server, const struct trace_address *address, const char *detail, ...)
{
	va_list arguments;

	if (list->findings == NULL)
		list->findings = calloc(FINDINGS_MAX, sizeof(*list->findings));
	if (list->findings == NULL) {
		list->out_of_memory = true;
		return;
	}
	if (list->count == FINDINGS_MAX)
		return;
	struct finding *finding = &list->findings[list->count];
	finding->kind = kind;
	finding->zone = *zone;
	finding->server = *server;
	finding->has_address = address != NULL;
	if (address != NULL)
		finding->address = *address;
	va_start(arguments, detail);
	(void)vsnprintf(finding->detail, sizeof(finding->detail), detail, arguments);
	va_end(arguments);
	if (!is_known(list, finding))
		list->count++;
}

void
finding_list_clear(struct finding_list *list)
{
	free(list->findings);
	*list = (struct finding_list){ .count = 0 };
}

const char *
finding_key(enum finding_kind kind)
{
	return kinds[kind].key;
}

const char *
finding_text(enum finding_kind kind)
{
	return kinds[kind].text;
}

const char *
finding_zonemaster(enum finding_kind kind)
{
	return kinds[kind].zonemaster;
}

enum finding_severity
finding_severity(enum finding_kind kind)
{
	return kinds[kind].severity;
}

const char *
finding_severity_name(enum finding_severity severity)
{
	static const char *const names[] = {
		[FINDING_INFO] = "info",
		[FINDING_NOTICE] = "notice",
		[FINDING_WARNING] = "warning",
		[FINDING_ERROR] = "error",
	};

	return names[severity];
}

bool
finding_is_disagreement(enum finding_kind kind)
{
	return kinds[kind].is_disagreement;
}

bool
finding_is_lame(enum finding_kind kind)
{
	return kind <= FINDING_LAME_NO_ZONE;
}
