# SPDX-License-Identifier: Apache-2.0
"""Installs the built library into a fresh folder, moves it, and builds each example against it by
CMake's find_package and by pkg-config; then runs both, and the installed program.

    install_test.py CHECKOUT BUILD_FOLDER COMPILER
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECKOUT, BUILD = Path(sys.argv.pop(1)).resolve(), Path(sys.argv.pop(1)).resolve()
COMPILER = sys.argv.pop(1)
EXAMPLES = sorted(path.parent for path in (CHECKOUT / "examples").glob("*/main.cc"))


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, env={**os.environ, **environment}, timeout=240)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class InstalledPackage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="syrinx_install_")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.work = Path(cls.folder.name)
        run("cmake", "--install", BUILD, "--prefix", cls.work / "first", DESTDIR="")
        (cls.work / "first").rename(cls.work / "moved")  # Nothing inside may know where it was.
        cls.prefix = cls.work / "moved"
        cls.lib = next(cls.prefix.glob("lib*/**/libsyrinx.so")).parent

    def test_there_are_examples(self):
        self.assertTrue(EXAMPLES)

    def test_examples_build_by_find_package_and_run(self):
        for example in EXAMPLES:
            with self.subTest(example.name):
                build = self.work / f"cmake_{example.name}"
                run("cmake", "-S", example, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
                    f"-DCMAKE_CXX_COMPILER={COMPILER}", "-G", "Ninja")
                run("cmake", "--build", build)
                self.assertTrue(self.run_in_scratch(build / example.name))

    def test_examples_build_by_pkg_config_and_run(self):
        pc_path = str(self.lib / "pkgconfig")
        flags = shlex.split(run("pkg-config", "--cflags", "--libs", "syrinx",
                                PKG_CONFIG_PATH=pc_path))
        for example in EXAMPLES:
            with self.subTest(example.name):
                program = self.work / f"pc_{example.name}"
                run(COMPILER, "-std=c++20", "-Wall", "-Wextra", "-Werror", example / "main.cc",
                    "-o", program, *flags)
                self.assertTrue(self.run_in_scratch(program, LD_LIBRARY_PATH=str(self.lib)))

    def test_the_version_is_the_same_everywhere(self):
        by_pc = run("pkg-config", "--modversion", "syrinx",
                    PKG_CONFIG_PATH=str(self.lib / "pkgconfig")).strip()
        self.assertTrue((self.lib / f"libsyrinx.so.{by_pc}").exists())
        program = self.prefix / "bin" / "syrinx"
        if program.exists():
            self.assertIn(by_pc, run(program, "--version"))

    def test_the_program_finds_its_library_where_it_was_moved(self):
        program = self.prefix / "bin" / "syrinx"
        if not program.exists():
            self.skipTest("this build has no program")
        found = re.search(r"libsyrinx\S* => (\S+)", run("ldd", program)).group(1)
        self.assertEqual(Path(found).resolve().parent, self.lib.resolve())
        run(program, "--help")

    def test_licence_and_notice_are_installed(self):
        for name in ("LICENSE", "NOTICE"):
            self.assertTrue(list(self.prefix.glob(f"share/doc/syrinx/{name}")), name)

    def run_in_scratch(self, program, **environment):
        """Examples may write files where they stand."""
        done = subprocess.run([str(program)], capture_output=True, text=True, check=False,
                              cwd=self.work, env={**os.environ, **environment}, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout


if __name__ == "__main__":
    unittest.main()
