/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "dot/ca_store.h"
#include "dot/certificate_facts.h"
#include "dot/chain_status.h"

/* Up to four certificates, each behind two octets of length: facts of the first, a verdict on all. */

#define NOON_2026_S 1767268800
#define LINKS_MAX   4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ca_store *nobody;
	struct observation seen;
	struct chain_verdict verdict;
	size_t at = 0;

	if (nobody == NULL)
		nobody = ca_store_create();
	observation_init(&seen);
	seen.certificate = calloc(1, sizeof(*seen.certificate));
	if (nobody == NULL || seen.certificate == NULL)
		abort();
	while (size - at >= 2 && seen.certificate->chain_count < LINKS_MAX) {
		size_t length = (size_t)data[at] << 8 | data[at + 1];
		at += 2;
		if (length > size - at)
			length = size - at;
		if (certificate_facts_add(seen.certificate, data + at, length) != 0)
			abort();
		at += length;
	}
	if (seen.certificate->chain_count > 0) {
		if (certificate_facts_take(seen.certificate, 0xc6120001) != 0)
			abort();
		chain_status_judge(nobody, seen.certificate->chain, seen.certificate->chain_count,
			NOON_2026_S, &verdict);
		/* Nobody is trusted, so nothing may be found in order. */
		if (verdict.status == CERTIFICATE_STATUS_OK)
			abort();
		const bool is_unread =
			(seen.certificate->flags &
				CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_UNPARSED)) != 0;
		if (is_unread == (seen.certificate->subject.bytes != NULL))
			abort();
	}
	observation_clear(&seen);
	return 0;
}
