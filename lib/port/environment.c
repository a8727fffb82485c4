/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "port/environment.h"

#define ARGUMENTS_MAXIMUM    96
#define ARGUMENT_SIZE        1024
#define HUGEPAGE_SPARE_BYTES (32ULL << 20)

struct argument_list {
	char texts[ARGUMENTS_MAXIMUM][ARGUMENT_SIZE];
	char *pointers[ARGUMENTS_MAXIMUM + 1];
	int count;
	bool has_overflow;
};

static void __attribute__((format(printf, 2, 3)))
add_argument(struct argument_list *list, const char *format, ...)
{
	va_list arguments;

	if (list->count == ARGUMENTS_MAXIMUM) {
		list->has_overflow = true;
		return;
	}
	va_start(arguments, format);
	const int length = vsnprintf(list->texts[list->count], ARGUMENT_SIZE, format, arguments);
	va_end(arguments);
	if (length < 0 || length >= ARGUMENT_SIZE)
		list->has_overflow = true;
	list->pointers[list->count] = list->texts[list->count];
	list->count++;
}

static uint64_t
free_hugepage_bytes(void)
{
	unsigned long long pages = 0;
	unsigned long long kilobytes = 0;
	char line[128];
	FILE *file = fopen("/proc/meminfo", "r");

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL) {
		(void)sscanf(line, "HugePages_Free: %llu", &pages);
		(void)sscanf(line, "Hugepagesize: %llu kB", &kilobytes);
	}
	(void)fclose(file);
	return pages * kilobytes * 1024;
}

/* Without hugepages EAL takes ordinary memory; the two ways exclude each other's options. */
static void
add_memory(struct argument_list *list, struct environment *environment, uint64_t bytes)
{
	environment->has_hugepages = free_hugepage_bytes() >= bytes + HUGEPAGE_SPARE_BYTES;
	if (environment->has_hugepages) {
		add_argument(list, "--in-memory");
		return;
	}
	/* Nothing is shared with other processes, so several scans may run at once. */
	add_argument(list, "--no-shconf");
	add_argument(list, "--no-huge");
	add_argument(list, "-m");
	add_argument(list, "%llu", (unsigned long long)((bytes + HUGEPAGE_SPARE_BYTES) >> 20) + 1);
}

static void
add_lcores(struct argument_list *list, const struct environment_settings *settings)
{
	char text[ARGUMENT_SIZE];
	unsigned int lcore = 0;
	int length = snprintf(text, sizeof(text), "%u@%u", lcore++, settings->main_cpu);

	for (size_t i = 0; i < settings->io_count && length < (int)sizeof(text); i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, ",%u@%u", lcore++,
			settings->io_cpus[i]);
	for (size_t i = 0; i < settings->verify_count && length < (int)sizeof(text); i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, ",%u@%u", lcore++,
			settings->verify_cpus[i]);
	add_argument(list, "--lcores=%s", text);
	add_argument(list, "--main-lcore=0");
}

static void
add_device(struct argument_list *list, const char *device)
{
	/* Drivers of virtual devices are named net_ or eth_ something; everything else is an address on a bus. */
	if (strncmp(device, "net_", 4) == 0 || strncmp(device, "eth_", 4) == 0) {
		add_argument(list, "--no-pci");
		add_argument(list, "--vdev=%s", device);
	} else {
		add_argument(list, "-a");
		add_argument(list, "%s", device);
	}
}

const char *
environment_last_words(struct environment *environment)
{
	char *text = environment->messages;
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\n')
			*c = ';';
	return length > 600 ? text + length - 600 : text;
}

/*
 * The libraries below AF_XDP write to stderr, mostly about what a vdev does not need. They come with the driver and are not linked, so
 * they are asked by name; what they say joins EAL's messages. Their callback has no context.
 */
static struct environment *messages_owner;

