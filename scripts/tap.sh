# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Reads what one test program prints in the Test Anything Protocol and reports each of its lines.
# Sourced by scripts/test, whose report and moment it calls.

# Begin with a new test program.
tap_begin() {
	tap_planned=
	tap_seen=0
	tap_failed=0
	tap_moment=$(moment)
}

tap_report() { # pass|FAIL|skip WHAT [WHY]
	[ "$1" != FAIL ] || tap_failed=$((tap_failed + 1))
	report "$1" "$2" "$(elapsed "$tap_moment")" "${3-}"
	tap_moment=$(moment)
}

# Take one line of output; what is not the protocol's is left to the log.
tap_line() { # LINE
	local pattern='^(not )?ok( +[0-9]+)?( +- +| +|$)(.*)$' what
	if [[ $1 =~ ^1\.\.([0-9]+)( +# *[Ss][Kk][Ii][Pp] *(.*))?$ ]]; then
		tap_planned=${BASH_REMATCH[1]}
		if [ "$tap_planned" -eq 0 ]; then
			tap_report skip 'all of it' "${BASH_REMATCH[3]}"
		fi
	elif [[ $1 =~ $pattern ]]; then
		tap_seen=$((tap_seen + 1))
		what=${BASH_REMATCH[4]}
		if [ -n "${BASH_REMATCH[1]}" ]; then
			tap_report FAIL "$what"
		elif [[ $what =~ ^(.*[^ ])?\ *#\ *[Ss][Kk][Ii][Pp]\ *(.*)$ ]]; then
			tap_report skip "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
		else
			tap_report pass "$what"
		fi
	fi
}

# End the program: what it planned must have run, it must have said how it ended, and be gone.
tap_end() { # EXIT_STATUS PROCESSES_LEFT SECONDS
	if [ "$1" -eq 124 ] || [ "$1" -eq 137 ]; then
		tap_report FAIL "stopped after $3 s"
	elif [ -z "$tap_planned" ]; then
		tap_report FAIL "ended without a plan, exit status $1"
	elif [ "$tap_planned" -ne "$tap_seen" ]; then
		tap_report FAIL "planned $tap_planned, ran $tap_seen"
	elif [ "$1" -ne 0 ] && [ "$tap_failed" -eq 0 ]; then
		tap_report FAIL "exit status $1"
	fi
	if [ -n "$2" ]; then
		tap_report FAIL "left $2 processes behind"
	fi
}
