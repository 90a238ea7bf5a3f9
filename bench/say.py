#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How fast `syrinx say` is, next to other programs that speak, on the same text in the same run.

    bench/say.py [--program build/release/bin/syrinx] [--json FILE] [--runs N]
                 [--piper MODEL.onnx --sherpa FOLDER]

Every figure is of a whole process, start-up included: wall-clock seconds, seconds until the first
sound leaves on standard output, seconds of work (user + system) per second of sound, and the
largest resident memory. The programs take turns, so that a machine whose speed drifts drifts for
all; the median is what to quote. Only the ratios within one run compare. With --piper, that voice
speaks too, in Syrinx and in sherpa-onnx (what tools/fetch_peer sherpa-onnx put into FOLDER), one
thread each, from the same graph: the copy for sherpa-onnx has the metadata that it asks for.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SENTENCE = "The source of the huge river is the clear spring. "
TEXTS = {"a sentence": SENTENCE, "40 sentences": SENTENCE * 40}
WAV_HEADER_BYTES = 44


def speakers(program):
    """name -> (command that reads text on stdin and writes sound to stdout, bytes per second)."""
    found = {}
    for voice in json.loads(subprocess.check_output([program, "voices", "--json"]))["voices"]:
        found[f"syrinx {voice['name']}"] = (
            [program, "say", "-q", "--voice", voice["name"], "-o", "-"],
            voice["sample_rate_hz"] * 2)
    if shutil.which("flite"):
        # Flite's program writes a file only; the shell hands it on when it is complete.
        script = 'f=$(mktemp) && flite -voice slt -t "$(cat)" -o "$f" && cat "$f"; rm -f "$f"'
        found["flite slt"] = (["sh", "-c", script], 32_000)
    if shutil.which("espeak-ng"):
        found["espeak-ng"] = (["espeak-ng", "--stdout"], 44_100)
    return found


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out + bytes([number]))


def field(number, payload):
    """A length-delimited field of a protocol buffer."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def for_sherpa(onnx, folder):
    """Writes the graph with sherpa-onnx's metadata (ModelProto.metadata_props, field 14, which may
    stand anywhere), and its table of symbols, into the folder; returns the paths of both."""
    settings = json.loads(Path(str(onnx) + ".json").read_text(encoding="utf-8"))
    about = {"model_type": "vits", "comment": "piper", "language": "English", "has_espeak": "1",
             "voice": settings["espeak"]["voice"], "add_blank": "1", "version": "1",
             "n_speakers": str(settings.get("num_speakers", 1)),
             "sample_rate": str(settings["audio"]["sample_rate"])}
    entries = b"".join(field(14, field(1, key.encode()) + field(2, value.encode()))
                       for key, value in about.items())
    graph, table = Path(folder) / "voice.onnx", Path(folder) / "tokens.txt"
    graph.write_bytes(Path(onnx).read_bytes() + entries)
    table.write_text("".join(f"{symbol} {ids[0]}\n" for symbol, ids in
                             settings["phoneme_id_map"].items()), encoding="utf-8")
    return graph, table


def same_graph(program, onnx, sherpa, folder):
    """The speakers of one Piper voice: Syrinx's and sherpa-onnx's."""
    settings = json.loads(Path(str(onnx) + ".json").read_text(encoding="utf-8"))
    rate_hz = settings["audio"]["sample_rate"]
    graph, table = for_sherpa(onnx, folder)
    script = Path(__file__).parent / "say_sherpa.js"
    data = next(Path("/usr/lib").glob("*/espeak-ng-data"))
    library = Path(sherpa) / "node_modules/sherpa-onnx-linux-x64"
    return {"syrinx piper": ([program, "say", "-q", "--voice", str(onnx), "--threads", "1",
                              "-o", "-"], rate_hz * 2),
            "sherpa piper": (["env", f"LD_LIBRARY_PATH={library}", "node", str(script),
                              str(sherpa), str(graph), str(table), str(data)], rate_hz * 2)}


def run_once(command, text):
    """Wall, first-sound and CPU seconds, peak memory in MiB, and bytes of sound of one run."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(text.encode())
    child.stdin.close()
    head = os.read(child.stdout.fileno(), 65_536)
    while 0 < len(head) <= WAV_HEADER_BYTES:
        more = os.read(child.stdout.fileno(), 65_536)
        if not more:
            break
        head += more
    first_s = time.monotonic() - start
    size = len(head) + len(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - start
    child.returncode = status
    if status != 0:
        sys.exit(f"say.py: {' '.join(command)} failed with status {status}")
    return {"wall_s": wall_s, "first_sound_s": first_s,
            "cpu_s": usage.ru_utime + usage.ru_stime, "memory_mib": usage.ru_maxrss / 1024,
            "bytes": size - WAV_HEADER_BYTES}


def summarise(runs, bytes_per_s):
    sound_s = runs[0]["bytes"] / bytes_per_s
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    return {"sound_s": round(sound_s, 2),
            "real_time_factor": round(middle["cpu_s"] / sound_s, 5),
            "first_sound_ms": round(middle["first_sound_s"] * 1000, 1),
            "wall_s": round(middle["wall_s"], 4),
            "memory_mib": round(middle["memory_mib"], 1),
            "runs": len(runs)}


def measure(found, runs):
    report = {}
    for label, text in TEXTS.items():
        collected = {name: [] for name in found}
        for turn in range(runs + 1):
            for name, (command, _) in found.items():
                result = run_once(command, text)
                if turn > 0:  # The first turn warms the caches.
                    collected[name].append(result)
        report[label] = {name: summarise(results, found[name][1])
                         for name, results in collected.items()}
    return report


def print_table(report):
    for label, rows in report.items():
        print(f"\nSpeaking {label} (medians of whole processes)")
        print(f"  {'':14} {'sound s':>8} {'RTF':>9} {'first sound ms':>15} {'wall s':>8} "
              f"{'MiB':>7}")
        for name, row in rows.items():
            print(f"  {name:14} {row['sound_s']:8.2f} {row['real_time_factor']:9.5f} "
                  f"{row['first_sound_ms']:15.1f} {row['wall_s']:8.3f} {row['memory_mib']:7.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--piper", help="a Piper voice that two programs speak with")
    parser.add_argument("--sherpa", help="where tools/fetch_peer sherpa-onnx put sherpa-onnx")
    options = parser.parse_args()
    found = speakers(options.program)
    with tempfile.TemporaryDirectory() as folder:
        if options.piper and options.sherpa:
            found |= same_graph(options.program, options.piper, options.sherpa, folder)
        report = measure(found, options.runs)
    print_table(report)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
