/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "record/observation.h"

void
observation_init(struct observation *observation)
{
	memset(observation, 0, sizeof(*observation));
	observation->timing = (struct timing_observation){
		OBSERVATION_NONE,
		OBSERVATION_NONE,
		OBSERVATION_NONE,
		OBSERVATION_NONE,
	};
	for (size_t i = 0; i < OBSERVATION_QUERIES; i++) {
		observation->dns[i].rcode = OBSERVATION_NONE;
		observation->dns[i].duration_us = OBSERVATION_NONE;
		observation->dns[i].octets = OBSERVATION_NONE;
		observation->dns[i].edns.padding = OBSERVATION_NONE;
	}
}

static void
free_certificate(struct certificate_observation *certificate)
{
	if (certificate == NULL)
		return;
	free(certificate->subject.bytes);
	free(certificate->common_name.bytes);
	free(certificate->issuer.bytes);
	for (size_t i = 0; i < certificate->name_count; i++)
		free(certificate->names[i].bytes);
	for (size_t i = 0; i < certificate->chain_count; i++)
		free(certificate->chain[i].bytes);
	free(certificate);
}

static void
free_dns(struct dns_observation *dns)
{
	for (size_t i = 0; i < dns->answer_count; i++)
		free(dns->answers[i].data.bytes);
	free(dns->answers);
}

void
observation_clear(struct observation *observation)
{
	if (observation == NULL)
		return;
	free_certificate(observation->certificate);
	for (size_t i = 0; i < OBSERVATION_QUERIES; i++)
		free_dns(&observation->dns[i]);
	observation_init(observation);
}

int
peer_text_set(struct peer_text *text, const void *bytes, size_t length)
{
	if (length > OBSERVATION_TEXT)
		length = OBSERVATION_TEXT;
	char *copy = malloc(length + 1);
	if (copy == NULL)
		return ERROR_MEMORY;
	if (length > 0)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	free(text->bytes);
	*text = (struct peer_text){ copy, length };
	return 0;
}
