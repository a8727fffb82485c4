# SPDX-License-Identifier: GPL-3.0-or-later
"""
keeper.py RUN_DIRECTORY: first process of the lab's process namespace. It starts the servers of processes.json, says in the file
"ready" or "failed" how that went, notes in dead/NAME who ends later, and reaps. SIGHUP makes the servers named in the file "reload"
read their zones anew. When it dies, the kernel kills all the others.
"""
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from labkit import sockets

START_SECONDS = 20
FILES = 65536


def leave_confinement():
    """AppArmor profiles of named and unbound allow only the system's own paths; as root, a child may start without them."""
    try:
        pathlib.Path("/proc/self/attr/apparmor/exec").write_text("exec unconfined")
    except OSError:
        pass


def raise_file_limit():
    """As far as we may: a container's root cannot pass the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (FILES, hard):
        try:
            return resource.setrlimit(resource.RLIMIT_NOFILE, (limit, max(limit, hard)))
        except (ValueError, OSError):
            continue


def start(plan, run_directory):
    log = open(run_directory / "logs" / f"{plan['name']}.log", "wb")
    return subprocess.Popen(plan["command"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=run_directory,
                            preexec_fn=leave_confinement)


def all_processes():
    return [int(path.name) for path in pathlib.Path("/proc").iterdir() if path.name.isdigit() and path.name != "1"]


def await_ready(plans, children):
    """None once everybody listens, or a sentence saying who does not."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        for plan in plans:
            code = children[plan["name"]].poll()
            if code is not None:
                return f"{plan['name']} ended at once, with status {code}"
        ports, endpoints = sockets.listening()
        late = [plan["name"] for plan in plans if not (ports.issuperset(plan["ports"]) and endpoints.issuperset(plan["sockets"]))]
        if not late:
            return None
        if time.monotonic() > deadline:
            return f"{late[0]} does not listen after {START_SECONDS} s"
        time.sleep(0.05)


def publish(path, text):
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").rename(path)


def reload_zones(run_directory, children):
    for name in (run_directory / "reload").read_text().split():
        children[name].send_signal(signal.SIGHUP)


def main():
    run_directory = pathlib.Path(sys.argv[1])
    plans = json.loads((run_directory / "processes.json").read_text())
    raise_file_limit()
    children = {plan["name"]: start(plan, run_directory) for plan in plans}
    problem = await_ready(plans, children)
    if problem:
        publish(run_directory / "failed", problem)
        return
    sockets.widen(all_processes(), {port for plan in plans for port in plan["intercepted_ports"]})
    signal.signal(signal.SIGHUP, lambda *_: reload_zones(run_directory, children))
    publish(run_directory / "ready", "")
    names = {child.pid: name for name, child in children.items()}
    while True:
        process, status = os.wait()
        if process in names:
            publish(run_directory / "dead" / names[process], str(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main()
