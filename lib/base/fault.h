/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAULT_H
#define FAULT_H

/*
 * What a user must read about one failure of ours: one line, no newline at its end, which names the file,
 * line and field where there are some and says what is accepted. The first text set is kept.
 */
struct fault {
	char text[1024];
};

/* Write the text unless there is one already; longer ones are cut. Returns error, so that callers can return fault_set(...). */
int fault_set(struct fault *fault, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
