/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "resolver_memory.h"

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
allocate(size_t size, const char *file, int line)
{
	return note(malloc(size));
}

static void
release(void *memory, const char *file, int line)
{
	bytes -= malloc_usable_size(memory);
	free(memory);
}

static void *
resize(void *memory, size_t size, const char *file, int line)
{
	const size_t before = malloc_usable_size(memory);
	void *resized = realloc(memory, size);

	if (resized == NULL)
		return NULL;
	bytes -= before;
	return note(resized);
}

bool
resolver_memory_watch(void)
{
	return CRYPTO_set_mem_functions(allocate, resize, release) == 1;
}

size_t
resolver_memory_bytes(void)
{
	return bytes;
}

size_t
resolver_memory_peak(void)
{
	const size_t peak = peak_bytes;

	peak_bytes = bytes;
	return peak;
}
