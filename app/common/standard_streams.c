/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "standard_streams.h"

void
standard_streams_hold(void)
{
	/* The lowest free number is given, so each gap is filled by itself. Opened for reading, no write to it succeeds. */
	for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++)
		if (fcntl(number, F_GETFD) == -1 && errno == EBADF)
			(void)open("/dev/null", O_RDONLY);
}

int
standard_streams_flush(struct fault *fault)
{
	/* Of a write that failed earlier, nothing else is known any more. */
	const int before = errno;

	errno = 0;
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return 0;
	return fault_set(
		fault, ERROR_FILE, "standard output: %s", strerror(errno != 0 ? errno : before));
}
