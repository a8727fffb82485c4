/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tcp/tcp_counters.h"

const struct counter_name tcp_counter_names[TCP_COUNTER_COUNT] = { TCP_COUNTER_LIST(COUNTER_NAME) };
