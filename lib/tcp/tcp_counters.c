/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/tcp_counters.h"

const char *
tcp_counters_key(enum tcp_counter counter)
{
	static const char *const keys[] = {
#define X(name, key, text) key,
		TCP_COUNTER_LIST(X)
#undef X
	};
	return keys[counter];
}

const char *
tcp_counters_text(enum tcp_counter counter)
{
	static const char *const texts[] = {
#define X(name, key, text) text,
		TCP_COUNTER_LIST(X)
#undef X
	};
	return texts[counter];
}
