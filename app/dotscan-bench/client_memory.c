/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdlib.h>

/* The options come first, or the other headers believe in other structs. */
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>

#include "client_memory.h"

/* The library's allocators have no context, so the counts are the file's own. */
static size_t bytes;
static size_t peak_bytes;

static void *
note(void *memory)
{
	if (memory != NULL)
		bytes += malloc_usable_size(memory);
	if (bytes > peak_bytes)
		peak_bytes = bytes;
	return memory;
}

static void *
allocate(size_t size)
{
	return note(malloc(size));
}

static void
release(void *memory)
{
	bytes -= malloc_usable_size(memory);
	free(memory);
}

static void *
resize(void *memory, size_t size)
{
	const size_t before = malloc_usable_size(memory);
	void *resized = realloc(memory, size);

	if (resized == NULL)
		return NULL;
	bytes -= before;
	return note(resized);
}

bool
client_memory_watch(void)
{
	return wolfSSL_SetAllocators(allocate, release, resize) == 0;
}

size_t
client_memory_bytes(void)
{
	return bytes;
}

size_t
client_memory_peak(void)
{
	const size_t peak = peak_bytes;

	peak_bytes = bytes;
	return peak;
}
