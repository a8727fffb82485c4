/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "record/line_reader.h"

#define FIRST_CAPACITY 262144

int
line_reader_open(struct line_reader *reader, const char *path, size_t maximum, struct fault *fault)
{
	*reader = (struct line_reader){ .fd = -1, .maximum = maximum };
	reader->capacity = maximum < FIRST_CAPACITY ? maximum : FIRST_CAPACITY;
	reader->bytes = malloc(reader->capacity);
	reader->path = strdup(path);
	if (reader->bytes == NULL || reader->path == NULL) {
		line_reader_close(reader);
		return ERROR_MEMORY;
	}
	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0) {
		const int reason = errno;
		line_reader_close(reader);
		return fault_set(
			fault, ERROR_FILE, "%s: cannot read: %s", path, strerrordesc_np(reason));
	}
	return 0;
}

void
line_reader_close(struct line_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->fd >= 0)
		(void)close(reader->fd);
	free(reader->bytes);
	free(reader->path);
	*reader = (struct line_reader){ .fd = -1 };
}

/* Room for more bytes behind end. */
static int
make_room(struct line_reader *reader, struct fault *fault)
{
	memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
	reader->end -= reader->start;
	reader->start = 0;
	if (reader->end < reader->capacity)
		return 0;
	if (reader->capacity >= reader->maximum)
		return fault_set(fault, ERROR_FILE, "%s:%llu: a line longer than %zu bytes",
			reader->path, (unsigned long long)reader->line + 1, reader->maximum);
	const size_t doubled = reader->capacity * 2;
	const size_t capacity = doubled < reader->maximum ? doubled : reader->maximum;
	char *grown = realloc(reader->bytes, capacity);
	if (grown == NULL)
		return ERROR_MEMORY;
	reader->bytes = grown;
	reader->capacity = capacity;
	return 0;
}

/* Returns how many bytes came, 0 at the end. */
static ssize_t
fill(struct line_reader *reader, struct fault *fault)
{
	const int error = make_room(reader, fault);

	if (error != 0)
		return error;
	for (;;) {
		const ssize_t got = read(
			reader->fd, reader->bytes + reader->end, reader->capacity - reader->end);
		if (got >= 0) {
			reader->end += (size_t)got;
			return got;
		}
		if (errno != EINTR)
			return fault_set(fault, ERROR_FILE, "%s: cannot read: %s", reader->path,
				strerrordesc_np(errno));
	}
}

int
line_reader_next(
	struct line_reader *reader, const char **line_out, size_t *length_out, struct fault *fault)
{
	size_t searched = 0;
	const char *newline = NULL;

	for (;;) {
		const size_t held = reader->end - reader->start;
		const char *line = reader->bytes + reader->start;

		newline = memchr(line + searched, '\n', held - searched);
		if (newline != NULL)
			break;
		searched = held;
		const ssize_t got = fill(reader, fault);
		if (got < 0)
			return (int)got;
		if (got == 0 && held == 0)
			return 0;
		if (got == 0)
			break;
	}
	*line_out = reader->bytes + reader->start;
	*length_out =
		newline == NULL ? reader->end - reader->start : (size_t)(newline + 1 - *line_out);
	reader->start += *length_out;
	reader->line++;
	return 1;
}
