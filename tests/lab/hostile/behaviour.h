/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BEHAVIOUR_H
#define BEHAVIOUR_H

#include "peer.h"

/* What a server does with one connection. Returns when the connection may be closed. */
struct behaviour {
	const char *name;
	bool needs_tls; /* context is NULL for the others */
	void (*serve)(struct peer *peer, SSL_CTX *context);
};

/* The behaviour of that name, or NULL. */
const struct behaviour *behaviour_find(const char *name);

/* Each table ends with an entry without a name. */
extern const struct behaviour raw_behaviours[]; /* before or instead of TLS */
extern const struct behaviour tls_behaviours[]; /* within TLS */

#endif
