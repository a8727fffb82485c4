/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds every file of the folders named on the command line to the fuzz target, without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return -1;
	}
	uint8_t *data = NULL;
	size_t size = 0;
	size_t capacity = 0;
	for (;;) {
		if (size == capacity) {
			capacity = capacity == 0 ? 4096 : capacity * 2;
			data = realloc(data, capacity);
			if (data == NULL)
				abort();
		}
		size_t got = fread(data + size, 1, capacity - size, file);
		if (got == 0)
			break;
		size += got;
	}
	fclose(file);
	/* An exact allocation lets the address sanitizer see a read past the end. */
	uint8_t *exact = malloc(size == 0 ? 1 : size);
	if (exact == NULL)
		abort();
	memcpy(exact, data, size);
	free(data);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return 0;
}

static int
replay_folder(const char *folder)
{
	DIR *directory = opendir(folder);
	if (directory == NULL) {
		perror(folder);
		return -1;
	}
	int replayed = 0;
	for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
		char path[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (replay_file(path) != 0) {
			closedir(directory);
			return -1;
		}
		replayed++;
	}
	closedir(directory);
	printf("%s: %d inputs replayed\n", folder, replayed);
	return replayed;
}

int
main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int replayed = replay_folder(argv[i]);
		if (replayed < 0)
			return 1;
		total += replayed;
	}
	/* An empty corpus is a test that cannot fail. */
	return total > 0 ? 0 : 1;
}
