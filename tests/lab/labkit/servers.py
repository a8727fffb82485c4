# SPDX-License-Identifier: GPL-3.0-or-later
"""What the servers read: their configurations from config/lab, their certificates, and the hostile server's table."""
import json
import os
import shutil
import subprocess

from . import description

ZONE = "probe.example.zone"
FIRST_SERIAL = 1
# Where Debian keeps daemons, which is not in every user's PATH.
SEARCH_PATH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"


def find_program(name):
    found = shutil.which(name, path=SEARCH_PATH)
    if not found:
        raise RuntimeError(f"{name} is not installed; scripts/setup installs it")
    return found


def make_certificates(lab, directory):
    program = description.ROOT / "tests" / "lab" / "make-certificates"
    network = lab.network_with_certificate("ip-names")
    done = subprocess.run([program, directory, str(network)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the certificates could not be made: {done.stderr.strip()}")


def write_hostile_table(lab, run_directory):
    lines = []
    for (behaviour, certificate, options), port in lab.hostile_listeners.items():
        pem = run_directory / "certificates" / f"{certificate}.pem" if certificate else "-"
        lines.append(f"{port} {behaviour} {pem} {options}\n")
    (run_directory / "hostile.table").write_text("".join(lines))


def write_zone(directory, serial, answer):
    """The zone probe.example. as one server has it. As a whole: a server may be reading the one before it."""
    directory.mkdir(exist_ok=True)
    text = (description.DIRECTORY / ZONE).read_text().replace("@serial@", str(serial)).replace("@answer@", answer)
    (directory / f"{ZONE}.new").write_text(text)
    (directory / f"{ZONE}.new").rename(directory / ZONE)


def prepare(lab, run_directory, hostile_server):
    """Write every file the servers need, and processes.json for the keeper, which starts them."""
    words = {
        "@run@": str(run_directory),
        "@certificates@": str(run_directory / "certificates"),
        "@config@": str(description.DIRECTORY),
        "@hostile_server@": str(hostile_server),
    }

    def fill(text):
        for word, value in words.items():
            text = text.replace(word, value)
        return text

    for directory in ("logs", "kresd"):
        (run_directory / directory).mkdir()
    write_hostile_table(lab, run_directory)
    for directory in [run_directory] + [run_directory / name for name in lab.zone_servers]:
        write_zone(directory, FIRST_SERIAL, lab.answer)
    plan = []
    for name, process in lab.processes.items():
        if "template" in process:
            template = description.DIRECTORY / process["template"]
            (run_directory / template.name).write_text(fill(template.read_text()))
        command = [fill(word) for word in process["command"]]
        command[0] = find_program(command[0])
        plan.append({
            "name": name,
            "command": command,
            "ports": lab.ports(name),
            "sockets": lab.sockets(name),
            "intercepted_ports": sorted({entry.port for entry in lab.entries if entry.intercept
                                         and lab.servers[entry.server]["process"] == name}),
        })
    (run_directory / "processes.json").write_text(json.dumps(plan, indent=1))
