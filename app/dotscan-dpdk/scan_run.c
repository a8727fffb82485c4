/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <rte_launch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/error.h"
#include "clock.h"
#include "record/summary_text.h"
#include "run_books.h"
#include "run_checkpoint.h"
#include "run_totals.h"
#include "scan_run.h"
#include "scan_state.h"
#include "standard_streams.h"

#define TICK_NS  5000000L
#define CHECK_NS 1000000000ULL

/* After an interrupt what is being verified may still finish; most of it does within a few round trips. */
#define INTERRUPT_GRACE_NS 2000000000ULL

/* How often the user asked to stop. */
static volatile sig_atomic_t interrupts;

static void
note_interrupt(int signal)
{
	interrupts++;
}

static void
catch_signals(void)
{
	struct sigaction action = { .sa_handler = note_interrupt };

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGHUP, &action, NULL);
	/* A file size limit and a closed pipe are told by write(2), where they can be handled. */
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGXFSZ, &action, NULL);
	(void)sigaction(SIGPIPE, &action, NULL);
}

static int
launch_workers(struct scan_state *state, struct fault *fault)
{
	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		if (rte_eal_remote_launch(verify_worker_run, &state->verify_workers[w],
			    environment_verify_lcore(&state->scan.cpus, w)) != 0)
			return fault_set(
				fault, ERROR_LIBRARY, "verify worker %u does not start", w);
	for (uint16_t io = 0; io < state->scan.io_count; io++)
		if (rte_eal_remote_launch(
			    io_worker_run, state->io_workers[io], environment_io_lcore(io)) != 0)
			return fault_set(fault, ERROR_LIBRARY, "I/O worker %u does not start", io);
	return 0;
}

/* Verify workers first: what they send last still needs an I/O worker. */
static void
end_workers(struct scan_state *state)
{
	atomic_store(&state->scan.stops_probing, true);
	atomic_store_explicit(&state->scan.ends_verify, true, memory_order_release);
	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		(void)rte_eal_wait_lcore(environment_verify_lcore(&state->scan.cpus, w));
	atomic_store_explicit(&state->scan.ends_io, true, memory_order_release);
	for (uint16_t io = 0; io < state->scan.io_count; io++)
		(void)rte_eal_wait_lcore(environment_io_lcore(io));
}

static int
first_error(struct scan_state *state, struct fault *fault)
{
	if (atomic_load_explicit(&state->writer.error, memory_order_acquire) != 0)
		return fault_set(fault, atomic_load(&state->writer.error), "%s",
			state->writer.fault.text[0] != '\0' ? state->writer.fault.text
							    : "records cannot be written");
	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		if (atomic_load(&state->verify_workers[w].error) != 0)
			return fault_set(fault, ERROR_MEMORY, "verify worker %u: %s", w,
				error_text(atomic_load(&state->verify_workers[w].error)));
	for (uint16_t io = 0; io < state->scan.io_count; io++)
		if (atomic_load(&state->io_workers[io]->error) != 0)
			return fault_set(fault, ERROR_MEMORY, "I/O worker %u: %s", io,
				error_text(atomic_load(&state->io_workers[io]->error)));
	return 0;
}

static bool
has_probed_all(const struct scan_state *state)
{
	for (uint16_t io = 0; io < state->scan.io_count; io++)
		if (!atomic_load(&state->io_workers[io]->is_finished))
			return false;
	return true;
}

static bool
is_verifying(const struct scan_state *state)
{
	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		if (atomic_load(&state->verify_workers[w].published.in_flight) > 0)
			return true;
	return false;
}

static uint64_t
sessions_alive(const struct scan_state *state)
{
	uint64_t sessions = 0;

	for (uint16_t w = 0; w < state->scan.verify_count; w++)
		sessions += atomic_load(&state->verify_workers[w].published.sessions);
	return sessions;
}

