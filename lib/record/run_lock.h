/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RUN_LOCK_H
#define RUN_LOCK_H

#include "base/fault.h"

/*
 * Creates the folder, and those above it, where needed, and locks it for this process; the lock
 * ends when lock_out is closed or the process ends in any way. Returns 0, ERROR_INPUT with fault
 * set where another process has it, ERROR_FILE with fault set, or ERROR_MEMORY.
 */
int run_lock_take(const char *folder, int *lock_out, struct fault *fault);

#endif
