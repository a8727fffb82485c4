/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "truth_watch.h"
#include "clock.h"
#include "truth_setup.h"

/* A file that is missing for a moment is about to be written. */
static void
look_at_file(const struct scan_config *config, struct stat *seen)
{
	struct stat found;

	if (config->verify.truth[0] != '\0' && stat(config->verify.truth, &found) == 0)
		*seen = found;
}

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void
truth_watch_init(struct truth_watch *watch, const struct scan_config *config)
{
	*watch = (struct truth_watch){ .config = config };
	look_at_file(config, &watch->seen);
}

int
truth_watch_look(struct truth_watch *watch, struct fault *fault)
{
	struct stat now = watch->seen;

	if (watch->truth == NULL)
		return 0;
	look_at_file(watch->config, &now);
	if (is_same_file(&now, &watch->seen))
		return 0;
	watch->seen = now;
	const size_t before = dns_truth_count(watch->truth);
	const int error =
		truth_setup_add(watch->config, watch->type, clock_wall_us(), watch->truth, fault);
	return error != 0 ? error : (int)(dns_truth_count(watch->truth) - before);
}
