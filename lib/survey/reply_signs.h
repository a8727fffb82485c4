/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLY_SIGNS_H
#define REPLY_SIGNS_H

#include "survey/line_query.h"

#define REPLY_SIGN_SIZE 128

/*
 * What the form of a DNS reply gives away of the software that sent it: the same software with the same settings gives the same
 * texts. Each function writes one and returns it; "unknown" where the record does not tell.
 */

/* The header's flags beside QR, such as "rd+ra"; "none". */
const char *reply_signs_flags(const struct line_query *reply, char text[REPLY_SIGN_SIZE]);

/* The size of UDP messages that the server takes, with +do and its version where they are not zero; "none" without OPT. */
const char *reply_signs_edns(const struct line_query *reply, char text[REPLY_SIGN_SIZE]);

/* To what multiple the reply was padded: "468" or "128" (RFC 8467), "other", or "none" without padding. */
const char *reply_signs_padding(const struct line_query *reply, char text[REPLY_SIGN_SIZE]);

/* The codes of the options as they came, such as "12" or "10+12"; "none"; +broken where the last is cut off. */
const char *reply_signs_options(const struct line_query *reply, char text[REPLY_SIGN_SIZE]);

#endif
