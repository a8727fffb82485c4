/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE       32
#define SHA256_BLOCK_SIZE 64

/*
 * SHA-256 (FIPS 180-4) of bytes that arrive in pieces, by the processor's own instructions where it has them, which takes a third
 * of the time of wolfCrypt's, and in portable C elsewhere. For naming things that are the same; nothing here is secret. block holds the total_bytes % 64 bytes that have not been hashed yet.
 */
struct sha256 {
	uint32_t state[8];
	uint64_t total_bytes;
	uint8_t block[SHA256_BLOCK_SIZE];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t length);

/* Ends the message; only sha256_init may follow. */
void sha256_finish(struct sha256 *hash, uint8_t digest_out[SHA256_SIZE]);

/* All of it at once. */
void sha256_digest(const void *bytes, size_t length, uint8_t digest_out[SHA256_SIZE]);

/* The portable half alone, over whole blocks: for the test that compares the two. */
void sha256_hash_portably(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
