/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <stdlib.h>

/* The options come first, or the other headers believe in other structs. ssl.h of the system's build has types named as those of OpenSSL. */
#include <wolfssl/options.h>

#include <openssl/crypto.h>
#include <wolfssl/wolfcrypt/memory.h>

#include "memory_watch.h"

struct count {
	size_t bytes;
	size_t peak_bytes;
};

/* The libraries' allocators have no context, so the counts are the file's own. */
static struct count client;
static struct count resolver;

static void *
note(struct count *count, void *memory)
{
	if (memory != NULL)
		count->bytes += malloc_usable_size(memory);
	if (count->bytes > count->peak_bytes)
		count->peak_bytes = count->bytes;
	return memory;
}

static void
release(struct count *count, void *memory)
{
	count->bytes -= malloc_usable_size(memory);
	free(memory);
}

static void *
resize(struct count *count, void *memory, size_t size)
{
	const size_t before = malloc_usable_size(memory);
	void *resized = realloc(memory, size);

	if (resized == NULL)
		return NULL;
	count->bytes -= before;
	return note(count, resized);
}

static void *
client_allocate(size_t size)
{
	return note(&client, malloc(size));
}

static void
client_release(void *memory)
{
	release(&client, memory);
}

static void *
client_resize(void *memory, size_t size)
{
	return resize(&client, memory, size);
}

static void *
resolver_allocate(size_t size, const char *file, int line)
{
	return note(&resolver, malloc(size));
}

static void
resolver_release(void *memory, const char *file, int line)
{
	release(&resolver, memory);
}

static void *
resolver_resize(void *memory, size_t size, const char *file, int line)
{
	return resize(&resolver, memory, size);
}

bool
memory_watch_resolvers(void)
{
	return CRYPTO_set_mem_functions(resolver_allocate, resolver_resize, resolver_release) == 1;
}

bool
memory_watch_clients(bool is_watched)
{
	return is_watched
		       ? wolfSSL_SetAllocators(client_allocate, client_release, client_resize) == 0
		       : wolfSSL_SetAllocators(malloc, free, realloc) == 0;
}

size_t
memory_watch_resolver_bytes(void)
{
	return resolver.bytes;
}

size_t
memory_watch_client_bytes(void)
{
	return client.bytes;
}

size_t
memory_watch_client_peak(void)
{
	const size_t peak = client.peak_bytes;

	client.peak_bytes = client.bytes;
	return peak;
}
