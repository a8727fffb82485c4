/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLUSTER_FILES_H
#define CLUSTER_FILES_H

#include "base/fault.h"
#include "survey/host_keys.h"
#include "survey/name_book.h"
#include "survey/survey_set.h"

/*
 * The files of the key survey: one object an address, whose keys carry the names that survey gave
 * them. names may be NULL: nothing was looked up. All return 0, ERROR_FILE with the fault set, or
 * ERROR_MEMORY.
 */

/* all-key-fingerprints.json: an array of all addresses with a key. */
int cluster_files_write_all(const struct host_keys *keys, const struct survey_set *set,
	const struct name_book *names, const char *directory, struct fault *fault);

/* collisions.json: an array of those that share a key, cluster by cluster. */
int cluster_files_write_collisions(const struct host_keys *keys, const struct survey_set *set,
	const struct name_book *names, const char *directory, struct fault *fault);

/* dodgies.json: an object of addresses without a key, and of those none of whose names points back. */
int cluster_files_write_dodgies(const struct survey_set *set, const struct name_book *names,
	const char *directory, struct fault *fault);

/* clusters/clusterN.json: the members of one cluster and the keys that hold it together. */
int cluster_files_write_cluster(const struct host_keys *keys, const struct survey_set *set,
	const struct name_book *names, uint32_t cluster, const char *directory,
	struct fault *fault);

/* How a host's names stand to its address; see docs/survey.md. */
enum name_verdict {
	NAME_VERDICT_UNKNOWN,   /* nothing was asked, or no answer came */
	NAME_VERDICT_GOOD,      /* a name of its certificate, or its PTR name, has its address */
	NAME_VERDICT_ELSEWHERE, /* names exist, and none has it */
	NAME_VERDICT_NOWHERE,   /* no name exists */
};

enum name_verdict cluster_files_judge(const struct survey_set *set, const struct name_book *names,
	const struct survey_host *host);

#endif
