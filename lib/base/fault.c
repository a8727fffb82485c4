/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>

#include "base/fault.h"

int
fault_set(struct fault *fault, int error, const char *format, ...)
{
	va_list arguments;

	if (fault->text[0] != '\0')
		return error;
	va_start(arguments, format);
	(void)vsnprintf(fault->text, sizeof(fault->text), format, arguments);
	va_end(arguments);
	return error;
}
