/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "graph_file.h"
#include "trace/trace_graph.h"

#define NOT_FOUND 127 /* what a child of posix_spawnp ends with where the program cannot be run */

extern char **environ;

/* dot with the file as its standard input; the name of the output is an argument of its own, so no shell reads it. */
static int
run_dot(int input, const char *path, struct fault *fault)
{
	char output[4096];
	char *arguments[] = { (char[]){ "dot" }, (char[]){ "-Tsvg" }, output, NULL };
	posix_spawn_file_actions_t actions;
	pid_t child = 0;
	int status = 0;

	if ((size_t)snprintf(output, sizeof(output), "-o%s", path) >= sizeof(output))
		return fault_set(fault, ERROR_FILE, "%.200s: the name is too long", path);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	const int error = posix_spawnp(&child, "dot", &actions, NULL, arguments, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (error != 0)
		return fault_set(fault, ERROR_FILE,
			"--graph needs the program dot of graphviz, which cannot be run: %s; install the package graphviz",
			strerror(error));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		return fault_set(fault, ERROR_FILE,
			"--graph needs the program dot of graphviz; install the package graphviz");
	return fault_set(fault, ERROR_FILE, "%s: dot could not draw it", path);
}

int
graph_file_write(const struct trace *trace, const char *path, struct fault *fault)
{
	FILE *source = tmpfile();
	struct stat found;
	int error;

	if (source == NULL)
		return fault_set(fault, ERROR_FILE, "no temporary file: %s", strerror(errno));
	trace_graph_print(trace, source);
	if (fflush(source) != 0 || fseek(source, 0, SEEK_SET) != 0)
		error = fault_set(fault, ERROR_FILE, "no temporary file: %s", strerror(errno));
	else
		error = run_dot(fileno(source), path, fault);
	/* What dot could not finish is no drawing; a device stays. */
	if (error != 0 && stat(path, &found) == 0 && S_ISREG(found.st_mode) && found.st_size == 0)
		(void)unlink(path);
	(void)fclose(source);
	return error;
}