static int __attribute__((format(printf, 2, 0)))
keep_message(int level, const char *format, va_list arguments)
{
	if (messages_owner == NULL || level > 0)
		return 0; /* level 0 are warnings; the rest is for those who write such libraries */
	const size_t length = strlen(messages_owner->messages);
	return vsnprintf(messages_owner->messages + length,
		sizeof(messages_owner->messages) - length, format, arguments);
}

static void
quiet_libraries(struct environment *environment)
{
	static const char *const libraries[][2] = { { "libbpf.so.1", "libbpf_set_print" },
		{ "libxdp.so.1", "libxdp_set_print" } };

	messages_owner = environment;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++) {
		void *(*set_print)(int (*)(int, const char *, va_list)) = NULL;
		void *library = dlopen(libraries[i][0], RTLD_NOW | RTLD_NOLOAD);

		if (library == NULL)
			continue;
		*(void **)&set_print = dlsym(library, libraries[i][1]);
		if (set_print != NULL)
			(void)set_print(keep_message);
	}
}

/* A stream that appends to the messages, so that nothing of DPDK's reaches the user's terminal unasked. */
static ssize_t
write_message(void *cookie, const char *text, size_t size)
{
	struct environment *environment = cookie;
	const size_t length = strlen(environment->messages);
	const size_t room = sizeof(environment->messages) - 1 - length;

	memcpy(environment->messages + length, text, size < room ? size : room);
	return (ssize_t)size;
}

static int
start_eal(struct environment *environment, struct argument_list *list, struct fault *fault)
{
	const cookie_io_functions_t functions = { .write = write_message };

	environment->log = fopencookie(environment, "w", functions);
	if (environment->log == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	(void)setvbuf(environment->log, NULL, _IOLBF, 0);
	(void)rte_openlog_stream(environment->log);
	if (rte_eal_init(list->count, list->pointers) >= 0) {
		quiet_libraries(environment);
		return 0;
	}
	return fault_set(fault, ERROR_DEVICE, "nic: DPDK does not start: %s: %s",
		rte_strerror(rte_errno), environment_last_words(environment));
}

int
environment_open(struct environment *environment, const struct environment_settings *settings,
	struct fault *fault)
{
	struct argument_list *list = calloc(1, sizeof(*list));

	if (list == NULL)
		return fault_set(fault, ERROR_MEMORY, "out of memory");
	*environment = (struct environment){ 0 };
	add_argument(list, "%s", settings->program);
	add_lcores(list, settings);
	add_memory(list, environment, settings->memory_bytes);
	add_device(list, settings->device);
	add_argument(list, "--file-prefix=dotscan");
	add_argument(list, "--log-level=warning");
	for (size_t i = 0; i < settings->argument_count; i++)
		add_argument(list, "%s", settings->arguments[i]);
	const int error =
		list->has_overflow
			? fault_set(fault, ERROR_INPUT,
				  "nic.eal: too many or too long arguments; accepted: %d of %d bytes",
				  ARGUMENTS_MAXIMUM - 16, ARGUMENT_SIZE)
			: start_eal(environment, list, fault);
	if (error != 0)
		free(list);
	else
		environment->arguments = list;
	return error;
}

void
environment_close(struct environment *environment)
{
	(void)rte_eal_cleanup();
	messages_owner = NULL;
	(void)rte_openlog_stream(NULL);
	if (environment->log != NULL)
		(void)fclose(environment->log);
	environment->log = NULL;
	free(environment->arguments);
	environment->arguments = NULL;
}

unsigned int
environment_io_lcore(size_t worker)
{
	return 1 + (unsigned int)worker;
}

unsigned int
environment_verify_lcore(const struct environment_settings *settings, size_t worker)
{
	return 1 + (unsigned int)(settings->io_count + worker);
}

bool
environment_is_shared(const struct environment_settings *settings, uint16_t cpu)
{
	size_t users = settings->main_cpu == cpu;

	for (size_t i = 0; i < settings->io_count; i++)
		users += settings->io_cpus[i] == cpu;
	for (size_t i = 0; i < settings->verify_count; i++)
		users += settings->verify_cpus[i] == cpu;
	return users > 1;
}
