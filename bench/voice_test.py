#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the report on the voice of our own of one sentence and two odd inputs, and looks at it.

bench/voice_test.py --program SYRINX --recogniser SYRINX_INTELLIGIBILITY
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run([sys.executable, HERE / "voice.py", *sys.argv[1:], "--sentences", "1",
                               "--odd", "2", "--out", scratch + "/report"], capture_output=True,
                              text=True)
        if done.returncode == 77:
            sys.exit(77)
        assert done.returncode == 0, done.stdout + done.stderr
        report = json.loads(Path(scratch, "report/report.json").read_text())
        page = Path(scratch, "report/index.html").read_text()
    rows = {row["speaker"]: row for row in report["speakers"]}
    speakers = {"recordings", "copy", "griffin-lim copy", "kathleen", "slt", "rms", "awb"}
    assert set(rows) == speakers, rows
    for name, row in rows.items():
        assert 0 <= row["wer_percent"] <= 300, row
        assert 80 < row["f0_median_hz"] < 260, row
        assert 0.5 < row["length_ratio"] < 2, row
        assert 0 <= row["artifact_percent"] <= 100, row
    assert rows["recordings"]["length_ratio"] == 1
    assert 0 < rows["copy"]["mcd_db"] < 5 and 0 < rows["copy"]["lsd_db"] < 12, rows["copy"]
    for voice in ("kathleen", "slt"):
        assert 0 < rows[voice]["real_time_factor"] < 1, rows[voice]
        assert rows[voice]["memory_mb"] > 10, rows[voice]
    assert len(report["odd_inputs"]) == 4 and all(r["seconds"] > 0 for r in report["odd_inputs"])
    assert page.count("<img") == 7 and "kathleen" in page and "kathleen" in done.stdout


if __name__ == "__main__":
    main()
