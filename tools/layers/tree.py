# SPDX-License-Identifier: Apache-2.0
"""The sources of a checkout: which files there are, what they include, whose folder they are in."""
import re
from dataclasses import dataclass
from pathlib import Path

from .cmake_text import declaration_of

INCLUDE = re.compile(r'^\s*#\s*(?:include|include_next|import)\s*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\\n])*")', re.DOTALL)
SOURCE_SUFFIXES = (".h", ".cc", ".c", ".hh", ".hpp", ".cpp", ".cxx", ".inc")
CODE_FOLDERS = ("src", "plugins", "tests", "bench", "examples")


@dataclass(frozen=True)
class Include:
    line: int
    name: str
    is_angled: bool  # As <name>, which never means a file beside.


@dataclass(frozen=True)
class Violation:
    file: str
    line: int
    rule: str
    sentence: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.rule}: {self.sentence}"


def without_comments(text):
    """The code with each comment blanked, so that line numbers stay."""
    return COMMENT.sub(lambda m: m.group(1) or "\n" * m.group(0).count("\n"), text)


class Source:
    """One C++ file, read once."""

    def __init__(self, root, path):
        self.path = path
        self.name = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.code = without_comments(self.text)
        self.includes = [Include(self.code.count("\n", 0, m.start(2)) + 1, m.group(2),
                                 m.group(1) == "<")
                         for m in INCLUDE.finditer(self.code)]
        self.is_header = path.suffix in (".h", ".hh", ".hpp")
        self.is_test = path.stem.endswith(("_test", "_bench", "_test_support"))


class Folder:
    """A folder under src/syrinx that declares a library or a program."""

    def __init__(self, path, declaration):
        self.path = path                                      # As core/dsp.
        self.cmake = f"src/syrinx/{path}/CMakeLists.txt"
        self.declaration = declaration
        self.sources = []

    @property
    def name(self):
        return self.path.replace("/", "_")                    # As core_dsp.


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        base = self.root / "src" / "syrinx"
        self.sources = [Source(self.root, path) for top in CODE_FOLDERS
                        for path in sorted((self.root / top).rglob("*"))
                        if path.suffix in SOURCE_SUFFIXES and path.is_file()]
        self.folders = {}
        for path in sorted(base.rglob("CMakeLists.txt")):
            declaration = declaration_of(path.read_text(encoding="utf-8"))
            if declaration:
                folder = path.parent.relative_to(base).as_posix()
                self.folders[folder] = Folder(folder, declaration)
        for source in self.sources:
            owner = self.folder_of(source.name.removeprefix("src/syrinx/"))
            if source.name.startswith("src/syrinx/") and owner:
                owner.sources.append(source)

    def folder_of(self, name):
        """The nearest declared folder around a file named from src/syrinx, or None."""
        for parent in Path(name).parents:
            if parent.as_posix() in self.folders:
                return self.folders[parent.as_posix()]
        return None
