/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TCP_SCRIPT_H
#define TCP_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "packet/wire_headers.h"
#include "tcp/tcp_client.h"
#include "tcp/tcp_limits.h"
#include "tcp/tcp_worker.h"

/*
 * A TCP connection played from a script, in virtual time. Sequence numbers in scripts are relative: our SYN is 0 and our
 * first byte 1, and so for the peer. Every script runs twice: with ordinary numbers, and with numbers that wrap in its first bytes.
 */
#define SCRIPT_EMITTED_MAXIMUM 128
#define SCRIPT_CONNECTIONS     4
#define SCRIPT_CHUNKS          64

struct script_segment {
	struct segment segment;
	uint8_t payload[OUR_MSS];
};

struct script {
	struct tcp_worker worker;
	struct tcp_client client;
	uint64_t now_ns;
	uint32_t our_start;
	uint32_t peer_start;
	struct script_segment emitted[SCRIPT_EMITTED_MAXIMUM];
	size_t emitted_count;
	size_t checked_count;
};

/* cmocka fixtures; the initial state is a pointer to a struct script_start. */
struct script_start {
	uint32_t our_start;
	uint32_t peer_start;
};
extern const struct script_start script_start_plain;
extern const struct script_start script_start_wrapping;
int script_setup(void **state);
int script_teardown(void **state);

#define SCRIPT(test)                                                                          \
	cmocka_unit_test_prestate_setup_teardown(                                             \
		test, script_setup, script_teardown, (void *)(uintptr_t)&script_start_plain), \
		cmocka_unit_test_prestate_setup_teardown(test, script_setup, script_teardown, \
			(void *)(uintptr_t)&script_start_wrapping)

/* A segment from the peer, as the client gets it. text may be NULL. */
struct segment script_segment(const struct script *script, uint32_t sequence,
	uint32_t acknowledgment, uint8_t flags, uint16_t window, const char *text);
void script_receive(struct script *script, const struct segment *segment);

/* Check the oldest segment that has not been checked: exact numbers, flags, payload, and our window. */
void script_expect(struct script *script, uint32_t sequence, uint32_t acknowledgment, uint8_t flags,
	const char *text, const char *file, int line);
void script_expect_nothing(const struct script *script, const char *file, int line);

/* Let time pass, expiring at each deadline on the way. */
void script_wait(struct script *script, uint64_t duration_ms);

/* What the caller can read must be this text, all of it. */
void script_expect_read(struct script *script, const char *text, const char *file, int line);

void script_send(struct script *script, const char *text);

/* Adopt a SYN-ACK with that window and MSS, flush, and check the ACK. */
void script_open(struct script *script, uint16_t window, uint16_t mss);

uint64_t script_count(const struct script *script, enum tcp_counter counter);

/* For brevity in tests; a variable named script must be in scope. */
#define RX(sequence, acknowledgment, flags, window, text)                                      \
	do {                                                                                   \
		const struct segment received_ =                                               \
			script_segment(script, sequence, acknowledgment, flags, window, text); \
		script_receive(script, &received_);                                            \
	} while (0)
#define TX(sequence, acknowledgment, flags, text) \
	script_expect(script, sequence, acknowledgment, flags, text, __FILE__, __LINE__)
#define NOTHING()     script_expect_nothing(script, __FILE__, __LINE__)
#define READ(text)    script_expect_read(script, text, __FILE__, __LINE__)
#define SEND(text)    script_send(script, text)
#define WAIT(ms)      script_wait(script, ms)
#define FLUSH()       tcp_client_flush(&script->worker, &script->client, script->now_ns)
#define CLOSE()       tcp_client_close(&script->worker, &script->client)
#define STATE(wanted) assert_int_equal(tcp_client_state(&script->client), wanted)
#define END(wanted)   assert_int_equal(tcp_client_end(&script->client), wanted)
#define COUNT(name)   script_count(script, TCP_COUNTER_##name)

#endif
