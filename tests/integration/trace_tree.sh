# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A DNS tree of real servers at the addresses of real ones, for a network namespace without a way out: nsd has the root,
# knot com and net, bind org and uk, nsd again altospam.com, and unbound wikipedia.org. Sourced by trace.test; tree is its folder.

: "${tree:?}"
letters=(a b c d e f g h i j k l m)
root_ipv4=(198.41.0.4 170.247.170.2 192.33.4.12 199.7.91.13 192.203.230.10 192.5.5.241 192.112.36.4 198.97.190.53
	192.36.148.17 192.58.128.30 193.0.14.129 199.7.83.42 202.12.27.33)
root_ipv6=(2001:503:ba3e::2:30 2801:1b8:10::b 2001:500:2::c 2001:500:2d::d 2001:500:a8::e 2001:500:2f::f
	2001:500:12::d0d 2001:500:1::53 2001:7fe::53 2001:503:c27::2:30 2001:7fd::1 2001:500:9f::42 2001:dc3::35)
gtld_ipv4=(192.5.6.30 192.33.14.30 192.26.92.30 192.31.80.30 192.12.94.30 192.35.51.30 192.42.93.30 192.54.112.30
	192.43.172.30 192.48.79.30 192.52.178.30 192.41.162.30 192.55.83.30)
gtld_ipv6=(2001:503:a83e::2:30 2001:503:231d::2:30 2001:503:83eb::30 2001:500:856e::30 2001:502:1ca1::30
	2001:503:d414::30 2001:503:eea3::30 2001:502:8cc::30 2001:503:39c1::30 2001:502:7094::30 2001:503:d2d::30
	2001:500:d937::30 2001:501:b1f9::30)
org_addresses=(199.19.54.1 156.154.100.3)
altospam_addresses=(205.251.194.213 205.251.193.87 205.251.198.71 205.251.197.174)
wikimedia_addresses=(208.80.154.238 208.80.153.231 91.198.174.239)

tree_add_addresses() {
	local address
	ip link set lo up
	for address in "${root_ipv4[@]}" "${gtld_ipv4[@]}" "${org_addresses[@]}" "${altospam_addresses[@]}" \
		"${wikimedia_addresses[@]}"; do
		ip address add "$address/32" dev lo
	done
	for address in "${root_ipv6[@]}" "${gtld_ipv6[@]}"; do
		ip address add "$address/128" dev lo nodad
	done
	ip route add default dev lo
	ip -6 route add default dev lo
}

soa() { # ZONE PRIMARY SERIAL
	printf '%s 3600 IN SOA %s hostmaster.%s %s 7200 900 1209600 86400\n' "$1" "$2" "${2#*.}" "$3"
}

# NS and addresses of 13 servers.
thirteen() { # ZONE DOMAIN IPV4_ARRAY IPV6_ARRAY
	local -n ipv4=$3 ipv6=$4
	local i
	for i in "${!letters[@]}"; do
		printf '%s 172800 IN NS %s.%s\n' "$1" "${letters[i]}" "$2"
		printf '%s.%s 172800 IN A %s\n' "${letters[i]}" "$2" "${ipv4[i]}"
		printf '%s.%s 172800 IN AAAA %s\n' "${letters[i]}" "$2" "${ipv6[i]}"
	done
}

altospam_ns() {
	printf 'altospam.com. 172800 IN NS %s\n' ns-725.awsdns-26.net. ns-343.awsdns-42.com. ns-1607.awsdns-08.co.uk. \
		ns-1454.awsdns-53.org.
}

# A zone with one server, which has its address in it.
small_zone() { # ZONE SERVER ADDRESS
	soa "$1" "$2" 1
	printf '%s 3600 IN NS %s\n%s 3600 IN A %s\n' "$1" "$2" "$2" "$3"
}

