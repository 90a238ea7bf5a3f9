#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of docs/ARCHITECTURE.md and the visible ones of docs/STYLE.md.

    tools/check_layers.py [CHECKOUT]

Prints each violation as `file:line: rule: sentence` and ends with 1, or says how much it read and
ends with 0. Rule 5, that public headers compile alone, is the CMake target syrinx_header_check.
"""
import sys
from pathlib import Path

from layers import house, rules
from layers.tree import Tree


def violations_of(tree):
    found = {violation for rule in rules.RULES + house.RULES for violation in rule(tree)}
    return sorted(found, key=lambda v: (v.file, v.line, v.rule, v.sentence))


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    tree = Tree(root)
    if not tree.folders:
        print(f"check_layers: no src/syrinx with a syrinx_library under {root}.", file=sys.stderr)
        return 2
    violations = violations_of(tree)
    for violation in violations:
        print(violation)
    if violations:
        print(f"check_layers: {len(violations)} violations.", file=sys.stderr)
        return 1
    print(f"check_layers: {len(tree.sources)} files in {len(tree.folders)} folders keep the rules.")
    return 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))
