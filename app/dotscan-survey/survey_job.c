/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "dotscan_version.h"
#include "graph_render.h"
#include "survey/changes.h"
#include "survey/cluster_files.h"
#include "survey/cluster_graph.h"
#include "survey/report.h"
#include "survey_job.h"

static const struct name_book *
names_of(const struct survey_job *job)
{
	return job->has_names ? &job->names : NULL;
}

static int
write_keys(struct survey_job *job, struct fault *fault)
{
	const char *output = job->options->output;

	if (job->stages.is_done[STAGE_NAME_KEYS])
		return 0;
	progress_line_begin(&job->line, "keys", 3);
	int error = cluster_files_write_all(&job->keys, &job->set, names_of(job), output, fault);
	progress_line_update(&job->line, 1);
	if (error == 0)
		error = cluster_files_write_collisions(
			&job->keys, &job->set, names_of(job), output, fault);
	progress_line_update(&job->line, 2);
	if (error == 0)
		error = cluster_files_write_dodgies(&job->set, names_of(job), output, fault);
	if (error == 0)
		progress_line_end(&job->line, "");
	return error != 0 ? error : stage_log_done(&job->stages, STAGE_NAME_KEYS, fault);
}

static int
write_clusters(struct survey_job *job, struct fault *fault)
{
	const uint32_t count = job->keys.clusters.cluster_count;
	char result[64];
	int error = 0;

	if (job->stages.is_done[STAGE_NAME_CLUSTERS])
		return 0;
	progress_line_begin(&job->line, "clusters", count);
	for (uint32_t i = 0; i < count && error == 0; i++) {
		error = cluster_files_write_cluster(
			&job->keys, &job->set, names_of(job), i, job->options->output, fault);
		progress_line_update(&job->line, i);
		if (error == 0 && !survey_job_goes_on())
			error = 1;
	}
	(void)snprintf(result, sizeof(result), "%u clusters", count);
	if (error == 0)
		progress_line_end(&job->line, result);
	return error != 0 ? error : stage_log_done(&job->stages, STAGE_NAME_CLUSTERS, fault);
}

static int
draw(struct survey_job *job, uint32_t first, uint32_t count, struct fault *fault)
{
	char path[4096];
	int error = 0;

	for (uint32_t i = first; i < first + count && error == 0; i++) {
		if (snprintf(path, sizeof(path), "%s/graphs/cluster%u.dot", job->options->output,
			    i) >= (int)sizeof(path))
			return fault_set(fault, ERROR_FILE, "%s: the path is too long",
				job->options->output);
		error = cluster_graph_write(&job->keys, &job->set, i - 1, path, fault);
	}
	return error != 0 ? error : graph_render(job->options->output, first, count, fault);
}

/* Without graphviz the rest is worth having all the same. */
static int
draw_graphs(struct survey_job *job, struct fault *fault)
{
	const uint32_t wanted = job->graph_count;
	struct fault reason = { "" };
	char result[64];
	int error = 0;

	if (job->stages.is_done[STAGE_NAME_GRAPHS])
		return 0;
	progress_line_begin(&job->line, "graphs", wanted);
	for (uint32_t first = 1; first <= wanted && error == 0; first += GRAPH_RENDER_BATCH) {
		const uint32_t left = wanted - first + 1;

		error = draw(
			job, first, left < GRAPH_RENDER_BATCH ? left : GRAPH_RENDER_BATCH, &reason);
		progress_line_update(&job->line, first);
		if (!survey_job_goes_on())
			return 1;
	}
	if (error == ERROR_LIBRARY) {
		warning_list_add(&job->warnings, "%.280s", reason.text);
		return 0;
	}
	if (error != 0)
		return fault_set(fault, error, "%s", reason.text);
	(void)snprintf(result, sizeof(result), "%u of %u clusters", wanted,
		job->keys.clusters.cluster_count);
	progress_line_end(&job->line, result);
	return stage_log_done(&job->stages, STAGE_NAME_GRAPHS, fault);
}

static int
write_tables(struct survey_job *job, struct fault *fault)
{
	struct findings *findings = &job->findings;
	char result[64];

	progress_line_begin(&job->line, "tables", 0);
	int error = findings_build(findings, &job->set, &job->keys, names_of(job), &job->books);
	if (error == 0 && job->options->baseline != NULL)
		error = changes_add(findings, &job->before);
	for (size_t i = 0; i < findings->table_count && error == 0; i++)
		error = table_write_files(&findings->tables[i], job->options->output, fault);
	if (error == 0 && job->options->baseline != NULL)
		error = changes_write_addresses(
			&job->set, &job->before, job->options->output, fault);
	(void)snprintf(result, sizeof(result), "%zu tables", findings->table_count);
	if (error == 0)
		progress_line_end(&job->line, result);
	return error != 0 ? error : stage_log_done(&job->stages, STAGE_NAME_TABLES, fault);
}

/* "a.jsonl, b.jsonl and 3 more", without the folders. */
static void
name_inputs(const struct options *options, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < options->record_count && i < 4 && used < size; i++) {
		const char *slash = strrchr(options->records[i], '/');
		const int wrote = snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "",
			slash == NULL ? options->records[i] : slash + 1);
		used += wrote > 0 ? (size_t)wrote : 0;
	}
	if (options->record_count > 4 && used < size)
		(void)snprintf(
			text + used, size - used, " and %zu more", options->record_count - 4);
}

static int
write_report(struct survey_job *job, struct fault *fault)
{
	char inputs[1024];
	char result[4200];
	const char *baseline = job->options->baseline;
	const char *slash = baseline == NULL ? NULL : strrchr(baseline, '/');
	const struct report_settings settings = {
		.version = DOTSCAN_VERSION,
		.inputs = inputs,
		.baseline = slash == NULL ? baseline : slash + 1,
		.directory = job->options->output,
		.graph_count = job->graph_count,
		.epochs = job->epochs,
		.warnings = &job->warnings,
	};

	name_inputs(job->options, inputs, sizeof(inputs));
	progress_line_begin(&job->line, "report", 0);
	const int error = report_write(&job->findings, &settings, fault);
	(void)snprintf(result, sizeof(result), "%s/report.html", job->options->output);
	if (error == 0)
		progress_line_end(&job->line, result);
	return error != 0 ? error : stage_log_done(&job->stages, STAGE_NAME_REPORT, fault);
}

int
survey_job_write(struct survey_job *job, struct fault *fault)
{
	const uint32_t clusters = job->keys.clusters.cluster_count;

	job->graph_count =
		job->options->graphs < clusters ? (uint32_t)job->options->graphs : clusters;
	int error = write_keys(job, fault);
	if (error == 0 && !survey_job_goes_on())
		error = 1;
	if (error == 0)
		error = write_clusters(job, fault);
	if (error == 0)
		error = draw_graphs(job, fault);
	if (error == 0)
		error = write_tables(job, fault);
	return error != 0 ? error : write_report(job, fault);
}