/* max_hits and max_runtime end the sending; what was found is still verified. */
static void
apply_limits(struct scan_state *state, uint64_t now_ns)
{
	const struct config_scan *scan = &state->config->scan;

	if (atomic_load(&state->scan.stops_probing))
		return;
	if ((scan->max_hits != 0 && run_totals_hits(state) >= scan->max_hits) ||
		(scan->max_runtime_ns != 0 && now_ns - state->started_ns >= scan->max_runtime_ns)) {
		if (!has_probed_all(state))
			state->end = RUN_END_LIMIT;
		atomic_store(&state->scan.stops_probing, true);
	}
}

static void
save_checkpoint(struct scan_state *state, struct checkpoint *checkpoint)
{
	if (checkpoint != NULL)
		record_thread_save(&state->writer, checkpoint);
}

static int
check_device(struct scan_state *state, struct fault *fault)
{
	port_read_counters(&state->scan.port, &state->port_counters);
	if (port_is_up(&state->scan.port))
		return 0;
	return fault_set(fault, ERROR_DEVICE,
		"nic.device: %s has gone or is down; everything recorded so far is kept, --resume goes on",
		state->config->nic.device);
}

/* A truth that was written anew may say more. One that is wrong does not end the scan, which has another. */
static void
refresh_protocol(struct scan_state *state)
{
	struct fault fault = { { 0 } };
	const int added = protocol_setup_refresh(state->protocol, &fault);

	if (added == 0 || (added > 0 && state->options->is_quiet))
		return;
	status_line_finish(&state->status);
	if (added > 0)
		(void)fprintf(stderr, "dotscan-dpdk: %s: %d more %s right from now on\n",
			state->config->verify.truth, added,
			added == 1 ? "answer is" : "answers are");
	else
		(void)fprintf(
			stderr, "dotscan-dpdk: the scan goes on without it: %s\n", fault.text);
}

/* What the main thread does until all is probed, answered and verified. Returns 0, or an error with a fault. */
static int
supervise(struct scan_state *state, struct fault *fault)
{
	const struct timespec tick = { 0, TICK_NS };
	uint64_t checked_ns = state->started_ns;
	uint64_t saved_ns = state->started_ns;
	struct scan_status_sample sample;

	while (interrupts == 0) {
		const uint64_t now_ns = clock_now_ns();
		int error = first_error(state, fault);

		if (error != 0)
			return error;
		apply_limits(state, now_ns);
		if (state->probing_ended_ns == 0 && has_probed_all(state))
			state->probing_ended_ns = now_ns;
		const bool is_cool =
			state->probing_ended_ns != 0 &&
			now_ns - state->probing_ended_ns >= state->config->scan.cooldown_ns;
		if (is_cool && !is_verifying(state))
			return 0;
		if (now_ns - checked_ns >= CHECK_NS) {
			checked_ns = now_ns;
			refresh_protocol(state);
			error = check_device(state, fault);
			if (error != 0)
				return error;
		}
		if (now_ns - saved_ns >= state->config->output.checkpoint_interval_ns) {
			saved_ns = now_ns;
			save_checkpoint(state, run_checkpoint_make(state, now_ns));
		}
		if (!state->options->is_quiet) {
			run_books_status(state,
				state->probing_ended_ns == 0 ? RUN_PHASE_SENDING
				: is_cool                    ? RUN_PHASE_FINISHING
							     : RUN_PHASE_WAITING,
				&sample);
			status_line_show(&state->status, &sample);
		}
		(void)nanosleep(&tick, NULL);
	}
	state->end = RUN_END_INTERRUPTED;
	return 0;
}

/* Nothing new begins; what is nearly done may finish, unless the user insists. */
static void
wind_down(struct scan_state *state)
{
	const struct timespec tick = { 0, TICK_NS };
	const uint64_t deadline_ns = clock_now_ns() + INTERRUPT_GRACE_NS;

	atomic_store(&state->scan.stops_probing, true);
	atomic_store(&state->scan.holds, true);
	status_line_finish(&state->status);
	if (!state->options->is_quiet)
		(void)fputs(
			"dotscan-dpdk: interrupted: finishing what is under way; again to stop at once\n",
			stderr);
	while (interrupts == 1 && sessions_alive(state) > 0 && clock_now_ns() < deadline_ns)
		(void)nanosleep(&tick, NULL);
}

