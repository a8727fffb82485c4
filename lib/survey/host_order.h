/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOST_ORDER_H
#define HOST_ORDER_H

struct survey_set;

/*
 * Sort the hosts by address and port, and keep the last record of each. Of two records, the one
 * with the later timestamp is the last, then the one that got further, then that with the greater
 * digest of its certificate, so that the order of the input never decides. Linear in the number of
 * hosts. Returns 0 or ERROR_MEMORY.
 */
int host_order_sort(struct survey_set *set);

#endif
