/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAME_SET_H
#define NAME_SET_H

#include "survey/cluster_files.h"
#include "survey/out_file.h"

/* Names of one certificate that are asked and written; as many as the key survey takes. */
#define NAME_SET_NAMES 100

/* The names of a host as the key survey writes them, an object; names may be NULL. */
void name_set_write(struct out_file *out, const struct survey_set *set,
	const struct name_book *names, const struct survey_host *host);

/* How the names of a host stand to its address. */
enum name_verdict name_set_judge(const struct survey_set *set, const struct name_book *names,
	const struct survey_host *host);

/*
 * Name number i of a host: 0 is its PTR name, 1 the common name, then those of subjectAltName.
 * TEXT_NONE where there is none; false beyond the last.
 */
bool name_set_name(const struct survey_set *set, const struct name_book *names,
	const struct survey_host *host, uint32_t i, uint32_t *name_out);

#endif
