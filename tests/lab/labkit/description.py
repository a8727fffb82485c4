# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's description, config/lab/lab.json: which prefix is served by what, and what a scan must find there."""
import ipaddress
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
DIRECTORY = ROOT / "config" / "lab"
WHOLE = ipaddress.ip_network("198.18.0.0/15")
FIRST_HOSTILE_PORT = 20000
CLOSED_PORT = 10000
# What the packet filter does itself. "stall" and "reset" need a listener for the SYN-ACK.
FILTERS = ("drop", "refuse", "host-unreachable", "admin-prohibited", "stall", "reset")
LISTENING_FILTERS = ("stall", "reset")


class Entry:
    """One prefix. port is where its connections end in the lab, None where no packet gets through."""

    def __init__(self, data):
        self.network = ipaddress.ip_network(data["prefix"])
        self.server = data["server"]
        self.behaviour = data.get("behaviour")
        self.certificate = data.get("certificate")
        self.options = data.get("options", "-")
        self.description = data["description"]
        self.expect = data["expect"]
        self.port = None
        self.intercept = None  # the address of a listener to which packets are handed unchanged


class Lab:
    def __init__(self, path=DIRECTORY / "lab.json"):
        data = json.loads(pathlib.Path(path).read_text())
        self.processes = data["processes"]
        self.servers = data["servers"]
        self.tree = data["tree"]  # addresses of the servers above probe.example.
        self.zone_servers = data["zone_servers"]  # process -> the address at which it has probe.example.
        self.answer = data["truth"]["data"]
        self.big = ipaddress.ip_network(data["big"])
        self.entries = sorted(map(Entry, data["entries"]), key=lambda entry: entry.network)
        self.hostile_listeners = {}  # (behaviour, certificate, options) -> port
        self._check_cover()
        for entry in self.entries:
            self._place(entry)

    def _check_cover(self):
        following = int(WHOLE.network_address)
        for entry in self.entries:
            if int(entry.network.network_address) != following:
                raise ValueError(f"lab.json: {entry.network} does not begin at {ipaddress.ip_address(following)}")
            following += entry.network.num_addresses
        if following != int(WHOLE.broadcast_address) + 1:
            raise ValueError(f"lab.json: nothing covers {ipaddress.ip_address(following)}")

    def _hostile_port(self, behaviour, certificate=None, options="-"):
        return self.hostile_listeners.setdefault((behaviour, certificate, options),
                                                 FIRST_HOSTILE_PORT + len(self.hostile_listeners))

    def _place(self, entry):
        if entry.server == "hostile":
            entry.port = self._hostile_port(entry.behaviour, entry.certificate, entry.options)
        elif entry.server != "filter":
            entry.port = self.servers[entry.server]["port"]
            entry.intercept = self.servers[entry.server].get("intercept")
        elif entry.behaviour not in FILTERS:
            raise ValueError(f"lab.json: {entry.network}: no filter \"{entry.behaviour}\"")
        elif entry.behaviour in LISTENING_FILTERS:
            entry.port = self._hostile_port("silence")
        elif entry.behaviour == "refuse":
            entry.port = CLOSED_PORT

    def filtered(self, behaviour):
        return [entry.network for entry in self.entries if entry.server == "filter" and entry.behaviour == behaviour]

    def network_with_certificate(self, certificate):
        return next(entry.network for entry in self.entries if entry.certificate == certificate)

    def sockets(self, process):
        """The addresses and ports beside, on which that process must listen."""
        return [f"{self.zone_servers[process]}:53"] if process in self.zone_servers else []

    def ports(self, process):
        """The ports on which that process must listen."""
        if process == "hostile":
            return sorted(self.hostile_listeners.values())
        return sorted({server["port"] for server in self.servers.values() if server["process"] == process})
