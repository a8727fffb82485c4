/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ATOMIC_FILE_H
#define ATOMIC_FILE_H

#include <stddef.h>

#include "base/fault.h"

/*
 * Replaces the file by these bytes: whoever reads it, even after a crash, sees the old bytes or the
 * new ones, all of them. They are on the disk when this returns 0. Returns ERROR_FILE with fault
 * set, or ERROR_MEMORY; the old file then still stands. A device or a pipe is written to as it is.
 */
int atomic_file_write(const char *path, const char *bytes, size_t length, struct fault *fault);

#endif
