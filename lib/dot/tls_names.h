/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_NAMES_H
#define TLS_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* The IANA name of an alert ("handshake_failure"), or "alert_" and its number. text has TLS_ALERT_TEXT bytes. */
#define TLS_ALERT_TEXT 48
void tls_alert_name(uint8_t code, char *text);

/* A TLS library's name of a key exchange group as IANA writes it, lower case: "x25519", "secp256r1", "ffdhe2048". */
void tls_group_name(const char *library_name, char *text, size_t capacity);

#endif
