# SPDX-License-Identifier: Apache-2.0
"""The front door without a network: what `make say` hands on, and what tools/setup asks apt for.

    make_test.py CHECKOUT
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECKOUT = Path(sys.argv.pop(1)).resolve()
DEFAULT_TEXT = "Dr. Smith paid $3.50 on May 4th."


class Sandbox(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="syrinx_door_")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def script(self, name, body):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/bash\n" + body, encoding="utf-8")
        path.chmod(0o755)

    def run_here(self, *command, **environment):
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith(("MAKE", "MFLAGS", "TEXT"))}
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False,
                              env={**clean, **environment}, timeout=60)


class MakeSay(Sandbox):
    def setUp(self):
        super().setUp()
        shutil.copy(CHECKOUT / "Makefile", self.root)
        self.script("tools/setup", "")
        self.script("tools/build", "")
        self.script("build/release/bin/syrinx", 'printf "%s\\0" "$@" >arguments\n')

    def spoken(self, *arguments, **environment):
        done = self.run_here("make", "say", *arguments, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        words = (self.root / "arguments").read_text(encoding="utf-8").split("\0")[:-1]
        self.assertEqual(words[:-1], ["say", "-o", "say.wav", "--"])
        return words[-1]

    def test_text_arrives_byte_for_byte(self):
        for text in (DEFAULT_TEXT, "it's \"quoted\"", "a; touch planted", "`touch planted`",
                     "$(touch planted) ${HOME} $$ $", "$(shell touch planted)", "# not a comment",
                     "-f is no option", "back\\slash \\n", "two\nlines", "naïve 声 🐦", "50 % of $x",
                     "a,b)(", "spaces  after  "):
            with self.subTest(text):
                self.assertEqual(self.spoken(f"TEXT={text}"), text)
                self.assertEqual(self.spoken(TEXT=text), text)
        self.assertFalse((self.root / "planted").exists())

    def test_there_is_a_text_when_none_is_given(self):
        self.assertEqual(self.spoken(), DEFAULT_TEXT)

    def test_an_empty_text_stays_empty(self):
        self.assertEqual(self.spoken("TEXT="), "")

    def test_a_price_that_the_shell_took_is_pointed_out(self):
        done = self.run_here("bash", "-c", 'make say TEXT="Dr. Smith paid $3.50 on May 4th."')
        self.assertIn("single quotes", done.stdout)
        self.assertNotIn("single quotes", self.run_here("make", "say", "TEXT=$3.50").stdout)

    def test_help_lists_the_targets(self):
        for arguments in (("help",), ()):
            shown = self.run_here("make", *arguments).stdout
            for target in ("say", "test", "bench", "install", "clean"):
                self.assertIn(f"make {target}", shown)

    def test_a_program_that_fails_fails_make(self):
        self.script("build/release/bin/syrinx", "exit 3")
        self.assertNotEqual(self.run_here("make", "say").returncode, 0)


class Setup(Sandbox):
    """tools/setup with a dpkg, an apt and a sudo that only write down how they were called."""

    def setUp(self):
        super().setUp()
        shutil.copy(CHECKOUT / "tools" / "setup", self.root)
        for tool in ("bash", "env", "sed", "grep", "sort", "cat", "mktemp", "rm", "tail"):
            (self.root / "bin").mkdir(exist_ok=True)
            (self.root / "bin" / tool).symlink_to(shutil.which(tool))
        self.script("bin/dpkg", "exit 0")
        self.script("bin/apt-get", 'echo "$DEBIAN_FRONTEND $@" >>calls\n')
        self.become(0)

    def become(self, user):
        self.script("bin/id", f"echo {user}")

    def installed(self, packages):
        lines = "".join(f"installed {name}:amd64\\n" for name in packages)
        self.script("bin/dpkg-query", f"printf '{lines}'; exit 1\n")

    def setup_for(self, *groups, **environment):
        return self.run_here("./setup", *groups, PATH=str(self.root / "bin"), **environment)

    def packages(self, group):
        return self.setup_for("--list", group).stdout.split()

    def calls(self):
        file = self.root / "calls"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def test_nothing_is_asked_when_all_is_there(self):
        self.installed(self.packages("test"))
        done = self.setup_for("test")
        self.assertEqual((done.returncode, done.stdout + done.stderr, self.calls()), (0, "", ""))

    def test_only_what_is_missing_is_installed_and_nothing_is_asked_of_the_user(self):
        self.installed(set(self.packages("build")) - {"flite1-dev", "libsoxr-dev"})
        self.assertEqual(self.setup_for("build").returncode, 0)
        update, install = self.calls().splitlines()
        self.assertIn("update", update)
        self.assertTrue(install.startswith("noninteractive"))
        self.assertTrue(install.endswith("-y --no-install-recommends flite1-dev libsoxr-dev"))

    def test_a_user_goes_through_sudo(self):
        self.become(1000)
        self.script("bin/sudo", 'echo "sudo $@" >>calls; "$@"\n')
        self.installed([])
        self.assertEqual(self.setup_for("build").returncode, 0)
        self.assertIn("sudo env DEBIAN_FRONTEND=noninteractive apt-get", self.calls())

    def test_a_user_without_sudo_is_told_what_to_do(self):
        self.become(1000)
        self.installed(set(self.packages("build")) - {"flite1-dev"})
        done = self.setup_for("build")
        self.assertEqual((done.returncode, self.calls()), (1, ""))
        self.assertIn("apt-get install flite1-dev", done.stderr)

    def test_a_user_without_sudo_is_not_stopped_when_all_is_there(self):
        self.become(1000)
        self.installed(self.packages("build"))
        self.assertEqual(self.setup_for("build").returncode, 0)

    def test_a_failing_apt_ends_with_its_words_and_a_sentence(self):
        self.script("bin/apt-get", "echo 'Unable to fetch'; exit 100")
        self.installed([])
        done = self.setup_for("build")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Unable to fetch", done.stderr)
        self.assertIn("Check the network", done.stderr)

    def test_a_system_without_apt_is_told_so(self):
        (self.root / "bin" / "apt-get").unlink()
        done = self.setup_for("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("not a Debian", done.stderr)
        self.assertEqual(self.setup_for("build", SYRINX_SKIP_SETUP="1").returncode, 0)

    def test_an_unknown_group_is_refused(self):
        done = self.setup_for("everything")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no group 'everything'", done.stderr)


class FetchOnnxRuntime(Sandbox):
    """tools/fetch_onnxruntime --for-tests with an npm and a tools/setup that note their calls."""

    def setUp(self):
        super().setUp()
        (self.root / "tools").mkdir()
        shutil.copy(CHECKOUT / "tools" / "fetch_onnxruntime", self.root / "tools")
        (self.root / "bin").mkdir()
        for tool in ("bash", "env", "uname", "sha256sum", "mkdir", "mktemp", "rm", "grep", "tail"):
            (self.root / "bin" / tool).symlink_to(shutil.which(tool))
        self.script("tools/setup", 'echo "setup $@" >>calls; echo "no network here" >&2; exit 1\n')

    def fetch(self, **environment):
        settings = {"SYRINX_ONNXRUNTIME": "", "SYRINX_REQUIRE_ONNX": "",
                    "XDG_DATA_HOME": str(self.root / "share"), **environment}
        return self.run_here("tools/fetch_onnxruntime", "--for-tests",
                             PATH=str(self.root / "bin"), **settings)

    def calls(self):
        file = self.root / "calls"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def test_without_npm_and_network_one_line_says_so_and_the_tests_go_on(self):
        done = self.fetch()
        self.assertEqual((done.returncode, done.stderr, self.calls()), (0, "", "setup onnx\n"))
        self.assertEqual(done.stdout.count("\n"), 1)
        self.assertIn("skipped and counted: no network here", done.stdout)

    def test_an_npm_that_fails_is_not_installed_again(self):
        self.script("bin/npm", 'echo "npm error no such host" >&2; exit 1\n')
        done = self.fetch()
        self.assertEqual((done.returncode, self.calls()), (0, ""))
        self.assertIn("no such host", done.stdout)
        self.assertEqual(list((self.root / "share/syrinx/lib").iterdir()), [])

    def test_where_it_is_required_the_failure_is_one(self):
        done = self.fetch(SYRINX_REQUIRE_ONNX="1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no network here", done.stderr)

    def test_a_copy_that_the_user_named_is_enough(self):
        done = self.fetch(SYRINX_ONNXRUNTIME="/opt/libonnxruntime.so", SYRINX_REQUIRE_ONNX="1")
        self.assertEqual((done.returncode, done.stdout, self.calls()), (0, "", ""))

    def test_an_archive_with_another_sum_is_not_installed(self):
        self.script("bin/npm", 'while [ "$1" != --pack-destination ]; do shift; done\n'
                    'echo changed >"$2/onnxruntime-node-1.30.0.tgz"\n')
        done = self.fetch(SYRINX_REQUIRE_ONNX="1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not the one", done.stderr)
        self.assertEqual(list((self.root / "share/syrinx/lib").iterdir()), [])


class Ci(Sandbox):
    def test_demands_the_data_and_onnx_runtime_of_make_test(self):
        (self.root / ".ci").mkdir()
        shutil.copy(CHECKOUT / ".ci" / "run", self.root / ".ci")
        self.script("bin/make", 'echo "$@ $SYRINX_REQUIRE_DATA $SYRINX_REQUIRE_ONNX"\n')
        done = self.run_here(".ci/run", PATH=f"{self.root / 'bin'}:{os.environ['PATH']}")
        self.assertEqual(done.stdout, "test 1 1\n")

    def test_make_test_fetches_before_it_builds_and_stops_where_that_fails(self):
        shutil.copy(CHECKOUT / "Makefile", self.root)
        for tool in ("tools/setup", "tools/fetch_onnxruntime", "tools/fetch_openai", "tools/build",
                     "bin/ctest"):
            self.script(tool, f'echo "{tool} $@" >>calls\n')
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        self.assertEqual(self.run_here("make", "test", PATH=path).returncode, 0)
        calls = (self.root / "calls").read_text(encoding="utf-8").splitlines()
        self.assertEqual(calls, ["tools/setup test", "tools/fetch_onnxruntime --for-tests",
                                 "tools/fetch_openai ", "tools/build release",
                                 "bin/ctest --preset release"])
        self.script("tools/fetch_onnxruntime", "exit 1\n")
        self.assertNotEqual(self.run_here("make", "test", PATH=path).returncode, 0)


if __name__ == "__main__":
    unittest.main()
