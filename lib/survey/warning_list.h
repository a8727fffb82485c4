/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WARNING_LIST_H
#define WARNING_LIST_H

#include <stdint.h>

/* Whoever writes broken input writes much of it: the first ones say what is wrong. */
#define WARNING_LIST_KEPT 20

/* What is wrong with the input but does not stop the work: all are counted, the first are kept. */
struct warning_list {
	uint64_t count;
	char texts[WARNING_LIST_KEPT][320];
};

void warning_list_add(struct warning_list *list, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
