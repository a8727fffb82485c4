/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVER_CHECK_H
#define SERVER_CHECK_H

#include "trace/comparison.h"
#include "trace/finding.h"

/* What is wrong with one address of a server, whatever the others say: lame, silent, without TCP, without EDNS and so on. */
void server_check_probe(const struct comparison *comparison, const struct probe *probe,
	struct finding_list *findings);

/* What is wrong with the name of a server: an alias, without address, circular, glue that is not its address. */
void server_check_name(
	const struct comparison *comparison, size_t server, struct finding_list *findings);

#endif
