/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FIRST_BYTES_H
#define FIRST_BYTES_H

#include "survey/line_cursor.h"

/* What the first bytes of a server that speaks no TLS look like. */
#define FIRST_BYTES_LIST(X)                                      \
	X(NONE, "none")                                          \
	X(HTTP, "HTTP")                                          \
	X(SSH, "SSH")                                            \
	X(GREETING, "a greeting with a number, as SMTP and FTP") \
	X(DNS, "DNS without TLS")                                \
	X(TEXT, "other text")                                    \
	X(BINARY, "other bytes")

enum first_bytes {
#define X(name, text) FIRST_BYTES_##name,
	FIRST_BYTES_LIST(X)
#undef X
		FIRST_BYTES_COUNT
};

const char *first_bytes_text(enum first_bytes kind);

/* By the first bytes in hexadecimal, as a record holds them; bytes NULL: none. */
enum first_bytes first_bytes_classify(const struct line_text *text);

#endif
