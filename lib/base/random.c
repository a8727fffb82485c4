/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/random.h>

#include "base/error.h"
#include "base/random.h"

int
random_secret(void *bytes, size_t length)
{
	uint8_t *cursor = bytes;

	while (length > 0) {
		ssize_t got = getrandom(cursor, length, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ERROR_LIBRARY;
		cursor += got;
		length -= (size_t)got;
	}
	return 0;
}
