/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STANDARD_STREAMS_H
#define STANDARD_STREAMS_H

#include "base/fault.h"

/*
 * Call it first in main. Whoever starts a program with standard output closed would otherwise find its messages in the first file that
 * the program opens: that gets the free number. Writing to what was closed keeps failing.
 */
void standard_streams_hold(void);

/* Whether all that was printed has gone out. Returns 0, or ERROR_FILE with a fault set. */
int standard_streams_flush(struct fault *fault);

#endif
