/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RESUME_CHECK_H
#define RESUME_CHECK_H

#include "base/fault.h"
#include "record/checkpoint.h"
#include "record/run_directory.h"

/*
 * Whether a scan with these settings may go on from that checkpoint, read from path. Returns 0, or
 * ERROR_INPUT with a fault that says which setting was changed, and from what to what.
 */
int resume_check(const struct run_directory_settings *settings, const struct checkpoint *checkpoint,
	const char *path, struct fault *fault);

#endif
