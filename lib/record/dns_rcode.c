/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "record/dns_rcode.h"

static const struct {
	int rcode;
	const char *text;
} rows[] = {
	{ 0, "NOERROR" },
	{ 1, "FORMERR" },
	{ 2, "SERVFAIL" },
	{ 3, "NXDOMAIN" },
	{ 4, "NOTIMP" },
	{ 5, "REFUSED" },
	{ 6, "YXDOMAIN" },
	{ 7, "YXRRSET" },
	{ 8, "NXRRSET" },
	{ 9, "NOTAUTH" },
	{ 10, "NOTZONE" },
	{ 11, "DSOTYPENI" },
	{ 16, "BADVERS" },
	{ 17, "BADKEY" },
	{ 18, "BADTIME" },
	{ 19, "BADMODE" },
	{ 20, "BADNAME" },
	{ 21, "BADALG" },
	{ 22, "BADTRUNC" },
	{ 23, "BADCOOKIE" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *
dns_rcode_format(int rcode, char *text)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].rcode == rcode)
			return strcpy(text, rows[i].text);
	}
	(void)snprintf(text, DNS_RCODE_SIZE, "RCODE%d", rcode);
	return text;
}

bool
dns_rcode_parse(const char *text, int *rcode_out)
{
	uint64_t number;

	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].text, text) == 0) {
			*rcode_out = rows[i].rcode;
			return true;
		}
	}
	if (strncmp(text, "RCODE", 5) != 0 ||
		!number_parse(text + 5, 0, DNS_RCODE_MAXIMUM, &number))
		return false;
	*rcode_out = (int)number;
	return true;
}
