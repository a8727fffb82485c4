# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the scripts share: the checkout's root, one line a step, errors. Sourced, never run.

export LC_ALL=C.UTF-8
# shellcheck disable=SC2034 # for those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Say in one line why we stop, and stop with that exit status.
die() { # STATUS MESSAGE
	printf '%s: %s\n' "${0##*/}" "$2" >&2
	exit "$1"
}

# Print the usage, which is the comment at the top of the running script.
print_usage() {
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# The present moment in microseconds, to hand to elapsed later.
moment() {
	printf '%s' "${EPOCHREALTIME/./}"
}

# Seconds since a moment, with one decimal.
elapsed() { # MOMENT
	local tenths=$((($(moment) - $1) / 100000))
	printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# Run a command with its output in LOG and print one line with the seconds it took.
# Where it fails, print the end of the log too and return its status.
run_step() { # LOG LABEL COMMAND...
	local log=$1 label=$2 began status=0
	began=$(moment)
	shift 2
	"$@" </dev/null >"$log" 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then
		printf '  %-60s %7s s\n' "$label" "$(elapsed "$began")"
	else
		printf '  %-60s %7s s  FAILED\n' "$label" "$(elapsed "$began")"
		tail -n 25 "$log" | sed 's/^/    /'
		printf '    full log: %s\n' "$log"
	fi
	return "$status"
}
