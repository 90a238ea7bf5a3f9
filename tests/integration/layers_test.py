# SPDX-License-Identifier: Apache-2.0
"""Plants one violation of each rule in a copy of the checkout; the layer check must name it.

    layers_test.py CHECKOUT
"""
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

CHECKOUT = Path(sys.argv.pop(1)).resolve()
sys.dont_write_bytecode = True
sys.path.insert(0, str(CHECKOUT / "tools"))

from check_layers import violations_of  # noqa: E402  (the path comes first)
from layers.tree import Tree  # noqa: E402

LIBRARY = "src/syrinx/"
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


class PlantedViolations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.before = set(violations_of(Tree(CHECKOUT)))

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="syrinx_layers_")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for top in ("src", "tests/support", "tools"):
            shutil.copytree(CHECKOUT / top, self.root / top,
                            ignore=shutil.ignore_patterns("__pycache__"))

    def append(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)

    def replace(self, name, old, new):
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text, f"the test leans on {name}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add_source(self, name, text):
        """Adds a file and declares it, so that only what it includes is wrong."""
        folder, file = name.rsplit("/", 1)
        self.append(LIBRARY + name, SPDX + ("#pragma once\n" if file.endswith(".h") else "") + text)
        key = "HEADERS" if file.endswith(".h") else "SOURCES"
        self.replace(f"{LIBRARY}{folder}/CMakeLists.txt", "syrinx_library(",
                     f"syrinx_library(\n  {key} {file}\n ")

    def expect(self, rule, where, words):
        new = set(violations_of(Tree(self.root))) - self.before
        hits = [v for v in new if v.rule == rule and v.file.endswith(where) and words in v.sentence]
        self.assertTrue(hits, f"no '{rule}' at {where} with '{words}' among {list(map(str, new))}")

    def test_an_unchanged_copy_has_no_new_violations(self):
        self.assertLessEqual(set(violations_of(Tree(self.root))), self.before)

    def test_core_including_a_stage(self):
        self.add_source("core/flow/planted.cc",
                        '#include "syrinx/stages/text/sentence_splitter.h"\n')
        self.expect("layer", "core/flow/planted.cc", "core/flow stands before stages/text")

    def test_base_including_flow(self):
        self.add_source("core/base/planted.cc", '#include "syrinx/core/flow/audio.h"\n')
        self.expect("layer", "core/base/planted.cc", "may not include")

    def test_a_stage_including_an_engine(self):
        self.add_source("stages/text/planted.cc", '#include "syrinx/engines/tts/engine.h"\n')
        self.expect("layer", "stages/text/planted.cc", "stages/text stands before engines/tts")

    def test_a_folder_that_is_no_layer(self):
        self.append(LIBRARY + "utils/misc.cc", SPDX)
        self.expect("layer", "utils/misc.cc", "not in the list of layers")

    def test_a_new_folder_in_core(self):
        self.append(LIBRARY + "core/helpers/misc.cc", SPDX)
        self.expect("layer", "core/helpers/misc.cc", "core/helpers")

    def test_a_stage_including_a_stage(self):
        self.add_source("stages/text/planted.cc",
                        '#include "syrinx/stages/acoustic/speech_model.h"\n')
        self.expect("stage", "stages/text/planted.cc", "includes another (acoustic)")

    def test_an_engine_including_an_engine(self):
        self.append(LIBRARY + "engines/call/planted.cc",
                    SPDX + '#include "syrinx/engines/tts/engine.h"\n')
        self.expect("engine", "engines/call/planted.cc", "includes another (tts)")

    def test_the_umbrella_header_inside_the_library(self):
        self.add_source("core/flow/planted.cc", '#include "syrinx/syrinx.h"\n')
        self.expect("layer", "core/flow/planted.cc", "umbrella")

    def test_an_outside_header_away_from_its_door(self):
        self.add_source("core/flow/planted.cc", "#include <sndfile.h>\n")
        self.expect("door", "core/flow/planted.cc", "may be included only in core/io")

    def test_an_outside_header_that_no_table_knows(self):
        self.add_source("core/flow/planted.cc", "#include <zmq.h>\n")
        self.expect("door", "core/flow/planted.cc", "neither the standard library")

    def test_a_test_header_in_the_library(self):
        self.add_source("core/flow/planted.cc", "#include <gtest/gtest.h>\n")
        self.expect("door", "core/flow/planted.cc", "gtest")

    def test_an_outside_header_in_a_public_header(self):
        self.add_source("stages/text/planted.h", "#include <unicode/uchar.h>\n")
        self.expect("public-header", "stages/text/planted.h", "unicode/uchar.h")

    def test_an_outside_type_in_a_public_header(self):
        self.add_source("core/flow/planted.h", "struct SNDFILE_tag;\n")
        self.expect("public-header", "core/flow/planted.h", "SNDFILE_tag")

    def test_an_outside_name_in_a_comment_is_no_violation(self):
        self.add_source("core/flow/planted.h", "// Read by SNDFILE, soxr_t.\n/* icu::X\n*/\n")
        self.assertLessEqual(set(violations_of(Tree(self.root))), self.before)

    def test_a_public_header_including_a_private_one(self):
        self.append(LIBRARY + "stages/text/planted_private.h", SPDX + "#pragma once\n")
        self.replace(LIBRARY + "stages/text/CMakeLists.txt", "syrinx_library(",
                     "syrinx_library(\n  PRIVATE_HEADERS planted_private.h\n ")
        self.add_source("stages/text/planted.h",
                        '#include "syrinx/stages/text/planted_private.h"\n')
        self.expect("public-header", "stages/text/planted.h", "not installed")

    def test_an_edge_that_cmake_lacks(self):
        self.replace(LIBRARY + "core/flow/CMakeLists.txt", "DEPS core_base", "")
        self.expect("cmake", "core/flow/CMakeLists.txt", "DEPS lacks core_base")

    def test_an_edge_that_nothing_uses(self):
        self.replace(LIBRARY + "core/flow/CMakeLists.txt", "DEPS core_base",
                     "DEPS core_base stages_text")
        self.expect("cmake", "core/flow/CMakeLists.txt", "DEPS names stages_text")

    def test_a_door_that_cmake_lacks(self):
        self.replace(LIBRARY + "stages/text/CMakeLists.txt", "DOOR PkgConfig::ICU", "")
        self.expect("cmake", "stages/text/CMakeLists.txt", "DOOR lacks PkgConfig::ICU")

    def test_a_door_in_the_wrong_folder(self):
        self.replace(LIBRARY + "core/flow/CMakeLists.txt", "DEPS core_base",
                     "DEPS core_base DOOR PkgConfig::SOXR")
        self.expect("cmake", "core/flow/CMakeLists.txt", "whose door is core/dsp")

    def test_a_door_that_no_table_knows(self):
        self.replace(LIBRARY + "core/flow/CMakeLists.txt", "DEPS core_base",
                     "DEPS core_base DOOR Boost::boost")
        self.expect("cmake", "core/flow/CMakeLists.txt", "not in the table")

    def test_a_door_that_nothing_uses(self):
        self.replace(LIBRARY + "stages/acoustic/flite/CMakeLists.txt", "syrinx_library(",
                     "set(more syrinx_flite)\nsyrinx_library(\n  DOOR ${more}\n ")
        for path in (self.root / LIBRARY / "stages/acoustic/flite").glob("*.cc"):
            path.write_text(path.read_text().replace("#include <flite/", "#include <x86/"))
        self.expect("cmake", "stages/acoustic/flite/CMakeLists.txt", "nothing here includes it")

    def test_a_file_that_cmake_does_not_name(self):
        self.append(LIBRARY + "core/flow/planted.h", SPDX + "#pragma once\n")
        self.expect("cmake", "core/flow/planted.h", "HEADERS, PRIVATE_HEADERS or TESTS")

    def test_a_file_that_cmake_names_in_a_loop_is_no_violation(self):
        self.append(LIBRARY + "core/flow/planted_one.cc", SPDX)
        self.replace(LIBRARY + "core/flow/CMakeLists.txt", "syrinx_library(",
                     "foreach(part one)\n  list(APPEND more planted_${part}.cc)\nendforeach()\n"
                     "syrinx_library(\n  SOURCES ${more}\n ")
        self.assertLessEqual(set(violations_of(Tree(self.root))), self.before)

    def test_a_file_that_does_not_exist(self):
        self.replace(LIBRARY + "core/flow/CMakeLists.txt", "HEADERS", "HEADERS ghost.h")
        self.expect("cmake", "core/flow/CMakeLists.txt", "ghost.h, which does not exist")

    def test_a_folder_that_no_cmake_declares(self):
        self.append(LIBRARY + "stages/planted/code.cc", SPDX)
        self.expect("cmake", "stages/planted/code.cc", "no CMakeLists.txt")

    def test_a_header_without_pragma_once(self):
        self.replace(LIBRARY + "core/flow/audio.h", "#pragma once", "")
        self.expect("pragma", "core/flow/audio.h", "#pragma once")

    def test_a_source_without_its_licence(self):
        self.append(LIBRARY + "core/flow/planted_test.cc", "int planted;\n")
        self.expect("spdx", "core/flow/planted_test.cc", "SPDX")

    def test_a_script_without_its_licence(self):
        self.append("tools/planted.py", "print(1)\n")
        self.expect("spdx", "tools/planted.py", "SPDX")

    def test_a_line_that_is_too_long(self):
        self.append(LIBRARY + "core/flow/audio.h", "// " + "x" * 98 + "\n")
        self.expect("columns", "core/flow/audio.h", "101 columns")

    def test_a_file_that_is_too_long(self):
        self.append(LIBRARY + "core/flow/audio.h", "\n" * 600)
        self.expect("length", "core/flow/audio.h", "longer than 600")


if __name__ == "__main__":
    unittest.main()
