/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "record/run_lock.h"

/* Returns 0 or an errno. */
static int
create_folders(const char *folder)
{
	char *path = strdup(folder);
	int reason = 0;

	if (path == NULL)
		return ENOMEM;
	for (char *end = path; *end != '\0' && reason == 0;) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
		const char kept = *end;
		*end = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			reason = errno;
		*end = kept;
	}
	free(path);
	return reason;
}

int
run_lock_take(const char *folder, int *lock_out, struct fault *fault)
{
	const int reason = create_folders(folder);

	if (reason == ENOMEM)
		return ERROR_MEMORY;
	if (reason != 0)
		return fault_set(fault, ERROR_FILE, "output.directory: %s: cannot create: %s",
			folder, strerrordesc_np(reason));
	const int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0)
		return fault_set(fault, ERROR_FILE, "output.directory: %s: cannot open: %s", folder,
			strerrordesc_np(errno));
	if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
		*lock_out = lock;
		return 0;
	}
	const int refusal = errno;
	(void)close(lock);
	if (refusal == EWOULDBLOCK)
		return fault_set(fault, ERROR_INPUT,
			"output.directory: %s: directory in use by another scan that runs now",
			folder);
	return fault_set(fault, ERROR_FILE, "output.directory: %s: cannot lock: %s", folder,
		strerrordesc_np(refusal));
}
