/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/ipv4.h"
#include "record/record_writer.h"
#include "record_fixture.h"

#define HEX32(two)                                                                              \
	two two two two two two two two two two two two two two two two two two two two two two \
		two two two two two two two two two two

static void
expect(struct observation *observation, const char *expected)
{
	struct line_buffer buffer = { 0 };

	assert_int_equal(record_write(&buffer, "lab", observation), 0);
	assert_int_equal(line_buffer_append(&buffer, "", 1), 0);
	assert_string_equal(buffer.bytes, expected);
	line_buffer_clear(&buffer);
	observation_clear(observation);
}

/* The example of the contract, key by key. */
static void
a_right_answer(void **state)
{
	struct observation observation;

	fixture_right(&observation, 0xc6120709, 0x11);
	expect(&observation,
		"{\"schema\":1,\"scan\":\"lab\",\"ip\":\"198.18.7.9\",\"port\":853,"
		"\"timestamp\":\"2026-01-02T03:04:05.678901Z\","
		"\"outcome\":\"answer-right\",\"stage\":\"answer\",\"attempts\":1,"
		"\"syn\":{\"rtt_us\":812,\"ttl\":64,\"window\":64240,\"mss\":1460},"
		"\"timing_us\":{\"tcp\":812,\"tls\":3120,\"dns\":640,\"total\":4600},"
		"\"tls\":{\"version\":\"TLSv1.3\",\"cipher\":\"TLS_AES_128_GCM_SHA256\","
		"\"group\":\"x25519\",\"alpn\":\"dot\",\"alert\":null},"
		"\"certificate\":{\"status\":\"self-signed\",\"flags\":[\"self-signed\",\"name-unchecked\"],"
		"\"sha256\":\"" HEX32("11") "\",\"spki_sha256\":\"" HEX32(
			"b1") "\","
			      "\"subject\":\"CN=dot.test\",\"common_name\":\"dot.test\",\"issuer\":\"CN=dot.test\","
			      "\"names\":[\"dot.test\"],\"ip_in_names\":false,"
			      "\"not_before\":\"2026-01-01T00:00:00Z\",\"not_after\":\"2027-01-01T00:00:00Z\","
			      "\"key\":\"ecdsa-256\",\"signature\":\"ecdsa-sha256\","
			      "\"chain_sha256\":[\"" HEX32(
				      "11") "\"]},"
					    "\"dns\":[{\"name\":\"k3f9.probe.example.\",\"type\":\"A\",\"id\":4242,"
					    "\"rcode\":\"NOERROR\",\"flags\":[\"qr\",\"rd\",\"ra\"],"
					    "\"answers\":[{\"name\":\"k3f9.probe.example.\",\"type\":\"A\",\"ttl\":3600,"
					    "\"data\":\"192.0.2.53\"}],\"duration_us\":640,\"octets\":468,"
					    "\"edns\":{\"version\":0,\"udp\":1232,\"do\":false,"
					    "\"padding\":376,\"options\":[12],\"broken\":false}}],"
					    "\"first_bytes\":null,\"error\":null}\n");
}

static void
what_was_not_reached_is_null(void **state)
{
	struct observation observation;

	fixture_silent(&observation, 0xc6120001);
	observation.syn.mss = 0;
	expect(&observation,
		"{\"schema\":1,\"scan\":\"lab\",\"ip\":\"198.18.0.1\",\"port\":853,"
		"\"timestamp\":\"2026-01-02T03:04:05.678901Z\","
		"\"outcome\":\"tls-silent\",\"stage\":\"tls\",\"attempts\":2,"
		"\"syn\":{\"rtt_us\":812,\"ttl\":64,\"window\":64240,\"mss\":null},"
		"\"timing_us\":{\"tcp\":812,\"tls\":null,\"dns\":null,\"total\":5000812},"
		"\"tls\":{\"version\":null,\"cipher\":null,\"group\":null,\"alpn\":null,\"alert\":null},"
		"\"certificate\":{\"status\":null,\"flags\":null,\"sha256\":null,\"spki_sha256\":null,"
		"\"subject\":null,\"common_name\":null,\"issuer\":null,\"names\":null,"
		"\"ip_in_names\":null,\"not_before\":null,\"not_after\":null,\"key\":null,"
		"\"signature\":null,\"chain_sha256\":null},"
		"\"dns\":[],\"first_bytes\":null,\"error\":null}\n");
}

static void
expect_part(struct observation *observation, const char *part)
{
	struct line_buffer buffer = { 0 };

	assert_int_equal(record_write(&buffer, "lab", observation), 0);
	assert_int_equal(line_buffer_append(&buffer, "", 1), 0);
	if (strstr(buffer.bytes, part) == NULL)
		fail_msg("%s\nlacks %s", buffer.bytes, part);
	line_buffer_clear(&buffer);
}

