/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OBSERVATION_H
#define OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/certificate_status.h"
#include "record/outcome.h"

/*
 * All that was learnt about one target, before it becomes a line of JSON. Text from a peer is kept as the bytes that came,
 * with their length, and made valid UTF-8 only when it is written. A value that does not exist is NULL, -1 or a false has_.
 */

#define OBSERVATION_FIRST_BYTES 64  /* kept of what is not TLS */
#define OBSERVATION_QUERIES     4   /* asked over one connection at most */
#define OBSERVATION_ANSWERS     32  /* resource records kept of one answer */
#define OBSERVATION_NAMES       128 /* names kept of one certificate; hostile ones hold thousands */
#define OBSERVATION_OPTIONS     16 /* EDNS options kept of one reply; honest ones hold one or two */
#define OBSERVATION_CHAIN       10 /* certificates kept of one chain */
#define OBSERVATION_TEXT        1024 /* bytes kept of a subject, an issuer or a name */
#define OBSERVATION_NONE        (-1)

/* Bytes that a peer chose; owned (malloc). bytes NULL: no such value. */
struct peer_text {
	char *bytes;
	size_t length;
};

struct peer_der {
	uint8_t *bytes;
	size_t length;
	uint8_t sha256[32];
};

struct syn_observation {
	uint32_t rtt_us;
	uint16_t window;
	uint16_t mss; /* 0: no such option */
	uint8_t ttl;
};

/* Durations in microseconds; -1: that stage was not finished. */
struct timing_observation {
	int64_t tcp_us;
	int64_t tls_us;
	int64_t dns_us;
	int64_t total_us;
};

/* Our own library's words, so plain ASCII; an empty string: unknown. */
struct tls_observation {
	bool has_server_hello; /* false: only alert can be set */
	char version[16];
	char cipher[64];
	char group[32];
	char alpn[16];
	char alert[48];
};

struct certificate_observation {
	enum certificate_status status;
	uint32_t flags; /* CERTIFICATE_FLAG_BIT of each */
	uint8_t spki_sha256[32];
	struct peer_text subject;     /* RFC 4514 */
	struct peer_text common_name; /* NULL bytes: none */
	struct peer_text issuer;
	struct peer_text names[OBSERVATION_NAMES]; /* dNSName and iPAddress of subjectAltName */
	size_t name_count;
	bool has_address_in_names; /* the target's own address is among the iPAddress names */
	bool has_validity;
	int64_t not_before; /* seconds since 1970 */
	int64_t not_after;
	char key[32];       /* "rsa-2048", "ecdsa-256", "ed25519" */
	char signature[32]; /* "rsa-sha256", "ecdsa-sha256", "rsa-pss-sha256", "ed25519" */
	struct peer_der chain[OBSERVATION_CHAIN]; /* as presented; [0] is the leaf */
	size_t chain_count;
};

struct answer_observation {
	char name[256 * 4]; /* presentation format, escaped by RFC 1035 section 5.1, so ASCII */
	char type[16];
	uint32_t ttl;
	struct peer_text data; /* presentation format */
};

#define DNS_FLAG_QR 0x8000
#define DNS_FLAG_AA 0x0400
#define DNS_FLAG_TC 0x0200
#define DNS_FLAG_RD 0x0100
#define DNS_FLAG_RA 0x0080
#define DNS_FLAG_AD 0x0020
#define DNS_FLAG_CD 0x0010

/* The OPT record of a reply (RFC 6891). */
struct edns_observation {
	bool is_present; /* false: none in the reply, and all else is absent */
	uint8_t version;
	uint16_t udp_size;
	bool has_do;
	bool has_broken_options; /* the last did not end where the record does */
	int32_t padding;         /* octets of the first padding option (RFC 7830); -1: none */
	uint16_t options[OBSERVATION_OPTIONS]; /* codes, in their order */
	size_t option_count;
};

struct dns_observation {
	char name[256];
	char type[16];
	uint16_t id;
	int rcode;      /* with EDNS's upper bits; OBSERVATION_NONE: no valid reply */
	uint16_t flags; /* DNS_FLAG_* of the reply */
	struct answer_observation *answers; /* owned, answer_count of them */
	size_t answer_count;
	int64_t duration_us; /* -1: no reply */
	int32_t octets; /* of the valid reply; -1: none, or of a record too old to know this and edns */
	struct edns_observation edns;
};

struct observation {
	uint32_t address;
	uint16_t port;
	int64_t timestamp_us; /* since 1970, when the outcome stood */
	enum outcome outcome;
	unsigned int attempts;
	struct syn_observation syn;
	struct timing_observation timing;
	struct tls_observation tls;
	struct certificate_observation *certificate; /* owned; NULL: none presented */
	struct dns_observation dns[OBSERVATION_QUERIES];
	size_t dns_count;
	uint8_t first_bytes[OBSERVATION_FIRST_BYTES];
	size_t first_bytes_length; /* 0: none */
	char error[160];           /* our library's words for what failed; empty: none */
};

/* All values absent, all pointers NULL. */
void observation_init(struct observation *observation);

/* Frees what it owns and leaves it as after observation_init. */
void observation_clear(struct observation *observation);

/* Copies length bytes, cut at OBSERVATION_TEXT. Returns 0 or ERROR_MEMORY. */
int peer_text_set(struct peer_text *text, const void *bytes, size_t length);

#endif
