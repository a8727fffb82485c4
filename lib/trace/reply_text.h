/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLY_TEXT_H
#define REPLY_TEXT_H

#include "dns/dns_walk.h"

/* Replies as people read them. */

#define REPLY_TEXT_FLAGS_BYTES 32

/* The flags that are set, such as "qr aa". */
const char *reply_text_flags(const struct dns_walk *walk, char *text);

/* How many records a section has. */
size_t reply_text_count(const struct dns_walk *walk, enum dns_section section);

/* The RDATA in presentation format, printable and malloc'd, or NULL when out of memory. */
char *reply_text_data(const struct dns_walk *walk, const struct dns_record *record);

#endif
