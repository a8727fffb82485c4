/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DNS_FLAGS_H
#define DNS_FLAGS_H

#include "record/observation.h"

/*
 * The flags of a DNS reply as records name them, from the highest bit down (RFC 1035, section
 * 4.1.1; RFC 4035, section 3).
 */
#define DNS_FLAG_LIST(X) \
	X(QR, "qr")      \
	X(AA, "aa")      \
	X(TC, "tc")      \
	X(RD, "rd")      \
	X(RA, "ra")      \
	X(AD, "ad")      \
	X(CD, "cd")

#endif
