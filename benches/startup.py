#!/usr/bin/env python3
"""Time what a user waits for on small work: the help, and a corpus of a few texts, beside /bin/true.

  cargo build --release && python3 benches/startup.py [--manifest manifest.yaml] [--runs 15]

The least of all runs, in milliseconds of wall time.
"""
import argparse, subprocess, time

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("--manifest", default="manifest.yaml")
ap.add_argument("--runs", type=int, default=15)
ap.add_argument("--bin", default="target/release/vidimus")
A = ap.parse_args()


def least(command):
    def once():
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - begun

    return min(once() for _ in range(A.runs)) * 1000


for name, command in [
    ("/bin/true", ["/bin/true"]),
    ("--help", [A.bin, "--help"]),
    ("verify", [A.bin, "verify", "--manifest", A.manifest]),
    ("check", [A.bin, "check", "--manifest", A.manifest]),
    ("check, with the report as a page", [A.bin, "check", "--manifest", A.manifest, "--format", "html"]),
]:
    print(f"{name:36} {least(command):6.1f} ms")
