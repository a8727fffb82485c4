/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SURVEY_SET_H
#define SURVEY_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/certificate_status.h"
#include "record/outcome.h"
#include "survey/first_bytes.h"
#include "survey/survey_line.h"
#include "survey/text_pool.h"

/* No such certificate, cluster or number; an absent duration. */
#define SURVEY_NONE UINT32_MAX

/* A leaf as presented; numbers of texts belong to the set's pool. */
struct survey_certificate {
	uint8_t sha256[32];
	uint8_t spki_sha256[32];
	uint64_t details_hash; /* of all else, so that no forged record can take another's place */
	uint32_t subject;
	uint32_t common_name;
	uint32_t issuer;
	uint32_t key;
	uint32_t signature;
	uint32_t provider;   /* TEXT_NONE: none; set by provider_assign */
	uint32_t first_name; /* in the set's names */
	uint32_t name_count;
	int64_t not_before;
	int64_t not_after;
	bool has_sha256;
	bool has_spki;
	bool has_validity;
	bool is_factory; /* its provider is a vendor whose default certificate this is */
};

/* One address and port. Durations in microseconds, SURVEY_NONE where there is none. */
struct survey_host {
	int64_t timestamp_us;
	uint32_t address;
	uint32_t certificate; /* index, SURVEY_NONE: none presented, or a table's row without one */
	uint32_t rtt_us;
	uint32_t tls_us;
	uint32_t dns_us;
	uint32_t total_us;
	uint32_t certificate_flags;
	uint32_t version;
	uint32_t cipher;
	uint32_t group;
	uint32_t alpn;
	uint32_t alert;
	uint32_t rcode;
	uint32_t answer; /* of a wrong answer */
	uint32_t flags;  /* this and the next three: reply_signs.h, of the first valid reply */
	uint32_t edns;
	uint32_t padding;
	uint32_t options;
	uint32_t asn; /* 0: unknown */
	uint32_t organisation;
	uint32_t cluster; /* 1 is the largest; 0: shares its key with nobody */
	uint16_t port;
	uint16_t country; /* two letters, the first in the upper byte; 0: unknown */
	uint16_t attempts;
	uint8_t outcome; /* enum outcome */
	uint8_t status;  /* enum certificate_status; CERTIFICATE_STATUS_COUNT: none presented */
	uint8_t first_bytes;
	uint8_t ttl;
	bool has_address_in_names;
};

/*
 * All records of a scan, or of several, in about 100 bytes each beside their certificates and
 * texts. After survey_set_finish the hosts stand in the order of address and port, each once, so
 * that nothing depends on the order of the input.
 */
struct survey_set {
	struct text_pool texts;
	struct survey_host *hosts;
	uint32_t host_count;
	uint32_t host_capacity;
	struct survey_certificate *certificates;
	uint32_t certificate_count;
	uint32_t certificate_capacity;
	uint32_t *certificate_slots; /* index + 1; 0: free */
	uint32_t certificate_slot_count;
	uint32_t *names; /* texts */
	uint32_t name_count;
	uint32_t name_capacity;
	uint64_t repeated; /* records of an address and port that had a later one */
	bool is_table;     /* rows of the 2019 form, which know neither keys nor outcomes */
	bool has_geography;
};

/* Returns 0, ERROR_MEMORY or ERROR_LIBRARY. */
int survey_set_init(struct survey_set *set);
void survey_set_clear(struct survey_set *set);

/* Add one record. Returns 0, ERROR_MEMORY, or ERROR_FULL at 2^31 records or texts. */
int survey_set_add(struct survey_set *set, const struct survey_line *line);

/* Room for one more host, zeroed but for the SURVEY_NONE of what is absent; NULL: no memory. */
struct survey_host *survey_set_new_host(struct survey_set *set);

/*
 * The index of a certificate with these details, which is added if it is new; has_ and digests of
 * the one given count, its texts must be in the pool, and its names are none. Returns 0 or an
 * error as survey_set_add.
 */
int survey_set_intern(
	struct survey_set *set, const struct survey_certificate *given, uint32_t *index_out);

/*
 * Sort, and keep of each address and port the last record: the one with the latest timestamp, then
 * the one that got furthest. Linear. Returns 0 or ERROR_MEMORY.
 */
int survey_set_finish(struct survey_set *set);

static inline const char *
survey_text(const struct survey_set *set, uint32_t number)
{
	return text_pool_text(&set->texts, number);
}

/* The certificate of a host, NULL: none. */
static inline const struct survey_certificate *
survey_certificate_of(const struct survey_set *set, const struct survey_host *host)
{
	return host->certificate == SURVEY_NONE ? NULL : &set->certificates[host->certificate];
}

/* An open resolver as the study of 2019 counts: any valid DNS reply over TLS. */
static inline bool
survey_is_open_2019(const struct survey_host *host)
{
	return host->outcome >= OUTCOME_DNS_FORMERR;
}

/* An open resolver as we count: the answer was the truth. */
static inline bool
survey_is_open(const struct survey_host *host)
{
	return host->outcome == OUTCOME_ANSWER_RIGHT;
}

#endif
