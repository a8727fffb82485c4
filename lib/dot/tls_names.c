/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdio.h>

#include "dot/tls_names.h"

/* IANA registry "TLS Alerts". */
#define TLS_ALERT_LIST(X)                         \
	X(0, "close_notify")                      \
	X(10, "unexpected_message")               \
	X(20, "bad_record_mac")                   \
	X(21, "decryption_failed")                \
	X(22, "record_overflow")                  \
	X(30, "decompression_failure")            \
	X(40, "handshake_failure")                \
	X(41, "no_certificate")                   \
	X(42, "bad_certificate")                  \
	X(43, "unsupported_certificate")          \
	X(44, "certificate_revoked")              \
	X(45, "certificate_expired")              \
	X(46, "certificate_unknown")              \
	X(47, "illegal_parameter")                \
	X(48, "unknown_ca")                       \
	X(49, "access_denied")                    \
	X(50, "decode_error")                     \
	X(51, "decrypt_error")                    \
	X(52, "too_many_cids_requested")          \
	X(60, "export_restriction")               \
	X(70, "protocol_version")                 \
	X(71, "insufficient_security")            \
	X(80, "internal_error")                   \
	X(86, "inappropriate_fallback")           \
	X(90, "user_canceled")                    \
	X(100, "no_renegotiation")                \
	X(109, "missing_extension")               \
	X(110, "unsupported_extension")           \
	X(111, "certificate_unobtainable")        \
	X(112, "unrecognized_name")               \
	X(113, "bad_certificate_status_response") \
	X(114, "bad_certificate_hash_value")      \
	X(115, "unknown_psk_identity")            \
	X(116, "certificate_required")            \
	X(117, "general_error")                   \
	X(120, "no_application_protocol")         \
	X(121, "ech_required")

static const struct {
	uint8_t code;
	const char *name;
} alerts[] = {
#define X(code, name) { code, name },
	TLS_ALERT_LIST(X)
#undef X
};

void
tls_alert_name(uint8_t code, char *text)
{
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (alerts[i].code == code) {
			(void)snprintf(text, TLS_ALERT_TEXT, "%s", alerts[i].name);
			return;
		}
	}
	(void)snprintf(text, TLS_ALERT_TEXT, "alert_%u", code);
}

void
tls_group_name(const char *library_name, char *text, size_t capacity)
{
	size_t length = 0;

	/* "FFDHE_2048" is the only family that is written with a mark IANA does not have. */
	for (const char *at = library_name; *at != '\0' && length + 1 < capacity; at++) {
		if (*at != '_')
			text[length++] = (char)tolower((unsigned char)*at);
	}
	text[length] = '\0';
}
