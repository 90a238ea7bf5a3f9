#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What we count of a call's packets beside what Wireshark's tshark counts of the same ones.

    bench/media/capture_tool.py [--program build/release/bin/syrinx] [--data ../shared/data]

Calls over networks that lose and delay packets; a line each, and exit code 1 where the packets
that are missing are not as many, or the largest jitter (RFC 3550, A.8) is 1 ms apart or more.
"""
import argparse
import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

NETWORKS = {
    "uniform loss, jitter to 20 ms": {"delay_ms": 60, "jitter": {"kind": "uniform", "ms": 20},
                                      "loss": {"kind": "uniform", "percent": 4}},
    "bursts, jitter to 60 ms": {"delay_ms": 90, "jitter": {"kind": "uniform", "ms": 60},
                                "loss": {"kind": "bursts", "percent": 8, "mean_packets": 3}},
    "spikes of 120 ms": {"delay_ms": 40, "loss": {"kind": "uniform", "percent": 1},
                         "jitter": {"kind": "spikes", "spike_percent": 1, "spike_ms": 120}},
}
CODECS = ("pcmu", "g722")
RAW_IP = 101


def pcap_of(rtpdump):
    """The packets of an rtpdump file as UDP over IPv4 in a pcap file."""
    raw = rtpdump.read_bytes()
    at = raw.index(b"\n") + 1 + 16
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP)
    while at + 8 <= len(raw):
        size, rtp_bytes, ms = struct.unpack(">HHI", raw[at:at + 8])
        data = raw[at + 8:at + size]
        at += size
        if rtp_bytes == 0:  # RTCP.
            continue
        udp = struct.pack(">HHHH", 5004, 5004, 8 + len(data), 0) + data
        packet = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x7F000001,
                             0x7F000002) + udp
        out += struct.pack("<IIII", ms // 1000, ms % 1000 * 1000, len(packet), len(packet)) + packet
    return out


def printed(command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"capture_tool.py: {' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def capture(program, data, folder, codec, network):
    sound = str((data / "speech/ljspeech/LJ001-0001.flac").resolve())
    scenario = {"seed": 7, "duration_s": 60, "network": {"to_bob": network}, "parties": [
        {"name": name, "sound": sound, "codec": codec} for name in ("alice", "bob")]}
    (folder / "call.json").write_text(json.dumps(scenario))
    printed([program, "media", "simulate", folder / "call.json", "-o", folder / "heard", "--json"])
    pcap = folder / "bob.pcap"
    pcap.write_bytes(pcap_of(folder / "heard/bob.rtpdump"))
    return pcap


def ours(program, pcap):
    """Packets lost and the largest jitter in ms."""
    found = []

    def search(value):
        if isinstance(value, dict):
            if "max_jitter_ms" in value:
                found.append((value["lost"], value["max_jitter_ms"]))
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                search(one)

    search(json.loads(printed([program, "media", "report", pcap, "--json"])))
    return found[0]


def tsharks(pcap):
    table = printed(["tshark", "-r", pcap, "-d", "udp.port==5004,rtp", "-q", "-z", "rtp,streams"])
    row = next(line for line in table.splitlines() if "0x" in line)
    cells = row.replace("(", " ").replace(")", " ").split()
    at = next(i for i, cell in enumerate(cells) if cell.endswith("%"))
    return int(cells[at - 1]), float(cells[at + 6])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/release/bin/syrinx")
    parser.add_argument("--data", type=Path,
                        default=Path(os.environ.get("SYRINX_DATA", "../shared/data")))
    options = parser.parse_args()
    print(f"{'packets lost; largest jitter':50} {'Syrinx':>16} {'tshark':>16}  bar")
    reached = True
    for codec in CODECS:
        for name, network in NETWORKS.items():
            with tempfile.TemporaryDirectory() as scratch:
                pcap = capture(options.program, options.data, Path(scratch), codec, network)
                own, peer = ours(options.program, pcap), tsharks(pcap)
            same = own[0] == peer[0] and abs(own[1] - peer[1]) < 1.0
            reached = reached and same
            print(f"{codec + ': ' + name:50} {own[0]:>6}; {own[1]:>5.2f} ms {peer[0]:>6}; "
                  f"{peer[1]:>5.2f} ms  equal; within 1 ms{'' if same else '   NOT REACHED'}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
