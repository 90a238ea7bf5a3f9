# SPDX-License-Identifier: Apache-2.0
"""The rules of docs/ARCHITECTURE.md: each function takes a Tree and yields its Violations."""
import re

from .doors import DOORS, TEST_HEADERS, doors_of, is_system
from .tree import Violation

LAYERS = ("core", "stages", "engines", "apps")
CORE = ("base", "flow", "dsp", "nn", "io")
# Which app may include which other: the program starts the server and checks voices, and both print
# the same JSON.
APPS_WITHIN = {"cli": ("server", "json", "validation"), "server": ("json",)}


def rank(parts):
    """Where a file stands: larger includes smaller. None for what is not in a layer."""
    if parts[0] not in LAYERS:
        return None
    inner = CORE.index(parts[1]) if parts[0] == "core" and parts[1] in CORE else 0
    return LAYERS.index(parts[0]), inner


def library_sources(tree):
    """The files under src/syrinx, each with the parts of its path there."""
    for source in tree.sources:
        if source.name.startswith("src/syrinx/"):
            yield source, source.name.split("/")[2:]


def own_includes(source):
    for include in source.includes:
        if include.name.startswith("syrinx/"):
            yield include, include.name.split("/")[1:]


def check_layers(tree):
    """Rules 1 and 2: what stands where, and who may include whom."""
    for source, here in library_sources(tree):
        if len(here) == 1:
            continue  # The umbrella header, src/syrinx/syrinx.h.
        if rank(here) is None or (here[0] == "core" and here[1] not in CORE):
            yield Violation(source.name, 1, "layer", f"'{'/'.join(here[:2])}' is not in the list "
                            f"of layers {' < '.join(LAYERS)} (in core: {' < '.join(CORE)}).")
            continue
        for include, there in own_includes(source):
            yield from check_one_include(source, here, include, there)


def check_one_include(source, here, include, there):
    at = (source.name, include.line)
    if len(there) == 1:
        yield Violation(*at, "layer", "the umbrella header is for users; include what you need.")
    elif rank(there) is None:
        yield Violation(*at, "layer", f"'{include.name}' is in no known layer.")
    elif rank(there) > rank(here):
        yield Violation(*at, "layer", f"{here[0]}/{here[1]} stands before {there[0]}/{there[1]} "
                        f"and may not include '{include.name}'.")
    elif (here[0] == there[0] in ("stages", "engines", "apps") and here[1] != there[1]
          and not (here[0] == "apps" and there[1] in APPS_WITHIN.get(here[1], ()))):
        what = {"stages": "a stage", "engines": "an engine", "apps": "a program"}[here[0]]
        rule = {"stages": "stage", "engines": "engine", "apps": "app"}[here[0]]
        yield Violation(*at, rule, f"{what} ({here[1]}) includes another ({there[1]}); they meet "
                        "in core/flow.")


def outside_includes(source):
    for include in source.includes:
        if not include.name.startswith("syrinx/") and not is_system(include.name):
            yield include


def is_own(tree, source, include):
    """Whether an include without syrinx/ is a file of our own."""
    beside = not include.is_angled and (source.path.parent / include.name).exists()
    return beside or is_test_support(tree, source, include)


def is_test_support(tree, source, include):
    """Tests include what they share from tests/, as "support/test_data.h"."""
    in_test = source.is_test or source.name.startswith(("tests/", "bench/"))
    return in_test and not include.is_angled and (tree.root / "tests" / include.name).exists()


def check_doors(tree):
    """Rule 3: each outside library has one folder, and no public header shows one."""
    for source in tree.sources:
        in_library = source.name.startswith("src/syrinx/")
        for include in outside_includes(source):
            if source.name.startswith(("tests/", "bench/")) and (
                    doors_of(include.name) or TEST_HEADERS.fullmatch(include.name)):
                continue
            if not is_own(tree, source, include):
                yield from check_outside_include(source, include)
            elif in_library and not is_test_support(tree, source, include):
                yield Violation(source.name, include.line, "include", f"write '{include.name}' "
                                "from src, as \"syrinx/...\".")
    yield from check_public_headers(tree)


def check_outside_include(source, include):
    at, doors = (source.name, include.line), doors_of(include.name)
    if source.is_test and TEST_HEADERS.fullmatch(include.name):
        return
    if source.name.startswith("bench/"):
        return  # Peers that we are measured against have no door; they are not in the library.
    folder = "/".join(source.name.removeprefix("src/syrinx/").split("/")[:-1])
    if not doors:
        yield Violation(*at, "door", f"<{include.name}> is neither the standard library, nor the "
                        "system's, nor in the table of doors (tools/layers/doors.py).")
    elif not any(door.opens_in(folder) for door in doors):
        yield Violation(*at, "door", f"<{include.name}> ({doors[0].library}) may be included only "
                        f"in {' and '.join(doors[0].folders)}.")


