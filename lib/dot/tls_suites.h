/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TLS_SUITES_H
#define TLS_SUITES_H

#include <stdbool.h>

#define TLS_SUITES_BYTES 8192 /* the library's longest list is about 4 KiB */

/*
 * From all suites a TLS library has, names with colons between them and shorter than TLS_SUITES_BYTES, those worth offering, in the
 * order to offer them: cheap and modern first, for elliptic curves cost a tenth of finite fields. Anonymous and unencrypted suites
 * are left out: some servers would take them, and show no certificate. Returns false if none is left.
 */
bool tls_suites_order(const char *all, char wanted[TLS_SUITES_BYTES]);

#endif
