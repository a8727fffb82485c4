# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the integration tests share: TAP lines, a folder that goes at the end, and scans of a lab of one's own.
# shellcheck disable=SC2034 # some is for those who source this
# A test sources this and then calls plan; BUILD names the build directory.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BUILD:-$root/build}
scanner=$build/app/dotscan-dpdk/dotscan-dpdk
work=$(mktemp -d)
lab=
number=0
has_failed=0

plan() { # COUNT
	printf '1..%d\n' "$1"
}

# One result: the command's status decides. Its output is shown where it fails.
ok() { # WHAT COMMAND...
	local what=$1 output status=0
	shift
	number=$((number + 1))
	# Not as a condition: there "set -e" is void, and a function would pass by its last command alone.
	set +e
	output=$(
		set -e
		"$@" 2>&1
	)
	status=$?
	set -e
	if [ "$status" -eq 0 ]; then
		printf 'ok %d - %s\n' "$number" "$what"
	else
		printf 'not ok %d - %s\n' "$number" "$what"
		printf '%s\n' "$output" | tail -n 20 | sed 's/^/# /'
		has_failed=1
	fi
}

skip() { # WHAT WHY
	number=$((number + 1))
	printf 'ok %d - %s # SKIP %s\n' "$number" "$1" "$2"
}

finish() {
	exit "$has_failed"
}

clean_up() {
	trap '' INT TERM HUP
	jobs -p | xargs -r kill 2>/dev/null || true
	wait 2>/dev/null || true
	[ -z "$lab" ] || "$root/scripts/lab" down --prefix "$lab" >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

lab_up() { # [OPTION...]
	lab=t$$
	"$root/scripts/lab" up --prefix "$lab" --build "$build" "$@" | sed 's/^/# /'
}

in_scan() {
	ip netns exec "$lab-scan" "$@"
}

in_lab() {
	ip netns exec "$lab-lab" "$@"
}

# Arguments of a scan of the lab into a folder.
scan_arguments() { # DIRECTORY [--set...]
	local directory=$1
	shift
	arguments=(-c "$root/config/lab-scan.yaml" --set "output.directory=$directory"
		--set "verify.ca_file=/run/dotscan-lab/$lab/certificates/ca.pem" "$@")
}

# Scan the lab; the output goes to DIRECTORY.log, the status is the scanner's.
scan_lab() { # DIRECTORY [--set...]
	scan_arguments "$@"
	in_scan "$scanner" "${arguments[@]}" >"$1.log" 2>&1
}

# The same, demanding an exit status; the log is shown where it is another.
scan_exits() { # STATUS DIRECTORY [--set...]
	local wanted=$1 status=0
	shift
	scan_lab "$@" || status=$?
	[ "$status" -eq "$wanted" ] || {
		tail -n 15 "$1.log"
		echo "exit status $status, not $wanted"
		return 1
	}
}

records_are_right() { # DIRECTORY [PREFIX...]
	local directory=$1
	shift
	"$root/tests/lab/compare-records" "$directory/records.jsonl" ${1:+--only "$@"}
}

summary_says() { # DIRECTORY JQ_CONDITION
	jq -e "$2" "$1/summary.json" >/dev/null || {
		jq -c '{end,exit_code,books,losses,sent,received,targets}' "$1/summary.json"
		return 1
	}
}

# The scanner with these arguments, in the foreground.
scan_of() { # DIRECTORY [--set...]
	scan_arguments "$@"
	in_scan "$scanner" "${arguments[@]}"
}

# The command ends with STATUS and says one line that matches PATTERN.
says() { # STATUS PATTERN COMMAND...
	local wanted=$1 pattern=$2 status=0
	shift 2
	"$@" >"$work/output" 2>"$work/said" || status=$?
	cat "$work/output" "$work/said"
	[ "$status" -eq "$wanted" ] || {
		echo "exit status $status, not $wanted"
		return 1
	}
	[ "$(grep -c '^dotscan-dpdk: ' "$work/said")" -eq 1 ] && grep -qE "$pattern" "$work/said"
}