tree_write_zones() {
	{
		soa . a.root-servers.net. 2017080400
		thirteen . root-servers.net. root_ipv4 root_ipv6
		thirteen com. gtld-servers.net. gtld_ipv4 gtld_ipv6
		printf 'net. 172800 IN NS %s.gtld-servers.net.\n' "${letters[@]}"
		printf '%s\n' 'org. 172800 IN NS b0.org.afilias-nst.org.' 'b0.org.afilias-nst.org. 172800 IN A 199.19.54.1' \
			'uk. 172800 IN NS nsa.nic.uk.' 'nsa.nic.uk. 172800 IN A 156.154.100.3'
	} >"$tree/root.zone"
	{
		soa com. a.gtld-servers.net. 1
		printf 'com. 172800 IN NS %s.gtld-servers.net.\n' "${letters[@]}"
		altospam_ns
		printf '%s\n' 'awsdns-42.com. 172800 IN NS ns-343.awsdns-42.com.' 'ns-343.awsdns-42.com. 172800 IN A 205.251.193.87'
	} >"$tree/com.zone"
	{
		soa net. a.gtld-servers.net. 1
		printf 'net. 172800 IN NS %s.gtld-servers.net.\n' "${letters[@]}"
		printf '%s\n' 'awsdns-26.net. 172800 IN NS ns-725.awsdns-26.net.' 'ns-725.awsdns-26.net. 172800 IN A 205.251.194.213' \
			'gtld-servers.net. 172800 IN NS a.gtld-servers.net.' 'root-servers.net. 172800 IN NS a.root-servers.net.' \
			'a.root-servers.net. 172800 IN A 198.41.0.4'
		thirteen gtld-servers.net. gtld-servers.net. gtld_ipv4 gtld_ipv6 | grep -v ' NS ' || true
	} >"$tree/net.zone"
	{
		soa gtld-servers.net. a.gtld-servers.net. 1
		thirteen gtld-servers.net. gtld-servers.net. gtld_ipv4 gtld_ipv6
	} >"$tree/gtld-servers.net.zone"
	{
		soa root-servers.net. a.root-servers.net. 1
		thirteen root-servers.net. root-servers.net. root_ipv4 root_ipv6
	} >"$tree/root-servers.net.zone"
	{
		soa org. b0.org.afilias-nst.org. 1
		printf '%s\n' 'org. 172800 IN NS b0.org.afilias-nst.org.' 'b0.org.afilias-nst.org. 172800 IN A 199.19.54.1' \
			'awsdns-53.org. 172800 IN NS ns-1454.awsdns-53.org.' 'ns-1454.awsdns-53.org. 172800 IN A 205.251.197.174' \
			'wikimedia.org. 172800 IN NS ns0.wikimedia.org.' 'wikipedia.org. 172800 IN NS ns0.wikimedia.org.' \
			'wikipedia.org. 172800 IN NS ns1.wikimedia.org.' 'wikipedia.org. 172800 IN NS ns2.wikimedia.org.' \
			'ns0.wikimedia.org. 172800 IN A 208.80.154.238' 'ns1.wikimedia.org. 172800 IN A 208.80.153.231' \
			'ns2.wikimedia.org. 172800 IN A 91.198.174.239'
	} >"$tree/org.zone"
	{
		small_zone uk. nsa.nic.uk. 156.154.100.3
		printf '%s\n' 'awsdns-08.co.uk. 172800 IN NS ns-1607.awsdns-08.co.uk.' \
			'ns-1607.awsdns-08.co.uk. 172800 IN A 205.251.198.71'
	} >"$tree/uk.zone"
	{
		printf 'altospam.com. 172800 IN SOA ns-1454.awsdns-53.org. awsdns-hostmaster.amazon.com. 2014070403 7200 900 1209600 86400\n'
		altospam_ns
		printf 'www.altospam.com. 300 IN A 192.0.2.80\n'
	} >"$tree/altospam.com.zone"
	small_zone awsdns-26.net. ns-725.awsdns-26.net. 205.251.194.213 >"$tree/awsdns-26.net.zone"
	small_zone awsdns-42.com. ns-343.awsdns-42.com. 205.251.193.87 >"$tree/awsdns-42.com.zone"
	small_zone awsdns-08.co.uk. ns-1607.awsdns-08.co.uk. 205.251.198.71 >"$tree/awsdns-08.co.uk.zone"
	small_zone awsdns-53.org. ns-1454.awsdns-53.org. 205.251.197.174 >"$tree/awsdns-53.org.zone"
	{
		printf 'wikipedia.org. 3600 IN SOA ns0.wikimedia.org. hostmaster.wikimedia.org. 2017080414 43200 7200 1209600 3600\n'
		printf 'wikipedia.org. 3600 IN NS %s.wikimedia.org.\n' ns0 ns1 ns2
		printf '%s\n' 'fr.wikipedia.org. 600 IN A 91.198.174.192' 'fr.wikipedia.org. 600 IN AAAA 2620:0:862:ed1a::1'
	} >"$tree/wikipedia.org.zone"
	{
		small_zone wikimedia.org. ns0.wikimedia.org. 208.80.154.238
		printf '%s\n' 'ns1.wikimedia.org. 3600 IN A 208.80.153.231' 'ns2.wikimedia.org. 3600 IN A 91.198.174.239'
	} >"$tree/wikimedia.org.zone"
}

