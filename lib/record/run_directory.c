/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/error.h"
#include "record/csv_writer.h"
#include "record/record_writer.h"
#include "record/run_directory_files.h"

/* Room for one more pending brief. */
static int
reserve_brief(struct run_directory *directory)
{
	if (directory->pending_count < directory->pending_capacity)
		return 0;
	const size_t capacity =
		directory->pending_capacity == 0 ? 256 : directory->pending_capacity * 2;
	struct record_brief *grown = realloc(directory->pending, capacity * sizeof(*grown));
	if (grown == NULL)
		return ERROR_MEMORY;
	directory->pending = grown;
	directory->pending_capacity = capacity;
	return 0;
}

int
run_directory_add(
	struct run_directory *directory, const struct observation *observation, struct fault *fault)
{
	/*
	 * After a failed write the file stays as it is, so gathering more would only take memory.
	 */
	if (directory->records.error != 0 || directory->certificates.file.error != 0)
		return run_directory_flush(directory, fault);
	int error = reserve_brief(directory);
	if (error == 0 && directory->has_certificates)
		error = certificate_log_add(&directory->certificates, directory->scan, observation);
	if (error == 0)
		error = record_write(&directory->records.pending, directory->scan, observation);
	if (error != 0)
		return error;
	record_brief_of(observation, &directory->pending[directory->pending_count++]);
	if (directory->records.pending.length >= LINE_FILE_PENDING ||
		directory->certificates.file.pending.length >= LINE_FILE_PENDING)
		return run_directory_flush(directory, fault);
	return 0;
}

/* Count the first records of pending, which are now in the file, and give each its row. */
static int
settle(struct run_directory *directory, uint64_t written, struct fault *fault)
{
	int error = 0;

	for (size_t i = 0; i < written; i++) {
		const struct record_brief *brief = &directory->pending[i];

		tally_add(&directory->tally, brief);
		if (directory->csv_queries > 0 && error == 0)
			error = csv_write(&directory->csv.pending, brief, directory->csv_queries);
	}
	directory->pending_count = 0;
	if (directory->csv_queries > 0 && error == 0)
		error = line_file_flush(&directory->csv, fault);
	return error;
}

int
run_directory_flush(struct run_directory *directory, struct fault *fault)
{
	const uint64_t before = directory->records.line_count;
	int error = 0;

	/*
	 * A record must never name a certificate that is not there, so the certificates go first.
	 */
	if (directory->has_certificates)
		error = line_file_flush(&directory->certificates.file, fault);
	if (error != 0)
		return error;
	error = line_file_flush(&directory->records, fault);
	const int csv_error = settle(directory, directory->records.line_count - before, fault);
	return error != 0 ? error : csv_error;
}

int
run_directory_save_checkpoint(
	struct run_directory *directory, const struct checkpoint *checkpoint, struct fault *fault)
{
	int error = run_directory_flush(directory, fault);

	if (error == 0 && directory->has_certificates)
		error = line_file_sync(&directory->certificates.file, fault);
	if (error == 0)
		error = line_file_sync(&directory->records, fault);
	if (error == 0)
		error = checkpoint_write(checkpoint, directory->checkpoint_path, fault);
	return error;
}

int
run_directory_save_summary(
	struct run_directory *directory, const struct summary *summary, struct fault *fault)
{
	return summary_write(summary, directory->summary_path, fault);
}

const struct tally *
run_directory_tally(const struct run_directory *directory)
{
	return &directory->tally;
}
