/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <openssl/ssl.h>

/*
 * A server context with the key and chain of a PEM file, that takes whatever OpenSSL can still do: old versions, weak keys,
 * SHA-1. options is a comma-separated list of: 1.0 1.1 1.2 1.3 (only that version), need-certificate (mutual TLS), refuse-alpn
 * (alert when the client offers any), group-p384 (no other group), or - for none. NULL and a line on stderr if that fails.
 */
SSL_CTX *identity_open(const char *pem_path, const char *options);

#endif
