/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "record/atomic_file.h"

static bool
write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		const ssize_t sent = write(fd, bytes, length);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

/* Writes and syncs a new file. errno tells why it failed. */
static bool
write_new(const char *path, const char *bytes, size_t length)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return false;
	bool is_done = write_all(fd, bytes, length) && fsync(fd) == 0;
	const int reason = errno;
	if (close(fd) != 0)
		return false;
	errno = reason;
	return is_done;
}

/* A rename is only on the disk once its folder is. */
static bool
sync_folder(const char *path)
{
	char *copy = strdup(path);

	if (copy == NULL)
		return false;
	const int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (fd < 0)
		return false;
	/* Some file systems cannot sync a folder, and say EINVAL. */
	const bool is_done = fsync(fd) == 0 || errno == EINVAL;
	const int reason = errno;
	(void)close(fd);
	errno = reason;
	return is_done;
}

/* Devices and pipes stay what they are: there is nothing in them to replace. */
static bool
is_stream(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static bool
write_stream(const char *path, const char *bytes, size_t length)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	const bool is_done = write_all(fd, bytes, length);
	const int reason = errno;
	(void)close(fd);
	errno = reason;
	return is_done;
}

/* The temporary file beside it becomes the file. */
static bool
replace(const char *path, const char *temporary, const char *bytes, size_t length)
{
	if (write_new(temporary, bytes, length) && rename(temporary, path) == 0)
		return sync_folder(path);
	const int reason = errno;
	(void)unlink(temporary);
	errno = reason;
	return false;
}

int
atomic_file_write(const char *path, const char *bytes, size_t length, struct fault *fault)
{
	char *temporary = NULL;
	int error = 0;

	if (asprintf(&temporary, "%s.new", path) < 0)
		return ERROR_MEMORY;
	if (is_stream(path) ? !write_stream(path, bytes, length)
			    : !replace(path, temporary, bytes, length))
		error = fault_set(
			fault, ERROR_FILE, "%s: cannot write: %s", path, strerrordesc_np(errno));
	free(temporary);
	return error;
}
