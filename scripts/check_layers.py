#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fail if an include points where the architecture does not allow, or a header does not compile alone.

usage: check_layers.py LIB_DIRECTORY

A part of lib/ includes itself and the parts it declares. A test includes the part it belongs to and
what that part builds on; PART_fixture.h is for the tests of a part. Only programs, and the tests of config, include config/; only programs,
lib/port and its tests include DPDK.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'\s*#\s*include\s+([<"])([^>"]+)[>"]')


class Tree:
    """The parts of lib/ in their order, with what each declares."""

    def __init__(self, lib):
        self.lib = lib
        self.root = lib.parent
        self.parts = re.findall(r"'(\w+)'", re.search(r"parts = \[(.*?)\]", (lib / "meson.build").read_text(), re.S)[1])
        self.deps, self.packages, self.owner = {}, {}, {}
        for part in self.parts:
            text = (lib / part / "meson.build").read_text()
            self.deps[part] = self.words(text, "deps")
            self.packages[part] = self.words(text, "ext_deps")
            for name in self.words(text, "unit_tests"):
                self.owner[f"test_{name}.c"] = part
            for name in self.words(text, "fuzzers"):
                self.owner[f"fuzz_{name}.c"] = part
            self.owner[f"{part}_fixture.h"] = part

    @staticmethod
    def words(text, variable):
        found = re.search(rf"^{variable} \+?= \[(.*?)\]", text, re.S | re.M)
        return re.findall(r"\w+", found[1]) if found else []

    def closure(self, part):
        """The part and all it builds on."""
        return {part}.union(*(self.closure(below) for below in self.deps[part]))

    def packages_below(self, part):
        return sorted({package for each in self.closure(part) for package in self.packages[each]})


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found[2]


def check_file(path, tree, allowed, who, may_use_dpdk):
    for number, name in includes(path):
        part = name.split("/")[0]
        if "/" in name and part in tree.parts and part not in allowed:
            yield f"{path}:{number}: {who} may not include {part}/"
        if name.startswith("rte_") and not may_use_dpdk:
            yield f"{path}:{number}: {who} may not include DPDK"


def check_library(tree):
    for part in tree.parts:
        for below in tree.deps[part]:
            if below not in tree.parts or tree.parts.index(below) >= tree.parts.index(part):
                yield f"lib/{part}/meson.build: {part} may not depend on {below}, which is not listed above it"
            if below == "config":
                yield f"lib/{part}/meson.build: only programs may depend on config"
        for path in sorted((tree.lib / part).glob("**/*.[ch]")):
            yield from check_file(path, tree, {part, *tree.deps[part]}, part, part == "port")


def check_tests(tree):
    for path in sorted((tree.root / "tests").glob("**/*.[ch]")):
        part = tree.owner.get(path.name)
        # What tests share, and servers of the lab, belong to no part.
        allowed = tree.closure(part) if part else set(tree.parts) - {"config", "port"}
        who = f"a test of {part}" if part else "a test that no part names"
        yield from check_file(path, tree, allowed, who, part == "port")


def package_flags(root, variables):
    names = dict(re.findall(r"^(\w+) = dependency\('([^']+)'", (root / "meson.build").read_text(), re.M))
    wanted = [names[variable] for variable in variables if variable in names and names[variable] != "threads"]
    if not wanted:
        return []
    paths = [str(root / ".deps/wolfssl/lib/pkgconfig"), os.environ.get("PKG_CONFIG_PATH", "")]
    env = {**os.environ, "PKG_CONFIG_PATH": ":".join(filter(None, paths))}
    run = subprocess.run(["pkg-config", "--cflags", *wanted], capture_output=True, text=True, env=env)
    return run.stdout.split()


def compile_alone(path, tree, flags):
    run = subprocess.run(["cc", "-std=gnu11", "-D_GNU_SOURCE", "-fsyntax-only", "-I", tree.lib, *flags, "-x", "c", path],
                         capture_output=True, text=True)
    return [f"{path}: does not compile alone\n{run.stderr}"] if run.returncode else []


def check_headers(tree):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        work = []
        for part in tree.parts:
            flags = package_flags(tree.root, tree.packages_below(part))
            for path in sorted((tree.lib / part).glob("**/*.h")):
                work.append(pool.submit(compile_alone, path, tree, flags))
        for each in work:
            yield from each.result()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree = Tree(pathlib.Path(sys.argv[1]).resolve())
    faults = [*check_library(tree), *check_tests(tree), *check_headers(tree)]
    print("\n".join(faults) or f"layers hold: {' < '.join(tree.parts)}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
