# SPDX-License-Identifier: Apache-2.0
"""Passes when a file's corrected form compiles and its mistake is refused for the right reason.

    compile_fail.py FILE DIAGNOSTIC COMPILER FLAG...
"""
import re
import subprocess
import sys


def compiled(command, file, *defines):
    return subprocess.run([*command, "-fsyntax-only", *defines, file], capture_output=True,
                          text=True, check=False)


def main(file, diagnostic, *command):
    corrected = compiled(command, file, "-DSYRINX_CORRECTED")
    if corrected.returncode != 0:
        return f"{file}: the corrected form does not compile:\n{corrected.stderr}"
    mistaken = compiled(command, file)
    if mistaken.returncode == 0:
        return f"{file}: the mistake compiles."
    if not re.search(diagnostic, mistaken.stderr):
        return f"{file}: refused, but not for '{diagnostic}':\n{mistaken.stderr}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
