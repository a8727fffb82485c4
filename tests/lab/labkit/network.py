# SPDX-License-Identifier: GPL-3.0-or-later
"""Two network namespaces and the veth pair between them. Nothing is made in the root namespace, and there is no way out."""
import os
import pathlib
import re
import signal
import subprocess
import time

from . import rules

NAMESPACES = pathlib.Path("/run/netns")
SCAN_MAC = "02:00:00:00:00:02"
LAB_MAC = "02:00:00:00:00:01"
GATEWAY = "203.0.113.1/24"
# The ring of a veth holds 256 frames; with a queue in front of it the kernel waits instead of dropping.
QUEUE_FRAMES = 100000
LAB_SYSCTLS = {
    "net.core.somaxconn": 1 << 18,
    "net.ipv4.tcp_max_syn_backlog": 1 << 20,
    "net.ipv4.tcp_max_tw_buckets": 1 << 19,
    "net.ipv4.ip_local_port_range": "30000 65000",
    "net.ipv4.tcp_fin_timeout": 10,
    "net.ipv4.icmp_ratelimit": 0,
    "net.ipv4.icmp_msgs_per_sec": 1 << 20,
    "net.ipv4.icmp_msgs_burst": 1 << 16,
    "net.ipv4.conf.all.rp_filter": 0,
    "net.ipv4.conf.default.rp_filter": 0,
    "net.ipv4.conf.lab0.rp_filter": 0,
    "net.ipv4.neigh.lab0.unres_qlen_bytes": 1 << 24,
}


def run(*command, data=None, check=True):
    done = subprocess.run([str(word) for word in command], input=data, capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command[:6]))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


class Network:
    def __init__(self, name):
        self.scan = f"{name}-scan"
        self.lab = f"{name}-lab"

    def in_lab(self, *command, **options):
        return run("ip", "netns", "exec", self.lab, *command, **options)

    def exists(self):
        return any((NAMESPACES / name).exists() for name in (self.scan, self.lab))

    def create(self, server_addresses):
        for namespace in (self.scan, self.lab):
            run("ip", "netns", "add", namespace)
            # Before the devices exist, so that none of them ever speaks IPv6.
            for scope in ("all", "default"):
                run("ip", "netns", "exec", namespace, "sysctl", "-q", "-w", f"net.ipv6.conf.{scope}.disable_ipv6=1", check=False)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        run("ip", "-n", self.lab, "link", "add", "lab0", "address", LAB_MAC, "type", "veth",
            "peer", "name", "scan0", "address", SCAN_MAC, "netns", self.scan)
        for namespace, device in ((self.scan, "scan0"), (self.lab, "lab0")):
            # Each by itself: a kernel may fix one of them, and the others still matter.
            for feature in ("tx", "rx", "tso", "gso", "gro"):
                run("ip", "netns", "exec", namespace, "ethtool", "-K", device, feature, "off", check=False)
            run("ip", "-n", namespace, "link", "set", device, "up")
        self._configure_lab(server_addresses)

    def _configure_lab(self, server_addresses):
        run("ip", "-n", self.lab, "address", "add", GATEWAY, "dev", "lab0")
        run("ip", "-n", self.lab, "route", "add", "local", "198.18.0.0/15", "dev", "lo")
        for address in server_addresses:
            run("ip", "-n", self.lab, "address", "add", f"{address}/32", "dev", "lo")
        run("ip", "-n", self.lab, "rule", "add", "fwmark", rules.LOST_MARK, "lookup", 100)
        run("ip", "-n", self.lab, "route", "add", "default", "dev", "lo", "table", 100)
        run("tc", "-n", self.lab, "qdisc", "add", "dev", "lab0", "root", "pfifo", "limit", QUEUE_FRAMES, check=False)
        for name, value in LAB_SYSCTLS.items():
            # An older kernel lacks some of them for a namespace, and then has no such limit there.
            self.in_lab("sysctl", "-q", "-w", f"{name}={value}", check=False)

    def load_rules(self, text):
        self.in_lab("nft", "-f", "-", data=text)

    def processes(self, namespace):
        if not (NAMESPACES / namespace).exists():
            return []
        return [int(word) for word in run("ip", "netns", "pids", namespace, check=False).split()]

    def keeper(self):
        """The process whose number within the lab is 1."""
        for process in self.processes(self.lab):
            status = pathlib.Path(f"/proc/{process}/status").read_text()
            if re.search(r"^NSpid:.*\s1$", status, re.M):
                return process
        raise RuntimeError("the lab has no keeper")

    def destroy(self):
        """Kill what runs in the lab's namespace, then remove both. Returns the processes of others that still hold the scan side."""
        deadline = time.monotonic() + 10
        while (found := self.processes(self.lab)) and time.monotonic() < deadline:
            for process in found:
                try:
                    os.kill(process, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.05)
        guests = self.processes(self.scan)
        # A guest keeps its namespace alive, so the device goes first.
        if (NAMESPACES / self.lab).exists():
            run("ip", "-n", self.lab, "link", "delete", "lab0", check=False)
        for namespace in (self.scan, self.lab):
            if (NAMESPACES / namespace).exists():
                run("ip", "netns", "delete", namespace)
        self._remove_empty_mount()
        return guests

    @staticmethod
    def _remove_empty_mount():
        """`ip netns add` mounts /run/netns on itself; the last one out takes it away."""
        if NAMESPACES.is_dir() and not any(NAMESPACES.iterdir()):
            if f" {NAMESPACES} " in pathlib.Path("/proc/self/mountinfo").read_text():
                run("umount", NAMESPACES, check=False)
            try:
                NAMESPACES.rmdir()
            except OSError:
                pass
