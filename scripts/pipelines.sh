# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2154 # set by who sources this
# scripts/bench-peers pipelines: ways to find the open resolvers of the lab, from the list of targets to the verdicts.
# Who sources this has root, work, lab, stride and rounds. A lab of its own name is raised, and removed by clean_up_lab.

gateway_mac=02:00:00:00:00:01
peer_address=203.0.113.3
truth=192.0.2.53
# As long as zmap waits for late answers, so that all have the same.
cooldown_s=4
timeout_s=2
# Few enough at once that the servers, which share the CPUs with the clients, answer within that also on a busy machine.
connections=128

clean_up_lab() {
	"$root/scripts/lab" down --prefix "$lab" >/dev/null 2>&1 || true
}

# Peers use the kernel's sockets, which the scanner must not see: they have their address for their time only.
give_address() {
	ip -n "$lab-scan" address add "$peer_address/24" dev scan0
	ip -n "$lab-scan" route add 198.18.0.0/15 via 203.0.113.1
}

take_address() {
	ip -n "$lab-scan" address delete "$peer_address/24" dev scan0
}

in_lab_scan() {
	ip netns exec "$lab-scan" "$@"
}

# Port 853 open, by zmap, with no more packets a second than a veth pair takes without loss.
find_open() {
	in_lab_scan zmap -q -p 853 -i scan0 -G "$gateway_mac" -S "$peer_address" -b /dev/null -r 10000 -c "$cooldown_s" \
		-w "$work/targets" -o "$1" 2>/dev/null
}

run_dotscan() { # RESULT
	in_lab_scan "$root/build/app/dotscan-dpdk/dotscan-dpdk" -c "$root/config/lab-scan.yaml" --quiet \
		--set "scan.targets.include=[]" --set "scan.targets.include_files=[$work/targets]" \
		--set "verify.ca_file=/run/dotscan-lab/$lab/certificates/ca.pem" --set "scan.cooldown=${cooldown_s}s" \
		--set "verify.timeouts.connect=${timeout_s}s" --set "verify.timeouts.tls=${timeout_s}s" \
		--set "verify.timeouts.dns=${timeout_s}s" --set "verify.max_connections=$connections" --set "output.directory=${1%/*}" >"$work/dotscan.log" 2>&1
}

run_getdns() { # RESULT
	find_open "$work/open" && in_lab_scan "$work/peer_getdns" "$truth" <"$work/open" >"$1" 2>"$work/getdns.log"
}

run_dnspython() { # RESULT
	find_open "$work/open" && SSL_CERT_FILE=/run/dotscan-lab/$lab/certificates/ca.pem \
		in_lab_scan "$root/tests/lab/peer-dnspython" "$truth" <"$work/open" >"$1" 2>"$work/dnspython.log"
}

# One round of one way: its name, what it found, and the wall, user and system seconds of it and its children.
measure_way() { # NAME FUNCTION RESULT
	local TIMEFORMAT='%R %U %S'
	{ time "$2" "$3"; } 2>"$work/time" || die 1 "$1 failed: $(tail -qn 3 "$work"/*.log)"
	printf '%s %s %s\n' "$1" "$3" "$(tail -n 1 "$work/time")" >>"$work/costs"
}

bench_pipelines() {
	local round
	# shellcheck disable=SC2046 # several flags
	cc -O2 -o "$work/peer_getdns" "$root/tests/lab/peer_getdns.c" $(pkg-config --cflags --libs getdns)
	"$root/scripts/lab" up --prefix "$lab" >/dev/null
	"$root/tests/lab/compare-pipelines" draw "$stride" >"$work/targets"
	for ((round = 1; round <= rounds; round++)); do
		mkdir "$work/scan-$round"
		measure_way dotscan run_dotscan "$work/scan-$round/records.jsonl"
		give_address
		measure_way zmap+getdns run_getdns "$work/getdns-$round"
		measure_way zmap+dnspython run_dnspython "$work/dnspython-$round"
		take_address
	done
	printf 'pipelines: the lab, from targets to verdicts, every %dth address of each kind\n' "$stride"
	"$root/tests/lab/compare-pipelines" judge "$work/targets" "$work/costs" || die 4 'dotscan did not find the right resolvers'
}