def public_headers(tree):
    """Every header that is installed, with its folder; the folder of syrinx.h is None."""
    by_name = {source.name: source for source in tree.sources}
    for folder in tree.folders.values():
        for header in sorted(folder.declaration.names("HEADERS")):
            name = f"src/syrinx/{folder.path}/{header}"
            if name in by_name:
                yield by_name[name], folder
    if "src/syrinx/syrinx.h" in by_name:
        yield by_name["src/syrinx/syrinx.h"], None


def check_public_headers(tree):
    public = {source.name for source, _ in public_headers(tree)}
    for source, _ in public_headers(tree):
        for include in outside_includes(source):
            yield Violation(source.name, include.line, "public-header", f"a public header includes "
                            f"<{include.name}>; hide it behind a pointer in the .cc file.")
        for include, _ in own_includes(source):
            if f"src/{include.name}" not in public:
                yield Violation(source.name, include.line, "public-header", f"a public header "
                                f"includes '{include.name}', which is not installed.")
        for door in DOORS:
            for match in re.finditer(rf"(?<![\w/.\"])(?:{door.types})\b(?!\s*/)", source.code):
                line = source.code.count("\n", 0, match.start()) + 1
                yield Violation(source.name, line, "public-header", f"a public header names "
                                f"'{match.group(0)}', a type of {door.library}.")


def check_edges(tree):
    """Rule 4: the edges and doors that CMake declares are the ones that are really used."""
    for source, here in library_sources(tree):
        if len(here) > 1 and tree.folder_of("/".join(here)) is None:
            yield Violation(source.name, 1, "cmake", "no CMakeLists.txt around this file declares "
                            "a syrinx_library or syrinx_program.")
    for folder in tree.folders.values():
        yield from check_folder_edges(tree, folder)
        yield from check_folder_doors(folder)
        yield from check_folder_files(tree, folder)


def check_folder_edges(tree, folder):
    declared, used = folder.declaration.names("DEPS"), {}
    for source in folder.sources:
        for include, there in own_includes(source):
            target = tree.folder_of("/".join(there))
            if target and target is not folder and not source.is_test:
                used.setdefault(target.name, f"{source.name}:{include.line}")
    for name in sorted(used.keys() - declared):
        yield Violation(folder.cmake, folder.declaration.line, "cmake", f"DEPS lacks {name}, which "
                        f"{used[name]} includes.")
    for name in sorted(declared - used.keys()):
        yield Violation(folder.cmake, folder.declaration.line_of("DEPS", name), "cmake",
                        f"DEPS names {name}, from which nothing here includes a header.")


def check_folder_doors(folder):
    declared = folder.declaration.names("DOOR")
    known = {door.cmake: door for door in DOORS}
    used = {include.name for source in folder.sources for include in outside_includes(source)}
    for target in sorted(declared):
        line = folder.declaration.line_of("DOOR", target)
        if target not in known:
            yield Violation(folder.cmake, line, "cmake", f"DOOR names {target}, which is not in "
                            "the table of doors (tools/layers/doors.py).")
        elif not known[target].opens_in(folder.path):
            yield Violation(folder.cmake, line, "cmake", f"DOOR names {target}, whose door is "
                            f"{' and '.join(known[target].folders)}.")
        elif not any(re.fullmatch(known[target].headers, name) for name in used):
            yield Violation(folder.cmake, line, "cmake", f"DOOR names {target}, and nothing here "
                            "includes it.")
    for source in folder.sources:
        for include in outside_includes(source):
            doors = doors_of(include.name)
            excused = source.is_test and TEST_HEADERS.fullmatch(include.name)
            if doors and not excused and not declared & {door.cmake for door in doors}:
                yield Violation(folder.cmake, folder.declaration.line, "cmake", f"DOOR lacks "
                                f"{doors[0].cmake}, which {source.name}:{include.line} includes.")


def check_folder_files(tree, folder):
    """Every file of the folder is declared, in the right list, and every declared file exists."""
    declaration = folder.declaration
    lists = {key: declaration.names(key)
             for key in ("SOURCES", "HEADERS", "PRIVATE_HEADERS", "TESTS", "BENCHES")}
    here = {source.name.removeprefix(f"src/syrinx/{folder.path}/"): source
            for source in folder.sources}
    for key, names in lists.items():
        for name in sorted(names - here.keys()):
            if "$" not in name and not (tree.root / "src/syrinx" / folder.path / name).exists():
                yield Violation(folder.cmake, declaration.line_of(key, name), "cmake",
                                f"{key} names {name}, which does not exist.")
    for name, source in sorted(here.items()):
        if not any(name in names for names in lists.values()):
            wanted = "HEADERS, PRIVATE_HEADERS or TESTS" if source.is_header else "a list"
            yield Violation(source.name, 1, "cmake", f"{folder.cmake} does not name this file in "
                            f"{wanted}.")


RULES = (check_layers, check_doors, check_edges)