/* The last checkpoint counts only what was settled before the workers dropped the rest. */
static int
run_threads(struct scan_state *state, struct fault *fault)
{
	struct scan_status_sample sample;
	int error = record_thread_start(&state->writer, &state->scan, state->directory);

	if (error != 0)
		return fault_set(fault, error, "the writer thread does not start");
	save_checkpoint(state, run_checkpoint_first(state));
	state->started_ns = clock_now_ns();
	run_books_status(state, RUN_PHASE_SENDING, &sample);
	status_line_init(&state->status, state->config->output.status_interval_ns, &sample);
	error = launch_workers(state, fault);
	if (error == 0)
		error = supervise(state, fault);
	if (error == 0 && state->end == RUN_END_INTERRUPTED)
		wind_down(state);
	struct checkpoint *last = run_checkpoint_make(state, clock_now_ns());
	end_workers(state);
	port_read_counters(&state->scan.port, &state->port_counters);
	save_checkpoint(state, last);
	record_thread_stop(&state->writer);
	status_line_finish(&state->status);
	return error != 0 ? error : first_error(state, fault);
}

static int
finish(struct scan_state *state, struct fault *fault)
{
	struct summary summary;
	char why[256] = "";

	run_books_summary(state, &summary);
	int error = run_directory_save_summary(state->directory, &summary, fault);
	if (!state->options->is_quiet) {
		summary_print(&summary, state->config->output.directory, state->config->output.csv,
			stdout);
		if (standard_streams_flush(fault) != 0)
			error = ERROR_FILE;
	}
	if (state->options->is_verbose) {
		if (state->environment.messages[0] != '\0')
			(void)fprintf(stderr, "DPDK said: %s\n", state->environment.messages);
		run_totals_print(state, stderr);
	}
	if (error != 0)
		return RUN_EXIT_FAILURE;
	if (!summary_is_balanced(&summary, why, sizeof(why)))
		(void)fprintf(stderr, "dotscan-dpdk: the books do not balance: %s\n", why);
	return summary_exit_code(&summary);
}

static int
exit_code_of(int error)
{
	return error == ERROR_INPUT ? RUN_EXIT_USAGE : RUN_EXIT_FAILURE;
}

static int
run(struct scan_state *state, struct fault *fault)
{
	int error = scan_state_open_directory(state, fault);

	if (error != 0)
		return exit_code_of(error);
	error = scan_state_open_device(state, fault);
	if (error != 0)
		return exit_code_of(error);
	if (state->options->is_verbose)
		plan_print(state->plan, state->config, stderr);
	error = run_threads(state, fault);
	if (error != 0)
		state->end = RUN_END_FAILURE;
	const int code = finish(state, fault);
	return error != 0 ? RUN_EXIT_FAILURE : code;
}

int
scan_run(const struct scan_config *config, const struct options *options, struct plan *plan,
	struct fault *fault)
{
	struct scan_state *state = calloc(1, sizeof(*state));

	if (state == NULL) {
		(void)fault_set(fault, ERROR_MEMORY, "out of memory");
		return RUN_EXIT_FAILURE;
	}
	state->config = config;
	state->options = options;
	state->plan = plan;
	catch_signals();
	const int code = run(state, fault);
	scan_state_close(state);
	free(state);
	return code;
}

int
scan_run_check(const struct scan_config *config, struct plan *plan, struct fault *fault)
{
	struct protocol_setup *protocol = protocol_setup_create(config, fault);

	if (protocol == NULL)
		return RUN_EXIT_USAGE;
	protocol_setup_destroy(protocol);
	const int error = plan_choose_order(plan, config, config->scan.seed, fault);
	if (error != 0)
		return exit_code_of(error);
	plan_print(plan, config, stdout);
	return standard_streams_flush(fault) == 0 ? RUN_EXIT_BALANCED : RUN_EXIT_FAILURE;
}
