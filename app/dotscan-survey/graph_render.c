/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "graph_render.h"

#define PATH_SIZE 4096

extern char **environ;

/* graphviz names its output cluster1.dot.svg. */
static int
rename_drawings(const char *directory, uint32_t first, uint32_t count, struct fault *fault)
{
	char from[PATH_SIZE];
	char to[PATH_SIZE];

	for (uint32_t i = first; i < first + count; i++) {
		(void)snprintf(from, sizeof(from), "%s/graphs/cluster%u.dot.svg", directory, i);
		(void)snprintf(to, sizeof(to), "%s/graphs/cluster%u.svg", directory, i);
		if (rename(from, to) != 0)
			return fault_set(fault, ERROR_LIBRARY, "%s: graphviz drew nothing: %s", to,
				strerrordesc_np(errno));
	}
	return 0;
}

/* What graphviz has to say about fonts helps nobody. */
static int
run(char **arguments, struct fault *fault)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status = 0;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ERROR_MEMORY;
	(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	const int reason = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (reason != 0)
		return fault_set(fault, ERROR_LIBRARY,
			"graphviz: its program sfdp cannot be run: %s; graphs are left as .dot files",
			strerrordesc_np(reason));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return fault_set(fault, ERROR_LIBRARY, "graphviz: its program sfdp failed");
	return 0;
}

int
graph_render(const char *directory, uint32_t first, uint32_t count, struct fault *fault)
{
	static char program[] = "sfdp";
	static char format[] = "-Tsvg";
	static char name_by_input[] = "-O";
	char paths[GRAPH_RENDER_BATCH][PATH_SIZE];
	char *arguments[GRAPH_RENDER_BATCH + 4] = { program, format, name_by_input };

	for (uint32_t i = 0; i < count; i++) {
		if (snprintf(paths[i], PATH_SIZE, "%s/graphs/cluster%u.dot", directory,
			    first + i) >= PATH_SIZE)
			return fault_set(fault, ERROR_FILE, "%s: the path is too long", directory);
		arguments[3 + i] = paths[i];
	}
	const int error = run(arguments, fault);
	return error != 0 ? error : rename_drawings(directory, first, count, fault);
}
