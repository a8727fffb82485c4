# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening sockets of other processes: which ports they hold, and two options that their programs do not offer."""
import ctypes
import os
import pathlib
import socket
import sys

PIDFD_GETFD = 438  # the same number on every architecture
IP_TRANSPARENT = 19
LISTEN = "0A"
QUEUE_LENGTH = 1 << 18


def _endpoint(text):
    """The kernel prints an address as a number in its own byte order."""
    address, port = text.split(":")
    return socket.inet_ntoa(int(address, 16).to_bytes(4, sys.byteorder)), int(port, 16)


def _listening(process="self"):
    """(address, port) by socket inode, of all listening sockets in the network namespace of that process."""
    lines = pathlib.Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]
    fields = [line.split() for line in lines]
    return {field[9]: _endpoint(field[1]) for field in fields if field[3] == LISTEN}


def listening():
    """(ports, "ADDRESS:PORT"s) on which somebody in this namespace listens, over TCP."""
    sockets = _listening().values()
    return {port for _, port in sockets}, {f"{address}:{port}" for address, port in sockets}


def _borrow(process, descriptor):
    libc = ctypes.CDLL(None, use_errno=True)
    handle = os.pidfd_open(process)
    try:
        copy = libc.syscall(PIDFD_GETFD, handle, descriptor, 0)
        if copy < 0:
            raise OSError(ctypes.get_errno(), f"pidfd_getfd of process {process}")
        return socket.socket(fileno=copy)
    finally:
        os.close(handle)


def _held_by(process):
    """(descriptor, inode) of the sockets that a process has open."""
    for link in pathlib.Path(f"/proc/{process}/fd").iterdir():
        try:
            target = os.readlink(link)
        except OSError:
            continue
        if target.startswith("socket:["):
            yield int(link.name), target[8:-1]


def widen(processes, intercepted_ports):
    """
    Give every listening socket a queue that holds a whole scan at line rate: Unbound and kresd ask for 256 and 128 places, and
    a full queue drops SYNs. The intercepted ports may then also accept connections to foreign addresses.
    """
    ports = _listening()
    for process in processes:
        for descriptor, inode in _held_by(process):
            if inode not in ports:
                continue
            with _borrow(process, descriptor) as listener:
                listener.listen(QUEUE_LENGTH)
                if ports[inode][1] in intercepted_ports:
                    listener.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