start_nsd() { # NAME ZONES ADDRESS...
	local name=$1 zones=$2 zone
	shift 2
	{
		printf 'server:\n'
		printf '\tip-address: %s\n' "$@"
		printf '\tusername: ""\n\tchroot: ""\n\tzonesdir: "%s"\n\tdatabase: ""\n\tserver-count: 1\n\trrl-ratelimit: 0\n' "$tree"
		printf '\tpidfile: "%s/%s.pid"\n\tzonelistfile: "%s/%s.list"\n\txfrdfile: "%s/%s.state"\n\txfrdir: "%s"\n' \
			"$tree" "$name" "$tree" "$name" "$tree" "$name" "$tree"
		printf 'remote-control:\n\tcontrol-enable: no\n'
		for zone in $zones; do
			printf 'zone:\n\tname: "%s"\n\tzonefile: "%s.zone"\n' "$zone" "$([ "$zone" = . ] && echo root || echo "$zone")"
		done
	} >"$tree/$name.conf"
	nsd -d -c "$tree/$name.conf" >"$tree/$name.log" 2>&1 &
}

start_knot() { # ZONES ADDRESS...
	local zones=$1 zone address
	shift
	mkdir -p "$tree/knot"
	{
		printf 'server:\n  rundir: "%s/knot"\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n  listen: [' "$tree"
		for address; do
			printf '%s@53, ' "$address"
		done | sed 's/, $//'
		printf ']\ndatabase:\n  storage: "%s/knot"\ntemplate:\n  - id: default\n    storage: "%s"\n' "$tree" "$tree"
		printf '    file: "%%s.zone"\n    journal-content: none\n    semantic-checks: off\nzone:\n'
		for zone in $zones; do
			printf '  - domain: %s\n' "$zone"
		done
	} >"$tree/knot.conf"
	knotd -c "$tree/knot.conf" >"$tree/knot.log" 2>&1 &
}

start_bind() { # ZONES ADDRESS...
	local zones=$1 zone
	shift
	mkdir -p "$tree/bind"
	{
		printf 'options { directory "%s/bind"; listen-on { %s }; listen-on-v6 { none; }; recursion no; pid-file none;\n' \
			"$tree" "$(printf '%s; ' "$@")"
		printf 'session-keyfile none; dnssec-validation no; notify no; minimal-responses no; }; controls {};\n'
		for zone in $zones; do
			printf 'zone "%s" { type primary; file "%s/%s.zone"; };\n' "$zone" "$tree" "$zone"
		done
	} >"$tree/bind.conf"
	named -g -n1 -c "$tree/bind.conf" >"$tree/bind.log" 2>&1 &
}

start_unbound() { # ZONES ADDRESS...
	local zones=$1 zone
	shift
	{
		printf 'server:\n'
		printf '\tinterface: %s\n' "$@"
		printf '\tchroot: ""\n\tusername: ""\n\tpidfile: ""\n\tdo-daemonize: no\n\tuse-syslog: no\n\tdirectory: "%s"\n' "$tree"
		printf '\taccess-control: 0.0.0.0/0 refuse_non_local\n\tmodule-config: "iterator"\n'
		printf 'remote-control:\n\tcontrol-enable: no\n'
		for zone in $zones; do
			printf 'auth-zone:\n\tname: "%s"\n\tzonefile: "%s/%s.zone"\n\tfor-downstream: yes\n\tfor-upstream: no\n\tfallback-enabled: no\n' \
				"$zone" "$tree" "$zone"
		done
	} >"$tree/unbound.conf"
	unbound -d -c "$tree/unbound.conf" >"$tree/unbound.log" 2>&1 &
}

tree_start() {
	start_nsd root '. root-servers.net' "${root_ipv4[@]}" "${root_ipv6[@]}"
	start_knot 'com net gtld-servers.net' "${gtld_ipv4[@]}" "${gtld_ipv6[@]}"
	start_bind 'org uk' "${org_addresses[@]}"
	start_nsd leaf 'altospam.com awsdns-26.net awsdns-42.com awsdns-08.co.uk awsdns-53.org' "${altospam_addresses[@]}"
	start_unbound 'wikipedia.org wikimedia.org' "${wikimedia_addresses[@]}"
}
