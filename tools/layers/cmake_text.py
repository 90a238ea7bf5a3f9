# SPDX-License-Identifier: Apache-2.0
"""Reads what a folder's CMakeLists.txt declares by syrinx_library(...) or syrinx_program(...)."""
import re
from dataclasses import dataclass, field

KEYS = ("DEPS", "DOOR", "SOURCES", "HEADERS", "PRIVATE_HEADERS", "TESTS", "BENCHES")
TOKEN = re.compile(r'#\[\[.*?\]\]|#[^\n]*|"((?:\\.|[^"\\])*)"|([()])|([^\s()"#]+)|\n', re.DOTALL)


@dataclass
class Declaration:
    """One call; each key holds (value, line) pairs."""
    kind: str
    line: int
    values: dict = field(default_factory=lambda: {key: [] for key in KEYS})

    def names(self, key):
        return {value for value, _ in self.values[key]}

    def line_of(self, key, name):
        return next((line for value, line in self.values[key] if value == name), self.line)


def commands(text):
    """Yields (name, line, [(argument, line)...]) for each command of a CMake file."""
    name, opened, start, depth, arguments, line = None, None, 0, 0, [], 1
    for match in TOKEN.finditer(text):
        quoted, parenthesis, word = match.groups()
        if parenthesis == "(":
            depth += 1
            if depth == 1:
                opened, start, arguments = name, line, []
        elif parenthesis == ")":
            depth -= 1
            if depth == 0 and opened:
                yield opened.lower(), start, arguments
        elif word is not None and depth == 0:
            name = word
        elif word is not None or quoted is not None:
            arguments.append((word if word is not None else quoted, line))
        line += match.group(0).count("\n")


def expanded(arguments, variables):
    """Replaces ${name} by every value that the file ever gave it, whichever branch did."""
    for value, line in arguments:
        found = re.search(r"\$\{(\w+)\}", value)
        if not found:
            yield value, line
            continue
        before, after = value[:found.start()], value[found.end():]
        for inner, _ in list(variables.get(found.group(1), [])):
            yield from expanded([(before + inner + after, line)], variables)


def remember(name, arguments, variables):
    if name == "set" and arguments:
        variables.setdefault(arguments[0][0], []).extend(expanded(arguments[1:], variables))
    elif name == "list" and len(arguments) > 1 and arguments[0][0] == "APPEND":
        variables.setdefault(arguments[1][0], []).extend(expanded(arguments[2:], variables))
    elif name == "foreach" and arguments:
        values = [pair for pair in arguments[1:] if pair[0] not in ("IN", "LISTS", "ITEMS")]
        variables.setdefault(arguments[0][0], []).extend(expanded(values, variables))


def declaration_of(text):
    """The folder's Declaration, or None. Conditional values count as declared."""
    variables, found = {}, None
    for name, line, arguments in commands(text):
        remember(name, arguments, variables)
        if name not in ("syrinx_library", "syrinx_program"):
            continue
        found = found or Declaration(name, line)
        key = None
        for value, at in expanded(arguments, variables):
            if value in KEYS:
                key = value
            elif key:
                found.values[key].append((value, at))
    return found
