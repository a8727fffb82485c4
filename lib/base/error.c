/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

const char *
error_text(int error)
{
	switch (error) {
#define X(name, value, text) \
	case ERROR_##name:   \
		return text;
		ERROR_LIST(X)
#undef X
	default:
		return error == 0 ? "success" : "unknown error";
	}
}