static void
parts_that_exist_are_written(void **state)
{
	struct observation observation;

	fixture_silent(&observation, 1);
	observation.outcome = OUTCOME_NOT_TLS;
	memcpy(observation.first_bytes, "HTTP/1.1", 8);
	observation.first_bytes_length = 8;
	expect_part(&observation, "\"first_bytes\":\"485454502f312e31\"");
	strcpy(observation.error, "no \"TLS\"");
	expect_part(&observation, "\"error\":\"no \\\"TLS\\\"\"}");
	strcpy(observation.tls.alert, "handshake_failure");
	expect_part(&observation, "\"alpn\":null,\"alert\":\"handshake_failure\"");
	strcpy(observation.dns[0].name, "q.");
	strcpy(observation.dns[0].type, "A");
	observation.dns_count = 1;
	expect_part(&observation,
		"\"dns\":[{\"name\":\"q.\",\"type\":\"A\",\"id\":0,\"rcode\":null,\"flags\":null,"
		"\"answers\":null,\"duration_us\":null,\"octets\":null,\"edns\":null}]");
	observation.dns[0].rcode = 3841;
	expect_part(&observation, "\"rcode\":\"RCODE3841\",\"flags\":[],\"answers\":[]");
	observation_clear(&observation);
}

static void
a_certificate_that_could_not_be_read(void **state)
{
	struct observation observation;

	fixture_silent(&observation, 1);
	observation.certificate = calloc(1, sizeof(*observation.certificate));
	assert_non_null(observation.certificate);
	observation.certificate->status = CERTIFICATE_STATUS_OTHER;
	observation.certificate->flags = CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_UNPARSED);
	fixture_der(&observation.certificate->chain[0], 0x22, 3);
	observation.certificate->chain_count = 1;
	expect_part(&observation,
		"\"certificate\":{\"status\":\"other\",\"flags\":[\"unparsed\"],\"sha256\":\"" HEX32(
			"22") "\","
			      "\"spki_sha256\":null,\"subject\":null,\"common_name\":null,\"issuer\":null,\"names\":[],"
			      "\"ip_in_names\":false,\"not_before\":null,\"not_after\":null,\"key\":null,"
			      "\"signature\":null,\"chain_sha256\":[\"" HEX32("22") "\"]}");
	observation_clear(&observation);
}

static void
hostile_text_is_one_valid_line(void **state)
{
	struct observation observation;

	fixture_right(&observation, 1, 2);
	assert_int_equal(peer_text_set(&observation.certificate->names[0],
				 "\",\"outcome\":\"x\"\n\0\xff\\x00", 22),
		0);
	expect_part(&observation,
		"\"names\":[\"\\\",\\\"outcome\\\":\\\"x\\\"\\\\x0a\\\\x00\\\\xff\\\\x5cx00\"]");
	observation_clear(&observation);
}

static void
fill(struct peer_text *text)
{
	char bytes[OBSERVATION_TEXT];

	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(peer_text_set(text, bytes, sizeof(bytes)), 0);
}

static void
fill_answers(struct dns_observation *dns)
{
	memset(dns->name, '\\', sizeof(dns->name) - 1);
	dns->rcode = 0;
	dns->answers = calloc(OBSERVATION_ANSWERS, sizeof(*dns->answers));
	assert_non_null(dns->answers);
	dns->answer_count = OBSERVATION_ANSWERS;
	for (size_t i = 0; i < OBSERVATION_ANSWERS; i++) {
		memset(dns->answers[i].name, '\\', sizeof(dns->answers[i].name) - 1);
		fill(&dns->answers[i].data);
	}
}

static void
the_largest_record_stays_within_its_bound(void **state)
{
	struct observation observation;
	struct line_buffer buffer = { 0 };

	fixture_right(&observation, 1, 2);
	for (size_t i = 0; i < OBSERVATION_NAMES; i++)
		fill(&observation.certificate->names[i]);
	observation.certificate->name_count = OBSERVATION_NAMES;
	fill(&observation.certificate->subject);
	fill(&observation.certificate->issuer);
	fill(&observation.certificate->common_name);
	free(observation.dns[0].answers[0].data.bytes);
	free(observation.dns[0].answers);
	for (size_t i = 0; i < OBSERVATION_QUERIES; i++)
		fill_answers(&observation.dns[i]);
	observation.dns_count = OBSERVATION_QUERIES;
	assert_int_equal(record_write(&buffer, "lab", &observation), 0);
	assert_in_range(buffer.length, RECORD_LINE_MAXIMUM / 2, RECORD_LINE_MAXIMUM);
	line_buffer_clear(&buffer);
	observation_clear(&observation);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_answer),
		cmocka_unit_test(what_was_not_reached_is_null),
		cmocka_unit_test(parts_that_exist_are_written),
		cmocka_unit_test(a_certificate_that_could_not_be_read),
		cmocka_unit_test(hostile_text_is_one_valid_line),
		cmocka_unit_test(the_largest_record_stays_within_its_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
