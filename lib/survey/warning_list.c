/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>

#include "survey/warning_list.h"

void
warning_list_add(struct warning_list *list, const char *format, ...)
{
	va_list arguments;

	if (list->count < WARNING_LIST_KEPT) {
		va_start(arguments, format);
		(void)vsnprintf(
			list->texts[list->count], sizeof(list->texts[0]), format, arguments);
		va_end(arguments);
	}
	list->count++;
}
