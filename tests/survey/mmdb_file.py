# SPDX-License-Identifier: GPL-3.0-or-later
"""Write small MaxMind DB files (format 2.0, 24-bit records, IPv4) for tests."""
import ipaddress


def encode(value):
    """One value of the data section."""
    if isinstance(value, dict):
        body = b"".join(encode(key) + encode(item) for key, item in value.items())
        return bytes([7 << 5 | len(value)]) + body
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(encode(item) for item in value)
    if isinstance(value, str):
        text = value.encode()
        assert len(text) < 29 + 256
        head = bytes([2 << 5 | len(text)]) if len(text) < 29 else bytes([2 << 5 | 29, len(text) - 29])
        return head + text
    kind, size = (5, 2) if value < 1 << 16 else (6, 4) if value < 1 << 32 else (9, 8)
    number = value.to_bytes(size, "big")
    return (bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])) + number


def number(value, kind):
    size = {5: 2, 6: 4, 9: 8}[kind]
    return (bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])) + value.to_bytes(size, "big")


def write(path, database_type, networks, epoch=1556668800):
    """networks: pairs of a network such as "11.0.0.0/16" and a record (a dict); they must not overlap."""
    nodes, data, offsets = [[None, None]], b"", {}
    for network, record in networks:
        raw = encode_record(record)
        if raw not in offsets:
            offsets[raw] = len(data)
            data += raw
        block = ipaddress.ip_network(network)
        first, node = int(block.network_address), 0
        for depth in range(block.prefixlen - 1):
            bit = first >> (31 - depth) & 1
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][first >> (32 - block.prefixlen) & 1] = ("data", offsets[raw])
    count = len(nodes)
    tree = b""
    for node in nodes:
        for side in node:
            value = count if side is None else side if isinstance(side, int) else count + 16 + side[1]
            tree += value.to_bytes(3, "big")
    metadata = (bytes([7 << 5 | 9]) + encode("node_count") + number(count, 6) + encode("record_size") + number(24, 5)
                + encode("ip_version") + number(4, 5) + encode("database_type") + encode(database_type)
                + encode("languages") + encode([]) + encode("binary_format_major_version") + number(2, 5)
                + encode("binary_format_minor_version") + number(0, 5) + encode("build_epoch") + number(epoch, 9)
                + encode("description") + bytes([7 << 5]))
    with open(path, "wb") as file:
        file.write(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + metadata)


def encode_record(record):
    """AS numbers are 32 bits wide whatever they are."""
    if "autonomous_system_number" not in record:
        return encode(record)
    return (bytes([7 << 5 | 2]) + encode("autonomous_system_number") + number(record["autonomous_system_number"], 6)
            + encode("autonomous_system_organization") + encode(record["autonomous_system_organization"]))
