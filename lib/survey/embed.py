#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a C header that holds text files as strings.

usage: embed.py OUTPUT FILE...    FILE report.css becomes report_css
"""
import json
import pathlib
import sys

output, *files = map(pathlib.Path, sys.argv[1:])
lines = ["/* SPDX-License-Identifier: GPL-3.0-or-later */", "#ifndef REPORT_ASSETS_H", "#define REPORT_ASSETS_H", ""]
for file in files:
    lines.append(f"static const char {file.name.replace('.', '_')}[] =")
    lines += ["\t" + json.dumps(line + "\n") for line in file.read_text(encoding="ascii").splitlines()]
    lines[-1] += ";"
    lines.append("")
lines.append("#endif")
output.write_text("\n".join(lines) + "\n", encoding="ascii")
