# SPDX-License-Identifier: Apache-2.0
"""The rules of docs/STYLE.md that a program can see in the text of a file."""
from .tree import Violation

MAX_COLUMNS = 100
MAX_LINES = 600
SPDX = "SPDX-License-Identifier: Apache-2.0"
SCRIPT_PLACES = ("tools", "cmake", ".ci", "tests", "bench", "examples", "src", "Makefile")


def check_sources(tree):
    for source in tree.sources:
        lines = source.text.splitlines()
        if not lines or lines[0] != f"// {SPDX}":
            yield Violation(source.name, 1, "spdx", f"the first line must be '// {SPDX}'.")
        if source.is_header and "#pragma once" not in lines:
            yield Violation(source.name, 1, "pragma", "a header needs '#pragma once'.")
        if len(lines) > MAX_LINES:
            yield Violation(source.name, MAX_LINES + 1, "length", f"{len(lines)} lines; what is "
                            f"longer than {MAX_LINES} is more than one thing.")
        for number, line in enumerate(lines, 1):
            if len(line) > MAX_COLUMNS:
                yield Violation(source.name, number, "columns", f"{len(line)} columns; the page is "
                                f"{MAX_COLUMNS} wide.")


def scripts(root):
    """The shell and Python programs and the Makefile, by their first line or their name."""
    for place in SCRIPT_PLACES:
        top = root / place
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                with path.open("rb") as file:
                    is_script = file.read(2) == b"#!"
                if is_script or path.suffix in (".py", ".sh") or path.name == "Makefile":
                    yield path


def check_scripts(tree):
    for path in scripts(tree.root):
        text = path.read_text(encoding="utf-8", errors="replace")
        name = path.relative_to(tree.root).as_posix()
        if f"# {SPDX}" not in text.splitlines()[:2]:
            yield Violation(name, 1, "spdx", f"the first or second line must be '# {SPDX}'.")
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > MAX_COLUMNS and not line.startswith("FROM"):
                yield Violation(name, number, "columns", f"{len(line)} columns; the page is "
                                f"{MAX_COLUMNS} wide.")


RULES = (check_sources, check_scripts)
