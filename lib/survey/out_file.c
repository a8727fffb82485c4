/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "survey/out_file.h"

#define CAPACITY 262144
#define SUFFIX   ".new"

static void
release(struct out_file *out)
{
	free(out->path);
	free(out->bytes);
	*out = (struct out_file){ .fd = -1 };
}

static char *
temporary_of(const char *path)
{
	char *temporary = malloc(strlen(path) + sizeof(SUFFIX));

	if (temporary != NULL) {
		strcpy(temporary, path);
		strcat(temporary, SUFFIX);
	}
	return temporary;
}

int
out_open(struct out_file *out, const char *path, struct fault *fault)
{
	char *temporary = temporary_of(path);

	*out = (struct out_file){ .fd = -1, .path = strdup(path), .bytes = malloc(CAPACITY) };
	if (temporary == NULL || out->path == NULL || out->bytes == NULL) {
		free(temporary);
		release(out);
		return ERROR_MEMORY;
	}
	out->fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	free(temporary);
	if (out->fd < 0) {
		(void)fault_set(
			fault, ERROR_FILE, "%s: cannot write: %s", path, strerrordesc_np(errno));
		release(out);
		return ERROR_FILE;
	}
	return 0;
}

static void
flush(struct out_file *out)
{
	size_t done = 0;

	while (out->error == 0 && done < out->used) {
		const ssize_t wrote = write(out->fd, out->bytes + done, out->used - done);
		if (wrote >= 0)
			done += (size_t)wrote;
		else if (errno != EINTR)
			out->error = errno;
	}
	out->used = 0;
}

int
out_close(struct out_file *out, struct fault *fault)
{
	char *temporary = temporary_of(out->path);

	flush(out);
	if (close(out->fd) != 0 && out->error == 0)
		out->error = errno;
	out->fd = -1;
	if (temporary == NULL)
		out->error = ENOMEM;
	else if (out->error == 0 && rename(temporary, out->path) != 0)
		out->error = errno;
	const int error = out->error == 0 ? 0
					  : fault_set(fault, ERROR_FILE, "%s: cannot write: %s",
						    out->path, strerrordesc_np(out->error));
	if (error != 0 && temporary != NULL)
		(void)unlink(temporary);
	free(temporary);
	release(out);
	return error;
}

void
out_abandon(struct out_file *out)
{
	if (out == NULL || out->path == NULL)
		return;
	char *temporary = temporary_of(out->path);
	if (out->fd >= 0)
		(void)close(out->fd);
	if (temporary != NULL)
		(void)unlink(temporary);
	free(temporary);
	release(out);
}

void
out_bytes(struct out_file *out, const char *bytes, size_t length)
{
	out->written += length;
	while (length > 0) {
		const size_t room = CAPACITY - out->used;
		const size_t part = length < room ? length : room;

		memcpy(out->bytes + out->used, bytes, part);
		out->used += part;
		bytes += part;
		length -= part;
		if (out->used == CAPACITY)
			flush(out);
	}
}

void
out_text(struct out_file *out, const char *text)
{
	out_bytes(out, text, strlen(text));
}

void
out_format(struct out_file *out, const char *format, ...)
{
	char text[4096];
	va_list arguments;

	va_start(arguments, format);
	const int length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length > 0)
		out_bytes(out, text,
			(size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
}

/* Write the text with each character of special replaced by the word at the same place. */
static void
out_replaced(struct out_file *out, const char *text, const char *special, const char *const *words)
{
	for (;;) {
		const size_t plain = strcspn(text, special);

		out_bytes(out, text, plain);
		if (text[plain] == '\0')
			return;
		out_text(out, words[strchr(special, text[plain]) - special]);
		text += plain + 1;
	}
}

void
out_json(struct out_file *out, const char *text)
{
	static const char special[] = "\"\\\n\r\t";
	static const char *const words[] = { "\\\"", "\\\\", "\\n", "\\r", "\\t" };

	out_text(out, "\"");
	out_replaced(out, text, special, words);
	out_text(out, "\"");
}

void
out_html(struct out_file *out, const char *text)
{
	static const char special[] = "<>&\"";
	static const char *const words[] = { "&lt;", "&gt;", "&amp;", "&quot;" };

	out_replaced(out, text, special, words);
}

void
out_csv(struct out_file *out, const char *text)
{
	static const char *const words[] = { "\"\"" };

	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		out_text(out, text);
		return;
	}
	out_text(out, "\"");
	out_replaced(out, text, "\"", words);
	out_text(out, "\"");
}

void
out_hexadecimal(struct out_file *out, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++)
		out_bytes(out, (char[2]){ digits[bytes[i] >> 4], digits[bytes[i] & 15] }, 2);
}
