/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "record/line_file.h"

#define REPAIR_BLOCK 65536

static int
fail(const char *path, const char *what, int reason, struct fault *fault)
{
	return fault_set(fault, ERROR_FILE, "%s: %s: %s", path, what, strerrordesc_np(reason));
}

/* The offset behind the last newline before size, or -1 with errno. */
static off_t
whole_lines(int fd, off_t size)
{
	char block[REPAIR_BLOCK];

	while (size > 0) {
		const off_t from = size > REPAIR_BLOCK ? size - REPAIR_BLOCK : 0;
		const ssize_t got = pread(fd, block, (size_t)(size - from), from);

		if (got != size - from) {
			errno = got < 0 ? errno : EIO;
			return -1;
		}
		const char *newline = memrchr(block, '\n', (size_t)got);
		if (newline != NULL)
			return from + (newline - block) + 1;
		size = from;
	}
	return 0;
}

static int
repair(struct line_file *file, uint64_t *torn_bytes_out, struct fault *fault)
{
	struct stat status;

	if (fstat(file->fd, &status) != 0)
		return fail(file->path, "cannot read", errno, fault);
	const off_t whole = whole_lines(file->fd, status.st_size);
	if (whole < 0)
		return fail(file->path, "cannot read", errno, fault);
	if (whole != status.st_size && ftruncate(file->fd, whole) != 0)
		return fail(file->path, "cannot cut off a torn line", errno, fault);
	file->size_bytes = (uint64_t)whole;
	*torn_bytes_out = (uint64_t)(status.st_size - whole);
	return 0;
}

int
line_file_open(
	struct line_file *file, const char *path, uint64_t *torn_bytes_out, struct fault *fault)
{
	*file = (struct line_file){ .fd = -1, .path = strdup(path) };
	if (file->path == NULL)
		return ERROR_MEMORY;
	file->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int error = file->fd < 0 ? fail(path, "cannot open for writing", errno, fault)
				 : repair(file, torn_bytes_out, fault);
	if (error != 0)
		line_file_close(file);
	return error;
}

void
line_file_close(struct line_file *file)
{
	if (file == NULL || file->path == NULL)
		return;
	if (file->fd >= 0)
		(void)close(file->fd);
	free(file->path);
	line_buffer_clear(&file->pending);
	*file = (struct line_file){ .fd = -1 };
}

int
line_file_truncate(struct line_file *file, struct fault *fault)
{
	if (ftruncate(file->fd, 0) != 0)
		return fail(file->path, "cannot make empty", errno, fault);
	file->size_bytes = 0;
	return 0;
}

/*
 * Writes all of pending unless an error ends it; returns how many bytes got there and sets *reason.
 */
static size_t
write_pending(struct line_file *file, int *reason)
{
	size_t written = 0;

	*reason = 0;
	while (written < file->pending.length) {
		const ssize_t sent = write(
			file->fd, file->pending.bytes + written, file->pending.length - written);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0) {
			*reason = sent < 0 ? errno : EIO;
			break;
		}
		written += (size_t)sent;
	}
	return written;
}

static uint64_t
count_lines(const char *bytes, size_t length)
{
	uint64_t count = 0;

	for (const char *end = bytes + length; bytes < end; count++) {
		bytes = memchr(bytes, '\n', (size_t)(end - bytes));
		if (bytes == NULL)
			break;
		bytes++;
	}
	return count;
}

static int
give_up(struct line_file *file, size_t written, int reason)
{
	const char *newline = written == 0 ? NULL : memrchr(file->pending.bytes, '\n', written);
	const size_t whole = newline == NULL ? 0 : (size_t)(newline + 1 - file->pending.bytes);
	const char *end = "it ends after its last whole record";

	file->line_count += count_lines(file->pending.bytes, whole);
	file->size_bytes += whole;
	if (whole != written && ftruncate(file->fd, (off_t)file->size_bytes) != 0)
		end = "its last line is torn and will be cut off by --resume";
	file->error = fault_set(&file->fault, ERROR_FILE, "%s: cannot write: %s; %s", file->path,
		strerrordesc_np(reason), end);
	return file->error;
}

int
line_file_flush(struct line_file *file, struct fault *fault)
{
	int reason;

	if (file->error == 0 && file->pending.length > 0) {
		const size_t written = write_pending(file, &reason);
		if (reason != 0) {
			(void)give_up(file, written, reason);
		} else {
			file->line_count += count_lines(file->pending.bytes, written);
			file->size_bytes += written;
		}
	}
	file->pending.length = 0;
	if (file->error != 0)
		(void)fault_set(fault, file->error, "%s", file->fault.text);
	return file->error;
}

int
line_file_sync(struct line_file *file, struct fault *fault)
{
	int error = line_file_flush(file, fault);

	/* What cannot be synced (a pipe, a device) has no disk to wait for. */
	if (error == 0 && fdatasync(file->fd) != 0 && errno != EINVAL && errno != EROFS) {
		file->error = fail(file->path, "cannot write", errno, &file->fault);
		error = fault_set(fault, file->error, "%s", file->fault.text);
	}
	return error;
}
